//! Where ways meet without a common node: one place under several ids, a node on another way's segment, segments
//! that cross. Each meeting becomes a node that both ways have, so that the mesh is planar.
//!
//! ```text
//!   a ───────── b        a ──── n ─── b      crossing: a new node n on both
//!        ╳          →         ╳
//!   c ───────── d        c ──── n ─── d
//!
//!   a ───────── b        a ──── c ─── b      touching: the node c on both
//!          │                    │
//!          c                    c
//! ```
//!
//! Segments near each other are found by buckets ([`parvis_model::near`]). All comparisons are exact in whole
//! ten-millionths of a degree; only the place of a new node is rounded.

use std::collections::{BTreeSet, HashMap, HashSet};

use parvis_model::near::{self, Buckets, Point, Table};
use rayon::prelude::*;

use super::rings::difference;
use super::select::{Nodes, Place, Way};

/// How two ways met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// Two nodes at one place.
    SamePlace,
    /// A node of one on a segment of the other.
    Touching,
    /// Their segments crossed.
    Crossing,
}

/// A place where two ways met without a common node; they have one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Meeting {
    pub(super) kind: Kind,
    /// The ids of the ways; twice the same when a way meets itself.
    pub(super) ways: [i64; 2],
    pub(super) place: Place,
}

/// New nodes are rounded, which may make new crossings: after so many rounds none is left in practice.
const ROUNDS: usize = 4;

/// The id of a node that no file has.
pub(super) const MADE: i64 = 0;

/// Of a node that has its place to itself.
const ALONE: u32 = u32::MAX;

/// Gives ways that meet a common node, and says where they met.
pub(super) fn node(ways: &mut [Way<u32>], nodes: &mut Nodes) -> Vec<Meeting> {
    let mut meetings = same_places(ways, nodes, 0);
    let mut drawn = Drawn::new(ways, nodes);
    let mut contacts = drawn.contacts();
    for round in 1..=ROUNDS {
        if contacts.is_empty() {
            break;
        }
        let known = nodes.ids.len();
        let touched = insert(ways, nodes, &contacts, &mut meetings);
        meetings.extend(same_places(ways, nodes, known));
        contacts = if round < ROUNDS { drawn.contacts_after(ways, nodes, touched) } else { Vec::new() };
    }
    meetings.sort_unstable();
    meetings.dedup();
    meetings
}

/// Of nodes at one place the first serves for all. Where the nodes before `known` are was compared before.
fn same_places(ways: &mut [Way<u32>], nodes: &Nodes, known: usize) -> Vec<Meeting> {
    let key = |place: &Option<Place>| place.map_or(Place::NOWHERE, Place::key);
    let mut fresh: Vec<u64> = nodes.places[known..].par_iter().map(key).collect();
    fresh.par_sort_unstable();
    // At the start the places that come twice, later those of new nodes: few either way.
    let mut doubtful: Vec<u64> = if known == 0 {
        fresh.par_windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect()
    } else {
        fresh
    };
    doubtful.retain(|key| *key != Place::NOWHERE);
    if doubtful.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<(u64, u32)> = (nodes.places.par_iter().enumerate())
        .filter_map(|(i, place)| Some((place.as_ref()?.key(), i as u32)))
        .filter(|(key, _)| doubtful.binary_search(key).is_ok())
        .collect();
    order.sort_unstable();
    // By node: the first at its place, where there are several.
    let mut first_of = vec![ALONE; nodes.places.len()];
    let mut several = false;
    for same in order.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        several = true;
        for (_, node) in same {
            first_of[*node as usize] = same[0].1;
        }
    }
    if !several {
        return Vec::new();
    }
    let moves = |way: &&mut Way<u32>| way.nodes.iter().any(|node| first_of[*node as usize] != ALONE);
    let mut users: HashMap<u32, Vec<(u32, i64)>> = HashMap::new();
    for way in ways.par_iter_mut().filter(moves).collect::<Vec<_>>() {
        for node in &mut way.nodes {
            let first = first_of[*node as usize];
            if first != ALONE {
                users.entry(first).or_default().push((*node, way.id));
                *node = first;
            }
        }
    }
    let mut meetings = Vec::new();
    for (first, users) in users {
        let Some(place) = nodes.places[first as usize] else { continue };
        for (node, way) in &users {
            for (_, other) in users.iter().filter(|(n, _)| n < node) {
                meetings.push(Meeting { kind: Kind::SamePlace, ways: pair(*way, *other), place });
            }
        }
    }
    meetings
}

fn pair(a: i64, b: i64) -> [i64; 2] {
    [a.min(b), a.max(b)]
}

/// Two nodes, the lower number first.
type Segment = (u32, u32);

