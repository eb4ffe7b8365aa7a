//! When an event takes place, in words, in the zone of its place.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use parvis_model::Instant;

use super::Lang;

const MONTHS: [[&str; 2]; 12] = [
    ["janvier", "January"],
    ["février", "February"],
    ["mars", "March"],
    ["avril", "April"],
    ["mai", "May"],
    ["juin", "June"],
    ["juillet", "July"],
    ["août", "August"],
    ["septembre", "September"],
    ["octobre", "October"],
    ["novembre", "November"],
    ["décembre", "December"],
];

const DAYS: [[&str; 2]; 7] = [
    ["lundi", "Monday"],
    ["mardi", "Tuesday"],
    ["mercredi", "Wednesday"],
    ["jeudi", "Thursday"],
    ["vendredi", "Friday"],
    ["samedi", "Saturday"],
    ["dimanche", "Sunday"],
];

/// A span of time as people read it and as programs do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    /// `samedi 7 mars 2026, 10 h 00 – 12 h 00`.
    pub(crate) text: String,
    /// The zone, when it was needed to say the hours.
    pub(crate) zone: Option<String>,
    /// ISO 8601: with the offset of the zone, or the day alone.
    pub(crate) start: String,
    /// As the start; of whole days the last one.
    pub(crate) end: String,
}

/// The span from `start` to `end` (exclusive) in an IANA zone; in UTC where the zone is unknown.
/// `all_day`: from midnight to midnight there.
pub(crate) fn when(start: Instant, end: Instant, zone: &str, all_day: bool, lang: Lang) -> When {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = |t: Instant| DateTime::from_timestamp(t.unix(), 0).unwrap_or_default().with_timezone(&zone);
    let (from, to) = (local(start), local(end));
    if all_day {
        let first = from.date_naive();
        let last = to.date_naive().pred_opt().unwrap_or(first).max(first);
        let text = if first == last { day(first, lang) } else { days(first, last, lang) };
        return When { text, zone: None, start: first.to_string(), end: last.to_string() };
    }
    let text = if end <= start {
        format!("{}, {}", day(from.date_naive(), lang), hour(&from, lang))
    } else if from.date_naive() == to.date_naive() {
        format!("{}, {}\u{a0}– {}", day(from.date_naive(), lang), hour(&from, lang), hour(&to, lang))
    } else {
        let side = |t: &DateTime<Tz>| format!("{}, {}", day(t.date_naive(), lang), hour(t, lang));
        if lang.is_fr() {
            format!("du {} au {}", side(&from), side(&to))
        } else {
            format!("{} to {}", side(&from), side(&to))
        }
    };
    When { text, zone: Some(zone.name().replace('_', " ")), start: from.to_rfc3339(), end: to.to_rfc3339() }
}

/// `samedi 7 mars 2026`.
pub(crate) fn day(date: NaiveDate, lang: Lang) -> String {
    let at = usize::from(!lang.is_fr());
    let weekday = DAYS[date.weekday().num_days_from_monday() as usize][at];
    let month = MONTHS[date.month0() as usize][at];
    let number = if lang.is_fr() && date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{weekday} {number} {month} {}", date.year())
}

/// The day of an ISO date (`2026-03-07`, a time may follow); the text itself when it is none.
pub(crate) fn day_of(text: &str, lang: Lang) -> String {
    let date = text.get(..10).and_then(|date| date.parse::<NaiveDate>().ok());
    date.map_or_else(|| text.to_owned(), |date| day(date, lang))
}

fn days(first: NaiveDate, last: NaiveDate, lang: Lang) -> String {
    if lang.is_fr() {
        format!("du {} au {}", day(first, lang), day(last, lang))
    } else {
        format!("{} to {}", day(first, lang), day(last, lang))
    }
}

fn hour(t: &DateTime<Tz>, lang: Lang) -> String {
    if lang.is_fr() {
        format!("{}\u{a0}h\u{a0}{:02}", t.hour(), t.minute())
    } else {
        format!("{:02}:{:02}", t.hour(), t.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: &str, end: &str, zone: &str, all_day: bool, lang: Lang) -> When {
        when(Instant::parse(start).unwrap(), Instant::parse(end).unwrap(), zone, all_day, lang)
    }

    #[test]
    fn hours_are_those_of_the_place() {
        let reunion = at("2026-03-07T06:00:00Z", "2026-03-07T08:30:00Z", "Indian/Reunion", false, Lang::Fr);
        assert_eq!(reunion.text, "samedi 7 mars 2026, 10\u{a0}h\u{a0}00\u{a0}– 12\u{a0}h\u{a0}30");
        assert_eq!(reunion.start, "2026-03-07T10:00:00+04:00");
        assert_eq!(reunion.zone.as_deref(), Some("Indian/Reunion"));
        let paris = at("2026-07-01T18:00:00Z", "2026-07-01T23:00:00Z", "Europe/Paris", false, Lang::En);
        assert_eq!(paris.text, "Wednesday 1 July 2026, 20:00 to Thursday 2 July 2026, 01:00");
    }

    #[test]
    fn whole_days_have_no_hours_and_end_on_their_last() {
        let one = at("2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z", "Europe/Paris", true, Lang::Fr);
        assert_eq!((one.text.as_str(), one.end.as_str()), ("dimanche 1er mars 2026", "2026-03-01"));
        let two = at("2026-02-28T23:00:00Z", "2026-03-02T23:00:00Z", "Europe/Paris", true, Lang::En);
        assert_eq!(two.text, "Sunday 1 March 2026 to Monday 2 March 2026");
        assert!(two.zone.is_none());
    }

    #[test]
    fn what_is_odd_is_still_said() {
        let point = at("2026-03-07T06:00:00Z", "2026-03-07T06:00:00Z", "no/where", false, Lang::En);
        assert_eq!(point.text, "Saturday 7 March 2026, 06:00");
        assert_eq!(day_of("2026-03-01T10:00:00Z", Lang::Fr), "dimanche 1er mars 2026");
        assert_eq!(day_of("soon", Lang::Fr), "soon");
    }
}
