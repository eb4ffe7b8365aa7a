//! `/editions` and `/editions/{edition}`: what was published, when, and its files.

use axum::response::Response;
use parvis_store::{Edition, Manifest};
use serde_json::{Value, json};

use super::JSON;
use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::params::encode;
use crate::http::router::Segments;

/// `GET /editions`: newest first.
pub(crate) async fn list(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&Form::PARAMETERS)?;
    let form = Form::of(&asked, &params)?;
    let state = asked.state.clone();
    let read = move || state.data().editions().map_err(|e| ApiError::internal("listing editions", e));
    let manifests = asked.state.pool().run(read).await?;
    let current = asked.state.current();
    let current = current.as_ref().map(|b| b.id());
    let ids: Vec<&str> = manifests.iter().map(|m| m.id.as_str()).collect();
    let content = format!("{current:?} {}", ids.join(" "));
    let editions: Vec<Value> = manifests.iter().map(|m| summary(&asked, m, current == Some(&m.id))).collect();
    let body = json!({
        "links": [asked.link("self", JSON, "/editions", "The editions")],
        "numberMatched": editions.len(),
        "numberReturned": editions.len(),
        "editions": editions,
    });
    let title = form.spoken.lang.text().editions;
    form.send_fixed(asked, &params, &content, (JSON, title), move || Ok(body)).await
}

/// `GET /editions/{edition}`: the manifest, and an address for every download.
pub(crate) async fn one(asked: Asked, Segments(id): Segments<String>) -> Result<Response, ApiError> {
    let params = asked.params(&Form::PARAMETERS)?;
    let form = Form::of(&asked, &params)?;
    let edition = asked.state.published(&id).await?;
    let current = asked.state.current().is_some_and(|b| b.id() == edition.id());
    let body = manifest(&asked, &edition, current)?;
    form.send_fixed(asked, &params, &format!("{id} {current}"), (JSON, &id), move || Ok(body)).await
}

fn summary(asked: &Asked, manifest: &Manifest, current: bool) -> Value {
    let path = format!("/editions/{}", encode(manifest.id.as_str()));
    let rows: serde_json::Map<String, Value> =
        manifest.collections.iter().map(|(name, entry)| (name.clone(), entry.rows.into())).collect();
    json!({
        "id": manifest.id,
        "created": manifest.created.to_string(),
        "current": current,
        "parent": manifest.parent,
        "territory": manifest.territory,
        "title": manifest.title,
        "bbox": manifest.bbox,
        "rows": rows,
        "links": [asked.link("self", JSON, &path, "Its manifest")],
    })
}

fn manifest(asked: &Asked, edition: &Edition, current: bool) -> Result<Value, ApiError> {
    let manifest = edition.manifest();
    let path = format!("/editions/{}", encode(manifest.id.as_str()));
    let mut out = serde_json::to_value(manifest).map_err(|e| ApiError::internal("writing a manifest", e))?;
    let downloads: Vec<Value> = edition
        .downloads()
        .map(|part| {
            json!({
                "name": part.name,
                "ext": part.ext,
                "href": format!("{}{path}/{}.{}", asked.base, part.name, part.ext),
                "media_type": part.media_type,
                "bytes": part.bytes,
                "sha256": part.sha256,
            })
        })
        .collect();
    out["created"] = manifest.created.to_string().into();
    out["current"] = current.into();
    out["downloads"] = downloads.into();
    out["links"] =
        json!([asked.link("self", JSON, &path, "This manifest"), asked.link("up", JSON, "/editions", "The editions"),]);
    Ok(out)
}
