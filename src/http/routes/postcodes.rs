//! `/postcodes/{code}`: every municipality of a postal code, also of a CEDEX code.

use axum::response::Response;
use parvis_store::UnitRecord;
use serde_json::{Value, json};

use super::{JSON, unit_json};
use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::params::cut;
use crate::http::router::Segments;

/// `GET /postcodes/{code}`.
pub(crate) async fn one(asked: Asked, Segments(code): Segments<String>) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f", "lang"])?;
    let form = Form::of(&asked, &params)?;
    let scope = asked.scope(&params).await?;
    let found = scope.bundle.snapshot().postcode(&code);
    if found.is_empty() {
        return Err(ApiError::NotFound(format!("no municipality has the postal code `{}`", cut(&code))));
    }
    let title = format!("{} {code}", form.spoken.lang.text().postcode);
    // A CEDEX code is known by addresses alone: no municipality has it among its own.
    let own = |unit: &&UnitRecord| unit.postcodes.is_empty() || unit.postcodes.iter().any(|own| **own == *code);
    let cedex = !found.iter().any(own);
    let units: Vec<Value> = found.into_iter().map(unit_json).collect();
    let body = json!({
        "postcode": code,
        "cedex": cedex,
        "numberMatched": units.len(),
        "numberReturned": units.len(),
        "municipalities": units,
    });
    form.send(asked, &params, &scope, (JSON, &title), move || Ok(body)).await
}
