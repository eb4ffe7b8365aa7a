//! Orders of rows (`sortby`), made once for an edition and kept.

use std::sync::Arc;

use moka::sync::Cache;
use parvis_model::Collection;
use parvis_store::{EditionId, SortKey, StoreError, order};

use super::bundle::Bundle;

/// What an order costs in memory besides its rows.
const OVERHEAD: u32 = 256;

/// The orders made lately: four bytes a row each.
#[derive(Debug)]
pub struct Orders(Cache<(EditionId, Collection, Arc<str>), Arc<[u32]>>);

impl Orders {
    /// Room for so many bytes of orders.
    pub fn new(bytes: u64) -> Self {
        let weigh = |_: &(EditionId, Collection, Arc<str>), rows: &Arc<[u32]>| (rows.len() * 4) as u32 + OVERHEAD;
        Self(Cache::builder().max_capacity(bytes).weigher(weigh).build())
    }

    /// All rows of a collection in an order, sorted once however many ask for it at the same time. Blocks.
    ///
    /// # Errors
    /// As [`parvis_store::order::order`].
    pub fn get(&self, bundle: &Bundle, of: Collection, keys: &[SortKey]) -> Result<Arc<[u32]>, Arc<StoreError>> {
        let names: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let key = (bundle.id().clone(), of, names.join(",").into());
        self.0.try_get_with(key, || order::order(bundle.snapshot().edition(), of, keys).map(Arc::from))
    }
}
