//! OGC API Features part 1.

use serde_json::Value;

use super::walk::{collections, definition, html, items, json, link, links, parameter, path};
use crate::api::client::{get, get_with};

fn id(collection: &Value) -> &str {
    collection["id"].as_str().unwrap()
}

#[tokio::test]
async fn ogcapi_features_1_core() {
    let list = json("/collections").await;
    for collection in list["collections"].as_array().unwrap() {
        // /conf/core/fc-md-items, fc-md-items-links, sfc-md-op, sfc-md-success.
        assert_eq!(json(&format!("/collections/{}", id(collection))).await["id"], collection["id"]);
        let of_items = links(collection, "items");
        assert!(of_items.iter().any(|l| l["type"] == "application/geo+json"));
        assert!(of_items.iter().all(|l| l["type"].is_string()));
        pages(collection).await;
        boxes(collection).await;
        times(collection).await;
        // /conf/core/query-param-unknown, query-param-invalid.
        for bad in ["nothing=1", "limit=0", "limit=x", "bbox=1,2,3", "bbox=1,2,3,x", "datetime=soon"] {
            get(&format!("/collections/{}/items?{bad}", id(collection))).await.problem(400);
        }
        features(collection).await;
    }
}

/// /conf/core/fc-op, fc-links, fc-limit-response, fc-timeStamp, fc-numberMatched, fc-numberReturned.
async fn pages(collection: &Value) {
    let (reply, first) = items(collection, "limit=1").await;
    let page = reply.json();
    assert!(first.len() <= 1);
    assert!(!links(&page, "self").is_empty());
    let kinds: Vec<&str> = links(&page, "alternate").iter().map(|l| l["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["text/csv", "application/geo+json-seq", "text/html"]);
    let more = page["numberMatched"].as_u64().unwrap() > 1;
    assert_eq!(links(&page, "next").len(), usize::from(more));
    if more {
        let next = get(&path(link(&page, "next", None))).await.json();
        assert_ne!(next["features"][0]["id"], page["features"][0]["id"]);
        assert_eq!(next["numberMatched"], page["numberMatched"]);
    }
    assert!(parvis_model::Instant::parse(page["timeStamp"].as_str().unwrap()).is_some());
    let (reply, all) = items(collection, "limit=10000000").await;
    assert_eq!(reply.json()["numberMatched"], all.len(), "a limit beyond the greatest is the greatest");
}

/// /conf/core/fc-bbox-response: by the coordinates of the features themselves.
async fn boxes(collection: &Value) {
    let (_, all) = items(collection, "limit=10000").await;
    for bbox in [[55.0, -21.5, 55.4, -21.0], [55.6, -21.5, 55.61, -20.5], [-10.0, -10.0, 10.0, 10.0]] {
        let [west, south, east, north] = bbox;
        let (_, inside) = items(collection, &format!("limit=10000&bbox={west},{south},{east},{north}")).await;
        let meets = |f: &Value| match f["geometry"]["type"].as_str() {
            Some("Point") => {
                let at = |i: usize| f["geometry"]["coordinates"][i].as_f64().unwrap();
                (west..=east).contains(&at(0)) && (south..=north).contains(&at(1))
            }
            // The units of the fixture are rectangles, so that their boxes are they.
            Some(_) => {
                let ring = f["geometry"]["coordinates"][0][0].as_array().unwrap();
                let along = |i: usize| {
                    let all = ring.iter().map(move |p| p[i].as_f64().unwrap());
                    (all.clone().fold(f64::MAX, f64::min), all.fold(f64::MIN, f64::max))
                };
                let (x, y) = (along(0), along(1));
                x.0 <= east && west <= x.1 && y.0 <= north && south <= y.1
            }
            None => false,
        };
        let expected: Vec<&Value> = all.iter().filter(|f| meets(f)).map(|f| &f["id"]).collect();
        assert_eq!(inside.iter().map(|f| &f["id"]).collect::<Vec<_>>(), expected, "{} {bbox:?}", id(collection));
    }
    // Six numbers, and the antimeridian.
    let (six, _) = items(collection, "bbox=55,-22,0,56,-20,100").await;
    let (four, _) = items(collection, "bbox=55,-22,56,-20").await;
    assert_eq!(six.json()["numberMatched"], four.json()["numberMatched"]);
    let (_, across) = items(collection, "bbox=170,-22,-170,-20").await;
    assert!(across.is_empty());
}

/// /conf/core/fc-time-response: only what has a time is narrowed.
async fn times(collection: &Value) {
    let (reply, _) = items(collection, "limit=1").await;
    let all = reply.json()["numberMatched"].clone();
    let temporal = !collection["extent"]["temporal"].is_null();
    for (query, expected) in [
        ("2026-03-02T11:00:00Z", 1),
        ("2026-03-02", 1),
        ("2026-03-02T10:00:00Z/2026-03-04T10:00:00Z", 2),
        ("../2026-03-03T10:00:00Z", 2),
        ("2026-04-08T11:00:00Z/..", 2),
        ("1990-01-01/1990-01-02", 0),
    ] {
        let (reply, _) = items(collection, &format!("limit=1&datetime={query}")).await;
        let matched = reply.json()["numberMatched"].clone();
        if temporal {
            assert_eq!(matched, expected, "{query}");
        } else {
            assert_eq!(matched, all, "{query}: features without time are not narrowed");
        }
    }
}

/// /conf/core/f-op, f-success, f-links.
async fn features(collection: &Value) {
    let (_, some) = items(collection, "limit=3").await;
    for feature in some {
        let path = format!("/collections/{}/items/{}", id(collection), feature["id"].as_str().unwrap());
        let own = get(&path).await;
        assert_eq!(own.header("content-type"), "application/geo+json");
        let own = own.json();
        assert_eq!(
            (&own["id"], &own["geometry"], &own["properties"]),
            (&feature["id"], &feature["geometry"], &feature["properties"])
        );
        assert!(!links(&own, "self").is_empty() && !links(&own, "collection").is_empty());
    }
    get(&format!("/collections/{}/items/nothing", id(collection))).await.problem(404);
}

#[tokio::test]
async fn ogcapi_features_1_geojson() {
    for collection in collections().await {
        let path = format!("/collections/{}/items", id(&collection));
        for accept in ["application/geo+json", "application/json", "*/*"] {
            let reply = get_with(&path, &[("accept", accept)]).await;
            assert_eq!(reply.header("content-type"), "application/geo+json", "{accept}");
        }
        let (_, features) = items(&collection, "limit=5").await;
        for feature in features {
            assert_eq!(feature["type"], "Feature");
            assert!(feature["properties"].is_object());
            if !feature["geometry"].is_null() {
                assert!(matches!(feature["geometry"]["type"].as_str(), Some("Point" | "MultiPolygon")));
            }
        }
    }
}

#[tokio::test]
async fn ogcapi_features_1_html() {
    for path in ["/", "/api", "/conformance", "/collections"] {
        html(path).await;
    }
    for collection in collections().await {
        let (reply, some) = items(&collection, "limit=2").await;
        let path = format!("/collections/{}", id(&collection));
        html(&path).await;
        let page = html(&format!("{path}/items?limit=2")).await;
        for feature in &some {
            let name = feature["properties"]["name"].as_str().unwrap();
            assert!(page.contains(&name.replace('\'', "&#39;")), "{path} does not show {name}");
            html(&format!("{path}/items/{}", feature["id"].as_str().unwrap())).await;
        }
        let next = !links(&reply.json(), "next").is_empty();
        assert_eq!(page.contains("cursor="), next, "{path}: people page too");
    }
}

#[tokio::test]
async fn ogcapi_features_1_oas30() {
    let api = definition().await;
    let path = "/collections/{collection}/items";
    // /conf/core/fc-limit-definition, fc-bbox-definition, fc-time-definition.
    let limit = parameter(&api, path, "limit");
    assert_eq!((limit["in"].as_str(), limit["required"].as_bool()), (Some("query"), Some(false)));
    assert_eq!(
        (&limit["schema"]["minimum"], &limit["schema"]["maximum"], &limit["schema"]["default"]),
        (&1.into(), &50_000.into(), &100.into())
    );
    let bbox = parameter(&api, path, "bbox");
    assert_eq!((bbox["style"].as_str(), bbox["explode"].as_bool()), (Some("form"), Some(false)));
    assert_eq!(bbox["schema"]["items"]["type"], "number");
    assert_eq!(parameter(&api, path, "datetime")["schema"]["type"], "string");
    // /conf/oas30/completeness: what the links lead to is described.
    for path in ["/collections/{collection}/items", "/collections/{collection}/items/{id}"] {
        let content = &api["paths"][path]["get"]["responses"]["200"]["content"];
        assert!(content["application/geo+json"]["schema"]["$ref"].is_string(), "{path}");
    }
    // /conf/oas30/exception-codes.
    for code in ["400", "404", "default"] {
        let pointer = api["paths"][path]["get"]["responses"][code]["$ref"].as_str().unwrap();
        let response = api.pointer(&pointer[1..]).unwrap();
        assert!(response["content"]["application/problem+json"].is_object(), "{code}");
    }
}
