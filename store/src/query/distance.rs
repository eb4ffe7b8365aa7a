//! How far rows are from a place.

use geo::{Distance, Geodesic};
use parvis_model::Collection;
use rayon::prelude::*;

use super::area::{self, Circle};
use crate::filter::Near;
use crate::index::{PointIndex, UnitTable};

/// The rows of actors or events near a place, each with its metres on the ellipsoid.
pub(crate) fn of_points(points: &PointIndex, near: Near) -> Vec<(u32, f64)> {
    let positions: Vec<usize> = area::near(points, near).iter().collect();
    let metres = |at: usize| points.place(at).map(|p| Geodesic.distance(p.point(), near.at.point()));
    positions.into_par_iter().filter_map(|at| Some((points.row(at), metres(at)?))).collect()
}

/// The units near a place: 0 metres inside of one, else as far as its boundary.
pub(crate) fn of_units(units: &UnitTable, collection: Collection, rows: u32, near: Near) -> Vec<(u32, f64)> {
    let circle = Circle::new(near);
    let metres = |row: u32| {
        let unit = units.by_row(collection, row)?;
        let (polygon, around) = (units.polygon(unit.number)?, unit.bbox?);
        let may = circle.around().is_none_or(|b| b.intersects(around));
        may.then(|| circle.distance(polygon)).filter(|d| *d <= near.radius).map(|d| (row, d))
    };
    (0..rows).into_par_iter().filter_map(metres).collect()
}
