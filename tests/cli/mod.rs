//! The program from outside: exit codes, messages, and what is left of the data folder when things go wrong.

mod broken_input;
mod crash;
mod full_disk;
mod usage;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A run of the built program.
pub(crate) fn parvis<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Output {
    command().args(args).output().unwrap()
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parvis"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PARVIS_")) {
        command.env_remove(name);
    }
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The folder of the demo's files.
pub(crate) fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo")
}

/// A territory of one small table of actors, in a folder of its own.
struct Small {
    dir: tempfile::TempDir,
}

impl Small {
    const ROWS: &str = "id,name,lon,lat\na,Jardin,55.45,-20.88\nb,Atelier,55.5,-20.9\n";

    fn new(table: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("actors.csv"), table).unwrap();
        let small = Self { dir };
        small.titled("Small");
        small
    }

    /// Writes the configuration again under another title, so that the next edition differs.
    fn titled(&self, title: &str) {
        let toml = format!(
            r#"
            id = "small"
            title = {{ fr = "{title}", en = "{title}" }}
            countries = ["FR"]
            window = {{ from = "2026-01-01", to = "2028-01-01" }}
            start = {{ lon = 55.5, lat = -21.1, zoom = 9 }}

            [[source]]
            id = "actors"
            reader = "table"
            path = "actors.csv"
            collection = "actors"
            producer = "Test"
            licence = "CC0-1.0"
            crs = "EPSG:4326"
            columns = {{ key = "id", name = "name", x = "lon", y = "lat" }}
            constants = {{ kind = "association", themes = "food" }}
            "#
        );
        std::fs::write(self.config(), toml).unwrap();
    }

    fn replace(&self, from: &str, to: &str) {
        let toml = std::fs::read_to_string(self.config()).unwrap();
        assert!(toml.contains(from), "{from}");
        std::fs::write(self.config(), toml.replace(from, to)).unwrap();
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("small.toml")
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn ingest(&self) -> Output {
        parvis(["ingest".as_ref(), self.config().as_os_str(), "--data".as_ref(), self.data().as_os_str()])
    }
}

fn current(data: &Path) -> String {
    std::fs::read_to_string(data.join("CURRENT")).unwrap().trim().to_owned()
}

/// The edition in force opens, and every part it names is there, whole, with the hash that is its name.
fn assert_whole(data: &Path) {
    use sha2::{Digest, Sha256};
    let data = parvis_store::DataDir::open(data).unwrap();
    let id = data.current().unwrap().expect("an edition is in force");
    let edition = data.edition(&id).unwrap();
    let mut parts = 0;
    for part in edition.files() {
        let bytes = std::fs::read(&part.path).unwrap();
        assert_eq!(bytes.len() as u64, part.bytes, "{}", part.path.display());
        assert_eq!(parvis_model::id::hex(&Sha256::digest(&bytes)), part.sha256, "{}", part.path.display());
        parts += 1;
    }
    assert!(parts > 8, "{parts} parts");
    parvis_store::Snapshot::open(edition).unwrap();
}
