//! `POST /lookup`: the levels of many points, as many as the client cares to send.
//!
//! ```text
//! body ─► read: whole records ─► pool: units of a piece ─► answer: pieces in order ─► client
//!                       (a few pieces in flight)     (what it has not taken: memory, then disk)
//! ```

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use parvis_store::lookup::{Columns, MAX_RECORD, Piece, Records, Splitter, Table, TableError, first_record};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinHandle;

use super::CSV;
use crate::http::answer::{Asked, DYNAMIC, NO_CACHE};
use crate::http::backlog::Backlog;
use crate::http::bundle::Bundle;
use crate::http::code::Coder;
use crate::http::error::ApiError;
use crate::http::negotiate::{Encoding, best_encoding};
use crate::http::params::Params;
use crate::http::pool::{Cost, Pool, run_in};
use crate::http::state::AppState;
use crate::http::stream::{Outlet, PIECE, outlet};

const NDJSON: &str = "application/x-ndjson";
const CSV_WITHOUT_HEADER: &str = "text/csv; charset=utf-8; header=absent";
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A piece on its way.
enum Job {
    Piece(JoinHandle<Result<Vec<u8>, ApiError>>),
    End,
}

/// What a request is about, once its beginning is read.
struct Question {
    bundle: Arc<Bundle>,
    table: Arc<Table>,
}

/// `POST /lookup`.
pub(crate) async fn lookup(asked: Asked, mut body: Body) -> Result<Response, ApiError> {
    let params = asked.params(&["lon", "lat", "crs", "header", "edition", "f"])?;
    let said = records_by_name(&params, &asked.headers)?;
    let columns = Columns {
        lon: params.get("lon").map(str::to_owned),
        lat: params.get("lat").map(str::to_owned),
        crs: asked.state.options().crs.read(&params, "crs")?,
        no_header: without_header(&params, &asked.headers)?,
    };
    let scope = asked.scope(&params).await?;
    let state = asked.state.clone();
    let held = state.streams().room(Cost::Cheap).await?;
    let patience = state.options().slow_client;
    let (records, first, mut begun) = beginning(&mut body, said, patience).await?;
    let (table, head) = Table::new(records, &begun[..first], &columns).map_err(|e| refused(&e))?;
    if records == Records::Csv {
        let rows = if columns.no_header { begun.strip_prefix(MARK).map_or(0, |_| MARK.len()) } else { first };
        begun.drain(..rows);
    }
    let media = match records {
        Records::NdJson => NDJSON,
        Records::Csv if columns.no_header => CSV_WITHOUT_HEADER,
        Records::Csv => CSV,
    };
    let encoding = best_encoding(&asked.headers, DYNAMIC);
    let (outlet, answer) = outlet(None, patience);
    let (send, receive) = mpsc::channel(state.options().jobs + 1);
    let question = Question { bundle: scope.bundle, table: Arc::new(table) };
    tokio::spawn(ask(question, (begun, body), state.pool().clone(), patience, send));
    tokio::spawn(async move {
        let _held = held;
        if let Err(error) = answer_in_order(&state, head, receive, outlet, encoding).await {
            tracing::debug!(%error, "a lookup was cut");
        }
    });
    Ok(respond(answer, media, encoding))
}

fn respond(body: Body, media: &'static str, encoding: Encoding) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, NO_CACHE);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = encoding.header() {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    response
}

fn refused(error: &TableError) -> ApiError {
    ApiError::BadRequest(error.to_string())
}

/// CSV or NDJSON by `f`, else by `Content-Type`; `None` when the body itself has to tell.
fn records_by_name(params: &Params, headers: &HeaderMap) -> Result<Option<Records>, ApiError> {
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(ApiError::UnsupportedMedia("send the body as it is, without Content-Encoding".to_owned()));
    }
    if let Some(at) = params.format(&["csv", "ndjson"])? {
        return Ok(Some(if at == 0 { Records::Csv } else { Records::NdJson }));
    }
    let media = headers.get(header::CONTENT_TYPE).map_or(Ok(""), |v| v.to_str()).unwrap_or("?");
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "text/csv" | "application/csv" | "text/tab-separated-values" => Ok(Some(Records::Csv)),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/json-seq" => {
            Ok(Some(Records::NdJson))
        }
        // What tools send when nobody tells them.
        "" | "application/octet-stream" | "application/x-www-form-urlencoded" | "text/plain" => Ok(None),
        _ => Err(ApiError::UnsupportedMedia("send text/csv or application/x-ndjson".to_owned())),
    }
}

/// `header=absent`, as a parameter of the URL or of `Content-Type` (RFC 4180).
fn without_header(params: &Params, headers: &HeaderMap) -> Result<bool, ApiError> {
    match params.get("header") {
        Some("absent") => Ok(true),
        Some("present") => Ok(false),
        Some(_) => Err(ApiError::BadRequest("`header` must be present or absent".to_owned())),
        None => {
            let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
            Ok(media.split(';').skip(1).any(|p| p.trim().eq_ignore_ascii_case("header=absent")))
        }
    }
}

