//! The good and bad tiles of npm `@mapbox/mvt-fixtures`, which `scripts/setup.sh mvt-fixtures` installs.

use std::path::{Path, PathBuf};

use super::read;
use crate::gzip;

/// Where our reading of the specification is not the list's.
const EXCEPTIONS: [(&str, &str); 2] = [
    ("016", "listed as good: its bytes lack the type, and are those of 003, which is listed as bad for it"),
    ("057", "listed as good: one point where 536,870,911 are promised, for which 051 is listed as bad"),
];

/// The package; `None`, and a line that says how to get it, where it is not installed.
fn package() -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../build/mvt-fixtures/node_modules/@mapbox/mvt-fixtures");
    if package.is_dir() {
        return Some(package);
    }
    eprintln!("NOT TESTED: @mapbox/mvt-fixtures is not installed; `scripts/setup.sh mvt-fixtures` installs it");
    None
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn the_good_fixtures_are_read_and_the_bad_refused() {
    let Some(package) = package() else { return };
    let (mut good, mut bad, mut wrong) = (0, 0, Vec::new());
    for folder in sorted(&package.join("fixtures")) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let info: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("info.json")).unwrap()).unwrap();
        let listed = info["validity"]["v2"].as_bool().unwrap();
        let expected = listed != EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
        let read = read(&std::fs::read(folder.join("tile.mvt")).unwrap());
        match &read {
            Ok(_) => good += 1,
            Err(_) => bad += 1,
        }
        if read.is_ok() != expected {
            wrong.push(format!("{name}: {} ({:?})", info["description"], read.err()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(good > 40 && bad > 20, "only {good} good and {bad} bad fixtures");
}

#[test]
fn a_fixture_that_is_cut_anywhere_never_panics() {
    let Some(package) = package() else { return };
    for folder in sorted(&package.join("fixtures")) {
        let bytes = std::fs::read(folder.join("tile.mvt")).unwrap();
        for end in 0..bytes.len() {
            let _ = read(&bytes[..end]);
        }
    }
}

#[test]
fn tiles_of_the_real_world_are_read() {
    let Some(package) = package() else { return };
    let mut features = 0;
    for place in sorted(&package.join("real-world")) {
        // One in six: all of them take a while where nothing is optimised.
        for path in sorted(&place).into_iter().step_by(6) {
            let mut bytes = std::fs::read(&path).unwrap();
            if bytes.starts_with(&[0x1f, 0x8b]) {
                bytes = gzip::decompress(&bytes, 1 << 26).unwrap();
            }
            let layers = read(&bytes).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            features += layers.iter().map(|layer| layer.features.len()).sum::<usize>();
        }
    }
    assert!(features > 10_000, "only {features} features");
}
