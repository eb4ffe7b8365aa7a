//! The table of contents: every URL and who answers it.

use std::future::ready;

use axum::Router;
use axum::extract::{FromRequestParts, Path, Request};
use axum::middleware::{from_fn_with_state, map_request};
use axum::response::Redirect;
use axum::routing::get;
use http::Uri;
use http::request::Parts;
use serde::de::DeserializeOwned;
use tower_http::catch_panic::CatchPanicLayer;

use super::error::ApiError;
use super::layer::{outermost, panicked};
use super::routes::{
    api, assets, collection_tiles, collections, conformance, downloads, editions, export, facets, items, landing,
    lookup, lookup_table, oembed, ops, postcodes, schemas, search, site, styles, tile_matrix_sets, tiles, tilesets,
    units,
};
use super::state::AppState;

/// The pattern of every route, as counted, logged and described in the OpenAPI document.
pub const ROUTES: &[&str] = &[
    "/",
    "/conformance",
    "/api",
    "/collections",
    "/collections/{collection}",
    "/collections/{collection}/queryables",
    "/collections/{collection}/schema",
    "/collections/{collection}/sortables",
    "/collections/{collection}/items",
    "/collections/{collection}/items/{id}",
    "/collections/{collection}/facets",
    "/collections/{collection}/aggregate",
    "/collections/{collection}/export",
    "/collections/{collection}/tiles",
    "/collections/{collection}/tiles/{tileMatrixSet}",
    "/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
    "/tileMatrixSets",
    "/tileMatrixSets/{tileMatrixSet}",
    "/tiles",
    "/tiles/{tileset}",
    "/tiles/{tileset}/{z}/{x}/{y}",
    "/admin-units/{id}",
    "/admin-units/{id}/children",
    "/admin-units/{id}/ancestors",
    "/admin-units/{id}/neighbours",
    "/lookup",
    "/search",
    "/postcodes/{code}",
    "/styles/{style}",
    "/basemap/{z}/{x}/{y}",
    "/sprites/{file}",
    "/fonts/{*path}",
    "/assets/{*path}",
    "/editions",
    "/editions/{edition}",
    "/editions/{edition}/{file}",
    "/downloads/{file}",
    "/embed/map",
    "/oembed",
    "/accessibility",
    "/sitemap.xml",
    "/sitemap/{file}",
    "/robots.txt",
    "/favicon.svg",
    "/favicon.ico",
    "/health",
    "/ready",
    "/metrics",
];

/// The service, testable without a socket.
pub fn router(state: AppState) -> Router {
    let base = state.options().base_path.clone();
    let mut router = Router::new();
    for &pattern in ROUTES {
        router = router.route(&format!("{base}{pattern}"), handler(pattern));
    }
    if !base.is_empty() {
        let target = format!("{base}/");
        router = router.route(&base, get(move || async move { Redirect::permanent(&target) }));
    }
    let router = router
        .fallback(|| async { ApiError::NotFound("there is nothing at this URL; /api lists what there is".to_owned()) })
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), outermost))
        .with_state(state);
    if base.is_empty() {
        return router;
    }
    Router::new().fallback_service(router).layer(map_request(move |request: Request| ready(below(&base, request))))
}

/// Puts the base path before a path that has none: a proxy may take it off before it passes a request on.
fn below(base: &str, mut request: Request) -> Request {
    let uri = request.uri();
    let inside = uri.path().strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if inside {
        return request;
    }
    let mut parts = uri.clone().into_parts();
    let path = parts.path_and_query.as_ref().map_or("/", |path| path.as_str());
    parts.path_and_query = format!("{base}{path}").parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

fn handler(pattern: &str) -> axum::routing::MethodRouter<AppState> {
    match pattern {
        "/" => get(landing::landing),
        "/conformance" => get(conformance::conformance),
        "/api" => get(api::api),
        "/collections" => get(collections::list),
        "/collections/{collection}" => get(collections::one),
        "/collections/{collection}/queryables" => get(schemas::queryables),
        "/collections/{collection}/schema" => get(schemas::schema),
        "/collections/{collection}/sortables" => get(schemas::sortables),
        "/collections/{collection}/items" => get(items::list),
        "/collections/{collection}/items/{id}" => get(items::one),
        "/collections/{collection}/facets" => get(facets::facets),
        "/collections/{collection}/aggregate" => get(facets::aggregate),
        "/collections/{collection}/export" => get(export::export),
        "/collections/{collection}/tiles" => get(collection_tiles::list),
        "/collections/{collection}/tiles/{tileMatrixSet}" => get(collection_tiles::one),
        "/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}" => {
            get(collection_tiles::tile)
        }
        "/tileMatrixSets" => get(tile_matrix_sets::list),
        "/tileMatrixSets/{tileMatrixSet}" => get(tile_matrix_sets::one),
        "/tiles" => get(tilesets::list),
        "/tiles/{tileset}" => get(tilesets::one),
        "/tiles/{tileset}/{z}/{x}/{y}" => get(tiles::tile),
        "/admin-units/{id}" => get(units::one),
        "/admin-units/{id}/children" => get(units::children),
        "/admin-units/{id}/ancestors" => get(units::ancestors),
        "/admin-units/{id}/neighbours" => get(units::neighbours),
        "/lookup" => get(lookup::lookup).post(lookup_table::lookup),
        "/search" => get(search::search),
        "/postcodes/{code}" => get(postcodes::one),
        "/styles/{style}" => get(styles::one),
        "/basemap/{z}/{x}/{y}" => get(styles::basemap),
        "/sprites/{file}" => get(styles::sprite),
        "/fonts/{*path}" => get(assets::font),
        "/assets/{*path}" => get(assets::asset),
        "/editions" => get(editions::list),
        "/editions/{edition}" => get(editions::one),
        "/editions/{edition}/{file}" => get(downloads::dated),
        "/downloads/{file}" => get(downloads::current),
        "/embed/map" => get(landing::embed),
        "/oembed" => get(oembed::oembed),
        "/accessibility" => get(site::accessibility),
        "/sitemap.xml" => get(site::sitemap),
        "/sitemap/{file}" => get(site::sitemap_part),
        "/robots.txt" => get(site::robots),
        "/favicon.svg" | "/favicon.ico" => get(site::favicon),
        "/health" => get(ops::health),
        "/ready" => get(ops::ready),
        "/metrics" => get(ops::metrics),
        _ => get(|| async { ApiError::NotFound("this URL has no handler".to_owned()) }),
    }
}

/// The variable segments of a path, decoded; what is not UTF-8 is a 400 as any other.
#[derive(Debug)]
pub struct Segments<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Segments<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(segments)) => Ok(Self(segments)),
            Err(_) => Err(ApiError::BadRequest("the path is not UTF-8".to_owned())),
        }
    }
}
