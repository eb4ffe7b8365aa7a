//! From a filter to the rows it takes: types checked against the collection, columns in process, the rest by DuckDB.

#[cfg(test)]
mod any_condition;
mod area;
mod compile;
pub(crate) mod distance;
mod eval;
mod like;
mod marked;
mod plan;
mod points;
mod queryable;
mod span;
mod sql;
mod table_rows;
#[cfg(test)]
mod tests;
mod units;
mod words;

pub(crate) use marked::to_roaring;
pub(crate) use plan::{select_points, select_units};
pub use queryable::{Queryable, QueryableKind, queryables};
pub(crate) use table_rows::{RowCache, TableRows};

/// What the geometry is called in a filter.
pub(crate) const GEOMETRY: &str = "geometry";
