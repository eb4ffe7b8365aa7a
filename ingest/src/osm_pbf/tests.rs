use osmpbf::Element;

use super::testing::{Osm, Packing, blob, frame, save};
use super::*;

fn small() -> Osm {
    let mut osm = Osm::default();
    osm.node(1, 0.0, 0.0).node(2, 1.0, 0.0).node(3, 1.0, 1.0).node(4, 0.0, 1.0);
    osm.way(10, &[1, 2, 3, 4, 1], &[("boundary", "administrative")]);
    osm.relation(20, &[10], &[("type", "boundary"), ("name", "A")]);
    osm
}

fn open(bytes: &[u8]) -> Result<PbfFile, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    PbfFile::open(&save(&folder, bytes))
}

fn read_all(pbf: &PbfFile) -> Result<Vec<i64>, ReadError> {
    let mut ids = Vec::new();
    for index in 0..pbf.blobs() {
        pbf.block(index)?.for_each_element(|element| {
            ids.push(match element {
                Element::Node(n) => n.id(),
                Element::DenseNode(n) => n.id(),
                Element::Way(w) => w.id(),
                Element::Relation(r) => r.id(),
            });
        });
    }
    Ok(ids)
}

#[test]
fn reads_every_packing_and_looks_without_decoding() {
    for packing in [Packing::Raw, Packing::Zlib, Packing::Lz4, Packing::Zstd] {
        let pbf = open(&Osm { packing, ..small() }.bytes()).unwrap();
        assert!(pbf.header().sorted);
        assert_eq!(pbf.header().writing_program.as_deref(), Some("parvis test"));
        assert_eq!(read_all(&pbf).unwrap(), [1, 2, 3, 4, 10, 20]);
        let first: Vec<_> = (0..pbf.blobs()).map(|i| pbf.contents(i).unwrap().first.unwrap()).collect();
        assert_eq!(first, [(Kind::Node, 1), (Kind::Node, 4), (Kind::Way, 10), (Kind::Relation, 20)]);
        assert_eq!(pbf.contents(2).unwrap().kinds, [false, true, false]);
    }
    assert!(!open(&Osm { sorted: false, ..small() }.bytes()).unwrap().header().sorted);
}

#[test]
fn unknown_features_and_lzma_are_refused_by_name() {
    let mut osm = small();
    osm.required.push("HistoricalInformation".into());
    let error = open(&osm.bytes()).unwrap_err();
    assert!(matches!(&error, ReadError::RequiredFeature { feature, .. } if feature == "HistoricalInformation"));
    assert!(error.to_string().contains("test.osm.pbf") && error.to_string().contains("HistoricalInformation"));

    let mut bytes = small().frames()[0].clone();
    let at = bytes.len() as u64;
    bytes.extend(frame("OSMData", &blob(b"xyz", Packing::Lzma)));
    let error = open(&bytes).unwrap().block(0).unwrap_err();
    assert!(matches!(error, ReadError::Compression { name: "LZMA", offset, .. } if offset == at), "{error}");
}

#[test]
fn an_empty_file_and_a_foreign_one_say_so() {
    assert!(matches!(open(b""), Err(ReadError::Empty { .. })));
    let data_first = small().frames()[1].clone();
    assert!(matches!(open(&data_first), Err(ReadError::NoHeader { found, .. }) if found == "OSMData"));
    assert!(matches!(open(b"<?xml version='1.0'?><osm/>"), Err(ReadError::TooBig { part: "blob header", .. })));
    let missing = PbfFile::open(Path::new("no/such.osm.pbf")).unwrap_err();
    assert!(missing.to_string().starts_with("cannot read no/such.osm.pbf: "));
}

#[test]
fn a_file_cut_anywhere_but_between_blobs_names_the_byte() {
    let frames = small().frames();
    let bytes = frames.concat();
    let borders: Vec<usize> = frames
        .iter()
        .scan(0, |end, f| {
            *end += f.len();
            Some(*end)
        })
        .collect();
    for length in 1..bytes.len() {
        let result = open(&bytes[..length]);
        if borders.contains(&length) {
            assert!(result.is_ok(), "whole blobs only: {length}");
            continue;
        }
        let Err(ReadError::Truncated { offset, size, length: end, .. }) = result else {
            panic!("{length}: {result:?}");
        };
        assert!(end == length as u64 && offset <= end && offset + size > end, "{length}");
    }
}

#[test]
fn sizes_over_the_limits_are_refused_before_anything_is_read() {
    let huge_header = [0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3];
    assert!(matches!(open(&huge_header), Err(ReadError::TooBig { part: "blob header", limit: 65_536, .. })));
    for size in [MAX + 1, u64::MAX] {
        let mut header = Vec::new();
        put_bytes(&mut header, 1, b"OSMHeader");
        put_number(&mut header, 3, size);
        let mut bytes = (header.len() as u32).to_be_bytes().to_vec();
        bytes.extend(header);
        assert!(matches!(open(&bytes), Err(ReadError::TooBig { part: "blob", .. })), "{size}");
    }
}

const MAX: u64 = framing::MAX_BLOB;

#[test]
fn damage_inside_a_blob_never_panics() {
    let bytes = Osm { packing: Packing::Raw, ..small() }.bytes();
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            if let Ok(pbf) = open(&damaged) {
                for index in 0..pbf.blobs() {
                    let _ = pbf.contents(index);
                }
                let _ = read_all(&pbf);
            }
        }
    }
}

#[test]
fn reads_real_lz4_blobs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/osm/monaco-2021-lz4.osm.pbf");
    if !Path::new(path).exists() {
        println!("skipped: {path} is not here");
        return;
    }
    let ids = read_all(&PbfFile::open(Path::new(path)).unwrap()).unwrap();
    assert!(ids.len() > 20_000, "{}", ids.len());
}
