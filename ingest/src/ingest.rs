//! The whole of an ingest, reader by reader.

mod merge;
mod points;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use parvis_model::{
    Actor, AdminLevel, AdminUnit, CountryRules, Event, Issue, IssueCode, Link, Overlap, Postcode, Progress, Relation,
    Report, Source, SourceReport, Topology, UnitId, UnitIssue,
};

use crate::boundaries::{self, Membership};
use crate::communecter::CommunecterError;
use crate::config::{ReaderOptions, SourceConfig, Territory};
use crate::hierarchy::{self, UnitIndex};
use crate::ical::IcalError;
use crate::links::{self, Known, LinksError};
use crate::locate::Locator;
use crate::nomenclature::{Nomenclature, NomenclatureError};
use crate::osm_pbf::ReadError;
use crate::table::TableError;
use points::Points;

/// Everything that an edition holds.
#[derive(Debug, Clone, Default)]
pub struct Ingested {
    /// The units of all levels, with ancestors; those without boundary too.
    pub units: Vec<AdminUnit>,
    /// The borders of the units with boundaries, each once.
    pub topology: Topology,
    /// The actors, in the order of the sources.
    pub actors: Vec<Actor>,
    /// The occurrences of events, in the order of the sources.
    pub events: Vec<Event>,
    /// What ties them; both ends exist.
    pub links: Vec<Link>,
    /// Postal codes of municipalities, sorted.
    pub postcodes: Vec<Postcode>,
    /// Municipalities that are no more, and the unit that each is part of now.
    pub retired: BTreeMap<UnitId, UnitId>,
    /// Units that lie partly in others, sorted.
    pub overlaps: Vec<Overlap>,
    /// What was wrong, or mended, with units, sorted.
    pub unit_issues: Vec<UnitIssue>,
    /// The sources, as the configuration has them.
    pub sources: Vec<Source>,
    /// Every row accounted for, every issue counted.
    pub report: Report,
}

