//! The drawing of DESIGN 4, held against the manifests: `model` is used by all; `ingest`, `store` and
//! `tiles` know nothing of each other; the root wires them, and alone knows HTTP, the CLI and the runtime.

use std::collections::BTreeSet;
use std::path::Path;

const EDGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("ingest", &["parvis-model"]),
    ("store", &["parvis-model"]),
    ("tiles", &["parvis-model"]),
    (".", &["parvis-ingest", "parvis-model", "parvis-store", "parvis-tiles"]),
];

/// What only the application may know.
const APPLICATION_ONLY: &[&str] = &["anyhow", "axum", "clap", "indicatif", "tokio", "tower", "tower-http"];

fn dependencies(folder: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("Cargo.toml");
    let manifest: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| manifest.get(*section)?.as_table())
        .flat_map(|t| t.keys().cloned())
        .collect()
}

#[test]
fn crates_depend_only_as_the_drawing_says() {
    for (folder, drawn) in EDGES {
        let ours: BTreeSet<_> = dependencies(folder).into_iter().filter(|d| d.starts_with("parvis")).collect();
        let drawn: BTreeSet<_> = drawn.iter().map(|d| (*d).to_owned()).collect();
        assert_eq!(ours, drawn, "edges of `{folder}` in Cargo.toml and in DESIGN 4 differ");
    }
}

#[test]
fn libraries_know_neither_http_nor_command_line_nor_runtime() {
    for (folder, _) in EDGES.iter().filter(|(folder, _)| *folder != ".") {
        for name in dependencies(folder) {
            assert!(
                !APPLICATION_ONLY.contains(&name.as_str()),
                "`{folder}` depends on `{name}`, which belongs to src/"
            );
        }
    }
}

#[test]
fn every_member_of_the_workspace_is_drawn() {
    let root: toml::Table =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap().parse().unwrap();
    let members = root["workspace"]["members"].as_array().unwrap();
    for member in members {
        let member = member.as_str().unwrap();
        assert!(EDGES.iter().any(|(folder, _)| *folder == member), "`{member}` is not in the drawing");
    }
}
