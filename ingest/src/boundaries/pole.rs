//! The pole of inaccessibility: the place in a polygon that is farthest from its border, by squares that are quartered
//! while they may hold a better one (the method of polylabel; Agafonkin, "A new algorithm for finding a visual center
//! of a polygon", 2016). Tens of thousands of polygons take a tenth of a second: edges are columns of single floats,
//! from which the processor takes four at a time.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use geo_types::{Coord, Polygon};

/// Over so many squares the best place so far is taken: whatever the polygon, the search ends.
const MAX_SQUARES: usize = 4_096;

/// The longer side of the polygon's box is parted in so many squares at most to begin with.
const MAX_ACROSS: f32 = 64.0;

/// A place, from the south-west corner of the polygon's box.
type At = [f32; 2];

/// Four edges, column by column.
#[derive(Default)]
struct Four {
    from: [[f32; 4]; 2],
    /// The end's second coordinate: not computed, so that the two edges of a vertex agree on where it is.
    to_y: [f32; 4],
    span: [[f32; 4]; 2],
    /// One divided by the square of the length.
    inverse: [f32; 4],
    /// Across for each step up.
    slope: [f32; 4],
}

/// The edges of a polygon, bends finer than a tolerance left out: the border is at most twice the tolerance off.
pub(super) struct Edges {
    fours: Vec<Four>,
    size: At,
}

impl Edges {
    /// From a polygon whose first coordinates are multiplied by `squeeze`; `corner` and `size` are its box before that.
    pub(super) fn new(
        polygon: &Polygon<f64>,
        corner: Coord<f64>,
        size: [f64; 2],
        squeeze: f64,
        tolerance: f64,
    ) -> Self {
        let local = |c: &Coord<f64>| [(c.x - corner.x) * squeeze, c.y - corner.y];
        let mut edges = Self { fours: Vec::new(), size: [(size[0] * squeeze) as f32, size[1] as f32] };
        let (mut count, mut kept) = (0, Vec::with_capacity(polygon.exterior().0.len()));
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            kept.clear();
            straighten(ring.0.iter().map(local), tolerance, &mut kept);
            edges.fours.reserve(kept.len() / 4 + 1);
            for pair in kept.windows(2) {
                edges.push(count, pair[0], pair[1]);
                count += 1;
            }
        }
        edges
    }

    fn push(&mut self, at: usize, from: At, to: At) {
        let lane = at % 4;
        if lane == 0 {
            // Far away and without length: of no effect until another edge takes the lane.
            self.fours.push(Four { from: [[f32::MAX; 4]; 2], to_y: [f32::MAX; 4], ..Four::default() });
        }
        let Some(four) = self.fours.last_mut() else { return };
        let span = [to[0] - from[0], to[1] - from[1]];
        let square = span[0] * span[0] + span[1] * span[1];
        for axis in 0..2 {
            (four.from[axis][lane], four.span[axis][lane]) = (from[axis], span[axis]);
        }
        four.to_y[lane] = to[1];
        four.inverse[lane] = if square > 0.0 { 1.0 / square } else { 0.0 };
        four.slope[lane] = if span[1] == 0.0 { 0.0 } else { span[0] / span[1] };
    }

    /// How far a place is from the border; negative outside.
    fn distance(&self, at: At) -> f32 {
        let (mut least, mut odd) = ([f32::INFINITY; 4], [0_u32; 4]);
        for four in &self.fours {
            for lane in 0..4 {
                let (x, y) = (at[0] - four.from[0][lane], at[1] - four.from[1][lane]);
                let (dx, dy) = (four.span[0][lane], four.span[1][lane]);
                let along = (x * dx + y * dy) * four.inverse[lane];
                let along = if along > 0.0 { along } else { 0.0 };
                let along = if along < 1.0 { along } else { 1.0 };
                let (off_x, off_y) = (x - along * dx, y - along * dy);
                let square = off_x * off_x + off_y * off_y;
                least[lane] = if square < least[lane] { square } else { least[lane] };
                let passes = (y < 0.0) != (at[1] < four.to_y[lane]);
                odd[lane] ^= u32::from(passes) & u32::from(x < y * four.slope[lane]);
            }
        }
        let least = least.into_iter().fold(f32::INFINITY, f32::min).sqrt();
        if odd.into_iter().fold(0, |all, lane| all ^ lane) == 1 { least } else { -least }
    }

    /// The place, from the corner of the box, to `tolerance`, and how far inside it is.
    pub(super) fn pole(&self, tolerance: f64) -> ([f64; 2], f64) {
        let [width, height] = self.size;
        let tolerance = tolerance as f32;
        let side = width.min(height).max(width.max(height) / MAX_ACROSS);
        let mut best = Square::new(self, [width / 2.0, height / 2.0], 0.0);
        let (mut squares, mut seen) = (BinaryHeap::with_capacity(64), 0);
        let mut look = |at: At, half: f32, best: &mut Square, squares: &mut BinaryHeap<Square>| {
            let square = Square::new(self, at, half);
            if square.distance > best.distance {
                *best = square;
            }
            if square.most - best.distance > tolerance {
                squares.push(square);
            }
            seen += 1;
            seen <= MAX_SQUARES
        };
        for column in 0..(width / side).ceil() as usize {
            for row in 0..(height / side).ceil() as usize {
                let middle = |i: usize| (i as f32 + 0.5) * side;
                look([middle(column), middle(row)], side / 2.0, &mut best, &mut squares);
            }
        }
        'search: while let Some(square) = squares.pop() {
            if square.most - best.distance <= tolerance {
                break;
            }
            let half = square.half / 2.0;
            for (x, y) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
                if !look([square.at[0] + x, square.at[1] + y], half, &mut best, &mut squares) {
                    break 'search;
                }
            }
        }
        (best.at.map(f64::from), f64::from(best.distance))
    }
}

