//! `/oembed`: how to show a page of ours inside another (oEmbed 1.0, type `rich`).

use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::JSON;
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::html::{Lang, escape};
use crate::http::params::{Params, cut, encode};
use crate::http::state::Scope;

/// The size of a frame, in pixels, unless the consumer wants a smaller one.
const WIDTH: u64 = 800;
const HEIGHT: u64 = 500;
/// Below this there is no map to see.
const LEAST: u64 = 100;

/// `GET /oembed?url=&format=json&maxwidth=&maxheight=`.
pub(crate) async fn oembed(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["url", "format", "maxwidth", "maxheight"])?;
    match params.get("format") {
        None | Some("json") => {}
        Some(_) => return Err(ApiError::NotImplemented("`format`: this provider answers in json only".to_owned())),
    }
    let url =
        params.get("url").ok_or_else(|| ApiError::BadRequest("`url` is missing: a page of this service".to_owned()))?;
    let width = side(&params, "maxwidth", WIDTH)?;
    let height = side(&params, "maxheight", HEIGHT)?;
    let scope = asked.scope(&params).await?;
    let shown = Shown::of(&asked, &scope, url)?;
    let title = if shown.lang.is_fr() { &scope.bundle.manifest().title.fr } else { &scope.bundle.manifest().title.en };
    let what = if shown.lang.is_fr() { "Carte\u{a0}:" } else { "Map:" };
    let frame = format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{width}\" height=\"{height}\" style=\"border:0\" loading=\"lazy\" \
         allowfullscreen allow=\"geolocation; fullscreen\" referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>",
        escape(&shown.src),
        escape(&format!("{what} {}", shown.name)),
    );
    let body = json!({
        "version": "1.0",
        "type": "rich",
        "title": shown.name,
        "provider_name": title,
        "provider_url": format!("{}/", asked.base),
        "cache_age": 3600,
        "html": frame,
        "width": width,
        "height": height,
    });
    Answer::new(asked, &scope, JSON).send_json(move || Ok(body)).await
}

/// What a URL shows, and the map of it.
struct Shown {
    src: String,
    name: String,
    lang: Lang,
}

impl Shown {
    /// The map of a page: of the map itself with all that its address says, of a unit, an actor or an event.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for what is not a page of ours, of this host or of another.
    fn of(asked: &Asked, scope: &Scope, url: &str) -> Result<Self, ApiError> {
        let unknown =
            || ApiError::NotFound(format!("`url`: `{}` is not a page of this service that can be shown", cut(url)));
        // A proxy may speak http to us where people speak https.
        let bare = |text: &str| text.strip_prefix("https://").or(text.strip_prefix("http://")).map(str::to_owned);
        let own = bare(&asked.base).ok_or_else(unknown)?;
        let rest = bare(url).and_then(|u| u.strip_prefix(own.as_str()).map(str::to_owned)).ok_or_else(unknown)?;
        let (rest, hash) = rest.split_once('#').map_or((rest.as_str(), ""), |(rest, hash)| (rest, hash));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if rest.contains(|c: char| c.is_control() || c.is_whitespace() || "\"<>\\".contains(c)) {
            return Err(unknown());
        }
        let hash = if hash.is_empty() { String::new() } else { format!("#{hash}") };
        let lang = query.split('&').find_map(|pair| Lang::from_code(pair.strip_prefix("lang=")?)).unwrap_or(Lang::Fr);
        let snapshot = scope.bundle.snapshot();
        let manifest = scope.bundle.manifest();
        let at = |query: String, hash: &str| {
            let mark = if query.is_empty() { "" } else { "?" };
            format!("{}/embed/map{mark}{query}{hash}", asked.base)
        };
        if matches!(path, "/" | "" | "/embed/map") {
            let name = if lang.is_fr() { &manifest.title.fr } else { &manifest.title.en };
            return Ok(Self { src: at(query.to_owned(), &hash), name: name.clone(), lang });
        }
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (key, id) = match segments.as_slice() {
            ["collections", "actors" | "events", "items", id] => ("sel", *id),
            ["admin-units", id] | ["collections", _, "items", id] => ("unit", *id),
            _ => return Err(unknown()),
        };
        let id = percent_decode_str(id).decode_utf8().ok().ok_or_else(unknown)?;
        let (_, name) = snapshot.named(&id).ok_or_else(unknown)?;
        let name = name.to_owned();
        Ok(Self { src: at(format!("{key}={}&lang={}", encode(&id), lang.code()), ""), name, lang })
    }
}

/// A side that is at most what the consumer takes.
fn side(params: &Params, name: &str, wanted: u64) -> Result<u64, ApiError> {
    let Some(text) = params.get(name) else { return Ok(wanted) };
    match text.parse::<u64>() {
        Ok(most) if most >= LEAST => Ok(wanted.min(most)),
        _ => Err(ApiError::BadRequest(format!(
            "`{name}` must be a number of pixels, {LEAST} or more, not `{}`",
            cut(text)
        ))),
    }
}
