//! The records of a file: a JSON array, one object a line, or objects keyed by their ids as the API gives them.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde_json::{Deserializer, Value};

use super::CommunecterError;
use super::value::Object;
use crate::input::{self, InputError};

/// The longest array or keyed object that is read, inflated. One object a line has no such limit.
const MAX_BYTES: u64 = 256 << 20;

/// The longest line; Mongo's own limit is 16 MB for a document.
const MAX_LINE: u64 = 64 << 20;

/// White space that may stand before the first bracket.
const MAX_BLANKS: usize = 1 << 16;

const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A record as it stands in the file.
#[derive(Debug)]
pub(super) struct Item {
    /// `record 12` of an array, `line 12` of a file with one object a line.
    pub(super) place: String,
    /// The key that it stands under.
    pub(super) key: Option<String>,
    /// The record, or why its line cannot be read.
    pub(super) value: Result<Value, String>,
}

/// Hands over the records of a file one by one, in its order: one is in memory at a time, unless they are keyed.
///
/// # Errors
/// [`CommunecterError`]: the file cannot be read, is empty or is not JSON. A line that is no JSON is an item.
pub(super) fn each(path: &Path, take: &mut dyn FnMut(Item)) -> Result<(), CommunecterError> {
    let mut file = Source { path, text: BufReader::new(input::open(path)?) };
    let head = file.head()?;
    match head.last() {
        None => Err(CommunecterError::Empty { path: path.into() }),
        Some(b'[') => file.array(head, take),
        Some(b'{') => file.objects(head, take),
        Some(_) => {
            let line = breaks(&head) + 1;
            let column = head.iter().rev().take_while(|b| **b != b'\n').count();
            Err(file.not_json(line, column, "expected [ or {".to_owned()))
        }
    }
}

struct Source<'p> {
    path: &'p Path,
    text: BufReader<Box<dyn Read + Send>>,
}

impl Source<'_> {
    /// Everything up to the first byte that is no white space, that byte included; without byte order mark. Empty
    /// when there is no such byte.
    fn head(&mut self) -> Result<Vec<u8>, InputError> {
        let mut head = Vec::new();
        for byte in self.text.by_ref().bytes().take(MAX_BLANKS) {
            head.push(byte.map_err(|e| InputError::new(self.path, e))?);
            if head == BYTE_ORDER_MARK {
                head.clear();
            } else if !BYTE_ORDER_MARK.starts_with(&head) && head.last().is_some_and(|b| !b.is_ascii_whitespace()) {
                return Ok(head);
            }
        }
        Ok(Vec::new())
    }

    fn not_json(&self, line: usize, column: usize, message: String) -> CommunecterError {
        CommunecterError::NotJson { path: self.path.into(), line, column, message }
    }

    fn failed(&self, error: &serde_json::Error) -> CommunecterError {
        self.not_json(error.line(), error.column(), message(error))
    }

    fn too_long(&self) -> CommunecterError {
        CommunecterError::TooLong { path: self.path.into(), limit: MAX_BYTES }
    }

    fn array(mut self, head: Vec<u8>, take: &mut dyn FnMut(Item)) -> Result<(), CommunecterError> {
        let mut text = Cursor::new(head).chain(self.text.by_ref()).take(MAX_BYTES);
        let mut json = Deserializer::from_reader(&mut text);
        let read = json.deserialize_seq(Records { take }).and_then(|()| json.end());
        let Err(error) = read else { return Ok(()) };
        if text.limit() == 0 {
            return Err(self.too_long());
        }
        if error.is_io() {
            return Err(InputError::new(self.path, error.into()).into());
        }
        Err(self.failed(&error))
    }

    /// One object a line, or objects over several lines: the first line tells.
    fn objects(mut self, head: Vec<u8>, take: &mut dyn FnMut(Item)) -> Result<(), CommunecterError> {
        let before = breaks(&head);
        let mut line = head;
        let whole = self.line(&mut line)?;
        let ends = line.trim_ascii_end().ends_with(b"}");
        let over_several = match serde_json::from_slice::<IgnoredAny>(&line) {
            Ok(_) => false,
            Err(error) => error.is_eof() || !ends,
        };
        if whole && over_several { self.documents(line, take) } else { self.lines(line, whole, before, take) }
    }

    /// Adds the rest of a line to what is there; `false` when it is too long, of which the end is passed over.
    fn line(&mut self, line: &mut Vec<u8>) -> Result<bool, InputError> {
        let io = |e| InputError::new(self.path, e);
        self.text.by_ref().take(MAX_LINE).read_until(b'\n', line).map_err(io)?;
        if (line.len() as u64) < MAX_LINE || line.ends_with(b"\n") {
            return Ok(true);
        }
        self.text.skip_until(b'\n').map_err(io)?;
        Ok(false)
    }

    fn lines(
        mut self,
        mut line: Vec<u8>,
        mut whole: bool,
        before: usize,
        take: &mut dyn FnMut(Item),
    ) -> Result<(), CommunecterError> {
        let mut number = before + 1;
        while !line.is_empty() {
            let place = format!("line {number}");
            if !whole {
                let value = Err(format!("the line is longer than {MAX_LINE} bytes"));
                take(Item { place, key: None, value });
            } else if !line.trim_ascii().is_empty() {
                match serde_json::from_slice(&line) {
                    Ok(value) => expand(value, |n| n.map_or(place.clone(), |n| format!("{place}, record {n}")), take),
                    Err(error) => {
                        let value =
                            Err(format!("the line is not JSON: {} in column {}", message(&error), error.column()));
                        take(Item { place, key: None, value });
                    }
                }
            }
            line.clear();
            whole = self.line(&mut line)?;
            number += 1;
        }
        Ok(())
    }

    fn documents(mut self, first: Vec<u8>, take: &mut dyn FnMut(Item)) -> Result<(), CommunecterError> {
        let mut bytes = first;
        let io = |e| InputError::new(self.path, e);
        self.text.by_ref().take(MAX_BYTES).read_to_end(&mut bytes).map_err(io)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(self.too_long());
        }
        let mut number = 0;
        for document in Deserializer::from_slice(&bytes).into_iter::<Value>() {
            let document = document.map_err(|e| self.failed(&e))?;
            expand(document, |_| String::new(), &mut |item| {
                number += 1;
                take(Item { place: format!("record {number}"), ..item });
            });
        }
        Ok(())
    }
}

