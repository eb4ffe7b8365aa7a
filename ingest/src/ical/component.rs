//! One VEVENT to what it says, before any recurrence.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarDuration, ICalendarEntry, ICalendarParameterName, ICalendarPeriod,
    ICalendarProperty, ICalendarRecurrenceRule, ICalendarStatus, ICalendarValue,
};
use parvis_model::{ActorId, EventKind, EventStatus, Instant, IssueCode, LonLat, ThemeSet};

use super::zone::{Moment, Zone, Zones};
use crate::table::clean;

/// How long an event takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Length {
    /// To a moment.
    Until(Moment),
    /// So many days on the calendar and seconds on the clock.
    Span { days: i64, seconds: i64 },
    /// Nothing is said.
    Unsaid,
}

/// What a VEVENT says.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) line: usize,
    pub(super) uid: Option<String>,
    pub(super) sequence: i64,
    pub(super) start: Moment,
    pub(super) length: Length,
    pub(super) rules: Vec<ICalendarRecurrenceRule>,
    pub(super) exrules: Vec<ICalendarRecurrenceRule>,
    pub(super) rdates: Vec<(Moment, Option<Length>)>,
    pub(super) exdates: Vec<Moment>,
    pub(super) recurrence_id: Option<Moment>,
    pub(super) this_and_future: bool,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) kind: EventKind,
    pub(super) themes: ThemeSet,
    pub(super) tags: Vec<String>,
    pub(super) url: Option<String>,
    pub(super) address: Option<String>,
    pub(super) location: Option<LonLat>,
    pub(super) status: EventStatus,
    pub(super) organizer: Option<ActorId>,
    pub(super) updated: Option<Instant>,
}

/// Notes of what was wrong but kept: code and detail.
pub(super) type Notes = Vec<(IssueCode, String)>;

/// Reads a VEVENT.
///
/// # Errors
/// The code and detail it is refused with.
pub(super) fn read(
    line: usize,
    calendar: &ICalendar,
    zones: &Zones,
    notes: &mut Notes,
) -> Result<Component, (IssueCode, String)> {
    let event = calendar.components.first().ok_or_else(|| (IssueCode::BadRow, "no component".to_owned()))?;
    if let Some(class) = first_text(event, &ICalendarProperty::Class)
        && !class.eq_ignore_ascii_case("PUBLIC")
    {
        return Err((IssueCode::Private, format!("CLASS is {class}")));
    }
    let start = event.property(&ICalendarProperty::Dtstart);
    let start = start.ok_or_else(|| (IssueCode::BadDate, "there is no DTSTART".to_owned()))?;
    let start = moments(start, zones, notes).into_iter().next();
    let start = start.ok_or_else(|| (IssueCode::BadDate, "DTSTART cannot be read".to_owned()))?;
    let categories = Categories::read(event);
    let recurrence = event.property(&ICalendarProperty::RecurrenceId);
    Ok(Component {
        line,
        uid: event.uid().and_then(clean::line),
        sequence: integer(event, &ICalendarProperty::Sequence).unwrap_or(0),
        length: length(event, zones, notes),
        start,
        rules: rules(event, &ICalendarProperty::Rrule, notes),
        exrules: rules(event, &ICalendarProperty::Exrule, notes),
        rdates: rdates(event, zones, notes),
        exdates: event.properties(&ICalendarProperty::Exdate).flat_map(|entry| moments(entry, zones, notes)).collect(),
        recurrence_id: recurrence.and_then(|e| moments(e, zones, notes).into_iter().next()),
        this_and_future: recurrence.is_some_and(|e| e.has_parameter(&ICalendarParameterName::Range)),
        name: first_text(event, &ICalendarProperty::Summary).and_then(|t| clean::line(&t)),
        description: first_text(event, &ICalendarProperty::Description).and_then(|t| clean::paragraph(&t)),
        kind: categories.kind,
        themes: categories.themes,
        tags: categories.tags,
        url: url(event, notes),
        address: first_text(event, &ICalendarProperty::Location).and_then(|t| clean::line(&t)),
        location: geo(event, notes),
        status: match event.status() {
            Some(ICalendarStatus::Cancelled) => EventStatus::Cancelled,
            Some(ICalendarStatus::Tentative) => EventStatus::Tentative,
            _ => EventStatus::Confirmed,
        },
        organizer: organizer(event),
        updated: [ICalendarProperty::LastModified, ICalendarProperty::Dtstamp].iter().find_map(|property| {
            let moment = moments(event.property(property)?, zones, &mut Notes::new()).into_iter().next()?;
            Some(moment.instant(&Zone::UTC))
        }),
    })
}

/// What CATEGORIES say: the first word that names an event type is the kind, words that mean a theme are
/// themes, the rest are tags.
struct Categories {
    kind: EventKind,
    themes: ThemeSet,
    tags: Vec<String>,
}

impl Categories {
    fn read(event: &ICalendarComponent) -> Self {
        let entries = event.properties(&ICalendarProperty::Categories);
        let words: Vec<String> = entries.flat_map(|e| &e.values).filter_map(|v| clean::line(v.as_text()?)).collect();
        let kind = words.iter().find_map(|w| EventKind::from_name(w));
        let rest: Vec<String> = words.into_iter().filter(|w| EventKind::from_name(w).is_none()).collect();
        let (themes, tags) = clean::themes(&rest);
        Self { kind: kind.unwrap_or(EventKind::Others), themes, tags }
    }
}

fn first_text(event: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    event.property(property)?.values.first()?.as_text().map(str::to_owned)
}

fn integer(event: &ICalendarComponent, property: &ICalendarProperty) -> Option<i64> {
    event.property(property)?.values.first()?.as_integer()
}

