//! Point in polygon, fast and without a gap between neighbours.

use std::sync::OnceLock;

use geo::Winding;
use geo_types::{Coord, Line, LineString, MultiPolygon, Polygon};
use geozero::error::GeozeroError;
use geozero::wkb::Wkb;
use geozero::{GeomProcessor, GeozeroGeometry};
use parvis_model::{Bbox, LonLat};

/// Steps per degree: OpenStreetMap's own precision, so nothing is lost.
pub(super) const STEPS_PER_DEGREE: i32 = 10_000_000;
const STEPS: f64 = STEPS_PER_DEGREE as f64;

/// Edges a band holds on average. Fewer make lookups faster and the bands larger.
const EDGES_PER_BAND: usize = 8;

/// So many edges take some hundredths of a millisecond to sort.
const WAITED_FOR: usize = 2_000;

/// A multipolygon in whole ten-millionths of a degree, its edges sorted into horizontal bands.
///
/// # Validity
/// Arithmetic is exact and symmetric: of two polygons that share an edge, exactly one contains a
/// point on it. Rings may stand in any order and direction; holes are what an even number of rings surrounds.
#[derive(Debug, Clone)]
pub struct PreparedPolygon {
    /// Closed rings end to end.
    vertices: Vec<[i32; 2]>,
    /// Where rings end in `vertices`.
    ring_ends: Vec<u32>,
    /// Lowest and highest y.
    south: i32,
    north: i32,
    /// Made when first asked, or when warmed: most polygons are never asked whether they hold a place.
    bands: OnceLock<Bands>,
}

/// The edges by height.
#[derive(Debug, Clone)]
struct Bands {
    /// Where bands begin in `edges`; one more than bands.
    begins: Vec<u32>,
    /// Index of each edge's first vertex.
    edges: Vec<u32>,
}

impl Bands {
    fn count(&self) -> usize {
        self.begins.len() - 1
    }

    /// The edges of a band.
    fn of(&self, band: usize) -> &[u32] {
        &self.edges[self.begins[band] as usize..self.begins[band + 1] as usize]
    }
}

/// A place in steps.
pub(super) fn fixed(c: Coord<f64>) -> [i32; 2] {
    // `as` saturates; ±180 degrees fit.
    [(c.x * STEPS).round() as i32, (c.y * STEPS).round() as i32]
}

impl PreparedPolygon {
    /// Prepares a multipolygon in degrees.
    #[cfg(test)]
    pub(crate) fn new(shape: &geo_types::MultiPolygon<f64>) -> Self {
        let mut rings = Rings::default();
        geo_types::Geometry::MultiPolygon(shape.clone()).process_geom(&mut rings).unwrap();
        rings.prepare()
    }

    /// Prepares a polygon or multipolygon as it is stored, and gives its box too; `None` for any other geometry. O(n).
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub(crate) fn from_wkb(wkb: &[u8]) -> Result<Option<(Self, Bbox)>, GeozeroError> {
        let mut rings = Rings::default();
        Wkb(wkb).process_geom(&mut rings)?;
        let bbox = rings.bounds.and_then(|(min, max)| Bbox::from_rect(geo_types::Rect::new(min, max)));
        Ok(bbox.map(|bbox| (rings.prepare(), bbox)))
    }

    /// Sorts the edges, if there are so many that whoever asks first would wait for it.
    pub(super) fn warm(&self) {
        if self.vertices.len() > WAITED_FOR {
            self.bands();
        }
    }

    fn bands(&self) -> &Bands {
        self.bands.get_or_init(|| self.sorted_into_bands())
    }

    fn sorted_into_bands(&self) -> Bands {
        let count = (self.vertices.len() / EDGES_PER_BAND).max(1);
        let mut sizes = vec![0u32; count + 1];
        let spans: Vec<(u32, usize, usize)> = self
            .edge_starts()
            .map(|e| {
                let (a, b) = (self.vertices[e as usize][1], self.vertices[e as usize + 1][1]);
                (e, self.band(a.min(b), count), self.band(a.max(b), count))
            })
            .collect();
        for &(_, low, high) in &spans {
            (low..=high).for_each(|band| sizes[band + 1] += 1);
        }
        for band in 0..count {
            sizes[band + 1] += sizes[band];
        }
        let mut next = sizes.clone();
        let mut edges = vec![0; sizes[count] as usize];
        for (edge, low, high) in spans {
            for band in low..=high {
                edges[next[band] as usize] = edge;
                next[band] += 1;
            }
        }
        Bands { begins: sizes, edges }
    }

