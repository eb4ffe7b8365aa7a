//! `/assets/…` and `/fonts/…`: the files of the page.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::http::answer::{Asked, IMMUTABLE, NO_CACHE};
use crate::http::assets::{Asset, web};
use crate::http::error::ApiError;
use crate::http::etag::Tag;
use crate::http::negotiate::{Encoding, best_encoding};
use crate::http::router::Segments;

/// `GET /assets/{*path}`: files whose name holds a hash of what is in them.
pub(crate) async fn asset(asked: Asked, Segments(path): Segments<String>) -> Result<Response, ApiError> {
    file(&asked, &format!("assets/{path}"), IMMUTABLE)
}

/// `GET /fonts/{*path}`: files with plain names.
pub(crate) async fn font(asked: Asked, Segments(path): Segments<String>) -> Result<Response, ApiError> {
    file(&asked, &format!("fonts/{path}"), NO_CACHE)
}

fn file(asked: &Asked, path: &str, cache: HeaderValue) -> Result<Response, ApiError> {
    asked.params(&[])?;
    let asset = web(path).ok_or_else(|| ApiError::NotFound("the page has no such file".to_owned()))?;
    let encoding = best_encoding(&asked.headers, &asset.codings());
    let tag = Tag::strong(asset.hash.clone());
    if let Some(held) = tag.none_match(&asked.headers, encoding) {
        return Ok(respond(StatusCode::NOT_MODIFIED, &asset, (held, cache), Encoding::Identity, Body::empty()));
    }
    let etag = tag.header(encoding);
    let bytes = asset.coded(encoding);
    Ok(respond(StatusCode::OK, &asset, (etag, cache), encoding, Body::from(bytes)))
}

fn respond(
    status: StatusCode,
    asset: &Asset,
    (etag, cache): (HeaderValue, HeaderValue),
    encoding: Encoding,
    body: Body,
) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, etag);
    headers.insert(header::CACHE_CONTROL, cache);
    if !asset.codings().is_empty() {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if status == StatusCode::OK {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.media));
    }
    if let Some(coding) = encoding.header() {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
