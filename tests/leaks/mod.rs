//! Nothing private leaves: made records of the platform, in which whatever is private carries a marker, are ingested,
//! and every output of the service, the program and the data folder is searched for these.
//!
//! `corpus.json` is an array of all collections, `organizations.json` has one object a line and broken lines. Markers
//! of what is private are `LEAK-<what>-<number>`; what is open has `OPEN-…`, and must arrive, or the search is in vain.

mod markers;
mod routes;
mod world;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Method, Request};
use parvis_model::Collection;
use parvis_store::{DataDir, Filter, Format, Snapshot};
use serde_json::Value;
use tower::ServiceExt;

use crate::api::client::{Reply, send};
use crate::cli::parvis;
use markers::{layers, markers};
use routes::Known;
use world::world;

const CODINGS: [&str; 3] = ["identity", "gzip", "zstd"];

async fn get(router: &Router, path: &str, coding: &str) -> Reply {
    send(router, Method::GET, path, &[("accept-encoding", coding)]).await
}

async fn json(router: &Router, path: &str) -> Value {
    get(router, path, "identity").await.json()
}

async fn features(router: &Router, collection: &str) -> Vec<Value> {
    let items = json(router, &format!("/collections/{collection}/items?limit=50000")).await;
    items["features"].as_array().unwrap().clone()
}

/// Every number pair `coordinates` of the corpus.
fn places() -> Vec<(f64, f64)> {
    fn collect(value: &Value, out: &mut Vec<(f64, f64)>) {
        if let Some([lon, lat]) = value["coordinates"].as_array().map(Vec::as_slice) {
            out.push((lon.as_f64().unwrap(), lat.as_f64().unwrap()));
        }
        let array = value.as_array().into_iter().flatten();
        array.chain(value.as_object().into_iter().flat_map(|o| o.values())).for_each(|v| collect(v, out));
    }
    let mut out = Vec::new();
    collect(&serde_json::from_str(include_str!("corpus.json")).unwrap(), &mut out);
    out
}

