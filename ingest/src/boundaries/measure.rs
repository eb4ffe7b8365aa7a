//! Measures of a boundary: area on the ellipsoid, a place for its label.

use geo::{BoundingRect, Contains, InteriorPoint};
use geo_types::{Point, Polygon};
use parvis_model::topology::Arc;
use parvis_model::{LonLat, Ring, Shape};

use super::pole::Edges;
use super::select::Place;

/// WGS 84: semi-major axis in metres and first eccentricity squared. Source: EPSG 7030.
const SEMI_MAJOR: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316;

impl Place {
    /// In degrees.
    pub(super) fn lonlat(self) -> Option<LonLat> {
        LonLat::new(f64::from(self.lon) / 1e7, f64::from(self.lat) / 1e7)
    }

    pub(super) fn point(self) -> geo_types::Point<f64> {
        geo_types::Point::new(f64::from(self.lon) / 1e7, f64::from(self.lat) / 1e7)
    }
}

/// What an arc adds to the area of a ring that walks it forward, in square metres: the area between it and the
/// equator on the cylindrical equal-area projection of the ellipsoid.
pub(super) fn area_under(arc: &Arc) -> f64 {
    let places = arc.vertices.iter().map(|p| (SEMI_MAJOR * p.lon().to_radians(), northing(p.lat())));
    let mut sum = 0.0;
    let mut last: Option<(f64, f64)> = None;
    for (x, y) in places {
        if let Some((x0, y0)) = last {
            sum -= (x - x0) * (y + y0) / 2.0;
        }
        last = Some((x, y));
    }
    sum
}

/// Equal-area northing in metres. Source: Snyder, Map Projections (USGS 1395), equations 3-12 and 10-15.
fn northing(lat: f64) -> f64 {
    let (sin, e) = (lat.to_radians().sin(), ECCENTRICITY_2.sqrt());
    let q = (1.0 - ECCENTRICITY_2)
        * (sin / (1.0 - ECCENTRICITY_2 * sin * sin) + ((1.0 + e * sin) / (1.0 - e * sin)).ln() / (2.0 * e));
    SEMI_MAJOR * q / 2.0
}

/// The area of a shape in square kilometres, from what its arcs add.
pub(super) fn area_km2(shape: &Shape, under: &[f64]) -> f64 {
    let ring = |ring: &Ring| -> f64 {
        ring.0.iter().map(|&(arc, reversed)| if reversed { -under[arc as usize] } else { under[arc as usize] }).sum()
    };
    shape.polygons.iter().flatten().map(ring).sum::<f64>() / 1e6
}

/// How close to the best place a unit's label comes: so many parts of the shorter side of its polygon's box.
pub(super) const LABEL_PARTS: f64 = 12.0;

/// The same for slivers thinner than that can see.
const FINE_PARTS: f64 = 2_000.0;

/// The place inside a polygon that is farthest from its border (pole of inaccessibility) to one of `parts` of the
/// shorter side of its box, in the proportions of its middle latitude. `None` for a polygon without area.
pub(crate) fn label(polygon: &Polygon<f64>, parts: f64) -> Option<LonLat> {
    let bounds = polygon.bounding_rect()?;
    let (corner, size) = (bounds.min(), [bounds.width(), bounds.height()]);
    let squeeze = bounds.center().y.to_radians().cos().max(0.01);
    let side = (size[0] * squeeze).min(size[1]);
    let within = |parts: f64| {
        let tolerance = side / parts;
        if tolerance <= 0.0 {
            return None;
        }
        // Bends finer than the tolerance only take time.
        let ([x, y], depth) = Edges::new(polygon, corner, size, squeeze, tolerance / 2.0).pole(tolerance);
        let at = Point::new(corner.x + x / squeeze, corner.y + y);
        // Deeper than the border may be off, and single floats with it, it needs no test.
        (depth > 2.0 * tolerance || polygon.contains(&at)).then_some(at)
    };
    let at = [parts, FINE_PARTS]
        .into_iter()
        .find_map(within)
        .or_else(|| polygon.interior_point().filter(|at| polygon.contains(at)))?;
    LonLat::new(at.x(), at.y())
}

#[cfg(test)]
mod tests {
    use geo::{Distance, Euclidean, GeodesicArea, polygon};

    use super::*;

    fn of_ring(ring: &[(f64, f64)]) -> f64 {
        let vertices = ring.iter().map(|&(x, y)| LonLat::new(x, y).unwrap()).collect();
        area_under(&Arc { vertices, maritime: false, disputed: false })
    }

    #[test]
    fn areas_agree_with_the_geodesic_ones() {
        for (x, y) in [(2.0, 48.0), (55.5, -21.1), (-52.0, 4.0)] {
            // Small: our edges are straight in degrees, theirs are geodesics.
            let ring = [(x, y), (x + 0.005, y), (x + 0.007, y + 0.004), (x - 0.002, y + 0.003), (x, y)];
            let polygon = Polygon::new(ring.to_vec().into(), vec![]);
            let (ours, exact) = (of_ring(&ring), polygon.geodesic_area_signed());
            assert!((ours / exact - 1.0).abs() < 1e-5, "{ours} {exact}");
        }
    }

    #[test]
    fn the_label_is_inside_and_away_from_the_border() {
        let horseshoe = polygon![
            (x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.0, y: 10.0), (x: 8.0, y: 10.0), (x: 8.0, y: 3.0),
            (x: 2.0, y: 3.0), (x: 2.0, y: 10.0), (x: 0.0, y: 10.0), (x: 0.0, y: 0.0),
        ];
        let at = label(&horseshoe, LABEL_PARTS).unwrap();
        assert!(horseshoe.contains(&at.point()));
        // In a corner of the horseshoe, whose arms are 2 wide and its foot 3.
        assert!(Euclidean.distance(&at.point(), horseshoe.exterior()) >= 1.2, "{at:?}");
        let ring = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 8.0, y: 0.0), (x: 8.0, y: 8.0), (x: 0.0, y: 8.0), (x: 0.0, y: 0.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 1.0, y: 7.0), (x: 7.0, y: 7.0), (x: 7.0, y: 1.0), (x: 1.0, y: 1.0)]],
        );
        assert!(ring.contains(&label(&ring, LABEL_PARTS).unwrap().point()));
        let sliver = polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 10.0), (x: 10.0, y: 10.000_01), (x: 0.0, y: 0.0)];
        assert!(sliver.contains(&label(&sliver, LABEL_PARTS).unwrap().point()));
        let line = polygon![(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 5.0, y: 0.0), (x: 0.0, y: 0.0)];
        assert_eq!(label(&line, LABEL_PARTS), None);
    }
}
