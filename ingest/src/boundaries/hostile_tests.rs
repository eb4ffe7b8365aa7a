//! Files that no mapper means but that a reader must survive, and tell the truth about.

use parvis_model::UnitStatus;

use super::tests::{issues, read_osm, unit};
use super::*;
use crate::osm_pbf::testing::Osm;

/// Node ids from `first` on: a square of 0.01 degrees, its way 1.
fn square(first: i64, lon: f64, lat: f64) -> Osm {
    let mut osm = Osm { per_block: 5000, ..Osm::default() };
    for (i, (dx, dy)) in (0..).zip([(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01)]) {
        osm.node(first + i, lon + dx, lat + dy);
    }
    osm.way(1, &[first, first + 1, first + 2, first + 3, first], &[]);
    osm
}

const TAGS: [(&str, &str); 2] = [("ref:INSEE", "01001"), ("name", "Square")];

#[test]
fn a_way_listed_three_times_counts_once_and_is_reported() {
    let mut osm = square(1, 2.0, 48.0);
    osm.relation(1, &[1, 1, 1], &unit("8", &TAGS));
    let found = read_osm(&osm, "FR");
    assert_eq!(found.units[0].status, UnitStatus::Complete);
    assert_eq!(issues(&found, IssueCode::DuplicateWay).len(), 1);
}

#[test]
fn ids_above_two_to_the_fortieth_are_ids() {
    let first = (1 << 40) + 7;
    let mut osm = square(first, 2.0, 48.0);
    osm.ways[0].0 = first;
    osm.relation(first, &[first], &unit("8", &TAGS));
    let found = read_osm(&osm, "FR");
    assert_eq!(found.units[0].status, UnitStatus::Complete);
    assert_eq!(found.units[0].osm_id, Some(format!("r{first}")));
}

#[test]
fn a_border_on_the_antimeridian_is_a_border() {
    let mut osm = square(1, 179.99, -16.0);
    osm.relation(1, &[1], &unit("8", &TAGS));
    let found = read_osm(&osm, "FR");
    assert_eq!(found.units[0].status, UnitStatus::Complete);
    let label = found.units[0].label.unwrap();
    assert!((179.99..180.0).contains(&label.lon()), "{label:?}");
}

#[test]
fn a_ring_that_touches_itself_a_thousand_times_is_a_thousand_polygons() {
    let mut osm = Osm { per_block: 5000, ..Osm::default() };
    osm.node(1, 2.0, 48.0);
    let mut nodes = vec![1];
    for i in 0..1000_i64 {
        let corner = |share: f64| ((i as f64 + share) / 1000.0 * std::f64::consts::TAU).sin_cos();
        for (k, share) in [(0, 0.0), (1, 0.5)] {
            let (y, x) = corner(share);
            osm.node(2 + 2 * i + k, 2.0 + x * 0.1, 48.0 + y * 0.1);
            nodes.push(2 + 2 * i + k);
        }
        nodes.push(1);
    }
    // A way holds no more than 2,000 nodes in OSM; nothing here depends on it.
    osm.way(1, &nodes, &[]);
    osm.relation(1, &[1], &unit("8", &TAGS));
    let found = read_osm(&osm, "FR");
    assert_eq!(found.units[0].status, UnitStatus::Complete, "{:?}", found.issues);
    assert_eq!(found.units[0].geometry.as_ref().unwrap().0.len(), 1000);
}

