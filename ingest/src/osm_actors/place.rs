//! One point for an element: where it is drawn, and what places it in units.
//!
//! A node is where it is. An area is at a place strictly inside, away from its border: that of a unit's label, for
//! the largest of its rings; the other rings are holes or other parts, which the same parity rule tells apart. What
//! does not close, being a line or cut by the edge of the extract, is at the middle one of its nodes that are there.

use std::collections::HashMap;

use geo::Area;
use geo_types::{Coord, LineString, Polygon};
use parvis_model::{IssueCode, LonLat};

use super::read::{Found, Read, Shape};
use crate::boundaries::label;

/// How close to the middle of an outline its actor is placed: so many parts of its shorter side.
const PARTS: f64 = 20.0;

/// Why an element is nowhere.
type Nowhere = (IssueCode, String);

impl Read {
    /// Where an element is.
    pub(super) fn place(&self, element: &Found) -> Result<LonLat, Nowhere> {
        match &element.shape {
            Shape::Point(at) => at.ok_or_else(|| (IssueCode::BadCoordinates, "the node is off the globe".to_owned())),
            Shape::Line(nodes) => {
                let line = self.line(nodes);
                let ring = is_ring(nodes).then(|| self.ring(nodes)).flatten();
                let inside = ring.and_then(|ring| label(&Polygon::new(ring, Vec::new()), PARTS));
                inside.or_else(|| middle(&line)).ok_or_else(no_node)
            }
            Shape::Area(ways) => self.area(ways),
            Shape::Other => {
                Err((IssueCode::NoGeometry, "the relation is neither a multipolygon nor a boundary".to_owned()))
            }
        }
    }

    fn area(&self, members: &[i64]) -> Result<LonLat, Nowhere> {
        if members.is_empty() {
            return Err((IssueCode::NoGeometry, "the relation has no way".to_owned()));
        }
        let way = |id: &i64| self.ways.binary_search_by_key(id, |(way, _)| *way).ok().map(|at| &*self.ways[at].1);
        let lines: Vec<&[i64]> = members.iter().filter_map(way).collect();
        if lines.is_empty() {
            return Err((IssueCode::MissingWay, format!("none of its {} ways is in the file", members.len())));
        }
        let mut rings: Vec<LineString<f64>> = rings(&lines).iter().filter_map(|ring| self.ring(ring)).collect();
        let size = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new()).unsigned_area();
        rings.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let mut rings = rings.into_iter();
        let inside = rings.next().and_then(|largest| label(&Polygon::new(largest, rings.collect()), PARTS));
        let of_line = || lines.iter().find_map(|nodes| middle(&self.line(nodes)));
        inside.or_else(of_line).ok_or_else(no_node)
    }

    fn node(&self, id: i64) -> Option<LonLat> {
        self.nodes.binary_search(&id).ok().and_then(|at| self.places[at])
    }

    /// The nodes that are there.
    fn line(&self, nodes: &[i64]) -> Vec<LonLat> {
        nodes.iter().filter_map(|&id| self.node(id)).collect()
    }

    /// A ring, if all its nodes are there.
    fn ring(&self, nodes: &[i64]) -> Option<LineString<f64>> {
        let places: Option<Vec<Coord<f64>>> = nodes.iter().map(|&id| self.node(id).map(LonLat::coord)).collect();
        places.map(LineString)
    }
}

fn no_node() -> Nowhere {
    (IssueCode::MissingNode, "none of its nodes is in the file".to_owned())
}

fn is_ring(nodes: &[i64]) -> bool {
    nodes.len() >= 4 && nodes.first() == nodes.last()
}

fn middle(line: &[LonLat]) -> Option<LonLat> {
    line.get(line.len() / 2).copied()
}

/// Joins ways end to end; what does not come back to where it began is left out.
fn rings(lines: &[&[i64]]) -> Vec<Vec<i64>> {
    let mut rings: Vec<Vec<i64>> = Vec::new();
    let mut by_end: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut used = vec![false; lines.len()];
    for (at, line) in lines.iter().enumerate() {
        match (line.first(), line.last()) {
            (Some(first), Some(last)) if first != last => {
                by_end.entry(*first).or_default().push(at);
                by_end.entry(*last).or_default().push(at);
            }
            _ => used[at] = true,
        }
        if is_ring(line) {
            rings.push(line.to_vec());
        }
    }
    for start in 0..lines.len() {
        if std::mem::replace(&mut used[start], true) {
            continue;
        }
        let mut ring = lines[start].to_vec();
        while let Some(&end) = ring.last()
            && ring.first() != Some(&end)
            && let Some(next) = by_end.get_mut(&end).and_then(|ends| unused(ends, &used))
        {
            used[next] = true;
            let forward = lines[next].first() == Some(&end);
            let nodes = lines[next].iter().copied();
            if forward { ring.extend(nodes.skip(1)) } else { ring.extend(nodes.rev().skip(1)) }
        }
        if is_ring(&ring) {
            rings.push(ring);
        }
    }
    rings
}

/// Takes a way that is not used yet off those that end at a node.
fn unused(ends: &mut Vec<usize>, used: &[bool]) -> Option<usize> {
    while let Some(at) = ends.pop() {
        if !used[at] {
            return Some(at);
        }
    }
    None
}
