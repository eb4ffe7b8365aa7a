//! `/tiles/{tileset}/{z}/{x}/{y}`: the busiest URL.
//!
//! A stored tile costs one look in the archive's directory and a dozen header fields: its bytes go from
//! the mapped file to the socket, its entity tag is its place in the file. A tile of points is made in
//! the pool and kept.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use parvis_model::{Collection, TileCoord};
use parvis_tiles::{Tileset, gzip};

use crate::http::answer::{IMMUTABLE, NO_CACHE, fingerprint};
use crate::http::bundle::StoredTiles;
use crate::http::dynamic::{Chosen, MOST_TILE_BYTES, Order};
use crate::http::error::ApiError;
use crate::http::etag::Tag;
use crate::http::filter::{self, FILTER};
use crate::http::negotiate::{Encoding, accepts_gzip};
use crate::http::params::{Params, cut};
use crate::http::state::{AppState, Scope};

pub(crate) const MVT: HeaderValue = HeaderValue::from_static("application/vnd.mapbox-vector-tile");
pub(crate) const GZIP: HeaderValue = HeaderValue::from_static("gzip");
pub(crate) const BY_ENCODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");
const FEATURES: HeaderName = HeaderName::from_static("x-parvis-features");

/// `GET /tiles/{tileset}/{z}/{x}/{y}[.mvt]`.
pub(crate) async fn tile(State(state): State<AppState>, request: Request) -> Result<Response, ApiError> {
    let uri = request.uri();
    let (tileset, at) = parse(state.options().without_base(uri.path()))?;
    let params = params(tileset, uri.query())?;
    let scope = state.scope(params.get("edition")).await?;
    let chosen = chosen(&params)?;
    answer(&state, scope, (tileset, at), chosen, &params, request.headers()).await
}

/// The answer to a request for a tile, stored or made.
pub(super) async fn answer(
    state: &AppState,
    scope: Scope,
    (tileset, at): (Tileset, TileCoord),
    chosen: Chosen,
    params: &Params,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    if tileset != Tileset::Boundaries {
        return dynamic(state, scope, (tileset, at), chosen, params, headers).await;
    }
    match scope.bundle.boundaries() {
        Some(boundaries) if chosen.is_all() => stored(boundaries, at, scope.pinned, headers),
        Some(_) => dynamic(state, scope, (tileset, at), chosen, params, headers).await,
        None => Err(ApiError::NotFound("this edition has no boundaries".to_owned())),
    }
}

/// The parameters: the edition, the collections, and the filter where the tiles are made on request.
fn params(tileset: Tileset, query: Option<&str>) -> Result<Params, ApiError> {
    match query {
        None => Ok(Params::default()),
        Some(_) if tileset == Tileset::Boundaries => Params::parse(query, &["edition", "collections"]),
        Some(_) => {
            let mut known = vec!["edition", "collections"];
            known.extend(FILTER);
            Params::parse(query, &known)
        }
    }
}

/// The collections that `collections` names: by id, or by the address of one of ours.
pub(super) fn chosen(params: &Params) -> Result<Chosen, ApiError> {
    let names = params.list("collections").map(|name| {
        let id = name.rsplit_once("/collections/").map_or(name, |(_, id)| id);
        super::collection(id)
            .map_err(|_unknown| ApiError::BadRequest(format!("`collections`: there is no collection `{}`", cut(name))))
    });
    let names = names.collect::<Result<Vec<Collection>, ApiError>>()?;
    Ok(if names.is_empty() { Chosen::ALL } else { Chosen::of(names) })
}

/// Takes `/tiles/{tileset}/{z}/{x}/{y}[.mvt]` apart. A number that is none, and a column or row outside the
/// zoom, is 400; an unknown tileset, and a zoom that it does not have, is 404.
fn parse(path: &str) -> Result<(Tileset, TileCoord), ApiError> {
    let mut segments = path.strip_prefix("/tiles/").unwrap_or_default().split('/');
    let mut next = || segments.next().unwrap_or_default();
    let (name, z, x, y) = (next(), next(), next(), next());
    let tileset = Tileset::from_name(name).ok_or_else(|| unknown(name))?;
    Ok((tileset, coord(tileset, [z, x, y])?))
}

