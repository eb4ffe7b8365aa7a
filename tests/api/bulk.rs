//! Exports of a selection and tables of points: whole, in order, whatever the client does.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use http::{Method, Request};
use parvis::http::ServeOptions;
use parvis::http::pool::Cost;
use tower::ServiceExt;

use super::client::{Reply, get, get_with, send};
use super::fixture::{ACTORS, Fixture, shared};

pub(super) const FORMATS: [(&str, &str); 5] = [
    ("csv", "text/csv; charset=utf-8; header=present"),
    ("geojson", "application/geo+json"),
    ("geojsonseq", "application/geo+json-seq"),
    ("fgb", "application/flatgeobuf"),
    ("parquet", "application/vnd.apache.parquet"),
];

/// How many features a file holds, by a reader of its format.
pub(super) fn count(format: &str, body: &[u8]) -> usize {
    let file = tempfile::Builder::new().suffix(&format!(".{format}")).tempfile().unwrap();
    std::fs::write(file.path(), body).unwrap();
    match format {
        "csv" => csv::Reader::from_reader(body).records().map(Result::unwrap).count(),
        "geojsonseq" => std::str::from_utf8(body).unwrap().lines().count(),
        "geojson" => serde_json::from_slice::<serde_json::Value>(body).unwrap()["features"].as_array().unwrap().len(),
        "fgb" => parvis_store::inspect::flatgeobuf(file.path()).unwrap().rows as usize,
        _ => {
            let duck = parvis_store::duck::connect(file.path().parent().unwrap()).unwrap();
            let path = file.path().display().to_string();
            let rows: u64 = duck.query_row("SELECT count(*) FROM read_parquet(?)", [path], |row| row.get(0)).unwrap();
            rows as usize
        }
    }
}

#[tokio::test]
async fn an_export_has_every_row_of_a_filter_in_every_format() {
    for filter in ["", "&theme=food,energy", "&within=municipality:97411", "&bbox=0,0,1,1", "&example=true"] {
        let items = get(&format!("/collections/actors/items?limit=1{filter}")).await.json();
        let matched = items["numberMatched"].as_u64().unwrap() as usize;
        for (format, media) in FORMATS {
            let reply = get(&format!("/collections/actors/export?f={format}{filter}")).await;
            assert_eq!(reply.status, 200, "{format} {filter}: {}", String::from_utf8_lossy(&reply.body));
            assert_eq!(reply.header("content-type"), media);
            assert_eq!(count(format, &reply.body), matched, "{format} {filter}");
            assert_eq!(reply.header("x-parvis-features"), format!("{matched}/{matched}"));
            let day = &shared().edition.as_str()[..10];
            assert!(reply.header("content-disposition").ends_with(&format!("{day}.{format}\"")));
            assert!(reply.header("link").contains("rel=\"license\""));
            if matches!(format, "fgb" | "parquet") {
                assert_eq!(reply.header("content-encoding"), "");
            }
        }
    }
    let units = get("/collections/municipalities/export?f=geojson&within=region:04").await.json();
    assert_eq!(units["features"].as_array().unwrap().len(), 3, "the one without a boundary too");
    assert!(units["attribution"].as_str().unwrap().contains("2024"), "who must be named");
}

#[tokio::test]
async fn a_whole_collection_is_its_download() {
    for (format, _) in FORMATS {
        let export = get(&format!("/collections/events/export?f={format}")).await;
        let download = get(&format!("/editions/{}/events.{format}", shared().edition)).await;
        assert!(export.body == download.body, "{format}");
    }
}

