//! A page of items, written.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use parvis_model::{Collection, Instant};
use parvis_store::{Selection, Telling};
use serde_json::{Value, json};
use tokio_util::io::{ReaderStream, SyncIoBridge};

use super::wanted::Format;
use crate::http::answer::{Answer, Asked};
use crate::http::bundle::Bundle;
use crate::http::code::Coder;
use crate::http::error::ApiError;
use crate::http::params::{Params, encode};
use crate::http::pool::Cost;
use crate::http::routes::JSON;

/// A page larger than this is written as it is read, not built in memory.
pub(super) const IN_MEMORY: u64 = 4 << 20;
/// What a slow client may leave unread before the writer waits.
const WINDOW: usize = 256 << 10;

/// A page to write.
pub(super) struct Page {
    pub(super) bundle: Arc<Bundle>,
    pub(super) collection: Collection,
    pub(super) format: Format,
    pub(super) telling: Telling,
    pub(super) rows: Vec<u32>,
    pub(super) matched: u64,
    pub(super) links: Value,
}

/// The rows of a page, and the place of the next page's first. `order`: all rows in the order that is wanted;
/// `None` for that of the files. `at`: a place in it.
pub(super) fn rows(selection: &Selection, order: Option<&[u32]>, at: u32, limit: usize) -> (Vec<u32>, Option<u32>) {
    let Some(order) = order else {
        let mut rows: Vec<u32> = selection.rows_from(at).take(limit + 1).collect();
        let next = if rows.len() > limit { rows.pop() } else { None };
        return (rows, next);
    };
    let mut rows = Vec::new();
    for (place, &row) in (at..).zip(order.get(at as usize..).unwrap_or_default()) {
        if !selection.contains(row) {
            continue;
        }
        if rows.len() == limit {
            return (rows, Some(place));
        }
        rows.push(row);
    }
    (rows, None)
}

/// The links of a page.
pub(super) fn links(asked: &Asked, of: Collection, params: &Params, format: Format, next: Option<&str>) -> Value {
    let path = format!("/collections/{of}/items");
    let at = |query: String| if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    let with = |kept: String, more: String| if kept.is_empty() { more } else { format!("{kept}&{more}") };
    let plain = |format: Format| format.media().split(';').next().unwrap_or_default();
    let mut links = vec![asked.link("self", plain(format), &at(params.without(&[])), "This page")];
    for other in Format::ALL.into_iter().filter(|other| *other != format) {
        let query = with(params.without(&["f"]), format!("f={}", other.name()));
        let title = format!("This page as {}", other.name());
        links.push(asked.link("alternate", plain(other), &at(query), &title));
    }
    links.push(asked.link("collection", JSON, &format!("/collections/{of}"), of.title(false)));
    if let Some(next) = next {
        let query = with(params.without(&["cursor", "edition"]), format!("cursor={}", encode(next)));
        links.push(asked.link("next", plain(format), &at(query), "The next page"));
    }
    Value::Array(links)
}

