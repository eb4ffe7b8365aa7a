//! `/collections/{collection}/items`: the features, under any filter, in pages.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, header};
use parvis_model::{Collection, Crs, Instant};
use parvis_store::Selection;
use serde_json::{Value, json};
use tokio_util::io::{ReaderStream, SyncIoBridge};

use super::page::{CSP, CSP_HEADER};
use super::units::with_member;
use super::{CSV, GEOJSON, HTML, JSON, collection, items_html};
use crate::http::answer::{Answer, Asked};
use crate::http::bundle::Bundle;
use crate::http::code::Coder;
use crate::http::error::ApiError;
use crate::http::filter::{self, FILTER, refused};
use crate::http::negotiate::best_media;
use crate::http::params::{Params, cut, encode};
use crate::http::pool::Cost;
use crate::http::router::Segments;

/// How many items without `limit`, and at most.
const DEFAULT: usize = 100;
const MOST: usize = 50_000;
const MOST_HTML: usize = 1000;
/// A page larger than this is written as it is read, not built in memory.
const IN_MEMORY: u64 = 4 << 20;
/// What a slow client may leave unread before the writer waits.
const WINDOW: usize = 256 << 10;

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// How items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Html,
}

impl Format {
    /// By `f`, else by `Accept`; says whether `Accept` chose.
    fn of(asked: &Asked, params: &Params) -> Result<(Self, bool), ApiError> {
        const OFFERS: [&[&str]; 3] = [&["application/geo+json", "application/json"], &["text/csv"], &["text/html"]];
        let given = params.format(&["json", "csv", "html"])?;
        let at = given.unwrap_or_else(|| best_media(&asked.headers, &OFFERS));
        let format = [Self::Json, Self::Csv, Self::Html].get(at).copied().unwrap_or(Self::Json);
        Ok((format, given.is_none()))
    }

    const fn media(self) -> &'static str {
        match self {
            Self::Json => GEOJSON,
            Self::Csv => CSV,
            Self::Html => HTML,
        }
    }

    /// The most items of a page: people read fewer.
    const fn most(self) -> usize {
        if matches!(self, Self::Html) { MOST_HTML } else { MOST }
    }
}

/// A page to write.
struct Page {
    bundle: Arc<Bundle>,
    collection: Collection,
    format: Format,
    rows: Vec<u32>,
    matched: u64,
    links: Value,
}

/// `GET /collections/{collection}/items`.
pub(crate) async fn list(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let mut known = vec!["f", "limit", "cursor", "edition"];
    known.extend(FILTER);
    let params = asked.params(&known)?;
    let (format, by_accept) = Format::of(&asked, &params)?;
    let limit = params.limit(DEFAULT, format.most())?;
    let filter = filter::read(&params)?;
    let cursor = params.given("cursor").map(Cursor::parse).transpose()?;
    let edition = edition(&params, cursor.as_ref())?;
    let scope = asked.state.scope(edition).await?;
    let first = cursor.map_or(0, |c| c.row);
    let (state, bundle) = (asked.state.clone(), Arc::clone(&scope.bundle));
    let cost = state.tiles().selection_cost(&bundle, collection, &filter);
    let select = move || {
        let selection = state.tiles().selection(&bundle, collection, &filter).map_err(|e| refused(&e))?;
        Ok((page_rows(&selection, first, limit), selection.total()))
    };
    let ((rows, next), matched) = asked.state.pool().run_as("select", cost, select).await?;
    if next.is_some() {
        asked.state.pin(scope.bundle.id()).await;
    }
    let next = next.map(|row| format!("{}.{row}", scope.bundle.id()));
    let links = links(&asked, collection, &params, format, next.as_deref());
    let mut answer = Answer::new(asked, &scope, format.media())
        .by_accept(by_accept)
        .header(CONTENT_CRS, &format!("<{}>", Crs::CRS84_URI))
        .header(header::LINK, &link_header(&links));
    match format {
        Format::Json => answer = answer.timed(),
        Format::Html => answer = answer.header(CSP_HEADER, CSP),
        Format::Csv => {}
    }
    let page = Page { bundle: scope.bundle, collection, format, rows, matched, links };
    if format == Format::Html {
        return answer.send(move || Ok(page.html().into_bytes())).await;
    }
    if page.bytes() > IN_MEMORY {
        return stream(answer, page).await;
    }
    let write = move || {
        let mut out = Vec::with_capacity(page.bytes() as usize + 2048);
        page.write(&mut out).map_err(|e| ApiError::internal("writing items", e))?;
        Ok(out)
    };
    answer.send(write).await
}

/// `GET /collections/{collection}/items/{id}`.
pub(crate) async fn one(asked: Asked, Segments((name, id)): Segments<(String, String)>) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let params = asked.params(&["edition", "f"])?;
    params.format(&["json"])?;
    let scope = asked.scope(&params).await?;
    let row = scope.bundle.snapshot().row_of(collection, &id);
    let row = row.ok_or_else(|| ApiError::NotFound(format!("{collection} has no item `{}`", cut(&id))))?;
    let path = format!("/collections/{name}");
    let links = json!([
        asked.link("self", GEOJSON, &format!("{path}/items/{}", encode(&id)), "This feature"),
        asked.link("collection", JSON, &path, collection.title(false)),
    ]);
    let answer = Answer::new(asked, &scope, GEOJSON).header(CONTENT_CRS, &format!("<{}>", Crs::CRS84_URI));
    answer.send(move || Ok(with_member(scope.bundle.snapshot().geojson(collection, row), "links", &links))).await
}

