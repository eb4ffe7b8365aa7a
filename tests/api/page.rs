//! The page, the landing document, the API description, styles, metrics; base path and proxies.

use http::Method;
use parvis::http::{AppState, ServeOptions, router};
use parvis_store::DataDir;

use super::client::{get, get_with, send};
use super::fixture::shared;

const BROWSER: &[(&str, &str)] = &[("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];

#[tokio::test]
async fn a_link_that_is_broken_opens_the_page_all_the_same() {
    for path in ["/?theme=%00", "/?unit=%ff&q=a%0Ab&theme=food&theme=sport", "/embed/map?near=%00&legend=%00"] {
        let page = get_with(path, BROWSER).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
    }
    assert_eq!(get("/?f=json&theme=food").await.status, 200);
    get("/?f=json&theme=%ff").await.problem(400);
}

#[tokio::test]
async fn what_others_hang_on_a_link_opens_the_page_and_is_no_part_of_its_address() {
    const HUNG: &str = "utm_source=letter&fbclid=x%ff&gclid=&utm_source=again&%00=1&thema=food";
    for (path, canonical) in [
        ("/?theme=food", "/?theme=food"),
        ("/embed/map?theme=food&list=1", "/embed/map?theme=food&#38;list=1"),
        ("/collections/actors/items?theme=food", "/collections/actors/items?theme=food"),
        ("/collections/actors/items/actor:examples:a0003?lang=fr", "/collections/actors/items/actor:examples:a0003"),
        ("/admin-units/municipality:97411?lang=fr", "/admin-units/municipality:97411"),
        ("/search?q=jardin", "/search?q=jardin"),
        ("/accessibility?lang=fr", "/accessibility"),
    ] {
        let page = get_with(&format!("{path}&{HUNG}"), BROWSER).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        let said = format!("<link rel=\"canonical\" href=\"http://parvis.test{canonical}\">");
        assert!(page.text().contains(&said), "{path}: {said}");
        let head = page.text().split_once("<body").unwrap().0;
        assert!(!head.contains("utm_source") && !head.contains("gclid"), "{path}");
    }
    // what programs read stays strict, and so does what a page knows
    for path in [
        "/?f=json&utm_source=x",
        "/collections/actors/items?utm_source=x",
        "/collections/actors/items?f=csv&fbclid=x",
        "/collections/actors/items/actor:examples:a0003?f=json&gclid=x",
        "/admin-units/municipality:97411?utm_source=x",
        "/search?q=jardin&utm_source=x",
        "/tiles/actors?utm_source=x",
    ] {
        assert!(get(path).await.problem(400).contains("unknown parameter"), "{path}");
    }
    get_with("/collections/actors/items?theme=food&theme=sport&utm_source=x", BROWSER).await.problem(400);
    get_with("/collections/actors/items?theme=cooking&utm_source=x", BROWSER).await.problem(400);
}

#[tokio::test]
async fn people_get_the_map_and_programs_the_links() {
    let page = get_with("/", BROWSER).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let csp = page.header("content-security-policy");
    assert!(
        csp.contains("default-src 'self'") && csp.contains("object-src 'none'") && !csp.contains("script-src 'self' '")
    );
    assert!(page.header("vary").starts_with("Accept,"));
    assert!(!page.text().contains("</script><b>"), "a title of the data is text");
    for anything in [&[][..], &[("accept", "*/*")]] {
        assert_eq!(get_with("/", anything).await.header("content-type"), "application/json");
        assert_eq!(get_with("/?lang=fr", anything).await.header("content-type"), "application/json");
        let preview = get_with("/?theme=food&utm_source=letter", anything).await;
        assert_eq!(preview.header("content-type"), "text/html; charset=utf-8", "who previews a link to a view");
        assert!(preview.text().contains("property=\"og:image\""));
    }
    let named = get_with("/?theme=food", &[("accept", "application/json")]).await;
    assert_eq!(named.header("content-type"), "application/json");
    let landing = get_with("/", &[("accept", "application/json")]).await.json();
    let rels: Vec<&str> = landing["links"].as_array().unwrap().iter().map(|l| l["rel"].as_str().unwrap()).collect();
    for rel in ["self", "service-desc", "service-doc", "conformance", "data"] {
        assert!(rels.contains(&rel), "{rel}");
    }
    for link in landing["links"].as_array().unwrap() {
        let path = link["href"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap();
        let reply = get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.header("content-type").starts_with(link["type"].as_str().unwrap()), "{path}");
    }
    assert_eq!(get("/?lang=en&theme=food&show=actors").await.status, 200, "the page's own parameters");
}

#[tokio::test]
async fn who_previews_a_link_gets_the_page_that_it_leads_to() {
    let actor = get("/collections/actors/items?limit=1&f=json").await.json()["features"][0]["id"].clone();
    let actor = format!("/collections/actors/items/{}", actor.as_str().unwrap());
    let agents = ["facebookexternalhit/1.1", "WhatsApp/2.23.20.0", "Mozilla/5.0 (compatible; Discordbot/2.0)"];
    for path in ["/", "/?utm_source=letter", "/admin-units/department:974", &actor] {
        for agent in agents {
            let reply = get_with(path, &[("accept", "*/*"), ("user-agent", agent)]).await;
            assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path} {agent}");
            assert!(reply.text().contains("property=\"og:title\""), "{path}");
            assert!(reply.header("vary").contains("User-Agent"), "{path}: a cache keeps it for them");
        }
        let browser = get_with(path, BROWSER).await;
        assert!(!browser.header("vary").contains("User-Agent"), "{path}: one for all browsers");
    }
    for path in ["/", "/admin-units/department:974", &actor] {
        let program = get_with(path, &[("accept", "*/*"), ("user-agent", "python-requests/2.32")]).await;
        assert!(program.header("content-type").contains("json") && program.header("vary").contains("User-Agent"));
        let named = get_with(path, &[("accept", "application/json"), ("user-agent", agents[0])]).await;
        assert!(named.header("content-type").contains("json") && !named.header("vary").contains("User-Agent"));
    }
    let list = get_with("/collections/actors/items", &[("user-agent", agents[0])]).await;
    assert!(
        list.header("content-type").contains("json") && !list.header("vary").contains("User-Agent"),
        "of pages alone"
    );
}

#[tokio::test]
async fn the_page_is_told_what_it_shows() {
    let page = get("/?f=html").await;
    let Some(config) = page.text().split_once("id=\"parvis-config\">") else {
        assert!(page.text().contains("built without its map page"));
        return;
    };
    assert!(page.text().contains("<base href=\"/\">"));
    let config: serde_json::Value = serde_json::from_str(config.1.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(config["edition"], shared().edition.as_str());
    assert_eq!(config["title"]["fr"], "Île </script><b>");
    assert_eq!(config["themes"].as_array().unwrap().len(), 12);
    assert_eq!((&config["example"], &config["counts"]["events"]), (&true.into(), &40.into()));
    assert_eq!(config["perimeter"], serde_json::json!({ "id": "department:974", "whole": true }));
    assert!(config["interval"][0].as_str().unwrap() < config["interval"][1].as_str().unwrap());
    assert!(config["tilesets"].as_array().unwrap().contains(&"boundaries".into()));
    for asset in page.text().split("src=\"./").skip(1).map(|p| p.split('"').next().unwrap()) {
        let file = get_with(&format!("/{asset}"), &[("accept-encoding", "br, gzip")]).await;
        assert_eq!((file.status.as_u16(), file.header("content-encoding")), (200, "br"), "{asset}");
        assert!(file.header("cache-control").contains("immutable"));
        let plain = get(&format!("/{asset}")).await;
        assert!(plain.body.len() > file.body.len());
        let held = get_with(&format!("/{asset}"), &[("if-none-match", file.header("etag"))]).await;
        assert_eq!(held.status, 304);
    }
}

#[tokio::test]
async fn the_api_is_described_for_programs_and_people() {
    let document = get("/api").await;
    assert_eq!(document.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    assert_eq!(document.json()["openapi"], "3.0.3");
    assert_eq!(document.json()["servers"][0]["url"], "http://parvis.test");
    let page = get_with("/api", BROWSER).await;
    assert!(page.header("content-type").starts_with("text/html") && page.text().contains("/lookup"));
    let classes = get("/conformance").await.json();
    assert!(classes["conformsTo"].to_string().contains("ogcapi-features-1/1.0/conf/core"));
}

#[tokio::test]
async fn a_style_has_the_addresses_of_this_service() {
    let style = get("/styles/parvis-light.json").await;
    let (text, json) = (style.text(), style.json());
    assert!(!text.contains("{base}") && !text.contains("{edition}"));
    let url = json["sources"]["boundaries"]["url"].as_str().unwrap();
    let described = get(url.strip_prefix("http://parvis.test").unwrap()).await;
    assert_eq!(described.json()["tilejson"], "3.0.0");
    for missing in ["parvis-light", "nothing.json", "..%2fCargo.toml", "README.md"] {
        get(&format!("/styles/{missing}")).await.problem(404);
    }
}

#[tokio::test]
async fn operators_see_life_readiness_and_counts() {
    assert_eq!(get("/health").await.json()["status"], "ok");
    assert_eq!(get("/ready").await.json()["edition"], shared().edition.as_str());
    get("/lookup?lon=55.2&lat=-21").await;
    let metrics = get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    assert!(metrics.text().contains("parvis_http_requests_total{route=\"/lookup\",status=\"200\"}"));
    assert!(metrics.text().contains(&format!("parvis_edition_info{{edition=\"{}\"}} 1", shared().edition)));
    assert!(!metrics.text().contains("55.2"), "no places in metrics");
}

#[tokio::test]
async fn under_a_base_path_every_address_has_it() {
    let open = |options| AppState::open(DataDir::open(shared().folder.path()).unwrap(), options).unwrap();
    let router = router(open(ServeOptions::new("/carto/", None).unwrap()));
    let ask = async |path: &str, headers: &[(&str, &str)]| send(&router, Method::GET, path, headers).await;
    assert_eq!(ask("/carto", &[]).await.header("location"), "/carto/");
    assert!(ask("/carto/", BROWSER).await.text().contains("<base href=\"/carto/\">"));
    ask("/carto/nothing", &[]).await.problem(404);
    // a proxy that takes the path off gets what one that passes it on does
    for path in ["/conformance", "/tiles/actors", "/sitemap.xml"] {
        let [kept, stripped] = [ask(&format!("/carto{path}"), &[]).await, ask(path, &[]).await];
        assert_eq!(kept.status, 200, "{path}");
        assert_eq!((stripped.status, stripped.text()), (kept.status, kept.text()), "{path}");
    }
    let proxied = [("x-forwarded-proto", "https"), ("x-forwarded-host", "map.example.org")];
    let described = ask("/carto/tiles/actors", &proxied).await;
    let url = described.json()["tiles"][0].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://map.example.org/carto/tiles/actors/{z}/{x}/{y}?edition="), "{url}");
    assert!(described.header("vary").contains("X-Forwarded-Host"));
    assert_eq!(ask("/carto/tiles/boundaries/0/0/0", &[]).await.status, 200);
    let moved = ask("/carto/downloads/actors.csv", &[]).await;
    assert!(moved.header("location").starts_with("http://parvis.test/carto/editions/"));
}

#[tokio::test]
async fn a_public_address_wins_over_headers() {
    let options = ServeOptions::new("", Some("https://carte.example.org/")).unwrap();
    let router = router(AppState::open(DataDir::open(shared().folder.path()).unwrap(), options).unwrap());
    let reply = send(&router, Method::GET, "/collections", &[("x-forwarded-host", "evil.test")]).await;
    assert!(reply.text().contains("https://carte.example.org/collections"));
    assert!(!reply.text().contains("evil.test"));
    assert_eq!(reply.header("vary"), "Accept, Accept-Encoding, Accept-Language", "no forwarded host");
}

#[tokio::test]
async fn before_the_first_edition_the_service_lives_but_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::open_or_create(folder.path()).unwrap();
    let router = router(AppState::open(data, ServeOptions::default()).unwrap());
    assert_eq!(send(&router, Method::GET, "/health", &[]).await.status, 200);
    for path in ["/ready", "/", "/collections", "/tiles/actors/0/0/0", "/downloads/actors.csv"] {
        let reply = send(&router, Method::GET, path, &[]).await;
        reply.problem(503);
        assert_eq!(reply.header("retry-after"), "2");
    }
    assert_eq!(send(&router, Method::GET, "/editions", &[]).await.json()["numberMatched"], 0);
}
