//! Recurrence rules to local times. The rule is worked out by `calcard` on a clock without zone, as RFC 5545
//! means it; zones come in afterwards, so that a weekly event keeps its hour when the clocks change.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFrequency, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};
use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};

/// Times of one rule that are worked out at most.
const MAX_STEPS: usize = 20_000;

/// What a rule gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expanded {
    /// Local times, in order.
    pub(super) starts: Vec<NaiveDateTime>,
    /// More than [`MAX_STEPS`]: the rest was left out.
    pub(super) truncated: bool,
}

/// The local times of a rule that begins at `start`, up to and without `until`. Those long before `from` may be
/// left out where the rule counts nothing.
///
/// # Errors
/// A rule that has no meaning, in the parser's words.
pub(super) fn rule(
    start: NaiveDateTime,
    rule: &ICalendarRecurrenceRule,
    from: Option<NaiveDateTime>,
    until: NaiveDateTime,
) -> Result<Expanded, String> {
    let mut rule = rule.clone();
    let start = from.map_or(start, |from| fast_forward(start, &rule, from));
    let last = until - TimeDelta::seconds(1);
    let end = rule.until.as_ref().and_then(PartialDateTime::to_date_time).map_or(last, |u| u.date_time.min(last));
    if start > end {
        return Ok(Expanded { starts: Vec::new(), truncated: false });
    }
    rule.until = Some(partial(end));
    let component = ICalendarComponent {
        component_type: ICalendarComponentType::VEvent,
        entries: vec![
            entry(ICalendarProperty::Dtstart, ICalendarValue::PartialDateTime(Box::new(partial(start)))),
            entry(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule))),
        ],
        component_ids: Vec::new(),
    };
    let calendar = ICalendar { components: vec![component] };
    let expanded = calendar.expand_dates(Tz::Floating, MAX_STEPS);
    if let Some(error) = expanded.errors.first() {
        return Err(format!("{:?}", error.error));
    }
    let mut starts: Vec<NaiveDateTime> = expanded.events.iter().map(|e| e.start.naive_local()).collect();
    let truncated = starts.len() >= MAX_STEPS;
    starts.retain(|&s| s <= end);
    starts.sort_unstable();
    starts.dedup();
    Ok(Expanded { starts, truncated })
}

/// A later start with the same times from `from` on, for rules without COUNT that repeat by a fixed span.
fn fast_forward(start: NaiveDateTime, rule: &ICalendarRecurrenceRule, from: NaiveDateTime) -> NaiveDateTime {
    let unit = match rule.freq {
        ICalendarFrequency::Weekly => 7 * 86_400,
        ICalendarFrequency::Daily => 86_400,
        ICalendarFrequency::Hourly => 3_600,
        ICalendarFrequency::Minutely => 60,
        ICalendarFrequency::Secondly => 1,
        ICalendarFrequency::Monthly | ICalendarFrequency::Yearly => return start,
    };
    let span = unit * i64::from(rule.interval.unwrap_or(1));
    let behind = (from - start).num_seconds();
    if rule.count.is_some() || span == 0 || behind <= span {
        return start;
    }
    // One span early: a period may begin before its first time.
    let whole = (behind / span - 1) * span;
    start.checked_add_signed(TimeDelta::seconds(whole)).unwrap_or(start)
}

fn entry(name: ICalendarProperty, value: ICalendarValue) -> ICalendarEntry {
    ICalendarEntry { name, params: Vec::new(), values: vec![value] }
}

/// A local time as calcard writes it, without zone.
pub(super) fn partial(at: NaiveDateTime) -> PartialDateTime {
    PartialDateTime {
        year: u16::try_from(at.year()).ok(),
        month: Some(at.month() as u8),
        day: Some(at.day() as u8),
        hour: Some(at.hour() as u8),
        minute: Some(at.minute() as u8),
        second: Some(at.second() as u8),
        ..PartialDateTime::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
    }

    fn expand(start: &str, text: &str, from: Option<&str>, until: &str) -> Result<Vec<String>, String> {
        let ics = format!("BEGIN:VEVENT\r\nRRULE:{text}\r\nEND:VEVENT\r\n");
        let calendar = ICalendar::parse(ics).unwrap();
        let value = &calendar.components[0].property(&ICalendarProperty::Rrule).unwrap().values[0];
        let ICalendarValue::RecurrenceRule(parsed) = value else { return Err("no rule".into()) };
        let starts = rule(local(start), parsed, from.map(local), local(until))?.starts;
        Ok(starts.iter().map(|s| s.format("%Y-%m-%dT%H:%M").to_string()).collect())
    }

    #[test]
    fn the_rules_people_write_give_their_days() {
        let first_saturdays = expand("2026-01-03T10:00", "FREQ=MONTHLY;BYDAY=1SA;COUNT=3", None, "2028-01-01T00:00");
        assert_eq!(first_saturdays.unwrap(), ["2026-01-03T10:00", "2026-02-07T10:00", "2026-03-07T10:00"]);
        let until = expand("2026-05-01T18:00", "FREQ=DAILY;UNTIL=20260503T180000", None, "2028-01-01T00:00");
        assert_eq!(until.unwrap(), ["2026-05-01T18:00", "2026-05-02T18:00", "2026-05-03T18:00"]);
        let leap = expand("2024-02-29T08:00", "FREQ=YEARLY", None, "2033-01-01T00:00").unwrap();
        assert_eq!(leap, ["2024-02-29T08:00", "2028-02-29T08:00", "2032-02-29T08:00"]);
    }

    #[test]
    fn an_old_rule_without_end_reaches_the_window() {
        for rule in ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=HOURLY;INTERVAL=5"] {
            let slow = expand("2020-01-06T09:00", rule, None, "2022-01-01T00:00").unwrap();
            let fast = expand("2020-01-06T09:00", rule, Some("2021-06-01T00:00"), "2022-01-01T00:00").unwrap();
            let late =
                |starts: Vec<String>| starts.into_iter().filter(|s| s.as_str() >= "2021-06-01").collect::<Vec<_>>();
            assert_eq!(late(slow), late(fast), "{rule}");
        }
        let ancient = expand("1970-01-01T09:00", "FREQ=DAILY", Some("2027-12-30T00:00"), "2028-01-01T00:00").unwrap();
        assert_eq!(ancient.last().unwrap(), "2027-12-31T09:00");
    }

    #[test]
    fn an_endless_rule_stops() {
        let every_second = expand("2026-01-01T00:00", "FREQ=SECONDLY", None, "2028-01-01T00:00").unwrap();
        assert!(every_second.len() <= MAX_STEPS);
        let never = expand("2026-01-01T00:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", None, "2028-01-01T00:00");
        assert!(never.is_err() || never.is_ok_and(|starts| starts.is_empty()));
    }
}
