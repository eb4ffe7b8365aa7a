//! Tile coordinates of the WebMercatorQuad tile matrix set.

use std::fmt;
use std::ops::Range;

use crate::{LonLat, World};

/// The deepest zoom a [`TileCoord`] can name.
pub const MAX_ZOOM: u8 = 24;

/// A tile: zoom, column from the west, row from the north (XYZ, as in WebMercatorQuad).
///
/// Spec: OGC 17-083r4 (Two Dimensional Tile Matrix Set 2.0), annex D.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

/// Why a tile coordinate cannot exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TileCoordError {
    /// The zoom is deeper than [`MAX_ZOOM`].
    #[error("zoom {0} is deeper than {MAX_ZOOM}")]
    Zoom(u8),
    /// Column or row outside the zoom's grid.
    #[error("column {x} or row {y} is outside zoom {z}: both must be below {}", 1u64 << z)]
    OutOfRange {
        /// Zoom.
        z: u8,
        /// Column.
        x: u32,
        /// Row.
        y: u32,
    },
}

impl TileCoord {
    /// The whole world.
    pub const ROOT: Self = Self { z: 0, x: 0, y: 0 };

    /// Checks the three numbers once.
    ///
    /// # Errors
    /// [`TileCoordError::Zoom`] beyond [`MAX_ZOOM`], [`TileCoordError::OutOfRange`] outside the grid.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, TileCoordError> {
        if z > MAX_ZOOM {
            return Err(TileCoordError::Zoom(z));
        }
        if x >> z != 0 || y >> z != 0 {
            return Err(TileCoordError::OutOfRange { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// The tile of zoom `z` (at most [`MAX_ZOOM`]) that holds a cell of the world grid.
    pub fn containing(at: World, z: u8) -> Self {
        let z = z.min(MAX_ZOOM);
        let shift = 32 - u32::from(z);
        Self { z, x: at.x.checked_shr(shift).unwrap_or(0), y: at.y.checked_shr(shift).unwrap_or(0) }
    }

    /// Zoom.
    pub const fn z(self) -> u8 {
        self.z
    }

    /// Column, from the west.
    pub const fn x(self) -> u32 {
        self.x
    }

    /// Row, from the north.
    pub const fn y(self) -> u32 {
        self.y
    }

    /// The four tiles below: north-west, north-east, south-west, south-east. `None` at [`MAX_ZOOM`].
    pub fn children(self) -> Option<[Self; 4]> {
        let z = self.z + 1;
        (z <= MAX_ZOOM).then(|| {
            let (x, y) = (self.x * 2, self.y * 2);
            [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)].map(|(x, y)| Self { z, x, y })
        })
    }

    /// The tile's cells as a half-open range of Morton codes ([`World::morton`]). As `u128`, since the
    /// end of the last tile does not fit in 64 bits.
    pub fn morton_range(self) -> Range<u128> {
        let shift = 64 - 2 * u32::from(self.z);
        let code = u128::from(World { x: self.x, y: self.y }.morton());
        code << shift..(code + 1) << shift
    }

    /// The north-west corner as a cell of the world grid.
    pub fn origin(self) -> World {
        let shift = 32 - u32::from(self.z);
        World { x: self.x.checked_shl(shift).unwrap_or(0), y: self.y.checked_shl(shift).unwrap_or(0) }
    }

    /// The geographic box: `[west, south, east, north]` in degrees.
    pub fn bounds(self) -> [f64; 4] {
        let n = f64::from(1u32 << self.z);
        let lon = |x: f64| x / n * 360.0 - 180.0;
        let lat = |y: f64| (std::f64::consts::PI * (1.0 - 2.0 * y / n)).sinh().atan().to_degrees();
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        [lon(x), lat(y + 1.0), lon(x + 1.0), lat(y)]
    }

    /// The middle of the tile.
    pub fn centre(self) -> LonLat {
        let half = 1u32 << (31 - u32::from(self.z));
        let World { x, y } = self.origin();
        World { x: x | half, y: y | half }.to_lonlat()
    }
}

impl fmt::Display for TileCoord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_out_of_its_grid_cannot_exist() {
        assert_eq!(TileCoord::new(0, 0, 0), Ok(TileCoord::ROOT));
        assert_eq!(TileCoord::new(3, 8, 0), Err(TileCoordError::OutOfRange { z: 3, x: 8, y: 0 }));
        assert_eq!(TileCoord::new(25, 0, 0), Err(TileCoordError::Zoom(25)));
    }

    #[test]
    fn a_tile_is_one_morton_range_and_its_children_part_it() {
        let paris = LonLat::new(2.3522, 48.8566).unwrap().to_world();
        for z in 0..=MAX_ZOOM {
            let tile = TileCoord::containing(paris, z);
            let range = tile.morton_range();
            assert!(range.contains(&u128::from(paris.morton())));
            let Some(children) = tile.children() else { continue };
            assert_eq!(children[0].morton_range().start, range.start);
            assert_eq!(children[3].morton_range().end, range.end);
            assert!(children.windows(2).all(|c| c[0].morton_range().end == c[1].morton_range().start));
        }
        assert_eq!(TileCoord::ROOT.morton_range(), 0..1 << 64);
    }

    #[test]
    fn bounds_and_centre_are_in_degrees() {
        let tile = TileCoord::new(1, 1, 0).unwrap();
        let [w, s, e, n] = tile.bounds();
        assert_eq!((w, s, e), (0.0, 0.0, 180.0));
        assert!((n - crate::space::MAX_LATITUDE).abs() < 1e-9);
        assert!((tile.centre().lon() - 90.0).abs() < 1e-6);
    }
}
