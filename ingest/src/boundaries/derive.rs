//! Units dissolved from their members over the mesh (DESIGN 6.4).
//!
//! The border of a union is the sum of its members' borders modulo two: what two members share is listed twice and
//! falls away. Where two members' lines differ by a vertex a sliver is left, a small ring with an arc of each. It is
//! mended, not cut off: the member with the coarser line takes the other's, in every unit that has it, and
//! the areas still add up.

use std::collections::HashMap;

use parvis_model::{AdminLevel, UnitId};

use super::mesh::Mesh;
use super::nest::nest;
use super::outline::{Outline, sum};
use super::rings::{Fault, Hug, Step, assemble, assemble_hugging, difference};
use super::select::Place;
use super::sliver::{MOST_SLIVER, square_metres};

/// What a unit consists of, as an official list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The unit.
    pub unit: UnitId,
    /// What it is called, for want of a relation that says so.
    pub name: String,
    /// All its members; they cover it and do not overlap.
    pub members: Vec<UnitId>,
    /// Whether the list leaves it open that there are more. The unit is then dissolved only where all land around the
    /// members has an owner.
    pub maybe_more: bool,
}

/// The outlines of units, by id.
pub(super) type Outlines = HashMap<UnitId, Box<Outline>, foldhash::fast::RandomState>;

/// A sliver that is no more.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sliver {
    /// The unit whose line was replaced.
    pub(super) unit: UnitId,
    /// The unit whose members disagreed.
    pub(super) within: UnitId,
    /// Square metres.
    pub(super) area: f64,
    pub(super) place: Place,
}

/// Why a unit could not be dissolved although its members are known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure {
    pub(super) unit: UnitId,
    pub(super) detail: String,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Derived {
    /// The units dissolved, each with how many members.
    pub(super) units: Vec<(UnitId, usize)>,
    pub(super) slivers: Vec<Sliver>,
    /// Holes that no member has and that are too large to be slivers: the unit, square metres, a place on the border.
    pub(super) holes: Vec<(UnitId, f64, Place)>,
    pub(super) failures: Vec<Failure>,
}

/// Dissolves the units that are not complete and whose members all are, in the order of `memberships`. An
/// intercommunality that only the list has is of another day than the boundaries, and none of their units.
pub(super) fn derive(mesh: &Mesh, outlines: &mut Outlines, memberships: &[Membership]) -> Derived {
    let mut derived = Derived::default();
    for membership in memberships {
        let is_complete = |id| outlines.get(id).is_some_and(|outline| outline.is_complete());
        let of_another_day =
            membership.unit.level() == AdminLevel::Intercommunality && !outlines.contains_key(&membership.unit);
        let known = !membership.members.is_empty() && membership.members.iter().all(is_complete);
        if is_complete(&membership.unit) || of_another_day || !known {
            continue;
        }
        match dissolve(mesh, outlines, membership, &mut derived) {
            Ok(outline) if disagrees(outlines.get(&membership.unit).map(Box::as_ref), &outline) => {
                let detail = "its relation has borders where the list's members have none".to_owned();
                derived.failures.push(Failure { unit: membership.unit.clone(), detail });
            }
            Ok(outline) if membership.maybe_more && !is_surrounded(outlines, &membership.unit, &outline) => {
                let detail = "land beside its known members is nobody's: there may be more members".to_owned();
                derived.failures.push(Failure { unit: membership.unit.clone(), detail });
            }
            Ok(outline) => {
                let old = outlines.remove(&membership.unit).unwrap_or_default();
                let Outline { arcs, polygons, .. } = outline;
                let members = membership.members.len();
                outlines.insert(membership.unit.clone(), Box::new(Outline { polygons, arcs, members, ..*old }));
                derived.units.push((membership.unit.clone(), membership.members.len()));
            }
            Err(fault) => {
                let detail = match fault {
                    Fault::Open(nodes) if nodes.is_empty() => format!("slivers are left after {ROUNDS} rounds"),
                    Fault::Open(nodes) => format!("its members' borders have {} ends", nodes.len()),
                    Fault::Crossing(node) => {
                        format!("its members' borders cross around node {}", mesh.ids[node as usize])
                    }
                };
                derived.failures.push(Failure { unit: membership.unit.clone(), detail });
            }
        }
    }
    derived
}

