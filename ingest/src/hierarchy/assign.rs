//! The ancestors of units, by where their labels lie.

use std::collections::{BTreeMap, HashMap};

use geo::BoundingRect;
use geo_types::Coord;
use parvis_model::{AdminLevel, AdminUnit, Ancestors, Issue, IssueCode, LonLat, Report, UnitId};
use rayon::prelude::*;

use super::UnitIndex;

/// Fills ancestors, parents and equal territories of all units with a geometry; units without one keep what
/// they have. A unit below the countries that lies in nothing gets an issue.
pub fn assign(units: &mut [AdminUnit], report: &mut Report) {
    let index = containers(units);
    units.par_iter_mut().filter(|u| u.geometry.is_some()).for_each(|unit| {
        unit.ancestors = ancestors(&index, unit);
        unit.parent_id = enclosing_neighbourhood(&index, unit);
    });
    place_intercommunalities(units);
    units.par_iter_mut().filter(|u| u.geometry.is_some() && u.parent_id.is_none()).for_each(|unit| {
        unit.parent_id = unit.ancestors.parent_of(unit.level).cloned();
    });
    find_equal_territories(units);
    report.extend(units.iter().filter(|u| is_lost(u)).map(no_parent));
}

/// The units that others can lie in: all of the levels above the municipalities, and what holds the label of a
/// neighbourhood. Most municipalities hold none.
fn containers(units: &[AdminUnit]) -> UnitIndex {
    let inner = units.iter().filter(|u| u.level == AdminLevel::Neighbourhood).filter_map(|u| u.label);
    let mut inner: Vec<Coord<f64>> = inner.map(LonLat::coord).collect();
    inner.sort_unstable_by(|a, b| a.x.total_cmp(&b.x));
    let holds_one = |unit: &AdminUnit| {
        // A neighbourhood holds its own.
        let own = usize::from(unit.level == AdminLevel::Neighbourhood && unit.label.is_some());
        let Some(bounds) = unit.geometry.as_ref().and_then(BoundingRect::bounding_rect) else { return false };
        let (min, max) = (bounds.min(), bounds.max());
        let near = inner[inner.partition_point(|at| at.x < min.x)..].iter().take_while(|at| at.x <= max.x);
        near.filter(|at| min.y <= at.y && at.y <= max.y).nth(own).is_some()
    };
    UnitIndex::of(units, |unit| unit.level < AdminLevel::Municipality || holds_one(unit))
}

fn ancestors(index: &UnitIndex, unit: &AdminUnit) -> Ancestors {
    let mut found = Ancestors::default();
    let Some(label) = unit.label else { return found };
    for &level in &AdminLevel::ALL[..unit.level.index()] {
        found.set(level, index.smallest(level, label).map(|e| e.id.clone()));
    }
    found
}

/// The smallest neighbourhood around a neighbourhood.
fn enclosing_neighbourhood(index: &UnitIndex, unit: &AdminUnit) -> Option<UnitId> {
    if unit.level != AdminLevel::Neighbourhood {
        return None;
    }
    let area = unit.area_km2?;
    // Two of one territory do not nest: the margin is a rounding error, not a tolerance.
    let larger = index.containing(unit.level, unit.label?).filter(|e| e.id != unit.id && e.area > area * (1.0 + 1e-9));
    larger.min_by(|a, b| a.area.total_cmp(&b.area)).map(|e| e.id.clone())
}

/// An intercommunality overlays departments: it belongs where most of the area of its municipalities is.
fn place_intercommunalities(units: &mut [AdminUnit]) {
    /// Square kilometres by department and region.
    type Shares = BTreeMap<(Option<UnitId>, Option<UnitId>), f64>;
    let mut shares: HashMap<UnitId, Shares> = HashMap::new();
    for unit in units.iter().filter(|u| u.level == AdminLevel::Municipality && u.geometry.is_some()) {
        let of = |level| unit.ancestors.get(level).cloned();
        if let Some(intercommunality) = of(AdminLevel::Intercommunality) {
            let place = (of(AdminLevel::Department), of(AdminLevel::Region));
            *shares.entry(intercommunality).or_default().entry(place).or_default() += unit.area_km2.unwrap_or(0.0);
        }
    }
    for unit in units.iter_mut().filter(|u| u.level == AdminLevel::Intercommunality && u.geometry.is_some()) {
        let largest = shares.remove(&unit.id).and_then(|s| s.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)));
        if let Some(((department, region), _)) = largest {
            unit.ancestors.set(AdminLevel::Department, department);
            unit.ancestors.set(AdminLevel::Region, region);
        }
    }
}

