//! `parvis boundaries`: from an OSM file to units and tiles, without a territory file or an edition.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use parvis_ingest::boundaries::{self, Options};
use parvis_ingest::hierarchy;
use parvis_model::{AdminUnit, CountryRules, Report, Source};
use parvis_store::export;
use parvis_tiles::boundaries::TilesetMeta;

use super::export::write_out;
use super::progress::Bars;
use super::{Outcome, report};

#[derive(Debug, Args)]
pub(super) struct Boundaries {
    /// The OSM file
    #[arg(value_name = "FILE.osm.pbf")]
    input: PathBuf,
    /// Countries whose units are wanted, by ISO 3166-1 code: FR,BE
    #[arg(long, value_name = "ISO", value_delimiter = ',', required = true, value_parser = parse_iso, env = "PARVIS_COUNTRIES")]
    countries: Vec<String>,
    /// Writes the units, with status and hierarchy, as a GeoJSON text sequence (RFC 8142); - for standard output
    #[arg(short, long, value_name = "FILE.geojsonseq", env = "PARVIS_OUTPUT", required_unless_present = "tiles")]
    output: Option<PathBuf>,
    /// Writes the units and their borders as vector tiles, zooms 0 to 12
    #[arg(long, value_name = "FILE.pmtiles", env = "PARVIS_TILES")]
    tiles: Option<PathBuf>,
    /// An OSM file that has the ways and nodes which the input lacks, such as a larger extract
    #[arg(long, value_name = "PBF", env = "PARVIS_COMPLETE_FROM")]
    complete_from: Option<PathBuf>,
    /// Writes the whole report, every issue with its place, as JSON
    #[arg(long, value_name = "FILE.json", env = "PARVIS_REPORT")]
    report: Option<PathBuf>,
}

fn parse_iso(text: &str) -> Result<String, String> {
    let is_code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    if is_code { Ok(text.to_ascii_uppercase()) } else { Err("a country has two letters, such as FR".to_owned()) }
}

impl Boundaries {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let rules: Vec<CountryRules> = self.countries.iter().map(|iso| CountryRules::builtin(iso)).collect();
        let source = source();
        let bars = Bars::new();
        let options = Options { rules: &rules, memberships: &[], complete_from: self.complete_from.as_deref() };
        let read = boundaries::read(&self.input, &source, options, &bars)?;
        let (mut units, topology) = (read.units, read.topology);
        let mut report = Report { sources: vec![read.report], ..Report::default() };
        report.extend(read.issues);
        hierarchy::assign(&mut units, &mut report);
        count(&units, &mut report.units);
        if let Some(path) = &self.tiles {
            let name = self.input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            let description = format!("Administrative boundaries of {}", self.countries.join(", "));
            let languages = vec!["en".to_owned()];
            let meta = TilesetMeta { name, description, attribution: source.attribution(), center: None, languages };
            parvis_tiles::boundaries::build(&topology, &units, &meta, path, &bars)?;
        }
        // Freed while the units are written.
        rayon::spawn(move || drop(topology));
        if let Some(path) = &self.output {
            write_units(path, units)?;
        }
        if let Some(path) = &self.report {
            let cannot = || format!("{}: cannot write the report", path.display());
            let file = std::fs::File::create(path).with_context(cannot)?;
            serde_json::to_writer_pretty(BufWriter::new(file), &report).with_context(cannot)?;
        }
        eprintln!("\n{}\n", report::tables(&report));
        if report.sources[0].accepted == 0 {
            bail!("{}: no unit of {} is in it", self.input.display(), self.countries.join(", "));
        }
        Ok(Outcome::Done)
    }
}

/// Whatever the file is of, it is OSM: a file says nothing of its licence.
fn source() -> Source {
    Source {
        id: "osm".to_owned(),
        reader: "osm-pbf".to_owned(),
        producer: "OpenStreetMap contributors".to_owned(),
        licence: "ODbL-1.0".to_owned(),
        url: None,
        date: None,
        valid_at: None,
        example: false,
    }
}

fn count(units: &[AdminUnit], counts: &mut BTreeMap<String, BTreeMap<String, u64>>) {
    for unit in units {
        let by_status = counts.entry(unit.level.collection().name().to_owned()).or_default();
        *by_status.entry(unit.status.name().to_owned()).or_default() += 1;
    }
}

fn write_units(path: &Path, units: Vec<AdminUnit>) -> anyhow::Result<()> {
    let units = units.into_iter().map(|unit| (unit.level.collection(), unit));
    write_out(path, |mut out: &mut (dyn Write + Send)| Ok(export::features(units, &mut out)?))
}
