//! Collections and items.

use std::collections::{BTreeMap, BTreeSet};

use super::client::{get, get_with};
use super::fixture::{ACTORS, EVENTS, PLACED, shared};

async fn matched(path: &str) -> u64 {
    get(path).await.json()["numberMatched"].as_u64().unwrap()
}

#[tokio::test]
async fn collections_are_described_with_links_that_work() {
    let list = get("/collections").await.json();
    assert_eq!(list["numberReturned"], 8);
    for collection in list["collections"].as_array().unwrap() {
        let id = collection["id"].as_str().unwrap();
        assert_eq!(get(&format!("/collections/{id}")).await.json()["id"], id);
        for link in collection["links"].as_array().unwrap() {
            let href = link["href"].as_str().unwrap();
            let Some(path) = href.strip_prefix("http://parvis.test") else { continue };
            let status = get(path).await.status.as_u16();
            assert!(status == 200 || status == 307, "{path}: {status}");
        }
    }
    let events = get("/collections/events").await.json();
    assert_eq!(events["extent"]["temporal"]["interval"][0][0], "2026-03-01T10:00:00Z");
    get("/collections/persons").await.problem(404);
}

#[tokio::test]
async fn items_page_to_the_end_each_once() {
    let mut path = "/collections/actors/items?limit=77".to_owned();
    let mut seen = BTreeSet::new();
    let mut pages = 0;
    loop {
        let page = get(&path).await.json();
        assert_eq!(page["type"], "FeatureCollection");
        assert_eq!(page["numberMatched"], ACTORS);
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"], features.len());
        seen.extend(features.iter().map(|f| f["id"].as_str().unwrap().to_owned()));
        pages += 1;
        let links = page["links"].as_array().unwrap();
        let Some(next) = links.iter().find(|l| l["rel"] == "next") else { break };
        let href = next["href"].as_str().unwrap();
        assert!(href.contains("limit=77") && href.contains(shared().edition.as_str()), "{href}");
        path = href.strip_prefix("http://parvis.test").unwrap().to_owned();
    }
    assert_eq!((seen.len(), pages), (ACTORS, 5));
}

#[tokio::test]
async fn a_page_has_the_links_and_headers_of_ogc() {
    let reply = get("/collections/events/items?limit=1").await;
    assert_eq!(reply.header("content-type"), "application/geo+json");
    assert_eq!(reply.header("content-crs"), "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>");
    assert!(reply.header("link").contains("rel=\"next\""));
    let page = reply.json();
    let rels: Vec<&str> = page["links"].as_array().unwrap().iter().map(|l| l["rel"].as_str().unwrap()).collect();
    assert_eq!(rels, ["self", "alternate", "alternate", "alternate", "collection", "next"]);
    assert!(parvis_model::Instant::parse(page["timeStamp"].as_str().unwrap()).is_some());
}

#[tokio::test]
async fn filters_narrow_and_agree_with_the_rows() {
    assert_eq!(matched("/collections/actors/items?example=true&limit=1").await, ACTORS as u64 / 2);
    get("/collections/actors/items?theme=nothing,food").await.problem(400);
    let (both, one) = ("theme=food,energy&limit=1", "theme=food&limit=1");
    assert!(
        matched(&format!("/collections/actors/items?{both}")).await
            > matched(&format!("/collections/actors/items?{one}")).await
    );
    let within = get("/collections/actors/items?within=municipality:97411&limit=1000").await.json();
    let features = within["features"].as_array().unwrap();
    assert!(!features.is_empty() && features.len() < PLACED);
    assert!(features.iter().all(|f| f["geometry"]["coordinates"][0].as_f64().unwrap() < 55.5));
    let boxed = matched("/collections/actors/items?bbox=55,-21.5,55.5,-20.5&limit=1").await;
    assert_eq!(boxed, features.len() as u64);
    assert_eq!(matched("/collections/actors/items?kind=association,place&limit=1").await, 107);
    assert_eq!(matched("/collections/events/items?limit=1").await, EVENTS as u64);
    assert_eq!(matched("/collections/events/items?datetime=2026-03-02&limit=1").await, 1);
    assert_eq!(matched("/collections/events/items?datetime=../2026-03-02T10:00:00Z&limit=1").await, 1);
    assert_eq!(matched("/collections/events/items?datetime=2026-04-01/..&limit=1").await, 9);
    assert_eq!(matched("/collections/municipalities/items?bbox=55.6,-21,55.7,-20.9").await, 1);
    assert_eq!(
        matched("/collections/municipalities/items?bbox=179,-21,-179,-20").await,
        0,
        "the antimeridian is legal"
    );
    assert_eq!(matched("/collections/municipalities/items?within=country:FR").await, 3, "the missing one too");
}

