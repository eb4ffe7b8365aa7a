//! Parvis: open data about territories as vector tiles, GeoJSON and downloads. One program, one folder.
//!
//! This crate is the application: command line ([`cli`]), order of the steps ([`pipeline`]), HTTP ([`http`]).
//! What it wires stands in `parvis-model`, `parvis-ingest`, `parvis-store` and `parvis-tiles`.

pub mod cli;
pub mod http;
pub mod pipeline;
pub mod sample;
