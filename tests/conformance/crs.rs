//! OGC API Features part 2.

use serde_json::Value;

use super::walk::{collections, definition, items, parameter};
use crate::api::client::get;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

fn uris(collection: &Value) -> Vec<String> {
    collection["crs"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn ogcapi_features_2_crs() {
    for collection in collections().await {
        let listed = uris(&collection);
        // /conf/crs/crs-uri, default-crs, storageCrs.
        assert!(listed.iter().all(|uri| uri.starts_with("http://www.opengis.net/def/crs/")));
        assert!(listed.iter().any(|uri| uri == CRS84));
        assert_eq!(collection["storageCrs"], CRS84);
        assert!(listed.len() >= 21);
        // /conf/crs/crs-parameter-default.
        let (plain, features) = items(&collection, "limit=3").await;
        assert_eq!(plain.header("content-crs"), format!("<{CRS84}>"));
        // /conf/crs/crs-parameter, on items and on one.
        for uri in &listed {
            let (reply, told) = items(&collection, &format!("limit=3&crs={uri}")).await;
            assert_eq!(reply.header("content-crs"), format!("<{uri}>"));
            let ids = |all: &[Value]| all.iter().map(|f| f["id"].clone()).collect::<Vec<_>>();
            assert_eq!(ids(&told), ids(&features), "{uri}");
            if let Some(feature) = told.first() {
                let path = format!(
                    "/collections/{}/items/{}",
                    collection["id"].as_str().unwrap(),
                    feature["id"].as_str().unwrap()
                );
                let own = get(&format!("{path}?crs={uri}")).await;
                assert_eq!(own.header("content-crs"), format!("<{uri}>"));
                assert_eq!(own.json()["geometry"], feature["geometry"], "{uri}");
                get(&format!("{path}?crs=nothing")).await.problem(400);
            }
        }
        // /conf/crs/crs-parameter-invalid, bbox-crs-parameter-invalid.
        for bad in ["crs=http://www.opengis.net/def/crs/EPSG/0/99999", "crs=EPSG:4326", "bbox-crs=nothing&bbox=1,2,3,4"]
        {
            get(&format!("/collections/{}/items?{bad}", collection["id"].as_str().unwrap())).await.problem(400);
        }
        transformed(&collection).await;
        boxes(&collection).await;
    }
    let api = definition().await;
    for name in ["crs", "bbox-crs"] {
        let declared = parameter(&api, "/collections/{collection}/items", name);
        assert_eq!(
            (declared["schema"]["type"].as_str(), declared["schema"]["format"].as_str()),
            (Some("string"), Some("uri"))
        );
    }
}

/// /conf/crs/crs-parameter-transform: latitude first where the CRS says so, metres where it counts them.
async fn transformed(collection: &Value) {
    let first = |features: &[Value]| {
        let located = features.iter().find(|f| !f["geometry"].is_null())?;
        let coordinates = &located["geometry"]["coordinates"];
        let place = if coordinates[0].is_array() { &coordinates[0][0][0] } else { coordinates };
        Some([place[0].as_f64().unwrap(), place[1].as_f64().unwrap()])
    };
    let (_, stored) = items(collection, "limit=20").await;
    let Some([lon, lat]) = first(&stored) else { return };
    let uri = |code: u32| format!("limit=20&crs=http://www.opengis.net/def/crs/EPSG/0/{code}");
    let (_, swapped) = items(collection, &uri(4326)).await;
    assert_eq!(first(&swapped), Some([lat, lon]));
    let (_, mercator) = items(collection, &uri(3857)).await;
    let [x, y] = first(&mercator).unwrap();
    assert!((x - lon * 111_319.490_793).abs() < 0.01, "{x}");
    assert!((-2_450_000.0..-2_300_000.0).contains(&y), "{y}");
    // RGR92 / UTM 40 S: La Réunion lies west of its meridian, 57 degrees.
    let (_, utm) = items(collection, &uri(2975)).await;
    let [easting, northing] = first(&utm).unwrap();
    assert!((250_000.0..450_000.0).contains(&easting) && (7_600_000.0..7_750_000.0).contains(&northing));
}

/// /conf/crs/bbox-crs-parameter, bbox-crs-parameter-default: the same box in any CRS takes what it takes in degrees.
async fn boxes(collection: &Value) {
    let matched = |reply: crate::api::client::Reply| reply.json()["numberMatched"].as_u64().unwrap();
    let (plain, _) = items(collection, "limit=1&bbox=55.1,-21.3,55.4,-20.9").await;
    let (named, _) = items(collection, &format!("limit=1&bbox=55.1,-21.3,55.4,-20.9&bbox-crs={CRS84}")).await;
    let epsg = "http://www.opengis.net/def/crs/EPSG/0";
    let (swapped, _) = items(collection, &format!("limit=1&bbox=-21.3,55.1,-20.9,55.4&bbox-crs={epsg}/4326")).await;
    let corner = |lon, lat| parvis_model::LonLat::new(lon, lat).unwrap().to_mercator();
    let (least, most) = (corner(55.1, -21.3), corner(55.4, -20.9));
    let metres = format!("limit=1&bbox={},{},{},{}&bbox-crs={epsg}/3857", least.x, least.y, most.x, most.y);
    let (metres, _) = items(collection, &metres).await;
    let expected = matched(plain);
    assert_eq!((matched(named), matched(swapped), matched(metres)), (expected, expected, expected));
}
