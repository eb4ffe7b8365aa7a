//! Tiles of H3 cells: how many points lie where, as polygons that touch without gaps.
//!
//! A cell counts all its points whichever tile it is drawn in, and has the same id in all of them. Points are
//! counted by the cell of the finest resolution that they lie in, and the ancestors of that: counts of finer cells
//! sum to those of coarser ones exactly.

mod count;
mod outline;

use parvis_model::h3::FINEST;
use parvis_model::{H3Cell, TileCoord};

use crate::encode::{LayerBuilder, PropertyValue, RingKind, TileBuilder};
use crate::points::theme_counts;
use crate::{TilesError, gzip};

pub use count::{MOST_PARTS, Tally, count};

/// The name of the layer.
pub const LAYER: &str = "h3";

/// The resolution of cells at a zoom: 20 to 60 pixels across in the latitudes of France, at 512 pixels a tile.
pub const fn resolution(z: u8) -> u8 {
    match z {
        0 => 0,
        1 => 1,
        2 | 3 => 2,
        4 => 3,
        5 | 6 => 4,
        7 => 5,
        8 | 9 => 6,
        10 => 7,
        11 => 8,
        12 | 13 => 9,
        _ => FINEST,
    }
}

/// Makes one tile from the cells that may touch it, with what each counts, by cell. `parts` names what they count,
/// in the order of [`Tally::parts`].
///
/// Every cell has `id` (its H3 index, hexadecimal), `count`, a field of each part's name and `theme_<code>` (zero
/// left out), and the feature id [`H3Cell::feature_id`]. Where that does not fit in `room` bytes compressed, the
/// themes are left out, and then the parts.
///
/// # Errors
/// [`TilesError::Encode`] when the encoder refuses.
pub fn tile(
    coord: TileCoord,
    cells: &[(H3Cell, Tally)],
    parts: &[&'static str],
    room: usize,
) -> Result<Vec<u8>, TilesError> {
    let mut bytes = Vec::new();
    for detail in [Detail::Themes, Detail::Parts, Detail::Count] {
        bytes = draw(coord, cells, parts, detail)?;
        if bytes.len() <= room || gzip::compress(&bytes).len() <= room {
            break;
        }
    }
    Ok(bytes)
}

/// How much a cell says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Detail {
    Count,
    Parts,
    Themes,
}

fn draw(
    coord: TileCoord,
    cells: &[(H3Cell, Tally)],
    parts: &[&'static str],
    detail: Detail,
) -> Result<Vec<u8>, TilesError> {
    let mut layer = LayerBuilder::new(LAYER);
    let mut properties = Vec::new();
    for (cell, tally) in cells {
        let rings = outline::in_tile(*cell, coord);
        if rings.is_empty() {
            continue;
        }
        properties.clear();
        properties.push(("id", PropertyValue::Text(cell.to_string())));
        properties.push(("count", PropertyValue::Integer(tally.count() as i64)));
        if detail >= Detail::Parts {
            let counted = parts.iter().zip(tally.parts).filter(|(_, count)| *count > 0);
            properties.extend(counted.map(|(name, count)| (*name, PropertyValue::Integer(count as i64))));
        }
        if detail >= Detail::Themes {
            properties.extend(theme_counts(&tally.themes));
        }
        let rings = rings.iter().map(|ring| (RingKind::Exterior, ring.as_slice()));
        layer.polygons(Some(cell.feature_id()), rings, &properties)?;
    }
    let mut tile = TileBuilder::default();
    tile.add(layer)?;
    Ok(tile.into_bytes()?)
}

#[cfg(test)]
mod tests;
