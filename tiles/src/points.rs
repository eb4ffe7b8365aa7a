//! Tiles of points: what stands alone in its cell is drawn, the rest is counted.
//!
//! The cells are Morton prefixes, so they nest: whoever stands alone at one zoom stands alone at every
//! deeper one, and the points and counts of all tiles of a zoom sum to the total, exactly.

use std::sync::OnceLock;

use parvis_model::{ThemeSet, TileCoord, TilePoint, World, mvt_id, themes};
use rayon::prelude::*;

use crate::encode::{LayerBuilder, TileBuilder};
use crate::{PropertyValue, TilesError, gzip};

/// The deepest zoom of point tiles: only points on one position of its tiles stay together.
pub const MAX_POINT_ZOOM: u8 = 14;

/// Cells a tile has along a side, as a power of two, above the deepest zoom: 8 by 8, 64 pixels on the screen.
const CELL_BITS: u8 = 3;

/// Tile coordinates along a side, as a power of two: 4096.
const EXTENT_BITS: u8 = 12;

/// From how many points on several threads are worth their start.
const PARALLEL_FROM: usize = 65_536;

/// A point that passed the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Where: [`World::morton`]. Slices of points are sorted by it.
    pub morton: u64,
    /// Its themes as bits ([`ThemeSet::bits`]).
    pub themes: u16,
    /// The smaller, the sooner it stands for its cluster.
    pub rank: u32,
    /// What `describe` and `id_of` know it by.
    pub item: u32,
}

/// The two layers of a point tileset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Points drawn on their own.
    pub points: &'static str,
    /// Clusters.
    pub clusters: &'static str,
}

impl Layer {
    /// `actors` and `actor_clusters`.
    pub const ACTORS: Self = Self { points: "actors", clusters: "actor_clusters" };
    /// `events` and `event_clusters`.
    pub const EVENTS: Self = Self { points: "events", clusters: "event_clusters" };
}

/// A tile of points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointTile {
    /// Protobuf, not compressed; empty when there is no point.
    pub bytes: Vec<u8>,
    /// How many points are drawn on their own.
    pub shown: u64,
    /// All points of the tile: the drawn ones and those that clusters count.
    pub total: u64,
}

/// Makes one tile.
///
/// `points`: those of the tile ([`TileCoord::morton_range`]), in Morton order; others are passed over.
/// `describe` gives the properties of a point besides `id`, `id_of` its id. Clusters have `count`,
/// `theme_<code>` (zero left out), `expansion_zoom` (the smallest zoom at which their members part; left
/// out when they never do) and `sample_id`, the member of the smallest rank. When the tile would be over `room`
/// bytes compressed, its cells double until it fits, or are one. Linear in the points.
///
/// # Errors
/// [`TilesError::Encode`] when the encoder refuses.
pub fn tile(
    coord: TileCoord,
    layer: Layer,
    points: &[Placed],
    room: usize,
    describe: &(dyn Fn(u32) -> Vec<(&'static str, PropertyValue)> + Sync),
    id_of: &dyn Fn(u32) -> String,
) -> Result<PointTile, TilesError> {
    let points = within(points, coord);
    let total = points.len() as u64;
    let z = coord.z();
    let finest = if z < MAX_POINT_ZOOM { z + CELL_BITS } else { (z + EXTENT_BITS).min(32) };
    let mut cells = finest;
    loop {
        let tile = Draft { coord, layer, cells, describe, id_of }.encode(points)?;
        let fits = tile.bytes.len() <= room || gzip::compress(&tile.bytes).len() <= room;
        if fits || cells <= z {
            return Ok(PointTile { total, ..tile });
        }
        cells -= 1;
    }
}

fn within(points: &[Placed], coord: TileCoord) -> &[Placed] {
    let range = coord.morton_range();
    let from = points.partition_point(|p| u128::from(p.morton) < range.start);
    let to = points.partition_point(|p| u128::from(p.morton) < range.end);
    &points[from..to]
}

struct Draft<'a> {
    coord: TileCoord,
    layer: Layer,
    /// The zoom whose tiles are the cells.
    cells: u8,
    describe: &'a (dyn Fn(u32) -> Vec<(&'static str, PropertyValue)> + Sync),
    id_of: &'a dyn Fn(u32) -> String,
}

