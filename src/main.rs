//! The `parvis` program.

use std::process::ExitCode;

use clap::Parser;
use parvis::cli::Cli;

/// Reading an edition makes and frees millions of small texts and lists, on all cores.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Cli::parse().run()
}
