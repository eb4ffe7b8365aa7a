//! The data folder: layout version, lock, editions, which one is in force.
//!
//! ```text
//! FORMAT        `parvis 1`
//! LOCK          flock, with the writer's pid
//! CURRENT       the id in force; replaced by rename
//! editions/     <id>.json; <id>.pinned while a reader needs it, <id>.collected where an edition was
//! parts/        <sha256>.<ext>, immutable
//! tmp/          what a writer has not finished; emptied by the next one, under the lock
//! spill/        DuckDB's temporary files
//! ```

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{FlockOperation, flock};

use crate::manifest::Manifest;
use crate::{Edition, EditionId, StoreError};

/// The layout version that this program writes, and the newest it reads.
pub const LAYOUT: u32 = 1;

/// Nothing younger is ever collected.
const GRACE: Duration = Duration::from_hours(1);

/// How long a pin holds.
const PIN: Duration = Duration::from_hours(24);

/// A data folder of a layout that this program knows.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

/// The right to write; one process has it. Given back when dropped, also by `kill -9`.
#[derive(Debug)]
pub struct WriteLock {
    dir: DataDir,
    _file: File,
}

/// What [`DataDir::gc`] removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GcReport {
    /// Editions.
    pub editions: Vec<EditionId>,
    /// Parts that no edition names any more.
    pub parts: u64,
    /// Their size.
    pub bytes: u64,
}

