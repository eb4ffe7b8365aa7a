//! One file per resource.

pub(crate) mod api;
pub(crate) mod assets;
pub(crate) mod collection_tiles;
pub(crate) mod collections;
pub(crate) mod conformance;
pub(crate) mod downloads;
pub(crate) mod editions;
pub(crate) mod export;
pub(crate) mod facets;
pub(crate) mod items;
pub(crate) mod landing;
pub(crate) mod lookup;
pub(crate) mod lookup_table;
pub(crate) mod oembed;
pub(crate) mod ops;
pub(crate) mod postcodes;
pub(crate) mod schemas;
pub(crate) mod search;
pub(crate) mod site;
pub(crate) mod styles;
pub(crate) mod tile_matrix_sets;
pub(crate) mod tiles;
pub(crate) mod tilesets;
pub(crate) mod units;

pub(crate) use tilesets::attributions;

use parvis_model::Collection;
use parvis_store::UnitRecord;
use serde_json::{Value, json};

use super::error::ApiError;
use super::params::cut;

/// `application/json`.
pub(crate) const JSON: &str = "application/json";
/// `application/geo+json`.
pub(crate) const GEOJSON: &str = "application/geo+json";
/// GeoJSON, one Feature a line.
pub(crate) const GEOJSONSEQ: &str = "application/geo+json-seq";
/// JSON Schema.
pub(crate) const SCHEMA: &str = "application/schema+json";
/// CSV (RFC 4180).
pub(crate) const CSV: &str = "text/csv; charset=utf-8; header=present";
/// HTML.
pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// The collection of a path.
fn collection(name: &str) -> Result<Collection, ApiError> {
    let unknown = || {
        let names: Vec<&str> = Collection::ALL.iter().map(|c| c.name()).collect();
        ApiError::NotFound(format!("there is no collection `{}`, only {}", cut(name), names.join(", ")))
    };
    Collection::from_name(name).ok_or_else(unknown)
}

/// A link relation of the OGC register.
fn ogc(relation: &str) -> String {
    format!("http://www.opengis.net/def/rel/ogc/1.0/{relation}")
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
