//! Writes small OSM PBF files for tests.

use std::collections::BTreeMap;
use std::io::Write;
#[cfg(test)]
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::wire::{put_bytes, put_number, put_varint};

/// How blobs are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Raw,
    Zlib,
    Lz4,
    Zstd,
    /// Claimed only: the bytes are none.
    Lzma,
}

/// A Blob message.
pub(crate) fn blob(content: &[u8], packing: Packing) -> Vec<u8> {
    let (field, bytes) = match packing {
        Packing::Raw => (1, content.to_vec()),
        Packing::Zlib => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(content).unwrap();
            (3, encoder.finish().unwrap())
        }
        Packing::Lzma => (4, content.to_vec()),
        Packing::Lz4 => (6, lz4_flex::block::compress(content)),
        Packing::Zstd => (7, zstd::bulk::compress(content, 3).unwrap()),
    };
    let mut out = Vec::new();
    put_number(&mut out, 2, content.len() as u64);
    put_bytes(&mut out, field, &bytes);
    out
}

/// A whole frame around a Blob message.
pub(crate) fn frame(kind: &str, blob: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    put_bytes(&mut header, 1, kind.as_bytes());
    put_number(&mut header, 3, blob.len() as u64);
    let mut out = (header.len() as u32).to_be_bytes().to_vec();
    out.extend_from_slice(&header);
    out.extend_from_slice(blob);
    out
}

type Tags = Vec<(String, String)>;
/// Id, members with their roles (which say what they are), tags.
type Relation = (i64, Vec<(i64, String)>, Tags);

/// An OSM file in memory.
#[derive(Debug, Clone)]
pub(crate) struct Osm {
    /// Id, longitude, latitude.
    pub(crate) nodes: Vec<(i64, f64, f64)>,
    /// Tags of nodes, by id.
    pub(crate) node_tags: BTreeMap<i64, Tags>,
    /// Id, nodes, tags.
    pub(crate) ways: Vec<(i64, Vec<i64>, Tags)>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) per_block: usize,
    pub(crate) packing: Packing,
    /// Whether the header declares `Sort.Type_then_ID`.
    pub(crate) sorted: bool,
    pub(crate) required: Vec<String>,
}

impl Default for Osm {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            node_tags: BTreeMap::new(),
            ways: Vec::new(),
            relations: Vec::new(),
            per_block: 3,
            packing: Packing::Zlib,
            sorted: true,
            required: vec!["OsmSchema-V0.6".into(), "DenseNodes".into()],
        }
    }
}

/// Tags from pairs.
pub(crate) fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect()
}

impl Osm {
    pub(crate) fn node(&mut self, id: i64, lon: f64, lat: f64) -> &mut Self {
        self.nodes.push((id, lon, lat));
        self
    }

    /// A node with tags.
    pub(crate) fn poi(&mut self, id: i64, lon: f64, lat: f64, pairs: &[(&str, &str)]) -> &mut Self {
        self.node_tags.insert(id, tags(pairs));
        self.node(id, lon, lat)
    }

    pub(crate) fn way(&mut self, id: i64, nodes: &[i64], pairs: &[(&str, &str)]) -> &mut Self {
        self.ways.push((id, nodes.to_vec(), tags(pairs)));
        self
    }

    pub(crate) fn relation(&mut self, id: i64, ways: &[i64], pairs: &[(&str, &str)]) -> &mut Self {
        let members = ways.iter().map(|&w| (w, "outer".to_owned())).collect();
        self.relations.push((id, members, tags(pairs)));
        self
    }

    /// The frames of the file, header first.
    pub(crate) fn frames(&self) -> Vec<Vec<u8>> {
        let mut frames = vec![frame("OSMHeader", &blob(&self.header(), self.packing))];
        let mut blocks: Vec<Vec<u8>> =
            self.nodes.chunks(self.per_block).map(|nodes| node_block(nodes, &self.node_tags)).collect();
        blocks.extend(self.ways.chunks(self.per_block).map(way_block));
        blocks.extend(self.relations.chunks(self.per_block).map(relation_block));
        frames.extend(blocks.iter().map(|b| frame("OSMData", &blob(b, self.packing))));
        frames
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.frames().concat()
    }

