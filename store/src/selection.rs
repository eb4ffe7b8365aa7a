//! The rows that a filter takes.

use std::sync::Arc;

use parvis_model::Collection;
use roaring::RoaringBitmap;

use crate::PointIndex;
use crate::query::Bits;

/// Some rows of one collection: exact, computed once, shared by items, counts, tiles and exports.
///
/// Cheap to clone. Rows are numbered as in the collection's files.
#[derive(Debug, Clone)]
pub struct Selection {
    collection: Collection,
    rows: u32,
    located: u64,
    taken: Option<Arc<RoaringBitmap>>,
    /// Of actors and events: the same by position in the index, which is the order of tiles.
    positions: Option<Arc<Bits>>,
}

impl Selection {
    /// Every row; the first `located` have a geometry.
    pub fn all(collection: Collection, rows: u32, located: u32) -> Self {
        Self { collection, rows, located: u64::from(located), taken: None, positions: None }
    }

    /// The rows of a bitmap.
    pub fn of(collection: Collection, rows: u32, located: u32, taken: RoaringBitmap) -> Self {
        let located = taken.range_cardinality(0..located);
        Self { collection, rows, located, taken: Some(Arc::new(taken)), positions: None }
    }

    /// The rows at positions of the index.
    pub(crate) fn of_positions(
        collection: Collection,
        rows: u32,
        located: u32,
        points: &PointIndex,
        positions: Bits,
    ) -> Self {
        let mut taken = Bits::none(rows as usize);
        positions.iter().for_each(|at| taken.insert(points.row(at) as usize));
        Self { positions: Some(Arc::new(positions)), ..Self::of(collection, rows, located, taken.into_roaring()) }
    }

    /// Whether the row at a position of the collection's [`PointIndex`] is taken. Quicker than by its row.
    pub fn has_position(&self, points: &PointIndex, at: usize) -> bool {
        match &self.positions {
            Some(positions) => positions.contains(at),
            None => self.is_all() || self.contains(points.row(at)),
        }
    }

    /// The positions taken, as bits; `None` when all are, or it is not of points.
    pub(crate) fn positions(&self) -> Option<&Bits> {
        self.positions.as_deref()
    }

    /// What it takes in memory, about, in bytes.
    pub fn bytes(&self) -> usize {
        self.taken.as_ref().map_or(0, |t| t.serialized_size())
            + self.positions.as_ref().map_or(0, |p| p.words().len() * 8)
    }

    /// The collection.
    pub fn collection(&self) -> Collection {
        self.collection
    }

    /// How many rows: `numberMatched`.
    pub fn total(&self) -> u64 {
        self.taken.as_ref().map_or(u64::from(self.rows), |t| t.len())
    }

    /// How many of them have a geometry: points + clusters of the tiles of any zoom sum to it.
    pub fn located(&self) -> u64 {
        self.located
    }

    /// Whether every row is taken.
    pub fn is_all(&self) -> bool {
        self.taken.is_none()
    }

    /// Whether a row is taken.
    pub fn contains(&self, row: u32) -> bool {
        self.taken.as_ref().map_or(row < self.rows, |t| t.contains(row))
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
        match &self.taken {
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
