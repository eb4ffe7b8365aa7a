//! `/admin-units/{id}`: one unit and its family.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use parvis_model::{AdminLevel, Bbox, CountryRules, UnitId, UnitIssue};
use parvis_store::{Snapshot, UnitRecord};
use serde_json::{Value, json};

use super::{GEOJSON, HTML, JSON, unit_json};
use crate::http::answer::{Answer, Asked, NO_CACHE};
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::html::{self, CSP, CSP_HEADER, Spoken};
use crate::http::params::{Params, cut, encode};
use crate::http::router::Segments;

/// A unit that was asked for, or where it went.
enum Found {
    /// Its number in the table.
    Here(u32),
    /// The id that stands for the one asked.
    Moved(UnitId),
}

/// `GET /admin-units/{id}`: a GeoJSON Feature; with `include=quality` also how far its boundary can be trusted.
pub(crate) async fn one(asked: Asked, Segments(id): Segments<String>) -> Result<Response, ApiError> {
    let format = |params: &Params| params.format(&["json", "html"]);
    let is_page = |params: &Params| Ok(html::is_page(&asked.headers, format(params)?));
    let params = asked.params_or_page(&["edition", "f", "include", "lang"], is_page)?;
    let (format, html) = (format(&params)?, is_page(&params)?);
    let spoken = Spoken::of(&asked.headers, &params)?;
    if let Some(other) = params.list("include").find(|i| *i != "quality") {
        return Err(ApiError::BadRequest(format!("include: `{}` is none of: quality", cut(other))));
    }
    let include_quality = params.list("include").next().is_some();
    let scope = asked.scope(&params).await?;
    let number = match find(scope.bundle.snapshot(), &id)? {
        Found::Here(number) => number,
        Found::Moved(to) => return Ok(moved(&asked, &params, &to, "")),
    };
    let path = format!("/admin-units/{}", encode(&id));
    let links = json!([
        asked.link("self", GEOJSON, &path, "This unit"),
        asked.link("alternate", "text/html", &format!("{path}?f=html"), "This unit as html"),
        asked.link("children", JSON, &format!("{path}/children"), "The units below"),
        asked.link("ancestors", JSON, &format!("{path}/ancestors"), "The units above"),
        asked.link("neighbours", JSON, &format!("{path}/neighbours"), "The units beside"),
    ]);
    if html {
        let page = html::item_page(&asked, &params, &scope, spoken, &format!("{path}?f=json"));
        let answer = Answer::new(asked, &scope, HTML).by_reader(format.is_none()).page(spoken).header(CSP_HEADER, CSP);
        return answer.send(move || html::unit(page, scope.bundle.snapshot(), number)).await;
    }
    let answer = Answer::new(asked, &scope, GEOJSON).by_reader(format.is_none());
    let feature = move || {
        let snapshot = scope.bundle.snapshot();
        let Some(unit) = snapshot.units().get(number) else {
            return Err(ApiError::Internal("a unit vanished from its table".to_owned()));
        };
        let feature = snapshot.geojson(unit.level.collection(), unit.row);
        if include_quality {
            return Ok(with_member(&with_member(feature, "quality", &quality(snapshot, unit)), "links", &links));
        }
        Ok(with_member(feature, "links", &links))
    };
    answer.send(feature).await
}

/// `GET /admin-units/{id}/children`: the units directly below.
pub(crate) async fn children(asked: Asked, segments: Segments<String>) -> Result<Response, ApiError> {
    family(asked, segments.0, "/children", |snapshot, unit| snapshot.units().children(unit)).await
}

/// `GET /admin-units/{id}/ancestors`: the units above, strongest first.
pub(crate) async fn ancestors(asked: Asked, segments: Segments<String>) -> Result<Response, ApiError> {
    family(asked, segments.0, "/ancestors", |snapshot, unit| snapshot.units().ancestors(unit)).await
}

/// `GET /admin-units/{id}/neighbours`: the units of its level that share a border with it.
pub(crate) async fn neighbours(asked: Asked, segments: Segments<String>) -> Result<Response, ApiError> {
    family(asked, segments.0, "/neighbours", |snapshot, unit| snapshot.units().neighbours(unit)).await
}

