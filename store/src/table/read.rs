//! Reading the tables of an edition: whole rows by DuckDB, the postal codes and successors as they are.

use duckdb::types::Value as Cell;
use geozero::ToGeo;
use geozero::wkb::Wkb;
use parvis_model::{FieldType, Instant, Postcode, Row, UnitId, UnitIssue, Value};

use super::scan::scan;
use crate::{Edition, Selection, StoreError, duck};

/// The pairs of postal code and municipality; none when the edition has no such table.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Parquet`], [`StoreError::DamagedPart`].
pub fn postcodes(edition: &Edition) -> Result<Vec<Postcode>, StoreError> {
    let Some(part) = edition.part("postcodes", "parquet") else { return Ok(Vec::new()) };
    scan(&part.path, &["postcode", "municipality_id", "source"], |columns, _| {
        let mut pairs = Vec::with_capacity(columns.rows());
        for at in 0..columns.rows() {
            let text = |column| columns.text(column, at).map(Option::unwrap_or_default);
            if let Some(municipality_id) = UnitId::parse(text(1)?) {
                pairs.push(Postcode { postcode: text(0)?.to_owned(), municipality_id, source: text(2)?.to_owned() });
            }
        }
        Ok(pairs)
    })
}

/// The units that are no more, each with the unit that it is part of now; none when the edition has no such table.
///
/// # Errors
/// As [`postcodes`].
pub fn retired(edition: &Edition) -> Result<Vec<(UnitId, UnitId)>, StoreError> {
    let Some(part) = edition.part("retired", "parquet") else { return Ok(Vec::new()) };
    scan(&part.path, &["id", "successor_id"], |columns, _| {
        let mut pairs = Vec::with_capacity(columns.rows());
        for at in 0..columns.rows() {
            let id = |column| columns.text(column, at).map(|text| text.and_then(UnitId::parse));
            pairs.extend(id(0)?.zip(id(1)?));
        }
        Ok(pairs)
    })
}

/// What was wrong, or mended, with units; none when the edition has no such table.
///
/// # Errors
/// As [`postcodes`].
pub fn unit_issues(edition: &Edition) -> Result<Vec<UnitIssue>, StoreError> {
    let Some(part) = edition.part("unit-issues", "parquet") else { return Ok(Vec::new()) };
    scan(&part.path, &["id", "code", "detail", "source"], |columns, _| {
        let mut issues = Vec::with_capacity(columns.rows());
        for at in 0..columns.rows() {
            let text = |column| columns.text(column, at).map(|text| text.unwrap_or_default().to_owned());
            if let Some(unit) = UnitId::parse(&text(0)?) {
                issues.push(UnitIssue { unit, code: text(1)?, detail: text(2)?, source: text(3)? });
            }
        }
        Ok(issues)
    })
}

/// The rows of a selection with their geometry, in file order.
///
/// # Errors
/// [`StoreError::DuckDb`], [`StoreError::Geometry`]; [`StoreError::DamagedPart`] when a cell has another type
/// than its field.
pub fn rows(edition: &Edition, selection: &Selection) -> Result<Vec<Row>, StoreError> {
    let collection = selection.collection();
    let part = edition.require(collection, "parquet")?;
    let failed = |e| StoreError::duck(&part.path)(e);
    // The names come from our own schema.
    let fields: Vec<String> = collection.fields().iter().map(|f| format!("\"{}\"", f.name)).collect();
    let sql = format!(
        "SELECT {}, ST_AsWKB({}) FROM read_parquet(?, file_row_number = true) ORDER BY file_row_number",
        fields.join(", "),
        super::GEOMETRY
    );
    let connection = duck::connect(edition.spill_dir())?;
    let mut statement = connection.prepare(&sql).map_err(failed)?;
    let mut found = statement.query([part.path.to_string_lossy()]).map_err(failed)?;
    let mut taken = Vec::new();
    let mut number = 0u32;
    while let Some(row) = found.next().map_err(failed)? {
        if selection.contains(number) {
            let mut values = Vec::with_capacity(fields.len());
            for (at, field) in collection.fields().iter().enumerate() {
                let cell = row.get(at).map_err(failed)?;
                values.push(value(field.kind, cell).ok_or_else(|| StoreError::DamagedPart {
                    path: part.path.clone(),
                    detail: format!("row {number}: {} is not of its type", field.name),
                })?);
            }
            let wkb: Option<Vec<u8>> = row.get(fields.len()).map_err(failed)?;
            let geometry = wkb.map(|wkb| Wkb(wkb).to_geo()).transpose();
            let geometry = geometry
                .map_err(|e| StoreError::Geometry { path: part.path.clone(), detail: format!("row {number}: {e}") })?;
            taken.push(Row { values, geometry });
        }
        number += 1;
    }
    Ok(taken)
}

/// A cell as its field has it; `None` when it is of another type.
fn value(kind: FieldType, cell: Cell) -> Option<Value> {
    Some(match (kind, cell) {
        (_, Cell::Null) => Value::Null,
        (FieldType::Text, Cell::Text(text)) => Value::Text(text),
        (FieldType::Json, Cell::Text(text)) => Value::Json(text),
        (FieldType::Integer, Cell::BigInt(number)) => Value::Integer(number),
        (FieldType::Float, Cell::Double(number)) => Value::Float(number),
        (FieldType::Boolean, Cell::Boolean(yes)) => Value::Boolean(yes),
        (FieldType::Timestamp, Cell::Timestamp(unit, number)) => {
            Value::Timestamp(Instant::from_unix(unit.to_micros(number).div_euclid(1_000_000)))
        }
        (FieldType::TextList, Cell::List(items)) => {
            let text = |item| if let Cell::Text(text) = item { Some(text) } else { None };
            Value::TextList(items.into_iter().map(text).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}
