//! Events from iCalendar files (RFC 5545), recurring ones as their occurrences.

mod blocks;
mod component;
mod expand;
mod series;
pub(crate) mod zone;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calcard::icalendar::ICalendar;
use parvis_model::id::{hex, key};
use parvis_model::{Ancestors, Event, EventId, Issue, IssueCode, LonLat, Precision, Progress, SourceReport};
use sha2::{Digest, Sha256};

use crate::Numbered;
use crate::config::SourceConfig;
use crate::input::{self, InputError};
use blocks::Block;
use component::{Component, Notes};
pub use series::Window;
use zone::{Zone, Zones};

/// The longest file that is read, inflated.
const MAX_BYTES: u64 = 256 << 20;

/// What a calendar gives.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// The occurrences, in the order of the file; not yet placed in units.
    pub events: Vec<Numbered<Event>>,
    /// Every VEVENT accounted for.
    pub report: SourceReport,
    /// What was wrong with them.
    pub issues: Vec<Issue>,
}

/// Why a calendar cannot be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IcalError {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// It has no component.
    #[error("{}:1: not an iCalendar file: it has no line BEGIN:VCALENDAR", path.display())]
    NotCalendar {
        /// The file.
        path: PathBuf,
    },
}

/// What the reader needs to know besides the file.
pub struct Reading<'a> {
    /// The source.
    pub config: &'a SourceConfig,
    /// Occurrences outside are left out.
    pub window: Window,
    /// Occurrences kept of one series, at most.
    pub max_occurrences: usize,
    /// The IANA time zone of a place, or of the territory where the event has none.
    pub timezone_of: &'a dyn Fn(Option<LonLat>) -> String,
}