/// Units of two rungs with the same edges name each other; with three, each names the nearest one above.
fn find_equal_territories(units: &mut [AdminUnit]) {
    let mut keys: Vec<_> = alike(units).into_par_iter().filter_map(|i| Some((territory(&units[i])?, i))).collect();
    keys.par_sort_unstable();
    for same in keys.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        let mut same: Vec<usize> = same.iter().map(|(_, i)| *i).collect();
        same.sort_by(|&a, &b| (units[a].level, &units[a].id).cmp(&(units[b].level, &units[b].id)));
        same.dedup_by_key(|i| units[*i].level);
        // An extract of one region draws the country around it: the region and its department are the pair.
        if same.len() > 2 && units[same[0]].level == AdminLevel::Country {
            same.remove(0);
        }
        for pair in same.windows(2) {
            units[pair[1]].same_territory_as = Some(units[pair[0]].id.clone());
        }
        if let [first, second, ..] = same[..] {
            units[first].same_territory_as = Some(units[second].id.clone());
        }
    }
}

/// The units on rungs that have another one of their area, or whose area is not known: few of all.
fn alike(units: &[AdminUnit]) -> Vec<usize> {
    let rungs = units.iter().enumerate().filter(|(_, unit)| unit.level.is_rung() && unit.geometry.is_some());
    let mut areas: Vec<(f64, usize)> = rungs.map(|(i, unit)| (unit.area_km2.unwrap_or(0.0), i)).collect();
    areas.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    // Sums of the same arcs in another order differ by rounding.
    let close = |a: &(f64, usize), b: &(f64, usize)| b.0 - a.0 <= 1e-9 * b.0;
    areas.chunk_by(close).filter(|same| same.len() > 1).flatten().map(|(_, i)| *i).collect()
}

/// A fingerprint of a territory: the same for the same edges in any order, direction and ring.
fn territory(unit: &AdminUnit) -> Option<(u64, u64, usize)> {
    let rings = unit.geometry.as_ref()?.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let edges = rings.flat_map(|r| r.0.windows(2));
    let sums = edges.fold((0_u64, 0_u64, 0), |(sum, squares, count), edge| {
        let key = mix(place(edge[0])).wrapping_add(mix(place(edge[1])));
        let key = mix(key);
        (sum.wrapping_add(key), squares.wrapping_add(key.wrapping_mul(key)), count + 1)
    });
    (sums.2 > 0).then_some(sums)
}

