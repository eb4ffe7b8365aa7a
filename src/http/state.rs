//! What all requests share: the edition in force, older ones in use, caches, counters.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use moka::sync::Cache;
use parvis_model::UnitId;
use parvis_store::{DataDir, Edition, EditionId, StoreError};

use super::basemap::Basemap;
use super::behind::behind;
use super::bundle::{Bundle, OpenError};
use super::crs::CrsList;
use super::dynamic::PointTiles;
use super::error::ApiError;
use super::html::map_policy;
use super::look::Look;
use super::metrics::Metrics;
use super::order::Orders;
use super::params::cut;
use super::pool::Pool;
use super::router::ROUTES;
use super::spool::Spool;
use super::stream;
use super::url::{self, AddressError};

/// How often the pin of an edition that is read on and on is renewed.
const PIN_AGAIN: Duration = Duration::from_mins(10);

/// How long an export waits for its turn to be put together.
const SPOOL_PATIENCE: Duration = Duration::from_mins(1);

/// How the service is set up.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where it sits under its host: empty or `/carto`, as [`super::url::base_path`] gives it.
    pub base_path: String,
    /// Its public address, base path included, when the headers of a proxy are not to be asked;
    /// as [`super::url::public_url`] gives it.
    pub public_url: Option<String>,
    /// The unit that the map page opens with; else the one that holds everything.
    pub perimeter: Option<UnitId>,
    /// Room for dynamic tiles and selections, in bytes.
    pub cache_bytes: u64,
    /// How many pieces of processor work run at once; all but one of them may be dear.
    pub jobs: usize,
    /// How many pieces of dear work wait for room before more are refused.
    pub waiting: usize,
    /// The most bytes of a page of items that are in memory; a larger one is made as its client reads it.
    pub page_bytes: u64,
    /// How many answers too large for memory are written at once.
    pub streams: usize,
    /// Room on disk for exports that have to be put together before they are sent, in bytes.
    pub spool_bytes: u64,
    /// How long a client may take nothing of a long answer, or send nothing of a long question.
    pub slow_client: Duration,
    /// How many editions besides the one in force are kept open.
    pub older_editions: u64,
    /// Who may frame `/embed/map`: origins with spaces between, or `*`, as [`super::url::embed_from`] gives it.
    pub embed_from: String,
    /// Colours, logo and texts of the operator.
    pub look: Arc<Look>,
    /// The operator's own ground under the map.
    pub basemap: Option<Basemap>,
    /// The CRSs that coordinates are given and taken in.
    pub crs: CrsList,
}

impl Default for ServeOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            base_path: String::new(),
            public_url: None,
            perimeter: None,
            cache_bytes: 64 << 20,
            jobs: cores + 1,
            waiting: 64,
            page_bytes: 4 << 20,
            streams: 32,
            spool_bytes: 2 << 30,
            slow_client: stream::PATIENCE,
            older_editions: 2,
            embed_from: "*".to_owned(),
            look: Arc::default(),
            basemap: None,
            crs: CrsList::default(),
        }
    }
}

impl ServeOptions {
    /// The defaults, under a base path and, where one is given, a public address.
    ///
    /// # Errors
    /// [`AddressError`] when one of them is not what it must be.
    pub fn new(base_path: &str, public_url: Option<&str>) -> Result<Self, AddressError> {
        let public_url = public_url.filter(|u| !u.is_empty()).map(url::public_url).transpose()?;
        Ok(Self { base_path: url::base_path(base_path)?, public_url, ..Self::default() })
    }

    /// The policy of the map: of the page itself, or of `/embed/map`.
    pub(crate) fn map_policy(&self, embedded: bool) -> String {
        let origin = match &self.basemap {
            Some(Basemap::Style { origin, .. }) => origin.as_str(),
            _ => "",
        };
        map_policy(if embedded { &self.embed_from } else { "'self'" }, origin)
    }

