//! One mesh for all levels: ways cut into arcs wherever another way or another run may join.
//!
//! Neighbours and levels share ways or at least nodes, so cutting every way at every node that is used
//! twice makes equal borders equal arcs. [`super::merge`] joins again what nobody needed cut.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::noding::Meeting;
use super::select::{Nodes, Place, Way};

/// The mesh. Arcs and nodes are numbered; an arc has at least two nodes.
#[derive(Debug, Default)]
pub(super) struct Mesh {
    /// OSM ids of the nodes.
    pub(super) ids: Vec<i64>,
    /// Where the nodes are; those that the file lacks are in no arc.
    places: Vec<Option<Place>>,
    arc_ends: Vec<u32>,
    arc_nodes: Vec<u32>,
    /// `maritime`, `disputed`, by arc.
    pub(super) flags: Vec<(bool, bool)>,
    way_ids: Vec<i64>,
    way_ends: Vec<u32>,
    way_arcs: Vec<u32>,
    /// By way, the ids of its nodes that the file lacks.
    missing: HashMap<usize, Vec<i64>>,
    meetings: Vec<Meeting>,
    /// By way, its meetings.
    met: HashMap<usize, Vec<u32>, RandomState>,
}

impl Mesh {
    /// Cuts ways (in the order of their ids) into arcs.
    pub(super) fn cut(ways: &[Way<u32>], nodes: Nodes) -> Self {
        let mut mesh = Self { ids: nodes.ids, places: nodes.places, ..Self::default() };
        let cuts = mesh.cuts(ways);
        let count: usize = ways.iter().map(|way| way.nodes.len()).sum();
        mesh.arc_nodes.reserve(count);
        mesh.way_ids.reserve(ways.len());
        mesh.way_ends.reserve(ways.len());
        let single = |w: &&[u32]| cuts[w[0] as usize] && cuts[w[1] as usize];
        let single = ways.par_iter().map(|way| way.nodes.windows(2).filter(single).count()).sum();
        let mut segments = HashMap::with_capacity_and_hasher(single, RandomState::default());
        let places = std::mem::take(&mut mesh.places);
        let some_gone = places.iter().any(Option::is_none);
        for (index, way) in ways.iter().enumerate() {
            for run in runs(way, &places) {
                mesh.add_run(&run, &cuts, &mut segments, (way.maritime, way.disputed));
            }
            if some_gone {
                let gone = way.nodes.iter().filter(|&&n| places[n as usize].is_none());
                let gone: Vec<i64> = gone.map(|&n| mesh.ids[n as usize]).collect();
                if !gone.is_empty() {
                    mesh.missing.insert(index, gone);
                }
            }
            mesh.way_ids.push(way.id);
            mesh.way_ends.push(mesh.way_arcs.len() as u32);
        }
        mesh.places = places;
        mesh
    }

    /// Adds what is known of ways that met without a common node before they were cut.
    pub(super) fn with_meetings(mut self, meetings: Vec<Meeting>) -> Self {
        for (index, meeting) in (0..).zip(&meetings) {
            let [a, b] = meeting.ways.map(|id| self.way(id));
            for way in a.into_iter().chain(b.filter(|_| a != b)) {
                self.met.entry(way).or_default().push(index);
            }
        }
        self.meetings = meetings;
        self
    }

    /// Where any of some ways, as indices, met another, or itself, without a common node.
    pub(super) fn meetings_of(&self, ways: impl Iterator<Item = usize>) -> Vec<Meeting> {
        let mut found: Vec<u32> = ways.filter_map(|way| self.met.get(&way)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|index| self.meetings[index as usize]).collect()
    }

    /// Which nodes end an arc: ends of runs, nodes used twice, tips of spikes.
    fn cuts(&self, ways: &[Way<u32>]) -> Vec<bool> {
        const ONCE: u8 = 1;
        const TWICE: u8 = 2;
        let uses: Vec<AtomicU8> = self.ids.iter().map(|_| AtomicU8::new(0)).collect();
        let add = |node: u32| {
            let uses = &uses[node as usize];
            if uses.load(Relaxed) & TWICE == 0 && uses.fetch_or(ONCE, Relaxed) & ONCE != 0 {
                uses.fetch_or(TWICE, Relaxed);
            }
        };
        ways.par_iter().flat_map_iter(|way| runs(way, &self.places)).for_each(|run| {
            run.iter().chain(run.first()).chain(run.last()).for_each(|node| add(*node));
            run.windows(3).filter(|w| w[0] == w[2]).for_each(|three| add(three[1]));
        });
        uses.into_iter().map(|uses| uses.into_inner() & TWICE != 0).collect()
    }

    fn add_run(
        &mut self,
        run: &[u32],
        cuts: &[bool],
        segments: &mut HashMap<(u32, u32), u32, RandomState>,
        flags: (bool, bool),
    ) {
        let mut start = 0;
        for end in 1..run.len() {
            if !cuts[run[end] as usize] {
                continue;
            }
            let nodes = &run[start..=end];
            start = end;
            // Two ways can only have whole arcs in common where they are single segments: any node
            // between the ends would have been used twice.
            let arc = match nodes {
                &[a, b] => *segments.entry((a.min(b), a.max(b))).or_insert(self.flags.len() as u32),
                _ => self.flags.len() as u32,
            };
            if arc as usize == self.flags.len() {
                self.arc_nodes.extend_from_slice(nodes);
                self.arc_ends.push(self.arc_nodes.len() as u32);
                self.flags.push((false, false));
            }
            let both = &mut self.flags[arc as usize];
            *both = (both.0 || flags.0, both.1 || flags.1);
            self.way_arcs.push(arc);
        }
    }

