use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parvis_model::{ActorKind, AdminLevel, Silent};

use super::*;
use crate::config::{Territory, tests::territory};
use crate::osm_pbf::testing::{Osm, save};
use crate::{Ingested, ingest};

/// Reads a territory of one PBF, with these options.
fn ingested(path: &Path, countries: &str, options: &str) -> Ingested {
    let source = format!(
        "[[source]]\nid = \"osm\"\nreader = \"osm-pbf\"\npath = {:?}\nproducer = \"OpenStreetMap contributors\"\n\
         licence = \"ODbL-1.0\"\n{options}",
        path.canonicalize().unwrap().display().to_string()
    );
    let text = territory(&source).replace("[\"FR\"]", countries);
    let territory = Territory::parse(&text, Path::new("t.toml")).unwrap();
    let out = ingest(&territory, Path::new("."), &Silent).unwrap();
    for report in &out.report.sources {
        assert_eq!(report.read, report.accepted + report.rejected_total(), "{report:?}");
    }
    out
}

fn of_actors(out: &Ingested) -> &SourceReport {
    out.report.sources.iter().find(|r| r.reader == "osm-pbf actors").unwrap()
}

fn alone(osm: &Osm) -> Ingested {
    let folder = tempfile::tempdir().unwrap();
    ingested(&osm.save(&folder), "[\"FR\"]", "boundaries = false\nactors = true\n")
}

fn actor<'o>(out: &'o Ingested, key: &str) -> &'o Actor {
    let id = format!("actor:osm:{key}");
    out.actors.iter().find(|a| a.id.as_str() == id).unwrap_or_else(|| panic!("no {id} in {:?}", keys(out)))
}

fn keys(out: &Ingested) -> Vec<&str> {
    out.actors.iter().map(|a| a.id.as_str().trim_start_matches("actor:osm:")).collect()
}

fn rejected(out: &Ingested) -> Vec<(&str, &str)> {
    out.report.issues.iter().map(|i| (i.place.as_str(), i.code.name())).collect()
}

/// A node with all that is read, a school building, a hospital in two ways with a courtyard, a café on a line.
fn village() -> Osm {
    let mut osm = Osm { per_block: 4, ..Osm::default() };
    osm.poi(
        1,
        2.5,
        46.5,
        &[
            ("name", " Mairie  de Parvis "),
            ("amenity", "townhall"),
            ("phone", "04 74 24 03 08;+33 4 74 24 03 09"),
            ("contact:email", "mairie@parvis.example.org"),
            ("website", "https://parvis.example.org/"),
            ("addr:housenumber", "1"),
            ("addr:street", "Place du Parvis"),
            ("addr:postcode", "01500"),
            ("description", "Tous les\r\njours."),
        ],
    );
    osm.poi(2, 2.51, 46.5, &[("amenity", "cafe")]).poi(3, 2.51, 46.5, &[("name", "Sans rien")]).node(4, 2.6, 46.6);
    // An L: its bounding box's middle is outside.
    for (id, x, y) in [(11, 0, 0), (12, 4, 0), (13, 4, 1), (14, 1, 1), (15, 1, 4), (16, 0, 4)] {
        osm.node(id, 2.7 + f64::from(x) / 1e3, 46.7 + f64::from(y) / 1e3);
    }
    osm.way(1, &[11, 12, 13, 14, 15, 16, 11], &[("amenity", "school"), ("name", "École des Tilleuls")]);
    // A square in two ways, a square hole in one.
    for (id, x, y) in [(21, 0, 0), (22, 9, 0), (23, 9, 9), (24, 0, 9), (25, 1, 1), (26, 8, 1), (27, 8, 8), (28, 1, 8)] {
        osm.node(id, 2.8 + f64::from(x) / 1e3, 46.8 + f64::from(y) / 1e3);
    }
    osm.way(2, &[21, 22, 23], &[]).way(3, &[21, 24, 23], &[("building", "yes")]).way(4, &[25, 26, 27, 28, 25], &[]);
    osm.way(5, &[11, 12, 13], &[("amenity", "cafe"), ("name", "Café du Fil")]);
    osm.relation(
        7,
        &[2, 4, 3],
        &[("type", "multipolygon"), ("amenity", "hospital"), ("name", "Hôpital"), ("organic", "yes")],
    );
    osm
}

