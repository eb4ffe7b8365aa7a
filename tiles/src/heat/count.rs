//! Counting the points of the cells around a tile.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use parvis_model::h3::mean_edge_km;
use parvis_model::{H3Cell, LonLat, TileCoord, World};
use rayon::prelude::*;

use crate::columns::Columns;
use crate::{BUFFER, EXTENT};

use super::resolution;

/// How many collections a cell may count.
pub const MOST_PARTS: usize = 2;

/// How far the points of a cell may lie from a tile that the cell touches, in mean edges: the longest diagonal
/// (two edges of 1.4 times the mean) and what descendants reach over the edge.
const REACH: f64 = 4.0;

/// A degree of latitude is so many kilometres at least.
const KM_PER_DEGREE: f64 = 110.5;

/// From how many positions on a run is shared out between threads.
const CHUNK: usize = 65_536;

/// Runs of positions shorter than this are not split further.
const SHORT: usize = 512;

/// What a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Points of each collection.
    pub parts: [u64; MOST_PARTS],
    /// How many have each theme.
    pub themes: [u64; 16],
}

impl Tally {
    /// All its points.
    pub fn count(&self) -> u64 {
        self.parts.iter().sum()
    }

    fn add(&mut self, other: &Self) {
        for (sum, more) in self.parts.iter_mut().zip(other.parts) {
            *sum += more;
        }
        for (sum, more) in self.themes.iter_mut().zip(other.themes) {
            *sum += more;
        }
    }
}

