//! The OpenAPI 3.0 document. Written by hand; tests hold it against the router.

use parvis_model::{ActorKind, Collection, EventKind, themes};
use parvis_store::{FacetField, Format};
use serde_json::{Map, Value, json};

/// The document for a service at `base`.
pub fn document(base: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Parvis",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Open data of a territory: six administrative levels, actors and events, as vector tiles, \
                            GeoJSON, CSV and bulk downloads. Every read URL takes `edition`, and then never changes.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": base }],
        "tags": [
            { "name": "features" }, { "name": "tiles" }, { "name": "places" },
            { "name": "downloads" }, { "name": "service" },
        ],
        "paths": paths(),
        "components": {
            "parameters": parameters(),
            "schemas": schemas(),
            "responses": {
                "Problem": {
                    "description": "Why the request cannot be answered (RFC 9457)",
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } },
                },
            },
        },
    })
}

/// One URL: tag, operation, summary, media types, parameters by name.
struct Get {
    path: &'static str,
    tag: &'static str,
    id: &'static str,
    summary: &'static str,
    media: &'static [(&'static str, &'static str)],
    parameters: &'static [&'static str],
}

const JSON: (&str, &str) = ("application/json", "object");
const GEOJSON_PAGE: (&str, &str) = ("application/geo+json", "featureCollection");
const FEATURE: (&str, &str) = ("application/geo+json", "feature");
const MVT: (&str, &str) = ("application/vnd.mapbox-vector-tile", "binary");
const HTML: (&str, &str) = ("text/html", "text");
const ANY: (&str, &str) = ("application/octet-stream", "binary");

