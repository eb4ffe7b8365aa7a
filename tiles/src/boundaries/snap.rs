//! Rounding that turns nothing over: snap rounding (Hobby, Practical segment intersection with finite precision
//! output, 1999).
//!
//! A vertex moves to its grid point, by up to half a cell. A border that runs through that cell without a vertex
//! there would then lie on the wrong side of it. It is bent through the grid point too: borders may come to
//! touch, but none crosses another that it did not cross before.

use parvis_model::World;
use parvis_model::near::{Buckets, Point, Segment};
use rayon::prelude::*;

use super::zoom::{Cell, quantise};

/// A grid point that a segment is bent through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hot {
    pub(super) segment: u32,
    /// How far along the segment.
    along: i128,
    pub(super) cell: Cell,
}

/// Where segments run through cells in which another ends, besides the cells of their own ends: by segment, then
/// along it.
pub(super) fn hot_cells(segments: &[Segment], z: u8) -> Vec<Hot> {
    let side = 1i64 << (20 - u32::from(z));
    let buckets = Buckets::new(segments, side);
    let mut hot = buckets.pairs(segments, None, |a, b, hot| {
        for (through, of) in [(a, b), (b, a)] {
            let (line, other) = (&segments[through as usize], &segments[of as usize]);
            for end in [other.from, other.to] {
                let cell = cell_of(end, z);
                let own = || [line.from, line.to].into_iter().any(|p| cell_of(p, z) == cell);
                if runs_through(line, cell, side) && !own() {
                    hot.push(Hot { segment: through, along: along(line, cell, side), cell });
                }
            }
        }
    });
    hot.par_sort_unstable();
    hot.dedup();
    hot
}

fn cell_of([x, y]: Point, z: u8) -> Cell {
    quantise(World { x: x as u32, y: y as u32 }, z)
}

/// Whether a segment runs through the inside of a cell of so many world cells.
fn runs_through(line: &Segment, cell: Cell, side: i64) -> bool {
    let (x, y) = (i64::from(cell.x) * side, i64::from(cell.y) * side);
    let (west, east, north, south) = (x - side / 2, x + side / 2, y - side / 2, y + side / 2);
    let [xs, ys] = line.extent();
    if xs.1 <= west || xs.0 >= east || ys.1 <= north || ys.0 >= south {
        return false;
    }
    let corners = [(west, north), (east, north), (east, south), (west, south)].map(|(x, y)| line.side([x, y]));
    corners.iter().any(|&c| c > 0) && corners.iter().any(|&c| c < 0)
}

/// A measure of how far along the segment a grid point is.
fn along(line: &Segment, cell: Cell, side: i64) -> i128 {
    let part = |cell: i32, axis: usize| {
        let from = line.from[axis];
        i128::from(i64::from(cell) * side - from) * i128::from(line.to[axis] - from)
    };
    part(cell.x, 0) + part(cell.y, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(from: (i64, i64), to: (i64, i64)) -> Segment {
        Segment { from: from.into(), to: to.into() }
    }

    #[test]
    fn a_line_is_bent_through_the_cells_it_runs_through_in_its_order() {
        // Zoom 12: a cell is 256 wide.
        let at = |x: i64, y: i64| (x * 256, y * 256);
        let line = segment(at(10, 10), at(30, 10));
        let near = segment((25 * 256, 10 * 256 + 100), at(25, 40));
        let nearer = segment((15 * 256 + 120, 10 * 256 - 127), at(15, 2));
        let beside = segment((20 * 256, 10 * 256 + 130), at(20, 40));
        let hot = hot_cells(&[line, near, nearer, beside], 12);
        let cells: Vec<_> = hot.iter().map(|h| (h.segment, h.cell.x, h.cell.y)).collect();
        assert_eq!(cells, [(0, 15, 10), (0, 25, 10)]);
        let turned = hot_cells(&[segment(at(30, 10), at(10, 10)), near, nearer], 12);
        assert_eq!(turned.iter().map(|h| h.cell.x).collect::<Vec<_>>(), [25, 15]);
    }

    #[test]
    fn a_cell_where_it_ends_itself_is_none() {
        let line = segment((256, 256), (2560, 256));
        assert_eq!(hot_cells(&[line, segment((260, 270), (300, 9000))], 12), []);
    }
}
