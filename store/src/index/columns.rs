//! The columns of the point index as tiles want them: those of the located rows, whole.

use parvis_model::h3::FINEST;
use parvis_model::{H3Cell, LonLat, Marks};
use rayon::prelude::*;

use super::PointIndex;
use crate::Selection;

impl PointIndex {
    /// [`parvis_model::World::x`] of every located row.
    pub fn x(&self) -> &[u32] {
        &self.x[..self.located]
    }

    /// [`parvis_model::World::y`] of every located row.
    pub fn y(&self) -> &[u32] {
        &self.y[..self.located]
    }

    /// The themes of every located row as bits.
    pub fn theme_bits(&self) -> &[u16] {
        &self.theme_bits[..self.located]
    }

    /// [`PointIndex::rank`] of every located row.
    pub fn ranks(&self) -> &[u32] {
        &self.rank[..self.located]
    }

    /// The H3 cell of [`FINEST`] of every located row, as bits. Computed on all threads when first asked.
    pub fn h3(&self) -> &[u64] {
        self.h3.get_or_init(|| {
            let places = self.lon[..self.located].par_iter().zip(&self.lat[..self.located]);
            let cell = |(&lon, &lat)| LonLat::new(lon, lat).map_or(0, |p| H3Cell::containing(p, FINEST).bits());
            places.map(cell).collect()
        })
    }

    /// The positions of a selection's rows; `None` when it takes all. Beyond [`PointIndex::located`] they mean nothing.
    pub fn marks(&self, selection: &Selection) -> Option<Marks> {
        if selection.is_all() {
            return None;
        }
        if let Some(positions) = selection.positions() {
            return Some(positions.clone());
        }
        let mut marks = Marks::none(self.located);
        for row in selection.rows() {
            let at = self.position_of_row.get(row as usize).map_or(usize::MAX, |&at| at as usize);
            if at < self.located {
                marks.insert(at);
            }
        }
        Some(marks)
    }
}
