//! Counting the members of many small sets.

/// Every bit of a byte in a byte of its own, from the lowest.
const SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            spread[byte] |= ((byte as u64 >> bit) & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    spread
};

/// How many of some sets of the numbers 0 to 15 have each number, a set being the bits of a `u16`. Without a branch on any
/// bit, whose turns no processor foresees: eight counters of a byte to a word, put away before one is full.
#[derive(Debug, Clone, Default)]
pub struct SetCounter {
    bytes: [u64; 2],
    pending: u8,
    counts: [u64; 16],
}

impl SetCounter {
    /// The numbers that a set may have: those below.
    pub const SIZE: usize = 16;

    /// Counts a set.
    #[inline]
    pub fn add(&mut self, set: u16) {
        let [low, high] = set.to_le_bytes();
        self.bytes[0] += SPREAD[usize::from(low)];
        self.bytes[1] += SPREAD[usize::from(high)];
        self.pending += 1;
        if self.pending == u8::MAX {
            self.put_away();
        }
    }

    /// How many sets had each number.
    pub fn counts(mut self) -> [u64; Self::SIZE] {
        self.put_away();
        self.counts
    }

    /// The counts of both.
    #[must_use]
    pub fn and(mut self, mut other: Self) -> Self {
        self.put_away();
        other.put_away();
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
        self
    }

    fn put_away(&mut self) {
        let bytes = self.bytes.iter().flat_map(|word| word.to_le_bytes());
        self.counts.iter_mut().zip(bytes).for_each(|(count, more)| *count += u64::from(more));
        (self.bytes, self.pending) = ([0; 2], 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_counted_as_one_by_one() {
        for rows in [0u32, 1, 254, 255, 256, 1_000] {
            let sets: Vec<u16> = (0..rows).map(|row| (row.wrapping_mul(40_503) ^ (row >> 2)) as u16 | 1).collect();
            let mut counter = SetCounter::default();
            let mut other = SetCounter::default();
            sets.iter().enumerate().for_each(|(at, set)| if at % 7 == 0 { &mut other } else { &mut counter }.add(*set));
            let one_by_one = std::array::from_fn(|bit| sets.iter().filter(|set| *set >> bit & 1 == 1).count() as u64);
            assert_eq!(counter.and(other).counts(), one_by_one, "{rows} rows");
        }
    }
}
