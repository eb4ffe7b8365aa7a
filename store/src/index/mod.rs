//! What a request needs, in memory: units as a numbered tree, points as columns along the tile curve.

mod cells;
mod columns;
mod points;
mod points_build;
mod points_read;
mod polygon;
mod raster;
mod units;
mod units_build;

pub use points::{NO_UNIT, PointIndex};
pub use polygon::PreparedPolygon;
pub use units::{UnitRecord, UnitTable};
