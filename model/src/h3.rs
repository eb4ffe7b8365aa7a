//! Cells of H3: the only module that names the crate `h3o`, and so the only one that has to know that
//! `h3o` takes latitude first.
//!
//! Spec: <https://h3geo.org/docs/core-library/h3Indexing>

use std::fmt;

use h3o::{CellIndex, LatLng, Resolution};

use crate::LonLat;

/// The resolution of the cells that points are known by: hexagons of 130 metres across.
pub const FINEST: u8 = 10;

/// Where the resolution begins in an index.
const RESOLUTION_AT: u32 = 52;

/// A cell of the H3 grid: a hexagon, or one of twelve pentagons a resolution.
///
/// Its descendants tile it almost, not exactly: they reach over its edge by up to a tenth of its width. What is
/// counted by cells here follows the hierarchy, so that the counts of cells sum to that of their parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct H3Cell(CellIndex);

impl H3Cell {
    /// The cell of a resolution (0 to 15; deeper is 15) that holds a place.
    ///
    /// # Panics
    /// Never: a [`LonLat`] is finite and a resolution is clamped.
    pub fn containing(place: LonLat, resolution: u8) -> Self {
        let at = LatLng::new(place.lat(), place.lon()).expect("a LonLat is finite");
        Self(at.to_cell(resolution_of(resolution)))
    }

    /// A cell from the bits of its index; `None` when they are none.
    pub fn from_bits(bits: u64) -> Option<Self> {
        CellIndex::try_from(bits).ok().map(Self)
    }

    /// The index as bits. Cells of one resolution sort so that those of one parent are neighbours.
    pub fn bits(self) -> u64 {
        self.0.into()
    }

    /// 0 (the size of a continent's part) to 15.
    pub fn resolution(self) -> u8 {
        self.0.resolution().into()
    }

    /// How far the bits of cells of one resolution are shifted so that those with a common ancestor at a coarser
    /// `resolution`, and no others, are equal.
    pub const fn shift(resolution: u8) -> u32 {
        3 * (15 - if resolution > 15 { 15 } else { resolution } as u32)
    }

    /// The bits of the ancestor at a coarser resolution, by the bits alone: what is done a million times a tile.
    pub const fn ancestor_bits(bits: u64, resolution: u8) -> u64 {
        let resolution = if resolution > 15 { 15 } else { resolution };
        let unused = (1 << Self::shift(resolution)) - 1;
        bits & !(0xF << RESOLUTION_AT) | (resolution as u64) << RESOLUTION_AT | unused
    }

    /// A number for vector tiles that no other cell of any resolution has: base cell and digits, below 2^52, which
    /// every client keeps exactly. Unused digits are all ones, which tells the resolutions apart.
    pub fn feature_id(self) -> u64 {
        self.bits() & ((1 << RESOLUTION_AT) - 1)
    }

    /// The corners, counter-clockwise seen from above, the first not repeated. Longitudes jump by 360 degrees where the
    /// outline crosses the antimeridian.
    pub fn corners(self) -> impl Iterator<Item = LonLat> {
        let corners = self.0.boundary();
        (0..corners.len()).filter_map(move |i| LonLat::new(corners[i].lng(), corners[i].lat()))
    }
}

impl fmt::Display for H3Cell {
    /// Fifteen hex digits, as H3's own tools write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.bits())
    }
}

/// The mean length of an edge at a resolution, in kilometres. Edges are up to 1.4 times as long.
/// Source: <https://h3geo.org/docs/core-library/restable>
pub const fn mean_edge_km(resolution: u8) -> f64 {
    const EDGES: [f64; 16] = [
        1_281.256_011,
        483.056_839,
        182.512_956,
        68.979_222,
        26.071_760,
        9.854_091,
        3.724_533,
        1.406_476,
        0.531_414,
        0.200_786,
        0.075_864,
        0.028_663,
        0.010_830,
        0.004_092,
        0.001_546,
        0.000_584,
    ];
    EDGES[if resolution > 15 { 15 } else { resolution as usize }]
}

fn resolution_of(resolution: u8) -> Resolution {
    Resolution::try_from(resolution.min(15)).unwrap_or(Resolution::Fifteen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paris_and_saint_denis_lie_where_h3_says() {
        // Longitude first here, latitude first there: swapped, Paris would be off the coast of Somalia.
        let paris = H3Cell::containing(LonLat::new(2.3522, 48.8566).unwrap(), 5);
        assert_eq!(paris.to_string(), "851fb467fffffff");
        let centre = LatLng::from(paris.0);
        assert!((centre.lat() - 48.86).abs() < 0.2 && (centre.lng() - 2.35).abs() < 0.2, "{centre}");
        let saint_denis = H3Cell::containing(LonLat::new(55.4504, -20.8789).unwrap(), 0);
        assert!(saint_denis.corners().all(|c| c.lat() < 0.0 && c.lon() > 20.0));
    }

    #[test]
    fn ancestors_by_bits_are_those_of_the_library() {
        for (lon, lat) in [(2.35, 48.85), (55.45, -20.88), (179.999, 0.0), (0.0, 90.0), (-180.0, -90.0)] {
            let fine = H3Cell::containing(LonLat::new(lon, lat).unwrap(), 10);
            for resolution in 0..=10 {
                let ancestor = fine.0.parent(resolution_of(resolution)).unwrap();
                assert_eq!(H3Cell::ancestor_bits(fine.bits(), resolution), u64::from(ancestor));
            }
        }
    }

    #[test]
    fn feature_ids_differ_between_resolutions_and_are_exact_in_a_double() {
        let place = LonLat::new(2.35, 48.85).unwrap();
        let mut ids: Vec<u64> = (0..=15).map(|r| H3Cell::containing(place, r).feature_id()).collect();
        assert!(ids.iter().all(|id| *id < 1 << 53));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 16);
    }

    #[test]
    fn bits_that_are_no_cell_are_refused() {
        assert_eq!(H3Cell::from_bits(0), None);
        let cell = H3Cell::containing(LonLat::new(0.0, 0.0).unwrap(), 3);
        assert_eq!(H3Cell::from_bits(cell.bits()), Some(cell));
        assert_eq!(cell.resolution(), 3);
        assert_eq!(cell.corners().count(), 6);
    }
}
