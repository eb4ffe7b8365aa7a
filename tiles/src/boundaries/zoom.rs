//! One zoom: every arc filtered and taken to the grid once, then put together to rings and lines.

use std::ops::Range;

use parvis_model::{AdminLevel, TileCoord, World};

use super::chains::Network;
use super::mesh::{Mesh, Outline, Polygon, Step};
use super::simplify::NEVER;
use super::{guard, snap};
use crate::clip::GridPoint;
use crate::encode::RingKind;
use crate::{BUFFER, EXTENT};

/// A point of the grid of one zoom: 4096 cells a tile over the whole world, y down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell {
    pub(super) x: i32,
    pub(super) y: i32,
}

impl GridPoint for Cell {
    fn at(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    fn x(self) -> i32 {
        self.x
    }

    fn y(self) -> i32 {
        self.y
    }
}

/// The one rounding rule: to the nearest grid line, half up.
pub(super) fn quantise(at: World, z: u8) -> Cell {
    let shift = 20 - u32::from(z);
    let half = (1u64 << shift) >> 1;
    let round = |v: u32| ((u64::from(v) + half) >> shift) as i32;
    Cell { x: round(at.x), y: round(at.y) }
}

/// How an arc is drawn at a zoom, when not by its vertices' minimum zooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Detail {
    /// With all vertices: some unit would vanish otherwise.
    pub(super) full: bool,
    /// As so many zooms less: some tile would be too large otherwise.
    pub(super) coarser: u8,
}

impl Detail {
    /// Vertices of a greater minimum zoom are left out at `z`.
    pub(super) fn most(self, z: u8) -> u8 {
        if self.full { NEVER } else { z.saturating_sub(self.coarser) }
    }
}

/// The arcs of one zoom.
pub(super) struct Arcs {
    points: Vec<Cell>,
    /// By arc, where its points stand.
    ranges: Vec<Range<u32>>,
}

impl Arcs {
    /// Filters all arcs and takes them to the grid; points that repeat in a row are one. Vertices that keep borders
    /// from crossing are given back to the network.
    pub(super) fn new(mesh: &Mesh, network: &mut Network, details: &[Detail], z: u8) -> Self {
        let kept = guard::untangle(mesh, network, details, z);
        let hot = snap::hot_cells(&kept.segments, z);
        let mut hot = hot.iter().peekable();
        let mut arcs = Self { points: Vec::with_capacity(kept.slots.len()), ranges: vec![0..0; mesh.len()] };
        let mut segment = 0;
        for (chain, slots) in network.chains.iter().zip(kept.chains()) {
            let mut slots = slots.iter().peekable();
            let past = segment + guard::segments_of(chain.closed, slots.len());
            for &(arc, backwards) in &chain.steps {
                let range = mesh.range(arc);
                let from = arcs.points.len();
                while let Some(&slot) = slots.next_if(|&&slot| range.contains(&(slot as usize))) {
                    arcs.push(from, quantise(mesh.vertices()[slot as usize], z));
                    if segment < past {
                        while let Some(through) = hot.next_if(|hot| hot.segment == segment as u32) {
                            arcs.push(from, through.cell);
                        }
                        segment += 1;
                    }
                }
                if backwards {
                    arcs.points[from..].reverse();
                }
                arcs.ranges[arc as usize] = from as u32..arcs.points.len() as u32;
            }
        }
        arcs
    }

    /// Appends a point to the arc whose points start at `from`.
    fn push(&mut self, from: usize, cell: Cell) {
        if self.points.len() == from || self.points.last() != Some(&cell) {
            self.points.push(cell);
        }
    }

    /// The points of an arc, forwards; none when it is not drawn.
    pub(super) fn arc(&self, arc: u32) -> &[Cell] {
        let Range { start, end } = self.ranges[arc as usize];
        &self.points[start as usize..end as usize]
    }

    /// Points of all arcs.
    pub(super) fn vertices(&self) -> u64 {
        self.points.len() as u64
    }

    /// Whether the box around an arc touches a tile with its buffer.
    pub(super) fn touches(&self, arc: u32, tile: TileCoord) -> bool {
        let reaches = |cells: &mut dyn Iterator<Item = i32>, tile: u32| {
            let (least, most) = cells.fold((i32::MAX, i32::MIN), |(a, b), v| (a.min(v), b.max(v)));
            let corner = tile as i32 * EXTENT as i32;
            least <= corner + EXTENT as i32 + BUFFER && most >= corner - BUFFER
        };
        let points = self.arc(arc);
        reaches(&mut points.iter().map(|p| p.x), tile.x()) && reaches(&mut points.iter().map(|p| p.y), tile.y())
    }