/// The links as a header field: CSV has no other place for them.
pub(super) fn link_header(links: &Value) -> String {
    let one = |link: &Value| {
        let part = |name: &str| link[name].as_str().unwrap_or_default().to_owned();
        format!("<{}>; rel=\"{}\"; type=\"{}\"", part("href"), part("rel"), part("type"))
    };
    links.as_array().map(|links| links.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

impl Page {
    fn stored(&self, row: u32) -> &[u8] {
        let snapshot = self.bundle.snapshot();
        match self.format {
            Format::Csv => snapshot.csv(self.collection, row),
            _ => snapshot.geojson(self.collection, row),
        }
    }

    /// The features as values: for a page that people read.
    pub(super) fn features(&self) -> Result<Vec<Vec<u8>>, ApiError> {
        let told = |&row: &u32| {
            let mut out = Vec::new();
            self.telling.feature(self.collection, self.stored(row), &mut out).map(|()| out)
        };
        self.rows.iter().map(told).collect::<Result<_, _>>().map_err(|e| ApiError::internal("telling items", e))
    }

    /// What the items take as they are stored, without their frame.
    pub(super) fn bytes(&self) -> u64 {
        self.rows.iter().map(|&row| self.stored(row).len() as u64 + 2).sum()
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self.format {
            Format::Csv => self.write_records(out),
            Format::GeoJsonSeq => self.write_features(out, b"", b"\n"),
            Format::Json | Format::Html => {
                let head = json!({
                    "type": "FeatureCollection",
                    "timeStamp": Instant::now().to_string(),
                    "numberMatched": self.matched,
                    "numberReturned": self.rows.len(),
                    "links": self.links,
                })
                .to_string();
                out.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
                out.write_all(b",\"features\":[\n")?;
                self.write_features(out, b",\n", b"")?;
                out.write_all(b"\n]}\n")
            }
        }
    }

    /// The features with something between two and something after each.
    fn write_features(&self, out: &mut impl Write, between: &[u8], after: &[u8]) -> io::Result<()> {
        let as_stored = self.telling.is_stored();
        let mut told = Vec::new();
        for (at, &row) in self.rows.iter().enumerate() {
            if at > 0 {
                out.write_all(between)?;
            }
            let stored = self.stored(row);
            if as_stored {
                out.write_all(stored)?;
            } else {
                told.clear();
                self.telling.feature(self.collection, stored, &mut told)?;
                out.write_all(&told)?;
            }
            out.write_all(after)?;
        }
        Ok(())
    }

    fn write_records(&self, out: &mut impl Write) -> io::Result<()> {
        let header = self.bundle.snapshot().csv_header(self.collection);
        out.write_all(&self.telling.header(self.collection, header).map_err(io::Error::other)?)?;
        let mut told = Vec::new();
        for &row in &self.rows {
            told.clear();
            self.telling.record(self.collection, self.stored(row), &mut told).map_err(io::Error::other)?;
            out.write_all(&told)?;
        }
        Ok(())
    }
}

/// Writes a large page while the client reads it; a client that leaves ends the writing.
pub(super) async fn stream(answer: Answer, page: Page) -> Result<Response, ApiError> {
    if let Some(response) = answer.not_modified() {
        return Ok(response);
    }
    let room = answer.streams().room(Cost::Cheap).await?;
    let encoding = answer.encoding();
    let (near, far) = tokio::io::duplex(WINDOW);
    let near = SyncIoBridge::new(near);
    tokio::task::spawn_blocking(move || {
        let _room = room;
        let written = (|| {
            let out = io::BufWriter::with_capacity(64 << 10, near);
            let mut coder = Coder::new(encoding, out)?;
            page.write(&mut coder)?;
            coder.finish()?.flush()
        })();
        if let Err(error) = written {
            tracing::debug!(%error, "a client left before the end of a page");
        }
    });
    Ok(answer.respond(encoding, Body::from_stream(ReaderStream::with_capacity(far, 64 << 10))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_where_the_next_begins() {
        let all = Selection::all(Collection::Actors, 5, 5);
        assert_eq!(rows(&all, None, 0, 2), (vec![0, 1], Some(2)));
        assert_eq!(rows(&all, None, 3, 2), (vec![3, 4], None));
        assert_eq!(rows(&all, None, 9, 2), (vec![], None));
    }

    #[test]
    fn a_sorted_page_walks_the_order_and_counts_places_in_it() {
        let some = Selection::of(Collection::Actors, 5, 5, [0, 2, 4].into_iter().collect());
        let order = [4, 3, 2, 1, 0];
        assert_eq!(rows(&some, Some(&order), 0, 2), (vec![4, 2], Some(4)));
        assert_eq!(rows(&some, Some(&order), 4, 2), (vec![0], None));
        assert_eq!(rows(&some, Some(&order), 9, 2), (vec![], None));
    }
}
