//! What the tests of several classes need: the resources of the service, found by following links.

use serde_json::Value;

use crate::api::client::{Reply, get, get_with};

/// A link's target as a path.
pub(super) fn path(link: &Value) -> String {
    let href = link["href"].as_str().unwrap();
    href.strip_prefix("http://parvis.test").unwrap_or_else(|| panic!("{href} is not of this service")).to_owned()
}

/// The links of a document with a relation.
pub(super) fn links<'a>(document: &'a Value, rel: &str) -> Vec<&'a Value> {
    document["links"].as_array().unwrap().iter().filter(|l| l["rel"] == rel).collect()
}

/// The first link of a document with a relation and, where one is given, a media type.
pub(super) fn link<'a>(document: &'a Value, rel: &str, media: Option<&str>) -> &'a Value {
    let found = links(document, rel);
    let fits = |l: &&&Value| media.is_none_or(|media| l["type"] == media);
    found.iter().find(fits).copied().unwrap_or_else(|| panic!("no link {rel} {media:?} in {document}"))
}

/// GET as JSON.
pub(super) async fn json(path: &str) -> Value {
    let reply = get_with(path, &[("accept", "application/json")]).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    assert!(reply.header("content-type").contains("json"), "{path}: {}", reply.header("content-type"));
    reply.json()
}

/// GET as HTML, which must be a page.
pub(super) async fn html(path: &str) -> String {
    let reply = get_with(path, &[("accept", "text/html")]).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    assert!(reply.header("content-type").starts_with("text/html"), "{path}: {}", reply.header("content-type"));
    let text = reply.text().to_owned();
    assert!(text.starts_with("<!doctype html>") && text.contains("</html>"), "{path}");
    text
}

/// The landing page.
pub(super) async fn landing() -> Value {
    json("/").await
}

/// The collections, by way of the landing page.
pub(super) async fn collections() -> Vec<Value> {
    let list = json(&path(link(&landing().await, "data", Some("application/json")))).await;
    list["collections"].as_array().unwrap().clone()
}

/// The API definition, by way of the landing page.
pub(super) async fn definition() -> Value {
    let landing = landing().await;
    let desc = link(&landing, "service-desc", None);
    let reply = get(&path(desc)).await;
    assert_eq!(reply.header("content-type"), desc["type"].as_str().unwrap());
    reply.json()
}

/// An operation's parameter, resolved.
pub(super) fn parameter(api: &Value, of: &str, name: &str) -> Value {
    let parameters = api["paths"][of]["get"]["parameters"].as_array().unwrap();
    let resolved = parameters.iter().map(|p| match p["$ref"].as_str() {
        Some(pointer) => api.pointer(&pointer[1..]).unwrap().clone(),
        None => p.clone(),
    });
    resolved.into_iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("{of} does not declare {name}"))
}

/// Items of a collection, checked as a FeatureCollection.
pub(super) async fn items(collection: &Value, query: &str) -> (Reply, Vec<Value>) {
    let path = format!("/collections/{}/items?{query}", collection["id"].as_str().unwrap());
    let reply = get(&path).await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    assert_eq!(reply.header("content-type"), "application/geo+json", "{path}");
    let page = reply.json();
    assert_eq!(page["type"], "FeatureCollection");
    let features = page["features"].as_array().unwrap().clone();
    assert_eq!(page["numberReturned"], features.len(), "{path}");
    assert!(page["numberMatched"].as_u64().unwrap() >= features.len() as u64, "{path}");
    (reply, features)
}
