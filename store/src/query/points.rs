//! Actors and events as a filter sees them: the columns of the index.

use parvis_model::{Bbox, Collection, Marks, ones, themes};
use roaring::RoaringBitmap;

use super::area;
use super::compile::Field;
use super::eval::Rows;
use super::plan::Source;
use super::queryable::level_of;
use crate::cql::{Relation, Shape};
use crate::filter::Near;
use crate::index::{PointIndex, UnitRecord, UnitTable};
use crate::{Clock, Interval};

/// The columns of a point index by the fields of their collection.
pub(super) struct PointRows<'p> {
    points: &'p PointIndex,
    units: &'p UnitTable,
    collection: Collection,
    columns: Vec<Option<Column>>,
}

/// Which column of the index a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Kind,
    Name,
    Theme,
    Themes,
    Postcode,
    Lon,
    Lat,
    Unit(usize),
    Example,
    Start,
    End,
}

impl Column {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "kind" => Self::Kind,
            "name" => Self::Name,
            "theme" => Self::Theme,
            "themes" => Self::Themes,
            "postcode" => Self::Postcode,
            "lon" => Self::Lon,
            "lat" => Self::Lat,
            "example" => Self::Example,
            "start" => Self::Start,
            "end" => Self::End,
            name => Self::Unit(level_of(name)?.index()),
        })
    }
}

impl<'p> PointRows<'p> {
    pub(super) fn new(points: &'p PointIndex, units: &'p UnitTable, collection: Collection) -> Self {
        let columns = collection.fields().iter().map(|f| Column::of(f.name)).collect();
        Self { points, units, collection, columns }
    }

    fn column(&self, field: Field) -> Option<Column> {
        self.columns.get(field).copied().flatten()
    }

    fn coded(&self, field: Field) -> Option<Codes<'p>> {
        let points = self.points;
        Some(match self.column(field)? {
            Column::Kind => Codes::Kind(&points.kind, &points.kinds),
            Column::Theme => Codes::Theme(&points.theme_bits, &points.first_theme),
            Column::Themes => Codes::Themes(&points.theme_bits),
            Column::Postcode => Codes::Postcode(&points.postcode, &points.postcodes),
            Column::Unit(level) => Codes::Unit(&points.units[level], self.units.records()),
            Column::Example => Codes::Example(&points.example),
            _ => return None,
        })
    }
}

impl Rows for PointRows<'_> {
    fn number(&self, field: Field, at: usize) -> Option<f64> {
        let column = match self.column(field)? {
            Column::Lon => &self.points.lon,
            Column::Lat => &self.points.lat,
            _ => return None,
        };
        column.get(at).copied().filter(|n| !n.is_nan())
    }

    fn text(&self, field: Field, at: usize) -> Option<&str> {
        match self.column(field)? {
            Column::Id => Some(self.points.id(at)),
            Column::Name => Some(self.points.name(at)),
            _ => {
                let codes = self.coded(field)?;
                codes.shown(codes.code(at))
            }
        }
    }

    fn time(&self, field: Field, at: usize) -> Option<Clock> {
        let [start, end] = self.points.clocks(at)?;
        match self.column(field)? {
            Column::Start => Some(start),
            Column::End => Some(end),
            _ => None,
        }
    }

    fn truth(&self, field: Field, at: usize) -> Option<bool> {
        (self.column(field)? == Column::Example).then(|| self.points.example(at))
    }

    fn list(&self, field: Field, at: usize) -> Option<Vec<&str>> {
        (self.column(field)? == Column::Themes).then(|| theme_codes(self.points.theme_bits[at]))
    }

    fn relates(&self, at: usize, relation: Relation, shape: &Shape) -> Option<bool> {
        self.points.place(at).map(|p| area::place_lies(p, relation, shape))
    }

    fn has_geometry(&self, at: usize) -> bool {
        at < self.points.located()
    }
}

fn theme_codes(bits: u16) -> Vec<&'static str> {
    ones(u64::from(bits)).filter_map(|t| themes().get(t)).map(|t| t.code.as_str()).collect()
}

