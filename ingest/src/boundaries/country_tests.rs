//! The rules of countries that no real extract covers, each on a small file made by hand: the tags that its
//! mappers use, the ids that must come out, and the levels that are left aside without a word.

use parvis_model::UnitStatus;

use super::tests::{issues, read_osm, unit};
use super::*;
use crate::osm_pbf::testing::Osm;

/// What a relation covers: the west square, the east square, both.
const WEST: &[i64] = &[1, 2];
const EAST: &[i64] = &[2, 3, 4, 5];
const BOTH: &[i64] = &[1, 3, 4, 5];

/// A relation: its ways, `admin_level`, tags, and the id of the unit it becomes; empty for none.
type Row = (&'static [i64], &'static str, &'static [(&'static str, &'static str)], &'static str);

fn check(iso: &str, rows: &[Row]) {
    let mut osm = Osm::default();
    osm.node(1, 2.0, 48.0).node(2, 2.1, 48.0).node(3, 2.2, 48.0);
    osm.node(4, 2.2, 48.1).node(5, 2.1, 48.1).node(6, 2.0, 48.1);
    osm.way(1, &[2, 1, 6, 5], &[]).way(2, &[2, 5], &[]).way(3, &[2, 3], &[]).way(4, &[3, 4], &[]).way(5, &[5, 4], &[]);
    let country = [("ISO3166-1", iso), ("ISO3166-1:alpha2", iso), ("name", iso)];
    osm.relation(1, BOTH, &unit("2", &country));
    for (id, (ways, level, tags, _)) in (2..).zip(rows) {
        osm.relation(id, ways, &unit(level, tags));
    }
    osm.relation(90, WEST, &unit("12", &[("name", "of no level")]));
    let found = read_osm(&osm, iso);
    let mut expected: Vec<String> = rows.iter().map(|r| r.3.to_owned()).filter(|id| !id.is_empty()).collect();
    expected.push(format!("country:{iso}"));
    let mut ids: Vec<&str> = found.units.iter().map(|u| u.id.as_str()).collect();
    expected.sort();
    ids.sort_unstable();
    assert_eq!(ids, expected, "{iso}");
    assert!(found.units.iter().all(|u| u.status == UnitStatus::Complete), "{iso}");
    let unmapped: Vec<&str> = issues(&found, IssueCode::UnmappedLevel).iter().map(|i| i.place.as_str()).collect();
    assert_eq!(unmapped, ["r90"], "{iso}: what its rules leave aside is no surprise, what they do not know is");
    assert_eq!(found.issues.len(), 1, "{iso}: {:?}", found.issues);
}

#[test]
fn belgium_with_brussels_which_has_no_province() {
    check(
        "BE",
        &[
            (WEST, "3", &[("name", "Communauté française")], ""),
            (WEST, "4", &[("ISO3166-2", "BE-WAL"), ("name", "Wallonie")], "region:BE-WAL"),
            (EAST, "4", &[("ISO3166-2", "BE-BRU"), ("ref:INS", "04000"), ("name", "Bruxelles")], "region:BE-BRU"),
            (WEST, "6", &[("ISO3166-2", "BE-WNA"), ("name", "Namur")], "department:BE-WNA"),
            (WEST, "7", &[("ref:INS", "92000"), ("name", "Arrondissement de Namur")], ""),
            (WEST, "8", &[("ref:INS", "92094"), ("name", "Namur")], "municipality:92094"),
            (EAST, "8", &[("ref:INS", "21009"), ("name", "Ixelles - Elsene")], "municipality:21009"),
            (WEST, "9", &[("name", "Jambes")], "neighbourhood:osm-r9"),
        ],
    );
}

#[test]
fn switzerland_with_a_canton_that_has_no_districts() {
    check(
        "CH",
        &[
            (WEST, "4", &[("ISO3166-2", "CH-BE"), ("name", "Bern")], "region:CH-BE"),
            (EAST, "4", &[("ISO3166-2", "CH-UR"), ("name", "Uri")], "region:CH-UR"),
            (WEST, "5", &[("name", "Region Oberland")], ""),
            (WEST, "6", &[("ref:bfs:Bezirksnummer", "246"), ("name", "Bern-Mittelland")], "department:246"),
            (WEST, "8", &[("swisstopo:BFS_NUMMER", "351"), ("name", "Bern")], "municipality:351"),
            (EAST, "8", &[("ref:bfs:Gemeindenummer", "1201"), ("name", "Altdorf")], "municipality:1201"),
            (WEST, "10", &[("name", "Innere Stadt")], "neighbourhood:osm-r8"),
        ],
    );
}