#[tokio::test]
async fn csv_by_parameter_and_by_accept() {
    let csv = get("/collections/municipalities/items?f=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert!(csv.text().starts_with("id,level,subtype,code,name"), "{}", csv.text());
    assert_eq!(csv.text().lines().count(), 4);
    let accepted = get_with("/collections/municipalities/items", &[("accept", "text/csv")]).await;
    assert_eq!(accepted.body, csv.body);
    assert!(accepted.header("vary").contains("Accept,"));
    assert!(!csv.header("vary").contains("Accept,"), "`f` decided, not Accept");
    get("/collections/municipalities/items?f=gml").await.problem(400);
}

#[tokio::test]
async fn people_get_a_table_that_says_what_is_made_up() {
    let page = get_with("/collections/events/items?limit=2", &[("accept", "text/html,*/*;q=0.8")]).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(page.text().contains("Fête") && page.text().contains("example") && page.text().contains("cursor="));
    let by_parameter = get("/collections/actors/items?f=html&bbox=55,-21,56,-20.9").await;
    assert!(by_parameter.text().contains("Jardin partagé"));
}

#[tokio::test]
async fn a_large_page_streams_whole_in_every_coding() {
    let plain = get("/collections/actors/items?limit=50000").await;
    assert!(plain.body.len() > 5_000_000, "the page is larger than what is kept in memory");
    assert_eq!(plain.json()["features"].as_array().unwrap().len(), ACTORS);
    for coding in ["gzip", "zstd"] {
        let coded = get_with("/collections/actors/items?limit=50000", &[("accept-encoding", coding)]).await;
        assert_eq!(coded.header("content-encoding"), coding);
        let opened = match coding {
            "gzip" => parvis_tiles::gzip::decompress(&coded.body, 100 << 20).unwrap(),
            _ => zstd::decode_all(coded.body.as_slice()).unwrap(),
        };
        let page: serde_json::Value = serde_json::from_slice(&opened).unwrap();
        assert_eq!(page["numberReturned"], ACTORS, "{coding}");
    }
}

#[tokio::test]
async fn one_item_has_its_links() {
    let reply = get("/collections/actors/items/actor:examples:a0007").await;
    assert_eq!(reply.header("content-type"), "application/geo+json");
    let item = reply.json();
    assert_eq!((&item["type"], &item["id"]), (&"Feature".into(), &"actor:examples:a0007".into()));
    assert_eq!(item["links"][1]["rel"], "collection");
    let event = get("/collections/events/items/event:examples:e0@20260301T100000Z").await.json();
    assert_eq!(event["properties"]["name"], "Fête 0");
    let missing = get("/collections/municipalities/items/municipality:97424").await.json();
    assert!(missing["geometry"].is_null());
    assert_eq!(missing["properties"]["status"], "missing");
    get("/collections/actors/items/actor:examples:nobody").await.problem(404);
    get("/collections/regions/items/municipality:97411").await.problem(404);
}

/// What rows say of a field, counted from the pages.
async fn counted(filter: &str, values: impl Fn(&serde_json::Value) -> Vec<String>) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let page = get(&format!("/collections/actors/items?limit=50000&{filter}")).await.json();
    for feature in page["features"].as_array().unwrap() {
        for value in values(&feature["properties"]) {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
}

#[tokio::test]
async fn facets_count_what_the_pages_hold_under_every_filter() {
    let text = |v: &serde_json::Value| v.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>();
    for filter in
        ["", "within=department:974", "theme=food,energy", "bbox=55,-21.5,55.5,-20.5&example=false", "postcode=0"]
    {
        let facets =
            get(&format!("/collections/actors/facets?by=theme,kind,municipality,example&{filter}")).await.json();
        assert_eq!(facets["numberMatched"], matched(&format!("/collections/actors/items?limit=1&{filter}")).await);
        let of = |field: &str| -> BTreeMap<String, u64> {
            let values = facets["facets"][field]["values"].as_array().unwrap();
            let counts: Vec<u64> = values.iter().map(|v| v["count"].as_u64().unwrap()).collect();
            assert!(counts.is_sorted_by(|a, b| a >= b), "the most frequent first");
            values.iter().map(|v| v["value"].as_str().unwrap().to_owned()).zip(counts).collect()
        };
        let themes = |p: &serde_json::Value| p["themes"].as_array().unwrap().iter().flat_map(text).collect();
        assert_eq!(of("theme"), counted(filter, themes).await, "{filter}");
        assert_eq!(of("kind"), counted(filter, |p| text(&p["kind"])).await, "{filter}");
        assert_eq!(of("municipality"), counted(filter, |p| text(&p["municipality_id"])).await, "{filter}");
        assert_eq!(of("example"), counted(filter, |p| vec![p["example"].to_string()]).await, "{filter}");
        let rows = |field: &str| of(field).values().sum::<u64>() + facets["facets"][field]["missing"].as_u64().unwrap();
        assert_eq!(facets["numberMatched"], rows("kind"));
        assert_eq!(facets["numberMatched"], rows("municipality"));
    }
}

#[tokio::test]
async fn facets_of_units_and_what_cannot_be_counted() {
    let facets = get("/collections/municipalities/facets?by=department&limit=1&lang=fr").await.json();
    let departments = &facets["facets"]["department"];
    assert_eq!(departments["numberReturned"], 1);
    assert!(departments["values"][0]["label"].is_string(), "{departments}");
    for bad in ["", "by=", "by=name", "by=theme&limit=0", "by=theme&x=1", "by=theme&theme=nothing"] {
        get(&format!("/collections/actors/facets?{bad}")).await.problem(400);
    }
    get("/collections/actors/aggregate?by=theme,kind").await.problem(400);
    get("/collections/municipalities/facets?by=theme").await.problem(400);
    get("/collections/municipalities/facets?by=theme&kind=none").await.problem(400);
    get("/collections/regions/facets?by=municipality").await.problem(400);
    get("/collections/persons/facets?by=kind").await.problem(404);
    get("/collections/actors/aggregate?by=day").await.problem(400);
}

#[tokio::test]
async fn an_aggregate_is_every_value_as_json_or_as_a_table() {
    let url = "/collections/actors/aggregate?by=municipality&lang=fr&within=department:974";
    let all = get(url).await.json();
    assert_eq!(all["by"], "municipality");
    let values = all["values"].as_array().unwrap();
    assert_eq!((&all["numberMatched"], &all["numberReturned"]), (&values.len().into(), &values.len().into()));
    let counted: u64 = values.iter().map(|v| v["count"].as_u64().unwrap()).sum();
    assert_eq!(all["featuresMatched"], counted + all["missing"].as_u64().unwrap());
    let table = get(&format!("{url}&f=csv")).await;
    assert!(table.header("content-type").starts_with("text/csv"));
    let text = String::from_utf8(table.body.clone()).unwrap();
    let mut lines = text.split_terminator("\r\n");
    assert_eq!(lines.next(), Some("municipality,label,count"));
    let line = |v: &serde_json::Value| {
        format!("{},{},{}", v["value"].as_str().unwrap(), v["label"].as_str().unwrap(), v["count"])
    };
    assert_eq!(lines.take(values.len()).collect::<Vec<_>>(), values.iter().map(line).collect::<Vec<_>>());
}

#[tokio::test]
async fn events_are_counted_by_the_day_they_start() {
    let items = get("/collections/events/items?limit=1000").await.json();
    let mut days = std::collections::BTreeMap::new();
    for event in items["features"].as_array().unwrap() {
        *days.entry(event["properties"]["start"].as_str().unwrap()[..10].to_owned()).or_insert(0) += 1;
    }
    let counted = get("/collections/events/aggregate?by=day").await.json();
    assert_eq!(counted["missing"], 0);
    let values = counted["values"].as_array().unwrap();
    assert_eq!(values.len(), days.len());
    for value in values {
        assert_eq!(value["count"], days[value["value"].as_str().unwrap()], "{value}");
    }
}