#[rustfmt::skip]
const GETS: &[Get] = &[
    Get { path: "/", tag: "service", id: "landing", summary: "The map; as JSON the landing page with links", media: &[JSON, HTML], parameters: &["fPage", "edition"] },
    Get { path: "/conformance", tag: "service", id: "conformance", summary: "The standards that are kept", media: &[("application/json", "conformance")], parameters: &["f"] },
    Get { path: "/api", tag: "service", id: "api", summary: "This document", media: &[("application/vnd.oai.openapi+json;version=3.0", "object"), HTML], parameters: &["fPage"] },
    Get { path: "/collections", tag: "features", id: "collections", summary: "The collections", media: &[("application/json", "collections")], parameters: &["edition", "f"] },
    Get { path: "/collections/{collection}", tag: "features", id: "collection", summary: "One collection", media: &[("application/json", "collection")], parameters: &["collection", "edition", "f"] },
    Get { path: "/collections/{collection}/items", tag: "features", id: "items", summary: "Features of a collection, filtered, in pages", media: &[GEOJSON_PAGE, ("text/csv", "text"), HTML], parameters: &["collection", "limit", "bbox", "datetime", "within", "theme", "kind", "postcode", "example", "cursor", "edition", "fItems"] },
    Get { path: "/collections/{collection}/items/{id}", tag: "features", id: "item", summary: "One feature", media: &[FEATURE], parameters: &["collection", "id", "edition", "f"] },
    Get { path: "/collections/{collection}/facets", tag: "features", id: "facets", summary: "How many features of a filter have each value of some fields", media: &[("application/json", "facets")], parameters: &["collection", "by", "limit", "lang", "bbox", "datetime", "within", "theme", "kind", "postcode", "example", "edition", "f"] },
    Get { path: "/collections/{collection}/aggregate", tag: "features", id: "aggregate", summary: "How many features of a filter have each value of one field, all of them", media: &[("application/json", "counts"), ("text/csv", "text")], parameters: &["collection", "byOne", "lang", "bbox", "datetime", "within", "theme", "kind", "postcode", "example", "edition", "fCounts"] },
    Get { path: "/collections/{collection}/export", tag: "downloads", id: "export", summary: "Every feature of a filter as one file, never cut", media: &[("application/geo+json", "featureCollection"), ("application/geo+json-seq", "text"), ("text/csv", "text"), ("application/flatgeobuf", "binary"), ("application/vnd.apache.parquet", "binary")], parameters: &["collection", "bbox", "datetime", "within", "theme", "kind", "postcode", "example", "edition", "fExport"] },
    Get { path: "/tiles", tag: "tiles", id: "tilesets", summary: "The tilesets", media: &[JSON], parameters: &["edition", "f"] },
    Get { path: "/tiles/{tileset}", tag: "tiles", id: "tileset", summary: "TileJSON 3.0 of a tileset", media: &[JSON], parameters: &["tileset", "edition", "f"] },
    Get { path: "/tiles/{tileset}/{z}/{x}/{y}", tag: "tiles", id: "tile", summary: "One vector tile; 204 where there is nothing. Filters apply to actors, events and territory", media: &[MVT], parameters: &["tileset", "z", "x", "y", "bbox", "datetime", "within", "theme", "kind", "postcode", "example", "edition"] },
    Get { path: "/admin-units/{id}", tag: "places", id: "unit", summary: "One admin unit", media: &[FEATURE], parameters: &["id", "include", "edition", "f"] },
    Get { path: "/admin-units/{id}/children", tag: "places", id: "children", summary: "The units directly below", media: &[JSON], parameters: &["id", "edition", "f"] },
    Get { path: "/admin-units/{id}/ancestors", tag: "places", id: "ancestors", summary: "The units above, strongest first", media: &[JSON], parameters: &["id", "edition", "f"] },
    Get { path: "/admin-units/{id}/neighbours", tag: "places", id: "neighbours", summary: "The units of its level that share a border with it", media: &[JSON], parameters: &["id", "edition", "f"] },
    Get { path: "/lookup", tag: "places", id: "lookup", summary: "The levels of a point", media: &[("application/json", "lookup")], parameters: &["lon", "lat", "edition", "f"] },
    Get { path: "/search", tag: "places", id: "search", summary: "Units, postal codes, actors and events by the beginnings of words", media: &[JSON], parameters: &["q", "limitSearch", "lang", "type", "edition", "f"] },
    Get { path: "/postcodes/{code}", tag: "places", id: "postcode", summary: "Every municipality of a postal code", media: &[JSON], parameters: &["code", "edition", "f"] },
    Get { path: "/styles/{style}", tag: "tiles", id: "style", summary: "A MapLibre style, <name>.json", media: &[JSON], parameters: &["style", "edition"] },
    Get { path: "/fonts/{path}", tag: "tiles", id: "font", summary: "Fonts of the styles", media: &[ANY], parameters: &["path"] },
    Get { path: "/assets/{path}", tag: "service", id: "asset", summary: "Files of the page", media: &[ANY], parameters: &["path"] },
    Get { path: "/editions", tag: "downloads", id: "editions", summary: "The editions, newest first", media: &[JSON], parameters: &["f"] },
    Get { path: "/editions/{edition}", tag: "downloads", id: "edition", summary: "The manifest of an edition", media: &[JSON], parameters: &["editionPath", "f"] },
    Get { path: "/editions/{edition}/{file}", tag: "downloads", id: "dated", summary: "A dated download, <name>.<ext>; takes Range", media: &[ANY], parameters: &["editionPath", "file"] },
    Get { path: "/downloads/{file}", tag: "downloads", id: "download", summary: "The download of the edition in force, by redirect (307)", media: &[], parameters: &["file"] },
    Get { path: "/health", tag: "service", id: "health", summary: "Whether the process answers", media: &[JSON], parameters: &[] },
    Get { path: "/ready", tag: "service", id: "ready", summary: "Whether an edition is open; 503 before", media: &[JSON], parameters: &[] },
    Get { path: "/metrics", tag: "service", id: "metrics", summary: "Prometheus metrics", media: &[("text/plain", "text")], parameters: &[] },
];

fn paths() -> Map<String, Value> {
    let mut paths: Map<String, Value> =
        GETS.iter().map(|get| (get.path.to_owned(), json!({ "get": operation(get) }))).collect();
    if let Some(lookup) = paths.get_mut("/lookup") {
        lookup["post"] = lookup_table();
    }
    paths
}

