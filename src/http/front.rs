//! Before the router: the one request that is most of all requests.
//!
//! A map asks for stored tiles by the dozen, always in the same way: GET, gzip accepted, no condition. Such a request
//! is answered here from the mapped archive, without route matching, extractors or layers; everything else, every
//! refusal included, is the router's. What is sent is the same to the byte.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::response::Response;
use axum::routing::future::RouteFuture;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use parvis_model::TileCoord;
use parvis_tiles::tilejson::MAX_BOUNDARY_ZOOM;
use tower::Service;

use super::answer::{IMMUTABLE, NO_CACHE};
use super::layer;
use super::negotiate::{Encoding, accepts_gzip};
use super::router::router;
use super::routes::tiles;
use super::state::AppState;

/// The route that these requests count as.
const ROUTE: &str = "/tiles/{tileset}/{z}/{x}/{y}";

/// The service as it stands on a socket.
#[derive(Debug, Clone)]
pub struct Front {
    state: AppState,
    router: Router,
}

impl Front {
    /// The service over a state.
    pub fn new(state: AppState) -> Self {
        Self { router: router(state.clone()), state }
    }
}

impl<B> Service<Request<B>> for Front
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match stored(&self.state, &request) {
            Some(response) => Answering::Ready(Some(response)),
            None => Answering::Routed(Box::pin(self.router.call(request))),
        }
    }
}

/// An answer that is there, or one that the router makes.
pub enum Answering {
    /// There.
    Ready(Option<Response>),
    /// In the making.
    Routed(Pin<Box<RouteFuture<Infallible>>>),
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Ready(response) => response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response))),
            Self::Routed(routed) => routed.as_mut().poll(context),
        }
    }
}

/// The answer to the most common request; `None` for every other.
fn stored<B>(state: &AppState, request: &Request<B>) -> Option<Response> {
    let started = Instant::now();
    let (uri, headers) = (request.uri(), request.headers());
    if request.method() != Method::GET || headers.contains_key(header::IF_NONE_MATCH) || !accepts_gzip(headers) {
        return None;
    }
    let path = state.options().without_base(uri.path()).strip_prefix("/tiles/boundaries/")?;
    let at = coord(path)?;
    let bundle = state.current()?;
    let pinned = match uri.query() {
        None => false,
        Some(query) => {
            // A letter of the id may be encoded, which is for the router to see.
            if query.strip_prefix("edition=")? != bundle.id().as_str() {
                return None;
            }
            true
        }
    };
    layer::check(request).ok()?;
    let tiles = bundle.boundaries()?;
    let bytes = tiles.get(at);
    if bytes.is_empty() {
        return None;
    }
    let etag = tiles::stored_tag(tiles, at).header(Encoding::Gzip);
    let length = bytes.len() as u64;
    let mut response = Response::new(Body::from(bytes));
    *response.headers_mut() = fields(pinned).clone();
    response.headers_mut().insert(header::ETAG, etag);
    state.metrics().count(ROUTE, StatusCode::OK, started.elapsed(), length);
    Some(response)
}

/// `{z}/{x}/{y}`, perhaps with `.mvt`, in the grid; `None` for anything else, for the router to refuse.
fn coord(path: &str) -> Option<TileCoord> {
    let mut numbers = path.strip_suffix(".mvt").unwrap_or(path).split('/').map(|segment| {
        let digits = !segment.is_empty() && segment.len() < 10 && segment.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| segment.bytes().fold(0, |number, b| number * 10 + u32::from(b - b'0')))
    });
    let (z, x, y) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let z = u8::try_from(z).ok().filter(|z| *z <= MAX_BOUNDARY_ZOOM)?;
    if numbers.next().is_some() { None } else { TileCoord::new(z, x, y).ok() }
}

/// The header fields of every such answer but its entity tag.
fn fields(pinned: bool) -> &'static HeaderMap {
    static FIELDS: OnceLock<[HeaderMap; 2]> = OnceLock::new();
    let of = |cache: HeaderValue| {
        let mut fields = HeaderMap::with_capacity(12);
        fields.insert(header::CACHE_CONTROL, cache);
        fields.insert(header::VARY, tiles::BY_ENCODING);
        fields.insert(header::CONTENT_TYPE, tiles::MVT);
        fields.insert(header::CONTENT_ENCODING, tiles::GZIP);
        layer::every(&mut fields);
        fields
    };
    &FIELDS.get_or_init(|| [of(NO_CACHE), of(IMMUTABLE)])[usize::from(pinned)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_in_the_grid_are_a_tile() {
        assert_eq!(coord("0/0/0"), Some(TileCoord::ROOT));
        assert_eq!(coord("12/4095/4095.mvt"), TileCoord::new(12, 4095, 4095).ok());
        for other in
            ["", "0/0", "0/0/0/0", "13/0/0", "1/2/0", "+1/0/0", "1/0/", "1/0/0.pbf", "1/0/99999999999", "a/0/0"]
        {
            assert_eq!(coord(other), None, "{other}");
        }
    }
}