#[tokio::test]
async fn an_export_is_coded_cached_and_refused_as_any_answer() {
    let path = format!("/collections/actors/export?f=csv&example=true&edition={}", shared().edition);
    let plain = get(&path).await;
    let coded = get_with(&path, &[("accept-encoding", "zstd")]).await;
    assert_eq!(coded.header("content-encoding"), "zstd");
    assert!(zstd::decode_all(coded.body.as_slice()).unwrap() == plain.body);
    assert!(coded.header("cache-control").contains("immutable"));
    assert_eq!(coded.header("server-timing"), "", "what is kept for ever says nothing of today");
    let held = get_with(&path, &[("if-none-match", coded.header("etag"))]).await;
    assert_eq!((held.status.as_u16(), held.body.len()), (304, 0));
    let fgb = get_with("/collections/actors/export?f=fgb&example=true", &[("accept-encoding", "zstd, gzip")]).await;
    assert_eq!(fgb.header("content-encoding"), "");
    assert!(fgb.header("server-timing").contains("make;dur="), "{}", fgb.header("server-timing"));
    let head = send(&shared().router, Method::HEAD, &path, &[]).await;
    assert_eq!((head.status.as_u16(), head.header("etag")), (200, plain.header("etag")));
    get("/collections/actors/export?f=xlsx").await.problem(400);
    get("/collections/actors/export?limit=5").await.problem(400);
    get("/collections/nothing/export").await.problem(404);
    get("/collections/actors/export?kind=person").await.problem(400);
}

#[tokio::test]
async fn an_export_without_room_on_disk_is_told_so_and_leaves_nothing() {
    let own = Fixture::new(ServeOptions { spool_bytes: 50_000, ..ServeOptions::default() });
    for format in ["fgb", "parquet"] {
        let path = format!("/collections/actors/export?f={format}&example=true");
        let reply = send(&own.router, Method::GET, &path, &[]).await;
        if reply.status == 200 {
            assert!(reply.body.len() < 50_000, "{format}");
        } else {
            assert!(reply.problem(413).contains("50000"), "{format}");
        }
        assert_eq!(own.state.spool().used(), 0);
    }
    let reply = send(&own.router, Method::GET, "/collections/actors/export?f=fgb&example=true", &[]).await;
    reply.problem(413);
    let text = send(&own.router, Method::GET, "/collections/actors/export?f=csv&example=true", &[]).await;
    assert_eq!(count("csv", &text.body), ACTORS / 2, "what streams needs no room");
}

/// Asks without reading the answer.
async fn open(own: &Fixture, path: &str) -> Body {
    let request = Request::builder().uri(path).header("host", "parvis.test").body(Body::empty()).unwrap();
    let response = own.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.into_body()
}

#[tokio::test]
async fn a_client_that_leaves_gives_its_room_back_and_so_does_one_that_does_not_read() {
    let patience = Duration::from_millis(50);
    let own = Fixture::new(ServeOptions { streams: 1, slow_client: patience, ..ServeOptions::default() });
    let free = async || while own.state.streams().room(Cost::Cheap).await.is_err() {};
    for format in ["csv", "fgb", "parquet"] {
        let path = format!("/collections/actors/export?f={format}&example=true");
        let mut body = open(&own, &path).await;
        let first = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await;
        assert!(first.unwrap().is_ok());
        drop(body);
        free().await;
        while own.state.spool().used() > 0 {
            tokio::task::yield_now().await;
        }
    }
    // As the text is larger than what is made ahead, a client that takes nothing stands in the way of others.
    let unread = open(&own, "/collections/actors/export?f=geojson").await;
    free().await;
    assert!(to_bytes(unread, usize::MAX).await.is_err(), "what was given up never looks whole");
}

