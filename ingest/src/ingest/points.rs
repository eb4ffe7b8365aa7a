//! Actors and events: read, placed, selected.

mod communecter;

use std::collections::HashSet;
use std::path::Path;

use parvis_model::{Actor, Event, Issue, IssueCode, Link, Progress, SourceReport};
use rayon::prelude::*;

use super::IngestError;
use crate::Numbered;
use crate::communecter::Network;
use crate::config::{ReaderOptions, SourceConfig, Territory};
use crate::ical::{self, Reading, Window};
use crate::locate::{Locator, Placed, split_address};
use crate::osm_actors;
use crate::table;

/// Gathers the actors and events of all sources.
pub(super) struct Points<'a> {
    territory: &'a Territory,
    base: &'a Path,
    locator: &'a Locator<'a>,
    seen: HashSet<String>,
    pub(super) actors: Vec<Actor>,
    pub(super) events: Vec<Event>,
    pub(super) links: Vec<Link>,
    network: Network,
    pub(super) reports: Vec<SourceReport>,
    pub(super) issues: Vec<Issue>,
    /// Ids of records that `within` does not select.
    pub(super) not_selected: HashSet<String>,
}

impl<'a> Points<'a> {
    pub(super) fn new(territory: &'a Territory, base: &'a Path, locator: &'a Locator<'a>) -> Self {
        Self {
            territory,
            base,
            locator,
            seen: HashSet::new(),
            actors: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            network: Network::default(),
            reports: Vec::new(),
            issues: Vec::new(),
            not_selected: HashSet::new(),
        }
    }

    /// Reads a table, if the source is one.
    pub(super) fn table(&mut self, config: &SourceConfig, progress: &dyn Progress) -> Result<(), IngestError> {
        let ReaderOptions::Table(options) = &config.options else { return Ok(()) };
        let country = self.territory.countries.first().map_or("", String::as_str);
        for path in &config.paths {
            let read = table::read(&self.base.join(path), config, options, country, progress)?;
            self.issues.extend(read.issues);
            self.not_selected.extend(read.not_selected);
            let mut report = read.report;
            let placed: Vec<Placed> = read
                .actors
                .par_iter()
                .map(|a| self.locator.place(a.record.location, a.record.municipality_code.as_deref()))
                .collect();
            for (actor, placed) in read.actors.into_iter().zip(placed) {
                // A row with a code was selected by it.
                let selected = actor.record.municipality_code.is_some() || selects(config, &placed);
                self.actor(config, actor, placed, selected, &mut report);
            }
            self.reports.push(report);
        }
        Ok(())
    }

    /// Reads the actors of OSM data, if the source gives some. An extract is larger than its territory: what lies in
    /// no unit is not selected, unless there is no boundary at all.
    pub(super) fn osm(&mut self, config: &SourceConfig, progress: &dyn Progress) -> Result<(), IngestError> {
        let ReaderOptions::OsmPbf { actors: true, .. } = config.options else { return Ok(()) };
        let country = self.territory.countries.first().map_or("", String::as_str);
        let bounded = self.locator.has_boundaries();
        for path in &config.paths {
            let read = osm_actors::read(&self.base.join(path), config, country, progress)?;
            self.issues.extend(read.issues);
            let mut report = read.report;
            let placed: Vec<Placed> =
                read.actors.par_iter().map(|a| self.locator.place(a.record.location, None)).collect();
            for (actor, mut placed) in read.actors.into_iter().zip(placed) {
                let selected = !bounded || placed.ancestors.iter().next().is_some();
                placed.issue.take_if(|_| !bounded);
                self.actor(config, actor, placed, selected, &mut report);
            }
            self.reports.push(report);
        }
        Ok(())
    }

    fn actor(
        &mut self,
        config: &SourceConfig,
        actor: Numbered<Actor>,
        placed: Placed,
        selected: bool,
        report: &mut SourceReport,
    ) {
        let Numbered { place, record: mut actor } = actor;
        if !self.takes(config, actor.id.as_str(), &place, selected, report) {
            return;
        }
        self.issues.extend(placed.issue_of(&config.source.id, &place));
        actor.location = placed.location;
        actor.precision = placed.precision;
        actor.ancestors = placed.ancestors;
        self.actors.push(actor);
    }

