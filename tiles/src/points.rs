//! Tiles of points: what stands alone in its cell is drawn, the rest is counted.
//!
//! The cells are Morton prefixes, so they nest: whoever stands alone at one zoom stands alone at every
//! deeper one, and the points and counts of all tiles of a zoom sum to the total, exactly.

use std::ops::Range;
use std::sync::OnceLock;

use parvis_model::{SetCounter, ThemeSet, TileCoord, TilePoint, World, mvt_id, themes};
use rayon::prelude::*;

use crate::columns::Columns;
use crate::encode::{LayerBuilder, TileBuilder};
use crate::{PropertyValue, TilesError, gzip};

/// The deepest zoom of point tiles: only points on one position of its tiles stay together.
pub const MAX_POINT_ZOOM: u8 = 14;

/// Cells a tile has along a side, as a power of two, above the deepest zoom: 8 by 8, 64 pixels on the screen.
const CELL_BITS: u8 = 3;

/// Tile coordinates along a side, as a power of two: 4096.
const EXTENT_BITS: u8 = 12;

/// How many points of a cell one thread sums up; more are shared out.
const CHUNK: usize = 32_768;

/// What a feature takes in a compressed tile at least: its id is 53 random bits.
const LEAST_BYTES: usize = 6;

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

/// Which tile to make, and how large it may be.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// Where.
    pub coord: TileCoord,
    /// Its layers.
    pub layer: Layer,
    /// The deepest zoom of its tileset, at which only points on one position stay together.
    pub deepest: u8,
    /// The most bytes that it may take, compressed.
    pub room: usize,
}

/// Makes one tile.
///
/// `describe` gives the properties of the point at a position besides `id`, `id_of` its id. Clusters have `count`,
/// `theme_<code>` (zero left out), `expansion_zoom` (the smallest zoom at which their members part; left
/// out when they never do) and `sample_id`, the member of the smallest rank. When the tile would be over its room,
/// its cells double until it fits, or are one. Linear in the points of the tile that are taken.
///
/// # Errors
/// [`TilesError::Encode`] when the encoder refuses.
pub fn tile(
    frame: Frame,
    points: &Columns<'_>,
    describe: &(dyn Fn(usize) -> Vec<(&'static str, PropertyValue)> + Sync),
    id_of: &dyn Fn(usize) -> String,
) -> Result<PointTile, TilesError> {
    let z = frame.coord.z();
    let range = points.range(frame.coord);
    let mut cells = if z < frame.deepest { z + CELL_BITS } else { (z + EXTENT_BITS).min(32) };
    // The most features that may be worth a try.
    let mut most = frame.room / LEAST_BYTES;
    loop {
        let groups = split(points, range.clone(), cells);
        if groups.len() > most && cells > z {
            cells -= 1;
            continue;
        }
        let tile = Draft { frame, points, cells, describe, id_of }.encode(&groups)?;
        let packed = if tile.bytes.len() <= frame.room { 0 } else { gzip::compress(&tile.bytes).len() };
        if packed <= frame.room || cells <= z {
            return Ok(tile);
        }
        // Features of larger cells are about as long: what would be twice too large is not made.
        most = groups.len() * 2 * frame.room / packed;
        cells -= 1;
    }
}

struct Draft<'a> {
    frame: Frame,
    points: &'a Columns<'a>,
    /// The zoom whose tiles are the cells.
    cells: u8,
    describe: &'a (dyn Fn(usize) -> Vec<(&'static str, PropertyValue)> + Sync),
    id_of: &'a dyn Fn(usize) -> String,
}

impl Draft<'_> {
    fn encode(&self, groups: &[Group]) -> Result<PointTile, TilesError> {
        let layer = self.frame.layer;
        let (mut drawn, mut clusters) = (LayerBuilder::new(layer.points), LayerBuilder::new(layer.clusters));
        let (mut shown, mut total) = (0, 0);
        for group in groups {
            total += group.count as u64;
            if group.count == 1 {
                shown += 1;
                self.point(&mut drawn, group.first)?;
            } else {
                self.cluster(&mut clusters, &Cluster::of(self.points, group))?;
            }
        }
        let mut tile = TileBuilder::default();
        tile.add(drawn)?;
        tile.add(clusters)?;
        Ok(PointTile { bytes: tile.into_bytes()?, shown, total })
    }

    fn point(&self, layer: &mut LayerBuilder, at: usize) -> Result<(), TilesError> {
        let id = (self.id_of)(at);
        let feature_id = mvt_id(&id);
        let mut properties = vec![("id", PropertyValue::Text(id))];
        properties.extend((self.describe)(at));
        layer.point(Some(feature_id), position(self.points.world(at), self.frame.coord), &properties)?;
        Ok(())
    }

    fn cluster(&self, layer: &mut LayerBuilder, cluster: &Cluster) -> Result<(), TilesError> {
        let cell = cluster.mean.morton() >> (64 - 2 * u32::from(self.cells.max(1)));
        let id = mvt_id(&format!("{}:{}:{cell}", self.frame.layer.clusters, self.cells));
        let mut properties = vec![("count", PropertyValue::Integer(cluster.count as i64))];
        properties.extend(theme_counts(&cluster.themes));
        if let Some(zoom) = cluster.expansion_zoom(self.frame) {
            properties.push(("expansion_zoom", PropertyValue::Integer(i64::from(zoom))));
        }
        properties.push(("sample_id", PropertyValue::Text((self.id_of)(cluster.sample))));
        layer.point(Some(id), position(cluster.mean, self.frame.coord), &properties)?;
        Ok(())
    }
}

