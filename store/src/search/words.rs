//! The words of all names, in order, and the names that each is in.

use std::sync::LazyLock;

use fst::automaton::{Automaton, Str};
use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder};

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

/// Some words that a word of a query may stand for, each with how much it differs.
#[derive(Debug, Default)]
pub(super) struct Meant(Vec<(u32, u8)>);

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

    /// The words that begin with `prefix`.
    pub(super) fn beginning(&self, prefix: &str) -> Meant {
        let mut found = self.order.search(Str::new(prefix).starts_with()).into_stream();
        let mut meant = Vec::new();
        while let Some((_, at)) = found.next() {
            meant.push((at as u32, 0));
        }
        Meant(meant)
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
                meant.0.push((at as u32, distance));
                if meant.0.len() > MAX_WORDS {
                    break;
                }
            }
        }
        meant
    }

    /// The entries that a word is in, the most important first.
    fn entries(&self, word: u32) -> &[u32] {
        let at = word as usize;
        &self.entries[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// How often the words are met.
    pub(super) fn count(&self, meant: &Meant) -> usize {
        meant.0.iter().map(|(word, _)| self.entries(*word).len()).sum()
    }

    /// The entries of the words, each with how much its word differs; some more than once.
    pub(super) fn met<'m>(&'m self, meant: &'m Meant) -> impl Iterator<Item = (u32, u8)> + 'm {
        meant.0.iter().flat_map(|(word, distance)| self.entries(*word).iter().map(|entry| (*entry, *distance)))
    }
}
