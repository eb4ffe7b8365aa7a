//! One edition, open: rows and indexes, and the stored tiles.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parvis_model::{Collection, TileCoord, mvt_id};
use parvis_store::{Edition, EditionId, Manifest, Snapshot, StoreError};
use parvis_tiles::archive::{Archive, ArchiveError};

use super::ground::ground;

/// Why an edition does not open.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The store's word.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The archive of a tileset.
    #[error("{}: {source}", path.display())]
    Tiles {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        source: ArchiveError,
    },
}

/// An edition in service.
#[derive(Debug)]
pub struct Bundle {
    snapshot: Snapshot,
    boundaries: Option<StoredTiles>,
    /// The numbers of units by their feature id in tiles; made when a filter narrows boundaries.
    units: OnceLock<HashMap<u64, u32>>,
    /// The ground around it; made when a style asks for it.
    ground: OnceLock<Option<Bytes>>,
}

/// The archive of the boundaries.
#[derive(Debug)]
pub struct StoredTiles {
    archive: Arc<Archive>,
    /// What its entity tags begin with: the start of the file's SHA-256, so that an edition that leaves
    /// the boundaries alone leaves them in caches.
    tag: String,
}

impl Bundle {
    /// Opens what is in an edition: indexes in memory, files mapped.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(edition: Edition) -> Result<Self, OpenError> {
        let boundaries = edition.part("boundaries", "pmtiles").map(|part| {
            let archive = Archive::open(&part.path);
            let archive = archive.map_err(|source| OpenError::Tiles { path: part.path.clone(), source })?;
            let tag = part.sha256.chars().take(12).collect();
            Ok::<_, OpenError>(StoredTiles { archive: Arc::new(archive), tag })
        });
        let boundaries = boundaries.transpose()?;
        Ok(Self { snapshot: Snapshot::open(edition)?, boundaries, units: OnceLock::new(), ground: OnceLock::new() })
    }

    /// The edition's id.
    pub fn id(&self) -> &EditionId {
        self.snapshot.edition().id()
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        self.snapshot.edition().manifest()
    }

    /// Rows and indexes.
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Makes what only some requests need, so that they need not wait. Blocks.
    pub fn warm(&self) {
        self.snapshot.warm();
    }

    /// The row of the unit that has this feature id in tiles.
    pub fn unit_row(&self, collection: Collection, feature: u64) -> Option<u32> {
        let units = self.snapshot.units();
        let numbers = self.units.get_or_init(|| {
            let records = units.records().iter();
            records.map(|unit| (mvt_id(unit.id.as_str()), unit.number)).collect()
        });
        let unit = units.get(*numbers.get(&feature)?)?;
        (unit.level.collection() == collection).then_some(unit.row)
    }

    /// Land and borders of the world without the land that it draws itself; `None` when the program has none.
    pub fn ground(&self) -> Option<Bytes> {
        self.ground.get_or_init(|| ground(self.snapshot.units().records())).clone()
    }

    /// The stored tiles; `None` when the edition was made without boundaries.
    pub const fn boundaries(&self) -> Option<&StoredTiles> {
        self.boundaries.as_ref()
    }
}

/// A tile inside the mapped archive, which it keeps open.
struct Held {
    archive: Arc<Archive>,
    at: TileCoord,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.archive.get(self.at).unwrap_or_default()
    }
}

impl StoredTiles {
    /// The stored gzip of a tile, without a copy; empty when there is none.
    pub fn get(&self, at: TileCoord) -> Bytes {
        Bytes::from_owner(Held { archive: Arc::clone(&self.archive), at })
    }

    /// The languages of its units' names.
    pub fn languages(&self) -> Vec<String> {
        self.archive.languages()
    }

    /// What the entity tags of its tiles begin with.
    pub fn tag(&self) -> &str {
        &self.tag
    }
}