    fn band(&self, y: i32, count: usize) -> usize {
        let height = i64::from(self.north) - i64::from(self.south) + 1;
        ((i64::from(y) - i64::from(self.south)) * count as i64 / height) as usize
    }

    /// The lowest height of a band.
    fn band_begin(&self, band: usize, count: usize) -> i32 {
        let height = i64::from(self.north) - i64::from(self.south) + 1;
        let above = (band as i64 * height + count as i64 - 1) / count as i64;
        (i64::from(self.south) + above) as i32
    }

    fn edge_starts(&self) -> impl Iterator<Item = u32> + '_ {
        let begins = std::iter::once(0).chain(self.ring_ends.iter().copied());
        begins.zip(&self.ring_ends).flat_map(|(begin, &end)| begin..end - 1)
    }

    /// Its rings, closed, in ten-millionths of a degree: longitude, latitude. In no order that tells shells from holes.
    pub fn rings(&self) -> impl Iterator<Item = &[[i32; 2]]> {
        let begins = std::iter::once(0).chain(self.ring_ends.iter().copied());
        begins.zip(&self.ring_ends).map(|(begin, &end)| &self.vertices[begin as usize..end as usize])
    }

    /// Whether a place lies inside. On a shared border it lies in exactly one of the neighbours.
    pub fn contains(&self, at: LonLat) -> bool {
        let [x, y] = fixed(at.coord());
        self.contains_fixed(x, y)
    }

    /// The same of a place in steps.
    pub(super) fn contains_fixed(&self, x: i32, y: i32) -> bool {
        if !(self.south..=self.north).contains(&y) {
            return false;
        }
        let bands = self.bands();
        let edges = bands.of(self.band(y, bands.count()));
        edges.iter().filter(|&&e| self.is_left_of(x, y, e as usize)).count() % 2 == 1
    }

    /// Whether the edge passes the height of the place, east of it.
    pub(super) fn is_left_of(&self, x: i32, y: i32, edge: usize) -> bool {
        let (a, b) = (self.vertices[edge], self.vertices[edge + 1]);
        if (a[1] > y) == (b[1] > y) {
            return false;
        }
        // From south to north whichever way the ring runs, so that both neighbours compute the same.
        let (low, high) = if a[1] < b[1] { (a, b) } else { (b, a) };
        let wide = |to: i32, from: i32| i128::from(to) - i128::from(from);
        wide(high[0], low[0]) * wide(y, low[1]) > wide(x, low[0]) * wide(high[1], low[1])
    }

    /// Whether the polygon and a box share a point, edges included. O(n).
    pub fn intersects(&self, bbox: Bbox) -> bool {
        bbox.split().any(|r| {
            let (min, max) = (fixed(r.min()), fixed(r.max()));
            self.edge_starts().any(|e| self.edge_meets(e as usize, min, max))
                || LonLat::new(r.min().x, r.min().y).is_some_and(|corner| self.contains(corner))
        })
    }

    /// The edges that reach some heights, each once, by their first vertices; a few that come near them too.
    pub(super) fn edges_between(&self, low: i32, high: i32) -> impl Iterator<Item = usize> + '_ {
        let (low, high) = (low.max(self.south), high.min(self.north));
        let bands = self.bands();
        let count = bands.count();
        let reached = if low <= high { self.band(low, count)..self.band(high, count) + 1 } else { 0..0 };
        let first = reached.start;
        reached.flat_map(move |band| {
            // an edge stands in every band that it reaches
            let begins = if band == first { i32::MIN } else { self.band_begin(band, count) };
            bands.of(band).iter().map(|&edge| edge as usize).filter(move |&edge| {
                let [a, b] = self.ends(edge);
                a[1].min(b[1]) >= begins
            })
        })
    }

    /// The lowest and the highest height that it reaches.
    pub(super) fn heights(&self) -> [i32; 2] {
        [self.south, self.north]
    }

    /// The two ends of an edge.
    pub(super) fn ends(&self, edge: usize) -> [[i32; 2]; 2] {
        [self.vertices[edge], self.vertices[edge + 1]]
    }

    /// Whether an edge and a box share a point, the box's border included.
    pub(super) fn edge_meets(&self, edge: usize, min: [i32; 2], max: [i32; 2]) -> bool {
        let (a, b) = (self.vertices[edge], self.vertices[edge + 1]);
        let apart = |i: usize| a[i].max(b[i]) < min[i] || a[i].min(b[i]) > max[i];
        if apart(0) || apart(1) {
            return false;
        }
        let side = |x: i32, y: i32| {
            let wide = |to: i32, from: i32| i128::from(to) - i128::from(from);
            (wide(b[0], a[0]) * wide(y, a[1]) - wide(b[1], a[1]) * wide(x, a[0])).signum()
        };
        let corners = [side(min[0], min[1]), side(max[0], min[1]), side(max[0], max[1]), side(min[0], max[1])];
        !(corners.iter().all(|&s| s > 0) || corners.iter().all(|&s| s < 0))
    }

    /// The edges, each as its two ends in a fixed order: neighbours have some in common.
    pub(crate) fn edges(&self) -> impl Iterator<Item = ([i32; 2], [i32; 2])> + '_ {
        self.edge_starts().map(|e| {
            let (a, b) = (self.vertices[e as usize], self.vertices[e as usize + 1]);
            if a < b { (a, b) } else { (b, a) }
        })
    }
}