/// The dates or times of a property; those that cannot be read are noted.
fn moments(entry: &ICalendarEntry, zones: &Zones, notes: &mut Notes) -> Vec<Moment> {
    let tzid = entry.tz_id();
    let zone = tzid.and_then(|id| zones.get(id));
    let mut out = Vec::new();
    for value in &entry.values {
        let ICalendarValue::PartialDateTime(value) = value else {
            note_unreadable(entry, value.as_text(), notes);
            continue;
        };
        match moment(value, zone.as_ref()) {
            Some(moment) => out.push(moment),
            None => note_unreadable(entry, None, notes),
        }
    }
    if let (Some(id), None, Some(Moment { is_date: false, zone: None, .. })) = (tzid, &zone, out.first()) {
        let detail = format!("{} has TZID {id:?}", entry.name.as_str());
        notes.push((IssueCode::UnknownTimezone, detail));
    }
    out
}

fn note_unreadable(entry: &ICalendarEntry, text: Option<&str>, notes: &mut Notes) {
    let text: String = text.unwrap_or("a date that does not exist").chars().take(60).collect();
    notes.push((IssueCode::BadDate, format!("{}: {text:?}", entry.name.as_str())));
}

fn moment(value: &PartialDateTime, zone: Option<&Zone>) -> Option<Moment> {
    let read = value.to_date_time()?;
    let zone = match read.offset {
        Some(offset) if offset.local_minus_utc() == 0 => Some(Zone::UTC),
        Some(offset) => Some(Zone::Fixed(chrono::TimeDelta::seconds(offset.local_minus_utc().into()))),
        None => zone.cloned(),
    };
    Some(Moment { local: read.date_time, is_date: !value.has_time(), zone })
}

fn length(event: &ICalendarComponent, zones: &Zones, notes: &mut Notes) -> Length {
    if let Some(end) = event.property(&ICalendarProperty::Dtend)
        && let Some(moment) = moments(end, zones, notes).into_iter().next()
    {
        return Length::Until(moment);
    }
    let Some(entry) = event.property(&ICalendarProperty::Duration) else { return Length::Unsaid };
    if let Some(ICalendarValue::Duration(duration)) = entry.values.first() {
        span(duration)
    } else {
        note_unreadable(entry, entry.values.first().and_then(ICalendarValue::as_text), notes);
        Length::Unsaid
    }
}

fn span(duration: &ICalendarDuration) -> Length {
    let sign = if duration.neg { -1 } else { 1 };
    let days = i64::from(duration.weeks) * 7 + i64::from(duration.days);
    let seconds = i64::from(duration.hours) * 3_600 + i64::from(duration.minutes) * 60 + i64::from(duration.seconds);
    Length::Span { days: sign * days, seconds: sign * seconds }
}

fn rules(event: &ICalendarComponent, property: &ICalendarProperty, notes: &mut Notes) -> Vec<ICalendarRecurrenceRule> {
    let mut out = Vec::new();
    for value in event.properties(property).flat_map(|e| &e.values) {
        match value {
            ICalendarValue::RecurrenceRule(rule) => out.push((**rule).clone()),
            other => {
                let text: String = other.as_text().unwrap_or_default().chars().take(80).collect();
                notes.push((IssueCode::BadDate, format!("{}: {text:?}", property.as_str())));
            }
        }
    }
    out
}

fn rdates(event: &ICalendarComponent, zones: &Zones, notes: &mut Notes) -> Vec<(Moment, Option<Length>)> {
    let mut out = Vec::new();
    for entry in event.properties(&ICalendarProperty::Rdate) {
        if !entry.values.iter().any(|v| matches!(v, ICalendarValue::Period(_))) {
            out.extend(moments(entry, zones, notes).into_iter().map(|m| (m, None)));
            continue;
        }
        let zone = entry.tz_id().and_then(|id| zones.get(id));
        for value in &entry.values {
            let period = match value {
                ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => {
                    moment(start, zone.as_ref()).zip(moment(end, zone.as_ref()).map(Length::Until))
                }
                ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
                    moment(start, zone.as_ref()).map(|m| (m, span(duration)))
                }
                _ => None,
            };
            match period {
                Some((start, length)) => out.push((start, Some(length))),
                None => note_unreadable(entry, value.as_text(), notes),
            }
        }
    }
    out
}

fn url(event: &ICalendarComponent, notes: &mut Notes) -> Option<String> {
    let text = first_text(event, &ICalendarProperty::Url).filter(|t| !t.trim().is_empty())?;
    let url = clean::url(&text);
    if url.is_none() {
        notes.push((IssueCode::BadUrl, format!("{:?}", text.chars().take(120).collect::<String>())));
    }
    url
}

/// GEO is latitude, then longitude (RFC 5545, section 3.8.1.6).
fn geo(event: &ICalendarComponent, notes: &mut Notes) -> Option<LonLat> {
    let entry = event.property(&ICalendarProperty::Geo)?;
    let numbers: Vec<f64> = entry.values.iter().filter_map(ICalendarValue::as_float).collect();
    let at = match numbers[..] {
        [lat, lon] => LonLat::new(lon, lat),
        _ => None,
    };
    if at.is_none() {
        notes.push((IssueCode::BadCoordinates, "GEO is not latitude;longitude in degrees".to_owned()));
    }
    at
}

/// The organiser, where it is one of our actors. Anything else (a mail address) may be a person's and is not read.
fn organizer(event: &ICalendarComponent) -> Option<ActorId> {
    let text = first_text(event, &ICalendarProperty::Organizer)?;
    ActorId::parse(text.trim().strip_prefix("urn:parvis:")?)
}
