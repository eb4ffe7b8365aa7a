//! `/collections/{collection}/export`: every row of a filter as a file, never cut.
//!
//! Text streams as slices of the stored files. FlatGeobuf begins with an index and Parquet ends with one, so these
//! are put together on disk first, under a quota, and sent with their length. A whole collection is its download.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, Method, header};
use parvis_model::source::licence_url;
use parvis_model::{Collection, Crs};
use parvis_store::{Format, Selection, TextExport};

use super::collection;
use crate::http::answer::{Answer, Asked};
use crate::http::bundle::Bundle;
use crate::http::error::ApiError;
use crate::http::filter::{self, FILTER, refused};
use crate::http::negotiate::Encoding;
use crate::http::params::Params;
use crate::http::pool::{Cost, run_in};
use crate::http::router::Segments;
use crate::http::spool::{Refusal, SpoolFile, Taken, Waiting};
use crate::http::state::AppState;
use crate::http::stream::{self, PIECE};
use crate::http::timing;

const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");
const FEATURES: HeaderName = HeaderName::from_static("x-parvis-features");

/// How much of a spooled file is in memory.
const BUFFER: usize = 256 << 10;

/// A file to make.
struct Export {
    bundle: Arc<Bundle>,
    selection: Selection,
    format: Format,
}

/// `GET /collections/{collection}/export?f=`.
pub(crate) async fn export(
    asked: Asked,
    method: Method,
    Segments(name): Segments<String>,
) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let known = [&["f", "edition"], FILTER].concat();
    let params = asked.params(&known)?;
    let format = format(&params)?;
    let filter = filter::read(&params, asked.state.crs())?;
    let scope = asked.scope(&params).await?;
    let state = asked.state.clone();
    let cost = state.tiles().selection_cost(&scope.bundle, collection, &filter);
    let (tiles, bundle) = (state.clone(), Arc::clone(&scope.bundle));
    let select = move || tiles.tiles().selection(&bundle, collection, &filter).map_err(|e| refused(&e));
    let selection = state.pool().run_as("select", cost, select).await?;
    let total = selection.total();
    let mut answer = Answer::new(asked, &scope, format.media_type())
        .header(header::CONTENT_DISPOSITION, &disposition(&scope.bundle, &selection, format))
        .header(FEATURES, &format!("{total}/{total}"))
        .header(CONTENT_CRS, &format!("<{}>", Crs::CRS84_URI));
    let entry = scope.bundle.manifest().collection(collection);
    for url in entry.into_iter().flat_map(|e| &e.licences).filter_map(|l| licence_url(l)) {
        answer = answer.header(header::LINK, &format!("<{url}>; rel=\"license\""));
    }
    if let Some(response) = answer.not_modified() {
        return Ok(response);
    }
    state.pin(scope.bundle.id()).await;
    let export = Export { bundle: scope.bundle, selection, format };
    let text = matches!(format, Format::Csv | Format::GeoJson | Format::GeoJsonSeq);
    let encoding = if text { answer.encoding() } else { Encoding::Identity };
    let body = if method == Method::HEAD {
        Body::empty()
    } else if text {
        export.stream(&state, encoding).await?
    } else if export.selection.is_all() {
        export.download(&state).await?
    } else {
        export.spool(&state).await?
    };
    Ok(answer.respond(encoding, body))
}

fn format(params: &Params) -> Result<Format, ApiError> {
    let at = params.format(&Format::ALL.map(Format::ext))?;
    Ok(at.and_then(|at| Format::ALL.get(at).copied()).unwrap_or(Format::GeoJson))
}

/// A name with the date of the edition: what is downloaded today is not taken for what it is in a year.
fn disposition(bundle: &Bundle, selection: &Selection, format: Format) -> String {
    let day = bundle.id().as_str().get(..10).unwrap_or_default();
    let some = if selection.is_all() { "" } else { "-selection" };
    format!("attachment; filename=\"{}{some}-{day}.{}\"", selection.collection(), format.ext())
}

impl Export {
    fn collection(&self) -> Collection {
        self.selection.collection()
    }

    async fn stream(self, state: &AppState, encoding: Encoding) -> Result<Body, ApiError> {
        let held = state.streams().room(Cost::Cheap).await?;
        let mut text = TextExport::new(self.selection, self.format);
        let pieces = move |out: &mut Vec<u8>| Ok(text.next(self.bundle.snapshot(), PIECE, out));
        Ok(stream::made(state.pool().clone(), held, encoding, state.options().slow_client, pieces))
    }

    /// The stored file.
    async fn download(self, state: &AppState) -> Result<Body, ApiError> {
        let held = state.streams().room(Cost::Cheap).await?;
        let missing = || ApiError::NotFound(format!("this edition has no {}", self.collection()));
        let part = self.bundle.snapshot().edition().part(self.collection().name(), self.format.ext());
        let part = part.ok_or_else(missing)?;
        let file = tokio::fs::File::open(&part.path).await.map_err(|e| ApiError::internal("opening a download", e))?;
        Ok(stream::file(file.into_std().await, part.bytes, held, state.options().slow_client))
    }

    /// Puts the file together on disk, then sends it. Who leaves meanwhile ends it.
    async fn spool(self, state: &AppState) -> Result<Body, ApiError> {
        let held = state.streams().room(Cost::Cheap).await?;
        let asked = std::time::Instant::now();
        let turn = state.spooling().room(Cost::Cheap).await?;
        let room = state.pool().room(Cost::Dear).await?;
        timing::add("queue", asked.elapsed());
        let waiting = Waiting::default();
        let quota = state.spool().quota();
        let file = state.spool().begin(&waiting).map_err(|e| ApiError::internal("beginning an export", e))?;
        let begun = std::time::Instant::now();
        let made = run_in(room, move || {
            let _turn = turn;
            self.write(file, quota)
        });
        let (file, length, taken) = made.await?;
        timing::add("make", begun.elapsed());
        drop(waiting);
        Ok(stream::file(file, length, (taken, held), state.options().slow_client))
    }

    fn write(&self, file: SpoolFile, quota: u64) -> Result<(std::fs::File, u64, Taken), ApiError> {
        let mut out = BufWriter::with_capacity(BUFFER, file);
        let written = parvis_store::export(self.bundle.snapshot(), &self.selection, self.format, &mut out);
        if let Err(error) = written.and_then(|()| Ok(out.flush()?)) {
            return Err(match out.get_ref().refusal() {
                Some(Refusal::Full) => ApiError::SpoolFull,
                Some(Refusal::TooLarge) => ApiError::TooLarge(format!(
                    "this export is larger than the {quota} bytes that the server puts together on disk; \
                     narrow the filter, or take csv, geojson or geojsonseq, which stream"
                )),
                Some(Refusal::Left) => ApiError::Busy,
                None => ApiError::internal("writing an export", error),
            });
        }
        let (file, _) = out.into_parts();
        file.finish().map_err(|e| ApiError::internal("writing an export", e))
    }
}
