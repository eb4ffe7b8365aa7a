//! `parvis ingest`: sources to a new edition.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use parvis_ingest::Territory;

use super::progress::Bars;
use super::{DataArg, Outcome, report};
use crate::pipeline::{self, Published};

#[derive(Debug, Args)]
pub(super) struct Ingest {
    /// The territory file: its sources and options
    #[arg(value_name = "CONFIG.toml")]
    config: PathBuf,
    #[command(flatten)]
    data: DataArg,
    /// Writes the whole report, every issue with its place, as JSON
    #[arg(long, value_name = "FILE.json", env = "PARVIS_REPORT")]
    report: Option<PathBuf>,
    /// Publishes nothing and exits 3 when more than this share of the records is rejected, such as 5%
    #[arg(long, value_name = "N%", value_parser = parse_share, env = "PARVIS_MAX_REJECTED")]
    max_rejected: Option<f64>,
    /// An OSM file that has the ways and nodes which the boundaries of the sources lack, such as a larger extract
    #[arg(long, value_name = "PBF", env = "PARVIS_COMPLETE_FROM")]
    complete_from: Option<PathBuf>,
}

/// `5%` or `5` is 0.05.
fn parse_share(text: &str) -> Result<f64, String> {
    let number: f64 =
        text.trim().trim_end_matches('%').parse().map_err(|_e| format!("{text:?} is not a percentage"))?;
    if (0.0..=100.0).contains(&number) { Ok(number / 100.0) } else { Err(format!("{number} is not in 0 to 100")) }
}

impl Ingest {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let territory = Territory { complete_from: self.complete_from, ..Territory::read(&self.config)? };
        let base = self.config.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| ".".as_ref());
        let began = std::time::Instant::now();
        let published = pipeline::publish(&territory, base, &self.data.data, self.max_rejected, &Bars::new())?;
        let report = published.report();
        if let Some(path) = &self.report {
            let file =
                std::fs::File::create(path).with_context(|| format!("{}: cannot write the report", path.display()))?;
            serde_json::to_writer_pretty(file, report)
                .with_context(|| format!("{}: cannot write the report", path.display()))?;
        }
        println!("\n{}\n", report::tables(report));
        match &published {
            Published::Edition { id, .. } => {
                println!("Edition {id} published in {:.1} s.", began.elapsed().as_secs_f64());
                Ok(Outcome::Done)
            }
            Published::Refused { share, allowed, .. } => {
                eprintln!(
                    "parvis: {:.2} % of the records were rejected, more than the {:.2} % allowed: nothing was published",
                    share * 100.0,
                    allowed * 100.0
                );
                Ok(Outcome::TooManyRejected)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse_share;

    #[test]
    fn a_share_is_a_percentage() {
        assert_eq!(parse_share("5%"), Ok(0.05));
        assert_eq!(parse_share(" 0 "), Ok(0.0));
        assert!(parse_share("101%").is_err() && parse_share("-1").is_err() && parse_share("many").is_err());
    }
}
