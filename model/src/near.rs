//! Which straight segments come near each other: buckets over a grid of whole numbers.
//!
//! Whatever the grid: ten-millionths of a degree as OSM has them, or cells of the world at zoom 32.

use std::collections::HashSet;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use rayon::prelude::*;

/// A point: across, then down or up, within plus or minus 2^33.
pub type Point = [i64; 2];

/// A straight segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Where it starts.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
}

/// The smallest bucket is 2 to this power wide.
const LEAST_SHIFT: u32 = 6;

/// Square buckets about as wide as a segment is long, so that a bucket holds few segments and a segment lies in
/// few buckets.
#[derive(Debug, Clone, Copy)]
pub struct Buckets {
    shift: u32,
    /// How far beside a segment counts as near.
    pad: i64,
}

/// A bucket: row and column of 32 bits each.
pub type Bucket = u64;

/// Moves the least coordinate to a bucket above 0.
const ORIGIN: i64 = 1 << 33;

impl Segment {
    /// The least and the greatest coordinate, across and down.
    pub fn extent(&self) -> [(i64, i64); 2] {
        let range = |a: i64, b: i64| (a.min(b), a.max(b));
        [range(self.from[0], self.to[0]), range(self.from[1], self.to[1])]
    }

    /// Twice the area of the triangle with a point: positive to one side, negative to the other, 0 on the line. Exact.
    pub fn side(&self, [x, y]: Point) -> i128 {
        let [x0, y0] = self.from;
        let (dx, dy) = (self.to[0] - x0, self.to[1] - y0);
        i128::from(dx) * i128::from(y - y0) - i128::from(dy) * i128::from(x - x0)
    }
}

impl Buckets {
    /// Buckets that suit some segments; `pad` is how far beside a segment counts as near.
    pub fn new(segments: &[Segment], pad: i64) -> Self {
        let length = |s: &Segment| {
            let [x, y] = s.extent();
            (x.1 - x.0).max(y.1 - y.0)
        };
        let total: i64 = segments.iter().map(length).sum();
        let mean = (total / segments.len().max(1) as i64).max(1) as u64;
        Self { shift: (mean.ilog2() + 1).max(pad.max(1).ilog2() + 1).max(LEAST_SHIFT), pad }
    }

    /// Calls `visit` with every bucket that a segment comes near, and perhaps a neighbour of one.
    pub fn of(&self, segment: &Segment, mut visit: impl FnMut(Bucket)) {
        let [x, y] = segment.extent();
        let place = |v: i64| (v + ORIGIN) >> self.shift;
        let (left, right) = (place(x.0 - self.pad), place(x.1 + self.pad));
        let (top, bottom) = (place(y.0 - self.pad), place(y.1 + self.pad));
        let mut row = |y: i64, left: i64, right: i64| (left..=right).for_each(|x| visit((y << 32 | x) as u64));
        if right == left || bottom - top <= 1 {
            return (top..=bottom).for_each(|y| row(y, left, right));
        }
        // A long slanted segment: row by row what it runs through. `f64` is off by far less than the
        // least pad, 1.
        let (from, to) = (segment.from, segment.to);
        let slope = (to[0] - from[0]) as f64 / (to[1] - from[1]) as f64;
        let at = |y: i64| from[0] as f64 + (y - from[1]) as f64 * slope;
        for band in top..=bottom {
            let north = (band << self.shift) - ORIGIN - self.pad;
            let south = ((band + 1) << self.shift) - ORIGIN + self.pad;
            let (a, b) = (at(north.max(y.0)), at(south.min(y.1)));
            let reach = 2 * self.pad;
            let (west, east) = (a.min(b) as i64 - reach, a.max(b) as i64 + reach);
            row(band, place(west).max(left), place(east).min(right));
        }
    }

