//! Making one tile.

use std::sync::Arc;

use bytes::Bytes;
use parvis_model::{Collection, Instant};
use parvis_store::{FilterError, PointIndex};
use parvis_tiles::points::{self, Frame, Layer, PointTile};
use parvis_tiles::{Columns, MAX_TILE_BYTES, PropertyValue, Tileset, concat, gzip, heat, reframe};

use super::selected::{Selected, Selections};
use super::{MOST_TILE_BYTES, MadeTile, Order};
use crate::http::error::ApiError;
use crate::http::filter::refused;

/// What layers compressed together may take more than each on its own.
const SEAM: usize = 1024;

/// The most of a tile that cells take when points are to have the rest.
const CELLS_ROOM: usize = 50_000;

/// The collections of points, with their layers.
const POINTS: [(Collection, Layer); 2] = [(Collection::Actors, Layer::ACTORS), (Collection::Events, Layer::EVENTS)];

/// Makes a tile: boundaries first, then cells, then points in the room that these leave.
pub(super) fn make(selections: &Selections, order: &Order) -> Result<MadeTile, ApiError> {
    let mut draft = Draft { order, parts: Vec::new(), room: MAX_TILE_BYTES, shown: 0, total: 0 };
    if matches!(order.tileset, Tileset::Boundaries | Tileset::Territory) {
        draft.boundaries(selections)?;
    }
    let layers = Layers::of(selections, order)?;
    if matches!(order.tileset, Tileset::Heat | Tileset::Territory) {
        draft.cells(&layers)?;
    }
    if order.tileset == Tileset::Heat {
        draft.total = layers.total(order);
    } else {
        for (left, layer) in (0..layers.0.len()).rev().zip(&layers.0) {
            draft.points(layer, left > 0)?;
        }
    }
    draft.parts.sort_by_key(|(place, _)| *place);
    let raw = concat(draft.parts.iter().map(|(_, bytes)| bytes));
    let gzip = if raw.is_empty() { Bytes::new() } else { Bytes::from(gzip::compress(&raw)) };
    Ok(MadeTile { gzip, shown: draft.shown, total: draft.total })
}

/// The points of a collection that a tile shows.
struct Points<'a> {
    collection: Collection,
    layer: Layer,
    index: &'a PointIndex,
    selected: Arc<Selected>,
}

impl Points<'_> {
    fn columns(&self) -> Columns<'_> {
        let index = self.index;
        let taken = self.selected.marks(index);
        Columns { x: index.x(), y: index.y(), themes: index.theme_bits(), rank: index.ranks(), taken }
    }
}

/// The collections of points that a tileset has, that are asked for, and that the filter fits.
struct Layers<'a>(Vec<Points<'a>>);

impl<'a> Layers<'a> {
    fn of(selections: &Selections, order: &'a Order) -> Result<Self, ApiError> {
        let wanted = |of: Collection| match order.tileset {
            Tileset::Boundaries => false,
            Tileset::Actors => of == Collection::Actors,
            Tileset::Events => of == Collection::Events,
            Tileset::Heat | Tileset::Territory => order.chosen.place(of).is_some(),
        };
        let (mut layers, mut refusals) = (Vec::new(), Vec::new());
        for (collection, layer) in POINTS.into_iter().filter(|(of, _)| wanted(*of)) {
            let Some(index) = order.bundle.snapshot().points(collection) else { continue };
            match selections.of(&order.bundle, collection, &order.filter) {
                Ok(selected) => layers.push(Points { collection, layer, index, selected }),
                Err(error @ FilterError::Unreadable(_)) => return Err(refused(&error)),
                Err(error) => refusals.push(error),
            }
        }
        // A kind of actors is none of events: of several collections one may have nothing to show, not all.
        match refusals.pop() {
            Some(error) if layers.is_empty() => Err(refused(&error)),
            _ => Ok(Self(layers)),
        }
    }

    /// How many points lie in the tile.
    fn total(&self, order: &Order) -> u64 {
        let of = |points: &Points<'_>| points.columns().count(points.columns().range(order.at)) as u64;
        self.0.iter().map(of).sum()
    }
}

/// A tile as far as it is made.
struct Draft<'a> {
    order: &'a Order,
    /// Layers, each with its place from bottom to top.
    parts: Vec<(usize, Vec<u8>)>,
    /// How many bytes are left.
    room: usize,
    shown: u64,
    total: u64,
}

