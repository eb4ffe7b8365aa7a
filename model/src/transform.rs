//! Coordinates of any CRS to and from longitude and latitude, in the order that the CRS defines.
//!
//! WGS 84 and Web Mercator are computed here, all others by PROJ. A PROJ object belongs to one thread, so
//! each thread keeps its own, by CRS.

use std::cell::RefCell;
use std::collections::HashMap;

use proj::Proj;
use serde_json::Value;

use crate::{Bbox, Crs, LonLat, Mercator};

/// How many places along each edge of a box are converted: edges of one CRS are curves of another.
const STEPS: u32 = 20;

thread_local! {
    /// From the CRS to degrees, then outwards.
    static PROJ: [RefCell<HashMap<String, Proj>>; 2] = Default::default();
}

/// A CRS whose coordinates can be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transform {
    crs: Crs,
    by: By,
    /// Whether northing or latitude comes first.
    swapped: bool,
    degrees: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Degrees,
    Mercator,
    Proj,
}

/// Why there is no conversion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransformError {
    /// PROJ does not know the code.
    #[error("{crs}: PROJ does not know it: {detail}")]
    Unknown {
        /// The CRS.
        crs: Crs,
        /// PROJ's word.
        detail: String,
    },
    /// It has no two horizontal axes: a compound, vertical or geocentric CRS.
    #[error("{0}: not a CRS of two horizontal axes")]
    NotHorizontal(Crs),
}

impl Transform {
    /// Asks PROJ about a CRS: a millisecond the first time.
    ///
    /// # Errors
    /// [`TransformError`].
    pub fn new(crs: &Crs) -> Result<Self, TransformError> {
        let (by, swapped, degrees) = match crs.as_str() {
            "OGC:CRS84" => (By::Degrees, false, true),
            "EPSG:4326" => (By::Degrees, true, true),
            "EPSG:3857" => (By::Mercator, false, false),
            _ => {
                let (swapped, degrees) = axes(crs)?;
                (By::Proj, swapped, degrees)
            }
        };
        let transform = Self { crs: crs.clone(), by, swapped, degrees };
        if by == By::Proj {
            for outwards in [true, false] {
                connect(crs, outwards).map_err(|detail| TransformError::Unknown { crs: crs.clone(), detail })?;
            }
        }
        Ok(transform)
    }

    /// The CRS.
    pub const fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Whether the coordinates are those that everything is stored in: nothing has to be converted.
    pub fn is_stored(&self) -> bool {
        self.by == By::Degrees && !self.swapped
    }

    /// Whether coordinates are degrees; else they are metres (or what the CRS counts in).
    pub const fn is_degrees(&self) -> bool {
        self.degrees
    }

    /// The coordinates of a place of CRS84 degrees, in the CRS's own order; `None` where the CRS has no place for it.
    pub fn coordinates(&self, lon: f64, lat: f64) -> Option<[f64; 2]> {
        let (x, y) = match self.by {
            By::Degrees => (lon, lat),
            By::Mercator => {
                let m = LonLat::new(lon, lat)?.to_mercator();
                (m.x, m.y)
            }
            By::Proj => self.project(true, lon, lat)?,
        };
        Some(if self.swapped { [y, x] } else { [x, y] })
    }

    /// The place of two coordinates in the CRS's own order; `None` where that is no place on Earth.
    pub fn to_degrees(&self, [first, second]: [f64; 2]) -> Option<LonLat> {
        if self.swapped { self.place(second, first) } else { self.place(first, second) }
    }

    /// The place of an easting and a northing, or a longitude and a latitude, whatever their order in the CRS; `None` where
    /// that is no place on Earth.
    pub fn place(&self, x: f64, y: f64) -> Option<LonLat> {
        match self.by {
            By::Degrees => LonLat::new(x, y),
            By::Mercator => Mercator { x, y }.to_lonlat(),
            By::Proj => {
                let (lon, lat) = self.project(false, x, y)?;
                LonLat::new(lon, lat)
            }
        }
    }

