//! The demo territory that the program carries, and how it becomes files again.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "data/demo"]
#[include = "*.toml"]
#[include = "*.osm.pbf"]
#[include = "*.csv"]
#[include = "*.csv.gz"]
#[include = "*.ics.gz"]
#[include = "nomenclature/*"]
#[exclude = "builder/*"]
struct Demo;

/// A sample territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Sample {
    /// All of France: six levels, 35,611 town halls, example actors and events
    France,
    /// La Réunion alone
    Reunion,
}

impl Sample {
    /// The id of its territory, as its TOML and its editions have it.
    pub const fn territory(self) -> &'static str {
        match self {
            Self::France => "france",
            Self::Reunion => "reunion",
        }
    }

    /// Writes the sample's files into `folder` and returns the path of its territory file.
    ///
    /// # Errors
    /// When a file cannot be written; names it.
    pub fn extract(self, folder: &Path) -> anyhow::Result<PathBuf> {
        for name in Demo::iter() {
            let Some(file) = Demo::get(&name) else { continue };
            let path = folder.join(name.as_ref());
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).with_context(|| format!("{}: cannot be made", parent.display()))?;
            }
            std::fs::write(&path, file.data).with_context(|| format!("{}: cannot be written", path.display()))?;
        }
        Ok(folder.join(self.territory()).with_extension("toml"))
    }
}
