//! Tiles and their descriptions.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use http::Request;
use parvis::http::Front;
use parvis_model::{LonLat, TileCoord};
use parvis_tiles::gzip::decompress;
use tower::Service;

use super::client::{Reply, get, get_with};
use super::fixture::{EVENTS, PLACED, shared};
use super::mvt::{layers, number};

const GZIP: &[(&str, &str)] = &[("accept-encoding", "gzip")];

/// The tiles of a zoom that hold the island.
fn cover(z: u8) -> Vec<TileCoord> {
    let corner = |lon, lat| TileCoord::containing(LonLat::new(lon, lat).unwrap().to_world(), z);
    let (nw, se) = (corner(55.0, -20.5), corner(56.0, -21.5));
    (nw.x()..=se.x()).flat_map(|x| (nw.y()..=se.y()).map(move |y| TileCoord::new(z, x, y).unwrap())).collect()
}

fn total(reply: &Reply) -> u64 {
    match reply.header("x-parvis-features").split_once('/') {
        Some((_, total)) => total.parse().unwrap(),
        None => panic!("no X-Parvis-Features"),
    }
}

#[tokio::test]
async fn a_stored_tile_goes_out_as_it_lies_in_the_archive() {
    let tile = get_with("/tiles/boundaries/0/0/0", GZIP).await;
    assert_eq!(tile.status, 200);
    assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(tile.header("content-encoding"), "gzip");
    assert_eq!(tile.header("vary"), "Accept-Encoding");
    let edition = shared().state.data().edition(&shared().edition).unwrap();
    let archive = parvis_tiles::archive::Archive::open(&edition.part("boundaries", "pmtiles").unwrap().path).unwrap();
    assert_eq!(tile.body, archive.get(TileCoord::ROOT).unwrap());
    let plain = get("/tiles/boundaries/0/0/0.mvt").await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.body, decompress(&tile.body, 1 << 20).unwrap());
    assert_ne!(plain.header("etag"), tile.header("etag"), "each coding has its own tag");
    let again = get_with("/tiles/boundaries/0/0/0", &[("if-none-match", tile.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, tile.header("etag")));
}

#[tokio::test]
async fn what_is_answered_before_the_router_is_what_the_router_answers() {
    let mut front = Front::new(shared().state.clone());
    let edition = &shared().edition;
    for path in [
        "/tiles/boundaries/0/0/0",
        "/tiles/boundaries/9/334/286.mvt",
        &format!("/tiles/boundaries/9/334/286?edition={edition}"),
        "/tiles/boundaries/12/0/0",
        "/tiles/boundaries/9/334/286?edition=2020-01-01T00-00-00Z-00000000",
        "/tiles/boundaries/9/334/286?theme=food",
        "/tiles/boundaries/1/2/0",
        "/tiles/boundaries/13/0/0",
        "/tiles/actors/0/0/0",
        "/lookup?lon=55.2&lat=-21",
    ] {
        for headers in [GZIP, &[], &[("accept-encoding", "gzip"), ("if-none-match", "*")]] {
            let expected = get_with(path, headers).await;
            let mut request = Request::builder().uri(path).header("host", "parvis.test");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = front.call(request.body(Body::empty()).unwrap()).await.unwrap();
            let (mut parts, body) = response.into_parts();
            let mut headers = expected.headers.clone();
            // What two answers of the router differ in.
            for name in ["content-length", "server-timing"] {
                parts.headers.remove(name);
                headers.remove(name);
            }
            assert_eq!((parts.status, parts.headers), (expected.status, headers), "{path}");
            assert_eq!(to_bytes(body, 1 << 20).await.unwrap().to_vec(), expected.body, "{path}");
        }
    }
}

#[tokio::test]
async fn points_and_clusters_sum_to_what_items_count() {
    for z in [0, 4, 7, 9, 12, 14] {
        let mut sum = 0;
        for at in cover(z) {
            let tile = get_with(&format!("/tiles/actors/{at}"), GZIP).await;
            sum += total(&tile);
            assert_eq!(tile.status.as_u16(), if total(&tile) == 0 { 204 } else { 200 });
        }
        assert_eq!(sum, PLACED as u64, "zoom {z}");
    }
}