/// The one URL that takes a body.
fn lookup_table() -> Value {
    let text = json!({ "schema": { "type": "string" } });
    let content = json!({ "text/csv": text, "application/x-ndjson": text });
    let parameter = |name: &str, schema: Value, description: &str| {
        json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": description })
    };
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    json!({
        "tags": ["places"], "operationId": "lookupTable",
        "summary": "The levels of many points: CSV or NDJSON in, the same rows out with their units and an error appended",
        "parameters": [
            parameter("lon", json!({ "type": "string" }), "The column of the longitude; without a header its number"),
            parameter("lat", json!({ "type": "string" }), "The column of the latitude; without a header its number"),
            parameter("header", json!({ "type": "string", "enum": ["present", "absent"] }), "Whether CSV begins with a header line"),
            parameter("f", json!({ "type": "string", "enum": ["csv", "ndjson"] }), "What the body is; else by Content-Type"),
            { "$ref": "#/components/parameters/edition" },
        ],
        "requestBody": { "required": true, "content": content },
        "responses": {
            "200": { "description": "The rows, in their order", "content": content },
            "400": problem, "408": problem, "415": problem, "default": problem,
        },
    })
}

fn operation(get: &Get) -> Value {
    let reference = |kind: &str, name: &str| json!({ "$ref": format!("#/components/{kind}/{name}") });
    let parameters: Vec<Value> = get.parameters.iter().map(|p| reference("parameters", p)).collect();
    let content: Map<String, Value> = get
        .media
        .iter()
        .map(|(media, schema)| ((*media).to_owned(), json!({ "schema": reference("schemas", schema) })))
        .collect();
    let mut responses = Map::new();
    if content.is_empty() {
        let location = json!({ "schema": { "type": "string", "format": "uri" } });
        responses.insert("307".into(), json!({ "description": "Where it is", "headers": { "Location": location } }));
    } else {
        responses.insert("200".into(), json!({ "description": get.summary, "content": content }));
    }
    match get.id {
        "tile" => drop(responses.insert("204".into(), json!({ "description": "Nothing is there" }))),
        "dated" => drop(responses.insert("206".into(), json!({ "description": "The range that was asked for" }))),
        "unit" | "children" | "ancestors" | "neighbours" => {
            drop(responses.insert("308".into(), json!({ "description": "The unit goes by another id" })));
        }
        _ => {}
    }
    responses.insert("304".into(), json!({ "description": "What you hold is still so" }));
    for status in ["400", "404", "default"] {
        responses.insert(status.into(), reference("responses", "Problem"));
    }
    json!({
        "tags": [get.tag], "operationId": get.id, "summary": get.summary,
        "parameters": parameters, "responses": responses,
    })
}

