//! Sets of positions as plain bits: as dense as the rows, quick to fill in any order.

use std::ops::Range;

use roaring::RoaringBitmap;

/// A set of numbers below a length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// None of `len`.
    pub(crate) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    pub(crate) const fn from_words(words: Vec<u64>) -> Self {
        Self { words }
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(crate) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }

    pub(crate) fn insert(&mut self, at: usize) {
        self.words[at / 64] |= 1 << (at % 64);
    }

    pub(crate) fn contains(&self, at: usize) -> bool {
        self.word(at / 64) >> (at % 64) & 1 == 1
    }

    /// Adds a range.
    pub(crate) fn insert_range(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let (first, last) = (range.start / 64, (range.end - 1) / 64);
        let (head, tail) = (u64::MAX << (range.start % 64), u64::MAX >> (63 - (range.end - 1) % 64));
        if first == last {
            self.words[first] |= head & tail;
            return;
        }
        self.words[first] |= head;
        self.words[first + 1..last].fill(u64::MAX);
        self.words[last] |= tail;
    }

    /// How many there are below `end`.
    pub(crate) fn count(&self, end: usize) -> u64 {
        let whole = &self.words[..(end / 64).min(self.words.len())];
        let rest = self.word(end / 64) & ((1 << (end % 64)) - 1);
        whole.iter().chain([&rest]).map(|word| u64::from(word.count_ones())).sum()
    }

    /// The numbers, rising.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| ones(word).map(move |bit| at * 64 + bit))
    }

    /// The numbers in a range, rising.
    pub(crate) fn iter_in(&self, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let words = range.start / 64..range.end.div_ceil(64).min(self.words.len());
        let near = words.flat_map(|at| ones(self.words[at]).map(move |bit| at * 64 + bit));
        near.filter(move |at| range.contains(at))
    }

    pub(crate) fn into_roaring(self) -> RoaringBitmap {
        let mut bytes = Vec::with_capacity(self.words.len() * 8);
        self.words.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        RoaringBitmap::from_lsb0_bytes(0, &bytes)
    }
}

/// The places of the bits that are set.
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if word == 0 {
            return None;
        }
        let bit = word.trailing_zeros() as usize;
        word &= word - 1;
        Some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_single_numbers_come_back() {
        for (from, to) in [(0, 0), (3, 4), (0, 64), (63, 65), (10, 300), (64, 128), (255, 256)] {
            let mut bits = Bits::none(300);
            bits.insert_range(from..to);
            assert_eq!(bits.iter().collect::<Vec<_>>(), (from..to).collect::<Vec<_>>());
            assert_eq!(
                bits.clone().into_roaring().iter().collect::<Vec<_>>(),
                (from as u32..to as u32).collect::<Vec<_>>()
            );
            assert_eq!(bits.contains(from), from < to);
            let all = || (0..300).filter(|at| (from..to).contains(at));
            for part in [0..300, from..to, to..300, from + 1..64, 0..to.midpoint(from)] {
                let inside = all().filter(|at| part.contains(at)).collect::<Vec<_>>();
                assert_eq!(bits.iter_in(part.clone()).collect::<Vec<_>>(), inside, "{from}..{to}, {part:?}");
            }
            for end in [0, from, 64, to.midpoint(from), to, 300, 400] {
                assert_eq!(bits.count(end), bits.iter().filter(|at| *at < end).count() as u64, "{from}..{to}, {end}");
            }
        }
        let mut bits = Bits::none(70);
        bits.insert(69);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [69]);
    }
}
