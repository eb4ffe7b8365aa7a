//! Where points and boundaries lie: boxes, circles and shapes, each told of whole tiles before single points.

use geo::coordinate_position::{CoordPos, CoordinatePosition};
use geo::{CoordsIter, Distance, Geodesic, Haversine, Intersects, LinesIter, Relate};
use geo_types::{Coord, Geometry, Line, Point, Rect};
use parvis_model::{Bbox, LonLat, MAX_LATITUDE, MAX_ZOOM, Marks, TileCoord};
use rayon::prelude::*;

use crate::cql::{Relation, Shape};
use crate::filter::Near;
use crate::index::{PointIndex, PreparedPolygon};

/// Positions of a tile that are looked at one by one rather than by its four parts.
const FEW: usize = 24;

/// How far the edge of a tile is moved outwards, degrees: a place is rounded to the grid.
const MARGIN: f64 = 1e-6;

/// By how much distance on a sphere and on the ellipsoid differ at most, and a little more.
const FLATTENING: f64 = 0.01;

/// How an area lies to a rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// It holds all of it.
    All,
    /// It may hold some of it.
    Some,
    /// It holds nothing of it.
    None,
}

/// Something that points lie in or not.
trait Area: Sync {
    fn meets(&self, rect: Rect<f64>) -> Meets;
    fn holds(&self, at: LonLat) -> bool;
}

/// The located positions inside a box, edges included.
pub(super) fn in_bbox(points: &PointIndex, bbox: Bbox) -> Marks {
    search(points, &bbox)
}

/// The located positions near a place.
pub(super) fn near(points: &PointIndex, near: Near) -> Marks {
    search(points, &Circle::new(near))
}

/// The located positions that lie so to a shape.
pub(super) fn lying(points: &PointIndex, relation: Relation, shape: &Shape) -> Marks {
    search(points, &Lying { relation, shape, edges: edges(shape.geometry()) })
}

/// Whether a place lies so to a shape.
pub(super) fn place_lies(at: LonLat, relation: Relation, shape: &Shape) -> bool {
    Lying { relation, shape, edges: Vec::new() }.holds(at)
}

/// Goes down the tiles: what is all in is taken as a range, what is all out is left, the rest is looked at.
fn search(points: &PointIndex, area: &impl Area) -> Marks {
    let mut taken = Marks::none(points.len());
    let mut doubtful: Vec<std::ops::Range<usize>> = Vec::new();
    let mut tiles = vec![TileCoord::ROOT];
    while let Some(tile) = tiles.pop() {
        let range = points.range(tile);
        if range.is_empty() {
            continue;
        }
        if range.len() <= FEW || tile.z() >= MAX_ZOOM {
            doubtful.push(range);
            continue;
        }
        match area.meets(rect(tile)) {
            Meets::All => taken.insert_range(range),
            Meets::None => {}
            Meets::Some => match tile.children() {
                Some(children) => tiles.extend(children),
                None => doubtful.push(range),
            },
        }
    }
    let look = |range: std::ops::Range<usize>| range.filter(|&at| points.place(at).is_some_and(|p| area.holds(p)));
    let found: Vec<usize> = doubtful.into_par_iter().with_min_len(64).flat_map_iter(look).collect();
    for at in found {
        taken.insert(at);
    }
    taken
}

/// The degrees that the places of a tile may have. The outermost rows reach to the poles, where places are clamped.
fn rect(tile: TileCoord) -> Rect<f64> {
    let [west, south, east, north] = tile.bounds();
    let reach = |lat: f64| if lat.abs() >= MAX_LATITUDE - MARGIN { 90.0_f64.copysign(lat) } else { lat };
    Rect::new(
        Coord { x: west - MARGIN, y: reach(south) - MARGIN },
        Coord { x: east + MARGIN, y: reach(north) + MARGIN },
    )
}

impl Area for Bbox {
    fn meets(&self, rect: Rect<f64>) -> Meets {
        let mut meets = Meets::None;
        for part in self.split() {
            let in_x = part.min().x <= rect.min().x && rect.max().x <= part.max().x;
            let in_y = part.min().y <= rect.min().y && rect.max().y <= part.max().y;
            if in_x && in_y {
                return Meets::All;
            }
            if part.intersects(&rect) {
                meets = Meets::Some;
            }
        }
        meets
    }

    fn holds(&self, at: LonLat) -> bool {
        self.contains(at)
    }
}

/// A circle on the ellipsoid, and a box that it surely lies in.
pub(super) struct Circle {
    near: Near,
    around: Option<Bbox>,
}

impl Circle {
    pub(super) fn new(near: Near) -> Self {
        /// Metres of a degree of latitude, at least.
        const DEGREE: f64 = 110_500.0;
        let (lon, lat) = (near.at.lon(), near.at.lat());
        let high = near.radius / DEGREE * (1.0 + FLATTENING) + MARGIN;
        let (south, north) = (lat - high, lat + high);
        let around = if south <= -89.9 || north >= 89.9 {
            // Round a pole every longitude is near.
            Bbox::new(-180.0, south.max(-90.0), 180.0, north.min(90.0)).ok()
        } else {
            let wide = high / south.abs().max(north.abs()).to_radians().cos();
            let turn = |lon: f64| (lon + 540.0).rem_euclid(360.0) - 180.0;
            let (west, east) = if wide >= 179.0 { (-180.0, 180.0) } else { (turn(lon - wide), turn(lon + wide)) };
            Bbox::new(west, south, east, north).ok()
        };
        Self { near, around }
    }

