//! Manifests: what an edition holds. One JSON file each, `editions/<id>.json`.

use std::collections::BTreeMap;
use std::fmt;

use parvis_model::{Bbox, Collection, Instant, Report, Source};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::StoreError;

/// The id of an edition: `2026-11-21T10-00-00Z-abcd1234`, when it was made and the first eight hex
/// digits of the SHA-256 of its manifest without id and time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EditionId(String);

impl EditionId {
    /// Checks the shape: nothing else is ever looked up as a file.
    ///
    /// # Errors
    /// [`StoreError::BadEditionId`].
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let shape = b"0000-00-00T00-00-00Z-xxxxxxxx";
        let fits = |(c, s): (u8, &u8)| match s {
            b'0' => c.is_ascii_digit(),
            b'x' => c.is_ascii_digit() || (b'a'..=b'f').contains(&c),
            other => c == *other,
        };
        if text.len() == shape.len() && text.bytes().zip(shape).all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(StoreError::BadEditionId(text.chars().take(80).collect()))
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn new(created: Instant, digest: &[u8]) -> Self {
        let time = created.to_string().replace(':', "-");
        Self(format!("{time}-{}", parvis_model::id::hex(&digest[..4])))
    }
}

impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EditionId {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self, StoreError> {
        Self::parse(&text)
    }
}

impl From<EditionId> for String {
    fn from(id: EditionId) -> Self {
        id.0
    }
}

/// A title in French and English.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

/// Where the page opens its map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Longitude, degrees.
    pub lon: f64,
    /// Latitude, degrees.
    pub lat: f64,
    /// Zoom of 512-pixel tiles.
    pub zoom: f64,
}

/// What a part is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A Parquet table, which is also its own download.
    Table,
    /// A download.
    Export,
    /// Where the rows of a download begin (u64, little endian, one more than rows).
    Offsets,
    /// A PMTiles archive.
    Tiles,
    /// The report of the ingest.
    Report,
}

/// An immutable file, named by its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is for.
    pub role: Role,
    /// Ending of the name: `parquet`, `geojson`, `csv.offsets`.
    pub ext: String,
    /// SHA-256, 64 hex digits.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
}

impl Part {
    /// The file's name in `parts/`.
    pub fn file_name(&self) -> String {
        format!("{}.{}", self.sha256, self.ext)
    }
}

/// One collection of an edition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CollectionEntry {
    /// Rows, with and without geometry.
    pub rows: u64,
    /// Rows with a geometry; they come first in every file.
    pub located: u64,
    /// Box of all geometries.
    pub bbox: Option<Bbox>,
    /// From the first start to the last end of its events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[Instant; 2]>,
    /// SPDX identifiers of its rows, sorted.
    pub licences: Vec<String>,
    /// Sources of its rows, sorted.
    pub sources: Vec<String>,
    /// Who must be named, one line.
    pub attribution: String,
    /// The files.
    pub parts: Vec<Part>,
}

/// A table without geometry: links, postcodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Rows.
    pub rows: u64,
    /// The files.
    pub parts: Vec<Part>,
}

/// One published state of the whole territory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its name.
    pub id: EditionId,
    /// When it was made, seconds since 1970 in UTC.
    pub created: Instant,
    /// The edition in force when it was made.
    pub parent: Option<EditionId>,
    /// Name and version of the program that made it.
    pub software: String,
    /// Layout version of the data folder.
    pub layout: u32,
    /// The territory's short name.
    pub territory: String,
    /// The territory's title.
    pub title: Title,
    /// Box of everything that has a place.
    pub bbox: Option<Bbox>,
    /// Where the map opens.
    pub start: Start,
    /// Where the records come from.
    pub sources: Vec<Source>,
    /// By name.
    pub collections: BTreeMap<String, CollectionEntry>,
    /// By name: `links`, `postcodes`.
    pub tables: BTreeMap<String, TableEntry>,
    /// By name: `boundaries`.
    pub tilesets: BTreeMap<String, Part>,
    /// The ingest's counts; the list of issues is in the part.
    pub report: Report,
    /// The whole report.
    pub report_part: Option<Part>,
}

impl Manifest {
    /// A collection's entry; `None` when the edition lacks it.
    pub fn collection(&self, collection: Collection) -> Option<&CollectionEntry> {
        self.collections.get(collection.name())
    }

    /// Every part.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.collections
            .values()
            .flat_map(|c| &c.parts)
            .chain(self.tables.values().flat_map(|t| &t.parts))
            .chain(self.tilesets.values())
            .chain(&self.report_part)
    }

    /// The bytes of the file: pretty JSON, one newline at the end.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest has text keys and finite numbers only");
        bytes.push(b'\n');
        bytes
    }

    /// Sets id and time: the id is the time and the digest of everything else.
    pub(crate) fn seal(&mut self, created: Instant) {
        let mut value = serde_json::to_value(&*self).expect("a manifest has text keys and finite numbers only");
        if let Some(object) = value.as_object_mut() {
            object.shift_remove("id");
            object.shift_remove("created");
        }
        self.id = EditionId::new(created, &Sha256::digest(value.to_string()));
        self.created = created;
    }

    /// An id that stands until [`Manifest::seal`].
    pub(crate) fn unsealed_id() -> EditionId {
        EditionId::new(Instant::from_unix(0), &[0; 4])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_id_is_never_a_path() {
        assert!(EditionId::parse("2026-11-21T10-00-00Z-abcd1234").is_ok());
        for bad in ["", "..", "../../etc/passwd", "2026-11-21T10-00-00Z-ABCD1234", "2026-11-21T10-00-00Z-abcd123/"] {
            assert!(EditionId::parse(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<EditionId>("\"../x\"").is_err());
    }

    #[test]
    fn the_time_of_an_edition_is_in_its_id() {
        let id = EditionId::new(Instant::parse("2026-11-21T10:00:00Z").unwrap(), &[0xab, 0xcd, 0x12, 0x34]);
        assert_eq!(id.as_str(), "2026-11-21T10-00-00Z-abcd1234");
        assert_eq!(EditionId::parse(id.as_str()).unwrap(), id);
    }
}
