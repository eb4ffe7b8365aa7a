use super::*;
use geo_types::{LineString, MultiPolygon, Polygon, polygon};
use proptest::prelude::*;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn square(x: f64, y: f64, side: f64) -> Polygon<f64> {
    polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
}

#[test]
fn a_hole_is_outside_and_an_island_in_it_inside() {
    let mut land = square(0.0, 0.0, 10.0);
    land.interiors_push(square(2.0, 2.0, 6.0).exterior().clone());
    let p = PreparedPolygon::new(&MultiPolygon(vec![land, square(4.0, 4.0, 1.0)]));
    assert!(p.contains(at(1.0, 1.0)));
    assert!(!p.contains(at(3.0, 3.0)));
    assert!(p.contains(at(4.5, 4.5)));
    assert!(!p.contains(at(11.0, 5.0)) && !p.contains(at(5.0, -1.0)));
}

#[test]
fn a_point_on_a_shared_border_is_in_exactly_one_unit() {
    let grid: Vec<PreparedPolygon> =
        (0..9).map(|i| PreparedPolygon::new(&square(f64::from(i % 3), f64::from(i / 3), 1.0).into())).collect();
    for (lon, lat) in [(1.0, 0.5), (1.0, 1.0), (0.5, 1.0), (2.0, 2.0), (1.5, 1.5), (0.0, 0.0)] {
        assert_eq!(grid.iter().filter(|p| p.contains(at(lon, lat))).count(), 1, "{lon} {lat}");
    }
}

#[test]
fn a_box_meets_what_it_crosses_holds_or_lies_in() {
    let p = PreparedPolygon::new(&polygon![(x: 0., y: 0.), (x: 10., y: 0.), (x: 0., y: 10.)].into());
    let meets = |b: &str| p.intersects(Bbox::parse(b).unwrap());
    assert!(meets("1,1,2,2"), "inside");
    assert!(meets("-1,-1,20,20"), "around");
    assert!(meets("4,4,20,20"), "across the long side");
    assert!(meets("10,0,11,1"), "a corner");
    assert!(!meets("8,8,9,9"), "in the box around it, but beyond its side");
    assert!(meets("170,-5,1,5"), "across the antimeridian");
}

#[test]
fn what_rounds_to_nothing_contains_nothing() {
    let p = PreparedPolygon::new(&square(1.0, 1.0, 1e-9).into());
    assert!(!p.contains(at(1.0, 1.0)));
    let p = PreparedPolygon::new(&MultiPolygon(Vec::new()));
    assert!(!p.contains(at(0.0, 0.0)));
}

proptest! {
    #[test]
    fn inside_is_what_a_ray_crosses_an_odd_number_of_times(
        corners in prop::collection::vec((-50i32..50, -50i32..50), 3..40),
        point in (-50i32..50, -50i32..50),
    ) {
        // A star around the origin, sorted by angle, is simple; odd points never lie on its even vertices' edges often.
        let mut ring: Vec<(f64, f64)> = corners.iter().map(|&(x, y)| (f64::from(x) + 0.37, f64::from(y) + 0.21)).collect();
        ring.sort_by(|a, b| a.1.atan2(a.0).total_cmp(&b.1.atan2(b.0)));
        let polygon = Polygon::new(LineString::from(ring), vec![]);
        let (x, y) = (f64::from(point.0) + 0.113, f64::from(point.1) + 0.057);
        let edge_near = polygon.exterior().lines().any(|l| {
            let d = l.delta();
            ((x - l.start.x) * d.y - (y - l.start.y) * d.x).abs() < 1e-4
        });
        prop_assume!(!edge_near);
        prop_assert_eq!(PreparedPolygon::new(&polygon.clone().into()).contains(at(x, y)), even_odd(&polygon, x, y));
    }
}

fn even_odd(polygon: &Polygon<f64>, x: f64, y: f64) -> bool {
    let crosses = |l: &geo_types::Line<f64>| {
        (l.start.y > y) != (l.end.y > y) && x < l.start.x + (y - l.start.y) * l.dx() / l.dy()
    };
    polygon.exterior().lines().filter(crosses).count() % 2 == 1
}
