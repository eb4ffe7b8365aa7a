//! What the list adds to the boundaries: units that have none, and attributes.

use std::collections::{BTreeSet, HashMap, HashSet};

use parvis_model::{AdminLevel, AdminUnit, CountryRules, Issue, IssueCode, Postcode, UnitId, UnitStatus};

use super::Nomenclature;
use super::files::Commune;

impl Nomenclature {
    /// Adds to the units of the boundaries the countries, regions, departments and municipalities that only the
    /// list has (status `missing`, ancestors from the codes), and fills names, population, SIREN and postal
    /// codes where they are absent. `rules` are those of the list's country, France.
    pub fn apply(&self, units: &mut Vec<AdminUnit>, rules: &CountryRules) -> Vec<Issue> {
        let have: HashSet<UnitId> = units.iter().map(|u| u.id.clone()).collect();
        let mut issues = Vec::new();
        let missing: Vec<AdminUnit> =
            self.all_units(rules).into_iter().filter(|unit| !have.contains(&unit.id)).collect();
        for unit in &missing {
            let detail = format!("{} has no boundary in any source", unit.name);
            issues.push(self.issue(IssueCode::MissingBoundary, unit.id.as_str(), detail));
        }
        units.extend(missing);
        for unit in units.iter_mut() {
            self.fill(unit);
        }
        let have: HashSet<&str> =
            units.iter().filter(|u| u.level == AdminLevel::Intercommunality).map(|u| u.code.as_str()).collect();
        for (code, epci) in self.intercommunalities.iter().filter(|(code, _)| !have.contains(code.as_str())) {
            let detail = format!("{} is of another day than the boundaries; it is no unit", epci.nom);
            let place = UnitId::new(AdminLevel::Intercommunality, code);
            issues.push(self.issue(IssueCode::MissingBoundary, place.as_str(), detail));
        }
        issues
    }

    pub(super) fn issue(&self, code: IssueCode, place: &str, detail: String) -> Issue {
        Issue { code, source: self.source.clone(), place: place.to_owned(), detail }
    }

    /// Every unit that the list knows of itself, without boundary.
    fn all_units(&self, rules: &CountryRules) -> Vec<AdminUnit> {
        let state = UnitId::new(AdminLevel::Country, &rules.iso);
        let dependencies: HashMap<&str, &str> =
            rules.dependencies.iter().map(|(iso, d)| (d.code.as_str(), iso.as_str())).collect();
        let mut units = vec![self.unit(AdminLevel::Country, &rules.iso, &rules.name)];
        for (iso, dependency) in &rules.dependencies {
            let named = |c: &Commune| c.departement.as_ref() == Some(&dependency.code);
            if self.municipalities.values().any(named) {
                let mut unit = self.unit(AdminLevel::Country, iso, &dependency.name);
                unit.name_en = Some(dependency.name_en.clone());
                unit.parent_id = Some(state.clone());
                units.push(unit);
            }
        }
        // The list counts the collectivities among regions and departments too.
        let of_state = |code: &str| !dependencies.contains_key(code);
        for region in self.regions.values().filter(|r| of_state(&r.code)) {
            let mut unit = self.unit(AdminLevel::Region, &region.code, &region.nom);
            unit.ancestors.set(AdminLevel::Country, Some(state.clone()));
            units.push(unit);
        }
        for department in self.departments.values().filter(|d| of_state(&d.code)) {
            let mut unit = self.unit(AdminLevel::Department, &department.code, &department.nom);
            unit.ancestors.set(AdminLevel::Country, Some(state.clone()));
            let region = department.region.as_ref().map(|r| UnitId::new(AdminLevel::Region, r));
            unit.ancestors.set(AdminLevel::Region, region);
            units.push(unit);
        }
        for commune in self.municipalities.values() {
            let mut unit = self.unit(AdminLevel::Municipality, &commune.code, &commune.nom);
            let department = commune.departement.as_deref().unwrap_or_default();
            if let Some(iso) = dependencies.get(department) {
                unit.ancestors.set(AdminLevel::Country, Some(UnitId::new(AdminLevel::Country, iso)));
            } else {
                self.place_by_code(&mut unit, commune, &state);
            }
            units.push(unit);
        }
        for unit in units.iter_mut().filter(|u| u.parent_id.is_none()) {
            unit.parent_id = unit.ancestors.parent_of(unit.level).cloned();
        }
        units
    }

    fn unit(&self, level: AdminLevel, code: &str, name: &str) -> AdminUnit {
        let mut unit = AdminUnit::new(level, code, name);
        unit.status = UnitStatus::Missing;
        unit.source.clone_from(&self.source);
        unit.licence.clone_from(&self.licence);
        unit.valid_at.clone_from(&self.valid_at);
        unit
    }

    fn place_by_code(&self, unit: &mut AdminUnit, commune: &Commune, state: &UnitId) {
        let id = |level, code: Option<&String>| code.map(|c| UnitId::new(level, c));
        let epci = self.intercommunality_of.get(&commune.code);
        unit.ancestors.set(AdminLevel::Country, Some(state.clone()));
        unit.ancestors.set(AdminLevel::Region, id(AdminLevel::Region, commune.region.as_ref()));
        unit.ancestors.set(AdminLevel::Department, id(AdminLevel::Department, commune.departement.as_ref()));
        unit.ancestors.set(AdminLevel::Intercommunality, id(AdminLevel::Intercommunality, epci));
    }

    /// Fills what a unit lacks; what the boundaries say stays.
    fn fill(&self, unit: &mut AdminUnit) {
        let (name, population, siren, postcodes) = match unit.level {
            AdminLevel::Municipality | AdminLevel::Neighbourhood => {
                let list = if unit.level == AdminLevel::Municipality { &self.municipalities } else { &self.parts };
                let Some(commune) = list.get(&unit.code) else { return };
                (&commune.nom, commune.population, commune.siren.clone(), commune.codes_postaux.as_slice())
            }
            AdminLevel::Intercommunality => {
                let Some(epci) = self.intercommunalities.get(&unit.code) else { return };
                (&epci.nom, epci.population_municipale, Some(epci.code.clone()), [].as_slice())
            }
            AdminLevel::Department | AdminLevel::Region => {
                let list = if unit.level == AdminLevel::Region { &self.regions } else { &self.departments };
                let Some(area) = list.get(&unit.code) else { return };
                (&area.nom, None, None, [].as_slice())
            }
            AdminLevel::Country => return,
        };
        if unit.name.is_empty() {
            unit.name.clone_from(name);
        }
        unit.population = unit.population.or(population);
        unit.siren = unit.siren.take().or(siren);
        let all: BTreeSet<String> = unit.postcodes.iter().chain(postcodes).cloned().collect();
        unit.postcodes = all.into_iter().collect();
    }

    /// The postal codes of the municipalities among some units, sorted.
    pub fn postcodes(&self, units: &[AdminUnit]) -> Vec<Postcode> {
        let mut out = Vec::new();
        for unit in units.iter().filter(|u| u.level == AdminLevel::Municipality) {
            let listed = self.municipalities.get(&unit.code).map_or([].as_slice(), |c| c.codes_postaux.as_slice());
            out.extend(unit.postcodes.iter().map(|postcode| Postcode {
                postcode: postcode.clone(),
                municipality_id: unit.id.clone(),
                source: if listed.contains(postcode) { self.source.clone() } else { unit.source.clone() },
            }));
        }
        out.sort();
        out.dedup();
        out
    }
}
