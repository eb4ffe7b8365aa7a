//! gzip, as tiles are stored and sent: without name and time, so that the same bytes give the same bytes.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

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

/// Compresses at level 6. Deterministic.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2 + 64), Compression::new(6));
    // Writing to memory does not fail; if it ever did, the decoder would find the cut.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
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