fn place(at: Coord<f64>) -> u64 {
    mix(at.x.to_bits()).wrapping_mul(3).wrapping_add(at.y.to_bits())
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
fn mix(mut v: u64) -> u64 {
    v = (v ^ (v >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    v = (v ^ (v >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    v ^ (v >> 31)
}

fn is_lost(unit: &AdminUnit) -> bool {
    unit.geometry.is_some() && unit.level != AdminLevel::Country && unit.parent_id.is_none()
}

fn no_parent(unit: &AdminUnit) -> Issue {
    Issue {
        code: IssueCode::NoParent,
        source: unit.source.clone(),
        place: unit.id.to_string(),
        detail: format!("{} lies in no unit of a level above with a boundary", unit.name),
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, Polygon, Rect};
    use parvis_model::UnitStatus;

    use super::*;

    /// A rectangle in degrees, its area taken as square kilometres.
    fn unit(level: AdminLevel, code: &str, (w, s, e, n): (f64, f64, f64, f64)) -> AdminUnit {
        let mut unit = AdminUnit::new(level, code, code);
        let rect = Rect::new(Coord { x: w, y: s }, Coord { x: e, y: n });
        unit.geometry = Some(MultiPolygon(vec![Polygon::from(rect)]));
        unit.label = LonLat::new(f64::midpoint(w, e), f64::midpoint(s, n));
        unit.area_km2 = Some((e - w) * (n - s));
        unit.status = UnitStatus::Complete;
        unit
    }

    /// A country 0..8 x 0..4; region 1 with the one department 1A (0..4), region 2 with 2A (4..6) and 2B (6..8);
    /// municipalities of 2 x 4; an intercommunality over the second to fourth; neighbourhoods in the first.
    fn territory() -> Vec<AdminUnit> {
        use AdminLevel::{Country, Department, Intercommunality, Municipality, Neighbourhood, Region};
        vec![
            unit(Country, "FR", (0.0, 0.0, 8.0, 4.0)),
            unit(Region, "1", (0.0, 0.0, 4.0, 4.0)),
            unit(Region, "2", (4.0, 0.0, 8.0, 4.0)),
            unit(Department, "1A", (0.0, 0.0, 4.0, 4.0)),
            unit(Department, "2A", (4.0, 0.0, 6.0, 4.0)),
            unit(Department, "2B", (6.0, 0.0, 8.0, 4.0)),
            unit(Intercommunality, "E", (3.0, 0.0, 8.0, 3.0)),
            unit(Municipality, "a", (0.0, 0.0, 3.0, 4.0)),
            unit(Municipality, "b", (3.0, 0.0, 4.0, 3.0)),
            unit(Municipality, "c", (4.0, 0.0, 6.0, 4.0)),
            unit(Municipality, "d", (6.0, 0.0, 8.0, 3.0)),
            unit(Neighbourhood, "q", (0.0, 0.0, 2.0, 2.0)),
            unit(Neighbourhood, "r", (0.0, 0.0, 1.0, 1.0)),
        ]
    }

    fn assigned() -> (Vec<AdminUnit>, Report) {
        let (mut units, mut report) = (territory(), Report::default());
        assign(&mut units, &mut report);
        (units, report)
    }

    fn find<'u>(units: &'u [AdminUnit], id: &str) -> &'u AdminUnit {
        units.iter().find(|u| u.id.as_str() == id).unwrap()
    }

    fn ids(ancestors: &Ancestors) -> Vec<&str> {
        ancestors.iter().map(UnitId::as_str).collect()
    }

    #[test]
    fn every_level_above_is_an_ancestor_and_the_nearest_rung_the_parent() {
        let (units, report) = assigned();
        let b = find(&units, "municipality:b");
        assert_eq!(ids(&b.ancestors), ["country:FR", "region:1", "department:1A", "intercommunality:E"]);
        assert_eq!(b.parent_id.as_ref().unwrap().as_str(), "department:1A");
        assert_eq!(find(&units, "region:2").parent_id.as_ref().unwrap().as_str(), "country:FR");
        assert_eq!(find(&units, "country:FR").parent_id, None);
        assert!(report.issues.is_empty(), "{:?}", report.issues);
    }

    #[test]
    fn neighbourhoods_nest() {
        let (units, _) = assigned();
        let (q, r) = (find(&units, "neighbourhood:q"), find(&units, "neighbourhood:r"));
        assert_eq!(q.parent_id.as_ref().unwrap().as_str(), "municipality:a");
        assert_eq!(r.parent_id.as_ref().unwrap().as_str(), "neighbourhood:q");
        assert_eq!(r.ancestors.get(AdminLevel::Neighbourhood), None, "its own level is empty");
        let index = UnitIndex::new(&units);
        let at = |x, y| index.locate(LonLat::new(x, y).unwrap());
        assert_eq!(at(0.5, 0.5).get(AdminLevel::Neighbourhood).unwrap().as_str(), "neighbourhood:r");
        assert_eq!(at(1.5, 0.5).get(AdminLevel::Neighbourhood).unwrap().as_str(), "neighbourhood:q");
    }

    #[test]
    fn an_intercommunality_belongs_where_most_of_its_area_is() {
        let (units, _) = assigned();
        let e = find(&units, "intercommunality:E");
        // Its middle is in 2A, as is 8 of the 17 of its municipalities' area.
        assert_eq!(ids(&e.ancestors), ["country:FR", "region:2", "department:2A"]);
    }

    #[test]
    fn equal_territories_name_each_other() {
        let (units, _) = assigned();
        let same = |id: &str| find(&units, id).same_territory_as.as_ref().map(UnitId::as_str);
        assert_eq!(same("region:1"), Some("department:1A"));
        assert_eq!(same("department:1A"), Some("region:1"));
        assert_eq!((same("department:2A"), same("municipality:c")), (Some("municipality:c"), Some("department:2A")));
        assert_eq!((same("region:2"), same("country:FR")), (None, None));
    }

    #[test]
    fn the_unit_that_lies_nowhere_is_reported_and_the_one_without_boundary_left_alone() {
        let mut units = territory();
        units.push(unit(AdminLevel::Municipality, "far", (50.0, 0.0, 51.0, 1.0)));
        let mut missing = AdminUnit::new(AdminLevel::Municipality, "gone", "gone");
        missing.ancestors.set(AdminLevel::Department, Some(UnitId::new(AdminLevel::Department, "2B")));
        missing.parent_id = missing.ancestors.get(AdminLevel::Department).cloned();
        units.push(missing.clone());
        let mut report = Report::default();
        assign(&mut units, &mut report);
        assert_eq!(report.counts["no-parent"], 1);
        assert_eq!(report.issues[0].place, "municipality:far");
        assert_eq!(units.last(), Some(&missing));
    }

    #[test]
    fn a_place_outside_every_municipality_still_has_its_larger_units() {
        let (units, _) = assigned();
        let index = UnitIndex::new(&units);
        let found = index.locate(LonLat::new(3.5, 3.5).unwrap());
        assert_eq!(ids(&found), ["country:FR", "region:1", "department:1A"]);
        assert_eq!(ids(&index.locate(LonLat::new(-20.0, 0.0).unwrap())), Vec::<&str>::new());
        let (id, label) = index.municipality_label("c").unwrap();
        assert_eq!((id.as_str(), label.lon()), ("municipality:c", 5.0));
        assert_eq!(index.municipality_label("zz"), None);
    }
}
