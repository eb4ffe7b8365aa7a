//! A VEVENT and its overrides to occurrences.

use std::collections::BTreeMap;

use calcard::icalendar::ICalendarRecurrenceRule;
use chrono::{Days, NaiveDateTime, NaiveTime, TimeDelta};
use parvis_model::{Instant, IssueCode};

use super::component::{Component, Length, Notes};
use super::expand;
use super::zone::{Moment, Zone};

/// The time that is wanted, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Occurrences that end before are left out.
    pub from: Instant,
    /// Occurrences that start then or later are left out.
    pub to: Instant,
}

impl Window {
    pub(crate) fn holds(self, start: Instant, end: Instant) -> bool {
        start < self.to && (end > self.from || start >= self.from)
    }
}

/// One occurrence.
#[derive(Debug, Clone)]
pub(super) struct Occurrence<'c> {
    /// What it says: the master's words or an override's.
    pub(super) says: &'c Component,
    pub(super) start: Instant,
    pub(super) end: Instant,
    /// IANA name of the clock it is told by.
    pub(super) timezone: String,
}

/// What a series gives.
pub(super) struct Expansion<'c> {
    pub(super) occurrences: Vec<Occurrence<'c>>,
    pub(super) recurring: bool,
    pub(super) notes: Notes,
}

/// Works out the occurrences of a series in a window.
///
/// `place` is the time zone of the place, for floating times and whole days.
pub(super) fn expand<'c>(
    master: &'c Component,
    overrides: &[&'c Component],
    place: &Zone,
    window: Window,
    most: usize,
) -> Expansion<'c> {
    let zone = zone_of(&master.start, place);
    let mut notes = Notes::new();
    let mut starts = starts(master, &zone, window, &mut notes);
    for moment in &master.exdates {
        let excluded = local_in(moment, &zone, place);
        if moment.is_date && !master.start.is_date {
            starts.retain(|start, _| start.date() != excluded.date());
        } else {
            starts.remove(&excluded);
        }
    }
    let mut builder = Builder { place, window, most, left_out: 0, occurrences: Vec::new(), notes };
    let mut single: BTreeMap<NaiveDateTime, &'c Component> = BTreeMap::new();
    let mut onwards: BTreeMap<NaiveDateTime, &'c Component> = BTreeMap::new();
    for says in overrides {
        let Some(id) = &says.recurrence_id else { continue };
        let map = if says.this_and_future { &mut onwards } else { &mut single };
        map.insert(local_in(id, &zone, place), says);
    }
    for (start, length) in starts {
        if single.contains_key(&start) {
            continue;
        }
        let Some((at, says)) = onwards.range(..=start).next_back() else {
            builder.add(master, &Moment { local: start, ..master.start.clone() }, length.as_ref());
            continue;
        };
        // "This and future": the same distance from the occurrence as where the change began.
        let moved = says.start.local.checked_add_signed(start - *at).unwrap_or(start);
        builder.add(says, &Moment { local: moved, ..says.start.clone() }, None);
    }
    for says in single.values() {
        builder.add(says, &says.start, None);
    }
    let recurring = !master.rules.is_empty() || !master.rdates.is_empty() || !overrides.is_empty();
    let (occurrences, notes) = builder.finish();
    Expansion { occurrences, recurring, notes }
}

fn zone_of(moment: &Moment, place: &Zone) -> Zone {
    if moment.is_date { place.clone() } else { moment.zone.clone().unwrap_or_else(|| place.clone()) }
}

/// A moment as local time of the series' zone.
fn local_in(moment: &Moment, zone: &Zone, place: &Zone) -> NaiveDateTime {
    match &moment.zone {
        Some(other) if other != zone && !moment.is_date => zone.local(moment.instant(place)),
        _ => moment.local,
    }
}

/// The local times at which a series begins, in its zone, with the length of those that have their own.
fn starts(
    master: &Component,
    zone: &Zone,
    window: Window,
    notes: &mut Notes,
) -> BTreeMap<NaiveDateTime, Option<Length>> {
    // Long events that began before the window still reach into it.
    let reach = own_seconds(master, zone).clamp(0, 400 * 86_400) + 2 * 86_400;
    let earlier = |at: NaiveDateTime| at.checked_sub_signed(TimeDelta::seconds(reach)).unwrap_or(at);
    let from = earlier(zone.local(window.from));
    let until = zone.local(window.to).checked_add_days(Days::new(1)).unwrap_or_default();
    let mut starts = BTreeMap::new();
    let mut worked = false;
    for rule in &master.rules {
        if rule.count.is_none() && rule.until.is_none() {
            notes.push((IssueCode::UnboundedRecurrence, format!("cut at {}", window.to)));
        }
        match expand::rule(master.start.local, &local_until(rule, master, zone), Some(from), until) {
            Ok(expanded) => {
                worked = true;
                if expanded.truncated {
                    let detail = "the rule gives so many times that not all were worked out".to_owned();
                    notes.push((IssueCode::UnboundedRecurrence, detail));
                }
                starts.extend(expanded.starts.into_iter().map(|s| (s, None)));
            }
            Err(error) => notes.push((IssueCode::BadDate, format!("RRULE: {error}; only its first time is kept"))),
        }
    }
    if !worked {
        starts.insert(master.start.local, None);
    }
    for (moment, length) in &master.rdates {
        starts.insert(local_in(moment, zone, zone), length.clone());
    }
    for rule in &master.exrules {
        let rule = local_until(rule, master, zone);
        if let Ok(excluded) = expand::rule(master.start.local, &rule, Some(from), until) {
            excluded.starts.iter().for_each(|start| {
                starts.remove(start);
            });
        }
    }
    starts
}

