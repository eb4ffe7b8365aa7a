//! Reading the tables of an edition, by DuckDB.

use std::path::Path;

use duckdb::arrow::array::{
    Array, BinaryArray, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    TimestampMicrosecondArray, TimestampMillisecondArray,
};
use geo_types::Geometry;
use geozero::ToGeo;
use geozero::wkb::Wkb;
use parvis_model::{Collection, FieldType, Instant, Postcode, Row, UnitId, Value};

use crate::{Edition, Selection, StoreError, duck};

/// The pairs of postal code and municipality; none when the edition has no such table.
///
/// # Errors
/// [`StoreError::DuckDb`].
pub fn postcodes(edition: &Edition) -> Result<Vec<Postcode>, StoreError> {
    let Some(part) = edition.part("postcodes", "parquet") else { return Ok(Vec::new()) };
    let mut pairs = Vec::new();
    batches(edition, &part.path, &["postcode", "municipality_id", "source"], |batch| {
        let columns = Columns { batch: &batch, path: &part.path };
        let (codes, units, sources) = (columns.text(0)?, columns.text(1)?, columns.text(2)?);
        for at in 0..batch.num_rows() {
            if let Some(municipality_id) = UnitId::parse(codes_at(units, at)) {
                let (postcode, source) = (codes_at(codes, at).to_owned(), codes_at(sources, at).to_owned());
                pairs.push(Postcode { postcode, municipality_id, source });
            }
        }
        Ok(())
    })?;
    Ok(pairs)
}

fn codes_at(column: &StringArray, at: usize) -> &str {
    if column.is_null(at) { "" } else { column.value(at) }
}

/// The rows of a selection with their geometry, in file order.
///
/// # Errors
/// [`StoreError::DuckDb`], [`StoreError::Geometry`].
pub fn rows(edition: &Edition, selection: &Selection) -> Result<Vec<Row>, StoreError> {
    let collection = selection.collection();
    let part = edition.require(collection, "parquet")?;
    let mut names: Vec<&str> = collection.fields().iter().map(|f| f.name).collect();
    names.push(super::GEOMETRY);
    let mut taken = Vec::new();
    let mut first = 0u32;
    batches(edition, &part.path, &names, |batch| {
        let columns = Columns { batch: &batch, path: &part.path };
        for at in 0..batch.num_rows() {
            if selection.contains(first + at as u32) {
                taken.push(columns.row(collection, at)?);
            }
        }
        first += batch.num_rows() as u32;
        Ok(())
    })?;
    Ok(taken)
}

/// Reads some columns of a table in file order. Names come from our own schema; a geometry comes as WKB.
pub(crate) fn batches(
    edition: &Edition,
    path: &Path,
    names: &[&str],
    mut take: impl FnMut(RecordBatch) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let columns: Vec<String> = names
        .iter()
        .map(|name| match *name {
            super::GEOMETRY => "ST_AsWKB(geometry) AS geometry".to_owned(),
            name => format!("\"{name}\""),
        })
        .collect();
    let connection = duck::connect(edition.spill_dir())?;
    let sql = format!("SELECT {} FROM read_parquet(?) ORDER BY file_row_number", columns.join(", "));
    let sql = sql.replace("read_parquet(?)", "read_parquet(?, file_row_number = true)");
    let mut statement = connection.prepare(&sql).map_err(StoreError::duck(path))?;
    let batches = statement.query_arrow([path.to_string_lossy()]).map_err(StoreError::duck(path))?;
    for batch in batches {
        take(batch)?;
    }
    Ok(())
}

/// Typed columns of a batch.
pub(crate) struct Columns<'b> {
    pub batch: &'b RecordBatch,
    pub path: &'b Path,
}

impl<'b> Columns<'b> {
    fn typed<T: 'static>(&self, at: usize) -> Result<&'b T, StoreError> {
        self.batch.column(at).as_any().downcast_ref().ok_or_else(|| StoreError::DamagedPart {
            path: self.path.to_owned(),
            detail: format!("column {at} has type {}", self.batch.column(at).data_type()),
        })
    }