/// The tile of a tileset by zoom, column and row; `.mvt` may follow the last.
pub(super) fn coord(tileset: Tileset, [z, x, y]: [&str; 3]) -> Result<TileCoord, ApiError> {
    let (z, x, y) = (number(z)?, number(x)?, number(y.strip_suffix(".mvt").unwrap_or(y))?);
    let deepest = tileset.max_zoom();
    let z = u8::try_from(z).ok().filter(|z| *z <= deepest);
    let z = z.ok_or_else(|| ApiError::NotFound(format!("{} has the zooms 0 to {deepest}", tileset.name())))?;
    TileCoord::new(z, x, y).map_err(|e| ApiError::BadRequest(e.to_string()))
}

/// The 404 of a tileset that is not there.
pub(super) fn unknown(name: &str) -> ApiError {
    let names: Vec<&str> = Tileset::ALL.iter().map(|t| t.name()).collect();
    ApiError::NotFound(format!("there is no tileset `{}`, only {}", cut(name), names.join(", ")))
}

/// Digits alone; a number too large for any grid is the largest, which no grid has either.
pub(super) fn number(text: &str) -> Result<u32, ApiError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        let what = "must be whole numbers, as in /tiles/boundaries/5/16/11";
        return Err(ApiError::BadRequest(format!("zoom, column and row {what}, not `{}`", cut(text))));
    }
    Ok(text.parse().unwrap_or(u32::MAX))
}

/// The entity tag of a stored tile: its archive and its place in it.
pub(crate) fn stored_tag(tiles: &StoredTiles, at: TileCoord) -> Tag {
    Tag::strong(format!("{}-{}-{}-{}", tiles.tag(), at.z(), at.x(), at.y()))
}

fn stored(tiles: &StoredTiles, at: TileCoord, pinned: bool, headers: &HeaderMap) -> Result<Response, ApiError> {
    let bytes = tiles.get(at);
    let gzip = accepts_gzip(headers);
    let encoding = if gzip { Encoding::Gzip } else { Encoding::Identity };
    let tag = stored_tag(tiles, at);
    if headers.contains_key(header::IF_NONE_MATCH)
        && !bytes.is_empty()
        && let Some(held) = tag.none_match(headers, encoding)
    {
        return Ok(respond(StatusCode::NOT_MODIFIED, Some(held), pinned, Body::empty()));
    }
    send(bytes, &tag, encoding, pinned)
}

/// A tile that belongs to no edition. `tag`: what its validator begins with.
pub(super) fn plain(gzip: Bytes, tag: &str, at: TileCoord, headers: &HeaderMap) -> Result<Response, ApiError> {
    let encoding = if accepts_gzip(headers) { Encoding::Gzip } else { Encoding::Identity };
    let tag = Tag::strong(format!("{tag}-{}-{}-{}", at.z(), at.x(), at.y()));
    if let Some(held) = tag.none_match(headers, encoding).filter(|_| !gzip.is_empty()) {
        return Ok(respond(StatusCode::NOT_MODIFIED, Some(held), false, Body::empty()));
    }
    send(gzip, &tag, encoding, false)
}

