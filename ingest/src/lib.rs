#![doc = include_str!("../README.md")]

pub mod boundaries;
pub mod hierarchy;
pub mod osm_pbf;
