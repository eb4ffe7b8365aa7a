//! Editions and whole files.

use http::Method;
use sha2::{Digest, Sha256};

use super::client::{get, get_with, send};
use super::fixture::{ACTORS, shared};

fn path(file: &str) -> String {
    format!("/editions/{}/{file}", shared().edition)
}

#[tokio::test]
async fn editions_list_files_that_are_what_they_say() {
    let list = get("/editions").await.json();
    assert_eq!((&list["numberMatched"], &list["editions"][0]["current"]), (&1.into(), &true.into()));
    assert_eq!(list["editions"][0]["rows"]["actors"], ACTORS);
    let manifest = get(&format!("/editions/{}", shared().edition)).await.json();
    assert_eq!(manifest["id"], shared().edition.as_str());
    let downloads = manifest["downloads"].as_array().unwrap();
    for name in ["actors", "municipalities"] {
        for ext in ["geojson", "geojsonseq", "csv", "fgb", "parquet"] {
            assert!(downloads.iter().any(|d| d["name"] == name && d["ext"] == ext), "{name}.{ext}");
        }
    }
    for download in downloads {
        let href = download["href"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap();
        let file = get_with(href, &[("accept-encoding", "gzip, zstd, br")]).await;
        let sha256 = download["sha256"].as_str().unwrap();
        assert_eq!(parvis_model::id::hex(&Sha256::digest(&file.body)), sha256, "{href}");
        assert_eq!(file.header("etag"), format!("\"{sha256}\""));
        assert_eq!(file.header("content-encoding"), "", "{href}");
        assert_eq!(file.header("accept-ranges"), "bytes");
        assert_eq!(file.header("content-length"), download["bytes"].as_u64().unwrap().to_string());
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(file.header("repr-digest").starts_with("sha-256=:"));
        let day = &shared().edition.as_str()[..10];
        assert!(file.header("content-disposition").starts_with("attachment; filename=\""));
        assert!(file.header("content-disposition").contains(day));
    }
}

#[tokio::test]
async fn a_download_leads_to_the_edition_in_force() {
    let reply = get("/downloads/actors.csv").await;
    assert_eq!(reply.status, 307);
    assert_eq!(reply.header("location"), format!("http://parvis.test{}", path("actors.csv")));
    assert_eq!(reply.header("cache-control"), "no-cache");
    for missing in ["actors.xlsx", "actors", "persons.csv", "actors.csv.offsets", ".csv", "..", "%2e%2e%2fCURRENT"] {
        get(&format!("/downloads/{missing}")).await.problem(404);
        get(&path(missing)).await.problem(404);
    }
}

#[tokio::test]
async fn a_range_is_a_part_of_the_same_bytes() {
    let path = path("boundaries.pmtiles");
    let whole = get(&path).await;
    let size = whole.body.len();
    for (range, from, to) in [
        ("bytes=0-126", 0, 127),
        ("bytes=10-10", 10, 11),
        ("bytes=100-", 100, size),
        ("bytes=-50", size - 50, size),
        ("bytes=0-99999999", 0, size),
    ] {
        let part = get_with(&path, &[("range", range), ("accept-encoding", "gzip")]).await;
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.body, &whole.body[from..to], "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{size}", to - 1));
        assert_eq!(part.header("content-length"), (to - from).to_string());
        assert_eq!((part.header("content-encoding"), part.header("etag")), ("", whole.header("etag")));
    }
    let beyond = get_with(&path, &[("range", "bytes=99999999-")]).await;
    beyond.problem(416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));
    for ignored in ["bytes=0-1,5-6", "bytes=9-2", "bytes=x", "rows=1-2"] {
        assert_eq!(get_with(&path, &[("range", ignored)]).await.status, 200, "{ignored}");
    }
}

#[tokio::test]
async fn a_range_holds_only_for_the_same_file() {
    let path = path("actors.csv");
    let tag = get(&path).await.header("etag").to_owned();
    assert_eq!(get_with(&path, &[("range", "bytes=0-9"), ("if-range", &tag)]).await.status, 206);
    for other in ["\"older\"", "Wed, 21 Oct 2015 07:28:00 GMT", &format!("W/{tag}")] {
        assert_eq!(get_with(&path, &[("range", "bytes=0-9"), ("if-range", other)]).await.status, 200, "{other}");
    }
    let held = get_with(&path, &[("if-none-match", &tag), ("range", "bytes=0-9")]).await;
    assert_eq!((held.status.as_u16(), held.body.len()), (304, 0));
    let head = send(&shared().router, Method::HEAD, &path, &[("range", "bytes=0-9")]).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_ne!(head.header("content-length"), "0");
}

#[tokio::test]
async fn an_edition_whose_files_are_gone_is_410() {
    let fixture = super::fixture::Fixture::new(parvis::http::ServeOptions::default());
    let old = fixture.edition.clone();
    super::fixture::publish(fixture.folder.path(), 5);
    // As `parvis editions gc` leaves it.
    let editions = fixture.folder.path().join("editions");
    std::fs::rename(editions.join(format!("{old}.json")), editions.join(format!("{old}.collected"))).unwrap();
    let fresh = parvis_store::DataDir::open(fixture.folder.path()).unwrap();
    let state = parvis::http::AppState::open(fresh, parvis::http::ServeOptions::default()).unwrap();
    let router = parvis::http::router(state);
    for path in [
        format!("/editions/{old}"),
        format!("/editions/{old}/actors.csv"),
        format!("/collections?edition={old}"),
        format!("/collections/actors/items?cursor={old}.100"),
    ] {
        send(&router, Method::GET, &path, &[]).await.problem(410);
    }
}
