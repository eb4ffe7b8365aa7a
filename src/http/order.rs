//! Orders of rows (`sortby`), made once for an edition and kept.

use std::sync::Arc;

use moka::sync::Cache;
use parvis_model::Collection;
use parvis_store::{EditionId, Order, StoreError};

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
    /// As [`Order::rows`].
    pub fn get(&self, bundle: &Bundle, of: Collection, order: &Order) -> Result<Arc<[u32]>, Arc<StoreError>> {
        let key = (bundle.id().clone(), of, order.to_string().into());
        self.0.try_get_with(key, || order.rows(bundle.snapshot(), of).map(Arc::from))
    }

    /// Whether it is kept already: then it costs nothing.
    pub fn has(&self, bundle: &Bundle, of: Collection, order: &Order) -> bool {
        self.0.contains_key(&(bundle.id().clone(), of, order.to_string().into()))
    }
}