/// The segments of a way, appended.
fn push_segments(way: &Way<u32>, nodes: &Nodes, segments: &mut Vec<Segment>) {
    let here = |n: u32| nodes.places[n as usize].is_some();
    let pairs = way.nodes.windows(2).filter(|w| w[0] != w[1] && here(w[0]) && here(w[1]));
    segments.extend(pairs.map(|w| (w[0].min(w[1]), w[0].max(w[1]))));
}

/// What two segments do to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Contact {
    /// A node lies on a segment.
    Touch { node: u32, on: Segment, of: Segment },
    /// They cross at a place that is no end of either.
    Cross { at: Place, a: Segment, b: Segment },
}

/// The segments of all ways as they were drawn, and where they are. Nodes that ways get later change few of them.
struct Drawn {
    pairs: Vec<Segment>,
    lines: Vec<near::Segment>,
    buckets: Buckets,
    table: Table,
    /// By way, where its segments end.
    ends: Vec<u32>,
    /// By segment, whether its way has got nodes since.
    gone: Vec<bool>,
    /// The ways that have, in order.
    touched: BTreeSet<u32>,
}

impl Drawn {
    fn new(ways: &[Way<u32>], nodes: &Nodes) -> Self {
        // Counted first: a list that grows would take twice the room.
        let mut pairs = Vec::with_capacity(ways.iter().map(|way| way.nodes.len().saturating_sub(1)).sum());
        let mut ends = Vec::with_capacity(ways.len());
        for way in ways {
            push_segments(way, nodes, &mut pairs);
            ends.push(pairs.len() as u32);
        }
        let lines: Vec<near::Segment> = pairs.par_iter().map(|pair| line(*pair, nodes)).collect();
        let buckets = Buckets::new(&lines, PAD);
        let table = buckets.table(&lines, None);
        Self { gone: vec![false; pairs.len()], pairs, lines, buckets, table, ends, touched: BTreeSet::new() }
    }

    fn side(&self, i: u32) -> Side {
        Side { pair: self.pairs[i as usize], line: self.lines[i as usize] }
    }

    /// What the segments do to each other, in a fixed order.
    fn contacts(&self) -> Vec<Contact> {
        in_order(self.table.pairs(&self.lines, |a, b, found| meet(&self.side(a), &self.side(b), found)))
    }

    /// What the segments of ways that have got nodes do to each other and to the rest. Nothing changed elsewhere.
    fn contacts_after(&mut self, ways: &[Way<u32>], nodes: &Nodes, touched: Vec<u32>) -> Vec<Contact> {
        for way in touched {
            let start = if way == 0 { 0 } else { self.ends[way as usize - 1] };
            self.gone[start as usize..self.ends[way as usize] as usize].fill(true);
            self.touched.insert(way);
        }
        let mut pairs = Vec::new();
        for way in &self.touched {
            push_segments(&ways[*way as usize], nodes, &mut pairs);
        }
        let lines: Vec<near::Segment> = pairs.iter().map(|pair| line(*pair, nodes)).collect();
        let side = |i: u32| Side { pair: pairs[i as usize], line: lines[i as usize] };
        let mut found = self.buckets.pairs(&lines, None, |a, b, found| meet(&side(a), &side(b), found));
        let beside = (0..pairs.len() as u32).into_par_iter().fold(Vec::new, |mut found, i| {
            let new = side(i);
            self.table.near(&self.lines, &new.line, |old| {
                if !self.gone[old as usize] {
                    meet(&self.side(old), &new, &mut found);
                }
            });
            found
        });
        found.extend(beside.flatten_iter().collect::<Vec<_>>());
        in_order(found)
    }
}

fn in_order(mut found: Vec<Contact>) -> Vec<Contact> {
    found.par_sort_unstable();
    found.dedup();
    found
}

/// A new node is rounded by less than one unit: what it does to a segment stays in the buckets of that segment.
const PAD: i64 = 2;

fn line((a, b): Segment, nodes: &Nodes) -> near::Segment {
    let point = |n: u32| nodes.places[n as usize].map_or([0, 0], |p| [i64::from(p.lon), i64::from(p.lat)]);
    near::Segment { from: point(a), to: point(b) }
}

/// A segment as nodes and as places.
struct Side {
    pair: Segment,
    line: near::Segment,
}

