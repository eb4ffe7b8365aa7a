//! The points of a collection as the columns of its index: what tiles are made from, without a copy.

use std::ops::Range;

use parvis_model::{Marks, TileCoord, World};

/// Points in Morton order ([`World::morton`]), column by column, and which of them a filter takes. All columns are
/// as long as `x`, or longer: what is beyond has no place.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// [`World::x`] of each.
    pub x: &'a [u32],
    /// [`World::y`] of each.
    pub y: &'a [u32],
    /// Its themes as bits ([`parvis_model::ThemeSet::bits`]).
    pub themes: &'a [u16],
    /// The smaller, the sooner it stands for its cluster.
    pub rank: &'a [u32],
    /// The points that count; all when `None`.
    pub taken: Option<&'a Marks>,
}

impl Columns<'_> {
    /// Where a point lies.
    pub fn world(&self, at: usize) -> World {
        World { x: self.x[at], y: self.y[at] }
    }

    pub(crate) fn morton(&self, at: usize) -> u64 {
        self.world(at).morton()
    }

    /// The positions in a tile, taken or not. Logarithmic.
    pub fn range(&self, tile: TileCoord) -> Range<usize> {
        let codes = tile.morton_range();
        let from = self.first_from(codes.start, 0..self.x.len());
        from..self.first_from(codes.end, from..self.x.len())
    }

    /// The first position among `within` whose code is not below `code`; its end when there is none.
    pub(crate) fn first_from(&self, code: u128, within: Range<usize>) -> usize {
        let (mut low, mut high) = (within.start, within.end);
        while low < high {
            let middle = low.midpoint(high);
            if u128::from(self.morton(middle)) < code {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// As [`Self::first_from`], in time that grows with the logarithm of the distance: for what is expected near.
    pub(crate) fn gallop(&self, code: u128, within: Range<usize>) -> usize {
        let (mut low, mut reach) = (within.start, 1);
        while low < within.end && u128::from(self.morton(low)) < code {
            let next = (low + reach).min(within.end);
            if next == within.end || u128::from(self.morton(next)) >= code {
                return self.first_from(code, low + 1..next);
            }
            (low, reach) = (next, reach * 2);
        }
        low
    }

    /// Calls `visit` with every position of a range that counts, in order.
    pub(crate) fn each(&self, range: Range<usize>, mut visit: impl FnMut(usize)) {
        match self.taken {
            None => range.for_each(visit),
            Some(taken) => taken.each(range, &mut visit),
        }
    }

    /// How many positions of a range count.
    pub fn count(&self, range: Range<usize>) -> usize {
        self.taken.map_or(range.len(), |taken| taken.count(range))
    }
}
