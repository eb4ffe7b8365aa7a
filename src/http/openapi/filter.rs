//! The parameters of the filter: the same on items, counts, tiles and exports (`http/filter.rs` reads them).

use parvis_model::{ActorKind, Collection, EventKind, themes};
use serde_json::{Value, json};

use super::parameter::{crs, like, list, one_of, query, text};
use crate::http::filter::FILTER;

/// The key of a filter parameter: apart from parameters of other URLs by the same name.
pub(super) fn key(name: &str) -> String {
    format!("where.{name}")
}

/// The parameter objects of all of [`FILTER`], by key. Those that are properties are described by the schema.
pub(super) fn parameters() -> Vec<(String, Value)> {
    let mut described = own();
    described.retain(|(name, _)| FILTER[..].contains(name));
    for name in FILTER {
        let known = described.iter().any(|(other, _)| other == name);
        let field = Collection::ALL.into_iter().flat_map(Collection::fields).find(|f| f.name == *name);
        if let (false, Some(field)) = (known, field) {
            let what =
                format!("What has any of these values. {}. Only of collections with this property", field.description);
            described.push((*name, list(name, text(), &what)));
        }
    }
    described.into_iter().map(|(name, parameter)| (key(name), parameter)).collect()
}

/// Those with a meaning of their own.
fn own() -> Vec<(&'static str, Value)> {
    [places(), values(), words()].concat()
}

/// By code, kind, time.
fn values() -> Vec<(&'static str, Value)> {
    let codes: Vec<&str> = themes().iter().map(|t| t.code.as_str()).collect();
    let actors = ActorKind::ALL.map(ActorKind::name).join(", ");
    let events = EventKind::ALL.map(EventKind::name).join(", ");
    let kinds = format!("What is of any of the kinds. Actors: {actors}. Events: {events}. Units: their subtype");
    vec![
        (
            "datetime",
            like(
                query(
                    "datetime",
                    text(),
                    "A day (of each event's own time zone) or an instant, or an interval with `..` for an open end, half-open; \
                     selects events",
                ),
                "2026-06-01T00:00:00Z/..",
            ),
        ),
        ("theme", like(list("theme", one_of(&codes), "What has any of the themes"), json!(["food", "energy"]))),
        ("kind", list("kind", text(), &kinds)),
        ("postcode", like(list("postcode", text(), "What has any of the postal codes"), json!(["97400"]))),
        ("example", query("example", json!({ "type": "boolean" }), "Only rows made up for demonstration, or none")),
    ]
}

/// By place.
fn places() -> Vec<(&'static str, Value)> {
    let corners = json!({
        "type": "array", "items": { "type": "number" },
        "oneOf": [{ "minItems": 4, "maxItems": 4 }, { "minItems": 6, "maxItems": 6 }],
    });
    vec![
        (
            "bbox",
            like(
                query("bbox", corners, "west,south,east,north in degrees; west > east crosses the antimeridian"),
                json!([55.2, -21.4, 55.9, -20.8]),
            ),
        ),
        (
            "bbox-crs",
            crs("bbox-crs", "The CRS of `bbox`, by a URI that the collection lists; corners in its order of axes"),
        ),
        (
            "within",
            like(list("within", text(), "Ids of admin units: what lies in any of them"), json!(["department:974"])),
        ),
        (
            "near",
            like(
                query(
                    "near",
                    json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 }),
                    "Longitude and latitude in degrees of a place; with `radius`",
                ),
                json!([55.4504, -20.8789]),
            ),
        ),
        (
            "radius",
            like(
                query(
                    "radius",
                    json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1_000_000 }),
                    "Metres on the ellipsoid: what lies that near to `near`",
                ),
                5000,
            ),
        ),
    ]
}

/// By words and expressions.
fn words() -> Vec<(&'static str, Value)> {
    vec![
        (
            "q",
            like(
                query(
                    "q",
                    json!({ "type": "string", "maxLength": 200 }),
                    "Words, or beginnings of words, that all occur",
                ),
                "jardin part",
            ),
        ),
        (
            "filter",
            like(
                query("filter", text(), "CQL2, text or JSON, over the properties that \u{2026}/queryables lists"),
                "population > 10000 AND name LIKE 'Saint%'",
            ),
        ),
        (
            "filter-lang",
            query(
                "filter-lang",
                one_of(&["cql2-text", "cql2-json"]),
                "The language of `filter`; without it, what the text looks like",
            ),
        ),
        ("filter-crs", crs("filter-crs", "The CRS of geometries in `filter`, by a URI that the collection lists")),
    ]
}
