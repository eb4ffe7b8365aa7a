//! Geometries of a filter.

use std::fmt::{self, Write as _};

use geo::kernels::{Kernel, Orientation};
use geo::{BoundingRect, CoordsIter, GeoNum, MapCoords};
use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiPolygon, Point, Polygon, Rect};
use parvis_model::{Bbox, LonLat};

use super::ToDegrees;

/// A geometry in degrees, and the boxes around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    geometry: Geometry<f64>,
    /// Set when it was written as BBOX.
    bbox: Option<Bbox>,
    bounds: Option<Rect<f64>>,
}

impl Shape {
    pub(crate) fn new(geometry: &Geometry<f64>) -> Self {
        // One number, one text: minus zero is zero.
        let geometry = geometry.map_coords(|c| Coord { x: c.x + 0.0, y: c.y + 0.0 });
        let bounds = geometry.bounding_rect();
        Self { geometry, bbox: None, bounds }
    }

    /// One rectangle, or two when the box crosses the antimeridian; of a box without width or height the line or the
    /// point that it is, for DE-9IM knows no polygon without an area.
    pub(crate) fn of_bbox(bbox: Bbox) -> Self {
        let parts: Vec<Geometry<f64>> = bbox.split().map(between).collect();
        let geometry = match <[Geometry<f64>; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => Geometry::GeometryCollection(GeometryCollection(parts)),
        };
        Self { bbox: Some(bbox), ..Self::new(&geometry) }
    }

    pub(crate) const fn geometry(&self) -> &Geometry<f64> {
        &self.geometry
    }

    /// The box that it was written as.
    pub(crate) const fn bbox(&self) -> Option<Bbox> {
        self.bbox
    }

    /// Around everything; `None` of an empty geometry.
    pub(crate) const fn bounds(&self) -> Option<Rect<f64>> {
        self.bounds
    }
}

/// What lies between two corners.
pub(super) fn between(rect: Rect<f64>) -> Geometry<f64> {
    let (min, max) = (rect.min(), rect.max());
    match (rect.width() > 0.0, rect.height() > 0.0) {
        (true, true) => rect.to_polygon().into(),
        (false, false) => Point(min).into(),
        _ => LineString(vec![min, max]).into(),
    }
}

/// What is wrong with a geometry; `None` when it can be used.
pub(super) fn fault(geometry: &Geometry<f64>) -> Option<&'static str> {
    if geometry.coords_iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Some("a coordinate is not a number");
    }
    let ring = |r: &LineString<f64>| r.0.is_empty() || (r.0.len() >= 4 && !is_flat(r));
    let polygon = |p: &Polygon<f64>| ring(p.exterior()) && p.interiors().iter().all(ring);
    let line = |l: &LineString<f64>| l.0.len() != 1;
    let sound = match geometry {
        Geometry::Polygon(p) => polygon(p),
        Geometry::MultiPolygon(m) => m.0.iter().all(polygon),
        Geometry::LineString(l) => line(l),
        Geometry::MultiLineString(m) => m.0.iter().all(line),
        Geometry::GeometryCollection(c) => return c.0.iter().find_map(fault),
        _ => true,
    };
    (!sound).then_some("a ring needs four positions that are not all on one line, a line two")
}

/// Whether all positions lie on one line: such a ring has no inside, and DE-9IM says nothing of it.
fn is_flat(ring: &LineString<f64>) -> bool {
    let Some(&first) = ring.0.first() else { return true };
    let Some(&other) = ring.0.iter().find(|c| **c != first) else { return true };
    ring.coords().all(|&c| <f64 as GeoNum>::Ker::orient2d(first, other, c) == Orientation::Collinear)
}

/// The geometry in degrees. Edges are cut into pieces, for a straight line of one CRS is a curve in another.
pub(super) fn convert(geometry: &Geometry<f64>, to_degrees: &ToDegrees) -> Result<Geometry<f64>, [f64; 2]> {
    /// Pieces of an edge, and how many vertices that may come to.
    const PIECES: usize = 20;
    const ROOM: usize = 4000;
    let pieces = (ROOM / geometry.coords_count().max(1)).clamp(1, PIECES);
    let cut = geometry_in_pieces(geometry, pieces);
    cut.try_map_coords(|c| to_degrees([c.x, c.y]).map(LonLat::coord).ok_or([c.x, c.y]))
}