impl Source for PointRows<'_> {
    fn collection(&self) -> Collection {
        self.collection
    }

    fn len(&self) -> usize {
        self.points.len()
    }

    fn holds(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    fn codes(&self, field: Field) -> Option<Codes<'_>> {
        self.coded(field)
    }

    fn located(&self) -> Marks {
        let mut located = Marks::none(self.points.len());
        located.insert_range(0..self.points.located());
        located
    }

    fn lying(&self, relation: Relation, shape: &Shape) -> Marks {
        area::lying(self.points, relation, shape)
    }

    fn in_bbox(&self, bbox: Bbox) -> Marks {
        area::in_bbox(self.points, bbox)
    }

    fn near(&self, near: Near) -> Marks {
        area::near(self.points, near)
    }

    fn positions(&self, rows: &RoaringBitmap) -> Marks {
        let mut positions = Marks::none(self.points.len());
        rows.iter().filter_map(|row| self.points.position(row)).for_each(|at| positions.insert(at));
        positions
    }

    fn themed(&self, word: usize, themes: u16) -> u64 {
        let rest = self.points.theme_bits.get(word * 64..).unwrap_or_default();
        let mut flags = [0; 64];
        // A whole word is a loop of known length, which the compiler does sixteen at a time.
        match rest.first_chunk::<64>() {
            Some(whole) => flags = whole.map(|set| u8::from(set & themes != 0)),
            None => flags.iter_mut().zip(rest).for_each(|(flag, set)| *flag = u8::from(set & themes != 0)),
        }
        bits(&flags)
    }

    fn overlaps(&self, at: usize, when: Interval) -> bool {
        self.points.overlaps(at, when)
    }

    fn within(&self, at: usize, unit: &UnitRecord) -> bool {
        unit.subtree().contains(&self.points.units[unit.level.index()][at])
    }

    fn has_postcode(&self, at: usize, wanted: &[u32]) -> bool {
        wanted.contains(&self.points.postcode[at])
    }

    fn postcodes(&self, wanted: &[String]) -> Vec<u32> {
        let places = (0u32..).zip(&self.points.postcodes);
        places.filter(|(_, p)| wanted.iter().any(|w| **w == ***p)).map(|(at, _)| at).collect()
    }
}

/// Bytes that are 0 or 1 as the bits of a word. The product has the lowest bit of byte k at bit 56 + k: it is moved by
/// 56 - 7 k, and no two of the others meet there.
fn bits(flags: &[u8; 64]) -> u64 {
    let eight = |flags: &[u8; 8]| u64::from_le_bytes(*flags).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let (eights, _) = flags.as_chunks();
    (0..).zip(eights).fold(0, |word, (at, flags)| word | eight(flags) << (8 * at))
}

/// A column of few values: each row has the number of its value, or one beyond the last for none.
pub(super) enum Codes<'p> {
    Kind(&'p [u8], &'p [&'static str]),
    Theme(&'p [u16], &'p [u8]),
    Themes(&'p [u16]),
    Postcode(&'p [u32], &'p [Box<str>]),
    Unit(&'p [u32], &'p [UnitRecord]),
    Example(&'p [bool]),
}

impl<'p> Codes<'p> {
    /// How many values there are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Kind(_, names) => names.len(),
            Self::Theme(..) => themes().len(),
            Self::Themes(_) => 1 << themes().len(),
            Self::Postcode(_, texts) => texts.len(),
            Self::Unit(_, units) => units.len(),
            Self::Example(_) => 2,
        }
    }

    fn code(&self, at: usize) -> usize {
        match self {
            Self::Kind(column, _) => usize::from(column[at]),
            Self::Theme(bits, first) if bits[at] != 0 => usize::from(first[at]),
            Self::Theme(..) => usize::MAX,
            Self::Themes(bits) => usize::from(bits[at]),
            // Beyond the last where there is none.
            Self::Postcode(column, _) | Self::Unit(column, _) => column[at] as usize,
            Self::Example(column) => usize::from(column[at]),
        }
    }

    /// The text of a number.
    fn shown(&self, code: usize) -> Option<&'p str> {
        match self {
            Self::Kind(_, names) => names.get(code).copied(),
            Self::Theme(..) => themes().get(code).map(|t| t.code.as_str()),
            Self::Postcode(_, texts) => texts.get(code).map(AsRef::as_ref),
            Self::Unit(_, units) => units.get(code).map(|u| u.id.as_str()),
            Self::Themes(_) | Self::Example(_) => None,
        }
    }

    /// The rows of `word` that are in `mask`: what is true of them, and what neither, by their number.
    pub(super) fn word(&self, word: usize, mask: u64, truths: &[Option<bool>]) -> [u64; 2] {
        let last = truths.len() - 1;
        let mut found = [0, 0];
        for bit in ones(mask) {
            match truths[self.code(word * 64 + bit).min(last)] {
                Some(yes) => found[0] |= u64::from(yes) << bit,
                None => found[1] |= 1 << bit,
            }
        }
        found
    }
}

/// The rows are the values here: what holds of a value holds of every row that has it.
impl Rows for Codes<'_> {
    fn number(&self, _: Field, _: usize) -> Option<f64> {
        None
    }

    fn text(&self, _: Field, at: usize) -> Option<&str> {
        self.shown(at)
    }

    fn time(&self, _: Field, _: usize) -> Option<Clock> {
        None
    }

    fn truth(&self, _: Field, at: usize) -> Option<bool> {
        (matches!(self, Self::Example(_)) && at < 2).then_some(at == 1)
    }

    fn list(&self, _: Field, at: usize) -> Option<Vec<&str>> {
        (matches!(self, Self::Themes(_)) && at < self.count()).then(|| theme_codes(at as u16))
    }

    fn relates(&self, _: usize, _: Relation, _: &Shape) -> Option<bool> {
        None
    }

    fn has_geometry(&self, _: usize) -> bool {
        false
    }
}
