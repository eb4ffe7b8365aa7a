//! Validators, codings, editions in URLs, CORS, methods.

use http::Method;

use super::client::{get, get_with, send};
use super::fixture::shared;

const READS: [&str; 14] = [
    "/?f=json",
    "/?f=html",
    "/collections",
    "/collections/actors",
    "/collections/actors/items?limit=3",
    "/collections/actors/items?limit=3&f=csv",
    "/collections/actors/items/actor:examples:a0001",
    "/tiles",
    "/tiles/boundaries",
    "/tiles/actors/5/20/17",
    "/admin-units/region:04",
    "/lookup?lon=55.2&lat=-21",
    "/search?q=saint",
    "/styles/parvis-light.json",
];

#[tokio::test]
async fn without_an_edition_an_answer_is_revalidated_with_one_it_is_kept() {
    for path in READS {
        let fresh = get(path).await;
        assert_eq!(fresh.status, 200, "{path}");
        assert_eq!(fresh.header("cache-control"), "no-cache", "{path}");
        let mark = if path.contains('?') { '&' } else { '?' };
        let pinned = get(&format!("{path}{mark}edition={}", shared().edition)).await;
        assert_eq!(pinned.status, 200, "{path}");
        assert_eq!(pinned.header("cache-control"), "public, max-age=31536000, immutable", "{path}");
    }
}

#[tokio::test]
async fn every_coding_has_its_tag_and_any_of_them_validates() {
    for path in READS {
        let mut tags = Vec::new();
        for coding in ["identity", "gzip", "zstd"] {
            let reply = get_with(path, &[("accept-encoding", coding)]).await;
            assert!(reply.header("vary").contains("Accept-Encoding"), "{path}");
            assert!(reply.header("content-encoding").is_empty() || reply.header("content-encoding") == coding);
            tags.push((reply.header("content-encoding").to_owned(), reply.header("etag").to_owned()));
        }
        for (coding, tag) in &tags {
            for (other, other_tag) in &tags {
                assert_eq!(coding == other, tag == other_tag, "{path}: {tags:?}");
            }
            let list = format!("\"other\", W/{}", tag.trim_start_matches("W/"));
            let reply = get_with(path, &[("if-none-match", &list), ("accept-encoding", "gzip")]).await;
            assert_eq!((reply.status.as_u16(), reply.body.len()), (304, 0), "{path} {tag}");
            assert_eq!(reply.header("etag"), tag);
            assert!(!reply.header("vary").is_empty() && !reply.header("cache-control").is_empty());
        }
        let other = get_with(path, &[("if-none-match", "\"nothing\"")]).await;
        assert_eq!(other.status, 200, "{path}");
    }
}

#[tokio::test]
async fn an_answer_with_the_time_has_a_weak_tag() {
    let items = get("/collections/actors/items?limit=1").await;
    assert!(items.header("etag").starts_with("W/\""));
    let csv = get("/collections/actors/items?limit=1&f=csv").await;
    assert!(csv.header("etag").starts_with('"'));
}

#[tokio::test]
async fn small_answers_are_not_coded_and_weights_count() {
    let small = get_with("/lookup?lon=0&lat=0", &[("accept-encoding", "gzip")]).await;
    assert_eq!(small.header("content-encoding"), "");
    let path = "/collections";
    assert_eq!(get_with(path, &[("accept-encoding", "gzip, zstd")]).await.header("content-encoding"), "zstd");
    assert_eq!(get_with(path, &[("accept-encoding", "gzip, zstd;q=0.1")]).await.header("content-encoding"), "gzip");
    assert_eq!(get_with(path, &[("accept-encoding", "gzip;q=0")]).await.header("content-encoding"), "");
    let gzip = get_with(path, &[("accept-encoding", "gzip")]).await;
    let opened = parvis_tiles::gzip::decompress(&gzip.body, 1 << 20).unwrap();
    assert_eq!(opened, get(path).await.body);
}

#[tokio::test]
async fn anyone_may_read_from_anywhere() {
    for path in ["/collections", "/tiles/boundaries/0/0/0", "/nothing", "/downloads/actors.csv", "/lookup"] {
        let reply = get(path).await;
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        for exposed in
            ["ETag", "Link", "Content-Range", "Accept-Ranges", "Content-Length", "Content-Crs", "X-Parvis-Features"]
        {
            assert!(reply.header("access-control-expose-headers").contains(exposed), "{exposed}");
        }
    }
    let asks = [
        ("origin", "https://elsewhere.test"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "range"),
    ];
    let preflight = send(&shared().router, Method::OPTIONS, "/editions/x/actors.fgb", &asks).await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    assert!(preflight.header("access-control-allow-headers").contains("Range"));
}

#[tokio::test]
async fn head_is_get_without_the_body_and_other_methods_are_405() {
    for path in READS.into_iter().chain(["/health", "/tiles/boundaries/0/0/0"]) {
        let full = get(path).await;
        let head = send(&shared().router, Method::HEAD, path, &[]).await;
        assert_eq!((head.status, head.body.len()), (full.status, 0), "{path}");
        assert_eq!(head.header("content-type"), full.header("content-type"), "{path}");
        assert_eq!(head.header("etag"), full.header("etag"), "{path}");
        assert_eq!(head.header("content-length"), full.body.len().to_string(), "{path}");
        if path.starts_with("/lookup") {
            // The one URL that takes a table.
            continue;
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let reply = send(&shared().router, method, path, &[]).await;
            reply.problem(405);
            assert_eq!(reply.header("allow"), "GET, HEAD, OPTIONS");
        }
    }
    send(&shared().router, Method::POST, "/nothing", &[]).await.problem(404);
}

#[tokio::test]
async fn an_edition_that_never_was_is_404() {
    for id in ["2020-01-01T00-00-00Z-00000000", "latest", "../../x", "%2e%2e"] {
        get(&format!("/collections?edition={id}")).await.problem(404);
        get(&format!("/tiles/boundaries/0/0/0?edition={id}")).await.problem(404);
    }
    get("/collections/actors/items?cursor=2020-01-01T00-00-00Z-00000000.5").await.problem(404);
    let both = format!("/collections/actors/items?cursor={}.5&edition=2020-01-01T00-00-00Z-00000000", shared().edition);
    get(&both).await.problem(400);
}
