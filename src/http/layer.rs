//! The outermost layer: limits on what comes in, headers on what goes out, one log line, one count.

use std::any::Any;
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::answer::IMMUTABLE;
use super::error::ApiError;
use super::params::MAX_QUERY;
use super::state::AppState;
use super::timing::Timing;

/// The longest path, in bytes.
const MAX_PATH: usize = 2048;
/// The header fields in all, names and values, in bytes.
const MAX_HEADERS: usize = 32 * 1024;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");

const ALLOWED: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
/// Of the one URL that takes a table.
const ALLOWED_LOOKUP: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS, POST");
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Link, Content-Range, Accept-Ranges, Content-Length, Content-Crs, Content-Disposition, Repr-Digest, X-Parvis-Features",
);
const ASKABLE: HeaderValue = HeaderValue::from_static(
    "Accept, Accept-Language, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, If-Range, Range",
);

/// Wraps every route and the fallback.
pub async fn outermost(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let metrics = state.metrics();
    let pattern = request.extensions().get::<MatchedPath>();
    let pattern = pattern.map(|p| state.options().without_base(p.as_str()));
    let route = metrics.route_name(pattern);
    let mut response = match check(&request) {
        Err(error) => error.into_response(),
        Ok(()) if method == Method::OPTIONS && pattern.is_some() => preflight(allowed(route)),
        Ok(()) => {
            let timing = Timing::default();
            let mut response = timing.of(next.run(request)).await;
            if let Some(said) = timing.header().filter(|_| !is_immutable(response.headers())) {
                response.headers_mut().insert(SERVER_TIMING, said);
                response.headers_mut().insert(TIMING_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            }
            response
        }
    };
    let status = response.status();
    let headers = response.headers_mut();
    every(headers);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, allowed(route));
    }
    let took = started.elapsed();
    let bytes = length(&response);
    metrics.count(route, status, took, bytes);
    log(&method, route, status, took.as_secs_f64() * 1e3, bytes);
    response
}

/// The header fields of every answer.
pub fn every(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// Whether caches keep the answer for ever: then it says nothing of the moment it was made.
fn is_immutable(headers: &HeaderMap) -> bool {
    headers.get(header::CACHE_CONTROL) == Some(&IMMUTABLE)
}

/// Refuses what is too long before anything reads it.
///
/// # Errors
/// [`ApiError::UriTooLong`], [`ApiError::HeadersTooLarge`].
pub fn check<B>(request: &http::Request<B>) -> Result<(), ApiError> {
    let uri = request.uri();
    if uri.path().len() > MAX_PATH {
        return Err(ApiError::UriTooLong { part: "path", limit: MAX_PATH });
    }
    if uri.query().is_some_and(|q| q.len() > MAX_QUERY) {
        return Err(ApiError::UriTooLong { part: "query", limit: MAX_QUERY });
    }
    let fields = request.headers().iter().map(|(n, v)| n.as_str().len() + v.len()).sum::<usize>();
    if fields > MAX_HEADERS { Err(ApiError::HeadersTooLarge(MAX_HEADERS)) } else { Ok(()) }
}

fn allowed(route: &str) -> HeaderValue {
    if route == "/lookup" { ALLOWED_LOOKUP } else { ALLOWED }
}

/// The answer to a CORS preflight, and to any OPTIONS of a URL that exists.
fn preflight(allowed: HeaderValue) -> Response {
    const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");
    let headers: [(HeaderName, HeaderValue); 4] = [
        (header::ALLOW, allowed.clone()),
        (header::ACCESS_CONTROL_ALLOW_METHODS, allowed),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ASKABLE),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, HeaderMap::from_iter(headers)).into_response()
}

/// The body's length where it is known; 0 for a stream.
fn length(response: &Response) -> u64 {
    let said = response.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    said.or_else(|| response.body().size_hint().exact()).unwrap_or(0)
}

/// One line: never an address, a path or a query, which hold places and names.
fn log(method: &Method, route: &str, status: StatusCode, duration_ms: f64, bytes: u64) {
    let status = status.as_u16();
    let busy = route.starts_with("/tiles/") || matches!(route, "/health" | "/ready" | "/metrics");
    // 501 is what a client asked of us and we do not offer (oEmbed in XML): no fault of the server.
    if status >= 500 && status != 501 {
        tracing::warn!(target: "parvis::access", %method, route, status, duration_ms, bytes, "answered");
    } else if busy || route.starts_with("/assets/") || route.starts_with("/fonts/") {
        tracing::debug!(target: "parvis::access", %method, route, status, duration_ms, bytes, "answered");
    } else {
        tracing::info!(target: "parvis::access", %method, route, status, duration_ms, bytes, "answered");
    }
}

/// What a panic in a handler becomes: an error as any other, its text in the log alone.
#[expect(clippy::needless_pass_by_value, reason = "the signature that CatchPanicLayer wants")]
pub fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("without a message");
    ApiError::internal("a handler panicked", text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_the_client_nothing() {
        let response = panicked(Box::new("index out of bounds: /srv/secret".to_owned()));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
