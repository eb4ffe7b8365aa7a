use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use geo::{Area, Contains, Validation};
use geo_types::{MultiPolygon, Point};
use parvis_model::{Silent, UnitStatus};
use proptest::prelude::*;

use super::*;
use crate::osm_pbf::testing::{Osm, save};

fn source() -> Source {
    Source {
        id: "osm".into(),
        reader: "osm-pbf".into(),
        producer: "OpenStreetMap contributors".into(),
        licence: "ODbL-1.0".into(),
        url: None,
        date: None,
        valid_at: None,
        example: false,
    }
}

fn read_file(path: &Path, iso: &str) -> Result<Boundaries, ReadError> {
    read(path, &source(), Options { rules: &[CountryRules::builtin(iso)], ..Options::default() }, &Silent)
}

pub(super) fn read_osm(osm: &Osm, iso: &str) -> Boundaries {
    let folder = tempfile::tempdir().unwrap();
    read_file(&osm.save(&folder), iso).unwrap()
}

/// A file of the shared test data; `None`, and a line that says so, where it is not.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

fn of_status(boundaries: &Boundaries, level: AdminLevel, status: UnitStatus) -> usize {
    boundaries.units.iter().filter(|u| u.level == level && u.status == status).count()
}

pub(super) fn issues(boundaries: &Boundaries, code: IssueCode) -> Vec<&Issue> {
    boundaries.issues.iter().filter(|i| i.code == code).collect()
}

const ADMIN: [(&str, &str); 2] = [("type", "boundary"), ("boundary", "administrative")];

pub(super) fn unit<'t>(level: &'t str, rest: &[(&'t str, &'t str)]) -> Vec<(&'t str, &'t str)> {
    [&ADMIN[..], &[("admin_level", level)], rest].concat()
}

/// Two communes side by side in one department, and a third of which only the shared border is there.
fn two_communes() -> Osm {
    let mut osm = Osm::default();
    for (id, lon, lat) in
        [(1, 2.0, 48.0), (2, 2.1, 48.0), (3, 2.2, 48.0), (4, 2.2, 48.1), (5, 2.1, 48.1), (6, 2.0, 48.1)]
    {
        osm.node(id, lon, lat);
    }
    osm.way(1, &[2, 1, 6, 5], &[]).way(2, &[2, 5], &[]).way(3, &[2, 3], &[]).way(4, &[3, 4], &[]);
    osm.way(5, &[5, 4], &[("maritime", "yes")]);
    osm.relation(1, &[1, 2], &unit("8", &[("ref:INSEE", "01001"), ("name", "West")]));
    osm.relation(2, &[5, 4, 3, 2], &unit("8", &[("ref:INSEE", "01002"), ("name", "East")]));
    osm.relation(3, &[1, 3, 4, 5], &unit("6", &[("ref:INSEE", "01"), ("name", "Both")]));
    osm.relation(4, &[4, 77], &unit("8", &[("ref:INSEE", "01003"), ("name", "Beyond")]));
    osm.relation(5, &[1, 2], &unit("8", &[("ref:INSEE", "01001"), ("name", "West again")]));
    osm.relation(6, &[1, 2], &unit("12", &[("name", "Street")]));
    osm
}

#[test]
fn a_file_becomes_units_lines_and_a_report() {
    let found = read_osm(&two_communes(), "FR");
    let ids: Vec<_> = found.units.iter().map(|u| u.id.as_str()).collect();
    let municipalities =
        ["municipality:01001", "municipality:01001:osm-r5", "municipality:01002", "municipality:01003"];
    assert_eq!(ids, [&["department:01"][..], &municipalities].concat());
    let west = &found.units[1];
    assert_eq!((west.name.as_str(), west.status), ("West", UnitStatus::Complete));
    assert!(west.geometry.as_ref().unwrap().contains(&west.label.unwrap().point()));
    assert!((west.area_km2.unwrap() - 82.9).abs() < 0.2, "{:?}", west.area_km2);
    let department = found.units[0].area_km2.unwrap();
    assert!((department - west.area_km2.unwrap() - found.units[3].area_km2.unwrap()).abs() < 1e-6);

    let beyond = &found.units[4];
    assert_eq!((beyond.status, beyond.geometry.is_none(), beyond.label), (UnitStatus::Incomplete, true, None));
    assert!(issues(&found, IssueCode::MissingWay)[0].detail.contains("1 of 2 ways are not in the file: 77"));
    assert!(issues(&found, IssueCode::OpenRing)[0].detail.contains(" m"));
    assert_eq!(issues(&found, IssueCode::DuplicateCode)[0].place, "r5");
    assert_eq!(issues(&found, IssueCode::UnmappedLevel)[0].place, "r6");

    assert_eq!((found.report.read, found.report.accepted, found.report.rejected_total()), (6, 5, 1));
    assert_eq!(found.topology.shapes.len(), 4);
    let levels: Vec<_> = found.topology.lines.iter().map(|l| l.level).collect();
    assert_eq!(levels.iter().filter(|l| **l == AdminLevel::Municipality).count(), 1, "{levels:?}");
    assert!(found.topology.lines.iter().any(|l| found.topology.arcs[l.arc as usize].maritime));
}

