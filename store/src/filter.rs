//! The filter that items, counts, tiles and exports share.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use parvis_model::{Bbox, Collection, Instant, LonLat, UnitId, fold};

use crate::cql::Cql;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What a request asks for. Several values of one field are alternatives; different fields must all hold.
/// An empty filter takes every row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Rows whose geometry meets the box, edges included.
    pub bbox: Option<Bbox>,
    /// Rows that lie in one of the units, or are it.
    pub within: Vec<UnitId>,
    /// Rows with one of the themes (positions in [`parvis_model::themes`]), leading or not.
    pub theme: Vec<usize>,
    /// Rows of one of the kinds; for units their subtype.
    pub kind: Vec<String>,
    /// Rows with one of the postal codes.
    pub postcode: Vec<String>,
    /// Events that take place then; rows of other collections have no time and all match (OGC API Features 7.15.4).
    pub datetime: Option<Interval>,
    /// Only examples, or none.
    pub example: Option<bool>,
    /// Rows with a geometry that comes as near to a place.
    pub near: Option<Near>,
    /// Rows where every word of this begins a word of the name, the description or a tag (of units: of a name or the
    /// code), folded as by [`parvis_model::fold()`].
    pub q: Option<String>,
    /// Rows of which this is true.
    pub cql: Option<Cql>,
    /// Rows whose properties have one of the values: equal to a single one, or in a list. Values are as texts, read by the
    /// type of the property.
    pub properties: BTreeMap<String, Vec<String>>,
}

/// A place and a distance from it, metres on the ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The place.
    pub at: LonLat,
    /// Metres, the end included.
    pub radius: f64,
}

impl Near {
    /// The largest radius, metres.
    pub const MAX_RADIUS: f64 = 1_000_000.0;

    /// `None` for a radius that is not above 0 and at most [`Self::MAX_RADIUS`].
    pub fn new(at: LonLat, radius: f64) -> Option<Self> {
        (radius > 0.0 && radius <= Self::MAX_RADIUS).then_some(Self { at, radius })
    }
}

/// Why a filter cannot be applied to a collection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FilterError {
    /// The edition has no such unit.
    #[error("within: there is no unit {0} in this edition")]
    UnknownUnit(UnitId),
    /// The collection lacks the field.
    #[error("{parameter}: rows of {collection} have no such field")]
    NotAField {
        /// The parameter.
        parameter: &'static str,
        /// The collection.
        collection: Collection,
    },
    /// There is no such theme.
    #[error("theme: {0} is none of the themes")]
    UnknownTheme(usize),
    /// There is no such kind.
    #[error("kind: {kind:?} is not a kind of {collection}")]
    UnknownKind {
        /// The value.
        kind: String,
        /// The collection.
        collection: Collection,
    },
    /// The CQL2 filter, or a property asked for, does not fit the collection.
    #[error("filter: {detail}")]
    Cql {
        /// The collection.
        collection: Collection,
        /// What is wrong, and what there is.
        detail: String,
    },
    /// The table could not be read: no mistake of who asks.
    #[error("{0}")]
    Unreadable(String),
    /// The collection is not part of the edition.
    #[error("this edition has no {0}")]
    NoCollection(Collection),
}

/// A moment, or a half-open stretch of time; a missing end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    /// From, included.
    pub start: Option<Edge>,
    /// To, not included; equal to `start` for a moment.
    pub end: Option<Edge>,
}

/// An end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The same everywhere.
    At(Instant),
    /// A midnight, when the clocks of a place show it: written as if they showed UTC.
    Midnight(Instant),
}

/// A time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// In UTC.
    pub utc: Instant,
    /// What the clocks of the place show then, as if they showed UTC.
    pub local: Instant,
}

impl Edge {
    /// A day (the midnight that it begins with) or an instant.
    fn parse(text: &str) -> Option<Self> {
        let is_day = text.len() == 10 && !text.contains(['T', 't']);
        Instant::parse(text).map(if is_day { Self::Midnight } else { Self::At })
    }

    /// Where it closes what was written: a day at its end.
    fn closing(self) -> Self {
        match self {
            Self::At(_) => self,
            Self::Midnight(day) => Self::Midnight(Instant::from_unix(day.unix() + DAY_S)),
        }
    }

    const fn written(self) -> Instant {
        match self {
            Self::At(t) | Self::Midnight(t) => t,
        }
    }

