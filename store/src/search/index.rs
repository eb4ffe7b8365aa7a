//! Finding names.

use std::collections::{BinaryHeap, HashSet};
use std::ops::Range;

use memchr::memchr_iter;
use parvis_model::{Marks, fold};

use super::build::kind_number;
use super::words::{Meant, Words};
use super::{Found, HitKind, Target};

/// The words of a query that count; more narrow nothing.
const MAX_WORDS: usize = 8;

/// How good a match is: lower is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Score {
    /// Letters that differ.
    typos: u8,
    /// 0 the whole name, 1 its beginning, 2 words in it.
    grade: u8,
    /// Its place in the order of importance.
    entry: u32,
}

/// Names, folded, in the order of importance: units by level and population, postal codes, actors, events.
#[derive(Debug, Default)]
pub(crate) struct SearchIndex {
    /// Names end to end.
    pub(super) text: String,
    /// Where they end.
    pub(super) ends: Vec<u32>,
    /// What each stands for.
    pub(super) targets: Vec<Target>,
    /// The entries of each kind.
    pub(super) kinds: [Range<u32>; 4],
    /// The entries by name.
    pub(super) by_name: Vec<u32>,
    pub(super) words: Words,
}

impl SearchIndex {
    /// The best matches of each of some kinds, of all when `types` is empty; at most `limit` of a kind. Whole names
    /// come first, then names that begin so, then names that have all the words in any order; what was mistyped comes
    /// after what was not; among equals the more important first.
    pub(crate) fn find(&self, text: &str, limit: usize, types: &[HitKind]) -> Found {
        let wanted = fold(text);
        if wanted.is_empty() || limit == 0 {
            return Found::default();
        }
        let wanted_kind = |kind: &HitKind| types.is_empty() || types.contains(kind);
        let kinds = [HitKind::Unit, HitKind::Postcode, HitKind::Actor, HitKind::Event].into_iter().filter(wanted_kind);
        let kinds: Vec<Range<u32>> = kinds.map(|kind| self.kinds[kind_number(kind)].clone()).collect();
        let mut best = Best::new(kinds, limit);
        let named = self.named(&wanted);
        // By name: what is no longer comes first.
        let whole = named.partition_point(|&entry| self.name(entry).len() == wanted.len());
        for (at, &entry) in named.iter().enumerate() {
            best.add(Score { typos: 0, grade: u8::from(at >= whole), entry });
        }
        let words: Vec<&str> = wanted.split(' ').take(MAX_WORDS).collect();
        let exact: Vec<Meant> = words.iter().map(|word| self.words.beginning(word)).collect();
        self.all_words(&exact, &mut best);
        let mut found = self.distinct(&best, limit);
        if found.0.len() < limit {
            let open = |at: usize| at + 1 == words.len();
            let mistyped = words.iter().enumerate().map(|(at, word)| self.words.mistyped(word, open(at)));
            self.all_words(&mistyped.collect::<Vec<_>>(), &mut best);
            found = self.distinct(&best, limit);
        }
        found
    }

    /// The entries whose name begins with a text.
    fn named(&self, prefix: &str) -> &[u32] {
        let begins_with = |entry: u32| {
            let name = self.name(entry).as_bytes();
            &name[..name.len().min(prefix.len())]
        };
        let low = self.by_name.partition_point(|&entry| begins_with(entry) < prefix.as_bytes());
        let length = self.by_name[low..].partition_point(|&entry| begins_with(entry) == prefix.as_bytes());
        &self.by_name[low..low + length]
    }

    /// Adds the entries that have every word of a query. O(entries of the words), a bit each; names are looked at only of
    /// entries that have all.
    fn all_words(&self, words: &[Meant], best: &mut Best) {
        let differing: Vec<Vec<Marks>> =
            words.iter().map(|meant| self.words.differing(meant, self.targets.len())).collect();
        let any = |word: &[Marks], at: usize| word.iter().fold(0, |any, bits| any | bits.word(at));
        let every = |at: usize| differing.iter().fold(u64::MAX, |every, word| every & any(word, at));
        let length = self.targets.len().div_ceil(64);
        let candidates = Marks::from_words((0..length).map(every).collect());
        let exact = differing.iter().all(|word| word.len() == 1);
        for (kind, heap) in &mut best.heaps {
            for entry in candidates.iter_in(kind.start as usize..kind.end as usize) {
                let differs = |word: &Vec<Marks>| word.iter().position(|bits| bits.contains(entry)).unwrap_or_default();
                let typos = differing.iter().map(differs).sum::<usize>() as u8;
                let spaces = || memchr_iter(b' ', self.name(entry as u32).as_bytes()).take(words.len()).count();
                let whole = typos > 0 && spaces() + 1 == words.len();
                let taken = heap.add(Score { typos, grade: if whole { 1 } else { 2 }, entry: entry as u32 });
                // Without typing errors the first are the best.
                if exact && !taken {
                    break;
                }
            }
        }
    }

    /// What was found, each thing once: a unit may have several names.
    fn distinct(&self, best: &Best, limit: usize) -> Found {
        let mut scores: Vec<Score> = best.heaps.iter().flat_map(|(_, heap)| heap.scores.iter().copied()).collect();
        scores.sort_unstable();
        let mut seen = HashSet::new();
        let mut counts = [0; 4];
        let found = scores.into_iter().filter_map(|score| {
            let target = self.targets[score.entry as usize];
            let count = &mut counts[kind_number(target.kind())];
            let takes = *count < limit && seen.insert(target);
            *count += usize::from(takes);
            takes.then_some((score, target))
        });
        Found(found.collect())
    }

    pub(super) fn name(&self, entry: u32) -> &str {
        let at = entry as usize;
        let begin = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[begin..self.ends[at] as usize]
    }
}

/// The best of each kind so far.
struct Best {
    heaps: Vec<(Range<u32>, Heap)>,
}

/// The best of a kind so far.
struct Heap {
    scores: BinaryHeap<Score>,
    keep: usize,
}

impl Best {
    /// Keeps more than are wanted: one thing may be met by several names and words.
    fn new(kinds: Vec<Range<u32>>, limit: usize) -> Self {
        let keep = limit.saturating_mul(6).saturating_add(16);
        let heap = |kind| (kind, Heap { scores: BinaryHeap::new(), keep });
        Self { heaps: kinds.into_iter().map(heap).collect() }
    }

    fn add(&mut self, score: Score) {
        if let Some((_, heap)) = self.heaps.iter_mut().find(|(kind, _)| kind.contains(&score.entry)) {
            heap.add(score);
        }
    }
}

impl Heap {
    /// Says whether it is among the best.
    fn add(&mut self, score: Score) -> bool {
        if self.scores.len() < self.keep {
            self.scores.push(score);
            return true;
        }
        let Some(mut worst) = self.scores.peek_mut() else { return false };
        let better = score < *worst;
        if better {
            *worst = score;
        }
        better
    }
}
