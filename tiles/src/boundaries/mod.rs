//! Boundaries as a pyramid of tiles: shared arcs in, one PMTiles archive out.
//!
//! Neighbours cannot tear. Every border is an arc, and whatever is done is done to the arc: its vertices
//! have a minimum zoom each (effective area), a zoom filters them and rounds them to one grid of the whole
//! world, rings are put together from the results, and tiles are cut by the same arithmetic on both sides.
//!
//! Nor can they overlap. Where simplified borders would cross, vertices come back until they do not (`guard`);
//! where rounding would push one over a vertex of another, it is bent through that vertex (`snap`).

mod chains;
mod features;
mod guard;
mod mesh;
mod pyramid;
mod simplify;
mod snap;
mod write;
mod zoom;

use std::path::Path;
use std::sync::Mutex;

use parvis_model::{AdminLevel, AdminUnit, Bbox, LonLat, Progress, TileCoord, Topology};

use crate::tilejson::MAX_BOUNDARY_ZOOM;
use crate::{MAX_TILE_BYTES, POINTS_ROOM, TilesError};

/// No tile of boundaries is larger than this, compressed.
pub const MAX_BOUNDARY_BYTES: usize = MAX_TILE_BYTES - POINTS_ROOM;
use chains::Network;
use features::Features;
use mesh::Mesh;
use pyramid::{Cutter, Finished};
use zoom::{Arcs, Detail};

/// How often a zoom is made coarser before too large tiles are kept, and counted.
const MAX_ROUNDS: u8 = 6;

/// What the archive says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct TilesetMeta {
    /// Title.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Who made the data, by source.
    pub attribution: String,
    /// Where and at which zoom a map starts; the middle of the boundaries when `None`.
    pub center: Option<(LonLat, u8)>,
    /// Languages (`en`, `br`) in which units have a field `name_<language>` where that differs from `name`.
    pub languages: Vec<String>,
}

/// What was built.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BuildStats {
    /// One entry a zoom, from 0.
    pub zooms: Vec<ZoomStats>,
    /// The size of the archive in bytes.
    pub bytes: u64,
}

/// What was built at a zoom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ZoomStats {
    /// Tiles.
    pub tiles: u64,
    /// Their bytes, compressed.
    pub bytes: u64,
    /// The bytes of the largest.
    pub largest: u64,
    /// Vertices of all arcs after simplifying.
    pub vertices: u64,
    /// Units of the levels shown whose area on the zoom's grid is 0.
    pub vanished: u64,
    /// Arcs drawn with every vertex so that a unit does not vanish.
    pub full_arcs: u64,
    /// Arcs drawn coarser so that a tile keeps to [`MAX_BOUNDARY_BYTES`].
    pub coarser_arcs: u64,
    /// Tiles over [`MAX_BOUNDARY_BYTES`] all the same.
    pub oversize: u64,
}

/// Builds the `boundaries` tileset, zooms 0 to 12, into the file `out`, replacing it. On failure no file is left.
///
/// `units`: those with a boundary are drawn, the others passed over. The same input gives the same bytes.
///
/// # Errors
/// [`TilesError::UnknownUnit`], [`TilesError::UnknownArc`] when the topology refers to what is not there,
/// [`TilesError::IdCollision`], [`TilesError::Write`] and [`TilesError::Archive`] when `out` cannot be written.
pub fn build(
    topology: &Topology,
    units: &[AdminUnit],
    meta: &TilesetMeta,
    out: &Path,
    progress: &dyn Progress,
) -> Result<BuildStats, TilesError> {
    let mesh = Mesh::new(topology, &features::numbers(units))?;
    let features = Features::new(units, topology, &meta.languages)?;
    let total = (0..=MAX_BOUNDARY_ZOOM).map(|z| work(&mesh, z)).sum();
    progress.begin("boundary tiles", Some(total));
    let mut zooms = Vec::new();
    let mut network: Option<(AdminLevel, Network)> = None;
    let bounds = bounds(topology);
    let bytes = write::archive(out, meta, bounds, |add| {
        for z in 0..=MAX_BOUNDARY_ZOOM {
            let weakest = weakest_shown(z);
            if network.as_ref().is_none_or(|(level, _)| *level != weakest) {
                network = Some((weakest, Network::new(&mesh, weakest, |a, b| features.apart(a, b))));
            }
            let Some((_, network)) = &mut network else { continue };
            let (tiles, stats) = Zoom { z, mesh: &mesh, network, features: &features }.build()?;
            for tile in tiles {
                add(&tile)?;
            }
            zooms.push(stats);
            progress.advance(work(&mesh, z));
        }
        Ok(())
    })?;
    progress.finish();
    Ok(BuildStats { zooms, bytes })
}

