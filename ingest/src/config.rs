//! `territory.toml`: which sources make the territory, and how each is read.

mod raw;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use parvis_model::{Crs, Instant, Source};

use crate::communecter::PlatformCollection;

/// A territory: its names, its window in time, its sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Territory {
    /// Short name, `[a-z0-9-]+`: `france`.
    pub id: String,
    /// Title in French.
    pub title_fr: String,
    /// Title in English.
    pub title_en: String,
    /// ISO 3166-1 alpha-2 codes of the countries whose rules read the boundaries; the first one's time zone
    /// is that of events without a place.
    pub countries: Vec<String>,
    /// Occurrences that end before are left out.
    pub from: Instant,
    /// Occurrences that start then or later are left out.
    pub to: Instant,
    /// What the page shows first.
    pub start: StartView,
    /// Languages whose names go into boundary tiles, as `name_<language>`: `tile_names = ["en", "br"]`. Editions have
    /// every language.
    pub tile_names: Vec<String>,
    /// An OSM file that has the ways and nodes which boundary relations of the sources lack; relative to the
    /// working folder. Given on the command line, never in the file.
    pub complete_from: Option<PathBuf>,
    /// The sources, in the order of the file.
    pub sources: Vec<SourceConfig>,
}

/// Where the map opens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartView {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Zoom of 512-pixel tiles.
    pub zoom: f64,
}

/// One source and how it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceConfig {
    /// Who, when, which licence.
    pub source: Source,
    /// Files, or for the nomenclature a folder; relative to the configuration's folder.
    pub paths: Vec<PathBuf>,
    /// Takes only records whose municipality code begins with one of these; empty: all. The others are
    /// counted as not selected.
    pub within: Vec<String>,
    /// What the reader needs besides.
    pub options: ReaderOptions,
}

/// Options by reader.
#[derive(Debug, Clone, PartialEq)]
pub enum ReaderOptions {
    /// OpenStreetMap data.
    OsmPbf {
        /// Whether its boundaries are read; then it must have some.
        boundaries: bool,
        /// Whether its named places become actors: see [`crate::osm_actors`].
        actors: bool,
    },
    /// Official codes and names: the files of npm `@etalab/decoupage-administratif`.
    Nomenclature,
    /// Rows of a CSV file.
    Table(Box<TableOptions>),
    /// iCalendar events.
    Ical {
        /// Occurrences kept of one series, at most.
        max_occurrences: usize,
    },
    /// Elements of the Communecter platform: its Mongo exports and the answers of its API.
    Communecter(CommunecterOptions),
    /// Links between records.
    Links,
}

/// How elements of the platform are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommunecterOptions {
    /// The collection of the records that do not say it themselves; `None`: the file is named as its collection.
    pub collection: Option<PlatformCollection>,
    /// Whether what the preferences of an element do not say counts as open.
    pub open_by_default: bool,
}

/// How a table becomes actors.
#[derive(Debug, Clone, PartialEq)]
pub struct TableOptions {
    /// The CRS of the `x` and `y` columns.
    pub crs: Crs,
    /// Separator of cells; `None`: found in the header line.
    pub delimiter: Option<u8>,
    /// Separator inside `themes` and `tags`; `None`: `;`, or `,` in cells without one.
    pub list_separator: Option<char>,
    /// Whether the first line names the columns; without, columns are named by their number, from 1.
    pub header: bool,
    /// Our field: their column.
    pub columns: BTreeMap<TableField, String>,
    /// Our field: one value for all rows, used where the column is absent or its cell empty.
    pub constants: BTreeMap<TableField, String>,
}

macro_rules! table_fields {
    ($($variant:ident $name:literal $doc:literal),* $(,)?) => {
        /// A field that a table's mapping can fill.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TableField {
            $(#[doc = $doc] $variant),*
        }

        impl TableField {
            /// All fields.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the configuration.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The field of a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|f| f.name() == name)
            }
        }
    };
}

table_fields! {
    Key "key" "What the id is made of.",
    Name "name" "Name; a row without is refused.",
    Kind "kind" "One of the six kinds; a row without is refused.",
    Description "description" "A few sentences.",
    Themes "themes" "List of themes, by any word that means one.",
    Tags "tags" "List of free tags.",
    Url "url" "Web address.",
    Email "email" "The organisation's e-mail.",
    Telephone "telephone" "The organisation's telephone.",
    Address "address" "Street and number.",
    Postcode "postcode" "Postal code.",
    MunicipalityCode "municipality_code" "Official code of the municipality.",
    X "x" "Easting or longitude, in the source's CRS.",
    Y "y" "Northing or latitude, in the source's CRS.",
    Updated "updated" "Last change: RFC 3339 or ISO date.",
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The configuration.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML, a key that does not exist, a key that is missing, or a value of the wrong type.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Syntax {
        /// The configuration.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// A value that has no meaning.
    #[error("{}:{line}: {key}: {message}", path.display())]
    Value {
        /// The configuration.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The key: `window.to`, `source town-halls: crs`.
        key: String,
        /// What is wrong and what would be right.
        message: String,
    },
}

impl Territory {
    /// Reads a configuration. Whether its sources exist is not asked here.
    ///
    /// # Errors
    /// [`ConfigError`], with file, line and key.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Io { path: path.into(), source })?;
        Self::parse(&text, path)
    }

    /// Parses the text of a configuration; `path` is only named in errors.
    ///
    /// # Errors
    /// As [`Territory::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        raw::parse(text, path)
    }

    /// The configuration of a source.
    pub fn source(&self, id: &str) -> Option<&SourceConfig> {
        self.sources.iter().find(|s| s.source.id == id)
    }
}

impl SourceConfig {
    /// Whether a record of this municipality is wanted.
    pub fn selects(&self, municipality_code: &str) -> bool {
        self.within.is_empty() || self.within.iter().any(|prefix| municipality_code.starts_with(prefix.as_str()))
    }
}

#[cfg(test)]
pub(crate) mod tests;
