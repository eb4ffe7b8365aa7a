//! OGC API Common parts 1 and 2.

use super::walk::{collections, definition, html, json, landing, link, links, path};
use crate::api::client::get;

#[tokio::test]
async fn ogcapi_common_1_core() {
    // /conf/core/root-op, api-definition-op, conformance-op: each by GET, each found by links.
    let landing = landing().await;
    for rel in ["service-desc", "service-doc", "conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance"] {
        let reply = get(&path(link(&landing, rel, None))).await;
        assert_eq!(reply.status, 200, "{rel}");
    }
    // /conf/core/conformance-success.
    let classes = json("/conformance").await;
    assert!(classes["conformsTo"].as_array().unwrap().iter().all(|c| c.as_str().unwrap().starts_with("http")));
    // /req/core/query-param-name-unknown, query-param-value-invalid.
    for path in ["/?nothing=1", "/conformance?nothing=1", "/collections?nothing=1", "/api?f=gml"] {
        get(path).await.problem(400);
    }
}

#[tokio::test]
async fn ogcapi_common_1_landing_page() {
    let landing = landing().await;
    assert!(landing["title"].is_string() && landing["description"].is_string());
    for rel in ["self", "service-desc", "service-doc", "conformance", "data"] {
        assert!(!links(&landing, rel).is_empty(), "{rel}");
    }
    assert_eq!(json(&path(link(&landing, "self", None))).await["links"], landing["links"]);
}

#[tokio::test]
async fn ogcapi_common_1_json() {
    for path in ["/", "/conformance"] {
        assert!(json(path).await.is_object());
        assert!(json(&format!("{path}?f=json")).await.is_object());
    }
}

#[tokio::test]
async fn ogcapi_common_1_html() {
    let landing = html("/").await;
    assert!(landing.contains("<title>"));
    for path in ["/conformance", "/api"] {
        let page = html(path).await;
        assert!(page.contains("<h1"), "{path}");
        assert_eq!(get(&format!("{path}?f=html")).await.header("content-type"), "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn ogcapi_common_1_oas30() {
    let api = definition().await;
    assert!(api["openapi"].as_str().unwrap().starts_with("3.0."));
    for path in ["/", "/conformance", "/api", "/collections", "/collections/{collection}"] {
        let operation = &api["paths"][path]["get"];
        assert!(operation["responses"]["200"].is_object(), "{path}");
        assert!(operation["responses"]["default"].is_object(), "{path}: every operation says how errors look");
    }
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["responses"]["400"].is_object(), "{method} {path}");
            assert!(operation["operationId"].is_string(), "{method} {path}");
        }
    }
    // /req/oas30/security: nothing has to be shown.
    assert!(api["security"].is_null() && api["components"]["securitySchemes"].is_null());
}

#[tokio::test]
async fn ogcapi_common_2_collections() {
    let list = json("/collections").await;
    assert!(!links(&list, "self").is_empty() && !links(&list, "alternate").is_empty());
    for collection in collections().await {
        let own = json(&path(link(&collection, "self", None))).await;
        // The list and the collection say the same, but for the order of nothing.
        assert_eq!(own, collection);
        let bbox = collection["extent"]["spatial"]["bbox"][0].as_array().unwrap();
        assert_eq!(bbox.len(), 4);
    }
    get("/collections/nothing").await.problem(404);
}
