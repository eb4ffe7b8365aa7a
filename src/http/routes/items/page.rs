//! A page of items, written.

use std::sync::Arc;

use axum::response::Response;
use parvis_model::{Collection, Instant};
use parvis_store::export::RECORD;
use parvis_store::{Selection, Telling};
use serde_json::{Value, json};

use super::wanted::Format;
use crate::http::answer::{Answer, Asked};
use crate::http::bundle::Bundle;
use crate::http::error::ApiError;
use crate::http::params::{Params, encode};
use crate::http::pool::Cost;
use crate::http::routes::JSON;
use crate::http::state::AppState;
use crate::http::stream::{self, PIECE};

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

    /// Writes on from the item at `from`, with the head before the first and the tail after the last, until `room` is
    /// taken. Gives the item that comes next; `None` at the end.
    pub(super) fn piece(&self, from: usize, room: usize, out: &mut Vec<u8>) -> Result<Option<usize>, ApiError> {
        if from == 0 {
            self.head(out)?;
        }
        for (at, &row) in self.rows.iter().enumerate().skip(from) {
            if at > from && out.len() >= room {
                return Ok(Some(at));
            }
            self.item(at, row, out)?;
        }
        if self.is_collection() {
            out.extend_from_slice(b"\n]}\n");
        }
        Ok(None)
    }

    const fn is_collection(&self) -> bool {
        matches!(self.format, Format::Json | Format::Html)
    }

    fn head(&self, out: &mut Vec<u8>) -> Result<(), ApiError> {
        if self.format == Format::Csv {
            let header = self.bundle.snapshot().csv_header(self.collection);
            let header = self.telling.header(self.collection, header);
            out.extend(header.map_err(|e| ApiError::internal("telling a header", e))?);
        } else if self.is_collection() {
            let head = json!({
                "type": "FeatureCollection",
                "timeStamp": Instant::now().to_string(),
                "numberMatched": self.matched,
                "numberReturned": self.rows.len(),
                "links": self.links,
            })
            .to_string();
            out.extend_from_slice(head.strip_suffix('}').unwrap_or(&head).as_bytes());
            out.extend_from_slice(b",\"features\":[\n");
        }
        Ok(())
    }

    fn item(&self, at: usize, row: u32, out: &mut Vec<u8>) -> Result<(), ApiError> {
        let stored = self.stored(row);
        if self.format == Format::Csv {
            let told = self.telling.record(self.collection, stored, out);
            return told.map_err(|e| ApiError::internal("telling a record", e));
        }
        if self.format == Format::GeoJsonSeq {
            out.push(RECORD);
        } else if at > 0 {
            out.extend_from_slice(b",\n");
        }
        if self.telling.is_stored() {
            out.extend_from_slice(stored);
        } else {
            let told = self.telling.feature(self.collection, stored, out);
            told.map_err(|e| ApiError::internal("telling an item", e))?;
        }
        if self.format == Format::GeoJsonSeq {
            out.push(b'\n');
        }
        Ok(())
    }
}

/// Makes a large page only as fast as the client reads it.
pub(super) async fn stream(answer: Answer, state: &AppState, page: Page) -> Result<Response, ApiError> {
    if let Some(response) = answer.not_modified() {
        return Ok(response);
    }
    let held = state.streams().room(Cost::Cheap).await?;
    let mut next = Some(0);
    let pieces = move |out: &mut Vec<u8>| {
        if let Some(from) = next {
            next = page.piece(from, PIECE, out)?;
        }
        Ok(next.is_some())
    };
    let encoding = answer.encoding();
    let body = stream::made(state.pool().clone(), held, encoding, state.options().slow_client, pieces);
    Ok(answer.respond(encoding, body))
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
