//! The HTTP service (DESIGN 9; every URL is described in `docs/API.md`).
//!
//! ```text
//! socket ─ serve ─► front (stored tiles) ─► layer (limits, CORS, log, count) ─► router ─► routes/* ─► answer (ETag, coding)
//!                                                                                 │
//!                                                state: the edition in force (swapped by reload), caches, pool
//! ```
//!
//! A handler reads the parameters strictly, asks the store or the tiles one thing, and hands the bytes
//! to [`answer`]. Whatever takes longer than a millisecond runs in the [`pool`].

pub mod answer;
pub mod assets;
pub mod backlog;
pub mod basemap;
mod behind;
pub mod bundle;
pub mod code;
pub mod crs;
pub mod dynamic;
pub mod error;
pub mod etag;
pub mod filter;
mod form;
pub mod front;
pub mod ground;
mod html;
pub mod layer;
pub mod look;
pub mod metrics;
pub mod negotiate;
pub mod openapi;
pub mod order;
pub mod params;
pub mod picture;
pub mod pool;
pub mod reload;
pub mod router;
mod routes;
pub mod serve;
pub mod spool;
pub mod state;
pub mod stream;
pub mod timing;
pub mod url;

pub use error::ApiError;
pub use front::Front;
pub use reload::watch;
pub use router::router;
pub use serve::serve;
pub use state::{AppState, ServeOptions};
