//! `/editions/{edition}/{name}.{ext}` and `/downloads/{name}.{ext}`: whole files, in ranges if wished.
//!
//! A file is sent as it lies on disk, never coded: a range of it means the same to everybody.

use std::io::SeekFrom;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use parvis_store::edition::EditionPart;
use parvis_store::manifest::Role;
use parvis_store::{Edition, EditionId};
use tokio::io::AsyncSeekExt;

use crate::http::answer::{Asked, IMMUTABLE, NO_CACHE};
use crate::http::error::ApiError;
use crate::http::etag::if_range_matches;
use crate::http::params::{cut, encode};
use crate::http::router::Segments;
use crate::http::stream;

const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// `GET /downloads/{name}.{ext}`: to the file of the edition in force.
pub(crate) async fn current(asked: Asked, Segments(file): Segments<String>) -> Result<Response, ApiError> {
    asked.params(&[])?;
    let bundle = asked.state.current().ok_or(ApiError::NoEdition)?;
    part(bundle.snapshot().edition(), &file)?;
    let target = format!("{}/editions/{}/{}", asked.base, encode(bundle.id().as_str()), encode(&file));
    let target = HeaderValue::try_from(target).map_err(|e| ApiError::internal("a redirect", e))?;
    let headers = [(header::LOCATION, target), (header::CACHE_CONTROL, NO_CACHE)];
    Ok((StatusCode::TEMPORARY_REDIRECT, headers).into_response())
}

/// `GET /editions/{edition}/{name}.{ext}`.
pub(crate) async fn dated(
    asked: Asked,
    method: Method,
    Segments((id, file)): Segments<(String, String)>,
) -> Result<Response, ApiError> {
    asked.params(&[])?;
    let current = asked.state.current().filter(|b| b.id().as_str() == id);
    let edition = match &current {
        Some(bundle) => Arc::new(bundle.snapshot().edition().clone()),
        None => asked.state.published(&id).await?,
    };
    let part = part(&edition, &file)?;
    let etag = format!("\"{}\"", part.sha256);
    let headers = describe(part, edition.id(), &etag)?;
    if holds(&asked.headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let wanted = match asked.headers.get(header::RANGE) {
        Some(range) if method == Method::GET && if_range_matches(&asked.headers, &etag) => {
            parse_range(range.to_str().unwrap_or_default(), part.bytes)?
        }
        _ => None,
    };
    let body = open(&asked, part, edition.id(), wanted.clone().unwrap_or(0..part.bytes)).await?;
    let mut response = Response::new(body);
    *response.headers_mut() = headers;
    let length = wanted.as_ref().map_or(part.bytes, |r| r.end - r.start);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(Range { start, end }) = wanted {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let said = format!("bytes {start}-{}/{}", end - 1, part.bytes);
        response.headers_mut().insert(header::CONTENT_RANGE, text(said)?);
    }
    Ok(response)
}

/// The part that a download names; offsets are for the program alone.
fn part<'a>(edition: &'a Edition, file: &str) -> Result<&'a EditionPart, ApiError> {
    let found = file.split_once('.').and_then(|(name, ext)| edition.part(name, ext));
    found.filter(|part| part.role != Role::Offsets).ok_or_else(|| {
        ApiError::NotFound(format!("there is no download `{}`; /editions/{} lists them", cut(file), edition.id()))
    })
}

fn describe(part: &EditionPart, id: &EditionId, etag: &str) -> Result<HeaderMap, ApiError> {
    let day = id.as_str().get(..10).unwrap_or_default();
    let name = format!("attachment; filename=\"{}-{day}.{}\"", part.name, part.ext);
    let digest = hex_bytes(&part.sha256).map(|bytes| format!("sha-256=:{}:", STANDARD.encode(bytes)));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, text(part.media_type.clone())?);
    headers.insert(header::ETAG, text(etag.to_owned())?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, IMMUTABLE);
    headers.insert(header::CONTENT_DISPOSITION, text(name)?);
    if let Some(digest) = digest {
        headers.insert(REPR_DIGEST, text(digest)?);
    }
    Ok(headers)
}

fn text(value: String) -> Result<HeaderValue, ApiError> {
    HeaderValue::try_from(value).map_err(|e| ApiError::internal("a header field", e))
}

/// Opens a stretch of a file; a client that takes nothing of it for long is given up. One that is gone was collected while its manifest was in memory.
async fn open(asked: &Asked, part: &EditionPart, id: &EditionId, range: Range<u64>) -> Result<Body, ApiError> {
    let failed = |e: std::io::Error| ApiError::internal("reading a download", e);
    asked.state.pin(id).await;
    let mut file = match tokio::fs::File::open(&part.path).await {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            asked.state.forget(id);
            return Err(ApiError::Gone("this edition was removed to make room".to_owned()));
        }
        Err(e) => return Err(failed(e)),
    };
    file.seek(SeekFrom::Start(range.start)).await.map_err(failed)?;
    let (file, patience) = (file.into_std().await, asked.state.options().slow_client);
    Ok(stream::file(file, range.end - range.start, (), patience))
}

/// Whether `If-None-Match` names the file: weak comparison, lists, `*`.
fn holds(headers: &HeaderMap, etag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).map(str::trim).any(|m| m == "*" || m.strip_prefix("W/").unwrap_or(m) == etag)
}

/// One range of bytes (RFC 9110, section 14): `None` when the field is to be passed over, as for several
/// ranges, another unit or bad syntax.
///
/// # Errors
/// [`ApiError::Range`] when no byte of the file is in it.
fn parse_range(text: &str, size: u64) -> Result<Option<Range<u64>>, ApiError> {
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|t| t.trim().split_once('-')) else { return Ok(None) };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let number = |t: &str| t.parse::<u64>().unwrap_or(u64::MAX);
    let range = match (digits(from), digits(to)) {
        (true, true) if number(from) > number(to) => return Ok(None),
        (true, true) => number(from)..number(to).saturating_add(1).min(size),
        (true, false) if to.is_empty() => number(from)..size,
        (false, true) if from.is_empty() => size.saturating_sub(number(to))..size,
        _ => return Ok(None),
    };
    if range.start >= range.end { Err(ApiError::Range { size }) } else { Ok(Some(range)) }
}

fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        for (text, expected) in [
            ("bytes=0-0", Some(0..1)),
            ("bytes=2-", Some(2..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-99", Some(0..10)),
            ("bytes=5-99999999999999999999", Some(5..10)),
            ("bytes=0-1,4-5", None),
            ("bytes=5-2", None),
            ("bytes=a-b", None),
            ("bytes=-", None),
            ("lines=1-2", None),
        ] {
            assert_eq!(parse_range(text, 10).unwrap(), expected, "{text}");
        }
        for beyond in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert!(matches!(parse_range(beyond, 10), Err(ApiError::Range { size: 10 })), "{beyond}");
        }
    }

    #[test]
    fn a_digest_is_bytes() {
        assert_eq!(hex_bytes("00ff").unwrap(), [0, 255]);
        assert_eq!(hex_bytes("0g"), None);
    }
}
