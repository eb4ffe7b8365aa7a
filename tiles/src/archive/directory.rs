//! Directories: columns of varints, gzipped; the root may point to leaves.

use parvis_model::TileCoord;

use super::header::Section;
use super::{Header, Problem};
use crate::gzip;

/// The most that one directory may inflate to, in bytes: five million entries.
const MAX_DIRECTORY_BYTES: usize = 64 << 20;

/// The most entries of an archive: every tile to zoom 12.
const MAX_ENTRIES: usize = 1 << 25;

/// A tile, or a run of equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Number along the Hilbert curve, zoom after zoom.
    pub(super) tile_id: u64,
    /// From the start of the tile data.
    pub(super) offset: u64,
    /// In bytes.
    pub(super) length: u32,
    /// How many ids in a row; 0 points to a leaf directory.
    pub(super) run: u32,
}

/// The number of a tile; `None` beyond what archives can hold.
pub(crate) fn tile_id(coord: TileCoord) -> Option<u64> {
    let coord = pmtiles::TileCoord::new(coord.z(), coord.x(), coord.y()).ok()?;
    Some(pmtiles::TileId::from(coord).value())
}

/// The tile of a number.
pub(super) fn coord(id: u64) -> Option<TileCoord> {
    let coord = pmtiles::TileCoord::from(pmtiles::TileId::new(id).ok()?);
    TileCoord::new(coord.z(), coord.x(), coord.y()).ok()
}

/// All tile entries of the root and its leaves, by id; checked against each other and the file.
pub(super) fn read_all(file: &[u8], header: &Header) -> Result<Vec<Entry>, Problem> {
    let mut tiles = Vec::new();
    for entry in read(file, header.root)? {
        if entry.run > 0 {
            tiles.push(entry);
            continue;
        }
        let end = entry.offset.checked_add(u64::from(entry.length));
        if end.is_none_or(|end| end > header.leaves.length) {
            return Err(Problem::Range("leaf directories"));
        }
        let leaf = Section { offset: header.leaves.offset + entry.offset, length: u64::from(entry.length) };
        tiles.extend(read(file, leaf)?);
        if tiles.len() > MAX_ENTRIES {
            return Err(Problem::Directory(tiles.len()));
        }
    }
    let mut next_id = 0;
    for (i, entry) in tiles.iter().enumerate() {
        let end = entry.offset.checked_add(u64::from(entry.length));
        let in_data = end.is_some_and(|end| end <= header.data.length);
        // A leaf below a leaf (run 0) is allowed by the format and written by nobody.
        if entry.run == 0 || entry.tile_id < next_id || !in_data {
            return Err(Problem::Directory(i));
        }
        next_id = entry.tile_id.checked_add(u64::from(entry.run)).ok_or(Problem::Directory(i))?;
    }
    tiles.shrink_to_fit();
    Ok(tiles)
}

fn read(file: &[u8], section: Section) -> Result<Vec<Entry>, Problem> {
    let packed = section.slice(file).ok_or(Problem::Range("directory"))?;
    let bytes = gzip::decompress(packed, MAX_DIRECTORY_BYTES).map_err(|e| Problem::Gzip("directory", e))?;
    decode(&bytes)
}

fn decode(bytes: &[u8]) -> Result<Vec<Entry>, Problem> {
    let mut rest = bytes;
    let count = varint(&mut rest).and_then(|n| usize::try_from(n).ok()).ok_or(Problem::Directory(0))?;
    // Each entry has at least one byte in each of four columns: the count cannot size more than the file holds.
    if count > rest.len() / 4 {
        return Err(Problem::Directory(count));
    }
    let mut entries = vec![Entry { tile_id: 0, offset: 0, length: 0, run: 0 }; count];
    let mut id = 0u64;
    for (i, entry) in entries.iter_mut().enumerate() {
        id = varint(&mut rest).and_then(|d| id.checked_add(d)).ok_or(Problem::Directory(i))?;
        entry.tile_id = id;
    }
    for (i, entry) in entries.iter_mut().enumerate() {
        entry.run = small(&mut rest).ok_or(Problem::Directory(i))?;
    }
    for (i, entry) in entries.iter_mut().enumerate() {
        entry.length = small(&mut rest).filter(|&l| l > 0).ok_or(Problem::Directory(i))?;
    }
    let mut next = None;
    for (i, entry) in entries.iter_mut().enumerate() {
        let offset = match varint(&mut rest) {
            Some(0) => next,
            Some(n) => Some(n - 1),
            None => None,
        };
        entry.offset = offset.ok_or(Problem::Directory(i))?;
        next = entry.offset.checked_add(u64::from(entry.length));
    }
    Ok(entries)
}

fn small(bytes: &mut &[u8]) -> Option<u32> {
    varint(bytes).and_then(|n| u32::try_from(n).ok())
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        value |= part.checked_shl(shift).filter(|v| v >> shift == part)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_follow_the_hilbert_curve() {
        let id = |z, x, y| tile_id(TileCoord::new(z, x, y).unwrap()).unwrap();
        assert_eq!((id(0, 0, 0), id(1, 0, 0), id(1, 0, 1), id(1, 1, 1), id(1, 1, 0), id(2, 0, 0)), (0, 1, 2, 3, 4, 5));
        assert_eq!(id(12, 3423, 1763), 19_078_479);
        assert_eq!(coord(19_078_479), TileCoord::new(12, 3423, 1763).ok());
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused() {
        assert!(matches!(decode(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1]), Err(Problem::Directory(_))));
        assert!(matches!(decode(&[0xff; 11]), Err(Problem::Directory(0))));
        assert!(matches!(decode(&[]), Err(Problem::Directory(0))));
        assert!(matches!(decode(&[1, 0, 1, 1, 0]), Err(Problem::Directory(0))), "the first offset must be given");
        assert!(matches!(decode(&[1, 0, 1, 0, 1]), Err(Problem::Directory(0))), "no length");
        assert_eq!(decode(&[1, 5, 2, 3, 1]).unwrap(), [Entry { tile_id: 5, run: 2, length: 3, offset: 0 }]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