#[test]
fn the_same_file_gives_the_same_answer_in_any_order_of_members() {
    let mut shuffled = two_communes();
    for relation in &mut shuffled.relations {
        relation.1.reverse();
    }
    for way in &mut shuffled.ways {
        way.1.reverse();
    }
    let (a, b) = (read_osm(&two_communes(), "FR"), read_osm(&shuffled, "FR"));
    assert_eq!(a.units.len(), b.units.len());
    for (a, b) in a.units.iter().zip(&b.units) {
        assert_eq!((&a.id, a.status), (&b.id, b.status));
        assert_eq!(a.area_km2.map(|v| (v * 1e6).round()), b.area_km2.map(|v| (v * 1e6).round()));
    }
}

#[test]
fn neighbours_of_a_whole_country_are_foreign_and_units_inside_it_are_not() {
    let mut osm = two_communes();
    osm.node(7, 2.15, 48.1).node(8, 2.15, 48.05);
    osm.way(6, &[7, 8], &[]);
    osm.relations.retain(|r| r.0 < 4);
    osm.relation(10, &[1, 3, 4, 5], &unit("2", &[("ISO3166-1", "FR"), ("name", "France")]));
    osm.relation(11, &[4, 77], &unit("8", &[("ref:INSEE", "99001"), ("name", "Abroad")]));
    osm.relation(12, &[6, 78], &unit("8", &[("ref:INSEE", "01009"), ("name", "At home")]));
    osm.relation(13, &[4, 79], &unit("2", &[("ISO3166-1", "DE"), ("name", "Deutschland")]));
    let found = read_osm(&osm, "FR");
    let foreign: Vec<_> = issues(&found, IssueCode::ForeignUnit).iter().map(|i| i.place.as_str()).collect();
    assert_eq!(foreign, ["r11", "r13"]);
    assert!(found.units.iter().any(|u| u.id.as_str() == "municipality:01009" && u.status == UnitStatus::Incomplete));
    assert_eq!(found.report.rejected["foreign-unit"], 2);
    assert_eq!(issues(&found, IssueCode::MissingWay).len(), 1, "nothing is said about others' units");
}

#[test]
fn another_file_completes_what_relations_lack() {
    let mut part = two_communes();
    part.relations.retain(|r| r.0 <= 3);
    part.ways.retain(|w| w.0 != 3);
    part.nodes.retain(|n| n.0 != 6);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (path, whole) = (part.save(&folders[0]), two_communes().save(&folders[1]));
    let read = |complete_from| {
        let rules = [CountryRules::builtin("FR")];
        read(&path, &source(), Options { rules: &rules, complete_from, ..Options::default() }, &Silent).unwrap()
    };
    let alone = read(None);
    assert!(alone.units.iter().all(|u| u.status == UnitStatus::Incomplete));
    let completed = read(Some(whole.as_path()));
    assert!(completed.units.iter().all(|u| u.status == UnitStatus::Complete), "{:?}", completed.issues);
    assert_eq!(completed.units.len(), 3, "units come from the first file alone");
}

