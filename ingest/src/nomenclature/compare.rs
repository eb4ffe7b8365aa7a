//! The list as a check on the boundaries, once the hierarchy is known.

use std::collections::HashSet;

use parvis_model::{AdminLevel, AdminUnit, CountryRules, Issue, IssueCode, UnitId};

use super::Nomenclature;

impl Nomenclature {
    /// Compares where the boundaries place a unit with where the list does, and names what the list lacks. The
    /// boundaries win; where they place a unit nowhere, the list's codes do, as long as the unit above exists.
    pub fn compare(&self, units: &mut [AdminUnit], rules: &CountryRules) -> Vec<Issue> {
        let have: HashSet<UnitId> = units.iter().map(|u| u.id.clone()).collect();
        let mut issues = Vec::new();
        for unit in units.iter_mut() {
            if may_be_of(unit, rules) {
                self.check_known(unit, &mut issues);
                self.check_ancestors(unit, &mut issues);
            }
            self.place_unplaced(unit, &have, rules);
        }
        issues
    }

    fn check_known(&self, unit: &AdminUnit, issues: &mut Vec<Issue>) {
        let known = match unit.level {
            AdminLevel::Municipality => self.municipalities.contains_key(&unit.code),
            AdminLevel::Intercommunality => self.intercommunalities.contains_key(&unit.code),
            AdminLevel::Department => self.departments.contains_key(&unit.code),
            AdminLevel::Region => self.regions.contains_key(&unit.code),
            AdminLevel::Country | AdminLevel::Neighbourhood => true,
        };
        // Part of the list was not asked for: what it lacks says nothing.
        if known || self.selective && unit.level == AdminLevel::Intercommunality {
            return;
        }
        let detail = match self.retired.get(&unit.code) {
            Some(now) if unit.level == AdminLevel::Municipality => format!("{} is part of {now} now", unit.name),
            _ => format!("{} is of another day than the list, or its code is wrong", unit.name),
        };
        issues.push(self.issue(IssueCode::NotInNomenclature, unit.id.as_str(), detail));
    }

    fn check_ancestors(&self, unit: &AdminUnit, issues: &mut Vec<Issue>) {
        for (level, listed) in self.listed_ancestors(unit) {
            let Some(placed) = unit.ancestors.get(level) else { continue };
            let disagrees = listed.as_ref().is_some_and(|l| l != placed.code());
            let unlisted = listed.is_none() && level == AdminLevel::Intercommunality;
            if disagrees || unlisted && self.municipalities.contains_key(&unit.code) {
                let listed = listed.map_or("none".to_owned(), |l| UnitId::new(level, &l).to_string());
                let detail = format!("{} lies in {placed}; the list says {listed}", unit.name);
                issues.push(self.issue(IssueCode::CodeDisagrees, unit.id.as_str(), detail));
            }
        }
    }

    /// Where the list places a unit.
    fn listed_ancestors(&self, unit: &AdminUnit) -> Vec<(AdminLevel, Option<String>)> {
        match unit.level {
            AdminLevel::Municipality => {
                let Some(commune) = self.municipalities.get(&unit.code) else { return Vec::new() };
                vec![
                    (AdminLevel::Region, commune.region.clone()),
                    (AdminLevel::Department, commune.departement.clone()),
                    (AdminLevel::Intercommunality, self.intercommunality_of.get(&unit.code).cloned()),
                ]
            }
            AdminLevel::Department => {
                let region = self.departments.get(&unit.code).and_then(|d| d.region.clone());
                vec![(AdminLevel::Region, region)]
            }
            AdminLevel::Neighbourhood => {
                let Some(part) = self.parts.get(&unit.code) else { return Vec::new() };
                let whole = part.chef_lieu.as_ref().or(part.whole.as_ref()).cloned();
                vec![(AdminLevel::Municipality, whole)]
            }
            AdminLevel::Country | AdminLevel::Region | AdminLevel::Intercommunality => Vec::new(),
        }
    }

    /// Gives a unit that lies in no country, region or department the one of its code.
    fn place_unplaced(&self, unit: &mut AdminUnit, have: &HashSet<UnitId>, rules: &CountryRules) {
        let known = match unit.level {
            AdminLevel::Country => false,
            AdminLevel::Region => self.regions.contains_key(&unit.code),
            AdminLevel::Department => self.departments.contains_key(&unit.code),
            AdminLevel::Intercommunality => self.intercommunalities.contains_key(&unit.code),
            AdminLevel::Municipality => self
                .municipalities
                .get(&unit.code)
                .is_some_and(|c| c.departement.as_ref().is_some_and(|d| self.departments.contains_key(d))),
            AdminLevel::Neighbourhood => self.parts.contains_key(&unit.code),
        };
        if !known {
            return;
        }
        let state = (AdminLevel::Country, Some(rules.iso.clone()));
        for (level, code) in std::iter::once(state).chain(self.listed_ancestors(unit)) {
            if unit.ancestors.get(level).is_none()
                && let Some(id) = code.map(|c| UnitId::new(level, &c))
                // An intercommunality is of another day: none is none.
                && (level != AdminLevel::Intercommunality || !unit.status.has_boundary())
                && have.contains(&id)
            {
                unit.ancestors.set(level, Some(id));
            }
        }
        if unit.parent_id.is_none() {
            unit.parent_id = unit.ancestors.parent_of(unit.level).cloned();
        }
    }
}

/// Whether a unit with a boundary lies in the list's country, or in none.
fn may_be_of(unit: &AdminUnit, rules: &CountryRules) -> bool {
    let country = unit.ancestors.get(AdminLevel::Country).map(UnitId::code);
    unit.status.has_boundary() && country.is_none_or(|c| c == rules.iso)
}
