//! Time zones of iCalendar: IANA names, VTIMEZONE definitions, UTC and floating times; local time to instants.

use std::collections::HashMap;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz as CalcardTz;
use calcard::icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue};
use chrono::{Days, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use parvis_model::Instant;

use super::expand;

/// A clock that turns local times into instants.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Zone {
    /// A zone of the IANA database.
    Iana(Tz),
    /// UTC or another fixed offset.
    Fixed(TimeDelta),
    /// As a VTIMEZONE defines it: local time of each change, offset before, offset after; sorted.
    Custom(Vec<(NaiveDateTime, TimeDelta, TimeDelta)>),
}

impl Zone {
    pub(super) const UTC: Self = Self::Iana(Tz::UTC);

    /// The instant of a local time. One that a change of clocks skips is taken with the offset before the
    /// change, one that comes twice is the first (RFC 5545, section 3.3.5).
    pub(super) fn instant(&self, local: NaiveDateTime) -> Instant {
        match self {
            Self::Iana(tz) => of_iana(*tz, local),
            Self::Fixed(offset) => minus(local, *offset),
            Self::Custom(changes) => minus(local, offset_at(changes, local)),
        }
    }

    /// The IANA name, where there is one that says where people's clocks are.
    pub(super) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Iana(tz) if *tz != Tz::UTC => Some(tz.name()),
            _ => None,
        }
    }

    /// The local time of an instant.
    pub(super) fn local(&self, at: Instant) -> NaiveDateTime {
        let utc = chrono::DateTime::from_timestamp(at.unix(), 0).unwrap_or_default().naive_utc();
        match self {
            Self::Iana(tz) => tz.from_utc_datetime(&utc).naive_local(),
            Self::Fixed(offset) => plus(utc, *offset),
            // Good to the hour that a change takes.
            Self::Custom(changes) => plus(utc, offset_at(changes, utc)),
        }
    }
}

/// The instant of a local time in a zone of the IANA database, as [`Zone::instant`] says.
pub(crate) fn of_iana(tz: Tz, local: NaiveDateTime) -> Instant {
    match tz.from_local_datetime(&local) {
        MappedLocalTime::Single(t) | MappedLocalTime::Ambiguous(t, _) => Instant::from_unix(t.timestamp()),
        MappedLocalTime::None => {
            // The offset that held a day before still holds where the gap begins.
            let before = local.checked_sub_days(Days::new(1)).unwrap_or(local);
            let offset = match tz.from_local_datetime(&before) {
                MappedLocalTime::Single(t) | MappedLocalTime::Ambiguous(t, _) => {
                    before.and_utc().timestamp() - t.timestamp()
                }
                MappedLocalTime::None => 0,
            };
            Instant::from_unix(local.and_utc().timestamp() - offset)
        }
    }
}

fn minus(local: NaiveDateTime, offset: TimeDelta) -> Instant {
    Instant::from_unix(local.and_utc().timestamp().saturating_sub(offset.num_seconds()))
}

fn plus(utc: NaiveDateTime, offset: TimeDelta) -> NaiveDateTime {
    utc.checked_add_signed(offset).unwrap_or(utc)
}

fn offset_at(changes: &[(NaiveDateTime, TimeDelta, TimeDelta)], local: NaiveDateTime) -> TimeDelta {
    let next = changes.partition_point(|(at, _, _)| *at <= local);
    match next.checked_sub(1).and_then(|last| changes.get(last)) {
        Some((at, before, after)) if *at + (*after - *before) > local && after > before => *before,
        Some((_, _, after)) => *after,
        None => changes.first().map_or(TimeDelta::zero(), |(_, before, _)| *before),
    }
}

/// A date or a local time as a property holds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    /// Local time; midnight of a date.
    pub(super) local: NaiveDateTime,
    /// A date without time.
    pub(super) is_date: bool,
    /// The clock it is told by; `None`: that of the place.
    pub(super) zone: Option<Zone>,
}

impl Moment {
    pub(super) fn instant(&self, place: &Zone) -> Instant {
        self.zone.as_ref().unwrap_or(place).instant(self.local)
    }
}

/// The time zones that one calendar's TZIDs mean.
pub(super) struct Zones {
    custom: HashMap<String, Zone>,
}

impl Zones {
    /// Takes the VTIMEZONEs of a calendar. Those with an IANA name, or a Windows name that stands for one, mean
    /// that zone; the others are taken as they are defined, up to `until`.
    pub(super) fn new(calendar: &ICalendar, until: NaiveDateTime) -> Self {
        let mut custom = HashMap::new();
        for component in calendar.timezones() {
            if let Some((id, CalcardTz::Tz(tz))) = component.timezone() {
                custom.insert(id.to_owned(), Zone::Iana(tz));
            } else if let Some(id) = text(component, &ICalendarProperty::Tzid)
                && let Some(zone) = defined(calendar, component, until)
            {
                custom.insert(id, zone);
            }
        }
        Self { custom }
    }

