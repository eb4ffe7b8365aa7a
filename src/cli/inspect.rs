//! `parvis inspect`: what a file holds.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{HumanBytes, HumanCount};
use parvis_ingest::osm_pbf::{Kind, PbfFile};
use parvis_store::inspect::{self, Inspected};
use parvis_tiles::archive::Archive;

use super::Outcome;

#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// An OSM PBF, PMTiles, Parquet or FlatGeobuf file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// What a file can be, by its first or last bytes.
enum Content {
    Pbf,
    PmTiles,
    Parquet,
    FlatGeobuf,
}

impl Inspect {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let path = &self.file;
        let size = std::fs::metadata(path).with_context(|| format!("{}: cannot be read", path.display()))?.len();
        println!("{}  {}", path.display(), HumanBytes(size));
        match content(path)? {
            Content::Pbf => pbf(path)?,
            Content::PmTiles => pmtiles(path)?,
            Content::Parquet => table(&inspect::parquet(path)?),
            Content::FlatGeobuf => table(&inspect::flatgeobuf(path)?),
        }
        Ok(Outcome::Done)
    }
}

fn content(path: &Path) -> anyhow::Result<Content> {
    use std::io::Read;
    let mut first = Vec::new();
    let file = std::fs::File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    file.take(64).read_to_end(&mut first).with_context(|| format!("{}: cannot be read", path.display()))?;
    Ok(match inspect::sniff(path)? {
        Some("parquet") => Content::Parquet,
        Some("fgb") => Content::FlatGeobuf,
        _ if first.starts_with(b"PMTiles") => Content::PmTiles,
        _ if first.windows(9).any(|w| w == b"OSMHeader") => Content::Pbf,
        _ => bail!("{}: neither OSM PBF, PMTiles, Parquet nor FlatGeobuf", path.display()),
    })
}

fn line(name: &str, value: impl std::fmt::Display) {
    println!("{name:14} {value}");
}

fn pbf(path: &Path) -> anyhow::Result<()> {
    let file = PbfFile::open(path)?;
    let header = file.header();
    line("format", "OSM PBF");
    line("sorted", if header.sorted { "Sort.Type_then_ID" } else { "not declared" });
    line("written by", header.writing_program.as_deref().unwrap_or("unknown"));
    line("blobs", HumanCount(file.blobs() as u64));
    for (kind, name) in [(Kind::Node, "nodes in"), (Kind::Way, "ways in"), (Kind::Relation, "relations in")] {
        let mut blobs = 0;
        for index in 0..file.blobs() {
            blobs += u64::from(file.contents(index)?.kinds[kind as usize]);
        }
        line(name, format!("{} blobs", HumanCount(blobs)));
    }
    Ok(())
}

fn pmtiles(path: &Path) -> anyhow::Result<()> {
    let archive = Archive::open(path)?;
    let (min, max) = archive.zooms();
    let (mut tiles, mut largest) = (0u64, (0, String::new()));
    for (coord, bytes) in archive.iter() {
        tiles += 1;
        if bytes.len() > largest.0 {
            largest = (bytes.len(), coord.to_string());
        }
    }
    line("format", "PMTiles 3");
    line("zooms", format!("{min} to {max}"));
    line("bounds", format!("{:?}", archive.bounds()));
    line("tiles", HumanCount(tiles));
    line("largest", format!("{} ({})", HumanBytes(largest.0 as u64), largest.1));
    let metadata = archive.metadata();
    for key in ["name", "description", "attribution"] {
        if let Some(text) = metadata[key].as_str() {
            line(key, text);
        }
    }
    for layer in metadata["vector_layers"].as_array().into_iter().flatten() {
        let fields: Vec<&str> =
            layer["fields"].as_object().map_or_else(Vec::new, |f| f.keys().map(String::as_str).collect());
        line("layer", format!("{} ({})", layer["id"].as_str().unwrap_or_default(), fields.join(", ")));
    }
    Ok(())
}

fn table(file: &Inspected) {
    line("format", &file.format);
    line("rows", HumanCount(file.rows));
    match file.format.as_str() {
        "FlatGeobuf" => line("index", if file.groups > 0 { "Hilbert R-tree" } else { "none" }),
        _ => line("row groups", HumanCount(file.groups)),
    }
    for (name, kind) in &file.columns {
        line("column", format!("{name}: {kind}"));
    }
    for (key, value) in &file.metadata {
        let short: String = value.chars().take(200).collect();
        line(key, short);
    }
}