async fn known(router: &Router) -> Known {
    let api = json(router, "/api?f=json").await;
    let edition = json(router, "/ready").await["edition"].as_str().unwrap().to_owned();
    let manifest = json(router, &format!("/editions/{edition}")).await;
    let downloads = manifest["downloads"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let files: Vec<String> = downloads.map(|d| format!("{}.{}", text(&d["name"]), text(&d["ext"]))).collect();
    assert!(files.iter().any(|f| f == "report.json") && files.iter().any(|f| f == "links.parquet"), "{files:?}");
    let mut items = Vec::new();
    for collection in ["actors", "events"] {
        items.extend(features(router, collection).await.iter().map(|f| (collection, text(&f["id"]))));
    }
    Known { api, edition, files, items, places: places() }
}

#[tokio::test]
async fn nothing_private_leaves_by_any_url() {
    let router = world().router();
    for (path, requests) in known(&router).await.requests() {
        let mut answered = 0;
        assert!(!requests.is_empty(), "{path} is never asked");
        for request in requests {
            for coding in CODINGS {
                let reply = get(&router, &request, coding).await;
                assert!(!reply.status.is_server_error(), "{request}: {}", reply.status);
                answered += u32::from(!reply.status.is_client_error());
                world().assert_tight(&format!("{request} ({coding})"), &reply.body);
                world().assert_tight(&format!("the head of {request}"), format!("{:?}", reply.headers).as_bytes());
            }
        }
        let may_lack = ["/fonts/{path}", "/assets/{path}", "/basemap/{z}/{x}/{y}"];
        assert!(answered > 0 || may_lack.contains(&path.as_str()), "{path} never answered with anything");
    }
}

/// What is sent to `POST /lookup`.
async fn post(router: &Router, (query, media, body): (&str, &str, &str), coding: &str) -> Reply {
    let request = Request::post(format!("/lookup{query}")).header("host", "parvis.test").header("content-type", media);
    let request = request.header("accept-encoding", coding).body(Body::from(body.to_owned())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

#[tokio::test]
async fn nothing_private_leaves_by_what_is_sent_to_be_looked_up() {
    let router = world().router();
    // Near every place of the corpus, private ones too: the answer has units, never what lies there.
    let rows: Vec<String> = places().iter().map(|(lon, lat)| format!("{lon:.2},{lat:.2}\n")).collect();
    let lines: Vec<String> =
        places().iter().map(|(lon, lat)| format!("{{\"lon\":{lon:.2},\"lat\":{lat:.2}}}\n")).collect();
    let (csv, ndjson) = (format!("lon,lat\n{}", rows.concat()), lines.concat());
    for (query, media, body, status) in [
        ("", "text/csv", csv.as_str(), 200),
        ("?header=absent&lon=1&lat=2", "text/csv", &csv, 200),
        ("?f=ndjson", "application/x-ndjson", &ndjson, 200),
        ("", "application/octet-stream", "lon,lat\nx,y\n", 200),
        ("", "text/csv", "nothing,here\n1,2\n", 400),
        ("", "image/png", "x", 415),
    ] {
        for coding in CODINGS {
            let reply = post(&router, (query, media, body), coding).await;
            assert_eq!(reply.status, status, "{media} {query}");
            world().assert_tight(&format!("POST /lookup{query} ({media}, {coding})"), &reply.body);
            world().assert_tight("the head of POST /lookup", format!("{:?}", reply.headers).as_bytes());
            if coding == "identity" && body.len() > 100 {
                assert!(reply.text().contains("municipality:"), "units arrive");
            }
        }
    }
}

#[tokio::test]
async fn errors_tell_nothing_either() {
    let router = world().router();
    for path in [
        "/collections/actors/items/actor:corpus:nothing",
        "/collections/citoyens/items",
        "/collections/actors/items?kind=person",
        "/collections/actors/items?bbox=a",
        "/admin-units/municipality:00000",
        "/downloads/citoyens.json",
        "/nothing",
    ] {
        let reply = get(&router, path, "identity").await;
        assert!(reply.status.is_client_error(), "{path}");
        world().assert_tight(path, &reply.body);
    }
    // An id that is private is one that does not exist: the answers differ in nothing but the id.
    let refused = async |id: &str| {
        let reply = get(&router, &format!("/collections/actors/items/actor:corpus:{id}"), "identity").await;
        (reply.status, reply.text().replace(id, ""))
    };
    assert_eq!(refused("LEAK-oid-010").await, refused("LEAK-oid-999").await);
}

#[tokio::test]
async fn what_is_open_arrives_and_what_is_masked_is_not_located() {
    let router = world().router();
    for (collection, open) in [("actors", &world().actors), ("events", &world().events)] {
        assert!(open.len() > 5, "{open:?}");
        for f in ["json", "csv"] {
            let items = get(&router, &format!("/collections/{collection}/items?limit=50000&f={f}"), "identity").await;
            assert_eq!(&markers("open", &items.body), open, "{collection} {f}");
        }
        let found =
            json(&router, &format!("/search?q=open&limit=100&type={}", &collection[..collection.len() - 1])).await;
        let names = |open: &BTreeSet<String>| {
            open.iter().filter(|m| m.starts_with("open-name")).cloned().collect::<BTreeSet<_>>()
        };
        assert_eq!(names(&markers("open", found.to_string().as_bytes())), names(open), "search of {collection}");
        let features = features(&router, collection).await;
        let masked = features.iter().filter(|f| {
            ["OPEN-name-002", "OPEN-name-007"].iter().any(|n| f["properties"]["name"].as_str().unwrap().starts_with(n))
        });
        for feature in masked {
            let of = |name: &str| &feature["properties"][name];
            assert!(feature["geometry"].is_null() && of("lon").is_null() && of("lat").is_null(), "{feature}");
            assert!(
                of("address").is_null() && of("postcode").is_null() && of("municipality_id").is_null(),
                "{feature}"
            );
            assert_eq!(of("precision"), "none");
        }
        let located = features.iter().filter(|f| !f["geometry"].is_null()).count();
        let world = get(&router, &format!("/tiles/{collection}/0/0/0"), "identity").await;
        assert_eq!(world.header("x-parvis-features").split('/').next_back(), Some(located.to_string().as_str()));
        for place in
            features.iter().filter(|f| f["properties"]["precision"] == "point").map(|f| &f["geometry"]["coordinates"])
        {
            let at = parvis_model::LonLat::new(place[0].as_f64().unwrap(), place[1].as_f64().unwrap()).unwrap();
            let tile = parvis_model::TileCoord::containing(at.to_world(), 14);
            let tile = get(&router, &format!("/tiles/{collection}/{tile}"), "gzip").await;
            let open: Vec<String> = layers(&tile.body).iter().flat_map(|layer| markers("open", layer)).collect();
            assert!(!open.is_empty(), "the tile of {place} names nothing");
        }
    }
    assert_eq!(json(&router, "/search?q=leak&limit=100").await["numberReturned"], 0);
    let phone = get(&router, "/collections/actors/items?limit=50000&f=csv", "identity").await;
    assert!(phone.text().contains("+262262400401"), "a public telephone is published");
}

/// All files of a folder, however deep.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn nothing_private_is_in_any_file_of_the_data_folder() {
    let all = files(&world().data());
    assert!(all.len() > 40, "{all:?}");
    for path in &all {
        world().assert_tight(&path.display().to_string(), &std::fs::read(path).unwrap());
    }
    let data = DataDir::open(world().data()).unwrap();
    let edition = data.edition(&data.current().unwrap().unwrap()).unwrap();
    for (collection, open) in [(Collection::Actors, &world().actors), (Collection::Events, &world().events)] {
        for format in Format::ALL {
            let part = edition.part(collection.name(), format.ext()).unwrap();
            let bytes = std::fs::read(&part.path).unwrap();
            let found: BTreeSet<String> = layers(&bytes).iter().flat_map(|layer| markers("open", layer)).collect();
            assert_eq!(&found, open, "the search reads {collection}.{}", format.ext());
        }
    }
    let links = layers(&std::fs::read(&edition.part("links", "parquet").unwrap().path).unwrap()).concat();
    let links = String::from_utf8_lossy(&links).into_owned();
    for word in ["member_of", "contributes_to", "organizes", "parent_of", "located_in", "OPEN-oid-003"] {
        assert!(links.contains(word), "{word} is in no link");
    }
    assert!(!links.contains("OPEN-oid-006"), "its links are masked, from both sides");
}

#[test]
fn nothing_private_is_in_the_tables_as_duckdb_reads_them() {
    let data = DataDir::open(world().data()).unwrap();
    let snapshot = Snapshot::open(data.edition(&data.current().unwrap().unwrap()).unwrap()).unwrap();
    for (collection, open) in [(Collection::Actors, &world().actors), (Collection::Events, &world().events)] {
        let selection = snapshot.select(collection, &Filter::default()).unwrap();
        let rows = parvis_store::table::read::rows(snapshot.edition(), &selection).unwrap();
        let text = format!("{rows:?}");
        world().assert_tight(collection.name(), text.as_bytes());
        assert_eq!(&markers("open", text.as_bytes()), open);
    }
}

#[test]
fn nothing_private_is_in_the_report_or_in_what_the_program_prints() {
    let run = &world().run;
    world().assert_tight("standard output of ingest", &run.stdout);
    world().assert_tight("standard error of ingest", &run.stderr);
    let bytes = std::fs::read(world().report()).unwrap();
    world().assert_tight("the report", &bytes);
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    let account = |id: &str| {
        let source = report["sources"].as_array().unwrap().iter().find(|s| s["source"] == id).unwrap().clone();
        let rejected: u64 = source["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(source["read"].as_u64().unwrap(), source["accepted"].as_u64().unwrap() + rejected, "{source}");
        (source["accepted"].as_u64().unwrap(), source["rejected"].clone())
    };
    let refused = serde_json::json!({"private": 18, "unknown-kind": 7, "bad-date": 1, "outside-window": 1, "missing-name": 1, "duplicate-id": 1, "bad-row": 2});
    assert_eq!(account("corpus"), (9, refused));
    assert_eq!(account("lines"), (1, serde_json::json!({"bad-row": 2, "private": 1})));
    let places = report["issues"].as_array().unwrap().iter().filter(|i| i["code"] == "private");
    for place in places.map(|i| i["place"].as_str().unwrap()) {
        let numbered =
            place.strip_prefix("record ").or(place.strip_prefix("line ")).is_some_and(|n| n.parse::<u32>().is_ok());
        assert!(numbered, "{place}");
    }
}

#[test]
fn nothing_private_is_in_any_export() {
    let out = tempfile::tempdir().unwrap();
    let data = world().data();
    for collection in Collection::ALL {
        for format in Format::ALL {
            let file = out.path().join(format!("{collection}.{}", format.ext()));
            let run = parvis([
                "export".as_ref(),
                collection.name().as_ref(),
                "--format".as_ref(),
                format.ext().as_ref(),
                "--data".as_ref(),
                data.as_os_str(),
                "-o".as_ref(),
                file.as_os_str(),
            ]);
            let name = format!("export of {collection}.{}", format.ext());
            assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
            let bytes = std::fs::read(&file).unwrap();
            for part in [&run.stdout, &run.stderr, &bytes] {
                world().assert_tight(&name, part);
            }
            let found: BTreeSet<String> = layers(&bytes).iter().flat_map(|layer| markers("open", layer)).collect();
            match collection {
                Collection::Actors => assert_eq!(found, world().actors, "{name}"),
                Collection::Events => assert_eq!(found, world().events, "{name}"),
                _ => assert!(found.is_empty(), "{name}: {found:?}"),
            }
        }
    }
    for command in [&["editions", "list"][..], &["editions", "show"]] {
        let run =
            parvis(command.iter().map(|a| (*a).to_owned()).chain(["--data".to_owned(), data.display().to_string()]));
        assert!(run.status.success(), "{command:?}");
        world().assert_tight("editions", &[run.stdout, run.stderr].concat());
    }
}
