//! Actors from CSV tables, by a mapping.

pub(crate) mod clean;
mod columns;
mod project;
mod row;

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use parvis_model::{Actor, Issue, IssueCode, Progress, SourceReport};
use rayon::prelude::*;

use crate::Numbered;
use crate::config::{SourceConfig, TableOptions};
use crate::input::{self, InputError, LineCounter, LineStarts};
use columns::Columns;
use project::Projector;
use row::{Outcome, Placing, Reader};

/// Rows that are read before they are worked on together.
const BATCH: usize = 4_096;

/// What a table gives.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The actors, in the order of the file; not yet placed in units.
    pub actors: Vec<Numbered<Actor>>,
    /// Ids of rows that `within` does not select.
    pub not_selected: Vec<String>,
    /// Every row accounted for.
    pub report: SourceReport,
    /// What was wrong with rows.
    pub issues: Vec<Issue>,
}

/// Why a table cannot be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// There is not even a header line.
    #[error("{}: the file is empty: its first line must name the columns", path.display())]
    Empty {
        /// The table.
        path: PathBuf,
    },
    /// The header is not UTF-8.
    #[error("{}:1: the header is not UTF-8; save the file as UTF-8", path.display())]
    HeaderEncoding {
        /// The table.
        path: PathBuf,
    },
    /// The mapping names a column that is not there.
    #[error("{}:1: no column {column:?}, which columns.{field} names; there are {have}", path.display())]
    NoColumn {
        /// The table.
        path: PathBuf,
        /// Our field.
        field: &'static str,
        /// Their column.
        column: String,
        /// The columns of the file.
        have: String,
    },
    /// The mapping names a column that is there several times.
    #[error("{}:1: {count} columns are called {column:?}, which columns.{field} names; rename one", path.display())]
    AmbiguousColumn {
        /// The table.
        path: PathBuf,
        /// Our field.
        field: &'static str,
        /// Their column.
        column: String,
        /// How many.
        count: usize,
    },
    /// PROJ does not know the CRS.
    #[error("{}: source {source_id}: crs: PROJ does not know {crs}: {message}", path.display())]
    UnknownCrs {
        /// The table.
        path: PathBuf,
        /// The source.
        source_id: String,
        /// The CRS.
        crs: String,
        /// What PROJ says.
        message: String,
    },
    /// No row has coordinates that make sense in the CRS.
    #[error(
        "{}: source {source_id}: crs: none of the {rows} rows with coordinates lies where {crs} is used ({example}); \
         the file is in another CRS, or x and y are swapped",
        path.display()
    )]
    WrongCrs {
        /// The table.
        path: PathBuf,
        /// The source.
        source_id: String,
        /// The CRS.
        crs: String,
        /// Rows with coordinates.
        rows: u64,
        /// The first of them.
        example: String,
    },
}

/// Reads the rows of a table as actors. `country` (ISO 3166-1 alpha-2) is that of national telephone numbers.
///
/// Rows are told by the line of the file in which they begin. What is wrong with one row rejects it or is an
/// issue; a cell that is not needed (a bad URL) never costs the row.
///
/// # Errors
/// [`TableError`]: the file cannot be read, lacks a column of the mapping, or is in another CRS than stated.
pub fn read(
    path: &Path,
    config: &SourceConfig,
    options: &TableOptions,
    country: &str,
    progress: &dyn Progress,
) -> Result<Table, TableError> {
    let (mut csv, lines, first) = open(path, options)?;
    let columns = Columns::resolve(&first, options, path)?;
    let projector = Projector::new(&options.crs).map_err(|message| TableError::UnknownCrs {
        path: path.into(),
        source_id: config.source.id.clone(),
        crs: options.crs.to_string(),
        message,
    })?;
    let reader = Reader { config, options, columns, projector, country };
    let mut sink = Sink::new(config);
    progress.begin(&format!("read {}", config.source.id), None);
    let mut batch: Vec<(u64, ByteRecord)> = Vec::with_capacity(BATCH);
    if !options.header {
        batch.push((lines.line_at(0), first));
    }
    loop {
        let more = fill(&mut csv, &lines, &mut batch, path)?;
        let outcomes: Vec<Outcome> = batch.par_iter().map(|(line, record)| reader.row(*line, record)).collect();
        progress.advance(outcomes.len() as u64);
        for outcome in outcomes {
            sink.take(outcome);
        }
        batch.clear();
        if !more {
            break;
        }
    }
    progress.finish();
    sink.finish(path, options)
}

type Csv = csv::Reader<Box<dyn Read>>;

