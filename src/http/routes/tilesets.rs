//! `/tiles` and `/tiles/{tileset}`: what tiles there are, as TileJSON 3.0.

use axum::response::Response;
use parvis_model::{Bbox, Collection};
use parvis_store::Manifest;
use parvis_tiles::{TileJson, Tileset, heat};
use serde_json::{Value, json};

use super::JSON;
use super::collection_tiles::{scheme, template, tileset_json};
use super::tiles::{chosen, unknown};
use crate::http::answer::Asked;
use crate::http::bundle::StoredTiles;
use crate::http::dynamic::Chosen;
use crate::http::error::ApiError;
use crate::http::filter::{self, FILTER};
use crate::http::form::Form;
use crate::http::params::{Params, encode};
use crate::http::router::Segments;
use crate::http::state::Scope;

/// `GET /tiles`.
pub(crate) async fn list(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f", "lang"])?;
    let form = Form::of(&asked, &params)?;
    let scope = asked.scope(&params).await?;
    let tilesets: Vec<Value> = present(&scope)
        .map(|tileset| {
            let name = tileset.name();
            let links = [asked.link("self", JSON, &format!("/tiles/{name}"), "TileJSON"), scheme(&asked)];
            let mut item = tileset_json(&title(&scope, tileset), &links);
            item["id"] = name.into();
            item["minzoom"] = 0.into();
            item["maxzoom"] = tileset.max_zoom().into();
            item["layers"] = tileset.vector_layers(&[]).into_iter().map(|l| l.id).collect();
            item
        })
        .collect();
    let body = json!({
        "numberMatched": tilesets.len(),
        "numberReturned": tilesets.len(),
        "tilesets": tilesets,
        "links": [asked.link("self", JSON, "/tiles", "The tilesets")],
    });
    let title = if form.spoken.lang.is_fr() { "Jeux de tuiles" } else { "Tilesets" };
    form.send(asked, &params, &scope, (JSON, title), move || Ok(body)).await
}

/// `GET /tiles/{tileset}`.
pub(crate) async fn one(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let mut known = vec!["edition", "f", "lang", "collections"];
    known.extend(FILTER);
    let params = asked.params(&known)?;
    let form = Form::of(&asked, &params)?;
    let tileset = Tileset::from_name(&name).ok_or_else(|| unknown(&name))?;
    let scope = asked.scope(&params).await?;
    if !present(&scope).any(|t| t == tileset) {
        return Err(ApiError::NotFound(format!("this edition has no tileset {name}")));
    }
    let described = tilejson(&asked, &scope, tileset, &params)?;
    form.send(asked, &params, &scope, (JSON, tileset.name()), move || Ok(described)).await
}

/// The tilesets that the edition has: those of boundaries only where it has an archive.
fn present(scope: &Scope) -> impl Iterator<Item = Tileset> {
    let boundaries = scope.bundle.boundaries().is_some();
    Tileset::ALL.into_iter().filter(move |t| boundaries || *t != Tileset::Boundaries)
}

fn title(scope: &Scope, tileset: Tileset) -> String {
    format!("{}: {}", scope.bundle.manifest().title.fr, tileset.name())
}

/// TileJSON, which is a tileset of OGC API Tiles too: neither knows the other's members. The collections and the filter of the
/// request are those of the tiles.
fn tilejson(asked: &Asked, scope: &Scope, tileset: Tileset, params: &Params) -> Result<Value, ApiError> {
    filter::read(params, asked.state.crs())?;
    let chosen = chosen(params)?;
    let manifest = scope.bundle.manifest();
    let mut query = format!("?edition={}", encode(manifest.id.as_str()));
    let narrowed = params.without(&["edition", "f"]);
    if !narrowed.is_empty() {
        query = format!("{query}&{narrowed}");
    }
    let path = format!("/tiles/{}", tileset.name());
    let url = format!("{}{path}/{{z}}/{{x}}/{{y}}{query}", asked.base);
    let name = title(scope, tileset);
    let start = manifest.start;
    let bounds = bounds(manifest);
    let languages = scope.bundle.boundaries().map_or_else(Vec::new, StoredTiles::languages);
    let described = TileJson::new(
        (tileset, &languages),
        &name,
        &attribution(manifest),
        &url,
        bounds,
        [start.lon, start.lat, start.zoom],
    );
    let mut described = json!(described);
    if let Some(layers) = described["vector_layers"].as_array_mut() {
        layers.retain(|layer| layer["id"].as_str().is_some_and(|id| has_layer(&chosen, id)));
    }
    let links = [
        asked.link("self", JSON, &path, "This tileset"),
        scheme(asked),
        template(asked, &format!("{path}/{{tileMatrix}}/{{tileCol}}/{{tileRow}}{query}")),
    ];
    if let (Value::Object(to), Value::Object(from)) = (&mut described, tileset_json(&name, &links)) {
        to.extend(from);
    }
    Ok(described)
}

/// Whether a tile of these collections has a layer.
fn has_layer(chosen: &Chosen, layer: &str) -> bool {
    let has = |of| chosen.place(of).is_some();
    match layer {
        heat::LAYER => has(Collection::Actors) || has(Collection::Events),
        "actor_clusters" => has(Collection::Actors),
        "event_clusters" => has(Collection::Events),
        _ => Collection::from_name(layer).map_or(chosen.is_all(), has),
    }
}

/// The box of everything, inside what Web Mercator shows.
pub(super) fn bounds(manifest: &Manifest) -> [f64; 4] {
    let [w, s, e, n] = manifest.bbox.unwrap_or(Bbox::WORLD).to_array();
    let most = parvis_model::space::MAX_LATITUDE;
    // TileJSON knows no antimeridian: a box that crosses it is as wide as the world.
    let (w, e) = if w > e { (-180.0, 180.0) } else { (w, e) };
    [w, s.clamp(-most, most), e, n.clamp(-most, most)]
}

/// Producer, date and licence of every source, each once.
pub(crate) fn attributions(manifest: &Manifest) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for source in &manifest.sources {
        let line = source.attribution();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// As HTML, which maps show as such: nothing of it is markup.
fn attribution(manifest: &Manifest) -> String {
    crate::http::html::escape(&attributions(manifest).join(" · "))
}
