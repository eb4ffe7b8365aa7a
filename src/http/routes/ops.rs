//! For whoever runs the service: liveness, readiness, counters.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::json;

use super::JSON;
use crate::http::answer::NO_CACHE;
use crate::http::error::ApiError;
use crate::http::metrics::gauge;
use crate::http::params::Params;
use crate::http::state::AppState;

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// `GET /health`: the process answers.
pub(crate) async fn health(RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    Params::parse(query.as_deref(), &[])?;
    Ok(told(JSON, NO_STORE, json!({ "status": "ok" }).to_string()))
}

/// `GET /ready`: an edition is open; 503 before.
pub(crate) async fn ready(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    Params::parse(query.as_deref(), &[])?;
    let bundle = state.current().ok_or(ApiError::NoEdition)?;
    Ok(told(JSON, NO_STORE, json!({ "status": "ready", "edition": bundle.id() }).to_string()))
}

/// `GET /metrics`: Prometheus text.
pub(crate) async fn metrics(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    Params::parse(query.as_deref(), &[])?;
    let mut text = state.metrics().render();
    let (entries, bytes) = state.tiles().size();
    gauge(&mut text, "parvis_tile_cache_entries", "Dynamic tiles in the cache.", "", entries);
    gauge(&mut text, "parvis_tile_cache_bytes", "Bytes they take.", "", bytes);
    gauge(&mut text, "parvis_spool_bytes", "Bytes of answers that wait on disk.", "", state.spool().used());
    if let Some(bundle) = state.current() {
        let labels = format!("edition=\"{}\"", bundle.id());
        gauge(&mut text, "parvis_edition_info", "The edition in service.", &labels, 1);
        let created = bundle.manifest().created.unix().max(0) as u64;
        gauge(&mut text, "parvis_edition_created_seconds", "When it was made, Unix time.", "", created);
    }
    Ok(told("text/plain; version=0.0.4; charset=utf-8", NO_CACHE, text))
}

fn told(media: &'static str, cache: HeaderValue, body: String) -> Response {
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CACHE_CONTROL, cache)];
    (headers, body).into_response()
}