/// The next bytes of a body; `None` at its end.
async fn next(body: &mut Body, patience: Duration) -> Result<Option<Bytes>, ApiError> {
    let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
    match tokio::time::timeout(patience, frame).await {
        Err(_) => Err(ApiError::TooSlow(patience.as_secs())),
        Ok(None) => Ok(None),
        Ok(Some(Err(_))) => Err(ApiError::BadRequest("the body could not be read to its end".to_owned())),
        Ok(Some(Ok(frame))) => Ok(Some(frame.into_data().unwrap_or_default())),
    }
}

/// Reads until it is known what the body is, and of CSV its first record.
async fn beginning(
    body: &mut Body,
    said: Option<Records>,
    patience: Duration,
) -> Result<(Records, usize, Vec<u8>), ApiError> {
    let mut begun = Vec::new();
    loop {
        let more = next(body, patience).await?;
        let ended = more.is_none();
        begun.extend_from_slice(&more.unwrap_or_default());
        let sniffed = begun.iter().find(|b| !b.is_ascii_whitespace()).map(|b| match b {
            b'{' | b'\x1E' => Records::NdJson,
            _ => Records::Csv,
        });
        let records = said.or(sniffed);
        match records {
            None if ended => return Err(refused(&TableError::Empty)),
            Some(Records::NdJson) => return Ok((Records::NdJson, 0, begun)),
            Some(Records::Csv) => match first_record(&begun) {
                Some(first) => return Ok((Records::Csv, first, begun)),
                None if ended => return Ok((Records::Csv, begun.len(), begun)),
                None => {}
            },
            None => {}
        }
        if begun.len() > MAX_RECORD {
            return Err(refused(&TableError::LongHeader));
        }
    }
}

/// Reads the rows, of which some came already, and has their pieces looked up, several at a time.
async fn ask(
    question: Question,
    (begun, mut body): (Vec<u8>, Body),
    pool: Pool,
    patience: Duration,
    jobs: Sender<Job>,
) {
    let mut splitter = Splitter::new(&question.table);
    let mut pieces = Vec::new();
    splitter.push(&begun, PIECE, &mut pieces);
    drop(begun);
    loop {
        if !hand_out(&question, &pool, &mut pieces, &jobs).await {
            return;
        }
        match next(&mut body, patience).await {
            Ok(Some(bytes)) => splitter.push(&bytes, PIECE, &mut pieces),
            Ok(None) => break,
            // Without an end the answer is cut, as the question was.
            Err(error) => return tracing::debug!(%error, "the table of a lookup ended early"),
        }
    }
    splitter.finish(&mut pieces);
    if hand_out(&question, &pool, &mut pieces, &jobs).await {
        let _ = jobs.send(Job::End).await;
    }
}

async fn hand_out(question: &Question, pool: &Pool, pieces: &mut Vec<Piece>, jobs: &Sender<Job>) -> bool {
    for piece in pieces.drain(..) {
        // Room among the jobs first: it is what keeps a fast sender back.
        let Ok(place) = jobs.reserve().await else { return false };
        let (table, bundle, pool) = (Arc::clone(&question.table), Arc::clone(&question.bundle), pool.clone());
        place.send(Job::Piece(tokio::spawn(async move {
            let room = pool.wait(Cost::Dear).await?;
            run_in(room, move || Ok(table.append(bundle.snapshot().units(), &piece))).await
        })));
    }
    true
}

/// Gives the client what was found, in the order it was asked.
async fn answer_in_order(
    state: &AppState,
    head: Vec<u8>,
    mut jobs: Receiver<Job>,
    outlet: Outlet,
    encoding: Encoding,
) -> Result<(), ApiError> {
    let failed = |e: std::io::Error| ApiError::internal("coding an answer", e);
    let mut coder = Coder::new(encoding, Vec::new()).map_err(failed)?;
    let mut backlog = Backlog::new(state.spool().clone());
    backlog.push(coder.code(head).map_err(failed)?.into()).await?;
    let mut waits: Option<Bytes> = None;
    let mut coder = Some(coder);
    loop {
        if waits.is_none() {
            waits = backlog.pop().await?;
        }
        if waits.is_none() && coder.is_none() {
            outlet.end().await;
            return Ok(());
        }
        tokio::select! {
            biased;
            slot = outlet.ready(), if waits.is_some() => match (slot, waits.take()) {
                (Some(slot), Some(bytes)) => if !bytes.is_empty() { slot.put(bytes) },
                _ => return Ok(()),
            },
            job = jobs.recv(), if coder.is_some() && backlog.has_room() => {
                let Some(mut coding) = coder.take() else { continue };
                let (bytes, more) = match job {
                    Some(Job::Piece(found)) => {
                        let plain = found.await.map_err(|e| ApiError::internal("a job", e))??;
                        let room = state.pool().wait(Cost::Dear).await?;
                        let job = move || coding.code(plain).map(|bytes| (bytes, Some(coding))).map_err(failed);
                        run_in(room, job).await?
                    }
                    Some(Job::End) => (coding.finish().map_err(failed)?, None),
                    None => return Err(ApiError::BadRequest("the table ended early".to_owned())),
                };
                coder = more;
                backlog.push(bytes.into()).await?;
            }
            () = outlet.closed() => return Ok(()),
            () = tokio::time::sleep(state.options().slow_client), if waits.is_some() => return Err(ApiError::TooSlow(0)),
        }
    }
}
