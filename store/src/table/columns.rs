//! Rows as Arrow arrays.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    TimestampMillisecondBuilder,
};
use arrow_schema::{DataType, Field, TimeUnit};
use parquet::errors::ParquetError;
use parvis_model::{Collection, FieldType, Row, Value};

use super::GEOMETRY;

/// The Arrow fields of a collection, then its geometry.
pub(crate) fn fields(collection: Collection) -> Vec<Field> {
    let mut fields: Vec<Field> =
        collection.fields().iter().map(|f| Field::new(f.name, data_type(f.kind), f.name != "id")).collect();
    let extension = HashMap::from([("ARROW:extension:name".to_owned(), "geoarrow.wkb".to_owned())]);
    fields.push(Field::new(GEOMETRY, DataType::Binary, true).with_metadata(extension));
    fields
}

fn data_type(kind: FieldType) -> DataType {
    match kind {
        FieldType::Text | FieldType::Json => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Float => DataType::Float64,
        FieldType::Boolean => DataType::Boolean,
        FieldType::Timestamp => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        FieldType::TextList => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
    }
}

/// The arrays of some rows, as [`fields`] lists them. A cell of another type than its field is null;
/// [`crate::rows::prepare`] lets none pass.
pub(crate) fn arrays(collection: Collection, rows: &[&Row]) -> Result<Vec<ArrayRef>, ParquetError> {
    let mut arrays: Vec<ArrayRef> = collection
        .fields()
        .iter()
        .enumerate()
        .map(|(at, field)| array(field.kind, rows.iter().map(|r| r.values.get(at).unwrap_or(&Value::Null))))
        .collect();
    let mut shapes = BinaryBuilder::new();
    let mut buffer = Vec::new();
    for row in rows {
        match &row.geometry {
            None => shapes.append_null(),
            Some(geometry) => {
                buffer.clear();
                wkb::writer::write_geometry(&mut buffer, geometry, &wkb::writer::WriteOptions::default())
                    .map_err(|e| ParquetError::General(e.to_string()))?;
                shapes.append_value(&buffer);
            }
        }
    }
    arrays.push(Arc::new(shapes.finish()));
    Ok(arrays)
}

fn array<'v>(kind: FieldType, values: impl Iterator<Item = &'v Value>) -> ArrayRef {
    macro_rules! build {
        ($builder:expr, $pattern:pat => $value:expr) => {{
            let mut builder = $builder;
            for value in values {
                match value {
                    $pattern => builder.append_value($value),
                    _ => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }};
    }
    match kind {
        FieldType::Text => build!(StringBuilder::new(), Value::Text(v) => v),
        FieldType::Json => build!(StringBuilder::new(), Value::Json(v) => v),
        FieldType::Integer => build!(Int64Builder::new(), Value::Integer(v) => *v),
        FieldType::Float => build!(Float64Builder::new(), Value::Float(v) => *v),
        FieldType::Boolean => build!(BooleanBuilder::new(), Value::Boolean(v) => *v),
        FieldType::Timestamp => {
            build!(TimestampMillisecondBuilder::new().with_timezone("UTC"), Value::Timestamp(v) => v.unix() * 1000)
        }
        FieldType::TextList => {
            let mut builder = ListBuilder::new(StringBuilder::new());
            for value in values {
                match value {
                    Value::TextList(texts) => {
                        for text in texts {
                            builder.values().append_value(text);
                        }
                        builder.append(true);
                    }
                    _ => builder.append(false),
                }
            }
            Arc::new(builder.finish())
        }
    }
}

/// Whether a cell has the type of its field.
pub(crate) fn fits(kind: FieldType, value: &Value) -> bool {
    matches!(
        (kind, value),
        (_, Value::Null)
            | (FieldType::Text, Value::Text(_))
            | (FieldType::Json, Value::Json(_))
            | (FieldType::Integer, Value::Integer(_))
            | (FieldType::Float, Value::Float(_))
            | (FieldType::Boolean, Value::Boolean(_))
            | (FieldType::Timestamp, Value::Timestamp(_))
            | (FieldType::TextList, Value::TextList(_))
    )
}
