//! CSV: the cells of a row stay as they are, byte for byte; twelve of the units and one for an error follow.

use std::borrow::Cow;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::memchr3;

use super::text::decode;
use super::{Axes, Columns, LEVELS, MAX_RECORD, Piece, TableError, found, number};
use crate::index::{NO_UNIT, UnitTable};

/// The mark that some programs begin UTF-8 with.
pub(super) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A table of CSV.
#[derive(Debug, Clone)]
pub struct CsvTable {
    delimiter: u8,
    /// Cells of a row.
    width: usize,
    lon: usize,
    lat: usize,
    axes: Axes,
    line_end: &'static [u8],
}

/// The delimiter of a line: what it holds most of outside quotation marks.
fn delimiter_of(line: &[u8]) -> u8 {
    let mut counts = [0usize; 3];
    let mut quoted = false;
    for byte in line {
        match byte {
            b'"' => quoted = !quoted,
            b',' | b';' | b'\t' if !quoted => counts[usize::from(*byte == b';') + 2 * usize::from(*byte == b'\t')] += 1,
            _ => {}
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    *b",;\t".get(at).unwrap_or(&b',')
}

impl CsvTable {
    pub(super) fn new(first: &[u8], columns: &Columns) -> Result<(Self, Vec<u8>), TableError> {
        if first.len() > MAX_RECORD {
            return Err(TableError::LongHeader);
        }
        let line_end: &[u8] = if first.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
        let mark = first.starts_with(MARK);
        let line = first.strip_prefix(MARK).unwrap_or(first).trim_ascii_end();
        if first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF") {
            return Err(TableError::Utf16);
        }
        let line = decode(line);
        if line.trim().is_empty() {
            return Err(TableError::Empty);
        }
        let delimiter = delimiter_of(line.as_bytes());
        let mut rows = Rows::new(delimiter);
        let names: Vec<String> = match rows.next(line.as_bytes()) {
            Some(row) => (0..row.cells()).map(|at| row.cell(at).into_owned()).collect(),
            None => return Err(TableError::Empty),
        };
        let find = |given: &Option<String>, known: &[&str], parameter| {
            if columns.no_header {
                numbered(given.as_deref(), names.len(), parameter)
            } else {
                named(given.as_deref(), &names, known, parameter)
            }
        };
        let axes = Axes(columns.crs.clone());
        let [east, north] = axes.names();
        let (lon, lat) = (find(&columns.lon, east, "lon")?, find(&columns.lat, north, "lat")?);
        let table = Self { delimiter, width: names.len(), lon, lat, axes, line_end };
        let mut head = Vec::new();
        if mark {
            head.extend_from_slice(MARK);
        }
        if !columns.no_header {
            head.extend_from_slice(line.as_bytes());
            for name in LEVELS.iter().flat_map(|level| [format!("{level}_id"), format!("{level}_name")]) {
                head.push(delimiter);
                head.extend_from_slice(name.as_bytes());
            }
            head.push(delimiter);
            head.extend_from_slice(b"error");
            head.extend_from_slice(line_end);
        }
        Ok((table, head))
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(super) fn append(&self, units: &UnitTable, piece: &Piece) -> Vec<u8> {
        match piece {
            Piece::Records(bytes) => self.append_rows(units, bytes),
            // What can be kept of it is its first line.
            Piece::Bad(bytes, why) => {
                let line = bytes.split(|b| *b == b'\n' || *b == b'\r').next().unwrap_or_default();
                let mut out = Vec::new();
                self.push_text(&mut out, &decode(&line[..line.len().min(200)]));
                self.pad(&mut out, 1);
                self.push_error(&mut out, why);
                out
            }
        }
    }

    fn append_rows(&self, units: &UnitTable, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() * 4);
        let mut rows = Rows::new(self.delimiter);
        let mut rest = bytes;
        // Rows often follow each other in space: what was appended to the one before is kept.
        let (mut last, mut suffix) = ([NO_UNIT - 1; 6], Vec::new());
        while let Some(row) = rows.next(rest) {
            let (raw, cells) = (row.raw, row.cells());
            match self.place_of(&row) {
                Ok(at) => {
                    out.extend_from_slice(decode(raw).as_bytes());
                    self.pad(&mut out, cells);
                    let numbers = units.levels(at);
                    if numbers != last {
                        (last, suffix) = (numbers, Vec::with_capacity(256));
                        self.push_units(&mut suffix, units, &numbers);
                    }
                    out.extend_from_slice(&suffix);
                }
                Err(why) => {
                    if cells <= self.width {
                        out.extend_from_slice(decode(raw).as_bytes());
                    } else {
                        self.push_cells(&mut out, &row);
                    }
                    self.pad(&mut out, cells);
                    self.push_error(&mut out, &why);
                }
            }
            rest = &rest[row.consumed..];
        }
        out
    }

    fn place_of(&self, row: &Row<'_, '_>) -> Result<parvis_model::LonLat, String> {
        let cells = row.cells();
        if cells > self.width {
            return Err(format!("the row has {cells} cells, the first line {}", self.width));
        }
        let of = |at: usize, what: &str| number(&row.cell(at), what);
        let [east, north] = self.axes.said();
        self.axes.place(of(self.lon, east)?, of(self.lat, north)?)
    }

    fn push_units(&self, out: &mut Vec<u8>, units: &UnitTable, numbers: &[u32; 6]) {
        for unit in found(units, numbers) {
            let (id, name) = unit.unwrap_or_default();
            out.push(self.delimiter);
            self.push_text(out, id);
            out.push(self.delimiter);
            self.push_text(out, name);
        }
        out.push(self.delimiter);
        out.extend_from_slice(self.line_end);
    }

    fn push_error(&self, out: &mut Vec<u8>, why: &str) {
        out.extend(std::iter::repeat_n(self.delimiter, 2 * LEVELS.len() + 1));
        self.push_text(out, why);
        out.extend_from_slice(self.line_end);
    }

    /// The cells of a row that is not written as it came: it has more than there are names for.
    fn push_cells(&self, out: &mut Vec<u8>, row: &Row<'_, '_>) {
        for at in 0..row.cells().min(self.width) {
            if at > 0 {
                out.push(self.delimiter);
            }
            self.push_text(out, &row.cell(at));
        }
    }

    /// Fills a row that is short of cells.
    fn pad(&self, out: &mut Vec<u8>, cells: usize) {
        out.extend(std::iter::repeat_n(self.delimiter, self.width.saturating_sub(cells)));
    }

    /// A cell, in quotation marks where it needs them.
    fn push_text(&self, out: &mut Vec<u8>, text: &str) {
        if memchr3(self.delimiter, b'"', b'\n', text.as_bytes()).is_none() && !text.contains('\r') {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    }
}

fn numbered(given: Option<&str>, width: usize, parameter: &'static str) -> Result<usize, TableError> {
    let number = given.and_then(|text| text.parse::<usize>().ok()).filter(|n| (1..=width).contains(n));
    number.map(|n| n - 1).ok_or(TableError::NoNumber(parameter))
}

fn named(given: Option<&str>, names: &[String], known: &[&str], parameter: &'static str) -> Result<usize, TableError> {
    let wanted: Vec<&str> = given.map_or_else(|| known.to_vec(), |name| vec![name]);
    // The first name in the order of `known` that any column has.
    let columns = |name: &str| -> Vec<usize> {
        (0..names.len()).filter(|&at| names[at].trim().eq_ignore_ascii_case(name.trim())).collect()
    };
    let Some(found) = wanted.iter().map(|name| columns(name)).find(|found| !found.is_empty()) else {
        let list = names.iter().take(20).map(|n| super::cut(n)).collect::<Vec<_>>().join(", ");
        let wanted = wanted.iter().map(|n| super::cut(n)).collect::<Vec<_>>().join(", ");
        return Err(TableError::NoColumn { wanted, found: list, parameter });
    };
    match found.as_slice() {
        [one] => Ok(*one),
        several => {
            let found = several.iter().map(|&at| super::cut(&names[at])).collect::<Vec<_>>().join(", ");
            Err(TableError::SeveralColumns { found, parameter })
        }
    }
}

/// Reads records off a slice.
struct Rows {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// One record.
struct Row<'r, 'b> {
    /// As it came, without its line end.
    raw: &'b [u8],
    /// Bytes up to the next one.
    consumed: usize,
    text: &'r [u8],
    ends: &'r [usize],
}

impl Rows {
    fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, text: vec![0; 1024], ends: vec![0; 32] }
    }

    fn next<'r, 'b>(&'r mut self, bytes: &'b [u8]) -> Option<Row<'r, 'b>> {
        let (mut read, mut written, mut fields) = (0, 0, 0);
        // A piece holds whole records: its end is the end of its last one.
        let mut done = false;
        loop {
            let (result, more, text, ends) =
                self.reader.read_record(&bytes[read..], &mut self.text[written..], &mut self.ends[fields..]);
            (read, written, fields) = (read + more, written + text, fields + ends);
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty if !done => done = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return None,
                ReadRecordResult::Record => break,
            }
        }
        let raw = without_line_ends(&bytes[..read]);
        Some(Row { raw, consumed: read, text: &self.text[..written], ends: &self.ends[..fields] })
    }
}

impl Row<'_, '_> {
    fn cells(&self) -> usize {
        self.ends.len()
    }

    fn cell(&self, at: usize) -> Cow<'_, str> {
        let begin = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(0) };
        let bytes = self.ends.get(at).and_then(|&end| self.text.get(begin..end)).unwrap_or_default();
        decode(bytes)
    }
}

/// A record as it came, without the line ends around it.
fn without_line_ends(bytes: &[u8]) -> &[u8] {
    let is_end = |b: &u8| *b == b'\r' || *b == b'\n';
    let begin = bytes.iter().position(|b| !is_end(b)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|b| !is_end(b)).map_or(begin, |at| at + 1);
    &bytes[begin..end]
}
