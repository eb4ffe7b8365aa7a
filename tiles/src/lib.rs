#![doc = include_str!("../README.md")]

pub mod archive;
pub mod boundaries;
pub mod clip;
pub mod columns;
pub mod encode;
pub mod error;
pub mod gzip;
pub mod heat;
pub mod points;
pub mod reframe;
pub mod tilejson;

pub use boundaries::{BuildStats, TilesetMeta};
pub use columns::Columns;
pub use encode::{BUFFER, EXTENT, PropertyValue, concat};
pub use error::TilesError;
pub use tilejson::{TileJson, Tileset, VectorLayer};

/// No tile is larger than this, compressed.
pub const MAX_TILE_BYTES: usize = 500_000;

/// What a tile of boundaries leaves of [`MAX_TILE_BYTES`]: `territory` has cells and points in the same tile, and these
/// are never left out.
pub const POINTS_ROOM: usize = 80_000;

#[cfg(test)]
mod decode;
