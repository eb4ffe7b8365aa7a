//! Opening files that may be gzipped.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

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

/// Remembers where the lines of a text begin that is read through it, blank ones left aside. The csv crate tells
/// where a record was looked for; what stands there first may be blank lines.
pub(crate) struct LineCounter<R> {
    inner: R,
    starts: LineStarts,
    offset: u64,
    line: u64,
    blank: bool,
}

/// The lines that a [`LineCounter`] has seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineStarts(Rc<RefCell<VecDeque<(u64, u64)>>>);

impl LineStarts {
    /// The number, from 1, of the first line with text at or after a byte; bytes are asked for in order.
    pub(crate) fn line_at(&self, byte: u64) -> u64 {
        let mut starts = self.0.borrow_mut();
        let mut last = 1;
        while let Some(&(start, line)) = starts.front() {
            if start >= byte {
                return line;
            }
            last = line;
            starts.pop_front();
        }
        last
    }
}

impl<R: Read> LineCounter<R> {
    pub(crate) fn new(inner: R) -> (Self, LineStarts) {
        let starts = LineStarts::default();
        (Self { inner, starts: starts.clone(), offset: 0, line: 1, blank: true }, starts)
    }
}

impl<R: Read> Read for LineCounter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut starts = self.starts.0.borrow_mut();
        for (at, byte) in buffer[..read].iter().enumerate() {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.blank = true;
                }
                b'\r' => {}
                _ if self.blank => {
                    starts.push_back((self.offset + at as u64, self.line));
                    self.blank = false;
                }
                _ => {}
            }
        }
        self.offset += read as u64;
        Ok(read)
    }
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
