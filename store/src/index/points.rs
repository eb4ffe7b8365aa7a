//! Actors or events as columns, sorted along the tile curve.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use parvis_model::{AdminLevel, Instant, LonLat, ThemeSet, TileCoord, World, mvt_id};
use rayon::prelude::*;

use crate::{Clock, Interval};

/// Stands where a point lies in no unit of a level.
pub const NO_UNIT: u32 = u32::MAX;

/// The points of one collection. Positions 0..[`PointIndex::located`] follow the Morton curve of the
/// zoom-32 grid, so that a tile is one range; the rows without a place come after them, by row.
#[derive(Debug, Default)]
pub struct PointIndex {
    pub(crate) located: usize,
    pub(crate) x: Vec<u32>,
    pub(crate) y: Vec<u32>,
    pub(crate) lon: Vec<f64>,
    pub(crate) lat: Vec<f64>,
    pub(crate) kind: Vec<u8>,
    pub(crate) kinds: Vec<&'static str>,
    pub(crate) theme_bits: Vec<u16>,
    pub(crate) first_theme: Vec<u8>,
    pub(crate) units: [Vec<u32>; 6],
    pub(crate) postcode: Vec<u32>,
    pub(crate) postcodes: Vec<Box<str>>,
    pub(crate) start: Vec<i64>,
    pub(crate) end: Vec<i64>,
    /// Seconds that clocks there are ahead of UTC at the start, and at the end.
    pub(crate) ahead: Vec<[i32; 2]>,
    pub(crate) rank: Vec<u32>,
    pub(crate) h3: OnceLock<Vec<u64>>,
    pub(crate) row: Arc<[u32]>,
    pub(crate) example: Vec<bool>,
    /// By row.
    pub(crate) ids: Arena,
    /// By row.
    pub(crate) names: Arena,
    pub(crate) position_of_row: Vec<u32>,
    /// Hashes of ids, each with its row in the lower half, sorted. Made when first asked, or when warmed.
    pub(crate) hashes: OnceLock<Vec<u64>>,
}

/// Texts end to end.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    pub(crate) text: String,
    pub(crate) ends: Vec<u32>,
}

impl Arena {
    pub(crate) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
    }

    /// All texts of some, in order.
    pub(crate) fn joined<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let mut all = Self {
            text: String::with_capacity(parts.clone().map(|part| part.text.len()).sum()),
            ends: Vec::with_capacity(parts.clone().map(|part| part.ends.len()).sum()),
        };
        for part in parts {
            let before = all.text.len() as u32;
            all.text.push_str(&part.text);
            all.ends.extend(part.ends.iter().map(|end| before + end));
        }
        all
    }

    pub(crate) fn get(&self, at: usize) -> &str {
        let Some(&end) = self.ends.get(at) else { return "" };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start as usize..end as usize]
    }
}

/// How much of an id's 53-bit hash is kept, in its rank: the first 30 bits.
pub(crate) const HASH_BITS: u32 = 30;

/// These bits.
pub(crate) const fn hash_prefix(hash: u64) -> u32 {
    (hash >> (53 - HASH_BITS)) as u32
}

impl PointIndex {
    /// How many rows, placed or not.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// How many have a place; their positions come first.
    pub fn located(&self) -> usize {
        self.located
    }

    /// The positions in a tile (half-open: a point is in exactly one tile of a zoom).
    pub fn range(&self, tile: TileCoord) -> Range<usize> {
        let codes = tile.morton_range();
        self.lower_bound(codes.start)..self.lower_bound(codes.end)
    }

