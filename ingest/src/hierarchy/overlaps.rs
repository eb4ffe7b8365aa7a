//! Units that overlap without one containing the other: intercommunalities across departments and regions.

use std::collections::BTreeMap;

use parvis_model::{AdminLevel, AdminUnit, Overlap, UnitId};

/// The levels that an intercommunality may straddle.
const STRADDLED: [AdminLevel; 2] = [AdminLevel::Region, AdminLevel::Department];

/// Shares of area, from the municipalities that both have: those partition all of these levels, so nothing needs to be
/// cut. Sorted; left out is what lies wholly in one unit.
pub fn overlaps(units: &[AdminUnit]) -> Vec<Overlap> {
    let mut shared: BTreeMap<(&UnitId, &UnitId), f64> = BTreeMap::new();
    let mut whole: BTreeMap<&UnitId, f64> = BTreeMap::new();
    for unit in units.iter().filter(|u| u.level == AdminLevel::Municipality) {
        let (Some(own), Some(area)) = (unit.ancestors.get(AdminLevel::Intercommunality), unit.area_km2) else {
            continue;
        };
        *whole.entry(own).or_default() += area;
        for other in STRADDLED.iter().filter_map(|level| unit.ancestors.get(*level)) {
            *shared.entry((own, other)).or_default() += area;
        }
    }
    let overlap = |((unit, other), area): ((&UnitId, &UnitId), f64)| {
        let share = area / whole[unit];
        // Sums of the same areas in another order differ by rounding.
        (share < 1.0 - 1e-9).then(|| Overlap { unit: unit.clone(), other: other.clone(), share })
    };
    shared.into_iter().filter_map(overlap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn municipality(code: &str, epci: &str, department: &str, area: f64) -> AdminUnit {
        let mut unit = AdminUnit::new(AdminLevel::Municipality, code, code);
        unit.area_km2 = Some(area);
        for (level, code) in [(AdminLevel::Intercommunality, epci), (AdminLevel::Department, department)] {
            unit.ancestors.set(level, Some(UnitId::new(level, code)));
        }
        unit.ancestors.set(AdminLevel::Region, Some(UnitId::new(AdminLevel::Region, "R")));
        unit
    }

    #[test]
    fn what_straddles_a_border_has_a_share_on_each_side() {
        let units = [
            municipality("1", "across", "A", 30.0),
            municipality("2", "across", "B", 10.0),
            municipality("3", "inside", "A", 5.0),
        ];
        let found = overlaps(&units);
        let shares: Vec<(&str, f64)> = found.iter().map(|o| (o.other.as_str(), o.share)).collect();
        assert_eq!(shares, [("department:A", 0.75), ("department:B", 0.25)]);
        assert!(found.iter().all(|o| o.unit.code() == "across"), "one region holds it whole");
    }
}
