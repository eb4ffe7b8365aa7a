//! `/search`: units, postal codes, actors and events by the beginnings of words, with small typing errors.

use axum::response::Response;
use parvis_store::{Hit, HitKind, Snapshot};
use serde_json::{Value, json};

use super::{HTML, JSON};
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::html::{CSP, CSP_HEADER, Page, SearchPage, Spoken, render};
use crate::http::negotiate::best_media;
use crate::http::params::{Params, cut};

const DEFAULT: usize = 10;
/// On a page.
const ON_PAGE: usize = 50;
const MOST: usize = 100;
const LONGEST: usize = 200;

/// The values of `type` and what they mean.
const TYPES: [(&str, HitKind); 4] =
    [("unit", HitKind::Unit), ("postcode", HitKind::Postcode), ("actor", HitKind::Actor), ("event", HitKind::Event)];

/// `GET /search?q=`: JSON, or a page by `Accept` or `f`, which begins with an empty field.
pub(crate) async fn search(asked: Asked) -> Result<Response, ApiError> {
    let format = |params: &Params| params.format(&["json", "html"]);
    let is_page = |params: &Params| {
        let by_accept = || best_media(&asked.headers, &[&["application/json"], &["text/html"]]);
        Ok(format(params)?.unwrap_or_else(by_accept) == 1)
    };
    let params = asked.params_or_page(&["q", "limit", "lang", "type", "edition", "f"], is_page)?;
    let (format, html) = (format(&params)?, is_page(&params)?);
    let q = params.get("q").map(str::trim).filter(|q| !q.is_empty()).unwrap_or_default().to_owned();
    if q.is_empty() && !html {
        return Err(ApiError::BadRequest("`q` is missing: what to search".to_owned()));
    }
    if q.len() > LONGEST {
        return Err(ApiError::BadRequest(format!("`q` is longer than {LONGEST} bytes")));
    }
    let limit = params.limit(if html { ON_PAGE } else { DEFAULT }, MOST)?;
    let types = types(&params)?;
    let scope = asked.scope(&params).await?;
    if html {
        let spoken = Spoken::leniently(&asked.headers, &params);
        let page = Page::new(&asked, &params, spoken, "").of(scope.bundle.manifest());
        let answer = Answer::new(asked, &scope, HTML).by_accept(format.is_none()).page(spoken).header(CSP_HEADER, CSP);
        let find = move || {
            let hits = scope.bundle.snapshot().search(&q, limit, &types, spoken.lang.code());
            render(&SearchPage::new(page, &q, &hits))
        };
        return answer.send(find).await;
    }
    let lang = params.get("lang").unwrap_or_default().to_owned();
    let answer = Answer::new(asked, &scope, JSON).by_accept(format.is_none());
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
