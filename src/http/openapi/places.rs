//! Units and their family, points to units, search, postal codes.

use serde_json::{Value, json};

use super::Group;
use super::operation::Operation;
use super::parameter::{crs, like, list, number, one_of, path, query, required, text, whole};

const JSON: &str = "application/json";

pub(super) fn group() -> Group {
    Group {
        tag: "places",
        description: "Admin units and their family, the levels of a point, search, postal codes",
        operations: operations(),
        parameters: parameters(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Operation> {
    let moved = "The unit goes by another id";
    vec![
        Operation::get("/admin-units/{id}", "unit", "One admin unit; as HTML its page")
            .takes(&["id", "include", "lang", "edition", "fPage"])
            .gives("application/geo+json", "feature")
            .gives("text/html", "text")
            .redirects("308", moved),
        Operation::get("/admin-units/{id}/children", "children", "The units directly below")
            .takes(&["id", "lang", "edition", "fPage"])
            .gives(JSON, "object")
            .gives("text/html", "text")
            .redirects("308", moved),
        Operation::get("/admin-units/{id}/ancestors", "ancestors", "The units above, strongest first")
            .takes(&["id", "lang", "edition", "fPage"])
            .gives(JSON, "object")
            .gives("text/html", "text")
            .redirects("308", moved),
        Operation::get(
            "/admin-units/{id}/neighbours",
            "neighbours",
            "The units of its level that share a border with it",
        )
        .takes(&["id", "lang", "edition", "fPage"])
        .gives(JSON, "object")
        .gives("text/html", "text")
        .redirects("308", moved),
        Operation::get("/lookup", "lookup", "The levels of a point")
            .takes(&["lon", "lat", "lang", "edition", "fPage"])
            .gives(JSON, "lookup")
            .gives("text/html", "text")
            .example(json!({
                "lon": 55.4504, "lat": -20.8789,
                "units": [{ "level": 5, "id": "municipality:97411", "code": "97411", "name": "Saint-Denis", "subtype": null }],
            })),
        Operation::post(
            "/lookup",
            "lookupTable",
            "The levels of many points: the same rows, with their units and an error appended",
            &[("text/csv", "text"), ("application/x-ndjson", "text")],
        )
        .takes(&["columnLon", "columnLat", "crsOfTable", "header", "edition", "fTable"])
        .gives("text/csv", "text")
        .gives("application/x-ndjson", "text"),
        Operation::get("/search", "search", "Units, postal codes, actors and events by words, small typing errors forgiven")
            .takes(&["q", "limitSearch", "lang", "type", "edition", "fPage"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
        Operation::get("/postcodes/{code}", "postcode", "Every municipality of a postal code")
            .takes(&["code", "lang", "edition", "fPage"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
    ]
}

fn parameters() -> Vec<(&'static str, Value)> {
    let search = json!({ "type": "string", "minLength": 1, "maxLength": 200 });
    vec![
        ("code", like(path("code", text(), "A postal code"), "97400")),
        (
            "include",
            list(
                "include",
                one_of(&["quality"]),
                "`quality`: the status of the boundary and what was wrong, or mended, with it",
            ),
        ),
        ("limitSearch", query("limit", whole(1, 100, 10), "How many; more than the maximum is the maximum")),
        ("lon", like(required(query("lon", number(180), "Longitude, degrees of WGS 84")), 55.4504)),
        ("lat", like(required(query("lat", number(90), "Latitude, degrees of WGS 84")), -20.8789)),
        (
            "columnLon",
            query("lon", text(), "The column of the longitude, or easting; without a header line its number"),
        ),
        (
            "columnLat",
            query("lat", text(), "The column of the latitude, or northing; without a header line its number"),
        ),
        ("crsOfTable", crs("crs", "What the coordinates are of, by a URI that the collections list")),
        ("header", query("header", one_of(&["present", "absent"]), "Whether CSV begins with a header line")),
        ("fTable", query("f", one_of(&["csv", "ndjson"]), "What the body is; else by Content-Type")),
        ("q", like(required(query("q", search, "What to search")), "saint den")),
        ("lang", query("lang", text(), "Language of the names: fr, en")),
        ("type", list("type", one_of(&["unit", "postcode", "actor", "event"]), "What to search among")),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let unit = json!({
        "type": "object", "required": ["level", "id", "name"],
        "properties": { "level": { "type": "integer", "minimum": 1, "maximum": 6 }, "id": { "type": "string" },
                        "code": { "type": "string", "nullable": true }, "name": { "type": "string" },
                        "subtype": { "type": "string", "nullable": true } },
    });
    let lookup = json!({
        "type": "object", "required": ["lon", "lat", "units"],
        "properties": { "lon": { "type": "number" }, "lat": { "type": "number" },
                        "units": { "type": "array", "items": { "$ref": "#/components/schemas/unit" } } },
    });
    vec![("unit", unit), ("lookup", lookup)]
}
