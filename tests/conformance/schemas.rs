//! OGC API Common part 3 (Schemas), which is Features part 5 too: what can be had, filtered and sorted by.

use serde_json::Value;

use super::walk::{collections, link, path};
use crate::api::client::get_with;

/// The schema behind a link relation, checked as /conf/schemas/basic-schema-inspection has it.
async fn schema(collection: &Value, relation: &str, resource: &str) -> Value {
    let link = link(collection, &format!("http://www.opengis.net/def/rel/ogc/1.0/{relation}"), None);
    assert_eq!(link["type"], "application/schema+json");
    let at = path(link);
    assert_eq!(at, format!("/collections/{}/{resource}", collection["id"].as_str().unwrap()));
    let reply = get_with(&at, &[("accept", "application/schema+json")]).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/schema+json"));
    let schema = reply.json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["$id"], link["href"], "where it can be had again, without a query");
    assert_eq!(schema["type"], "object");
    for (name, property) in schema["properties"].as_object().unwrap() {
        let spatial = property["format"].as_str().is_some_and(|f| f.starts_with("geometry-"));
        assert_eq!(property["type"].is_string(), !spatial, "{name}");
        for keyword in property.as_object().unwrap().keys() {
            let known = ["type", "title", "format", "enum", "items", "minimum", "maximum", "additionalProperties"];
            assert!(known.contains(&keyword.as_str()) || keyword.starts_with("x-"), "{name}: {keyword}");
        }
    }
    schema
}

#[tokio::test]
async fn ogcapi_common_3_schemas() {
    for collection in collections().await {
        let schema = schema(&collection, "schema", "schema").await;
        let properties = schema["properties"].as_object().unwrap();
        let (_, features) = super::walk::items(&collection, "limit=50").await;
        for feature in features {
            for (name, value) in feature["properties"].as_object().unwrap() {
                let described = properties.get(name).unwrap_or_else(|| panic!("the schema lacks {name}"));
                let fits = match described["type"].as_str().unwrap() {
                    "string" => value.is_string(),
                    "integer" => value.is_i64(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "array" => value.is_array(),
                    "object" => value.is_object(),
                    other => panic!("{other}"),
                };
                assert!(fits || value.is_null(), "{name}: {value}");
                if let (Some(listed), false) = (described["enum"].as_array(), value.is_null()) {
                    assert!(listed.contains(value), "{name}: {value}");
                }
            }
        }
        let geometries: Vec<&Value> = properties.values().filter(|p| p["x-ogc-role"] == "primary-geometry").collect();
        assert_eq!(geometries.len(), 1);
        assert_eq!(properties["id"]["x-ogc-role"], "id");
    }
}

#[tokio::test]
async fn ogcapi_common_3_sortables() {
    for collection in collections().await {
        let schema = schema(&collection, "sortables", "sortables").await;
        let id = collection["id"].as_str().unwrap();
        for (name, property) in schema["properties"].as_object().unwrap() {
            assert!(!matches!(property["type"].as_str(), Some("array" | "object") | None), "{name}");
            for way in ["", "-"] {
                let url = format!("/collections/{id}/items?limit=5&sortby={way}{name}");
                assert_eq!(crate::api::client::get(&url).await.status, 200, "{url}");
            }
        }
        crate::api::client::get(&format!("/collections/{id}/items?sortby=geometry")).await.problem(400);
    }
}