impl DataDir {
    /// Opens a folder that is there.
    ///
    /// # Errors
    /// [`StoreError::NoDataDir`], [`StoreError::NotADataDir`], [`StoreError::BadFormat`],
    /// [`StoreError::NewerLayout`] or [`StoreError::Io`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = path.into();
        let format = root.join("FORMAT");
        let mut text = String::new();
        match File::open(&format) {
            Ok(file) => {
                file.take(64).read_to_string(&mut text).map_err(StoreError::at(&format, "read"))?;
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(if is_fresh(&root) {
                    StoreError::NoDataDir { path: root }
                } else {
                    StoreError::NotADataDir { path: root }
                });
            }
            Err(e) => return Err(StoreError::io(&format, "read", e)),
        }
        let found = text.trim_end().strip_prefix("parvis ").and_then(|v| v.parse::<u32>().ok());
        match found {
            Some(found) if found > LAYOUT => Err(StoreError::NewerLayout { path: format, found, known: LAYOUT }),
            Some(1..) => Ok(Self { root }),
            _ => Err(StoreError::BadFormat { path: format, text }),
        }
    }

    /// Opens a folder, or makes one where there is none or an empty one.
    ///
    /// # Errors
    /// As [`DataDir::open`], without [`StoreError::NoDataDir`].
    pub fn open_or_create(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = path.into();
        match Self::open(&root) {
            Err(StoreError::NoDataDir { .. }) => {}
            other => return other,
        }
        fs::create_dir_all(&root).map_err(StoreError::at(&root, "create"))?;
        write_durably(&root, &root.join("FORMAT"), format!("parvis {LAYOUT}\n").as_bytes())?;
        Self::open(root)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The id of the edition in force; `None` before the first.
    ///
    /// # Errors
    /// [`StoreError::Io`], or [`StoreError::BadEditionId`] when CURRENT holds something else.
    pub fn current(&self) -> Result<Option<EditionId>, StoreError> {
        let path = self.root.join("CURRENT");
        match fs::read_to_string(&path) {
            Ok(text) => EditionId::parse(text.trim_end()).map(Some),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(StoreError::io(&path, "read", e)),
        }
    }

    /// The manifests, newest first. One that cannot be read is an error, not left out.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::BadManifest`].
    pub fn editions(&self) -> Result<Vec<Manifest>, StoreError> {
        let mut ids = self.edition_ids()?;
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.iter().map(|id| self.manifest(id)).collect()
    }

    /// The ids of all editions, unordered; cheap.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn edition_ids(&self) -> Result<Vec<EditionId>, StoreError> {
        let names = list(&self.root.join("editions"))?;
        Ok(names.iter().filter_map(|n| EditionId::parse(n.strip_suffix(".json")?).ok()).collect())
    }

    /// One manifest.
    ///
    /// # Errors
    /// [`StoreError::UnknownEdition`], [`StoreError::Collected`], [`StoreError::BadManifest`], [`StoreError::Io`].
    pub fn manifest(&self, id: &EditionId) -> Result<Manifest, StoreError> {
        let path = self.manifest_path(id);
        let bytes = fs::read(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound if self.tombstone(id).exists() => StoreError::Collected(id.clone()),
            std::io::ErrorKind::NotFound => StoreError::UnknownEdition(id.clone()),
            _ => StoreError::io(&path, "read", e),
        })?;
        serde_json::from_slice(&bytes).map_err(|source| StoreError::BadManifest { path, source })
    }

    /// One edition, its parts checked to be there.
    ///
    /// # Errors
    /// As [`DataDir::manifest`], and [`StoreError::DamagedPart`].
    pub fn edition(&self, id: &EditionId) -> Result<Edition, StoreError> {
        Edition::new(self.manifest(id)?, &self.root)
    }

    /// Puts an edition in force: for a rollback as for a new one. Readers in flight keep theirs.
    ///
    /// # Errors
    /// As [`DataDir::edition`], [`StoreError::DiskFull`].
    pub fn use_edition(&self, id: &EditionId) -> Result<(), StoreError> {
        self.edition(id)?;
        write_durably(&self.root, &self.root.join("CURRENT"), format!("{id}\n").as_bytes())
    }

    /// Takes the right to write, empties `tmp/` of what an interrupted writer left.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process has it.
    pub fn lock(&self) -> Result<WriteLock, StoreError> {
        let path = self.root.join("LOCK");
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(StoreError::at(&path, "open"))?;
        if let Err(e) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
            if e != rustix::io::Errno::WOULDBLOCK {
                return Err(StoreError::io(&path, "lock", e.into()));
            }
            let mut text = String::new();
            let pid = file.take(16).read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(StoreError::Locked { path, pid });
        }
        let pid = format!("{}\n", std::process::id());
        file.set_len(0).and_then(|()| file.write_all(pid.as_bytes())).map_err(StoreError::at(&path, "write"))?;
        self.prepare()?;
        Ok(WriteLock { dir: self.clone(), _file: file })
    }

    /// Under the lock: the folders, without stale files.
    fn prepare(&self) -> Result<(), StoreError> {
        let tmp = self.root.join("tmp");
        if tmp.exists() {
            fs::remove_dir_all(&tmp).map_err(StoreError::at(&tmp, "empty"))?;
        }
        for folder in ["tmp", "parts", "editions", "spill"] {
            let path = self.root.join(folder);
            fs::create_dir_all(&path).map_err(StoreError::at(&path, "create"))?;
        }
        for name in list(&self.root)?.into_iter().filter(|n| n.starts_with(TEMPORARY)) {
            let path = self.root.join(name);
            fs::remove_file(&path).map_err(StoreError::at(&path, "remove"))?;
        }
        Ok(())
    }

    /// Keeps an edition from being collected for a day from now: a reader is in the middle of it, and comes back
    /// with a cursor or for the rest of a download. Needs no lock.
    ///
    /// # Errors
    /// [`StoreError::UnknownEdition`], [`StoreError::Collected`], [`StoreError::Io`].
    pub fn pin(&self, id: &EditionId) -> Result<(), StoreError> {
        if !self.manifest_path(id).exists() {
            let collected = self.tombstone(id).exists();
            return Err(if collected {
                StoreError::Collected(id.clone())
            } else {
                StoreError::UnknownEdition(id.clone())
            });
        }
        let path = self.pin_path(id);
        fs::write(&path, b"").map_err(StoreError::at(&path, "write"))
    }

    /// Whether a reader is in the middle of an edition.
    pub fn is_pinned(&self, id: &EditionId) -> bool {
        is_younger(&self.pin_path(id), PIN, false)
    }

    /// Removes editions beyond the `keep` newest, and the parts that none names any more. Never the
    /// one in force, never a pinned one (here or by [`DataDir::pin`]), nothing younger than an hour.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::BadManifest`]: then nothing more is removed.
    pub fn gc(&self, _lock: &WriteLock, keep: usize, pinned: &[EditionId]) -> Result<GcReport, StoreError> {
        let current = self.current()?;
        let mut report = GcReport::default();
        let mut kept = HashSet::new();
        for (at, manifest) in self.editions()?.into_iter().enumerate() {
            let path = self.manifest_path(&manifest.id);
            let held = at < keep || current.as_ref() == Some(&manifest.id);
            let held = held || pinned.contains(&manifest.id) || self.is_pinned(&manifest.id);
            if held || is_young(&path) {
                kept.extend(manifest.parts().map(crate::manifest::Part::file_name));
            } else {
                report.editions.push(manifest.id);
            }
        }
        // The manifests go first: an edition is never left without its parts.
        for id in &report.editions {
            let (path, tombstone) = (self.manifest_path(id), self.tombstone(id));
            fs::write(&tombstone, b"").map_err(StoreError::at(&tombstone, "write"))?;
            fs::remove_file(&path).map_err(StoreError::at(&path, "remove"))?;
            let _ = fs::remove_file(self.pin_path(id));
        }
        sync_dir(&self.root.join("editions"))?;
        let parts = self.root.join("parts");
        for name in list(&parts)?.into_iter().filter(|n| !kept.contains(n)) {
            let path = parts.join(name);
            if is_young(&path) {
                continue;
            }
            let bytes = fs::metadata(&path).map_or(0, |m| m.len());
            fs::remove_file(&path).map_err(StoreError::at(&path, "remove"))?;
            report.parts += 1;
            report.bytes += bytes;
        }
        Ok(report)
    }

    fn manifest_path(&self, id: &EditionId) -> PathBuf {
        self.root.join("editions").join(format!("{id}.json"))
    }

    fn pin_path(&self, id: &EditionId) -> PathBuf {
        self.root.join("editions").join(format!("{id}.pinned"))
    }

    fn tombstone(&self, id: &EditionId) -> PathBuf {
        self.root.join("editions").join(format!("{id}.collected"))
    }

    /// Makes a manifest and puts it in force: the last two steps of a writer, in this order.
    pub(crate) fn publish(&self, manifest: &Manifest) -> Result<(), StoreError> {
        sync_dir(&self.root.join("parts"))?;
        write_durably(&self.root, &self.manifest_path(&manifest.id), &manifest.to_bytes())?;
        self.use_edition(&manifest.id)
    }
}