/// Whether what a relation has of a unit's border is not where its members put it: they are of another day.
fn disagrees(relation: Option<&Outline>, dissolved: &Outline) -> bool {
    let Some(relation) = relation else { return false };
    let elsewhere = relation.arcs.iter().filter(|arc| dissolved.arcs.binary_search(arc).is_err()).count();
    // A few arcs are on the other side of slivers.
    elsewhere * 10 > relation.arcs.len()
}

/// Whether every border of an outline is also one of another unit of its level or a stronger one.
fn is_surrounded(outlines: &Outlines, unit: &UnitId, outline: &Outline) -> bool {
    let others = outlines.iter().filter(|(id, _)| id.level() <= unit.level() && *id != unit);
    let mut found: Vec<u32> = others
        .flat_map(|(_, other)| other.arcs.iter().copied().filter(|arc| outline.arcs.binary_search(arc).is_ok()))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.len() == outline.arcs.len()
}

/// Mending one sliver can lay open the next, behind it.
const ROUNDS: usize = 8;

fn dissolve(
    mesh: &Mesh,
    outlines: &mut Outlines,
    membership: &Membership,
    derived: &mut Derived,
) -> Result<Outline, Fault> {
    let members = &membership.members;
    for _ in 0..ROUNDS {
        let arcs = sum(members.iter().filter_map(|id| outlines.get(id)).flat_map(|o| o.arcs.iter().copied()).collect());
        // Seen from outside a hole that parts the unit is a hole too.
        let seen = nest(mesh, assemble_hugging(mesh, &arcs, Hug::Outside)?);
        let holes: Vec<&Vec<Step>> = seen.iter().flat_map(|polygon| &polygon[1..]).collect();
        let mut mended = false;
        for ring in holes.iter().filter(|ring| square_metres(mesh, ring) < MOST_SLIVER) {
            if !is_of_others(outlines, members, ring)
                && let Some(sliver) = mend(mesh, outlines, membership, ring)
            {
                derived.slivers.push(sliver);
                mended = true;
            }
        }
        if !mended {
            let polygons = nest(mesh, assemble(mesh, &arcs)?);
            for hole in holes {
                if owners(outlines, members, hole).len() > 1 && !is_of_others(outlines, members, hole) {
                    derived.holes.push((membership.unit.clone(), square_metres(mesh, hole), place(mesh, hole)));
                }
            }
            return Ok(Outline { polygons, arcs, ..Outline::default() });
        }
    }
    Err(Fault::Open(Vec::new()))
}

/// A place on a ring.
fn place(mesh: &Mesh, ring: &[Step]) -> Place {
    mesh.place(mesh.ends(ring[0].0)[0])
}

/// The members that have arcs of a ring, each with its arcs.
fn owners<'m>(outlines: &Outlines, members: &'m [UnitId], ring: &[Step]) -> Vec<(&'m UnitId, Vec<u32>)> {
    let of = |id: &'m UnitId| {
        let outline = outlines.get(id)?;
        let own: Vec<u32> = ring.iter().map(|s| s.0).filter(|a| outline.arcs.binary_search(a).is_ok()).collect();
        (!own.is_empty()).then_some((id, own))
    };
    members.iter().filter_map(of).collect()
}

/// Whether a hole is the land of units of the members' level that are no members.
fn is_of_others(outlines: &Outlines, members: &[UnitId], hole: &[Step]) -> bool {
    let level = members[0].level();
    let mut around = outlines.iter().filter(|(id, o)| id.level() == level && o.arcs.binary_search(&hole[0].0).is_ok());
    around.any(|(id, outline)| outline.is_complete() && !members.contains(id))
}

