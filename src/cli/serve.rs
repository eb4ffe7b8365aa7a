//! `parvis serve`: the edition in force over HTTP.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use parvis_model::{Crs, UnitId};
use parvis_store::DataDir;

use super::{DataArg, Outcome};
use crate::http::basemap::Basemap;
use crate::http::crs::CrsList;
use crate::http::look::Look;
use crate::http::{self, AppState, ServeOptions, url};

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: DataArg,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", env = "PARVIS_BIND")]
    bind: SocketAddr,
    /// Path under which a proxy publishes the service, such as /carto
    #[arg(long, value_name = "PATH", default_value = "", env = "PARVIS_BASE_PATH")]
    base_path: String,
    /// Address the service is known by outside, such as https://carte.example.org; else taken from each request
    #[arg(long, value_name = "URL", env = "PARVIS_PUBLIC_URL")]
    public_url: Option<String>,
    /// Who may show the map in a frame: * or origins such as https://example.org, with commas between
    #[arg(long, value_name = "ORIGINS", default_value = "*", env = "PARVIS_EMBED_FROM")]
    embed_from: String,
    /// Colours, logo and texts of the operator: a TOML file, see docs/OPERATIONS.md
    #[arg(long, value_name = "FILE.toml", env = "PARVIS_LOOK")]
    look: Option<PathBuf>,
    /// Ground of the map: a .pmtiles file (layers of Protomaps), or the https address of a style, which pages then ask
    #[arg(long, value_name = "FILE|URL", env = "PARVIS_BASEMAP")]
    basemap: Option<String>,
    /// Room on disk for exports that are put together before they are sent, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2048, env = "PARVIS_SPOOL")]
    spool: u64,
    /// More CRSs for `crs` and `bbox-crs`, such as EPSG:2969,EPSG:32620
    #[arg(long, value_name = "CRS", value_delimiter = ',', value_parser = crs, env = "PARVIS_CRS")]
    crs: Vec<Crs>,
    /// Admin unit that the map page opens with, such as department:974; else the one that holds everything
    #[arg(long, value_name = "ID", value_parser = unit, env = "PARVIS_PERIMETER")]
    perimeter: Option<UnitId>,
    /// What to log: error, warn, info, debug, or a filter such as parvis=debug
    #[arg(long, value_name = "FILTER", default_value = "info", env = "PARVIS_LOG")]
    log: String,
    /// Logs as JSON, one object a line
    #[arg(long, env = "PARVIS_LOG_JSON")]
    log_json: bool,
}

fn unit(text: &str) -> Result<UnitId, String> {
    UnitId::parse(text).ok_or_else(|| format!("`{text}` is not a unit such as department:974"))
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<Outcome> {
        let data = DataDir::open(&self.data.data)?;
        self.serve.run(data)
    }
}

impl ServeArgs {
    pub(super) fn run(self, data: DataDir) -> anyhow::Result<Outcome> {
        self.start_logs()?;
        let mut options = ServeOptions::new(&self.base_path, self.public_url.as_deref())?;
        options.embed_from = url::embed_from(&self.embed_from)?;
        if let Some(file) = &self.look {
            options.look = Arc::new(Look::read(file)?);
        }
        options.basemap = self.basemap.as_deref().map(Basemap::of).transpose()?;
        options.perimeter.clone_from(&self.perimeter);
        options.crs = CrsList::with(&self.crs).context("--crs")?;
        options.spool_bytes = self.spool.saturating_mul(1 << 20);
        let base = options.base_path.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let state = AppState::open(data, options)?;
            let listener = tokio::net::TcpListener::bind(self.bind)
                .await
                .with_context(|| format!("cannot listen on {}: choose another address with --bind", self.bind))?;
            let address = listener.local_addr()?;
            println!("Parvis serves http://{address}{base}/  (Ctrl-C ends it)");
            http::serve(state, listener, shutdown()).await?;
            Ok(Outcome::Done)
        })
    }

    fn start_logs(&self) -> anyhow::Result<()> {
        let filter = tracing_subscriber::EnvFilter::try_new(&self.log)
            .with_context(|| format!("--log {:?} is not a log filter", self.log))?;
        let colours = std::io::stderr().is_terminal();
        let logs = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
        if self.log_json {
            logs.json().init();
        } else {
            logs.init();
        }
        Ok(())
    }
}

fn crs(text: &str) -> Result<Crs, String> {
    Crs::parse(text).ok_or_else(|| "a CRS is written as EPSG:2154".to_owned())
}

/// Resolves at Ctrl-C or SIGTERM.
async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
