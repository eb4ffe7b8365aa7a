//! How many of everything, and the account of every row.

use super::{json, report};

#[test]
fn every_collection_has_the_units_it_should() {
    for (collection, expected) in [
        ("countries", 9),
        ("regions", 18),
        ("departments", 101),
        ("intercommunalities", 1_253),
        ("municipalities", 34_969),
    ] {
        let page = json(&format!("/collections/{collection}/items?limit=1"));
        assert_eq!(page["numberMatched"], expected, "{collection}");
    }
    assert!(json("/collections/neighbourhoods/items?limit=1")["numberMatched"].as_u64().unwrap() >= 2_528);
    assert!(json("/collections/actors/items?limit=1")["numberMatched"].as_u64().unwrap() >= 40_611);
    assert!(json("/collections/events/items?limit=1")["numberMatched"].as_u64().unwrap() >= 500);
}

#[test]
fn only_what_no_source_draws_is_without_boundary() {
    let units = &report()["units"];
    let status = |collection: &str, status: &str| units[collection][status].as_u64().unwrap_or(0);
    assert_eq!(status("municipalities", "complete") + status("municipalities", "repaired"), 34_867);
    assert_eq!(status("municipalities", "derived"), 4, "from their communes déléguées");
    assert_eq!(status("municipalities", "missing"), 98, "4 of France and 94 of the collectivities");
    assert_eq!(status("countries", "missing"), 8, "the overseas collectivities");
    for collection in ["regions", "departments", "intercommunalities", "neighbourhoods"] {
        assert_eq!(status(collection, "missing"), 0, "{collection}");
    }
    for collection in units.as_object().unwrap().keys() {
        assert_eq!(status(collection, "incomplete") + status(collection, "invalid"), 0, "{collection}");
    }
    let missing: Vec<String> = report()["issues"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["code"] == "missing-boundary")
        .map(|i| i["place"].as_str().unwrap().to_owned())
        .filter(|place| !place.starts_with("intercommunality:"))
        .collect();
    for code in ["15031", "15035", "15047", "15171", "97502", "98818"] {
        assert!(missing.contains(&format!("municipality:{code}")), "{code} is named in the report");
    }
    assert_eq!(missing.len(), 106, "{missing:?}");
}

#[test]
fn the_report_accounts_for_every_row_read() {
    let report = report();
    let mut read = 0;
    for source in report["sources"].as_array().unwrap() {
        let rejected: u64 = source["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(source["read"].as_u64().unwrap(), source["accepted"].as_u64().unwrap() + rejected, "{source}");
        read += source["read"].as_u64().unwrap();
    }
    assert!(read > 35_611 + 5_000 + 38_000, "{read}");
    for code in
        ["bad-row", "bad-coordinates", "open-ring", "missing-way", "missing-node", "duplicate-code", "no-parent"]
    {
        assert!(report["counts"][code].is_null(), "{code}: {}", report["counts"][code]);
    }
}

#[test]
fn examples_say_so() {
    let all = json("/collections/actors/items?limit=1")["numberMatched"].as_u64().unwrap();
    let made_up = json("/collections/actors/items?limit=1&example=true");
    let real = json("/collections/actors/items?limit=1&example=false");
    assert_eq!(made_up["features"][0]["properties"]["example"], true);
    assert_eq!(real["numberMatched"], 35_611);
    assert_eq!(made_up["numberMatched"].as_u64().unwrap() + 35_611, all);
    assert_eq!(json("/collections/events/items?limit=1&example=false")["numberMatched"], 0);
}
