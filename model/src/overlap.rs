//! Overlaps: what two units have in common where neither contains the other.

use crate::UnitId;

/// A unit that lies partly in another.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    /// The unit.
    pub unit: UnitId,
    /// The other, of another level.
    pub other: UnitId,
    /// The share of the unit's area that lies in the other: more than 0, less than 1.
    pub share: f64,
}