#[test]
fn ways_that_meet_without_a_common_node_are_repaired_and_say_so() {
    // The communes of two_communes, the east one with nodes of its own: one at the same place, one on a segment.
    let mut osm = two_communes();
    osm.relations.retain(|r| r.0 <= 3);
    osm.node(12, 2.1, 48.0).node(13, 2.1, 48.05);
    osm.way(12, &[12, 13, 5], &[]);
    osm.relations[1].1 = [5, 4, 3, 12].map(|w| (w, "outer".to_owned())).to_vec();
    let found = read_osm(&osm, "FR");
    assert!(found.units.iter().all(|u| u.status.has_boundary()), "{:?}", found.issues);
    let area = |i: usize| found.units[i].area_km2.unwrap();
    assert!((area(0) - area(1) - area(2)).abs() < 1e-9, "they share one border");
    assert_eq!(found.units[2].status, UnitStatus::Repaired);
    assert!(issues(&found, IssueCode::SamePlace)[0].detail.contains("2.1000000,48.0000000"));
    assert!(issues(&found, IssueCode::TouchingWays)[0].detail.contains("ways 2 and 12"));
    assert_eq!(found.topology.lines.iter().filter(|l| l.level == AdminLevel::Municipality).count(), 1);
}

#[test]
fn a_border_that_crosses_itself_is_invalid_and_one_that_others_cross_is_repaired() {
    let mut osm = two_communes();
    osm.relations.retain(|r| r.0 <= 2);
    // From the middle of the west commune into the east one and back.
    osm.node(20, 2.05, 48.02).node(21, 2.15, 48.02).node(22, 2.15, 48.04).node(23, 2.05, 48.04);
    osm.way(20, &[20, 21, 22, 23, 20], &[]);
    osm.relation(8, &[20], &unit("9", &[("ref:INSEE", "01901"), ("name", "Across")]));
    osm.relation(9, &[1, 2, 20], &unit("9", &[("ref:INSEE", "01902"), ("name", "Overlapping itself")]));
    let found = read_osm(&osm, "FR");
    let status = |code: &str| found.units.iter().find(|u| u.code == code).unwrap().status;
    assert_eq!(
        (status("01901"), status("01001"), status("01902")),
        (UnitStatus::Repaired, UnitStatus::Repaired, UnitStatus::Invalid)
    );
    let across = found.units.iter().find(|u| u.code == "01901").unwrap().geometry.as_ref().unwrap();
    assert_eq!(across.0[0].exterior().0.len(), 7, "four corners, two crossings, closed");
    assert!(
        issues(&found, IssueCode::CrossingWays).iter().any(|i| i.place == "r9" && i.detail.contains("2.1000000,48.0"))
    );
}

#[test]
fn a_missing_node_and_an_empty_relation() {
    let mut osm = two_communes();
    osm.nodes.retain(|n| n.0 != 6);
    osm.relation(7, &[], &unit("8", &[("ref:INSEE", "01008"), ("name", "Empty")]));
    let found = read_osm(&osm, "FR");
    assert!(issues(&found, IssueCode::MissingNode)[0].detail.contains("way 1: nodes 6"));
    assert_eq!(of_status(&found, AdminLevel::Department, UnitStatus::Incomplete), 1);
    assert_eq!(issues(&found, IssueCode::NoGeometry)[0].place, "r7");
    assert_eq!(of_status(&found, AdminLevel::Municipality, UnitStatus::Invalid), 1);
    assert_eq!(of_status(&found, AdminLevel::Municipality, UnitStatus::Complete), 1);
}

#[test]
fn a_cut_file_is_an_error_unless_whole_relations_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let frames = two_communes().frames();
    let bytes = frames.concat();
    let mut border = 0;
    for (i, frame) in frames.iter().enumerate() {
        border += frame.len();
        for cut in [border - 1, border + 1].into_iter().filter(|c| *c < bytes.len()) {
            let error = read_file(&save(&folder, &bytes[..cut]), "FR").unwrap_err();
            assert!(matches!(error, ReadError::Truncated { .. }), "{cut}: {error}");
        }
        // A file may end after any blob: only what is not there any more can tell.
        let result = read_file(&save(&folder, &bytes[..border]), "FR");
        if i + 2 < frames.len() {
            assert!(matches!(result, Err(ReadError::NoBoundaries { .. })), "border {i}");
        } else {
            assert!(result.is_ok(), "border {i}");
        }
    }
}

