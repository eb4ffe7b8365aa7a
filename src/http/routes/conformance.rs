//! `/conformance`: what of the OGC standards the service keeps, and nothing beyond.

use axum::response::Response;
use serde_json::json;

use super::JSON;
use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::form::Form;

/// The conformance classes.
pub(crate) const CLASSES: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
];

/// `GET /conformance`.
pub(crate) async fn conformance(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&Form::PARAMETERS)?;
    let form = Form::of(&asked, &params)?;
    let title = form.spoken.lang.text().conformance;
    form.send_fixed(asked, &params, "conformance", (JSON, title), || Ok(json!({ "conformsTo": CLASSES }))).await
}
