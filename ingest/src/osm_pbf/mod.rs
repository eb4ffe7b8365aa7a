//! OSM PBF files: framing, inflating and probing are ours, the blocks themselves are decoded by `osmpbf`.
//!
//! The `osmpbf` crate alone takes a file cut by a few bytes for a whole one, reads neither LZ4 nor zstd and
//! does not look at required features; so [`PbfFile`] frames and inflates, and hands it `raw` blobs.

mod error;
mod framing;
mod inflate;
mod plan;
#[cfg(any(test, feature = "fuzzing"))]
#[allow(clippy::unwrap_used, reason = "it writes what tests and fuzzing ask for")]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) mod testing;
mod wire;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use osmpbf::{BlobReader, HeaderBlock, PrimitiveBlock};

pub use error::ReadError;
use framing::Frame;
use inflate::Fault;
pub(crate) use plan::{Plan, each, seek, sort_unique};
use wire::{Fields, NotProtobuf, Value, put_bytes, put_number, put_varint, varint, zigzag};

/// The features of the format that this reader understands.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// What the elements of a file are; in a sorted file they come in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Places.
    Node,
    /// Lines of nodes.
    Way,
    /// Groups of ways and others, with roles.
    Relation,
}

/// What a look into a blob shows without decoding it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contents {
    /// The first element.
    pub first: Option<(Kind, i64)>,
    /// Which kinds are in it, by [`Kind`] as an index.
    pub kinds: [bool; 3],
}

/// What the header block says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// Whether the file declares `Sort.Type_then_ID`.
    pub sorted: bool,
    /// The program that wrote it.
    pub writing_program: Option<String>,
    /// Seconds since 1970 of the last change in it.
    pub replication_timestamp: Option<i64>,
}

/// An OSM PBF file whose frames have all been checked.
#[derive(Debug)]
pub struct PbfFile {
    path: PathBuf,
    file: File,
    header: Header,
    data: Vec<Frame>,
}

impl PbfFile {
    /// Opens a file, walks all its frames (without reading the blobs) and reads the header block.
    ///
    /// # Errors
    /// Every [`ReadError`] but `NoBoundaries`: a file that is empty, cut (even by one byte), not PBF, or that
    /// requires a feature we lack.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let io = |source| ReadError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut frames = framing::walk(path, &file, length)?.into_iter();
        let first = frames.next().ok_or_else(|| ReadError::Empty { path: path.to_owned() })?;
        if first.kind != "OSMHeader" {
            let found = first.kind.chars().take(40).collect();
            return Err(ReadError::NoHeader { path: path.to_owned(), found });
        }
        // Blobs of other types are for other readers; the format says to pass over them.
        let data = frames.filter(|f| f.kind == "OSMData").collect();
        let mut pbf = Self { path: path.to_owned(), file, header: Header::default(), data };
        pbf.header = pbf.read_header(&first)?;
        Ok(pbf)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What its header says.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many data blobs it has.
    pub fn blobs(&self) -> usize {
        self.data.len()
    }

    /// How many bytes of the file the data blob `index` takes, for progress; 0 out of range.
    pub fn size(&self, index: usize) -> u64 {
        self.data.get(index).map_or(0, |f| f.size)
    }

    /// Looks at what the data blob `index` holds: inflates it, but decodes no more than its first id.
    ///
    /// # Errors
    /// `Io`, `Malformed`, `Compression` or `TooBig`, naming the blob's byte.
    pub fn contents(&self, index: usize) -> Result<Contents, ReadError> {
        let frame = self.frame(index)?;
        look(&self.inflate(frame)?).map_err(|NotProtobuf| self.damaged(frame, "its content is not protobuf"))
    }

    /// Decodes the data blob `index`.
    ///
    /// # Errors
    /// `Io`, `Malformed`, `Compression` or `TooBig`, naming the blob's byte.
    pub fn block(&self, index: usize) -> Result<PrimitiveBlock, ReadError> {
        let frame = self.frame(index)?;
        let content = self.inflate(frame)?;
        if !has_known_members(&content).map_err(|NotProtobuf| self.damaged(frame, "its content is not protobuf"))? {
            return Err(self.damaged(frame, "a member of a relation is neither node, way nor relation"));
        }
        let blob = raw_blob("OSMData", &content).map_err(|e| self.damaged(frame, &e))?;
        blob.to_primitiveblock().map_err(|e| self.damaged(frame, &e.to_string()))
    }

