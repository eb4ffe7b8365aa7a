//! Dates as the platform and Mongo's tools have written them over the years.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use parvis_model::{Instant, IssueCode};
use serde_json::Value;

use super::record::Notes;
use super::value::{Flag, Object, to_number};
use crate::ical::zone::of_iana;

/// Numbers from here on are milliseconds since 1970, smaller ones seconds: as seconds it is the year 5138,
/// as milliseconds March 1973.
const FIRST_MILLISECOND: f64 = 1e11;

/// The last second of the year 9999.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// Texts without offset, which are UTC: the platform sets no other zone.
const WITHOUT_OFFSET: [&str; 4] = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Texts with an offset in which RFC 3339 is not strict: older `mongoexport` writes `+0000`.
const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z"];

/// A date as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// In UTC; midnight of a bare date.
    pub(super) at: Instant,
    /// A date without time of day.
    pub(super) is_date: bool,
}

/// Reads a date: Mongo's `{"$date": …}` (ISO text, milliseconds, `{"$numberLong": …}`), PHP's `{"sec": …}`,
/// seconds or milliseconds since 1970, ISO text, or the older `2018-12-01 18:30`, which is UTC. `None` when it is
/// none of these, or not in the years 1 to 9999.
pub(super) fn moment(value: &Value) -> Option<Moment> {
    match value {
        Value::Object(object) => {
            if let Some(date) = object.get("$date") {
                return match date {
                    Value::String(text) if !is_digits(text) => of_text(text),
                    date => of_seconds(to_number(date)? / 1_000.0),
                };
            }
            if let Some(seconds) = object.get("sec") {
                return of_seconds(to_number(seconds)?);
            }
            of_number(to_number(value)?)
        }
        Value::Number(_) => of_number(to_number(value)?),
        Value::String(text) if is_digits(text) => of_number(to_number(value)?),
        Value::String(text) => of_text(text),
        _ => None,
    }
}

/// A bare number in a text: a year alone is none.
fn is_digits(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit())
}

fn of_number(number: f64) -> Option<Moment> {
    of_seconds(if number.abs() >= FIRST_MILLISECOND { number / 1_000.0 } else { number })
}

fn of_seconds(seconds: f64) -> Option<Moment> {
    let in_range = (-62_135_596_800.0..=LAST_SECOND).contains(&seconds);
    in_range.then(|| Moment { at: Instant::from_unix(seconds.floor() as i64), is_date: false })
}

fn of_text(text: &str) -> Option<Moment> {
    let text = text.trim();
    let utc = |local: NaiveDateTime| Instant::from_unix(local.and_utc().timestamp());
    let with_offset = || WITH_OFFSET.iter().find_map(|f| DateTime::parse_from_str(text, f).ok());
    let without = || WITHOUT_OFFSET.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
    let at = Instant::parse(text)
        .or_else(|| with_offset().map(|t| Instant::from_unix(t.timestamp())))
        .or_else(|| without().map(utc))?;
    Some(Moment { at, is_date: !text.contains(':') })
}

/// When an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    pub(super) start: Instant,
    /// Exclusive; `start` of an event without duration.
    pub(super) end: Instant,
    pub(super) all_day: bool,
}

/// Reads `startDate`, `endDate` and `allDay` of an event in `zone`.
///
/// The platform stores a whole day as 00:00 to 23:59 of the day in UTC: here it is local midnight to the next. Dates
/// without time of day are whole days too, the last one included.
///
/// # Errors
/// Why there is no start.
pub(super) fn when(event: &Object, zone: Tz, notes: &mut Notes) -> Result<When, &'static str> {
    let Some(start) = event.get("startDate").filter(|v| !v.is_null()) else { return Err("there is no startDate") };
    let Some(start) = moment(start) else { return Err("startDate cannot be read") };
    let stated = event.get("endDate").filter(|v| !v.is_null() && v.as_str() != Some(""));
    let end = stated.and_then(moment);
    if stated.is_some() && end.is_none() {
        notes.push((IssueCode::BadDate, "endDate cannot be read and was left out".to_owned()));
    }
    let bare = start.is_date && end.is_none_or(|e| e.is_date);
    let all_day = bare || Flag::of(event.get("allDay")) == Flag::Yes;
    let mut note_before = || {
        let detail = "endDate is before startDate; the end was left out".to_owned();
        notes.push((IssueCode::EndBeforeStart, detail));
    };
    if all_day {
        let first = date(start.at);
        let mut last = end.map_or(first, |end| last_day(start, end));
        if last < first {
            note_before();
            last = first;
        }
        return Ok(When { start: midnight(zone, first), end: midnight(zone, next(last)), all_day });
    }
    let mut end = end.map_or(start.at, |e| e.at);
    if end < start.at {
        note_before();
        end = start.at;
    }
    Ok(When { start: start.at, end, all_day })
}

/// The last day of a whole-day event: a midnight that is an instant ends the day before it.
fn last_day(start: Moment, end: Moment) -> NaiveDate {
    let day = date(end.at);
    let is_midnight = end.at.unix().rem_euclid(86_400) == 0;
    if is_midnight && !end.is_date && end.at > start.at { day.pred_opt().unwrap_or(day) } else { day }
}

