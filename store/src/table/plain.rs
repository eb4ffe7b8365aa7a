//! Tables without geometry: links, postal codes, units that are no more, overlaps, issues with units.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use parquet::errors::ParquetError;
use parvis_model::{Link, Overlap, Postcode, UnitId, UnitIssue};

use crate::StoreError;
use crate::part::PartSink;

pub(crate) fn write_links(sink: &mut PartSink, links: &[Link]) -> Result<(), StoreError> {
    let mut links: Vec<&Link> = links.iter().collect();
    links.sort_unstable();
    links.dedup();
    let columns = vec![
        ("from_id", texts(links.iter().map(|l| l.from_id.as_str()))),
        ("to_id", texts(links.iter().map(|l| l.to_id.as_str()))),
        ("relation", texts(links.iter().map(|l| l.relation.name()))),
        ("source", texts(links.iter().map(|l| l.source.as_str()))),
    ];
    write(sink, columns)
}

pub(crate) fn write_postcodes(sink: &mut PartSink, postcodes: &[Postcode]) -> Result<(), StoreError> {
    let mut postcodes: Vec<&Postcode> = postcodes.iter().collect();
    postcodes.sort_unstable();
    postcodes.dedup();
    let columns = vec![
        ("postcode", texts(postcodes.iter().map(|p| p.postcode.as_str()))),
        ("municipality_id", texts(postcodes.iter().map(|p| p.municipality_id.as_str()))),
        ("source", texts(postcodes.iter().map(|p| p.source.as_str()))),
    ];
    write(sink, columns)
}

pub(crate) fn write_unit_issues(sink: &mut PartSink, issues: &[UnitIssue]) -> Result<(), StoreError> {
    let columns = vec![
        ("id", texts(issues.iter().map(|i| i.unit.as_str()))),
        ("code", texts(issues.iter().map(|i| i.code.as_str()))),
        ("detail", texts(issues.iter().map(|i| i.detail.as_str()))),
        ("source", texts(issues.iter().map(|i| i.source.as_str()))),
    ];
    write(sink, columns)
}

pub(crate) fn write_retired(sink: &mut PartSink, retired: &BTreeMap<UnitId, UnitId>) -> Result<(), StoreError> {
    let columns = vec![
        ("id", texts(retired.keys().map(UnitId::as_str))),
        ("successor_id", texts(retired.values().map(UnitId::as_str))),
    ];
    write(sink, columns)
}

pub(crate) fn write_overlaps(sink: &mut PartSink, overlaps: &[Overlap]) -> Result<(), StoreError> {
    let columns = vec![
        ("id", texts(overlaps.iter().map(|o| o.unit.as_str()))),
        ("other_id", texts(overlaps.iter().map(|o| o.other.as_str()))),
        ("share", Arc::new(overlaps.iter().map(|o| o.share).collect::<Float64Array>()) as ArrayRef),
    ];
    write(sink, columns)
}

fn texts<'t>(texts: impl Iterator<Item = &'t str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

fn write(sink: &mut PartSink, columns: Vec<(&str, ArrayRef)>) -> Result<(), StoreError> {
    let path = sink.path().to_owned();
    let written = write_columns(&mut *sink, columns);
    written.map_err(|source| sink.or_failure(StoreError::Parquet { path, source }))
}

fn write_columns(sink: &mut PartSink, columns: Vec<(&str, ArrayRef)>) -> Result<(), ParquetError> {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), false);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let batch = RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, array)| array).collect())?;
    let rows = batch.num_rows();
    let mut writer = super::writer(sink, schema, super::properties(rows).build())?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}
