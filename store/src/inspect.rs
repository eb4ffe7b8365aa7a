//! What a Parquet or FlatGeobuf file holds: for `parvis inspect`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flatgeobuf::FgbReader;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde::Serialize;

use crate::StoreError;

/// A description of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspected {
    /// `GeoParquet`, `Parquet`, `FlatGeobuf`.
    pub format: String,
    /// Rows or features.
    pub rows: u64,
    /// Row groups; of a FlatGeobuf file 1 with an index, 0 without.
    pub groups: u64,
    /// Names and types.
    pub columns: Vec<(String, String)>,
    /// What the file says about itself: title, licence, attribution, `geo`, by name.
    pub metadata: Vec<(String, String)>,
}

/// Reads the footer of a Parquet file.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Parquet`].
pub fn parquet(path: &Path) -> Result<Inspected, StoreError> {
    let file = File::open(path).map_err(StoreError::at(path, "open"))?;
    let wrong = |source| StoreError::Parquet { path: path.to_owned(), source };
    let reader = SerializedFileReader::new(file).map_err(wrong)?;
    let metadata = reader.metadata();
    let file = metadata.file_metadata();
    let columns = file.schema_descr().root_schema().get_fields().iter().map(|field| {
        let kind = if field.is_primitive() {
            let logical = field.get_basic_info().logical_type_ref().map(|l| format!("{l:?}"));
            logical.unwrap_or_else(|| field.get_physical_type().to_string())
        } else {
            "nested".to_owned()
        };
        (field.name().to_owned(), kind)
    });
    let pairs = file.key_value_metadata().into_iter().flatten();
    let pairs: Vec<_> = pairs.map(|kv| (kv.key.clone(), kv.value.clone().unwrap_or_default())).collect();
    let geo = pairs.iter().any(|(key, _)| key == "geo");
    Ok(Inspected {
        format: if geo { "GeoParquet" } else { "Parquet" }.to_owned(),
        rows: file.num_rows().max(0) as u64,
        groups: metadata.num_row_groups() as u64,
        columns: columns.collect(),
        metadata: pairs,
    })
}

/// Reads the header of a FlatGeobuf file.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::FlatGeobuf`].
pub fn flatgeobuf(path: &Path) -> Result<Inspected, StoreError> {
    let file = File::open(path).map_err(StoreError::at(path, "open"))?;
    let wrong = |source| StoreError::FlatGeobuf { path: path.to_owned(), source };
    let reader = FgbReader::open(BufReader::new(file)).map_err(wrong)?;
    let header = reader.header();
    let columns = header.columns().into_iter().flatten();
    let texts = [
        ("name", header.name()),
        ("title", header.title()),
        ("description", header.description()),
        ("metadata", header.metadata()),
    ];
    Ok(Inspected {
        format: "FlatGeobuf".to_owned(),
        rows: header.features_count(),
        groups: u64::from(header.index_node_size() > 0),
        columns: columns.map(|c| (c.name().to_owned(), format!("{:?}", c.type_()))).collect(),
        metadata: texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?.to_owned()))).collect(),
    })
}

/// Whether a file begins or ends as a Parquet or FlatGeobuf file does: `parquet`, `fgb`, or `None`.
///
/// # Errors
/// [`StoreError::Io`].
pub fn sniff(path: &Path) -> Result<Option<&'static str>, StoreError> {
    let mut first = Vec::new();
    let file = File::open(path).map_err(StoreError::at(path, "open"))?;
    file.take(4).read_to_end(&mut first).map_err(StoreError::at(path, "read"))?;
    Ok(match &first[..] {
        b"PAR1" => Some("parquet"),
        b"fgb\x03" => Some("fgb"),
        _ => None,
    })
}
