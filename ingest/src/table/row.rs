//! One row to one actor.

use csv::ByteRecord;
use parvis_model::id::hex;
use parvis_model::{Actor, ActorId, ActorKind, Ancestors, Instant, Issue, IssueCode, LonLat, Precision};
use sha2::{Digest, Sha256};

use super::clean;
use super::columns::Columns;
use super::project::{Misplaced, Projector};
use crate::Numbered;
use crate::config::{SourceConfig, TableField, TableOptions};

/// All that reading a row needs; shared by the threads.
pub(super) struct Reader<'a> {
    pub(super) config: &'a SourceConfig,
    pub(super) options: &'a TableOptions,
    pub(super) columns: Columns,
    pub(super) projector: Projector,
    pub(super) country: &'a str,
}

/// What becomes of a row.
pub(super) enum Outcome {
    /// Another territory's; with its id, when it has one.
    NotSelected(Option<String>),
    Rejected(Issue),
    Kept {
        actor: Box<Numbered<Actor>>,
        issues: Vec<Issue>,
        placing: Placing,
    },
}

/// Whether a row's coordinates are a place of the CRS.
pub(super) enum Placing {
    /// It has none, or they are no numbers: the CRS is not to blame.
    None,
    Placed,
    /// With the coordinates, for the message when all rows are so.
    Misplaced(String),
}

impl Reader<'_> {
    pub(super) fn row(&self, line: u64, record: &ByteRecord) -> Outcome {
        let place = format!("line {line}");
        match self.cells(record) {
            Ok(cells) => Row { reader: self, cells, place, issues: Vec::new() }.actor(record),
            Err(detail) => Outcome::Rejected(self.issue(IssueCode::BadRow, place, detail)),
        }
    }

    /// The row as text, if it has the header's width and is UTF-8.
    fn cells<'r>(&self, record: &'r ByteRecord) -> Result<Vec<&'r str>, String> {
        if record.len() != self.columns.width() {
            return Err(format!("{} cells where the header has {}", record.len(), self.columns.width()));
        }
        let text = |(at, cell): (usize, &'r [u8])| {
            std::str::from_utf8(cell).map_err(|e| {
                let readable = String::from_utf8_lossy(&cell[..cell.len().min(60)]).into_owned();
                let byte = cell.get(e.valid_up_to()).copied().unwrap_or_default();
                format!("cell {}, {readable:?}, is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8", at + 1)
            })
        };
        record.iter().enumerate().map(text).collect()
    }

    fn issue(&self, code: IssueCode, place: String, detail: String) -> Issue {
        Issue { code, source: self.config.source.id.clone(), place, detail }
    }
}

struct Row<'a, 'r> {
    reader: &'a Reader<'a>,
    cells: Vec<&'r str>,
    place: String,
    issues: Vec<Issue>,
}

impl Row<'_, '_> {
    /// The cell of a field, else its constant; `None` when both are blank.
    fn get(&self, field: TableField) -> Option<&str> {
        let full = |t: &&str| !t.is_empty();
        let cell = self.reader.columns.get(field).and_then(|at| self.cells.get(at).copied()).map(str::trim);
        let constant = self.reader.options.constants.get(&field).map(|t| t.trim());
        cell.filter(full).or(constant.filter(full))
    }

    fn note(&mut self, code: IssueCode, detail: impl Into<String>) {
        let issue = self.reader.issue(code, self.place.clone(), detail.into());
        self.issues.push(issue);
    }

    fn reject(self, code: IssueCode, detail: impl Into<String>) -> Outcome {
        Outcome::Rejected(self.reader.issue(code, self.place, detail.into()))
    }

    fn actor(mut self, record: &ByteRecord) -> Outcome {
        let config = self.reader.config;
        let municipality_code = self.get(TableField::MunicipalityCode).and_then(clean::line);
        if let Some(code) = &municipality_code
            && !config.selects(code)
        {
            let id = self.get(TableField::Key).map(|key| ActorId::new(&config.source.id, key).to_string());
            return Outcome::NotSelected(id);
        }
        let Some(name) = self.get(TableField::Name).and_then(clean::line) else {
            return self.reject(IssueCode::MissingName, "the name is empty");
        };
        let kind_word = self.get(TableField::Kind).unwrap_or_default().to_owned();
        let Some(kind) = ActorKind::from_name(&kind_word.to_lowercase().replace([' ', '-'], "_")) else {
            let known: Vec<_> = ActorKind::ALL.iter().map(|k| k.name()).collect();
            return self.reject(IssueCode::UnknownKind, format!("{kind_word:?}; there are {}", known.join(", ")));
        };
        let key = self.key(record);
        let (location, placing) = self.location();
        let tags = self.get(TableField::Tags).map(|t| self.list(t)).unwrap_or_default();
        let (themes, tags) = self.themes(tags);
        let actor = Actor {
            id: ActorId::new(&config.source.id, &key),
            kind,
            name,
            description: self.get(TableField::Description).and_then(clean::paragraph),
            themes,
            tags,
            url: self.checked(TableField::Url, IssueCode::BadUrl, clean::url),
            email: self.checked(TableField::Email, IssueCode::BadContact, clean::email),
            telephone: {
                let country = self.reader.country;
                self.checked(TableField::Telephone, IssueCode::BadContact, |t| clean::telephone(t, country))
            },
            address: self.get(TableField::Address).and_then(clean::line),
            postcode: self.get(TableField::Postcode).and_then(clean::line),
            municipality_code,
            precision: if location.is_some() { Precision::Point } else { Precision::None },
            location,
            ancestors: Ancestors::default(),
            example: config.source.example,
            source: config.source.id.clone(),
            licence: config.source.licence.clone(),
            updated: self.updated(),
        };
        Outcome::Kept { actor: Box::new(Numbered { place: self.place, record: actor }), issues: self.issues, placing }
    }

