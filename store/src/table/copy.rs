//! Some rows of a table as a table of its own: read and encoded by row group, as many at a time as there are
//! threads, so memory does not grow with the rows.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch, StructArray};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::{BATCH, GEOMETRY, GROUP_ROWS, about_metadata, external, table_properties};
use crate::Selection;
use crate::writer::About;

/// zstd: a client waits for an export, so it is packed less tightly than a download.
const ZSTD_LEVEL: i32 = 1;

/// The column of boxes.
const COVERING: &str = "bbox";

/// Rows of a table, of which some are wanted.
struct Table<'p> {
    path: &'p Path,
    metadata: ArrowReaderMetadata,
    /// Where the row groups begin, and where the last ends.
    starts: Vec<u32>,
}

/// A row group of the new table, encoded.
struct Group {
    columns: Vec<ArrowColumnChunk>,
    bounds: Option<[f64; 4]>,
}

/// Writes the rows of a selection, in their order.
pub(crate) fn copy(
    path: &Path,
    selection: &Selection,
    about: &About,
    out: &mut (impl Write + Send),
) -> Result<(), ParquetError> {
    let table = Table::open(path)?;
    let total = selection.total() as usize;
    let properties = table_properties(total, ZSTD_LEVEL).build();
    let schema = table.metadata.schema().clone();
    let (mut file, encoders) = super::writer(out, schema, properties)?.into_serialized_writer()?;
    let per_group = total.div_ceil(((total + GROUP_ROWS / 2) / GROUP_ROWS).max(1)).max(1);
    let mut rows = selection.rows();
    let mut bounds: Option<[f64; 4]> = None;
    let mut written = 0;
    loop {
        let wanted: Vec<Vec<u32>> = (0..rayon::current_num_threads().max(1))
            .map(|_| rows.by_ref().take(per_group).collect::<Vec<u32>>())
            .filter(|rows| !rows.is_empty())
            .collect();
        if wanted.is_empty() {
            break;
        }
        let encode = |(at, rows): (usize, &Vec<u32>)| table.group(rows, &encoders, written + at);
        let groups: Vec<Group> =
            wanted.par_iter().enumerate().map(|(at, rows)| encode((at, rows))).collect::<Result<_, _>>()?;
        written += groups.len();
        for group in groups {
            bounds = join(bounds, group.bounds);
            let mut to = file.next_row_group()?;
            for column in group.columns {
                column.append_to_row_group(&mut to)?;
            }
            to.close()?;
        }
    }
    file.append_key_value_metadata(KeyValue::new("geo".to_owned(), table.geo(bounds)?));
    for (key, value) in about_metadata(about) {
        file.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
    }
    file.close()?;
    Ok(())
}

impl<'p> Table<'p> {
    fn open(path: &'p Path) -> Result<Self, ParquetError> {
        let metadata = ArrowReaderMetadata::load(&File::open(path)?, ArrowReaderOptions::default())?;
        let mut starts = vec![0];
        for group in metadata.metadata().row_groups() {
            starts.push(starts.last().copied().unwrap_or(0) + group.num_rows() as u32);
        }
        Ok(Self { path, metadata, starts })
    }

    /// Reads some rows, which are in order, and encodes them as one row group.
    fn group(&self, rows: &[u32], encoders: &ArrowRowGroupWriterFactory, at: usize) -> Result<Group, ParquetError> {
        let mut writers = encoders.create_column_writers(at)?;
        let mut bounds = None;
        for batch in self.read(rows)? {
            let batch = batch?;
            bounds = join(bounds, batch_bounds(&batch));
            let mut writers = writers.iter_mut();
            for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
                for leaf in compute_leaves(field, array)? {
                    let writer = writers.next().ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
                    writer.write(&leaf)?;
                }
            }
        }
        let columns = writers.into_iter().map(parquet::arrow::arrow_writer::ArrowColumnWriter::close);
        Ok(Group { columns: columns.collect::<Result<_, _>>()?, bounds })
    }

    fn read(
        &self,
        rows: &[u32],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, arrow_schema::ArrowError>> + use<>, ParquetError> {
        let mut groups = Vec::new();
        let mut selectors: Vec<RowSelector> = Vec::new();
        let mut rest = rows;
        for (group, bounds) in self.starts.windows(2).enumerate() {
            let inside = rest.partition_point(|&row| row < bounds[1]);
            if inside == 0 {
                continue;
            }
            groups.push(group);
            let mut at = bounds[0];
            for &row in &rest[..inside] {
                select(&mut selectors, row - at);
                at = row + 1;
            }
            if bounds[1] > at {
                selectors.push(RowSelector::skip((bounds[1] - at) as usize));
            }
            rest = &rest[inside..];
        }
        if !rest.is_empty() {
            return Err(ParquetError::General("a row beyond the last".to_owned()));
        }
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(self.path)?, self.metadata.clone());
        builder.with_row_groups(groups).with_row_selection(RowSelection::from(selectors)).with_batch_size(BATCH).build()
    }

    /// The description of the geometry: as it is, with the box of what was taken.
    fn geo(&self, bounds: Option<[f64; 4]>) -> Result<String, ParquetError> {
        let pairs = self.metadata.metadata().file_metadata().key_value_metadata();
        let text = pairs.into_iter().flatten().find(|pair| pair.key == "geo").and_then(|pair| pair.value.as_deref());
        let mut geo: Value = serde_json::from_str(text.unwrap_or("{}")).map_err(external)?;
        if let Some(column) = geo.pointer_mut(&format!("/columns/{GEOMETRY}")).and_then(Value::as_object_mut) {
            match bounds {
                Some(bounds) => drop(column.insert("bbox".to_owned(), json!(bounds))),
                None => drop(column.remove("bbox")),
            }
        }
        Ok(geo.to_string())
    }
}

/// Skips some rows, then takes one.
fn select(selectors: &mut Vec<RowSelector>, skipped: u32) {
    if skipped > 0 {
        selectors.push(RowSelector::skip(skipped as usize));
    }
    match selectors.last_mut() {
        Some(last) if !last.skip => last.row_count += 1,
        _ => selectors.push(RowSelector::select(1)),
    }
}

/// The box of a batch, from its column of boxes.
fn batch_bounds(batch: &RecordBatch) -> Option<[f64; 4]> {
    let boxes: &StructArray = batch.column_by_name(COVERING)?.as_struct_opt()?;
    let of = |name: &str, least: bool| -> Option<f64> {
        let values = boxes.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
        let valid =
            (0..values.len()).filter(|&at| boxes.is_valid(at) && values.is_valid(at)).map(|at| values.value(at));
        if least { valid.reduce(f64::min) } else { valid.reduce(f64::max) }
    };
    Some([of("xmin", true)?, of("ymin", true)?, of("xmax", false)?, of("ymax", false)?])
}

fn join(a: Option<[f64; 4]>, b: Option<[f64; 4]>) -> Option<[f64; 4]> {
    match (a, b) {
        (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
        (a, b) => a.or(b),
    }
}
