//! The HTTP service over a small edition of made-up rows, driven without a socket.

mod caching;
mod client;
mod downloads;
mod features;
mod fixture;
mod hostile;
mod page;
mod places;
mod reload;
mod tiles;
