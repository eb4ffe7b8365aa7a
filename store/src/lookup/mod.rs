//! The units of many points: rows of CSV or NDJSON in, the same rows in the same order out, with what was found
//! appended.
//!
//! ```text
//! bytes ─► Splitter ─► pieces of whole records ─► Table::append (in parallel) ─► pieces, in the order they came
//! ```
//!
//! Nothing here grows with the input: a piece is all that is held of it. A row that cannot be used keeps its place,
//! and its `error` says why.

mod csv;
mod ndjson;
mod split;
mod text;

pub use csv::CsvTable;
pub use ndjson::NdJsonTable;
pub use split::{Piece, Splitter, first_record};

use parvis_model::{AdminLevel, LonLat, Transform};

use crate::index::UnitTable;

/// The longest record, and the longest header, in bytes.
pub const MAX_RECORD: usize = 64 << 10;

/// What is appended for each level: its name in the singular, with `_id` and `_name`.
const LEVELS: [&str; 6] = ["country", "region", "department", "intercommunality", "municipality", "neighbourhood"];

/// The names that a longitude and a latitude are known by, in any case.
/// Names of degrees before those that may be of anything: a national address table (BAL) has `long`, `lat` and, in
/// metres, `x`, `y`.
const LON: [&str; 6] = ["lon", "lng", "long", "longitude", "long_wgs84", "x"];
const LAT: [&str; 4] = ["lat", "latitude", "lat_wgs84", "y"];

/// The same of an easting and a northing. The last are those of the French register of companies (Sirene).
const EAST: [&str; 5] = ["x", "x_l93", "easting", "lambert_x", "coordonneeLambertAbscisseEtablissement"];
const NORTH: [&str; 5] = ["y", "y_l93", "northing", "lambert_y", "coordonneeLambertOrdonneeEtablissement"];

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// CSV, with a comma, semicolon or tabulator.
    Csv,
    /// One JSON object a line.
    NdJson,
}

/// What the caller knows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The name of the longitude, or of the easting; without a header line its number, from 1.
    pub lon: Option<String>,
    /// The same of the latitude, or of the northing.
    pub lat: Option<String>,
    /// What the coordinates are of; degrees of WGS 84 without it.
    pub crs: Option<Transform>,
    /// Whether the first line is a row like any other.
    pub no_header: bool,
}

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// There is no row.
    #[error("the body is empty: send CSV with a header line, or one JSON object a line")]
    Empty,
    /// The first line is too long to be a header.
    #[error("the first line is longer than {MAX_RECORD} bytes")]
    LongHeader,
    /// The text is UTF-16.
    #[error("the text is UTF-16: save it as CSV in UTF-8")]
    Utf16,
    /// No column is the longitude or latitude.
    #[error("no column is called {wanted}; the columns are {found}. Name yours with `{parameter}=`")]
    NoColumn {
        /// The names it may have.
        wanted: String,
        /// The columns there are, as far as they fit a line.
        found: String,
        /// The parameter that names it.
        parameter: &'static str,
    },
    /// Two columns could be it.
    #[error("several columns could be `{parameter}`: {found}. Say which with `{parameter}=`")]
    SeveralColumns {
        /// Their names.
        found: String,
        /// The parameter that names it.
        parameter: &'static str,
    },
    /// Without a header, columns have numbers.
    #[error("without a header line `{0}` must be the number of a column, from 1 to the last")]
    NoNumber(&'static str),
}

/// How the rows of one table are read and what they become.
#[derive(Debug, Clone)]
pub enum Table {
    /// CSV.
    Csv(CsvTable),
    /// NDJSON.
    NdJson(NdJsonTable),
}

impl Table {
    /// Reads what a table begins with: of CSV `first` is its first record. Gives the table and what the output
    /// begins with; a first record that is a row already has to be appended to like any other.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn new(records: Records, first: &[u8], columns: &Columns) -> Result<(Self, Vec<u8>), TableError> {
        match records {
            Records::Csv => CsvTable::new(first, columns).map(|(table, head)| (Self::Csv(table), head)),
            Records::NdJson => Ok((Self::NdJson(NdJsonTable::new(columns)), Vec::new())),
        }
    }

    /// The rows of a piece with their units.
    pub fn append(&self, units: &UnitTable, piece: &Piece) -> Vec<u8> {
        match self {
            Self::Csv(table) => table.append(units, piece),
            Self::NdJson(table) => table.append(units, piece),
        }
    }
}

/// What the coordinates of a table are.
#[derive(Debug, Clone)]
struct Axes(Option<Transform>);

impl Axes {
    fn is_projected(&self) -> bool {
        self.0.as_ref().is_some_and(|crs| !crs.is_degrees())
    }

    /// The names that the columns are known by: east, north.
    fn names(&self) -> [&'static [&'static str]; 2] {
        if self.is_projected() { [&EAST, &NORTH] } else { [&LON, &LAT] }
    }

    /// What the columns are called in a message.
    fn said(&self) -> [&'static str; 2] {
        if self.is_projected() { ["the easting", "the northing"] } else { ["the longitude", "the latitude"] }
    }

    /// A place out of two numbers.
    fn place(&self, x: f64, y: f64) -> Result<LonLat, String> {
        if let Some(crs) = &self.0 {
            return crs.place(x, y).ok_or_else(|| format!("{x}, {y} is no place in {}", crs.crs()));
        }
        LonLat::new(x, y).ok_or_else(|| {
            let projected = x.abs() > 180.0 || y.abs() > 90.0;
            let hint = if projected { "; are these degrees of WGS 84? `crs=` names another" } else { "" };
            format!("{x}, {y} is no longitude and latitude{hint}")
        })
    }
}

/// A number, also with a decimal comma; spaces around it are nothing.
fn number(text: &str, what: &str) -> Result<f64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{what} is missing"));
    }
    let parsed = text.parse::<f64>().ok().or_else(|| text.replacen(',', ".", 1).parse().ok());
    parsed.filter(|n| n.is_finite()).ok_or_else(|| format!("{what} is no number: {}", cut(text)))
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The units of a place by level, each as its id and name.
fn found<'u>(units: &'u UnitTable, numbers: &[u32; 6]) -> [Option<(&'u str, &'u str)>; 6] {
    AdminLevel::ALL.map(|level| units.get(numbers[level.index()]).map(|unit| (unit.id.as_str(), &*unit.name)))
}

#[cfg(test)]
mod tests;
