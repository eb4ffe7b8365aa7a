//! One unit's polygons, ready for many point tests.

use geo_types::{Coord, LineString, MultiPolygon};

/// Up to so many vertices a plain loop beats any index.
const PLAIN: usize = 64;
/// About so many edges a bin.
const EDGES_A_BIN: usize = 4;

/// Rings as one run of vertices, degrees.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    min: Coord<f64>,
    max: Coord<f64>,
    vertices: Box<[Coord<f64>]>,
    /// Where each ring ends in `vertices`.
    ends: Box<[u32]>,
    bins: Option<Bins>,
}

/// Edges by bands of latitude; edge `i` goes from vertex `i` to `i + 1`.
#[derive(Debug, Clone)]
struct Bins {
    south: f64,
    per_degree: f64,
    ends: Box<[u32]>,
    edges: Box<[u32]>,
}

impl Prepared {
    /// `None` without any vertex.
    pub(super) fn new(geometry: &MultiPolygon<f64>) -> Option<Self> {
        let rings = || geometry.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        let vertices: Box<[Coord<f64>]> = rings().flat_map(|r| r.0.iter().copied()).collect();
        let first = *vertices.first()?;
        let fold = |pick: fn(f64, f64) -> f64| Coord {
            x: vertices.iter().map(|c| c.x).fold(first.x, pick),
            y: vertices.iter().map(|c| c.y).fold(first.y, pick),
        };
        let (min, max) = (fold(f64::min), fold(f64::max));
        let mut end = 0;
        let mut next_end = |ring: &LineString<f64>| {
            end += ring.0.len() as u32;
            end
        };
        let ends = rings().map(&mut next_end).collect();
        let mut prepared = Self { min, max, vertices, ends, bins: None };
        if prepared.vertices.len() > PLAIN {
            prepared.bins = Some(Bins::new(&prepared));
        }
        Some(prepared)
    }

    /// South-west and north-east corner.
    pub(super) fn corners(&self) -> ([f64; 2], [f64; 2]) {
        ([self.min.x, self.min.y], [self.max.x, self.max.y])
    }

    /// Whether a place is inside; one on a shared border is in exactly one of the two neighbours.
    pub(super) fn contains(&self, at: Coord<f64>) -> bool {
        if at.x < self.min.x || at.x > self.max.x || at.y < self.min.y || at.y > self.max.y {
            return false;
        }
        let meets = |edge: usize| meets_ray(self.vertices[edge], self.vertices[edge + 1], at);
        let crossings = match &self.bins {
            Some(bins) => bins.of(at.y).iter().filter(|&&e| meets(e as usize)).count(),
            None => self.edges().filter(|&e| meets(e)).count(),
        };
        crossings % 2 == 1
    }

    fn edges(&self) -> impl Iterator<Item = usize> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).flat_map(|(start, &end)| start as usize..(end as usize).saturating_sub(1))
    }
}

impl Bins {
    fn new(polygon: &Prepared) -> Self {
        let count = polygon.vertices.len() / EDGES_A_BIN + 1;
        let height = polygon.max.y - polygon.min.y;
        let per_degree = if height > 0.0 { count as f64 / height } else { 0.0 };
        let mut bins = Self { south: polygon.min.y, per_degree, ends: vec![0; count].into(), edges: Box::default() };
        let span = |edge: usize| {
            let (a, b) = (bins.bin(polygon.vertices[edge].y), bins.bin(polygon.vertices[edge + 1].y));
            a.min(b)..=a.max(b)
        };
        let mut ends = vec![0_u32; count];
        polygon.edges().flat_map(&span).for_each(|bin| ends[bin] += 1);
        let mut total = 0;
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        let mut edges = vec![0; total as usize];
        for edge in polygon.edges() {
            for bin in span(edge) {
                edges[ends[bin] as usize] = edge as u32;
                ends[bin] += 1;
            }
        }
        (bins.ends, bins.edges) = (ends.into(), edges.into());
        bins
    }

    fn bin(&self, y: f64) -> usize {
        // `as` saturates: anything south of the first bin is in it.
        (((y - self.south) * self.per_degree) as usize).min(self.ends.len() - 1)
    }

    fn of(&self, y: f64) -> &[u32] {
        let bin = self.bin(y);
        let start = if bin == 0 { 0 } else { self.ends[bin - 1] };
        &self.edges[start as usize..self.ends[bin] as usize]
    }
}

/// Whether an edge crosses the ray from a place to the east; the same for both directions of the edge.
fn meets_ray(a: Coord<f64>, b: Coord<f64>, at: Coord<f64>) -> bool {
    if (a.y > at.y) == (b.y > at.y) {
        return false;
    }
    let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
    (high.x - low.x) * (at.y - low.y) - (high.y - low.y) * (at.x - low.x) > 0.0
}

#[cfg(test)]
mod tests {
    use geo::Contains;
    use geo_types::{Point, Polygon};
    use proptest::prelude::*;

    use super::*;

    /// A star with a hole, of so many points.
    fn star(points: usize) -> MultiPolygon<f64> {
        let ring = |radius: f64| -> LineString<f64> {
            let turn = |i: usize| {
                let angle = i as f64 / points as f64 * std::f64::consts::TAU;
                let r = if i.is_multiple_of(2) { radius } else { radius * 0.6 };
                (angle.cos() * r, angle.sin() * r)
            };
            (0..=points).map(|i| turn(i % points)).collect::<Vec<_>>().into()
        };
        MultiPolygon(vec![Polygon::new(ring(10.0), vec![ring(3.0)])])
    }

    proptest! {
        #[test]
        fn agrees_with_geo(x in -11.0..11.0_f64, y in -11.0..11.0_f64, points in 3_usize..300) {
            let star = star(points * 2);
            let prepared = Prepared::new(&star).unwrap();
            prop_assert_eq!(prepared.contains(Coord { x, y }), star.contains(&Point::new(x, y)));
        }
    }

    #[test]
    fn a_place_on_a_shared_border_is_in_one_unit() {
        let square = |x: f64| {
            let ring = vec![(x, 0.0), (x + 1.0, 0.0), (x + 1.0, 1.0), (x, 1.0), (x, 0.0)];
            Prepared::new(&MultiPolygon(vec![Polygon::new(ring.into(), vec![])])).unwrap()
        };
        let at = Coord { x: 1.0, y: 0.5 };
        assert!(square(0.0).contains(at) != square(1.0).contains(at));
    }
}
