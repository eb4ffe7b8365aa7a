//! OGC API Features: collections, items, counts.

use parvis_model::{Collection, Crs};
use parvis_store::FacetField;
use parvis_store::order::MAX_KEYS;
use serde_json::{Value, json};

use super::Group;
use super::operation::Operation;
use super::parameter::{crs, format, like, list, one_of, path, query, required, text, whole};

/// The media types.
const JSON: &str = "application/json";
const GEOJSON: &str = "application/geo+json";
const SCHEMA: &str = "application/schema+json";

pub(super) fn group() -> Group {
    Group {
        tag: "features",
        description: "OGC API Features: collections, their features under any filter, and counts of them",
        operations: operations(),
        parameters: parameters(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/collections", "collections", "The collections")
            .takes(&["lang", "edition", "fPage"])
            .gives(JSON, "collections")
            .gives("text/html", "text"),
        Operation::get("/collections/{collection}", "collection", "One collection")
            .takes(&["collection", "lang", "edition", "fPage"])
            .gives(JSON, "collection")
            .gives("text/html", "text"),
        Operation::get(
            "/collections/{collection}/queryables",
            "queryables",
            "What a filter of the collection can name, as JSON Schema",
        )
        .takes(&["collection", "lang", "edition", "fPage"])
        .gives(SCHEMA, "jsonSchema")
        .gives("text/html", "text"),
        Operation::get(
            "/collections/{collection}/schema",
            "schema",
            "What features of the collection hold, as JSON Schema",
        )
        .takes(&["collection", "lang", "edition", "fPage"])
        .gives(SCHEMA, "jsonSchema")
        .gives("text/html", "text"),
        Operation::get(
            "/collections/{collection}/sortables",
            "sortables",
            "What features of the collection can be sorted by, as JSON Schema",
        )
        .about("With `near` and `radius` the distance from there too.")
        .takes(&["collection", "lang", "edition", "fPage"])
        .filtered_by(&["near", "radius"])
        .gives(SCHEMA, "jsonSchema")
        .gives("text/html", "text"),
        Operation::get("/collections/{collection}/items", "items", "Features of a collection, filtered, in pages")
            .about("`numberMatched` is exact. Follow `next` until there is none: each row comes once.")
            .takes(&["collection", "limit"])
            .filtered()
            .takes(&["crs", "properties", "skipGeometry", "sortby", "langNames", "cursor", "edition", "fItems"])
            .gives(GEOJSON, "featureCollection")
            .gives("text/csv", "text")
            .gives("application/geo+json-seq", "text")
            .gives("text/html", "text"),
        Operation::get("/collections/{collection}/items/{id}", "item", "One feature; as HTML its page")
            .takes(&["collection", "id", "crs", "properties", "langNames", "edition", "fPage"])
            .gives(GEOJSON, "feature")
            .gives("text/html", "text"),
        Operation::get(
            "/collections/{collection}/facets",
            "facets",
            "How many features of a filter have each value of some fields",
        )
        .takes(&["collection", "by", "limit", "lang"])
        .filtered()
        .takes(&["edition", "fPage"])
        .gives(JSON, "facets")
        .gives("text/html", "text")
        .example(json!({
            "numberMatched": 2141,
            "facets": { "theme": { "numberMatched": 12, "numberReturned": 1, "missing": 530,
                                   "values": [{ "value": "food", "label": "Food", "count": 311 }] } },
        })),
        Operation::get(
            "/collections/{collection}/aggregate",
            "aggregate",
            "How many features of a filter have each value of one field, all of them",
        )
        .takes(&["collection", "byOne", "lang"])
        .filtered()
        .takes(&["edition", "fCounts"])
        .gives(JSON, "counts")
        .gives("text/csv", "text")
        .gives("text/html", "text"),
    ]
}

fn parameters() -> Vec<(&'static str, Value)> {
    let fields = one_of(&FacetField::ALL.map(FacetField::name));
    let mut sortby = list(
        "sortby",
        json!({ "type": "string", "pattern": "^[+-]?[a-z_0-9]+$" }),
        "The order: names that …/sortables lists, `-` before one for descending. Nulls come last. With `near` also \
         `distance`, as the first",
    );
    sortby["schema"]["maxItems"] = MAX_KEYS.into();
    let sortby = like(sortby, json!(["-population", "name"]));
    let by = "What to count by; of units `kind` (their subtype), `postcode` and the levels above";
    vec![
        ("collection", path("collection", one_of(&Collection::ALL.map(Collection::name)), "A collection")),
        ("id", like(path("id", text(), "An id, such as municipality:97411"), "municipality:97411")),
        ("limit", query("limit", whole(1, 50_000, 100), "How many; more than the maximum is the maximum")),
        ("by", like(required(list("by", fields.clone(), by)), json!(["theme", "kind"]))),
        ("byOne", like(required(query("by", fields, "What to count by")), "municipality")),
        ("fCounts", format(&["json", "csv", "html"])),
        ("cursor", query("cursor", text(), "Where a page begins: from a `next` link, opaque")),
        ("fItems", format(&["json", "csv", "geojsonseq", "html"])),
        (
            "crs",
            crs(
                "crs",
                "The CRS of the geometries, by a URI that the collection lists; coordinates come in its order of axes. Not with csv",
            ),
        ),
        (
            "properties",
            like(list("properties", text(), "Only these properties; …/schema lists them"), json!(["name", "code"])),
        ),
        ("skipGeometry", query("skipGeometry", json!({ "type": "boolean", "default": false }), "`geometry` is null")),
        ("sortby", sortby),
        (
            "langNames",
            query(
                "lang",
                one_of(&["fr", "en"]),
                "`name` of units in this language, where they have one; without it as on the spot",
            ),
        ),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let links = json!({ "type": "array", "items": { "$ref": "#/components/schemas/link" } });
    let count = json!({ "type": "integer", "minimum": 0 });
    vec![
        (
            "collection",
            json!({
                "type": "object", "required": ["id", "links"],
                "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "description": { "type": "string" },
                                "attribution": { "type": "string" }, "license": { "type": "string" },
                                "extent": { "$ref": "#/components/schemas/extent" },
                                "itemType": { "type": "string", "enum": ["feature"] }, "itemCount": count,
                                "crs": { "type": "array", "minItems": 1, "items": { "type": "string", "format": "uri" } },
                                "storageCrs": { "type": "string", "format": "uri" }, "links": links },
            }),
        ),
        (
            "extent",
            json!({
                "type": "object",
                "properties": {
                    "spatial": { "type": "object", "properties": {
                        "bbox": { "type": "array", "minItems": 1, "items": { "type": "array", "minItems": 4, "maxItems": 4, "items": { "type": "number" } } },
                        "crs": { "type": "string", "enum": [Crs::CRS84_URI] } } },
                    "temporal": { "type": "object", "properties": {
                        "interval": { "type": "array", "minItems": 1, "items": { "type": "array", "minItems": 2, "maxItems": 2,
                                      "items": { "type": "string", "format": "date-time", "nullable": true } } },
                        "trs": { "type": "string" } } },
                },
            }),
        ),
        (
            "jsonSchema",
            json!({
                "type": "object", "required": ["$schema", "$id", "type", "properties"],
                "properties": { "$schema": { "type": "string", "format": "uri" }, "$id": { "type": "string", "format": "uri" },
                                "type": { "type": "string", "enum": ["object"] }, "title": { "type": "string" },
                                "properties": { "type": "object", "additionalProperties": { "type": "object" } },
                                "additionalProperties": { "type": "boolean" } },
            }),
        ),
        (
            "collections",
            json!({
                "type": "object", "required": ["links", "collections"],
                "properties": { "links": links, "numberMatched": count, "numberReturned": count,
                                "collections": { "type": "array", "items": { "$ref": "#/components/schemas/collection" } } },
            }),
        ),
        (
            "feature",
            json!({
                "type": "object", "required": ["type", "geometry", "properties"],
                "properties": { "type": { "type": "string", "enum": ["Feature"] }, "id": { "type": "string" },
                                "geometry": { "type": "object", "nullable": true }, "properties": { "type": "object" },
                                "links": links },
            }),
        ),
        (
            "featureCollection",
            json!({
                "type": "object", "required": ["type", "features"],
                "properties": { "type": { "type": "string", "enum": ["FeatureCollection"] },
                                "timeStamp": { "type": "string", "format": "date-time" },
                                "numberMatched": count, "numberReturned": count, "links": links,
                                "features": { "type": "array", "items": { "$ref": "#/components/schemas/feature" } } },
            }),
        ),
        (
            "counts",
            json!({
                "type": "object", "required": ["numberMatched", "numberReturned", "missing", "values"],
                "properties": { "by": { "type": "string" }, "featuresMatched": count, "numberMatched": count,
                                "numberReturned": count, "missing": count, "values": { "type": "array", "items": {
                    "type": "object", "required": ["value", "count"],
                    "properties": { "value": { "type": "string" }, "label": { "type": "string" }, "count": count } } } },
            }),
        ),
        (
            "facets",
            json!({
                "type": "object", "required": ["numberMatched", "facets"],
                "properties": { "numberMatched": count, "facets": { "type": "object",
                                "additionalProperties": { "$ref": "#/components/schemas/counts" } } },
            }),
        ),
    ]
}
