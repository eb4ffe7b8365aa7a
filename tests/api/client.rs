//! Asking the router.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::fixture;

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("not JSON: {e}: {}", self.text()))
    }

    /// Checks that this is a problem of a status, as RFC 9457 has it, and gives its detail.
    pub(crate) fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["type"].as_str().unwrap().starts_with("urn:parvis:problem:"));
        problem["detail"].as_str().unwrap().to_owned()
    }
}

/// Sends a request to a router.
pub(crate) async fn send(router: &Router, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path).header("host", "parvis.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 100 << 20).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

/// GET from the shared edition.
pub(crate) async fn get(path: &str) -> Reply {
    get_with(path, &[]).await
}

/// GET with header fields from the shared edition.
pub(crate) async fn get_with(path: &str, headers: &[(&str, &str)]) -> Reply {
    send(&fixture::shared().router, Method::GET, path, headers).await
}