/// A square of the search.
#[derive(Clone, Copy)]
struct Square {
    at: At,
    half: f32,
    distance: f32,
    /// The greatest distance that a place in it can have.
    most: f32,
}

impl Square {
    fn new(edges: &Edges, at: At, half: f32) -> Self {
        let distance = edges.distance(at);
        Self { at, half, distance, most: distance + half * std::f32::consts::SQRT_2 }
    }
}

impl Ord for Square {
    fn cmp(&self, other: &Self) -> Ordering {
        self.most.total_cmp(&other.most)
    }
}

impl PartialOrd for Square {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Square {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Square {}

/// A ring without the vertices that stray less than `tolerance` from a straight line, in one pass: a line begins at a
/// kept vertex, has the direction of the first one out of reach, and ends before one that leaves it or turns back.
fn straighten(ring: impl Iterator<Item = [f64; 2]>, tolerance: f64, kept: &mut Vec<At>) {
    let keep = |at: [f64; 2]| at.map(|v| v as f32);
    let mut ring = ring.peekable();
    let Some(&first) = ring.peek() else { return };
    let (mut anchor, mut last) = (first, first);
    // Heading, its length times the tolerance, squared, and how far along it, times its length.
    let mut line: Option<([f64; 2], f64, f64)> = None;
    let square = tolerance * tolerance;
    kept.push(keep(first));
    for at in ring {
        if let Some((heading, reach, reached)) = line {
            let (x, y) = (at[0] - anchor[0], at[1] - anchor[1]);
            let along = x * heading[0] + y * heading[1];
            let off = x * heading[1] - y * heading[0];
            if along >= reached && off * off <= reach {
                line = Some((heading, reach, along));
            } else {
                kept.push(keep(last));
                (anchor, line) = (last, None);
            }
        }
        if line.is_none() {
            let (x, y) = (at[0] - anchor[0], at[1] - anchor[1]);
            let length = x * x + y * y;
            line = (length > square).then_some(([x, y], length * square, length));
        }
        last = at;
    }
    kept.push(keep(last));
}

#[cfg(test)]
mod tests {
    use geo::{Contains, Distance, Euclidean};
    use geo_types::{LineString, Point};
    use proptest::prelude::*;

    use super::*;

    /// A star of so many points, which makes no two of them alike.
    fn star(points: usize, seed: f64) -> Polygon<f64> {
        let turn = |i: usize| {
            let angle = (i % points) as f64 / points as f64 * std::f64::consts::TAU;
            let radius = 3.0 + 2.0 * ((i % points) as f64 * seed).sin();
            (angle.cos() * radius, angle.sin() * radius)
        };
        Polygon::new(LineString::from((0..=points).map(turn).collect::<Vec<_>>()), vec![])
    }

    fn pole_of(polygon: &Polygon<f64>, tolerance: f64) -> Point<f64> {
        let (corner, size) = (Coord { x: -5.0, y: -5.0 }, [10.0, 10.0]);
        let ([x, y], _) = Edges::new(polygon, corner, size, 1.0, tolerance / 2.0).pole(tolerance);
        Point::new(x + corner.x, y + corner.y)
    }

    /// How far a place is from the border, by another library.
    fn depth(polygon: &Polygon<f64>, at: Point<f64>) -> f64 {
        if polygon.contains(&at) { Euclidean.distance(&at, polygon.exterior()) } else { 0.0 }
    }

    proptest! {
        /// No place of a fine grid is deeper inside by more than the tolerance and what straightening may cost.
        #[test]
        fn no_place_is_deeper(points in 3_usize..60, seed in 0.1..9.0_f64) {
            let (polygon, tolerance) = (star(points, seed), 0.1);
            let found = depth(&polygon, pole_of(&polygon, tolerance));
            let grid = (0..2_500).map(|i| Point::new(f64::from(i % 50) / 5.0 - 5.0, f64::from(i / 50) / 5.0 - 5.0));
            let deepest = grid.map(|at| depth(&polygon, at)).fold(0.0, f64::max);
            prop_assert!(found >= deepest - 2.5 * tolerance, "{found} of {deepest}");
        }
    }

    #[test]
    fn a_hole_is_border_too() {
        let square = |half: f64| {
            LineString::from(vec![(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)])
        };
        let at = pole_of(&Polygon::new(square(5.0), vec![square(3.0)]), 0.05);
        assert!(at.x().abs() > 3.0 || at.y().abs() > 3.0, "{at:?}");
    }

    #[test]
    fn straight_runs_lose_their_middle() {
        let mut kept = Vec::new();
        let ring = [[0.0, 0.0], [1.0, 0.01], [2.0, 0.0], [3.0, 0.02], [3.0, 2.0], [0.0, 2.0], [0.0, 0.0]];
        straighten(ring.into_iter(), 0.1, &mut kept);
        assert_eq!(kept, [[0.0, 0.0], [3.0, 0.02], [3.0, 2.0], [0.0, 2.0], [0.0, 0.0]]);
    }
}