    /// How a time lies to it.
    fn compare(self, time: Clock) -> Ordering {
        match self {
            Self::At(t) => time.utc.cmp(&t),
            Self::Midnight(t) => time.local.cmp(&t),
        }
    }
}

/// As it was written: a midnight by its day.
impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(t) => t.fmt(f),
            Self::Midnight(t) => write!(f, "{:.10}", t.to_string()),
        }
    }
}

impl Interval {
    /// Parses the `datetime` parameter of OGC API Features: a moment or a day, or two of them with
    /// `/` between, `..` or nothing for an open side. A day stands for all of it, at the end too: from midnight to
    /// midnight where the event takes place.
    /// `None` for anything else, for two open sides, and when the end lies before the start.
    pub fn parse(text: &str) -> Option<Self> {
        let open = |t: &str| t.is_empty() || t == "..";
        let Some((from, to)) = text.split_once('/') else {
            let edge = Edge::parse(text)?;
            return Some(Self { start: Some(edge), end: Some(edge.closing()) });
        };
        if open(from) && open(to) {
            return None;
        }
        let start = if open(from) { None } else { Some(Edge::parse(from)?) };
        let end = if open(to) { None } else { Some(Edge::parse(to)?) };
        // The two are compared as they were written; a day and an instant may be a day apart, by the place.
        if let (Some(start), Some(end)) = (start, end) {
            let alike = matches!((start, end), (Edge::At(_), Edge::At(_)) | (Edge::Midnight(_), Edge::Midnight(_)));
            if end.written().unix() + if alike { 0 } else { DAY_S } < start.written().unix() {
                return None;
            }
        }
        Some(Self { start, end: end.map(Edge::closing) })
    }

    /// Whether something from `start` to `end` (excluded) takes place in the interval. What has no
    /// duration takes place at its start; a moment meets what is going on then.
    pub fn overlaps(self, start: Clock, end: Clock) -> bool {
        if self.start == self.end && self.start == Some(Edge::At(start.utc)) {
            return true;
        }
        let before_end = self.end.is_none_or(|e| e.compare(start).is_lt());
        let after_start =
            self.start.is_none_or(|s| if start == end { s.compare(start).is_ge() } else { s.compare(end).is_gt() });
        before_end && after_start
    }
}

