//! Units as a filter sees them: their records and boundaries. Positions are rows.

use parvis_model::{Bbox, Collection, LonLat, Marks, UnitId};
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::area::{Circle, Compared};
use super::compile::Field;
use super::eval::Rows;
use super::plan::Source;
use super::points::Codes;
use super::queryable::level_of;
use crate::cql::{Relation, Shape};
use crate::filter::Near;
use crate::index::{PreparedPolygon, UnitRecord, UnitTable};
use crate::{Clock, Interval};

/// The units of one level, by row.
pub(super) struct UnitRows<'u> {
    units: &'u UnitTable,
    collection: Collection,
    rows: usize,
    columns: Vec<Option<Column>>,
    /// All postal codes of the level, in order.
    postcodes: Vec<&'u str>,
}

/// Which part of a record a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Level,
    Subtype,
    Code,
    Name,
    NameFr,
    NameEn,
    Above(usize),
    SameTerritoryAs,
    Postcodes,
    Population,
    Area,
    Status,
    Lon,
    Lat,
}

impl Column {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "level" => Self::Level,
            "subtype" => Self::Subtype,
            "code" => Self::Code,
            "name" => Self::Name,
            "name_fr" => Self::NameFr,
            "name_en" => Self::NameEn,
            "same_territory_as" => Self::SameTerritoryAs,
            "postcodes" => Self::Postcodes,
            "population" => Self::Population,
            "area_km2" => Self::Area,
            "status" => Self::Status,
            "lon" => Self::Lon,
            "lat" => Self::Lat,
            name => Self::Above(level_of(name)?.index()),
        })
    }
}

impl<'u> UnitRows<'u> {
    pub(super) fn new(units: &'u UnitTable, collection: Collection, rows: u32) -> Self {
        let columns = collection.fields().iter().map(|f| Column::of(f.name)).collect();
        let codes = |row| units.by_row(collection, row).map(|u| u.postcodes.iter().map(AsRef::as_ref));
        let mut postcodes: Vec<&str> = (0..rows).filter_map(codes).flatten().collect();
        postcodes.sort_unstable();
        postcodes.dedup();
        Self { units, collection, rows: rows as usize, columns, postcodes }
    }

    fn unit(&self, at: usize) -> Option<&'u UnitRecord> {
        self.units.by_row(self.collection, at as u32)
    }

    fn column(&self, field: Field) -> Option<Column> {
        self.columns.get(field).copied().flatten()
    }

    fn boundary(&self, at: usize) -> Option<(&'u PreparedPolygon, Bbox)> {
        let unit = self.unit(at)?;
        Some((self.units.polygon(unit.number)?, unit.bbox?))
    }

    /// The rows whose boundary passes a test.
    fn rows_with(&self, test: impl Fn(&PreparedPolygon, Bbox) -> bool + Sync) -> Marks {
        let passes = |at: &usize| self.boundary(*at).is_some_and(|(polygon, around)| test(polygon, around));
        let found: Vec<usize> = (0..self.rows).into_par_iter().filter(passes).collect();
        let mut rows = Marks::none(self.rows);
        for at in found {
            rows.insert(at);
        }
        rows
    }
}

impl Rows for UnitRows<'_> {
    fn number(&self, field: Field, at: usize) -> Option<f64> {
        let unit = self.unit(at)?;
        match self.column(field)? {
            Column::Level => Some(f64::from(unit.level.rank())),
            Column::Population => unit.population.map(|p| p as f64),
            Column::Area => unit.area_km2,
            Column::Lon => unit.label.map(LonLat::lon),
            Column::Lat => unit.label.map(LonLat::lat),
            _ => None,
        }
    }

    fn text(&self, field: Field, at: usize) -> Option<&str> {
        let unit = self.unit(at)?;
        match self.column(field)? {
            Column::Id => Some(unit.id.as_str()),
            Column::Subtype => unit.subtype.as_deref(),
            Column::Code => Some(&*unit.code).filter(|c| !c.is_empty()),
            Column::Name => Some(&unit.name),
            Column::NameFr => unit.name_fr.as_deref(),
            Column::NameEn => unit.name_en.as_deref(),
            // As the files have it: its own level is empty.
            Column::Above(level) if level == unit.level.index() => None,
            Column::Above(level) => self.units.get(unit.above[level]).map(|u| u.id.as_str()),
            Column::SameTerritoryAs => unit.same_territory_as.as_ref().map(UnitId::as_str),
            Column::Status => Some(unit.status.name()),
            _ => None,
        }
    }

    fn time(&self, _: Field, _: usize) -> Option<Clock> {
        None
    }

    fn truth(&self, _: Field, _: usize) -> Option<bool> {
        None
    }

    fn list(&self, field: Field, at: usize) -> Option<Vec<&str>> {
        let unit = self.unit(at)?;
        (self.column(field)? == Column::Postcodes).then(|| unit.postcodes.iter().map(AsRef::as_ref).collect())
    }

    fn relates(&self, at: usize, relation: Relation, shape: &Shape) -> Option<bool> {
        self.boundary(at).map(|(polygon, around)| Compared::new(shape).relates(polygon, around, relation))
    }

    fn has_geometry(&self, at: usize) -> bool {
        self.boundary(at).is_some()
    }
}

impl Source for UnitRows<'_> {
    fn collection(&self) -> Collection {
        self.collection
    }

    fn len(&self) -> usize {
        self.rows
    }

    fn holds(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    fn codes(&self, _: Field) -> Option<Codes<'_>> {
        None
    }

    fn located(&self) -> Marks {
        self.rows_with(|_, _| true)
    }

    fn lying(&self, relation: Relation, shape: &Shape) -> Marks {
        let compared = Compared::new(shape);
        self.rows_with(|polygon, around| match shape.bbox() {
            Some(bbox) if relation == Relation::Intersects => around.intersects(bbox) && polygon.intersects(bbox),
            _ => compared.relates(polygon, around, relation),
        })
    }

    fn in_bbox(&self, bbox: Bbox) -> Marks {
        self.rows_with(|polygon, around| around.intersects(bbox) && polygon.intersects(bbox))
    }

    fn near(&self, near: Near) -> Marks {
        let circle = Circle::new(near);
        self.rows_with(|polygon, around| {
            circle.around().is_none_or(|b| b.intersects(around)) && circle.meets_polygon(polygon)
        })
    }

    fn positions(&self, rows: &RoaringBitmap) -> Marks {
        let mut positions = Marks::none(self.rows);
        rows.iter().filter(|row| (*row as usize) < self.rows).for_each(|row| positions.insert(row as usize));
        positions
    }

    fn themed(&self, _: usize, _: u16) -> u64 {
        0
    }

    fn overlaps(&self, _: usize, _: Interval) -> bool {
        // Units have no time: all match (OGC API Features 7.15.4).
        true
    }

    fn within(&self, at: usize, unit: &UnitRecord) -> bool {
        self.unit(at).is_some_and(|u| unit.subtree().contains(&u.above[unit.level.index()]))
    }

    fn has_postcode(&self, at: usize, wanted: &[u32]) -> bool {
        let Some(unit) = self.unit(at) else { return false };
        wanted
            .iter()
            .any(|&w| self.postcodes.get(w as usize).is_some_and(|code| unit.postcodes.iter().any(|p| **p == **code)))
    }

    fn postcodes(&self, wanted: &[String]) -> Vec<u32> {
        let place = |code: &String| self.postcodes.binary_search(&code.as_str()).ok().map(|at| at as u32);
        wanted.iter().filter_map(place).collect()
    }
}
