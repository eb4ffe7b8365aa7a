//! Some rows of a table as a table of its own. Row groups of which every row is wanted are copied as they lie in the
//! file; the rows of the others are read and encoded, some row groups at a time, so memory does not grow with the rows.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch, StructArray};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, PageIndexPolicy};
use parquet::file::statistics::Statistics;
use parquet::file::writer::SerializedRowGroupWriter;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::pieces::{Piece, Pieces};
use super::scan::with_codes;
use super::{BATCH, COVERING, COVERING_EDGES, DISTINCT, GEOMETRY, about_metadata, external, table_properties};
use crate::Selection;
use crate::writer::About;

/// zstd: a client waits for an export, so it is packed less tightly than a download.
const ZSTD_LEVEL: i32 = 1;

/// A table, some rows of which are wanted.
struct Table<'p> {
    path: &'p Path,
    file: File,
    metadata: ArrowReaderMetadata,
    /// The same with texts as the file has them: each once, and its number in every row.
    coded: ArrowReaderMetadata,
    /// Where the row groups begin, and where the last ends.
    starts: Vec<u32>,
}

/// A row group of the new table.
enum Group {
    Whole(usize),
    Encoded { columns: Vec<ArrowColumnChunk>, bounds: Bounds },
}

/// West, south, east, north; none without a geometry.
type Bounds = Option<[f64; 4]>;

/// Writes the rows of a selection, in their order.
pub(crate) fn copy(
    path: &Path,
    selection: &Selection,
    about: &About,
    out: &mut (impl Write + Send),
) -> Result<(), ParquetError> {
    let table = Table::open(path)?;
    let properties = table_properties(selection.total() as usize, ZSTD_LEVEL).build();
    let schema = table.metadata.schema().clone();
    let (mut file, encoders) = super::writer(out, schema, properties)?.into_serialized_writer()?;
    let mut pieces = Pieces::new(&table.starts, selection.rows());
    let at_a_time = 2 * rayon::current_num_threads().max(1);
    let mut bounds: Bounds = None;
    let mut written = 0;
    loop {
        let some: Vec<Piece> = pieces.by_ref().take(at_a_time).collect();
        if some.is_empty() {
            break;
        }
        let make = |(at, piece): (usize, Piece)| match piece {
            Piece::Whole(group) => Ok(Group::Whole(group)),
            Piece::Rows(rows) => table.encode(&rows, &encoders, written + at),
        };
        let groups = some.into_par_iter().enumerate().map(make).collect::<Result<Vec<_>, ParquetError>>()?;
        written += groups.len();
        for group in groups {
            let mut to = file.next_row_group()?;
            bounds = join(bounds, table.append(group, &mut to)?);
            to.close()?;
        }
    }
    if pieces.are_beyond() {
        return Err(ParquetError::General("a row beyond the last".to_owned()));
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
        let file = File::open(path)?;
        let options = ArrowReaderOptions::default().with_page_index_policy(PageIndexPolicy::Optional);
        let metadata = ArrowReaderMetadata::load(&file, options)?;
        let names = metadata.schema().fields().iter().map(|field| field.name().as_str());
        let coded: Vec<&str> = names.filter(|name| !DISTINCT.contains(name)).collect();
        let options = ArrowReaderOptions::default().with_schema(with_codes(metadata.schema(), &coded));
        let coded = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)?;
        let mut starts = vec![0];
        for group in metadata.metadata().row_groups() {
            starts.push(starts.last().copied().unwrap_or(0) + group.num_rows() as u32);
        }
        Ok(Self { path, file, metadata, coded, starts })
    }

    /// Writes a row group; gives its box.
    fn append<W: Write + Send>(
        &self,
        group: Group,
        to: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<Bounds, ParquetError> {
        match group {
            Group::Whole(group) => self.append_whole(group, to),
            Group::Encoded { columns, bounds } => {
                for column in columns {
                    column.append_to_row_group(to)?;
                }
                Ok(bounds)
            }
        }
    }

    /// Copies a row group, nothing of which is decoded; its box is that of its statistics.
    fn append_whole<W: Write + Send>(
        &self,
        at: usize,
        to: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<Bounds, ParquetError> {
        let metadata = self.metadata.metadata();
        let group = metadata.row_group(at);
        for (column, chunk) in group.columns().iter().enumerate() {
            let close = ColumnCloseResult {
                bytes_written: chunk.compressed_size() as u64,
                rows_written: group.num_rows() as u64,
                metadata: chunk.clone(),
                bloom_filter: None,
                column_index: metadata.column_index().map(|all| all[at][column].clone()),
                offset_index: metadata.offset_index().map(|all| all[at][column].clone()),
            };
            to.append_column(&self.file, close)?;
        }
        let edge = |name: &str, least: bool| -> Option<f64> {
            let is = |path: &[String]| path.len() == 2 && path[0] == COVERING && path[1] == name;
            let chunk = group.columns().iter().find(|chunk| is(chunk.column_path().parts()))?;
            match chunk.statistics()? {
                Statistics::Double(values) if least => values.min_opt().copied(),
                Statistics::Double(values) => values.max_opt().copied(),
                _ => None,
            }
        };
        Ok(box_of(edge))
    }

    /// Reads some rows, which are in order, and encodes them as one row group.
    fn encode(&self, rows: &[u32], encoders: &ArrowRowGroupWriterFactory, at: usize) -> Result<Group, ParquetError> {
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
        Ok(Group::Encoded { columns: columns.collect::<Result<_, _>>()?, bounds })
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
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(self.path)?, self.coded.clone());
        builder.with_row_groups(groups).with_row_selection(RowSelection::from(selectors)).with_batch_size(BATCH).build()
    }

    /// The description of the geometry: as it is, with the box of what was taken.
    fn geo(&self, bounds: Bounds) -> Result<String, ParquetError> {
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
fn batch_bounds(batch: &RecordBatch) -> Bounds {
    let boxes: &StructArray = batch.column_by_name(COVERING)?.as_struct_opt()?;
    let of = |name: &str, least: bool| -> Option<f64> {
        let values = boxes.column_by_name(name)?.as_primitive_opt::<Float64Type>()?;
        let valid =
            (0..values.len()).filter(|&at| boxes.is_valid(at) && values.is_valid(at)).map(|at| values.value(at));
        if least { valid.reduce(f64::min) } else { valid.reduce(f64::max) }
    };
    box_of(of)
}

/// The box of which `edge` gives each side: the least or the greatest of the values of that name.
fn box_of(edge: impl Fn(&str, bool) -> Option<f64>) -> Bounds {
    let [west, south, east, north] = COVERING_EDGES;
    Some([edge(west, true)?, edge(south, true)?, edge(east, false)?, edge(north, false)?])
}

fn join(a: Bounds, b: Bounds) -> Bounds {
    match (a, b) {
        (Some(a), Some(b)) => Some([a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
#[path = "copy_tests.rs"]
mod tests;
