use super::*;

/// Names made up for the shapes they have; columns: company, office, practice.
const NAMES: &[(&str, [bool; 3])] = &[
    ("Maître Rey", [true, true, true]),
    ("Me. Anna Rossi, Notaire", [true, true, true]),
    ("Dr. med. Müller", [false, true, true]),
    ("Docteur Durand", [true, true, true]),
    ("Cabinet du Dr A. Durand", [true, true, true]),
    ("Dott.ssa Rossi", [true, true, true]),
    ("Mme Durand", [true, true, true]),
    ("Herr Weber", [true, true, true]),
    ("Anna Rossi", [true, true, true]),
    ("ROSSI Anna", [true, true, true]),
    ("ANNA ROSSI", [true, true, true]),
    ("Jean-Paul Durand", [true, true, true]),
    ("Maria del Mar Puig i Font", [true, true, true]),
    ("João da Silva", [true, true, true]),
    ("Anna Rossi & Paul Durand", [true, true, true]),
    ("A. Rossi", [true, true, true]),
    ("Menuiserie Jean Rossi", [false, true, true]),
    ("Cabinet J. Rossi", [false, true, true]),
    ("Étude notariale Rossi Anna", [false, true, true]),
    ("Rossi Durand", [false, true, true]),
    ("Rossi & Durand", [false, true, true]),
    ("Notaire Rossi", [false, true, true]),
    ("Cabinet dentaire", [false, false, false]),
    ("Dentiste", [false, false, false]),
    ("Cabinet d'architecte Rossi", [false, false, false]),
    ("van der Meulen", [false, false, true]),
    ("Rossi", [false, false, true]),
    ("Cabinet Rossi", [false, false, false]),
    ("Rossi & Associés", [false, false, false]),
    ("Rossi Avocats", [false, false, false]),
    ("Clinique Saint-Jean", [false, false, false]),
    ("Clinique Saint Jean Baptiste", [false, false, false]),
    ("Centre Princesse Grace Kelly", [false, false, false]),
    ("Advocats i Economistes", [false, false, false]),
    ("Art et lumière", [false, false, false]),
    ("BTP Rossi", [false, false, false]),
    ("Studio 21", [false, false, false]),
    ("Les Opalines", [false, false, false]),
    ("The Dental Practice", [false, false, false]),
];

#[test]
fn names_of_persons_are_told_from_those_of_organisations() {
    for (name, expected) in NAMES {
        let found = [Names::Company, Names::Office, Names::Practice].map(|names| reads_as_person(name, names));
        assert_eq!(found, *expected, "{name} {:?}", words(name));
    }
}

#[test]
fn what_is_stricter_leaves_out_no_less() {
    assert!(Names::Company < Names::Office && Names::Office < Names::Practice);
    for (name, [company, office, practice]) in NAMES {
        assert!(company <= office && office <= practice, "{name}");
    }
}

#[test]
fn the_lists_are_sorted_folded_and_apart() {
    let Lists { titles, honours, professions, particles, given, organisation } = lists();
    let mut all = Vec::new();
    for list in [titles, honours, professions, particles, given, organisation] {
        assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        assert!(list.iter().all(|word| fold(word) == *word && !word.contains(' ')));
        all.extend(list);
    }
    all.sort();
    let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
