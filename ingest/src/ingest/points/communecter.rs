//! The elements of the Communecter platform: placed, selected, and tied to one another.

use parvis_model::{Actor, Event, Issue, IssueCode, Link, Progress, Relation, SourceReport};
use rayon::prelude::*;

use super::{Points, selects};
use crate::Numbered;
use crate::communecter::{self, Element, Kept, Reading, Record, Tied};
use crate::config::{ReaderOptions, SourceConfig};
use crate::ical::Window;
use crate::ingest::IngestError;
use crate::locate::{Locator, Placed};

impl Points<'_> {
    /// Reads elements of the platform, if the source holds some.
    pub(in crate::ingest) fn communecter(
        &mut self,
        config: &SourceConfig,
        progress: &dyn Progress,
    ) -> Result<(), IngestError> {
        let ReaderOptions::Communecter(options) = &config.options else { return Ok(()) };
        let locator = self.locator;
        let reading = Reading {
            config,
            options,
            window: Window { from: self.territory.from, to: self.territory.to },
            country: self.territory.countries.first().map_or("", String::as_str),
            timezone_of: &|at, code| locator.timezone(at, code),
            municipality_of: &|postcode, name| locator.municipality_of_postcode(postcode, name).map(str::to_owned),
        };
        for path in &config.paths {
            let read = communecter::read(&self.base.join(path), &reading, progress)?;
            self.issues.extend(read.issues);
            self.network.silence(read.hidden);
            let mut report = read.report;
            let placed: Vec<Placed> = read.elements.par_iter().map(|e| place(locator, &e.record.record)).collect();
            for (element, placed) in read.elements.into_iter().zip(placed) {
                self.element(config, element, placed, &mut report);
            }
            self.reports.push(report);
        }
        Ok(())
    }

    fn element(&mut self, config: &SourceConfig, element: Element, placed: Placed, report: &mut SourceReport) {
        let Element { key, collection, record: Numbered { place, record }, secondary, ties, directory } = element;
        let id = record.id().to_owned();
        if !self.takes(config, &id, &place, selects(config, &placed), report) {
            self.network.silence([key]);
            return;
        }
        self.issues.extend(placed.issue_of(&config.source.id, &place));
        match record {
            Record::Actor(actor) => self.actors.push(at(*actor, placed)),
            Record::Event(event) => {
                let Placed { location, precision, ancestors, .. } = placed;
                self.events.push(Event { location, precision, ancestors, ..*event });
            }
        }
        for outlet in secondary {
            self.secondary(config, &id, outlet, &place);
        }
        self.network.keep(key, Kept { id, collection, source: config.source.id.clone(), directory }, ties);
    }

    /// A further place of an actor: no record of its own in the account.
    fn secondary(&mut self, config: &SourceConfig, of: &str, outlet: Actor, place: &str) {
        let placed = self.locator.place(outlet.location, outlet.municipality_code.as_deref());
        if !selects(config, &placed) {
            self.not_selected.insert(outlet.id.to_string());
            return;
        }
        let source = config.source.id.clone();
        if !self.seen.insert(outlet.id.to_string()) {
            let detail = format!("{} is there already", outlet.id);
            self.issues.push(Issue { code: IssueCode::DuplicateId, source, place: place.to_owned(), detail });
            return;
        }
        self.issues.extend(placed.issue_of(&source, place));
        let to_id = outlet.id.to_string();
        self.links.push(Link { from_id: of.to_owned(), to_id, relation: Relation::LocatedIn, source });
        self.actors.push(at(outlet, placed));
    }

    /// Ties the elements of all sources once all are read; organisers become those of their events.
    pub(in crate::ingest) fn tie(&mut self) {
        let Tied { links, mut organizers, issues } = std::mem::take(&mut self.network).tie();
        for event in &mut self.events {
            if let Some(organizer) = organizers.remove(event.id.as_str()) {
                event.organizer_id = Some(organizer);
            }
        }
        self.links.extend(links);
        self.issues.extend(issues);
    }
}

fn place(locator: &Locator<'_>, record: &Record) -> Placed {
    match record {
        Record::Actor(actor) => locator.place(actor.location, actor.municipality_code.as_deref()),
        Record::Event(event) => locator.place(event.location, event.municipality_code.as_deref()),
    }
}

fn at(actor: Actor, placed: Placed) -> Actor {
    let Placed { location, precision, ancestors, .. } = placed;
    Actor { location, precision, ancestors, ..actor }
}

#[cfg(test)]
#[path = "communecter_tests.rs"]
mod tests;