fn parameters() -> Value {
    let query = |name: &str, required: bool, schema: Value, description: &str| json!({ "name": name, "in": "query", "required": required, "schema": schema, "description": description });
    let path = |name: &str, schema: Value, description: &str| json!({ "name": name, "in": "path", "required": true, "schema": schema, "description": description });
    let list = |name: &str, items: Value, description: &str| {
        json!({ "name": name, "in": "query", "required": false, "style": "form", "explode": false,
                "schema": { "type": "array", "items": items, "maxItems": 200 }, "description": description })
    };
    let required_list = |name: &str, items: Value, description: &str| {
        let mut list = list(name, items, description);
        list["required"] = true.into();
        list
    };
    let text = || json!({ "type": "string" });
    let one_of = |values: &[&str]| json!({ "type": "string", "enum": values });
    let whole = |least: u64, most: u64, default: u64| json!({ "type": "integer", "minimum": least, "maximum": most, "default": default });
    let number = |most: i32| json!({ "type": "number", "minimum": -most, "maximum": most });
    let collections = Collection::ALL.map(Collection::name);
    let codes: Vec<&str> = themes().iter().map(|t| t.code.as_str()).collect();
    let actors = ActorKind::ALL.map(ActorKind::name).join(", ");
    let events = EventKind::ALL.map(EventKind::name).join(", ");
    let corners = json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } });
    let mut bbox =
        query("bbox", false, corners, "west,south,east,north in degrees; west > east crosses the antimeridian");
    bbox["style"] = "form".into();
    bbox["explode"] = false.into();
    json!({
        "collection": path("collection", one_of(&collections), "A collection"),
        "id": path("id", text(), "An id, such as municipality:97411"),
        "tileset": path("tileset", one_of(&["boundaries", "actors", "events", "territory"]), "A tileset"),
        "z": path("z", json!({ "type": "integer", "minimum": 0, "maximum": 14 }), "Zoom: to 12 for boundaries and territory, to 14 for actors and events"),
        "x": path("x", json!({ "type": "integer", "minimum": 0 }), "Column, from the west"),
        "y": path("y", text(), "Row, from the north; `.mvt` may follow"),
        "code": path("code", text(), "A postal code"),
        "style": path("style", text(), "The name of a style with .json"),
        "path": path("path", text(), "The path of a file"),
        "editionPath": path("edition", text(), "The id of an edition"),
        "file": path("file", text(), "A collection, or boundaries for pmtiles, and its ending: geojson, geojsonseq, csv, fgb, parquet, pmtiles"),
        "include": list("include", one_of(&["quality"]), "`quality`: the status of the boundary and what was wrong, or mended, with it"),
        "limit": query("limit", false, whole(1, 50_000, 100), "How many; more than the maximum is the maximum"),
        "limitSearch": query("limit", false, whole(1, 100, 10), "How many; more than the maximum is the maximum"),
        "bbox": bbox,
        "datetime": query("datetime", false, text(), "A day or instant, or an interval with `..` for an open end, half-open; selects events"),
        "within": list("within", text(), "Ids of admin units: what lies in any of them"),
        "theme": list("theme", one_of(&codes), "What has any of the themes"),
        "kind": list("kind", text(), &format!("What is of any of the kinds. Actors: {actors}. Events: {events}. Units: their subtype")),
        "postcode": list("postcode", text(), "What has any of the postal codes"),
        "example": query("example", false, json!({ "type": "boolean" }), "Only rows made up for demonstration, or none"),
        "by": required_list("by", one_of(&FacetField::ALL.map(FacetField::name)), "What to count by; of units `kind` (their subtype), `postcode` and the levels above"),
        "byOne": query("by", true, one_of(&FacetField::ALL.map(FacetField::name)), "What to count by"),
        "fCounts": query("f", false, one_of(&["json", "csv"]), "Format"),
        "cursor": query("cursor", false, text(), "Where a page begins: from a `next` link, opaque"),
        "edition": query("edition", false, text(), "The id of an edition; the answer then never changes"),
        "f": query("f", false, one_of(&["json"]), "Format"),
        "fItems": query("f", false, one_of(&["json", "csv", "html"]), "Format; else by Accept"),
        "fExport": query("f", false, one_of(&Format::ALL.map(Format::ext)), "Format; GeoJSON without it"),
        "fPage": query("f", false, one_of(&["json", "html"]), "Format; else by Accept"),
        "lon": query("lon", true, number(180), "Longitude, degrees of WGS 84"),
        "lat": query("lat", true, number(90), "Latitude, degrees of WGS 84"),
        "q": query("q", true, json!({ "type": "string", "minLength": 1, "maxLength": 200 }), "What to search"),
        "lang": query("lang", false, text(), "Language of the names: fr, en"),
        "type": list("type", one_of(&["unit", "postcode", "actor", "event"]), "What to search among"),
    })
}