#[test]
fn nodes_ways_and_relations_become_actors_with_a_point_inside() {
    let out = alone(&village());
    assert_eq!(keys(&out), ["n1", "w1", "w5", "r7"]);
    assert_eq!(rejected(&out), []);
    let hall = actor(&out, "n1");
    assert_eq!(
        (hall.name.as_str(), hall.kind, hall.licence.as_str()),
        ("Mairie de Parvis", ActorKind::PublicBody, "ODbL-1.0")
    );
    assert_eq!(hall.description.as_deref(), Some("Tous les\njours."));
    assert_eq!(hall.telephone.as_deref(), Some("+33474240308"));
    assert_eq!(hall.email.as_deref(), Some("mairie@parvis.example.org"));
    assert_eq!(hall.url.as_deref(), Some("https://parvis.example.org/"));
    assert_eq!(hall.address.as_deref(), Some("1 Place du Parvis"));
    assert_eq!((hall.postcode.as_deref(), hall.updated), (Some("01500"), None));
    assert_eq!(hall.location, LonLat::new(2.5, 46.5));
    let offset = |key: &str, lon: f64, lat: f64| {
        let at = actor(&out, key).location.unwrap();
        ((at.lon() - lon) * 1e3, (at.lat() - lat) * 1e3)
    };
    let (x, y) = offset("w1", 2.7, 46.7);
    assert!(x > 0.0 && y > 0.0 && (x < 1.0 || y < 1.0) && x < 4.0 && y < 4.0, "in the L: {x}, {y}");
    let (x, y) = offset("r7", 2.8, 46.8);
    assert!(x > 0.0 && x < 9.0 && y > 0.0 && y < 9.0, "in the square: {x}, {y}");
    assert!(!(x > 1.0 && x < 8.0 && y > 1.0 && y < 8.0), "not in its hole: {x}, {y}");
    assert_eq!(actor(&out, "r7").themes.codes(), ["health", "environment"]);
    assert_eq!(actor(&out, "w5").location, LonLat::new(2.704, 46.7), "a line's middle node");
}

#[test]
fn an_unsorted_file_gives_the_same() {
    let sorted = alone(&village());
    let mut osm = village();
    osm.sorted = false;
    osm.nodes.reverse();
    osm.ways.reverse();
    let mut frames = osm.frames();
    frames[1..].reverse();
    let folder = tempfile::tempdir().unwrap();
    let path = save(&folder, &frames.concat());
    let out = ingested(&path, "[\"FR\"]", "boundaries = false\nactors = true\n");
    assert_eq!(out.actors, sorted.actors);
}

#[test]
fn without_the_option_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut osm = village();
    osm.relation(9, &[1], &[("type", "boundary"), ("boundary", "administrative"), ("admin_level", "8")]);
    let path = osm.save(&folder);
    let out = ingested(&path, "[\"FR\"]", "");
    assert!(out.actors.is_empty() && out.report.sources.len() == 1);
    let both = ingested(&path, "[\"FR\"]", "actors = true\n");
    assert_eq!(both.units, out.units);
    assert_eq!(both.report.sources[0], out.report.sources[0], "boundaries keep their own account");
    let account = of_actors(&both);
    assert_eq!((account.read, account.not_selected), (1, 3), "the school alone lies in the unit");
}

#[test]
fn offices_named_as_a_person_are_counted_without_their_name() {
    let mut osm = Osm::default();
    let office = |name| [("name", name), ("office", "lawyer")];
    osm.poi(1, 2.0, 46.0, &office("Maître Rossi")).poi(2, 2.1, 46.0, &office("Rossi & Associés"));
    osm.poi(3, 2.2, 46.0, &[("name", "Anna Rossi"), ("healthcare", "physiotherapist")]);
    osm.poi(4, 2.3, 46.0, &[("name", "Anna Rossi"), ("shop", "bakery")]);
    osm.poi(5, 2.4, 46.0, &[("name", "Anna Rossi"), ("shop", "hairdresser"), ("brand", "Anna Rossi")]);
    osm.poi(6, 2.5, 46.0, &[("name", "Anna Rossi"), ("shop", "hairdresser")]);
    let out = alone(&osm);
    assert_eq!(keys(&out), ["n2", "n4", "n5"], "a baker's shop is no person, nor is a brand");
    assert_eq!(rejected(&out), [("n1", "private"), ("n3", "private"), ("n6", "private")]);
    assert!(out.report.issues.iter().all(|i| !i.detail.contains("Rossi")), "{:?}", out.report.issues);
    assert_eq!(of_actors(&out).read, 6);
}