/// Complete units by level, at least; whether every one of them is a valid geometry that holds its label.
fn check(name: &str, iso: &str, expected: &[(AdminLevel, usize)]) -> Option<Boundaries> {
    let found = read_file(&shared(name)?, iso).unwrap();
    for &(level, least) in expected {
        let complete = of_status(&found, level, UnitStatus::Complete);
        assert!(complete >= least, "{name}: {complete} complete {level:?}, not {least}");
    }
    for unit in found.units.iter().filter(|u| u.status.has_boundary()) {
        let geometry = unit.geometry.as_ref().unwrap();
        assert!(geometry.contains(&unit.label.unwrap().point()), "{name}: {}", unit.id);
        assert!(geometry.is_valid(), "{name}: {} {:?}", unit.id, geometry.validation_errors());
    }
    let report = &found.report;
    assert_eq!(report.read, report.accepted + report.rejected_total());
    assert_eq!(report.accepted as usize, found.units.len());
    Some(found)
}

#[test]
fn luxembourg() {
    use AdminLevel::{Country, Department, Municipality, Neighbourhood};
    let expected = [(Country, 1), (Department, 13), (Municipality, 105), (Neighbourhood, 82)];
    let Some(found) = check("osm/luxembourg-2018-boundaries.osm.pbf", "LU", &expected) else { return };
    let country = &found.units[0];
    assert_eq!((country.id.as_str(), country.name.as_str()), ("country:LU", "Lëtzebuerg"));
    assert!((country.area_km2.unwrap() - 2_586.0).abs() < 20.0, "{:?}", country.area_km2);
    assert!(issues(&found, IssueCode::ForeignUnit).len() >= 25, "the French neighbours");
    assert!(found.units.iter().all(|u| u.level != Country || u.code == "LU"));
}

#[test]
fn monaco() {
    use AdminLevel::{Country, Municipality, Neighbourhood};
    let expected = [(Country, 1), (Municipality, 1), (Neighbourhood, 9)];
    let Some(found) = check("osm/monaco-2025.osm.pbf", "MC", &expected) else { return };
    assert!(found.units.iter().any(|u| u.id.as_str() == "neighbourhood:MC-FO" && u.name == "Fontvieille"));
    let lz4 = check("osm/monaco-2021-lz4.osm.pbf", "MC", &[]).unwrap();
    assert!(lz4.units.iter().any(|u| u.name == "Monaco"), "LZ4 blobs");
}

#[test]
fn andorra() {
    use AdminLevel::{Country, Municipality};
    let Some(found) = check("osm/andorra-2025.osm.pbf", "AD", &[(Country, 1), (Municipality, 7)]) else { return };
    assert!(found.units.iter().any(|u| u.id.as_str() == "municipality:AD-07" && u.name == "Andorra la Vella"));
}

#[test]
fn sao_tome_which_does_not_say_that_it_is_sorted() {
    use AdminLevel::{Country, Department, Region};
    let expected = [(Country, 1), (Region, 2), (Department, 6)];
    check("osm/sao-tome-2018.osm.pbf", "ST", &expected);
}

#[test]
fn saint_barthelemy_is_mostly_incomplete_and_says_what_is_missing() {
    let Some(found) = check("osm/saint-barthelemy-2014.osm.pbf", "FR", &[]) else { return };
    let incomplete = found.units.iter().filter(|u| u.status == UnitStatus::Incomplete);
    let named: Vec<_> = issues(&found, IssueCode::MissingWay).into_iter().map(|i| i.place.clone()).collect();
    assert!(incomplete.clone().count() >= 1);
    for unit in incomplete {
        assert!(unit.geometry.is_none() && named.contains(unit.osm_id.as_ref().unwrap()), "{}", unit.id);
    }
}

/// A grid of labelled cells, written as OSM: one relation for each label.
#[derive(Debug, Clone)]
struct Partition {
    width: usize,
    labels: Vec<u16>,
    /// For each choice to make, a number.
    dice: Vec<u16>,
}

fn partitions() -> impl Strategy<Value = Partition> {
    (2_usize..7, 2_usize..7).prop_flat_map(|(width, height)| {
        let labels = prop::collection::vec(0_u16..4, width * height);
        let dice = prop::collection::vec(any::<u16>(), 200);
        (labels, dice).prop_map(move |(labels, dice)| Partition { width, labels, dice })
    })
}

/// A segment between two grid nodes, and the labels on its two sides (255: outside).
type Edge = (usize, usize, [u16; 2]);

