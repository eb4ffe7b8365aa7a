//! Editions and their files.

use parvis_store::Format;
use serde_json::Value;

use super::Group;
use super::operation::Operation;
use super::parameter::{like, one_of, path, query, text};

const JSON: &str = "application/json";

pub(super) fn group() -> Group {
    Group {
        tag: "downloads",
        description: "Dated editions and their files, whole",
        operations: operations(),
        parameters: parameters(),
        schemas: Vec::new(),
    }
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get(
            "/collections/{collection}/export",
            "export",
            "Every feature of a filter as one file, never cut",
        )
        .takes(&["collection"])
        .filtered()
        .takes(&["edition", "fExport"])
        .gives("application/geo+json", "featureCollection")
        .gives("application/geo+json-seq", "text")
        .gives("text/csv", "text")
        .gives("application/flatgeobuf", "binary")
        .gives("application/vnd.apache.parquet", "binary"),
        Operation::get("/editions", "editions", "The editions, newest first")
            .takes(&["fPage", "lang"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
        Operation::get("/editions/{edition}", "edition", "The manifest of an edition")
            .takes(&["editionPath", "fPage", "lang"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
        Operation::get("/editions/{edition}/{file}", "dated", "A dated download, <name>.<ext>; takes Range")
            .takes(&["editionPath", "file"])
            .gives("application/vnd.apache.parquet", "binary")
            .gives("application/vnd.pmtiles", "binary")
            .gives("application/flatgeobuf", "binary")
            .gives("application/geo+json", "object")
            .gives("application/geo+json-seq", "text")
            .gives("text/csv", "text")
            .answers("206", "The range that was asked for"),
        Operation::get("/downloads/{file}", "download", "The download of the edition in force, by redirect (307)")
            .takes(&["file"])
            .redirects("307", "The dated file"),
    ]
}

fn parameters() -> Vec<(&'static str, Value)> {
    let file =
        "A collection, or boundaries for pmtiles, and its ending: geojson, geojsonseq, csv, fgb, parquet, pmtiles";
    vec![
        ("fExport", query("f", one_of(&Format::ALL.map(Format::ext)), "Format; GeoJSON without it")),
        ("editionPath", path("edition", text(), "The id of an edition")),
        ("file", like(path("file", text(), file), "municipalities.csv")),
    ]
}
