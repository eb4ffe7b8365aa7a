//! Which units a point lies in, for millions of points: the answer of every small square is worked out once.
//!
//! The world is cut into squares of one degree, and a square that holds any border into 64 × 64 of about 1.7 km.
//! A small square knows the units that hold all of it and the few whose border crosses it; only those are asked.
//! Squares are worked out when a point first falls into them, so that nothing waits at the
//! start, and the far side of the world costs nothing.
//!
//! The answers are those of [`UnitTable::lookup`]: a square that no edge touches lies wholly in or wholly out,
//! and every other one is decided by the same exact test.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use parvis_model::{AdminLevel, LonLat};
use rstar::AABB;

use super::polygon::{Relation, STEPS_PER_DEGREE, fixed};
use super::{NO_UNIT, UnitTable};

const COLUMNS: usize = 360;
const ROWS: usize = 180;
/// Small squares along a side of a large one.
const FINE: usize = 64;
/// Steps along a side of a small square: a degree parts evenly.
const FINE_STEPS: i32 = STEPS_PER_DEGREE / FINE as i32;

/// The squares that were asked for.
pub(crate) struct Cells(Box<[OnceLock<Square>]>);

/// One degree.
struct Square {
    /// The list of every small square, row by row; one for all where no border is.
    lists: Box<[u32]>,
    /// Where the lists lie in `entries`.
    ranges: Vec<Range<u32>>,
    entries: Vec<Entry>,
}

/// A unit that holds a square, or may hold a point of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Entry {
    unit: u32,
    level: u8,
    whole: bool,
}

impl Default for Cells {
    fn default() -> Self {
        Self((0..COLUMNS * ROWS).map(|_| OnceLock::new()).collect())
    }
}

impl std::fmt::Debug for Cells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = self.0.iter().filter(|square| square.get().is_some()).count();
        f.debug_struct("Cells").field("known", &known).finish_non_exhaustive()
    }
}

impl UnitTable {
    /// The units a place lies in, by level; [`NO_UNIT`] where there is none: the same as [`UnitTable::lookup`],
    /// many times faster for many places (0.1 µs once their surroundings are known).
    pub fn levels(&self, at: LonLat) -> [u32; 6] {
        let [x, y] = fixed(at.coord());
        let (column, east) = place(x, COLUMNS);
        let (row, north) = place(y, ROWS);
        let square = self.cells.0[row * COLUMNS + column].get_or_init(|| Square::new(self, column, row));
        let mut found = [NO_UNIT; 6];
        for entry in square.entries(east, north) {
            let level = &mut found[usize::from(entry.level)];
            if *level == NO_UNIT && (entry.whole || self.polygon(entry.unit).is_some_and(|p| p.contains_fixed(x, y))) {
                *level = entry.unit;
            }
        }
        found
    }
}

/// The large square of a coordinate, and the small one in it. The last square is closed.
fn place(at: i32, squares: usize) -> (usize, usize) {
    let shifted = (i64::from(at) + squares as i64 / 2 * i64::from(STEPS_PER_DEGREE)).max(0) as usize;
    let small = (shifted / FINE_STEPS as usize).min(squares * FINE - 1);
    (small / FINE, small % FINE)
}

impl Square {
    fn new(table: &UnitTable, column: usize, row: usize) -> Self {
        let corner = |at: usize, squares: usize| (at as i32 - squares as i32 / 2) * STEPS_PER_DEGREE;
        let corner = [corner(column, COLUMNS), corner(row, ROWS)];
        let degrees = |steps: i32| f64::from(steps) / f64::from(STEPS_PER_DEGREE);
        // A hair wider: boxes are in degrees, borders in whole steps.
        let low = corner.map(|c| degrees(c) - 1e-6);
        let around = AABB::from_corners(low, low.map(|c| c + 1.0 + 2e-6));
        let mut units: Vec<u32> = table.boxes.locate_in_envelope_intersecting(around).map(|b| b.data).collect();
        let key = |unit: u32| {
            let record = &table.records()[unit as usize];
            (record.level, record.area_km2.unwrap_or(f64::INFINITY), std::cmp::Reverse(unit))
        };
        units.sort_by(|&a, &b| {
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
        });
        let entry = |&unit: &u32| {
            let level = table.records()[unit as usize].level;
            Entry { unit, level: AdminLevel::index(level) as u8, whole: false }
        };
        let mut builder = Builder {
            table,
            corner,
            lists: vec![0; FINE * FINE],
            ranges: Vec::new(),
            entries: Vec::new(),
            known: HashMap::new(),
        };
        builder.divide([0, 0], FINE, &units.iter().map(entry).collect::<Vec<_>>());
        let lists = if builder.ranges.len() == 1 { vec![0] } else { builder.lists };
        Self { lists: lists.into(), ranges: builder.ranges, entries: builder.entries }
    }

    fn entries(&self, east: usize, north: usize) -> &[Entry] {
        let list = self.lists.get(north * FINE + east).or(self.lists.first()).map_or(0, |&list| list as usize);
        let range = self.ranges.get(list).cloned().unwrap_or(0..0);
        &self.entries[range.start as usize..range.end as usize]
    }
}

/// A square in the making.
struct Builder<'t> {
    table: &'t UnitTable,
    corner: [i32; 2],
    lists: Vec<u32>,
    ranges: Vec<Range<u32>>,
    entries: Vec<Entry>,
    known: HashMap<Vec<Entry>, u32>,
}

impl Builder<'_> {
    /// Fills a part of the square, halving it until no border crosses a part or it is small.
    fn divide(&mut self, [x, y]: [usize; 2], side: usize, candidates: &[Entry]) {
        let min = [self.corner[0] + x as i32 * FINE_STEPS, self.corner[1] + y as i32 * FINE_STEPS];
        let max = min.map(|c| c + side as i32 * FINE_STEPS);
        let relation = |entry: &Entry| {
            if entry.whole {
                return Relation::Around;
            }
            self.table.polygon(entry.unit).map_or(Relation::Apart, |p| p.relation(min, max))
        };
        let left: Vec<Entry> = candidates
            .iter()
            .filter_map(|entry| match relation(entry) {
                Relation::Apart => None,
                Relation::Crossing => Some(*entry),
                Relation::Around => Some(Entry { whole: true, ..*entry }),
            })
            .collect();
        if side > 1 && left.iter().any(|entry| !entry.whole) {
            let half = side / 2;
            for corner in [[x, y], [x + half, y], [x, y + half], [x + half, y + half]] {
                self.divide(corner, half, &left);
            }
            return;
        }
        let list = self.list(left);
        for row in y..y + side {
            self.lists[row * FINE + x..row * FINE + x + side].fill(list);
        }
    }

    fn list(&mut self, entries: Vec<Entry>) -> u32 {
        if let Some(&list) = self.known.get(&entries) {
            return list;
        }
        let (list, begin) = (self.ranges.len() as u32, self.entries.len() as u32);
        self.entries.extend(&entries);
        self.ranges.push(begin..self.entries.len() as u32);
        self.known.insert(entries, list);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_of_the_world_have_a_square() {
        assert_eq!(place(-1_800_000_000, COLUMNS), (0, 0));
        assert_eq!(place(1_800_000_000, COLUMNS), (359, 63));
        assert_eq!(place(0, COLUMNS), (180, 0));
        assert_eq!(place(-1, ROWS), (89, 63));
        assert_eq!(place(900_000_000, ROWS), (179, 63));
    }
}