/// Gives the owner of the longest segment of a sliver, whose line is the coarser, the line of the others, and every
/// other unit that has that line too. `None` when one member alone owns the ring, which is a hole of its own, or when
/// the new line would not close.
fn mend(mesh: &Mesh, outlines: &mut Outlines, membership: &Membership, ring: &[Step]) -> Option<Sliver> {
    let owners = owners(outlines, &membership.members, ring);
    if owners.len() < 2 {
        return None;
    }
    let longest = |arcs: &[u32]| {
        let segments = arcs.iter().flat_map(|&a| mesh.arc(a).windows(2));
        let length = |w: &[u32]| {
            let (x, y) = difference(mesh.place(w[0]), mesh.place(w[1]));
            i128::from(x) * i128::from(x) + i128::from(y) * i128::from(y)
        };
        segments.map(length).max().unwrap_or(0)
    };
    let (coarse, line) = owners.into_iter().max_by_key(|(id, arcs)| (longest(arcs), std::cmp::Reverse(*id)))?;
    let sliver = Sliver {
        unit: coarse.clone(),
        within: membership.unit.clone(),
        area: square_metres(mesh, ring),
        place: place(mesh, ring),
    };
    let coarse = coarse.clone();
    let mut mended = false;
    for (id, outline) in outlines.iter_mut() {
        if outline.is_complete() && line.iter().all(|arc| outline.arcs.binary_search(arc).is_ok()) {
            let arcs = sum(outline.arcs.iter().copied().chain(ring.iter().map(|s| s.0)).collect());
            if let Ok(rings) = assemble(mesh, &arcs) {
                outline.polygons = nest(mesh, rings);
                outline.arcs = arcs;
                outline.mended += 1;
                mended |= *id == coarse;
            }
        }
    }
    mended.then_some(sliver)
}

#[cfg(test)]
mod tests {
    use super::super::mesh::tests::mesh;
    use super::*;

    fn id(code: &str) -> UnitId {
        UnitId::new(AdminLevel::Municipality, code)
    }

    fn outline(mesh: &Mesh, ways: &[usize]) -> Box<Outline> {
        let arcs = sum(ways.iter().flat_map(|&w| mesh.arcs_of(w).iter().copied()).collect());
        let polygons = nest(mesh, assemble(mesh, &arcs).unwrap());
        Box::new(Outline { polygons, arcs, ..Outline::default() })
    }

    fn whole(members: &[&str]) -> Vec<Membership> {
        let unit = UnitId::new(AdminLevel::Department, "D");
        vec![Membership {
            unit,
            name: "All".to_owned(),
            members: members.iter().map(|c| id(c)).collect(),
            maybe_more: false,
        }]
    }

