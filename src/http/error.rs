//! What can go wrong with a request, and how it is said: RFC 9457 problem details.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

/// The media type of every error.
pub const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A request that cannot be answered as asked.
///
/// A 4xx says what the client can change. A 5xx says nothing of its cause, which is logged once, here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// 400: a parameter or a part of the path is not what it must be.
    #[error("{0}")]
    BadRequest(String),
    /// 404: there is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// 405: the URL only takes the methods in `Allow`.
    #[error("this URL does not take this method; `Allow` names those it takes")]
    MethodNotAllowed,
    /// 410: an edition whose files were collected.
    #[error("{0}")]
    Gone(String),
    /// 408: the client sent nothing for too long.
    #[error("nothing more of the request came for {0} seconds")]
    TooSlow(u64),
    /// 413: an answer that the server has to put together on disk is larger than it may be.
    #[error("{0}")]
    TooLarge(String),
    /// 414: the path or the query is too long.
    #[error("the {part} is longer than {limit} bytes")]
    UriTooLong {
        /// `path` or `query`.
        part: &'static str,
        /// In bytes.
        limit: usize,
    },
    /// 415: the body of a request is of a kind that the URL does not take.
    #[error("{0}")]
    UnsupportedMedia(String),
    /// 416: no byte of the range is in the file.
    #[error("the file has {size} bytes: no byte of it is in the range")]
    Range {
        /// Of the file, in bytes.
        size: u64,
    },
    /// 431: the header fields are too long.
    #[error("the header fields are longer than {0} bytes in all")]
    HeadersTooLarge(usize),
    /// 500: our fault; the text is for the log alone.
    #[error("{0}")]
    Internal(String),
    /// 501: a standard's option that this service does not have (oEmbed 1.0, section 2.3.4.2).
    #[error("{0}")]
    NotImplemented(String),
    /// 503: too much to do at once.
    #[error("the server is busy; try again in a moment")]
    Busy,
    /// 503: no room on disk to put an answer together.
    #[error(
        "the server has no room to put this export together; try again in a minute, or take csv, geojson or geojsonseq, which need none"
    )]
    SpoolFull,
    /// 503: the data folder holds no edition yet.
    #[error("no edition is published yet")]
    NoEdition,
}

impl ApiError {
    /// Wraps a failure of ours with what was being done.
    pub fn internal(doing: &str, cause: impl std::fmt::Display) -> Self {
        Self::Internal(format!("{doing}: {cause}"))
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong { .. } => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Range { .. } => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::HeadersTooLarge(_) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Busy | Self::SpoolFull | Self::NoEdition => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad-request",
            Self::NotFound(_) => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Gone(_) => "gone",
            Self::TooSlow(_) => "too-slow",
            Self::TooLarge(_) => "too-large",
            Self::UriTooLong { .. } => "uri-too-long",
            Self::UnsupportedMedia(_) => "unsupported-media-type",
            Self::Range { .. } => "range-not-satisfiable",
            Self::HeadersTooLarge(_) => "headers-too-large",
            Self::Internal(_) => "internal",
            Self::NotImplemented(_) => "not-implemented",
            Self::Busy => "busy",
            Self::SpoolFull => "spool-full",
            Self::NoEdition => "no-edition",
        }
    }

    fn extra_header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            Self::Range { size } => {
                Some((header::CONTENT_RANGE, HeaderValue::try_from(format!("bytes */{size}")).ok()?))
            }
            Self::Busy | Self::NoEdition => Some((header::RETRY_AFTER, HeaderValue::from_static("2"))),
            Self::SpoolFull => Some((header::RETRY_AFTER, HeaderValue::from_static("60"))),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let detail = if let Self::Internal(cause) = &self {
            tracing::error!(%cause, "a request failed");
            "The server could not answer; the cause is in its log.".to_owned()
        } else {
            self.to_string()
        };
        let problem = json!({
            "type": format!("urn:parvis:problem:{}", self.kind()),
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": detail,
        });
        let cache = if status.is_server_error() { "no-store" } else { "no-cache" };
        let mut response = (status, problem.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.extend(self.extra_header());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(error: ApiError) -> serde_json::Value {
        let response = error.into_response();
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_client_learns_what_to_change() {
        let problem = body(ApiError::BadRequest("`limit` must be a number, 1 or more".into())).await;
        assert_eq!(problem["status"], 400);
        assert_eq!(problem["title"], "Bad Request");
        assert_eq!(problem["detail"], "`limit` must be a number, 1 or more");
    }

    #[tokio::test]
    async fn a_cause_of_ours_stays_in_the_log() {
        let problem = body(ApiError::internal("opening", "/srv/secret: permission denied")).await;
        assert_eq!(problem["status"], 500);
        assert!(!problem.to_string().contains("secret"));
    }

    #[test]
    fn a_range_error_tells_the_size() {
        let response = ApiError::Range { size: 12 }.into_response();
        assert_eq!(response.headers()[header::CONTENT_RANGE], "bytes */12");
    }
}