/// The points of a cell that count: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    /// All positions of the cell.
    range: Range<usize>,
    count: usize,
    /// The first that counts.
    first: usize,
}

/// The cells that hold something, in order: runs of positions, found by galloping, since most are short and some
/// are very long.
fn split(points: &Columns<'_>, range: Range<usize>, cells: u8) -> Vec<Group> {
    let width = 1u128 << (64 - 2 * u32::from(cells));
    let mut groups = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let code = u128::from(points.morton(at));
        let end = points.gallop(code - code % width + width, at..range.end);
        let count = points.count(at..end);
        if count > 0 {
            let first = points.taken.map_or(Some(at), |taken| taken.first(at..end));
            groups.push(Group { range: at..end, count, first: first.unwrap_or(at) });
        }
        at = end;
    }
    groups
}

/// What a cell of at least two points says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cluster {
    count: u64,
    /// How many have each theme.
    themes: [u64; 16],
    mean: World,
    /// The position of the member of the smallest rank.
    sample: usize,
    /// The deepest zoom of which one tile holds all members.
    shared: u8,
}

impl Cluster {
    fn of(points: &Columns<'_>, group: &Group) -> Self {
        let sums = if group.range.len() <= CHUNK {
            Sums::of(points, group.range.clone())
        } else {
            let chunks: Vec<Range<usize>> =
                group.range.clone().step_by(CHUNK).map(|from| from..(from + CHUNK).min(group.range.end)).collect();
            chunks.into_par_iter().map(|chunk| Sums::of(points, chunk)).reduce(Sums::default, |a, b| a.and(&b))
        };
        let mean = World { x: (sums.x / sums.count.max(1)) as u32, y: (sums.y / sums.count.max(1)) as u32 };
        let apart = points.morton(group.first) ^ points.morton(sums.last);
        let shared = (apart.leading_zeros() / 2) as u8;
        Self { count: sums.count, themes: sums.themes, mean, sample: sums.best.1, shared }
    }

    /// The smallest zoom beyond the tile's at which the members are not all in one cell.
    fn expansion_zoom(&self, frame: Frame) -> Option<u8> {
        let (z, deepest) = (frame.coord.z(), frame.deepest);
        let parted = (self.shared + 1).saturating_sub(CELL_BITS).max(z + 1);
        if parted < deepest {
            return Some(parted);
        }
        (z < deepest && self.shared < deepest + EXTENT_BITS).then_some(deepest)
    }
}

/// The sums over some points.
#[derive(Debug, Clone)]
struct Sums {
    count: u64,
    themes: [u64; 16],
    x: u64,
    y: u64,
    /// Rank and position of the one of the smallest rank, the first of several.
    best: (u32, usize),
    last: usize,
}

impl Default for Sums {
    fn default() -> Self {
        Self { count: 0, themes: [0; 16], x: 0, y: 0, best: (u32::MAX, usize::MAX), last: 0 }
    }
}

impl Sums {
    fn of(points: &Columns<'_>, range: Range<usize>) -> Self {
        let mut sums = Self::default();
        let mut themes = SetCounter::default();
        points.each(range, |at| {
            sums.count += 1;
            sums.x += u64::from(points.x[at]);
            sums.y += u64::from(points.y[at]);
            themes.add(points.themes[at]);
            if points.rank[at] < sums.best.0 || sums.best.1 == usize::MAX {
                sums.best = (points.rank[at], at);
            }
            sums.last = at;
        });
        sums.themes = themes.counts();
        sums
    }

    fn and(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.x += other.x;
        self.y += other.y;
        for (sum, more) in self.themes.iter_mut().zip(other.themes) {
            *sum += more;
        }
        self.best = self.best.min(other.best);
        self.last = self.last.max(other.last);
        self
    }
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

/// `theme_<code>` of every theme that something has.
pub(crate) fn theme_counts(counts: &[u64; 16]) -> impl Iterator<Item = (&'static str, PropertyValue)> {
    let counted = theme_keys().iter().zip(counts).filter(|(_, count)| **count > 0);
    counted.map(|(key, &count)| (*key, PropertyValue::Integer(count as i64)))
}

/// Themes as tiles have them: `|food|energy|`, so that `|food|` is found in the text; empty without themes.
pub fn themes_property(set: ThemeSet) -> String {
    if set.is_empty() { String::new() } else { format!("|{}|", set.codes().join("|")) }
}

#[cfg(test)]
#[path = "points_tests.rs"]
mod tests;
