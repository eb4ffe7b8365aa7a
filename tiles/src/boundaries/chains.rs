//! Arcs joined where, at some zooms, no third border meets them.
//!
//! A municipality's border that ends on a region's is no junction while tiles hold regions alone: the
//! region's border runs through, and is simplified in one piece.

use parvis_model::AdminLevel;
use rayon::prelude::*;

use super::mesh::{Mesh, Step};
use super::simplify::{self, NEVER};

/// The border network of the levels that some zooms show.
pub(super) struct Network {
    /// The first zoom at which a vertex is kept, one entry a vertex of the mesh; [`NEVER`] for arcs not shown.
    pub(super) min_zoom: Vec<u8>,
    /// Arcs end to end, from junction to junction or around.
    pub(super) chains: Vec<Chain>,
}

/// Arcs end to end. Whatever border runs along one of them runs along all.
pub(super) struct Chain {
    pub(super) steps: Vec<Step>,
    pub(super) closed: bool,
}

impl Network {
    /// The network of the levels down to `weakest`. Arcs that `apart` calls different are not joined.
    pub(super) fn new(mesh: &Mesh, weakest: AdminLevel, apart: impl Fn(u32, u32) -> bool) -> Self {
        let shown: Vec<u32> = (0..mesh.len() as u32)
            .filter(|&arc| mesh.strongest[arc as usize].is_some_and(|l| l <= weakest) && !mesh.arc(arc).is_empty())
            .collect();
        let chains = join(mesh, &shown, apart);
        let zooms: Vec<Vec<u8>> = chains.par_iter().map(|chain| chain.min_zooms(mesh)).collect();
        let mut min_zoom = vec![NEVER; mesh.vertices().len()];
        for (chain, zooms) in chains.iter().zip(zooms) {
            for (slot, zoom) in chain.slots(mesh).zip(zooms) {
                min_zoom[slot] = zoom;
            }
        }
        Self { min_zoom, chains }
    }
}

impl Chain {
    /// The vertices along the chain as positions in the mesh, with their arcs; a vertex where two arcs meet comes
    /// twice.
    pub(super) fn arcs_of_slots<'a>(&'a self, mesh: &'a Mesh) -> impl Iterator<Item = (usize, u32)> + 'a {
        self.steps.iter().flat_map(move |&(arc, backwards)| {
            let range = mesh.range(arc);
            let (from, to) = (range.start, range.end);
            range.map(move |i| (if backwards { from + to - 1 - i } else { i }, arc))
        })
    }

    fn slots<'a>(&'a self, mesh: &'a Mesh) -> impl Iterator<Item = usize> + 'a {
        self.arcs_of_slots(mesh).map(|(slot, _)| slot)
    }

    /// The minimum zoom of every slot.
    fn min_zooms(&self, mesh: &Mesh) -> Vec<u8> {
        // Slots of one place in a row are one vertex.
        let mut line = Vec::new();
        let mut vertex_of_slot = Vec::new();
        for slot in self.slots(mesh) {
            let at = mesh.vertices()[slot];
            if line.last() != Some(&at) {
                line.push(at);
            }
            vertex_of_slot.push(line.len() - 1);
        }
        let wraps = self.closed && line.len() > 1 && line.first() == line.last();
        if wraps {
            line.pop();
        }
        let areas = simplify::effective_areas(&line, self.closed);
        vertex_of_slot.into_iter().map(|v| simplify::zoom_of_area(areas[v % line.len()])).collect()
    }
}

/// One end of an arc: twice the arc, plus one for its last vertex.
type End = u32;

fn join(mesh: &Mesh, shown: &[u32], apart: impl Fn(u32, u32) -> bool) -> Vec<Chain> {
    let partner = partners(mesh, shown, apart);
    let mut used = vec![false; mesh.len()];
    let mut chains = Vec::new();
    let mut walk = |start: End, used: &mut Vec<bool>| {
        let mut steps = Vec::new();
        let mut end = start;
        loop {
            let arc = end / 2;
            used[arc as usize] = true;
            steps.push((arc, end % 2 == 1));
            let next = partner[(end ^ 1) as usize];
            if next == NO_END || used[(next / 2) as usize] {
                chains.push(Chain { steps, closed: next == start });
                return;
            }
            end = next;
        }
    };
    for end in shown.iter().flat_map(|&arc| [arc * 2, arc * 2 + 1]) {
        if partner[end as usize] == NO_END && !used[(end / 2) as usize] {
            walk(end, &mut used);
        }
    }
    // What is left goes around.
    for &arc in shown {
        if !used[arc as usize] {
            walk(arc * 2, &mut used);
        }
    }
    chains
}

const NO_END: End = End::MAX;

/// For every end the other one at its place, when these two are alone there.
fn partners(mesh: &Mesh, shown: &[u32], apart: impl Fn(u32, u32) -> bool) -> Vec<End> {
    let mut ends: Vec<(u64, End)> = shown
        .iter()
        .flat_map(|&arc| {
            let line = mesh.arc(arc);
            [(line[0].morton(), arc * 2), (line[line.len() - 1].morton(), arc * 2 + 1)]
        })
        .collect();
    ends.par_sort_unstable();
    let mut partner = vec![NO_END; mesh.len() * 2];
    for place in ends.chunk_by(|a, b| a.0 == b.0) {
        if let [(_, a), (_, b)] = *place
            && !apart(a / 2, b / 2)
        {
            partner[a as usize] = b;
            partner[b as usize] = a;
        }
    }
    partner
}
