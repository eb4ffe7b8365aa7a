//! The rows that a filter takes.

use std::sync::{Arc, OnceLock};

use parvis_model::{Collection, Marks};
use roaring::RoaringBitmap;

use crate::query::to_roaring;

use crate::PointIndex;

/// Some rows of one collection: exact, computed once, shared by items, counts, tiles and exports.
///
/// Cheap to clone. Rows are numbered as in the collection's files.
#[derive(Debug, Clone)]
pub struct Selection {
    collection: Collection,
    rows: u32,
    located: u64,
    taken: Taken,
}

#[derive(Debug, Clone)]
enum Taken {
    All,
    Rows(Arc<RoaringBitmap>),
    Positions(Arc<Positions>),
}

/// Where less than one row of so many is taken, their numbers are sorted; else each is a bit.
const FEW: usize = 256;

/// Rows of actors or events by position in the index, which is the order of tiles.
#[derive(Debug)]
struct Positions {
    bits: Marks,
    total: u64,
    /// The row at each position.
    row: Arc<[u32]>,
    /// The rows taken: made when first asked, for tiles and counts need positions alone.
    rows: OnceLock<RoaringBitmap>,
}

impl Positions {
    fn rows(&self) -> &RoaringBitmap {
        self.rows.get_or_init(|| {
            let rows = self.bits.iter().map(|at| self.row[at]);
            if self.total as usize * FEW < self.row.len() {
                let mut few: Vec<u32> = rows.collect();
                few.sort_unstable();
                return few.into_iter().collect();
            }
            let mut many = Marks::none(self.row.len());
            rows.for_each(|row| many.insert(row as usize));
            to_roaring(&many)
        })
    }
}

impl Selection {
    /// Every row; the first `located` have a geometry.
    pub fn all(collection: Collection, rows: u32, located: u32) -> Self {
        Self { collection, rows, located: u64::from(located), taken: Taken::All }
    }

    /// The rows of a bitmap.
    pub fn of(collection: Collection, rows: u32, located: u32, taken: RoaringBitmap) -> Self {
        let located = taken.range_cardinality(0..located);
        Self { collection, rows, located, taken: Taken::Rows(Arc::new(taken)) }
    }

    /// The rows at positions of the index.
    pub(crate) fn of_positions(collection: Collection, points: &PointIndex, bits: Marks) -> Self {
        let (total, located) = (bits.count(0..points.len()) as u64, bits.count(0..points.located()) as u64);
        let positions = Positions { bits, total, row: points.rows(), rows: OnceLock::new() };
        Self { collection, rows: points.len() as u32, located, taken: Taken::Positions(Arc::new(positions)) }
    }

    /// Whether the row at a position of the collection's [`PointIndex`] is taken. Quicker than by its row.
    pub fn has_position(&self, points: &PointIndex, at: usize) -> bool {
        match &self.taken {
            Taken::All => true,
            Taken::Rows(_) => self.contains(points.row(at)),
            Taken::Positions(positions) => positions.bits.contains(at),
        }
    }

    /// The positions taken, as bits; `None` when all are, or it is not of points.
    pub fn positions(&self) -> Option<&Marks> {
        match &self.taken {
            Taken::Positions(positions) => Some(&positions.bits),
            Taken::All | Taken::Rows(_) => None,
        }
    }

    /// The rows taken; `None` when all are.
    fn taken(&self) -> Option<&RoaringBitmap> {
        match &self.taken {
            Taken::All => None,
            Taken::Rows(rows) => Some(rows),
            Taken::Positions(positions) => Some(positions.rows()),
        }
    }

    /// What it takes in memory at most, about, in bytes: by position and by row.
    pub fn bytes(&self) -> usize {
        match &self.taken {
            Taken::All => 0,
            Taken::Rows(rows) => rows.serialized_size(),
            Taken::Positions(positions) => 2 * positions.bits.words().len() * 8,
        }
    }

    /// The collection.
    pub fn collection(&self) -> Collection {
        self.collection
    }

    /// How many rows: `numberMatched`.
    pub fn total(&self) -> u64 {
        match &self.taken {
            Taken::All => u64::from(self.rows),
            Taken::Rows(rows) => rows.len(),
            Taken::Positions(positions) => positions.total,
        }
    }

    /// How many of them have a geometry: points + clusters of the tiles of any zoom sum to it.
    pub fn located(&self) -> u64 {
        self.located
    }

    /// Whether every row is taken.
    pub fn is_all(&self) -> bool {
        matches!(self.taken, Taken::All)
    }

    /// Whether a row is taken.
    pub fn contains(&self, row: u32) -> bool {
        self.taken().map_or(row < self.rows, |taken| taken.contains(row))
    }

    /// How many rows the collection has, taken or not.
    pub fn rows_in_all(&self) -> u32 {
        self.rows
    }

    /// The rows in file order.
    pub fn rows(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        self.rows_from(0)
    }

    /// The rows in file order from row `first` on: paging by keyset.
    pub fn rows_from(&self, first: u32) -> Box<dyn Iterator<Item = u32> + '_> {
        match self.taken() {
            None => Box::new(first..self.rows),
            Some(taken) if first == 0 => Box::new(taken.iter()),
            Some(taken) => {
                let mut rows = taken.iter();
                rows.advance_to(first);
                Box::new(rows)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_some_rows_page_alike() {
        let all = Selection::all(Collection::Actors, 5, 3);
        assert_eq!((all.total(), all.located()), (5, 3));
        assert_eq!(all.rows_from(3).collect::<Vec<_>>(), [3, 4]);
        assert!(all.contains(4) && !all.contains(5));
        let some = Selection::of(Collection::Actors, 5, 3, [0, 2, 4].into_iter().collect());
        assert_eq!((some.total(), some.located()), (3, 2));
        assert_eq!(some.rows().collect::<Vec<_>>(), [0, 2, 4]);
        assert_eq!(some.rows_from(1).collect::<Vec<_>>(), [2, 4]);
        assert!(some.contains(2) && !some.contains(1) && !some.is_all());
    }
}
