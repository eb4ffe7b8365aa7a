//! Several files to one list.

use std::collections::{HashMap, HashSet};

use parvis_model::{AdminUnit, Issue, IssueCode, SourceReport, Topology, UnitId};

use super::Ingested;

/// Adds the units and borders of another file. A unit whose id is taken gets its relation's number.
pub(super) fn units(out: &mut Ingested, units: Vec<AdminUnit>, topology: Topology) -> Vec<Issue> {
    let taken: HashSet<UnitId> = out.units.iter().map(|u| u.id.clone()).collect();
    let mut renamed: HashMap<UnitId, UnitId> = HashMap::new();
    let mut issues = Vec::new();
    for mut unit in units {
        if taken.contains(&unit.id) {
            let relation = unit.osm_id.as_ref().and_then(|id| id.trim_start_matches('r').parse().ok()).unwrap_or(0);
            let id = UnitId::of_relation(unit.level, Some(&unit.code), relation);
            let detail = format!("{} is in an earlier file too; this one is {id}", unit.id);
            let place = unit.osm_id.clone().unwrap_or_default();
            issues.push(Issue { code: IssueCode::DuplicateCode, source: unit.source.clone(), place, detail });
            renamed.insert(unit.id.clone(), id.clone());
            unit.id = id;
        }
        out.units.push(unit);
    }
    append(&mut out.topology, topology, &renamed);
    issues
}

fn append(to: &mut Topology, from: Topology, renamed: &HashMap<UnitId, UnitId>) {
    let offset = to.arcs.len() as u32;
    let name = |id: UnitId| renamed.get(&id).cloned().unwrap_or(id);
    to.arcs.extend(from.arcs);
    to.shapes.extend(from.shapes.into_iter().map(|mut shape| {
        shape.unit = name(shape.unit);
        for (arc, _) in shape.polygons.iter_mut().flatten().flat_map(|ring| &mut ring.0) {
            *arc += offset;
        }
        shape
    }));
    to.lines.extend(from.lines.into_iter().map(|mut line| {
        line.arc += offset;
        line.left = line.left.map(name);
        line.right = line.right.map(name);
        line
    }));
}

/// Adds the account of another file of the same source.
pub(super) fn report(total: &mut SourceReport, more: SourceReport) {
    total.read += more.read;
    total.accepted += more.accepted;
    total.not_selected += more.not_selected;
    for (code, count) in more.rejected {
        *total.rejected.entry(code).or_default() += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parvis_model::topology::{Arc, Line, Ring, Shape};
    use parvis_model::{AdminLevel, LonLat};

    fn one_unit(relation: i64) -> (Vec<AdminUnit>, Topology) {
        let mut unit = AdminUnit::new(AdminLevel::Municipality, "97411", "Saint-Denis");
        unit.osm_id = Some(format!("r{relation}"));
        let at = |x, y| LonLat::new(x, y).unwrap();
        let arc = Arc { vertices: vec![at(0.0, 0.0), at(1.0, 0.0), at(0.0, 0.0)], maritime: false, disputed: false };
        let polygons = vec![vec![Ring(vec![(0, false)])]];
        let shape = Shape { unit: unit.id.clone(), level: unit.level, polygons };
        let line = Line { arc: 0, level: unit.level, left: Some(unit.id.clone()), right: None };
        (vec![unit], Topology { arcs: vec![arc], shapes: vec![shape], lines: vec![line] })
    }

    #[test]
    fn a_second_file_keeps_its_arcs_and_gives_way_on_ids() {
        let mut out = Ingested::default();
        for relation in [1, 2] {
            let (list, topology) = one_unit(relation);
            let issues = units(&mut out, list, topology);
            assert_eq!(issues.len(), relation as usize - 1);
        }
        assert_eq!(out.units[1].id.as_str(), "municipality:97411:osm-r2");
        assert_eq!(out.topology.shapes[1].unit, out.units[1].id);
        assert_eq!(out.topology.shapes[1].polygons[0][0].0, [(1, false)]);
        assert_eq!((out.topology.lines[1].arc, out.topology.lines[1].left.clone()), (1, Some(out.units[1].id.clone())));
    }
}
