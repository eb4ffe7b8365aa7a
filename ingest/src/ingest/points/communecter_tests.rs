//! Elements of the platform among the boundaries of La Réunion.

#![expect(clippy::needless_pass_by_value, reason = "what json! makes is handed over without ceremony")]

use std::path::{Path, PathBuf};

use parvis_model::{AdminLevel, Precision, Silent, UnitId};
use serde_json::{Value, json};

use crate::config::{Territory, tests::territory};
use crate::ingest::{Ingested, ingest};

/// Ingests the boundaries of the island and a source of the platform for each file.
fn ingested(files: &[(&str, &Value)], options: &str) -> Ingested {
    let dir = tempfile::tempdir().unwrap();
    let demo = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data/demo/reunion.osm.pbf");
    let head = |id: &str, reader: &str, path: &Path| {
        format!(
            "[[source]]\nid = '{id}'\nreader = '{reader}'\npath = '{}'\nproducer = 'P'\nlicence = 'L'\n",
            path.display()
        )
    };
    let mut sources = head("borders", "osm-pbf", &demo);
    for (id, records) in files {
        let path = dir.path().join(format!("{id}.json"));
        std::fs::write(&path, records.to_string()).unwrap();
        sources.push_str(&head(id, "communecter", &path));
        sources.push_str(options);
    }
    let territory = Territory::parse(&territory(&sources), Path::new("t.toml")).unwrap();
    let out = ingest(&territory, dir.path(), &Silent).unwrap();
    for source in &out.report.sources {
        assert_eq!(source.read, source.accepted + source.rejected_total(), "{}", source.source);
    }
    out
}

fn element(id: &str, name: &str, members: Value) -> Value {
    let mut element = json!({"_id": {"$oid": id}, "name": name, "type": "NGO", "preferences": {"isOpenData": true}});
    element.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    element
}

fn point(lon: f64, lat: f64) -> Value {
    json!({"type": "Point", "float": true, "coordinates": [lon, lat]})
}

fn municipality(ancestors: &parvis_model::Ancestors) -> &str {
    ancestors.get(AdminLevel::Municipality).map_or("none", UnitId::code)
}

fn organizations() -> Value {
    json!([
        element(
            "a",
            "A",
            json!({
                "geoPosition": point(55.4504, -20.8789), "address": {"codeInsee": "97415"},
                "addresses": [{"geoPosition": point(55.2707, -21.0096)}],
                "links": {"events": {"e": {"type": "events"}}, "members": {"b": {"type": "organizations"}, "p": {"type": "organizations"}}},
            })
        ),
        element(
            "b",
            "B",
            json!({"address": {"codeInsee": "97415"}, "links": {"memberOf": {"a": {"type": "organizations"}}}})
        ),
        element(
            "p",
            "P",
            json!({"preferences": {"isOpenData": false}, "links": {"memberOf": {"a": {"type": "organizations"}}}})
        ),
        element(
            "m",
            "M",
            json!({"geoPosition": point(55.4504, -20.8789), "preferences": {"isOpenData": true, "privateFields": ["locality"]}})
        ),
    ])
}

fn events() -> Value {
    json!([
        element(
            "e",
            "E",
            json!({"type": "market", "startDate": "2026-05-01 10:00", "geoPosition": point(55.4504, -20.8789)})
        ),
        element(
            "f",
            "F",
            json!({"type": "market", "startDate": "2026-05-01 10:00", "allDay": true, "organizerId": "p",
                                 "organizerType": "organizations", "parentId": "e", "parentType": "events"})
        ),
    ])
}

#[test]
fn elements_are_placed_by_their_point_and_compared_with_what_they_say() {
    let out = ingested(&[("organizations", &organizations()), ("events", &events())], "");
    let actor = |id: &str| out.actors.iter().find(|a| a.id.as_str() == format!("actor:organizations:{id}")).unwrap();
    assert_eq!((municipality(&actor("a").ancestors), actor("a").precision), ("97411", Precision::Point));
    assert_eq!((municipality(&actor("b").ancestors), actor("b").precision), ("97415", Precision::Municipality));
    assert_eq!((municipality(&actor("a-1").ancestors), actor("a-1").precision), ("97415", Precision::Point));
    let masked = actor("m");
    assert_eq!((masked.location, masked.precision, masked.ancestors.iter().count()), (None, Precision::None, 0));
    assert_eq!(out.actors.len(), 4);
    assert_eq!((out.report.counts["municipality-disagrees"], out.report.counts["private"]), (1, 1));
    assert_eq!(municipality(&out.events[0].ancestors), "97411");
}

#[test]
fn links_are_tied_over_sources_once_and_never_to_what_is_private() {
    let out = ingested(&[("organizations", &organizations()), ("events", &events())], "");
    let (e, f) = ("event:events:e@20260501T100000Z", out.events[1].id.as_str());
    let links: Vec<_> = out.links.iter().map(|l| (l.from_id.as_str(), l.relation.name(), l.to_id.as_str())).collect();
    let of = |id: &'static str| format!("actor:organizations:{id}");
    assert_eq!(
        links,
        [
            (of("a").as_str(), "located_in", of("a-1").as_str()),
            (of("a").as_str(), "organizes", e),
            (of("b").as_str(), "member_of", of("a").as_str()),
            (e, "parent_of", f),
        ]
    );
    assert_eq!(out.events[0].organizer_id.as_ref().map(ToString::to_string), Some(of("a")));
    assert_eq!(out.events[1].organizer_id, None);
    assert!(!out.report.counts.contains_key("dangling-link"), "{:?}", out.report.issues);
    let report = serde_json::to_string(&out.report).unwrap();
    assert!(!report.contains(&of("p")) && !report.contains("\"P\""), "{report}");
}

#[test]
fn within_selects_by_the_place_and_counts_the_others_apart() {
    let out = ingested(&[("organizations", &organizations()), ("events", &events())], "within = ['97411']\n");
    let names: Vec<_> = out.actors.iter().map(|a| a.name.as_str()).collect();
    assert_eq!((names, out.events.len()), (vec!["A"], 1));
    let account = |id: &str| out.report.sources.iter().find(|s| s.source == id).unwrap();
    let organizations = account("organizations");
    let counts = (organizations.read, organizations.accepted, organizations.not_selected);
    assert_eq!(counts, (2, 1, 2), "the private one is read and refused");
    assert_eq!((account("events").accepted, account("events").not_selected), (1, 1));
    let links: Vec<_> = out.links.iter().map(|l| l.relation.name()).collect();
    assert_eq!(links, ["organizes"], "what is not selected is tied to nothing");
    assert!(!out.report.counts.contains_key("dangling-link"), "nor is it missing");
}