#[tokio::test]
async fn a_filter_means_the_same_on_tiles_and_items() {
    for query in ["theme=food,energy", "within=municipality:97411&kind=place", "example=true&bbox=55,-21,56,-20"] {
        let items = get(&format!("/collections/actors/items?{query}&limit=50000")).await.json();
        let items = items["features"].as_array().unwrap();
        let placed = items.iter().filter(|f| !f["geometry"].is_null()).count();
        let tile = get_with(&format!("/tiles/actors/0/0/0?{query}"), GZIP).await;
        assert_eq!(total(&tile), placed as u64, "{query}");
    }
    let day = get("/tiles/events/0/0/0?datetime=2026-03-05").await;
    assert_eq!(total(&day), 1);
}

#[tokio::test]
async fn the_territory_holds_boundaries_and_points() {
    let tile = get("/tiles/territory/9/334/286").await;
    let text = String::from_utf8_lossy(&tile.body).into_owned();
    for layer in ["municipalities", "boundary_lines", "actor"] {
        assert!(text.contains(layer), "{layer}");
    }
    assert!(text.contains("h3"), "cells are there too");
    let world = get("/tiles/territory/0/0/0").await;
    assert_eq!(total(&world), (PLACED + EVENTS) as u64);
    let associations = get("/tiles/territory/0/0/0?kind=association").await;
    assert_eq!(total(&associations), 50, "a kind of actors leaves no event");
    get("/tiles/territory/0/0/0?kind=nonsense").await.problem(400);
}

#[tokio::test]
async fn empty_is_204_and_what_cannot_be_is_4xx() {
    let empty = get("/tiles/boundaries/12/0/0").await;
    assert_eq!((empty.status.as_u16(), empty.body.len()), (204, 0));
    assert_eq!(get("/tiles/events/14/0/0").await.status, 204);
    for bad in ["boundaries/3/8/0", "boundaries/a/0/0", "actors/2/0/4", "actors/2/-1/0", "actors/2/0/0.png"] {
        get(&format!("/tiles/{bad}")).await.problem(400);
    }
    for missing in ["boundaries/13/0/0", "actors/15/0/0", "heat/15/0/0", "WebMercatorQuad/0/0/0"] {
        get(&format!("/tiles/{missing}")).await.problem(404);
    }
    get("/tiles/boundaries/0/0/0?theme=food").await.problem(400);
    get("/tiles/actors/0/0/0?limit=1").await.problem(400);
}

#[tokio::test]
async fn tilejson_leads_to_tiles_that_never_change() {
    let list = get("/tiles").await.json();
    assert_eq!(list["numberMatched"], 5);
    for tileset in list["tilesets"].as_array().unwrap() {
        let name = tileset["id"].as_str().unwrap();
        let described = get(&format!("/tiles/{name}")).await.json();
        assert_eq!(described["tilejson"], "3.0.0");
        assert_eq!(described["bounds"], serde_json::json!([55.0, -21.5, 56.0, -20.5]));
        assert!(
            described["attribution"]
                .as_str()
                .unwrap()
                .contains("Prod &#60;b&#62;ucer, 2024-01-01, Licence Ouverte 2.0")
        );
        assert!(!described["vector_layers"].as_array().unwrap().is_empty());
        let template = described["tiles"][0].as_str().unwrap();
        let url = template.replace("{z}", "0").replace("{x}", "0").replace("{y}", "0");
        let tile = get(url.strip_prefix("http://parvis.test").unwrap()).await;
        assert_eq!(tile.status, 200, "{url}");
        assert_eq!(tile.header("cache-control"), "public, max-age=31536000, immutable");
    }
}

