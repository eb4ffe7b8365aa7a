#![doc = include_str!("../README.md")]

pub mod archive;
pub mod boundaries;
pub mod clip;
pub mod encode;
pub mod error;
pub mod gzip;
pub mod points;
pub mod tilejson;

pub use boundaries::{BuildStats, TilesetMeta};
pub use encode::{BUFFER, EXTENT, PropertyValue, concat};
pub use error::TilesError;
pub use tilejson::{TileJson, Tileset, VectorLayer};

/// No tile is larger than this, compressed.
pub const MAX_TILE_BYTES: usize = 500_000;

#[cfg(test)]
mod decode;
