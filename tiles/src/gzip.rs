//! gzip, as tiles are stored and sent: without name and time, so that the same bytes give the same bytes.

use std::cell::RefCell;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use libdeflater::{CompressionLvl, Compressor};

/// Why bytes could not be inflated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GzipError {
    /// Not gzip, or damaged.
    #[error("not valid gzip data: {0}")]
    Damaged(#[source] std::io::Error),
    /// More than the caller allows.
    #[error("inflates to more than {0} bytes")]
    TooLarge(usize),
}

/// For what is made on request.
const QUICK: i32 = 6;

/// For what is written once and read often, and is larger than [`WINDOW`]: takes a sixtieth off.
const THOROUGH: i32 = 10;

/// How far back deflate sees (RFC 1951). Whatever the level, smaller tiles come out within a four-hundredth.
const WINDOW: usize = 32 * 1024;

/// Compresses what is sent once. Deterministic.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    thread_local! {
        static COMPRESSOR: RefCell<Compressor> = RefCell::new(compressor(QUICK));
    }
    COMPRESSOR.with_borrow_mut(|compressor| gzip(compressor, bytes))
}

/// Compresses what is stored: smaller where that is to be had, and then slower to make. Deterministic.
pub fn compress_stored(bytes: &[u8]) -> Vec<u8> {
    if bytes.len() <= WINDOW {
        return compress(bytes);
    }
    thread_local! {
        static COMPRESSOR: RefCell<Compressor> = RefCell::new(compressor(THOROUGH));
    }
    COMPRESSOR.with_borrow_mut(|compressor| gzip(compressor, bytes))
}

fn compressor(level: i32) -> Compressor {
    Compressor::new(CompressionLvl::new(level).unwrap_or_default())
}

fn gzip(compressor: &mut Compressor, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
    // There is room for the worst case; if it ever failed, the decoder would find the cut.
    let length = compressor.gzip_compress(bytes, &mut out).unwrap_or(0);
    out.truncate(length);
    out.shrink_to_fit();
    out
}

/// Inflates, at most `limit` bytes.
///
/// # Errors
/// [`GzipError::Damaged`] when `bytes` are not whole gzip members, [`GzipError::TooLarge`] beyond `limit`.
pub fn decompress(bytes: &[u8], limit: usize) -> Result<Vec<u8>, GzipError> {
    let mut out = Vec::new();
    let room = limit as u64 + 1;
    MultiGzDecoder::new(bytes).take(room).read_to_end(&mut out).map_err(GzipError::Damaged)?;
    if out.len() > limit {
        return Err(GzipError::TooLarge(limit));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_are_the_same_every_time() {
        let text = b"parvis ".repeat(1000);
        let packed = compress(&text);
        assert_eq!(packed, compress(&text));
        assert_eq!(decompress(&compress_stored(&text), text.len()).unwrap(), text);
        assert_eq!(&packed[..10], &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], "no name, no time, no system");
        assert_eq!(decompress(&packed, text.len()).unwrap(), text);
    }

    #[test]
    fn a_bomb_and_a_cut_are_errors() {
        let packed = compress(&vec![0; 1_000_000]);
        assert!(matches!(decompress(&packed, 999_999), Err(GzipError::TooLarge(999_999))));
        assert!(matches!(decompress(&packed[..packed.len() - 1], 2_000_000), Err(GzipError::Damaged(_))));
        assert!(matches!(decompress(b"no", 10), Err(GzipError::Damaged(_))));
    }
}
