//! What is fuzzed, and what must hold whatever the bytes are. `make fuzz` runs these on bytes of its own
//! making, `make test` on the corpus in `fuzz/corpus`.

use std::path::PathBuf;

use parvis_model::{CountryRules, Silent, Source};

use crate::boundaries::{self, Boundaries, Options};
use crate::osm_pbf::testing::{Osm, Packing};

/// Any bytes as a PBF file: an error or boundaries, never a panic, nor an allocation that the bytes only claim.
pub fn pbf(bytes: &[u8]) {
    if let Some(boundaries) = read(bytes) {
        check(&boundaries);
    }
}

/// Any bytes as nodes, ways and relations on a grid so small that everything touches, crosses and repeats.
pub fn mesh(bytes: &[u8]) {
    if let Some(boundaries) = read(&osm(bytes).bytes()) {
        check(&boundaries);
    }
}

/// Bytes as a small OSM file: one byte a node (its place), then ways and relations, each a length and its members.
fn osm(bytes: &[u8]) -> Osm {
    let mut bytes = bytes.iter().copied();
    let mut osm = Osm { per_block: 1000, packing: Packing::Raw, ..Osm::default() };
    let nodes = bytes.next().map_or(0, |b| i64::from(b % 48));
    for id in 1..=nodes {
        let place = bytes.next().unwrap_or_default();
        // Sixteen by sixteen places, a hundredth of a degree apart; not square, so that crossings fall between them.
        osm.node(id, 2.0 + f64::from(place % 16) * 0.01, 48.0 + f64::from(place / 16) * 0.007);
    }
    let ways = bytes.next().map_or(0, |b| i64::from(b % 16));
    for id in 1..=ways {
        let length = bytes.next().map_or(0, |b| usize::from(b % 24));
        let members: Vec<i64> = bytes.by_ref().take(length).map(|b| i64::from(b % 50)).collect();
        osm.way(id, &members, &[]);
    }
    for id in 1..=8_i64 {
        let length = bytes.next().map_or(0, |b| usize::from(b % 8));
        let members: Vec<i64> = bytes.by_ref().take(length).map(|b| i64::from(b % 17)).collect();
        let (level, code) = (if id == 1 { "6" } else { "8" }, format!("{id:05}"));
        let tags = [("type", "boundary"), ("boundary", "administrative"), ("admin_level", level), ("ref:INSEE", &code)];
        osm.relation(id, &members, &tags);
    }
    osm
}

fn read(bytes: &[u8]) -> Option<Boundaries> {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let thread = std::thread::current().id();
    let path = folder.join(format!("parvis-fuzz-{}-{thread:?}.osm.pbf", std::process::id()));
    std::fs::write(&path, bytes).ok()?;
    let source = Source {
        id: "fuzz".into(),
        reader: "osm-pbf".into(),
        producer: "nobody".into(),
        licence: "CC0-1.0".into(),
        url: None,
        date: None,
        valid_at: None,
        example: false,
    };
    let rules = [CountryRules::builtin("FR")];
    let read = boundaries::read(&path, &source, Options { rules: &rules, ..Options::default() }, &Silent);
    // That it cannot be removed hurts nobody.
    let _ = std::fs::remove_file(&path);
    read.ok()
}

/// What is true of all boundaries: every relation is accounted for, every ring is closed and turns the right way,
/// and a unit has an area exactly when it has a boundary.
fn check(boundaries: &Boundaries) {
    let report = &boundaries.report;
    assert_eq!(report.read, report.accepted + report.rejected_total());
    for shape in &boundaries.topology.shapes {
        assert!(!shape.polygons.is_empty(), "{} has no polygon", shape.unit);
        for (i, ring) in shape.polygons.iter().flat_map(|rings| rings.iter().enumerate()) {
            let line = boundaries.topology.ring(ring);
            assert!(line.is_closed() && line.0.len() >= 4, "{}: ring of {} places", shape.unit, line.0.len());
            let doubled: f64 = line.lines().map(|s| s.determinant()).sum();
            assert!(if i == 0 { doubled > 0.0 } else { doubled < 0.0 }, "{}: ring {i} turns wrong", shape.unit);
        }
    }
    for unit in &boundaries.units {
        assert_eq!(unit.status.has_boundary(), unit.area_km2.is_some_and(|a| a > 0.0), "{}", unit.id);
        assert_eq!(unit.status.has_boundary(), unit.label.is_some(), "{}", unit.id);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn corpus(target: &str) -> Vec<Vec<u8>> {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus")).join(target);
        let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
    }

    #[test]
    fn the_corpus_holds() {
        let (files, meshes) = (corpus("pbf"), corpus("mesh"));
        assert!(!files.is_empty() && !meshes.is_empty());
        for bytes in &files {
            pbf(bytes);
        }
        for bytes in &meshes {
            mesh(bytes);
        }
        assert!(meshes.iter().any(|bytes| read(&osm(bytes).bytes()).is_some_and(|b| b.units.len() > 1)));
    }

    proptest! {
        #[test]
        fn any_mesh_holds(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            mesh(&bytes);
        }

        /// A good file with some bytes changed.
        #[test]
        fn any_damage_is_an_error_or_harmless(
            seed in prop::collection::vec(any::<u8>(), 0..200),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        ) {
            let mut file = osm(&seed).bytes();
            for (at, byte) in damage {
                let at = at.index(file.len());
                file[at] = byte;
            }
            pbf(&file);
        }
    }
}