impl Draft<'_> {
    /// Adds the layers of a stored tile, or those of the chosen collections, of these the units that the filter takes.
    fn boundaries(&mut self, selections: &Selections) -> Result<(), ApiError> {
        let order = self.order;
        let bytes = order.bundle.boundaries().map(|b| b.get(order.at)).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(());
        }
        let damaged = |e: &dyn std::fmt::Display| ApiError::internal("opening a stored tile", e);
        let raw = gzip::decompress(&bytes, MOST_TILE_BYTES).map_err(|e| damaged(&e))?;
        if order.chosen.is_all() {
            self.room = self.room.saturating_sub(bytes.len() + SEAM);
            self.parts.push((0, raw));
            return Ok(());
        }
        let takes = UnitFilter::of(selections, order)?;
        for collection in Collection::ALL.into_iter().filter(|c| c.level().is_some()) {
            let Some(place) = order.chosen.place(collection) else { continue };
            let part = reframe::part(&raw, |layer| layer == collection.name(), |id| takes.takes(collection, id));
            let (part, units) = part.map_err(|e| damaged(&e))?;
            if order.tileset == Tileset::Boundaries {
                self.shown += units;
                self.total += units;
            } else if units > 0 {
                self.take_room(&part);
            }
            self.parts.push((place, part));
        }
        Ok(())
    }

    fn cells(&mut self, layers: &Layers<'_>) -> Result<(), ApiError> {
        let alone = self.order.tileset == Tileset::Heat;
        let room = if alone { self.room } else { self.room.min(CELLS_ROOM) };
        let counted: Vec<(Columns<'_>, &[u64])> = layers.0.iter().map(|p| (p.columns(), p.index.h3())).collect();
        let names: Vec<&'static str> = layers.0.iter().map(|p| p.collection.name()).collect();
        let cells = heat::count(self.order.at, &counted);
        let bytes = heat::tile(self.order.at, &cells, &names, room);
        let bytes = bytes.map_err(|e| ApiError::internal("making a tile of cells", e))?;
        if !alone && !bytes.is_empty() {
            self.take_room(&bytes);
        }
        // Above the boundaries, below the points.
        let lowest = layers.0.iter().filter_map(|p| self.order.chosen.place(p.collection)).min();
        self.parts.push((lowest.unwrap_or_default(), bytes));
        Ok(())
    }

    fn points(&mut self, points: &Points<'_>, more_follow: bool) -> Result<(), ApiError> {
        let (order, index) = (self.order, points.index);
        let frame = Frame { coord: order.at, layer: points.layer, deepest: order.tileset.max_zoom(), room: self.room };
        let describe = |at: usize| properties(index, at);
        let id_of = |at: usize| index.id(at).to_owned();
        let made = points::tile(frame, &points.columns(), &describe, &id_of);
        let PointTile { bytes, shown, total } = made.map_err(|e| ApiError::internal("making a tile", e))?;
        if more_follow && !bytes.is_empty() {
            self.take_room(&bytes);
        }
        self.shown += shown;
        self.total += total;
        self.parts.push((order.chosen.place(points.collection).unwrap_or_default(), bytes));
        Ok(())
    }

    fn take_room(&mut self, bytes: &[u8]) {
        self.room = self.room.saturating_sub(gzip::compress(bytes).len() + SEAM);
    }
}

/// Which units of stored tiles a filter takes. In `territory` a filter narrows the points alone.
struct UnitFilter<'a> {
    order: &'a Order,
    selected: Vec<(Collection, Arc<Selected>)>,
}

impl<'a> UnitFilter<'a> {
    fn of(selections: &Selections, order: &'a Order) -> Result<Self, ApiError> {
        let mut selected = Vec::new();
        if order.tileset == Tileset::Boundaries && !order.filter.is_empty() {
            let there = |c: &Collection| c.level().is_some() && order.bundle.snapshot().has(*c);
            let wanted = |c: &Collection| there(c) && order.chosen.place(*c).is_some();
            for collection in Collection::ALL.into_iter().filter(wanted) {
                let rows = selections.of(&order.bundle, collection, &order.filter);
                selected.push((collection, rows.map_err(|e| refused(&e))?));
            }
        }
        Ok(Self { order, selected })
    }

    fn takes(&self, collection: Collection, id: u64) -> bool {
        let Some((_, selected)) = self.selected.iter().find(|(c, _)| *c == collection) else { return true };
        let row = self.order.bundle.unit_row(collection, id);
        row.is_some_and(|row| selected.selection.contains(row))
    }
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
