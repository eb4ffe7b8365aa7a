//! What the service stands: slow and vanishing clients, floods of dear requests, editions that change.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use http::Method;
use parvis::http::pool::Cost;
use parvis::http::{ServeOptions, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::client::send;
use super::fixture::{ACTORS, Fixture, publish, shared};

/// A service on a socket, until the guard is dropped.
async fn listen(fixture: &Fixture) -> (SocketAddr, tokio::sync::oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(serve(fixture.state.clone(), listener, async move {
        let _ = ended.await;
    }));
    (address, end)
}

async fn ask(address: SocketAddr, path: &str, more: &str) -> TcpStream {
    let mut client = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: parvis.test\r\nconnection: close\r\n{more}\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    client
}

/// The status line of an answer.
async fn status(mut client: TcpStream) -> u16 {
    let mut head = [0; 12];
    client.read_exact(&mut head).await.unwrap();
    std::str::from_utf8(&head[9..]).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_and_slow_clients_are_in_nobodys_way() {
    let fixture = Fixture::new(ServeOptions::default());
    let (address, _end) = listen(&fixture).await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(address).await.unwrap());
    }
    // As many as may be written at once, each of more than the sockets hold, none of them read.
    for _ in 0..fixture.state.options().streams {
        idle.push(ask(address, "/collections/actors/export?f=geojson", "").await);
    }
    // Half a head.
    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nho").await.unwrap();
    let item = "/collections/actors/items/actor:examples:a0001";
    for path in ["/health", "/tiles/boundaries/0/0/0", item, "/lookup?lon=55.2&lat=-21", "/tiles/actors/9/334/287"] {
        let status = status(ask(address, path, "").await).await;
        assert!(status == 200 || status == 204, "{path}: {status}");
    }
    drop(idle);
    assert_eq!(status(ask(address, "/collections/events/export?f=csv", "").await).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn header_fields_that_are_too_long_are_431() {
    let (address, _end) = listen(shared()).await;
    for length in [40_000, 64 << 10, 200_000] {
        let field = format!("x-long: {}\r\n", "a".repeat(length));
        let mut client = TcpStream::connect(address).await.unwrap();
        let request = format!("GET /health HTTP/1.1\r\nhost: parvis.test\r\nconnection: close\r\n{field}\r\n");
        // The server may have answered and hung up before all of it was sent.
        let _ = client.write_all(request.as_bytes()).await;
        assert_eq!(status(client).await, 431, "{length} bytes");
    }
    assert_eq!(status(ask(address, "/health", "x-short: a\r\n").await).await, 200);
}

#[tokio::test]
async fn a_flood_of_dear_requests_is_refused_and_cheap_ones_are_answered() {
    let fixture = Fixture::new(ServeOptions { jobs: 2, waiting: 1, ..ServeOptions::default() });
    let get = async |path: &str| send(&fixture.router, Method::GET, path, &[]).await;
    let known = "/tiles/actors/0/0/0";
    assert_eq!(get(known).await.status, 200);
    let pool = fixture.state.pool().clone();
    let held = pool.room(Cost::Dear).await.unwrap();
    let waits = tokio::spawn({
        let router = fixture.router.clone();
        async move { send(&router, Method::GET, "/collections/actors/items?theme=food", &[]).await }
    });
    while pool.has_room_to_wait() {
        tokio::task::yield_now().await;
    }
    for dear in [
        "/tiles/actors/3/5/4",
        "/collections/actors/items?theme=energy",
        "/collections/actors/export?f=parquet&theme=energy",
        "/collections/actors/facets?by=kind&theme=energy",
    ] {
        let reply = get(dear).await;
        reply.problem(503);
        assert!(!reply.header("retry-after").is_empty(), "{dear}");
    }
    for cheap in [
        "/tiles/boundaries/0/0/0",
        known,
        "/collections/actors/items/actor:examples:a0001",
        "/collections/actors/items?limit=2",
        "/lookup?lon=55.2&lat=-21",
        "/search?q=saint",
        "/admin-units/municipality:97411",
        "/health",
    ] {
        let reply = get(cheap).await;
        assert_eq!(reply.status, 200, "{cheap}: {}", String::from_utf8_lossy(&reply.body));
    }
    drop(held);
    assert_eq!(waits.await.unwrap().status, 200, "what waited had its turn");
    assert_eq!(get("/tiles/actors/3/5/4?theme=food").await.status.as_u16() / 100, 2);
}

#[tokio::test]
async fn what_was_done_for_an_answer_is_told_unless_it_is_kept_for_ever() {
    let fixture = shared();
    let get = async |path: &str| send(&fixture.router, Method::GET, path, &[]).await;
    let timing = get("/collections/actors/items?limit=3&theme=waste").await.header("server-timing").to_owned();
    for part in ["queue;dur=", "select;dur=", "make;dur=", "encode;dur="] {
        assert!(timing.contains(part), "{timing}");
    }
    let edition = &fixture.edition;
    for silent in [
        format!("/collections/actors/items?limit=3&theme=waste&edition={edition}"),
        format!("/tiles/actors/0/0/0?edition={edition}"),
        "/tiles/boundaries/0/0/0".to_owned(),
    ] {
        assert_eq!(get(&silent).await.header("server-timing"), "", "{silent}");
    }
}

#[tokio::test]
async fn who_pages_while_editions_change_gets_every_row_once() {
    let fixture = Fixture::new(ServeOptions { older_editions: 1, ..ServeOptions::default() });
    let mut path = "/collections/actors/items?limit=50&f=json".to_owned();
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    loop {
        let page = send(&fixture.router, Method::GET, &path, &[]).await.json();
        assert_eq!(page["numberMatched"], ACTORS);
        for feature in page["features"].as_array().unwrap() {
            assert!(seen.insert(feature["id"].as_str().unwrap().to_owned()), "{} came twice", feature["id"]);
        }
        pages += 1;
        let next = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next");
        let Some(next) = next else { break };
        path = next["href"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap().to_owned();
        // More new editions than are kept open: the one that is read has to be opened again.
        for fewer in [1, 2] {
            let folder = fixture.folder.path().to_owned();
            let id = tokio::task::spawn_blocking(move || publish(&folder, 20 * pages + fewer)).await.unwrap();
            let edition = fixture.state.data().edition(&id).unwrap();
            let bundle = parvis::http::bundle::Bundle::open(edition).unwrap();
            fixture.state.replace(std::sync::Arc::new(bundle));
            let reply = send(&fixture.router, Method::GET, "/collections/actors/items?limit=1", &[]).await;
            assert_eq!(reply.json()["numberMatched"], 20 * pages + fewer);
        }
    }
    assert_eq!((seen.len(), pages), (ACTORS, ACTORS.div_ceil(50)));
    assert!(fixture.state.data().is_pinned(&fixture.edition), "nobody collects it under the reader");
}

#[tokio::test]
async fn a_download_pins_its_edition() {
    let fixture = Fixture::new(ServeOptions::default());
    assert!(!fixture.state.data().is_pinned(&fixture.edition));
    let path = format!("/editions/{}/events.csv", fixture.edition);
    let part = send(&fixture.router, Method::GET, &path, &[("range", "bytes=0-9")]).await;
    assert_eq!(part.status, 206);
    assert!(fixture.state.data().is_pinned(&fixture.edition));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_in_the_middle_of_an_export_frees_its_place() {
    let patience = Duration::from_mins(10);
    let fixture = Fixture::new(ServeOptions { streams: 1, slow_client: patience, ..ServeOptions::default() });
    let (address, _end) = listen(&fixture).await;
    for path in ["/collections/actors/export?f=geojson", "/collections/actors/export?f=fgb&example=true"] {
        let mut client = ask(address, path, "").await;
        let mut first = [0; 1000];
        client.read_exact(&mut first).await.unwrap();
        drop(client);
        // The only place: had the one who left kept it, this would be 503.
        assert_eq!(status(ask(address, "/collections/events/export?f=csv", "").await).await, 200, "{path}");
        while fixture.state.spool().used() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
