//! Requests that mean harm: always a 4xx problem, never a 500.

use super::client::{get, get_with};
use super::fixture::shared;

/// Segments that try to be something else.
const TRICKS: [&str; 16] = [
    "..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%5c..%5cwindows",
    "%00",
    "a%00b",
    "%ff%fe",
    "%c0%ae%c0%ae",
    "%0d%0aSet-Cookie:%20a=b",
    "'%20OR%201=1--",
    "%22;DROP%20TABLE%20actors;--",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{id}",
    "%25%32%65",
    "-1",
    "%F0%9F%92%A9",
];

#[tokio::test]
async fn tricks_in_any_segment_are_4xx() {
    let edition = &shared().edition;
    let long = "a".repeat(1500);
    for trick in TRICKS.into_iter().chain([long.as_str()]) {
        for path in [
            format!("/{trick}"),
            format!("/collections/{trick}"),
            format!("/collections/{trick}/items"),
            format!("/collections/actors/items/{trick}"),
            format!("/collections/{trick}/tiles"),
            format!("/collections/actors/tiles/{trick}"),
            format!("/collections/actors/tiles/WebMercatorQuad/0/{trick}/0"),
            format!("/tileMatrixSets/{trick}"),
            format!("/tiles/{trick}"),
            format!("/tiles/{trick}/0/0/0"),
            format!("/tiles/boundaries/{trick}/0/0"),
            format!("/tiles/boundaries/0/{trick}/0"),
            format!("/tiles/actors/0/0/{trick}"),
            format!("/admin-units/{trick}"),
            format!("/admin-units/{trick}/children"),
            format!("/postcodes/{trick}"),
            format!("/styles/{trick}"),
            format!("/fonts/{trick}"),
            format!("/assets/{trick}"),
            format!("/editions/{trick}"),
            format!("/editions/{edition}/{trick}"),
            format!("/editions/{trick}/actors.csv"),
            format!("/downloads/{trick}"),
        ] {
            let reply = get(&path).await;
            assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
            let detail = reply.problem(reply.status.as_u16());
            assert!(detail.len() < 600, "{path} is echoed at length");
            assert!(!detail.contains('/') || !detail.contains("tmp"), "{path}: {detail}");
        }
    }
}

#[tokio::test]
async fn tricks_in_any_parameter_are_4xx() {
    let items = "/collections/actors/items";
    for query in [
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=NaN,0,1,1",
        "bbox=0,inf,1,1",
        "bbox=0,1,1,0",
        "bbox=-181,0,0,1",
        "bbox=1e400,0,1,1",
        "bbox=1,2,3,4,5",
        "bbox=",
        "limit=0",
        "limit=-5",
        "limit=abc",
        "limit=1e3",
        "limit=0x10",
        "limit=",
        "limit=1.0",
        "datetime=tomorrow",
        "datetime=2026-13-01",
        "datetime=2026-01-03/2026-01-01",
        "datetime=..",
        "datetime=../..",
        "within=department:999",
        "within=974",
        "within=%00",
        "theme=unknown",
        "kind=person",
        "example=2",
        "cursor=x",
        "cursor=..%2f..%2fx.1",
        "f=xml",
        "f=",
        "edition=..",
        "unknown=1",
        "Limit=1",
        "limit=1&limit=2",
        "radius=5",
        "%00=1",
        "filter=1%3D",
        "crs=http://example.org",
        "offset=10",
        "bbox-crs=4326",
        "properties=blurb",
        "sortby=blurb",
        "properties=geometry",
        "sortby=geometry",
    ] {
        let reply = get(&format!("{items}?{query}")).await;
        assert!(reply.status.is_client_error(), "{query}: {}", reply.status);
        reply.problem(reply.status.as_u16());
    }
    assert_eq!(get(&format!("{items}?limit=99999999999999999999&f=csv")).await.status, 200, "a limit is clamped");
    for path in
        ["/health?x=1", "/metrics?x", "/downloads/actors.csv?v=1", "/editions?limit=1", "/assets/x?y=1", "/api?x=1"]
    {
        get(path).await.problem(400);
    }
}

#[tokio::test]
async fn what_is_too_long_is_refused_before_it_is_read() {
    let eight = format!("/collections/actors/items?q={}", "a".repeat(8192));
    get(&eight).await.problem(414);
    get(&format!("/{}", "a/".repeat(1500))).await.problem(414);
    let large = "b".repeat(40_000);
    get_with("/collections", &[("x-large", &large)]).await.problem(431);
    let many = vec!["97400"; 1000].join(",");
    get(&format!("/collections/actors/items?postcode={many}")).await.problem(400);
}

#[tokio::test]
async fn a_forged_host_never_reaches_a_link() {
    for host in ["evil.test/x", "a b", "evil\"onload=", "<script>", "user@evil.test", ""] {
        let reply = get_with("/collections", &[("x-forwarded-host", host)]).await;
        if host.is_empty() {
            assert_eq!(reply.status, 200, "an empty field is none");
        } else {
            reply.problem(400);
        }
    }
    let reply = get_with("/collections", &[("x-forwarded-proto", "javascript:alert(1)//")]).await;
    assert!(reply.text().contains("http://parvis.test/collections") && !reply.text().contains("javascript"));
}

#[tokio::test]
async fn header_fields_of_any_content_do_no_harm() {
    for name in ["accept", "accept-encoding", "if-none-match", "if-range", "range", "origin"] {
        for value in ["", ",", ";;;q=", "\"", "*/*;q=9e999", "bytes=--", "W/", "a;q=-1,b;q=x", &",".repeat(5000)] {
            for path in
                ["/", "/collections", "/tiles/boundaries/0/0/0", &format!("/editions/{}/actors.csv", shared().edition)]
            {
                let reply = get_with(path, &[(name, value)]).await;
                assert!(!reply.status.is_server_error(), "{path} {name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn what_later_issues_bring_is_404_and_not_advertised() {
    for path in ["/catalog", "/imports", "/networks"] {
        get(path).await.problem(404);
    }
    let described = get("/api").await.text().to_owned();
    assert!(!described.contains("/catalog") && !described.contains("/imports"));
}
