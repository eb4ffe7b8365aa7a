//! The outline of one relation: its polygons, or what is missing.

use geo::{Distance, Haversine};

use super::mesh::Mesh;
use super::nest::{Polygon, nest};
use super::noding::{Kind, Meeting};
use super::relation::{Relation, Role};
use super::rings::{Fault, Step, assemble};
use super::select::Place;
use super::sliver::{MOST_SLIVER, square_metres};

/// What a relation's members make.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outline {
    /// Empty unless everything is there.
    pub(super) polygons: Vec<Polygon>,
    /// The arcs listed an odd number of times.
    pub(super) arcs: Vec<u32>,
    /// Whether the relation has any way member.
    pub(super) has_ways: bool,
    pub(super) missing_ways: Vec<i64>,
    /// Ways with the nodes that the file lacks.
    pub(super) missing_nodes: Vec<(i64, Vec<i64>)>,
    pub(super) open: Vec<Gap>,
    /// Around where inside and outside do not alternate, or its own ways cross.
    pub(super) crossing: Option<Place>,
    pub(super) duplicate_ways: Vec<i64>,
    /// Ways whose role is unknown or disagrees with the geometry.
    pub(super) bad_roles: Vec<(i64, String)>,
    /// Where its ways met others, or each other, without a common node.
    pub(super) meetings: Vec<Meeting>,
    /// How many slivers on its border were mended.
    pub(super) mended: usize,
    /// From how many members it was dissolved; 0 when its own relation made it.
    pub(super) members: usize,
}

/// Two ends of an open border: the node ids, and the metres between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gap {
    pub(super) from: i64,
    /// `None`: the last of an odd number of ends.
    pub(super) to: Option<(i64, f64)>,
}

impl Outline {
    /// Whether everything is there and encloses something.
    pub(super) fn is_complete(&self) -> bool {
        !self.polygons.is_empty()
    }

    /// Whether members or ring ends are missing.
    pub(super) fn is_incomplete(&self) -> bool {
        !(self.missing_ways.is_empty() && self.missing_nodes.is_empty() && self.open.is_empty())
    }

    /// Assembles a relation. Roles are ignored for the geometry; an arc listed an even number of times cancels.
    pub(super) fn of(mesh: &Mesh, relation: &Relation) -> Self {
        let mut outline = Self { has_ways: !relation.ways.is_empty(), ..Self::default() };
        let mut ids: Vec<i64> = relation.ways.iter().map(|w| w.0).collect();
        ids.sort_unstable();
        for same in ids.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
            outline.duplicate_ways.push(same[0]);
        }
        let (mut arcs, ways): (_, Vec<Option<usize>>) =
            (Vec::new(), relation.ways.iter().map(|w| mesh.way(w.0)).collect());
        for ((id, role), way) in relation.ways.iter().zip(&ways) {
            let Some(way) = *way else {
                outline.missing_ways.push(*id);
                continue;
            };
            arcs.extend_from_slice(mesh.arcs_of(way));
            if !mesh.missing_nodes(way).is_empty() {
                outline.missing_nodes.push((*id, mesh.missing_nodes(way).to_vec()));
            }
            if let Role::Unknown(role) = role {
                outline.bad_roles.push((*id, role.to_string()));
            }
        }
        outline.arcs = sum(arcs);
        outline.meetings = mesh.meetings_of(ways.iter().flatten().copied());
        outline.close(mesh, relation);
        outline.compare_roles(mesh, relation, &ways);
        outline
    }

    fn close(&mut self, mesh: &Mesh, relation: &Relation) {
        match assemble(mesh, &self.arcs) {
            Ok(rings) if !self.is_incomplete() => {
                self.crossing = self.overlap(mesh, relation, &rings);
                if self.crossing.is_none() {
                    self.polygons = nest(mesh, rings);
                }
            }
            Ok(_) => {}
            Err(Fault::Open(nodes)) => self.open = gaps(mesh, &nodes),
            Err(Fault::Crossing(node)) => self.crossing = Some(mesh.place(node)),
        }
    }

    /// Where its own ways cross so that parts of it overlap, by more than a sliver: which part is meant nobody can tell.
    fn overlap(&self, mesh: &Mesh, relation: &Relation, rings: &[Vec<Step>]) -> Option<Place> {
        let own = |id: &i64| relation.ways.iter().any(|(way, _)| way == id);
        let crossings = self.meetings.iter().filter(|m| m.kind == Kind::Crossing && m.ways.iter().all(own));
        let crossings: Vec<Place> = crossings.map(|m| m.place).collect();
        if crossings.is_empty() {
            return None;
        }
        let large: Vec<&Vec<Step>> = rings.iter().filter(|ring| square_metres(mesh, ring) >= MOST_SLIVER).collect();
        let passes =
            |ring: &[Step], at: Place| ring.iter().any(|s| mesh.ends(s.0).iter().any(|n| mesh.place(*n) == at));
        crossings.into_iter().find(|at| large.iter().filter(|ring| passes(ring, *at)).count() > 1)
    }

    fn compare_roles(&mut self, mesh: &Mesh, relation: &Relation, ways: &[Option<usize>]) {
        if !self.is_complete() {
            return;
        }
        let holes = self.polygons.iter().flat_map(|p| &p[1..]).flatten();
        let mut holes: Vec<u32> = holes.map(|step| step.0).collect();
        holes.sort_unstable();
        for ((id, role), way) in relation.ways.iter().zip(ways) {
            let claims_hole = match role {
                Role::Outer => false,
                Role::Inner => true,
                Role::None | Role::Unknown(_) => continue,
            };
            if holes.is_empty() && !claims_hole {
                continue;
            }
            let arcs = way.map_or(&[][..], |way| mesh.arcs_of(way));
            let mut bounding = arcs.iter().filter(|a| self.arcs.binary_search(a).is_ok());
            if bounding.any(|a| holes.binary_search(a).is_ok() != claims_hole) {
                self.bad_roles.push((*id, if claims_hole { "inner" } else { "outer" }.to_owned()));
            }
        }
    }
}