    /// The smallest box in degrees around a box `[first, second, first, second]` of this CRS, whose edges are
    /// followed at 20 places each. Degrees keep west > east, which crosses the antimeridian.
    ///
    /// `None` when a corner is no place, or the second pair lies below the first (longitudes apart).
    pub fn box_to_degrees(&self, corners: [f64; 4]) -> Option<Bbox> {
        let [a, b, c, d] = corners;
        let (least, most) = if self.swapped { ([b, a], [d, c]) } else { ([a, b], [c, d]) };
        if self.by == By::Degrees {
            return Bbox::new(least[0], least[1], most[0], most[1]).ok();
        }
        if least[1] > most[1] || (least[0] > most[0] && !self.degrees) {
            return None;
        }
        let at = |x, y| self.place(x, y);
        let mut places = Vec::with_capacity(4 * STEPS as usize);
        for step in 0..=STEPS {
            let share = f64::from(step) / f64::from(STEPS);
            let (x, y) = (least[0] + (most[0] - least[0]) * share, least[1] + (most[1] - least[1]) * share);
            for place in [at(x, least[1]), at(x, most[1]), at(least[0], y), at(most[0], y)] {
                places.push(place?);
            }
        }
        if self.degrees && least[0] > most[0] {
            // Nearly WGS 84, across the antimeridian: only the latitudes need a look along the edges.
            let (west, east) = (at(least[0], least[1])?, at(most[0], most[1])?);
            let around = Bbox::around(places)?.to_array();
            return Bbox::new(west.lon(), around[1], east.lon(), around[3]).ok();
        }
        Bbox::around(places)
    }

    fn project(&self, outwards: bool, x: f64, y: f64) -> Option<(f64, f64)> {
        PROJ.with(|known| {
            let mut known = known[usize::from(outwards)].borrow_mut();
            // Asked for every coordinate: the name is copied the first time alone.
            if !known.contains_key(self.crs.as_str()) {
                known.insert(self.crs.as_str().to_owned(), connect(&self.crs, outwards).ok()?);
            }
            let (x, y) = known.get(self.crs.as_str())?.convert((x, y)).ok()?;
            (x.is_finite() && y.is_finite()).then_some((x, y))
        })
    }
}

/// From CRS84 outwards, or back. Both sides have x (east) first, whatever the CRS says.
fn connect(crs: &Crs, outwards: bool) -> Result<Proj, String> {
    let ours = "OGC:CRS84";
    let (from, to) = if outwards { (ours, crs.as_str()) } else { (crs.as_str(), ours) };
    Proj::new_known_crs(from, to, None).map_err(|e| e.to_string())
}

