//! `/`: the map for people, the OGC landing page for programs.

use axum::response::Response;
use http::HeaderName;
use parvis_model::{Collection, UnitId, themes};
use parvis_tiles::Tileset;
use serde_json::{Value, json};

use super::tilesets::{attributions, bounds};
use super::{HTML, JSON, collection_tiles, ogc, tile_matrix_sets};
use crate::http::answer::{Answer, Asked};
use crate::http::assets;
use crate::http::basemap::Basemap;
use crate::http::bundle::Bundle;
use crate::http::error::ApiError;
use crate::http::html::{CSP_HEADER, Landing, Lang, Page, Spoken, Text, escape, render, safe_json};
use crate::http::negotiate::{best_media, previews_links};
use crate::http::params::Params;
use crate::http::state::{Scope, ServeOptions};

/// What the page keeps in its own address: see `web/README.md`, Address. `/embed/map` takes the same.
pub(crate) const PAGE: [&str; 18] = [
    "lang", "scheme", "unit", "show", "theme", "kind", "q", "from", "to", "near", "radius", "view", "list", "sel",
    "layer", "areas", "sort", "e2e",
];

/// What an embed may be told besides: which controls it has. See `web/README.md`.
pub(crate) const EMBED: [&str; 10] =
    ["title", "search", "list", "filters", "legend", "time", "zoom", "fullscreen", "share", "wheel"];

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// `GET /`.
pub(crate) async fn landing(asked: Asked) -> Result<Response, ApiError> {
    let known = [&["f", "edition"][..], &PAGE[..]].concat();
    let params = asked.link_params(&known);
    let format = params.format(&["html", "json"])?;
    let json = match format {
        Some(format) => format == 1,
        None => wants_links(&asked, &params),
    };
    if json {
        asked.params(&known)?;
    }
    let scope = asked.scope(&params).await?;
    if json {
        let body = links(&asked, &scope.bundle);
        return Answer::new(asked, &scope, JSON).by_reader(format.is_none()).send_json(move || Ok(body)).await;
    }
    let page = map_page(&asked, &params, &scope);
    let (spoken, options) = (page.spoken(), asked.state.clone());
    let policy = options.options().map_policy(false);
    let answer = Answer::new(asked, &scope, HTML).by_reader(format.is_none()).page(spoken);
    answer.header(CSP_HEADER, &policy).send(move || map(&scope.bundle, page, options.options(), false)).await
}

/// Browsers name HTML; OGC clients often name nothing, or anything, and mean the links. Who makes a preview of a link names
/// as little: some are known, and a link to a view of the map has parameters that the links do not need.
fn wants_links(asked: &Asked, params: &Params) -> bool {
    const LINKS: &[&str] = &["application/json"];
    const MAP: &[&str] = &["text/html", "application/xhtml+xml"];
    if previews_links(&asked.headers) {
        return false;
    }
    let view = PAGE.iter().any(|name| *name != "lang" && params.given(name).is_some());
    if view { best_media(&asked.headers, &[MAP, LINKS]) == 1 } else { best_media(&asked.headers, &[LINKS, MAP]) == 0 }
}

/// `GET /embed/map`: the same map for the pages of others, who may frame it.
pub(crate) async fn embed(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.link_params(&[&["edition"][..], &PAGE[..], &EMBED[..]].concat());
    let scope = asked.scope(&params).await?;
    let mut page = map_page(&asked, &params, &scope);
    page.listed = false;
    page.embeds = false;
    let spoken = page.spoken();
    let options = asked.state.clone();
    let policy = options.options().map_policy(true);
    let answer = Answer::new(asked, &scope, HTML).page(spoken).header(CSP_HEADER, &policy);
    answer.header(ROBOTS, "noindex").send(move || map(&scope.bundle, page, options.options(), true)).await
}

