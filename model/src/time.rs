//! Instants: seconds since 1970 in UTC, written as RFC 3339.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// A moment in UTC, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// Seconds since 1970-01-01T00:00:00Z. Clamped to the years 1 to 9999, which every format can write.
    pub fn from_unix(seconds: i64) -> Self {
        Self(seconds.clamp(-62_135_596_800, 253_402_300_799))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Now, by the system's clock.
    pub fn now() -> Self {
        Self::from_unix(Utc::now().timestamp())
    }

    /// Parses RFC 3339 (`2026-11-21T10:00:00Z`, any offset) or a date (its midnight in UTC).
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(t) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::from_unix(t.timestamp()));
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self::from_unix(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp()))
    }

    /// `20261121T100000Z`, as in iCalendar and in event ids.
    pub fn compact(self) -> String {
        self.utc().format("%Y%m%dT%H%M%SZ").to_string()
    }

    fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_opt(self.0, 0).single().unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.utc().format("%Y-%m-%dT%H:%M:%SZ"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_goes_both_ways() {
        let t = Instant::parse("2026-11-21T14:00:00+04:00").unwrap();
        assert_eq!(t.to_string(), "2026-11-21T10:00:00Z");
        assert_eq!(t.compact(), "20261121T100000Z");
        assert_eq!(Instant::parse("1970-01-02"), Some(Instant::from_unix(86_400)));
        assert_eq!(Instant::parse("yesterday"), None);
        assert_eq!(Instant::from_unix(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
    }
}
