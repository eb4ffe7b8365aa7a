//! A polygon over a grid of squares: which of them its edges touch, and which corners lie inside.

use super::PreparedPolygon;
use super::polygon::STEPS_PER_DEGREE;

/// Squares along a side of a grid: the bits of a word.
pub(super) const SQUARES: usize = 64;
/// Steps along a side of a square: a degree parts evenly.
pub(super) const SQUARE: i32 = STEPS_PER_DEGREE / SQUARES as i32;

/// One degree by one.
///
/// A square that is not crossed lies wholly inside if its corner does, and wholly outside otherwise.
#[derive(Debug)]
pub(super) struct Raster {
    /// The southernmost row of squares that the polygon reaches.
    first: usize,
    /// As many as it reaches: quarters by the thousand are small.
    rows: Vec<Row>,
}

/// A row of squares: a bit each, the lowest is the westernmost.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    /// Squares that an edge touches, or their border; a few of those beside too.
    pub(super) crossed: u64,
    /// Squares whose south-western corner lies inside.
    pub(super) inside: u64,
}

impl Raster {
    /// Draws a polygon on the grid that begins at `corner`, in steps. Exact, as [`PreparedPolygon::contains`] is.
    /// O(edges at the height of the grid).
    pub(super) fn new(polygon: &PreparedPolygon, corner: [i32; 2]) -> Self {
        let [south, north] = polygon.heights();
        let (first, last) = squares(south, north, corner[1]);
        let mut raster = Self { first, rows: vec![Row::default(); (last + 1).saturating_sub(first)] };
        if !raster.rows.is_empty() {
            for edge in polygon.edges_between(corner[1], corner[1] + SQUARE * SQUARES as i32) {
                raster.turn_corners(polygon, corner, edge);
                raster.mark_touched(polygon, corner, edge);
            }
        }
        raster
    }

    /// A row of squares, counted from the south.
    pub(super) fn row(&self, row: usize) -> Row {
        row.checked_sub(self.first).and_then(|at| self.rows.get(at)).copied().unwrap_or_default()
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
            // few edges pass the height of a row, so this stands here
            let columns: [i32; SQUARES] = std::array::from_fn(|column| column as i32);
            let west = columns.partition_point(|column| polygon.is_left_of(corner[0] + column * SQUARE, y, edge));
            self.rows[row - self.first].inside ^= lowest(west);
        }
    }

    fn mark_touched(&mut self, polygon: &PreparedPolygon, corner: [i32; 2], edge: usize) {
        let [a, b] = polygon.ends(edge);
        let along = |axis: usize| squares(a[axis].min(b[axis]), a[axis].max(b[axis]), corner[axis]);
        let ((west, east), (south, north)) = (along(0), along(1));
        let slanted = west < east && south < north;
        for row in south..=north {
            for column in west..=east {
                let min = [corner[0] + column as i32 * SQUARE, corner[1] + row as i32 * SQUARE];
                if !slanted || polygon.edge_meets(edge, min, min.map(|c| c + SQUARE)) {
                    self.rows[row - self.first].crossed |= 1 << column;
                }
            }
        }
    }
}

/// The first and the last of the squares of a grid that reach from one coordinate to another; the first is beyond the
/// last where none does. What lies on the border of two squares touches both.
fn squares(low: i32, high: i32, corner: i32) -> (usize, usize) {
    let square = |at: i64| (at - i64::from(corner)).div_euclid(SQUARE.into());
    let (low, high) = (square(i64::from(low) - 1).max(0), square(high.into()).min(SQUARES as i64 - 1));
    if low > high { (1, 0) } else { (low as usize, high as usize) }
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
                    let Row { crossed, inside } = raster.row(row);
                    let [crossed, inside] = [crossed, inside].map(|word| word >> column & 1 == 1);
                    prop_assert_eq!(polygon.contains_fixed(x, y), inside, "corner {} {}", column, row);
                    if !crossed {
                        prop_assert_eq!(polygon.contains_fixed(x + off.0, y + off.1), inside);
                        let last = SQUARE - 1;
                        prop_assert_eq!(polygon.contains_fixed(x + last, y + last), inside);
                    }
                }
            }
            for [x, y] in polygon.rings().flatten() {
                let (column, row) = ((x - corner[0]).div_euclid(SQUARE), (y - corner[1]).div_euclid(SQUARE));
                if (0..SQUARES as i32).contains(&column) && (0..SQUARES as i32).contains(&row) {
                    prop_assert!(raster.row(row as usize).crossed >> column & 1 == 1, "a vertex in {} {}", column, row);
                }
            }
        }
    }
}