/// The cells of a tile's zoom that hold a point and may touch the tile, by cell, with all their points. `parts`:
/// collections (at most [`MOST_PARTS`]), and of each of their points the cell of [`parvis_model::h3::FINEST`]. Of cells that do not
/// touch the tile, some may be there with a part of their points.
///
/// Linear in the points of the tile and of a few cells around it.
pub fn count(coord: TileCoord, parts: &[(Columns<'_>, &[u64])]) -> Vec<(H3Cell, Tally)> {
    let resolution = resolution(coord.z());
    let around = Around::new(coord, resolution);
    let mut all = Cells::default();
    for (part, (points, cells)) in parts.iter().take(MOST_PARTS).enumerate() {
        let ranges = around.ranges(points, coord.z() + 3);
        let chunks: Vec<Range<usize>> = ranges.into_iter().flat_map(chunks).collect();
        let work = |range: &Range<usize>| Cells::of(points, cells, range.clone(), part, resolution);
        let positions: usize = chunks.iter().map(ExactSizeIterator::len).sum();
        if positions <= CHUNK {
            for range in &chunks {
                all.merge(&work(range));
            }
        } else {
            let merged = chunks.par_iter().map(work).reduce(Cells::default, |mut a, b| {
                a.merge(&b);
                a
            });
            all.merge(&merged);
        }
    }
    let mut found: Vec<(H3Cell, Tally)> = all
        .slots
        .into_iter()
        .filter_map(|(key, at)| {
            let bits = H3Cell::ancestor_bits(key << H3Cell::shift(resolution), resolution);
            Some((H3Cell::from_bits(bits)?, all.tallies[at as usize]))
        })
        .collect();
    found.sort_unstable_by_key(|(cell, _)| *cell);
    found
}

fn chunks(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(CHUNK).map(move |from| from..(from + CHUNK).min(end))
}

/// Tallies by cell; a cell is known by the bits of its descendants without those that tell them apart.
#[derive(Default)]
struct Cells {
    slots: HashMap<u64, u32, BuildHasherDefault<Spread>>,
    tallies: Vec<Tally>,
}

impl Cells {
    fn of(points: &Columns<'_>, cells: &[u64], range: Range<usize>, part: usize, resolution: u8) -> Self {
        let shift = H3Cell::shift(resolution);
        let mut found = Self::default();
        let (mut known, mut slot) = (None, 0);
        points.each(range, |at| {
            let key = cells[at] >> shift;
            // Points follow each other in space: most lie in the cell of the one before.
            if known != Some(key) {
                (known, slot) = (Some(key), found.slot(key));
            }
            let tally = &mut found.tallies[slot];
            tally.parts[part] += 1;
            let mut bits = points.themes[at];
            while bits != 0 {
                tally.themes[bits.trailing_zeros() as usize] += 1;
                bits &= bits - 1;
            }
        });
        found
    }

    fn slot(&mut self, key: u64) -> usize {
        let next = self.tallies.len();
        let slot = *self.slots.entry(key).or_insert(next as u32) as usize;
        if slot == next {
            self.tallies.push(Tally::default());
        }
        slot
    }

    fn merge(&mut self, other: &Self) {
        for (&key, &at) in &other.slots {
            let slot = self.slot(key);
            self.tallies[slot].add(&other.tallies[at as usize]);
        }
    }
}

/// Cells are numbers already: one multiplication spreads them. Nobody chooses them to collide.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }
}

/// Where the points of cells that touch a tile may lie: one or two boxes of the world grid, edges included.
struct Around(Vec<[World; 2]>);

impl Around {
    fn new(coord: TileCoord, resolution: u8) -> Self {
        let [west, south, east, north] = coord.bounds();
        let buffer = f64::from(BUFFER) / f64::from(EXTENT);
        let reach = REACH * mean_edge_km(resolution) / KM_PER_DEGREE;
        let up = (north - south) * buffer + reach;
        let (south, north) = (south - up, north + up);
        let highest = south.abs().max(north.abs());
        // Beside a pole every longitude is near.
        let aside = (east - west) * buffer + reach / highest.min(90.0).to_radians().cos().max(1e-9);
        let place = |lon: f64, lat: f64| LonLat::new(lon, lat.clamp(-90.0, 90.0)).map(LonLat::to_world);
        let boxed = |w: f64, e: f64| Some([place(w, north)?, place(e, south)?]);
        let (w, e) = (west - aside, east + aside);
        let boxes = if highest >= 85.0 || e - w >= 360.0 {
            vec![boxed(-180.0, 180.0)]
        } else if w < -180.0 {
            vec![boxed(-180.0, e), boxed(w + 360.0, 180.0)]
        } else if e > 180.0 {
            vec![boxed(w, 180.0), boxed(-180.0, e - 360.0)]
        } else {
            vec![boxed(w, e)]
        };
        Self(boxes.into_iter().flatten().collect())
    }

    /// The positions of points in the boxes, and of some close by, in runs. Tiles deeper than `deepest` are not split.
    fn ranges(&self, points: &Columns<'_>, deepest: u8) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        self.descend(points, TileCoord::ROOT, 0..points.x.len(), deepest, &mut runs);
        runs
    }

    fn descend(
        &self,
        points: &Columns<'_>,
        tile: TileCoord,
        within: Range<usize>,
        deepest: u8,
        runs: &mut Vec<Range<usize>>,
    ) {
        if within.is_empty() || !self.0.iter().any(|b| overlap(tile, b).is_some()) {
            return;
        }
        let inside = self.0.iter().any(|b| overlap(tile, b) == Some(true));
        let children = tile.children().filter(|_| !inside && tile.z() < deepest && within.len() > SHORT);
        let Some(children) = children else {
            match runs.last_mut() {
                Some(last) if last.end == within.start => last.end = within.end,
                _ => runs.push(within),
            }
            return;
        };
        let mut from = within.start;
        for child in children {
            let to = points.first_from(child.morton_range().end, from..within.end);
            self.descend(points, child, from..to, deepest, runs);
            from = to;
        }
    }
}

/// Whether a tile meets a box, and lies in it.
fn overlap(tile: TileCoord, [nw, se]: &[World; 2]) -> Option<bool> {
    let last = |first: u32| first | (u64::MAX >> (32 + u32::from(tile.z()))) as u32;
    let (from, to) = (tile.origin(), World { x: last(tile.origin().x), y: last(tile.origin().y) });
    let meets = from.x <= se.x && to.x >= nw.x && from.y <= se.y && to.y >= nw.y;
    meets.then_some(from.x >= nw.x && to.x <= se.x && from.y >= nw.y && to.y <= se.y)
}
