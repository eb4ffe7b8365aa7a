//! `/styles/{style}.json`: MapLibre styles, with the addresses of this service filled in; what they draw with.

use axum::response::Response;
use parvis_model::TileCoord;

use super::{JSON, tiles};
use crate::http::answer::{Answer, Asked};
use crate::http::basemap::Basemap;
use crate::http::error::ApiError;
use crate::http::params::cut;
use crate::http::router::Segments;
use crate::http::{assets, params};

/// `GET /styles/{style}.json`.
pub(crate) async fn one(asked: Asked, Segments(file): Segments<String>) -> Result<Response, ApiError> {
    let query = asked.params(&["edition"])?;
    if let Some(ground) = assets::ground().filter(|ground| ground.path == file) {
        let scope = asked.scope(&query).await?;
        let answer = Answer::new(asked, &scope, ground.media).variant(&ground.hash);
        let none = || ApiError::Internal("the ground of the program is no GeoJSON".to_owned());
        return answer.send(move || scope.bundle.ground().map(Into::into).ok_or_else(none)).await;
    }
    let style = file.strip_suffix(".json").and_then(assets::style);
    let style = style.ok_or_else(|| {
        let names = assets::style_names().iter().map(|n| format!("{n}.json")).collect::<Vec<_>>().join(", ");
        ApiError::NotFound(format!("there is no style `{}`, only {names}", cut(&file)))
    })?;
    let scope = asked.scope(&query).await?;
    // Both are free of characters that JSON would escape: a checked host and path, an edition id.
    let filled = style.replace("{base}", &asked.base).replace("{edition}", &params::encode(scope.bundle.id().as_str()));
    let base = asked.base.clone();
    let Some(basemap) = asked.state.options().basemap.clone() else {
        return Answer::new(asked, &scope, JSON).send(move || Ok(filled.into_bytes())).await;
    };
    let answer = Answer::new(asked, &scope, JSON).variant(basemap.tag());
    let lay = move || {
        let mut style = serde_json::from_str(&filled).map_err(|e| ApiError::internal("reading a style", e))?;
        basemap.lay_under(&mut style, &base);
        Ok(style)
    };
    answer.send_json(lay).await
}

/// `GET /basemap/{z}/{x}/{y}`: a tile of the operator's basemap.
pub(crate) async fn basemap(
    asked: Asked,
    Segments((z, x, y)): Segments<(String, String, String)>,
) -> Result<Response, ApiError> {
    asked.params(&["v"])?;
    let [z, x, y] = [tiles::number(&z)?, tiles::number(&x)?, tiles::number(&y)?];
    let none = || ApiError::NotFound("this service has no basemap of its own there".to_owned());
    let deepest = asked.state.options().basemap.as_ref().map(Basemap::max_zoom);
    let z = u8::try_from(z).ok().filter(|z| deepest.is_some_and(|deepest| *z <= deepest)).ok_or_else(none)?;
    let at = TileCoord::new(z, x, y).map_err(|e| ApiError::BadRequest(e.to_string()))?;
    let basemap = asked.state.options().basemap.clone().ok_or_else(none)?;
    tiles::plain(basemap.tile(at), basemap.tag(), at, &asked.headers)
}

/// `GET /sprites/{file}`: the sprite of the styles, `parvis` at one and two pixels a point.
pub(crate) async fn sprite(asked: Asked, Segments(file): Segments<String>) -> Result<Response, ApiError> {
    asked.params(&[])?;
    let unknown = || ApiError::NotFound("there are only parvis and parvis@2x, as .json and .png".to_owned());
    let asset = assets::sprite(&file).ok_or_else(unknown)?;
    Ok(Answer::fixed(asked, asset.media, &asset.hash).send_file(asset.bytes))
}
