//! A polygon over a grid of squares: which of them its edges touch, and which corners lie inside.

use super::PreparedPolygon;
use super::polygon::STEPS_PER_DEGREE;

/// Squares along a side of a grid: the bits of a word.
pub(super) const SQUARES: usize = 64;
/// Steps along a side of a square: a degree parts evenly.
pub(super) const SQUARE: i32 = STEPS_PER_DEGREE / SQUARES as i32;

/// One degree by one, a word for each row from the south, in which the lowest bit is the westernmost square.
///
/// A square that is not crossed lies wholly inside if its corner does, and wholly outside otherwise.
#[derive(Debug)]
pub(super) struct Raster {
    /// Squares that an edge touches, or their border; a few of those beside too.
    pub(super) crossed: [u64; SQUARES],
    /// Squares whose south-western corner lies inside.
    pub(super) inside: [u64; SQUARES],
}

impl Raster {
    /// Draws a polygon on the grid that begins at `corner`, in steps. Exact, as [`PreparedPolygon::contains`] is.
    /// O(edges at the height of the grid).
    pub(super) fn new(polygon: &PreparedPolygon, corner: [i32; 2]) -> Self {
        let mut raster = Self { crossed: [0; SQUARES], inside: [0; SQUARES] };
        for edge in polygon.edges_between(corner[1], corner[1] + SQUARE * SQUARES as i32) {
            raster.turn_corners(polygon, corner, edge);
            raster.mark_touched(polygon, corner, edge);
        }
        raster
    }

    /// Every corner west of an edge that passes its height is on the other side than without the edge.
    fn turn_corners(&mut self, polygon: &PreparedPolygon, corner: [i32; 2], edge: usize) {
        let [a, b] = polygon.ends(edge);
        if a[0].max(b[0]) <= corner[0] {
            return;
        }
        let first_at = |y: i32| (i64::from(y) - i64::from(corner[1]) + i64::from(SQUARE) - 1).div_euclid(SQUARE.into());
        let within = |row: i64| row.clamp(0, SQUARES as i64) as usize;
        for row in within(first_at(a[1].min(b[1])))..within(first_at(a[1].max(b[1]))) {
            let y = corner[1] + row as i32 * SQUARE;
            let is_west = |column: usize| polygon.is_left_of(corner[0] + column as i32 * SQUARE, y, edge);
            self.inside[row] ^= lowest(first_not(is_west));
        }
    }

    fn mark_touched(&mut self, polygon: &PreparedPolygon, corner: [i32; 2], edge: usize) {
        let [a, b] = polygon.ends(edge);
        // What lies on the border of two squares touches both.
        let squares = |axis: usize| {
            let square = |at: i64| (at - i64::from(corner[axis])).div_euclid(SQUARE.into());
            let (low, high) = (square(i64::from(a[axis].min(b[axis])) - 1), square(a[axis].max(b[axis]).into()));
            (low.max(0), high.min(SQUARES as i64 - 1))
        };
        let ((west, east), (south, north)) = (squares(0), squares(1));
        if west > east || south > north {
            return;
        }
        let slanted = west < east && south < north;
        for row in south as usize..=north as usize {
            for column in west as usize..=east as usize {
                let min = [corner[0] + column as i32 * SQUARE, corner[1] + row as i32 * SQUARE];
                if !slanted || polygon.edge_meets(edge, min, min.map(|c| c + SQUARE)) {
                    self.crossed[row] |= 1 << column;
                }
            }
        }
    }
}

/// The first of the columns for which something does not hold, where it holds for all before it.
fn first_not(holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, SQUARES);
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A word with so many of its lowest bits.
fn lowest(bits: usize) -> u64 {
    if bits == SQUARES { u64::MAX } else { (1 << bits) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{LineString, MultiPolygon, Polygon};
    use proptest::prelude::*;

    /// Corners around a centre, by angle: a ring that does not cross itself. In squares of the grid; halves, so that
    /// some lie on borders.
    fn star(centre: (i32, i32), corners: &[(i32, i32)]) -> LineString<f64> {
        let mut ring: Vec<(f64, f64)> =
            corners.iter().map(|&(x, y)| (f64::from(x) / 2.0, f64::from(y) / 2.0)).collect();
        ring.sort_by(|a, b| a.1.atan2(a.0).total_cmp(&b.1.atan2(b.0)));
        let degrees = |at: f64, centre: i32| (at + f64::from(centre)) / SQUARES as f64;
        ring.iter().map(|&(x, y)| (degrees(x, centre.0) + 2.0, degrees(y, centre.1) - 3.0)).collect()
    }

    proptest! {
        #[test]
        fn a_square_without_an_edge_is_wholly_what_its_corner_is(
            stars in prop::collection::vec(
                ((-20i32..84, -20i32..84), prop::collection::vec((-90i32..90, -90i32..90), 3..30)), 1..4),
            off in (0..SQUARE, 0..SQUARE),
        ) {
            let rings = stars.iter().map(|(centre, corners)| Polygon::new(star(*centre, corners), vec![]));
            let polygon = PreparedPolygon::new(&MultiPolygon(rings.collect()));
            let corner = [2 * STEPS_PER_DEGREE, -3 * STEPS_PER_DEGREE];
            let raster = Raster::new(&polygon, corner);
            for row in 0..SQUARES {
                for column in 0..SQUARES {
                    let [x, y] = [corner[0] + column as i32 * SQUARE, corner[1] + row as i32 * SQUARE];
                    let bit = |words: &[u64; SQUARES]| words[row] >> column & 1 == 1;
                    prop_assert_eq!(polygon.contains_fixed(x, y), bit(&raster.inside), "corner {} {}", column, row);
                    if !bit(&raster.crossed) {
                        prop_assert_eq!(polygon.contains_fixed(x + off.0, y + off.1), bit(&raster.inside));
                        let last = SQUARE - 1;
                        prop_assert_eq!(polygon.contains_fixed(x + last, y + last), bit(&raster.inside));
                    }
                }
            }
            for [x, y] in polygon.rings().flatten() {
                let (column, row) = ((x - corner[0]).div_euclid(SQUARE), (y - corner[1]).div_euclid(SQUARE));
                if (0..SQUARES as i32).contains(&column) && (0..SQUARES as i32).contains(&row) {
                    prop_assert!(raster.crossed[row as usize] >> column & 1 == 1, "a vertex in {} {}", column, row);
                }
            }
        }
    }
}
