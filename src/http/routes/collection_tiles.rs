//! `/collections/{collection}/tiles`: OGC API Tiles of one collection. Rows come before columns here.
//!
//! Spec: OGC 20-057 (OGC API - Tiles - Part 1: Core 1.0).

use axum::extract::{Request, State};
use axum::response::Response;
use parvis_model::{Collection, Crs};
use parvis_tiles::{Tileset, VectorLayer};
use serde_json::{Value, json};

use super::tile_matrix_sets::{self as grid, known};
use super::tilesets::bounds;
use super::{JSON, collection, tiles};
use crate::http::answer::Asked;
use crate::http::dynamic::Chosen;
use crate::http::error::ApiError;
use crate::http::filter::FILTER;
use crate::http::form::Form;
use crate::http::params::{Params, encode};
use crate::http::router::Segments;
use crate::http::state::{AppState, Scope};

/// What of OGC API Tiles these URLs and `/tiles` keep.
pub(crate) const CLASSES: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/collections-selection",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
];

/// The relation of a link to tilesets.
pub(crate) const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
/// Vector tiles.
pub(crate) const MVT: &str = "application/vnd.mapbox-vector-tile";

/// `GET /collections/{collection}/tiles`.
pub(crate) async fn list(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let (collection, scope, params, form) = asked_for(&asked, &name).await?;
    let path = format!("/collections/{collection}/tiles");
    let links = [asked.link("self", JSON, &format!("{path}/{}", grid::NAME), "This tileset"), scheme(&asked)];
    let item = tileset_json(collection.title(false), &links);
    let body =
        json!({ "tilesets": [item], "links": [asked.link("self", JSON, &path, "The tilesets of this collection")] });
    let title = collection.title(form.spoken.lang.is_fr());
    form.send(asked, &params, &scope, (JSON, title), move || Ok(body)).await
}

/// `GET /collections/{collection}/tiles/{tileMatrixSet}`.
pub(crate) async fn one(asked: Asked, Segments((name, set)): Segments<(String, String)>) -> Result<Response, ApiError> {
    let (collection, scope, params, form) = asked_for(&asked, &name).await?;
    known(&set)?;
    let body = describe(&asked, &scope, collection);
    let title = collection.title(form.spoken.lang.is_fr());
    form.send(asked, &params, &scope, (JSON, title), move || Ok(body)).await
}

/// `GET /collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}`.
pub(crate) async fn tile(State(state): State<AppState>, request: Request) -> Result<Response, ApiError> {
    let uri = request.uri();
    let path = state.options().without_base(uri.path());
    let mut segments = path.strip_prefix("/collections/").unwrap_or_default().split('/');
    let mut next = || segments.next().unwrap_or_default();
    let (name, _, set, z, row, col) = (next(), next(), next(), next(), next(), next());
    let collection = collection(name)?;
    known(set)?;
    let tileset = tileset_of(collection);
    let col = col.strip_suffix(".mvt").unwrap_or(col);
    let at = tiles::coord(tileset, [z, col, row])?;
    let mut names = vec!["edition", "f"];
    names.extend(FILTER);
    let params = Params::parse(uri.query(), &names)?;
    params.format(&["mvt"])?;
    let scope = state.scope(params.get("edition")).await?;
    present(&scope, collection)?;
    let chosen = if tileset == Tileset::Boundaries { Chosen::of([collection]) } else { Chosen::ALL };
    tiles::answer(&state, scope, (tileset, at), chosen, &params, request.headers()).await
}

/// Where the tiles of a collection come from.
const fn tileset_of(collection: Collection) -> Tileset {
    match collection {
        Collection::Actors => Tileset::Actors,
        Collection::Events => Tileset::Events,
        _ => Tileset::Boundaries,
    }
}

async fn asked_for(asked: &Asked, name: &str) -> Result<(Collection, Scope, Params, Form), ApiError> {
    let params = asked.params(&["edition", "f", "lang"])?;
    let form = Form::of(asked, &params)?;
    let collection = collection(name)?;
    let scope = asked.scope(&params).await?;
    present(&scope, collection)?;
    Ok((collection, scope, params, form))
}

fn present(scope: &Scope, collection: Collection) -> Result<(), ApiError> {
    if scope.bundle.snapshot().has(collection) {
        return Ok(());
    }
    Err(ApiError::NotFound(format!("this edition has no {collection}")))
}

/// The parts that lists and descriptions of tilesets share.
pub(super) fn tileset_json(title: &str, links: &[Value]) -> Value {
    json!({ "title": title, "dataType": "vector", "crs": grid::CRS, "tileMatrixSetURI": grid::URI, "links": links })
}

/// The link to the grid.
pub(super) fn scheme(asked: &Asked) -> Value {
    asked.link(grid::TILING_SCHEME, JSON, &format!("/tileMatrixSets/{}", grid::NAME), "The grid of the tiles")
}

/// The link to the tiles: a template.
pub(super) fn template(asked: &Asked, path: &str) -> Value {
    let mut link = asked.link("item", MVT, path, "The tiles");
    link["templated"] = true.into();
    link
}

/// The metadata of a collection's tileset (17-083r4, 8).
fn describe(asked: &Asked, scope: &Scope, collection: Collection) -> Value {
    let path = format!("/collections/{collection}");
    let tiles = format!("{path}/tiles/{}", grid::NAME);
    let edition = encode(scope.bundle.id().as_str());
    let links = [
        asked.link("self", JSON, &tiles, "This tileset"),
        scheme(asked),
        template(asked, &format!("{tiles}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?edition={edition}")),
        asked.link("http://www.opengis.net/def/rel/ogc/1.0/geodata", JSON, &path, "The collection"),
    ];
    let mut described = tileset_json(collection.title(false), &links);
    let tileset = tileset_of(collection);
    let layers = tileset.vector_layers(&[]).into_iter();
    let layers = layers.filter(|layer| tileset != Tileset::Boundaries || layer.id == collection.name());
    described["layers"] = layers.map(|l| layer_json(&l)).collect();
    described["tileMatrixSetLimits"] = (0..=tileset.max_zoom()).map(limits).collect();
    let [west, south, east, north] = bounds(scope.bundle.manifest());
    described["boundingBox"] =
        json!({ "lowerLeft": [west, south], "upperRight": [east, north], "crs": Crs::CRS84_URI });
    described["mediaTypes"] = json!([MVT]);
    if let Some(entry) = scope.bundle.manifest().collection(collection) {
        described["attribution"] = json!(entry.attribution);
        described["license"] = entry.licences.join(" AND ").into();
    }
    described
}

fn layer_json(layer: &VectorLayer) -> Value {
    let clustered = layer.id.ends_with("_clusters");
    let points = clustered || matches!(layer.id.as_str(), "actors" | "events");
    let fields = layer.fields.iter().map(|(name, what)| (name.clone(), json!({ "title": what })));
    let properties: serde_json::Map<String, Value> = fields.collect();
    json!({
        "id": layer.id,
        "title": layer.description,
        "dataType": "vector",
        "geometryDimension": if points { 0 } else { 2 },
        "minTileMatrix": layer.minzoom.to_string(),
        "maxTileMatrix": layer.maxzoom.to_string(),
        "propertiesSchema": { "type": "object", "properties": properties },
    })
}

fn limits(z: u8) -> Value {
    let last = (1u64 << z) - 1;
    json!({ "tileMatrix": z.to_string(), "minTileRow": 0, "maxTileRow": last, "minTileCol": 0, "maxTileCol": last })
}
