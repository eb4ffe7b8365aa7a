//! Coding bodies: gzip, Zstandard.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::error::ApiError;
use super::negotiate::Encoding;

/// Levels: a client waits.
const GZIP_LEVEL: u32 = 5;
const ZSTD_LEVEL: i32 = 3;

/// Whether coding saves more than its header costs.
pub const fn worth_coding(bytes: usize) -> bool {
    bytes >= 512
}

/// Codes a body that is made anew for every request; Brotli, which is for what is coded at build, leaves it as it is.
///
/// # Errors
/// [`ApiError::Internal`] when a coder fails, which writing to memory gives no reason for.
pub fn code(encoding: Encoding, body: &[u8]) -> Result<Vec<u8>, ApiError> {
    let failed = |e: std::io::Error| ApiError::internal("coding an answer", e);
    match encoding {
        Encoding::Identity | Encoding::Brotli => Ok(body.to_vec()),
        Encoding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::new(GZIP_LEVEL));
            encoder.write_all(body).map_err(failed)?;
            encoder.finish().map_err(failed)
        }
        Encoding::Zstd => zstd::bulk::compress(body, ZSTD_LEVEL).map_err(failed),
    }
}

/// A writer that codes what goes through it.
pub enum Coder<W: Write> {
    /// As it is.
    Identity(W),
    /// gzip.
    Gzip(Box<GzEncoder<W>>),
    /// Zstandard.
    Zstd(Box<zstd::stream::write::Encoder<'static, W>>),
}

impl<W: Write> Coder<W> {
    /// Begins a coded stream; Brotli, which nothing streams, is left as identity.
    ///
    /// # Errors
    /// What the coder says.
    pub fn new(encoding: Encoding, out: W) -> std::io::Result<Self> {
        Ok(match encoding {
            Encoding::Gzip => Self::Gzip(Box::new(GzEncoder::new(out, Compression::new(GZIP_LEVEL)))),
            Encoding::Zstd => Self::Zstd(Box::new(zstd::stream::write::Encoder::new(out, ZSTD_LEVEL)?)),
            Encoding::Identity | Encoding::Brotli => Self::Identity(out),
        })
    }

    /// What lies below.
    pub fn get_mut(&mut self) -> &mut W {
        match self {
            Self::Identity(out) => out,
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
        }
    }

    /// Writes the end of the stream.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn finish(self) -> std::io::Result<W> {
        match self {
            Self::Identity(mut out) => out.flush().map(|()| out),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl Coder<Vec<u8>> {
    /// Codes the next piece and gives what is ready of the stream.
    ///
    /// # Errors
    /// What the coder says.
    pub fn code(&mut self, plain: Vec<u8>) -> std::io::Result<Vec<u8>> {
        if let Self::Identity(_) = self {
            return Ok(plain);
        }
        self.write_all(&plain)?;
        Ok(std::mem::take(self.get_mut()))
    }
}

impl<W: Write> Write for Coder<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Identity(out) => out.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Identity(out) => out.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use parvis_tiles::gzip::decompress;

    use super::*;

    const MOST: usize = 1 << 20;

    #[test]
    fn a_coded_body_opens_again() {
        let body = "Saint-Denis, Saint-Paul, Saint-Pierre. ".repeat(100).into_bytes();
        assert_eq!(decompress(&code(Encoding::Gzip, &body).unwrap(), MOST).unwrap(), body);
        assert_eq!(zstd::decode_all(code(Encoding::Zstd, &body).unwrap().as_slice()).unwrap(), body);
    }

    #[test]
    fn a_coded_stream_opens_again() {
        for encoding in [Encoding::Identity, Encoding::Gzip, Encoding::Zstd] {
            let mut coder = Coder::new(encoding, Vec::new()).unwrap();
            coder.write_all(b"one ").unwrap();
            coder.write_all(b"two").unwrap();
            let out = coder.finish().unwrap();
            let opened = match encoding {
                Encoding::Gzip => decompress(&out, MOST).unwrap(),
                Encoding::Zstd => zstd::decode_all(out.as_slice()).unwrap(),
                _ => out,
            };
            assert_eq!(opened, b"one two");
        }
    }
}
