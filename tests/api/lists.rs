//! Lists, descriptions and schemas as pages.

use super::client::{get, get_with};
use super::fixture::shared;

fn paths() -> Vec<String> {
    let edition = shared().edition.clone();
    let mut paths: Vec<String> =
        ["/conformance", "/collections", "/editions", "/postcodes/97400"].map(str::to_owned).into();
    paths.push(format!("/editions/{edition}"));
    for family in ["children", "ancestors", "neighbours"] {
        paths.push(format!("/admin-units/municipality:97411/{family}"));
    }
    for path in [
        "/collections/actors/facets?by=theme,kind,municipality",
        "/collections/events/facets?by=day&datetime=2026-03-02",
        "/collections/actors/aggregate?by=municipality",
        "/lookup?lon=55.45&lat=-20.9",
        "/tiles",
        "/tiles/boundaries",
        "/tiles/actors?theme=food",
        "/collections/actors/tiles",
        "/collections/municipalities/tiles/WebMercatorQuad",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
    ] {
        paths.push(path.to_owned());
    }
    for resource in ["", "/queryables", "/schema", "/sortables"] {
        paths.push(format!("/collections/actors{resource}"));
        paths.push(format!("/collections/municipalities{resource}"));
    }
    paths
}

#[tokio::test]
async fn every_list_is_a_page_in_two_languages_and_json_for_programs() {
    for path in paths() {
        for (lang, other) in [("fr", "en"), ("en", "fr")] {
            let page = get_with(&path, &[("accept", "text/html"), ("accept-language", lang)]).await;
            assert_eq!(page.status, 200, "{path}");
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert_eq!(page.header("content-language"), lang, "{path}");
            let vary = page.header("vary");
            assert!(vary.contains("Accept,") && vary.contains("Accept-Language"), "{path}: {vary}");
            assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
            let text = page.text();
            assert!(text.contains(&format!("<html lang=\"{lang}\"")) && text.contains("<h1"), "{path}");
            assert!(text.contains(&format!("hreflang=\"{other}\"")) && text.contains("f=json"), "{path}");
            assert!(!text.contains("<b>") && !text.contains("<script"), "{path}: data are text");
        }
        let and = if path.contains('?') { '&' } else { '?' };
        let named = get(&format!("{path}{and}f=html&lang=en")).await;
        assert!(
            !named.header("vary").contains("Accept,") && !named.header("vary").contains("Accept-Language"),
            "{path}"
        );
        let json = get(&path).await;
        assert!(json.header("content-type").contains("json"), "{path}");
        assert_ne!(json.header("etag"), named.header("etag"), "{path}");
        get(&format!("{path}{and}f=gml")).await.problem(400);
        get(&format!("{path}{and}lang=de")).await.problem(400);
    }
}

#[tokio::test]
async fn a_page_leads_on() {
    let collections = get("/collections?f=html").await;
    assert!(collections.text().contains("href=\"http://parvis.test/collections/actors\""), "{}", collections.text());
    let collection = get("/collections/actors?f=html&lang=en").await;
    for (what, mark) in [
        ("its items", "/collections/actors/items"),
        ("its schema", "/queryables"),
        ("its files", "/downloads/actors.csv"),
    ] {
        assert!(collection.text().contains(mark), "{what}");
    }
    let children = get("/admin-units/department:974/children?f=html").await;
    assert!(children.text().contains("/admin-units/municipality:97411\""), "{}", children.text());
    let properties = get("/collections/municipalities/schema?f=html&lang=fr").await;
    assert!(properties.text().contains("Habitants") && properties.text().contains("<code>population</code>"));
}

#[tokio::test]
async fn titles_speak_the_language_that_is_asked() {
    let french = get_with("/collections/regions", &[("accept-language", "fr")]).await;
    assert_eq!((french.json()["title"].as_str(), french.header("content-language")), (Some("Régions"), "fr"));
    let english = get("/collections/regions?lang=en").await.json();
    assert_eq!(english["title"], "Regions");
    let schema = get("/collections/regions/schema?lang=fr").await.json();
    assert_eq!(schema["properties"]["population"]["title"], "Habitants");
}
