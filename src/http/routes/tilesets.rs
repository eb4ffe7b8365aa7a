//! `/tiles` and `/tiles/{tileset}`: what tiles there are, as TileJSON 3.0.

use axum::response::Response;
use parvis_model::Bbox;
use parvis_store::Manifest;
use parvis_tiles::{TileJson, Tileset};
use serde_json::{Value, json};

use super::{JSON, tiles::unknown};
use crate::http::answer::{Answer, Asked};
use crate::http::bundle::StoredTiles;
use crate::http::error::ApiError;
use crate::http::params::encode;
use crate::http::router::Segments;
use crate::http::state::Scope;

/// `GET /tiles`.
pub(crate) async fn list(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f"])?;
    params.format(&["json"])?;
    let scope = asked.scope(&params).await?;
    let tilesets: Vec<Value> = present(&scope)
        .map(|tileset| {
            let name = tileset.name();
            json!({
                "id": name,
                "minzoom": 0,
                "maxzoom": tileset.max_zoom(),
                "layers": tileset.vector_layers(&[]).into_iter().map(|l| l.id).collect::<Vec<_>>(),
                "links": [asked.link("self", JSON, &format!("/tiles/{name}"), "TileJSON")],
            })
        })
        .collect();
    let body = json!({
        "numberMatched": tilesets.len(),
        "numberReturned": tilesets.len(),
        "tilesets": tilesets,
        "links": [asked.link("self", JSON, "/tiles", "The tilesets")],
    });
    Answer::new(asked, &scope, JSON).send_json(move || Ok(body)).await
}

/// `GET /tiles/{tileset}`.
pub(crate) async fn one(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f"])?;
    params.format(&["json"])?;
    let tileset = Tileset::from_name(&name).ok_or_else(|| unknown(&name))?;
    let scope = asked.scope(&params).await?;
    if !present(&scope).any(|t| t == tileset) {
        return Err(ApiError::NotFound(format!("this edition has no tileset {name}")));
    }
    let described = tilejson(&asked, &scope, tileset);
    Answer::new(asked, &scope, JSON).send_json(move || Ok(described)).await
}

/// The tilesets that the edition has: those of boundaries only where it has an archive.
fn present(scope: &Scope) -> impl Iterator<Item = Tileset> {
    let boundaries = scope.bundle.boundaries().is_some();
    Tileset::ALL.into_iter().filter(move |t| boundaries || *t != Tileset::Boundaries)
}

fn tilejson(asked: &Asked, scope: &Scope, tileset: Tileset) -> Value {
    let manifest = scope.bundle.manifest();
    let edition = encode(manifest.id.as_str());
    let url = format!("{}/tiles/{}/{{z}}/{{x}}/{{y}}?edition={edition}", asked.base, tileset.name());
    let name = format!("{}: {}", manifest.title.fr, tileset.name());
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
    json!(described)
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
