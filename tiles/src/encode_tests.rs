use proptest::prelude::*;

use super::*;
use crate::decode::{self, Kind};

fn p(x: i32, y: i32) -> TilePoint {
    TilePoint { x, y }
}

fn points(list: &[(i32, i32)]) -> Vec<TilePoint> {
    list.iter().map(|&(x, y)| p(x, y)).collect()
}

fn one_layer(build: impl FnOnce(&mut LayerBuilder)) -> Vec<decode::Feature> {
    let mut layer = LayerBuilder::new("test");
    build(&mut layer);
    let mut tile = TileBuilder::default();
    tile.add(layer).unwrap();
    let bytes = tile.into_bytes().unwrap();
    decode::tile(&bytes).pop().map_or(Vec::new(), |l| l.features)
}

/// The rings of one polygon feature; none when it was refused.
fn polygon(rings: &[(RingKind, &[(i32, i32)])]) -> Vec<Vec<(i32, i32)>> {
    let rings: Vec<_> = rings.iter().map(|(kind, ring)| (*kind, points(ring))).collect();
    let features = one_layer(|layer| {
        layer.polygons(None, rings.iter().map(|(kind, ring)| (*kind, &ring[..])), NONE).unwrap();
    });
    features.into_iter().flat_map(|f| f.parts).collect()
}

use RingKind::{Exterior, Hole};

const NONE: &Properties = &[];

const SQUARE: &[(i32, i32)] = &[(0, 0), (100, 0), (100, 100), (0, 100)];
const SQUARE_BACK: &[(i32, i32)] = &[(0, 100), (100, 100), (100, 0), (0, 0), (0, 100)];
const HOLE: &[(i32, i32)] = &[(40, 40), (60, 40), (60, 60), (40, 60)];
const HOLE_BACK: &[(i32, i32)] = &[(40, 60), (60, 60), (60, 40), (40, 40)];

#[test]
fn winding_is_recomputed_whichever_way_rings_come() {
    for exterior in [SQUARE, SQUARE_BACK] {
        for hole in [HOLE, HOLE_BACK] {
            let rings = polygon(&[(Exterior, exterior), (Hole, hole)]);
            let areas: Vec<_> = rings.iter().map(|r| decode::doubled_area(r)).collect();
            assert_eq!(areas, [20_000, -800]);
        }
    }
}

#[test]
fn a_ring_that_starts_where_the_last_ended_is_still_its_own() {
    // The hole begins at the last vertex of the exterior: the pen is already there.
    let rings = polygon(&[(Exterior, SQUARE), (Hole, &[(0, 100), (50, 50), (20, 40)])]);
    assert_eq!(rings.len(), 2);
    assert_eq!(rings[1].len(), 3);
    let rings = polygon(&[(Exterior, SQUARE), (Exterior, &[(0, 100), (50, 200), (0, 200)])]);
    assert_eq!(rings.iter().map(|r| decode::doubled_area(r)).collect::<Vec<_>>(), [20_000, 5_000]);
}

#[test]
fn rings_without_area_and_repeated_points_and_spikes_are_left_out() {
    assert!(polygon(&[(Exterior, &[(0, 0), (10, 10), (20, 20)])]).is_empty());
    assert!(polygon(&[(Exterior, &[(5, 5)])]).is_empty());
    assert!(polygon(&[(Exterior, &[])]).is_empty());
    assert!(polygon(&[(Exterior, &[(0, 0), (9, 9), (0, 0), (9, 9)])]).is_empty());
    let rings = polygon(&[(Exterior, &[(0, 0), (0, 0), (100, 0), (150, 7), (100, 0), (100, 100), (0, 0)])]);
    assert_eq!(rings, [[(0, 0), (100, 0), (100, 100)]]);
    // A spike over the seam of the ring.
    let rings = polygon(&[(Exterior, &[(-9, -9), (0, 0), (100, 0), (100, 100), (0, 0)])]);
    assert_eq!(rings, [[(0, 0), (100, 0), (100, 100)]]);
}

#[test]
fn a_hole_of_an_exterior_without_area_goes_with_it() {
    let rings = polygon(&[(Exterior, &[(0, 0), (9, 9), (20, 20)]), (Hole, HOLE), (Exterior, SQUARE)]);
    assert_eq!(rings.len(), 1);
    assert!(polygon(&[(Hole, HOLE)]).is_empty());
    assert_eq!(polygon(&[(Exterior, SQUARE), (Hole, &[(1, 1), (2, 2), (3, 3)])]).len(), 1);
}

#[test]
fn what_reaches_beyond_the_buffer_is_clipped() {
    let rings = polygon(&[(Exterior, &[(-9000, -9000), (9000, -9000), (9000, 9000), (-9000, 9000)])]);
    assert_eq!(decode::doubled_area(&rings[0]), 2 * 4256 * 4256);
    let lines = one_layer(|layer| {
        layer.lines(None, [&points(&[(-9000, 10), (9000, 10)])[..]], NONE).unwrap();
    });
    assert_eq!(lines[0].parts, [[(-80, 10), (4176, 10)]]);
}

