//! The official list of municipalities and what they belong to: npm `@etalab/decoupage-administratif`.
//!
//! Boundaries are of one day, the list is of another: they are never merged into one list of units. What the
//! list has and the boundaries lack becomes a unit without geometry only where the law knows no other day for it
//! (countries, regions, departments, municipalities); an intercommunality of one list alone is an issue.

mod apply;
mod compare;
mod files;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use parvis_model::{AdminLevel, CountryRules, Issue, SourceReport, UnitId};

use crate::boundaries::Membership;
use crate::config::SourceConfig;
use crate::input::InputError;
use files::{Area, Commune, Epci};

/// Why a nomenclature cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NomenclatureError {
    /// A file cannot be opened or read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A file is not there.
    #[error("{}: neither {name}.json nor {name}.json.gz is there", folder.display())]
    NoFile {
        /// The folder.
        folder: PathBuf,
        /// The file's name without ending.
        name: String,
    },
    /// A file is no JSON array.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
}

/// The list, as far as a source's `within` selects it.
#[derive(Debug, Clone, Default)]
pub struct Nomenclature {
    source: String,
    licence: String,
    valid_at: Option<String>,
    selective: bool,
    municipalities: BTreeMap<String, Commune>,
    /// Arrondissements municipaux, communes déléguées and associées.
    parts: BTreeMap<String, Commune>,
    retired: BTreeMap<String, String>,
    intercommunalities: BTreeMap<String, Epci>,
    intercommunality_of: HashMap<String, String>,
    /// Departments of which `within` leaves out municipalities.
    partial: BTreeSet<String>,
    /// By department, its region; those that `within` leaves out too.
    region_of: HashMap<String, String>,
    departments: BTreeMap<String, Area>,
    regions: BTreeMap<String, Area>,
    /// Every row accounted for.
    pub report: SourceReport,
    /// Rows that could not be read.
    pub issues: Vec<Issue>,
}

impl Nomenclature {
    /// Reads `communes`, `epci`, `departements` and `regions` (`.json`, `.json.gz`) of a folder.
    ///
    /// # Errors
    /// [`NomenclatureError`]: a file is missing, unreadable or no JSON array.
    pub fn read(folder: &Path, config: &SourceConfig) -> Result<Self, NomenclatureError> {
        let mut new = Self {
            source: config.source.id.clone(),
            licence: config.source.licence.clone(),
            valid_at: config.source.valid_at.clone(),
            selective: !config.within.is_empty(),
            ..Self::default()
        };
        let mut issues = Vec::new();
        let mut report = SourceReport {
            source: config.source.id.clone(),
            reader: config.source.reader.clone(),
            ..SourceReport::default()
        };
        let communes: Vec<Commune> = files::rows(folder, "communes", &mut report, &mut issues)?;
        let epci: Vec<Epci> = files::rows(folder, "epci", &mut report, &mut issues)?;
        let departments: Vec<Area> = files::rows(folder, "departements", &mut report, &mut issues)?;
        let regions: Vec<Area> = files::rows(folder, "regions", &mut report, &mut issues)?;
        new.take_communes(communes, config, &mut report);
        new.take_epci(epci, &mut report);
        new.take_areas(departments, regions, &mut report);
        new.report = report;
        new.issues = issues;
        Ok(new)
    }

    fn take_communes(&mut self, communes: Vec<Commune>, config: &SourceConfig, report: &mut SourceReport) {
        for commune in communes {
            if !config.selects(&commune.code) {
                self.partial.extend(commune.departement.filter(|_| commune.kind == "commune-actuelle"));
                deselect(report);
                continue;
            }
            if commune.kind == "commune-actuelle" {
                for code in &commune.anciens_codes {
                    self.retired.insert(code.clone(), commune.code.clone());
                }
                self.municipalities.insert(commune.code.clone(), commune);
            } else if let Some(whole) = commune.chef_lieu.as_ref().or(commune.whole.as_ref()) {
                self.retired.insert(commune.code.clone(), whole.clone());
                self.parts.insert(commune.code.clone(), commune);
            }
        }
        // The chief town of a new municipality often keeps its code: it is not retired.
        self.retired.retain(|code, whole| code != whole && !self.municipalities.contains_key(code));
    }

    fn take_epci(&mut self, epci: Vec<Epci>, report: &mut SourceReport) {
        for epci in epci {
            let members = epci.membres.iter().filter(|m| self.municipalities.contains_key(&m.code));
            let members: Vec<String> = members.map(|m| m.code.clone()).collect();
            if members.is_empty() && self.selective {
                deselect(report);
                continue;
            }
            for member in members {
                self.intercommunality_of.insert(member, epci.code.clone());
            }
            self.intercommunalities.insert(epci.code.clone(), epci);
        }
    }

