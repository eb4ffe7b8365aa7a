//! OGC API Tiles part 1, and the grid it rests on.

use serde_json::Value;

use super::walk::collections;
use crate::api::client::get;
use crate::api::mvt::layers;

const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
const SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// A link of a relation.
fn link<'a>(of: &'a Value, rel: &str) -> &'a Value {
    let links = of["links"].as_array().unwrap();
    links.iter().find(|l| l["rel"] == rel).unwrap_or_else(|| panic!("no {rel} in {of}"))
}

/// Its path here.
fn path(of: &Value, rel: &str) -> String {
    link(of, rel)["href"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap().to_owned()
}

/// The tilesets of a resource that links to them.
async fn tilesets(of: &Value) -> Vec<Value> {
    let list = get(&path(of, TILESETS)).await.json();
    list["tilesets"].as_array().unwrap().clone()
}

/// The URL of a tile around the island, from a tileset's template.
fn tile_of(tileset: &Value, [matrix, row, col]: [&str; 3]) -> String {
    let template = path(tileset, "item");
    for variable in ["{tileMatrix}", "{tileRow}", "{tileCol}"] {
        assert!(template.contains(variable), "{template}");
    }
    template.replace("{tileMatrix}", matrix).replace("{tileRow}", row).replace("{tileCol}", col)
}

async fn landing() -> Value {
    get("/?f=json").await.json()
}

#[tokio::test]
async fn ogcapi_tiles_1_core() {
    for item in tilesets(&landing().await).await {
        let tileset = get(&path(&item, "self")).await.json();
        let tile = get(&tile_of(&tileset, ["9", "286", "334"])).await;
        assert_eq!((tile.status.as_u16(), tile.header("content-type")), (200, MVT));
        for outside in [["9", "512", "0"], ["9", "0", "512"], ["15", "0", "0"], ["9", "-1", "0"]] {
            let status = get(&tile_of(&tileset, outside)).await.status.as_u16();
            assert!([400, 404].contains(&status), "{status}");
        }
        let empty = get(&tile_of(&tileset, ["12", "0", "0"])).await;
        assert_eq!((empty.status.as_u16(), empty.body.len()), (204, 0));
    }
}

#[tokio::test]
async fn ogcapi_tiles_1_tileset() {
    let mut starts = collections().await;
    starts.push(landing().await);
    for start in starts {
        for item in tilesets(&start).await {
            let tileset = get(&path(&item, "self")).await.json();
            assert_eq!(tileset["dataType"], "vector");
            assert_eq!(tileset["crs"], "http://www.opengis.net/def/crs/EPSG/0/3857");
            let uri = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
            assert_eq!(tileset["tileMatrixSetURI"], uri);
            assert_eq!(get(&path(&tileset, SCHEME)).await.json()["uri"], uri);
            let item = link(&tileset, "item");
            assert_eq!((&item["templated"], &item["type"]), (&true.into(), &MVT.into()));
        }
    }
}

#[tokio::test]
async fn ogcapi_tiles_1_tilesets_list() {
    for (list, least) in [("/tiles", 5), ("/collections/actors/tiles", 1)] {
        let list = get(list).await.json();
        let items = list["tilesets"].as_array().unwrap();
        assert!(items.len() >= least);
        for item in items {
            assert_eq!(item["dataType"], "vector");
            assert!(item["crs"].is_string() && item["tileMatrixSetURI"].is_string());
            assert_eq!(get(&path(item, "self")).await.status, 200);
            assert_eq!(get(&path(item, SCHEME)).await.status, 200);
        }
    }
}

#[tokio::test]
async fn ogcapi_tiles_1_dataset_tilesets() {
    let landing = landing().await;
    assert_eq!(path(&landing, TILESETS), "/tiles");
    assert!(!tilesets(&landing).await.is_empty());
}

#[tokio::test]
async fn ogcapi_tiles_1_geodata_tilesets() {
    for collection in collections().await {
        let id = collection["id"].as_str().unwrap();
        assert_eq!(path(&collection, TILESETS), format!("/collections/{id}/tiles"));
        let item = tilesets(&collection).await.remove(0);
        let tileset = get(&path(&item, "self")).await.json();
        let tile = get(&tile_of(&tileset, ["9", "286", "334"])).await;
        let names: Vec<String> = layers(&tile.body).into_iter().map(|l| l.name).collect();
        let clusters = format!("{}_clusters", id.strip_suffix('s').unwrap());
        assert!(!names.is_empty() && names.iter().all(|n| n == id || *n == clusters), "{id}: {names:?}");
    }
}

#[tokio::test]
async fn ogcapi_tiles_1_collections_selection() {
    let address = "http://parvis.test/collections/municipalities";
    for list in ["events,municipalities".to_owned(), format!("events,{address}")] {
        let tile = get(&format!("/tiles/territory/9/334/286?collections={list}")).await;
        let names: Vec<String> = layers(&tile.body).into_iter().map(|l| l.name).collect();
        assert_eq!(names.last().unwrap(), "municipalities", "the last is on top");
        assert!(names.iter().all(|n| !n.starts_with("actor") && n != "regions"), "{names:?}");
        let tileset = get(&format!("/tiles/territory?collections={list}")).await.json();
        assert_eq!(get(&tile_of(&tileset, ["9", "286", "334"])).await.body, tile.body);
    }
}

#[tokio::test]
async fn ogcapi_tiles_1_mvt() {
    let tile = get("/collections/actors/tiles/WebMercatorQuad/9/286/334?f=mvt").await;
    assert_eq!(tile.header("content-type"), MVT);
    let reader = mvt_reader::Reader::new(tile.body).unwrap();
    let metadata = reader.get_layer_metadata().unwrap();
    assert!(metadata.iter().all(|l| l.version == 2 && l.extent == 4096 && l.feature_count > 0));
}

#[tokio::test]
async fn ogcapi_tiles_1_oas30() {
    let api = get("/api?f=json").await.json();
    let ids: Vec<&str> =
        api["paths"].as_object().unwrap().values().filter_map(|path| path["get"]["operationId"].as_str()).collect();
    for of in ["dataset", "collection"] {
        for what in ["getTileSetsList", "getTileSet", "getTile"] {
            let suffix = format!(".{of}.vector.{what}");
            assert_eq!(ids.iter().filter(|id| id.ends_with(&suffix)).count(), 1, "{suffix}");
        }
    }
}

#[tokio::test]
async fn tms_tilematrixset() {
    let grid = get("/tileMatrixSets/WebMercatorQuad").await.json();
    let matrices = grid["tileMatrices"].as_array().unwrap();
    assert!(matrices.len() > 14);
    for pair in matrices.windows(2) {
        let number = |at: usize, name: &str| pair[at][name].as_f64().unwrap();
        assert!((number(0, "cellSize") / number(1, "cellSize") - 2.0).abs() < 1e-12);
        assert_eq!(number(1, "matrixWidth"), 2.0 * number(0, "matrixWidth"));
        let width = number(0, "cellSize") * number(0, "tileWidth") * number(0, "matrixWidth");
        assert!((width - 40_075_016.685_578_49).abs() < 1e-3);
    }
}

#[tokio::test]
async fn tms_json_tilematrixset() {
    let list = get("/tileMatrixSets").await.json();
    for item in list["tileMatrixSets"].as_array().unwrap() {
        let grid = get(&path(item, "self")).await.json();
        assert_eq!((&grid["id"], &grid["uri"], &grid["crs"]), (&item["id"], &item["uri"], &item["crs"]));
        for name in ["scaleDenominator", "cellSize", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"] {
            assert!(grid["tileMatrices"][0][name].is_number(), "{name}");
        }
        assert!(grid["tileMatrices"][0]["id"].is_string() && grid["tileMatrices"][0]["pointOfOrigin"].is_array());
    }
    get("/tileMatrixSets/WorldCRS84Quad").await.problem(404);
}
