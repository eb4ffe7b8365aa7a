//! One filter, one count: items, facets, tiles at three zooms and every export say the same of twenty CQL2 filters,
//! each of another class of operators.

use parvis_model::{LonLat, TileCoord};

use super::bulk::{FORMATS, count};
use super::client::get;
use super::mvt::{layers, number};

const FILTERS: [&str; 20] = [
    // Comparison.
    "kind = 'place'",
    "kind <> 'place'",
    "lon > 55.5",
    "lat <= -21",
    // Logic.
    "kind = 'place' AND example = TRUE",
    "kind = 'place' OR kind = 'business'",
    "NOT (kind = 'place')",
    // LIKE, BETWEEN, IN, IS NULL.
    "name LIKE 'Jardin partagé 1%'",
    "lon BETWEEN 55.2 AND 55.6",
    "kind IN ('association', 'group')",
    "lon IS NULL",
    "municipality_id IS NOT NULL",
    // Without regard to case and accents.
    "CASEI(name) = CASEI('JARDIN PARTAGÉ 12')",
    "ACCENTI(name) LIKE ACCENTI('Jardin partage 2%')",
    // Space.
    "S_INTERSECTS(geometry, BBOX(55.1, -21.2, 55.4, -20.9))",
    "S_WITHIN(geometry, POLYGON((55.1 -21.4, 55.9 -21.4, 55.5 -20.6, 55.1 -21.4)))",
    "S_DISJOINT(geometry, BBOX(55.1, -21.2, 55.4, -20.9))",
    // Lists, arithmetic, one property against another.
    "A_CONTAINS(themes, ('food'))",
    "lon - 55 > 0.25 * 2",
    "kind < name",
];

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// How many points the tiles of a zoom hold: those drawn, and those in clusters.
async fn in_tiles(z: u8, query: &str) -> u64 {
    let at = |lon, lat| TileCoord::containing(LonLat::new(lon, lat).unwrap().to_world(), z);
    let (least, most) = (at(55.0, -20.5), at(56.0, -21.5));
    let mut total = 0;
    for (x, y) in (least.x()..=most.x()).flat_map(|x| (least.y()..=most.y()).map(move |y| (x, y))) {
        let tile = get(&format!("/tiles/actors/{z}/{x}/{y}?{query}")).await;
        assert!(tile.status == 200 || tile.status == 204, "{query}: {}", tile.text());
        for layer in layers(&tile.body) {
            let features = layer.features.iter();
            total += features.map(|f| if layer.name == "actors" { 1 } else { number(f, "count") as u64 }).sum::<u64>();
        }
    }
    total
}

#[tokio::test]
async fn twenty_filters_give_one_count_everywhere() {
    let mut parted = 0;
    let all = get("/collections/actors/items?limit=1").await.json()["numberMatched"].as_u64().unwrap();
    for filter in FILTERS {
        let query = format!("filter={}", encoded(filter));
        let items = get(&format!("/collections/actors/items?limit=50000&{query}")).await;
        assert_eq!(items.status, 200, "{filter}: {}", items.text());
        let items = items.json();
        let matched = items["numberMatched"].as_u64().unwrap();
        assert_eq!(items["features"].as_array().unwrap().len() as u64, matched, "{filter}");
        parted += u64::from(matched > 0 && matched < all);
        let facets = get(&format!("/collections/actors/facets?by=kind&{query}")).await.json();
        assert_eq!(facets["numberMatched"], matched, "{filter}: facets");
        let kinds = facets["facets"]["kind"]["values"].as_array().unwrap();
        assert_eq!(kinds.iter().map(|k| k["count"].as_u64().unwrap()).sum::<u64>(), matched, "{filter}: one kind each");
        let located = items["features"].as_array().unwrap().iter().filter(|f| !f["geometry"].is_null()).count() as u64;
        for z in [4, 9, 11] {
            assert_eq!(in_tiles(z, &query).await, located, "{filter}: tiles of zoom {z}");
        }
        for (format, _) in FORMATS {
            let file = get(&format!("/collections/actors/export?f={format}&{query}")).await;
            assert_eq!(file.status, 200, "{filter} as {format}");
            assert_eq!(count(format, &file.body) as u64, matched, "{filter} as {format}");
        }
    }
    assert!(parted >= 18, "filters that take everything or nothing test little: {parted}");
}