/// The counts of the distinct cells of all tiles of a zoom.
async fn cells(z: u8, query: &str) -> BTreeMap<u64, i64> {
    let mut cells = BTreeMap::new();
    for at in cover(z) {
        let tile = get(&format!("/tiles/heat/{at}?{query}")).await;
        for feature in layers(&tile.body).into_iter().filter(|l| l.name == "h3").flat_map(|l| l.features) {
            let before = cells.insert(feature.id, number(&feature, "count"));
            assert!(before.is_none_or(|count| count == number(&feature, "count")), "one count in all tiles");
        }
    }
    cells
}

#[tokio::test]
async fn cells_count_what_a_filter_takes_at_every_zoom() {
    for (query, actors, events) in [
        ("", PLACED, EVENTS),
        ("collections=actors", PLACED, 0),
        ("collections=events", 0, EVENTS),
        ("datetime=2026-03-05&collections=events", 0, 1),
        ("kind=association", PLACED / 6, 0),
        ("example=true&collections=actors", PLACED / 2, 0),
    ] {
        for z in [0, 5, 9, 11] {
            let counted: i64 = cells(z, query).await.values().sum();
            assert_eq!(counted, (actors + events) as i64, "{query} at {z}");
        }
        let world = get_with(&format!("/tiles/heat/0/0/0?{query}"), GZIP).await;
        assert_eq!(total(&world), (actors + events) as u64, "{query}");
    }
    get("/tiles/heat/0/0/0?kind=nonsense").await.problem(400);
    get("/tiles/heat/0/0/0?collections=towns").await.problem(400);
}

#[tokio::test]
async fn a_collection_has_tiles_of_its_own_with_rows_before_columns() {
    let whole = get("/tiles/boundaries/9/334/286").await;
    let part = get("/collections/municipalities/tiles/WebMercatorQuad/9/286/334").await;
    assert_eq!((part.status.as_u16(), part.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    let names = |body: &[u8]| layers(body).into_iter().map(|l| l.name).collect::<Vec<_>>();
    assert!(names(&whole.body).len() > 4);
    assert_eq!(names(&part.body), ["municipalities"]);
    let ids = |body: &[u8]| {
        let layer = layers(body).into_iter().find(|l| l.name == "municipalities");
        layer.map_or(Vec::new(), |l| l.features.into_iter().map(|f| f.id).collect())
    };
    assert_eq!(ids(&part.body), ids(&whole.body));
    let one = get("/collections/municipalities/tiles/WebMercatorQuad/9/286/334?within=municipality:97411").await;
    assert_eq!(ids(&one.body), [parvis_model::mvt_id("municipality:97411")]);
    get("/collections/municipalities/tiles/WebMercatorQuad/9/286/334?theme=food").await.problem(400);
    let actors = get_with("/collections/actors/tiles/WebMercatorQuad/9/286/334?theme=food", GZIP).await;
    assert_eq!(actors.body, get_with("/tiles/actors/9/334/286?theme=food", GZIP).await.body);
    get("/collections/actors/tiles/WebMercatorQuad/2/0/4").await.problem(400);
    for missing in
        ["actors/tiles/WebMercatorQuad/15/0/0", "countries/tiles/WebMercatorQuad/13/0/0", "actors/tiles/WGS84/0/0/0"]
    {
        get(&format!("/collections/{missing}")).await.problem(404);
    }
}

#[tokio::test]
async fn chosen_collections_are_the_layers_in_their_order() {
    let tile = get("/tiles/territory/9/334/286?collections=actors,municipalities").await;
    let names: Vec<String> = layers(&tile.body).into_iter().map(|l| l.name).collect();
    assert_eq!(names.first().map(String::as_str), Some("h3"));
    assert_eq!(names.last().map(String::as_str), Some("municipalities"), "{names:?}");
    assert!(names.iter().all(|n| ["h3", "actors", "actor_clusters", "municipalities"].contains(&n.as_str())));
    let described = get("/tiles/territory?collections=http://parvis.test/collections/events&theme=food").await.json();
    let of = |d: &serde_json::Value| {
        d["vector_layers"].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&described), ["h3", "events", "event_clusters"]);
    let url = described["tiles"][0].as_str().unwrap();
    assert!(url.contains("theme=food") && url.contains("collections="), "{url}");
    get("/tiles/actors?theme=blurb").await.problem(400);
}
