//! Cutting a stream of bytes into pieces of whole records.

use memchr::{memchr, memchr2};

use super::{MAX_RECORD, Records, Table};

/// Some records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Whole records, in the order they came.
    Records(Vec<u8>),
    /// One record that cannot be read: its beginning, and why.
    Bad(Vec<u8>, &'static str),
}

const TOO_LONG: &str = "the row is longer than 65536 bytes";
const OPEN_QUOTE: &str = "a quotation mark is opened and never closed";

/// Where the first record of a CSV text ends, its line end included; `None` when that has not come yet.
pub fn first_record(bytes: &[u8]) -> Option<usize> {
    let mut quoted = false;
    bytes
        .iter()
        .position(|byte| {
            quoted ^= *byte == b'"';
            *byte == b'\n' && !quoted
        })
        .map(|at| at + 1)
}

/// Cuts records off a stream. Holds the bytes of one piece, and of a record never more than [`MAX_RECORD`].
#[derive(Debug)]
pub struct Splitter {
    records: Records,
    delimiter: u8,
    buffer: Vec<u8>,
    /// Where the record begins whose end has not come.
    begin: usize,
    /// Up to where it was looked at.
    seen: usize,
    quoted: bool,
    /// Whether a record that is too long is being passed over.
    dropping: bool,
    bad: Option<(Vec<u8>, &'static str)>,
}

impl Splitter {
    /// A splitter for the rows of a table.
    pub fn new(table: &Table) -> Self {
        let (records, delimiter) = match table {
            Table::Csv(csv) => (Records::Csv, csv.delimiter()),
            Table::NdJson(_) => (Records::NdJson, b'\n'),
        };
        let buffer = Vec::new();
        Self { records, delimiter, buffer, begin: 0, seen: 0, quoted: false, dropping: false, bad: None }
    }

    /// Takes bytes and hands over the pieces that are ready, each of about `size` bytes.
    pub fn push(&mut self, mut bytes: &[u8], size: usize, out: &mut Vec<Piece>) {
        while !bytes.is_empty() {
            // A little at a time, so that what is held stays small however much comes at once.
            let (now, rest) = bytes.split_at(bytes.len().min(MAX_RECORD));
            bytes = rest;
            self.buffer.extend_from_slice(now);
            self.scan();
            self.limit(out);
            if self.begin >= size {
                self.hand_over(out);
            }
        }
    }

    /// What is left when the stream has ended.
    pub fn finish(mut self, out: &mut Vec<Piece>) {
        if let Some((bytes, why)) = self.bad.take() {
            out.push(Piece::Bad(bytes, why));
        }
        // A quotation mark at the very end was waiting for a second one.
        self.quoted &= self.buffer.get(self.seen) != Some(&b'"');
        if self.quoted {
            // The last quotation mark was never closed: its line is bad, those after it are looked at again.
            self.give_up_quote(out);
            return self.finish(out);
        }
        self.begin = self.buffer.len();
        self.hand_over(out);
    }

    fn hand_over(&mut self, out: &mut Vec<Piece>) {
        if self.begin > 0 {
            let rest = self.buffer.split_off(self.begin);
            out.push(Piece::Records(std::mem::replace(&mut self.buffer, rest)));
            self.seen -= self.begin;
            self.begin = 0;
        }
    }

    /// Looks for the ends of records in what is new.
    fn scan(&mut self) {
        while self.seen < self.buffer.len() {
            let rest = &self.buffer[self.seen..];
            let next = match (self.records, self.quoted) {
                (Records::NdJson, _) => memchr(b'\n', rest),
                (Records::Csv, false) => memchr2(b'\n', b'"', rest),
                (Records::Csv, true) => memchr(b'"', rest),
            };
            let Some(at) = next.map(|n| n + self.seen) else {
                self.seen = self.buffer.len();
                return;
            };
            if self.buffer[at] == b'\n' {
                self.seen = at + 1;
                self.begin = self.seen;
            } else if self.quoted {
                match self.buffer.get(at + 1) {
                    None => {
                        // Whether it is doubled, the next byte tells.
                        self.seen = at;
                        return;
                    }
                    Some(b'"') => self.seen = at + 2,
                    Some(_) => {
                        self.quoted = false;
                        self.seen = at + 1;
                    }
                }
            } else {
                // A quotation mark means something only where a field begins.
                let before = self.buffer[self.begin..at].last();
                self.quoted = before.is_none_or(|b| *b == self.delimiter || *b == b'\r');
                self.seen = at + 1;
            }
        }
    }

    /// Keeps a record that has no end from growing.
    fn limit(&mut self, out: &mut Vec<Piece>) {
        if self.dropping {
            self.drop_to_line_end(out);
        }
        while !self.dropping && self.buffer.len() - self.begin > MAX_RECORD {
            if self.quoted && memchr(b'\n', &self.buffer[self.begin..]).is_some() {
                self.give_up_quote(out);
            } else {
                self.hand_over(out);
                let beginning = self.buffer.drain(..).take(MAX_RECORD).collect();
                self.bad = Some((beginning, TOO_LONG));
                (self.begin, self.seen, self.quoted, self.dropping) = (0, 0, false, true);
            }
        }
    }

    /// The line that opened a quotation mark ends where lines end.
    fn give_up_quote(&mut self, out: &mut Vec<Piece>) {
        self.hand_over(out);
        let end = memchr(b'\n', &self.buffer).map_or(self.buffer.len(), |at| at + 1);
        let rest = self.buffer.split_off(end);
        out.push(Piece::Bad(std::mem::replace(&mut self.buffer, rest), OPEN_QUOTE));
        (self.begin, self.seen, self.quoted) = (0, 0, false);
        self.scan();
    }

    fn drop_to_line_end(&mut self, out: &mut Vec<Piece>) {
        let end = memchr(b'\n', &self.buffer);
        self.buffer.drain(..end.map_or(self.buffer.len(), |at| at + 1));
        (self.begin, self.seen) = (0, 0);
        if end.is_some() {
            self.dropping = false;
            if let Some((bytes, why)) = self.bad.take() {
                out.push(Piece::Bad(bytes, why));
            }
            self.scan();
        }
    }
}