impl WriteLock {
    /// The folder that is locked.
    pub fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// A path for a file in the making, on the same disk as the parts. Whatever is left there is
    /// removed by the next writer.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.dir.root.join("tmp").join(name)
    }
}

const TEMPORARY: &str = ".new-";

/// Writes a small file so that after a crash it is there whole or not at all: temporary name, fsync,
/// rename, fsync of the folder.
fn write_durably(root: &Path, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = root.join(format!("{TEMPORARY}{}-{name}", std::process::id()));
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    let result = write()
        .map_err(StoreError::at(path, "write"))
        .and_then(|()| fs::rename(&temporary, path).map_err(StoreError::at(path, "rename")));
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result?;
    sync_dir(path.parent().unwrap_or(root))
}

/// Makes the names in a folder survive a crash.
pub(crate) fn sync_dir(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|d| d.sync_all()).map_err(StoreError::at(path, "sync"))
}

fn list(path: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(StoreError::io(path, "list", e)),
    };
    let names = entries.map(|e| e.map(|e| e.file_name().to_string_lossy().into_owned()));
    names.collect::<Result<_, _>>().map_err(StoreError::at(path, "list"))
}

/// Whether nothing is there, or only what an interrupted first run left.
fn is_fresh(root: &Path) -> bool {
    match fs::read_dir(root) {
        Ok(entries) => entries.flatten().all(|e| e.file_name().to_string_lossy().starts_with(TEMPORARY)),
        Err(e) => e.kind() == std::io::ErrorKind::NotFound,
    }
}

/// A clock that went back, or a file that cannot be asked, is no reason to remove.
fn is_young(path: &Path) -> bool {
    is_younger(path, GRACE, true)
}

/// Whether a file was written less than `age` ago; `unknown` when that cannot be told.
fn is_younger(path: &Path, age: Duration, unknown: bool) -> bool {
    match fs::metadata(path).and_then(|m| m.modified()) {
        Ok(written) => SystemTime::now().duration_since(written).map_or(true, |since| since <= age),
        Err(_) => unknown,
    }
}

#[cfg(test)]
#[path = "data_dir_tests.rs"]
mod tests;
