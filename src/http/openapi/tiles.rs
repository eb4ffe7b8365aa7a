//! Tiles, and what draws them.

use parvis_model::Collection;
use serde_json::{Value, json};

use super::Group;
use super::operation::Operation;
use super::parameter::{format, like, list, one_of, path, text};

const JSON: &str = "application/json";
const ANY: &str = "application/octet-stream";
const MVT: &str = "application/vnd.mapbox-vector-tile";

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
        Operation::get("/tiles", "tiles.dataset.vector.getTileSetsList", "The tilesets")
            .takes(&["lang", "edition", "fPage"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
        Operation::get("/tiles/{tileset}", "tiles.dataset.vector.getTileSet", "TileJSON 3.0 of a tileset")
            .about("With the members of OGC API Tiles. Its tiles have the collections and the filter of the request.")
            .takes(&["tileset", "collections"])
            .filtered()
            .takes(&["lang", "edition", "fPage"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
        Operation::get(
            "/tiles/{tileset}/{z}/{x}/{y}",
            "tiles.dataset.vector.getTile",
            "One vector tile; 204 where there is nothing. Filters apply to actors, events, heat and territory",
        )
        .takes(&["tileset", "z", "x", "y", "collections"])
        .filtered()
        .takes(&["edition"])
        .gives(MVT, "binary")
        .answers("204", "Nothing is there"),
        Operation::get(
            "/collections/{collection}/tiles",
            "tiles.collection.vector.getTileSetsList",
            "The tilesets of a collection (OGC API Tiles)",
        )
        .takes(&["collection", "lang", "edition", "fPage"])
        .gives(JSON, "object")
        .gives("text/html", "text"),
        Operation::get(
            "/collections/{collection}/tiles/{tileMatrixSet}",
            "tiles.collection.vector.getTileSet",
            "The metadata of a collection's tileset",
        )
        .takes(&["collection", "tileMatrixSet", "lang", "edition", "fPage"])
        .gives(JSON, "object")
        .gives("text/html", "text"),
        Operation::get(
            "/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}",
            "tiles.collection.vector.getTile",
            "One vector tile of a collection, row before column; 204 where there is nothing",
        )
        .takes(&["collection", "tileMatrixSet", "tileMatrix", "tileRow", "tileCol"])
        .filtered()
        .takes(&["edition", "fTile"])
        .gives(MVT, "binary")
        .answers("204", "Nothing is there"),
        Operation::get("/tileMatrixSets", "getTileMatrixSetsList", "The grids of tiles")
            .takes(&["fPage", "lang"])
            .gives(JSON, "object")
            .gives("text/html", "text"),
        Operation::get(
            "/tileMatrixSets/{tileMatrixSet}",
            "getTileMatrixSet",
            "A grid of tiles (OGC Two Dimensional Tile Matrix Set 2.0)",
        )
        .takes(&["tileMatrixSet", "fPage", "lang"])
        .gives(JSON, "object")
        .gives("text/html", "text"),
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
    let zoom = "Zoom: to 12 for boundaries and territory, to 14 for actors, events and heat";
    let least = |most: Option<u8>| match most {
        Some(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
        None => json!({ "type": "integer", "minimum": 0 }),
    };
    let sprites = ["parvis.json", "parvis.png", "parvis@2x.json", "parvis@2x.png"];
    vec![
        ("fileOfSprite", path("file", one_of(&sprites), "A file of the sprite")),
        ("tileset", path("tileset", one_of(&["boundaries", "actors", "events", "heat", "territory"]), "A tileset")),
        ("z", like(path("z", least(Some(14)), zoom), 9)),
        ("x", like(path("x", least(None), "Column, from the west"), 334)),
        ("y", like(path("y", text(), "Row, from the north; `.mvt` may follow"), "285")),
        ("tileMatrixSet", path("tileMatrixSet", one_of(&["WebMercatorQuad"]), "The grid of the tiles")),
        ("tileMatrix", like(path("tileMatrix", text(), "Zoom: to 12 for units, to 14 for actors and events"), "9")),
        ("tileRow", like(path("tileRow", least(None), "Row, from the north"), 285)),
        ("tileCol", like(path("tileCol", least(None), "Column, from the west"), 334)),
        (
            "collections",
            list(
                "collections",
                one_of(&Collection::ALL.map(Collection::name)),
                "Only these collections, bottom to top; of boundaries no lines and labels then",
            ),
        ),
        ("fTile", format(&["mvt"])),
        ("style", like(path("style", text(), "The name of a style with .json"), "parvis-light.json")),
    ]
}