    /// A path or pattern without the base path.
    pub fn without_base<'a>(&self, path: &'a str) -> &'a str {
        match path.strip_prefix(self.base_path.as_str()) {
            Some("") => "/",
            Some(rest) => rest,
            None => path,
        }
    }
}

/// The service's state; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    data: DataDir,
    options: ServeOptions,
    current: ArcSwapOption<Bundle>,
    older: Cache<EditionId, Arc<Bundle>>,
    published: Cache<EditionId, Arc<Edition>>,
    /// The editions pinned lately: a pin holds much longer.
    pinned: Cache<EditionId, ()>,
    tiles: PointTiles,
    orders: Orders,
    pool: Pool,
    streams: Pool,
    spooling: Pool,
    spool: Spool,
    metrics: Metrics,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("options", &self.0.options).finish_non_exhaustive()
    }
}

/// The edition that a request is about.
#[derive(Debug, Clone)]
pub struct Scope {
    /// It.
    pub bundle: Arc<Bundle>,
    /// Whether the URL names it, so that the answer never changes.
    pub pinned: bool,
}

impl AppState {
    /// Opens the edition in force, if there is one.
    ///
    /// # Errors
    /// As [`Bundle::open`].
    pub fn open(data: DataDir, options: ServeOptions) -> Result<Self, OpenError> {
        let current = match data.current()? {
            Some(id) => Some(Arc::new(Bundle::open(data.edition(&id)?)?)).inspect(warm),
            None => None,
        };
        let state = Self(Arc::new(Inner {
            spool: Spool::new(data.path().join("spool"), options.spool_bytes),
            data,
            current: ArcSwapOption::from(current),
            older: Cache::new(options.older_editions.max(1)),
            published: Cache::new(64),
            pinned: Cache::builder().max_capacity(64).time_to_live(PIN_AGAIN).build(),
            tiles: PointTiles::new(options.cache_bytes),
            orders: Orders::new(options.cache_bytes / 2),
            pool: Pool::with_queue(options.jobs, options.waiting),
            streams: Pool::new(options.streams),
            spooling: Pool::new(options.jobs.saturating_sub(2)).patient(SPOOL_PATIENCE),
            metrics: Metrics::new(ROUTES.iter().copied()),
            options,
        }));
        Ok(state)
    }

    /// How it is set up.
    pub fn options(&self) -> &ServeOptions {
        &self.0.options
    }

    /// The CRSs that coordinates are given and taken in.
    pub fn crs(&self) -> &CrsList {
        &self.0.options.crs
    }

    /// The data folder.
    pub fn data(&self) -> &DataDir {
        &self.0.data
    }

    /// The counters.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Where processor work runs.
    pub fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// Where long answers are written.
    pub fn streams(&self) -> &Pool {
        &self.0.streams
    }

    /// Who may put an export together on disk.
    pub fn spooling(&self) -> &Pool {
        &self.0.spooling
    }

    /// The disk's room for exports.
    pub fn spool(&self) -> &Spool {
        &self.0.spool
    }

    /// Dynamic tiles.
    pub fn tiles(&self) -> &PointTiles {
        &self.0.tiles
    }

    /// Orders of rows.
    pub fn orders(&self) -> &Orders {
        &self.0.orders
    }

    /// The edition in force; `None` before the first is published.
    pub fn current(&self) -> Option<Arc<Bundle>> {
        self.0.current.load_full()
    }

    /// Puts an edition in service. Requests in flight keep theirs.
    pub fn replace(&self, bundle: Arc<Bundle>) {
        warm(&bundle);
        let id = bundle.id().clone();
        self.0.current.store(Some(bundle));
        self.0.tiles.forget(|edition| *edition == id || self.0.older.contains_key(edition));
        self.0.metrics.reloads.fetch_add(1, Relaxed);
    }

