//! Reading PMTiles: the file is mapped, its directories decoded once, a tile is a slice.
//!
//! Spec: <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>

mod directory;
mod header;

use std::fs::File;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use parvis_model::TileCoord;

pub use header::Header;

use crate::gzip::{self, GzipError};
use directory::Entry;
pub(crate) use directory::tile_id;

/// The most that the metadata may inflate to, in bytes.
const MAX_METADATA_BYTES: usize = 4 << 20;

/// Why an archive cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file cannot be read.
    #[error("cannot open {path}: {source}")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not a PMTiles archive of vector tiles in gzip that we can serve.
    #[error("{path} is not a PMTiles archive that can be served: {problem}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: Problem,
    },
}

/// What is wrong with an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Too short, or another magic number.
    #[error("it does not begin with a PMTiles version 3 header")]
    Header,
    /// A kind of tile or compression other than MVT and gzip.
    #[error("{0} is {1}, only {2} is served")]
    Unsupported(&'static str, u8, &'static str),
    /// The header points beyond the end of the file.
    #[error("the {0} lies beyond the end of the file: is it cut short?")]
    Range(&'static str),
    /// A directory or the metadata does not inflate.
    #[error("the {0} is damaged: {1}")]
    Gzip(&'static str, #[source] GzipError),
    /// A directory ends early, or its numbers cannot be.
    #[error("a directory is damaged at entry {0}")]
    Directory(usize),
    /// The metadata is not JSON.
    #[error("the metadata is not JSON: {0}")]
    Metadata(#[source] serde_json::Error),
}

/// An open archive. Cheap to share, safe to read from many threads; nothing is locked.
#[derive(Debug)]
pub struct Archive {
    map: Mmap,
    header: Header,
    /// By tile id, without gaps in memory.
    entries: Vec<Entry>,
    metadata: serde_json::Value,
}

impl Archive {
    /// Maps an archive and decodes its directories. The file must not change while it is open: parts of
    /// an edition never do.
    ///
    /// # Errors
    /// [`ArchiveError`]; a file that is hostile or cut short is an error here, never later.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let io = |source| ArchiveError::Open { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        #[expect(unsafe_code, reason = "parts are immutable files, written under another name and renamed")]
        let map = unsafe { Mmap::map(&file) }.map_err(io)?;
        Self::of(map).map_err(|problem| ArchiveError::Invalid { path: path.to_owned(), problem })
    }

    fn of(map: Mmap) -> Result<Self, Problem> {
        let header = Header::parse(&map)?;
        let entries = directory::read_all(&map, &header)?;
        let packed = header.metadata.slice(&map).ok_or(Problem::Range("metadata"))?;
        let json = gzip::decompress(packed, MAX_METADATA_BYTES).map_err(|e| Problem::Gzip("metadata", e))?;
        let metadata = serde_json::from_slice(&json).map_err(Problem::Metadata)?;
        Ok(Self { map, header, entries, metadata })
    }

    /// The stored bytes of a tile (MVT in gzip); `None` when the archive has none there.
    /// Logarithmic in the number of tiles, copies nothing.
    pub fn get(&self, coord: TileCoord) -> Option<&[u8]> {
        let id = directory::tile_id(coord)?;
        let after = self.entries.partition_point(|e| e.tile_id <= id);
        let entry = &self.entries[after.checked_sub(1)?];
        (id - entry.tile_id < u64::from(entry.run)).then(|| self.bytes(entry))
    }

    /// All tiles in the order of the archive, with their stored bytes.
    pub fn iter(&self) -> impl Iterator<Item = (TileCoord, &[u8])> {
        self.entries.iter().flat_map(move |entry| {
            let ids = entry.tile_id..entry.tile_id + u64::from(entry.run);
            ids.filter_map(move |id| Some((directory::coord(id)?, self.bytes(entry))))
        })
    }

    /// The header: zooms, bounds, centre, counts.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The metadata: name, attribution, `vector_layers`.
    pub fn metadata(&self) -> &serde_json::Value {
        &self.metadata
    }

    /// The languages of its units' names, as [`crate::boundaries::TilesetMeta::languages`] says; none in an archive of others.
    pub fn languages(&self) -> Vec<String> {
        let languages = self.metadata["languages"].as_array().into_iter().flatten();
        languages.filter_map(|l| Some(l.as_str()?.to_owned())).collect()
    }

    /// First and deepest zoom.
    pub fn zooms(&self) -> (u8, u8) {
        (self.header.min_zoom, self.header.max_zoom)
    }

    /// `[west, south, east, north]` in degrees.
    pub fn bounds(&self) -> [f64; 4] {
        self.header.bounds
    }

    fn bytes(&self, entry: &Entry) -> &[u8] {
        // Checked when the directory was read.
        let from = (self.header.data.offset + entry.offset) as usize;
        self.map.get(from..from + entry.length as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
