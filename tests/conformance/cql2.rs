//! OGC API Features part 3 and CQL2: filters give what a look at every feature gives.

use serde_json::{Value, json};

use super::walk::{definition, parameter};
use crate::api::client::{Reply, get};

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

async fn filtered(collection: &str, filter: &str) -> Reply {
    get(&format!("/collections/{collection}/items?limit=50000&filter={}", encoded(filter))).await
}

fn ids(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let page = reply.json();
    let ids: Vec<String> =
        page["features"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(page["numberMatched"], ids.len());
    ids
}

/// A filter takes the features of which `takes` is true, and leaves some.
async fn takes(collection: &str, filter: &str, takes: impl Fn(&Value) -> bool) {
    let all = get(&format!("/collections/{collection}/items?limit=50000")).await.json();
    let all = all["features"].as_array().unwrap();
    let wanted: Vec<&str> = all.iter().filter(|f| takes(f)).map(|f| f["id"].as_str().unwrap()).collect();
    assert!(!wanted.is_empty() && wanted.len() < all.len(), "{filter} parts nothing: {}", wanted.len());
    assert_eq!(ids(&filtered(collection, filter).await), wanted, "{filter}");
}

fn property<'f>(feature: &'f Value, name: &str) -> &'f Value {
    &feature["properties"][name]
}

fn text(feature: &Value, name: &str) -> String {
    property(feature, name).as_str().unwrap_or_default().to_owned()
}

fn place(feature: &Value) -> Option<[f64; 2]> {
    let at = feature["geometry"]["coordinates"].as_array()?;
    Some([at[0].as_f64()?, at[1].as_f64()?])
}

#[tokio::test]
async fn ogcapi_features_3_filter() {
    for bad in ["name =", "nothing = 1", "name = 1", "(((", ""] {
        let reply = filtered("actors", bad).await;
        assert_eq!(reply.status, if bad.is_empty() { 200 } else { 400 }, "{bad}");
    }
    get("/collections/actors/items?filter=example&filter-lang=sql").await.problem(400);
    get("/collections/actors/items?filter=example&filter-crs=nothing").await.problem(400);
    let crs = encoded("http://www.opengis.net/def/crs/EPSG/0/4326");
    let latitude_first = encoded("S_INTERSECTS(geometry, BBOX(-21.2, 55.0, -20.0, 55.4))");
    let swapped = get(&format!("/collections/actors/items?limit=50000&filter={latitude_first}&filter-crs={crs}")).await;
    let plain = filtered("actors", "S_INTERSECTS(geometry, BBOX(55.0, -21.2, 55.4, -20.0))").await;
    assert_eq!(ids(&swapped), ids(&plain));
}

#[tokio::test]
async fn ogcapi_features_3_features_filter() {
    let api = definition().await;
    for name in ["filter", "filter-lang", "filter-crs"] {
        assert_eq!(parameter(&api, "/collections/{collection}/items", name)["in"], "query");
    }
    // With other parameters both must hold; facets count the same.
    let filter = encoded("example = TRUE");
    let both = get(&format!("/collections/actors/items?kind=place,group&limit=50000&filter={filter}")).await;
    let both = ids(&both);
    let one = ids(&filtered("actors", "example AND kind IN ('place', 'group')").await);
    assert_eq!(both, one);
    let facets = get(&format!("/collections/actors/facets?by=kind&kind=place,group&filter={filter}")).await.json();
    assert_eq!(facets["numberMatched"], one.len());
}

#[tokio::test]
async fn ogcapi_features_3_queryables() {
    for collection in ["actors", "events", "municipalities"] {
        let schema = get(&format!("/collections/{collection}/queryables")).await.json();
        for (name, described) in schema["properties"].as_object().unwrap() {
            let filter = if described["type"] == "boolean" { name.clone() } else { format!("{name} IS NULL") };
            assert_eq!(filtered(collection, &filter).await.status, 200, "{collection}: {name}");
        }
        let refused = filtered(collection, "nothing IS NULL").await.problem(400);
        assert!(refused.contains("nothing"), "{refused}");
    }
}

#[tokio::test]
async fn ogcapi_features_3_queryables_query_parameters() {
    for (query, filter) in [
        ("source=examples&kind=place", "source = 'examples' AND kind = 'place'"),
        ("municipality_id=municipality:97411", "municipality_id = 'municipality:97411'"),
        ("precision=none,point&example=true", "precision IN ('none', 'point') AND example"),
    ] {
        let found = get(&format!("/collections/actors/items?limit=50000&{query}")).await;
        assert_eq!(ids(&found), ids(&filtered("actors", filter).await), "{query}");
    }
    get("/collections/actors/items?population=5").await.problem(400);
    get("/collections/municipalities/items?population=many").await.problem(400);
}

#[tokio::test]
async fn cql2_cql2_text() {
    takes("actors", "name = 'Jardin partagé 7' OR NOT (kind <> 'group')", |f| {
        text(f, "name") == "Jardin partagé 7" || text(f, "kind") == "group"
    })
    .await;
}

#[tokio::test]
async fn cql2_cql2_json() {
    let json = json!({ "op": "or", "args": [
        { "op": "=", "args": [{ "property": "name" }, "Jardin partagé 7"] },
        { "op": "=", "args": [{ "property": "kind" }, "group"] },
    ]});
    let from_json = filtered("actors", &json.to_string()).await;
    let from_text = filtered("actors", "kind = 'group' OR name = 'Jardin partagé 7'").await;
    assert_eq!(ids(&from_json), ids(&from_text));
    get(&format!("/collections/actors/items?filter-lang=cql2-json&filter={}", encoded("example"))).await.problem(400);
}

