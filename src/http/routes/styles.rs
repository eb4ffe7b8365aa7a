//! `/styles/{style}.json`: MapLibre styles, with the addresses of this service filled in.

use axum::response::Response;

use super::JSON;
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::params::cut;
use crate::http::router::Segments;
use crate::http::{assets, params};

/// `GET /styles/{style}.json`.
pub(crate) async fn one(asked: Asked, Segments(file): Segments<String>) -> Result<Response, ApiError> {
    let query = asked.params(&["edition"])?;
    let style = file.strip_suffix(".json").and_then(assets::style);
    let style = style.ok_or_else(|| {
        let names = assets::style_names().iter().map(|n| format!("{n}.json")).collect::<Vec<_>>().join(", ");
        ApiError::NotFound(format!("there is no style `{}`, only {names}", cut(&file)))
    })?;
    let scope = asked.scope(&query).await?;
    // Both are free of characters that JSON would escape: a checked host and path, an edition id.
    let filled = style.replace("{base}", &asked.base).replace("{edition}", &params::encode(scope.bundle.id().as_str()));
    Answer::new(asked, &scope, JSON).send(move || Ok(filled.into_bytes())).await
}