    /// The key cell, else 16 hex digits of the SHA-256 of the row.
    fn key(&mut self, record: &ByteRecord) -> String {
        if let Some(key) = self.get(TableField::Key) {
            return key.to_owned();
        }
        if self.reader.columns.get(TableField::Key).is_some() {
            self.note(IssueCode::MissingKey, "the id is made of a hash of the row, and changes with it");
        }
        let mut hash = Sha256::new();
        for cell in record {
            hash.update((cell.len() as u64).to_le_bytes());
            hash.update(cell);
        }
        hex(&hash.finalize()[..8])
    }

    fn list(&self, text: &str) -> Vec<String> {
        clean::list(text, self.reader.options.list_separator)
    }

    /// The themes of the `themes` cell, else those that tags mean; words that mean none become tags.
    fn themes(&mut self, mut tags: Vec<String>) -> (parvis_model::ThemeSet, Vec<String>) {
        let words = self.get(TableField::Themes).map(|t| self.list(t)).unwrap_or_default();
        if words.is_empty() {
            return (clean::themes(&tags).0, tags);
        }
        let (set, unknown) = clean::themes(&words);
        for word in unknown {
            self.note(IssueCode::UnknownTheme, format!("{word:?} was kept as a tag"));
            if !tags.contains(&word) {
                tags.push(word);
            }
        }
        (set, tags)
    }

    fn checked(
        &mut self,
        field: TableField,
        code: IssueCode,
        clean: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        let text = self.get(field)?.to_owned();
        let cleaned = clean(&text);
        if cleaned.is_none() {
            // A telephone number or e-mail that is wrong may be somebody's: it is not repeated in the report.
            let detail =
                if code == IssueCode::BadUrl { format!("{text:?}") } else { format!("column {}", field.name()) };
            self.note(code, detail);
        }
        cleaned
    }

    fn updated(&mut self) -> Option<Instant> {
        let text = self.get(TableField::Updated)?.to_owned();
        let instant = Instant::parse(&text);
        if instant.is_none() {
            self.note(IssueCode::BadDate, format!("updated: {text:?} is neither a date (2026-01-01) nor RFC 3339"));
        }
        instant
    }

    fn location(&mut self) -> (Option<LonLat>, Placing) {
        let cells = (self.get(TableField::X).map(str::to_owned), self.get(TableField::Y).map(str::to_owned));
        let (x, y) = match cells {
            (None, None) => return (None, Placing::None),
            (Some(x), Some(y)) => (x, y),
            (x, y) => {
                let missing = if x.is_none() { "x" } else { "y" };
                let have = x.or(y).unwrap_or_default();
                self.note(IssueCode::BadCoordinates, format!("{missing} is empty, the other is {have:?}"));
                return (None, Placing::None);
            }
        };
        // A decimal comma is common in French tables.
        let number = |text: &str| text.replace(',', ".").parse::<f64>().ok();
        let (Some(nx), Some(ny)) = (number(&x), number(&y)) else {
            self.note(IssueCode::BadCoordinates, format!("{x:?}, {y:?} are not numbers"));
            return (None, Placing::None);
        };
        let crs = &self.reader.options.crs;
        let detail = match self.reader.projector.project(nx, ny) {
            Ok(at) => return (Some(at), Placing::Placed),
            Err(Misplaced::OutOfRange) => format!("x {x}, y {y} are out of the range of {crs}"),
            Err(Misplaced::OutOfArea(lon, lat)) => {
                format!("x {x}, y {y} would be {lon:.3}, {lat:.3}, where {crs} is not used")
            }
        };
        self.note(IssueCode::BadCoordinates, detail.clone());
        (None, Placing::Misplaced(format!("{}: {detail}", self.place)))
    }
}
