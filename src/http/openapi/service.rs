//! The landing page, what standards are kept, the page's own files, and how the service does.

use serde_json::{Value, json};

use super::Group;
use super::operation::Operation;
use super::parameter::{format, path, query, text};

const JSON: &str = "application/json";

pub(super) fn group() -> Group {
    Group {
        tag: "service",
        description: "Where to begin, what standards are kept, and how the service does",
        operations: operations(),
        parameters: parameters(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/", "landing", "The map; as JSON the landing page with links")
            .takes(&["fPage", "edition"])
            .gives(JSON, "landing")
            .gives("text/html", "text"),
        Operation::get("/conformance", "conformance", "The standards that are kept")
            .takes(&["f"])
            .gives(JSON, "conformance"),
        Operation::get("/api", "api", "This document")
            .takes(&["fPage"])
            .gives("application/vnd.oai.openapi+json;version=3.0", "object")
            .gives("text/html", "text"),
        Operation::get("/assets/{path}", "asset", "Files of the page")
            .takes(&["path"])
            .gives("application/octet-stream", "binary"),
        Operation::get("/health", "health", "Whether the process answers").gives(JSON, "object"),
        Operation::get("/ready", "ready", "Whether an edition is open; 503 before").gives(JSON, "object"),
        Operation::get("/metrics", "metrics", "Prometheus metrics").gives("text/plain", "text"),
    ]
}

fn parameters() -> Vec<(&'static str, Value)> {
    vec![
        ("path", path("path", text(), "The path of a file")),
        ("edition", query("edition", text(), "The id of an edition; the answer then never changes")),
        ("f", format(&["json"])),
        ("fPage", format(&["json", "html"])),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let links = json!({ "type": "array", "items": { "$ref": "#/components/schemas/link" } });
    vec![
        ("object", json!({ "type": "object" })),
        ("text", json!({ "type": "string" })),
        (
            "link",
            json!({
                "type": "object", "required": ["href", "rel"],
                "properties": { "href": { "type": "string" }, "rel": { "type": "string" }, "type": { "type": "string" },
                                "hreflang": { "type": "string" }, "title": { "type": "string" },
                                "length": { "type": "integer", "minimum": 0 } },
            }),
        ),
        (
            "landing",
            json!({
                "type": "object", "required": ["links"],
                "properties": { "title": { "type": "string" }, "description": { "type": "string" },
                                "attribution": { "type": "string" }, "edition": { "type": "string" }, "links": links },
            }),
        ),
        (
            "conformance",
            json!({
                "type": "object", "required": ["conformsTo"],
                "properties": { "conformsTo": { "type": "array", "items": { "type": "string", "format": "uri" } } },
            }),
        ),
        (
            "problem",
            json!({
                "type": "object", "required": ["type", "title", "status"],
                "properties": { "type": { "type": "string" }, "title": { "type": "string" },
                                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                                "detail": { "type": "string" } },
            }),
        ),
    ]
}
