//! The downloads of a collection, and exports of a selection.

pub(crate) mod csv;
mod feature;
pub(crate) mod flatgeobuf;
mod flatgeobuf_slices;
pub(crate) mod geojson;
mod number;
mod selection;

pub use feature::Telling;
pub use geojson::{RECORD, features};
pub use selection::{ExportError, TextExport, export};

use std::str::FromStr;

use parvis_model::Progress;

use crate::manifest::{Part, Role};
use crate::part::{PartKind, PartSink};
use crate::rows::Prepared;
use crate::writer::About;
use crate::{StoreError, WriteLock, table};

/// How often [`write_all`] goes over the rows.
pub(crate) const PASSES: u64 = 4;

/// A format that a collection can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// GeoParquet 1.1.
    Parquet,
    /// FlatGeobuf, indexed.
    FlatGeobuf,
    /// One GeoJSON FeatureCollection.
    GeoJson,
    /// GeoJSON as a text sequence (RFC 8142): one Feature a line, each after a record separator.
    GeoJsonSeq,
    /// RFC 4180, `lon` and `lat` for the geometry.
    Csv,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::GeoJson, Self::GeoJsonSeq, Self::Csv, Self::FlatGeobuf, Self::Parquet];

    /// The ending of file names, and the name on the command line and in `f=`.
    pub const fn ext(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::FlatGeobuf => "fgb",
            Self::GeoJson => "geojson",
            Self::GeoJsonSeq => "geojsonseq",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Parquet => "application/vnd.apache.parquet",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::GeoJson => "application/geo+json",
            Self::GeoJsonSeq => "application/geo+json-seq",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    pub(crate) const fn part(self) -> PartKind {
        let role = if matches!(self, Self::Parquet) { Role::Table } else { Role::Export };
        PartKind { role, ext: self.ext(), media_type: self.media_type() }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::ext).join(", ");
        Self::ALL.into_iter().find(|f| f.ext() == text).ok_or_else(|| format!("{text:?} is not one of {}", known()))
    }
}

/// Where the rows of a download begin.
pub(crate) const fn offsets(ext: &'static str) -> PartKind {
    PartKind { role: Role::Offsets, ext, media_type: "application/octet-stream" }
}

/// Writes every part of a collection, several at a time.
pub(crate) fn write_all(
    lock: &WriteLock,
    rows: &Prepared,
    about: &About,
    progress: &dyn Progress,
) -> Result<Vec<Part>, StoreError> {
    let ((features, records), (boxes, columns)) = rayon::join(
        || rayon::join(|| write_features(lock, rows, about, progress), || write_records(lock, rows, about, progress)),
        || {
            rayon::join(
                || {
                    let mut sink = PartSink::create(lock, about.name, Format::FlatGeobuf.part())?;
                    flatgeobuf::write(&mut sink, rows, about, progress)?;
                    sink.finish()
                },
                || {
                    let mut sink = PartSink::create(lock, about.name, Format::Parquet.part())?;
                    table::write(&mut sink, rows, about, progress)?;
                    sink.finish()
                },
            )
        },
    );
    let mut parts = vec![columns?];
    parts.extend(features?);
    parts.extend(records?);
    parts.push(boxes?);
    Ok(parts)
}

fn write_features(
    lock: &WriteLock,
    rows: &Prepared,
    about: &About,
    progress: &dyn Progress,
) -> Result<[Part; 3], StoreError> {
    let mut whole = PartSink::create(lock, about.name, Format::GeoJson.part())?;
    let mut lines = PartSink::create(lock, about.name, Format::GeoJsonSeq.part())?;
    let mut starts = PartSink::create(lock, about.name, offsets("geojsonseq.offsets"))?;
    geojson::write(&mut whole, &mut lines, &mut starts, rows, about, progress)?;
    Ok([whole.finish()?, lines.finish()?, starts.finish()?])
}

fn write_records(
    lock: &WriteLock,
    rows: &Prepared,
    about: &About,
    progress: &dyn Progress,
) -> Result<[Part; 2], StoreError> {
    let mut lines = PartSink::create(lock, about.name, Format::Csv.part())?;
    let mut starts = PartSink::create(lock, about.name, offsets("csv.offsets"))?;
    csv::write(&mut lines, &mut starts, rows, progress)?;
    Ok([lines.finish()?, starts.finish()?])
}