#[tokio::test]
async fn a_large_page_is_made_as_it_is_read_and_holds_no_thread() {
    let patience = Duration::from_millis(50);
    let options =
        ServeOptions { streams: 1, jobs: 2, page_bytes: 1000, slow_client: patience, ..ServeOptions::default() };
    let own = Fixture::new(options);
    for query in ["limit=1000", "limit=1000&f=csv", "limit=1000&f=geojsonseq&properties=name", "limit=2&sortby=name"] {
        let path = format!("/collections/actors/items?{query}");
        let whole = get(&path).await;
        let made = send(&own.router, Method::GET, &path, &[]).await;
        let told = |reply: &Reply| {
            // When it was made, and by which edition, is not the same.
            let mut page: serde_json::Value = serde_json::from_slice(&reply.body).ok()?;
            let all = page.as_object_mut()?;
            all.remove("timeStamp");
            all.remove("links");
            Some(page)
        };
        assert_eq!(told(&made), told(&whole), "{query}");
        assert!(told(&made).is_some() || made.body == whole.body, "{query}");
    }
    // Many who take nothing: each has its place until it is given up, and none a thread.
    let path = "/collections/actors/items?limit=1000";
    for _ in 0..5 {
        let unread = open(&own, path).await;
        assert_eq!(send(&own.router, Method::GET, "/collections/events/items?limit=1", &[]).await.status, 200);
        while own.state.streams().room(Cost::Cheap).await.is_err() {}
        drop(unread);
    }
}

async fn post(path: &str, media: &str, body: impl Into<Body>) -> Reply {
    let mut request = Request::builder().method("POST").uri(path).header("host", "parvis.test");
    if !media.is_empty() {
        request = request.header("content-type", media);
    }
    let response = shared().router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

#[tokio::test]
async fn a_table_of_points_comes_back_with_their_units() {
    let reply = post("/lookup", "text/csv", "id;x;y\n1;55.2;-21\n2;0;0\n3;;\n").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8; header=present");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(reply.body.as_slice());
    let head = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| rows[row].get(head.iter().position(|h| h == name).unwrap()).unwrap();
    assert_eq!(cell(0, "municipality_id"), "municipality:97411");
    assert_eq!(cell(0, "neighbourhood_name"), "Le Brûlé");
    assert_eq!(cell(0, "error"), "");
    assert_eq!((cell(1, "country_id"), cell(1, "error")), ("", ""));
    assert_eq!((cell(2, "id"), cell(2, "error")), ("3", "the longitude is missing"));
    let reply = post("/lookup", "application/x-ndjson", "{\"lon\":55.7,\"lat\":-21}\n{}\n").await;
    assert_eq!(reply.header("content-type"), "application/x-ndjson");
    let lines: Vec<serde_json::Value> = reply.text().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines[0]["municipality_id"], "municipality:97415");
    assert_eq!(lines[1]["error"], "the longitude is missing");
    // What curl sends when nobody tells it.
    let form = "application/x-www-form-urlencoded";
    assert!(post("/lookup", form, "lon,lat\n55.2,-21\n").await.text().contains("municipality:97411"));
    assert!(
        post("/lookup?lon=1&lat=2&header=absent", "", "55.2,-21\n").await.text().starts_with("55.2,-21,country:FR")
    );
    // RGR92 / UTM 40S, in which La Réunion keeps its data.
    let metres = "/lookup?crs=http://www.opengis.net/def/crs/EPSG/0/2975";
    let reply = post(metres, "text/csv", "nom,x,y\nici,312905.1,7676798.9\n").await;
    assert!(reply.text().contains("7676798.9,country:FR,"), "{}", reply.text());
    assert!(reply.text().contains(",municipality:97411,"), "{}", reply.text());
    let absent = post("/lookup?lon=1&lat=2", "text/csv; header=absent", "55.2,-21").await;
    assert_eq!(absent.header("content-type"), "text/csv; charset=utf-8; header=absent");
    assert_eq!(absent.text().lines().count(), 1);
}