/// The rule with its UNTIL told by the series' own clock: UNTIL is UTC where DTSTART has a zone, and a bare
/// date means all of that day.
fn local_until(rule: &ICalendarRecurrenceRule, master: &Component, zone: &Zone) -> ICalendarRecurrenceRule {
    let mut rule = rule.clone();
    let Some(until) = &rule.until else { return rule };
    let Some(read) = until.to_date_time() else { return rule };
    let local = if let Some(offset) = read.offset {
        let clock = Zone::Fixed(TimeDelta::seconds(offset.local_minus_utc().into()));
        zone.local(clock.instant(read.date_time))
    } else if !until.has_time() && !master.start.is_date {
        read.date_time.date().and_time(NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default())
    } else {
        read.date_time
    };
    rule.until = Some(expand::partial(local));
    rule
}

/// How many seconds the master takes, for looking back.
fn own_seconds(master: &Component, zone: &Zone) -> i64 {
    match &master.length {
        Length::Until(end) => end.instant(zone).unix() - master.start.instant(zone).unix(),
        Length::Span { days, seconds } => days * 86_400 + seconds,
        Length::Unsaid => 86_400,
    }
}

struct Builder<'a, 'c> {
    place: &'a Zone,
    window: Window,
    most: usize,
    left_out: u64,
    occurrences: Vec<Occurrence<'c>>,
    notes: Notes,
}

impl<'c> Builder<'_, 'c> {
    fn add(&mut self, says: &'c Component, at: &Moment, length: Option<&Length>) {
        let zone = zone_of(at, self.place);
        let start = zone.instant(at.local);
        let mut end = self.end(says, at, start, &zone, length.unwrap_or(&says.length));
        if end < start {
            let detail = format!("{end} is before {start}; the end was left out");
            self.notes.push((IssueCode::EndBeforeStart, detail));
            end = start;
        }
        if !self.window.holds(start, end) {
            return;
        }
        if self.occurrences.len() >= self.most {
            self.left_out += 1;
            return;
        }
        let timezone = zone.name().or(self.place.name()).unwrap_or("Etc/UTC").to_owned();
        self.occurrences.push(Occurrence { says, start, end, timezone });
    }

    fn end(&self, says: &Component, at: &Moment, start: Instant, zone: &Zone, length: &Length) -> Instant {
        match length {
            // The same number of midnights later, whatever the clocks do.
            Length::Until(end) if at.is_date => {
                let days = (end.local.date() - says.start.local.date()).num_days();
                later(at.local, if days == 0 { 1 } else { days }, zone)
            }
            Length::Until(end) => {
                let zone_of_end = zone_of(end, self.place);
                let seconds = zone_of_end.instant(end.local).unix() - says.start.instant(self.place).unix();
                Instant::from_unix(start.unix().saturating_add(seconds))
            }
            Length::Span { days, seconds } => {
                Instant::from_unix(later(at.local, *days, zone).unix().saturating_add(*seconds))
            }
            Length::Unsaid if at.is_date => later(at.local, 1, zone),
            Length::Unsaid => start,
        }
    }

    fn finish(mut self) -> (Vec<Occurrence<'c>>, Notes) {
        if self.left_out > 0 {
            let detail = format!("{} occurrences beyond the first {} were left out", self.left_out, self.most);
            self.notes.push((IssueCode::UnboundedRecurrence, detail));
        }
        self.occurrences.sort_by_key(|o| (o.start, o.end));
        (self.occurrences, self.notes)
    }
}

fn later(local: NaiveDateTime, days: i64, zone: &Zone) -> Instant {
    let moved = if days >= 0 {
        local.checked_add_days(Days::new(days.unsigned_abs()))
    } else {
        local.checked_sub_days(Days::new(days.unsigned_abs()))
    };
    zone.instant(moved.unwrap_or(local))
}
