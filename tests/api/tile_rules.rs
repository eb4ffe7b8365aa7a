//! The rules of tiles of points, under filters of different kinds, from zoom 0 to the deepest.

use std::collections::BTreeSet;

use mvt_reader::feature::Value;
use parvis_model::{LonLat, TileCoord};
use parvis_tiles::MAX_TILE_BYTES;
use parvis_tiles::gzip::compress;

use super::client::{get, get_with};
use super::mvt::{layers, number};

const FILTERS: [(&str, &str); 9] = [
    ("actors", ""),
    ("actors", "theme=food"),
    ("actors", "theme=food,energy&kind=place,project"),
    ("actors", "within=municipality:97411&example=true"),
    ("actors", "bbox=55.2,-21.2,55.6,-20.9"),
    ("actors", "postcode=97499"),
    ("events", ""),
    ("events", "datetime=2026-03-05T11:00:00Z/2026-03-12"),
    ("events", "bbox=170,-90,55.5,90"),
];

/// The tiles of a zoom that hold the island, and one beyond on every side.
fn cover(z: u8) -> Vec<TileCoord> {
    let corner = |lon, lat| TileCoord::containing(LonLat::new(lon, lat).unwrap().to_world(), z);
    let (nw, se) = (corner(55.0, -20.5), corner(56.0, -21.5));
    let grow = |least: u32, most: u32| least.saturating_sub(1)..=(most + 1).min((1 << z) - 1);
    grow(nw.x(), se.x()).flat_map(|x| grow(nw.y(), se.y()).map(move |y| TileCoord::new(z, x, y).unwrap())).collect()
}

/// The located features of a filter, by items.
async fn located(collection: &str, query: &str) -> usize {
    let page = get(&format!("/collections/{collection}/items?limit=50000&{query}")).await.json();
    page["features"].as_array().unwrap().iter().filter(|f| !f["geometry"].is_null()).count()
}

#[tokio::test]
async fn every_zoom_has_everything_once_and_what_is_drawn_stays() {
    for (collection, query) in FILTERS {
        let expected = located(collection, query).await as i64;
        let mut before = BTreeSet::new();
        for z in [0, 5, 8, 9, 10, 11] {
            let (mut drawn, mut counted) = (BTreeSet::new(), 0);
            for at in cover(z) {
                let tile = get(&format!("/tiles/{collection}/{at}?{query}")).await;
                assert!(compress(&tile.body).len() <= MAX_TILE_BYTES);
                let (mut shown, mut total) = (0, 0);
                for layer in layers(&tile.body) {
                    for feature in layer.features {
                        if layer.name == collection {
                            let Value::String(id) = &feature.properties["id"] else { panic!("no id") };
                            assert_eq!(feature.id, parvis_model::mvt_id(id));
                            assert!(drawn.insert(id.clone()), "{id} is in two tiles of {z}: {query}");
                            shown += 1;
                        } else {
                            assert!(number(&feature, "count") > 1);
                            total += number(&feature, "count");
                        }
                    }
                }
                total += shown;
                counted += total;
                assert_eq!(tile.header("x-parvis-features"), format!("{shown}/{total}"), "{at}?{query}");
                assert_eq!(tile.status == 204, total == 0);
            }
            assert_eq!(counted, expected, "{collection} at {z}: {query}");
            assert!(before.is_subset(&drawn), "what is drawn at a zoom is drawn at the next: {query}");
            before = drawn;
        }
    }
}

#[tokio::test]
async fn the_deepest_zoom_draws_every_place_on_its_own() {
    let page = get("/collections/actors/items?limit=50000&theme=food").await.json();
    for feature in page["features"].as_array().unwrap().iter().filter(|f| !f["geometry"].is_null()).take(30) {
        let place = &feature["geometry"]["coordinates"];
        let place = LonLat::new(place[0].as_f64().unwrap(), place[1].as_f64().unwrap()).unwrap();
        let at = TileCoord::containing(place.to_world(), 14);
        let tile = get(&format!("/tiles/actors/{at}?theme=food")).await;
        let layers = layers(&tile.body);
        assert!(layers.iter().all(|l| l.name == "actors"), "no place of the island is shared");
        let id = parvis_model::mvt_id(feature["id"].as_str().unwrap());
        assert!(layers[0].features.iter().any(|f| f.id == id));
    }
}

#[tokio::test]
async fn the_same_request_gives_the_same_bytes_made_anew_or_kept() {
    let fresh = super::fixture::Fixture::new(parvis::http::ServeOptions::default());
    for path in
        ["/tiles/actors/9/334/286?kind=place,project", "/tiles/heat/6/41/35?theme=food", "/tiles/territory/9/334/286"]
    {
        let gzip = [("accept-encoding", "gzip")];
        let (first, again) = (get_with(path, &gzip).await, get_with(path, &gzip).await);
        let other = super::client::send(&fresh.router, http::Method::GET, path, &gzip).await;
        assert_eq!(first.status, 200, "{path}");
        assert_eq!((&first.body, &first.body), (&again.body, &other.body), "{path}");
        let order = path.replace("kind=place,project", "kind=project,place");
        assert_eq!(get_with(&order, &gzip).await.header("etag"), first.header("etag"), "one filter, one tag");
    }
}
