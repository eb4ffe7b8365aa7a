//! Building the table of units from an edition.

use std::collections::{HashMap, HashSet};

use geo::BoundingRect;
use geo_types::{Geometry, MultiPolygon};
use parvis_model::{AdminLevel, Bbox, Collection, LonLat, UnitId, UnitStatus};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::points::NO_UNIT;
use super::{PreparedPolygon, UnitRecord, UnitTable};
use crate::table::GEOMETRY;
use crate::table::read::{Columns, batches};
use crate::{Edition, StoreError};

const COLUMNS: [&str; 20] = [
    "id",
    "subtype",
    "code",
    "name",
    "name_fr",
    "name_en",
    "country_id",
    "region_id",
    "department_id",
    "intercommunality_id",
    "municipality_id",
    "parent_id",
    "same_territory_as",
    "postcodes",
    "population",
    "area_km2",
    "status",
    "lon",
    "lat",
    GEOMETRY,
];

/// A unit as its row has it: ids, no numbers.
struct Raw {
    record: UnitRecord,
    above: [Option<UnitId>; 6],
    parent: Option<UnitId>,
    polygon: Option<PreparedPolygon>,
}

impl UnitTable {
    /// Reads the six tables and numbers the units.
    pub(crate) fn read(edition: &Edition) -> Result<Self, StoreError> {
        let levels: Vec<Vec<Raw>> =
            AdminLevel::ALL.par_iter().map(|&level| read_level(edition, level)).collect::<Result<_, _>>()?;
        Ok(number(levels.into_iter().flatten().collect()))
    }
}

fn read_level(edition: &Edition, level: AdminLevel) -> Result<Vec<Raw>, StoreError> {
    let collection = level.collection();
    if edition.manifest().collection(collection).is_none() {
        return Ok(Vec::new());
    }
    let part = edition.require(collection, "parquet")?;
    let mut raws = Vec::new();
    batches(edition, &part.path, &COLUMNS, |batch| {
        let columns = Columns { batch: &batch, path: &part.path };
        let first = raws.len() as u32;
        let rows: Vec<usize> = (0..batch.num_rows()).collect();
        let read: Result<Vec<Raw>, StoreError> =
            rows.into_par_iter().map(|at| read_row(&columns, collection, at, first + at as u32)).collect();
        raws.extend(read?);
        Ok(())
    })?;
    Ok(raws)
}

fn read_row(columns: &Columns<'_>, collection: Collection, at: usize, row: u32) -> Result<Raw, StoreError> {
    use duckdb::arrow::array::Array;
    let text = |column: usize| -> Result<Option<&str>, StoreError> {
        let texts = columns.text(column)?;
        Ok((!texts.is_null(at)).then(|| texts.value(at)))
    };
    let float = |column: usize| columns.float(column).map(|f| (!f.is_null(at)).then(|| f.value(at)));
    let unit = |column: usize| text(column).map(|t| t.and_then(UnitId::parse));
    let damaged = |detail: String| StoreError::DamagedPart {
        path: columns.path.to_owned(),
        detail: format!("row {row}: {detail}"),
    };
    let id = unit(0)?.ok_or_else(|| damaged("no unit id".to_owned()))?;
    if id.level().collection() != collection {
        return Err(damaged(format!("{id} does not belong to {collection}")));
    }
    let status = text(16)?.unwrap_or_default();
    let status = UnitStatus::ALL.into_iter().find(|s| s.name() == status).unwrap_or(UnitStatus::Missing);
    let population = columns.integer(14)?;
    let shape = match columns.geometry(19, at)? {
        Some(Geometry::MultiPolygon(shape)) => Some(shape),
        Some(Geometry::Polygon(shape)) => Some(MultiPolygon(vec![shape])),
        _ => None,
    };
    let label = match (float(17)?, float(18)?) {
        (Some(lon), Some(lat)) => LonLat::new(lon, lat),
        _ => None,
    };
    let record = UnitRecord {
        level: id.level(),
        id,
        number: 0,
        subtree_end: 0,
        subtype: text(1)?.map(Into::into),
        code: text(2)?.unwrap_or_default().into(),
        name: text(3)?.unwrap_or_default().into(),
        name_fr: text(4)?.map(Into::into),
        name_en: text(5)?.map(Into::into),
        parent: None,
        above: [NO_UNIT; 6],
        row,
        bbox: shape.as_ref().and_then(BoundingRect::bounding_rect).and_then(Bbox::from_rect),
        label,
        population: (!population.is_null(at)).then(|| population.value(at).max(0) as u64),
        area_km2: float(15)?,
        status,
        same_territory_as: unit(12)?,
        postcodes: columns.texts(13)?.at(at)?.into_iter().map(Into::into).collect(),
    };
    let above = [unit(6)?, unit(7)?, unit(8)?, unit(9)?, unit(10)?, None];
    Ok(Raw { record, above, parent: unit(11)?, polygon: shape.as_ref().map(PreparedPolygon::new) })
}

