//! The corpus, ingested once by the built program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use parvis::http::{AppState, ServeOptions, router};
use parvis_store::DataDir;
use serde_json::Value;
use tempfile::TempDir;

use super::markers::{Secrets, markers};
use crate::cli::{demo, parvis};

/// The corpus and what was made of it.
pub(super) struct World {
    pub(super) folder: TempDir,
    pub(super) secrets: Secrets,
    /// What the ingest said.
    pub(super) run: Output,
    /// Markers of what is open, of actors and of events.
    pub(super) actors: BTreeSet<String>,
    pub(super) events: BTreeSet<String>,
}

/// Made once for all tests.
pub(super) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::new)
}

const MIXED: &str = include_str!("corpus.json");
const LINES: &str = include_str!("organizations.json");

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("corpus.json"), MIXED).unwrap();
        std::fs::write(folder.path().join("organizations.json"), LINES).unwrap();
        std::fs::write(folder.path().join("corpus.toml"), configuration()).unwrap();
        let corpus: Value = serde_json::from_str(MIXED).unwrap();
        let is_event = |record: &&Value| record["collection"] == "events";
        let open = |records: Vec<&Value>| -> BTreeSet<String> {
            // Links name others.
            let own = |record: &&Value| {
                let mut record = (*record).clone();
                if let Some(members) = record.as_object_mut() {
                    members.retain(|name, _| name != "links");
                }
                record
            };
            records.iter().flat_map(|r| markers("open", own(r).to_string().as_bytes())).collect()
        };
        let (events, actors): (Vec<&Value>, Vec<&Value>) = corpus.as_array().unwrap().iter().partition(is_event);
        let mut actors = open(actors);
        actors.extend(markers("open", LINES.as_bytes()));
        let mut events = open(events);
        // The organiser of the first event.
        events.insert("open-oid-001".to_owned());
        let mut world = Self { secrets: Secrets::of(&corpus), actors, events, run: empty(), folder };
        world.run = parvis([
            "ingest".as_ref(),
            world.folder.path().join("corpus.toml").as_os_str(),
            "--data".as_ref(),
            world.data().as_os_str(),
            "--report".as_ref(),
            world.report().as_os_str(),
        ]);
        assert!(world.run.status.success(), "{}", String::from_utf8_lossy(&world.run.stderr));
        world
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(super) fn report(&self) -> PathBuf {
        self.folder.path().join("report.json")
    }

    pub(super) fn router(&self) -> axum::Router {
        router(AppState::open(DataDir::open(self.data()).unwrap(), ServeOptions::default()).unwrap())
    }

    /// Fails where a secret is in an output.
    pub(super) fn assert_tight(&self, output: &str, bytes: &[u8]) {
        let found = self.secrets.in_bytes(bytes);
        assert!(found.is_empty(), "{output} tells {found:?}");
    }
}

fn empty() -> Output {
    Output { status: std::process::ExitStatus::default(), stdout: Vec::new(), stderr: Vec::new() }
}

fn configuration() -> String {
    let source = |id: &str, reader: &str, path: &Path, more: &str| {
        let path = path.display();
        format!(
            "[[source]]\nid = '{id}'\nreader = '{reader}'\npath = '{path}'\nproducer = 'Test'\nlicence = 'CC0-1.0'\n{more}\n"
        )
    };
    let head = "id = 'corpus'\ntitle = { fr = 'Corpus', en = 'Corpus' }\ncountries = ['FR']\n\
                window = { from = '2026-01-01', to = '2028-01-01' }\nstart = { lon = 55.5, lat = -21.1, zoom = 9 }\n\n";
    [
        head.to_owned(),
        source("boundaries", "osm-pbf", &demo().join("reunion.osm.pbf"), ""),
        source("nomenclature", "nomenclature", &demo().join("nomenclature"), "within = ['974']\n"),
        source("corpus", "communecter", Path::new("corpus.json"), ""),
        source("lines", "communecter", Path::new("organizations.json"), ""),
    ]
    .concat()
}
