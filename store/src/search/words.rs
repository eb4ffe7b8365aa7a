//! The words of all names, in order, and the names that each is in.

use std::ops::Range;
use std::sync::LazyLock;

use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};
use parvis_model::Marks;

/// The most words that a mistyped one is taken for.
const MAX_WORDS: usize = 20_000;

/// Automata for one and for two typing errors; two letters that changed places are one.
static TYPOS: LazyLock<[LevenshteinAutomatonBuilder; 2]> =
    LazyLock::new(|| [1, 2].map(|distance| LevenshteinAutomatonBuilder::new(distance, true)));

/// Words, and where they are.
pub(crate) struct Words {
    /// Word to its place in their order.
    order: Map<Vec<u8>>,
    starts: Vec<u32>,
    entries: Vec<u32>,
}

/// The words that a word of a query may stand for.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// Those that begin with it.
    beginning: Range<usize>,
    /// Those that it may be a mistyping of, each with how much it differs.
    mistyped: Vec<(usize, u8)>,
}

impl Default for Words {
    fn default() -> Self {
        Self { order: Map::default(), starts: vec![0], entries: Vec::new() }
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("words", &self.order.len()).finish_non_exhaustive()
    }
}

impl Words {
    /// From words in order, and by word where its entries lie.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>, starts: Vec<u32>, entries: Vec<u32>) -> Self {
        let mut builder = MapBuilder::memory();
        for (at, word) in (0u64..).zip(words) {
            builder.insert(word, at).expect("the words are in order and each is there once");
        }
        Self { order: builder.into_map(), starts, entries }
    }

    /// The words that begin with `prefix`. O(length).
    pub(super) fn beginning(&self, prefix: &str) -> Meant {
        let from = |bound: &[u8]| {
            let next = self.order.range().ge(bound).into_stream().next().map(|(_, at)| at as usize);
            next.unwrap_or(self.order.len())
        };
        // No byte of a text is 255.
        let mut beyond = prefix.as_bytes().to_vec();
        let end = match beyond.last_mut() {
            Some(last) => {
                *last += 1;
                from(&beyond)
            }
            None => self.order.len(),
        };
        Meant { beginning: from(prefix.as_bytes())..end, mistyped: Vec::new() }
    }

    /// The words that begin with `word`, and those that `word` may be a mistyping of: one error from four letters
    /// on, two from eight; none in numbers. `open`: whether the word may not be finished yet.
    pub(super) fn mistyped(&self, word: &str, open: bool) -> Meant {
        let mut meant = self.beginning(word);
        let letters = word.chars().count();
        let typos = match letters {
            _ if word.bytes().all(|b| b.is_ascii_digit()) => return meant,
            0..4 => return meant,
            4..8 => &TYPOS[0],
            _ => &TYPOS[1],
        };
        let automaton = if open { typos.build_prefix_dfa(word) } else { typos.build_dfa(word) };
        let mut found = self.order.search_with_state(&automaton).into_stream();
        while let Some((_, at, state)) = found.next() {
            if let Distance::Exact(distance @ 1..) = automaton.distance(state) {
                meant.mistyped.push((at as usize, distance));
                if meant.mistyped.len() > MAX_WORDS {
                    break;
                }
            }
        }
        meant
    }

    /// The entries that some words, which follow each other, are in.
    fn entries(&self, words: Range<usize>) -> &[u32] {
        &self.entries[self.starts[words.start] as usize..self.starts[words.end] as usize]
    }

    /// The entries below `end` of the words: of those that do not differ, that differ by one letter, by two.
    pub(super) fn differing(&self, meant: &Meant, end: usize) -> Vec<Marks> {
        let most = meant.mistyped.iter().map(|(_, distance)| *distance).max().unwrap_or(0);
        let mut differing = vec![Marks::none(end); usize::from(most) + 1];
        let mistyped = meant.mistyped.iter().map(|&(word, distance)| (word..word + 1, distance));
        for (words, distance) in mistyped.chain([(meant.beginning.clone(), 0)]) {
            let entries = &mut differing[usize::from(distance)];
            self.entries(words).iter().for_each(|entry| entries.insert(*entry as usize));
        }
        differing
    }
}