    /// The edition of a request: the one in force, or the one that `edition` names, opened on demand.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for an edition that never was, [`ApiError::Gone`] for one that was collected,
    /// [`ApiError::NoEdition`] before the first.
    pub async fn scope(&self, edition: Option<&str>) -> Result<Scope, ApiError> {
        let current = self.current();
        let Some(id) = edition else {
            return Ok(Scope { bundle: current.ok_or(ApiError::NoEdition)?, pinned: false });
        };
        if let Some(bundle) = current.filter(|b| b.id().as_str() == id) {
            return Ok(Scope { bundle, pinned: true });
        }
        let id = parse_id(id)?;
        if let Some(bundle) = self.0.older.get(&id) {
            return Ok(Scope { bundle, pinned: true });
        }
        let inner = Arc::clone(&self.0);
        let open = move || {
            let opened = inner.older.try_get_with(id.clone(), || {
                let edition = inner.data.edition(&id)?;
                Bundle::open(edition).map(Arc::new)
            });
            opened.map_err(|e| not_opened(&e))
        };
        Ok(Scope { bundle: self.0.pool.run(open).await?, pinned: true })
    }

    /// The files of an edition, without opening what is in them.
    ///
    /// # Errors
    /// As [`Self::scope`].
    pub async fn published(&self, id: &str) -> Result<Arc<Edition>, ApiError> {
        let id = parse_id(id)?;
        if let Some(edition) = self.0.published.get(&id) {
            return Ok(edition);
        }
        let inner = Arc::clone(&self.0);
        let open = move || {
            let opened =
                inner.published.try_get_with(id.clone(), || Ok::<_, OpenError>(Arc::new(inner.data.edition(&id)?)));
            opened.map_err(|e| not_opened(&e))
        };
        self.0.pool.run(open).await
    }

    /// Keeps an edition from being collected for a day: somebody holds a cursor of it, or reads a file. A folder that
    /// cannot be written loses nothing by that: nobody collects there either.
    pub async fn pin(&self, id: &EditionId) {
        if self.0.pinned.contains_key(id) {
            return;
        }
        let (inner, id) = (Arc::clone(&self.0), id.clone());
        let pin = tokio::task::spawn_blocking(move || match inner.data.pin(&id) {
            Ok(()) => inner.pinned.insert(id, ()),
            Err(error) => tracing::debug!(%error, "an edition could not be pinned"),
        });
        let _ = pin.await;
    }

    /// Forgets an edition whose files turned out to be gone.
    pub fn forget(&self, id: &EditionId) {
        self.0.published.invalidate(id);
        self.0.older.invalidate(id);
    }
}

/// Prepares what later requests need, beside the first ones. Where there is no thread to be had, they prepare it themselves.
fn warm(bundle: &Arc<Bundle>) {
    let bundle = Arc::clone(bundle);
    let _ = std::thread::Builder::new().name("warm".to_owned()).spawn(move || behind(|| bundle.warm()));
}

fn parse_id(text: &str) -> Result<EditionId, ApiError> {
    EditionId::parse(text).ok().ok_or_else(|| ApiError::NotFound(format!("there is no edition `{}`", cut(text))))
}

/// What a client is told of an edition that does not open.
fn not_opened(error: &OpenError) -> ApiError {
    match error {
        OpenError::Store(StoreError::UnknownEdition(id)) => ApiError::NotFound(format!("there is no edition `{id}`")),
        OpenError::Store(StoreError::Collected(id)) => {
            ApiError::Gone(format!("edition `{id}` was removed to make room; /editions lists those there are"))
        }
        OpenError::Store(StoreError::DamagedPart { .. }) => {
            tracing::error!(%error, "an edition lacks a file");
            ApiError::Gone("a file of this edition is no longer there".to_owned())
        }
        _ => ApiError::internal("opening an edition", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_is_taken_off_patterns() {
        let options = ServeOptions { base_path: "/carto".to_owned(), ..ServeOptions::default() };
        assert_eq!(options.without_base("/carto/lookup"), "/lookup");
        assert_eq!(options.without_base("/carto"), "/");
        assert_eq!(ServeOptions::default().without_base("/lookup"), "/lookup");
    }
}
