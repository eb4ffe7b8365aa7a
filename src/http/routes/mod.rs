//! One file per resource.

pub mod api;
pub mod assets;
pub mod collections;
pub mod conformance;
pub mod downloads;
pub mod editions;
pub mod items;
pub mod landing;
pub mod lookup;
pub mod ops;
pub mod page;
pub mod postcodes;
pub mod search;
pub mod styles;
pub mod tiles;
pub mod tilesets;
pub mod units;

use parvis_model::Collection;
use parvis_store::UnitRecord;
use serde_json::{Value, json};

use super::error::ApiError;
use super::params::cut;

/// `application/json`.
pub const JSON: &str = "application/json";
/// `application/geo+json`.
pub const GEOJSON: &str = "application/geo+json";
/// HTML.
pub const HTML: &str = "text/html; charset=utf-8";

/// The collection of a path.
fn collection(name: &str) -> Result<Collection, ApiError> {
    let unknown = || {
        let names: Vec<&str> = Collection::ALL.iter().map(|c| c.name()).collect();
        ApiError::NotFound(format!("there is no collection `{}`, only {}", cut(name), names.join(", ")))
    };
    Collection::from_name(name).ok_or_else(unknown)
}

/// A unit as lists give it.
fn unit_json(unit: &UnitRecord) -> Value {
    json!({
        "level": unit.level.rank(),
        "id": unit.id,
        "code": Some(&unit.code).filter(|c| !c.is_empty()),
        "name": unit.name,
        "subtype": unit.subtype,
    })
}
