//! What `/conformance` claims, class by class: every class has a test of its name, made from the abstract tests of
//! its standard.
//!
//! The name is the class's URI after `/spec/`, without `/conf/` and versions, with `_` for what is no letter.

mod common;
mod cql2;
mod crs;
mod features;
mod schemas;
mod tiles;
mod walk;

use crate::api::client::get;

const TESTS: &[&str] = &[
    include_str!("common.rs"),
    include_str!("cql2.rs"),
    include_str!("crs.rs"),
    include_str!("features.rs"),
    include_str!("schemas.rs"),
    include_str!("tiles.rs"),
];

/// The name of the test of a class.
fn test_name(uri: &str) -> String {
    let path = uri.strip_prefix("http://www.opengis.net/spec/").unwrap();
    let [standard, _version, "conf", class] = path.split('/').collect::<Vec<_>>()[..] else {
        panic!("{uri} is no conformance class")
    };
    format!("{standard}_{class}").replace('-', "_")
}

#[tokio::test]
async fn every_class_that_is_claimed_has_a_test_of_its_name() {
    let claimed = get("/conformance").await.json();
    let claimed = claimed["conformsTo"].as_array().unwrap();
    assert!(claimed.len() >= 8);
    for uri in claimed {
        let name = test_name(uri.as_str().unwrap());
        let declared = format!("#[tokio::test]\nasync fn {name}() {{");
        let found = TESTS.iter().filter(|text| text.contains(&declared)).count();
        assert_eq!(found, 1, "{uri} is claimed, so tests/conformance needs the test {name}");
    }
}

#[tokio::test]
async fn every_test_of_a_class_is_of_one_that_is_claimed() {
    let claimed = get("/conformance").await.json();
    let names: Vec<String> =
        claimed["conformsTo"].as_array().unwrap().iter().map(|uri| test_name(uri.as_str().unwrap())).collect();
    let tests = TESTS.iter().flat_map(|text| text.split("#[tokio::test]\nasync fn ").skip(1));
    for name in tests.map(|test| test.split('(').next().unwrap()) {
        assert!(names.iter().any(|n| n == name), "{name} tests what /conformance does not claim");
    }
}
