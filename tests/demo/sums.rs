//! Points and Σ count over the tiles of a zoom are the whole, at every zoom; decoded by another library.

use std::collections::BTreeSet;

use http::StatusCode;
use mvt_reader::Reader;
use mvt_reader::feature::Value;
use parvis_model::{LonLat, TileCoord};

use super::{get, json};

/// Points + Σ count over all tiles of zoom `z` that hold something of the selection.
fn total(tileset: &str, z: u8, query: &str) -> u64 {
    let (mut sum, mut queue, mut points) = (0, vec![TileCoord::ROOT], BTreeSet::new());
    while let Some(tile) = queue.pop() {
        let (status, body) = get(&format!("/tiles/{tileset}/{tile}?{query}"));
        if status == StatusCode::NO_CONTENT {
            continue;
        }
        assert_eq!(status, StatusCode::OK, "{tile}");
        if tile.z() < z {
            queue.extend(tile.children().unwrap());
            continue;
        }
        let reader = Reader::new(body).unwrap();
        for (i, name) in reader.get_layer_names().unwrap().iter().enumerate() {
            for feature in reader.get_features(i).unwrap() {
                let properties = feature.properties.unwrap();
                if name.ends_with("_clusters") {
                    sum += number(&properties["count"]);
                } else {
                    let Value::String(id) = &properties["id"] else { panic!("{properties:?}") };
                    assert!(points.insert(id.clone()), "{id} is in two tiles");
                    sum += 1;
                }
            }
        }
    }
    sum
}

fn number(value: &Value) -> u64 {
    match value {
        Value::Int(n) | Value::SInt(n) => u64::try_from(*n).unwrap(),
        Value::UInt(n) => *n,
        other => panic!("{other:?}"),
    }
}

#[test]
fn actors_of_la_reunion_sum_to_number_matched() {
    let query = "within=department:974";
    let matched = json(&format!("/collections/actors/items?limit=1&{query}"))["numberMatched"].as_u64().unwrap();
    assert!(matched > 400, "{matched}");
    for z in [4, 7, 9, 14] {
        assert_eq!(total("actors", z, query), matched, "zoom {z}");
    }
}

#[test]
fn all_events_sum_to_number_matched() {
    let matched = json("/collections/events/items?limit=1")["numberMatched"].as_u64().unwrap();
    for z in [4, 7, 9, 14] {
        assert_eq!(total("events", z, ""), matched, "zoom {z}");
    }
}

#[test]
fn a_theme_filter_sums_too_and_its_clusters_say_so() {
    let query = "theme=food,energy&within=region:53";
    let matched = json(&format!("/collections/actors/items?limit=1&{query}"))["numberMatched"].as_u64().unwrap();
    assert!(matched > 0);
    assert_eq!(total("actors", 6, query), matched);
}

#[test]
fn la_reunion_has_its_24_municipalities_in_the_tiles() {
    let mut ids = BTreeSet::new();
    for (lon, lat) in [(55.25, -20.9), (55.7, -20.9), (55.25, -21.3), (55.7, -21.3), (55.5, -21.1)] {
        let tile = TileCoord::containing(LonLat::new(lon, lat).unwrap().to_world(), 9);
        let (status, body) = get(&format!("/tiles/boundaries/{tile}"));
        assert_eq!(status, StatusCode::OK);
        let reader = Reader::new(body).unwrap();
        let layer = reader.get_layer_names().unwrap().iter().position(|n| n == "municipalities").unwrap();
        for feature in reader.get_features(layer).unwrap() {
            let properties = feature.properties.unwrap();
            if let (Value::String(id), Value::String(department)) = (&properties["id"], &properties["department_id"]) {
                assert_eq!(department, "department:974");
                ids.insert(id.clone());
            }
        }
    }
    assert_eq!(ids.len(), 24, "{ids:?}");
}
