//! Tiles made on request: points, cells and parts of stored tiles under any filter, kept by what they show.

mod make;
mod selected;

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use moka::sync::Cache;
use parvis_model::{Collection, TileCoord};
use parvis_store::{EditionId, Filter, FilterError, Selection};
use parvis_tiles::Tileset;

use super::bundle::Bundle;
use super::error::ApiError;
use super::metrics::Metrics;
use super::pool::Cost;
use selected::Selections;

/// What an entry costs in memory besides its bytes and its key's texts.
const OVERHEAD: usize = 256;
/// The most that a stored tile inflates to.
pub const MOST_TILE_BYTES: usize = 64 << 20;

/// Tiles of this zoom and below hold a region or more.
const DEAR_ZOOM: u8 = 7;

/// Some of the collections, in the order in which a tile is to have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chosen(Option<Arc<[Collection]>>);

impl Chosen {
    /// All of them, and what belongs to no single one.
    pub const ALL: Self = Self(None);

    /// These alone, each once.
    pub fn of(collections: impl IntoIterator<Item = Collection>) -> Self {
        let mut chosen: Vec<Collection> = Vec::new();
        for collection in collections {
            if !chosen.contains(&collection) {
                chosen.push(collection);
            }
        }
        Self(Some(chosen.into()))
    }

    /// Whether none is left out.
    pub const fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// Where a collection stands among them; `None` when it is not there.
    pub fn place(&self, collection: Collection) -> Option<usize> {
        match &self.0 {
            None => Some(collection as usize),
            Some(chosen) => chosen.iter().position(|c| *c == collection),
        }
    }

    /// As text, for entity tags.
    pub(crate) fn text(&self) -> String {
        let names = self.0.iter().flat_map(|chosen| chosen.iter()).map(|c| c.name());
        names.collect::<Vec<_>>().join(",")
    }
}

/// What one tile shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    edition: EditionId,
    tileset: Tileset,
    chosen: Chosen,
    at: TileCoord,
    /// [`Filter::canonical`].
    filter: Arc<str>,
}

/// A tile, ready to send.
#[derive(Debug)]
pub struct MadeTile {
    /// MVT in gzip; empty when the tile is.
    pub gzip: Bytes,
    /// Points drawn on their own, of boundaries the units.
    pub shown: u64,
    /// Points in all, those in clusters and cells included; of boundaries the units.
    pub total: u64,
}

/// A tile to make.
#[derive(Debug, Clone)]
pub struct Order {
    /// The edition.
    pub bundle: Arc<Bundle>,
    /// Which tiles.
    pub tileset: Tileset,
    /// Of which collections, as far as the tileset has them.
    pub chosen: Chosen,
    /// Where.
    pub at: TileCoord,
    /// Of which rows.
    pub filter: Arc<Filter>,
    /// The filter's canonical text.
    pub canonical: Arc<str>,
}

impl Order {
    fn key(&self) -> Key {
        let (edition, filter) = (self.bundle.id().clone(), Arc::clone(&self.canonical));
        Key { edition, tileset: self.tileset, chosen: self.chosen.clone(), at: self.at, filter }
    }
}

/// The tiles made lately and the selections they came from.
#[derive(Debug)]
pub struct PointTiles {
    tiles: Cache<Key, Arc<MadeTile>>,
    selections: Selections,
}

impl PointTiles {
    /// Room for so many bytes: three quarters for tiles, the rest for selections.
    pub fn new(bytes: u64) -> Self {
        let weigh = |key: &Key, tile: &Arc<MadeTile>| {
            (tile.gzip.len() + key.filter.len() + key.edition.as_str().len() + OVERHEAD) as u32
        };
        Self {
            tiles: Cache::builder().max_capacity(bytes / 4 * 3).weigher(weigh).build(),
            selections: Selections::new(bytes / 4),
        }
    }

    /// How many tiles are kept, and the bytes they take.
    pub fn size(&self) -> (u64, u64) {
        (self.tiles.entry_count(), self.tiles.weighted_size())
    }

    /// A tile that was made before.
    pub fn kept(&self, order: &Order, metrics: &Metrics) -> Option<Arc<MadeTile>> {
        let kept = self.tiles.get(&order.key());
        if kept.is_some() {
            metrics.tile_hits.fetch_add(1, Relaxed);
        }
        kept
    }

    /// Makes a tile, once however many ask for it at the same time. Blocks.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] when the filter does not fit, [`ApiError::Internal`] when the encoder refuses.
    pub fn made(&self, order: &Order, metrics: &Metrics) -> Result<Arc<MadeTile>, ApiError> {
        let made = self.tiles.try_get_with(order.key(), || {
            metrics.tile_misses.fetch_add(1, Relaxed);
            make::make(&self.selections, order).map(Arc::new)
        });
        made.map_err(|e| match &*e {
            ApiError::BadRequest(text) => ApiError::BadRequest(text.clone()),
            ApiError::NotFound(text) => ApiError::NotFound(text.clone()),
            other => ApiError::Internal(other.to_string()),
        })
    }

    /// The rows of a filter, computed once for all tiles and pages that share it. Blocks.
    ///
    /// # Errors
    /// As [`parvis_store::Snapshot::select`].
    pub fn selection(&self, bundle: &Bundle, of: Collection, filter: &Filter) -> Result<Selection, FilterError> {
        Ok(self.selections.of(bundle, of, filter)?.selection.clone())
    }

    /// Drops the selections of editions that are not open any more.
    pub fn forget(&self, open: impl Fn(&EditionId) -> bool) {
        self.selections.retain(open);
    }

    /// What a selection costs: nothing when it is all rows, or known already.
    pub fn selection_cost(&self, bundle: &Bundle, of: Collection, filter: &Filter) -> Cost {
        if filter.is_empty() || self.selections.has(bundle, of, filter) { Cost::Cheap } else { Cost::Dear }
    }

    /// What a tile costs that is not kept: much where it holds a large part of all points.
    pub fn tile_cost(&self, order: &Order) -> Cost {
        let selections =
            [Collection::Actors, Collection::Events].map(|of| self.selection_cost(&order.bundle, of, &order.filter));
        if order.at.z() <= DEAR_ZOOM || selections.iter().all(|cost| *cost == Cost::Dear) {
            Cost::Dear
        } else {
            Cost::Cheap
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collections_keep_their_order_and_count_once() {
        let some = Chosen::of([Collection::Events, Collection::Actors, Collection::Events]);
        assert_eq!(some.text(), "events,actors");
        assert_eq!((some.place(Collection::Actors), some.place(Collection::Regions)), (Some(1), None));
        assert!(Chosen::ALL.is_all() && Chosen::ALL.place(Collection::Regions).is_some());
        assert_ne!(Chosen::of(Collection::ALL), Chosen::ALL, "lines and labels belong to no single one");
    }
}
