//! The frames of a PBF file: `length, BlobHeader, Blob`, again and again.
//!
//! ```text
//! ┌────────────┬───────────────────────────┬──────────────────────────────┐
//! │ u32 BE  n  │ BlobHeader, n ≤ 64 KiB    │ Blob, datasize ≤ 32 MiB      │ …
//! │            │ type, datasize            │ raw_size, raw|zlib|lz4|zstd  │
//! └────────────┴───────────────────────────┴──────────────────────────────┘
//! ```
//!
//! Every size is checked against the format's limit and the file's length before anything is read.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::ReadError;
use super::wire::{Fields, NotProtobuf, Value};

/// The format's limit of a BlobHeader, in bytes.
pub(super) const MAX_HEADER: u64 = 64 * 1024;
/// The format's limit of a Blob and of its content, in bytes.
pub(super) const MAX_BLOB: u64 = 32 * 1024 * 1024;

/// Where one blob lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// The type in the BlobHeader: `OSMHeader`, `OSMData` or one to skip.
    pub(super) kind: String,
    /// Where the frame starts; errors name it.
    pub(super) offset: u64,
    /// Where the Blob message starts.
    pub(super) start: u64,
    /// Its length, at most [`MAX_BLOB`].
    pub(super) size: u64,
}

/// Walks the frames of a file without reading the blobs.
pub(super) fn walk(path: &Path, file: &File, length: u64) -> Result<Vec<Frame>, ReadError> {
    if length == 0 {
        return Err(ReadError::Empty { path: path.to_owned() });
    }
    let mut frames = Vec::new();
    let mut offset = 0;
    while offset < length {
        let frame = frame(path, file, length, offset)?;
        offset = frame.start + frame.size;
        frames.push(frame);
    }
    Ok(frames)
}

fn frame(path: &Path, file: &File, length: u64, offset: u64) -> Result<Frame, ReadError> {
    let whole = |part, at: u64, size: u64| {
        if size > length.saturating_sub(at) {
            return Err(ReadError::Truncated { path: path.to_owned(), part, offset: at, size, length });
        }
        Ok(())
    };
    let limited = |part, size: u64, limit: u64| {
        if size > limit { Err(ReadError::TooBig { path: path.to_owned(), part, offset, size, limit }) } else { Ok(()) }
    };

    whole("length of a blob header", offset, 4)?;
    let mut prefix = [0; 4];
    read_at(path, file, offset, &mut prefix)?;
    let header_size = u64::from(u32::from_be_bytes(prefix));
    limited("blob header", header_size, MAX_HEADER)?;
    whole("blob header", offset + 4, header_size)?;
    let mut header = vec![0; header_size as usize];
    read_at(path, file, offset + 4, &mut header)?;

    let damaged =
        |detail: &str| ReadError::Malformed { path: path.to_owned(), offset, detail: format!("its header {detail}") };
    let (mut kind, mut size) = (None, None);
    for field in Fields::new(&header) {
        match field.map_err(|NotProtobuf| damaged("is not protobuf"))? {
            (1, Value::Bytes(text)) => kind = Some(String::from_utf8_lossy(text).into_owned()),
            (3, Value::Varint(number)) => size = Some(number),
            _ => {}
        }
    }
    let kind = kind.ok_or_else(|| damaged("has no type"))?;
    let size = size.ok_or_else(|| damaged("has no datasize"))?;
    limited("blob", size, MAX_BLOB)?;
    let start = offset + 4 + header_size;
    whole("blob", start, size)?;
    Ok(Frame { kind, offset, start, size })
}

/// Reads bytes at a place; callers have checked that the file is long enough.
pub(super) fn read_at(path: &Path, file: &File, offset: u64, out: &mut [u8]) -> Result<(), ReadError> {
    file.read_exact_at(out, offset).map_err(|source| ReadError::Io { path: path.to_owned(), source })
}
