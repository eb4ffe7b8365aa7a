//! `/collections/{collection}/schema`, `…/queryables`, `…/sortables`: what features hold, what a filter and an
//! order can name. JSON Schema 2020-12 as OGC API Common part 3 (and Features part 5) has it.

use axum::response::Response;
use parvis_model::{ActorKind, Collection, EventKind, EventStatus, Field, FieldType, Precision, UnitStatus, themes};
use parvis_store::order::DISTANCE;
use parvis_store::sortables as sortable_fields;
use serde_json::{Map, Value, json};

use super::{SCHEMA, collection};
use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::filter;
use crate::http::form::Form;
use crate::http::router::Segments;

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Returnables,
    Queryables,
    Sortables,
}

/// `GET /collections/{collection}/schema`.
pub(crate) async fn schema(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    answer(asked, &name, About::Returnables).await
}

/// `GET /collections/{collection}/queryables`.
pub(crate) async fn queryables(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    answer(asked, &name, About::Queryables).await
}

/// `GET /collections/{collection}/sortables`.
pub(crate) async fn sortables(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    answer(asked, &name, About::Sortables).await
}

async fn answer(asked: Asked, name: &str, about: About) -> Result<Response, ApiError> {
    let params = match about {
        About::Sortables => asked.params(&["edition", "f", "lang", "near", "radius"])?,
        About::Returnables | About::Queryables => asked.params(&["edition", "f", "lang"])?,
    };
    // Only what is near to somewhere has a distance from it.
    let near = filter::near(&params)?.is_some();
    let form = Form::of(&asked, &params)?;
    let collection = collection(name)?;
    let scope = asked.scope(&params).await?;
    let fr = form.spoken.lang.is_fr();
    let mut body = document(&asked.base, collection, about, fr);
    if near {
        let title = if fr { "Distance à `near`, en mètres" } else { "Distance from `near`, in metres" };
        body["properties"][DISTANCE] = json!({ "type": "number", "minimum": 0, "title": title });
    }
    form.send(asked, &params, &scope, (SCHEMA, name), move || Ok(body)).await
}

impl About {
    const fn path(self) -> &'static str {
        match self {
            Self::Returnables => "schema",
            Self::Queryables => "queryables",
            Self::Sortables => "sortables",
        }
    }

    const fn title(self, fr: bool) -> &'static str {
        match (self, fr) {
            (Self::Returnables, true) => "propriétés",
            (Self::Returnables, false) => "properties",
            (Self::Queryables, true) => "propriétés pour filtrer",
            (Self::Queryables, false) => "properties to filter by",
            (Self::Sortables, true) => "propriétés pour trier",
            (Self::Sortables, false) => "properties to sort by",
        }
    }

    fn has(self, collection: Collection, field: &Field) -> bool {
        match self {
            Self::Returnables => true,
            Self::Queryables => field.kind != FieldType::Json,
            Self::Sortables => sortable_fields(collection).any(|f| f.name == field.name),
        }
    }
}

fn document(base: &str, collection: Collection, about: About, fr: bool) -> Value {
    let fields = collection.fields().iter().filter(|f| about.has(collection, f));
    let mut properties: Map<String, Value> =
        fields.map(|f| (f.name.to_owned(), property(collection, f, about, fr))).collect();
    if about != About::Sortables {
        properties.insert("geometry".to_owned(), geometry(collection, fr));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{base}/collections/{collection}/{}", about.path()),
        "type": "object",
        "title": format!("{}{} {}", collection.title(fr), if fr { " :" } else { ":" }, about.title(fr)),
        "properties": properties,
        "additionalProperties": false,
    })
}

fn property(collection: Collection, field: &Field, about: About, fr: bool) -> Value {
    let mut described = match field.kind {
        FieldType::Text => json!({ "type": "string" }),
        FieldType::Integer => json!({ "type": "integer" }),
        FieldType::Float => json!({ "type": "number" }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Timestamp => json!({ "type": "string", "format": "date-time" }),
        FieldType::TextList => json!({ "type": "array", "items": { "type": "string" } }),
        FieldType::Json => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
    };
    described["title"] = field.told(fr).into();
    if let Some(values) = values(collection, field.name) {
        let place = if field.kind == FieldType::TextList { &mut described["items"] } else { &mut described };
        place["enum"] = values.into();
    }
    if field.name == "level" {
        described["minimum"] = 1.into();
        described["maximum"] = 6.into();
    }
    // Roles belong to what features hold; a queryable is not the id of anything.
    let role = match field.name {
        "id" => Some("id"),
        "start" => Some("primary-interval-start"),
        "end" => Some("primary-interval-end"),
        _ => None,
    };
    if let Some(role) = role.filter(|_| about == About::Returnables) {
        described["x-ogc-role"] = role.into();
    }
    described
}

/// The values that a field can have, where they are a list.
fn values(collection: Collection, name: &str) -> Option<Vec<&'static str>> {
    let codes = || themes().iter().map(|t| t.code.as_str()).collect();
    match (collection, name) {
        (_, "theme" | "themes") => Some(codes()),
        (Collection::Actors, "kind") => Some(ActorKind::ALL.map(ActorKind::name).to_vec()),
        (Collection::Events, "kind") => Some(EventKind::ALL.map(EventKind::name).to_vec()),
        (Collection::Events, "status") => Some(EventStatus::ALL.map(EventStatus::name).to_vec()),
        (Collection::Actors | Collection::Events, "precision") => Some(Precision::ALL.map(Precision::name).to_vec()),
        (_, "status") => Some(UnitStatus::ALL.map(UnitStatus::name).to_vec()),
        _ => None,
    }
}

fn geometry(collection: Collection, fr: bool) -> Value {
    let format = if collection.level().is_some() { "geometry-multipolygon" } else { "geometry-point" };
    let title = if fr { "Où c’est" } else { "Where it is" };
    json!({ "title": title, "format": format, "x-ogc-role": "primary-geometry" })
}