impl PreparedPolygon {
    fn degrees(&self, vertex: usize) -> Coord<f64> {
        let [x, y] = self.vertices[vertex];
        Coord { x: f64::from(x) / STEPS, y: f64::from(y) / STEPS }
    }

    /// The edges, in degrees.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<f64>> + '_ {
        self.edge_starts().map(|e| Line::new(self.degrees(e as usize), self.degrees(e as usize + 1)))
    }

    /// A place on each ring, in degrees.
    pub(crate) fn ring_starts(&self) -> impl Iterator<Item = Coord<f64>> + '_ {
        let begins = std::iter::once(0).chain(self.ring_ends.iter().copied());
        begins.zip(&self.ring_ends).filter(|(begin, end)| begin < *end).map(|(begin, _)| self.degrees(begin as usize))
    }

    /// The multipolygon, in degrees. Tables wind exterior rings counter-clockwise, and holes follow theirs.
    pub(crate) fn shape(&self) -> MultiPolygon<f64> {
        let mut parts: Vec<(LineString<f64>, Vec<LineString<f64>>)> = Vec::new();
        let mut begin = 0;
        for &end in &self.ring_ends {
            let ring = LineString((begin..end as usize).map(|v| self.degrees(v)).collect());
            begin = end as usize;
            match parts.last_mut() {
                Some((_, holes)) if ring.is_cw() => holes.push(ring),
                _ => parts.push((ring, Vec::new())),
            }
        }
        MultiPolygon(parts.into_iter().map(|(exterior, holes)| Polygon::new(exterior, holes)).collect())
    }
}

/// Collects the rings of polygons, in whole steps.
#[derive(Debug, Default)]
struct Rings {
    vertices: Vec<[i32; 2]>,
    ring_ends: Vec<u32>,
    /// Lowest and highest coordinates, in degrees.
    bounds: Option<(Coord<f64>, Coord<f64>)>,
    /// Whether what comes is a ring of a polygon.
    inside: bool,
}

impl Rings {
    fn ring_begin(&self) -> usize {
        self.ring_ends.last().map_or(0, |&end| end as usize)
    }

    fn prepare(mut self) -> PreparedPolygon {
        self.vertices.shrink_to_fit();
        let (south, north) = self.vertices.iter().fold((i32::MAX, i32::MIN), |(s, n), v| (s.min(v[1]), n.max(v[1])));
        let (south, north) = if self.vertices.is_empty() { (0, 0) } else { (south, north) };
        let (vertices, ring_ends) = (self.vertices, self.ring_ends);
        PreparedPolygon { vertices, ring_ends, south, north, bands: OnceLock::new() }
    }
}

impl GeomProcessor for Rings {
    fn xy(&mut self, x: f64, y: f64, _: usize) -> geozero::error::Result<()> {
        if self.inside {
            let (min, max) = self.bounds.get_or_insert((Coord { x, y }, Coord { x, y }));
            *min = Coord { x: min.x.min(x), y: min.y.min(y) };
            *max = Coord { x: max.x.max(x), y: max.y.max(y) };
            let v = fixed(Coord { x, y });
            // Two vertices that round to one make no edge.
            if self.vertices.len() == self.ring_begin() || self.vertices.last() != Some(&v) {
                self.vertices.push(v);
            }
        }
        Ok(())
    }

    fn polygon_begin(&mut self, _: bool, _: usize, _: usize) -> geozero::error::Result<()> {
        self.inside = true;
        Ok(())
    }

    fn polygon_end(&mut self, _: bool, _: usize) -> geozero::error::Result<()> {
        self.inside = false;
        Ok(())
    }

    fn linestring_end(&mut self, _: bool, _: usize) -> geozero::error::Result<()> {
        let begin = self.ring_begin();
        if self.vertices.len() - begin >= 4 {
            self.ring_ends.push(self.vertices.len() as u32);
        } else {
            self.vertices.truncate(begin);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "polygon_tests.rs"]
mod tests;
