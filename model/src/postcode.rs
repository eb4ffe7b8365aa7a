//! Postal codes: a many-to-many table, never polygons.

use serde::{Deserialize, Serialize};

use crate::UnitId;

/// One postal code of one municipality.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Postcode {
    /// The code, `97400`.
    pub postcode: String,
    /// The municipality.
    pub municipality_id: UnitId,
    /// The id of the source.
    pub source: String,
}
