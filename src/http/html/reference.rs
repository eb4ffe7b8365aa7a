//! The page of the API: what can be tried at once, and every URL and parameter, from the OpenAPI document itself.

use askama::Template;
use parvis_model::{AdminLevel, Collection};
use parvis_store::Snapshot;
use serde_json::Value;

use super::Page;
use crate::http::filter::FILTER;
use crate::http::params::encode;

/// The page.
#[derive(Debug, Template)]
#[template(path = "reference.html")]
pub(crate) struct Reference {
    page: Page,
    examples: Vec<Example>,
    groups: Vec<Group>,
    /// Of the filter, then the others.
    parameters: [Vec<Parameter>; 2],
}

/// An address to try.
#[derive(Debug)]
struct Example {
    said: &'static str,
    href: String,
    path: String,
}

#[derive(Debug)]
struct Group {
    about: String,
    calls: Vec<Call>,
}

/// A method of a URL.
#[derive(Debug)]
struct Call {
    id: String,
    method: String,
    /// Its segments, between which a line may break.
    path: Vec<String>,
    about: Vec<String>,
    /// Anchors and names.
    parameters: Vec<(String, String)>,
    filtered: bool,
    media: String,
}

#[derive(Debug)]
struct Parameter {
    key: String,
    name: String,
    /// What it takes, in words.
    takes: String,
    about: String,
    example: String,
}

impl Reference {
    /// `document`: as [`crate::http::openapi::document`] gives it; `snapshot`: where the examples are from.
    pub(crate) fn new(page: Page, document: &Value, snapshot: Option<&Snapshot>) -> Self {
        let parameters = members(&document["components"]["parameters"]).map(|(key, value)| Parameter::new(key, value));
        let (filter, others) = parameters.partition(|parameter: &Parameter| is_filter(&parameter.key));
        let groups = document["tags"].as_array().into_iter().flatten().map(|tag| Group::new(document, tag)).collect();
        let examples = snapshot.map(|snapshot| examples(&page, snapshot)).unwrap_or_default();
        Self { page, examples, groups, parameters: [filter, others] }
    }
}

impl Group {
    fn new(document: &Value, tag: &Value) -> Self {
        let mut calls = Vec::new();
        for (path, item) in members(&document["paths"]) {
            for (method, operation) in members(item).filter(|(_, o)| o["tags"][0] == tag["name"]) {
                calls.push(Call::new(document, path, method, operation));
            }
        }
        Self { about: text(&tag["description"]), calls }
    }
}

impl Call {
    fn new(document: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let named = |parameter: &Value| {
            let pointer = parameter["$ref"].as_str()?.strip_prefix('#')?;
            Some((pointer.rsplit('/').next()?.to_owned(), text(&document.pointer(pointer)?["name"])))
        };
        let all = operation["parameters"].as_array().into_iter().flatten().filter_map(named);
        let (filter, mut parameters): (Vec<_>, Vec<_>) = all.partition(|(key, _)| is_filter(key));
        let filtered = filter.len() == FILTER.len();
        if !filtered {
            parameters.extend(filter);
        }
        let media: Vec<&str> = members(&operation["responses"]["200"]["content"]).map(|(name, _)| name).collect();
        let about = [&operation["summary"], &operation["description"]].map(text);
        Self {
            id: text(&operation["operationId"]),
            method: method.to_ascii_uppercase(),
            path: path.split_inclusive('/').map(str::to_owned).collect(),
            about: about.into_iter().filter(|said| !said.is_empty()).collect(),
            parameters,
            filtered,
            media: media.join(", "),
        }
    }
}

impl Parameter {
    fn new(key: &str, parameter: &Value) -> Self {
        let of_path = if parameter["in"] == "path" { "in the path: " } else { "" };
        let must = if parameter["in"] == "query" && parameter["required"] == true { ", required" } else { "" };
        Self {
            key: key.to_owned(),
            name: text(&parameter["name"]),
            takes: format!("{of_path}{}{must}", takes(&parameter["schema"])),
            about: text(&parameter["description"]),
            example: match &parameter["example"] {
                Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
                other => plain(other),
            },
        }
    }
}

/// What a schema allows, in words.
fn takes(schema: &Value) -> String {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(plain).collect::<Vec<_>>().join(", ");
    }
    let bounds = ["minimum", "maximum"].map(|bound| plain(&schema[bound]));
    let number = match [bounds[0].as_str(), bounds[1].as_str()] {
        ["", ""] => String::new(),
        [least, ""] => format!(", from {least}"),
        [least, most] => format!(", {least} to {most}"),
    };
    let default = match plain(&schema["default"]) {
        none if none.is_empty() => none,
        value => format!(", {value} without it"),
    };
    let what = match schema["type"].as_str() {
        Some("array") => return format!("values by commas: {}", takes(&schema["items"])),
        Some("integer") => "whole number",
        Some("number") => "number",
        Some("boolean") => "true, false",
        _ if schema["format"] == "uri" => "URI",
        _ => "text",
    };
    format!("{what}{number}{default}")
}

/// Addresses to try, over what the edition holds. O(units).
fn examples(page: &Page, snapshot: &Snapshot) -> Vec<Example> {
    let t = page.t;
    let mut examples = Vec::new();
    let mut add = |said, path: String| examples.push(Example { said, href: page.file(&path), path });
    let municipalities = snapshot.units().records().iter().filter(|unit| unit.level == AdminLevel::Municipality);
    let largest = municipalities.filter_map(|unit| Some((unit, unit.label?))).max_by_key(|(unit, _)| unit.population);
    if let Some((_, at)) = largest {
        add(t.try_lookup, format!("/lookup?lon={:.5}&lat={:.5}&f=json", at.lon(), at.lat()));
        let filter = encode("population > 10000");
        add(t.try_filter, format!("/collections/municipalities/items?filter={filter}&sortby=-population&f=json"));
    }
    if snapshot.has(Collection::Actors) {
        if let Some((unit, _)) = largest {
            let within = encode(unit.id.as_str());
            add(t.try_within, format!("/collections/actors/items?within={within}&f=json"));
        }
        add(t.try_counts, "/collections/actors/facets?by=theme,kind&f=json".to_owned());
        add(t.try_csv, "/collections/actors/export?theme=food&f=csv".to_owned());
    }
    if snapshot.has(Collection::Events) {
        add(t.try_events, format!("/collections/events/items?datetime={}/..&f=json", page.edition_day()));
    }
    add(t.try_tiles, "/tiles/territory?f=json".to_owned());
    examples
}

/// Whether a parameter is one of the filter, by its key.
fn is_filter(key: &str) -> bool {
    key.starts_with("where.")
}

fn members(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A value as it stands in a URL; nothing where there is none.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_is_told_in_words() {
        for (schema, words) in [
            (
                json!({ "type": "integer", "minimum": 1, "maximum": 9, "default": 3 }),
                "whole number, 1 to 9, 3 without it",
            ),
            (json!({ "type": "integer", "minimum": 0 }), "whole number, from 0"),
            (json!({ "type": "array", "items": { "enum": ["a", "b"] } }), "values by commas: a, b"),
            (json!({ "type": "string" }), "text"),
            (json!({ "type": "string", "format": "uri" }), "URI"),
            (json!({ "type": "boolean", "default": false }), "true, false, false without it"),
        ] {
            assert_eq!(takes(&schema), words, "{schema}");
        }
    }
}