/// Numbers depth first, children by level and id. A parent that is not there, or that would close a
/// circle, makes a unit stand at the top.
fn number(mut raws: Vec<Raw>) -> UnitTable {
    raws.par_sort_unstable_by(|a, b| a.record.level.cmp(&b.record.level).then_with(|| a.record.id.cmp(&b.record.id)));
    let places: HashMap<UnitId, usize> = raws.iter().enumerate().map(|(i, r)| (r.record.id.clone(), i)).collect();
    let parents: Vec<Option<usize>> = raws.iter().map(|r| places.get(r.parent.as_ref()?).copied()).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); raws.len()];
    for (child, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(child);
        }
    }
    let mut order = Vec::with_capacity(raws.len());
    let mut ends = vec![0u32; raws.len()];
    let mut seen = HashSet::with_capacity(raws.len());
    let roots = (0..raws.len()).filter(|&i| parents[i].is_none());
    // What no root reaches goes round in a circle; its first unit serves as a root.
    for root in roots.chain(0..raws.len()) {
        walk(root, &children, &mut order, &mut ends, &mut seen);
    }
    let mut numbers = vec![NO_UNIT; raws.len()];
    for (number, &place) in order.iter().enumerate() {
        numbers[place] = number as u32;
    }
    let number_of = |id: &Option<UnitId>| id.as_ref().and_then(|id| places.get(id)).map_or(NO_UNIT, |&p| numbers[p]);
    for (place, raw) in raws.iter_mut().enumerate() {
        raw.record.number = numbers[place];
        raw.record.subtree_end = ends[place];
        raw.record.parent = parents[place].map(|p| numbers[p]).filter(|&p| p < numbers[place]);
        for (above, id) in raw.record.above.iter_mut().zip(&raw.above) {
            *above = number_of(id);
        }
        raw.record.above[raw.record.level.index()] = numbers[place];
    }
    raws.sort_unstable_by_key(|r| r.record.number);
    collect(raws)
}

/// Depth first without recursion: a hostile table could nest as deep as it has rows.
fn walk(root: usize, children: &[Vec<usize>], order: &mut Vec<usize>, ends: &mut [u32], seen: &mut HashSet<usize>) {
    if !seen.insert(root) {
        return;
    }
    order.push(root);
    let mut stack = vec![(root, 0)];
    while let Some((unit, next)) = stack.last_mut() {
        let Some(&child) = children[*unit].get(*next) else {
            ends[*unit] = order.len() as u32;
            stack.pop();
            continue;
        };
        *next += 1;
        if seen.insert(child) {
            order.push(child);
            stack.push((child, 0));
        }
    }
}

fn collect(raws: Vec<Raw>) -> UnitTable {
    let mut table = UnitTable::default();
    let mut boxes = Vec::new();
    for raw in raws {
        let record = raw.record;
        if let (Some(_), Some(bbox)) = (&raw.polygon, record.bbox) {
            let [w, s, e, n] = bbox.to_array();
            boxes.push(GeomWithData::new(Rectangle::from_corners([w, s], [e, n]), record.number));
        }
        let rows = &mut table.by_row[record.level.index()];
        let row = record.row as usize;
        if rows.len() <= row {
            rows.resize(row + 1, NO_UNIT);
        }
        rows[row] = record.number;
        table.numbers.insert(record.id.clone(), record.number);
        table.polygons.push(raw.polygon);
        table.records.push(record);
    }
    table.boxes = RTree::bulk_load(boxes);
    table
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
