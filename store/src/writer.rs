//! Writing an edition.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use parvis_model::{
    Bbox, Collection, Instant, Link, Overlap, Postcode, Progress, Report, Row, Source, UnitId, UnitIssue,
};

use crate::data_dir::LAYOUT;
use crate::manifest::{CollectionEntry, EditionId, Manifest, Role, Start, TableEntry, Title};
use crate::part::{PartKind, PartSink, adopt};
use crate::rows::{Prepared, prepare};
use crate::{StoreError, WriteLock, export, table};

/// What an edition says about itself.
#[derive(Debug, Clone, Default)]
pub struct EditionMeta {
    /// The territory's short name.
    pub territory: String,
    /// Its title.
    pub title: Title,
    /// Where the map opens.
    pub start: Start,
    /// Where the records come from, in the order of the configuration.
    pub sources: Vec<Source>,
    /// The ingest's report.
    pub report: Report,
}

/// An edition in the making. Nothing of it is seen before [`EditionWriter::publish`]; a crash or a drop
/// leaves the edition in force as it was.
pub struct EditionWriter<'l> {
    lock: &'l WriteLock,
    manifest: Manifest,
    report: Report,
}

impl<'l> EditionWriter<'l> {
    /// Begins an edition.
    ///
    /// # Errors
    /// [`StoreError::Io`] when CURRENT cannot be read.
    pub fn new(lock: &'l WriteLock, meta: EditionMeta) -> Result<Self, StoreError> {
        let EditionMeta { territory, title, start, sources, report } = meta;
        let summary = Report { issues: Vec::new(), ..report.clone() };
        let manifest = Manifest {
            id: Manifest::unsealed_id(),
            created: Instant::from_unix(0),
            parent: lock.dir().current()?,
            software: format!("parvis {}", env!("CARGO_PKG_VERSION")),
            layout: LAYOUT,
            territory,
            title,
            bbox: None,
            start,
            sources,
            collections: BTreeMap::new(),
            tables: BTreeMap::new(),
            tilesets: BTreeMap::new(),
            report: summary,
            report_part: None,
        };
        Ok(Self { lock, manifest, report })
    }

    /// Writes one collection in every format. Rows may come in any order: the files hold them along
    /// the Hilbert curve of their centres, those without a geometry last, by id.
    ///
    /// # Errors
    /// [`StoreError::DuplicateId`], [`StoreError::FeatureIdCollision`], [`StoreError::BadRow`];
    /// [`StoreError::DiskFull`] or another failure to write, after which nothing of it is left.
    pub fn collection(
        &mut self,
        collection: Collection,
        rows: Vec<Row>,
        progress: &dyn Progress,
    ) -> Result<(), StoreError> {
        progress.begin(&format!("write {collection}"), Some(rows.len() as u64 * export::PASSES));
        let prepared = prepare(collection, rows)?;
        let about = self.describe(&prepared);
        let parts = export::write_all(self.lock, &prepared, &about, progress)?;
        progress.finish();
        self.manifest.bbox = match (self.manifest.bbox, prepared.bbox()) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
        let entry = CollectionEntry {
            rows: prepared.rows().len() as u64,
            located: prepared.located() as u64,
            bbox: prepared.bbox(),
            interval: prepared.interval(),
            licences: about.licences,
            sources: about.sources,
            attribution: about.attribution,
            parts,
        };
        self.manifest.collections.insert(collection.name().to_owned(), entry);
        Ok(())
    }

    /// Writes the links.
    ///
    /// # Errors
    /// As [`EditionWriter::collection`].
    pub fn links(&mut self, links: &[Link]) -> Result<(), StoreError> {
        self.table("links", links.len(), |sink| table::plain::write_links(sink, links))
    }

    /// Writes the postal codes.
    ///
    /// # Errors
    /// As [`EditionWriter::collection`].
    pub fn postcodes(&mut self, postcodes: &[Postcode]) -> Result<(), StoreError> {
        self.table("postcodes", postcodes.len(), |sink| table::plain::write_postcodes(sink, postcodes))
    }