    fn read_header(&self, frame: &Frame) -> Result<Header, ReadError> {
        let content = self.inflate(frame)?;
        let blob = raw_blob("OSMHeader", &content).map_err(|e| self.damaged(frame, &e))?;
        let block: HeaderBlock = blob.to_headerblock().map_err(|e| self.damaged(frame, &e.to_string()))?;
        if let Some(feature) = block.required_features().iter().find(|f| !FEATURES.contains(&f.as_str())) {
            let feature = feature.chars().take(80).collect();
            return Err(ReadError::RequiredFeature { path: self.path.clone(), feature });
        }
        Ok(Header {
            sorted: block.optional_features().iter().any(|f| f == "Sort.Type_then_ID"),
            writing_program: block.writing_program().map(str::to_owned),
            replication_timestamp: block.osmosis_replication_timestamp(),
        })
    }

    fn frame(&self, index: usize) -> Result<&Frame, ReadError> {
        self.data.get(index).ok_or_else(|| ReadError::Malformed {
            path: self.path.clone(),
            offset: 0,
            detail: format!("the file has {} data blobs, not {index} and one more", self.data.len()),
        })
    }

    fn inflate(&self, frame: &Frame) -> Result<Vec<u8>, ReadError> {
        // At most MAX_BLOB, and the walk has seen that the file is that long.
        let mut blob = vec![0; frame.size as usize];
        framing::read_at(&self.path, &self.file, frame.start, &mut blob)?;
        let (path, offset) = (self.path.clone(), frame.offset);
        inflate::inflate(&blob).map_err(|fault| match fault {
            Fault::Malformed(detail) => ReadError::Malformed { path, offset, detail },
            Fault::Compression(name) => ReadError::Compression { path, offset, name },
            Fault::TooBig(size) => {
                ReadError::TooBig { path, part: "blob's content", offset, size, limit: framing::MAX_BLOB }
            }
        })
    }

    fn damaged(&self, frame: &Frame, detail: &str) -> ReadError {
        ReadError::Malformed { path: self.path.clone(), offset: frame.offset, detail: detail.to_owned() }
    }
}

/// Wraps content as an uncompressed frame and lets `osmpbf` take it.
fn raw_blob(kind: &str, content: &[u8]) -> Result<osmpbf::Blob, String> {
    let mut blob_start = Vec::with_capacity(8);
    put_varint(&mut blob_start, 1 << 3 | 2);
    put_varint(&mut blob_start, content.len() as u64);
    let mut header = Vec::with_capacity(24);
    put_bytes(&mut header, 1, kind.as_bytes());
    put_number(&mut header, 3, (blob_start.len() + content.len()) as u64);
    let mut frame = (header.len() as u32).to_be_bytes().to_vec();
    frame.extend_from_slice(&header);
    frame.extend_from_slice(&blob_start);
    match BlobReader::new(frame.as_slice().chain(content)).next() {
        Some(blob) => blob.map_err(|e| e.to_string()),
        None => Err("it has no content".to_owned()),
    }
}

/// Field numbers of PrimitiveBlock and PrimitiveGroup: osmformat.proto.
fn look(block: &[u8]) -> Result<Contents, NotProtobuf> {
    let mut contents = Contents::default();
    for field in Fields::new(block) {
        let (2, Value::Bytes(group)) = field? else { continue };
        for element in Fields::new(group) {
            let (number, Value::Bytes(message)) = element? else { continue };
            let kind = match number {
                1 | 2 => Kind::Node,
                3 => Kind::Way,
                4 => Kind::Relation,
                _ => continue,
            };
            let Some(id) = first_id(message, number)? else { continue };
            contents.kinds[kind as usize] = true;
            contents.first.get_or_insert((kind, id));
        }
    }
    Ok(contents)
}

/// Whether every member of a block's relations is a node, a way or a relation (0, 1, 2): `osmpbf` takes it for granted.
fn has_known_members(block: &[u8]) -> Result<bool, NotProtobuf> {
    for field in Fields::new(block) {
        let (2, Value::Bytes(group)) = field? else { continue };
        for element in Fields::new(group) {
            let (4, Value::Bytes(relation)) = element? else { continue };
            for field in Fields::new(relation) {
                match field? {
                    (10, Value::Varint(3..)) => return Ok(false),
                    (10, Value::Bytes(mut kinds)) => {
                        while !kinds.is_empty() {
                            if varint(&mut kinds)? > 2 {
                                return Ok(false);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(true)
}

fn first_id(message: &[u8], number: u64) -> Result<Option<i64>, NotProtobuf> {
    for field in Fields::new(message) {
        return Ok(match field? {
            (1, Value::Varint(id)) if number <= 2 => Some(zigzag(id)),
            (1, Value::Varint(id)) => Some(id as i64),
            (1, Value::Bytes(mut ids)) if !ids.is_empty() => Some(zigzag(varint(&mut ids)?)),
            _ => continue,
        });
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