/// The arcs listed an odd number of times, sorted: borders added modulo two.
pub(super) fn sum(mut arcs: Vec<u32>) -> Vec<u32> {
    arcs.sort_unstable();
    arcs.chunk_by(|a, b| a == b).filter(|same| same.len() % 2 == 1).map(|same| same[0]).collect()
}

/// Over so many open ends they are listed without being matched: the search is quadratic.
const MATCHED_ENDS: usize = 400;

/// Pairs each open end with the nearest one left.
fn gaps(mesh: &Mesh, nodes: &[u32]) -> Vec<Gap> {
    let id = |node: u32| mesh.ids[node as usize];
    if nodes.len() > MATCHED_ENDS {
        return nodes.iter().map(|&n| Gap { from: id(n), to: None }).collect();
    }
    let mut left = nodes.to_vec();
    let mut gaps = Vec::new();
    while let Some(node) = left.pop() {
        let away = |other: u32| metres(mesh.place(node), mesh.place(other));
        let nearest = (0..left.len()).min_by(|&a, &b| away(left[a]).total_cmp(&away(left[b])));
        let to = nearest.map(|i| left.swap_remove(i));
        gaps.push(Gap { from: id(node), to: to.map(|to| (id(to), away(to))) });
    }
    gaps
}

/// The distance between two places, in metres.
pub(super) fn metres(a: Place, b: Place) -> f64 {
    Haversine.distance(a.point(), b.point())
}

#[cfg(test)]
mod tests {
    use super::super::mesh::tests::mesh;
    use super::*;

    fn relation(ways: &[(i64, &str)]) -> Relation {
        let role = |r: &str| match r {
            "inner" => Role::Inner,
            "outer" => Role::Outer,
            other => Role::Unknown(other.into()),
        };
        let ways = ways.iter().map(|&(id, r)| (id, role(r))).collect();
        Relation::sample(1, &[], ways)
    }

    const PLACES: [(f64, f64); 8] =
        [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)];

    #[test]
    fn wrong_roles_are_reported_and_the_geometry_wins() {
        let mesh = mesh(&PLACES, &[&[0, 1, 2, 3, 0], &[4, 5, 6, 7, 4]]);
        let right = Outline::of(&mesh, &relation(&[(1, "outer"), (2, "inner")]));
        assert_eq!((right.polygons.len(), right.polygons[0].len()), (1, 2));
        assert!(right.bad_roles.is_empty());
        let wrong = Outline::of(&mesh, &relation(&[(1, "inner"), (2, "border")]));
        assert_eq!(wrong.polygons, right.polygons);
        assert_eq!(wrong.bad_roles, [(2, "border".to_owned()), (1, "inner".to_owned())]);
    }

    #[test]
    fn a_missing_way_and_a_gap_are_named_and_nothing_is_closed() {
        let mesh = mesh(&PLACES, &[&[0, 1, 2], &[2, 3]]);
        let outline = Outline::of(&mesh, &relation(&[(1, "outer"), (2, "outer"), (9, "outer")]));
        assert!(outline.is_incomplete() && !outline.is_complete());
        assert_eq!(outline.missing_ways, [9]);
        let [Gap { from: 103, to: Some((100, metres)) }] = outline.open[..] else { panic!("{:?}", outline.open) };
        assert!((metres - 444_780.0).abs() < 50.0, "{metres}");
    }

    #[test]
    fn a_way_listed_twice_cancels_and_is_reported() {
        let mesh = mesh(&PLACES, &[&[0, 1, 2, 3, 0], &[4, 5, 6, 7, 4]]);
        let outline = Outline::of(&mesh, &relation(&[(1, "outer"), (2, "outer"), (2, "outer")]));
        assert_eq!(outline.duplicate_ways, [2]);
        assert_eq!(outline.polygons.len(), 1);
        assert_eq!(outline.polygons[0].len(), 1);
        let nothing = Outline::of(&mesh, &relation(&[(2, "outer"), (2, "outer")]));
        assert!(!nothing.is_complete() && !nothing.is_incomplete() && nothing.has_ways);
    }
}