#[test]
fn what_the_extract_cuts_is_placed_by_what_is_left() {
    let mut osm = Osm::default();
    osm.node(1, 2.0, 46.0).node(2, 2.1, 46.0).node(3, 2.1, 46.1);
    let school = [("amenity", "school"), ("name", "École")];
    osm.way(1, &[1, 2, 3, 99, 1], &school).way(2, &[98, 99], &school).way(3, &[1, 2, 3], &[]);
    let area = |kind| [("type", kind), ("amenity", "school"), ("name", "École")];
    osm.relation(1, &[3, 97], &area("multipolygon")).relation(2, &[97], &area("multipolygon"));
    osm.relation(3, &[], &area("multipolygon")).relation(4, &[3], &area("site"));
    let out = alone(&osm);
    assert_eq!(keys(&out), ["w1", "r1"]);
    assert_eq!(
        actor(&out, "w1").location,
        LonLat::new(2.1, 46.1),
        "no ring: the middle one of the nodes that are there"
    );
    let found = rejected(&out);
    assert_eq!(found, [("w2", "missing-node"), ("r2", "missing-way"), ("r3", "no-geometry"), ("r4", "no-geometry")]);
}

#[test]
fn one_of_two_twins_stays() {
    let mut osm = Osm::default();
    let school = |name| [("amenity", "school"), ("name", name)];
    osm.poi(1, 2.0, 46.0, &school("École du Parvis")).poi(2, 2.000_6, 46.0, &school("ecole du parvis"));
    osm.poi(3, 2.000_7, 46.0, &school("École du Parvis")).poi(4, 2.000_1, 46.0, &school("Autre école"));
    osm.poi(5, 2.0, 46.0, &[("amenity", "college"), ("name", "École du Parvis")]);
    let out = alone(&osm);
    assert_eq!(keys(&out), ["n1", "n3", "n4", "n5"], "54 metres are not near; another tag is another actor");
    assert_eq!(out.report.issues[0].detail, "n1 has the same name, kind and tag within 50 m");
}

#[test]
fn a_bad_cell_never_costs_the_actor_and_is_not_repeated() {
    let mut osm = Osm::default();
    let tags = [("name", "X"), ("shop", "tea"), ("phone", "06 or 07"), ("email", "anna.rossi@gmail.com"), ("url", "x")];
    osm.poi(1, 2.0, 46.0, &tags);
    let out = alone(&osm);
    let x = actor(&out, "n1");
    assert_eq!((&x.telephone, &x.email, &x.url), (&None, &None, &None));
    let details: Vec<&str> = out.report.issues.iter().map(|i| i.detail.as_str()).collect();
    assert_eq!(details, ["\"x\"", "email: unreadable, or maybe a person's", "phone"]);
}

/// A file of the shared test data; `None`, and a line that says so, where it is not.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/osm")).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