fn meet(a: &Side, b: &Side, found: &mut Vec<Contact>) {
    let shared = |n: u32, s: Segment| n == s.0 || n == s.1;
    let before = found.len();
    for (from, onto) in [(a, b), (b, a)] {
        for (node, at) in [(from.pair.0, from.line.from), (from.pair.1, from.line.to)] {
            if !shared(node, onto.pair) && lies_on(at, &onto.line) {
                found.push(Contact::Touch { node, on: onto.pair, of: from.pair });
            }
        }
    }
    let common = shared(a.pair.0, b.pair) || shared(a.pair.1, b.pair);
    if common || found.len() > before {
        return;
    }
    if let Some(at) = crossing(&a.line, &b.line) {
        // Rounded to an end, the crossing is a touch.
        let mut ends = [(a, b, a.pair.0, a.line.from), (a, b, a.pair.1, a.line.to)]
            .into_iter()
            .chain([(b, a, b.pair.0, b.line.from), (b, a, b.pair.1, b.line.to)]);
        found.push(if let Some((of, on, node, _)) = ends.find(|(_, _, _, end)| *end == at) {
            Contact::Touch { node, on: on.pair, of: of.pair }
        } else {
            let at = Place { lon: at[0] as i32, lat: at[1] as i32 };
            Contact::Cross { at, a: a.pair.min(b.pair), b: a.pair.max(b.pair) }
        });
    }
}

/// Whether a place lies strictly between the ends of a segment.
fn lies_on(at: Point, line: &near::Segment) -> bool {
    let [x, y] = line.extent();
    let inside = (x.0..=x.1).contains(&at[0]) && (y.0..=y.1).contains(&at[1]);
    inside && at != line.from && at != line.to && line.side(at) == 0
}

/// Where two segments cross, neither end lying on the other; rounded.
fn crossing(a: &near::Segment, b: &near::Segment) -> Option<Point> {
    let (from, to) = (b.side(a.from), b.side(a.to));
    if from.signum() * to.signum() >= 0 || a.side(b.from).signum() * a.side(b.to).signum() >= 0 {
        return None;
    }
    let share = from as f64 / (from - to) as f64;
    let along = |axis: usize| a.from[axis] + (share * (a.to[axis] - a.from[axis]) as f64).round() as i64;
    Some([along(0), along(1)])
}

/// Puts the nodes of contacts into the ways that have the segments. Returns which ways got any.
fn insert(ways: &mut [Way<u32>], nodes: &mut Nodes, contacts: &[Contact], meetings: &mut Vec<Meeting>) -> Vec<u32> {
    let mut made: HashMap<Place, u32> = HashMap::new();
    let mut onto: HashMap<Segment, Vec<u32>> = HashMap::new();
    let mut met: Vec<(Kind, Segment, Segment, u32)> = Vec::new();
    for contact in contacts {
        match *contact {
            Contact::Touch { node, on, of } => {
                onto.entry(on).or_default().push(node);
                met.push((Kind::Touching, on, of, node));
            }
            Contact::Cross { at, a, b } => {
                let node = *made.entry(at).or_insert_with(|| {
                    nodes.ids.push(MADE);
                    nodes.places.push(Some(at));
                    nodes.ids.len() as u32 - 1
                });
                onto.entry(a).or_default().push(node);
                onto.entry(b).or_default().push(node);
                met.push((Kind::Crossing, a, b, node));
            }
        }
    }
    let wanted: HashSet<Segment> = met.iter().flat_map(|m| [m.1, m.2]).collect();
    let mut is_end = vec![false; nodes.ids.len()];
    for segment in &wanted {
        (is_end[segment.0 as usize], is_end[segment.1 as usize]) = (true, true);
    }
    // Segments that met something, by way: few.
    let met_by = ways.par_iter().enumerate().flat_map_iter(|(index, way)| {
        let key = |w: &[u32]| (w[0].min(w[1]), w[0].max(w[1]));
        let ends = way.nodes.windows(2).filter(|w| is_end[w[0] as usize] && is_end[w[1] as usize]);
        ends.map(key).filter(|s| wanted.contains(s)).map(move |segment| (index, segment))
    });
    let met_by: Vec<(usize, Segment)> = met_by.collect();
    let mut owners: HashMap<Segment, Vec<i64>> = HashMap::new();
    let mut changed = Vec::new();
    for of_way in met_by.chunk_by(|a, b| a.0 == b.0) {
        let (index, way) = (of_way[0].0, &mut ways[of_way[0].0]);
        for (_, segment) in of_way {
            owners.entry(*segment).or_default().push(way.id);
        }
        if of_way.iter().any(|(_, segment)| onto.contains_key(segment)) {
            way.nodes = with_nodes(&way.nodes, &onto, nodes);
            changed.push(index as u32);
        }
    }
    for (kind, a, b, node) in met {
        let Some(place) = nodes.places[node as usize] else { continue };
        for way in owners.get(&a).into_iter().flatten() {
            let others = owners.get(&b).into_iter().flatten();
            meetings.extend(others.map(|other| Meeting { kind, ways: pair(*way, *other), place }));
        }
    }
    changed
}