#[tokio::test]
async fn a_table_that_is_none_is_4xx_and_says_what_to_change() {
    assert!(post("/lookup", "text/csv", "a,b\n1,2\n").await.problem(400).contains("`lon=`"));
    assert!(post("/lookup", "text/csv", "").await.problem(400).contains("empty"));
    assert!(post("/lookup", "text/csv", "x".repeat(70_000)).await.problem(400).contains("65536"));
    post("/lookup", "image/png", "x").await.problem(415);
    post("/lookup?f=xlsx", "text/csv", "lon,lat\n").await.problem(400);
    post("/lookup?q=1", "text/csv", "lon,lat\n").await.problem(400);
    post("/lookup?crs=EPSG:2154", "text/csv", "x,y\n").await.problem(400);
    post("/lookup?header=perhaps", "text/csv", "lon,lat\n").await.problem(400);
    post("/search", "text/csv", "lon,lat\n").await.problem(405);
    let reply = send(&shared().router, Method::PUT, "/lookup", &[]).await;
    reply.problem(405);
    assert!(reply.header("allow").contains("POST"));
    let preflight = send(
        &shared().router,
        Method::OPTIONS,
        "/lookup",
        &[("origin", "https://a.test"), ("access-control-request-method", "POST")],
    );
    let preflight = preflight.await;
    assert!(preflight.header("access-control-allow-methods").contains("POST"));
    assert!(preflight.header("access-control-allow-headers").contains("Content-Type"));
    let other = send(&shared().router, Method::OPTIONS, "/search", &[]).await;
    assert!(!other.header("access-control-allow-methods").contains("POST"));
}

#[tokio::test]
async fn a_client_that_sends_all_before_it_reads_gets_every_row_in_order() {
    let rows = 150_000;
    let mut table = String::from("id,lon,lat\n");
    for n in 0..rows {
        let (lon, lat) = (55.0 + f64::from(n % 1000) / 1000.0, -21.4 + f64::from(n % 800) / 1000.0);
        let _ = writeln!(table, "{n},{lon},{lat}");
    }
    // The router hands the answer over before it has read the question: all of it goes in, then all comes out.
    let (near, far) = tokio::io::duplex(1 << 16);
    let body = Body::from_stream(tokio_util::io::ReaderStream::new(far));
    let request = Request::post("/lookup").header("host", "parvis.test").header("content-type", "text/csv");
    let asked = shared().router.clone().oneshot(request.body(body).unwrap());
    let sent = async move {
        let mut near = near;
        tokio::io::AsyncWriteExt::write_all(&mut near, table.as_bytes()).await.unwrap();
    };
    let (response, ()) = tokio::join!(asked, sent);
    let answer = to_bytes(response.unwrap().into_body(), usize::MAX).await.unwrap();
    let mut reader = csv::Reader::from_reader(&*answer);
    let mut next = 0;
    for row in reader.records().map(Result::unwrap) {
        assert_eq!(row[0], next.to_string());
        assert_eq!(row.len(), 16);
        next += 1;
    }
    assert_eq!(next, rows);
    while shared().state.spool().used() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_table_that_breaks_off_gives_an_answer_that_breaks_off() {
    let parts: Vec<std::io::Result<&str>> =
        vec![Ok("lon,lat\n55.2,-21\n"), Err(std::io::ErrorKind::ConnectionReset.into())];
    let broken = body_of(parts);
    let request = Request::post("/lookup").header("host", "parvis.test").header("content-type", "text/csv");
    let response = shared().router.clone().oneshot(request.body(broken).unwrap()).await.unwrap();
    assert!(to_bytes(response.into_body(), usize::MAX).await.is_err());
}

/// A body of some parts, of which one may fail.
fn body_of(parts: Vec<std::io::Result<&'static str>>) -> Body {
    let mut parts = parts.into_iter();
    Body::new(Parts(move || parts.next()))
}

struct Parts<F>(F);

impl<F: FnMut() -> Option<std::io::Result<&'static str>> + Unpin> HttpBody for Parts<F> {
    type Data = bytes::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::io::Result<http_body::Frame<bytes::Bytes>>>> {
        std::task::Poll::Ready((self.0)().map(|part| part.map(|text| http_body::Frame::data(text.into()))))
    }
}