#[test]
fn germany_with_an_association_of_municipalities() {
    check(
        "DE",
        &[
            (BOTH, "4", &[("ISO3166-2", "DE-RP"), ("name", "Rheinland-Pfalz")], "region:DE-RP"),
            (WEST, "5", &[("name", "Regierungsbezirk")], ""),
            (BOTH, "6", &[("de:amtlicher_gemeindeschluessel", "07131"), ("name", "Ahrweiler")], "department:07131"),
            (WEST, "7", &[("de:regionalschluessel", "071315001"), ("name", "VG Adenau")], "intercommunality:071315001"),
            (
                WEST,
                "8",
                &[("de:amtlicher_gemeindeschluessel", "07131001"), ("name", "Adenau")],
                "municipality:07131001",
            ),
            (
                EAST,
                "8",
                &[("de:regionalschluessel", "071310007007"), ("name", "Neuenahr")],
                "municipality:071310007007",
            ),
            (EAST, "9", &[("name", "Ahrweiler")], "neighbourhood:osm-r8"),
        ],
    );
}

#[test]
fn spain_with_a_comarca() {
    check(
        "ES",
        &[
            (BOTH, "4", &[("ISO3166-2", "ES-CT"), ("name", "Catalunya")], "region:ES-CT"),
            (BOTH, "6", &[("ISO3166-2", "ES-GI"), ("ref:ine", "17"), ("name", "Girona")], "department:ES-GI"),
            (WEST, "7", &[("ref", "02"), ("name", "Alt Empordà")], "intercommunality:02"),
            (WEST, "8", &[("ref:ine", "17066"), ("name", "Figueres")], "municipality:17066"),
            (EAST, "8", &[("ine:municipio", "17032"), ("name", "Cadaqués")], "municipality:17032"),
            (WEST, "9", &[("ref:ine", "17066000100"), ("name", "Centre")], "neighbourhood:17066000100"),
        ],
    );
}

#[test]
fn italy_with_a_region_and_a_province() {
    check(
        "IT",
        &[
            (BOTH, "4", &[("ISO3166-2", "IT-45"), ("ref:ISTAT", "08"), ("name", "Emilia-Romagna")], "region:IT-45"),
            (BOTH, "6", &[("ISO3166-2", "IT-BO"), ("ref:ISTAT", "037"), ("name", "Bologna")], "department:IT-BO"),
            (WEST, "7", &[("name", "Circondario imolese")], ""),
            (WEST, "8", &[("ref:ISTAT", "037006"), ("name", "Bologna")], "municipality:037006"),
            (EAST, "8", &[("ref:ISTAT", "037032"), ("name", "Imola")], "municipality:037032"),
            (WEST, "9", &[("name", "Navile")], "neighbourhood:osm-r7"),
        ],
    );
}

#[test]
fn ivory_coast_whose_levels_are_one_higher() {
    check(
        "CI",
        &[
            (BOTH, "4", &[("ISO3166-2", "CI-AB"), ("name", "Abidjan")], "region:CI-AB"),
            (BOTH, "5", &[("ref", "A1"), ("name", "Lagunes")], "department:A1"),
            (WEST, "6", &[("ref", "A101"), ("name", "Département d'Abidjan")], "intercommunality:A101"),
            (WEST, "7", &[("name", "Sous-préfecture")], ""),
            (WEST, "8", &[("ref", "C1"), ("name", "Cocody")], "municipality:C1"),
            (EAST, "8", &[("ref", "C2"), ("name", "Plateau")], "municipality:C2"),
            (WEST, "10", &[("name", "Angré")], "neighbourhood:osm-r8"),
        ],
    );
}

#[test]
fn liechtenstein_which_has_no_regions() {
    check(
        "LI",
        &[
            (WEST, "6", &[("ref", "O"), ("name", "Oberland")], "department:O"),
            (EAST, "6", &[("ref", "U"), ("name", "Unterland")], "department:U"),
            (WEST, "8", &[("ISO3166-2", "LI-11"), ("name", "Vaduz")], "municipality:LI-11"),
            (EAST, "8", &[("ISO3166-2", "LI-07"), ("name", "Schaan")], "municipality:LI-07"),
            (EAST, "4", &[("name", "no such level")], ""),
        ],
    );
}
