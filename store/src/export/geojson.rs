//! GeoJSON (RFC 7946), whole and as a text sequence (RFC 8142): one Feature a line (for `offsets` to cut out).

use std::io::Write;

use geo_types::{Geometry, LineString};
use parvis_model::{Collection, Field, Progress, Row, Value};
use rayon::prelude::*;

use super::number::push_degrees;
use crate::StoreError;
use crate::part::PartSink;
use crate::rows::{Prepared, polygons};
use crate::writer::About;

/// Rows a thread encodes at a time: few, as some are larger than thousands of others.
const CHUNK: usize = 16;

/// Rows in memory as text at a time.
const BATCH: usize = 2048;

/// What begins each text of a sequence (RFC 8142): where one was cut off, the next is found.
pub const RECORD: u8 = 0x1E;

/// Writes a FeatureCollection, the same Features a line each, and where those lines begin.
pub(crate) fn write(
    whole: &mut PartSink,
    lines: &mut PartSink,
    starts: &mut PartSink,
    rows: &Prepared,
    about: &About,
    progress: &dyn Progress,
) -> Result<(), StoreError> {
    put(whole, &head(about))?;
    let mut start = 0u64;
    put(starts, &start.to_le_bytes())?;
    let mut first = true;
    for batch in rows.rows().chunks(BATCH) {
        let chunks: Vec<Vec<Vec<u8>>> = batch
            .par_chunks(CHUNK)
            .map(|rows_of| rows_of.iter().map(|row| feature(rows.collection(), &row.row)).collect())
            .collect();
        for feature in chunks.iter().flatten() {
            put(whole, if first { b"\n" } else { b",\n" })?;
            first = false;
            put(whole, feature)?;
            put(lines, &[RECORD])?;
            put(lines, feature)?;
            put(lines, b"\n")?;
            start += feature.len() as u64 + 2;
            put(starts, &start.to_le_bytes())?;
        }
        progress.advance(batch.len() as u64);
    }
    put(whole, TAIL)
}

/// Writes what rows are made of, each with its collection, as a text sequence (RFC 8142), in its order. Each becomes a
/// row when its turn comes and is no more when it is written: few rows are in memory at a time. Rings must be wound as
/// RFC 7946 wants.
///
/// # Errors
/// Those of `out`.
pub fn features<T: Into<Row> + Send>(
    mut items: impl Iterator<Item = (Collection, T)>,
    out: &mut (dyn Write + Send),
) -> std::io::Result<()> {
    let encode = |batch: Vec<(Collection, T)>| -> Vec<Vec<u8>> {
        let chunk = |mut lines: Vec<u8>, (collection, item): (Collection, T)| {
            lines.push(RECORD);
            push_feature(&mut lines, collection, &item.into());
            lines.push(b'\n');
            lines
        };
        batch.into_par_iter().fold_chunks(CHUNK, || Vec::with_capacity(CHUNK * USUAL), chunk).collect()
    };
    let mut written = Vec::new();
    loop {
        let batch: Vec<_> = items.by_ref().take(BATCH).collect();
        let is_last = batch.is_empty();
        // The batch before is written while this one is encoded.
        let before = std::mem::take(&mut written);
        let mut write = || before.iter().try_for_each(|lines: &Vec<u8>| out.write_all(lines));
        let (result, lines) = rayon::join(&mut write, || encode(batch));
        result?;
        if is_last {
            return Ok(());
        }
        written = lines;
    }
}

/// The bytes of a usual Feature: room to begin with.
const USUAL: usize = 1536;

/// What closes a FeatureCollection.
pub(crate) const TAIL: &[u8] = b"\n]}\n";

fn put(sink: &mut PartSink, bytes: &[u8]) -> Result<(), StoreError> {
    sink.write_all(bytes).map_err(|e| StoreError::io(sink.path(), "write", e))
}

/// What opens a FeatureCollection: its name, licence and attribution before the rows.
pub(crate) fn head(about: &About) -> Vec<u8> {
    let text = |v: &str| serde_json::Value::from(v).to_string();
    format!(
        "{{\"type\":\"FeatureCollection\",\"name\":{},\"title\":{},\"licence\":{},\"attribution\":{},\"features\":[",
        text(about.name),
        text(&about.title),
        text(&about.licence()),
        text(&about.attribution)
    )
    .into_bytes()
}

/// One Feature, without line end.
pub(crate) fn feature(collection: Collection, row: &Row) -> Vec<u8> {
    let mut out = Vec::with_capacity(USUAL);
    push_feature(&mut out, collection, row);
    out
}

fn push_feature(out: &mut Vec<u8>, collection: Collection, row: &Row) {
    out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
    push_value(out, &collection.fields()[0], row.values.first().unwrap_or(&Value::Null));
    out.extend_from_slice(b",\"geometry\":");
    push_geometry(out, row.geometry.as_ref());
    out.extend_from_slice(b",\"properties\":{");
    for (at, (field, value)) in collection.fields().iter().zip(&row.values).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(field.name.as_bytes());
        out.extend_from_slice(b"\":");
        push_value(out, field, value);
    }
    out.extend_from_slice(b"}}");
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("writing text to memory cannot fail");
}

fn push_value(out: &mut Vec<u8>, field: &Field, value: &Value) {
    match value {
        Value::Text(text) => push_text(out, text),
        Value::Integer(n) => out.extend_from_slice(n.to_string().as_bytes()),
        Value::Float(v) if !v.is_finite() => out.extend_from_slice(b"null"),
        Value::Float(v) if is_degrees(field) => push_degrees(out, *v),
        Value::Float(v) => out.extend_from_slice(v.to_string().as_bytes()),
        Value::Boolean(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Timestamp(t) => push_text(out, &t.to_string()),
        Value::TextList(texts) => {
            out.push(b'[');
            for (at, text) in texts.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                push_text(out, text);
            }
            out.push(b']');
        }
        Value::Json(json) => out.extend_from_slice(json.as_bytes()),
        Value::Null => out.extend_from_slice(b"null"),
    }
}

/// Whether a field holds degrees, which are written with seven decimals.
pub(crate) fn is_degrees(field: &Field) -> bool {
    matches!(field.name, "lon" | "lat")
}

fn push_geometry(out: &mut Vec<u8>, geometry: Option<&Geometry<f64>>) {
    match geometry {
        None => out.extend_from_slice(b"null"),
        Some(Geometry::Point(p)) => {
            out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":[");
            push_degrees(out, p.x());
            out.push(b',');
            push_degrees(out, p.y());
            out.extend_from_slice(b"]}");
        }
        Some(shape) => {
            out.extend_from_slice(b"{\"type\":\"MultiPolygon\",\"coordinates\":[");
            for (at, polygon) in polygons(shape).iter().enumerate() {
                out.extend_from_slice(if at > 0 { b",[" } else { b"[" });
                push_ring(out, polygon.exterior());
                for hole in polygon.interiors() {
                    out.push(b',');
                    push_ring(out, hole);
                }
                out.push(b']');
            }
            out.extend_from_slice(b"]}");
        }
    }
}

fn push_ring(out: &mut Vec<u8>, ring: &LineString<f64>) {
    out.push(b'[');
    for (at, c) in ring.coords().enumerate() {
        out.extend_from_slice(if at > 0 { b",[" } else { b"[" });
        push_degrees(out, c.x);
        out.push(b',');
        push_degrees(out, c.y);
        out.push(b']');
    }
    out.push(b']');
}
