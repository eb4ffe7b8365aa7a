//! The parameters of the filter: the same on items, counts, tiles and exports (`http/filter.rs` reads them).

use parvis_model::{ActorKind, Crs, EventKind, themes};
use serde_json::{Value, json};

use super::parameter::{like, list, one_of, query, text};

/// Their parameter objects, by key; the key of each is its name.
pub(super) fn parameters() -> Vec<(&'static str, Value)> {
    let codes: Vec<&str> = themes().iter().map(|t| t.code.as_str()).collect();
    let actors = ActorKind::ALL.map(ActorKind::name).join(", ");
    let events = EventKind::ALL.map(EventKind::name).join(", ");
    let kinds = format!("What is of any of the kinds. Actors: {actors}. Events: {events}. Units: their subtype");
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
            like(
                query(
                    "bbox-crs",
                    json!({ "type": "string", "format": "uri", "default": Crs::CRS84_URI }),
                    "The CRS of `bbox`, by a URI that the collection lists; corners in its order of axes",
                ),
                "http://www.opengis.net/def/crs/EPSG/0/2154",
            ),
        ),
        (
            "datetime",
            like(
                query(
                    "datetime",
                    text(),
                    "A day or instant, or an interval with `..` for an open end, half-open; selects events",
                ),
                "2026-06-01T00:00:00Z/..",
            ),
        ),
        (
            "within",
            like(list("within", text(), "Ids of admin units: what lies in any of them"), json!(["department:974"])),
        ),
        ("theme", like(list("theme", one_of(&codes), "What has any of the themes"), json!(["food", "energy"]))),
        ("kind", list("kind", text(), &kinds)),
        ("postcode", like(list("postcode", text(), "What has any of the postal codes"), json!(["97400"]))),
        ("example", query("example", json!({ "type": "boolean" }), "Only rows made up for demonstration, or none")),
    ]
}
