use super::*;

fn codes(tags: &[(&str, &str)]) -> Option<(ActorKind, Vec<String>, Vec<String>)> {
    Rules::builtin().matching(tags).map(|m| (m.kind, m.themes.codes(), m.tags))
}

fn check(tags: &[(&str, &str)], kind: ActorKind, themes: &[&str], kept: &[&str]) {
    let (found, codes, tags) = codes(tags).unwrap_or_else(|| panic!("{tags:?} matches nothing"));
    assert_eq!((found, codes), (kind, themes.iter().map(|&t| t.to_owned()).collect()), "{tags:?}");
    assert_eq!(tags, kept);
}

#[test]
fn the_first_rule_gives_the_kind_and_all_give_themes() {
    check(&[("amenity", "townhall")], ActorKind::PublicBody, &["citizen"], &["amenity=townhall"]);
    check(&[("shop", "greengrocer")], ActorKind::Business, &["food", "economy"], &["shop=greengrocer"]);
    check(&[("shop", "of_a_new_kind")], ActorKind::Business, &["economy"], &["shop=of_a_new_kind"]);
    check(
        &[("organic", "only"), ("shop", "bakery"), ("second_hand", "no")],
        ActorKind::Business,
        &["food", "economy", "environment"],
        &["shop=bakery", "organic=only"],
    );
    check(
        &[("club", "sport"), ("sport", "judo;tennis"), ("office", "association")],
        ActorKind::Association,
        &["citizen", "sport"],
        &["office=association", "club=sport", "sport=judo", "sport=tennis"],
    );
    check(
        &[("office", "company; ngo")],
        ActorKind::Association,
        &["citizen", "economy"],
        &["office=ngo", "office=company"],
    );
    check(
        &[("amenity", "social_facility"), ("social_facility", "food_bank")],
        ActorKind::Association,
        &["food", "citizen"],
        &["social_facility=food_bank", "amenity=social_facility"],
    );
}

#[test]
fn equipment_what_is_no_more_and_what_only_adds_is_no_actor() {
    for tags in [
        &[("amenity", "parking")][..],
        &[("amenity", "charging_station")],
        &[("amenity", "recycling")],
        &[("shop", "vacant")],
        &[("office", "no")],
        &[("disused:shop", "bakery")],
        &[("was:amenity", "school"), ("abandoned:office", "ngo")],
        &[("shop", "bakery"), ("disused", "yes")],
        &[("amenity", "school"), ("abandoned", "yes")],
        &[("sport", "tennis"), ("leisure", "pitch")],
        &[("organic", "yes")],
        &[("shop", "")],
    ] {
        assert_eq!(codes(tags), None, "{tags:?}");
    }
    assert!(codes(&[("amenity", "school"), ("disused", "no")]).is_some());
}

#[test]
fn the_strictest_look_at_names_wins() {
    let names = |tags: &[(&str, &str)]| Rules::builtin().matching(tags).unwrap().names;
    assert_eq!(names(&[("shop", "bakery")]), None);
    assert_eq!(names(&[("office", "company")]), Some(Names::Company), "its own rule, not that of *");
    assert_eq!(names(&[("office", "consulting")]), Some(Names::Office));
    assert_eq!(names(&[("office", "association;lawyer")]), Some(Names::Practice));
    assert_eq!(names(&[("office", "lawyer")]), Some(Names::Practice));
    assert_eq!(names(&[("healthcare", "physiotherapist")]), Some(Names::Practice));
    assert_eq!(names(&[("amenity", "hospital"), ("healthcare", "hospital")]), None);
    assert_eq!(names(&[("craft", "carpenter")]), Some(Names::Office));
}

#[test]
fn a_rule_without_meaning_is_refused_with_its_number() {
    let rule = |rest: &str| format!("[[rule]]\nkey = \"shop\"\n{rest}\n");
    let good = rule("values = [\"a\", \"b\"]\nthemes = [\"food\"]\nkind = \"place\"");
    assert!(Rules::parse(&good).is_ok());
    for (rest, word) in [
        ("values = [\"b\"]\nthemes = [\"none\"]", "no theme"),
        ("values = [\"d\", \"c\"]\nthemes = []", "alphabetical"),
        ("values = [\"d\", \"d\"]\nthemes = []", "alphabetical"),
        ("values = [\"a\"]\nthemes = []", "another rule has \"a\""),
        ("values = []\nthemes = []", "list of values"),
        ("values = [\"*\", \"z\"]\nthemes = []", "list of values"),
        ("values = [\"z\"]\nexcept = [\"y\"]\nthemes = []", "list of values"),
    ] {
        let error = Rules::parse(&(good.clone() + &rule(rest))).unwrap_err().to_string();
        assert!(error.contains("rule 2, shop") && error.contains(word), "{error}");
    }
    for rest in ["values = [\"z\"]\nthemes = []\nkind = \"person\"", "values = [\"z\"]\nthemes = []\ncolour = 1"] {
        assert!(matches!(Rules::parse(&rule(rest)), Err(RulesError::Syntax(_))), "{rest}");
    }
}
