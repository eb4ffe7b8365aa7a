//! Tiles, and what draws them.

use serde_json::{Value, json};

use super::Group;
use super::operation::Operation;
use super::parameter::{like, one_of, path, text};

const JSON: &str = "application/json";
const ANY: &str = "application/octet-stream";

pub(super) fn group() -> Group {
    Group {
        tag: "tiles",
        description: "Vector tiles with exact counts under any filter; styles and fonts",
        operations: operations(),
        parameters: parameters(),
        schemas: vec![("binary", json!({ "type": "string", "format": "binary" }))],
    }
}

fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/tiles", "tilesets", "The tilesets").takes(&["edition", "f"]).gives(JSON, "object"),
        Operation::get("/tiles/{tileset}", "tileset", "TileJSON 3.0 of a tileset")
            .takes(&["tileset", "edition", "f"])
            .gives(JSON, "object"),
        Operation::get(
            "/tiles/{tileset}/{z}/{x}/{y}",
            "tile",
            "One vector tile; 204 where there is nothing. Filters apply to actors, events and territory",
        )
        .takes(&["tileset", "z", "x", "y"])
        .filtered()
        .takes(&["edition"])
        .gives("application/vnd.mapbox-vector-tile", "binary")
        .answers("204", "Nothing is there"),
        Operation::get("/styles/{style}", "style", "A MapLibre style, <name>.json")
            .takes(&["style", "edition"])
            .gives(JSON, "object"),
        Operation::get("/basemap/{z}/{x}/{y}", "basemap", "A tile of the operator's basemap; 404 where there is none")
            .takes(&["z", "x", "y"])
            .gives("application/vnd.mapbox-vector-tile", "binary")
            .answers("204", "Nothing is there"),
        Operation::get("/sprites/{file}", "sprite", "The sprite of the styles")
            .takes(&["fileOfSprite"])
            .gives(JSON, "object")
            .gives("image/png", "binary"),
        Operation::get("/fonts/{path}", "font", "Fonts of the styles: files, and glyphs as <font>/<range>.pbf")
            .takes(&["path"])
            .gives(ANY, "binary"),
    ]
}

fn parameters() -> Vec<(&'static str, Value)> {
    let zoom = "Zoom: to 12 for boundaries and territory, to 14 for actors and events";
    let least = |most: Option<u8>| match most {
        Some(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
        None => json!({ "type": "integer", "minimum": 0 }),
    };
    let sprites = ["parvis.json", "parvis.png", "parvis@2x.json", "parvis@2x.png"];
    vec![
        ("fileOfSprite", path("file", one_of(&sprites), "A file of the sprite")),
        ("tileset", path("tileset", one_of(&["boundaries", "actors", "events", "territory"]), "A tileset")),
        ("z", like(path("z", least(Some(14)), zoom), 9)),
        ("x", like(path("x", least(None), "Column, from the west"), 334)),
        ("y", like(path("y", text(), "Row, from the north; `.mvt` may follow"), "285")),
        ("style", like(path("style", text(), "The name of a style with .json"), "parvis-light.json")),
    ]
}
