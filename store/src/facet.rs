//! How many rows of a selection have each value of a field.

use std::collections::HashMap;

use parvis_model::{AdminLevel, Instant, themes};
use rayon::prelude::*;

use crate::index::PointIndex;
use crate::query::ones;
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

/// So many rows are worth a task of their own.
const ROWS_A_TASK: usize = 1 << 16;

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
            FacetField::Kind => {
                let slots = points.kinds.len();
                named(&tally(points, selection, slots, |at| usize::from(points.kind[at])), |i| points.kinds[i])
            }
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

/// Counts the rows of a selection by a number below `slots`; what has a greater one ([`crate::NO_UNIT`], say) is
/// counted in one slot more.
fn tally(points: &PointIndex, selection: &Selection, slots: usize, slot: impl Fn(usize) -> usize + Sync) -> Vec<u64> {
    let count = |mut counts: Vec<u64>, at: usize| {
        counts[slot(at).min(slots)] += 1;
        counts
    };
    let none = || vec![0; slots + 1];
    let add = |mut all: Vec<u64>, more: Vec<u64>| {
        all.iter_mut().zip(more).for_each(|(sum, count)| *sum += count);
        all
    };
    if selection.is_all() {
        return (0..points.len()).into_par_iter().with_min_len(ROWS_A_TASK).fold(none, count).reduce(none, add);
    }
    if let Some(taken) = selection.positions() {
        // In the order of the columns, a word of bits at a time.
        let words = taken.words().par_iter().enumerate().with_min_len(ROWS_A_TASK / 64);
        let count =
            |counts: Vec<u64>, (word, &bits): (usize, &u64)| ones(bits).map(|bit| word * 64 + bit).fold(counts, count);
        return words.fold(none, count).reduce(none, add);
    }
    let rows: Vec<u32> = selection.rows().collect();
    let positions = rows.par_iter().with_min_len(ROWS_A_TASK).filter_map(|row| points.position(*row));
    positions.fold(none, count).reduce(none, add)
}

/// Rows by their set of themes first, of which there are few, then each set for each of its themes.
fn by_theme(points: &PointIndex, selection: &Selection) -> (Vec<(String, u64)>, u64) {
    let themes = themes();
    let sets = tally(points, selection, 1 << themes.len(), |at| usize::from(points.theme_bits[at]));
    let of = |bit: usize| sets.iter().enumerate().filter(|(set, _)| set >> bit & 1 == 1).map(|(_, count)| count).sum();
    let counts = themes.iter().enumerate().map(|(bit, theme)| (theme.code.clone(), of(bit)));
    (counts.filter(|(_, count)| *count > 0).collect(), sets[0])
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
