//! The filter that items, counts, tiles and exports share.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use parvis_model::{Bbox, Collection, Instant, LonLat, UnitId, fold};

use crate::cql::Cql;

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
    pub start: Option<Instant>,
    /// To, not included; equal to `start` for a moment.
    pub end: Option<Instant>,
}

impl Interval {
    /// Parses the `datetime` parameter of OGC API Features: a moment or a day, or two of them with
    /// `/` between, `..` or nothing for an open side. A day stands for all of it in UTC, at the end too.
    /// `None` for anything else, for two open sides, and when the end lies before the start.
    pub fn parse(text: &str) -> Option<Self> {
        let open = |t: &str| t.is_empty() || t == "..";
        let Some((from, to)) = text.split_once('/') else {
            let start = Instant::parse(text)?;
            return Some(Self { start: Some(start), end: Some(day_end(text).unwrap_or(start)) });
        };
        if open(from) && open(to) {
            return None;
        }
        let start = if open(from) { None } else { Some(Instant::parse(from)?) };
        let end = if open(to) { None } else { Some(day_end(to).or_else(|| Instant::parse(to))?) };
        // A day as the end stands for all of it, so the two are compared as they were written.
        let written = if open(to) { None } else { Instant::parse(to) };
        if let (Some(start), Some(end)) = (start, written)
            && end < start
        {
            return None;
        }
        Some(Self { start, end })
    }

    /// Whether something from `start` to `end` (excluded) takes place in the interval. What has no
    /// duration takes place at its start; a moment meets what is going on then.
    pub fn overlaps(self, start: Instant, end: Instant) -> bool {
        let moment = |at: Instant| self.start == self.end && self.start == Some(at);
        if moment(start) {
            return true;
        }
        let before_end = self.end.is_none_or(|e| start < e);
        let after_start = self.start.is_none_or(|s| if start == end { start >= s } else { end > s });
        before_end && after_start
    }
}

fn day_end(text: &str) -> Option<Instant> {
    let is_day = text.len() == 10 && !text.contains(['T', 't']);
    is_day.then(|| Instant::parse(text).map(|t| Instant::from_unix(t.unix() + 86_400))).flatten()
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
        let instant = |t: Option<Instant>| t.map_or_else(|| "..".to_owned(), |t| t.to_string());
        field("bbox", self.bbox.iter().map(|b| format!("{:?}", b.to_array())).collect());
        field("within", self.within.iter().map(ToString::to_string).collect());
        field("theme", self.theme.iter().map(ToString::to_string).collect());
        field("kind", self.kind.clone());
        field("postcode", self.postcode.clone());
        field("datetime", self.datetime.iter().map(|d| format!("{}/{}", instant(d.start), instant(d.end))).collect());
        field("example", self.example.iter().map(ToString::to_string).collect());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
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
