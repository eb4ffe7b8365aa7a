//! The HTTP service over a small edition of made-up rows, driven without a socket.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which clippy.toml does not know as such")]

mod caching;
pub(crate) mod client;
mod downloads;
mod features;
mod fixture;
mod hostile;
mod lists;
mod page;
mod pages;
mod places;
mod reload;
mod telling;
mod tiles;
