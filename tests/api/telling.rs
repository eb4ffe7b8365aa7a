//! Items told otherwise: sorted, in part, without geometry, in another CRS or language.

use std::collections::BTreeSet;

use serde_json::Value;

use super::client::get;
use super::fixture::{ACTORS, shared};

async fn features(path: &str) -> Vec<Value> {
    get(path).await.json()["features"].as_array().unwrap().clone()
}

/// The features of all pages, by their `next` links.
async fn all_pages(first: &str) -> Vec<Value> {
    let mut path = first.to_owned();
    let mut all = Vec::new();
    loop {
        let page = get(&path).await.json();
        all.extend(page["features"].as_array().unwrap().iter().cloned());
        let next = page["links"].as_array().unwrap().iter().find(|l| l["rel"] == "next").cloned();
        let Some(next) = next else { return all };
        next["href"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap().clone_into(&mut path);
    }
}

#[tokio::test]
async fn sorted_pages_give_every_row_once_in_order() {
    let all =
        all_pages("/collections/actors/items?sortby=kind,-name&limit=77&properties=kind,name&skipGeometry=true").await;
    let ids: BTreeSet<&str> = all.iter().map(|f| f["id"].as_str().unwrap()).collect();
    assert_eq!((all.len(), ids.len()), (ACTORS, ACTORS));
    let key = |f: &Value| {
        let text = |name: &str| f["properties"][name].as_str().unwrap().to_owned();
        (text("kind"), std::cmp::Reverse(parvis_model::fold(&text("name"))))
    };
    assert!(all.is_sorted_by_key(key));
}

#[tokio::test]
async fn a_filter_narrows_an_order_and_nulls_come_last() {
    let west = all_pages("/collections/actors/items?sortby=-id&within=municipality:97411&limit=50").await;
    let plain = features("/collections/actors/items?within=municipality:97411&limit=1000").await;
    assert_eq!(west.len(), plain.len());
    assert!(west.is_sorted_by(|a, b| a["id"].as_str() > b["id"].as_str()));
    for way in ["", "-"] {
        let all = features(&format!("/collections/actors/items?sortby={way}lon&limit=1000&properties=lon")).await;
        let placed = all.iter().take_while(|f| !f["properties"]["lon"].is_null()).count();
        assert!(all[placed..].iter().all(|f| f["properties"]["lon"].is_null()) && placed < all.len());
    }
}

#[tokio::test]
async fn what_is_near_comes_in_pages_by_its_distance() {
    // On a sphere: a hundredth from what the ellipsoid says at most.
    let metres = |f: &Value| {
        let place = f["geometry"]["coordinates"].as_array().unwrap();
        let [lon, lat] = [0, 1].map(|i| place[i].as_f64().unwrap().to_radians());
        let (lon0, lat0) = (55.45_f64.to_radians(), (-21.0_f64).to_radians());
        let half = ((lat - lat0) / 2.0).sin().powi(2) + lat.cos() * lat0.cos() * ((lon - lon0) / 2.0).sin().powi(2);
        2.0 * 6_371_009.0 * half.sqrt().asin()
    };
    let near = "near=55.45,-21.0&radius=30000";
    let plain = features(&format!("/collections/actors/items?{near}&limit=1000")).await;
    assert!(plain.len() > 20 && plain.len() < ACTORS);
    for (way, themes) in [("", ""), ("-", ""), ("", "&theme=food,energy")] {
        let all = all_pages(&format!("/collections/actors/items?{near}&sortby={way}distance,id&limit=7{themes}")).await;
        let ids: BTreeSet<&str> = all.iter().map(|f| f["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(all.len() == plain.len(), themes.is_empty());
        let before = |a: &Value, b: &Value| {
            if way == "-" { metres(a) * 1.01 >= metres(b) } else { metres(a) <= metres(b) * 1.01 }
        };
        assert!(all.is_sorted_by(before), "{way}distance");
    }
    let page = get(&format!("/collections/actors/items?{near}&sortby=distance&limit=5")).await.json();
    let next = page["links"].as_array().unwrap().iter().find(|l| l["rel"] == "next").unwrap()["href"].clone();
    let cursor = next.as_str().unwrap().split("cursor=").nth(1).unwrap().to_owned();
    let elsewhere = "near=55.46,-21.0&radius=30000&sortby=distance";
    get(&format!("/collections/actors/items?{elsewhere}&cursor={cursor}")).await.problem(400);
    for bad in [
        "sortby=distance",
        "near=55,-21&radius=9&sortby=name,distance",
        "near=55,-21&radius=9&sortby=distance,distance",
    ] {
        get(&format!("/collections/actors/items?{bad}")).await.problem(400);
    }
    let sortables = |query: &'static str| async move {
        get(&format!("/collections/actors/sortables{query}")).await.json()["properties"]["distance"].is_object()
    };
    assert!(sortables("?near=55.45,-21.0&radius=5").await && !sortables("").await);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_order() {
    let page = get("/collections/actors/items?sortby=name&limit=5").await.json();
    let next = page["links"].as_array().unwrap().iter().find(|l| l["rel"] == "next").unwrap()["href"].clone();
    let cursor = next.as_str().unwrap().split("cursor=").nth(1).unwrap().to_owned();
    get(&format!("/collections/actors/items?cursor={cursor}")).await.problem(400);
    get(&format!("/collections/actors/items?sortby=-name&cursor={cursor}")).await.problem(400);
    assert_eq!(get(&format!("/collections/actors/items?sortby=name&cursor={cursor}")).await.status, 200);
    let plain = format!("{}.5", shared().edition);
    get(&format!("/collections/actors/items?sortby=name&cursor={plain}")).await.problem(400);
}

#[tokio::test]
async fn what_cannot_be_told_is_refused() {
    for bad in [
        "sortby=geometry",
        "sortby=names",
        "sortby=name,-name",
        "sortby=a,b,c,d,e,f",
        "properties=geometry",
        "properties=name,nothing",
        "skipGeometry=maybe",
        "lang=de",
        "f=csv&crs=http://www.opengis.net/def/crs/EPSG/0/2154",
    ] {
        get(&format!("/collections/municipalities/items?{bad}")).await.problem(400);
    }
    get("/collections/municipalities/items/municipality:97411?sortby=name").await.problem(400);
}

#[tokio::test]
async fn some_properties_in_every_format() {
    let url = "/collections/municipalities/items?properties=name,code&sortby=code";
    let page = features(url).await;
    assert_eq!(page[0]["properties"], serde_json::json!({ "code": "97411", "name": "Saint-Denis" }));
    assert!(page[0]["geometry"].is_object());
    let csv = get(&format!("{url}&f=csv")).await;
    assert_eq!(
        csv.text().lines().collect::<Vec<_>>(),
        ["code,name", "97411,Saint-Denis", "97415,Saint-Paul", "97424,Cilaos"]
    );
    let lines = get(&format!("{url}&f=geojsonseq&skipGeometry=true")).await;
    assert_eq!(lines.header("content-type"), "application/geo+json-seq");
    let lines: Vec<Value> =
        lines.text().lines().map(|l| serde_json::from_str(l.strip_prefix('\u{1e}').unwrap()).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|f| f["geometry"].is_null() && f["properties"].as_object().unwrap().len() == 2));
    assert!(lines[0]["id"].is_string(), "the id is no property to leave out");
}

#[tokio::test]
async fn a_page_as_stored_is_the_stored_text() {
    let snapshot_line = |row| {
        let bundle = shared().state.current().unwrap();
        bundle.snapshot().geojson(parvis_model::Collection::Actors, row).to_vec()
    };
    let lines = get("/collections/actors/items?f=geojsonseq&limit=3").await;
    let expected: Vec<u8> =
        (0..3).flat_map(|row| [b"\x1e".to_vec(), snapshot_line(row), b"\n".to_vec()].concat()).collect();
    assert_eq!(lines.body, expected);
}

#[tokio::test]
async fn single_features_take_crs_and_properties() {
    let url = "/collections/municipalities/items/municipality:97411?properties=name&crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    let reply = get(url).await;
    assert_eq!(reply.header("content-crs"), "<http://www.opengis.net/def/crs/EPSG/0/4326>");
    let feature = reply.json();
    assert_eq!(feature["properties"], serde_json::json!({ "name": "Saint-Denis" }));
    let first = &feature["geometry"]["coordinates"][0][0][0];
    assert!((-22.0..-20.0).contains(&first[0].as_f64().unwrap()), "latitude first: {first}");
    assert!(feature["links"][0]["href"].as_str().unwrap().contains("crs="));
}
