//! Dates and timestamps of a filter.

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat};

/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A DATE, which is a whole day (of an event the place's own, else in UTC), or a TIMESTAMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Moment {
    /// The midnight that a day begins with, in microseconds since 1970.
    Day(i64),
    /// Microseconds since 1970.
    At(i64),
}

impl Moment {
    /// `2026-11-21`.
    pub(crate) fn day(text: &str) -> Option<Self> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10)?;
        Some(Self::Day(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
    }

    /// `2026-11-21T10:00:00.5Z`, any offset; a space may stand for the T. What is finer than microseconds is cut off.
    pub(crate) fn instant(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self::At(t.timestamp_micros()))
    }

    /// A day or an instant.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::day(text).or_else(|| Self::instant(text))
    }

    /// Its first microsecond.
    pub(crate) const fn first(self) -> i64 {
        match self {
            Self::Day(t) | Self::At(t) => t,
        }
    }

    /// Its last.
    pub(crate) const fn last(self) -> i64 {
        match self {
            Self::Day(t) => t + DAY - 1,
            Self::At(t) => t,
        }
    }

    fn utc(self) -> DateTime<chrono::Utc> {
        DateTime::from_timestamp_micros(self.first()).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// As it stands between the quotes.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Day(_) => self.utc().format("%Y-%m-%d").to_string(),
            Self::At(_) => self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(_) => write!(f, "DATE('{}')", self.text()),
            Self::At(_) => write!(f, "TIMESTAMP('{}')", self.text()),
        }
    }
}
