//! `/assets/…` and `/fonts/…`: the files of the page.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::http::answer::{Answer, Asked, IMMUTABLE, NO_CACHE};
use crate::http::assets::{Asset, glyphs, web};
use crate::http::error::ApiError;
use crate::http::etag::Tag;
use crate::http::html;
use crate::http::negotiate::{Encoding, best_encoding};
use crate::http::router::Segments;

/// `GET /assets/{*path}`: files whose name holds a hash of what is in them.
pub(crate) async fn asset(asked: Asked, Segments(path): Segments<String>) -> Result<Response, ApiError> {
    let look = std::sync::Arc::clone(&asked.state.options().look);
    let css = match format!("/assets/{path}") {
        path if path == html::css_path() => Some(html::site_css().to_owned()),
        path if path == look.css_path() => Some(look.css().to_owned()),
        _ => None,
    };
    if let Some(css) = css {
        asked.params(&[])?;
        // Named by their hash, as the files: the name is what tells their versions apart.
        let answer = Answer::fixed(asked, "text/css; charset=utf-8", "css").immutable();
        return answer.send(move || Ok(css.into_bytes())).await;
    }
    let picture = look.picture();
    if picture.path().strip_prefix("/assets/") == Some(path.as_str()) {
        asked.params(&[])?;
        return Ok(Answer::fixed(asked, picture.media(), "picture").immutable().send_file(picture.bytes().clone()));
    }
    file(&asked, &format!("assets/{path}"), IMMUTABLE)
}

/// `GET /fonts/{*path}`: files with plain names; glyphs as signed distance fields, for those who draw no fonts.
pub(crate) async fn font(asked: Asked, Segments(path): Segments<String>) -> Result<Response, ApiError> {
    if path.strip_suffix(".pbf").is_some() {
        asked.params(&[])?;
        let unknown = || {
            ApiError::NotFound(
                "there are only Noto Sans Regular and Noto Sans Bold, in ranges such as 0-255.pbf".to_owned(),
            )
        };
        let glyphs = glyphs(&path).ok_or_else(unknown)?;
        let answer = Answer::fixed(asked, glyphs.media, &glyphs.hash);
        return answer.send(move || Ok(glyphs.bytes.to_vec())).await;
    }
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
