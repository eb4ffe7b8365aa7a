//! `/search`: units, postal codes, actors and events by the beginnings of words, with small typing errors.

use axum::response::Response;
use parvis_store::{Hit, HitKind, Snapshot};
use serde_json::{Value, json};

use super::JSON;
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::params::{Params, cut};

const DEFAULT: usize = 10;
const MOST: usize = 100;
const LONGEST: usize = 200;

/// The values of `type` and what they mean.
const TYPES: [(&str, HitKind); 4] =
    [("unit", HitKind::Unit), ("postcode", HitKind::Postcode), ("actor", HitKind::Actor), ("event", HitKind::Event)];

/// `GET /search?q=`.
pub(crate) async fn search(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["q", "limit", "lang", "type", "edition", "f"])?;
    params.format(&["json"])?;
    let q = params.get("q").map(str::trim).filter(|q| !q.is_empty());
    let q = q.ok_or_else(|| ApiError::BadRequest("`q` is missing: what to search".to_owned()))?.to_owned();
    if q.len() > LONGEST {
        return Err(ApiError::BadRequest(format!("`q` is longer than {LONGEST} bytes")));
    }
    let limit = params.limit(DEFAULT, MOST)?;
    let lang = params.get("lang").unwrap_or_default().to_owned();
    let types = types(&params)?;
    let scope = asked.scope(&params).await?;
    let answer = Answer::new(asked, &scope, JSON);
    let find = move || {
        let snapshot = scope.bundle.snapshot();
        let found = snapshot.search_by_type(&q, limit, &types, &lang);
        let results = |hits: &[Hit]| hits.iter().map(|hit| result(snapshot, hit)).collect::<Vec<Value>>();
        let group = |(kind, hits): &(HitKind, Vec<Hit>)| json!({ "type": name(*kind), "numberReturned": hits.len(), "results": results(hits) });
        let groups: Vec<Value> = found.groups.iter().map(group).collect();
        Ok(json!({ "numberReturned": found.best.len(), "results": results(&found.best), "groups": groups }))
    };
    answer.send_json(find).await
}

fn types(params: &Params) -> Result<Vec<HitKind>, ApiError> {
    let known = || TYPES.map(|(name, _)| name).join(", ");
    let kind = |name: &str| {
        let found = TYPES.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind);
        found.ok_or_else(|| ApiError::BadRequest(format!("`type`: `{}` is none of {}", cut(name), known())))
    };
    params.list("type").map(kind).collect()
}

fn name(kind: HitKind) -> Option<&'static str> {
    TYPES.iter().find(|(_, other)| *other == kind).map(|(name, _)| *name)
}

fn result(snapshot: &Snapshot, hit: &Hit) -> Value {
    let mut out = json!({ "type": name(hit.kind), "id": hit.id, "name": hit.name });
    let mut set = |name: &str, value: Value| {
        if !value.is_null() {
            out[name] = value;
        }
    };
    set("detail", json!(hit.detail));
    set("level", json!(hit.level.map(parvis_model::AdminLevel::rank)));
    set("code", json!(hit.code));
    set("lon", json!(hit.lon));
    set("lat", json!(hit.lat));
    set("bbox", json!(hit.bbox));
    if is_example(snapshot, hit) {
        set("example", json!(true));
    }
    out
}

fn is_example(snapshot: &Snapshot, hit: &Hit) -> bool {
    let collection = match hit.kind {
        HitKind::Actor => parvis_model::Collection::Actors,
        HitKind::Event => parvis_model::Collection::Events,
        HitKind::Unit | HitKind::Postcode => return false,
    };
    let Some(points) = snapshot.points(collection) else { return false };
    let at = points.row_of(&hit.id).and_then(|row| points.position(row));
    at.is_some_and(|at| points.example(at))
}
