//! An edition to read: its manifest and where its parts stand.

use std::path::{Path, PathBuf};

use parvis_model::Collection;

use crate::manifest::{Manifest, Part, Role};
use crate::{EditionId, StoreError};

/// One file of an edition, as a download names it: `<name>.<ext>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionPart {
    /// A collection, a tileset or a table: `municipalities`, `boundaries`, `links`.
    pub name: String,
    /// `geojson`, `geojsonseq`, `csv`, `fgb`, `parquet`, `pmtiles`, `json`.
    pub ext: String,
    /// What it is for.
    pub role: Role,
    /// The file.
    pub path: PathBuf,
    /// SHA-256, 64 hex digits; a strong `ETag`.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
}

/// An edition whose parts are all there.
#[derive(Debug, Clone)]
pub struct Edition {
    manifest: Manifest,
    files: Vec<EditionPart>,
    spill: PathBuf,
}

impl Edition {
    /// Takes a manifest and checks that every part is there with its size.
    ///
    /// # Errors
    /// [`StoreError::DamagedPart`].
    pub(crate) fn new(manifest: Manifest, root: &Path) -> Result<Self, StoreError> {
        let mut files = Vec::new();
        let mut add = |name: &str, part: &Part| -> Result<(), StoreError> {
            let path = root.join("parts").join(part.file_name());
            check_size(&path, part.bytes)?;
            files.push(EditionPart {
                name: name.to_owned(),
                ext: part.ext.clone(),
                role: part.role,
                path,
                sha256: part.sha256.clone(),
                bytes: part.bytes,
                media_type: part.media_type.clone(),
            });
            Ok(())
        };
        for (name, entry) in &manifest.collections {
            entry.parts.iter().try_for_each(|part| add(name, part))?;
        }
        for (name, entry) in &manifest.tables {
            entry.parts.iter().try_for_each(|part| add(name, part))?;
        }
        for (name, part) in &manifest.tilesets {
            add(name, part)?;
        }
        if let Some(part) = &manifest.report_part {
            add("report", part)?;
        }
        Ok(Self { manifest, files, spill: root.join("spill") })
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its id.
    pub fn id(&self) -> &EditionId {
        &self.manifest.id
    }

    /// A file by the name and ending of its download; `None` when the edition lacks it.
    pub fn part(&self, name: &str, ext: &str) -> Option<&EditionPart> {
        self.files.iter().find(|f| f.name == name && f.ext == ext)
    }

    /// All files, offsets and report included.
    pub fn files(&self) -> &[EditionPart] {
        &self.files
    }

    /// The files that are downloads: everything but the offsets.
    pub fn downloads(&self) -> impl Iterator<Item = &EditionPart> {
        self.files.iter().filter(|f| f.role != Role::Offsets)
    }

    /// The folder where DuckDB may put what does not fit in memory.
    pub fn spill_dir(&self) -> &Path {
        &self.spill
    }

    pub(crate) fn require(&self, collection: Collection, ext: &str) -> Result<&EditionPart, StoreError> {
        self.part(collection.name(), ext).ok_or_else(|| StoreError::DamagedPart {
            path: PathBuf::from(format!("editions/{}.json", self.manifest.id)),
            detail: format!("the edition has no {collection}.{ext}"),
        })
    }
}

fn check_size(path: &Path, bytes: u64) -> Result<(), StoreError> {
    let damaged = |detail: String| StoreError::DamagedPart { path: path.to_owned(), detail };
    let found = std::fs::metadata(path).map_err(|e| damaged(format!("cannot be opened ({e})")))?.len();
    if found == bytes { Ok(()) } else { Err(damaged(format!("has {found} bytes, the manifest says {bytes}"))) }
}
