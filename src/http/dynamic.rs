//! Tiles made on request: points from the index under any filter, kept by what they show.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;
use moka::sync::Cache;
use parvis_model::{Collection, Instant, TileCoord};
use parvis_store::{EditionId, Filter, FilterError, PointIndex, Selection};
use parvis_tiles::points::{Layer, Placed, PointTile, tile};
use parvis_tiles::{MAX_TILE_BYTES, PropertyValue, Tileset, concat, gzip};

use super::bundle::Bundle;
use super::error::ApiError;
use super::filter::refused;
use super::metrics::Metrics;
use super::pool::Cost;

/// What a tile costs in memory besides its bytes.
const OVERHEAD: u32 = 256;
/// The most that a stored tile inflates to.
pub const MOST_TILE_BYTES: usize = 64 << 20;

/// Tiles of this zoom and below hold a region or more.
const DEAR_ZOOM: u8 = 7;

/// What layers compressed together may take more than each on its own.
const SEAM: usize = 1024;

/// What one tile shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    edition: EditionId,
    tileset: Tileset,
    at: TileCoord,
    /// [`Filter::canonical`].
    filter: Arc<str>,
}

/// A tile, ready to send.
#[derive(Debug)]
pub struct MadeTile {
    /// MVT in gzip; empty when the tile is.
    pub gzip: Bytes,
    /// Points drawn on their own.
    pub shown: u64,
    /// Points in all, those in clusters included.
    pub total: u64,
}

/// A tile to make.
#[derive(Debug, Clone)]
pub struct Order {
    /// The edition.
    pub bundle: Arc<Bundle>,
    /// Which tiles: actors, events, or all with the boundaries.
    pub tileset: Tileset,
    /// Where.
    pub at: TileCoord,
    /// Of which rows.
    pub filter: Arc<Filter>,
    /// The filter's canonical text.
    pub canonical: Arc<str>,
}

impl Order {
    fn key(&self) -> Key {
        let edition = self.bundle.id().clone();
        Key { edition, tileset: self.tileset, at: self.at, filter: Arc::clone(&self.canonical) }
    }
}

/// The tiles made lately and the selections they came from.
#[derive(Debug)]
pub struct PointTiles {
    tiles: Cache<Key, Arc<MadeTile>>,
    selections: Cache<(EditionId, Collection, Arc<str>), Selection>,
}

impl PointTiles {
    /// Room for so many bytes of tiles.
    pub fn new(bytes: u64) -> Self {
        let weigh = |key: &Key, tile: &Arc<MadeTile>| (tile.gzip.len() + key.filter.len()) as u32 + OVERHEAD;
        Self { tiles: Cache::builder().max_capacity(bytes).weigher(weigh).build(), selections: Cache::new(256) }
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
            self.make(order).map(Arc::new)
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
        let snapshot = bundle.snapshot();
        if filter.is_empty() {
            return snapshot.select(of, filter);
        }
        let key = (bundle.id().clone(), of, filter.canonical().into());
        if let Some(kept) = self.selections.get(&key) {
            return Ok(kept);
        }
        let selection = snapshot.select(of, filter)?;
        self.selections.insert(key, selection.clone());
        Ok(selection)
    }

    /// What a selection costs: nothing when it is all rows, or known already.
    pub fn selection_cost(&self, bundle: &Bundle, of: Collection, filter: &Filter) -> Cost {
        let known = || self.selections.contains_key(&(bundle.id().clone(), of, filter.canonical().into()));
        if filter.is_empty() || known() { Cost::Cheap } else { Cost::Dear }
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

    fn make(&self, order: &Order) -> Result<MadeTile, ApiError> {
        let wanted: &[(Collection, Layer)] = match order.tileset {
            Tileset::Actors => &[(Collection::Actors, Layer::ACTORS)],
            Tileset::Events => &[(Collection::Events, Layer::EVENTS)],
            Tileset::Territory => &[(Collection::Actors, Layer::ACTORS), (Collection::Events, Layer::EVENTS)],
            Tileset::Boundaries => &[],
        };
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let (mut shown, mut total) = (0, 0);
        let mut refusals = Vec::new();
        let mut room = MAX_TILE_BYTES;
        if order.tileset == Tileset::Territory {
            let (bytes, compressed) = stored(order)?;
            room = room.saturating_sub(compressed + SEAM);
            parts.push(bytes);
        }
        for (left, &(collection, layer)) in (0..wanted.len()).rev().zip(wanted) {
            match self.selection(&order.bundle, collection, &order.filter) {
                Ok(selection) => {
                    let made = points(order, (collection, layer), &selection, room)?;
                    if left > 0 {
                        room = room.saturating_sub(gzip::compress(&made.bytes).len() + SEAM);
                    }
                    shown += made.shown;
                    total += made.total;
                    parts.push(made.bytes);
                }
                Err(error) => refusals.push(error),
            }
        }
        // A kind of actors is none of events: of several collections one may have nothing to show, not all.
        if refusals.len() == wanted.len()
            && let Some(error) = refusals.pop()
        {
            return Err(refused(&error));
        }
        let raw = concat(&parts);
        let gzip = if raw.is_empty() { Bytes::new() } else { Bytes::from(gzip::compress(&raw)) };
        Ok(MadeTile { gzip, shown, total })
    }
}

/// The stored tile of the boundaries, opened, and its size before.
fn stored(order: &Order) -> Result<(Vec<u8>, usize), ApiError> {
    let bytes = order.bundle.boundaries().map(|b| b.get(order.at)).unwrap_or_default();
    if bytes.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let opened = gzip::decompress(&bytes, MOST_TILE_BYTES);
    opened.map(|raw| (raw, bytes.len())).map_err(|e| ApiError::internal("opening a stored tile", e))
}

fn points(
    order: &Order,
    (of, layer): (Collection, Layer),
    selection: &Selection,
    room: usize,
) -> Result<PointTile, ApiError> {
    let snapshot = order.bundle.snapshot();
    let Some(index) = snapshot.points(of) else {
        return Ok(PointTile { bytes: Vec::new(), shown: 0, total: 0 });
    };
    let placed: Vec<Placed> = index
        .range(order.at)
        .filter(|&at| selection.is_all() || selection.contains(index.row(at)))
        .map(|at| Placed {
            morton: index.morton(at),
            themes: index.themes(at).bits(),
            rank: index.rank(at),
            item: at as u32,
        })
        .collect();
    let describe = |item: u32| properties(index, item as usize);
    let id_of = |item: u32| index.id(item as usize).to_owned();
    tile(order.at, layer, &placed, room, &describe, &id_of).map_err(|e| ApiError::internal("making a tile", e))
}

/// What a point says of itself in a tile, besides its id.
fn properties(index: &PointIndex, at: usize) -> Vec<(&'static str, PropertyValue)> {
    let themes = index.themes(at);
    let mut out: Vec<(&'static str, PropertyValue)> =
        vec![("kind", index.kind(at).into()), ("name", index.name(at).into())];
    if let Some(first) = themes.first() {
        out.push(("theme", first.code.as_str().into()));
        out.push(("themes", format!("|{}|", themes.codes().join("|")).into()));
    }
    if let Some([start, end]) = index.time(at) {
        out.push(("start", Instant::to_string(&start).into()));
        out.push(("end", Instant::to_string(&end).into()));
    }
    if index.example(at) {
        out.push(("example", true.into()));
    }
    out
}