    pub(crate) fn text(&self, at: usize) -> Result<&'b StringArray, StoreError> {
        self.typed(at)
    }

    pub(crate) fn integer(&self, at: usize) -> Result<&'b Int64Array, StoreError> {
        self.typed(at)
    }

    pub(crate) fn float(&self, at: usize) -> Result<&'b Float64Array, StoreError> {
        self.typed(at)
    }

    pub(crate) fn boolean(&self, at: usize) -> Result<&'b BooleanArray, StoreError> {
        self.typed(at)
    }

    pub(crate) fn texts(&self, at: usize) -> Result<TextLists<'b>, StoreError> {
        Ok(TextLists { lists: self.typed(at)?, path: self.path })
    }

    /// Seconds since 1970; null becomes `None`.
    pub(crate) fn seconds(&self, at: usize, row: usize) -> Result<Option<i64>, StoreError> {
        if self.batch.column(at).is_null(row) {
            return Ok(None);
        }
        if let Ok(micro) = self.typed::<TimestampMicrosecondArray>(at) {
            return Ok(Some(micro.value(row).div_euclid(1_000_000)));
        }
        Ok(Some(self.typed::<TimestampMillisecondArray>(at)?.value(row).div_euclid(1000)))
    }

    pub(crate) fn geometry(&self, at: usize, row: usize) -> Result<Option<Geometry<f64>>, StoreError> {
        let column: &BinaryArray = self.typed(at)?;
        if column.is_null(row) {
            return Ok(None);
        }
        let detail = |e: geozero::error::GeozeroError| StoreError::Geometry {
            path: self.path.to_owned(),
            detail: e.to_string(),
        };
        Wkb(column.value(row)).to_geo().map(Some).map_err(detail)
    }

    fn row(&self, collection: Collection, row: usize) -> Result<Row, StoreError> {
        let mut values = Vec::with_capacity(collection.fields().len());
        for (at, field) in collection.fields().iter().enumerate() {
            values.push(if self.batch.column(at).is_null(row) {
                Value::Null
            } else {
                match field.kind {
                    FieldType::Text => Value::Text(self.text(at)?.value(row).to_owned()),
                    FieldType::Json => Value::Json(self.text(at)?.value(row).to_owned()),
                    FieldType::Integer => Value::Integer(self.integer(at)?.value(row)),
                    FieldType::Float => Value::Float(self.float(at)?.value(row)),
                    FieldType::Boolean => Value::Boolean(self.boolean(at)?.value(row)),
                    FieldType::Timestamp => {
                        Value::Timestamp(Instant::from_unix(self.seconds(at, row)?.unwrap_or_default()))
                    }
                    FieldType::TextList => {
                        Value::TextList(self.texts(at)?.at(row)?.iter().map(|t| (*t).to_owned()).collect())
                    }
                }
            });
        }
        Ok(Row { values, geometry: self.geometry(collection.fields().len(), row)? })
    }
}

/// A column of lists of texts.
pub(crate) struct TextLists<'b> {
    lists: &'b ListArray,
    path: &'b Path,
}

impl<'b> TextLists<'b> {
    /// The texts of a row; none when null.
    pub(crate) fn at(&self, row: usize) -> Result<Vec<&'b str>, StoreError> {
        let values = self.lists.values().as_any().downcast_ref::<StringArray>();
        let values = values.ok_or_else(|| StoreError::DamagedPart {
            path: self.path.to_owned(),
            detail: "a list holds other things than texts".to_owned(),
        })?;
        if self.lists.is_null(row) {
            return Ok(Vec::new());
        }
        let offsets = self.lists.value_offsets();
        let range = offsets[row] as usize..offsets[row + 1] as usize;
        Ok(range.filter(|&at| values.is_valid(at)).map(|at| values.value(at)).collect())
    }
}
