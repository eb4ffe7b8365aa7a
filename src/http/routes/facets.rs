//! `/collections/{collection}/facets` and `…/aggregate`: how many rows of a filter have each value of some fields.

use std::sync::Arc;

use axum::response::Response;
use parvis_model::{UnitId, themes};
use parvis_store::{Facet, FacetField, Snapshot};
use serde_json::{Map, Value, json};

use super::{CSV, JSON, collection};
use crate::http::answer::{Answer, Asked};
use crate::http::error::ApiError;
use crate::http::filter::{self, FILTER, refused};
use crate::http::form::Form;
use crate::http::params::{Params, cut};
use crate::http::router::Segments;

/// How many values of a field without `limit`, and at most.
const DEFAULT: usize = 100;
const MOST: usize = 50_000;

/// `GET /collections/{collection}/facets?by=theme,kind,department`.
pub(crate) async fn facets(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let mut known = vec!["by", "limit", "lang", "f", "edition"];
    known.extend(FILTER);
    let params = asked.params(&known)?;
    let form = Form::of(&asked, &params)?;
    let by = fields(&params)?;
    let limit = params.limit(DEFAULT, MOST)?;
    let filter = filter::read(&params, asked.state.crs())?;
    let lang = form.spoken.lang.code();
    let scope = asked.scope(&params).await?;
    let state = asked.state.clone();
    let cost = state.tiles().selection_cost(&scope.bundle, collection, &filter);
    let bundle = Arc::clone(&scope.bundle);
    let count = move || {
        let snapshot = bundle.snapshot();
        let selection = state.tiles().selection(&bundle, collection, &filter).map_err(|e| refused(&e))?;
        let mut facets = Map::new();
        for field in by {
            let facet = snapshot.facet(&selection, field).map_err(|e| refused(&e))?;
            facets.insert(field.name().to_owned(), values(snapshot, &facet, limit, lang));
        }
        Ok(json!({ "numberMatched": selection.total(), "facets": facets }))
    };
    let title = collection.title(form.spoken.lang.is_fr());
    form.send_at(cost, asked, &params, &scope, (JSON, title), count).await
}

/// `GET /collections/{collection}/aggregate?by=municipality`: all values of one field, for a table or a map of amounts.
pub(crate) async fn aggregate(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let collection = collection(&name)?;
    let mut known = vec!["by", "lang", "f", "edition"];
    known.extend(FILTER);
    let params = asked.params(&known)?;
    let is_csv = params.format(&["json", "csv", "html"])? == Some(1);
    let form = if is_csv { None } else { Some(Form::of(&asked, &params)?) };
    let by = fields(&params)?;
    let &[field] = by.as_slice() else {
        return Err(ApiError::BadRequest("`by`: one field; /facets takes several".to_owned()));
    };
    let filter = filter::read(&params, asked.state.crs())?;
    let scope = asked.scope(&params).await?;
    let state = asked.state.clone();
    let cost = state.tiles().selection_cost(&scope.bundle, collection, &filter);
    let bundle = Arc::clone(&scope.bundle);
    let facet = move || {
        let selection = state.tiles().selection(&bundle, collection, &filter).map_err(|e| refused(&e))?;
        let facet = bundle.snapshot().facet(&selection, field).map_err(|e| refused(&e))?;
        Ok((bundle, facet, selection.total()))
    };
    let Some(form) = form else {
        let lang = params.get("lang").unwrap_or_default().to_owned();
        let count = move || {
            let (bundle, facet, _) = facet()?;
            table(bundle.snapshot(), &facet, &lang).map_err(|e| ApiError::internal("writing counts", e))
        };
        return Answer::new(asked, &scope, CSV).send_at(cost, count).await;
    };
    let (lang, title) = (form.spoken.lang.code(), collection.title(form.spoken.lang.is_fr()));
    let count = move || {
        let (bundle, facet, matched) = facet()?;
        let mut all = values(bundle.snapshot(), &facet, usize::MAX, lang);
        all["by"] = field.name().into();
        all["featuresMatched"] = matched.into();
        Ok(all)
    };
    form.send_at(cost, asked, &params, &scope, (JSON, title), count).await
}

/// Value, label and count, a line each; what has no value is the line without one.
fn table(snapshot: &Snapshot, facet: &Facet, lang: &str) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    out.write_record([facet.field.name(), "label", "count"])?;
    for (value, count) in &facet.values {
        let label = label(snapshot, facet.field, value, lang).unwrap_or_default();
        out.write_record([value, &label, &count.to_string()])?;
    }
    if facet.missing > 0 {
        out.write_record(["", "", &facet.missing.to_string()])?;
    }
    out.into_inner().map_err(|e| e.into_error().into())
}

fn fields(params: &Params) -> Result<Vec<FacetField>, ApiError> {
    let known = || FacetField::ALL.map(FacetField::name).join(", ");
    let field = |name: &str| {
        FacetField::from_name(name)
            .ok_or_else(|| ApiError::BadRequest(format!("`by`: `{}` is none of {}", cut(name), known())))
    };
    let mut fields: Vec<FacetField> = params.list("by").map(field).collect::<Result<_, _>>()?;
    fields.sort_unstable();
    fields.dedup();
    if fields.is_empty() {
        return Err(ApiError::BadRequest(format!("`by` is missing: what to count by, some of {}", known())));
    }
    Ok(fields)
}

fn values(snapshot: &Snapshot, facet: &Facet, limit: usize, lang: &str) -> Value {
    let one = |(value, count): &(String, u64)| {
        let mut one = json!({ "value": value, "count": count });
        if let Some(label) = label(snapshot, facet.field, value, lang) {
            one["label"] = label.into();
        }
        one
    };
    let values: Vec<Value> = facet.values.iter().take(limit).map(one).collect();
    json!({ "numberMatched": facet.values.len(), "numberReturned": values.len(), "missing": facet.missing, "values": values })
}

/// What people call a value: the label of a theme, the name of a unit.
fn label(snapshot: &Snapshot, field: FacetField, value: &str, lang: &str) -> Option<String> {
    match field {
        FacetField::Theme => {
            let theme = themes().iter().find(|theme| theme.code == value)?;
            Some(if lang == "fr" { theme.fr.clone() } else { theme.en.clone() })
        }
        FacetField::Unit(_) => Some(snapshot.units().by_id(&UnitId::parse(value)?)?.name_in(lang).to_owned()),
        FacetField::Kind | FacetField::Postcode | FacetField::Example | FacetField::Day => None,
    }
}
