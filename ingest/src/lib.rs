#![doc = include_str!("../README.md")]

pub mod boundaries;
pub mod communecter;
pub mod config;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod hierarchy;
pub mod ical;
mod ingest;
pub mod input;
pub mod links;
pub mod locate;
pub mod nomenclature;
mod numbered;
pub mod osm_actors;
pub mod osm_pbf;
pub mod table;

pub use config::{
    CommunecterOptions, ConfigError, ReaderOptions, SourceConfig, StartView, TableField, TableOptions, Territory,
};
pub use ingest::{IngestError, Ingested, ingest};
pub use numbered::Numbered;