/// Actors by kind and by theme.
fn counts(out: &Ingested) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for actor in &out.actors {
        let themes = actor.themes.codes();
        for word in std::iter::once(actor.kind.name()).chain(themes.iter().map(String::as_str)) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Reads an extract with boundaries and actors, and prints the names under tags that persons may bear: to be read by eye.
fn extract(name: &str, country: &str) -> Option<Ingested> {
    let out = ingested(&shared(name)?, &format!("[{country:?}]"), "actors = true\n");
    println!("{:?}\n{:?}", of_actors(&out), counts(&out));
    let asked = |tag: &String| {
        let pair = tag.split_once('=').unwrap();
        Rules::builtin().matching(&[pair]).is_some_and(|m| m.names.is_some())
    };
    for actor in out.actors.iter().filter(|a| a.tags.iter().any(asked)) {
        println!("{} | {} | {}", actor.id, actor.tags.join(" "), actor.name);
    }
    assert!(out.actors.iter().all(|a| a.licence == "ODbL-1.0" && !a.themes.is_empty() && a.updated.is_some()));
    assert!(out.actors.iter().all(|a| a.ancestors.get(AdminLevel::Country).is_some_and(|c| c.code() == country)));
    Some(out)
}

fn assert_counts(out: &Ingested, expected: &[(&str, usize)]) {
    let found = counts(out);
    let found: Vec<(&str, usize)> = found.iter().map(|(word, count)| (word.as_str(), *count)).collect();
    assert_eq!(found, expected);
}

fn of_code<'o>(out: &'o Ingested, code: &str) -> Vec<&'o str> {
    let of_code = out.report.issues.iter().filter(|i| i.code.name() == code);
    of_code.map(|i| i.place.as_str()).collect()
}

// The counts before rejections agree with those of `osmium tags-filter` and a script: docs/ACTORS.md.

#[test]
fn monaco() {
    let Some(out) = extract("monaco-2025.osm.pbf", "MC") else { return };
    let account = of_actors(&out);
    assert_eq!((account.read, account.accepted, account.not_selected), (573, 563, 15));
    assert_counts(
        &out,
        &[
            ("association", 5),
            ("business", 423),
            ("citizen", 55),
            ("culture", 55),
            ("economy", 226),
            ("education", 19),
            ("energy", 4),
            ("environment", 23),
            ("food", 203),
            ("health", 22),
            ("numeric", 4),
            ("place", 80),
            ("public_body", 55),
            ("sport", 22),
            ("transport", 46),
            ("waste", 5),
        ],
    );
    // A pharmacy, a dentist, an estate agent, a caterer: all four named as a person.
    assert_eq!(of_code(&out, "private"), ["n1872534072", "n7839536626", "n7926333301", "n8485736229"]);
    let hall = actor(&out, "n280487439");
    assert_eq!((hall.name.as_str(), hall.kind), ("Mairie de Monaco", ActorKind::PublicBody));
    assert_eq!(hall.address.as_deref(), Some("Place de la mairie"));
    assert!(hall.ancestors.get(AdminLevel::Municipality).is_some());
    let school = actor(&out, "w176131190");
    assert_eq!((school.name.as_str(), school.themes.codes()), ("École de Fontvieille", vec!["education".to_owned()]));
    assert_eq!(actor(&out, "w94400143").kind, ActorKind::Association, "the Red Cross");
    assert_eq!(actor(&out, "n1867162684").name, "École de la Condamine");
}

#[test]
fn andorra() {
    let Some(out) = extract("andorra-2025.osm.pbf", "AD") else { return };
    let account = of_actors(&out);
    assert_eq!((account.read, account.accepted, account.not_selected), (1_083, 1_062, 3));
    assert_counts(
        &out,
        &[
            ("association", 6),
            ("business", 833),
            ("citizen", 98),
            ("culture", 221),
            ("economy", 461),
            ("education", 26),
            ("energy", 39),
            ("environment", 28),
            ("food", 369),
            ("health", 42),
            ("numeric", 10),
            ("place", 151),
            ("public_body", 72),
            ("sport", 74),
            ("transport", 81),
            ("waste", 5),
        ],
    );
    let private = of_code(&out, "private");
    assert!(["n5734220247", "n6564773288"].iter().all(|id| private.contains(id)), "a pharmacist, an osteopath");
    let hospital = actor(&out, "w194554955");
    assert_eq!((hospital.kind, hospital.themes.codes()), (ActorKind::PublicBody, vec!["health".to_owned()]));
}

#[test]
fn luxembourg_whose_extract_has_boundaries_alone() {
    let Some(out) = extract("luxembourg-2018-boundaries.osm.pbf", "LU") else { return };
    assert_eq!((out.actors.len(), of_actors(&out).read), (0, 0));
}