/// The nodes of a way with those that lie on its segments, in the order in which it passes them.
fn with_nodes(way: &[u32], onto: &HashMap<Segment, Vec<u32>>, nodes: &Nodes) -> Box<[u32]> {
    let place = |n: u32| nodes.places[n as usize].unwrap_or(Place { lon: 0, lat: 0 });
    let mut out: Vec<u32> = way.first().copied().into_iter().collect();
    for w in way.windows(2) {
        if let Some(new) = onto.get(&(w[0].min(w[1]), w[0].max(w[1]))) {
            let mut new = new.clone();
            let away = |n: &u32| {
                let (x, y) = difference(place(w[0]), place(*n));
                i128::from(x) * i128::from(x) + i128::from(y) * i128::from(y)
            };
            new.sort_by_key(|n| (away(n), *n));
            new.dedup();
            out.extend(new);
        }
        out.push(w[1]);
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ways over the nodes 0.. at the given places; node ids are 100 + index, way ids 1...
    fn noded(places: &[(i32, i32)], ways: &[&[u32]]) -> (Vec<Vec<u32>>, Vec<Meeting>, Nodes) {
        let mut nodes = Nodes {
            ids: (0..places.len() as i64).map(|i| 100 + i).collect(),
            places: places.iter().map(|&(lon, lat)| Some(Place { lon, lat })).collect(),
        };
        let way = |(i, nodes): (usize, &&[u32])| Way {
            id: i as i64 + 1,
            nodes: (*nodes).into(),
            maritime: false,
            disputed: false,
        };
        let mut ways: Vec<Way<u32>> = ways.iter().enumerate().map(way).collect();
        let meetings = node(&mut ways, &mut nodes);
        (ways.into_iter().map(|w| w.nodes.to_vec()).collect(), meetings, nodes)
    }

    #[test]
    fn ways_that_share_their_nodes_are_left_alone() {
        let places = [(0, 0), (100, 0), (100, 100), (0, 100), (200, 0)];
        let ways: [&[u32]; 2] = [&[0, 1, 2, 3, 0], &[1, 4, 2]];
        let (after, meetings, _) = noded(&places, &ways);
        assert_eq!(after, ways);
        assert!(meetings.is_empty());
    }

    #[test]
    fn crossing_segments_get_a_new_node() {
        let (ways, meetings, nodes) = noded(&[(0, 0), (100, 100), (0, 100), (100, 0)], &[&[0, 1], &[2, 3]]);
        assert_eq!(ways, [[0, 4, 1], [2, 4, 3]]);
        let place = Place { lon: 50, lat: 50 };
        assert_eq!(meetings, [Meeting { kind: Kind::Crossing, ways: [1, 2], place }]);
        assert_eq!((nodes.ids[4], nodes.places[4]), (MADE, Some(place)));
    }

    #[test]
    fn a_node_on_a_segment_is_put_into_it() {
        let (ways, meetings, _) = noded(&[(0, 0), (100, 0), (40, 0), (40, 50)], &[&[1, 0], &[2, 3]]);
        assert_eq!(ways, [vec![1, 2, 0], vec![2, 3]]);
        assert_eq!((meetings[0].kind, meetings[0].ways), (Kind::Touching, [1, 2]));
    }

    #[test]
    fn segments_on_each_other_share_what_they_have_in_common() {
        let (ways, _, _) = noded(&[(0, 0), (100, 0), (40, 0), (200, 0)], &[&[0, 1], &[2, 3]]);
        assert_eq!(ways, [vec![0, 2, 1], vec![2, 1, 3]]);
    }

    #[test]
    fn two_nodes_at_one_place_are_one() {
        let (ways, meetings, _) = noded(&[(0, 0), (100, 0), (100, 0), (200, 9)], &[&[0, 1], &[2, 3]]);
        assert_eq!(ways, [[0, 1], [1, 3]]);
        assert_eq!((meetings[0].kind, meetings[0].ways), (Kind::SamePlace, [1, 2]));
    }

    #[test]
    fn long_and_short_segments_far_apart_in_latitude_still_meet() {
        let mut places = vec![(-1_000_000_000, -800_000_000), (1_000_000_000, 800_000_000), (-10, 10), (10, -10)];
        places.extend((0..200).map(|i| (i * 1000, 500_000_000 + i)));
        let row: Vec<u32> = (4..204).collect();
        let (ways, meetings, _) = noded(&places, &[&[0, 1], &[2, 3], &row]);
        assert_eq!(ways[1].len(), 3, "{meetings:?}");
        assert_eq!(meetings.len(), 1);
    }
}