fn geometry_in_pieces(geometry: &Geometry<f64>, pieces: usize) -> Geometry<f64> {
    let line = |line: &LineString<f64>| {
        let mut out: Vec<Coord<f64>> = Vec::with_capacity(line.0.len() * pieces);
        for edge in line.lines() {
            out.extend((0..pieces).map(|i| edge.start + edge.delta() * (i as f64 / pieces as f64)));
        }
        out.extend(line.0.last());
        LineString(out)
    };
    let polygon = |p: &Polygon<f64>| Polygon::new(line(p.exterior()), p.interiors().iter().map(line).collect());
    match geometry {
        Geometry::LineString(l) => line(l).into(),
        Geometry::MultiLineString(m) => geo_types::MultiLineString(m.0.iter().map(line).collect()).into(),
        Geometry::Polygon(p) => polygon(p).into(),
        Geometry::MultiPolygon(m) => MultiPolygon(m.0.iter().map(polygon).collect()).into(),
        Geometry::GeometryCollection(c) => {
            let parts = c.0.iter().map(|g| geometry_in_pieces(g, pieces)).collect();
            Geometry::GeometryCollection(GeometryCollection(parts))
        }
        other => other.clone(),
    }
}

impl fmt::Display for Shape {
    /// WKT, or BBOX as it was written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bbox) = self.bbox {
            let [w, s, e, n] = bbox.to_array();
            return write!(f, "BBOX({w}, {s}, {e}, {n})");
        }
        f.write_str(&wkt(&self.geometry))
    }
}

fn wkt(geometry: &Geometry<f64>) -> String {
    let name = match geometry {
        Geometry::Point(_) => "POINT",
        Geometry::Line(_) | Geometry::LineString(_) => "LINESTRING",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "POLYGON",
        Geometry::MultiPoint(_) => "MULTIPOINT",
        Geometry::MultiLineString(_) => "MULTILINESTRING",
        Geometry::MultiPolygon(_) => "MULTIPOLYGON",
        Geometry::GeometryCollection(_) => "GEOMETRYCOLLECTION",
    };
    let body = body(geometry);
    if body == "()" { format!("{name} EMPTY") } else { format!("{name}{body}") }
}

fn body(geometry: &Geometry<f64>) -> String {
    fn list<T>(parts: impl IntoIterator<Item = T>, one: impl Fn(T) -> String) -> String {
        let mut out = String::from("(");
        for (at, part) in parts.into_iter().enumerate() {
            let _ = write!(out, "{}{}", if at == 0 { "" } else { ", " }, one(part));
        }
        out.push(')');
        out
    }
    let place = |c: Coord<f64>| format!("{} {}", c.x, c.y);
    let line = |l: &LineString<f64>| list(l.0.iter().copied(), place);
    let polygon = |p: &Polygon<f64>| {
        if p.exterior().0.is_empty() {
            return "()".to_owned();
        }
        list(std::iter::once(p.exterior()).chain(p.interiors()), line)
    };
    match geometry {
        Geometry::Point(p) => format!("({})", place(p.0)),
        Geometry::Line(l) => list([l.start, l.end], place),
        Geometry::LineString(l) => line(l),
        Geometry::Polygon(p) => polygon(p),
        Geometry::Rect(r) => polygon(&r.to_polygon()),
        Geometry::Triangle(t) => polygon(&t.to_polygon()),
        Geometry::MultiPoint(m) => list(m.0.iter(), |p| format!("({})", place(p.0))),
        Geometry::MultiLineString(m) => list(m.0.iter(), line),
        Geometry::MultiPolygon(m) => list(m.0.iter(), polygon),
        Geometry::GeometryCollection(c) => list(c.0.iter(), wkt),
    }
}