/// The weakest level that tiles of a zoom hold.
fn weakest_shown(z: u8) -> AdminLevel {
    AdminLevel::ALL.into_iter().rev().find(|l| zoom::shown(*l, z)).unwrap_or(AdminLevel::Country)
}

/// A measure of the time that a zoom takes: its outlines.
fn work(mesh: &Mesh, z: u8) -> u64 {
    mesh.outlines.iter().filter(|o| zoom::shown(o.level, z)).count() as u64
}

fn bounds(topology: &Topology) -> Bbox {
    Bbox::around(topology.arcs.iter().flat_map(|a| a.vertices.iter().copied())).unwrap_or(Bbox::WORLD)
}

/// One zoom under construction.
struct Zoom<'a> {
    z: u8,
    mesh: &'a Mesh,
    network: &'a mut Network,
    features: &'a Features,
}

impl Zoom<'_> {
    /// Draws the zoom, again and coarser where tiles are too large.
    fn build(mut self) -> Result<(Vec<Finished>, ZoomStats), TilesError> {
        let mut details = vec![Detail::default(); self.mesh.len()];
        let mut round = 0;
        loop {
            let (tiles, mut stats, arcs) = self.draw(&mut details)?;
            let too_large = tiles.iter().filter(|t| t.bytes.len() > MAX_BOUNDARY_BYTES);
            let too_large: Vec<(TileCoord, u8)> = too_large.map(|t| (t.coord, steps(t.bytes.len()))).collect();
            stats.coarser_arcs = details.iter().filter(|d| d.coarser > 0).count() as u64;
            stats.oversize = too_large.len() as u64;
            round += 1;
            if too_large.is_empty() || round > MAX_ROUNDS || !coarsen(&mut details, &arcs, &too_large) {
                return Ok((tiles, stats));
            }
        }
    }

    fn draw(&mut self, details: &mut [Detail]) -> Result<(Vec<Finished>, ZoomStats, Arcs), TilesError> {
        let mut arcs = Arcs::new(self.mesh, self.network, details, self.z);
        let mut polygons = zoom::assemble(self.mesh, &arcs, self.z);
        while self.keep(&polygons.flat, details) {
            arcs = Arcs::new(self.mesh, self.network, details, self.z);
            polygons = zoom::assemble(self.mesh, &arcs, self.z);
        }
        let lines = self.features.draw_lines(self.network, &arcs, self.z);
        let cutter = Cutter { z: self.z, features: self.features, finished: Mutex::default() };
        let vanished = polygons.vanished;
        let tiles = cutter.run(polygons.batch, lines)?;
        let sizes = || tiles.iter().map(|t| t.bytes.len() as u64);
        let stats = ZoomStats {
            tiles: tiles.len() as u64,
            bytes: sizes().sum(),
            largest: sizes().max().unwrap_or(0),
            vertices: arcs.vertices(),
            vanished,
            full_arcs: details.iter().filter(|d| d.full).count() as u64,
            ..ZoomStats::default()
        };
        Ok((tiles, stats, arcs))
    }

    /// Gives the exteriors of units that simplifying made flat all their vertices back; whether any was simplified.
    fn keep(&self, flat: &[u32], details: &mut [Detail]) -> bool {
        let mut changed = false;
        for &outline in flat {
            let outline = &self.mesh.outlines[outline as usize];
            for &(arc, _) in outline.polygons[outline.main].rings.iter().take(1).flatten() {
                changed |= !details[arc as usize].full;
                details[arc as usize].full = true;
            }
        }
        changed
    }
}

/// What is left of a tile too large when its arcs are coarser by one zoom: seen on France, 0.84 to 0.86.
const LEFT: f64 = 0.86;

/// By how many zooms the arcs of a tile of so many bytes should be coarser: drawing a zoom again takes as long as drawing
/// it.
fn steps(bytes: usize) -> u8 {
    let times = bytes as f64 / MAX_BOUNDARY_BYTES as f64;
    (times.ln() / -LEFT.ln()).ceil().clamp(1.0, f64::from(MAX_ROUNDS)) as u8
}

/// Makes the arcs that touch tiles too large coarser by as many zooms as the largest of them asks for; whether any can
/// be.
fn coarsen(details: &mut [Detail], arcs: &Arcs, too_large: &[(TileCoord, u8)]) -> bool {
    let mut changed = false;
    for (arc, detail) in details.iter_mut().enumerate() {
        if detail.full || detail.coarser >= MAX_ROUNDS {
            continue;
        }
        let touched = too_large.iter().filter(|(tile, _)| arcs.touches(arc as u32, *tile));
        if let Some(steps) = touched.map(|(_, steps)| *steps).max() {
            detail.coarser = (detail.coarser + steps).min(MAX_ROUNDS);
            changed = true;
        }
    }
    changed
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