    /// What `meet` finds at pairs of segments that are near each other, the lower number first, in the buckets of `only`
    /// or in all. A pair may be met more than once, and in any order. Memory: 12 bytes for each bucket that a segment
    /// comes near, about two of them, and 4 to 8 for each segment.
    pub fn pairs<T: Send>(
        &self,
        segments: &[Segment],
        only: Option<&HashSet<Bucket>>,
        meet: impl Fn(u32, u32, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        self.table(segments, only).pairs(segments, meet)
    }

    /// Sorts segments into buckets, those of `only` or all, to be asked more than once.
    pub fn table(&self, segments: &[Segment], only: Option<&HashSet<Bucket>>) -> Table {
        let slots = Slots::fitting(only.map_or(segments.len(), |only| only.len() * 16));
        let (starts, held) = self.held(&slots, segments, only);
        Table { buckets: *self, slots, starts, held }
    }

    /// Calls `visit` with the slots of the buckets that a segment comes near, of those asked for.
    fn slots_of(&self, segment: &Segment, slots: &Slots, asked: Option<&Asked<'_>>, mut visit: impl FnMut(usize)) {
        self.of(segment, |bucket| {
            let slot = slots.of(bucket);
            if asked.is_none_or(|asked| asked.slots[slot] && asked.buckets.contains(&bucket)) {
                visit(slot);
            }
        });
    }

    /// Where each slot's segments start, and the end of the last; the segments, slot after slot.
    fn held(&self, slots: &Slots, segments: &[Segment], only: Option<&HashSet<Bucket>>) -> (Vec<u32>, Vec<u32>) {
        // Most buckets share no slot with one that is asked for, and need no look into the set.
        let asked = only.map(|only| {
            let mut here = vec![false; slots.count()];
            for bucket in only {
                here[slots.of(*bucket)] = true;
            }
            Asked { slots: here, buckets: only }
        });
        // Counted, then filled: no list of entries between.
        let counts: Vec<AtomicU32> = std::iter::repeat_with(AtomicU32::default).take(slots.count()).collect();
        segments.par_iter().for_each(|segment| {
            self.slots_of(segment, slots, asked.as_ref(), |slot| {
                counts[slot].fetch_add(1, Relaxed);
            });
        });
        let mut starts = Vec::with_capacity(slots.count() + 1);
        let mut total = 0;
        for count in &counts {
            starts.push(total);
            total += count.swap(total, Relaxed);
        }
        starts.push(total);
        let held: Vec<AtomicU32> = std::iter::repeat_with(AtomicU32::default).take(total as usize).collect();
        segments.par_iter().enumerate().for_each(|(i, segment)| {
            self.slots_of(segment, slots, asked.as_ref(), |slot| {
                held[counts[slot].fetch_add(1, Relaxed) as usize].store(i as u32, Relaxed);
            });
        });
        let held = held.into_iter().map(AtomicU32::into_inner).collect();
        (starts, held)
    }
}

/// The buckets that are asked for, and the slots that hold any of them.
struct Asked<'b> {
    slots: Vec<bool>,
    buckets: &'b HashSet<Bucket>,
}

/// Segments by the buckets that they come near.
pub struct Table {
    buckets: Buckets,
    slots: Slots,
    starts: Vec<u32>,
    held: Vec<u32>,
}

impl Table {
    /// As [`Buckets::pairs`]; `segments` are those that the table was made of.
    pub fn pairs<T: Send>(&self, segments: &[Segment], meet: impl Fn(u32, u32, &mut Vec<T>) + Sync) -> Vec<T> {
        let near = |a: u32, b: u32| a != b && self.beside(&segments[a as usize], &segments[b as usize]);
        let found = self.starts.par_windows(2).fold(Vec::new, |mut found, slot| {
            let here = &self.held[slot[0] as usize..slot[1] as usize];
            for (k, &a) in here.iter().enumerate() {
                for &b in here[k + 1..].iter().filter(|&&b| near(a, b)) {
                    meet(a.min(b), a.max(b), &mut found);
                }
            }
            found
        });
        found.reduce(Vec::new, |mut all, more| {
            all.extend(more);
            all
        })
    }

    /// Calls `visit` with the segments of the table that are near another one, perhaps more than once.
    pub fn near(&self, segments: &[Segment], other: &Segment, mut visit: impl FnMut(u32)) {
        self.buckets.of(other, |bucket| {
            let slot = self.slots.of(bucket);
            let here = &self.held[self.starts[slot] as usize..self.starts[slot + 1] as usize];
            here.iter().filter(|&&i| self.beside(&segments[i as usize], other)).for_each(|&i| visit(i));
        });
    }

