//! All integration tests in one program: linking DuckDB many times is slow.

mod api;
mod architecture;
mod cli;
mod demo;