/// Why an ingest gives nothing: a source as a whole cannot be used. Each names the file and the place in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// A PBF.
    #[error(transparent)]
    OsmPbf(#[from] ReadError),
    /// The nomenclature.
    #[error(transparent)]
    Nomenclature(#[from] NomenclatureError),
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A calendar.
    #[error(transparent)]
    Ical(#[from] IcalError),
    /// Elements of the Communecter platform.
    #[error(transparent)]
    Communecter(#[from] CommunecterError),
    /// Links.
    #[error(transparent)]
    Links(#[from] LinksError),
}

/// Reads all sources of a territory. Paths are relative to `base`, the folder of the configuration.
///
/// Sources of one reader are read in the order of the configuration; readers in this order: `nomenclature`,
/// `osm-pbf` for boundaries, `table`, `osm-pbf` for actors, `ical`, `communecter`, `links`.
///
/// # Errors
/// [`IngestError`]: the first source that cannot be used as a whole. Bad records are in the report.
pub fn ingest(territory: &Territory, base: &Path, progress: &dyn Progress) -> Result<Ingested, IngestError> {
    let rules: Vec<CountryRules> = territory.countries.iter().map(|iso| CountryRules::builtin(iso)).collect();
    let mut work = Work { territory, base, rules, reports: Vec::new(), out: Ingested::default() };
    work.out.sources = territory.sources.iter().map(|s| s.source.clone()).collect();
    let nomenclature = work.nomenclature()?;
    work.boundaries(&nomenclature, progress)?;
    work.apply(&nomenclature);
    progress.begin("hierarchy", None);
    hierarchy::assign(&mut work.out.units, &mut work.out.report);
    progress.finish();
    work.check(&nomenclature);
    let index = UnitIndex::new(&work.out.units);
    work.points(&index, nomenclature.first(), progress)?;
    Ok(work.finish())
}

struct Work<'t> {
    territory: &'t Territory,
    base: &'t Path,
    rules: Vec<CountryRules>,
    reports: Vec<SourceReport>,
    out: Ingested,
}

impl<'t> Work<'t> {
    fn sources(&self) -> &'t [SourceConfig] {
        &self.territory.sources
    }

    fn boundaries(&mut self, lists: &[Nomenclature], progress: &dyn Progress) -> Result<(), IngestError> {
        let rules = listed(&self.rules);
        let memberships: Vec<Membership> =
            rules.into_iter().flat_map(|rules| lists.iter().flat_map(|l| l.memberships(rules))).collect();
        let complete_from = self.territory.complete_from.as_deref();
        let known = self.rules.clone();
        let options = boundaries::Options { rules: &known, memberships: &memberships, complete_from };
        for config in
            self.sources().iter().filter(|s| matches!(s.options, ReaderOptions::OsmPbf { boundaries: true, .. }))
        {
            for path in &config.paths {
                let read = boundaries::read(&self.base.join(path), &config.source, options, progress)?;
                self.account(read.report);
                let issues = merge::units(&mut self.out, read.units, read.topology);
                self.note(read.issues);
                self.note(issues);
            }
        }
        Ok(())
    }

    /// Reads the lists: before the boundaries, which they help to complete.
    fn nomenclature(&mut self) -> Result<Vec<Nomenclature>, IngestError> {
        let mut lists = Vec::new();
        for config in self.sources().iter().filter(|s| s.options == ReaderOptions::Nomenclature) {
            for path in &config.paths {
                let mut list = Nomenclature::read(&self.base.join(path), config)?;
                self.account(list.report.clone());
                self.out.report.extend(std::mem::take(&mut list.issues));
                lists.push(list);
            }
        }
        Ok(lists)
    }

    /// Adds to the boundaries what the lists have besides.
    fn apply(&mut self, lists: &[Nomenclature]) {
        let Some(rules) = listed(&self.rules).cloned() else { return };
        for list in lists {
            let issues = list.apply(&mut self.out.units, &rules);
            self.note(issues);
        }
    }

    /// Checks the hierarchy against the lists, and takes postal codes and retired codes from them.
    fn check(&mut self, lists: &[Nomenclature]) {
        for list in lists {
            if let Some(rules) = listed(&self.rules).cloned() {
                let issues = list.compare(&mut self.out.units, &rules);
                self.note(issues);
            }
            let have: HashSet<&UnitId> = self.out.units.iter().map(|u| &u.id).collect();
            let id = |code| UnitId::new(AdminLevel::Municipality, code);
            let retired = list.retired().iter().map(|(code, now)| (id(code), id(now)));
            self.out.retired.extend(retired.filter(|(_, now)| have.contains(now)));
        }
        let postcodes: BTreeSet<Postcode> = match lists.first() {
            Some(list) => list.postcodes(&self.out.units).into_iter().collect(),
            None => Nomenclature::default().postcodes(&self.out.units).into_iter().collect(),
        };
        self.out.postcodes = postcodes.into_iter().collect();
        let issues = self.unexpected_counts();
        self.out.report.extend(issues);
    }

    /// Compares how many units a whole country has with what its rules expect. A territory that selects by
    /// `within` is a part of its country.
    fn unexpected_counts(&self) -> Vec<Issue> {
        let mut issues = Vec::new();
        if self.sources().iter().any(|s| !s.within.is_empty()) {
            return issues;
        }
        for rules in &self.rules {
            let state = UnitId::new(AdminLevel::Country, &rules.iso);
            let unit = self.out.units.iter().find(|u| u.id == state);
            let Some(unit) = unit.filter(|u| u.status.has_boundary()) else { continue };
            for (collection, &expected) in &rules.expected {
                let of_country = |u: &&AdminUnit| {
                    u.level.collection().name() == collection
                        && (u.id == state
                            || u.parent_id.as_ref() == Some(&state)
                            || u.ancestors.get(AdminLevel::Country) == Some(&state))
                };
                let count = self.out.units.iter().filter(of_country).count() as u64;
                if count != expected {
                    let detail = format!("{count} {collection}, {expected} expected");
                    let (source, place) = (unit.source.clone(), state.to_string());
                    issues.push(Issue { code: IssueCode::UnexpectedCount, source, place, detail });
                }
            }
        }
        issues
    }

    fn points(
        &mut self,
        index: &UnitIndex,
        nomenclature: Option<&Nomenclature>,
        progress: &dyn Progress,
    ) -> Result<(), IngestError> {
        let (units, postcodes) = (std::mem::take(&mut self.out.units), std::mem::take(&mut self.out.postcodes));
        let locator = Locator::new(index, &units, &postcodes, nomenclature, &self.rules);
        let mut points = Points::new(self.territory, self.base, &locator);
        for config in self.sources() {
            points.table(config, progress)?;
        }
        for config in self.sources() {
            points.osm(config, progress)?;
        }
        for config in self.sources() {
            points.ical(config, progress)?;
        }
        for config in self.sources() {
            points.communecter(config, progress)?;
        }
        points.tie();
        let Points { actors, events, links, mut reports, issues, not_selected, .. } = points;
        self.out.actors = actors;
        self.out.events = events;
        self.out.links = links;
        let more = cedex(&self.out.actors, &postcodes);
        self.out.units = units;
        self.out.postcodes = postcodes.into_iter().chain(more).collect();
        self.out.postcodes.sort();
        for report in reports.drain(..) {
            self.account(report);
        }
        self.out.report.extend(issues);
        self.links(&not_selected)
    }

    fn links(&mut self, not_selected: &HashSet<String>) -> Result<(), IngestError> {
        let issues = organize(&mut self.out, not_selected);
        self.out.report.extend(issues);
        for config in self.sources().iter().filter(|s| s.options == ReaderOptions::Links) {
            for path in &config.paths {
                let known =
                    Known { ids: ids(&self.out), not_selected: not_selected.iter().map(String::as_str).collect() };
                let read = links::read(&self.base.join(path), config, &known)?;
                self.account(read.report);
                self.out.report.extend(read.issues);
                self.out.links.extend(read.links);
            }
        }
        self.out.links.sort();
        self.out.links.dedup();
        Ok(())
    }

    /// Adds issues with units to the report, and keeps each with its unit.
    fn note(&mut self, issues: Vec<Issue>) {
        let relation = |u: &AdminUnit| Some(((u.source.clone(), u.osm_id.clone()?), u.id.clone()));
        let relations: HashMap<(String, String), UnitId> = self.out.units.iter().filter_map(relation).collect();
        for issue in issues {
            let of_relation = relations.get(&(issue.source.clone(), issue.place.clone())).cloned();
            if let Some(unit) = of_relation.or_else(|| UnitId::parse(&issue.place)) {
                let (code, detail, source) = (issue.code.name().to_owned(), issue.detail.clone(), issue.source.clone());
                self.out.unit_issues.push(UnitIssue { unit, code, detail, source });
            }
            self.out.report.add(issue);
        }
    }

    /// Adds what was read of one file to the account of its source; boundaries and actors of one file have each theirs.
    fn account(&mut self, report: SourceReport) {
        let same = |r: &&mut SourceReport| r.source == report.source && r.reader == report.reader;
        match self.reports.iter_mut().find(same) {
            Some(total) => merge::report(total, report),
            None => self.reports.push(report),
        }
    }

    fn finish(mut self) -> Ingested {
        self.out.unit_issues.sort();
        self.out.overlaps = hierarchy::overlaps(&self.out.units);
        let order = |r: &SourceReport| self.territory.sources.iter().position(|s| s.source.id == r.source);
        self.reports.sort_by_key(order);
        self.out.report.sources = self.reports;
        for unit in &self.out.units {
            let by_status = self.out.report.units.entry(unit.level.collection().name().to_owned()).or_default();
            *by_status.entry(unit.status.name().to_owned()).or_default() += 1;
        }
        self.out
    }
}

/// The rules of the country that the nomenclature lists.
fn listed(rules: &[CountryRules]) -> Option<&CountryRules> {
    rules.iter().find(|r| r.iso == "FR").or(rules.first())
}

fn ids(out: &Ingested) -> HashSet<&str> {
    let units = out.units.iter().map(|u| u.id.as_str());
    let actors = out.actors.iter().map(|a| a.id.as_str());
    let events = out.events.iter().map(|e| e.id.as_str());
    units.chain(actors).chain(events).collect()
}

/// Ties events to their organisers; an organiser that is not there is taken off.
fn organize(out: &mut Ingested, not_selected: &HashSet<String>) -> Vec<Issue> {
    let actors: HashSet<&str> = out.actors.iter().map(|a| a.id.as_str()).collect();
    let mut issues = Vec::new();
    for event in &mut out.events {
        let Some(organizer) = event.organizer_id.take() else { continue };
        if actors.contains(organizer.as_str()) {
            out.links.push(Link {
                from_id: organizer.to_string(),
                to_id: event.id.to_string(),
                relation: Relation::Organizes,
                source: event.source.clone(),
            });
            event.organizer_id = Some(organizer);
        } else if !not_selected.contains(organizer.as_str()) {
            let detail = format!("the organiser {organizer} is not in the edition");
            let (source, place) = (event.source.clone(), event.id.to_string());
            issues.push(Issue { code: IssueCode::DanglingLink, source, place, detail });
        }
    }
    issues
}

/// Postal codes that only the addresses of public bodies tell (CEDEX): each of the municipality it is used in.
fn cedex(actors: &[Actor], known: &[Postcode]) -> BTreeSet<Postcode> {
    let known: HashSet<&str> = known.iter().map(|p| p.postcode.as_str()).collect();
    let mut out = BTreeSet::new();
    for actor in actors.iter().filter(|a| !a.example && a.kind == parvis_model::ActorKind::PublicBody) {
        let (Some(postcode), Some(municipality)) = (&actor.postcode, actor.ancestors.get(AdminLevel::Municipality))
        else {
            continue;
        };
        let of_france = actor.ancestors.get(AdminLevel::Country).is_some_and(|c| c.code() == "FR");
        let department = municipality.code().get(..2).unwrap_or_default();
        let department = if matches!(department, "2A" | "2B") { "20" } else { department };
        let is_code = postcode.len() == 5 && postcode.bytes().all(|b| b.is_ascii_digit());
        if of_france && is_code && postcode.starts_with(department) && !known.contains(postcode.as_str()) {
            out.insert(Postcode {
                postcode: postcode.clone(),
                municipality_id: municipality.clone(),
                source: actor.source.clone(),
            });
        }
    }
    out
}

#[cfg(test)]
#[path = "ingest/tests.rs"]
mod tests;
