//! The ground around a territory: land and borders of the world, but for the land that the edition itself draws.
//!
//! Natural Earth is kilometres off the boundaries of an edition: beside them its land would lie in the sea. The land of those
//! whom the edition does not hold has to be there, or a neighbour would be sea.

use bytes::Bytes;
use parvis_model::{AdminLevel, Bbox};
use parvis_store::UnitRecord;
use serde_json::Value;

use super::assets;

/// The share of an island or continent that the units of its country must cover to stand for it: of a country of which only a
/// department was read the rest has to stay.
const ENOUGH: f64 = 0.5;
const KM_A_DEGREE: f64 = 111.2;

/// The GeoJSON of `styles/ground.geojson` without the land that these units cover.
pub fn ground(units: &[UnitRecord]) -> Option<Bytes> {
    let mut ground: Value = serde_json::from_slice(&assets::ground()?.bytes).ok()?;
    let countries: Vec<&UnitRecord> = units.iter().filter(|unit| unit.level == AdminLevel::Country).collect();
    let held = |part: &Value| {
        let of = countries.iter().find(|unit| part["properties"]["country"] == *unit.code);
        let size = of.and_then(|unit| unit.bbox.zip(unit.area_km2));
        size.is_some_and(|size| covers(size, &part["geometry"]["coordinates"]))
    };
    ground["features"].as_array_mut()?.retain(|part| !held(part));
    Some(ground.to_string().into())
}

/// Whether a country as an edition holds it, by its box and its square kilometres, can stand for a part of it: both are in
/// one place, and nearly of one size.
fn covers((held, area): (Bbox, f64), part: &Value) -> bool {
    let ring: Vec<[f64; 2]> = part[0].as_array().into_iter().flatten().filter_map(place).collect();
    bounds(&ring).is_some_and(|bbox| held.intersects(bbox) && area >= ENOUGH * km2(&ring))
}

fn place(value: &Value) -> Option<[f64; 2]> {
    Some([value[0].as_f64()?, value[1].as_f64()?])
}

fn bounds(ring: &[[f64; 2]]) -> Option<Bbox> {
    let least = |axis: usize| ring.iter().map(|p| p[axis]).fold(f64::INFINITY, f64::min);
    let most = |axis: usize| ring.iter().map(|p| p[axis]).fold(f64::NEG_INFINITY, f64::max);
    Bbox::new(least(0), least(1), most(0), most(1)).ok()
}

/// About: degrees of longitude count as they are long at each edge.
fn km2(ring: &[[f64; 2]]) -> f64 {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let twice = edges.map(|(a, b)| (b[0] - a[0]) * (a[1].to_radians().sin() + b[1].to_radians().sin()));
    twice.sum::<f64>().abs() / 2.0 * KM_A_DEGREE * KM_A_DEGREE.to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_stands_for_the_parts_that_it_holds_nearly_whole() {
        let world: Value = serde_json::from_slice(&assets::ground().unwrap().bytes).unwrap();
        let held = |west, south, east, north, area| -> Vec<i64> {
            let size = (Bbox::new(west, south, east, north).unwrap(), area);
            let french = world["features"].as_array().unwrap().iter().filter(|f| f["properties"]["country"] == "FR");
            let parts = french.map(|f| &f["geometry"]["coordinates"]).filter(|part| covers(size, part));
            parts.map(|part| part[0][0][0].as_f64().unwrap().round() as i64).collect()
        };
        assert_eq!(held(55.2, -21.4, 55.84, -20.87, 2_503.0), [56], "La Réunion");
        assert_eq!(held(55.2, -21.4, 55.84, -20.87, 900.0), [0_i64; 0], "some communes of it");
        assert_eq!(held(-2.6, 46.8, -0.9, 47.9, 6_900.0), [0_i64; 0], "a department of the Hexagone");
        assert_eq!(held(-61.8, -21.4, 55.84, 51.1, 637_829.0).len(), 5, "all of France");
    }

    #[test]
    fn a_part_is_as_large_as_it_is() {
        let square = |west: f64, south: f64| {
            vec![[west, south], [west + 1.0, south], [west + 1.0, south + 1.0], [west, south + 1.0], [west, south]]
        };
        assert!((km2(&square(10.0, -0.5)) - KM_A_DEGREE * KM_A_DEGREE).abs() < 1.0);
        assert!((km2(&square(10.0, 59.5)) / (KM_A_DEGREE * KM_A_DEGREE) - 0.5).abs() < 0.001);
        assert_eq!(bounds(&square(2.0, 46.0)), Bbox::new(2.0, 46.0, 3.0, 47.0).ok());
        assert_eq!((bounds(&[]), km2(&[])), (None, 0.0));
    }
}