async fn dynamic(
    state: &AppState,
    scope: Scope,
    (tileset, at): (Tileset, TileCoord),
    chosen: Chosen,
    params: &Params,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let filter = filter::read(params, state.crs())?;
    let canonical: Arc<str> = filter.canonical().into();
    let id = scope.bundle.id().as_str();
    let tag = Tag::strong(fingerprint(&[id, tileset.name(), &chosen.text(), &at.to_string(), &canonical]));
    let encoding = if accepts_gzip(headers) { Encoding::Gzip } else { Encoding::Identity };
    let pinned = scope.pinned;
    let order = Order { bundle: scope.bundle, tileset, chosen, at, filter: Arc::new(filter), canonical };
    if headers.contains_key(header::IF_NONE_MATCH)
        && let Some(held) = tag.none_match(headers, encoding)
    {
        return Ok(respond(StatusCode::NOT_MODIFIED, Some(held), pinned, Body::empty()));
    }
    let made = if let Some(made) = state.tiles().kept(&order, state.metrics()) {
        made
    } else {
        let shared = state.clone();
        let cost = state.tiles().tile_cost(&order);
        state.pool().run_as("make", cost, move || shared.tiles().made(&order, shared.metrics())).await?
    };
    let mut response = send(made.gzip.clone(), &tag, encoding, pinned)?;
    if let Ok(counts) = HeaderValue::try_from(format!("{}/{}", made.shown, made.total)) {
        response.headers_mut().insert(FEATURES, counts);
    }
    Ok(response)
}

/// Sends gzip as it is to who takes it, opened to who does not, and 204 where there is nothing.
fn send(gzip: Bytes, tag: &Tag, encoding: Encoding, pinned: bool) -> Result<Response, ApiError> {
    if gzip.is_empty() {
        return Ok(respond(StatusCode::NO_CONTENT, None, pinned, Body::empty()));
    }
    let etag = Some(tag.header(encoding));
    if encoding == Encoding::Gzip {
        let mut response = respond(StatusCode::OK, etag, pinned, Body::from(gzip));
        response.headers_mut().insert(header::CONTENT_ENCODING, GZIP);
        return Ok(response);
    }
    let opened = gzip::decompress(&gzip, MOST_TILE_BYTES).map_err(|e| ApiError::internal("opening a tile", e))?;
    Ok(respond(StatusCode::OK, etag, pinned, Body::from(opened)))
}

fn respond(status: StatusCode, etag: Option<HeaderValue>, pinned: bool, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(10);
    headers.insert(header::CACHE_CONTROL, if pinned { IMMUTABLE } else { NO_CACHE });
    headers.insert(header::VARY, BY_ENCODING);
    if let Some(etag) = etag {
        headers.insert(header::ETAG, etag);
    }
    if status == StatusCode::OK {
        headers.insert(header::CONTENT_TYPE, MVT);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(path: &str) -> u16 {
        parse(path).unwrap_err().status().as_u16()
    }

    #[test]
    fn a_path_is_a_tile_with_or_without_its_ending() {
        let (tileset, at) = parse("/tiles/actors/14/8000/5000.mvt").unwrap();
        assert_eq!((tileset, at), (Tileset::Actors, TileCoord::new(14, 8000, 5000).unwrap()));
        assert_eq!(parse("/tiles/boundaries/0/0/0").unwrap().1, TileCoord::ROOT);
    }

    #[test]
    fn what_is_no_number_is_400_and_what_is_not_there_is_404() {
        for path in [
            "/tiles/actors/a/0/0",
            "/tiles/actors/1/2/0",
            "/tiles/actors/1/0/-1",
            "/tiles/actors/1/0/0.pbf",
            "/tiles/actors/1/99999999999999999999/0",
            "/tiles/actors/1/0/1.5",
            "/tiles/actors/+1/0/0",
            "/tiles/actors/1/%30/0",
            "/tiles/actors/1/0/",
        ] {
            assert_eq!(status(path), 400, "{path}");
        }
        for path in [
            "/tiles/heat/15/0/0",
            "/tiles/actors/15/0/0",
            "/tiles/boundaries/13/0/0",
            "/tiles/../0/0/0",
            "/tiles/WebMercatorQuad/0/0/0",
            "/tiles/actors/300/0/0",
        ] {
            assert_eq!(status(path), 404, "{path}");
        }
    }
}
