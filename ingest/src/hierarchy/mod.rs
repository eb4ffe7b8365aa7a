//! Who lies in whom: the units of a place, the ancestors of a unit.
//!
//! Points are tried against boxes (`rstar`) and then against polygons with their edges in bins by latitude.
//! Both sides of a shared edge are tested with the same arithmetic, so a place is in exactly one of two neighbours.

mod assign;
mod index;
mod overlaps;
mod polygon;

pub use assign::assign;
pub use index::UnitIndex;
pub use overlaps::overlaps;
