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

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use parvis_model::{Issue, SourceReport};

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
