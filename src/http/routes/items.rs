//! `/collections/{collection}/items`: the features, under any filter, in pages.

mod cursor;
mod page;
mod wanted;

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderName, header};
use parvis_model::Crs;
use parvis_store::Telling;
use serde_json::json;

use cursor::Cursor;
use page::{Page, link_header, links, rows, stream};
use wanted::{Format, Wanted, telling};

use super::units::with_member;
use super::{GEOJSON, HTML, JSON, collection};
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::filter::{self, FILTER, refused};
use crate::http::html::{self, CSP, CSP_HEADER, Items, Spoken};
use crate::http::params::{Params, cut, encode};
use crate::http::pool::Cost;
use crate::http::router::Segments;

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// `GET /collections/{collection}/items`.
pub(crate) async fn list(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let known = [&Wanted::PARAMETERS[..], &["cursor", "edition"], FILTER].concat();
    let is_page = |params: &Params| Ok(Format::of(&asked, params)?.0 == Format::Html);
    let params = asked.params_or_page(&known, is_page)?;
    let spoken = Spoken::of(&asked.headers, &params)?;
    let filter = filter::read(&params, asked.state.crs())?;
    let mut wanted = Wanted::of(&asked, collection, &params, filter.near)?;
    if wanted.format == Format::Html && collection.level().is_some() {
        wanted.telling.lang = Some(spoken.lang.code());
    }
    let cursor = params.given("cursor").map(Cursor::parse).transpose()?;
    let order = wanted.sort.as_ref().map(ToString::to_string);
    if let Some(cursor) = &cursor {
        cursor.check(order.as_deref())?;
    }
    let edition = edition(&params, cursor.as_ref())?;
    let scope = asked.state.scope(edition).await?;
    let (at, limit, sort) = (cursor.map_or(0, |c| c.at), wanted.limit, wanted.sort);
    let (state, bundle) = (asked.state.clone(), Arc::clone(&scope.bundle));
    let sorting = sort.as_ref().is_some_and(|order| !state.orders().has(&bundle, collection, order));
    let cost = if sorting { Cost::Dear } else { state.tiles().selection_cost(&bundle, collection, &filter) };
    let select = move || {
        let selection = state.tiles().selection(&bundle, collection, &filter).map_err(|e| refused(&e))?;
        let order = sort.map(|order| state.orders().get(&bundle, collection, &order)).transpose();
        let order = order.map_err(|e| ApiError::internal("sorting", e))?;
        Ok((rows(&selection, order.as_deref(), at, limit), selection.total()))
    };
    let state = asked.state.clone();
    let ((rows, next), matched) = asked.state.pool().run_as("select", cost, select).await?;
    if next.is_some() {
        asked.state.pin(scope.bundle.id()).await;
    }
    let next = next.map(|at| cursor::text(scope.bundle.id().as_str(), at, order.as_deref()));
    let format = wanted.format;
    let links = links(&asked, collection, &params, format, next.as_deref());
    let around = (format == Format::Html).then(|| {
        let mut page = html::Page::new(&asked, &params, spoken, "").of(scope.bundle.manifest()).with_links(&links);
        page.title = String::from(page.title_of(collection));
        page.section = "/collections";
        page
    });
    let answer = Answer::new(asked, &scope, format.media())
        .by_accept(wanted.by_accept)
        .header(header::LINK, &link_header(&links));
    let mut answer = told(answer, &wanted.telling, format == Format::Html);
    match format {
        Format::Json => answer = answer.timed(),
        Format::Html => answer = answer.header(CSP_HEADER, CSP).page(spoken),
        Format::Csv | Format::GeoJsonSeq => {}
    }
    let page = Page { bundle: scope.bundle, collection, format, telling: wanted.telling, rows, matched, links };
    if let Some(around) = around {
        let write = move || html::render(&Items::new(around, collection, &page.features()?, matched, &page.links));
        return answer.send(write).await;
    }
    if page.bytes() > state.options().page_bytes {
        return stream(answer, &state, page).await;
    }
    let write = move || {
        let mut out = Vec::with_capacity(page.bytes() as usize + 2048);
        page.piece(0, usize::MAX, &mut out)?;
        Ok(out)
    };
    answer.send(write).await
}

/// `GET /collections/{collection}/items/{id}`.
pub(crate) async fn one(asked: Asked, Segments((name, id)): Segments<(String, String)>) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let format = |params: &Params| params.format(&["json", "html"]);
    let is_page = |params: &Params| Ok(html::is_page(&asked.headers, format(params)?));
    let params = asked.params_or_page(&["crs", "properties", "lang", "edition", "f"], is_page)?;
    let (format, html) = (format(&params)?, is_page(&params)?);
    let spoken = Spoken::of(&asked.headers, &params)?;
    let telling = telling(&asked, collection, &params)?;
    let scope = asked.scope(&params).await?;
    let row = scope.bundle.snapshot().row_of(collection, &id);
    let row = row.ok_or_else(|| ApiError::NotFound(format!("{collection} has no item `{}`", cut(&id))))?;
    let path = format!("/collections/{name}");
    let own = format!("{path}/items/{}", encode(&id));
    if html {
        let page = html::item_page(&asked, &params, &scope, spoken, &format!("{own}?f=json"));
        let answer = Answer::new(asked, &scope, HTML).by_reader(format.is_none()).page(spoken).header(CSP_HEADER, CSP);
        return answer.send(move || html::item(page, scope.bundle.snapshot(), collection, row)).await;
    }
    let query = params.without(&[]);
    let mark = if query.is_empty() { "" } else { "?" };
    let links = json!([
        asked.link("self", GEOJSON, &format!("{own}{mark}{query}"), "This feature"),
        asked.link("collection", JSON, &path, collection.title(false)),
        asked.link("alternate", "text/html", &format!("{own}?f=html"), "This feature as html"),
    ]);
    let answer = told(Answer::new(asked, &scope, GEOJSON).by_reader(format.is_none()), &telling, false);
    let write = move || {
        let mut out = Vec::new();
        let stored = scope.bundle.snapshot().geojson(collection, row);
        telling.feature(collection, stored, &mut out).map_err(|e| ApiError::internal("telling an item", e))?;
        Ok(with_member(&out, "links", &links))
    };
    answer.send(write).await
}

/// Says which CRS the coordinates are in, and which language the names; a page says itself which it speaks.
fn told(answer: Answer, telling: &Telling, html: bool) -> Answer {
    let uri = telling.crs.as_ref().map_or_else(|| Crs::CRS84_URI.to_owned(), |crs| crs.crs().uri());
    let answer = answer.header(CONTENT_CRS, &format!("<{uri}>"));
    match telling.lang {
        Some(lang) if !html => answer.header(header::CONTENT_LANGUAGE, lang),
        _ => answer,
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