fn schemas() -> Value {
    let links = json!({ "type": "array", "items": { "$ref": "#/components/schemas/link" } });
    let count = json!({ "type": "integer", "minimum": 0 });
    json!({
        "object": { "type": "object" },
        "text": { "type": "string" },
        "binary": { "type": "string", "format": "binary" },
        "link": {
            "type": "object", "required": ["href"],
            "properties": { "href": { "type": "string" }, "rel": { "type": "string" }, "type": { "type": "string" }, "title": { "type": "string" } },
        },
        "conformance": {
            "type": "object", "required": ["conformsTo"],
            "properties": { "conformsTo": { "type": "array", "items": { "type": "string" } } },
        },
        "collection": {
            "type": "object", "required": ["id", "links"],
            "properties": { "id": { "type": "string" }, "title": { "type": "string" }, "description": { "type": "string" },
                            "extent": { "type": "object" }, "links": links.clone() },
        },
        "collections": {
            "type": "object", "required": ["links", "collections"],
            "properties": { "links": links.clone(), "numberMatched": count.clone(), "numberReturned": count.clone(),
                            "collections": { "type": "array", "items": { "$ref": "#/components/schemas/collection" } } },
        },
        "feature": {
            "type": "object", "required": ["type", "geometry", "properties"],
            "properties": { "type": { "type": "string", "enum": ["Feature"] }, "id": { "type": "string" },
                            "geometry": { "type": "object", "nullable": true }, "properties": { "type": "object" },
                            "links": links.clone() },
        },
        "featureCollection": {
            "type": "object", "required": ["type", "features"],
            "properties": { "type": { "type": "string", "enum": ["FeatureCollection"] },
                            "timeStamp": { "type": "string", "format": "date-time" },
                            "numberMatched": count.clone(), "numberReturned": count.clone(), "links": links,
                            "features": { "type": "array", "items": { "$ref": "#/components/schemas/feature" } } },
        },
        "counts": {
            "type": "object", "required": ["numberMatched", "numberReturned", "missing", "values"],
            "properties": { "by": { "type": "string" }, "featuresMatched": count.clone(), "numberMatched": count.clone(),
                            "numberReturned": count.clone(), "missing": count.clone(), "values": { "type": "array", "items": {
                "type": "object", "required": ["value", "count"],
                "properties": { "value": { "type": "string" }, "label": { "type": "string" }, "count": count.clone() } } } },
        },
        "facets": {
            "type": "object", "required": ["numberMatched", "facets"],
            "properties": { "numberMatched": count, "facets": { "type": "object",
                            "additionalProperties": { "$ref": "#/components/schemas/counts" } } },
        },
        "lookup": {
            "type": "object", "required": ["lon", "lat", "units"],
            "properties": { "lon": { "type": "number" }, "lat": { "type": "number" }, "units": { "type": "array", "items": {
                "type": "object", "required": ["level", "id", "name"],
                "properties": { "level": { "type": "integer", "minimum": 1, "maximum": 6 }, "id": { "type": "string" },
                                "code": { "type": "string", "nullable": true }, "name": { "type": "string" },
                                "subtype": { "type": "string", "nullable": true } } } } },
        },
        "problem": {
            "type": "object", "required": ["type", "title", "status"],
            "properties": { "type": { "type": "string" }, "title": { "type": "string" },
                            "status": { "type": "integer" }, "detail": { "type": "string" } },
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::router::ROUTES;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let routes: BTreeSet<String> = ROUTES.iter().map(|r| r.replace("{*", "{")).collect();
        let described: BTreeSet<String> = GETS.iter().map(|g| g.path.to_owned()).collect();
        assert_eq!(routes, described);
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_variable_is_described() {
        let document = document("http://localhost");
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            let variables = path.split('{').skip(1).map(|p| p.split('}').next().unwrap().to_owned());
            let parameters = item["get"]["parameters"].as_array().unwrap();
            let described = parameters.iter().map(|p| document.pointer(&p["$ref"].as_str().unwrap()[1..]).unwrap());
            let described: BTreeSet<String> =
                described.filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap().to_owned()).collect();
            assert_eq!(variables.collect::<BTreeSet<_>>(), described, "{path}");
        }
    }
}