    /// The zone of a TZID; `None` when nothing is known by that name.
    pub(super) fn get(&self, tzid: &str) -> Option<Zone> {
        if let Some(zone) = self.custom.get(tzid) {
            return Some(zone.clone());
        }
        match tzid.parse::<CalcardTz>().ok()? {
            CalcardTz::Tz(tz) => Some(Zone::Iana(tz)),
            CalcardTz::Fixed(offset) => Some(Zone::Fixed(TimeDelta::seconds(offset.local_minus_utc().into()))),
            CalcardTz::Floating => None,
        }
    }
}

fn text(component: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    component.property(property)?.values.first()?.as_text().map(str::to_owned)
}

/// A zone by its STANDARD and DAYLIGHT parts (RFC 5545, section 3.6.5).
fn defined(calendar: &ICalendar, component: &ICalendarComponent, until: NaiveDateTime) -> Option<Zone> {
    let mut changes = Vec::new();
    for part in component.component_ids.iter().filter_map(|&id| calendar.component_by_id(id)) {
        let named = matches!(part.component_type, ICalendarComponentType::Standard | ICalendarComponentType::Daylight);
        let offset = |property| offset(part.property(property)?.values.first()?);
        let (true, Some(before), Some(after)) =
            (named, offset(&ICalendarProperty::Tzoffsetfrom), offset(&ICalendarProperty::Tzoffsetto))
        else {
            continue;
        };
        let start = part.property(&ICalendarProperty::Dtstart).and_then(|e| e.values.first());
        let Some(ICalendarValue::PartialDateTime(start)) = start else { continue };
        let Some(start) = start.to_date_time() else { continue };
        let rule = part.property(&ICalendarProperty::Rrule).and_then(|e| e.values.first());
        let onsets = match rule {
            Some(ICalendarValue::RecurrenceRule(rule)) => {
                expand::rule(start.date_time, rule, None, until).map_or(vec![start.date_time], |e| e.starts)
            }
            _ => vec![start.date_time],
        };
        changes.extend(onsets.into_iter().map(|at| (at, before, after)));
    }
    changes.sort_unstable();
    (!changes.is_empty()).then_some(Zone::Custom(changes))
}

fn offset(value: &ICalendarValue) -> Option<TimeDelta> {
    let ICalendarValue::PartialDateTime(value) = value else { return None };
    let PartialDateTime { tz_hour: Some(hours), tz_minute, tz_minus, .. } = **value else { return None };
    let seconds = i64::from(hours.min(23)) * 3600 + i64::from(tz_minute.unwrap_or(0)) * 60;
    Some(TimeDelta::seconds(if tz_minus { -seconds } else { seconds }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
    }

    #[test]
    fn skipped_and_doubled_hours_follow_rfc_5545() {
        let paris = Zone::Iana(Tz::Europe__Paris);
        let utc = |text| paris.instant(local(text)).to_string();
        assert_eq!(utc("2026-03-29T02:30"), "2026-03-29T01:30:00Z", "skipped: an hour later by the new clock");
        assert_eq!(utc("2026-10-25T02:30"), "2026-10-25T00:30:00Z", "doubled: the first");
        assert_eq!(paris.local(Instant::parse("2026-07-01T10:00:00Z").unwrap()), local("2026-07-01T12:00"));
    }

    #[test]
    fn a_zone_of_its_own_is_taken_as_defined() {
        let text = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:La maison\r\n\
            BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
            TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n\
            BEGIN:DAYLIGHT\r\nDTSTART:19960331T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
            TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n";
        let calendar = ICalendar::parse(text).unwrap();
        let zones = Zones::new(&calendar, local("2028-01-01T00:00"));
        let zone = zones.get("La maison").unwrap();
        assert_eq!(zone.name(), None);
        assert_eq!(zone.instant(local("2026-01-15T10:00")).to_string(), "2026-01-15T09:00:00Z");
        assert_eq!(zone.instant(local("2026-07-15T10:00")).to_string(), "2026-07-15T08:00:00Z");
        assert_eq!(zone.instant(local("2026-03-29T02:30")).to_string(), "2026-03-29T01:30:00Z");
        assert_eq!(zones.get("Romance Standard Time"), Some(Zone::Iana(Tz::Europe__Paris)));
        assert_eq!(zones.get("Indian/Reunion").unwrap().name(), Some("Indian/Reunion"));
        assert_eq!(zones.get("Nowhere/Land"), None);
    }
}