#[test]
fn points_are_kept_in_the_tile_half_open_and_never_clamped() {
    let kept: Vec<_> = [(0, 0), (4095, 4095), (4096, 0), (0, -1)]
        .into_iter()
        .map(|(x, y)| !one_layer(|l| assert!(l.point(None, p(x, y), NONE).is_ok())).is_empty())
        .collect();
    assert_eq!(kept, [true, true, false, false]);
}

#[test]
fn a_line_that_goes_on_where_the_last_ended_is_one_line() {
    let paths = [points(&[(0, 0), (5, 5)]), points(&[(5, 5), (5, 5), (9, 0)]), points(&[(1, 1), (2, 2)])];
    let lines = one_layer(|layer| {
        assert!(layer.lines(Some(3), paths.iter().map(|p| &p[..]), NONE).unwrap());
        assert!(!layer.lines(None, [&points(&[(7, 7), (7, 7)])[..]], NONE).unwrap());
    });
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].kind, lines[0].id), (Kind::Line, Some(3)));
    assert_eq!(lines[0].parts, [vec![(0, 0), (5, 5), (9, 0)], vec![(1, 1), (2, 2)]]);
}

#[test]
fn properties_keep_their_type_and_the_first_of_a_key_counts() {
    let properties = [
        ("name", "Saint-Denis".into()),
        ("population", 153_810.into()),
        ("depth", PropertyValue::Integer(-3)),
        ("share", PropertyValue::Float(0.5)),
        ("example", true.into()),
        ("name", "again".into()),
    ];
    let features = one_layer(|layer| {
        layer.point(Some(1 << 52), p(1, 2), &properties).unwrap();
        layer.point(Some(7), p(1, 2), &properties[..2]).unwrap();
    });
    assert_eq!(features[0].properties.len(), 5);
    for (key, value) in &properties[..5] {
        assert_eq!(features[0].properties[*key], *value);
    }
    assert_eq!(features[1].text("name"), "Saint-Denis");
    assert_eq!((features[0].id, features[1].id), (Some(1 << 52), Some(7)));
}

#[test]
fn a_layer_name_is_used_once_and_empty_layers_are_left_out() {
    let layer = || {
        let mut layer = LayerBuilder::new("a");
        layer.point(None, p(0, 0), NONE).unwrap();
        layer
    };
    let mut tile = TileBuilder::default();
    tile.add(layer()).unwrap();
    tile.add(LayerBuilder::new("empty")).unwrap();
    assert!(matches!(tile.add(layer()), Err(EncodeError::DuplicateLayer(name)) if name == "a"));
    assert_eq!(decode::tile(&tile.into_bytes().unwrap()).len(), 1);
    assert!(TileBuilder::default().into_bytes().unwrap().is_empty());
}

#[test]
fn joined_tiles_are_a_tile() {
    let tile = |name: &str| {
        let mut layer = LayerBuilder::new(name);
        layer.point(None, p(3, 4), &[("of", name.into())]).unwrap();
        let mut tile = TileBuilder::default();
        tile.add(layer).unwrap();
        tile.into_bytes().unwrap()
    };
    let layers = decode::tile(&concat([tile("a"), Vec::new(), tile("b")]));
    assert_eq!(layers.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

fn any_ring() -> impl Strategy<Value = Vec<TilePoint>> {
    // Few values, so that rings touch, repeat, fold back and start where others end.
    let coordinate = prop_oneof![-200..200i32, Just(0), 4000..4400i32];
    prop::collection::vec((coordinate.clone(), coordinate).prop_map(|(x, y)| p(x, y)), 0..9)
}

proptest! {
    /// The strict reader panics at any broken rule; the area of a ring is what it was after clipping.
    #[test]
    fn any_rings_make_a_legal_tile(rings in prop::collection::vec((any::<bool>(), any_ring()), 1..6)) {
        let rings: Vec<_> = rings.into_iter().map(|(hole, ring)| (if hole { Hole } else { Exterior }, ring)).collect();
        let features = one_layer(|layer| {
            layer.polygons(Some(1), rings.iter().map(|(k, r)| (*k, &r[..])), NONE).unwrap();
            layer.lines(Some(2), rings.iter().map(|(_, r)| &r[..]), NONE).unwrap();
        });
        let mut wanted = Vec::new();
        let mut open = false;
        for (kind, ring) in &rings {
            let area = doubled_area(&clip::ring(ring, Window::tile())).abs();
            if *kind == Exterior {
                open = area != 0;
            }
            if open && area != 0 {
                wanted.push(if *kind == Exterior { area } else { -area });
            }
        }
        let parts = features.iter().filter(|f| f.kind == Kind::Polygon).flat_map(|f| &f.parts);
        let found: Vec<_> = parts.map(|r| decode::doubled_area(r)).collect();
        prop_assert_eq!(found, wanted);
    }
}
