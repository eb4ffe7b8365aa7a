//! The crossing guard: simplified borders that would cross take vertices back until they do not.
//!
//! What a zoom leaves out is decided vertex by vertex, blind to other borders. Then every segment is
//! tested against those near it (exactly, in integers); of two that meet without sharing an end, each takes back
//! the vertex farthest from it. All vertices together cross nowhere, so this ends. A vertex given back stays at
//! all deeper zooms.

use std::collections::HashSet;

use parvis_model::World;
use parvis_model::near::{Buckets, Point, Segment};

use super::chains::{Chain, Network};
use super::mesh::Mesh;
use super::zoom::Detail;

/// How often crossings are looked for. Every time each gives a vertex back; three rounds do for France.
const MAX_ROUNDS: usize = 100;

/// What is left of the chains of a network at a zoom.
#[derive(Default)]
pub(super) struct Kept {
    /// The vertices, as positions in the mesh, chain after chain, in the chains' order.
    pub(super) slots: Vec<u32>,
    /// Where each chain's vertices end.
    ends: Vec<u32>,
    /// From each vertex to the next along its chain; a closed chain's last one leads back to its first.
    pub(super) segments: Vec<Segment>,
    /// Of each segment: its chain, and the positions in `slots` of its two ends.
    places: Vec<(u32, u32, u32)>,
}

/// Filters the chains at a zoom, and gives vertices back to `network` where what is left would cross.
pub(super) fn untangle(mesh: &Mesh, network: &mut Network, details: &[Detail], z: u8) -> Kept {
    let mut kept = Kept::new(mesh, network, details, z);
    let buckets = Buckets::new(&kept.segments, 1);
    let mut fresh = None;
    for _ in 0..MAX_ROUNDS {
        let mut crossed = buckets.pairs(&kept.segments, fresh.as_ref(), |a, b, crossed| {
            if meet(&kept.segments[a as usize], &kept.segments[b as usize]) {
                crossed.extend([a, b]);
            }
        });
        crossed.sort_unstable();
        crossed.dedup();
        let mut touched = HashSet::new();
        for segment in crossed {
            let Some((slot, arc)) = kept.farthest(mesh, network, details, z, segment as usize) else { continue };
            network.min_zoom[slot] = details[arc as usize].most(z);
            let (line, via) = (kept.segments[segment as usize], point(mesh.vertices()[slot]));
            for half in [Segment { to: via, ..line }, Segment { from: via, ..line }] {
                buckets.of(&half, |bucket| {
                    touched.insert(bucket);
                });
            }
        }
        if touched.is_empty() {
            break;
        }
        kept = Kept::new(mesh, network, details, z);
        fresh = Some(touched);
    }
    kept
}

impl Kept {
    fn new(mesh: &Mesh, network: &Network, details: &[Detail], z: u8) -> Self {
        let mut kept = Self::default();
        for (number, chain) in network.chains.iter().enumerate() {
            let first = kept.slots.len();
            for (slot, _) in drawn(mesh, chain, z, details).filter(|&(slot, most)| network.min_zoom[slot] <= most) {
                let at = mesh.vertices()[slot];
                if kept.slots[first..].last().is_none_or(|&before| mesh.vertices()[before as usize] != at) {
                    kept.slots.push(slot as u32);
                }
            }
            let place = |i: usize, kept: &Self| mesh.vertices()[kept.slots[i] as usize];
            if chain.closed && kept.slots.len() > first + 1 && place(first, &kept) == place(kept.slots.len() - 1, &kept)
            {
                kept.slots.pop();
            }
            let count = kept.slots.len() - first;
            for i in 0..segments_of(chain.closed, count) {
                let (from, to) = (first + i, first + (i + 1) % count);
                kept.segments.push(Segment { from: point(place(from, &kept)), to: point(place(to, &kept)) });
                kept.places.push((number as u32, from as u32, to as u32));
            }
            kept.ends.push(kept.slots.len() as u32);
        }
        kept
    }