/// Reads the events of a file. A record is a VEVENT; it is accepted when it gives an occurrence in the window.
///
/// # Errors
/// [`IcalError`]: the file cannot be read or is no calendar. What is wrong with one VEVENT is an issue.
pub fn read(path: &Path, reading: &Reading<'_>, progress: &dyn Progress) -> Result<Calendar, IcalError> {
    let bytes = input::read(path, MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let blocks = blocks::split(&text);
    if !blocks.is_calendar {
        return Err(IcalError::NotCalendar { path: path.into() });
    }
    progress.begin(&format!("read {}", reading.config.source.id), Some(blocks.events.len() as u64));
    let mut reader = Reader::new(reading);
    if let std::borrow::Cow::Owned(_) = &text {
        reader.issue(IssueCode::BadRow, "line 1", "the file is not UTF-8; unreadable bytes became \u{fffd}");
    }
    for (kind, line, count) in &blocks.others {
        let detail = format!("{count} {kind}: only VEVENT is read");
        reader.issue(IssueCode::SkippedData, &format!("line {line}"), detail);
    }
    let zones = zones(&blocks.timezones, reading.window);
    let groups = reader.components(&blocks.events, &zones);
    for group in groups {
        progress.advance(group.len() as u64);
        reader.group(&group);
    }
    progress.finish();
    Ok(reader.calendar)
}

fn zones(blocks: &[Block<'_>], window: Window) -> Zones {
    let definitions: String = blocks.iter().map(|b| b.text).collect();
    let text = format!("BEGIN:VCALENDAR\r\n{definitions}\r\nEND:VCALENDAR\r\n");
    let until = Zone::UTC.local(window.to).checked_add_days(chrono::Days::new(400)).unwrap_or_default();
    let calendar = guarded(|| ICalendar::parse(&text).ok()).flatten().unwrap_or_default();
    guarded(|| Zones::new(&calendar, until)).unwrap_or_else(|| Zones::new(&ICalendar::default(), until))
}

/// Runs third-party parsing on hostile input: a panic there costs the component, not the ingest.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

struct Reader<'a> {
    reading: &'a Reading<'a>,
    calendar: Calendar,
    seen: HashSet<EventId>,
}

impl<'a> Reader<'a> {
    fn new(reading: &'a Reading<'a>) -> Self {
        let source = &reading.config.source;
        let report =
            SourceReport { source: source.id.clone(), reader: source.reader.clone(), ..SourceReport::default() };
        Self { reading, calendar: Calendar { report, ..Calendar::default() }, seen: HashSet::new() }
    }

    fn issue(&mut self, code: IssueCode, place: &str, detail: impl Into<String>) {
        let source = self.reading.config.source.id.clone();
        self.calendar.issues.push(Issue { code, source, place: place.to_owned(), detail: detail.into() });
    }

    fn reject(&mut self, code: IssueCode, place: &str, detail: impl Into<String>) {
        self.calendar.report.reject(code);
        self.issue(code, place, detail);
    }

    fn notes(&mut self, place: &str, notes: Notes) {
        for (code, detail) in notes {
            self.issue(code, place, detail);
        }
    }

    /// Reads the components and groups them by UID, in the order of the file.
    fn components(&mut self, blocks: &[Block<'_>], zones: &Zones) -> Vec<Vec<Component>> {
        let mut order: Vec<Vec<Component>> = Vec::new();
        let mut by_uid: HashMap<String, usize> = HashMap::new();
        for block in blocks {
            let place = format!("line {}", block.line);
            if !block.ended {
                self.reject(IssueCode::BadRow, &place, "the VEVENT has no END");
                continue;
            }
            let mut notes = Notes::new();
            let read = guarded(|| {
                let calendar = ICalendar::parse(block.text).ok()?;
                Some(component::read(block.line, &calendar, zones, &mut notes))
            });
            let unreadable = || Err((IssueCode::BadRow, "the VEVENT cannot be parsed".to_owned()));
            let read = read.flatten().unwrap_or_else(unreadable);
            self.notes(&place, notes);
            match read {
                Err((code, detail)) => self.reject(code, &place, detail),
                Ok(mut component) => {
                    if component.uid.is_none() {
                        self.issue(IssueCode::MissingKey, &place, "a hash of the VEVENT serves as its UID");
                    }
                    let uid = component.uid.get_or_insert_with(|| hash(block.text)).clone();
                    let at = *by_uid.entry(uid).or_insert_with(|| {
                        order.push(Vec::new());
                        order.len() - 1
                    });
                    order[at].push(component);
                }
            }
        }
        order
    }

    /// All VEVENTs of one UID: the master and its overrides.
    fn group(&mut self, group: &[Component]) {
        let masters: Vec<&Component> = group.iter().filter(|c| c.recurrence_id.is_none()).collect();
        // The latest revision counts; of equal ones the first.
        let master = masters.iter().copied().rev().max_by_key(|c| c.sequence);
        let mut latest: BTreeMap<(chrono::NaiveDateTime, bool), &Component> = BTreeMap::new();
        for says in group {
            let Some(id) = says.recurrence_id.as_ref().map(|m| (m.local, m.is_date)) else { continue };
            let newer = latest.get(&id).is_none_or(|other| other.sequence < says.sequence);
            if newer {
                latest.insert(id, says);
            }
        }
        let kept =
            |c: &Component| master.is_some_and(|m| std::ptr::eq(m, c)) || latest.values().any(|l| std::ptr::eq(*l, c));
        for old in group.iter().filter(|c| !kept(c)) {
            let uid = old.uid.clone().unwrap_or_default();
            let detail = format!("another VEVENT has the UID {uid:?} with the same or a later SEQUENCE");
            self.reject(IssueCode::DuplicateId, &place_of(old), detail);
        }
        let overrides: Vec<&Component> = latest.into_values().collect();
        match master {
            Some(master) => self.series(master, &overrides),
            // Overrides whose series is in another file stand for themselves.
            None => overrides.into_iter().for_each(|says| self.series(says, &[])),
        }
    }

    fn series(&mut self, master: &Component, overrides: &[&Component]) {
        let place_zone = (self.reading.timezone_of)(master.location);
        let place_zone =
            Zones::new(&ICalendar::default(), chrono::NaiveDateTime::default()).get(&place_zone).unwrap_or(Zone::UTC);
        let (window, most) = (self.reading.window, self.reading.max_occurrences);
        let expansion = guarded(|| series::expand(master, overrides, &place_zone, window, most));
        let Some(expansion) = expansion else {
            for component in std::iter::once(&master).chain(overrides) {
                self.reject(IssueCode::BadDate, &place_of(component), "the recurrence cannot be worked out");
            }
            return;
        };
        self.notes(&place_of(master), expansion.notes);
        let mut used: HashSet<usize> = HashSet::new();
        for occurrence in &expansion.occurrences {
            let Some(event) = self.event(master, occurrence, expansion.recurring) else { continue };
            used.insert(occurrence.says.line);
            let place = place_of(occurrence.says);
            if self.seen.insert(event.id.clone()) {
                self.calendar.events.push(Numbered { place, record: event });
            } else {
                self.issue(IssueCode::DuplicateId, &place, format!("{} is there already", event.id));
            }
        }
        for component in std::iter::once(&master).chain(overrides) {
            let place = place_of(component);
            if component.name.is_none() && master.name.is_none() {
                self.reject(IssueCode::MissingName, &place, "there is no SUMMARY");
            } else if used.contains(&component.line) || std::ptr::eq(*component, master) && !used.is_empty() {
                self.calendar.report.accept();
            } else {
                let detail = format!("nothing from {} to {}", window.from, window.to);
                self.reject(IssueCode::OutsideWindow, &place, detail);
            }
        }
    }

    fn event(&self, master: &Component, occurrence: &series::Occurrence<'_>, recurring: bool) -> Option<Event> {
        let source = &self.reading.config.source;
        let says = occurrence.says;
        let uid = master.uid.as_deref().unwrap_or_default();
        let location = says.location.or(master.location);
        Some(Event {
            id: EventId::new(&source.id, uid, occurrence.start),
            kind: says.kind,
            name: says.name.clone().or_else(|| master.name.clone())?,
            description: says.description.clone().or_else(|| master.description.clone()),
            themes: if says.themes.is_empty() { master.themes } else { says.themes },
            tags: says.tags.clone(),
            url: says.url.clone().or_else(|| master.url.clone()),
            address: says.address.clone().or_else(|| master.address.clone()),
            postcode: None,
            municipality_code: None,
            precision: if location.is_some() { Precision::Point } else { Precision::None },
            location,
            ancestors: Ancestors::default(),
            series_id: recurring.then(|| format!("event:{}:{}", source.id, key(uid))),
            start: occurrence.start,
            end: occurrence.end,
            timezone: occurrence.timezone.clone(),
            all_day: says.start.is_date,
            status: says.status,
            organizer_id: says.organizer.clone().or_else(|| master.organizer.clone()),
            example: source.example,
            source: source.id.clone(),
            licence: source.licence.clone(),
            updated: says.updated,
        })
    }
}

fn place_of(component: &Component) -> String {
    match &component.uid {
        Some(uid) => format!("line {}, UID {}", component.line, uid.chars().take(80).collect::<String>()),
        None => format!("line {}", component.line),
    }
}

fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..8])
}

#[cfg(test)]
#[path = "ical/tests.rs"]
mod tests;