/// Opens the file and reads its first record, the header.
fn open(path: &Path, options: &TableOptions) -> Result<(Csv, LineStarts, ByteRecord), TableError> {
    let io = |e| InputError::new(path, e);
    let mut file = input::open(path)?;
    let mut head = Vec::new();
    file.by_ref().take(1 << 16).read_to_end(&mut head).map_err(io)?;
    if head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    let delimiter = options.delimiter.unwrap_or_else(|| columns::sniff(&head));
    let (whole, lines) = LineCounter::new(std::io::Cursor::new(head).chain(file));
    let whole: Box<dyn Read> = Box::new(whole);
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(whole);
    let mut first = ByteRecord::new();
    if !csv.read_byte_record(&mut first).map_err(|e| io(e.into()))? {
        return Err(TableError::Empty { path: path.into() });
    }
    Ok((csv, lines, first))
}

/// Fills a batch; `false` when the file is at its end.
fn fill(
    csv: &mut Csv,
    lines: &LineStarts,
    batch: &mut Vec<(u64, ByteRecord)>,
    path: &Path,
) -> Result<bool, TableError> {
    while batch.len() < BATCH {
        let mut record = ByteRecord::new();
        let byte = csv.position().byte();
        if !csv.read_byte_record(&mut record).map_err(|e| InputError::new(path, e.into()))? {
            return Ok(false);
        }
        batch.push((lines.line_at(byte), record));
    }
    Ok(true)
}

/// Gathers outcomes in the order of the file.
struct Sink<'a> {
    config: &'a SourceConfig,
    table: Table,
    seen: HashSet<String>,
    placed: u64,
    misplaced: u64,
    first_misplaced: Option<String>,
}

impl<'a> Sink<'a> {
    fn new(config: &'a SourceConfig) -> Self {
        let report = SourceReport {
            source: config.source.id.clone(),
            reader: config.source.reader.clone(),
            ..SourceReport::default()
        };
        let table = Table { report, ..Table::default() };
        Self { config, table, seen: HashSet::new(), placed: 0, misplaced: 0, first_misplaced: None }
    }

    fn take(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::NotSelected(id) => {
                self.table.report.not_selected += 1;
                self.table.not_selected.extend(id);
            }
            Outcome::Rejected(issue) => self.reject(issue),
            Outcome::Kept { actor, issues, placing } => {
                match placing {
                    Placing::None => {}
                    Placing::Placed => self.placed += 1,
                    Placing::Misplaced(example) => {
                        self.misplaced += 1;
                        self.first_misplaced.get_or_insert(example);
                    }
                }
                if !self.seen.insert(actor.record.id.to_string()) {
                    self.reject(Issue {
                        code: IssueCode::DuplicateId,
                        source: self.config.source.id.clone(),
                        place: actor.place,
                        detail: format!("{} is the id of an earlier row", actor.record.id),
                    });
                    return;
                }
                self.table.report.accept();
                self.table.issues.extend(issues);
                self.table.actors.push(*actor);
            }
        }
    }

    fn reject(&mut self, issue: Issue) {
        self.table.report.reject(issue.code);
        self.table.issues.push(issue);
    }

    fn finish(self, path: &Path, options: &TableOptions) -> Result<Table, TableError> {
        match self.first_misplaced {
            Some(example) if self.placed == 0 => Err(TableError::WrongCrs {
                path: path.into(),
                source_id: self.config.source.id.clone(),
                crs: options.crs.to_string(),
                rows: self.misplaced,
                example,
            }),
            _ => Ok(self.table),
        }
    }
}

impl Columns {
    fn resolve(first: &ByteRecord, options: &TableOptions, path: &Path) -> Result<Self, TableError> {
        let names: Vec<String> = if options.header {
            let text = |cell: &[u8]| std::str::from_utf8(cell).ok().map(|t| t.trim().to_owned());
            let names: Option<_> = first.iter().map(text).collect();
            names.ok_or_else(|| TableError::HeaderEncoding { path: path.into() })?
        } else {
            (1..=first.len()).map(|n| n.to_string()).collect()
        };
        let mut columns = Self::of_width(names.len());
        for (field, column) in &options.columns {
            let mut places = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(at, _)| at);
            let Some(at) = places.next() else {
                return Err(TableError::NoColumn {
                    path: path.into(),
                    field: field.name(),
                    column: column.clone(),
                    have: names.join(", "),
                });
            };
            let count = 1 + places.count();
            if count > 1 {
                let (path, field, column) = (path.into(), field.name(), column.clone());
                return Err(TableError::AmbiguousColumn { path, field, column, count });
            }
            columns.set(*field, at);
        }
        Ok(columns)
    }
}

#[cfg(test)]
#[path = "table/tests.rs"]
mod tests;
