//! The HTTP service over a small edition of made-up rows, driven without a socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which clippy.toml does not know as such")]

mod bulk;
mod caching;
pub(crate) mod client;
mod downloads;
mod features;
mod fixture;
mod hostile;
mod lists;
pub(crate) mod mvt;
mod one_count;
mod page;
mod pages;
mod places;
mod reload;
mod stands;
mod telling;
mod tile_rules;
mod tiles;
