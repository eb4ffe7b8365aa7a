//! A set of positions as bits.

use std::ops::Range;

/// Some of the positions 0..n. For what is asked of long runs of positions: a bit each, and no search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks(Box<[u64]>);

impl Marks {
    /// None of `len` positions.
    pub fn none(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)].into())
    }

    /// The positions whose bits are set: position 64 i + k is bit k of word i.
    pub fn from_words(words: Vec<u64>) -> Self {
        Self(words.into())
    }

    /// The words that [`Marks::from_words`] would take.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// One of them; zero beyond the last.
    pub fn word(&self, at: usize) -> u64 {
        self.0.get(at).copied().unwrap_or(0)
    }

    /// Marks a position; one beyond the last is passed over.
    pub fn insert(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Marks a range that ends at the last position or before.
    pub fn insert_range(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let (first, last) = (range.start / 64, (range.end - 1) / 64);
        let (head, tail) = (u64::MAX << (range.start % 64), u64::MAX >> (63 - (range.end - 1) % 64));
        if first == last {
            self.0[first] |= head & tail;
            return;
        }
        self.0[first] |= head;
        self.0[first + 1..last].fill(u64::MAX);
        self.0[last] |= tail;
    }

    /// Whether a position is marked.
    pub fn contains(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// How many positions of a range are marked.
    pub fn count(&self, range: Range<usize>) -> usize {
        self.words_in(range).map(|(_, word)| word.count_ones() as usize).sum()
    }

    /// The first marked position of a range.
    pub fn first(&self, range: Range<usize>) -> Option<usize> {
        let (first, word) = self.words_in(range).find(|(_, word)| *word != 0)?;
        Some(first + word.trailing_zeros() as usize)
    }

    /// Calls `visit` with every marked position of a range, in order.
    pub fn each(&self, range: Range<usize>, mut visit: impl FnMut(usize)) {
        for (first, mut word) in self.words_in(range) {
            while word != 0 {
                visit(first + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }

    /// The marked positions, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.iter_in(0..self.0.len() * 64)
    }

    /// The marked positions of a range, in order.
    pub fn iter_in(&self, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        self.words_in(range).flat_map(|(first, word)| ones(word).map(move |bit| first + bit))
    }

    /// The bytes it takes.
    pub fn size(&self) -> usize {
        self.0.len() * 8
    }

    /// The words that meet a range, each with its first position, without the bits beyond the range.
    fn words_in(&self, range: Range<usize>) -> impl Iterator<Item = (usize, u64)> {
        let end = range.end.min(self.0.len() * 64);
        let start = range.start.min(end);
        (start / 64..end.div_ceil(64)).map(move |i| {
            let first = i * 64;
            let mut word = self.0[i];
            if first < start {
                word &= u64::MAX << (start - first);
            }
            if first + 64 > end {
                word &= u64::MAX >> (first + 64 - end);
            }
            (first, word)
        })
    }
}

/// The places of the bits of a word that are set, from the lowest.
pub fn ones(mut word: u64) -> impl Iterator<Item = usize> {
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
    fn ranges_are_cut_to_the_bit() {
        let set = [0, 1, 63, 64, 65, 127, 128, 199];
        let mut marks = Marks::none(200);
        for at in set.into_iter().chain([999]) {
            marks.insert(at);
        }
        for start in 0..=205 {
            for end in [start, start + 1, start + 63, start + 64, 200, 1000] {
                let expected: Vec<usize> = set.into_iter().filter(|at| (start..end).contains(at)).collect();
                let mut found = Vec::new();
                marks.each(start..end, |at| found.push(at));
                assert_eq!(found, expected, "{start}..{end}");
                assert_eq!(marks.iter_in(start..end).collect::<Vec<_>>(), expected, "{start}..{end}");
                assert_eq!(marks.count(start..end), expected.len());
                assert_eq!(marks.first(start..end), expected.first().copied());
            }
        }
        assert!(marks.contains(199) && !marks.contains(198) && !marks.contains(999));
        assert_eq!(Marks::none(0).count(0..10), 0);
    }

    #[test]
    fn ranges_are_marked_whole() {
        for (from, to) in [(0, 0), (3, 4), (0, 64), (63, 65), (10, 300), (64, 128), (255, 256)] {
            let mut marks = Marks::none(300);
            marks.insert_range(from..to);
            assert_eq!(marks.iter().collect::<Vec<_>>(), (from..to).collect::<Vec<_>>());
            assert_eq!(marks.contains(from), from < to);
        }
    }
}
