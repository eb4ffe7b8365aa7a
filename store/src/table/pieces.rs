//! How the rows of an export are divided into row groups.

use std::iter::Peekable;

use super::GROUP_ROWS;

/// What becomes a row group of the new table.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// A row group as it is.
    Whole(usize),
    /// Rows of some row groups, in order.
    Rows(Vec<u32>),
}

/// Divides rows, which are in order, into pieces: at most one that is short before each whole row group, for rows keep
/// their order.
pub(super) struct Pieces<'t, I: Iterator<Item = u32>> {
    starts: &'t [u32],
    rows: Peekable<I>,
    /// The row group that comes next.
    group: usize,
    /// Rows of row groups that are not whole.
    pending: Vec<u32>,
    /// A row group that comes after what was pending.
    whole: Option<usize>,
}

impl<'t, I: Iterator<Item = u32>> Pieces<'t, I> {
    pub(super) fn new(starts: &'t [u32], rows: I) -> Self {
        Self { starts, rows: rows.peekable(), group: 0, pending: Vec::new(), whole: None }
    }

    /// The rows of the next row group that are wanted go to `pending`, or all of it to `whole`.
    fn advance(&mut self, begin: u32, end: u32) {
        let before = self.pending.len();
        while let Some(row) = self.rows.next_if(|&row| row < end) {
            self.pending.push(row);
        }
        if begin < end && self.pending.len() - before == (end - begin) as usize {
            self.pending.truncate(before);
            self.whole = Some(self.group);
        }
        self.group += 1;
    }

    /// Whether there are rows behind the last row group.
    pub(super) fn are_beyond(&mut self) -> bool {
        self.rows.peek().is_some()
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pieces<'_, I> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.whole.is_none() && self.pending.len() < GROUP_ROWS {
            let Some(&[begin, end]) = self.starts.get(self.group..self.group + 2).and_then(|s| s.first_chunk()) else {
                break;
            };
            self.advance(begin, end);
        }
        if self.pending.is_empty() {
            return self.whole.take().map(Piece::Whole);
        }
        Some(Piece::Rows(std::mem::take(&mut self.pending)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: u32 = GROUP_ROWS as u32;

    fn divide(groups: u32, rows: impl Iterator<Item = u32>) -> Vec<Piece> {
        let starts: Vec<u32> = (0..=groups).map(|group| group * GROUP).collect();
        Pieces::new(&starts, rows).collect()
    }

    #[test]
    fn whole_row_groups_stay_and_the_others_are_joined() {
        assert_eq!(divide(3, 0..3 * GROUP), [Piece::Whole(0), Piece::Whole(1), Piece::Whole(2)]);
        assert_eq!(divide(3, std::iter::empty()), []);
        let lacking = 2 * GROUP + 7;
        let pieces = divide(4, (5..4 * GROUP).filter(|&row| row != lacking));
        let rest: Vec<u32> = (2 * GROUP..3 * GROUP).filter(|&row| row != lacking).collect();
        assert_eq!(pieces, [Piece::Rows((5..GROUP).collect()), Piece::Whole(1), Piece::Rows(rest), Piece::Whole(3)]);
    }

    #[test]
    fn few_rows_of_many_row_groups_make_groups_of_good_size() {
        let pieces = divide(40, (0..40 * GROUP).filter(|row| row % 10 == 3));
        let sizes: Vec<usize> = pieces.iter().map(|p| if let Piece::Rows(rows) = p { rows.len() } else { 0 }).collect();
        assert_eq!(sizes, [GROUP_ROWS; 4]);
        let mut beyond = Pieces::new(&[0, 10], 0..11);
        assert_eq!(beyond.by_ref().collect::<Vec<_>>(), [Piece::Whole(0)]);
        assert!(beyond.are_beyond());
    }

    proptest::proptest! {
        #[test]
        fn no_row_is_lost_or_moved(
            sizes in proptest::collection::vec(0u32..60_000, 0..6),
            skipped in proptest::collection::vec(0u32..300_000, 0..20),
        ) {
            let mut starts = vec![0];
            for size in sizes {
                starts.push(starts[starts.len() - 1] + size);
            }
            let wanted: Vec<u32> = (0..starts[starts.len() - 1]).filter(|row| !skipped.contains(row)).collect();
            let mut got = Vec::new();
            for piece in Pieces::new(&starts, wanted.iter().copied()) {
                match piece {
                    Piece::Whole(group) => got.extend(starts[group]..starts[group + 1]),
                    Piece::Rows(rows) => got.extend(rows),
                }
            }
            proptest::prop_assert_eq!(got, wanted);
        }
    }
}
