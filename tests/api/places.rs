//! Units and their family, lookup, search, postal codes.

use serde_json::{Value, json};

use super::client::get;

fn ids(list: &Value) -> Vec<&str> {
    list["units"].as_array().unwrap().iter().map(|u| u["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_unit_is_a_feature_with_links() {
    let reply = get("/admin-units/municipality:97411").await;
    assert_eq!(reply.header("content-type"), "application/geo+json");
    let unit = reply.json();
    assert_eq!(unit["properties"]["name"], "Saint-Denis");
    assert_eq!(unit["geometry"]["type"], "MultiPolygon");
    for link in unit["links"].as_array().unwrap() {
        let path = link["href"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap();
        assert_eq!(get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_unit_has_children_and_ancestors() {
    let children = get("/admin-units/department:974/children").await.json();
    assert_eq!(children["numberMatched"], 4);
    assert!(ids(&children).contains(&"municipality:97424"), "the one without a boundary too");
    assert!(ids(&children).contains(&"intercommunality:249740119"));
    assert_eq!((&children["unit"]["id"], &children["unit"]["level"]), (&json!("department:974"), &json!(3)));
    let boxed = |unit: &Value| unit["bbox"].as_array().is_some_and(|b| b.len() == 4);
    assert!(boxed(&children["unit"]) && children["units"].as_array().unwrap().iter().any(boxed));
    let members = get("/admin-units/intercommunality:249740119/children").await.json();
    assert_eq!(ids(&members), ["municipality:97411"]);
    let above = get("/admin-units/neighbourhood:97499/ancestors").await.json();
    let expected = ["country:FR", "region:04", "department:974", "intercommunality:249740119", "municipality:97411"];
    assert_eq!(ids(&above), expected);
    for id in ["municipality:97411", "department:974"] {
        let beside = get(&format!("/admin-units/{id}/neighbours")).await.json();
        for other in ids(&beside) {
            let back = get(&format!("/admin-units/{other}/neighbours")).await.json();
            assert!(ids(&back).contains(&id), "{other} is beside {id}, and {id} not beside it");
        }
    }
    let beside = get("/admin-units/municipality:97411/neighbours").await.json();
    assert!(!ids(&beside).is_empty());
}

#[tokio::test]
async fn another_name_of_a_unit_redirects_for_good() {
    for (path, target) in [
        ("/admin-units/country:RE", "/admin-units/region:04"),
        ("/admin-units/country:RE/children?f=json", "/admin-units/region:04/children?f=json"),
        ("/admin-units/municipality:97499", "/admin-units/municipality:97411"),
        ("/admin-units/municipality:97498/ancestors", "/admin-units/municipality:97415/ancestors"),
    ] {
        let reply = get(path).await;
        assert_eq!(reply.status, 308, "{path}");
        assert_eq!(reply.header("location"), format!("http://parvis.test{target}"));
    }
    get("/admin-units/country:GP").await.problem(404);
    get("/admin-units/municipality:00000").await.problem(404);
}

#[tokio::test]
async fn the_quality_of_a_boundary_comes_on_request() {
    let plain = get("/admin-units/municipality:97411").await.json();
    assert!(plain.get("quality").is_none());
    let unit = get("/admin-units/municipality:97411?include=quality").await.json();
    assert_eq!(unit["quality"]["status"], "complete");
    let [issue] = &unit["quality"]["issues"].as_array().unwrap()[..] else { panic!("{unit}") };
    assert_eq!((&issue["code"], &issue["detail"]), (&json!("touching-ways"), &json!("ways 1 and 2")));
    assert!(unit["links"].is_array());
    let other = get("/admin-units/municipality:97415?include=quality").await.json();
    assert_eq!(other["quality"]["issues"], json!([]));
    get("/admin-units/municipality:97411?include=everything").await.problem(400);
}

#[tokio::test]
async fn lookup_tells_every_level_of_a_point() {
    let found = get("/lookup?lon=55.2&lat=-20.9").await.json();
    assert_eq!((&found["lon"], &found["lat"]), (&json!(55.2), &json!(-20.9)));
    let levels: Vec<u64> = found["units"].as_array().unwrap().iter().map(|u| u["level"].as_u64().unwrap()).collect();
    assert_eq!(levels, [1, 2, 3, 4, 5, 6]);
    let municipality = &found["units"][4];
    assert_eq!(municipality["id"], "municipality:97411");
    assert_eq!((&municipality["code"], &municipality["name"]), (&json!("97411"), &json!("Saint-Denis")));
    assert_eq!(get("/lookup?lon=0&lat=0").await.json()["units"], json!([]), "the open sea");
    for bad in ["", "?lon=1", "?lon=1&lat=x", "?lon=181&lat=0", "?lon=0&lat=91", "?lon=NaN&lat=0", "?lon=1&lat=1&z=1"] {
        get(&format!("/lookup{bad}")).await.problem(400);
    }
}

#[tokio::test]
async fn search_finds_by_prefix_and_type() {
    let found = get("/search?q=saint-de&lang=fr").await.json();
    assert_eq!(found["results"][0]["id"], "municipality:97411");
    assert_eq!((&found["results"][0]["type"], &found["results"][0]["level"]), (&json!("unit"), &json!(5)));
    let actors = get("/search?q=jardin&type=actor&limit=3").await.json();
    assert_eq!(actors["results"].as_array().unwrap().len(), 3);
    assert!(actors["results"].as_array().unwrap().iter().all(|r| r["type"] == "actor"));
    let codes = get("/search?q=974&type=postcode").await.json();
    assert_eq!(codes["results"][0]["id"], "97400");
    for bad in ["", "?q=", "?q=%20", "?q=a&type=person", "?q=a&limit=0", &format!("?q={}", "a".repeat(201))] {
        get(&format!("/search{bad}")).await.problem(400);
    }
}

#[tokio::test]
async fn what_is_made_up_says_so() {
    let events = get("/search?q=fete&type=event").await.json();
    assert_eq!(events["results"][0]["example"], true);
    let units = get("/search?q=saint&type=unit").await.json();
    assert!(units["results"][0].get("example").is_none());
}

#[tokio::test]
async fn a_postal_code_has_every_municipality() {
    let found = get("/postcodes/97400").await.json();
    assert_eq!((&found["postcode"], &found["numberMatched"]), (&json!("97400"), &json!(2)));
    get("/postcodes/00000").await.problem(404);
    get("/postcodes/%27%20OR%201=1").await.problem(404);
}
