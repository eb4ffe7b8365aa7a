//! Clipping on integer grids, so that two neighbours get the same point where their border leaves a tile.
//!
//! Where an edge crosses a clip line is computed from its end points in one order, whichever way the
//! edge is walked, and rounded once. A border shared by two polygons is thus cut identically on both
//! sides, and the areas of the pieces sum exactly: clipping is linear in the edges.

use parvis_model::TilePoint;

use crate::{BUFFER, EXTENT};

/// Points of a grid: x to the right, y down.
pub trait GridPoint: Copy + PartialEq {
    /// A point.
    fn at(x: i32, y: i32) -> Self;
    /// To the right.
    fn x(self) -> i32;
    /// Down.
    fn y(self) -> i32;
}

impl GridPoint for TilePoint {
    fn at(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    fn x(self) -> i32 {
        self.x
    }

    fn y(self) -> i32 {
        self.y
    }
}

/// One side of a vertical or horizontal line, the line included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HalfPlane {
    /// x at most.
    Left(i32),
    /// x at least.
    Right(i32),
    /// y at most.
    Above(i32),
    /// y at least.
    Below(i32),
}

impl HalfPlane {
    /// Whether a point lies on this side.
    pub fn holds<P: GridPoint>(self, p: P) -> bool {
        match self {
            Self::Left(x) => p.x() <= x,
            Self::Right(x) => p.x() >= x,
            Self::Above(y) => p.y() <= y,
            Self::Below(y) => p.y() >= y,
        }
    }

    /// Where the edge between two points on different sides crosses the line.
    pub fn crossing<P: GridPoint>(self, a: P, b: P) -> P {
        match self {
            Self::Left(x) | Self::Right(x) => P::at(x, cross_at(x, (a.x(), a.y()), (b.x(), b.y()))),
            Self::Above(y) | Self::Below(y) => P::at(cross_at(y, (a.y(), a.x()), (b.y(), b.x())), y),
        }
    }
}

/// The second coordinate where the segment reaches the first coordinate `at`, rounded half up. The
/// end points are ordered first: the same segment walked backwards gives the same number.
fn cross_at(at: i32, a: (i32, i32), b: (i32, i32)) -> i32 {
    let ((u0, v0), (u1, v1)) = if a <= b { (a, b) } else { (b, a) };
    let run = i64::from(u1) - i64::from(u0);
    if run == 0 {
        return v0;
    }
    let rise = i64::from(v1) - i64::from(v0);
    let doubled = 2 * (i64::from(at) - i64::from(u0)) * rise + run;
    (i64::from(v0) + doubled.div_euclid(2 * run)) as i32
}

/// Clips a ring to one side of a line (Sutherland and Hodgman), appending to `out`. The ring may or may
/// not repeat its first point at the end; the result does not. What is outside turns into runs along the line.
pub fn ring_half<P: GridPoint>(ring: &[P], side: HalfPlane, out: &mut Vec<P>) {
    let Some(&last) = ring.last() else { return };
    let (mut from, mut from_in) = (last, side.holds(last));
    let start = out.len();
    let mut push = |p| {
        if out.len() == start || out.last() != Some(&p) {
            out.push(p);
        }
    };
    for &to in ring {
        let to_in = side.holds(to);
        if from_in != to_in {
            push(side.crossing(from, to));
        }
        if to_in {
            push(to);
        }
        (from, from_in) = (to, to_in);
    }
}

/// Clips a line to one side of a line; `part` is called with every piece of at least two points.
pub fn path_half<P: GridPoint>(path: &[P], side: HalfPlane, piece: &mut Vec<P>, mut part: impl FnMut(&[P])) {
    piece.clear();
    let mut emit = |piece: &mut Vec<P>| {
        if piece.len() > 1 {
            part(piece);
        }
        piece.clear();
    };
    let Some(&first) = path.first() else { return };
    let (mut from, mut from_in) = (first, side.holds(first));
    if from_in {
        piece.push(first);
    }
    for &to in &path[1..] {
        let to_in = side.holds(to);
        if from_in != to_in {
            push_new(piece, side.crossing(from, to));
        }
        if to_in {
            push_new(piece, to);
        } else if from_in {
            emit(piece);
        }
        (from, from_in) = (to, to_in);
    }
    emit(piece);
}

fn push_new<P: GridPoint>(out: &mut Vec<P>, p: P) {
    if out.last() != Some(&p) {
        out.push(p);
    }
}

/// A box, edges included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Least x.
    pub left: i32,
    /// Least y.
    pub top: i32,
    /// Greatest x.
    pub right: i32,
    /// Greatest y.
    pub bottom: i32,
}

impl Window {
    /// A tile with its buffer, in tile coordinates.
    pub const fn tile() -> Self {
        let far = EXTENT as i32 + BUFFER;
        Self { left: -BUFFER, top: -BUFFER, right: far, bottom: far }
    }

