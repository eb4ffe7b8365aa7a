use super::*;
use crate::testing::{at, uid, zed};

fn ids(records: Vec<&UnitRecord>) -> Vec<&str> {
    records.into_iter().map(|r| r.id.as_str()).collect()
}

#[test]
fn a_subtree_is_a_range_that_holds_exactly_the_descendants() {
    let zed = zed();
    let units = zed.snapshot.units();
    assert_eq!(units.records().len(), 27);
    for unit in units.records() {
        for other in units.records() {
            let mut up = Some(other.number);
            while up.is_some_and(|n| n != unit.number) {
                up = units.get(up.unwrap()).unwrap().parent;
            }
            assert_eq!(unit.subtree().contains(&other.number), up.is_some(), "{} {}", unit.id, other.id);
        }
    }
}

#[test]
fn families_are_found() {
    let zed = zed();
    let units = zed.snapshot.units();
    let unit = |id: &str| units.by_id(&uid(id)).unwrap();
    assert_eq!(ids(units.children(unit("region:r1"))), ["department:d1", "department:d3"]);
    assert_eq!(ids(units.children(unit("neighbourhood:q1"))), ["neighbourhood:q2"]);
    let members = ["municipality:c01", "municipality:c02", "municipality:c11", "municipality:c12"];
    let mut found = ids(units.children(unit("intercommunality:200")));
    found.sort_unstable();
    assert_eq!(found, members);
    assert_eq!(
        ids(units.ancestors(unit("neighbourhood:q2"))),
        ["country:ZZ", "region:r0", "department:d0", "municipality:c00", "neighbourhood:q1"]
    );
    let mut neighbours = ids(units.neighbours(unit("municipality:c11")));
    neighbours.sort_unstable();
    assert_eq!(neighbours, ["municipality:c01", "municipality:c10", "municipality:c12", "municipality:c21"]);
    assert!(units.neighbours(unit("municipality:c99")).is_empty());
}

#[test]
fn a_place_has_one_unit_of_each_level_the_smallest() {
    let zed = zed();
    assert_eq!(
        ids(zed.snapshot.lookup(at(0.1, 0.1))),
        ["country:ZZ", "region:r0", "department:d0", "municipality:c00", "neighbourhood:q2"]
    );
    // On the corner of four municipalities it still lies in one of each level.
    assert_eq!(zed.snapshot.lookup(at(1.0, 1.0)).len(), 5);
    assert!(zed.snapshot.lookup(at(50.0, 50.0)).is_empty());
}

#[test]
fn parents_that_go_in_a_circle_do_not_hang() {
    let raw = |id: &str, parent: &str| {
        let id = uid(id);
        Raw {
            record: UnitRecord {
                level: id.level(),
                id,
                number: 0,
                subtree_end: 0,
                subtype: None,
                code: "".into(),
                name: "".into(),
                name_fr: None,
                name_en: None,
                parent: None,
                above: [NO_UNIT; 6],
                row: 0,
                bbox: None,
                label: None,
                population: None,
                area_km2: None,
                status: UnitStatus::Missing,
                same_territory_as: None,
                postcodes: Vec::new(),
            },
            above: Default::default(),
            parent: Some(uid(parent)),
            polygon: None,
        }
    };
    let table = number(vec![
        raw("neighbourhood:a", "neighbourhood:b"),
        raw("neighbourhood:b", "neighbourhood:a"),
        raw("neighbourhood:c", "neighbourhood:none"),
        raw("neighbourhood:d", "neighbourhood:d"),
    ]);
    assert_eq!(table.records.len(), 4);
    for record in &table.records {
        let _ = table.ancestors(record);
        assert!(record.parent.is_none_or(|p| p < record.number));
    }
}

/// Places all over the grid, many of them on borders and corners.
fn places() -> impl Iterator<Item = parvis_model::LonLat> {
    let on = (-4..=20).flat_map(|x| (-4..=20).map(move |y| (f64::from(x) * 0.25, f64::from(y) * 0.25)));
    let off = (0..2000u32).map(|n| {
        let part = |m: u32| f64::from(n.wrapping_mul(m) % 10_007) / 10_007.0 * 6.0 - 1.0;
        (part(7919), part(104_729))
    });
    let far = [(-180.0, -90.0), (180.0, 90.0), (180.0, 0.0), (0.0, 90.0), (-0.000_000_1, 0.0)];
    on.chain(off).chain(far).map(|(lon, lat)| at(lon, lat))
}

#[test]
fn many_places_have_the_units_of_each_and_these_are_what_every_polygon_says() {
    let zed = zed();
    let units = zed.snapshot.units();
    for place in places() {
        let fast: Vec<&UnitRecord> = units.levels(place).into_iter().filter_map(|n| units.get(n)).collect();
        assert_eq!(ids(fast.clone()), ids(units.lookup(place)), "{place:?}");
        // By every polygon of all, without an index.
        for level in AdminLevel::ALL {
            let of_level = units.records().iter().filter(|r| r.level == level);
            let around = of_level.filter(|r| units.polygon(r.number).is_some_and(|p| p.contains(place)));
            let smallest = around.min_by(|a, b| a.area_km2.partial_cmp(&b.area_km2).unwrap());
            let found = fast.iter().find(|r| r.level == level);
            assert_eq!(found.map(|r| r.id.as_str()), smallest.map(|r| r.id.as_str()), "{place:?} {level:?}");
        }
    }
}
