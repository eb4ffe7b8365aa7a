//! GeoParquet 1.1 tables: WKB, `bbox` covering, Hilbert order, zstd.

pub(crate) mod columns;
pub(crate) mod copy;
mod pieces;
pub(crate) mod plain;
pub mod read;
pub(crate) mod scan;

use std::io::Write;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use geoparquet::writer::{GeoParquetRecordBatchEncoder, GeoParquetWriterOptionsBuilder};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use parvis_model::Progress;

use crate::StoreError;
use crate::export::Format;
use crate::part::{PartKind, PartSink};
use crate::rows::Prepared;
use crate::writer::About;

/// A Parquet table.
pub(crate) const PARQUET: PartKind = Format::Parquet.part();

/// The geometry column.
pub(crate) const GEOMETRY: &str = "geometry";

/// The column of boxes, and its parts (GeoParquet 1.1, covering).
const COVERING: &str = "bbox";
const COVERING_EDGES: [&str; 4] = ["xmin", "ymin", "xmax", "ymax"];

/// Columns of numbers with fractions.
const FRACTIONS: [&str; 2] = ["lon", "lat"];

/// Columns of other values that hardly ever come twice.
const DISTINCT: [&str; 3] = ["id", "name", "updated"];

/// Rows of a group, about: the guide of GeoParquet says 10 to 50 thousand for data that is filtered by place.
const GROUP_ROWS: usize = 20_000;

/// Rows that are laid out in memory at a time.
const BATCH: usize = 2048;

/// zstd: from here on levels cost much more time than they save bytes.
const ZSTD_LEVEL: i32 = 6;

/// Writes a part.
pub(crate) fn write(
    sink: &mut PartSink,
    rows: &Prepared,
    about: &About,
    progress: &dyn Progress,
) -> Result<(), StoreError> {
    let path = sink.path().to_owned();
    let written = write_to(&mut *sink, rows, about, &mut |n| progress.advance(n));
    written.map_err(|source| sink.or_failure(StoreError::Parquet { path, source }))
}

/// Writes a table to any output. Same rows, same bytes.
pub(crate) fn write_to(
    out: &mut (impl Write + Send),
    rows: &Prepared,
    about: &About,
    advance: &mut dyn FnMut(u64),
) -> Result<(), ParquetError> {
    let collection = rows.collection();
    let schema = Arc::new(Schema::new(columns::fields(collection)));
    let options = GeoParquetWriterOptionsBuilder::default()
        .set_primary_column(GEOMETRY.to_owned())
        .set_generate_covering(true)
        .build();
    let mut encoder = GeoParquetRecordBatchEncoder::try_new(&schema, &options).map_err(external)?;
    let properties = table_properties(rows.rows().len(), ZSTD_LEVEL).build();
    let mut writer = writer(out, encoder.target_schema(), properties)?;
    for batch in rows.rows().chunks(BATCH) {
        let batch_rows: Vec<_> = batch.iter().map(|r| &r.row).collect();
        let plain = RecordBatch::try_new(schema.clone(), columns::arrays(collection, &batch_rows)?)?;
        writer.write(&encoder.encode_record_batch(&plain).map_err(external)?)?;
        advance(batch.len() as u64);
    }
    let mut geo = encoder.into_geoparquet_metadata();
    if let Some(column) = geo.columns.get_mut(GEOMETRY) {
        column.orientation = collection.level().map(|_| "counterclockwise".to_owned());
        // Without a single geometry the box is infinite, which JSON cannot say.
        column.bbox = column.bbox.take().filter(|b| b.iter().all(|v| v.is_finite()));
    }
    let geo = serde_json::to_string(&geo).map_err(external)?;
    writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
    for (key, value) in about_metadata(about) {
        writer.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
    }
    writer.close()?;
    Ok(())
}

/// What a file says about itself, besides its geometry.
fn about_metadata(about: &About) -> [(&'static str, String); 4] {
    [
        ("title", about.title.clone()),
        ("licence", about.licence()),
        ("attribution", about.attribution.clone()),
        ("territory", about.territory.clone()),
    ]
}

fn external(e: impl std::error::Error + Send + Sync + 'static) -> ParquetError {
    ParquetError::External(Box::new(e))
}

/// zstd, groups of even size near [`GROUP_ROWS`].
pub(crate) fn properties(rows: usize) -> WriterPropertiesBuilder {
    packed(rows, ZSTD_LEVEL)
}

/// The same for a table with geometries. Values that hardly ever come twice have no dictionary; numbers with fractions are
/// laid out byte by byte, their first bytes together, which packs best.
fn table_properties(rows: usize, zstd_level: i32) -> WriterPropertiesBuilder {
    let geometry = || ColumnPath::from(GEOMETRY);
    let fractions = FRACTIONS.into_iter().map(ColumnPath::from);
    let fractions =
        fractions.chain(COVERING_EDGES.map(|edge| ColumnPath::from(vec![COVERING.to_owned(), edge.to_owned()])));
    let mut properties = packed(rows, zstd_level)
        .set_column_statistics_enabled(geometry(), EnabledStatistics::None)
        .set_column_dictionary_enabled(geometry(), false);
    for column in DISTINCT.into_iter().map(ColumnPath::from) {
        properties = properties.set_column_dictionary_enabled(column, false);
    }
    for column in fractions {
        properties = properties
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::BYTE_STREAM_SPLIT);
    }
    properties
}

fn packed(rows: usize, zstd_level: i32) -> WriterPropertiesBuilder {
    let groups = ((rows + GROUP_ROWS / 2) / GROUP_ROWS).max(1);
    let level = ZstdLevel::try_new(zstd_level).unwrap_or_default();
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(rows.div_ceil(groups).max(1)))
}

/// A writer without the Arrow schema in the file: it says nothing that Parquet's own types do not.
pub(crate) fn writer<W: Write + Send>(
    out: W,
    schema: arrow_schema::SchemaRef,
    properties: WriterProperties,
) -> Result<ArrowWriter<W>, ParquetError> {
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(out, schema, options)
}
