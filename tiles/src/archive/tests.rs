use std::fs;

use pmtiles::{Compression, PmTilesWriter, TileType};

use super::*;

fn coord(z: u8, x: u32, y: u32) -> TileCoord {
    TileCoord::new(z, x, y).unwrap()
}

/// An archive with every tile of zooms 0 to `deepest`, each holding its name; those of column 1 are all equal.
fn sample(dir: &Path, deepest: u8, compression: Compression) -> PathBuf {
    let path = dir.join(format!("sample-{deepest}.pmtiles"));
    let mut writer = PmTilesWriter::new(TileType::Mvt)
        .precompressed(compression)
        .max_zoom(deepest)
        .bounds(-10.0, -20.0, 30.0, 40.0)
        .metadata(r#"{"name":"sample","vector_layers":[]}"#)
        .create(fs::File::create(&path).unwrap())
        .unwrap();
    for z in 0..=deepest {
        let ids = pmtiles::PYRAMID_SIZE_BY_ZOOM[usize::from(z)]..pmtiles::PYRAMID_SIZE_BY_ZOOM[usize::from(z) + 1];
        for id in ids {
            let coord = pmtiles::TileCoord::from(pmtiles::TileId::new(id).unwrap());
            writer.add_tile(coord, content(z, coord.x(), coord.y()).as_bytes()).unwrap();
        }
    }
    writer.finalize().unwrap();
    path
}

fn content(z: u8, x: u32, y: u32) -> String {
    if x == 1 { "equal".to_owned() } else { format!("tile {z}/{x}/{y}") }
}

#[test]
fn every_tile_is_found_through_leaf_directories_and_runs() {
    let dir = tempfile::tempdir().unwrap();
    let archive = Archive::open(&sample(dir.path(), 8, Compression::Gzip)).unwrap();
    assert!(archive.header().leaves.length > 0, "large enough to have leaves");
    for (z, x, y) in [(0, 0, 0), (1, 1, 0), (1, 1, 1), (5, 1, 17), (8, 0, 255), (8, 255, 0), (8, 254, 131)] {
        assert_eq!(archive.get(coord(z, x, y)), Some(content(z, x, y).as_bytes()));
    }
    assert_eq!(archive.get(coord(9, 0, 0)), None);
    assert_eq!(archive.get(coord(24, 1, 1)), None);
    let all: Vec<_> = archive.iter().collect();
    assert_eq!(all.len() as u64, archive.header().addressed_tiles);
    assert!(all.iter().all(|(c, bytes)| *bytes == content(c.z(), c.x(), c.y()).as_bytes()));
    assert_eq!((archive.zooms(), archive.bounds()), ((0, 8), [-10.0, -20.0, 30.0, 40.0]));
    assert_eq!(archive.metadata()["name"], "sample");
}

#[test]
fn tiles_between_entries_are_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("holes.pmtiles");
    let file = fs::File::create(&path).unwrap();
    let mut writer = PmTilesWriter::new(TileType::Mvt).precompressed(Compression::Gzip).create(file).unwrap();
    for (x, y) in [(0, 0), (3, 3)] {
        writer.add_tile(pmtiles::TileCoord::new(2, x, y).unwrap(), b"here").unwrap();
    }
    writer.finalize().unwrap();
    let archive = Archive::open(&path).unwrap();
    assert_eq!(archive.get(coord(2, 3, 3)), Some(&b"here"[..]));
    for absent in [coord(0, 0, 0), coord(2, 1, 1), coord(2, 3, 0), coord(3, 0, 0)] {
        assert_eq!(archive.get(absent), None);
    }
}

#[test]
fn a_file_cut_anywhere_is_refused_when_opened() {
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path(), 3, Compression::Gzip);
    let whole = fs::read(&path).unwrap();
    let cut = dir.path().join("cut.pmtiles");
    for length in (0..whole.len()).step_by(61).chain([126, 127, whole.len() - 1]) {
        fs::write(&cut, &whole[..length]).unwrap();
        assert!(Archive::open(&cut).is_err(), "{length} bytes");
    }
}

#[test]
fn damage_is_an_error_with_the_file_named_or_harmless_but_never_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    let whole = fs::read(sample(dir.path(), 3, Compression::Gzip)).unwrap();
    let path = dir.path().join("damaged.pmtiles");
    for at in (0..127).chain((127..900).step_by(3)) {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            fs::write(&path, &bytes).unwrap();
            match Archive::open(&path) {
                Ok(archive) => assert!(archive.get(coord(3, 2, 2)).is_none_or(|t| t.len() < bytes.len())),
                Err(e) => assert!(e.to_string().contains("damaged.pmtiles"), "{e}"),
            }
        }
    }
}

#[test]
fn other_kinds_of_archive_are_named_for_what_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let error = Archive::open(&sample(dir.path(), 1, Compression::None)).unwrap_err();
    assert!(error.to_string().contains("tile compression is 1"), "{error}");
    let error = Archive::open(&dir.path().join("absent.pmtiles")).unwrap_err();
    assert!(matches!(error, ArchiveError::Open { .. }));
    let empty = dir.path().join("empty.pmtiles");
    fs::write(&empty, b"").unwrap();
    assert!(Archive::open(&empty).is_err());
}