impl Filter {
    /// Whether it takes every row.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One text for all filters that mean the same: values sorted, each once. The key of caches.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        let mut field = |name: &str, mut values: Vec<String>| {
            if values.is_empty() {
                return;
            }
            values.sort_unstable();
            values.dedup();
            if !out.is_empty() {
                out.push('&');
            }
            // Lengths keep a value with a comma apart from two values.
            let values: Vec<String> = values.into_iter().map(|v| format!("{}:{v}", v.len())).collect();
            let _ = write!(out, "{name}={}", values.join(","));
        };
        // CQL2 brings its own order; its text is one value.
        field("filter", self.cql.iter().map(|c| c.canonical().to_owned()).collect());
        field("near", self.near.iter().map(|n| format!("{},{},{}", n.at.lon(), n.at.lat(), n.radius)).collect());
        field("q", self.q.iter().flat_map(|q| fold(q).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect());
        for (name, values) in &self.properties {
            field(&format!("properties.{name}"), values.clone());
        }
        let edge = |e: Option<Edge>| e.map_or_else(|| "..".to_owned(), |e| e.to_string());
        field("bbox", self.bbox.iter().map(|b| format!("{:?}", b.to_array())).collect());
        field("within", self.within.iter().map(ToString::to_string).collect());
        field("theme", self.theme.iter().map(ToString::to_string).collect());
        field("kind", self.kind.clone());
        field("postcode", self.postcode.clone());
        field("datetime", self.datetime.iter().map(|d| format!("{}/{}", edge(d.start), edge(d.end))).collect());
        field("example", self.example.iter().map(ToString::to_string).collect());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where clocks show UTC.
    fn at(text: &str) -> Clock {
        clock(text, 0)
    }

    fn clock(text: &str, hours: i64) -> Clock {
        let utc = Instant::parse(text).unwrap();
        Clock { utc, local: Instant::from_unix(utc.unix() + hours * 3_600) }
    }

    #[test]
    fn the_same_filter_in_another_order_is_one_text() {
        let a = Filter { theme: vec![3, 1, 3], kind: vec!["b".into(), "a".into()], ..Filter::default() };
        let b = Filter { theme: vec![1, 3], kind: vec!["a".into(), "b".into(), "a".into()], ..Filter::default() };
        assert_eq!(a.canonical(), b.canonical());
        let c = Filter { kind: vec!["a,b".into()], ..Filter::default() };
        let d = Filter { kind: vec!["a".into(), "b".into()], ..Filter::default() };
        assert_ne!(c.canonical(), d.canonical());
        assert_eq!(Filter::default().canonical(), "");
    }

    #[test]
    fn intervals_are_half_open_and_days_are_whole() {
        let day = Interval::parse("2026-11-21").unwrap();
        assert!(day.overlaps(at("2026-11-21T23:00:00Z"), at("2026-11-22T01:00:00Z")));
        assert!(!day.overlaps(at("2026-11-22T00:00:00Z"), at("2026-11-22T01:00:00Z")));
        assert!(!day.overlaps(at("2026-11-20T20:00:00Z"), at("2026-11-21T00:00:00Z")), "it ended as the day began");
        assert!(day.overlaps(at("2026-11-21T00:00:00Z"), at("2026-11-21T00:00:00Z")), "no duration, but that day");
        let open = Interval::parse("2026-11-21T10:00:00Z/..").unwrap();
        assert!(open.overlaps(at("2026-11-21T09:00:00Z"), at("2026-11-21T10:00:01Z")));
        assert!(!open.overlaps(at("2026-11-21T09:00:00Z"), at("2026-11-21T10:00:00Z")));
        let month = Interval::parse("2026-11-01/2026-11-30").unwrap();
        assert!(month.overlaps(at("2026-11-30T22:00:00Z"), at("2026-11-30T23:00:00Z")), "the last day is whole");
    }

    #[test]
    fn a_day_is_that_of_the_place_and_an_instant_the_same_everywhere() {
        let night = |hours| [clock("2026-03-15T21:00:00Z", hours), clock("2026-03-15T23:00:00Z", hours)];
        let meets = |text: &str, hours| {
            let [start, end] = night(hours);
            Interval::parse(text).unwrap().overlaps(start, end)
        };
        assert!(meets("2026-03-16", 4) && !meets("2026-03-15", 4), "one in the night of the 16th in La Réunion");
        assert!(meets("2026-03-15", -4) && !meets("2026-03-16", -4));
        assert!(meets("../2026-03-15", 0) && !meets("../2026-03-15", 4) && meets("2026-03-16/..", 4));
        for hours in [-10, 0, 4, 12] {
            assert!(meets("2026-03-15T22:00:00Z", hours) && !meets("2026-03-15T23:00:00Z/..", hours));
        }
        assert!(Interval::parse("2026-03-16/2026-03-15T21:00:00Z").is_some(), "in La Réunion that is no mistake");
        assert_eq!(Interval::parse("2026-03-16/2026-03-14T23:00:00Z"), None);
        let canonical = |text: &str| Filter { datetime: Interval::parse(text), ..Filter::default() }.canonical();
        assert_ne!(canonical("2026-03-16"), canonical("2026-03-16T00:00:00Z/2026-03-17T00:00:00Z"));
        assert_eq!(canonical("2026-03-16"), canonical("2026-03-16/2026-03-16"));
    }

    #[test]
    fn a_moment_meets_what_is_going_on() {
        assert_eq!(Interval::parse("2026-01-02/2026-01-01"), None, "the end lies before the start");
        let moment = Interval::parse("2026-11-21T10:00:00Z").unwrap();
        assert!(moment.overlaps(at("2026-11-21T10:00:00Z"), at("2026-11-21T11:00:00Z")));
        assert!(moment.overlaps(at("2026-11-21T09:00:00Z"), at("2026-11-21T11:00:00Z")));
        assert!(moment.overlaps(at("2026-11-21T10:00:00Z"), at("2026-11-21T10:00:00Z")));
        assert!(!moment.overlaps(at("2026-11-21T09:00:00Z"), at("2026-11-21T10:00:00Z")));
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for bad in ["", "/", "../..", "yesterday", "2026-12-01/2026-11-01", "2026-11-01/x", "1/2/3"] {
            assert_eq!(Interval::parse(bad), None, "{bad}");
        }
    }
}