impl Draft<'_> {
    fn encode(&self, points: &[Placed]) -> Result<PointTile, TilesError> {
        let groups = split(points, self.cells);
        let summaries: Vec<Option<Cluster>> = if points.len() < PARALLEL_FROM {
            groups.iter().map(|g| Cluster::of(g)).collect()
        } else {
            groups.par_iter().map(|g| Cluster::of(g)).collect()
        };
        let (mut drawn, mut clusters) = (LayerBuilder::new(self.layer.points), LayerBuilder::new(self.layer.clusters));
        let mut shown = 0;
        for (group, cluster) in groups.iter().zip(summaries) {
            match cluster {
                None => {
                    shown += 1;
                    self.point(&mut drawn, group[0])?;
                }
                Some(cluster) => self.cluster(&mut clusters, group[0].morton, &cluster)?,
            }
        }
        let mut tile = TileBuilder::default();
        tile.add(drawn)?;
        tile.add(clusters)?;
        Ok(PointTile { bytes: tile.into_bytes()?, shown, total: points.len() as u64 })
    }

    fn point(&self, layer: &mut LayerBuilder, point: Placed) -> Result<(), TilesError> {
        let id = (self.id_of)(point.item);
        let feature_id = mvt_id(&id);
        let mut properties = vec![("id", PropertyValue::Text(id))];
        properties.extend((self.describe)(point.item));
        layer.point(Some(feature_id), position(World::from_morton(point.morton), self.coord), &properties)?;
        Ok(())
    }

    fn cluster(&self, layer: &mut LayerBuilder, morton: u64, cluster: &Cluster) -> Result<(), TilesError> {
        let cell = morton >> (64 - 2 * u32::from(self.cells.max(1)));
        let id = mvt_id(&format!("{}:{}:{cell}", self.layer.clusters, self.cells));
        let mut properties = vec![("count", PropertyValue::Integer(cluster.count as i64))];
        for (key, &count) in theme_keys().iter().zip(&cluster.themes) {
            if count > 0 {
                properties.push((key, PropertyValue::Integer(count as i64)));
            }
        }
        if let Some(zoom) = cluster.expansion_zoom(self.coord.z()) {
            properties.push(("expansion_zoom", PropertyValue::Integer(i64::from(zoom))));
        }
        properties.push(("sample_id", PropertyValue::Text((self.id_of)(cluster.sample))));
        layer.point(Some(id), position(cluster.mean, self.coord), &properties)?;
        Ok(())
    }
}

/// What a cell of at least two points says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cluster {
    count: u64,
    /// How many have each theme.
    themes: [u64; 16],
    mean: World,
    /// The member of the smallest rank.
    sample: u32,
    /// The deepest zoom of which one tile holds all members.
    shared: u8,
}

impl Cluster {
    /// `None` for a single point. `points` is not empty and in Morton order.
    fn of(points: &[Placed]) -> Option<Self> {
        let [first, .., last] = points else { return None };
        let (mut themes, mut x, mut y) = ([0; 16], 0, 0);
        let mut best = first;
        for point in points {
            let at = World::from_morton(point.morton);
            x += u64::from(at.x);
            y += u64::from(at.y);
            let mut bits = point.themes;
            while bits != 0 {
                themes[bits.trailing_zeros() as usize] += 1;
                bits &= bits - 1;
            }
            if (point.rank, point.item) < (best.rank, best.item) {
                best = point;
            }
        }
        let count = points.len() as u64;
        let mean = World { x: (x / count) as u32, y: (y / count) as u32 };
        let shared = ((first.morton ^ last.morton).leading_zeros() / 2) as u8;
        Some(Self { count, themes, mean, sample: best.item, shared })
    }

    /// The smallest zoom beyond `z` at which the members are not all in one cell.
    fn expansion_zoom(&self, z: u8) -> Option<u8> {
        let parted = (self.shared + 1).saturating_sub(CELL_BITS).max(z + 1);
        if parted < MAX_POINT_ZOOM {
            return Some(parted);
        }
        (z < MAX_POINT_ZOOM && self.shared < MAX_POINT_ZOOM + EXTENT_BITS).then_some(MAX_POINT_ZOOM)
    }
}

/// The runs of points that share a cell.
fn split(points: &[Placed], cells: u8) -> Vec<&[Placed]> {
    let shift = 64 - 2 * u32::from(cells);
    let cell = |p: &Placed| p.morton.checked_shr(shift).unwrap_or(0);
    let mut groups = Vec::new();
    let mut rest = points;
    while let Some(first) = rest.first() {
        // Gallop: most cells are short, some are very long.
        let here = cell(first);
        let mut reach = 1;
        while reach < rest.len() && cell(&rest[reach]) == here {
            reach = (reach * 2).min(rest.len());
        }
        let from = reach / 2;
        let len = from + rest[from..reach].partition_point(|p| cell(p) == here);
        let (group, after) = rest.split_at(len);
        groups.push(group);
        rest = after;
    }
    groups
}

/// Where a place lies in a tile: rounded down, so that it lies in no other.
fn position(at: World, coord: TileCoord) -> TilePoint {
    let origin = coord.origin();
    let scale = |offset: u32| ((u64::from(offset) << EXTENT_BITS) >> (32 - u32::from(coord.z()))) as i32;
    TilePoint { x: scale(at.x.wrapping_sub(origin.x)), y: scale(at.y.wrapping_sub(origin.y)) }
}

/// `theme_<code>` of every theme, in order.
fn theme_keys() -> &'static [&'static str] {
    static KEYS: OnceLock<Vec<&'static str>> = OnceLock::new();
    KEYS.get_or_init(|| themes().iter().map(|t| &*format!("theme_{}", t.code).leak()).collect())
}

/// Themes as tiles have them: `|food|energy|`, so that `|food|` is found in the text; empty without themes.
pub fn themes_property(set: ThemeSet) -> String {
    if set.is_empty() { String::new() } else { format!("|{}|", set.codes().join("|")) }
}

#[cfg(test)]
#[path = "points_tests.rs"]
mod tests;