    /// Writes the units that are no more, each with the unit that it is part of now.
    ///
    /// # Errors
    /// As [`EditionWriter::collection`].
    pub fn retired(&mut self, retired: &BTreeMap<UnitId, UnitId>) -> Result<(), StoreError> {
        self.table("retired", retired.len(), |sink| table::plain::write_retired(sink, retired))
    }

    /// Writes which units lie partly in others.
    ///
    /// # Errors
    /// As [`EditionWriter::collection`].
    pub fn overlaps(&mut self, overlaps: &[Overlap]) -> Result<(), StoreError> {
        self.table("overlaps", overlaps.len(), |sink| table::plain::write_overlaps(sink, overlaps))
    }

    /// Writes what was wrong, or mended, with units.
    ///
    /// # Errors
    /// As [`EditionWriter::collection`].
    pub fn unit_issues(&mut self, issues: &[UnitIssue]) -> Result<(), StoreError> {
        self.table("unit-issues", issues.len(), |sink| table::plain::write_unit_issues(sink, issues))
    }

    fn table(
        &mut self,
        name: &str,
        rows: usize,
        write: impl FnOnce(&mut PartSink) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut sink = PartSink::create(self.lock, name, table::PARQUET)?;
        write(&mut sink)?;
        let entry = TableEntry { rows: rows as u64, parts: vec![sink.finish()?] };
        self.manifest.tables.insert(name.to_owned(), entry);
        Ok(())
    }

    /// Takes over a PMTiles archive: the file is moved, best from [`WriteLock::scratch`].
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::DiskFull`].
    pub fn tileset(&mut self, name: &str, file: &Path) -> Result<(), StoreError> {
        let kind = PartKind { role: Role::Tiles, ext: "pmtiles", media_type: "application/vnd.pmtiles" };
        let part = adopt(self.lock, file, kind)?;
        self.manifest.tilesets.insert(name.to_owned(), part);
        Ok(())
    }

    /// What the files of a set of sources must carry: tiles as well as tables.
    pub fn attribution(&self, sources: &[String]) -> String {
        attribution(&self.manifest.sources, sources)
    }

    /// Makes the manifest, then puts the edition in force. Each step is durable before the next begins.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::DiskFull`].
    pub fn publish(mut self) -> Result<EditionId, StoreError> {
        let kind = PartKind { role: Role::Report, ext: "json", media_type: "application/json" };
        let mut sink = PartSink::create(self.lock, "report", kind)?;
        let written = serde_json::to_writer(&mut sink, &self.report).map_err(std::io::Error::from);
        let written = written.and_then(|()| sink.write_all(b"\n"));
        written.map_err(|e| StoreError::io(sink.path(), "write", e))?;
        self.manifest.report_part = Some(sink.finish()?);
        self.manifest.seal(Instant::now());
        self.lock.dir().publish(&self.manifest)?;
        Ok(self.manifest.id)
    }

    fn describe(&self, prepared: &Prepared) -> About {
        let collection = prepared.collection();
        let distinct = |field: &str| -> Vec<String> {
            let values = prepared.rows().iter().filter_map(|r| r.row.text(collection, field));
            values.filter(|v| !v.is_empty()).collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
        };
        let sources = distinct("source");
        About {
            name: collection.name(),
            title: format!("{} ({})", collection.title(false), self.manifest.title.en),
            territory: self.manifest.territory.clone(),
            licences: distinct("licence"),
            attribution: self.attribution(&sources),
            sources,
        }
    }
}

/// What every file of a collection says about itself.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub name: &'static str,
    pub title: String,
    pub territory: String,
    pub licences: Vec<String>,
    pub sources: Vec<String>,
    pub attribution: String,
}

impl About {
    /// The licences in one text.
    pub(crate) fn licence(&self) -> String {
        self.licences.join(", ")
    }
}

pub(crate) fn attribution(all: &[Source], used: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in all.iter().filter(|s| used.contains(&s.id)).map(Source::attribution) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("; ")
}

/// The box of all rows; kept here for the manifest.
pub(crate) fn union_all(boxes: impl Iterator<Item = Bbox>) -> Option<Bbox> {
    boxes.reduce(Bbox::union)
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