    /// The box; `None` is the world.
    pub(super) const fn around(&self) -> Option<Bbox> {
        self.around
    }

    /// Whether the distance on the sphere decides.
    fn surely(&self, at: Coord<f64>) -> Option<bool> {
        let distance = Haversine.distance(Point(at), self.near.at.point());
        if distance < self.near.radius * (1.0 - FLATTENING) {
            Some(true)
        } else if distance > self.near.radius * (1.0 + FLATTENING) {
            Some(false)
        } else {
            None
        }
    }

    fn holds_coord(&self, at: Coord<f64>) -> bool {
        self.surely(at).unwrap_or_else(|| Geodesic.distance(Point(at), self.near.at.point()) <= self.near.radius)
    }

    /// Whether a boundary comes as near as that.
    pub(super) fn meets_polygon(&self, polygon: &PreparedPolygon) -> bool {
        polygon.contains(self.near.at) || self.nearest(polygon).any(|at| self.holds_coord(at))
    }

    /// How far a polygon is from the centre, metres: 0 inside.
    pub(super) fn distance(&self, polygon: &PreparedPolygon) -> f64 {
        if polygon.contains(self.near.at) {
            return 0.0;
        }
        let centre = self.near.at.point();
        // The sphere finds the place, the ellipsoid measures it.
        let by_sphere = self.nearest(polygon).map(|at| (Haversine.distance(Point(at), centre), at));
        let nearest = by_sphere.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest.map_or(f64::INFINITY, |(_, at)| Geodesic.distance(Point(at), centre))
    }

    /// The place of each line of a boundary that is nearest to the centre, found on a plane around it.
    fn nearest(&self, polygon: &PreparedPolygon) -> impl Iterator<Item = Coord<f64>> {
        let centre = self.near.at.coord();
        let shrink = centre.y.to_radians().cos().max(1e-6);
        let turn = move |x: f64| (x - centre.x + 540.0).rem_euclid(360.0) - 180.0;
        let plane = move |c: Coord<f64>| Coord { x: turn(c.x) * shrink, y: c.y - centre.y };
        polygon.lines().map(move |line: Line<f64>| {
            let (a, b) = (plane(line.start), plane(line.end));
            let along = b - a;
            let square = along.x * along.x + along.y * along.y;
            let share = if square > 0.0 { (-(a.x * along.x + a.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
            line.start + line.delta() * share
        })
    }
}

impl Area for Circle {
    fn meets(&self, rect: Rect<f64>) -> Meets {
        if self.around.is_some_and(|b| !b.split().any(|part| part.intersects(&rect))) {
            return Meets::None;
        }
        // A circle bulges over the parallels of a large tile; of a small one it holds what it holds the corners of.
        let small = rect.width() < 1.0 && rect.height() < 1.0 && rect.min().y > -89.0 && rect.max().y < 89.0;
        let corners =
            [rect.min(), rect.max(), (rect.min().x, rect.max().y).into(), (rect.max().x, rect.min().y).into()];
        if small && corners.into_iter().all(|c| self.surely(c) == Some(true)) { Meets::All } else { Meets::Some }
    }

    fn holds(&self, at: LonLat) -> bool {
        self.holds_coord(at.coord())
    }
}

/// A relation to a shape.
struct Lying<'s> {
    relation: Relation,
    shape: &'s Shape,
    edges: Vec<Line<f64>>,
}

impl Area for Lying<'_> {
    fn meets(&self, rect: Rect<f64>) -> Meets {
        if self.shape.bounds().is_none_or(|b| !b.intersects(&rect)) {
            return Meets::None;
        }
        let touched = |e: &Line<f64>| {
            e.start.x.max(e.end.x) >= rect.min().x
                && e.start.x.min(e.end.x) <= rect.max().x
                && e.start.y.max(e.end.y) >= rect.min().y
                && e.start.y.min(e.end.y) <= rect.max().y
                && rect.intersects(e)
        };
        if self.edges.iter().any(touched) {
            return Meets::Some;
        }
        // No edge: all of it is on one side.
        let inside = self.shape.geometry().coordinate_position(&rect.center()) == CoordPos::Inside;
        let takes = matches!(self.relation, Relation::Intersects | Relation::Within);
        if inside && takes { Meets::All } else { Meets::None }
    }

    fn holds(&self, at: LonLat) -> bool {
        let at = at.coord();
        if self.shape.bounds().is_none_or(|b| !b.intersects(&at)) {
            return false;
        }
        let position = || self.shape.geometry().coordinate_position(&at);
        match self.relation {
            Relation::Intersects => position() != CoordPos::Outside,
            Relation::Disjoint => position() == CoordPos::Outside,
            Relation::Within => position() == CoordPos::Inside,
            Relation::Touches => position() == CoordPos::OnBoundary,
            // A point holds, and is, nothing but a point there.
            Relation::Contains | Relation::Equals => {
                self.shape.geometry().coords_iter().all(|c| c == at)
                    && self.shape.geometry().coords_iter().next().is_some()
            }
            // A point has no part inside and another outside.
            Relation::Overlaps | Relation::Crosses => false,
        }
    }
}

/// The edges of a geometry; of points the points themselves.
fn edges(geometry: &Geometry<f64>) -> Vec<Line<f64>> {
    let mut edges: Vec<Line<f64>> = Vec::new();
    collect(geometry, &mut edges);
    edges
}

fn collect(geometry: &Geometry<f64>, edges: &mut Vec<Line<f64>>) {
    match geometry {
        Geometry::Point(p) => edges.push(Line::new(p.0, p.0)),
        Geometry::MultiPoint(m) => edges.extend(m.0.iter().map(|p| Line::new(p.0, p.0))),
        Geometry::GeometryCollection(c) => c.0.iter().for_each(|g| collect(g, edges)),
        Geometry::Line(l) => edges.push(*l),
        Geometry::LineString(l) => edges.extend(l.lines()),
        Geometry::MultiLineString(m) => edges.extend(m.lines_iter()),
        Geometry::Polygon(p) => edges.extend(p.lines_iter()),
        Geometry::MultiPolygon(m) => edges.extend(m.lines_iter()),
        Geometry::Rect(r) => edges.extend(r.to_lines()),
        Geometry::Triangle(t) => edges.extend(t.to_lines()),
    }
}

/// A shape made ready to be compared with many boundaries.
pub(super) struct Compared<'s> {
    shape: &'s Shape,
    edges: Vec<Line<f64>>,
}

