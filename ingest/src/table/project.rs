//! Coordinates of any CRS to longitude and latitude, one PROJ context per thread.

use std::cell::RefCell;

use parvis_model::{Crs, LonLat};
use proj::{Area, Proj};

/// How far beyond the CRS's area of use a point may lie, degrees: areas are drawn roughly.
const AREA_MARGIN: f64 = 1.0;

thread_local! {
    // PROJ objects belong to one thread; a table has one CRS, so the last one is enough.
    static LAST: RefCell<Option<(Crs, Proj)>> = const { RefCell::new(None) };
}

/// Why coordinates are no place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Misplaced {
    /// Out of range, or PROJ has no result.
    OutOfRange,
    /// A place on Earth, but not where the CRS is used.
    OutOfArea(f64, f64),
}

/// A CRS ready to project from.
#[derive(Debug, Clone)]
pub(super) struct Projector {
    crs: Crs,
    area: Option<Area>,
}

impl Projector {
    /// # Errors
    /// What PROJ says about a CRS it does not know.
    pub(super) fn new(crs: &Crs) -> Result<Self, String> {
        if crs.is_lonlat() {
            return Ok(Self { crs: crs.clone(), area: None });
        }
        transformation(crs)?;
        // Without an area of use nothing is checked against it.
        let area = Proj::new(crs.as_str()).ok().and_then(|p| p.area_of_use().ok()).and_then(|(area, _)| area);
        Ok(Self { crs: crs.clone(), area })
    }

    /// The place of `x` (easting or longitude) and `y` (northing or latitude).
    pub(super) fn project(&self, x: f64, y: f64) -> Result<LonLat, Misplaced> {
        if self.crs.is_lonlat() {
            return LonLat::new(x, y).ok_or(Misplaced::OutOfRange);
        }
        let (lon, lat) = LAST.with_borrow_mut(|last| {
            if last.as_ref().is_none_or(|(crs, _)| *crs != self.crs) {
                *last = transformation(&self.crs).ok().map(|proj| (self.crs.clone(), proj));
            }
            last.as_ref().and_then(|(_, proj)| proj.convert((x, y)).ok()).ok_or(Misplaced::OutOfRange)
        })?;
        let at = LonLat::new(lon, lat).ok_or(Misplaced::OutOfRange)?;
        if self.area.is_some_and(|area| !in_area(area, at)) { Err(Misplaced::OutOfArea(lon, lat)) } else { Ok(at) }
    }
}

fn transformation(crs: &Crs) -> Result<Proj, String> {
    Proj::new_known_crs(crs.as_str(), "OGC:CRS84", None).map_err(|e| e.to_string())
}

fn in_area(area: Area, at: LonLat) -> bool {
    let lat = (area.south - AREA_MARGIN..=area.north + AREA_MARGIN).contains(&at.lat());
    let (west, east) = (area.west - AREA_MARGIN, area.east + AREA_MARGIN);
    let lon =
        if area.west > area.east { at.lon() >= west || at.lon() <= east } else { (west..=east).contains(&at.lon()) };
    lat && lon
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(crs: &str, x: f64, y: f64, lon: f64, lat: f64) {
        let at = Projector::new(&Crs::parse(crs).unwrap()).unwrap().project(x, y).unwrap();
        assert!((at.lon() - lon).abs() < 2e-6 && (at.lat() - lat).abs() < 2e-6, "{crs}: {at:?}");
    }

    #[test]
    fn known_places_come_out_where_they_are() {
        near("EPSG:4326", 55.4504, -20.8789, 55.4504, -20.8789);
        // 118 rue Bernard Blier, Montpellier: a row of the city's own file; degrees by IGN's NTG 71 formulas.
        near("EPSG:2154", 769_588.622_6, 6_276_876.751_2, 3.861_404_5, 43.587_532_6);
        // The origin of Lambert-93 by its definition (EPSG 2154).
        near("EPSG:2154", 700_000.0, 6_600_000.0, 3.0, 46.5);
        // The origin of the UTM zone of La Réunion, and a geographic CRS written latitude first.
        near("EPSG:2975", 500_000.0, 7_700_000.0, 57.0, -20.799_879_4);
        near("EPSG:4171", 2.35, 48.85, 2.35, 48.85);
    }

    #[test]
    fn degrees_called_metres_are_out_of_the_area() {
        let lambert = Projector::new(&Crs::parse("EPSG:2154").unwrap()).unwrap();
        assert!(matches!(lambert.project(3.87, 43.61), Err(Misplaced::OutOfArea(..))));
        assert_eq!(lambert.project(f64::INFINITY, 0.0), Err(Misplaced::OutOfRange));
        assert!(lambert.project(1e30, -1e30).is_err());
        let degrees = Projector::new(&Crs::crs84()).unwrap();
        assert_eq!(degrees.project(769_588.6, 6_276_876.8), Err(Misplaced::OutOfRange));
        assert!(degrees.project(0.0, 0.0).is_ok(), "zero is a place");
    }

    #[test]
    fn a_crs_that_proj_does_not_know_says_so() {
        assert!(Projector::new(&Crs::parse("EPSG:99999").unwrap()).is_err());
    }
}
