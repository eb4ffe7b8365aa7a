//! The main job on all of France: ingested once by the built program, then asked from every side.

mod counts;
mod places;
mod sums;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode};
use parvis::http::{AppState, ServeOptions};
use parvis_store::DataDir;
use tower::ServiceExt;

/// The data folder of the France demo, built once per test run.
fn france() -> &'static Path {
    static FRANCE: OnceLock<PathBuf> = OnceLock::new();
    FRANCE.get_or_init(|| {
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("france");
        let _ = std::fs::remove_dir_all(&data);
        let config = crate::cli::demo().join("france.toml");
        let run = crate::cli::parvis([
            "ingest".as_ref(),
            config.as_os_str(),
            "--data".as_ref(),
            data.as_os_str(),
            "--report".as_ref(),
            data.with_extension("json").as_os_str(),
        ]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        data
    })
}

fn report() -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(france().with_extension("json")).unwrap()).unwrap()
}

fn router() -> Router {
    static STATE: OnceLock<AppState> = OnceLock::new();
    let state = STATE.get_or_init(|| {
        let data = DataDir::open(france()).unwrap();
        AppState::open(data, ServeOptions::new("", None).unwrap()).unwrap()
    });
    parvis::http::router(state.clone())
}

/// A GET answered by the router in this process: status and body.
fn get(path: &str) -> (StatusCode, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let request = Request::get(path).header("host", "127.0.0.1").body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    })
}

fn json(path: &str) -> serde_json::Value {
    let (status, body) = get(path);
    assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}
