//! Exporting a selection: text formats by slices, the others by reading the rows back.

use std::io::{self, Write};

use parvis_model::Collection;

use super::{Format, flatgeobuf, flatgeobuf_slices, geojson};
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
/// byte for byte. Memory: a piece of text, a few row groups of Parquet, or 80 bytes a row for the index of FlatGeobuf.
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
    let part = snapshot.edition().require(collection, format.ext())?;
    if selection.is_all() {
        let mut file = std::fs::File::open(&part.path).map_err(StoreError::at(&part.path, "open"))?;
        io::copy(&mut file, out)?;
        out.flush()?;
        return Ok(());
    }
    match format {
        Format::GeoJson | Format::GeoJsonSeq | Format::Csv => {
            let mut text = TextExport::new(selection.clone(), format);
            let mut piece = Vec::with_capacity(2 * PIECE);
            loop {
                let more = text.next(snapshot, PIECE, &mut piece);
                out.write_all(&piece)?;
                piece.clear();
                if !more {
                    break;
                }
            }
        }
        Format::FlatGeobuf => {
            let stored = flatgeobuf_slices::Stored::open(part)?;
            stored.write(selection, &describe(snapshot, collection), out).map_err(|e| match e {
                flatgeobuf::WriteError::Io(e) => ExportError::Output(e),
                flatgeobuf::WriteError::Index(e) => ExportError::FlatGeobuf(e),
            })?;
        }
        Format::Parquet => table::copy::copy(&part.path, selection, &describe(snapshot, collection), out)?,
    }
    out.flush()?;
    Ok(())
}

/// How much text is put together at a time.
const PIECE: usize = 256 << 10;

/// An export in GeoJSON, GeoJSONSeq or CSV, piece by piece: as fast as its reader, with nothing held between.
#[derive(Debug)]
pub struct TextExport {
    selection: Selection,
    format: Format,
    /// The next row; `None` before the head.
    next: Option<u32>,
    /// Whether a row was written.
    begun: bool,
}

impl TextExport {
    /// Begins an export. Formats that are no text are written as GeoJSONSeq.
    pub fn new(selection: Selection, format: Format) -> Self {
        Self { selection, format, next: None, begun: false }
    }

    /// Appends some of the export to `out`: at least `room` bytes, or all that is left. Says whether there is more.
    pub fn next(&mut self, snapshot: &Snapshot, room: usize, out: &mut Vec<u8>) -> bool {
        let collection = self.selection.collection();
        let until = out.len() + room;
        let first = self.next.unwrap_or_else(|| {
            match self.format {
                Format::GeoJson => out.extend(geojson::head(&describe(snapshot, collection))),
                Format::Csv => out.extend_from_slice(snapshot.csv_header(collection)),
                _ => {}
            }
            0
        });
        for row in self.selection.rows_from(first) {
            if out.len() >= until {
                self.next = Some(row);
                return true;
            }
            match self.format {
                Format::Csv => out.extend_from_slice(snapshot.csv(collection, row)),
                Format::GeoJson => {
                    out.extend_from_slice(if self.begun { b",\n" } else { b"\n" });
                    out.extend_from_slice(snapshot.geojson(collection, row));
                }
                _ => {
                    out.push(geojson::RECORD);
                    out.extend_from_slice(snapshot.geojson(collection, row));
                    out.push(b'\n');
                }
            }
            self.begun = true;
        }
        self.next = Some(u32::MAX);
        if self.format == Format::GeoJson {
            out.extend_from_slice(geojson::TAIL);
        }
        false
    }
}

fn describe(snapshot: &Snapshot, collection: Collection) -> About {
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
