//! A new edition takes over within a second, without a dropped request.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use parvis::http::bundle::Bundle;
use parvis::http::pool::Cost;
use parvis::http::{ServeOptions, serve, watch};
use parvis_model::Collection;
use parvis_store::{EditionId, Filter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::client::send;
use super::fixture::{Fixture, publish};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_edition_is_served_and_the_old_one_still_answers() {
    let fixture = Fixture::new(ServeOptions::default());
    let watcher = tokio::spawn(watch(fixture.state.clone()));
    let folder = fixture.folder.path().to_owned();
    // Ids tell seconds: the second edition is another anyway, by its content.
    let second = tokio::task::spawn_blocking(move || publish(&folder, 7)).await.unwrap();
    assert_ne!(second, fixture.edition);
    let mut now = String::new();
    for _ in 0..200 {
        let reply = send(&fixture.router, Method::GET, "/ready", &[]).await;
        assert_eq!(reply.status, 200);
        now = reply.json()["edition"].as_str().unwrap().to_owned();
        if now == second.as_str() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(now, second.as_str());
    let count = async |path: String| {
        send(&fixture.router, Method::GET, &path, &[]).await.json()["numberMatched"].as_u64().unwrap()
    };
    assert_eq!(count("/collections/actors/items".to_owned()).await, 7);
    let old = format!("/collections/actors/items?limit=1&edition={}", fixture.edition);
    assert_eq!(count(old).await, super::fixture::ACTORS as u64);
    let cursor = format!("/collections/actors/items?limit=1&cursor={}.5", fixture.edition);
    assert_eq!(count(cursor).await, super::fixture::ACTORS as u64, "a cursor stays in its edition");
    watcher.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn selections_of_an_edition_that_is_replaced_are_let_go_and_those_of_an_open_one_are_not() {
    let fixture = Fixture::new(ServeOptions::default());
    let food = parvis_model::themes().iter().position(|theme| theme.code == "food").unwrap();
    let filter = Filter { theme: vec![food], ..Filter::default() };
    let known = |bundle: &Arc<Bundle>| {
        let cost = fixture.state.tiles().selection_cost(bundle, Collection::Actors, &filter);
        cost == Cost::Cheap
    };
    let counted = async |edition: &EditionId| {
        let path = format!("/collections/actors/items?limit=1&theme=food&edition={edition}");
        assert_eq!(send(&fixture.router, Method::GET, &path, &[]).await.status, 200);
    };
    let next = async |rows: usize| {
        let folder = fixture.folder.path().to_owned();
        let id = tokio::task::spawn_blocking(move || publish(&folder, rows)).await.unwrap();
        let bundle = Arc::new(Bundle::open(fixture.state.data().edition(&id).unwrap()).unwrap());
        fixture.state.replace(bundle);
    };
    let first = fixture.state.current().unwrap();
    counted(first.id()).await;
    assert!(known(&first));
    next(7).await;
    assert!(!known(&first), "nobody has it open");
    counted(first.id()).await;
    let second = fixture.state.current().unwrap();
    counted(second.id()).await;
    next(8).await;
    assert!(known(&first), "it was opened again, as an older one");
    assert!(!known(&second));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_that_does_not_open_leaves_the_one_in_service() {
    let fixture = Fixture::new(ServeOptions::default());
    let watcher = tokio::spawn(watch(fixture.state.clone()));
    let current = fixture.folder.path().join("CURRENT");
    std::fs::write(&current, "2030-01-01T00-00-00Z-00000000\n").unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let reply = send(&fixture.router, Method::GET, "/ready", &[]).await;
    assert_eq!(reply.json()["edition"], fixture.edition.as_str());
    watcher.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_answered_before_the_service_ends() {
    let fixture = Fixture::new(ServeOptions::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let service = tokio::spawn(serve(fixture.state.clone(), listener, async move {
        let _ = ended.await;
    }));
    let mut client = TcpStream::connect(address).await.unwrap();
    let request =
        "GET /collections/actors/items?limit=50000 HTTP/1.1\r\nhost: parvis.test\r\nconnection: close\r\n\r\n";
    client.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 64];
    client.read_exact(&mut first).await.unwrap();
    assert!(first.starts_with(b"HTTP/1.1 200"));
    end.send(()).unwrap();
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert!(rest.len() > 5_000_000, "the answer is whole: {}", rest.len());
    tokio::time::timeout(Duration::from_secs(15), service).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
