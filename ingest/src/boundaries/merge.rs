//! From cut arcs to the topology of the edition: arcs joined wherever nothing ends, shapes as rings of them, and
//! the lines to draw.

use parvis_model::topology::{Arc, Line};
use parvis_model::{AdminLevel, Ring, Shape, Topology, UnitId};
use rayon::prelude::*;

use super::mesh::Mesh;
use super::nest::Polygon;
use super::rings::Step;

/// A unit whose polygons are known.
#[derive(Debug)]
pub(super) struct Bounded<'p> {
    pub(super) id: UnitId,
    pub(super) level: AdminLevel,
    pub(super) polygons: &'p [Polygon],
}

impl Bounded<'_> {
    /// The arcs of all its rings.
    fn steps(&self) -> impl Iterator<Item = Step> {
        self.polygons.iter().flatten().flatten().copied()
    }
}

/// Joins the arcs of complete units and builds the topology; shapes come in the order of `units`.
pub(super) fn topology(mesh: &Mesh, units: &[Bounded<'_>]) -> Topology {
    let sides = Sides::of(mesh.len(), units);
    let joined = Joined::new(mesh, &sides);
    let shapes: Vec<Shape> = units
        .par_iter()
        .map(|unit| Shape {
            unit: unit.id.clone(),
            level: unit.level,
            polygons: unit.polygons.iter().map(|p| p.iter().map(|ring| joined.ring(ring)).collect()).collect(),
        })
        .collect();
    let lines = joined.chains.par_iter().enumerate();
    let lines = lines.filter(|(_, chain)| !chain.iter().all(|step| is_closure(mesh, step.0)));
    let lines = lines.filter_map(|(i, chain)| line(i as u32, chain[0], &sides, units)).collect();
    let arcs = joined.chains.par_iter().map(|chain| arc(mesh, chain)).collect();
    Topology { arcs, shapes, lines }
}

/// Which units lie on which side of each cut arc, as `unit << 1 | right`, sorted.
struct Sides {
    ends: Vec<u32>,
    units: Vec<u32>,
}

impl Sides {
    fn of(arcs: usize, units: &[Bounded<'_>]) -> Self {
        let mut ends = vec![0_u32; arcs];
        for unit in units {
            for (arc, _) in unit.steps() {
                ends[arc as usize] += 1;
            }
        }
        let mut total = 0;
        for end in &mut ends {
            total += std::mem::replace(end, total);
        }
        // `ends` now holds starts; filling moves each to its end.
        let mut sides = Self { ends, units: vec![0; total as usize] };
        for (i, unit) in units.iter().enumerate() {
            for (arc, reversed) in unit.steps() {
                let at = &mut sides.ends[arc as usize];
                sides.units[*at as usize] = (i as u32) << 1 | u32::from(reversed);
                *at += 1;
            }
        }
        sides
    }

    fn of_arc(&self, arc: u32) -> &[u32] {
        let start = if arc == 0 { 0 } else { self.ends[arc as usize - 1] };
        &self.units[start as usize..self.ends[arc as usize] as usize]
    }

    /// Whether two arcs, each with a direction, have the same units on the same sides.
    fn same(&self, a: Step, b: Step) -> bool {
        let (left, right) = (self.of_arc(a.0), self.of_arc(b.0));
        let turn = u32::from(a.1 != b.1);
        left.len() == right.len() && left.iter().zip(right).all(|(x, y)| *x == *y ^ turn)
    }
}

/// Chains of cut arcs that are one arc for every unit.
struct Joined {
    chains: Vec<Vec<Step>>,
    /// Of each cut arc: its chain, and whether it runs against it.
    places: Vec<Step>,
}

const NOWHERE: u32 = u32::MAX;

impl Joined {
    fn new(mesh: &Mesh, sides: &Sides) -> Self {
        let used = (0..mesh.len() as u32).filter(|&a| !sides.of_arc(a).is_empty());
        let ends = Ends::of(mesh, used.clone());
        let mut joined = Self { chains: Vec::new(), places: vec![(NOWHERE, false); mesh.len()] };
        // First the chains that have an end, then the closed ones.
        for closed in [false, true] {
            for arc in used.clone() {
                for step in [(arc, false), (arc, true)] {
                    let starts = closed || ends.before(mesh, sides, step).is_none();
                    if starts && joined.places[arc as usize].0 == NOWHERE {
                        joined.follow(mesh, sides, &ends, step);
                    }
                }
            }
        }
        joined
    }

    fn follow(&mut self, mesh: &Mesh, sides: &Sides, ends: &Ends, first: Step) {
        let number = self.chains.len() as u32;
        let mut chain = Vec::new();
        let mut next = Some(first);
        while let Some(step) = next.filter(|s| self.places[s.0 as usize].0 == NOWHERE) {
            self.places[step.0 as usize] = (number, step.1);
            chain.push(step);
            next = ends.before(mesh, sides, (step.0, !step.1)).map(|(arc, reversed)| (arc, !reversed));
        }
        self.chains.push(chain);
    }

    /// A ring of cut arcs as a ring of joined ones.
    fn ring(&self, steps: &[Step]) -> Ring {
        let mut ring: Vec<Step> = Vec::new();
        for &(arc, reversed) in steps {
            let (chain, against) = self.places[arc as usize];
            let step = (chain, reversed != against);
            if ring.last() != Some(&step) {
                ring.push(step);
            }
        }
        // The walk may have begun in the middle of a chain.
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        Ring(ring)
    }
}

/// By node, how many used arcs end there and, where it is two, which.
struct Ends {
    count: Vec<u8>,
    arcs: Vec<[u32; 2]>,
}

impl Ends {
    fn of(mesh: &Mesh, used: impl Iterator<Item = u32>) -> Self {
        let mut ends = Self { count: vec![0; mesh.ids.len()], arcs: vec![[0; 2]; mesh.ids.len()] };
        for arc in used {
            for node in mesh.ends(arc) {
                let count = &mut ends.count[node as usize];
                if let Some(slot) = ends.arcs[node as usize].get_mut(usize::from(*count)) {
                    *slot = arc;
                }
                *count = count.saturating_add(1);
            }
        }
        ends
    }

    /// The arc that leads into the start of `step` and can be joined to it, in the direction in which it does.
    fn before(&self, mesh: &Mesh, sides: &Sides, step: Step) -> Option<Step> {
        let node = mesh.ends(step.0)[usize::from(step.1)];
        if self.count[node as usize] != 2 {
            return None;
        }
        let [a, b] = self.arcs[node as usize];
        let other = if a == step.0 { b } else { a };
        let differ = is_closure(mesh, other) != is_closure(mesh, step.0);
        if other == step.0 || differ || mesh.flags[other as usize] != mesh.flags[step.0 as usize] {
            return None;
        }
        let before = (other, mesh.ends(other)[0] == node);
        sides.same(before, step).then_some(before)
    }
}

/// Whether an arc runs along the antimeridian: it closes a territory that OSM cuts there, and is no border.
fn is_closure(mesh: &Mesh, arc: u32) -> bool {
    mesh.arc(arc).iter().all(|&node| mesh.place(node).lon.abs() == 1_800_000_000)
}

fn arc(mesh: &Mesh, chain: &[Step]) -> Arc {
    let mut vertices = Vec::with_capacity(chain.iter().map(|&(arc, _)| mesh.arc(arc).len()).sum());
    for &(arc, reversed) in chain {
        let nodes = mesh.arc(arc);
        let skip = usize::from(!vertices.is_empty());
        if reversed {
            vertices.extend(nodes.iter().rev().skip(skip).filter_map(|&n| mesh.place(n).lonlat()));
        } else {
            vertices.extend(nodes.iter().skip(skip).filter_map(|&n| mesh.place(n).lonlat()));
        }
    }
    let (maritime, disputed) = mesh.flags[chain[0].0 as usize];
    Arc { vertices, maritime, disputed }
}

/// The line of a joined arc, from one of its cut arcs: the strongest level with different units on its two sides.
fn line(arc: u32, (cut, against): Step, sides: &Sides, units: &[Bounded<'_>]) -> Option<Line> {
    let on = |right: bool, level: AdminLevel| {
        let here = sides.of_arc(cut).iter().filter(move |&&s| (s & 1 == 1) == (right != against));
        here.map(|&s| s as usize >> 1).filter(move |&u| units[u].level == level)
    };
    let level = AdminLevel::ALL.into_iter().find(|&l| !on(false, l).eq(on(true, l)))?;
    let first = |right: bool| on(right, level).next().map(|u| units[u].id.clone());
    Some(Line { arc, level, left: first(false), right: first(true) })
}

#[cfg(test)]
mod tests {
    use super::super::mesh::tests::mesh;
    use super::super::nest::nest;
    use super::super::rings::assemble;
    use super::*;

    /// Two squares side by side in one department, the outer border in five ways, the inner in two of which one is
    /// drawn backwards.
    fn two() -> (Mesh, Vec<Vec<u32>>) {
        let places = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 2.0), (0.0, 2.0), (1.0, 1.0), (0.0, 1.0)];
        let mesh = mesh(&places, &[&[1, 0, 7], &[7, 5, 4], &[1, 2], &[2, 3], &[3, 4], &[1, 6], &[4, 6]]);
        (mesh, vec![vec![0, 1, 5, 6], vec![2, 3, 4, 5, 6], vec![0, 1, 2, 3, 4]])
    }

    fn built() -> Topology {
        let (mesh, arcs) = two();
        let polygons: Vec<_> = arcs.iter().map(|a| nest(&mesh, assemble(&mesh, a).unwrap())).collect();
        let names = [("A", AdminLevel::Municipality), ("B", AdminLevel::Municipality), ("D", AdminLevel::Department)];
        let units: Vec<_> = names
            .iter()
            .zip(&polygons)
            .map(|(&(code, level), polygons)| Bounded { id: UnitId::new(level, code), level, polygons })
            .collect();
        topology(&mesh, &units)
    }

    #[test]
    fn arcs_are_joined_until_the_units_change() {
        let topology = built();
        assert_eq!(topology.arcs.len(), 3, "left side, right side, the border between");
        assert_eq!(topology.shapes.iter().map(|s| s.polygons[0][0].0.len()).collect::<Vec<_>>(), [2, 2, 2]);
        let area = |i: usize| {
            let polygon = topology.multi_polygon(&topology.shapes[i]);
            assert!(polygon.0[0].exterior().is_closed());
            geo::Area::signed_area(&polygon)
        };
        assert_eq!((area(0), area(1), area(2)), (2.0, 2.0, 4.0));
    }

    #[test]
    fn lines_say_the_strongest_level_and_who_is_where() {
        let topology = built();
        let mut levels: Vec<_> = topology.lines.iter().map(|l| l.level).collect();
        levels.sort();
        assert_eq!(levels, [AdminLevel::Department, AdminLevel::Department, AdminLevel::Municipality]);
        let inner = topology.lines.iter().find(|l| l.level == AdminLevel::Municipality).unwrap();
        let vertices = &topology.arcs[inner.arc as usize].vertices;
        let northwards = vertices[0].lat() < vertices[vertices.len() - 1].lat();
        let (west, east) = if northwards { (&inner.left, &inner.right) } else { (&inner.right, &inner.left) };
        assert_eq!(west.as_ref().unwrap().as_str(), "municipality:A");
        assert_eq!(east.as_ref().unwrap().as_str(), "municipality:B");
        for outer in topology.lines.iter().filter(|l| l.level == AdminLevel::Department) {
            assert!(outer.left.is_some() != outer.right.is_some(), "nothing beyond");
        }
    }

    #[test]
    fn an_island_of_several_ways_is_one_closed_arc() {
        let mesh = mesh(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], &[&[0, 1], &[2, 1], &[2, 3, 0]]);
        let polygons = nest(&mesh, assemble(&mesh, &[0, 1, 2]).unwrap());
        let unit =
            Bounded { id: UnitId::new(AdminLevel::Country, "ST"), level: AdminLevel::Country, polygons: &polygons };
        let topology = topology(&mesh, &[unit]);
        assert_eq!(topology.arcs.len(), 1);
        assert_eq!(topology.arcs[0].vertices.first(), topology.arcs[0].vertices.last());
        assert_eq!(topology.shapes[0].polygons[0][0].0.len(), 1);
        assert_eq!(topology.ring(&topology.shapes[0].polygons[0][0]).0.len(), 5);
    }
}
