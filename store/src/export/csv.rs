//! CSV (RFC 4180: comma, CR LF, quotes where needed, UTF-8 without mark, a header line).

use std::borrow::Cow;
use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};
use parvis_model::{Collection, Progress, Value};

use super::geojson::is_degrees;
use super::number::push_degrees;
use crate::StoreError;
use crate::part::PartSink;
use crate::rows::{Prepared, PreparedRow};

/// Rows in memory as text at a time.
const BATCH: usize = 4096;

/// Writes header and records, and where the records begin.
pub(crate) fn write(
    lines: &mut PartSink,
    starts: &mut PartSink,
    rows: &Prepared,
    progress: &dyn Progress,
) -> Result<(), StoreError> {
    let put =
        |sink: &mut PartSink, bytes: &[u8]| sink.write_all(bytes).map_err(|e| StoreError::io(sink.path(), "write", e));
    let head = header(rows.collection());
    put(lines, &head)?;
    let mut start = head.len() as u64;
    put(starts, &start.to_le_bytes())?;
    for batch in rows.rows().chunks(BATCH) {
        let mut writer = memory_writer();
        for row in batch {
            let before = buffered(&mut writer);
            write_record(&mut writer, rows.collection(), row);
            start += (buffered(&mut writer) - before) as u64;
            put(starts, &start.to_le_bytes())?;
        }
        put(lines, &into_bytes(writer))?;
        progress.advance(batch.len() as u64);
    }
    Ok(())
}

/// The header line, with its end.
pub(crate) fn header(collection: Collection) -> Vec<u8> {
    let mut writer = memory_writer();
    let names = collection.fields().iter().map(|f| f.name);
    writer.write_record(names).expect("writing to memory cannot fail");
    into_bytes(writer)
}

/// A writer of records to memory.
pub(super) fn memory_writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new())
}

fn buffered(writer: &mut Writer<Vec<u8>>) -> usize {
    writer.flush().expect("writing to memory cannot fail");
    writer.get_ref().len()
}

fn into_bytes(writer: Writer<Vec<u8>>) -> Vec<u8> {
    writer.into_inner().unwrap_or_default()
}

fn write_record(writer: &mut Writer<Vec<u8>>, collection: Collection, prepared: &PreparedRow) {
    for (field, value) in collection.fields().iter().zip(&prepared.row.values) {
        let cell = cell(value, is_degrees(field));
        writer.write_field(cell.as_bytes()).expect("writing to memory cannot fail");
    }
    writer.write_record(None::<&[u8]>).expect("every record has as many cells as the header");
}

/// A value as text: lists joined by `;`, nothing for null. Also what FlatGeobuf holds of lists.
pub(crate) fn cell(value: &Value, degrees: bool) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Text(text) | Value::Json(text) => Cow::Borrowed(text),
        Value::Integer(n) => Cow::Owned(n.to_string()),
        Value::Float(v) if !v.is_finite() => Cow::Borrowed(""),
        Value::Float(v) if degrees => {
            let mut out = Vec::new();
            push_degrees(&mut out, *v);
            Cow::Owned(String::from_utf8(out).unwrap_or_default())
        }
        Value::Float(v) => Cow::Owned(v.to_string()),
        Value::Boolean(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
        Value::Timestamp(t) => Cow::Owned(t.to_string()),
        Value::TextList(texts) => Cow::Owned(texts.join(";")),
    }
}
