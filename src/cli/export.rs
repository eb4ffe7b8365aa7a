//! `parvis export`: a collection, or the part of it inside a unit, to a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use parvis_model::{Collection, UnitId};
use parvis_store::{DataDir, Filter, Format, Snapshot, export};

use super::{DataArg, Outcome};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// countries, regions, departments, intercommunalities, municipalities, neighbourhoods, actors or events
    #[arg(value_parser = parse_collection)]
    collection: Collection,
    /// parquet, fgb, geojson, geojsonseq or csv
    #[arg(long, env = "PARVIS_FORMAT")]
    format: Format,
    /// Only what lies in this unit, such as department:974
    #[arg(long, value_name = "ID", value_parser = parse_unit, env = "PARVIS_WITHIN")]
    within: Option<UnitId>,
    /// The file to write; - for standard output
    #[arg(short, long, value_name = "FILE", env = "PARVIS_OUTPUT")]
    output: PathBuf,
    #[command(flatten)]
    data: DataArg,
}

fn parse_collection(text: &str) -> Result<Collection, String> {
    let names = || Collection::ALL.map(Collection::name).join(", ");
    Collection::from_name(text).ok_or_else(|| format!("it is one of {}", names()))
}

fn parse_unit(text: &str) -> Result<UnitId, String> {
    UnitId::parse(text).ok_or_else(|| "a unit is named level:code, such as department:974".to_owned())
}

impl Export {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let data = DataDir::open(&self.data.data)?;
        let Some(id) = data.current()? else { bail!("no edition is in force: run parvis ingest or parvis demo first") };
        let snapshot = Snapshot::open(data.edition(&id)?)?;
        let filter = Filter { within: self.within.into_iter().collect(), ..Filter::default() };
        let selection = snapshot.select(self.collection, &filter)?;
        let write = |mut out: &mut (dyn Write + Send)| -> anyhow::Result<()> {
            export::export(&snapshot, &selection, self.format, &mut out)?;
            Ok(())
        };
        write_out(&self.output, write)?;
        if self.output.as_os_str() != STANDARD_OUTPUT {
            eprintln!("{}: {} rows of edition {id}", self.output.display(), selection.total());
        }
        Ok(Outcome::Done)
    }
}

/// The name of standard output.
const STANDARD_OUTPUT: &str = "-";

/// Writes a file, or standard output.
pub(super) fn write_out(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if path.as_os_str() != STANDARD_OUTPUT {
        return write_whole(path, write);
    }
    let mut out = BufWriter::new(std::io::stdout());
    write(&mut out)?;
    Ok(out.flush()?)
}

/// Writes beside the file first, so that what stands under its name is whole.
fn write_whole(path: &Path, write: impl FnOnce(&mut (dyn Write + Send)) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let cannot = || format!("{}: cannot be written", path.display());
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| ".".as_ref());
    let file = tempfile::Builder::new().prefix(".parvis-").tempfile_in(folder).with_context(cannot)?;
    let mut out = BufWriter::new(file);
    write(&mut out).with_context(cannot)?;
    let file = out.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(cannot)?;
    readable_by_all(file.as_file()).with_context(cannot)?;
    file.persist(path).with_context(cannot)?;
    Ok(())
}

/// A temporary file is for its owner only; a download is not.
fn readable_by_all(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}
