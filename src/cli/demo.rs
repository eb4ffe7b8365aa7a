//! `parvis demo`: the embedded sample, built once and served.

use anyhow::Context;
use clap::Args;
use parvis_ingest::Territory;
use parvis_store::DataDir;

use super::progress::Bars;
use super::serve::ServeArgs;
use super::{DataArg, Outcome, report};
use crate::pipeline::{self, Published};
use crate::sample::Sample;

#[derive(Debug, Args)]
pub(super) struct Demo {
    #[command(flatten)]
    data: DataArg,
    /// The sample to build and serve
    #[arg(long, value_enum, default_value = "france", env = "PARVIS_TERRITORY")]
    territory: Sample,
    #[command(flatten)]
    serve: ServeArgs,
}

impl Demo {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let data = DataDir::open_or_create(&self.data.data)?;
        if self.is_built(&data)? {
            eprintln!("The sample is built already in {}.", self.data.data.display());
        } else {
            self.build()?;
        }
        self.serve.run(data)
    }

    fn is_built(&self, data: &DataDir) -> anyhow::Result<bool> {
        let Some(id) = data.current()? else { return Ok(false) };
        Ok(data.manifest(&id)?.territory == self.territory.territory())
    }

    fn build(&self) -> anyhow::Result<()> {
        let files = tempfile::tempdir().context("no room for the sample's files")?;
        let config = self.territory.extract(files.path())?;
        let territory = Territory::read(&config)?;
        eprintln!("Building the sample {} in {}:", self.territory.territory(), self.data.data.display());
        let published = pipeline::publish(&territory, files.path(), &self.data.data, None, &Bars::new())?;
        println!("\n{}\n", report::tables(published.report()));
        if let Published::Edition { id, .. } = published {
            println!("Edition {id}\n");
        }
        Ok(())
    }
}
