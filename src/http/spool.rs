//! Files that an answer needs whole before it begins: unnamed, under one quota, gone when they are dropped,
//! also by a crash.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// The room that all spooled answers share.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: PathBuf,
    quota: u64,
    used: Arc<AtomicU64>,
}

/// A file in the making.
#[derive(Debug)]
pub struct SpoolFile {
    file: File,
    taken: Taken,
    quota: u64,
    left: Arc<AtomicBool>,
    refusal: Option<Refusal>,
}

/// Why a file could not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody waits for it any more.
    Left,
    /// The room that is free now is too small.
    Full,
    /// It would not fit if it were the only one.
    TooLarge,
}

/// Bytes of the quota, given back when dropped.
#[derive(Debug)]
pub struct Taken {
    bytes: u64,
    used: Arc<AtomicU64>,
}

/// Tells the writer of a spooled file, when dropped, that nobody waits for it any more.
#[derive(Debug, Default)]
pub struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.used.fetch_sub(self.bytes, Relaxed);
    }
}

impl Spool {
    /// A spool in a folder, which is made when it is first needed; `quota` in bytes.
    pub fn new(folder: PathBuf, quota: u64) -> Self {
        Self { folder, quota, used: Arc::default() }
    }

    /// In bytes.
    pub fn quota(&self) -> u64 {
        self.quota
    }

    /// What is taken of the quota, in bytes.
    pub fn used(&self) -> u64 {
        self.used.load(Relaxed)
    }

    /// Begins a file, which fails once nobody is `waiting` for it.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(&self, waiting: &Waiting) -> io::Result<SpoolFile> {
        fs::create_dir_all(&self.folder)?;
        let taken = Taken { bytes: 0, used: Arc::clone(&self.used) };
        let file = tempfile::tempfile_in(&self.folder)?;
        Ok(SpoolFile { file, taken, quota: self.quota, left: Arc::clone(&waiting.0), refusal: None })
    }
}

impl SpoolFile {
    /// Why it stopped, when it was not the system's doing.
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// How much was written, in bytes.
    pub fn written(&self) -> u64 {
        self.taken.bytes
    }

    /// Reads from a place; the end stays where it is.
    ///
    /// # Errors
    /// What the system says.
    pub fn read_at(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    /// The file from its beginning, its length, and the right to its room.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self) -> io::Result<(File, u64, Taken)> {
        self.file.rewind()?;
        Ok((self.file, self.taken.bytes, self.taken))
    }
}

impl Write for SpoolFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left.load(Relaxed) {
            self.refusal = Some(Refusal::Left);
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let more = bytes.len() as u64;
        let fits = |used: u64| used.checked_add(more).filter(|sum| *sum <= self.quota);
        if self.taken.used.fetch_update(Relaxed, Relaxed, fits).is_err() {
            let alone = self.taken.bytes.saturating_add(more) <= self.quota;
            self.refusal = Some(if alone { Refusal::Full } else { Refusal::TooLarge });
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        self.taken.bytes += more;
        if let Err(error) = self.file.write_all(bytes) {
            let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
            self.refusal = full.then_some(Refusal::Full);
            return Err(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_quota_is_shared_and_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("spool"), 10);
        let waiting = Waiting::default();
        let mut one = spool.begin(&waiting).unwrap();
        one.write_all(b"seven..").unwrap();
        let mut two = spool.begin(&waiting).unwrap();
        assert_eq!(two.write_all(b"four").unwrap_err().kind(), io::ErrorKind::QuotaExceeded);
        assert_eq!(two.refusal(), Some(Refusal::Full));
        assert!(two.write_all(b"more than ten").is_err());
        assert_eq!(two.refusal(), Some(Refusal::TooLarge));
        assert_eq!(spool.used(), 7);
        let (mut file, length, taken) = one.finish().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), length), ("seven..", 7));
        drop(taken);
        assert_eq!(spool.used(), 0);
        two.write_all(b"four").unwrap();
        drop(two);
        assert_eq!(spool.used(), 0);
        assert_eq!(fs::read_dir(spool.folder).unwrap().count(), 0, "no file has a name");
    }

    #[test]
    fn nobody_waiting_ends_the_writing() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().to_owned(), 10);
        let waiting = Waiting::default();
        let mut file = spool.begin(&waiting).unwrap();
        drop(waiting);
        assert_eq!(file.write_all(b"x").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}