impl Partition {
    fn label(&self, x: isize, y: isize) -> u16 {
        let inside = (0..self.width as isize).contains(&x) && y >= 0;
        let index = y * self.width as isize + x;
        if inside { self.labels.get(index as usize).copied().unwrap_or(255) } else { 255 }
    }

    fn node(&self, x: isize, y: isize) -> usize {
        y as usize * (self.width + 1) + x as usize
    }

    fn edges(&self) -> Vec<Edge> {
        let (width, height) = (self.width as isize, (self.labels.len() / self.width) as isize);
        let mut edges = Vec::new();
        for y in 0..=height {
            for x in 0..=width {
                let mut add = |to: usize, a: u16, b: u16| {
                    if a != b {
                        edges.push((self.node(x, y), to, [a.min(b), a.max(b)]));
                    }
                };
                if x < width {
                    add(self.node(x + 1, y), self.label(x, y - 1), self.label(x, y));
                }
                if y < height {
                    add(self.node(x, y + 1), self.label(x - 1, y), self.label(x, y));
                }
            }
        }
        edges
    }

    /// Chains edges with the same neighbours into ways of random length and direction.
    fn osm(&self) -> Osm {
        let mut dice = self.dice.iter().cycle().map(|d| usize::from(*d));
        let mut roll = move |sides: usize| dice.next().unwrap_or(0) % sides;
        let mut osm = Osm { per_block: 5, ..Osm::default() };
        for i in 0..(self.width + 1) * (self.labels.len() / self.width + 1) {
            let (x, y) = (i % (self.width + 1), i / (self.width + 1));
            osm.node(i as i64 + 1, x as f64 * 0.1, y as f64 * 0.1);
        }
        let mut left = self.edges();
        let mut members: BTreeMap<u16, Vec<i64>> = BTreeMap::new();
        while !left.is_empty() {
            let (from, to, sides) = left.swap_remove(roll(left.len()));
            let mut nodes = vec![from, to];
            for _ in 0..roll(6) {
                let end = nodes[nodes.len() - 1];
                let Some(at) = left.iter().position(|e| e.2 == sides && (e.0 == end || e.1 == end)) else { break };
                let next = left.swap_remove(at);
                nodes.push(if next.0 == end { next.1 } else { next.0 });
            }
            if roll(2) == 0 {
                nodes.reverse();
            }
            let id = osm.ways.len() as i64 + 1;
            osm.way(id, &nodes.iter().map(|n| *n as i64 + 1).collect::<Vec<_>>(), &[]);
            for side in sides {
                let ways = members.entry(side).or_default();
                ways.insert(roll(ways.len() + 1), id);
            }
        }
        for (label, ways) in members.into_iter().filter(|(label, _)| *label != 255) {
            let code = format!("0100{label}");
            osm.relation(i64::from(label) + 1, &ways, &unit("8", &[("ref:INSEE", &code), ("name", &code)]));
        }
        osm
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_partition_cut_into_ways_comes_back(partition in partitions()) {
        let found = read_osm(&partition.osm(), "FR");
        let geometry = |label: u16| -> &MultiPolygon<f64> {
            let id = format!("municipality:0100{label}");
            found.units.iter().find(|u| u.id.as_str() == id).unwrap().geometry.as_ref().unwrap()
        };
        for label in 0..4 {
            let cells = partition.labels.iter().filter(|l| **l == label).count();
            if cells == 0 {
                continue;
            }
            let geometry = geometry(label);
            prop_assert!((geometry.signed_area() - cells as f64 * 0.01).abs() < 1e-9);
            prop_assert!(geometry.is_valid(), "{:?}: {:?}", geometry, geometry.validation_errors());
        }
        for (i, label) in partition.labels.iter().enumerate() {
            let (x, y) = (i % partition.width, i / partition.width);
            let middle = Point::new((x as f64 + 0.5) * 0.1, (y as f64 + 0.5) * 0.1);
            prop_assert!(geometry(*label).contains(&middle));
        }
        // Every arc has a unit on one side at least, and nobody is his own neighbour.
        for line in &found.topology.lines {
            prop_assert!(line.left != line.right);
        }
        prop_assert_eq!(found.topology.lines.len(), found.topology.arcs.len());
    }
}