    /// Appends arcs end to end, without repeating a point.
    pub(super) fn walk(&self, steps: &[Step], out: &mut Vec<Cell>) {
        let from = out.len();
        let mut push = |cell: &Cell| {
            if out.len() == from || out.last() != Some(cell) {
                out.push(*cell);
            }
        };
        for &(arc, backwards) in steps {
            if backwards {
                self.arc(arc).iter().rev().for_each(&mut push);
            } else {
                self.arc(arc).iter().for_each(&mut push);
            }
        }
    }
}

/// Twice the signed area, positive when clockwise on the screen.
pub(super) fn doubled_area(ring: &[Cell]) -> i64 {
    let Some(origin) = ring.first() else { return 0 };
    let local = |p: &Cell| (i64::from(p.x) - i64::from(origin.x), i64::from(p.y) - i64::from(origin.y));
    let (mut from, mut sum) = ((0, 0), 0);
    for to in ring.iter().map(local) {
        sum += from.0 * to.1 - to.0 * from.1;
        from = to;
    }
    sum
}

/// Rings or lines of many features, one list of points for all.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) points: Vec<Cell>,
    pub(super) parts: Vec<Part>,
}

/// A ring or a line of a batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Whose.
    pub(super) feature: u32,
    /// Of rings; lines are all exterior.
    pub(super) kind: RingKind,
    /// Where its points end in the batch.
    pub(super) end: u32,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The parts with their points, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Part, &[Cell])> {
        let mut from = 0;
        self.parts.iter().map(move |part| {
            let points = &self.points[from..part.end as usize];
            from = part.end as usize;
            (*part, points)
        })
    }

    /// Ends a part at the points appended so far; takes them back when they are fewer than `least`.
    pub(super) fn end_part(&mut self, feature: u32, kind: RingKind, least: usize) {
        let from = self.parts.last().map_or(0, |p| p.end as usize);
        if self.points.len() - from < least {
            self.points.truncate(from);
        } else {
            self.parts.push(Part { feature, kind, end: self.points.len() as u32 });
        }
    }
}

/// The polygons of a zoom and what became of the units.
pub(super) struct Polygons {
    pub(super) batch: Batch,
    /// Outlines whose largest polygon is flat or turned over.
    pub(super) flat: Vec<u32>,
    /// Outlines of which nothing is left.
    pub(super) vanished: u64,
}

/// Puts the polygons of the levels shown at `z` together.
pub(super) fn assemble(mesh: &Mesh, arcs: &Arcs, z: u8) -> Polygons {
    let mut all = Polygons { batch: Batch::default(), flat: Vec::new(), vanished: 0 };
    for (i, outline) in mesh.outlines.iter().enumerate().filter(|(_, o)| shown(o.level, z)) {
        let before = all.batch.parts.len();
        for (p, polygon) in outline.polygons.iter().enumerate() {
            let area = add_polygon(&mut all.batch, arcs, outline, polygon);
            if p == outline.main && area <= 0 {
                all.flat.push(i as u32);
            }
        }
        all.vanished += u64::from(all.batch.parts.len() == before);
    }
    all
}

/// Whether tiles of a zoom hold a level.
pub(super) fn shown(level: AdminLevel, z: u8) -> bool {
    level.first_zoom() <= z
}

/// Adds one polygon and gives twice the area of its exterior; nothing is added when that is 0.
fn add_polygon(batch: &mut Batch, arcs: &Arcs, outline: &Outline, polygon: &Polygon) -> i64 {
    let mut exterior_area = 0;
    for (r, steps) in polygon.rings.iter().enumerate() {
        let from = batch.points.len();
        arcs.walk(steps, &mut batch.points);
        let area = doubled_area(&batch.points[from..]);
        if r == 0 {
            exterior_area = area;
        }
        if area == 0 {
            batch.points.truncate(from);
        } else {
            let kind = if r == 0 { RingKind::Exterior } else { RingKind::Hole };
            batch.end_part(outline.feature, kind, 3);
        }
        if exterior_area == 0 {
            break;
        }
    }
    exterior_area
}