    /// The vertices of each chain.
    pub(super) fn chains(&self) -> impl Iterator<Item = &[u32]> {
        let mut from = 0;
        self.ends.iter().map(move |&end| &self.slots[std::mem::replace(&mut from, end as usize)..end as usize])
    }

    /// The vertex left out of a segment that is farthest from it, with its arc; `None` when none is off its line.
    fn farthest(
        &self,
        mesh: &Mesh,
        network: &Network,
        details: &[Detail],
        z: u8,
        segment: usize,
    ) -> Option<(usize, u32)> {
        let (chain, from, to) = self.places[segment];
        let (from, to) = (self.slots[from as usize] as usize, self.slots[to as usize] as usize);
        let chain = &network.chains[chain as usize];
        let along = || chain.arcs_of_slots(mesh).filter(|&(_, arc)| mesh.first_zoom[arc as usize] <= z);
        // Twice around, for the segment that runs over the start of a closed chain.
        let between = along().chain(along()).skip_while(|s| s.0 != from).skip(1).take_while(|s| s.0 != to);
        let hidden = between.filter(|&(slot, arc)| network.min_zoom[slot] > details[arc as usize].most(z));
        let off = |slot: usize| self.segments[segment].side(point(mesh.vertices()[slot])).abs();
        let (off, slot, arc) = hidden.map(|(slot, arc)| (off(slot), slot, arc)).max()?;
        (off > 0).then_some((slot, arc))
    }
}

/// How many segments a chain of so many vertices has.
pub(super) fn segments_of(closed: bool, vertices: usize) -> usize {
    if closed && vertices > 2 { vertices } else { vertices.saturating_sub(1) }
}

/// The vertices of the arcs of a chain that a zoom draws, with the greatest minimum zoom that is kept.
fn drawn<'a>(mesh: &'a Mesh, chain: &'a Chain, z: u8, details: &'a [Detail]) -> impl Iterator<Item = (usize, u8)> + 'a {
    chain
        .arcs_of_slots(mesh)
        .filter(move |&(_, arc)| mesh.first_zoom[arc as usize] <= z)
        .map(move |(slot, arc)| (slot, details[arc as usize].most(z)))
}

/// A place on the world grid as whole numbers.
pub(super) fn point(at: World) -> Point {
    [i64::from(at.x), i64::from(at.y)]
}

/// Whether two segments have a place in common that is no end of both.
fn meet(a: &Segment, b: &Segment) -> bool {
    if [a.from, a.to].iter().any(|end| *end == b.from || *end == b.to) {
        return false;
    }
    let apart = |s: &Segment, t: &Segment| s.side(t.from).signum() * s.side(t.to).signum() > 0;
    let beside = |a: (i64, i64), b: (i64, i64)| a.1 < b.0 || b.1 < a.0;
    let ([ax, ay], [bx, by]) = (a.extent(), b.extent());
    !apart(a, b) && !apart(b, a) && !beside(ax, bx) && !beside(ay, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(from: (i64, i64), to: (i64, i64)) -> Segment {
        Segment { from: from.into(), to: to.into() }
    }

    #[test]
    fn segments_meet_by_crossing_or_touching_but_not_at_a_common_end() {
        let flat = segment((0, 10), (20, 10));
        assert!(meet(&flat, &segment((5, 0), (6, 20))));
        assert!(meet(&flat, &segment((5, 0), (6, 10))), "an end on the other's line");
        assert!(meet(&flat, &segment((5, 10), (40, 10))), "along one line");
        assert!(!meet(&flat, &segment((21, 10), (40, 10))), "along one line, apart");
        assert!(!meet(&flat, &segment((0, 10), (6, 20))), "a common end");
        assert!(!meet(&flat, &segment((5, 0), (6, 9))));
        let most = i64::from(u32::MAX);
        assert!(meet(&segment((0, 0), (most, most)), &segment((0, most), (most, 0))), "as long as the world");
    }
}