    fn take_areas(&mut self, departments: Vec<Area>, regions: Vec<Area>, report: &mut SourceReport) {
        let used: BTreeSet<String> = self.municipalities.values().filter_map(|c| c.departement.clone()).collect();
        for department in departments {
            self.region_of.extend(department.region.clone().map(|region| (department.code.clone(), region)));
            if used.contains(&department.code) {
                self.departments.insert(department.code.clone(), department);
            } else {
                deselect(report);
            }
        }
        let used: BTreeSet<String> = self.departments.values().filter_map(|d| d.region.clone()).collect();
        for region in regions {
            if used.contains(&region.code) {
                self.regions.insert(region.code.clone(), region);
            } else {
                deselect(report);
            }
        }
    }

    /// What the units of the list consist of, from the lowest level up. Left out is what `within` selects only a
    /// part of, and municipalities whose parts do not cover them.
    pub fn memberships(&self, rules: &CountryRules) -> Vec<Membership> {
        let mut all = self.of_parts();
        let unit = UnitId::new;
        for (code, epci) in self.intercommunalities.iter().filter(|(_, e)| e.membres.iter().all(|m| self.has(m))) {
            let members = epci.membres.iter().map(|m| unit(AdminLevel::Municipality, &m.code)).collect();
            all.push(Membership {
                unit: unit(AdminLevel::Intercommunality, code),
                name: epci.nom.clone(),
                members,
                maybe_more: false,
            });
        }
        let mut of_department: BTreeMap<&str, Vec<UnitId>> = BTreeMap::new();
        for commune in self.municipalities.values() {
            let department = commune.departement.as_deref().unwrap_or_default();
            of_department.entry(department).or_default().push(unit(AdminLevel::Municipality, &commune.code));
        }
        let is_whole = |department: &&Area| !self.partial.contains(&department.code);
        let mut of_region: BTreeMap<&str, Vec<UnitId>> = BTreeMap::new();
        for department in self.departments.values().filter(is_whole) {
            let id = unit(AdminLevel::Department, &department.code);
            let members = of_department.remove(department.code.as_str()).unwrap_or_default();
            of_region.entry(department.region.as_deref().unwrap_or_default()).or_default().push(id.clone());
            all.push(Membership { unit: id, name: department.nom.clone(), members, maybe_more: false });
        }
        let dependencies: HashSet<&str> = rules.dependencies.values().map(|d| d.code.as_str()).collect();
        let mut of_country = Vec::new();
        for region in self.regions.values().filter(|r| !dependencies.contains(r.code.as_str())) {
            let id = unit(AdminLevel::Region, &region.code);
            let members = of_region.remove(region.code.as_str()).unwrap_or_default();
            of_country.push(id.clone());
            if !self.is_partial(region) {
                all.push(Membership { unit: id, name: region.nom.clone(), members, maybe_more: false });
            }
        }
        if !self.selective {
            let country = unit(AdminLevel::Country, &rules.iso);
            all.push(Membership { unit: country, name: rules.name.clone(), members: of_country, maybe_more: false });
        }
        all
    }

    fn has(&self, member: &files::Member) -> bool {
        self.municipalities.contains_key(&member.code)
    }

    /// Whether `within` leaves out some of a region's municipalities.
    fn is_partial(&self, region: &Area) -> bool {
        self.partial.iter().any(|code| self.region_of.get(code) == Some(&region.code))
    }

    /// The municipalities that their communes déléguées, or arrondissements, cover: of a merger where the seat is one
    /// of them nearly always all are, but the list does not say so.
    fn of_parts(&self) -> Vec<Membership> {
        let mut parts: BTreeMap<&str, Vec<&Commune>> = BTreeMap::new();
        for part in self.parts.values().filter(|p| p.kind != "commune-associee") {
            if let Some(whole) = part.chef_lieu.as_deref().or(part.whole.as_deref()) {
                parts.entry(whole).or_default().push(part);
            }
        }
        let mut all = Vec::new();
        for (code, parts) in parts {
            let Some(whole) = self.municipalities.get(code) else { continue };
            let of_city = parts.iter().all(|p| p.kind == "arrondissement-municipal");
            if of_city || parts.iter().any(|p| p.code == whole.code) {
                let members = parts.iter().map(|p| UnitId::new(AdminLevel::Neighbourhood, &p.code)).collect();
                let unit = UnitId::new(AdminLevel::Municipality, code);
                all.push(Membership { unit, name: whole.nom.clone(), members, maybe_more: !of_city });
            }
        }
        all
    }

    /// The municipality of today behind a code: itself, the successor of a retired one, or the whole that a
    /// part (arrondissement municipal, commune déléguée) belongs to.
    pub fn municipality_of<'a>(&'a self, code: &'a str) -> Option<&'a str> {
        if self.municipalities.contains_key(code) {
            return Some(code);
        }
        self.retired.get(code).map(String::as_str)
    }

    /// Codes that no municipality has any more, and the one each is part of now.
    pub fn retired(&self) -> &BTreeMap<String, String> {
        &self.retired
    }
}

/// A row that was accepted but that `within` does not select.
fn deselect(report: &mut SourceReport) {
    report.read -= 1;
    report.accepted -= 1;
    report.not_selected += 1;
}
