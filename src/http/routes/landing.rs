//! `/`: the map for people, the OGC landing page for programs.

use axum::response::Response;
use parvis_model::{Collection, UnitId, themes};
use parvis_tiles::Tileset;
use serde_json::{Value, json};

use super::page::{CSP, CSP_HEADER, escape, page};
use super::tilesets::{attributions, bounds};
use super::{GEOJSON, HTML, JSON, ogc};
use crate::http::answer::{Answer, Asked};
use crate::http::assets;
use crate::http::bundle::Bundle;
use crate::http::error::ApiError;
use crate::http::negotiate::best_media;
use crate::http::params::Params;

/// What the page keeps in its own address: see `web/README.md`, Address. `/embed/map` takes the same.
pub(crate) const PAGE: [&str; 17] = [
    "lang", "scheme", "unit", "show", "theme", "kind", "q", "from", "to", "near", "radius", "view", "list", "sel",
    "layer", "areas", "e2e",
];

/// `GET /`.
pub(crate) async fn landing(asked: Asked) -> Result<Response, ApiError> {
    let (params, format) = read(&asked)?;
    let json = match format {
        Some(format) => format == 1,
        None => best_media(&asked.headers, &[&["text/html", "application/xhtml+xml"], &["application/json"]]) == 1,
    };
    let scope = asked.scope(&params).await?;
    if json {
        let body = links(&asked, &scope.bundle);
        return Answer::new(asked, &scope, JSON).by_accept(format.is_none()).send_json(move || Ok(body)).await;
    }
    let base_path = asked.state.options().base_path.clone();
    let perimeter = asked.state.options().perimeter.clone();
    let answer = Answer::new(asked, &scope, HTML).by_accept(format.is_none()).header(CSP_HEADER, CSP);
    answer.send(move || Ok(html(&scope.bundle, &base_path, perimeter.as_ref()).into_bytes())).await
}

fn read(asked: &Asked) -> Result<(Params, Option<usize>), ApiError> {
    let mut known = vec!["f", "edition"];
    known.extend(PAGE);
    let params = asked.params(&known)?;
    let format = params.format(&["html", "json"])?;
    Ok((params, format))
}

fn links(asked: &Asked, bundle: &Bundle) -> Value {
    let manifest = bundle.manifest();
    let openapi = super::api::OPENAPI;
    json!({
        "title": manifest.title.en,
        "description": format!("Open data of {}: boundaries, actors and events as tiles, GeoJSON and downloads.", manifest.title.en),
        "attribution": attributions(manifest).join(" · "),
        "edition": manifest.id,
        "links": [
            asked.link("self", JSON, "/?f=json", "This document"),
            asked.link("alternate", "text/html", "/?f=html", "The map"),
            asked.link("service-desc", openapi, "/api?f=json", "The API, OpenAPI 3.0"),
            asked.link("service-doc", "text/html", "/api?f=html", "The API, for people"),
            asked.link("conformance", JSON, "/conformance", "The standards that are kept"),
            asked.link(&ogc("conformance"), JSON, "/conformance", "The standards that are kept"),
            asked.link("data", JSON, "/collections", "The collections"),
            asked.link(&ogc("data"), JSON, "/collections", "The collections"),
            asked.link("related", JSON, "/tiles", "The tilesets"),
            asked.link("related", JSON, "/editions", "The editions, with dated downloads"),
        ],
    })
}

/// The page of the front-end with its three comments filled in; a plain list where the program was built without it.
fn html(bundle: &Bundle, base_path: &str, perimeter: Option<&UnitId>) -> String {
    let title = &bundle.manifest().title.fr;
    let Some(index) = assets::web("index.html") else { return plain(bundle) };
    let config = config(bundle, perimeter).to_string().replace('<', "\\u003c");
    let config = format!("<script type=\"application/json\" id=\"parvis-config\">{config}</script>");
    String::from_utf8_lossy(&index.bytes)
        .replace("<!--parvis:base-->", &format!("<base href=\"{base_path}/\">"))
        .replace("<!--parvis:title-->", &escape(title))
        .replace("<!--parvis:config-->", &config)
}

/// What the page knows before its first request: see `web/src/config.ts`.
fn config(bundle: &Bundle, perimeter: Option<&UnitId>) -> Value {
    let manifest = bundle.manifest();
    let themes: Vec<Value> = themes()
        .iter()
        .map(|t| json!({"code": t.code, "label": {"fr": t.fr, "en": t.en}, "colour": t.colour, "icon": t.icon}))
        .collect();
    let counts: serde_json::Map<String, Value> =
        manifest.collections.iter().map(|(name, entry)| (name.clone(), entry.rows.into())).collect();
    json!({
        "edition": manifest.id,
        "title": manifest.title,
        "bounds": bounds(manifest),
        "start": manifest.start,
        "perimeter": home(bundle, perimeter),
        "interval": manifest.collection(Collection::Events).and_then(|entry| entry.interval).map(|i| i.map(|t| t.to_string())),
        "tilesets": Tileset::ALL.map(Tileset::name),
        "example": manifest.sources.iter().any(|s| s.example),
        "themes": themes,
        "attribution": attributions(manifest),
        "counts": counts,
        "styles": assets::style_names(),
    })
}

/// The unit that the page opens with. Where none is configured it is the one that holds the most, or the first below it
/// that has parts to tell apart: `whole` then says that nothing must be left out for it.
fn home(bundle: &Bundle, configured: Option<&UnitId>) -> Option<Value> {
    let units = bundle.snapshot().units();
    if let Some(unit) = configured.and_then(|id| units.by_id(id)) {
        return Some(json!({ "id": unit.id, "whole": false }));
    }
    let roots = units.records().iter().filter(|unit| unit.parent.is_none());
    let mut unit = roots.max_by_key(|unit| unit.subtree_end - unit.number)?;
    while let [only] = units.children(unit)[..] {
        unit = only;
    }
    Some(json!({ "id": unit.id, "whole": true }))
}

fn plain(bundle: &Bundle) -> String {
    let row = |c: Collection| {
        let name = c.name();
        let rows = bundle.snapshot().rows(c);
        format!(
            "<tr><td>{}</td><td>{rows}</td><td><a href=\"collections/{name}/items?f=json\" type=\"{GEOJSON}\">items</a></td>\
             <td><a href=\"downloads/{name}.csv\">CSV</a> <a href=\"downloads/{name}.geojson\">GeoJSON</a></td></tr>",
            c.title(false)
        )
    };
    let rows: String = Collection::ALL.into_iter().filter(|c| bundle.snapshot().has(*c)).map(row).collect();
    let body = format!(
        "<p>This program was built without its map page. The data are here: <a href=\"api?f=html\">API</a>.</p><table>{rows}</table>"
    );
    page(&bundle.manifest().title.en, &body)
}