/// What the address tells of the map; what it holds that no map knows is left to the page, which opens its default.
fn map_page(asked: &Asked, params: &Params, scope: &Scope) -> Page {
    let spoken = Spoken::leniently(&asked.headers, params);
    let mut page = Page::new(asked, params, spoken, "").of(scope.bundle.manifest());
    page.embeds = true;
    page
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
            asked.link(collection_tiles::TILESETS, JSON, "/tiles", "The tilesets"),
            asked.link(tile_matrix_sets::TILING_SCHEMES, JSON, "/tileMatrixSets", "The grids of tiles"),
            asked.link("related", JSON, "/editions", "The editions, with dated downloads"),
        ],
    })
}

/// The page of the front-end with its comments filled in; the plain page where the program was built without it.
fn map(bundle: &Bundle, page: Page, options: &ServeOptions, embedded: bool) -> Result<Vec<u8>, ApiError> {
    let plain = Landing::new(page, bundle.snapshot());
    let Some(index) = assets::web("index.html") else { return render(&plain) };
    let [head, body] = plain.parts()?;
    let page = plain.page();
    let (root, code) = (escape(&page.root), page.lang.code());
    let config = safe_json(&config(bundle, page, options, embedded));
    let css = format!("<noscript><link rel=\"stylesheet\" href=\"{}\"></noscript>", escape(&page.css()));
    // After the stylesheets of the page, whose tokens it sets anew.
    let look =
        page.look().map_or_else(String::new, |look| format!("<link rel=\"stylesheet\" href=\"{}\">", escape(&look)));
    let filled = String::from_utf8_lossy(&index.bytes)
        .replace("<html lang=\"fr\">", &format!("<html lang=\"{code}\">"))
        .replace("<!--parvis:base-->", &format!("<base href=\"{root}/\">"))
        .replace("<!--parvis:title-->", &escape(&page.title))
        .replace("<!--parvis:head-->", &format!("{head}\n{css}"))
        .replace(
            "<!--parvis:config-->",
            &format!("<script type=\"application/json\" id=\"parvis-config\">{config}</script>"),
        )
        .replacen("</head>", &format!("{look}</head>"), 1)
        .replace("<!--parvis:plain-->", &body);
    Ok(filled.into_bytes())
}

/// What the page knows before its first request: see `web/src/config.ts`.
fn config(bundle: &Bundle, page: &Page, options: &ServeOptions, embedded: bool) -> Value {
    let manifest = bundle.manifest();
    let themes: Vec<Value> = themes()
        .iter()
        .map(|t| json!({"code": t.code, "label": {"fr": t.fr, "en": t.en}, "colour": t.colour, "icon": t.icon}))
        .collect();
    let counts: serde_json::Map<String, Value> =
        manifest.collections.iter().map(|(name, entry)| (name.clone(), entry.rows.into())).collect();
    let basemap = match &options.basemap {
        Some(Basemap::Style { url, .. }) => Some(url),
        _ => None,
    };
    let title = |lang: Lang| {
        let own = if lang.is_fr() { &manifest.title.fr } else { &manifest.title.en };
        options.look.title(lang).unwrap_or(own)
    };
    let own = |said: &dyn Fn(&Text) -> Value| {
        let both = || json!({ "fr": said(options.look.text(Lang::Fr)), "en": said(options.look.text(Lang::En)) });
        (!options.look.is_ours()).then(both)
    };
    let interval = manifest.collection(Collection::Events).and_then(|entry| entry.interval);
    json!({
        "edition": manifest.id,
        "title": { "fr": title(Lang::Fr), "en": title(Lang::En) },
        "lang": page.lang.code(),
        "bounds": bounds(manifest),
        "start": manifest.start,
        "perimeter": home(bundle, options.perimeter.as_ref()),
        "interval": interval.map(|i| i.map(|t| t.to_string())),
        "tilesets": Tileset::ALL.map(Tileset::name),
        "example": manifest.sources.iter().any(|s| s.example),
        "themes": themes,
        "attribution": attributions(manifest),
        "counts": counts,
        "styles": assets::style_names(),
        "embed": embedded,
        "basemap": basemap,
        "logo": page.has_logo.then(|| page.file("/favicon.svg")),
        "tagline": own(&|text| text.tagline.into()),
        "nouns": own(&|text| json!({
            "actor": text.actor, "actors": text.actors, "event": text.event, "events": text.events,
        })),
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