/// Whether the first axis runs north or south, and whether it counts degrees.
fn axes(crs: &Crs) -> Result<(bool, bool), TransformError> {
    let unknown = |detail: String| TransformError::Unknown { crs: crs.clone(), detail };
    let definition = Proj::new(crs.as_str()).map_err(|e| unknown(e.to_string()))?;
    let json = definition.to_projjson(Some(false), None, None).map_err(|e| unknown(e.to_string()))?;
    let json: Value = serde_json::from_str(&json).map_err(|e| unknown(e.to_string()))?;
    let axes = json["coordinate_system"]["axis"].as_array().map(Vec::as_slice);
    let Some([first, second]) = axes else { return Err(TransformError::NotHorizontal(crs.clone())) };
    let direction = |axis: &Value| axis["direction"].as_str().unwrap_or_default().to_owned();
    let north = |axis: &Value| matches!(direction(axis).as_str(), "north" | "south");
    let east = |axis: &Value| matches!(direction(axis).as_str(), "east" | "west");
    let degrees = first["unit"] == "degree";
    match (north(first), east(second), east(first), north(second)) {
        (true, true, ..) => Ok((true, degrees)),
        (_, _, true, true) => Ok((false, degrees)),
        // A polar CRS: both axes point to the pole, along meridians.
        _ => Err(TransformError::NotHorizontal(crs.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(crs: &str) -> Transform {
        Transform::new(&Crs::parse(crs).unwrap()).unwrap()
    }

    /// Both ways: to a centimetre, or to what that is in degrees.
    fn meets(crs: &str, coordinates: [f64; 2], lon: f64, lat: f64) {
        let transform = of(crs);
        let tolerance = if transform.is_degrees() { 1e-7 } else { 0.02 };
        let out = transform.coordinates(lon, lat).unwrap();
        for (got, expected) in out.iter().zip(coordinates) {
            assert!((got - expected).abs() < tolerance, "{crs}: {out:?} is not {coordinates:?}");
        }
        let back = transform.to_degrees(coordinates).unwrap();
        assert!((back.lon() - lon).abs() < 2e-7 && (back.lat() - lat).abs() < 2e-7, "{crs}: {back:?}");
    }

    #[test]
    fn axes_are_in_the_order_of_the_definition() {
        meets("CRS84", [55.4504, -20.8789], 55.4504, -20.8789);
        meets("EPSG:4326", [-20.8789, 55.4504], 55.4504, -20.8789);
        meets("EPSG:4171", [48.85, 2.35], 2.35, 48.85);
        // The origins of Lambert-93 and CC47 by their definitions.
        meets("EPSG:2154", [700_000.0, 6_600_000.0], 3.0, 46.5);
        meets("EPSG:3947", [1_700_000.0, 6_200_000.0], 3.0, 47.0);
        // The origin of ETRS89-LAEA, which has the northing first.
        meets("EPSG:3035", [3_210_000.0, 4_321_000.0], 10.0, 52.0);
        // A central meridian of UTM has easting 500 000.
        meets("EPSG:2975", [500_000.0, 7_700_000.0], 57.0, -20.799_879_4);
        assert!(of("CRS84").is_stored() && !of("EPSG:4326").is_stored() && !of("EPSG:4171").is_stored());
        assert!(of("EPSG:4171").is_degrees() && !of("EPSG:3857").is_degrees());
    }

    #[test]
    fn web_mercator_is_what_epsg_says() {
        let [x, y] = of("EPSG:3857").coordinates(55.4504, -20.8789).unwrap();
        assert!((x - 6_172_710.29).abs() < 0.1 && (y + 2_377_444.55).abs() < 0.1);
    }

    #[test]
    fn a_box_grows_by_the_curves_of_its_edges() {
        let lambert = of("EPSG:2154");
        let around = lambert.box_to_degrees([600_000.0, 6_600_000.0, 800_000.0, 6_700_000.0]).unwrap().to_array();
        let corner = lambert.to_degrees([600_000.0, 6_700_000.0]).unwrap();
        assert!(around[3] > corner.lat() + 0.001, "the northern edge bows to the north: {around:?}, {corner:?}");
        let middle = lambert.to_degrees([700_000.0, 6_700_000.0]).unwrap();
        assert!((around[3] - middle.lat()).abs() < 1e-9);
        assert_eq!(lambert.box_to_degrees([2.0, 5.0, 1.0, 6.0]), None);
        let latitude_first = of("EPSG:4326").box_to_degrees([-21.0, 170.0, -20.0, -170.0]).unwrap();
        assert_eq!(latitude_first.to_array(), [170.0, -21.0, -170.0, -20.0], "across the antimeridian");
        let nearly = of("EPSG:4171").box_to_degrees([-21.0, 170.0, -20.0, -170.0]).unwrap();
        assert!(nearly.crosses_antimeridian());
    }

    #[test]
    fn what_is_no_crs_of_a_map_is_refused() {
        for (code, why) in [(99_999, "unknown"), (4978, "geocentric"), (5773, "vertical"), (3031, "polar")] {
            assert!(Transform::new(&Crs::parse(&code.to_string()).unwrap()).is_err(), "{why}");
        }
    }

    #[test]
    fn what_is_nowhere_is_none() {
        assert_eq!(of("EPSG:2154").to_degrees([f64::INFINITY, 0.0]), None);
        assert_eq!(of("EPSG:4326").to_degrees([91.0, 0.0]), None);
        assert_eq!(of("EPSG:3857").coordinates(200.0, 0.0), None);
    }
}
