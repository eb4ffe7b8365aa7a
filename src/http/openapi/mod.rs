//! The OpenAPI 3.0 document. Written by hand, one file a group of resources; tests hold it against the router.

mod downloads;
mod features;
mod filter;
mod operation;
mod parameter;
mod places;
mod service;
mod tiles;

use serde_json::{Map, Value, json};

use operation::Operation;

/// What one file of this folder contributes: the URLs under one tag and what they refer to.
struct Group {
    tag: &'static str,
    description: &'static str,
    operations: Vec<Operation>,
    /// `components.parameters` by key; operations name them by it.
    parameters: Vec<(&'static str, Value)>,
    /// `components.schemas` by key.
    schemas: Vec<(&'static str, Value)>,
}

fn groups() -> [Group; 5] {
    [features::group(), tiles::group(), places::group(), downloads::group(), service::group()]
}

/// The document for a service at `base`.
pub fn document(base: &str) -> Value {
    let groups = groups();
    let tags: Vec<Value> = groups.iter().map(|g| json!({ "name": g.tag, "description": g.description })).collect();
    let mut paths: Map<String, Value> = Map::new();
    let mut parameters: Map<String, Value> = filter::parameters().into_iter().collect();
    let mut schemas: Map<String, Value> = Map::new();
    for group in groups {
        for operation in &group.operations {
            let item = paths.entry(operation.path.to_owned()).or_insert_with(|| json!({}));
            item[operation.method] = operation.to_json(group.tag);
        }
        parameters.extend(owned(group.parameters));
        schemas.extend(owned(group.schemas));
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Parvis",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Open data of a territory: six administrative levels, actors and events, as vector tiles, \
                            GeoJSON, CSV and bulk downloads. Every read URL takes `edition`, and then never changes. \
                            A parameter that a URL does not know is a 400.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": base }],
        "tags": tags,
        "paths": paths,
        "components": { "parameters": parameters, "schemas": schemas, "responses": operation::problems() },
    })
}

fn owned(pairs: Vec<(&'static str, Value)>) -> Map<String, Value> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::http::filter::FILTER;
    use crate::http::router::ROUTES;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let routes: BTreeSet<String> = ROUTES.iter().map(|r| r.replace("{*", "{")).collect();
        let described: BTreeSet<String> =
            groups().iter().flat_map(|g| &g.operations).map(|o| o.path.to_owned()).collect();
        assert_eq!(routes, described);
    }

    #[test]
    fn groups_do_not_overwrite_one_another() {
        let groups = groups();
        let mut names: Vec<String> = filter::parameters().iter().map(|(n, _)| format!("parameter {n}")).collect();
        for group in &groups {
            names.extend(group.parameters.iter().map(|(n, _)| format!("parameter {n}")));
            names.extend(group.schemas.iter().map(|(n, _)| format!("schema {n}")));
            names.extend(group.operations.iter().map(|o| format!("{} {}", o.method, o.path)));
            names.extend(group.operations.iter().map(|o| format!("operation {}", o.id)));
        }
        let once: BTreeSet<&String> = names.iter().collect();
        let twice: Vec<&String> = names.iter().filter(|n| names.iter().filter(|m| m == n).count() > 1).collect();
        assert_eq!(once.len(), names.len(), "{twice:?}");
    }

    #[test]
    fn every_filter_parameter_is_described_under_its_name() {
        let described: Vec<Value> = filter::parameters().into_iter().map(|(_, p)| p["name"].clone()).collect();
        for name in FILTER {
            assert!(described.contains(&(*name).into()), "{name} is a filter, and openapi/filter.rs does not know it");
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_variable_is_described() {
        let document = document("http://localhost");
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let variables = path.split('{').skip(1).map(|p| p.split('}').next().unwrap().to_owned());
                let parameters = operation["parameters"].as_array().unwrap();
                let described = parameters.iter().map(|p| document.pointer(&p["$ref"].as_str().unwrap()[1..]).unwrap());
                let described: BTreeSet<String> =
                    described.filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap().to_owned()).collect();
                assert_eq!(variables.collect::<BTreeSet<_>>(), described, "{method} {path}");
            }
        }
    }

    #[test]
    fn every_component_is_used() {
        let document = document("http://localhost");
        let text = document.to_string();
        for kind in ["parameters", "schemas", "responses"] {
            for name in document["components"][kind].as_object().unwrap().keys() {
                assert!(text.contains(&format!("\"#/components/{kind}/{name}\"")), "nothing refers to {kind}/{name}");
            }
        }
    }
}
