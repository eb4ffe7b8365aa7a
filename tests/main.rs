//! All integration tests in one program: linking DuckDB many times is slow.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test that cannot go on stops")]

mod api;
mod architecture;
mod cli;
mod conformance;
mod demo;
mod leaks;