impl<'s> Compared<'s> {
    pub(super) fn new(shape: &'s Shape) -> Self {
        Self { shape, edges: edges(shape.geometry()) }
    }

    /// Whether a boundary lies so to the shape. `around` is its box.
    pub(super) fn relates(&self, polygon: &PreparedPolygon, around: Bbox, relation: Relation) -> bool {
        let meets = self.meets(polygon, around);
        match relation {
            Relation::Intersects => meets,
            Relation::Disjoint => !meets,
            // All the others share a point.
            _ if !meets => false,
            // What is contained lies in the box too.
            Relation::Within if !self.box_holds(around) => false,
            _ => relates(relation, &polygon.shape().into(), self.shape.geometry()),
        }
    }

    fn box_holds(&self, around: Bbox) -> bool {
        let [w, s, e, n] = around.to_array();
        self.shape.bounds().is_some_and(|b| {
            b.min().x <= w + MARGIN && b.min().y <= s + MARGIN && b.max().x >= e - MARGIN && b.max().y >= n - MARGIN
        })
    }

    fn meets(&self, polygon: &PreparedPolygon, around: Bbox) -> bool {
        let Some(bounds) = self.shape.bounds() else { return false };
        if !around.split().any(|part| grown(part).intersects(&bounds)) {
            return false;
        }
        let apart = |a: &Line<f64>, b: &Line<f64>| {
            a.start.x.max(a.end.x) < b.start.x.min(b.end.x)
                || a.start.x.min(a.end.x) > b.start.x.max(b.end.x)
                || a.start.y.max(a.end.y) < b.start.y.min(b.end.y)
                || a.start.y.min(a.end.y) > b.start.y.max(b.end.y)
        };
        let frame = Line::new(bounds.min(), bounds.max());
        let crosses = |line: Line<f64>| {
            !apart(&line, &frame) && self.edges.iter().any(|e| !apart(&line, e) && line.intersects(e))
        };
        // No two edges meet: each part lies wholly inside the other or outside.
        polygon.lines().any(crosses)
            || self.edges.iter().any(|e| LonLat::new(e.start.x, e.start.y).is_some_and(|p| polygon.contains(p)))
            || polygon.ring_starts().any(|c| self.shape.geometry().coordinate_position(&c) == CoordPos::Inside)
    }
}

fn grown(rect: Rect<f64>) -> Rect<f64> {
    let margin = Coord { x: MARGIN, y: MARGIN };
    Rect::new(rect.min() - margin, rect.max() + margin)
}

/// How two geometries lie to each other, by DE-9IM.
pub(super) fn relates(relation: Relation, a: &Geometry<f64>, b: &Geometry<f64>) -> bool {
    let matrix = a.relate(b);
    match relation {
        Relation::Intersects => matrix.is_intersects(),
        Relation::Disjoint => matrix.is_disjoint(),
        Relation::Contains => matrix.is_contains(),
        Relation::Within => matrix.is_within(),
        Relation::Touches => matrix.is_touches(),
        Relation::Overlaps => matrix.is_overlaps(),
        Relation::Crosses => matrix.is_crosses(),
        Relation::Equals => matrix.is_equal_topo(),
    }
}
