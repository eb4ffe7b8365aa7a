//! Building the table of units from an edition.

use std::collections::HashMap;

use parvis_model::{AdminLevel, Collection, LonLat, UnitId, UnitStatus};
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::points::NO_UNIT;
use super::{PreparedPolygon, UnitRecord, UnitTable};
use crate::table::GEOMETRY;
use crate::table::scan::{Columns, scan};
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
        let mut raws = Vec::with_capacity(levels.iter().map(Vec::len).sum());
        for mut level in levels {
            raws.append(&mut level);
        }
        Ok(number(raws))
    }
}

fn read_level(edition: &Edition, level: AdminLevel) -> Result<Vec<Raw>, StoreError> {
    let collection = level.collection();
    if edition.manifest().collection(collection).is_none() {
        return Ok(Vec::new());
    }
    let part = edition.require(collection, "parquet")?;
    scan(&part.path, &COLUMNS, |columns, first| {
        let mut known = <[Known; 6]>::default();
        let row = |at| read_row(columns, collection, at, (first + at) as u32, &mut known);
        (0..columns.rows()).map(row).collect()
    })
}

/// The id that a column had last: rows follow each other in space, so it is often the next one's too.
#[derive(Default)]
struct Known(Option<UnitId>);

impl Known {
    fn id(&mut self, text: Option<&str>) -> Option<UnitId> {
        let text = text?;
        if self.0.as_ref().is_none_or(|id| id.as_str() != text) {
            self.0 = UnitId::parse(text);
        }
        self.0.clone()
    }
}

fn read_row(
    columns: &Columns<'_>,
    collection: Collection,
    at: usize,
    row: u32,
    known: &mut [Known; 6],
) -> Result<Raw, StoreError> {
    let text = |column: usize| columns.text(column, at);
    let unit = |column: usize| text(column).map(|t| t.and_then(UnitId::parse));
    let damaged = |detail: &str| columns.damaged(row as usize, detail);
    let id = unit(0)?.ok_or_else(|| damaged("no unit id"))?;
    if id.level().collection() != collection {
        return Err(damaged(&format!("{id} does not belong to {collection}")));
    }
    let status = text(16)?.unwrap_or_default();
    let status = UnitStatus::ALL.into_iter().find(|s| s.name() == status).unwrap_or(UnitStatus::Missing);
    let shape = columns.wkb(19, at)?.map(PreparedPolygon::from_wkb).transpose();
    let (polygon, bbox) = shape.map_err(|e| damaged(&e.to_string()))?.flatten().unzip();
    let label = columns.float(17, at)?.zip(columns.float(18, at)?);
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
        bbox,
        label: label.and_then(|(lon, lat)| LonLat::new(lon, lat)),
        population: columns.integer(14, at)?.map(|p| p.max(0) as u64),
        area_km2: columns.float(15, at)?,
        status,
        same_territory_as: unit(12)?,
        postcodes: columns.texts(13, at)?.into_iter().map(Into::into).collect(),
    };
    let mut ids = [None, None, None, None, None, None];
    for ((id, column), known) in ids.iter_mut().zip(6..12).zip(known) {
        *id = known.id(text(column)?);
    }
    let [country, region, department, intercommunality, municipality, parent] = ids;
    let above = [country, region, department, intercommunality, municipality, None];
    Ok(Raw { record, above, parent, polygon })
}

/// Numbers depth first, children by level and id. A parent that is not there, or that would close a
/// circle, makes a unit stand at the top.
fn number(raws: Vec<Raw>) -> UnitTable {
    let key = |i: &usize| (raws[*i].record.level, &raws[*i].record.id);
    let mut sorted: Vec<usize> = (0..raws.len()).collect();
    sorted.par_sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    // Places among the sorted until the numbers are known.
    let mut numbers: HashMap<UnitId, u32> =
        sorted.iter().zip(0..).map(|(&i, place)| (raws[i].record.id.clone(), place)).collect();
    let place = |id: &UnitId| numbers.get(id).map(|&place| place as usize);
    let parents: Vec<Option<usize>> = sorted.iter().map(|&i| place(raws[i].parent.as_ref()?)).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); raws.len()];
    for (child, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            children[*parent].push(child);
        }
    }
    let mut order = Vec::with_capacity(raws.len());
    let mut ends = vec![0u32; raws.len()];
    let mut seen = vec![false; raws.len()];
    let roots = (0..raws.len()).filter(|&i| parents[i].is_none());
    // What no root reaches goes round in a circle; its first unit serves as a root.
    for root in roots.chain(0..raws.len()) {
        walk(root, &children, &mut order, &mut ends, &mut seen);
    }
    let mut number_at = vec![NO_UNIT; raws.len()];
    for (number, &place) in (0..).zip(&order) {
        number_at[place] = number;
    }
    for number in numbers.values_mut() {
        *number = number_at[*number as usize];
    }
    let mut raws: Vec<Option<Raw>> = raws.into_iter().map(Some).collect();
    let taken = order.iter().filter_map(|&place| raws[sorted[place]].take().map(|raw| (place, raw)));
    let numbered = taken.map(|(place, mut raw)| {
        raw.record.number = number_at[place];
        raw.record.subtree_end = ends[place];
        raw.record.parent = parents[place].map(|p| number_at[p]).filter(|&p| p < number_at[place]);
        for (above, id) in raw.record.above.iter_mut().zip(&raw.above) {
            *above = id.as_ref().and_then(|id| numbers.get(id)).copied().unwrap_or(NO_UNIT);
        }
        raw.record.above[raw.record.level.index()] = number_at[place];
        (raw.record, raw.polygon)
    });
    let table = collect(numbered, order.len());
    UnitTable { numbers, ..table }
}

/// Depth first without recursion: a hostile table could nest as deep as it has rows.
fn walk(root: usize, children: &[Vec<usize>], order: &mut Vec<usize>, ends: &mut [u32], seen: &mut [bool]) {
    if std::mem::replace(&mut seen[root], true) {
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
        if !std::mem::replace(&mut seen[child], true) {
            order.push(child);
            stack.push((child, 0));
        }
    }
}

/// The table of units in the order of their numbers, but for the numbers by id.
fn collect(units: impl Iterator<Item = (UnitRecord, Option<PreparedPolygon>)>, count: usize) -> UnitTable {
    let mut table =
        UnitTable { records: Vec::with_capacity(count), polygons: Vec::with_capacity(count), ..UnitTable::default() };
    let mut boxes = Vec::with_capacity(count);
    for (record, polygon) in units {
        if let (Some(_), Some(bbox)) = (&polygon, record.bbox) {
            let [w, s, e, n] = bbox.to_array();
            boxes.push(GeomWithData::new(Rectangle::from_corners([w, s], [e, n]), record.number));
        }
        let rows = &mut table.by_row[record.level.index()];
        let row = record.row as usize;
        if rows.len() <= row {
            rows.resize(row + 1, NO_UNIT);
        }
        rows[row] = record.number;
        table.polygons.push(polygon);
        table.records.push(record);
    }
    table.boxes = RTree::bulk_load(boxes);
    table
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
