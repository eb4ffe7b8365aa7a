//! `/lookup`: the levels of a point.

use std::sync::Arc;

use axum::response::Response;
use parvis_model::LonLat;
use serde_json::{Value, json};

use super::{JSON, unit_json};
use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::form::Form;

/// `GET /lookup?lon=&lat=`.
pub(crate) async fn lookup(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["lon", "lat", "edition", "f", "lang"])?;
    let form = Form::of(&asked, &params)?;
    let missing = |name: &str| ApiError::BadRequest(format!("`{name}` is missing: degrees of WGS 84"));
    let lon = params.number("lon")?.ok_or_else(|| missing("lon"))?;
    let lat = params.number("lat")?.ok_or_else(|| missing("lat"))?;
    let at = LonLat::new(lon, lat)
        .ok_or_else(|| ApiError::BadRequest("`lon` must be in -180..180 and `lat` in -90..90".to_owned()))?;
    let scope = asked.scope(&params).await?;
    let bundle = Arc::clone(&scope.bundle);
    let find = move || {
        let units: Vec<Value> = bundle.snapshot().lookup(at).into_iter().map(unit_json).collect();
        Ok(json!({ "lon": lon, "lat": lat, "units": units }))
    };
    let title = format!("{lon}, {lat}");
    form.send(asked, &params, &scope, (JSON, &title), find).await
}