    fn lower_bound(&self, code: u128) -> usize {
        let (mut low, mut high) = (0, self.located);
        while low < high {
            let middle = low.midpoint(high);
            if u128::from(self.morton(middle)) < code {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The cell of the zoom-32 grid. Meaningless at and beyond [`PointIndex::located`].
    pub fn world(&self, at: usize) -> World {
        World { x: self.x[at], y: self.y[at] }
    }

    /// The Morton code of [`PointIndex::world`].
    pub fn morton(&self, at: usize) -> u64 {
        self.world(at).morton()
    }

    /// Where; `None` when not placed.
    pub fn place(&self, at: usize) -> Option<LonLat> {
        if at < self.located { LonLat::new(self.lon[at], self.lat[at]) } else { None }
    }

    /// The row in the collection's files.
    pub fn row(&self, at: usize) -> u32 {
        self.row[at]
    }

    /// [`PointIndex::row`] of every position.
    pub(crate) fn rows(&self) -> Arc<[u32]> {
        Arc::clone(&self.row)
    }

    /// The position of a row; `None` beyond the last.
    pub fn position(&self, row: u32) -> Option<usize> {
        self.position_of_row.get(row as usize).map(|&p| p as usize)
    }

    /// The row of an id.
    pub fn row_of(&self, id: &str) -> Option<u32> {
        let (hash, hashes) = (u64::from(hash_prefix(mvt_id(id))), self.by_hash());
        let from = hashes.partition_point(|entry| entry >> 32 < hash);
        let same = hashes[from..].iter().take_while(|entry| **entry >> 32 == hash);
        same.map(|entry| *entry as u32).find(|&row| self.ids.get(row as usize) == id)
    }

    /// What an id is looked up by.
    pub(crate) fn by_hash(&self) -> &[u64] {
        self.hashes.get_or_init(|| {
            let entry = |(&rank, &row): (&u32, &u32)| u64::from(rank & ((1 << HASH_BITS) - 1)) << 32 | u64::from(row);
            let mut entries: Vec<u64> = self.rank.par_iter().zip(&self.row[..]).map(entry).collect();
            entries.par_sort_unstable();
            entries
        })
    }

    /// The id.
    pub fn id(&self, at: usize) -> &str {
        self.row.get(at).map_or("", |&row| self.ids.get(row as usize))
    }

    /// The name.
    pub fn name(&self, at: usize) -> &str {
        self.row.get(at).map_or("", |&row| self.names.get(row as usize))
    }

    /// The kind's name.
    pub fn kind(&self, at: usize) -> &'static str {
        self.kinds[usize::from(self.kind[at])]
    }

    /// The themes.
    pub fn themes(&self, at: usize) -> ThemeSet {
        ThemeSet::from_bits(self.theme_bits[at], self.first_theme[at])
    }

    /// The unit of a level that the row names, as a number of [`crate::UnitTable`].
    pub fn unit(&self, at: usize, level: AdminLevel) -> Option<u32> {
        Some(self.units[level.index()][at]).filter(|&u| u != NO_UNIT)
    }

    /// The postal code.
    pub fn postcode(&self, at: usize) -> Option<&str> {
        self.postcodes.get(self.postcode[at] as usize).map(AsRef::as_ref)
    }

    /// When an event takes place; `None` for actors.
    pub fn time(&self, at: usize) -> Option<[Instant; 2]> {
        Some([Instant::from_unix(*self.start.get(at)?), Instant::from_unix(*self.end.get(at)?)])
    }

    /// Whether it is made up for demonstration.
    pub fn example(&self, at: usize) -> bool {
        self.example[at]
    }

    /// What stays longest when there is no room: the lowest rank. Different for (almost) all rows.
    pub fn rank(&self, at: usize) -> u32 {
        self.rank[at]
    }

    /// The same by the clocks of the place.
    pub fn clocks(&self, at: usize) -> Option<[Clock; 2]> {
        let [start, end] = self.time(at)?;
        let [ahead, ahead_then] = *self.ahead.get(at)?;
        let clock = |utc: Instant, ahead: i32| Clock { utc, local: Instant::from_unix(utc.unix() + i64::from(ahead)) };
        Some([clock(start, ahead), clock(end, ahead_then)])
    }

    pub(crate) fn overlaps(&self, at: usize, when: Interval) -> bool {
        self.clocks(at).is_none_or(|[start, end]| when.overlaps(start, end))
    }
}
