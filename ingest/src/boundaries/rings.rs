//! Rings by a half-edge walk over a unit's arcs.
//!
//! Every node has an even number of arc ends, or the border is open. Where only two meet the walk goes on; where
//! more do, the ends are sorted by angle and take turns at leaving and arriving so that the inside stays on the left,
//! and the walk hugs the inside: two lobes that touch become two rings, and a ring that comes back to a
//! node it has seen is split there. Roles play no part.

use std::collections::{HashMap, VecDeque};

use super::mesh::Mesh;
use super::select::Place;

/// An arc of the mesh, and whether it is walked backwards.
pub(super) type Step = (u32, bool);

/// Why arcs make no rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// The nodes where the border ends.
    Open(Vec<u32>),
    /// A node around which inside and outside do not alternate: arcs cross somewhere without a node.
    Crossing(u32),
}

/// What the walk keeps to where rings touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hug {
    /// Rings are the borders of what is inside: a hole that touches its shell twice parts it.
    Inside,
    /// Rings are the borders of what is outside: such a hole is a ring of its own.
    Outside,
}

/// Walks arcs, each listed once, into simple rings around the inside; their direction means nothing yet.
pub(super) fn assemble(mesh: &Mesh, arcs: &[u32]) -> Result<Vec<Vec<Step>>, Fault> {
    assemble_hugging(mesh, arcs, Hug::Inside)
}

/// Walks arcs, each listed once, into simple rings.
pub(super) fn assemble_hugging(mesh: &Mesh, arcs: &[u32], hug: Hug) -> Result<Vec<Vec<Step>>, Fault> {
    let mut graph = Graph::new(mesh, arcs);
    let odd: Vec<u32> = graph.groups().filter(|g| g.len() % 2 == 1).map(|g| graph.node(g[0])).collect();
    if !odd.is_empty() {
        return Err(Fault::Open(odd));
    }
    graph.pair(hug)?;
    Ok(graph.walk())
}

/// The arcs of one unit. A *slot* is one end of one arc: `2k` the start of the k-th, `2k + 1` its end.
struct Graph<'m> {
    mesh: &'m Mesh,
    arcs: &'m [u32],
    /// By slot, its node.
    nodes: Vec<u32>,
    /// Slots, those of one node side by side.
    by_node: Vec<u32>,
    /// By slot on which the walk arrives, the slot by which it leaves.
    leave: Vec<u32>,
    /// By arc, whether the walk must go forward; `None`: either way does.
    forward: Vec<Option<bool>>,
}

impl<'m> Graph<'m> {
    fn new(mesh: &'m Mesh, arcs: &'m [u32]) -> Self {
        let nodes: Vec<u32> = arcs.iter().flat_map(|&a| mesh.ends(a)).collect();
        let mut by_node: Vec<u32> = (0..nodes.len() as u32).collect();
        by_node.sort_unstable_by_key(|&s| (nodes[s as usize], s));
        Self { mesh, arcs, leave: vec![0; nodes.len()], forward: vec![None; arcs.len()], nodes, by_node }
    }

    fn node(&self, slot: u32) -> u32 {
        self.nodes[slot as usize]
    }

    /// The slots of each node.
    fn groups(&self) -> impl Iterator<Item = &[u32]> {
        self.by_node.chunk_by(|&a, &b| self.node(a) == self.node(b))
    }

    /// Says for every slot how the walk goes on.
    fn pair(&mut self, hug: Hug) -> Result<(), Fault> {
        let mut crowded: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut pairs = Vec::with_capacity(self.by_node.len() / 2);
        for group in self.groups() {
            match *group {
                [a, b] => pairs.push((a, b)),
                _ => drop(crowded.insert(self.node(group[0]), self.around(group))),
            }
        }
        for (a, b) in pairs {
            self.leave[a as usize] = b;
            self.leave[b as usize] = a;
        }
        let mut seeds: Vec<u32> = crowded.values().map(|slots| slots[0] / 2).collect();
        seeds.sort_unstable();
        for seed in seeds {
            if self.forward[seed as usize].is_none() {
                self.orient(seed, &crowded)?;
            }
        }
        for slots in crowded.values() {
            for (i, &slot) in slots.iter().enumerate() {
                // Read by arriving slots only: the inside lies between them and the one before, clockwise, the
                // outside between them and the one after.
                let turn = if hug == Hug::Inside { slots.len() - 1 } else { 1 };
                self.leave[slot as usize] = slots[(i + turn) % slots.len()];
            }
        }
        Ok(())
    }