    fn of<'o>(outlines: &'o Outlines, level: AdminLevel, code: &str) -> &'o Outline {
        &outlines[&UnitId::new(level, code)]
    }

    /// Two squares of 0.01 degrees side by side; the east one's west border has a vertex more, `off` degrees away.
    fn neighbours(off: f64) -> (Mesh, Outlines) {
        let places =
            [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.02, 0.0), (0.02, 0.01), (0.01 + off, 0.005)];
        let mesh = mesh(&places, &[&[1, 0, 3, 2], &[1, 2], &[1, 4, 5, 2], &[1, 6, 2]]);
        let outlines = Outlines::from_iter([(id("W"), outline(&mesh, &[0, 1])), (id("E"), outline(&mesh, &[2, 3]))]);
        (mesh, outlines)
    }

    fn total(mesh: &Mesh, outline: &Outline) -> f64 {
        outline
            .polygons
            .iter()
            .map(|p| square_metres(mesh, &p[0]) - p[1..].iter().map(|h| square_metres(mesh, h)).sum::<f64>())
            .sum()
    }

    #[test]
    fn a_vertex_too_few_is_mended_and_areas_add_up() {
        for off in [1e-6, -1e-6] {
            let (mesh, mut outlines) = neighbours(off);
            let derived = derive(&mesh, &mut outlines, &whole(&["W", "E"]));
            assert_eq!(derived.units, [(UnitId::new(AdminLevel::Department, "D"), 2)]);
            assert_eq!(
                (derived.slivers.len(), &derived.slivers[0].unit),
                (1, &id("W")),
                "the longer segment gives way"
            );
            assert!(derived.slivers[0].area > 50.0 && derived.slivers[0].area < 70.0, "{:?}", derived.slivers);
            let (west, east) =
                (of(&outlines, AdminLevel::Municipality, "W"), of(&outlines, AdminLevel::Municipality, "E"));
            let all = of(&outlines, AdminLevel::Department, "D");
            assert_eq!((west.mended, east.mended), (1, 0));
            assert_eq!((all.polygons.len(), all.polygons[0].len()), (1, 1), "no hole");
            assert!((total(&mesh, west) + total(&mesh, east) - total(&mesh, all)).abs() < 1e-6 * total(&mesh, all));
        }
    }

    #[test]
    fn a_hole_of_more_than_a_hectare_stays_and_is_named() {
        let (mesh, mut outlines) = neighbours(2e-4);
        let derived = derive(&mesh, &mut outlines, &whole(&["W", "E"]));
        assert!(derived.slivers.is_empty());
        assert_eq!(derived.holes.len(), 1);
        assert!(derived.holes[0].1 > MOST_SLIVER, "{:?}", derived.holes);
        let all = of(&outlines, AdminLevel::Department, "D");
        assert_eq!(all.polygons.len(), 2, "the hole parts it");
        let sum: f64 = ["W", "E"].iter().map(|c| total(&mesh, of(&outlines, AdminLevel::Municipality, c))).sum();
        assert!((sum - total(&mesh, all)).abs() < 1e-6 * sum);
    }

    #[test]
    fn a_small_hole_of_one_member_is_its_own() {
        let places = [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.02, 0.0), (0.02, 0.01)];
        let hole = [(0.004, 0.004), (0.0045, 0.004), (0.0045, 0.0045)];
        let mesh = mesh(&[&places[..], &hole].concat(), &[&[1, 0, 3, 2], &[1, 2], &[1, 4, 5, 2], &[6, 7, 8, 6]]);
        let mut outlines =
            Outlines::from_iter([(id("W"), outline(&mesh, &[0, 1, 3])), (id("E"), outline(&mesh, &[1, 2]))]);
        let derived = derive(&mesh, &mut outlines, &whole(&["W", "E"]));
        assert_eq!((derived.slivers.len(), derived.holes.len()), (0, 0));
        assert_eq!(of(&outlines, AdminLevel::Department, "D").polygons[0].len(), 2);
    }

    #[test]
    fn a_small_enclave_of_another_unit_is_no_sliver() {
        let corners = [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.02, 0.0), (0.02, 0.01)];
        // On the border between the squares, 22 metres wide to either side.
        let enclave = [(0.01, 0.004), (0.0098, 0.00425), (0.01, 0.0045), (0.0102, 0.00425)];
        let ways: [&[u32]; 6] = [&[1, 0, 3, 2], &[1, 4, 5, 2], &[1, 6], &[8, 2], &[6, 7, 8], &[6, 9, 8]];
        let mesh = mesh(&[&corners[..], &enclave].concat(), &ways);
        let of_ways = [("W", vec![0, 2, 3, 4]), ("E", vec![1, 2, 3, 5]), ("N", vec![4, 5])];
        let mut outlines: Outlines = of_ways.iter().map(|(code, ways)| (id(code), outline(&mesh, ways))).collect();
        let derived = derive(&mesh, &mut outlines, &whole(&["W", "E"]));
        assert_eq!((derived.units.len(), derived.slivers.len(), derived.holes.len()), (1, 0, 0));
        assert_eq!(of(&outlines, AdminLevel::Department, "D").polygons[0].len(), 2);
    }

    #[test]
    fn with_members_that_may_not_be_all_every_border_needs_another_side() {
        let (mesh, mut outlines) = neighbours(1e-6);
        let memberships: Vec<Membership> =
            whole(&["W", "E"]).into_iter().map(|m| Membership { maybe_more: true, ..m }).collect();
        let alone = derive(&mesh, &mut outlines.clone(), &memberships);
        assert_eq!((alone.units.len(), alone.failures.len()), (0, 1));
        let country = UnitId::new(AdminLevel::Country, "XX");
        outlines.insert(country, outline(&mesh, &[0, 2]));
        assert_eq!(derive(&mesh, &mut outlines, &memberships).units.len(), 1);
    }

    #[test]
    fn a_unit_that_lacks_a_member_is_not_derived() {
        let (mesh, mut outlines) = neighbours(1e-6);
        let derived = derive(&mesh, &mut outlines, &whole(&["W", "E", "N"]));
        assert!(derived.units.is_empty() && derived.slivers.is_empty());
        assert_eq!(outlines.len(), 2);
    }
}
