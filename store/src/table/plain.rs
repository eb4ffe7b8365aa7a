//! Tables without geometry: links, postal codes, units that are no more.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::errors::ParquetError;
use parvis_model::{Link, Postcode, UnitId};

use crate::StoreError;
use crate::part::PartSink;

pub(crate) fn write_links(sink: &mut PartSink, links: &[Link]) -> Result<(), StoreError> {
    let mut links: Vec<&Link> = links.iter().collect();
    links.sort_unstable();
    links.dedup();
    let columns: [(&str, Vec<&str>); 4] = [
        ("from_id", links.iter().map(|l| l.from_id.as_str()).collect()),
        ("to_id", links.iter().map(|l| l.to_id.as_str()).collect()),
        ("relation", links.iter().map(|l| l.relation.name()).collect()),
        ("source", links.iter().map(|l| l.source.as_str()).collect()),
    ];
    write(sink, &columns)
}

pub(crate) fn write_postcodes(sink: &mut PartSink, postcodes: &[Postcode]) -> Result<(), StoreError> {
    let mut postcodes: Vec<&Postcode> = postcodes.iter().collect();
    postcodes.sort_unstable();
    postcodes.dedup();
    let columns: [(&str, Vec<&str>); 3] = [
        ("postcode", postcodes.iter().map(|p| p.postcode.as_str()).collect()),
        ("municipality_id", postcodes.iter().map(|p| p.municipality_id.as_str()).collect()),
        ("source", postcodes.iter().map(|p| p.source.as_str()).collect()),
    ];
    write(sink, &columns)
}

pub(crate) fn write_retired(sink: &mut PartSink, retired: &BTreeMap<UnitId, UnitId>) -> Result<(), StoreError> {
    let columns: [(&str, Vec<&str>); 2] = [
        ("id", retired.keys().map(UnitId::as_str).collect()),
        ("successor_id", retired.values().map(UnitId::as_str).collect()),
    ];
    write(sink, &columns)
}

fn write(sink: &mut PartSink, columns: &[(&str, Vec<&str>)]) -> Result<(), StoreError> {
    let path = sink.path().to_owned();
    let written = write_columns(&mut *sink, columns);
    written.map_err(|source| sink.or_failure(StoreError::Parquet { path, source }))
}

fn write_columns(sink: &mut PartSink, columns: &[(&str, Vec<&str>)]) -> Result<(), ParquetError> {
    let fields: Vec<Field> = columns.iter().map(|(name, _)| Field::new(*name, DataType::Utf8, false)).collect();
    let schema = Arc::new(Schema::new(fields));
    let array = |texts: &Vec<&str>| -> ArrayRef {
        let mut builder = StringBuilder::new();
        for text in texts {
            builder.append_value(text);
        }
        Arc::new(builder.finish())
    };
    let batch = RecordBatch::try_new(schema.clone(), columns.iter().map(|(_, texts)| array(texts)).collect())?;
    let rows = batch.num_rows();
    let mut writer = super::writer(sink, schema, super::properties(rows).build())?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}
