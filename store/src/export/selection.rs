//! Exporting a selection: text formats by slices, the others by reading the rows back.

use std::io::{self, Write};

use super::{Format, csv, flatgeobuf, geojson};
use crate::rows::in_order;
use crate::writer::About;
use crate::{Selection, Snapshot, StoreError, table};

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The output could not be written.
    #[error("cannot write the export: {0}")]
    Output(#[from] io::Error),
    /// The edition could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A Parquet file could not be put together.
    #[error("cannot write Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A FlatGeobuf file could not be put together.
    #[error("cannot write FlatGeobuf: {0}")]
    FlatGeobuf(#[from] ::flatgeobuf::Error),
}

/// Writes every row of a selection, in file order, never cut. A whole collection is the download itself,
/// byte for byte. Parquet and FlatGeobuf hold the selected rows in memory; the text formats stream.
///
/// # Errors
/// [`ExportError::Output`] when `out` fails; the others when the edition is damaged.
pub fn export(
    snapshot: &Snapshot,
    selection: &Selection,
    format: Format,
    out: &mut (impl Write + Send),
) -> Result<(), ExportError> {
    let collection = selection.collection();
    if selection.is_all() {
        let part = snapshot.edition().require(collection, format.ext())?;
        let mut file = std::fs::File::open(&part.path).map_err(StoreError::at(&part.path, "open"))?;
        io::copy(&mut file, out)?;
        out.flush()?;
        return Ok(());
    }
    let about = describe(snapshot, selection);
    match format {
        Format::GeoJson => {
            out.write_all(&geojson::head(&about))?;
            for (at, row) in selection.rows().enumerate() {
                out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
                out.write_all(snapshot.geojson(collection, row))?;
            }
            out.write_all(geojson::TAIL)?;
        }
        Format::GeoJsonSeq => {
            for row in selection.rows() {
                out.write_all(snapshot.geojson(collection, row))?;
                out.write_all(b"\n")?;
            }
        }
        Format::Csv => {
            out.write_all(&csv::header(collection))?;
            for row in selection.rows() {
                out.write_all(snapshot.csv(collection, row))?;
            }
        }
        Format::FlatGeobuf => {
            let rows = in_order(collection, table::read::rows(snapshot.edition(), selection)?);
            flatgeobuf::write_to(out, &rows, &about, &mut |_| {}).map_err(|e| match e {
                flatgeobuf::WriteError::Io(e) => ExportError::Output(e),
                flatgeobuf::WriteError::Index(e) => ExportError::FlatGeobuf(e),
            })?;
        }
        Format::Parquet => {
            let rows = in_order(collection, table::read::rows(snapshot.edition(), selection)?);
            table::write_to(&mut *out, &rows, &about, &mut |_| {})?;
        }
    }
    out.flush()?;
    Ok(())
}

fn describe(snapshot: &Snapshot, selection: &Selection) -> About {
    let collection = selection.collection();
    let manifest = snapshot.edition().manifest();
    let entry = manifest.collection(collection);
    About {
        name: collection.name(),
        title: format!("{} ({})", collection.title(false), manifest.title.en),
        territory: manifest.territory.clone(),
        licences: entry.map(|e| e.licences.clone()).unwrap_or_default(),
        sources: entry.map(|e| e.sources.clone()).unwrap_or_default(),
        attribution: entry.map(|e| e.attribution.clone()).unwrap_or_default(),
    }
}