fn breaks(head: &[u8]) -> usize {
    head.split(|b| *b == b'\n').count() - 1
}

/// What the parser says, without the place that it adds.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(message, _)| message.to_owned())
}

/// Takes the elements of an array as they are read.
struct Records<'t> {
    take: &'t mut dyn FnMut(Item),
}

impl<'de> Visitor<'de> for Records<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut number = 0_u64;
        while let Some(value) = seq.next_element()? {
            number += 1;
            (self.take)(Item { place: format!("record {number}"), key: None, value: Ok(value) });
        }
        Ok(())
    }
}

/// A record, or all records of an object that holds them by id: bare, or in `entities` (API) or `results` (search).
/// `place` names the record of a number, from 1; that of `None` is the only one.
fn expand(value: Value, place: impl Fn(Option<usize>) -> String, take: &mut dyn FnMut(Item)) {
    let one = |value, take: &mut dyn FnMut(Item)| take(Item { place: place(None), key: None, value: Ok(value) });
    let Value::Object(mut object) = value else { return one(value, take) };
    if is_record(&object) {
        return one(Value::Object(object), take);
    }
    let wrapped = ["entities", "results"].iter().find_map(|name| object.remove(*name));
    let keyed = match wrapped {
        Some(Value::Object(keyed)) => keyed,
        Some(Value::Array(list)) => {
            for (at, value) in list.into_iter().enumerate() {
                take(Item { place: place(Some(at + 1)), key: None, value: Ok(value) });
            }
            return;
        }
        None if !object.is_empty() && object.values().all(Value::is_object) => object,
        Some(_) | None => return one(Value::Object(object), take),
    };
    for (at, (key, value)) in keyed.into_iter().enumerate() {
        take(Item { place: place(Some(at + 1)), key: Some(key), value: Ok(value) });
    }
}

fn is_record(object: &Object) -> bool {
    ["_id", "id", "name", "@type"].iter().any(|name| object.contains_key(*name))
}

#[cfg(test)]
#[path = "documents_tests.rs"]
mod tests;
