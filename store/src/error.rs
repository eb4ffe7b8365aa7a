//! What can go wrong in the store, with the file it went wrong in and what to do.

use std::io;
use std::path::{Path, PathBuf};

use parvis_model::Collection;

use crate::EditionId;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A file or folder could not be read or written.
    #[error("{}: cannot {doing}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: `read`, `write`, `rename`.
        doing: &'static str,
        /// The system's word.
        #[source]
        source: io::Error,
    },
    /// No space is left.
    #[error(
        "{}: the disk is full. Free some space there or choose another folder with --data, then run again; \
         the edition in force is untouched and what was begun has been removed",
        path.display()
    )]
    DiskFull {
        /// The file that was being written.
        path: PathBuf,
    },
    /// The folder holds other things than an installation's data.
    #[error("{}: not a Parvis data folder (it has no FORMAT file and is not empty); choose another with --data", path.display())]
    NotADataDir {
        /// The folder.
        path: PathBuf,
    },
    /// The folder does not exist.
    #[error("{}: there is no data folder here; make one with `parvis ingest` or `parvis demo`", path.display())]
    NoDataDir {
        /// The folder.
        path: PathBuf,
    },
    /// The folder was written by a newer version.
    #[error(
        "{}: layout version {found} is newer than {known}, the newest that this program knows; use the program that wrote it or a newer one",
        path.display()
    )]
    NewerLayout {
        /// The FORMAT file.
        path: PathBuf,
        /// What it says.
        found: u32,
        /// What this program writes.
        known: u32,
    },
    /// FORMAT cannot be understood.
    #[error("{}: expected `parvis <number>`, found {text:?}", path.display())]
    BadFormat {
        /// The FORMAT file.
        path: PathBuf,
        /// Its first characters.
        text: String,
    },
    /// Another process writes an edition.
    #[error(
        "{}: another process is writing{}; wait until it ends",
        path.display(), pid.map_or_else(String::new, |p| format!(" (pid {p})"))
    )]
    Locked {
        /// The LOCK file.
        path: PathBuf,
        /// Who holds it, when the file says.
        pid: Option<u32>,
    },
    /// A manifest is no JSON of ours.
    #[error("{}: not a manifest: {source}", path.display())]
    BadManifest {
        /// The manifest.
        path: PathBuf,
        /// Line, column and cause.
        #[source]
        source: serde_json::Error,
    },
    /// The text is no edition id.
    #[error("{0:?} is not an edition id such as 2026-11-21T10-00-00Z-abcd1234")]
    BadEditionId(String),
    /// There is no such edition.
    #[error("there is no edition {0}; `parvis editions list` shows those there are")]
    UnknownEdition(EditionId),
    /// The edition was there and has been collected.
    #[error("edition {0} has been removed by `parvis editions gc`")]
    Collected(EditionId),
    /// A manifest names a part that is not there or has another size.
    #[error("{}: {detail}; use another edition (`parvis editions use`) or ingest again", path.display())]
    DamagedPart {
        /// The part.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Two rows of a collection have one id.
    #[error("{collection}: two rows have the id {id}")]
    DuplicateId {
        /// The collection.
        collection: Collection,
        /// The id.
        id: String,
    },
    /// Two ids of an edition have one feature id in tiles.
    #[error("{collection}: {first} and {second} have the same feature id in tiles; change the key of one")]
    FeatureIdCollision {
        /// The collection.
        collection: Collection,
        /// One id.
        first: String,
        /// The other.
        second: String,
    },
    /// A row has not the cells or the geometry of its collection.
    #[error("{collection}: row {id:?}: {detail}")]
    BadRow {
        /// The collection.
        collection: Collection,
        /// Its id, as far as known.
        id: String,
        /// What is wrong.
        detail: String,
    },
    /// A Parquet file could not be written or read.
    #[error("{}: Parquet: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// The library's word.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A table could not be laid out.
    #[error("{}: {source}", path.display())]
    Arrow {
        /// The file.
        path: PathBuf,
        /// The library's word.
        #[source]
        source: arrow_schema::ArrowError,
    },
    /// A geometry could not be encoded or decoded.
    #[error("{}: geometry: {detail}", path.display())]
    Geometry {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// A FlatGeobuf file could not be written or read.
    #[error("{}: FlatGeobuf: {source}", path.display())]
    FlatGeobuf {
        /// The file.
        path: PathBuf,
        /// The library's word.
        #[source]
        source: flatgeobuf::Error,
    },
    /// DuckDB could not read a table.
    #[error("{}: DuckDB: {source}", path.display())]
    DuckDb {
        /// The table.
        path: PathBuf,
        /// The library's word.
        #[source]
        source: duckdb::Error,
    },
}

impl StoreError {
    /// Wraps a failure of the system with the path; a full disk becomes [`StoreError::DiskFull`].
    pub fn io(path: &Path, doing: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { path, doing, source },
        }
    }

    /// [`StoreError::io`] for `map_err`.
    pub(crate) fn at<'p>(path: &'p Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self + 'p {
        move |source| Self::io(path, doing, source)
    }

    /// For `map_err` of DuckDB's results.
    pub(crate) fn duck(path: &Path) -> impl FnOnce(duckdb::Error) -> Self + '_ {
        move |source| Self::DuckDb { path: path.to_owned(), source }
    }
}
