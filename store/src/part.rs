//! Writing a part: a temporary file that becomes `parts/<sha256>.<ext>` when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use parvis_model::id::hex;
use sha2::{Digest, Sha256};

use crate::manifest::{Part, Role};
use crate::{StoreError, WriteLock};

/// What a part is, before its bytes are known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PartKind {
    /// What it is for.
    pub role: Role,
    /// Ending.
    pub ext: &'static str,
    /// Media type.
    pub media_type: &'static str,
}

/// A part in the making; hashes what it writes. Dropped unfinished, it removes its file.
pub(crate) struct PartSink {
    kind: PartKind,
    path: PathBuf,
    parts: PathBuf,
    file: Option<BufWriter<File>>,
    hasher: Sha256,
    bytes: u64,
    failure: Option<io::Error>,
}

impl PartSink {
    /// Begins a part; `name` only tells temporary files apart.
    pub(crate) fn create(lock: &WriteLock, name: &str, kind: PartKind) -> Result<Self, StoreError> {
        let path = lock.scratch(&format!("{name}.{}", kind.ext));
        let file = File::create(&path).map_err(StoreError::at(&path, "create"))?;
        Ok(Self {
            kind,
            path,
            parts: lock.dir().path().join("parts"),
            file: Some(BufWriter::with_capacity(1 << 18, file)),
            hasher: Sha256::new(),
            bytes: 0,
            failure: None,
        })
    }

    /// The temporary file, for errors.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What the system said when a write through a library failed, else the library's own error.
    pub(crate) fn or_failure(&mut self, other: StoreError) -> StoreError {
        match self.failure.take() {
            Some(failure) => StoreError::io(&self.path, "write", failure),
            None => other,
        }
    }

    /// Makes the part durable under its final name. A part that is already there is kept.
    pub(crate) fn finish(mut self) -> Result<Part, StoreError> {
        let file = self.file.take().map(BufWriter::into_inner);
        let Some(Ok(file)) = file else {
            let failure = file.and_then(Result::err).map(io::IntoInnerError::into_error);
            return Err(StoreError::io(&self.path, "write", failure.unwrap_or_else(|| io::ErrorKind::Other.into())));
        };
        file.sync_all().map_err(StoreError::at(&self.path, "write"))?;
        let sha256 = hex(&std::mem::take(&mut self.hasher).finalize());
        let part = Part {
            role: self.kind.role,
            ext: self.kind.ext.to_owned(),
            sha256,
            bytes: self.bytes,
            media_type: self.kind.media_type.to_owned(),
        };
        settle(&self.path, &self.parts, &part)?;
        Ok(part)
    }
}

impl Write for PartSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else { return Err(io::ErrorKind::BrokenPipe.into()) };
        match file.write(bytes) {
            Ok(n) => {
                self.hasher.update(&bytes[..n]);
                self.bytes += n as u64;
                Ok(n)
            }
            Err(e) => {
                self.failure = Some(io::Error::from(e.kind()));
                Err(e)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.file.as_mut().map_or(Ok(()), Write::flush);
        if let Err(e) = &result {
            self.failure = Some(io::Error::from(e.kind()));
        }
        result
    }
}

impl Drop for PartSink {
    fn drop(&mut self) {
        self.file = None;
        // After `finish` the file has its final name and this finds nothing.
        let _ = fs::remove_file(&self.path);
    }
}

/// Moves a file that another crate has made into the parts.
pub(crate) fn adopt(lock: &WriteLock, file: &Path, kind: PartKind) -> Result<Part, StoreError> {
    let parts = lock.dir().path().join("parts");
    let mut hasher = Sha256::new();
    let mut reader = File::open(file).map_err(StoreError::at(file, "open"))?;
    let bytes = hash(&mut reader, &mut hasher).map_err(StoreError::at(file, "read"))?;
    reader.sync_all().map_err(StoreError::at(file, "write"))?;
    let part = Part {
        role: kind.role,
        ext: kind.ext.to_owned(),
        sha256: hex(&hasher.finalize()),
        bytes,
        media_type: kind.media_type.to_owned(),
    };
    let scratch = lock.scratch(&format!("adopted.{}", kind.ext));
    if fs::rename(file, &scratch).is_err() {
        // Another disk: copy, then remove.
        let copied = fs::copy(file, &scratch).and_then(|_| File::open(&scratch)?.sync_all());
        if let Err(e) = copied {
            let _ = fs::remove_file(&scratch);
            return Err(StoreError::io(&scratch, "write", e));
        }
        fs::remove_file(file).map_err(StoreError::at(file, "remove"))?;
    }
    settle(&scratch, &parts, &part)?;
    Ok(part)
}

fn hash(reader: &mut impl Read, hasher: &mut Sha256) -> io::Result<u64> {
    let mut buffer = vec![0; 1 << 17];
    let mut bytes = 0;
    loop {
        let n = reader.read(&mut buffer)?;
        if n == 0 {
            return Ok(bytes);
        }
        hasher.update(&buffer[..n]);
        bytes += n as u64;
    }
}

fn settle(from: &Path, parts: &Path, part: &Part) -> Result<(), StoreError> {
    let to = parts.join(part.file_name());
    let same = fs::metadata(&to).is_ok_and(|m| m.len() == part.bytes);
    if same {
        // Touched, so that nothing takes it for old before the manifest names it.
        let touched = File::options().append(true).open(&to).and_then(|f| f.set_modified(std::time::SystemTime::now()));
        touched.map_err(StoreError::at(&to, "write"))?;
        return fs::remove_file(from).map_err(StoreError::at(from, "remove"));
    }
    fs::rename(from, &to).map_err(StoreError::at(&to, "rename"))
}