    /// Whether all points lie inside.
    pub fn holds<P: GridPoint>(self, points: &[P]) -> bool {
        points.iter().all(|p| (self.left..=self.right).contains(&p.x()) && (self.top..=self.bottom).contains(&p.y()))
    }

    fn sides(self) -> [HalfPlane; 4] {
        [
            HalfPlane::Left(self.right),
            HalfPlane::Right(self.left),
            HalfPlane::Above(self.bottom),
            HalfPlane::Below(self.top),
        ]
    }
}

/// Clips a ring to a box.
pub fn ring<P: GridPoint>(points: &[P], window: Window) -> Vec<P> {
    window.sides().into_iter().fold(points.to_vec(), |ring, side| {
        let mut out = Vec::with_capacity(ring.len() + 4);
        ring_half(&ring, side, &mut out);
        out
    })
}

/// Clips a line to a box: its pieces, in order.
pub fn path<P: GridPoint>(points: &[P], window: Window) -> Vec<Vec<P>> {
    let mut piece = Vec::new();
    window.sides().into_iter().fold(vec![points.to_vec()], |paths, side| {
        let mut parts = Vec::new();
        for path in &paths {
            path_half(path, side, &mut piece, |part| parts.push(part.to_vec()));
        }
        parts
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn p(x: i32, y: i32) -> TilePoint {
        TilePoint { x, y }
    }

    fn area(ring: &[TilePoint]) -> i64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| i64::from(a.x) * i64::from(b.y) - i64::from(b.x) * i64::from(a.y)).sum()
    }

    #[test]
    fn a_crossing_is_the_same_both_ways_even_when_it_rounds() {
        let (a, b) = (p(0, 0), p(2, 1));
        assert_eq!(HalfPlane::Left(1).crossing(a, b), p(1, 1), "half rounds up");
        assert_eq!(HalfPlane::Left(1).crossing(b, a), p(1, 1));
        let (a, b) = (p(0, 0), p(2, -1));
        assert_eq!(HalfPlane::Right(1).crossing(a, b), HalfPlane::Right(1).crossing(b, a));
    }

    #[test]
    fn a_ring_appended_to_others_keeps_its_first_point() {
        let (square, side) = ([p(0, 0), p(8, 0), p(8, 8), p(0, 8)], HalfPlane::Left(4));
        let mut alone = Vec::new();
        ring_half(&square, side, &mut alone);
        let mut after = vec![alone[0]];
        ring_half(&square, side, &mut after);
        assert_eq!(after[1..], alone);
    }

    #[test]
    fn a_line_that_leaves_and_returns_is_two_pieces() {
        let window = Window { left: 0, top: 0, right: 10, bottom: 10 };
        let pieces = path(&[p(5, 5), p(15, 5), p(15, 8), p(5, 8)], window);
        assert_eq!(pieces, [vec![p(5, 5), p(10, 5)], vec![p(10, 8), p(5, 8)]]);
        assert!(path(&[p(20, 20), p(30, 30)], window).is_empty());
        assert_eq!(path(&[p(-5, 5), p(15, 5)], window), [vec![p(0, 5), p(10, 5)]]);
    }

    fn point() -> impl Strategy<Value = TilePoint> {
        (-50..150i32, -50..150i32).prop_map(|(x, y)| p(x, y))
    }

    proptest! {
        /// Two polygons that share a path: what they cover together is what their union covers, to the unit.
        #[test]
        fn pieces_of_neighbours_sum_to_the_whole(shared in prop::collection::vec(point(), 2..8),
                                                  left in prop::collection::vec(point(), 1..6),
                                                  right in prop::collection::vec(point(), 1..6)) {
            let a: Vec<_> = shared.iter().chain(&left).copied().collect();
            let b: Vec<_> = shared.iter().rev().chain(&right).copied().collect();
            let ends = [shared[0], shared[shared.len() - 1]];
            let whole: Vec<_> = ends[1..].iter().chain(&left).chain(&ends[..1]).chain(&right).copied().collect();
            let window = Window { left: 0, top: 0, right: 100, bottom: 100 };
            let clipped = |r: &[TilePoint]| area(&ring(r, window));
            prop_assert_eq!(clipped(&a) + clipped(&b), clipped(&whole));
        }

        #[test]
        fn nothing_is_left_outside(points in prop::collection::vec(point(), 1..12)) {
            let window = Window { left: 0, top: 0, right: 100, bottom: 100 };
            prop_assert!(window.holds(&ring(&points, window)));
            for piece in path(&points, window) {
                prop_assert!(window.holds(&piece) && piece.len() > 1);
                prop_assert!(piece.windows(2).all(|w| w[0] != w[1]));
            }
        }
    }
}
