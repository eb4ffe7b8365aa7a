//! Counting the rows of a selection by a column of the point index.

use std::borrow::Cow;

use parvis_model::{Marks, SetCounter, ones};
use rayon::prelude::*;

use crate::Selection;
use crate::index::PointIndex;

/// So many rows are worth a task of their own: 64 to a word.
const WORDS_A_TASK: usize = 1 << 10;

/// Goes over the positions of a selection in the order of the columns, on all cores: `count` takes one more into what
/// `none` began, `and` joins two.
fn over<T: Send>(
    points: &PointIndex,
    selection: &Selection,
    none: impl Fn() -> T + Sync + Send,
    count: impl Fn(&mut T, usize) + Sync + Send,
    and: impl Fn(T, T) -> T + Sync + Send,
) -> T {
    let by_row = || {
        let mut positions = Marks::none(points.len());
        selection.rows().filter_map(|row| points.position(row)).for_each(|at| positions.insert(at));
        Cow::Owned(positions)
    };
    let taken = (!selection.is_all()).then(|| selection.positions().map_or_else(by_row, Cow::Borrowed));
    let words = points.len().div_ceil(64);
    let task = |mut so_far: T, first: usize| {
        for word in first..words.min(first + WORDS_A_TASK) {
            let all = word * 64..points.len().min(word * 64 + 64);
            match taken.as_deref().map(|taken| taken.word(word)) {
                None | Some(u64::MAX) => all.for_each(|at| count(&mut so_far, at)),
                Some(some) => ones(some).for_each(|bit| count(&mut so_far, all.start + bit)),
            }
        }
        so_far
    };
    let tasks = (0..words).into_par_iter().step_by(WORDS_A_TASK);
    tasks.fold(&none, task).reduce(&none, and)
}

/// Counts the rows of a selection by a number below `slots`; what has a greater one ([`crate::NO_UNIT`], say) is
/// counted in one slot more. Neighbours have the same number more often than not: they are counted together.
pub(crate) fn tally(
    points: &PointIndex,
    selection: &Selection,
    slots: usize,
    slot: impl Fn(usize) -> usize + Sync,
) -> Vec<u64> {
    let none = || Runs { counts: vec![0; slots + 1], slot: slots, length: 0 };
    let count = |runs: &mut Runs, at: usize| runs.count(slot(at).min(slots));
    let and = |a: Runs, b: Runs| {
        let (mut a, b) = (a.end(), b.end());
        a.counts.iter_mut().zip(b.counts).for_each(|(sum, count)| *sum += count);
        a
    };
    over(points, selection, none, count, and).end().counts
}

/// Counts by slot, and how many of one slot came last and are not in them yet.
struct Runs {
    counts: Vec<u64>,
    slot: usize,
    length: u64,
}

impl Runs {
    fn count(&mut self, slot: usize) {
        if slot != self.slot {
            self.counts[self.slot] += self.length;
            (self.slot, self.length) = (slot, 0);
        }
        self.length += 1;
    }

    fn end(mut self) -> Self {
        self.counts[self.slot] += std::mem::take(&mut self.length);
        self
    }
}

/// Counts the rows of a selection by the numbers of their sets: how many have each, and how many none at all.
pub(crate) fn by_set(
    points: &PointIndex,
    selection: &Selection,
    set: impl Fn(usize) -> u16 + Sync + Send,
) -> ([u64; SetCounter::SIZE], u64) {
    let count = |(sets, empty): &mut (SetCounter, u64), at: usize| {
        let set = set(at);
        sets.add(set);
        *empty += u64::from(set == 0);
    };
    let none = <(SetCounter, u64)>::default;
    let (sets, empty) = over(points, selection, none, count, |a, b| (a.0.and(b.0), a.1 + b.1));
    (sets.counts(), empty)
}
