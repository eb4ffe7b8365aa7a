//! Ring assembly against osmcode/osm-testdata, categories 1, 3, 7 and 9, where the shared test data is.

use std::fs;
use std::path::Path;

use geo::Relate;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use parvis_model::{CountryRules, Silent, Source, UnitStatus};
use serde_json::Value;

use crate::osm_pbf::ReadError;
use crate::osm_pbf::testing::Osm;

fn attribute<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let start = line.find(&format!(" {name}=\""))? + name.len() + 3;
    line[start..].split('"').next()
}

/// The OSM XML of one test (an element a line); its relations, and for want of any its ways, become communes.
fn read_xml(text: &str) -> Osm {
    let mut osm = Osm { per_block: 100, ..Osm::default() };
    let number = |line: &str, name: &str| attribute(line, name).unwrap().parse::<i64>().unwrap();
    for line in text.lines().map(str::trim) {
        if line.starts_with("<node ") {
            let degrees = |name: &str| attribute(line, name).unwrap().parse::<f64>().unwrap();
            osm.node(number(line, "id"), degrees("lon"), degrees("lat"));
        } else if line.starts_with("<way ") {
            osm.way(number(line, "id"), &[], &[]);
        } else if line.starts_with("<nd ") {
            osm.ways.last_mut().unwrap().1.push(number(line, "ref"));
        } else if line.starts_with("<relation ") {
            osm.relation(number(line, "id"), &[], &COMMUNE);
        } else if line.starts_with("<member ") && attribute(line, "type") == Some("way") {
            let member = (number(line, "ref"), attribute(line, "role").unwrap().to_owned());
            osm.relations.last_mut().unwrap().1.push(member);
        }
    }
    if osm.relations.is_empty() {
        for id in osm.ways.iter().map(|w| w.0).collect::<Vec<_>>() {
            osm.relation(id, &[id], &COMMUNE);
        }
    }
    osm
}

const COMMUNE: [(&str, &str); 3] = [("type", "boundary"), ("boundary", "administrative"), ("admin_level", "8")];

/// A WKT MULTIPOLYGON; `None` for `INVALID`.
fn read_wkt(text: &str) -> Option<MultiPolygon<f64>> {
    let body = text.strip_prefix("MULTIPOLYGON(((")?.strip_suffix(")))")?;
    let place = |pair: &str| {
        let (x, y) = pair.trim().split_once(' ').unwrap();
        Coord { x: x.parse().unwrap(), y: y.parse().unwrap() }
    };
    let ring = |text: &str| -> LineString<f64> { text.split(',').map(place).collect() };
    let polygon = |text: &str| {
        let mut rings = text.split("),(").map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    Some(MultiPolygon(body.split(")),((").map(polygon).collect()))
}

/// What the test allows for an object: geometries, `None` for "invalid".
fn allowed(test: &Value, id: i64) -> Vec<Option<MultiPolygon<f64>>> {
    let variants = test["areas"].as_object().into_iter().flat_map(|variants| variants.values());
    let of_id = variants.flat_map(|v| v.as_array().unwrap()).filter(|a| a["from_id"] == id);
    of_id.map(|area| read_wkt(area["wkt"].as_str().unwrap())).collect()
}

/// Problems of one test, in words.
fn run(folder: &Path) -> Vec<String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let test: Value = serde_json::from_str(&read("test.json")).unwrap();
    let osm = read_xml(&read("data.osm"));
    let output = tempfile::tempdir().unwrap();
    let source = Source {
        id: "testdata".into(),
        reader: "osm-pbf".into(),
        producer: "osmcode".into(),
        licence: "CC0-1.0".into(),
        url: None,
        date: None,
        valid_at: None,
        example: false,
    };
    let rules = [CountryRules::builtin("FR")];
    let options = super::Options { rules: &rules, ..super::Options::default() };
    let found = match super::read(&osm.save(&output), &source, options, &Silent) {
        Err(ReadError::NoBoundaries { .. }) if osm.ways.is_empty() => return Vec::new(),
        found => found.unwrap(),
    };
    let mut problems = Vec::new();
    for unit in &found.units {
        let id = unit.osm_id.as_ref().unwrap()[1..].parse().unwrap();
        let allowed = allowed(&test, id);
        if allowed.is_empty() {
            continue;
        }
        let fits = match &unit.geometry {
            None => unit.status != UnitStatus::Complete && allowed.contains(&None),
            Some(ours) => allowed.iter().flatten().any(|theirs| ours.relate(theirs).is_equal_topo()),
        };
        if !fits {
            problems.push(format!("{}: {} {:?}", folder.display(), unit.status.name(), unit.geometry));
        }
    }
    problems
}

#[test]
fn areas_are_those_of_osm_testdata() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/osm-testdata"));
    if !root.exists() {
        println!("skipped: {} is not here", root.display());
        return;
    }
    let mut problems = Vec::new();
    // Categories 1 (nodes and ways) and 3 (their attributes) expect no area: that they are read is all.
    for (category, least) in [("1", 20), ("3", 8), ("7", 40), ("9", 22)] {
        let folders = fs::read_dir(root.join(category)).unwrap().map(|entry| entry.unwrap().path());
        let results: Vec<Vec<String>> = folders.filter(|f| f.is_dir()).map(|f| run(&f)).collect();
        let good = results.iter().filter(|r| r.is_empty()).count();
        println!("osm-testdata, category {category}: {good} of {}", results.len());
        assert!(results.len() >= least, "{category}");
        problems.extend(results.into_iter().flatten());
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
