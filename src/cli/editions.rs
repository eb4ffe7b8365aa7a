//! `parvis editions`: what was published, which one is in force, and what may go.

use clap::{Args, Subcommand};
use comfy_table::{Cell, CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use indicatif::{HumanBytes, HumanCount};
use parvis_model::Collection;
use parvis_store::{DataDir, EditionId, Manifest};

use super::{DataArg, Outcome};

#[derive(Debug, Args)]
pub(super) struct Editions {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Lists the editions, newest first; * marks the one in force
    List {
        #[command(flatten)]
        data: DataArg,
    },
    /// Shows what an edition holds
    Show {
        /// Its id; the one in force when left out
        id: Option<String>,
        #[command(flatten)]
        data: DataArg,
    },
    /// Puts an edition in force: roll back, or forward again
    Use {
        /// Its id
        id: String,
        #[command(flatten)]
        data: DataArg,
    },
    /// Removes old editions and the parts that no other needs; never the one in force, nothing younger than an hour
    Gc {
        /// How many of the newest to keep
        #[arg(long, default_value_t = 10)]
        keep: usize,
        #[command(flatten)]
        data: DataArg,
    },
}

impl Editions {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        match self.action {
            Action::List { data } => list(&DataDir::open(data.data)?)?,
            Action::Show { id, data } => show(&DataDir::open(data.data)?, id.as_deref())?,
            Action::Use { id, data } => {
                let data = DataDir::open(data.data)?;
                let id = EditionId::parse(&id)?;
                let _lock = data.lock()?;
                data.use_edition(&id)?;
                println!("{id} is in force.");
            }
            Action::Gc { keep, data } => {
                let data = DataDir::open(data.data)?;
                let gone = data.gc(&data.lock()?, keep, &[])?;
                for id in &gone.editions {
                    println!("removed {id}");
                }
                println!("{} editions, {} parts, {} removed.", gone.editions.len(), gone.parts, HumanBytes(gone.bytes));
            }
        }
        Ok(Outcome::Done)
    }
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn size(manifest: &Manifest) -> u64 {
    manifest.parts().map(|p| p.bytes).sum()
}

fn list(data: &DataDir) -> anyhow::Result<()> {
    let current = data.current()?;
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header([
        "",
        "edition",
        "territory",
        "units",
        "actors",
        "events",
        "size",
    ]);
    for m in data.editions()? {
        let rows = |c: Collection| m.collection(c).map_or(0, |e| e.rows);
        let units = Collection::ALL.into_iter().filter(|c| c.level().is_some()).map(rows).sum();
        table.add_row([
            Cell::new(if current.as_ref() == Some(&m.id) { "*" } else { "" }),
            Cell::new(&m.id),
            Cell::new(&m.territory),
            right(HumanCount(units).to_string()),
            right(HumanCount(rows(Collection::Actors)).to_string()),
            right(HumanCount(rows(Collection::Events)).to_string()),
            right(HumanBytes(size(&m)).to_string()),
        ]);
    }
    println!("{table}");
    Ok(())
}

fn show(data: &DataDir, id: Option<&str>) -> anyhow::Result<()> {
    let id = match id {
        Some(id) => EditionId::parse(id)?,
        None => data
            .current()?
            .ok_or_else(|| anyhow::anyhow!("no edition is in force: run parvis ingest or parvis demo"))?,
    };
    let edition = data.edition(&id)?;
    let m = edition.manifest();
    println!("edition    {}", m.id);
    println!("territory  {} ({})", m.title.en, m.territory);
    println!("parent     {}", m.parent.as_ref().map_or("none", |p| p.as_str()));
    println!("software   {}", m.software);
    for source in &m.sources {
        println!("source     {}: {}", source.id, source.attribution());
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["file", "size", "sha256"]);
    for file in edition.downloads() {
        let name = format!("{}.{}", file.name, file.ext);
        table.add_row([Cell::new(name), right(HumanBytes(file.bytes).to_string()), Cell::new(&file.sha256[..16])]);
    }
    println!("{table}");
    Ok(())
}
