//! Parameter objects.

use parvis_model::Crs;
use serde_json::{Value, json};

use crate::http::params::MAX_VALUES;

/// A parameter of the query, optional.
pub(super) fn query(name: &str, schema: Value, description: &str) -> Value {
    let mut parameter = json!({ "name": name, "in": "query", "required": false, "style": "form", "explode": false,
                                "description": description });
    parameter["schema"] = schema;
    parameter
}

/// A variable of the path.
pub(super) fn path(name: &str, schema: Value, description: &str) -> Value {
    let mut parameter = json!({ "name": name, "in": "path", "required": true, "description": description });
    parameter["schema"] = schema;
    parameter
}

/// Values parted by commas, alternatives.
pub(super) fn list(name: &str, items: Value, description: &str) -> Value {
    let mut schema = json!({ "type": "array", "minItems": 1, "maxItems": MAX_VALUES });
    schema["items"] = items;
    query(name, schema, description)
}

/// Makes a parameter of the query one that must be given.
pub(super) fn required(mut parameter: Value) -> Value {
    parameter["required"] = true.into();
    parameter
}

/// A parameter with an example.
pub(super) fn like(mut parameter: Value, example: impl Into<Value>) -> Value {
    parameter["example"] = example.into();
    parameter
}

/// A CRS, by its URI.
pub(super) fn crs(name: &str, description: &str) -> Value {
    let schema = json!({ "type": "string", "format": "uri", "default": Crs::CRS84_URI });
    like(query(name, schema, description), "http://www.opengis.net/def/crs/EPSG/0/2154")
}

/// Any text.
pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

/// One of some texts.
pub(super) fn one_of(values: &[&str]) -> Value {
    json!({ "type": "string", "enum": values })
}

/// A whole number with its bounds and what stands for it when it is absent.
pub(super) fn whole(least: u64, most: u64, default: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most, "default": default })
}

/// A number from -`most` to `most`.
pub(super) fn number(most: i32) -> Value {
    json!({ "type": "number", "minimum": -most, "maximum": most })
}

/// `f`, of so many formats.
pub(super) fn format(formats: &[&str]) -> Value {
    query("f", one_of(formats), "Format; else by `Accept`, where a URL has several")
}
