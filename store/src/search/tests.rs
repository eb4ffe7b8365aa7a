use parvis_model::fold;

use super::*;

fn index(names: &[(Target, &str)]) -> SearchIndex {
    SearchIndex::from_names(&names.iter().map(|(t, n)| (*t, fold(n))).collect::<Vec<_>>())
}

fn find(index: &SearchIndex, text: &str, limit: usize, types: &[HitKind]) -> Vec<Target> {
    index.find(text, limit, types).best(limit).collect()
}

#[test]
fn whole_names_come_before_beginnings_and_these_before_words() {
    let index = index(&[
        (Target::Unit(1), "Saint-Denis-d'Anjou"),
        (Target::Unit(2), "Saint-Denis"),
        (Target::Unit(3), "La Plaine Saint-Denis"),
        (Target::Actor(4), "Mairie - Saint-Denis"),
    ]);
    let found = find(&index, "saint denis", 10, &[]);
    assert_eq!(found, [Target::Unit(2), Target::Unit(1), Target::Unit(3), Target::Actor(4)]);
    assert_eq!(find(&index, "Saint-Dén", 2, &[]), [Target::Unit(1), Target::Unit(2)]);
    assert_eq!(find(&index, "saint", 10, &[HitKind::Actor]), [Target::Actor(4)]);
}

#[test]
fn words_in_another_order_and_not_side_by_side_are_found() {
    let index = index(&[(Target::Unit(1), "Sainte-Marie-aux-Mines"), (Target::Unit(2), "Sainte-Marie")]);
    assert_eq!(find(&index, "mines sainte", 10, &[]), [Target::Unit(1)]);
    assert_eq!(find(&index, "mines x", 10, &[]), []);
}

#[test]
fn small_typing_errors_are_forgiven_after_what_was_meant_as_written() {
    let index = index(&[
        (Target::Unit(1), "Saint-Denis"),
        (Target::Unit(2), "Saint-Denis-en-Val"),
        (Target::Unit(3), "Santenis"),
        (Target::Actor(4), "Médiathèque du Port"),
        (Target::Actor(5), "Mairie"),
        (Target::Postcode(6), "97400"),
    ]);
    assert_eq!(find(&index, "sant denis", 10, &[]), [Target::Unit(1), Target::Unit(2)]);
    assert_eq!(find(&index, "saint deni", 1, &[]), [Target::Unit(1)]);
    assert_eq!(find(&index, "sait denis", 1, &[]), [Target::Unit(1)]);
    assert_eq!(find(&index, "siant denis", 1, &[]), [Target::Unit(1)], "letters that changed places are one error");
    assert_eq!(find(&index, "santen", 10, &[]), [Target::Unit(3)], "as written, and a beginning");
    assert_eq!(find(&index, "mediateque", 10, &[]), [Target::Actor(4)]);
    assert_eq!(find(&index, "mdiateque", 10, &[]), [Target::Actor(4)], "two from eight letters on");
    assert_eq!(find(&index, "marie", 10, &[]), [Target::Actor(5)]);
    for nothing in ["mri", "97401", "xxxx denis", "sant xenia"] {
        assert_eq!(find(&index, nothing, 10, &[]), [], "{nothing}");
    }
}

#[test]
fn every_kind_has_its_own_best() {
    let mut names: Vec<(Target, String)> = (0..50).map(|n| (Target::Unit(n), format!("saint {n}"))).collect();
    names.extend((0..50).map(|n| (Target::Actor(n), format!("ecole saint {n}"))));
    names.push((Target::Event(7), "fete de la saint jean".to_owned()));
    let index = SearchIndex::from_names(&names);
    let found = index.find("saint", 3, &[]);
    assert_eq!(
        found.by_kind(),
        [
            (HitKind::Unit, vec![Target::Unit(0), Target::Unit(1), Target::Unit(2)]),
            (HitKind::Actor, vec![Target::Actor(0), Target::Actor(1), Target::Actor(2)]),
            (HitKind::Event, vec![Target::Event(7)]),
        ]
    );
    assert_eq!(found.best(3).collect::<Vec<_>>(), [Target::Unit(0), Target::Unit(1), Target::Unit(2)]);
}

#[test]
fn each_is_found_once_and_nothing_for_nothing() {
    let index = index(&[(Target::Unit(1), "Bora-Bora"), (Target::Unit(1), "Bora Bora (fr)")]);
    assert_eq!(find(&index, "bora", 10, &[]), [Target::Unit(1)]);
    for nothing in ["", "  ", "---", "zzz", "\u{10ffff}"] {
        assert_eq!(find(&index, nothing, 10, &[]), [], "{nothing:?}");
    }
    assert_eq!(find(&index, "bora", 0, &[]), []);
}

/// What a search must find, by looking at every name: the best of each kind, those of a kind in their order.
fn plain(names: &[(Target, String)], wanted: &str, limit: usize) -> Vec<(u8, usize, Target)> {
    let has = |name: &str, word: &str| name.split(' ').any(|other| other.starts_with(word));
    let grade = |name: &str| match name {
        name if name == wanted => Some(0),
        name if name.starts_with(wanted) => Some(1),
        name if wanted.split(' ').all(|word| has(name, word)) => Some(2),
        _ => None,
    };
    let graded = names.iter().enumerate().filter_map(|(at, (target, name))| Some((grade(name)?, at, *target)));
    let mut found: Vec<(u8, usize, Target)> = graded.collect();
    found.sort_unstable();
    let mut counts = std::collections::HashMap::new();
    found.retain(|(_, _, target)| {
        let count = counts.entry(target.kind()).or_insert(0);
        *count += 1;
        *count <= limit
    });
    found
}

proptest::proptest! {
    /// Words of less than four letters: none is mistyped.
    #[test]
    fn what_is_found_is_what_looking_at_every_name_finds(
        words in proptest::collection::vec(proptest::collection::vec("[ab]{1,3}", 1..4), 1..120),
        wanted in proptest::collection::vec("[ab]{1,3}", 1..3),
        limit in 1usize..6,
    ) {
        let third = words.len() / 3 + 1;
        let target = |at: usize| match at / third {
            0 => Target::Unit(at as u32),
            1 => Target::Actor(at as u32),
            _ => Target::Event(at as u32),
        };
        let names: Vec<(Target, String)> = words.iter().enumerate().map(|(at, words)| (target(at), words.join(" "))).collect();
        let wanted = wanted.join(" ");
        let found = SearchIndex::from_names(&names).find(&wanted, limit, &[]);
        let expected = plain(&names, &wanted, limit);
        proptest::prop_assert_eq!(
            found.best(usize::MAX).collect::<Vec<_>>(),
            expected.into_iter().map(|(_, _, target)| target).collect::<Vec<_>>()
        );
    }
}