/// Where a page begins: an edition and a row of it. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cursor<'a> {
    edition: &'a str,
    row: u32,
}

impl<'a> Cursor<'a> {
    fn parse(text: &'a str) -> Result<Self, ApiError> {
        let parts = text.rsplit_once('.').filter(|(_, row)| row.bytes().all(|b| b.is_ascii_digit()));
        let cursor = parts.and_then(|(edition, row)| Some(Self { edition, row: row.parse().ok()? }));
        cursor.ok_or_else(|| ApiError::BadRequest("`cursor` is not one of ours: take it from a `next` link".to_owned()))
    }
}

/// The edition that a cursor carries, or the one asked for; never two.
fn edition<'a>(params: &'a Params, cursor: Option<&Cursor<'a>>) -> Result<Option<&'a str>, ApiError> {
    match (params.get("edition"), cursor) {
        (Some(edition), Some(cursor)) if edition != cursor.edition => {
            Err(ApiError::BadRequest("`cursor` belongs to another edition than `edition`".to_owned()))
        }
        (_, Some(cursor)) => Ok(Some(cursor.edition)),
        (edition, None) => Ok(edition),
    }
}

/// The rows of a page, and the first of the next.
fn page_rows(selection: &Selection, first: u32, limit: usize) -> (Vec<u32>, Option<u32>) {
    let mut rows: Vec<u32> = selection.rows_from(first).take(limit + 1).collect();
    let next = if rows.len() > limit { rows.pop() } else { None };
    (rows, next)
}

fn links(asked: &Asked, of: Collection, params: &Params, format: Format, next: Option<&str>) -> Value {
    let path = format!("/collections/{of}/items");
    let at = |query: String| if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    let with = |kept: String, more: String| if kept.is_empty() { more } else { format!("{kept}&{more}") };
    let others = || params.without(&["f"]);
    let own = format.media().split(';').next().unwrap_or_default();
    let mut links = vec![asked.link("self", own, &at(params.without(&[])), "This page")];
    for (other, media, name) in
        [(Format::Json, GEOJSON, "json"), (Format::Csv, "text/csv", "csv"), (Format::Html, "text/html", "html")]
    {
        if other != format {
            links.push(asked.link(
                "alternate",
                media,
                &at(with(others(), format!("f={name}"))),
                &format!("This page as {name}"),
            ));
        }
    }
    links.push(asked.link("collection", JSON, &format!("/collections/{of}"), of.title(false)));
    if let Some(next) = next {
        let query = with(params.without(&["cursor", "edition"]), format!("cursor={}", encode(next)));
        links.push(asked.link("next", own, &at(query), "The next page"));
    }
    Value::Array(links)
}

/// The links as a header field: CSV has no other place for them.
fn link_header(links: &Value) -> String {
    let one = |link: &Value| {
        let part = |name: &str| link[name].as_str().unwrap_or_default().to_owned();
        format!("<{}>; rel=\"{}\"; type=\"{}\"", part("href"), part("rel"), part("type"))
    };
    links.as_array().map(|links| links.iter().map(one).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

impl Page {
    fn item(&self, row: u32) -> &[u8] {
        let snapshot = self.bundle.snapshot();
        match self.format {
            Format::Json | Format::Html => snapshot.geojson(self.collection, row),
            Format::Csv => snapshot.csv(self.collection, row),
        }
    }

    fn html(&self) -> String {
        let rows: Vec<&[u8]> = self.rows.iter().map(|&row| self.item(row)).collect();
        items_html::table(self.collection, &rows, self.matched, &self.links)
    }

    /// What the items take, without their frame.
    fn bytes(&self) -> u64 {
        self.rows.iter().map(|&row| self.item(row).len() as u64 + 2).sum()
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        if self.format == Format::Csv {
            out.write_all(self.bundle.snapshot().csv_header(self.collection))?;
            return self.rows.iter().try_for_each(|&row| out.write_all(self.item(row)));
        }
        let (matched, returned, now) = (self.matched, self.rows.len(), Instant::now());
        write!(
            out,
            "{{\"type\":\"FeatureCollection\",\"timeStamp\":\"{now}\",\"numberMatched\":{matched},\
             \"numberReturned\":{returned},\"links\":{},\"features\":[",
            self.links
        )?;
        for (i, &row) in self.rows.iter().enumerate() {
            out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
            out.write_all(self.item(row))?;
        }
        out.write_all(b"\n]}\n")
    }
}

/// Writes a large page while the client reads it; a client that leaves ends the writing.
async fn stream(answer: Answer, page: Page) -> Result<Response, ApiError> {
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
    fn a_cursor_is_an_edition_and_a_row() {
        let cursor = Cursor::parse("2026-11-21T10-00-00Z-abcd1234.7").unwrap();
        assert_eq!((cursor.edition, cursor.row), ("2026-11-21T10-00-00Z-abcd1234", 7));
        for bad in ["", ".", "x", "x.", "x.-1", "x.99999999999", "x.1e3", "x.+1"] {
            assert!(Cursor::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_knows_where_the_next_begins() {
        let all = Selection::all(Collection::Actors, 5, 5);
        assert_eq!(page_rows(&all, 0, 2), (vec![0, 1], Some(2)));
        assert_eq!(page_rows(&all, 3, 2), (vec![3, 4], None));
        assert_eq!(page_rows(&all, 9, 2), (vec![], None));
    }
}