fn date(at: Instant) -> NaiveDate {
    DateTime::from_timestamp(at.unix(), 0).unwrap_or_default().date_naive()
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

fn midnight(zone: Tz, day: NaiveDate) -> Instant {
    of_iana(zone, day.and_time(NaiveTime::MIN))
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "what json! makes is handed over without ceremony")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_spelling_is_the_same_moment() {
        for value in [
            json!({"$date": "2026-05-01T10:30:00Z"}),
            json!({"$date": "2026-05-01T10:30:00.000Z"}),
            json!({"$date": "2026-05-01T10:30:00.000+0000"}),
            json!({"$date": "2026-05-01T14:30:00.000+04:00"}),
            json!({"$date": 1_777_631_400_000_i64}),
            json!({"$date": {"$numberLong": "1777631400000"}}),
            json!({"$date": {"$numberLong": 1_777_631_400_123_i64}}),
            json!({"$date": "1777631400000"}),
            json!({"sec": 1_777_631_400, "usec": 0}),
            json!({"$numberLong": "1777631400"}),
            json!(1_777_631_400),
            json!(1_777_631_400_000_i64),
            json!("1777631400"),
            json!("2026-05-01T10:30:00Z"),
            json!("2026-05-01T12:30:00+02:00"),
            json!("2026-05-01 10:30"),
            json!("2026-05-01 10:30:00"),
            json!(" 2026-05-01T10:30 "),
        ] {
            let read = moment(&value).unwrap_or_else(|| panic!("{value} is not read"));
            assert_eq!((read.at.to_string().as_str(), read.is_date), ("2026-05-01T10:30:00Z", false), "{value}");
        }
        let day = moment(&json!("2026-05-01")).unwrap();
        assert_eq!((day.at.to_string().as_str(), day.is_date), ("2026-05-01T00:00:00Z", true));
        assert_eq!(moment(&json!(-1)).unwrap().at.to_string(), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for value in [
            json!(null),
            json!(true),
            json!([]),
            json!({}),
            json!(""),
            json!("hier"),
            json!("2026"),
            json!("2026-13-01"),
            json!("2026-02-30 10:00"),
            json!(1e300),
            json!({"$date": {}}),
            json!({"$date": {"$numberLong": "x"}}),
            json!({"$date": 9e18}),
            json!({"sec": "x"}),
        ] {
            assert_eq!(moment(&value), None, "{value}");
        }
    }

    type Read = Result<(String, String, bool), &'static str>;

    fn read(event: Value, zone: Tz) -> (Read, Vec<&'static str>) {
        let mut notes = Notes::new();
        let when = when(event.as_object().unwrap(), zone, &mut notes);
        let when = when.map(|w| (w.start.to_string(), w.end.to_string(), w.all_day));
        (when, notes.iter().map(|(code, _)| code.name()).collect())
    }

    fn days(event: Value, zone: Tz) -> (String, String) {
        let (when, notes) = read(event.clone(), zone);
        let (start, end, all_day) = when.unwrap();
        assert!(all_day && notes.is_empty(), "{event} {notes:?}");
        (start, end)
    }

    #[test]
    fn a_whole_day_is_from_local_midnight_to_the_next() {
        let reunion = ("2026-04-30T20:00:00Z".to_owned(), "2026-05-01T20:00:00Z".to_owned());
        for event in [
            json!({"allDay": true, "startDate": {"$date": "2026-05-01T00:00:00Z"}, "endDate": {"$date": "2026-05-01T23:59:00Z"}}),
            json!({"allDay": "true", "startDate": "2026-05-01 00:00", "endDate": "2026-05-02 00:00:00"}),
            json!({"allDay": "1", "startDate": "2026-05-01 08:00"}),
            json!({"startDate": "2026-05-01", "endDate": "2026-05-01"}),
            json!({"startDate": "2026-05-01"}),
        ] {
            assert_eq!(days(event.clone(), Tz::Indian__Reunion), reunion, "{event}");
        }
        let two = json!({"startDate": "2026-03-28", "endDate": "2026-03-29"});
        let paris = ("2026-03-27T23:00:00Z".to_owned(), "2026-03-29T22:00:00Z".to_owned());
        assert_eq!(days(two, Tz::Europe__Paris), paris, "the clocks change in between");
    }

    #[test]
    fn an_end_before_the_start_or_unreadable_is_left_out_with_an_issue() {
        let utc = Tz::UTC;
        let (when, notes) = read(json!({"startDate": "2026-05-02 10:00", "endDate": "2026-05-01 10:00"}), utc);
        let at = "2026-05-02T10:00:00Z".to_owned();
        assert_eq!((when.unwrap(), notes), ((at.clone(), at.clone(), false), vec!["end-before-start"]));
        let (when, notes) = read(json!({"startDate": "2026-05-02 10:00", "endDate": "plus tard"}), utc);
        assert_eq!((when.unwrap(), notes), ((at.clone(), at, false), vec!["bad-date"]));
        let (when, notes) = read(json!({"allDay": true, "startDate": "2026-05-02", "endDate": "2026-05-01"}), utc);
        assert_eq!((when.unwrap().1.as_str(), notes), ("2026-05-03T00:00:00Z", vec!["end-before-start"]));
        for none in [json!({}), json!({"startDate": null}), json!({"startDate": "?"}), json!({"endDate": 1})] {
            assert!(read(none, utc).0.is_err());
        }
    }

    #[test]
    fn a_bare_start_with_a_timed_end_is_no_whole_day() {
        let (when, _) = read(json!({"startDate": "2026-05-01", "endDate": "2026-05-01 18:00"}), Tz::Indian__Reunion);
        let (start, end, all_day) = when.unwrap();
        assert_eq!((start.as_str(), end.as_str(), all_day), ("2026-05-01T00:00:00Z", "2026-05-01T18:00:00Z", false));
    }
}
