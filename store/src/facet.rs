//! How many rows of a selection have each value of a field.

use std::collections::HashMap;

use parvis_model::{ActorKind, AdminLevel, EventKind, Instant, SetCounter, themes};

use crate::index::PointIndex;
use crate::tally::{by_set, tally};
use crate::{FilterError, Selection, Snapshot};

/// What rows are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FacetField {
    /// Every theme of a row, leading or not: a row counts for each.
    Theme,
    /// The kind; of units their subtype.
    Kind,
    /// The postal code; a unit counts for each of its own.
    Postcode,
    /// Made up for demonstration, or not.
    Example,
    /// The day in UTC that an event starts on, `2026-03-01`.
    Day,
    /// The unit of a level around it, or itself.
    Unit(AdminLevel),
}

/// The values of a field and how many rows have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// Every value that a row has, and the rows; the most frequent first, equals by value.
    pub values: Vec<(String, u64)>,
    /// Rows without a value.
    pub missing: u64,
}

/// Seconds of a day.
const DAY_S: i64 = 86_400;

impl FacetField {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Theme,
        Self::Kind,
        Self::Postcode,
        Self::Example,
        Self::Day,
        Self::Unit(AdminLevel::Country),
        Self::Unit(AdminLevel::Region),
        Self::Unit(AdminLevel::Department),
        Self::Unit(AdminLevel::Intercommunality),
        Self::Unit(AdminLevel::Municipality),
        Self::Unit(AdminLevel::Neighbourhood),
    ];

    /// `theme`, `kind`, `day`, `department`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Kind => "kind",
            Self::Postcode => "postcode",
            Self::Example => "example",
            Self::Day => "day",
            Self::Unit(level) => level.prefix(),
        }
    }

    /// The field of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

impl Snapshot {
    /// Counts the rows of a selection by a field: exact. O(rows of the selection), on all cores.
    ///
    /// # Errors
    /// [`FilterError::NotAField`] when rows of the collection have no such field.
    pub fn facet(&self, selection: &Selection, field: FacetField) -> Result<Facet, FilterError> {
        let collection = selection.collection();
        let (mut values, missing) = match self.points(collection) {
            Some(points) if field == FacetField::Day && points.start.is_empty() && !points.is_empty() => {
                return Err(FilterError::NotAField { parameter: field.name(), collection });
            }
            Some(points) => self.facet_points(points, selection, field),
            None => self.facet_units(selection, field)?,
        };
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(Facet { field, values, missing })
    }

    fn facet_points(&self, points: &PointIndex, selection: &Selection, field: FacetField) -> (Vec<(String, u64)>, u64) {
        match field {
            FacetField::Theme => by_theme(points, selection),
            FacetField::Kind => by_kind(points, selection),
            FacetField::Postcode => {
                let slots = points.postcodes.len();
                named(&tally(points, selection, slots, |at| points.postcode[at] as usize), |i| &points.postcodes[i])
            }
            FacetField::Example => {
                let counts = tally(points, selection, 2, |at| usize::from(points.example[at]));
                named(&counts, |i| if i == 1 { "true" } else { "false" })
            }
            FacetField::Day => by_day(points, selection),
            FacetField::Unit(level) => {
                let (units, column) = (self.units().records(), &points.units[level.index()]);
                named(&tally(points, selection, units.len(), |at| column[at] as usize), |i| units[i].id.as_str())
            }
        }
    }

    fn facet_units(&self, selection: &Selection, field: FacetField) -> Result<(Vec<(String, u64)>, u64), FilterError> {
        let collection = selection.collection();
        let has_field = match field {
            FacetField::Kind | FacetField::Postcode => true,
            FacetField::Unit(level) => collection.level().is_some_and(|own| level <= own),
            FacetField::Theme | FacetField::Example | FacetField::Day => false,
        };
        if !has_field {
            return Err(FilterError::NotAField { parameter: field.name(), collection });
        }
        let mut counts: HashMap<&str, u64> = HashMap::new();
        let mut missing = 0;
        for unit in selection.rows().filter_map(|row| self.units().by_row(collection, row)) {
            let values: Vec<&str> = match field {
                FacetField::Kind => unit.subtype.as_deref().into_iter().collect(),
                FacetField::Postcode => unit.postcodes.iter().map(AsRef::as_ref).collect(),
                FacetField::Unit(level) => {
                    self.units().get(unit.above[level.index()]).map(|above| above.id.as_str()).into_iter().collect()
                }
                FacetField::Theme | FacetField::Example | FacetField::Day => Vec::new(),
            };
            missing += u64::from(values.is_empty());
            for value in values {
                *counts.entry(value).or_default() += 1;
            }
        }
        Ok((counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect(), missing))
    }
}

fn by_theme(points: &PointIndex, selection: &Selection) -> (Vec<(String, u64)>, u64) {
    let (counts, missing) = by_set(points, selection, |at| points.theme_bits[at]);
    let counts = themes().iter().map(|theme| theme.code.clone()).zip(counts);
    (counts.filter(|(_, count)| *count > 0).collect(), missing)
}

const _: () = assert!(ActorKind::ALL.len() <= SetCounter::SIZE && EventKind::ALL.len() <= SetCounter::SIZE);

fn by_kind(points: &PointIndex, selection: &Selection) -> (Vec<(String, u64)>, u64) {
    let (counts, missing) = by_set(points, selection, |at| 1 << points.kind[at]);
    let counts = points.kinds.iter().map(|kind| (*kind).to_owned()).zip(counts);
    (counts.filter(|(_, count)| *count > 0).collect(), missing)
}

/// Events by the day they start on, as `datetime` counts days: where they take place.
fn by_day(points: &PointIndex, selection: &Selection) -> (Vec<(String, u64)>, u64) {
    let mut counts: HashMap<i64, u64> = HashMap::new();
    let mut missing = 0;
    for row in selection.rows() {
        match points.position(row).and_then(|at| points.clocks(at)) {
            Some([start, _]) => *counts.entry(start.local.unix().div_euclid(DAY_S)).or_default() += 1,
            None => missing += 1,
        }
    }
    let name = |day: i64| Instant::from_unix(day * DAY_S).to_string().chars().take(10).collect();
    (counts.into_iter().map(|(day, count)| (name(day), count)).collect(), missing)
}

/// Slots that have rows, by name; the last slot is of rows without a value.
fn named<'n>(counts: &[u64], name: impl Fn(usize) -> &'n str) -> (Vec<(String, u64)>, u64) {
    let (missing, counts) = counts.split_last().map_or((0, &[][..]), |(missing, counts)| (*missing, counts));
    let present = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    (present.map(|(slot, count)| (name(slot).to_owned(), *count)).collect(), missing)
}
