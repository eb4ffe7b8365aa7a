//! Actors from the tags of OpenStreetMap: named places of civic life, by the rules of `data/osm-actors.toml`.
//!
//! ```text
//! read     nodes, ways and relations that have a name and match a rule; what places them
//! rules    tags → kind, themes, tags
//! person   offices that are named as a person: left out (DESIGN 11)
//! place    a way or relation → a point inside
//! actor    tags → fields
//! twins    the same actor as a node and as a building: one stays
//! ```
//!
//! Source: wiki.openstreetmap.org, pages Elements, Relation:multipolygon, Key:contact, Key:addr, Lifecycle prefix.

mod actor;
mod person;
mod place;
mod read;
mod rules;
mod twins;

use std::path::Path;

use parvis_model::{Actor, Issue, IssueCode, LonLat, Progress, SourceReport};
use rayon::prelude::*;

use crate::Numbered;
use crate::config::SourceConfig;
use crate::osm_pbf::{PbfFile, ReadError};
use actor::{LeftOut, Maker};
use person::reads_as_person;
use read::{Found, Read};
use twins::{NEAR_METRES, Twins};

pub use person::Names;
pub use rules::{Matched, Rules, RulesError};

/// What the actors of one file are.
#[derive(Debug, Clone, Default)]
pub struct OsmActors {
    /// Nodes, then ways, then relations, each by id; not yet placed in units.
    pub actors: Vec<Numbered<Actor>>,
    /// Every named element that a rule matches, accounted for; the reader is `osm-pbf actors`.
    pub report: SourceReport,
    /// What was wrong with elements, by their OSM ids.
    pub issues: Vec<Issue>,
}

/// Reads the actors of a file. `country` (ISO 3166-1 alpha-2) is that of national telephone numbers.
///
/// # Errors
/// [`ReadError`] when the file is cut, damaged, or needs what we lack.
pub fn read(
    path: &Path,
    config: &SourceConfig,
    country: &str,
    progress: &dyn Progress,
) -> Result<OsmActors, ReadError> {
    let pbf = PbfFile::open(path)?;
    let read = read::read(&pbf, progress)?;
    let maker = Maker { config, country };
    let outcomes: Vec<Outcome> = read.found.par_iter().map(|element| outcome(&read, &maker, element)).collect();
    let mut sink = Sink::new(config);
    for (element, outcome) in read.found.iter().zip(outcomes) {
        sink.take(element, outcome);
    }
    Ok(sink.out)
}

/// An actor and what of it was left out, or why there is none.
type Outcome = Result<(Actor, Vec<LeftOut>), (IssueCode, String)>;

fn outcome(read: &Read, maker: &Maker<'_>, element: &Found) -> Outcome {
    let name = element.tag("name").unwrap_or_default();
    let person = element.matched.names.is_some_and(|names| reads_as_person(name, names));
    if person && element.tag("brand").is_none() {
        // The name is the person's: it is not repeated in the report.
        return Err((IssueCode::Private, "the office may be named as a person".to_owned()));
    }
    let at: LonLat = read.place(element)?;
    maker.actor(element, at).ok_or_else(|| (IssueCode::MissingName, "the name is blank".to_owned()))
}

/// Gathers outcomes in the order of the elements.
struct Sink<'a> {
    config: &'a SourceConfig,
    twins: Twins,
    out: OsmActors,
}

impl<'a> Sink<'a> {
    fn new(config: &'a SourceConfig) -> Self {
        let reader = format!("{} actors", config.source.reader);
        let report = SourceReport { source: config.source.id.clone(), reader, ..SourceReport::default() };
        Self { config, twins: Twins::default(), out: OsmActors { report, ..OsmActors::default() } }
    }

    fn take(&mut self, element: &Found, outcome: Outcome) {
        let place = element.place();
        let (actor, left_out) = match outcome {
            Ok(made) => made,
            Err((code, detail)) => return self.reject(code, place, detail),
        };
        if let Some(first) = self.twins.of(&actor, &place) {
            let detail = format!("{first} has the same name, kind and tag within {NEAR_METRES} m");
            return self.reject(IssueCode::DuplicateActor, place, detail);
        }
        for (code, detail) in left_out {
            self.note(code, place.clone(), detail);
        }
        self.out.report.accept();
        self.out.actors.push(Numbered { place, record: actor });
    }

    fn reject(&mut self, code: IssueCode, place: String, detail: String) {
        self.out.report.reject(code);
        self.note(code, place, detail);
    }

    fn note(&mut self, code: IssueCode, place: String, detail: String) {
        self.out.issues.push(Issue { code, source: self.config.source.id.clone(), place, detail });
    }
}

#[cfg(test)]
#[path = "osm_actors/tests.rs"]
mod tests;
