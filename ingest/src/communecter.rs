//! Actors and events from the Communecter platform's own JSON: a Mongo export or an answer of its API.
//!
//! Persons are never read. What is not open, private, disabled, deleted or unfinished is refused as `private`; of what
//! is open, each part leaves only where the preferences say so ([`read`]). Nothing of a refused record, and no
//! value of a kept one that could not be used, is ever repeated in an issue: reports are published.

mod collection;
mod dates;
mod documents;
mod links;
mod members;
mod place;
mod record;
mod value;
mod visibility;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use parvis_model::{Actor, Event, Issue, IssueCode, LonLat, Progress, SourceReport};

use crate::Numbered;
use crate::config::{CommunecterOptions, SourceConfig};
use crate::ical::Window;
use crate::input::InputError;
pub use collection::PlatformCollection;
use documents::Item;
pub(crate) use links::{Kept, Network, Tie, Tied};
use record::{Published, Refused};

/// What an element is to us.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// An organisation, a project or a place.
    Actor(Box<Actor>),
    /// An event.
    Event(Box<Event>),
}

impl Record {
    /// Our id.
    pub fn id(&self) -> &str {
        match self {
            Self::Actor(actor) => actor.id.as_str(),
            Self::Event(event) => event.id.as_str(),
        }
    }
}

/// An element that may be published, with what belongs to it; not yet placed in units.
#[derive(Debug, Clone)]
pub struct Element {
    /// The platform's id.
    pub(crate) key: String,
    pub(crate) collection: PlatformCollection,
    /// The record and where it stands.
    pub record: Numbered<Record>,
    /// The secondary addresses of an actor, a place each, `actor:<source>:<key>-<n>`.
    pub secondary: Vec<Actor>,
    pub(crate) ties: Vec<Tie>,
    pub(crate) directory: bool,
}

/// What a file gives.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// The elements, in the order of the file.
    pub elements: Vec<Element>,
    /// The platform's ids of what is private: no link and no issue names them.
    pub(crate) hidden: HashSet<String>,
    /// Every record accounted for.
    pub report: SourceReport,
    /// What was wrong with records.
    pub issues: Vec<Issue>,
}

/// Why a file cannot be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommunecterError {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is nothing in it.
    #[error("{}: the file is empty: an export without elements is []; export it again", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is not JSON, or stops being JSON.
    #[error("{}:{line}:{column}: not JSON: {message}; give what mongoexport or the platform's API writes", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// What the parser says; it repeats nothing of the file.
        message: String,
    },
    /// An array or keyed object that is too long to be read as one.
    #[error("{}: longer than {limit} bytes when inflated; export it with one object a line (mongoexport without --jsonArray)", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The most, in bytes.
        limit: u64,
    },
}

/// What the reader needs to know besides the file.
pub struct Reading<'a> {
    /// The source.
    pub config: &'a SourceConfig,
    /// Its options.
    pub options: &'a CommunecterOptions,
    /// Events outside are left out.
    pub window: Window,
    /// ISO 3166-1 alpha-2: the country of national telephone numbers.
    pub country: &'a str,
    /// The IANA time zone of a point or of a municipality's code; of the territory where neither is known.
    pub timezone_of: &'a dyn Fn(Option<LonLat>, Option<&str>) -> String,
    /// The code of the municipality that a postal code and the name of a postal locality mean together.
    pub municipality_of: &'a dyn Fn(&str, &str) -> Option<String>,
}

/// Reads the elements of a file: a JSON array, one object a line, or objects keyed by their ids. Arrays and keyed
/// objects may be 256 MiB long, inflated; of lines there may be any number.
///
/// # Errors
/// [`CommunecterError`]: the file cannot be read or is not JSON. What is wrong with one record rejects it or is an
/// issue; neither tells anything of what is private.
pub fn read(path: &Path, reading: &Reading<'_>, progress: &dyn Progress) -> Result<Export, CommunecterError> {
    let mut reader = Reader::new(path, reading);
    progress.begin(&format!("read {}", reading.config.source.id), None);
    documents::each(path, &mut |item| {
        progress.advance(1);
        reader.take(item);
    })?;
    progress.finish();
    Ok(reader.finish())
}

struct Reader<'a> {
    reading: &'a Reading<'a>,
    /// The collection that the configuration or the name of the file says.
    stated: Option<PlatformCollection>,
    export: Export,
    seen: HashSet<String>,
    pending: u64,
}

impl<'a> Reader<'a> {
    fn new(path: &Path, reading: &'a Reading<'a>) -> Self {
        let source = &reading.config.source;
        let report =
            SourceReport { source: source.id.clone(), reader: source.reader.clone(), ..SourceReport::default() };
        // `mongoexport --collection events --out events.json`.
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let named = name.split('.').next().and_then(PlatformCollection::from_word);
        let stated =
            if named == Some(PlatformCollection::Citoyens) { named } else { reading.options.collection.or(named) };
        Self { reading, stated, export: Export { report, ..Export::default() }, seen: HashSet::new(), pending: 0 }
    }

    fn issue(&mut self, code: IssueCode, place: &str, detail: String) {
        let source = self.reading.config.source.id.clone();
        self.export.issues.push(Issue { code, source, place: place.to_owned(), detail });
    }

    fn reject(&mut self, code: IssueCode, place: &str, detail: String) {
        self.export.report.reject(code);
        self.issue(code, place, detail);
    }

    fn take(&mut self, item: Item) {
        let Item { place, key, value } = item;
        let value = match value {
            Ok(value) => value,
            Err(detail) => return self.reject(IssueCode::BadRow, &place, detail),
        };
        match record::read(&value, key, self.stated, self.reading) {
            Err(Refused { code, detail, hidden }) => {
                self.export.hidden.extend(hidden);
                self.reject(code, &place, detail);
            }
            Ok(published) => self.keep(published, place),
        }
    }

    fn keep(&mut self, published: Published, place: String) {
        let Published { key, collection, record, secondary, ties, directory, notes } = published;
        if !self.seen.insert(record.id().to_owned()) {
            return self.reject(IssueCode::DuplicateId, &place, "an earlier record has the same id".to_owned());
        }
        self.export.report.accept();
        self.pending += ties.pending;
        for (code, detail) in notes {
            self.issue(code, &place, detail);
        }
        let record = Numbered { place, record };
        self.export.elements.push(Element { key, collection, record, secondary, ties: ties.ties, directory });
    }

    fn finish(mut self) -> Export {
        if self.pending > 0 {
            let detail = format!("{} links are invitations or wait for approval and were left out", self.pending);
            self.issue(IssueCode::SkippedData, "links", detail);
        }
        self.export
    }
}

#[cfg(test)]
mod any_tests;
#[cfg(test)]
mod tests;