    /// The slots of a node counter-clockwise, from just after west.
    fn around(&self, group: &[u32]) -> Vec<u32> {
        let mut slots = group.to_vec();
        slots.sort_by(|&a, &b| compare_angles(self.heading(a), self.heading(b)).then(a.cmp(&b)));
        slots
    }

    /// The direction in which an arc leaves its node.
    fn heading(&self, slot: u32) -> (i64, i64) {
        let nodes = self.mesh.arc(self.arcs[slot as usize / 2]);
        let (from, to) =
            if is_start(slot) { (nodes[0], nodes[1]) } else { (nodes[nodes.len() - 1], nodes[nodes.len() - 2]) };
        difference(self.mesh.place(from), self.mesh.place(to))
    }

    /// Gives every arc connected to `seed` the direction that has the inside on its left.
    fn orient(&mut self, seed: u32, crowded: &HashMap<u32, Vec<u32>>) -> Result<(), Fault> {
        let component = self.component(seed);
        let (first, forward) = self.start(&component);
        self.forward[first as usize] = Some(forward);
        let mut queue = VecDeque::from([first]);
        while let Some(arc) = queue.pop_front() {
            for slot in [2 * arc, 2 * arc + 1] {
                let out = self.leaves(slot);
                let pair = [slot, self.leave[slot as usize]];
                let slots = crowded.get(&self.node(slot)).map_or(&pair[..], Vec::as_slice);
                let here = slots.iter().position(|&s| s == slot).unwrap_or(0);
                for (i, &other) in slots.iter().enumerate() {
                    let other_out = out == ((i + here) % 2 == 0);
                    let forward = other_out == is_start(other);
                    match self.forward[other as usize / 2] {
                        Some(known) if known != forward => return Err(Fault::Crossing(self.node(slot))),
                        Some(_) => {}
                        None => {
                            self.forward[other as usize / 2] = Some(forward);
                            queue.push_back(other / 2);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn leaves(&self, slot: u32) -> bool {
        self.forward[slot as usize / 2] == Some(is_start(slot))
    }

    /// The arcs that hang together with `seed`.
    fn component(&self, seed: u32) -> Vec<u32> {
        let mut seen = vec![false; self.arcs.len()];
        seen[seed as usize] = true;
        let mut found = vec![seed];
        let mut next = 0;
        while let Some(&arc) = found.get(next) {
            next += 1;
            for slot in [2 * arc, 2 * arc + 1] {
                let node = self.node(slot);
                let from = self.by_node.partition_point(|&s| self.node(s) < node);
                for &other in self.by_node[from..].iter().take_while(|&&s| self.node(s) == node) {
                    if !std::mem::replace(&mut seen[other as usize / 2], true) {
                        found.push(other / 2);
                    }
                }
            }
        }
        found
    }

    /// An arc at the south-western corner of a component, and whether it goes forward with the inside on its left.
    fn start(&self, component: &[u32]) -> (u32, bool) {
        let places = component.iter().flat_map(|&k| {
            let nodes = self.mesh.arc(self.arcs[k as usize]).iter().enumerate();
            nodes.map(move |(i, &n)| (self.mesh.place(n), k, i))
        });
        let Some((corner, arc, at)) = places.min() else { return (0, true) };
        let nodes = self.mesh.arc(self.arcs[arc as usize]);
        let (arc, forward) = if at == 0 || at == nodes.len() - 1 {
            // Everything lies to the east: the first slot counter-clockwise from the south leaves.
            let node = nodes[at];
            let ends = component.iter().flat_map(|&k| [2 * k, 2 * k + 1]).filter(|&s| self.node(s) == node);
            let first = self.around(&ends.collect::<Vec<_>>())[0];
            (first / 2, is_start(first))
        } else {
            let place = |i: usize| self.mesh.place(nodes[i]);
            (arc, cross(difference(place(at - 1), corner), difference(corner, place(at + 1))) > 0)
        };
        let mut own = vec![false; self.arcs.len()];
        for &k in component {
            own[k as usize] = true;
        }
        let others = self.arcs.iter().enumerate().filter(|(k, _)| !own[*k]);
        let inside = others.filter(|(_, a)| crossings(self.mesh, **a, corner) % 2 == 1).count() % 2 == 1;
        (arc, forward != inside)
    }

    fn walk(&self) -> Vec<Vec<Step>> {
        let mut walked = vec![false; self.arcs.len()];
        let mut rings = Vec::new();
        for first in 0..self.arcs.len() as u32 {
            if !walked[first as usize] {
                self.walk_from(first, &mut walked, &mut rings);
            }
        }
        rings
    }

    fn walk_from(&self, first: u32, walked: &mut [bool], rings: &mut Vec<Vec<Step>>) {
        let mut trail: Vec<Step> = Vec::new();
        let mut seen: HashMap<u32, usize> = HashMap::new();
        let mut slot = 2 * first + u32::from(self.forward[first as usize] == Some(false));
        while !std::mem::replace(&mut walked[slot as usize / 2], true) {
            let here = self.node(slot);
            // Only where the walk was steered can it come back to a node.
            if self.forward[slot as usize / 2].is_some() {
                match seen.get(&here) {
                    Some(&at) => {
                        rings.push(trail.split_off(at));
                        seen.retain(|_, position| *position <= at);
                    }
                    None => drop(seen.insert(here, trail.len())),
                }
            }
            trail.push((self.arcs[slot as usize / 2], !is_start(slot)));
            slot = self.leave[(slot ^ 1) as usize];
        }
        if !trail.is_empty() {
            rings.push(trail);
        }
    }
}

/// Whether a slot is the start of its arc.
fn is_start(slot: u32) -> bool {
    slot & 1 == 0
}

/// The vector between two places.
pub(super) fn difference(from: Place, to: Place) -> (i64, i64) {
    (i64::from(to.lon) - i64::from(from.lon), i64::from(to.lat) - i64::from(from.lat))
}

/// Twice the area of the triangle of two vectors; positive when the second turns left.
pub(super) fn cross(a: (i64, i64), b: (i64, i64)) -> i128 {
    i128::from(a.0) * i128::from(b.1) - i128::from(a.1) * i128::from(b.0)
}

/// Orders directions counter-clockwise, beginning just after west.
fn compare_angles(a: (i64, i64), b: (i64, i64)) -> std::cmp::Ordering {
    let upper = |v: (i64, i64)| v.1 > 0 || (v.1 == 0 && v.0 < 0);
    let lower_first = upper(a).cmp(&upper(b));
    lower_first.then_with(|| 0.cmp(&cross(a, b)))
}

/// How often a ray from a place to the east meets an arc.
fn crossings(mesh: &Mesh, arc: u32, from: Place) -> usize {
    let segments = mesh.arc(arc).windows(2).map(|w| (mesh.place(w[0]), mesh.place(w[1])));
    segments.filter(|&(a, b)| meets_ray(a, b, (2 * i64::from(from.lon), 2 * i64::from(from.lat)))).count()
}

/// Whether a segment crosses the ray from a point (in half units, so that midpoints are exact) to the east.
/// Half-open in latitude, so a chain through a vertex counts once.
pub(super) fn meets_ray(a: Place, b: Place, from: (i64, i64)) -> bool {
    let doubled = |p: Place| (2 * i64::from(p.lon), 2 * i64::from(p.lat));
    let (a, b) = (doubled(a), doubled(b));
    if (a.1 > from.1) == (b.1 > from.1) {
        return false;
    }
    let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
    cross((high.0 - low.0, high.1 - low.1), (from.0 - low.0, from.1 - low.1)) > 0
}

#[cfg(test)]
mod tests {
    use super::super::mesh::tests::mesh;
    use super::*;

    fn rings(places: &[(f64, f64)], ways: &[&[u32]]) -> Result<Vec<Vec<u32>>, Fault> {
        let mesh = mesh(places, ways);
        let arcs: Vec<u32> = (0..mesh.len() as u32).collect();
        let rings = assemble(&mesh, &arcs)?;
        let nodes = |ring: &Vec<Step>| {
            let mut nodes: Vec<u32> = Vec::new();
            for &(arc, reversed) in ring {
                let mut run = mesh.arc(arc).to_vec();
                if reversed {
                    run.reverse();
                }
                assert!(nodes.last().is_none_or(|n| *n == run[0]), "arcs follow each other");
                nodes.extend(&run[usize::from(!nodes.is_empty())..]);
            }
            assert_eq!(nodes.first(), nodes.last(), "closed");
            nodes.pop();
            nodes.sort_unstable();
            nodes
        };
        let mut rings: Vec<_> = rings.iter().map(nodes).collect();
        rings.sort();
        Ok(rings)
    }

    const SQUARE: [(f64, f64); 4] = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];

    #[test]
    fn ways_in_any_order_and_direction_make_one_ring() {
        assert_eq!(rings(&SQUARE, &[&[2, 1], &[0, 3], &[0, 1], &[3, 2]]).unwrap(), [[0, 1, 2, 3]]);
        assert_eq!(rings(&SQUARE, &[&[0, 1, 2, 3, 0]]).unwrap(), [[0, 1, 2, 3]]);
    }

    #[test]
    fn open_ends_are_named() {
        assert_eq!(rings(&SQUARE, &[&[0, 1, 2], &[2, 3]]), Err(Fault::Open(vec![0, 3])));
    }

    /// Two squares that touch in node 2.
    #[test]
    fn touching_lobes_are_two_rings() {
        let places = [SQUARE.as_slice(), &[(8.0, 4.0), (8.0, 8.0), (4.0, 8.0)]].concat();
        let found = rings(&places, &[&[0, 1, 2, 6, 5, 4, 2, 3, 0]]).unwrap();
        assert_eq!(found, [vec![0, 1, 2, 3], vec![2, 4, 5, 6]]);
    }

    /// A hole that touches its shell in node 0.
    #[test]
    fn a_hole_that_touches_the_shell_is_a_ring_of_its_own() {
        let places = [SQUARE.as_slice(), &[(2.0, 1.0), (2.0, 2.0)]].concat();
        let found = rings(&places, &[&[0, 1, 2, 3, 0, 4, 5, 0]]).unwrap();
        assert_eq!(found, [vec![0, 1, 2, 3], vec![0, 4, 5]]);
    }

    /// A hole from node 0 to node 2 parts the square: two rings, not a shell with a hole.
    #[test]
    fn a_hole_that_touches_twice_parts_the_shell() {
        let places = [SQUARE.as_slice(), &[(3.0, 1.0), (1.0, 3.0)]].concat();
        let found = rings(&places, &[&[0, 1, 2, 3, 0], &[0, 4, 2, 5, 0]]).unwrap();
        assert_eq!(found, [vec![0, 1, 2, 4], vec![0, 2, 3, 5]]);
    }

    #[test]
    fn seen_from_outside_a_hole_that_touches_twice_is_a_ring_of_its_own() {
        let places = [SQUARE.as_slice(), &[(3.0, 1.0), (1.0, 3.0)]].concat();
        let mesh = mesh(&places, &[&[0, 1, 2, 3, 0], &[0, 4, 2, 5, 0]]);
        let arcs: Vec<u32> = (0..mesh.len() as u32).collect();
        let rings = assemble_hugging(&mesh, &arcs, Hug::Outside).unwrap();
        let mut nodes: Vec<Vec<u32>> =
            rings.iter().map(|r| r.iter().flat_map(|s| mesh.arc(s.0)).copied().collect()).collect();
        for n in &mut nodes {
            n.sort_unstable();
            n.dedup();
        }
        nodes.sort();
        assert_eq!(nodes, [vec![0, 1, 2, 3], vec![0, 2, 4, 5]]);
    }

    /// The same figure as a hole in a larger shell: now its middle is inside, and an island of its own.
    #[test]
    fn inside_and_outside_are_known_within_a_shell() {
        let inner = [SQUARE.as_slice(), &[(3.0, 1.0), (1.0, 3.0)]].concat();
        let places = [inner.as_slice(), &[(-1.0, -1.0), (9.0, -1.0), (9.0, 9.0), (-1.0, 9.0)]].concat();
        let found = rings(&places, &[&[0, 1, 2, 3, 0], &[0, 4, 2, 5, 0], &[6, 7, 8, 9, 6]]).unwrap();
        assert_eq!(found, [vec![0, 1, 2, 3], vec![0, 2, 4, 5], vec![6, 7, 8, 9]]);
    }

    #[test]
    fn three_lobes_in_one_node() {
        let places: Vec<(f64, f64)> =
            vec![(0.0, 0.0), (2.0, -0.5), (2.0, 0.5), (-1.0, 2.0), (-2.0, 1.0), (-2.0, -1.0), (-1.0, -2.0)];
        let found = rings(&places, &[&[0, 1, 2, 0, 3, 4, 0, 5, 6, 0]]).unwrap();
        assert_eq!(found, [vec![0, 1, 2], vec![0, 3, 4], vec![0, 5, 6]]);
    }
}
