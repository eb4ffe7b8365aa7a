//! From sources to a published edition: the order of the steps, and nothing else.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use parvis_ingest::{Ingested, Territory};
use parvis_model::{AdminLevel, AdminUnit, Collection, LonLat, Progress, Report, Row, Source};
use parvis_store::{DataDir, EditionId, EditionMeta, EditionWriter, Start, Title};
use parvis_tiles::boundaries::{self, TilesetMeta};
use rayon::prelude::*;

/// What an ingest came to.
#[derive(Debug)]
pub enum Published {
    /// A new edition is in force.
    Edition {
        /// Its id.
        id: EditionId,
        /// The account of every record.
        report: Box<Report>,
    },
    /// Too many records were rejected; the edition in force stays.
    Refused {
        /// The share rejected, 0 to 1.
        share: f64,
        /// The share allowed.
        allowed: f64,
        /// The account of every record.
        report: Box<Report>,
    },
}

impl Published {
    /// The account of every record.
    pub fn report(&self) -> &Report {
        match self {
            Self::Edition { report, .. } | Self::Refused { report, .. } => report,
        }
    }
}

/// Reads the sources of `territory` (paths relative to `base`), builds tables, downloads and tiles, and
/// publishes them as one edition in `data`. The lock is held from the first byte to the last.
///
/// # Errors
/// The first step that fails, with the file and place; the edition in force is untouched.
pub fn publish(
    territory: &Territory,
    base: &Path,
    data: &Path,
    max_rejected: Option<f64>,
    progress: &dyn Progress,
) -> anyhow::Result<Published> {
    let data = DataDir::open_or_create(data)?;
    let lock = data.lock()?;
    let ingested = parvis_ingest::ingest(territory, base, progress)?;
    let share = ingested.report.rejected_share();
    if let Some(allowed) = max_rejected.filter(|allowed| share > *allowed) {
        return Ok(Published::Refused { share, allowed, report: Box::new(ingested.report) });
    }
    let mut writer = EditionWriter::new(&lock, edition_meta(territory, &ingested))?;
    let tiles = lock.scratch("boundaries.pmtiles");
    let built =
        boundaries::build(&ingested.topology, &ingested.units, &tileset_meta(territory, &ingested), &tiles, progress)?;
    tracing::info!(bytes = built.bytes, zooms = ?built.zooms, "boundary tiles built");
    writer.tileset("boundaries", &tiles)?;
    let Ingested { units, topology, actors, events, links, postcodes, retired, overlaps, unit_issues, report, .. } =
        ingested;
    drop(topology);
    let mut units = rows_by_collection(units);
    for collection in AdminLevel::ALL.map(AdminLevel::collection) {
        writer.collection(collection, units.remove(&collection).unwrap_or_default(), progress)?;
    }
    // One after the other: the rows of both at a time would be the most memory that an ingest takes.
    writer.collection(Collection::Actors, actors.into_iter().map(Row::from).collect(), progress)?;
    writer.collection(Collection::Events, events.into_iter().map(Row::from).collect(), progress)?;
    writer.links(&links)?;
    writer.postcodes(&postcodes)?;
    writer.retired(&retired)?;
    writer.overlaps(&overlaps)?;
    writer.unit_issues(&unit_issues)?;
    let id = writer.publish().context("the edition could not be published")?;
    Ok(Published::Edition { id, report: Box::new(report) })
}

fn rows_by_collection(units: Vec<AdminUnit>) -> HashMap<Collection, Vec<Row>> {
    let made: Vec<(Collection, Row)> =
        units.into_par_iter().map(|unit| (unit.level.collection(), Row::from(unit))).collect();
    let mut rows: HashMap<Collection, Vec<Row>> = HashMap::new();
    for (collection, row) in made {
        rows.entry(collection).or_default().push(row);
    }
    rows
}

fn edition_meta(territory: &Territory, ingested: &Ingested) -> EditionMeta {
    EditionMeta {
        territory: territory.id.clone(),
        title: Title { fr: territory.title_fr.clone(), en: territory.title_en.clone() },
        start: Start { lon: territory.start.lon, lat: territory.start.lat, zoom: territory.start.zoom },
        sources: ingested.sources.clone(),
        report: ingested.report.clone(),
    }
}

fn tileset_meta(territory: &Territory, ingested: &Ingested) -> TilesetMeta {
    // An osm-pbf source may give actors alone.
    let has_units = |s: &Source| ingested.units.iter().any(|u| u.source == s.id);
    let of_boundaries = |s: &&Source| s.reader == "nomenclature" || (s.reader == "osm-pbf" && has_units(s));
    let boundary_sources = ingested.sources.iter().filter(of_boundaries);
    TilesetMeta {
        name: territory.title_en.clone(),
        description: format!("Administrative boundaries of six levels: {}", territory.title_en),
        attribution: boundary_sources.map(Source::attribution).collect::<Vec<_>>().join("; "),
        center: LonLat::new(territory.start.lon, territory.start.lat).map(|at| (at, territory.start.zoom as u8)),
        languages: territory.tile_names.clone(),
    }
}