    /// How many arcs.
    pub(super) fn len(&self) -> usize {
        self.flags.len()
    }

    /// The nodes of an arc.
    pub(super) fn arc(&self, arc: u32) -> &[u32] {
        slice(&self.arc_nodes, &self.arc_ends, arc as usize)
    }

    /// The first and last node of an arc.
    pub(super) fn ends(&self, arc: u32) -> [u32; 2] {
        let nodes = self.arc(arc);
        [nodes[0], nodes[nodes.len() - 1]]
    }

    /// Where a node of an arc is.
    pub(super) fn place(&self, node: u32) -> Place {
        self.places[node as usize].unwrap_or(Place { lon: 0, lat: 0 })
    }

    /// The index of a way; `None` when the file lacks it.
    pub(super) fn way(&self, id: i64) -> Option<usize> {
        self.way_ids.binary_search(&id).ok()
    }

    /// The arcs of a way, in its order.
    pub(super) fn arcs_of(&self, way: usize) -> &[u32] {
        slice(&self.way_arcs, &self.way_ends, way)
    }

    /// The ids of the nodes of a way that the file lacks.
    pub(super) fn missing_nodes(&self, way: usize) -> &[i64] {
        self.missing.get(&way).map_or(&[], Vec::as_slice)
    }
}

fn slice<'s>(values: &'s [u32], ends: &[u32], index: usize) -> &'s [u32] {
    let start = if index == 0 { 0 } else { ends[index - 1] as usize };
    &values[start..ends[index] as usize]
}

/// The runs of a way's nodes that are in the file, without a node twice in succession.
fn runs<'w>(way: &'w Way<u32>, places: &'w [Option<Place>]) -> impl Iterator<Item = Cow<'w, [u32]>> {
    way.nodes.split(|&n| places[n as usize].is_none()).filter_map(|run| {
        let repeats = run.windows(2).any(|two| two[0] == two[1]);
        let mut run = Cow::Borrowed(run);
        if repeats {
            run.to_mut().dedup();
        }
        (run.len() > 1).then_some(run)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A mesh of ways over the nodes 0.. at the given places (degrees); node ids are 100 + index, way ids 1...
    pub(in crate::boundaries) fn mesh(places: &[(f64, f64)], ways: &[&[u32]]) -> Mesh {
        let place = |&(x, y): &(f64, f64)| Some(Place { lon: (x * 1e7) as i32, lat: (y * 1e7) as i32 });
        let nodes = Nodes {
            ids: (0..places.len() as i64).map(|i| 100 + i).collect(),
            places: places.iter().map(place).collect(),
        };
        let way = |(i, nodes): (usize, &&[u32])| Way {
            id: i as i64 + 1,
            nodes: (*nodes).into(),
            maritime: false,
            disputed: false,
        };
        Mesh::cut(&ways.iter().enumerate().map(way).collect::<Vec<_>>(), nodes)
    }

    fn line(n: usize) -> Vec<(f64, f64)> {
        (0..n).map(|i| (i as f64, 0.0)).collect()
    }

    fn arcs(mesh: &Mesh) -> Vec<&[u32]> {
        (0..mesh.len() as u32).map(|a| mesh.arc(a)).collect()
    }

    #[test]
    fn ways_are_cut_where_another_touches() {
        let mesh = mesh(&line(6), &[&[0, 1, 2, 3], &[2, 4], &[3, 5]]);
        assert_eq!(arcs(&mesh), [&[0, 1, 2][..], &[2, 3], &[2, 4], &[3, 5]]);
        assert_eq!(mesh.arcs_of(0), [0, 1]);
    }

    #[test]
    fn a_segment_of_two_ways_is_one_arc_in_either_direction() {
        let mesh = mesh(&line(6), &[&[0, 1, 2, 3], &[5, 2, 1, 4]]);
        assert_eq!(arcs(&mesh), [&[0, 1][..], &[1, 2], &[2, 3], &[5, 2], &[1, 4]]);
        assert_eq!((mesh.arcs_of(0), mesh.arcs_of(1)), (&[0, 1, 2][..], &[3, 1, 4][..]));
    }

    #[test]
    fn spikes_and_repeated_nodes_leave_no_odd_arc() {
        let spike = mesh(&line(4), &[&[0, 1, 2, 1, 3]]);
        assert_eq!(spike.arcs_of(0), [0, 1, 1, 2], "there and back is the same arc twice");
        let twice = mesh(&line(3), &[&[0, 1, 1, 2]]);
        assert_eq!(arcs(&twice), [&[0, 1, 2][..]]);
    }

    #[test]
    fn a_missing_node_cuts_the_way_and_is_named() {
        let mut nodes = Nodes { ids: (100..104).collect(), places: vec![Some(Place { lon: 0, lat: 0 }); 4] };
        nodes.places[2] = None;
        let way = Way { id: 7, nodes: Box::new([0, 1, 2, 3]), maritime: true, disputed: false };
        let mesh = Mesh::cut(&[way], nodes);
        assert_eq!(arcs(&mesh), [&[0, 1][..]]);
        assert_eq!(mesh.missing_nodes(mesh.way(7).unwrap()), [102]);
        assert_eq!(mesh.flags, [(true, false)]);
        assert_eq!(mesh.way(8), None);
    }
}