#[test]
fn a_long_border_drawn_twice_with_other_nodes_becomes_one() {
    // The north side of one commune and the south side of its neighbour: the same line, no node in common.
    let mut osm = Osm { per_block: 5000, ..Osm::default() };
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for i in 0..=100_i64 {
        osm.node(1000 + i, 2.0 + i as f64 * 0.001, 48.0);
        lower.push(1000 + i);
    }
    for i in 0..=50_i64 {
        osm.node(2000 + i, 2.0 + i as f64 * 0.002, 48.0);
        upper.push(2000 + i);
    }
    osm.node(3001, 2.0, 47.9).node(3002, 2.1, 47.9).node(3003, 2.0, 48.1).node(3004, 2.1, 48.1);
    osm.way(1, &lower, &[]).way(2, &[1000, 3001, 3002, 1100], &[]);
    osm.way(3, &upper, &[]).way(4, &[2000, 3003, 3004, 2050], &[]);
    osm.relation(1, &[1, 2], &unit("8", &[("ref:INSEE", "01001"), ("name", "South")]));
    osm.relation(2, &[3, 4], &unit("8", &[("ref:INSEE", "01002"), ("name", "North")]));
    let found = read_osm(&osm, "FR");
    assert!(found.units.iter().all(|u| u.status == UnitStatus::Repaired), "{:?}", found.issues);
    let between = found.topology.lines.iter().filter(|l| l.left.is_some() && l.right.is_some());
    assert_eq!(between.count(), 1, "one line serves both");
}

#[test]
fn relations_that_list_themselves_or_each_other_are_read_once() {
    let mut osm = square(1, 2.0, 48.0);
    osm.relation(1, &[1], &unit("8", &TAGS)).relation(2, &[1], &unit("6", &[("ref:INSEE", "01")]));
    for (relation, members) in osm.relations.iter_mut().zip([[1, 2], [1, 2]]) {
        relation.1.extend(members.map(|id| (id, "subarea".to_owned())));
    }
    let found = read_osm(&osm, "FR");
    assert_eq!(found.units.iter().map(|u| u.id.as_str()).collect::<Vec<_>>(), ["department:01", "municipality:01001"]);
    assert!(found.units.iter().all(|u| u.status == UnitStatus::Complete), "{:?}", found.issues);
}

#[test]
fn a_name_stands_where_a_node_says_if_that_is_inside() {
    let labelled = |members: &[(i64, &str)]| {
        let mut osm = square(1, 2.0, 48.0);
        osm.node(90, 2.009, 48.001).node(91, 2.002, 48.002).node(92, 3.0, 48.005);
        osm.relation(1, &[1], &unit("8", &TAGS));
        osm.relations[0].1.extend(members.iter().map(|&(id, role)| (id, role.to_owned())));
        let label = read_osm(&osm, "FR").units[0].label.unwrap();
        ((label.lon() * 1e4).round() as i32, (label.lat() * 1e4).round() as i32)
    };
    assert_eq!(labelled(&[(91, "admin_centre"), (90, "label")]), (20_090, 480_010), "the label first");
    assert_eq!(labelled(&[(91, "admin_centre"), (92, "label")]), (20_020, 480_020), "the label is outside");
    assert_eq!(labelled(&[(77, "label")]), (20_050, 480_050), "not in the file: the middle");
}

#[test]
fn where_a_territory_is_cut_at_the_antimeridian_there_is_no_border_line() {
    // Taveuni in Fiji, in two halves: each closes along 180 degrees.
    let mut osm = Osm { per_block: 5000, ..Osm::default() };
    osm.node(1, 179.9, -17.0).node(2, 180.0, -17.0).node(3, 180.0, -16.8).node(4, 179.9, -16.8);
    osm.node(5, -180.0, -17.0).node(6, -179.9, -17.0).node(7, -179.9, -16.8).node(8, -180.0, -16.8);
    osm.way(1, &[3, 4, 1, 2], &[]).way(2, &[2, 3], &[("closure_segment", "yes")]);
    osm.way(3, &[5, 6, 7, 8], &[]).way(4, &[8, 5], &[("closure_segment", "yes")]);
    osm.relation(1, &[1, 2, 3, 4], &unit("8", &TAGS));
    let found = read_osm(&osm, "FR");
    assert_eq!(found.units[0].status, UnitStatus::Complete, "{:?}", found.issues);
    assert_eq!(found.units[0].geometry.as_ref().unwrap().0.len(), 2);
    let drawn = found.topology.lines.iter().flat_map(|l| &found.topology.arcs[l.arc as usize].vertices);
    assert!(found.topology.lines.len() == 2 && drawn.filter(|v| v.lon().abs() == 180.0).count() == 4);
    assert!(found.topology.lines.iter().all(|l| found.topology.arcs[l.arc as usize].vertices.len() == 4));
}
