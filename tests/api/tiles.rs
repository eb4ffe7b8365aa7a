//! Tiles and their descriptions.

use parvis_model::{LonLat, TileCoord};
use parvis_tiles::gzip::decompress;

use super::client::{Reply, get, get_with};
use super::fixture::{EVENTS, PLACED, shared};

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
    for missing in ["boundaries/13/0/0", "actors/15/0/0", "heat/0/0/0", "WebMercatorQuad/0/0/0"] {
        get(&format!("/tiles/{missing}")).await.problem(404);
    }
    get("/tiles/boundaries/0/0/0?theme=food").await.problem(400);
    get("/tiles/actors/0/0/0?limit=1").await.problem(400);
}

#[tokio::test]
async fn tilejson_leads_to_tiles_that_never_change() {
    let list = get("/tiles").await.json();
    assert_eq!(list["numberMatched"], 4);
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
    get("/tiles/heat").await.problem(404);
}
