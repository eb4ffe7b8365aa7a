//! Building the point index from a table.

use std::collections::HashMap;

use parvis_model::Collection;
use rayon::prelude::*;

use super::UnitTable;
use super::points::{Arena, PointIndex};
use super::points_read::{self, Rows, kinds};
use crate::{Edition, StoreError};

impl PointIndex {
    /// Reads a table of actors or events: rows in parallel, then each column put in order, column beside column.
    pub(crate) fn read(edition: &Edition, collection: Collection, units: &UnitTable) -> Result<Self, StoreError> {
        let located = edition.manifest().collection(collection).map_or(0, |c| c.located as usize);
        let batches = points_read::batches(edition, collection, located, units)?;
        Ok(Self::from_batches(batches, located, collection))
    }

    fn from_batches(mut batches: Vec<Rows>, located: usize, collection: Collection) -> Self {
        let mut order: Vec<(u64, u32)> = batches.iter().flat_map(|rows| &rows.morton).copied().zip(0..).collect();
        let located = located.min(order.len());
        order[..located].par_sort_unstable();
        let positions = positions(&order);
        let mut index =
            Self { located, kinds: kinds(collection), postcodes: one_numbering(&mut batches), ..Self::default() };
        let (all, to) = (&batches, &positions);
        let world = |&(morton, _): &(u64, u32)| parvis_model::World::from_morton(morton);
        rayon::scope(|columns| {
            columns.spawn(|_| index.x = order.iter().map(|at| world(at).x).collect());
            columns.spawn(|_| index.y = order.iter().map(|at| world(at).y).collect());
            columns.spawn(|_| index.row = order.iter().map(|&(_, row)| row).collect());
            columns.spawn(|_| index.lon = placed(all, to, |rows| &rows.lon));
            columns.spawn(|_| index.lat = placed(all, to, |rows| &rows.lat));
            columns.spawn(|_| index.kind = placed(all, to, |rows| &rows.kind));
            columns.spawn(|_| index.theme_bits = placed(all, to, |rows| &rows.theme_bits));
            columns.spawn(|_| index.first_theme = placed(all, to, |rows| &rows.first_theme));
            columns.spawn(|_| index.postcode = placed(all, to, |rows| &rows.postcode));
            columns.spawn(|_| index.rank = placed(all, to, |rows| &rows.rank));
            columns.spawn(|_| index.example = placed(all, to, |rows| &rows.example));
            for (level, column) in index.units.iter_mut().enumerate() {
                columns.spawn(move |_| *column = placed(all, to, |rows| &rows.units[level]));
            }
            columns.spawn(|_| index.ids = Arena::joined(all.iter().map(|rows| &rows.ids)));
            columns.spawn(|_| index.names = Arena::joined(all.iter().map(|rows| &rows.names)));
            if collection == Collection::Events {
                columns.spawn(|_| index.start = placed(all, to, |rows| &rows.start));
                columns.spawn(|_| index.end = placed(all, to, |rows| &rows.end));
                columns.spawn(|_| index.ahead = placed(all, to, |rows| &rows.ahead));
            }
        });
        index.position_of_row = positions;
        index
    }
}

/// A column of all batches in the order of the positions. Rows are read one after the other; their positions are
/// near each other.
fn placed<T: Copy + Default>(batches: &[Rows], positions: &[u32], column: impl Fn(&Rows) -> &Vec<T>) -> Vec<T> {
    let mut out = vec![T::default(); positions.len()];
    for (value, &at) in batches.iter().flat_map(column).zip(positions) {
        out[at as usize] = *value;
    }
    out
}

/// Numbers the postal codes of all batches together, and gives them by number.
fn one_numbering(batches: &mut [Rows]) -> Vec<Box<str>> {
    let mut texts: Vec<Box<str>> = Vec::new();
    let mut numbers: HashMap<Box<str>, u32> = HashMap::new();
    for rows in batches {
        let own = std::mem::take(&mut rows.postcodes).into_iter().map(|text| {
            *numbers.entry(text).or_insert_with_key(|text| {
                texts.push(text.clone());
                texts.len() as u32 - 1
            })
        });
        let own: Vec<u32> = own.collect();
        for number in &mut rows.postcode {
            *number = own.get(*number as usize).copied().unwrap_or(u32::MAX);
        }
    }
    texts
}

fn positions(order: &[(u64, u32)]) -> Vec<u32> {
    let mut positions = vec![0; order.len()];
    for (at, &(_, row)) in (0..).zip(order) {
        positions[row as usize] = at;
    }
    positions
}
