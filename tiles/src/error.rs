//! What can go wrong when tiles are made.

use std::path::PathBuf;

use parvis_model::UnitId;

use crate::encode::EncodeError;

/// Why a tile or a tileset could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TilesError {
    /// The archive cannot be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The archive.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The archive writer refuses.
    #[error("cannot write the PMTiles archive {path}: {source}")]
    Archive {
        /// The archive.
        path: PathBuf,
        /// Why.
        source: pmtiles::PmtError,
    },
    /// A tile cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A shape or line names a unit that is not in the list of units.
    #[error("the topology names {0}, which is not among the units")]
    UnknownUnit(UnitId),
    /// A ring or line names an arc that does not exist.
    #[error("{place} names arc {arc}, but the topology has only {arcs}")]
    UnknownArc {
        /// The unit of the ring, or `line <number>`.
        place: String,
        /// The arc.
        arc: u32,
        /// How many there are.
        arcs: usize,
    },
    /// Two units share one feature id: rename one of them.
    #[error("{0} and {1} have the same 53-bit feature id")]
    IdCollision(UnitId, UnitId),
}
