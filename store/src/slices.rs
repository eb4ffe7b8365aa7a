//! Rows cut out of a memory-mapped download: a GeoJSON Feature or a CSV record costs no parsing.

use std::fs::File;
use std::path::Path;

use memmap2::Mmap;

use crate::{EditionPart, StoreError};

/// A mapped download and where its rows begin.
#[derive(Debug)]
pub struct Slices {
    data: Mmap,
    offsets: Mmap,
    rows: u32,
}

impl Slices {
    /// Maps a download and its offsets; checks that there are `rows` of them, in order and inside the file.
    ///
    /// # Errors
    /// [`StoreError::DamagedPart`], [`StoreError::Io`].
    pub fn open(data: &EditionPart, offsets: &EditionPart, rows: u32) -> Result<Self, StoreError> {
        let slices = Self { data: map(&data.path)?, offsets: map(&offsets.path)?, rows };
        let damaged = |detail: &str| StoreError::DamagedPart { path: offsets.path.clone(), detail: detail.to_owned() };
        if slices.offsets.len() as u64 != (u64::from(rows) + 1) * 8 {
            return Err(damaged("has not one offset for every row"));
        }
        if !slices.starts().is_sorted() || slices.start(rows) > slices.data.len() as u64 {
            return Err(damaged("has offsets out of order"));
        }
        Ok(slices)
    }

    /// How many rows.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// A row with its line end; empty beyond the last.
    pub fn row(&self, row: u32) -> &[u8] {
        if row >= self.rows {
            return &[];
        }
        &self.data[self.start(row) as usize..self.start(row + 1) as usize]
    }

    /// What stands before the first row: the CSV header.
    pub fn head(&self) -> &[u8] {
        &self.data[..self.start(0) as usize]
    }

    fn start(&self, row: u32) -> u64 {
        let at = row as usize * 8;
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.offsets[at..at + 8]);
        u64::from_le_bytes(bytes)
    }

    fn starts(&self) -> impl Iterator<Item = u64> {
        (0..=self.rows).map(|row| self.start(row))
    }
}

/// Maps a part, which nothing ever changes: it is written under another name, renamed, and only
/// unlinked afterwards, which leaves a mapping whole.
#[expect(unsafe_code, reason = "mapping is unsound only for files that shrink; parts are immutable")]
pub(crate) fn map(path: &Path) -> Result<Mmap, StoreError> {
    let file = File::open(path).map_err(StoreError::at(path, "open"))?;
    // SAFETY: see above; the folder belongs to this program.
    unsafe { Mmap::map(&file) }.map_err(StoreError::at(path, "map"))
}
