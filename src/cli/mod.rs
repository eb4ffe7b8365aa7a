//! The commands, one file each. The only place that prints.
#![expect(clippy::print_stdout, reason = "a command line program answers on standard output")]

mod boundaries;
mod demo;
mod editions;
mod export;
mod ingest;
mod inspect;
mod progress;
mod report;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Open data about territories as vector tiles, GeoJSON and downloads: one program, one folder.
///
/// Every option also reads an environment variable: --data reads PARVIS_DATA. Exit codes: 0 done, 1 failed,
/// 2 wrong usage, 3 too many records rejected.
#[derive(Debug, Parser)]
#[command(name = "parvis", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds the embedded sample territory if it is not there yet, and serves it
    Demo(demo::Demo),
    /// Reads the sources of a territory and publishes a new edition
    Ingest(ingest::Ingest),
    /// Serves the edition in force: map, tiles, API and downloads
    Serve(serve::Serve),
    /// Writes a collection of the edition in force to a file
    Export(export::Export),
    /// Takes the administrative units of an OSM file out of it, as GeoJSON and as tiles
    Boundaries(boundaries::Boundaries),
    /// Lists, shows, selects and collects editions
    Editions(editions::Editions),
    /// Says what a PBF, PMTiles, Parquet or FlatGeobuf file holds
    Inspect(inspect::Inspect),
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
struct DataArg {
    /// Data folder
    #[arg(long, value_name = "DIR", default_value = "./parvis-data", env = "PARVIS_DATA")]
    data: PathBuf,
}

/// How a command ended when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    TooManyRejected,
}

impl Cli {
    /// Runs the command; errors are printed, each cause on its own line.
    pub fn run(self) -> ExitCode {
        small_pages();
        let outcome = match self.command {
            Command::Demo(c) => c.run(),
            Command::Ingest(c) => c.run(),
            Command::Serve(c) => c.run(),
            Command::Export(c) => c.run(),
            Command::Boundaries(c) => c.run(),
            Command::Editions(c) => c.run(),
            Command::Inspect(c) => c.run(),
        };
        match outcome {
            Ok(Outcome::Done) => ExitCode::SUCCESS,
            Ok(Outcome::TooManyRejected) => ExitCode::from(3),
            Err(error) => {
                eprintln!("parvis: {error}");
                for cause in error.chain().skip(1) {
                    eprintln!("  because: {cause}");
                }
                ExitCode::FAILURE
            }
        }
    }
}

/// Huge pages stay off: what a command reads first is spread over lists that are sparse at first, and clearing
/// two megabytes for each takes longer than they ever save (measured: docs/decisions/0009).
fn small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "huge pages stay on");
    }
}
