//! `parvis export`: a collection, or a selection of it, to a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use clap::error::ErrorKind;
use parvis_model::Collection;
use parvis_store::{DataDir, Filter, Format, Snapshot, export};

use super::{DataArg, Outcome};
use crate::http::crs::CrsList;
use crate::http::filter::{self, FILTER};
use crate::http::params::{Params, encode};

#[derive(Debug, Args)]
pub(super) struct Export {
    /// countries, regions, departments, intercommunalities, municipalities, neighbourhoods, actors or events
    #[arg(value_parser = parse_collection)]
    collection: Collection,
    /// parquet, fgb, geojson, geojsonseq or csv
    #[arg(long, env = "PARVIS_FORMAT")]
    format: Format,
    #[command(flatten)]
    filter: FilterArgs,
    /// The file to write; - for standard output
    #[arg(short, long, value_name = "FILE", env = "PARVIS_OUTPUT")]
    output: PathBuf,
    #[command(flatten)]
    data: DataArg,
}

/// The parameters that filter items, with the same meaning.
#[derive(Debug, Args)]
struct FilterArgs {
    /// Only what this expression holds for, in CQL2 text: theme='food' AND name LIKE 'Jardin%'
    #[arg(long, value_name = "CQL2", env = "PARVIS_FILTER")]
    filter: Option<String>,
    /// Only what lies in one of these units, such as department:974
    #[arg(long, value_name = "IDS", env = "PARVIS_WITHIN")]
    within: Option<String>,
    /// Only what meets west,south,east,north in degrees
    #[arg(long, value_name = "BOX", allow_hyphen_values = true, env = "PARVIS_BBOX")]
    bbox: Option<String>,
    /// Only what takes place then: a day (of the place), an instant, or an interval such as 2026-01-01/..
    #[arg(long, value_name = "TIME", env = "PARVIS_DATETIME")]
    datetime: Option<String>,
    /// Only what has one of these themes
    #[arg(long, value_name = "CODES", env = "PARVIS_THEME")]
    theme: Option<String>,
    /// Only what is of one of these kinds
    #[arg(long, value_name = "NAMES", env = "PARVIS_KIND")]
    kind: Option<String>,
    /// Only what has one of these postal codes
    #[arg(long, value_name = "CODES", env = "PARVIS_POSTCODE")]
    postcode: Option<String>,
}

impl FilterArgs {
    /// The filter, read as the parameters of a request are.
    ///
    /// # Errors
    /// What is wrong with one, as any other wrong argument.
    fn read(&self) -> Result<Filter, clap::Error> {
        let given = [
            ("filter", &self.filter),
            ("within", &self.within),
            ("bbox", &self.bbox),
            ("datetime", &self.datetime),
            ("theme", &self.theme),
            ("kind", &self.kind),
            ("postcode", &self.postcode),
        ];
        let pair = |(name, value): (&str, &Option<String>)| Some(format!("{name}={}", encode(value.as_deref()?)));
        let query: Vec<String> = given.into_iter().filter_map(pair).collect();
        let filter =
            Params::parse(Some(&query.join("&")), FILTER).and_then(|params| filter::read(&params, &CrsList::default()));
        filter.map_err(|e| clap::Error::raw(ErrorKind::ValueValidation, format!("{e}\n")))
    }
}

fn parse_collection(text: &str) -> Result<Collection, String> {
    let names = || Collection::ALL.map(Collection::name).join(", ");
    Collection::from_name(text).ok_or_else(|| format!("it is one of {}", names()))
}

impl Export {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let data = DataDir::open(&self.data.data)?;
        let Some(id) = data.current()? else { bail!("no edition is in force: run parvis ingest or parvis demo first") };
        let snapshot = Snapshot::open_for(data.edition(&id)?, self.collection)?;
        let filter = self.filter.read().unwrap_or_else(|error| error.exit());
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
