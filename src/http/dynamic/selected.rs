//! The selections made lately: computed once for all tiles, pages and counts that share a filter.

use std::sync::{Arc, OnceLock};

use moka::sync::Cache;
use parvis_model::{Collection, Marks};
use parvis_store::{EditionId, Filter, FilterError, PointIndex, Selection};

use super::OVERHEAD;
use crate::http::bundle::Bundle;

type Key = (EditionId, Collection, Arc<str>);

/// The rows of a filter, and where they lie on the tile curve.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) selection: Selection,
    /// Made when the first tile asks, of a selection that has rows alone.
    marks: OnceLock<Option<Marks>>,
}

impl Selected {
    /// The positions in the index of what is selected and has a place; `None` when that is everything.
    pub(super) fn marks(&self, index: &PointIndex) -> Option<&Marks> {
        let by_row = || self.marks.get_or_init(|| index.marks(&self.selection)).as_ref();
        self.selection.positions().or_else(by_row)
    }
}

/// A cache by bytes, filled once a key.
#[derive(Debug)]
pub(super) struct Selections(Cache<Key, Arc<Selected>>);

impl Selections {
    pub(super) fn new(bytes: u64) -> Self {
        let weigh = |(edition, _, filter): &Key, selected: &Arc<Selected>| {
            // Marks come later and take a bit a row.
            let marks = selected.selection.rows_in_all() as usize / 8;
            let texts = edition.as_str().len() + filter.len();
            u32::try_from(selected.selection.bytes() + marks + texts + OVERHEAD).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(bytes).weigher(weigh).build())
    }

    /// Drops those of editions that are not open: each holds a column of its edition's index.
    pub(super) fn retain(&self, open: impl Fn(&EditionId) -> bool) {
        for (key, _) in self.0.iter().filter(|(key, _)| !open(&key.0)) {
            self.0.invalidate(&*key);
        }
        self.0.run_pending_tasks();
    }

    /// Whether a selection is there already.
    pub(super) fn has(&self, bundle: &Bundle, of: Collection, filter: &Filter) -> bool {
        self.0.contains_key(&(bundle.id().clone(), of, filter.canonical().into()))
    }

    pub(super) fn of(&self, bundle: &Bundle, of: Collection, filter: &Filter) -> Result<Arc<Selected>, FilterError> {
        let select = || {
            let selection = bundle.snapshot().select(of, filter)?;
            Ok(Arc::new(Selected { selection, marks: OnceLock::new() }))
        };
        if filter.is_empty() {
            return select();
        }
        let key = (bundle.id().clone(), of, filter.canonical().into());
        self.0.try_get_with(key, select).map_err(|error: Arc<FilterError>| (*error).clone())
    }
}
