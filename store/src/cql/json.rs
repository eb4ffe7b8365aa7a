//! CQL2 JSON: one object for an operation or a literal that JSON has no form for.

use geozero::ToGeo;
use geozero::geojson::GeoJson;
use serde_json::{Map, Value};

use super::CqlError;
use super::lower::{self, Lowering};
use super::node::Node;

/// Reads an expression.
pub(super) fn parse(text: &str, lowering: &mut Lowering<'_>) -> Result<Node, CqlError> {
    let value: Value = serde_json::from_str(text).map_err(|e| CqlError::Syntax {
        place: format!("line {}, column {}", e.line(), e.column()),
        detail: format!("no JSON: {e}"),
    })?;
    node(&value, "", lowering)
}

fn node(value: &Value, place: &str, lowering: &mut Lowering<'_>) -> Result<Node, CqlError> {
    Ok(match value {
        Value::Null => Node::Null,
        Value::Bool(yes) => Node::Bool(*yes),
        Value::Number(number) => {
            let number = number.as_f64().filter(|n| n.is_finite());
            Node::Number(number.ok_or_else(|| at(place, "a number out of range"))? + 0.0)
        }
        Value::String(text) => Node::Text(text.as_str().into()),
        Value::Array(items) if items.is_empty() => return Err(at(place, "a list must not be empty")),
        Value::Array(_) => Node::List(list(value, place, lowering)?),
        Value::Object(fields) => object(fields, value, place, lowering)?,
    })
}

fn list(value: &Value, place: &str, lowering: &mut Lowering<'_>) -> Result<Vec<Node>, CqlError> {
    let Value::Array(items) = value else { return Err(at(place, "must be an array")) };
    items.iter().enumerate().map(|(i, item)| node(item, &format!("{place}/{i}"), lowering)).collect()
}

fn object(
    fields: &Map<String, Value>,
    value: &Value,
    place: &str,
    lowering: &mut Lowering<'_>,
) -> Result<Node, CqlError> {
    let not_an_expression = || {
        let what = "not an expression: an object has `op` and `args`, or one of `property`, `date`, `timestamp`, \
                    `interval`, `bbox`, or is a GeoJSON geometry";
        at(place, what)
    };
    if let (Some(Value::String(op)), Some(args)) = (fields.get("op"), fields.get("args")) {
        let args = list(args, &format!("{place}/args"), lowering)?;
        return lower::call(op, args);
    }
    if fields.contains_key("op") {
        return Err(not_an_expression());
    }
    if let Some(Value::String(name)) = fields.get("property") {
        return Ok(Node::Property(name.as_str().into()));
    }
    for (name, read) in
        [("date", lower::date as fn(&[Node]) -> Result<Node, CqlError>), ("timestamp", lower::timestamp)]
    {
        if let Some(literal) = fields.get(name) {
            return read(&[node(literal, &format!("{place}/{name}"), lowering)?]);
        }
    }
    if let Some(bounds) = fields.get("interval") {
        return lower::interval(list(bounds, &format!("{place}/interval"), lowering)?);
    }
    if let Some(corners) = fields.get("bbox").filter(|_| !fields.contains_key("coordinates")) {
        let corners = list(corners, &format!("{place}/bbox"), lowering)?;
        return lowering.bbox(&corners);
    }
    if fields.get("type").is_some_and(Value::is_string) {
        let geometry = GeoJson(&value.to_string()).to_geo().ok().ok_or_else(|| at(place, "no GeoJSON geometry"))?;
        return lowering.geometry(&geometry);
    }
    Err(not_an_expression())
}

fn at(place: &str, detail: &str) -> CqlError {
    let place = if place.is_empty() { "the filter" } else { place };
    CqlError::Syntax { place: place.to_owned(), detail: detail.to_owned() }
}
