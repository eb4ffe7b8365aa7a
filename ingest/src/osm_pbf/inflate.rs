//! What a Blob holds, inflated.

use std::cell::RefCell;
use std::io::Read;

use libdeflater::{DecompressionError, Decompressor};

use super::framing::MAX_BLOB;
use super::wire::{Fields, NotProtobuf, Value};

/// Why a blob gives no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Damaged; what is wrong.
    Malformed(String),
    /// A compression we do not read.
    Compression(&'static str),
    /// The content would be over the limit.
    TooBig(u64),
}

/// How much longer than its input a compressed stream can be. Sources: zlib's technical notes
/// (1032:1), LZ4 block format (255:1).
const ZLIB_RATIO: u64 = 1032;
const LZ4_RATIO: u64 = 255;

/// The content of a Blob message.
///
/// A size that the file claims never sizes an allocation by itself: it is first held against the
/// format's limit and against what so many compressed bytes can become.
pub(super) fn inflate(blob: &[u8]) -> Result<Vec<u8>, Fault> {
    let (mut raw_size, mut content) = (None, None);
    for field in Fields::new(blob) {
        match field.map_err(|NotProtobuf| Fault::Malformed("it is not protobuf".into()))? {
            (2, Value::Varint(size)) => raw_size = Some(size),
            (number @ (1 | 3..=7), Value::Bytes(bytes)) => content = Some((number, bytes)),
            _ => {}
        }
    }
    let (number, bytes) = content.ok_or_else(|| Fault::Malformed("it has no content".into()))?;
    let size = || checked_size(raw_size);
    match number {
        1 if bytes.len() as u64 > MAX_BLOB => Err(Fault::TooBig(bytes.len() as u64)),
        1 => Ok(bytes.to_vec()),
        3 => zlib(bytes, size()?),
        4 => Err(Fault::Compression("LZMA")),
        6 => lz4(bytes, size()?),
        7 => zstd(bytes, size()?),
        _ => Err(Fault::Compression("bzip2")),
    }
}

fn checked_size(raw_size: Option<u64>) -> Result<u64, Fault> {
    match raw_size {
        None => Err(Fault::Malformed("it does not say how long its content is".into())),
        Some(size) if size >= MAX_BLOB => Err(Fault::TooBig(size)),
        Some(size) => Ok(size),
    }
}

fn plausible(size: u64, compressed: usize, ratio: u64) -> Result<usize, Fault> {
    if size > compressed as u64 * ratio + 64 {
        return Err(Fault::Malformed(format!("{compressed} compressed bytes cannot become {size}")));
    }
    Ok(size as usize)
}

fn of_size(content: Vec<u8>, size: u64) -> Result<Vec<u8>, Fault> {
    if content.len() as u64 == size {
        return Ok(content);
    }
    Err(Fault::Malformed(format!("its content is {} bytes long, not {size}", content.len())))
}

fn zlib(bytes: &[u8], size: u64) -> Result<Vec<u8>, Fault> {
    thread_local! {
        static DECOMPRESSOR: RefCell<Decompressor> = RefCell::new(Decompressor::new());
    }
    let mut content = vec![0; plausible(size, bytes.len(), ZLIB_RATIO)?];
    let length = DECOMPRESSOR.with_borrow_mut(|d| d.zlib_decompress(bytes, &mut content)).map_err(|e| match e {
        DecompressionError::BadData => Fault::Malformed("its zlib stream is damaged".into()),
        DecompressionError::InsufficientSpace => Fault::Malformed(format!("its content is longer than {size} bytes")),
    })?;
    content.truncate(length);
    of_size(content, size)
}

fn lz4(bytes: &[u8], size: u64) -> Result<Vec<u8>, Fault> {
    let content = lz4_flex::block::decompress(bytes, plausible(size, bytes.len(), LZ4_RATIO)?)
        .map_err(|e| Fault::Malformed(format!("LZ4: {e}")))?;
    of_size(content, size)
}

fn zstd(bytes: &[u8], size: u64) -> Result<Vec<u8>, Fault> {
    // zstd has no useful bound on its ratio: the buffer grows with what really comes out.
    let mut content = Vec::new();
    let decoder =
        zstd::stream::read::Decoder::with_buffer(bytes).map_err(|e| Fault::Malformed(format!("zstd: {e}")))?;
    decoder.take(size + 1).read_to_end(&mut content).map_err(|e| Fault::Malformed(format!("zstd: {e}")))?;
    of_size(content, size)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Packing, blob};
    use super::super::wire::{put_bytes, put_number};
    use super::*;

    #[test]
    fn every_supported_packing_gives_the_content_back() {
        let content = b"arcs and rings ".repeat(400);
        for packing in [Packing::Raw, Packing::Zlib, Packing::Lz4, Packing::Zstd] {
            assert_eq!(inflate(&blob(&content, packing)), Ok(content.clone()), "{packing:?}");
        }
    }

    #[test]
    fn lzma_is_refused_by_name() {
        assert_eq!(inflate(&blob(b"x", Packing::Lzma)), Err(Fault::Compression("LZMA")));
    }

    #[test]
    fn a_claimed_size_is_never_believed() {
        for (field, packing) in [(3, Packing::Zlib), (6, Packing::Lz4), (7, Packing::Zstd)] {
            let good = blob(b"abc", packing);
            let claim = |size: u64| {
                let mut bytes = good.clone();
                put_number(&mut bytes, 2, size); // the last one counts
                inflate(&bytes)
            };
            assert!(matches!(claim(2), Err(Fault::Malformed(_))), "{field}: shorter");
            assert!(matches!(claim(31 * 1024 * 1024), Err(Fault::Malformed(_))), "{field}: longer");
            assert!(matches!(claim(u64::MAX), Err(Fault::TooBig(_))), "{field}: over the limit");
        }
    }

    #[test]
    fn nonsense_is_a_fault() {
        assert!(matches!(inflate(&[]), Err(Fault::Malformed(_))));
        assert!(matches!(inflate(&[0xFF; 20]), Err(Fault::Malformed(_))));
        for field in [3, 6, 7] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, 2, 100);
            put_bytes(&mut bytes, field, &[0xAB; 50]);
            assert!(matches!(inflate(&bytes), Err(Fault::Malformed(_))), "{field}");
        }
    }
}