    /// Writes the file into a folder and gives its path.
    #[cfg(test)]
    pub(crate) fn save(&self, folder: &tempfile::TempDir) -> PathBuf {
        save(folder, &self.bytes())
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for feature in &self.required {
            put_bytes(&mut out, 4, feature.as_bytes());
        }
        if self.sorted {
            put_bytes(&mut out, 5, b"Sort.Type_then_ID");
        }
        put_bytes(&mut out, 16, b"parvis test");
        out
    }
}

/// Writes bytes as a file of a folder.
#[cfg(test)]
pub(crate) fn save(folder: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("test.osm.pbf");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn zig(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn deltas(values: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let (mut out, mut last) = (Vec::new(), 0);
    for value in values {
        put_varint(&mut out, zig(value - last));
        last = value;
    }
    out
}

/// A string table that numbers texts as they come; 0 is the empty one.
struct Strings(Vec<String>);

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        let found = self.0.iter().position(|s| s == text).unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        found as u64
    }

    fn numbers<'t>(&mut self, texts: impl Iterator<Item = &'t String>) -> Vec<u8> {
        let mut out = Vec::new();
        for text in texts {
            put_varint(&mut out, self.number(text));
        }
        out
    }

    fn tags(&mut self, element: &mut Vec<u8>, tags: &Tags) {
        put_bytes(element, 2, &self.numbers(tags.iter().map(|t| &t.0)));
        put_bytes(element, 3, &self.numbers(tags.iter().map(|t| &t.1)));
    }
}

fn block(fill: impl FnOnce(&mut Strings) -> Vec<u8>) -> Vec<u8> {
    let mut strings = Strings(vec![String::new()]);
    let group = fill(&mut strings);
    let (mut table, mut out) = (Vec::new(), Vec::new());
    for text in &strings.0 {
        put_bytes(&mut table, 1, text.as_bytes());
    }
    put_bytes(&mut out, 1, &table);
    put_bytes(&mut out, 2, &group);
    out
}

fn node_block(nodes: &[(i64, f64, f64)], tags: &BTreeMap<i64, Tags>) -> Vec<u8> {
    block(|strings| {
        let (mut dense, mut group) = (Vec::new(), Vec::new());
        put_bytes(&mut dense, 1, &deltas(nodes.iter().map(|n| n.0)));
        put_bytes(&mut dense, 8, &deltas(nodes.iter().map(|n| (n.2 * 1e7).round() as i64)));
        put_bytes(&mut dense, 9, &deltas(nodes.iter().map(|n| (n.1 * 1e7).round() as i64)));
        let mut keys_values = Vec::new();
        for (id, ..) in nodes {
            for text in tags.get(id).into_iter().flatten().flat_map(|(key, value)| [key, value]) {
                put_varint(&mut keys_values, strings.number(text));
            }
            put_varint(&mut keys_values, 0);
        }
        if nodes.iter().any(|(id, ..)| tags.contains_key(id)) {
            put_bytes(&mut dense, 10, &keys_values);
        }
        put_bytes(&mut group, 2, &dense);
        group
    })
}

fn way_block(ways: &[(i64, Vec<i64>, Tags)]) -> Vec<u8> {
    block(|strings| {
        let mut group = Vec::new();
        for (id, nodes, tags) in ways {
            let mut way = Vec::new();
            put_number(&mut way, 1, *id as u64);
            strings.tags(&mut way, tags);
            put_bytes(&mut way, 8, &deltas(nodes.iter().copied()));
            put_bytes(&mut group, 3, &way);
        }
        group
    })
}

fn relation_block(relations: &[Relation]) -> Vec<u8> {
    block(|strings| {
        let mut group = Vec::new();
        for (id, members, tags) in relations {
            let mut relation = Vec::new();
            put_number(&mut relation, 1, *id as u64);
            strings.tags(&mut relation, tags);
            put_bytes(&mut relation, 8, &strings.numbers(members.iter().map(|m| &m.1)));
            put_bytes(&mut relation, 9, &deltas(members.iter().map(|m| m.0)));
            let kind = |role: &str| match role {
                "label" | "admin_centre" => 0, // NODE
                "subarea" => 2,                // RELATION
                _ => 1,                        // WAY
            };
            put_bytes(&mut relation, 10, &members.iter().map(|m| kind(&m.1)).collect::<Vec<u8>>());
            put_bytes(&mut group, 4, &relation);
        }
        group
    })
}
