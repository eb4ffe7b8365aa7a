//! The 127 bytes at the start of an archive.

use super::Problem;

/// A run of bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// From the start of the file.
    pub offset: u64,
    /// In bytes.
    pub length: u64,
}

impl Section {
    /// The bytes; `None` when they lie beyond the file.
    pub(super) fn slice(self, file: &[u8]) -> Option<&[u8]> {
        let from = usize::try_from(self.offset).ok()?;
        let to = from.checked_add(usize::try_from(self.length).ok()?)?;
        file.get(from..to)
    }
}

/// What the archive says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// The root directory.
    pub root: Section,
    /// The metadata.
    pub metadata: Section,
    /// The leaf directories.
    pub leaves: Section,
    /// The tiles.
    pub data: Section,
    /// Tiles that can be asked for.
    pub addressed_tiles: u64,
    /// Different tiles stored.
    pub tile_contents: u64,
    /// Whether tiles are stored in the order of their ids.
    pub clustered: bool,
    /// First zoom.
    pub min_zoom: u8,
    /// Deepest zoom.
    pub max_zoom: u8,
    /// `[west, south, east, north]` in degrees.
    pub bounds: [f64; 4],
    /// Longitude, latitude and zoom to start at.
    pub center: [f64; 3],
}

const SIZE: usize = 127;
const GZIP: u8 = 2;
const MVT: u8 = 1;

impl Header {
    pub(super) fn parse(file: &[u8]) -> Result<Self, Problem> {
        let head: &[u8; SIZE] = file.first_chunk().ok_or(Problem::Header)?;
        if !head.starts_with(b"PMTiles\x03") {
            return Err(Problem::Header);
        }
        let long = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| head[at + i]));
        let degrees = |at: usize| f64::from(i32::from_le_bytes(std::array::from_fn(|i| head[at + i]))) / 1e7;
        let section = |at: usize| Section { offset: long(at), length: long(at + 8) };
        let header = Self {
            root: section(8),
            metadata: section(24),
            leaves: section(40),
            data: section(56),
            addressed_tiles: long(72),
            tile_contents: long(88),
            clustered: head[96] == 1,
            min_zoom: head[100],
            max_zoom: head[101],
            bounds: [degrees(102), degrees(106), degrees(110), degrees(114)],
            center: [degrees(119), degrees(123), f64::from(head[118])],
        };
        for (what, found, wanted, name) in [
            ("the internal compression", head[97], GZIP, "2 (gzip)"),
            ("the tile compression", head[98], GZIP, "2 (gzip)"),
            ("the tile type", head[99], MVT, "1 (MVT)"),
        ] {
            if found != wanted {
                return Err(Problem::Unsupported(what, found, name));
            }
        }
        for (name, section) in
            [("root directory", header.root), ("metadata", header.metadata), ("tile data", header.data)]
        {
            section.slice(file).ok_or(Problem::Range(name))?;
        }
        if header.leaves.length > 0 {
            header.leaves.slice(file).ok_or(Problem::Range("leaf directories"))?;
        }
        Ok(header)
    }
}
