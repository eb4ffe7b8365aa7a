//! How much each vertex matters: effective areas after Visvalingam and Whyatt, as a minimum zoom.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use parvis_model::World;

use crate::tilejson::MAX_BOUNDARY_ZOOM;

/// A vertex stays while its triangle covers so many square tile coordinates: under a third of a square
/// pixel of a 512-pixel tile.
const TOLERANCE: f64 = 20.0;

/// The same at the deepest zoom, which clients enlarge: what the grid of the tile can show.
const TOLERANCE_DEEPEST: f64 = 1.0;

/// The minimum zoom of a vertex that no zoom of ours shows.
pub(super) const NEVER: u8 = u8::MAX;

/// The first zoom at which an area in square cells of the world grid is worth drawing.
pub(super) fn zoom_of_area(area: f64) -> u8 {
    (0..=MAX_BOUNDARY_ZOOM).find(|&z| area >= tolerance(z)).unwrap_or(NEVER)
}

fn tolerance(z: u8) -> f64 {
    let units = if z == MAX_BOUNDARY_ZOOM { TOLERANCE_DEEPEST } else { TOLERANCE };
    // A tile coordinate of zoom z is 2^(20 - z) cells of the zoom-32 grid.
    units * 4f64.powi(20 - i32::from(z))
}

/// The effective area of every vertex, in square cells: the area of the triangle it spans with its
/// neighbours when its turn to go comes, and never less than of those that went before. The ends of an
/// open line, and the last three vertices of a closed one, never go; of an open line that ends where it starts
/// two more stay. A closed line does not repeat its first vertex. `O(n log n)`.
pub(super) fn effective_areas(line: &[World], closed: bool) -> Vec<f64> {
    let mut chain = Links::new(line, closed);
    let mut areas = vec![f64::INFINITY; line.len()];
    let mut heap: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::with_capacity(line.len());
    for at in chain.removable() {
        chain.renew(at, &mut heap);
    }
    let mut left = line.len();
    let least = match line {
        _ if closed => 3,
        // Closed in shape, with a junction that must stay.
        [first, .., last] if first == last => 4,
        _ => 2,
    };
    let mut reached = 0.0f64;
    while let Some(Reverse((bits, at))) = heap.pop() {
        if chain.current[at as usize] != bits {
            continue;
        }
        if left <= least {
            break;
        }
        left -= 1;
        reached = reached.max(f64::from_bits(bits));
        areas[at as usize] = reached;
        for neighbour in chain.remove(at) {
            if closed || !chain.is_end(neighbour) {
                chain.renew(neighbour, &mut heap);
            }
        }
    }
    areas
}

/// A doubly linked list over the vertices that are still there.
struct Links<'a> {
    line: &'a [World],
    closed: bool,
    before: Vec<u32>,
    after: Vec<u32>,
    /// Bits of the present area; the heap's older entries differ.
    current: Vec<u64>,
}

/// No area has these bits.
const GONE: u64 = u64::MAX;

impl<'a> Links<'a> {
    fn new(line: &'a [World], closed: bool) -> Self {
        let n = line.len() as u32;
        let before = (0..n).map(|i| if i == 0 { n.saturating_sub(1) } else { i - 1 }).collect();
        let after = (0..n).map(|i| if i + 1 == n { 0 } else { i + 1 }).collect();
        Self { line, closed, before, after, current: vec![GONE; line.len()] }
    }

    fn removable(&self) -> std::ops::Range<u32> {
        let n = self.line.len() as u32;
        if self.closed { 0..n } else { 1..n.saturating_sub(1).max(1) }
    }

    fn is_end(&self, at: u32) -> bool {
        at == 0 || at as usize + 1 == self.line.len()
    }

    fn renew(&mut self, at: u32, heap: &mut BinaryHeap<Reverse<(u64, u32)>>) {
        let i = at as usize;
        let (a, b, c) = (self.line[self.before[i] as usize], self.line[i], self.line[self.after[i] as usize]);
        // Not negative, so the bits order as the numbers do.
        let bits = triangle(a, b, c).to_bits();
        self.current[i] = bits;
        heap.push(Reverse((bits, at)));
    }

    fn remove(&mut self, at: u32) -> [u32; 2] {
        let (before, after) = (self.before[at as usize], self.after[at as usize]);
        self.after[before as usize] = after;
        self.before[after as usize] = before;
        self.current[at as usize] = GONE;
        [before, after]
    }
}

fn triangle(a: World, b: World, c: World) -> f64 {
    let d = |to: u32, from: u32| f64::from(to) - f64::from(from);
    (d(b.x, a.x) * d(c.y, a.y) - d(c.x, a.x) * d(b.y, a.y)).abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(u32, u32)]) -> Vec<World> {
        points.iter().map(|&(x, y)| World { x, y }).collect()
    }

    #[test]
    fn areas_grow_with_the_bump_and_the_ends_stay() {
        let areas = effective_areas(&line(&[(0, 0), (10, 1), (20, 0), (30, 100), (40, 0)]), false);
        assert_eq!(areas[0], f64::INFINITY);
        assert_eq!(areas[4], f64::INFINITY);
        assert_eq!(areas[1], 10.0, "the small bump is a triangle of base 20 and height 1");
        assert!(areas[1] <= areas[2] && areas[2] < areas[3]);
    }

    #[test]
    fn a_vertex_that_goes_late_is_never_worth_less_than_one_before() {
        // The spike's neighbour looks flat once the spike is gone, but went after it.
        let areas = effective_areas(&line(&[(0, 0), (10, 30), (20, 0), (1000, 1), (2000, 0)]), false);
        assert!(areas[2] >= areas[1]);
    }

    #[test]
    fn a_closed_line_keeps_three_and_its_start_is_a_vertex_like_others() {
        let square = line(&[(0, 5), (0, 0), (10, 0), (10, 10), (0, 10)]);
        let areas = effective_areas(&square, true);
        assert_eq!(areas[0], 0.0, "the middle of a side goes first");
        assert_eq!(areas.iter().filter(|a| a.is_infinite()).count(), 3);
        for n in 0..4 {
            assert!(effective_areas(&square[..n], true).iter().all(|a| a.is_infinite()));
        }
        assert!(effective_areas(&square[..2], false).iter().all(|a| a.is_infinite()));
    }

    #[test]
    fn zooms_follow_areas() {
        assert_eq!(zoom_of_area(f64::INFINITY), 0);
        assert_eq!(zoom_of_area(20.0 * 4f64.powi(20)), 0);
        assert_eq!(zoom_of_area(20.0 * 4f64.powi(20) - 1e6), 1);
        assert_eq!(zoom_of_area(4f64.powi(8)), 12);
        assert_eq!(zoom_of_area(0.0), NEVER);
    }
}