#[tokio::test]
async fn cql2_basic_cql2() {
    takes("actors", "lon >= 55.3 AND lon < 55.6 AND NOT example", |f| {
        place(f).is_some_and(|p| p[0] >= 55.3 && p[0] < 55.6) && *property(f, "example") == false
    })
    .await;
    takes("actors", "geometry IS NULL", |f| f["geometry"].is_null()).await;
    takes("actors", "lon IS NOT NULL", |f| !property(f, "lon").is_null()).await;
}

#[tokio::test]
async fn cql2_advanced_comparison_operators() {
    takes("actors", "name LIKE 'Jardin%1_'", |f| {
        let name: Vec<char> = text(f, "name").chars().collect();
        name.len() > 1 && name[name.len() - 2] == '1'
    })
    .await;
    takes("actors", "lat BETWEEN -21.2 AND -21", |f| place(f).is_some_and(|p| (-21.2..=-21.0).contains(&p[1]))).await;
    takes("actors", "kind IN ('place', 'project')", |f| ["place", "project"].contains(&text(f, "kind").as_str())).await;
}

#[tokio::test]
async fn cql2_case_insensitive_comparison() {
    takes("actors", "CASEI(name) = CASEI('JARDIN PARTAGÉ 7')", |f| text(f, "name") == "Jardin partagé 7").await;
}

#[tokio::test]
async fn cql2_accent_insensitive_comparison() {
    takes("actors", "ACCENTI(name) = ACCENTI('Jardin pártage 7')", |f| text(f, "name") == "Jardin partagé 7").await;
}

#[tokio::test]
async fn cql2_basic_spatial_functions() {
    let inside = |f: &Value| place(f).is_some_and(|p| (55.1..=55.4).contains(&p[0]) && (-21.2..=-20.9).contains(&p[1]));
    takes("actors", "S_INTERSECTS(geometry, BBOX(55.1, -21.2, 55.4, -20.9))", inside).await;
    takes("municipalities", "S_INTERSECTS(geometry, POINT(55.2 -21))", |f| {
        text(f, "id") == "municipality:97411" || f["id"] == "municipality:97411"
    })
    .await;
}

#[tokio::test]
async fn cql2_basic_spatial_functions_plus() {
    let inside = |f: &Value| place(f).is_some_and(|p| (55.1..=55.4).contains(&p[0]) && (-21.2..=-20.9).contains(&p[1]));
    let ring = "POLYGON((55.1 -21.2, 55.4 -21.2, 55.4 -20.9, 55.1 -20.9, 55.1 -21.2))";
    takes("actors", &format!("S_INTERSECTS(geometry, {ring})"), inside).await;
    let line = "S_INTERSECTS(geometry, LINESTRING(55.1 -21, 55.4 -21))";
    takes("municipalities", line, |f| f["id"] == "municipality:97411").await;
}

#[tokio::test]
async fn cql2_spatial_functions() {
    let west = |f: &Value| f["id"] == "municipality:97411";
    for filter in [
        "S_WITHIN(geometry, BBOX(54, -22, 55.5, -20))",
        "S_CONTAINS(geometry, POINT(55.2 -21))",
        "S_OVERLAPS(geometry, BBOX(54, -22, 55.2, -21))",
        "S_CROSSES(LINESTRING(54 -21, 55.2 -21), geometry)",
        "S_EQUALS(geometry, POLYGON((55 -21.5, 55.5 -21.5, 55.5 -20.5, 55 -20.5, 55 -21.5)))",
        "NOT S_DISJOINT(geometry, POINT(55.2 -21))",
        "S_TOUCHES(geometry, BBOX(54, -22, 55, -20))",
    ] {
        takes("municipalities", filter, west).await;
    }
}

#[tokio::test]
async fn cql2_temporal_functions() {
    let all = get("/collections/events/items?limit=50000").await.json();
    let mut starts: Vec<String> = all["features"].as_array().unwrap().iter().map(|f| text(f, "start")).collect();
    starts.sort();
    let middle = starts[starts.len() / 2].clone();
    takes("events", &format!("T_BEFORE(start, TIMESTAMP('{middle}'))"), |f| text(f, "start") < middle).await;
    takes("events", &format!("T_AFTER(start, TIMESTAMP('{middle}'))"), |f| text(f, "start") > middle).await;
    let interval = format!("INTERVAL('{}', '{middle}')", starts[0]);
    takes("events", &format!("T_INTERSECTS(INTERVAL(start, end), {interval})"), |f| text(f, "start") <= middle).await;
    takes("events", &format!("start = TIMESTAMP('{middle}')"), |f| text(f, "start") == middle).await;
}

#[tokio::test]
async fn cql2_array_functions() {
    let has = |f: &Value, theme: &str| property(f, "themes").as_array().unwrap().iter().any(|t| t == theme);
    takes("actors", "A_CONTAINS(themes, ('food'))", |f| has(f, "food")).await;
    takes("actors", "A_OVERLAPS(themes, ('food', 'health'))", |f| has(f, "food") || has(f, "health")).await;
}

#[tokio::test]
async fn cql2_property_property() {
    takes("actors", "lon + lat * 2 < -lat - lon * 0.1 - 2", |f| {
        place(f).is_some_and(|p| p[0] + p[1] * 2.0 < -p[1] - p[0] * 0.1 - 2.0)
    })
    .await;
}

#[tokio::test]
async fn cql2_arithmetic() {
    takes("actors", "(lon - 55) * 10 ^ 1 > 5 % 7", |f| place(f).is_some_and(|p| (p[0] - 55.0) * 10.0 > 5.0)).await;
}