async fn family(
    asked: Asked,
    id: String,
    suffix: &str,
    relatives: for<'a> fn(&'a Snapshot, &'a UnitRecord) -> Vec<&'a UnitRecord>,
) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f", "lang"])?;
    let form = Form::of(&asked, &params)?;
    let scope = asked.scope(&params).await?;
    let number = match find(scope.bundle.snapshot(), &id)? {
        Found::Here(number) => number,
        Found::Moved(to) => return Ok(moved(&asked, &params, &to, suffix)),
    };
    let bundle = Arc::clone(&scope.bundle);
    let title = bundle.snapshot().units().get(number).map_or("", |u| u.name_in(form.spoken.lang.code())).to_owned();
    let list = move || {
        let snapshot = bundle.snapshot();
        let unit = snapshot.units().get(number);
        let units: Vec<Value> =
            unit.map(|u| relatives(snapshot, u)).unwrap_or_default().into_iter().map(relative_json).collect();
        Ok(
            json!({ "id": id, "unit": unit.map(relative_json), "numberMatched": units.len(), "numberReturned": units.len(), "units": units }),
        )
    };
    form.send(asked, &params, &scope, (JSON, &title), list).await
}

/// A unit as lists give it, with what a map needs to go there.
fn relative_json(unit: &UnitRecord) -> Value {
    let mut out = unit_json(unit);
    out["population"] = json!(unit.population);
    out["bbox"] = json!(unit.bbox.map(Bbox::to_array));
    let english = unit.name_in("en");
    if english != &*unit.name {
        out["name_en"] = english.into();
    }
    out
}

fn find(snapshot: &Snapshot, text: &str) -> Result<Found, ApiError> {
    let unknown = || ApiError::NotFound(format!("there is no unit `{}`", cut(text)));
    let id = UnitId::parse(text).ok_or_else(unknown)?;
    if let Some(unit) = snapshot.units().by_id(&id) {
        return Ok(Found::Here(unit.number));
    }
    alias(snapshot, &id).or_else(|| successor(snapshot, &id)).map(Found::Moved).ok_or_else(unknown)
}

/// `country:RE` is `region:04`: overseas regions also have a country code.
fn alias(snapshot: &Snapshot, id: &UnitId) -> Option<UnitId> {
    if id.level() != AdminLevel::Country {
        return None;
    }
    let countries: BTreeSet<&str> =
        snapshot.units().records().iter().filter(|u| u.level == AdminLevel::Country).map(|u| &*u.code).collect();
    let target = countries.into_iter().find_map(|iso| CountryRules::builtin(iso).alias(id.code()))?;
    snapshot.units().by_id(&target).map(|unit| unit.id.clone())
}

/// A municipality that became part of another: as the edition's list of the retired says, or as the
/// neighbourhood under its old code, where boundaries keep it.
fn successor(snapshot: &Snapshot, id: &UnitId) -> Option<UnitId> {
    if id.level() != AdminLevel::Municipality {
        return None;
    }
    if let Some(unit) = snapshot.successor(id) {
        return Some(unit.id.clone());
    }
    let part = snapshot.units().by_id(&UnitId::new(AdminLevel::Neighbourhood, id.code()))?;
    let municipality = part.above[AdminLevel::Municipality.index()];
    snapshot.units().get(municipality).map(|unit| unit.id.clone())
}

fn moved(asked: &Asked, params: &Params, to: &UnitId, suffix: &str) -> Response {
    let query = params.without(&[]);
    let mark = if query.is_empty() { "" } else { "?" };
    let target = format!("{}/admin-units/{}{suffix}{mark}{query}", asked.base, encode(to.as_str()));
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(target) = HeaderValue::try_from(target) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
    response
}

/// How far a boundary can be trusted, and why.
fn quality(snapshot: &Snapshot, unit: &UnitRecord) -> Value {
    let issue = |i: &UnitIssue| json!({ "code": i.code, "detail": i.detail, "source": i.source });
    let issues: Vec<Value> = snapshot.unit_issues(&unit.id).iter().map(issue).collect();
    json!({ "status": unit.status.name(), "issues": issues })
}

/// A stored Feature with one more member, the last.
pub(super) fn with_member(feature: &[u8], name: &str, value: &Value) -> Vec<u8> {
    let open = feature.strip_suffix(b"}").unwrap_or(feature);
    let mut out = Vec::with_capacity(feature.len() + 600);
    out.extend_from_slice(open);
    out.extend_from_slice(format!(",\"{name}\":{value}}}").as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_go_into_the_stored_text() {
        let out = with_member(br#"{"type":"Feature","id":"a"}"#, "links", &json!([1]));
        assert_eq!(out, br#"{"type":"Feature","id":"a","links":[1]}"#);
    }
}