    /// Reads calendars, if the source is some.
    pub(super) fn ical(&mut self, config: &SourceConfig, progress: &dyn Progress) -> Result<(), IngestError> {
        let ReaderOptions::Ical { max_occurrences } = config.options else { return Ok(()) };
        let locator = self.locator;
        let reading = Reading {
            config,
            window: Window { from: self.territory.from, to: self.territory.to },
            max_occurrences,
            timezone_of: &|at| locator.timezone(at, None),
        };
        for path in &config.paths {
            let read = ical::read(&self.base.join(path), &reading, progress)?;
            self.issues.extend(read.issues);
            let mut report = read.report;
            let mut components = Components::default();
            for event in read.events {
                let component = event.place.clone();
                let kept = self.event(config, event);
                components.count(component, kept);
            }
            // A VEVENT of which no occurrence is selected was not asked for.
            let deselected = components.deselected();
            report.read -= deselected;
            report.accepted -= deselected;
            report.not_selected += deselected;
            self.reports.push(report);
        }
        Ok(())
    }

    /// Places one occurrence; `false` when it is not selected.
    fn event(&mut self, config: &SourceConfig, event: Numbered<Event>) -> bool {
        let Numbered { place, record: mut event } = event;
        if let Some((rest, postcode, name)) = event.address.as_deref().and_then(split_address) {
            let code = self.locator.municipality_of_postcode(postcode, name).map(str::to_owned);
            event.postcode = Some(postcode.to_owned());
            event.municipality_code = code;
            event.address = rest.or_else(|| event.address.clone());
        }
        let mut placed = self.locator.place(event.location, event.municipality_code.as_deref());
        if !selects(config, &placed) {
            self.not_selected.insert(event.id.to_string());
            return false;
        }
        if !self.seen.insert(event.id.to_string()) {
            let detail = format!("{} is in an earlier file", event.id);
            let source = config.source.id.clone();
            self.issues.push(Issue { code: IssueCode::DuplicateId, source, place, detail });
            return true;
        }
        // The address was only guessed at: that it names another municipality than the point is nothing wrong.
        placed.issue.take_if(|(code, _)| *code == IssueCode::MunicipalityDisagrees);
        self.issues.extend(placed.issue_of(&config.source.id, &place));
        event.location = placed.location;
        event.precision = placed.precision;
        event.ancestors = placed.ancestors;
        self.events.push(event);
        true
    }

    /// Whether a record is selected and new; counts it where it is not.
    fn takes(
        &mut self,
        config: &SourceConfig,
        id: &str,
        place: &str,
        selected: bool,
        report: &mut SourceReport,
    ) -> bool {
        if !selected {
            report.read -= 1;
            report.accepted -= 1;
            report.not_selected += 1;
            self.not_selected.insert(id.to_owned());
            return false;
        }
        let new = self.seen.insert(id.to_owned());
        if !new {
            report.read -= 1;
            report.accepted -= 1;
            report.reject(IssueCode::DuplicateId);
            let detail = format!("{id} is in an earlier file");
            let (source, place) = (config.source.id.clone(), place.to_owned());
            self.issues.push(Issue { code: IssueCode::DuplicateId, source, place, detail });
        }
        new
    }
}

/// Whether a source wants a record that lies there.
fn selects(config: &SourceConfig, placed: &Placed) -> bool {
    config.within.is_empty() || placed.municipality_code().is_some_and(|code| config.selects(code))
}

/// Which components gave an occurrence that is kept.
#[derive(Default)]
struct Components {
    kept: HashSet<String>,
    seen: HashSet<String>,
}

impl Components {
    fn count(&mut self, component: String, kept: bool) {
        if kept {
            self.kept.insert(component.clone());
        }
        self.seen.insert(component);
    }

    fn deselected(&self) -> u64 {
        self.seen.difference(&self.kept).count() as u64
    }
}
