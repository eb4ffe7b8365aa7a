//! Threads for what no request waits for: opening the next edition, and preparing what only some requests need.
//!
//! Requests share their work out over rayon's common pool, and would stand in line there behind pieces of this work that
//! take hundreds of milliseconds each.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How much these threads give way to those that answer: the steps of `nice`.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Does some work on these threads, as many as there are cores; on the caller's own where there are none to be had. Blocks.
pub(crate) fn behind<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let pool = POOL.get_or_init(|| {
        let threads = ThreadPoolBuilder::new().thread_name(|number| format!("behind-{number}"));
        threads.start_handler(|_| give_way()).build().ok()
    });
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Lowers the priority of this thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICE) {
        tracing::debug!(%error, "the priority stays");
    }
}