    fn beside(&self, a: &Segment, b: &Segment) -> bool {
        let pad = self.buckets.pad;
        let beside = |a: (i64, i64), b: (i64, i64)| a.0 <= b.1 + pad && b.0 <= a.1 + pad;
        let ([ax, ay], [bx, by]) = (a.extent(), b.extent());
        beside(ax, bx) && beside(ay, by)
    }
}

/// A table of slots, each for the buckets that are alike in the last bits of row and column: neighbours in the grid are
/// near each other in the table, and what lies far apart and shares a slot costs a comparison.
struct Slots {
    column_bits: u32,
    row_bits: u32,
}

impl Slots {
    /// So many that a slot holds about two segments.
    fn fitting(count: usize) -> Self {
        let bits = count.next_power_of_two().ilog2().clamp(8, 26);
        Self { column_bits: bits / 2, row_bits: bits - bits / 2 }
    }

    fn count(&self) -> usize {
        1 << (self.column_bits + self.row_bits)
    }

    fn of(&self, bucket: Bucket) -> usize {
        let last = |value: u64, bits: u32| (value & ((1 << bits) - 1)) as usize;
        last(bucket >> 32, self.row_bits) << self.column_bits | last(bucket, self.column_bits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segment() -> impl Strategy<Value = Segment> {
        let place = || [-50_000_i64..50_000, 1_000_000_i64..1_100_000];
        (place(), place()).prop_map(|(from, to)| Segment { from, to })
    }

    proptest! {
        /// Two segments that a third point shows to be near share a bucket, whatever their lengths.
        #[test]
        fn what_meets_shares_a_bucket(long in segment(), share in 0.0..1.0f64, off in -90i64..90, short in 0i64..500) {
            let along = |axis: usize| {
                let (a, b) = (long.from[axis] as f64, long.to[axis] as f64);
                (a + (b - a) * share) as i64
            };
            let near = [along(0) + off, along(1) - off];
            let other = Segment { from: near, to: [near[0] + short, near[1]] };
            let segments = [long, other];
            let buckets = Buckets { shift: 10, pad: 128 };
            let met = buckets.pairs(&segments, None, |a, b, out| out.push((a, b)));
            prop_assert!(met.contains(&(0, 1)), "{:?}", segments);
        }
    }

    proptest! {
        /// What a table says is near a segment is what it pairs it with.
        #[test]
        fn a_table_asked_for_one_says_what_it_says_of_all(segments in prop::collection::vec(segment(), 2..40)) {
            let table = Buckets::new(&segments, 2).table(&segments, None);
            let mut all = table.pairs(&segments, |a, b, out| out.push((a, b)));
            let mut single = Vec::new();
            for (i, segment) in (0_u32..).zip(&segments) {
                table.near(&segments, segment, |j| if j > i { single.push((i, j)) });
            }
            for found in [&mut all, &mut single] {
                found.sort_unstable();
                found.dedup();
            }
            prop_assert_eq!(all, single);
        }
    }

    #[test]
    fn only_the_buckets_asked_for_are_looked_into() {
        let cross = |x, y| [Segment { from: [x, y], to: [x + 9, y + 9] }, Segment { from: [x, y + 9], to: [x + 9, y] }];
        let segments = [cross(1_000, 1_000), cross(90_000, 1_000)].concat();
        let buckets = Buckets::new(&segments, 1);
        let met = |only: Option<&HashSet<Bucket>>| {
            let mut met = buckets.pairs(&segments, only, |a, b, out| out.push((a, b)));
            met.sort_unstable();
            met.dedup();
            met
        };
        assert_eq!(met(None), [(0, 1), (2, 3)]);
        let mut only = HashSet::new();
        buckets.of(&segments[2], |bucket| {
            only.insert(bucket);
        });
        assert_eq!(met(Some(&only)), [(2, 3)]);
    }
}
