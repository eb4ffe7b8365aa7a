//! Measures of a boundary: area on the ellipsoid, a place for its label.

use geo_types::{Coord, LineString, Polygon};
use parvis_model::topology::Arc;
use parvis_model::{LonLat, Ring, Shape};

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

/// Where the scan lines lie, as shares of the height.
const SCANS: [f64; 7] = [0.5, 0.375, 0.625, 0.25, 0.75, 0.125, 0.875];

/// A place strictly inside a polygon, well away from its border: the middle of the widest run inside on some
/// lines of latitude, where the border is farthest. `None` for a polygon without height.
pub(crate) fn label(polygon: &Polygon<f64>) -> Option<LonLat> {
    let ys = polygon.exterior().0.iter().map(|c| c.y);
    let (south, north) = ys.fold((f64::INFINITY, f64::NEG_INFINITY), |(s, n), y| (s.min(y), n.max(y)));
    let squeeze = f64::midpoint(south, north).to_radians().cos().powi(2);
    let candidates = SCANS.iter().filter_map(|share| middle(polygon, south + (north - south) * share));
    let scored = candidates.map(|c| (clearance(polygon, c, squeeze), c));
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    LonLat::new(best.1.x, best.1.y)
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// The middle of the widest run of a line of latitude inside a polygon.
fn middle(polygon: &Polygon<f64>, y: f64) -> Option<Coord<f64>> {
    let segments = rings(polygon).flat_map(LineString::lines);
    let crossing = segments.filter(|s| (s.start.y > y) != (s.end.y > y));
    let mut xs: Vec<f64> =
        crossing.map(|s| s.start.x + (y - s.start.y) / (s.end.y - s.start.y) * (s.end.x - s.start.x)).collect();
    xs.sort_by(f64::total_cmp);
    let runs = xs.chunks_exact(2).filter(|run| run[1] > run[0]);
    let widest = runs.reduce(|best, run| if run[1] - run[0] > best[1] - best[0] { run } else { best })?;
    Some(Coord { x: f64::midpoint(widest[0], widest[1]), y })
}

/// The square of the distance to the nearest border, degrees of longitude shrunk by `squeeze` (squared cosine).
fn clearance(polygon: &Polygon<f64>, at: Coord<f64>, squeeze: f64) -> f64 {
    let dot = |a: Coord<f64>, b: Coord<f64>| a.x * b.x * squeeze + a.y * b.y;
    let to_segment = |s: geo_types::Line<f64>| {
        let (along, from) = (s.end - s.start, at - s.start);
        let length = dot(along, along);
        let share = if length > 0.0 { (dot(from, along) / length).clamp(0.0, 1.0) } else { 0.0 };
        let off = from - along * share;
        dot(off, off)
    };
    rings(polygon).flat_map(LineString::lines).map(to_segment).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use geo::{Contains, GeodesicArea, polygon};

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
        let at = label(&horseshoe).unwrap();
        assert!(horseshoe.contains(&at.point()));
        assert!(clearance(&horseshoe, at.coord(), 1.0) >= 1.0);
        let ring = polygon!(
            exterior: [(x: 0.0, y: 0.0), (x: 8.0, y: 0.0), (x: 8.0, y: 8.0), (x: 0.0, y: 8.0), (x: 0.0, y: 0.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 1.0, y: 7.0), (x: 7.0, y: 7.0), (x: 7.0, y: 1.0), (x: 1.0, y: 1.0)]],
        );
        assert!(ring.contains(&label(&ring).unwrap().point()));
    }
}
