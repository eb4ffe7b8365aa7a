//! Opening files that may be gzipped.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

/// A file cannot be opened or read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
#[non_exhaustive]
pub struct InputError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: std::io::Error,
}

impl InputError {
    pub(crate) fn new(path: &Path, source: std::io::Error) -> Self {
        Self { path: path.into(), source }
    }
}

/// Opens a file; one that begins as gzip does is inflated while it is read, whatever its name.
///
/// # Errors
/// [`InputError`], with the path.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, InputError> {
    let io = |e| InputError::new(path, e);
    let mut file = File::open(path).map_err(io)?;
    let mut magic = Vec::with_capacity(2);
    file.by_ref().take(2).read_to_end(&mut magic).map_err(io)?;
    let gzip = magic == [0x1f, 0x8b];
    let whole = BufReader::with_capacity(1 << 16, std::io::Cursor::new(magic).chain(file));
    Ok(if gzip { Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(whole))) } else { Box::new(whole) })
}

/// Reads a whole file, inflated, up to `limit` bytes.
///
/// # Errors
/// [`InputError`]; one that would be longer than `limit` is refused too.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, InputError> {
    let mut bytes = Vec::new();
    open(path)?.take(limit + 1).read_to_end(&mut bytes).map_err(|e| InputError::new(path, e))?;
    if bytes.len() as u64 > limit {
        let message = format!("is longer than {limit} bytes when inflated; split it");
        return Err(InputError::new(path, std::io::Error::new(std::io::ErrorKind::FileTooLarge, message)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn plain_gzipped_and_empty_files_open_alike() {
        let dir = tempfile::tempdir().unwrap();
        let plain = dir.path().join("a.csv");
        std::fs::write(&plain, "é,1\n").unwrap();
        let packed = dir.path().join("b.csv.gz");
        let mut gz = flate2::write::GzEncoder::new(File::create(&packed).unwrap(), flate2::Compression::fast());
        gz.write_all("é,1\n".as_bytes()).unwrap();
        gz.finish().unwrap();
        let empty = dir.path().join("c.csv");
        std::fs::write(&empty, "").unwrap();
        assert_eq!(read(&plain, 100).unwrap(), read(&packed, 100).unwrap());
        assert_eq!(read(&empty, 100).unwrap(), b"");
        assert!(read(&packed, 3).unwrap_err().to_string().contains("longer than 3 bytes"));
        let missing = read(&dir.path().join("none"), 1).unwrap_err().to_string();
        assert!(missing.contains("none"), "{missing}");
    }
}
