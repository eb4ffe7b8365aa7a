//! Golden places: what lies where, and the special cases of the six levels.

use std::collections::BTreeMap;

use http::StatusCode;

use super::{get, json};

/// The ids by level of a place, as `/lookup` gives them.
fn lookup(lon: f64, lat: f64) -> BTreeMap<u64, String> {
    json(&format!("/lookup?lon={lon}&lat={lat}"))["units"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| (u["level"].as_u64().unwrap(), u["id"].as_str().unwrap().to_owned()))
        .collect()
}

fn assert_levels(place: &str, lon: f64, lat: f64, expected: &[(u64, &str)]) {
    let levels = lookup(lon, lat);
    for (level, id) in expected {
        assert_eq!(levels.get(level).map(String::as_str), Some(*id), "{place}: {levels:?}");
    }
}

#[test]
fn saint_denis_is_in_its_five_levels() {
    assert_levels(
        "Saint-Denis",
        55.4504,
        -20.8789,
        &[
            (1, "country:FR"),
            (2, "region:04"),
            (3, "department:974"),
            (4, "intercommunality:249740119"),
            (5, "municipality:97411"),
        ],
    );
}

#[test]
fn one_golden_point_per_overseas_department() {
    for (place, lon, lat, region, department, municipality) in [
        ("Basse-Terre", -61.7263, 15.9979, "region:01", "department:971", "municipality:97105"),
        ("Fort-de-France", -61.0675, 14.6037, "region:02", "department:972", "municipality:97209"),
        ("Cayenne", -52.3260, 4.9372, "region:03", "department:973", "municipality:97302"),
        ("Saint-Pierre", 55.4781, -21.3393, "region:04", "department:974", "municipality:97416"),
        ("Mamoudzou", 45.2278, -12.7806, "region:06", "department:976", "municipality:97611"),
    ] {
        assert_levels(place, lon, lat, &[(1, "country:FR"), (2, region), (3, department), (5, municipality)]);
    }
}

#[test]
fn paris_lyon_marseille_have_arrondissements_below_one_municipality() {
    assert_levels(
        "Paris, Hôtel de Ville",
        2.3522,
        48.8566,
        &[(2, "region:11"), (3, "department:75"), (5, "municipality:75056"), (6, "neighbourhood:75104")],
    );
    assert_levels(
        "Lyon, Bellecour",
        4.8320,
        45.7578,
        &[
            (3, "department:69"),
            (4, "intercommunality:200046977"),
            (5, "municipality:69123"),
            (6, "neighbourhood:69382"),
        ],
    );
    assert_levels(
        "Marseille, Vieux-Port",
        5.3745,
        43.2965,
        &[(3, "department:13"), (5, "municipality:13055"), (6, "neighbourhood:13201")],
    );
}

#[test]
fn corsica_is_two_departments_and_never_20() {
    assert_levels("Ajaccio", 8.7369, 41.9192, &[(2, "region:94"), (3, "department:2A"), (5, "municipality:2A004")]);
    assert_levels("Bastia", 9.4503, 42.6976, &[(2, "region:94"), (3, "department:2B"), (5, "municipality:2B033")]);
    assert_eq!(get("/admin-units/department:20").0, StatusCode::NOT_FOUND);
}

#[test]
fn four_islands_have_no_intercommunality() {
    for code in ["29155", "29083", "22016", "85113"] {
        let unit = json(&format!("/admin-units/municipality:{code}"));
        assert!(unit["properties"]["intercommunality_id"].is_null(), "{code}: {}", unit["properties"]);
        assert!(unit["properties"]["department_id"].is_string(), "{code}");
    }
}

#[test]
fn region_and_department_of_an_overseas_territory_are_two_units_of_one_territory() {
    let region = json("/admin-units/region:04");
    let department = json("/admin-units/department:974");
    assert_eq!(region["properties"]["same_territory_as"], "department:974");
    assert_eq!(department["properties"]["same_territory_as"], "region:04");
    assert_eq!(department["properties"]["region_id"], "region:04");
    assert_eq!(get("/admin-units/country:RE").0, StatusCode::PERMANENT_REDIRECT);
}

#[test]
fn the_collectivities_are_level_one_units_with_their_municipalities_directly_below() {
    for code in ["PM", "BL", "MF", "WF", "PF", "NC", "TF", "989"] {
        let unit = json(&format!("/admin-units/country:{code}"));
        assert_eq!(unit["properties"]["parent_id"], "country:FR", "{code}");
        assert_eq!(unit["properties"]["status"], "missing", "{code}");
        assert!(unit["geometry"].is_null(), "{code}");
    }
    let noumea = json("/admin-units/municipality:98818");
    assert_eq!(noumea["properties"]["country_id"], "country:NC");
    assert_eq!(noumea["properties"]["parent_id"], "country:NC");
    let children = json("/admin-units/country:NC/children");
    assert!(children["units"].as_array().unwrap().iter().any(|u| u["id"] == "municipality:98818"));
}

#[test]
fn the_metropole_of_lyon_is_an_intercommunality_in_the_rhone() {
    let lyon = json("/admin-units/intercommunality:200046977");
    assert_eq!(lyon["properties"]["department_id"], "department:69");
    assert_eq!(lyon["properties"]["subtype"], "metropole");
}

#[test]
fn every_located_actor_of_the_101_departments_has_its_levels() {
    let mut next = Some("/collections/actors/items?limit=50000&f=json".to_owned());
    let (mut seen, mut unplaced) = (0, 0);
    while let Some(path) = next {
        let page = json(&path);
        for feature in page["features"].as_array().unwrap() {
            seen += 1;
            let p = &feature["properties"];
            if feature["geometry"].is_null() {
                unplaced += 1;
                continue;
            }
            for level in ["country_id", "region_id", "department_id", "municipality_id"] {
                assert!(p[level].is_string(), "{} has no {level}", feature["id"]);
            }
        }
        next = page["links"].as_array().unwrap().iter().find(|l| l["rel"] == "next").map(|l| {
            let url = l["href"].as_str().unwrap();
            url[url.find("/collections").unwrap()..].to_owned()
        });
    }
    assert!(seen >= 40_611);
    assert!(unplaced < 60, "{unplaced}");
}

#[test]
fn a_postal_code_is_several_municipalities_and_search_finds_places() {
    let codes: Vec<String> = json("/postcodes/51300")["municipalities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(codes.len() > 30, "{codes:?}");
    for (q, id) in [("saint-denis", "municipality:97411"), ("REUNION", "region:04"), ("97411", "municipality:97411")] {
        let hits = json(&format!("/search?q={q}&limit=20"));
        assert!(
            hits["results"].as_array().unwrap().iter().any(|h| h["id"] == id),
            "{q} does not find {id}: {}",
            hits["results"]
        );
    }
}

#[test]
fn a_municipality_that_is_no_more_redirects_to_the_one_it_became_part_of() {
    // Estouches is a neighbourhood of Le Mérévillois; of the code that Roura absorbed only the list knows.
    for (old, kept) in [("91222", true), ("97359", false)] {
        let neighbourhood = get(&format!("/admin-units/neighbourhood:{old}")).0;
        assert_eq!(neighbourhood == StatusCode::OK, kept, "{old}");
        assert_eq!(get(&format!("/admin-units/municipality:{old}")).0, StatusCode::PERMANENT_REDIRECT, "{old}");
    }
}
