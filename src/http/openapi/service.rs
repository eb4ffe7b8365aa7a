//! The landing page, what standards are kept, the page's own files, and how the service does.

use serde_json::{Value, json};

use super::Group;
use super::operation::Operation;
use super::parameter::{format, like, one_of, path, query, required, text};

const JSON: &str = "application/json";
const HTML: &str = "text/html";

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
            .takes(&["fPage", "lang", "edition"])
            .gives(JSON, "landing")
            .gives(HTML, "text"),
        Operation::get("/conformance", "conformance", "The standards that are kept")
            .takes(&["fPage", "lang"])
            .gives(JSON, "conformance")
            .gives(HTML, "text"),
        Operation::get("/api", "api", "This document")
            .takes(&["fPage", "lang"])
            .gives("application/vnd.oai.openapi+json;version=3.0", "object")
            .gives(HTML, "text"),
        Operation::get("/assets/{path}", "asset", "Files of the page")
            .takes(&["path"])
            .gives("application/octet-stream", "binary"),
        Operation::get("/embed/map", "embed", "The map for a frame in another page")
            .takes(&["lang", "edition"])
            .gives(HTML, "text"),
        Operation::get("/oembed", "oembed", "How to show a page of this service in another (oEmbed 1.0, rich)")
            .takes(&["urlOfPage", "formatOfOembed", "maxwidth", "maxheight"])
            .gives(JSON, "object"),
        Operation::get("/accessibility", "accessibility", "The statement on accessibility")
            .takes(&["lang", "fHtml"])
            .gives(HTML, "text"),
        Operation::get("/sitemap.xml", "sitemap", "The lists of all pages, for search engines")
            .takes(&["edition"])
            .gives("application/xml", "text"),
        Operation::get("/sitemap/{file}", "sitemapPart", "One list of pages, <collection>-<n>.xml")
            .takes(&["fileOfSitemap", "edition"])
            .gives("application/xml", "text"),
        Operation::get("/robots.txt", "robots", "What search engines may read").gives("text/plain", "text"),
        Operation::get("/favicon.svg", "favicon", "The icon of the site").gives("image/svg+xml", "text"),
        Operation::get("/favicon.ico", "faviconIco", "The icon of the site").gives("image/svg+xml", "text"),
        Operation::get("/health", "health", "Whether the process answers").gives(JSON, "object"),
        Operation::get("/ready", "ready", "Whether an edition is open; 503 before").gives(JSON, "object"),
        Operation::get("/metrics", "metrics", "Prometheus metrics").gives("text/plain", "text"),
    ]
}

fn parameters() -> Vec<(&'static str, Value)> {
    let uri = json!({ "type": "string", "format": "uri" });
    let pixels = json!({ "type": "integer", "minimum": 100 });
    vec![
        ("path", path("path", text(), "The path of a file")),
        ("edition", query("edition", text(), "The id of an edition; the answer then never changes")),
        ("urlOfPage", like(required(query("url", uri, "A page of this service")), "http://localhost/")),
        ("formatOfOembed", query("format", one_of(&["json"]), "Format; another is 501")),
        ("maxwidth", query("maxwidth", pixels.clone(), "The widest that the frame may be, in pixels")),
        ("maxheight", query("maxheight", pixels, "The highest that the frame may be, in pixels")),
        ("fileOfSitemap", like(path("file", text(), "A collection, a number from 1, .xml"), "municipalities-1.xml")),
        ("fHtml", format(&["html"])),
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
