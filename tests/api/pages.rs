//! Pages that the server writes: items, units, search, the start without a script, embeds, oEmbed, sitemap.

use http::Method;
use parvis::http::{AppState, ServeOptions, router};
use parvis_store::DataDir;
use serde_json::Value;

use super::client::{Reply, get, get_with, send};
use super::fixture::{Fixture, HOSTILE, shared};

const BROWSER: &[(&str, &str)] = &[("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];

/// What a page of JSON-LD says.
fn json_ld(page: &Reply) -> Value {
    let text = page.text().split_once("<script type=\"application/ld+json\">").unwrap().1;
    serde_json::from_str(text.split_once("</script>").unwrap().0).unwrap()
}

fn assert_page(reply: &Reply, path: &str) {
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
    let policy = reply.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'"), "{path}: {policy}");
    let text = reply.text();
    assert!(text.starts_with("<!doctype html>") && text.trim_end().ends_with("</html>"), "{path}");
    assert_eq!(text.matches("<h1").count(), 1, "{path}");
    assert_eq!(text.matches("<main").count(), 1, "{path}");
    assert!(text.contains("rel=\"canonical\"") && text.contains("hreflang=\"en\""), "{path}");
    assert!(!text.contains(" style=\"") && !text.contains(" onclick"), "{path}: the policy forbids it");
    for script in text.split("<script").skip(1) {
        assert!(script.starts_with(" type=\"application/ld+json\">"), "{path}: {script:.80}");
    }
}

#[tokio::test]
async fn an_actor_has_a_page_by_accept_and_by_f() {
    let path = "/collections/actors/items/actor:examples:a0003";
    let page = get_with(path, BROWSER).await;
    assert_page(&page, path);
    assert!(page.header("vary").contains("Accept,") && page.header("vary").contains("Accept-Language"));
    assert_eq!(page.header("content-language"), "fr");
    let text = page.text();
    assert!(text.contains("<h1><bdi>Jardin partagé 3</bdi></h1>"));
    assert!(text.contains("href=\"/admin-units/municipality:"), "its levels are links");
    assert!(text.contains("<link rel=\"alternate\" type=\"application/geo+json\""));
    let ld = json_ld(&page);
    assert_eq!((&ld["name"], &ld["identifier"]), (&"Jardin partagé 3".into(), &"actor:examples:a0003".into()));
    assert!(ld["location"]["geo"]["latitude"].is_number());
    assert_page(&get(&format!("{path}?f=html")).await, "by f");
    assert_eq!(get(path).await.json()["type"], "Feature", "programs get GeoJSON");
    get(&format!("{path}?f=xml")).await.problem(400);
    get(&format!("{path}?f=html&lang=de")).await.problem(400);
    get("/collections/actors/items/actor:examples:none?f=html").await.problem(404);
}

/// The `content` of a meta element.
fn meta<'a>(page: &'a Reply, name: &str) -> &'a str {
    let found = page.text().split_once(&format!("\"{name}\" content=\""));
    found.unwrap_or_else(|| panic!("no {name}")).1.split('"').next().unwrap()
}

#[tokio::test]
async fn others_find_a_picture_of_every_page_at_an_address_that_never_changes() {
    for path in ["/?f=html", "/embed/map", "/collections/actors/items/actor:examples:a0003?f=html", "/accessibility"] {
        let page = get(&format!("{path}{}lang=en", if path.contains('?') { '&' } else { '?' })).await;
        assert_eq!((meta(&page, "og:image:width"), meta(&page, "og:image:height")), ("1200", "630"), "{path}");
        assert_eq!(meta(&page, "twitter:card"), "summary_large_image", "{path}");
        assert!(meta(&page, "og:image:alt").contains("pediment"), "{path}");
        let url = meta(&page, "og:image").strip_prefix("http://parvis.test").unwrap().to_owned();
        let picture = get_with(&url, &[("accept-encoding", "gzip, br, zstd")]).await;
        assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, meta(&page, "og:image:type")));
        assert_eq!(picture.header("content-encoding"), "", "it is compressed already");
        assert_eq!(picture.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(picture.header("access-control-allow-origin"), "*");
        assert_eq!(imagesize::blob_size(&picture.body).map(|s| (s.width, s.height)).unwrap(), (1200, 630));
        let held = get_with(&url, &[("if-none-match", picture.header("etag"))]).await;
        assert_eq!((held.status.as_u16(), held.body.len()), (304, 0));
        get(&format!("{url}?size=small")).await.problem(400);
        get(&url.replace(".png", ".jpg")).await.problem(404);
    }
}

#[tokio::test]
async fn the_picture_of_an_operator_stands_for_ours_under_every_base() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    file("logo.png", include_bytes!("../../styles/sprites/parvis.png"));
    file("look.toml", b"logo = \"logo.png\"\ntitle = { fr = \"La carte du pays\" }\n");
    let mut options = ServeOptions::new("/carto", Some("https://pays.example/carto")).unwrap();
    options.look = std::sync::Arc::new(parvis::http::look::Look::read(&folder.path().join("look.toml")).unwrap());
    let router = router(AppState::open(DataDir::open(shared().folder.path()).unwrap(), options).unwrap());
    let page = send(&router, Method::GET, "/carto/admin-units/municipality:97411?f=html", &[]).await;
    let url = meta(&page, "og:image").strip_prefix("https://pays.example").unwrap().to_owned();
    assert!(url.starts_with("/carto/assets/picture-"), "{url}");
    assert_eq!((meta(&page, "twitter:card"), meta(&page, "og:image:alt")), ("summary", "La carte du pays"));
    let picture = send(&router, Method::GET, &url, &[]).await;
    assert_eq!(picture.body, include_bytes!("../../styles/sprites/parvis.png"));
    let ours = meta(&get("/?f=html").await, "og:image").strip_prefix("http://parvis.test").unwrap().to_owned();
    send(&router, Method::GET, &format!("/carto{ours}"), &[]).await.problem(404);
}

#[tokio::test]
async fn a_made_up_record_says_so_and_is_not_to_be_found() {
    let example = get("/collections/actors/items/actor:examples:a0002?f=html").await;
    assert!(example.text().contains("Fiche d’exemple") && example.text().contains("content=\"noindex\""));
    let real = get("/collections/actors/items/actor:examples:a0003?f=html").await;
    assert!(!real.text().contains("Fiche d’exemple") && !real.text().contains("noindex"));
}

#[tokio::test]
async fn an_event_tells_its_time_in_the_zone_of_its_place() {
    let id = get("/collections/events/items?limit=1&datetime=2026-03-01").await.json()["features"][0]["id"].to_string();
    let path = format!("/collections/events/items/{}?f=html", id.trim_matches('"'));
    let page = get(&path).await;
    assert_page(&page, &path);
    assert!(page.text().contains("dimanche 1er mars 2026, 14\u{a0}h\u{a0}00\u{a0}– 16\u{a0}h\u{a0}00"), "UTC + 4");
    assert!(page.text().contains("datetime=\"2026-03-01T14:00:00+04:00\""));
    assert_eq!(json_ld(&page)["startDate"], "2026-03-01T14:00:00+04:00");
    let english = get(&format!("{path}&lang=en")).await;
    assert!(english.text().contains("Sunday 1 March 2026, 14:00") && english.text().contains("<html lang=\"en\">"));
    assert!(english.text().contains("lang=en\""), "links keep the language that the address names");
}

#[tokio::test]
async fn a_unit_has_a_page_with_what_is_in_it() {
    let path = "/admin-units/municipality:97411";
    let page = get_with(path, BROWSER).await;
    assert_page(&page, path);
    let text = page.text();
    let matched =
        get("/collections/actors/items?within=municipality:97411&limit=1").await.json()["numberMatched"].clone();
    assert!(text.contains(&format!(">{matched}</a>")), "the number of actors: {matched}");
    assert!(text.contains("<svg class=\"outline\"") && text.contains("class=\"shape\""), "a picture of it");
    assert!(text.contains("within=municipality:97411&#38;theme="), "lists by theme");
    assert!(text.contains("/export?f=csv&#38;within=municipality:97411"), "downloads");
    assert!(text.contains("Le Brûlé") && text.contains("Saint-Paul"), "children and neighbours");
    assert_eq!(json_ld(&page)["containedInPlace"]["name"], "La Réunion");
    let crumbs = text.split_once("<nav class=\"crumbs\"").unwrap().1.split_once("</nav>").unwrap().0;
    let steps: Vec<&str> = crumbs.split("href=\"").skip(1).map(|step| step.split('"').next().unwrap()).collect();
    let once = "a region and its only department are one step";
    assert_eq!(steps, ["/admin-units/country:FR", "/admin-units/department:974"], "{once}");
    let other = get("/collections/municipalities/items/municipality:97411?f=html").await;
    let canonical = "<link rel=\"canonical\" href=\"http://parvis.test/admin-units/municipality:97411\">";
    assert!(text.contains(canonical) && other.text().contains(canonical), "one address of the two");
    let without = get("/admin-units/municipality:97424?f=html").await;
    assert!(without.text().contains("Sans contour") && !without.text().contains("class=\"outline\""));
    let moved = get("/admin-units/municipality:97498?f=html").await;
    assert_eq!(
        (moved.status.as_u16(), moved.header("location")),
        (308, "http://parvis.test/admin-units/municipality:97415?f=html")
    );
}

#[tokio::test]
async fn every_link_of_the_pages_leads_somewhere() {
    let pages = [
        "/?f=html",
        "/admin-units/municipality:97411?f=html",
        "/collections/actors/items/actor:examples:a0003?f=html",
        "/search?f=html&q=saint",
        "/accessibility",
        "/collections/actors/items?f=html&limit=5",
    ];
    let mut links = std::collections::BTreeSet::new();
    for path in pages {
        let reply = get(path).await;
        for href in reply.text().split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            links.insert(href.replace("&#38;", "&").replace("http://parvis.test", ""));
        }
    }
    assert!(links.len() > 60, "{}", links.len());
    for link in links.iter().filter(|l| l.starts_with('/') && !l.contains("/export?")) {
        let asked = link.split('#').next().unwrap();
        let status = get(asked).await.status.as_u16();
        assert!(matches!(status, 200 | 307), "{link}: {status}");
    }
}

#[tokio::test]
async fn the_page_of_the_api_tells_every_url_and_its_examples_answer() {
    let page = get("/api?f=html&lang=en").await;
    assert_page(&page, "/api");
    let text = page.text();
    let document = get("/api?f=json").await.json();
    let flat = text.replace("<wbr>", "");
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            assert!(flat.contains(&format!("<span>{}</span> {path}<", method.to_uppercase())), "{method} {path}");
        }
    }
    let anchors = text.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    for anchor in anchors {
        assert_eq!(text.matches(&format!(" id=\"{anchor}\"")).count(), 1, "{anchor}");
    }
    let examples = text.split_once("<dl class=\"facts wide\">").unwrap().1.split_once("</dl>").unwrap().0;
    let examples: Vec<&str> = examples.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(examples.len(), 7, "{examples:?}");
    for example in examples {
        assert_eq!(get(&example.replace("&#38;", "&")).await.status, 200, "{example}");
    }
}

#[tokio::test]
async fn the_language_is_the_one_asked_for() {
    for (query, accepted, lang) in [("", "en-GB,en;q=0.9", "en"), ("", "de", "fr"), ("&lang=fr", "en", "fr")] {
        let path = format!("/collections/actors/items?f=html&limit=1{query}");
        let page = get_with(&path, &[("accept-language", accepted)]).await;
        assert_eq!(page.header("content-language"), lang, "{query} {accepted}");
        assert!(page.text().contains(&format!("<html lang=\"{lang}\">")));
        assert_eq!(page.header("vary").contains("Accept-Language"), query.is_empty());
    }
    let [fr, en] = ["fr", "en"].map(|lang| [("accept-language", lang)]);
    let path = "/accessibility";
    let (fr, en) = (get_with(path, &fr).await, get_with(path, &en).await);
    assert_ne!(fr.header("etag"), en.header("etag"), "each language has its validator");
}

#[tokio::test]
async fn hostile_texts_stay_texts() {
    let fixture = Fixture::hostile();
    let ask = async |path: &str| send(&fixture.router, Method::GET, path, &[]).await;
    for path in [
        "/collections/actors/items/actor:examples:a0000?f=html",
        "/collections/actors/items?f=html&limit=3",
        "/collections/municipalities/items?f=html",
        "/admin-units/municipality:97411?f=html",
        "/search?f=html&q=img",
        "/search?f=html&q=%3C%2Fscript%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    ] {
        let page = ask(path).await;
        assert_page(&page, path);
        let text = page.text();
        assert!(!text.contains("<img"), "{path}");
        assert!(!text.contains("href=\"javascript") && !text.contains("href=\"JaVa"), "{path}");
        assert!(
            !text.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().contains('\u{202e}'),
            "{path}"
        );
        for (at, _) in text.match_indices('\u{202e}') {
            let before = &text[..at];
            let isolated = before.rfind("<bdi>") > before.rfind("</bdi>");
            let in_data = before.rfind("<script type=\"application/ld+json\">") > before.rfind("</script>");
            let in_field = before.rfind(" value=\"") > before.rfind('>');
            assert!(isolated || in_data || in_field, "{path}: …{}", &before[at.saturating_sub(60)..]);
        }
    }
    let page = ask("/collections/actors/items/actor:examples:a0000?f=html").await;
    assert_eq!(json_ld(&page)["name"].as_str().unwrap().len(), HOSTILE.len() + 10_000, "whole, and still JSON");
}

#[tokio::test]
async fn a_search_is_a_page_too() {
    let empty = get_with("/search", BROWSER).await;
    assert_page(&empty, "/search");
    let found = get("/search?f=html&q=saint").await;
    assert_page(&found, "/search?q=saint");
    assert!(
        found.text().contains("href=\"/admin-units/municipality:97411\"") && found.text().contains("value=\"saint\"")
    );
    assert!(get("/search?f=html&q=zzzz").await.text().contains("Rien sous ce nom"));
    get("/search").await.problem(400);
    assert_eq!(get("/search?q=saint").await.header("content-type"), "application/json");
}

#[tokio::test]
async fn without_a_script_the_start_is_a_directory() {
    let page = get_with("/", BROWSER).await;
    let text = page.text();
    for wanted in [
        "href=\"/admin-units/region:04\"",
        "href=\"/admin-units/department:974\"",
        "theme=food",
        "role=\"search\"",
        "/downloads/actors.csv",
        "rel=\"canonical\"",
        "og:title",
        "application/json+oembed",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(get("/?lang=xx&f=html").await.text().contains("<html lang=\"fr\">"), "an odd address opens the default");
    assert!(get("/?lang=en&f=html").await.text().contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn only_the_embed_may_be_framed_by_others() {
    let embed = get("/embed/map?unit=region:04&legend=0&zoom=1").await;
    assert_eq!(embed.status, 200);
    let policy = embed.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors *") && !policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(embed.text().contains("noindex") && embed.header("x-robots-tag") == "noindex");
    for header in ["x-frame-options", "set-cookie"] {
        assert_eq!(embed.header(header), "");
    }
    let options = ServeOptions { embed_from: "https://a.example".to_owned(), ..ServeOptions::default() };
    let router = router(AppState::open(DataDir::open(shared().folder.path()).unwrap(), options).unwrap());
    let listed = send(&router, Method::GET, "/embed/map", &[]).await;
    assert!(listed.header("content-security-policy").ends_with("frame-ancestors https://a.example"));
    assert!(get("/?f=html").await.header("content-security-policy").ends_with("frame-ancestors 'self'"));
}

#[tokio::test]
async fn oembed_shows_pages_of_ours_and_no_others() {
    let of = async |url: &str| {
        get(&format!("/oembed?url={}", url.replace('#', "%23").replace('&', "%26").replace('"', "%22"))).await
    };
    let map = of("http://parvis.test/?unit=region:04&theme=food#map=9/-21/55.5").await.json();
    assert_eq!((&map["version"], &map["type"]), (&"1.0".into(), &"rich".into()));
    let html = map["html"].as_str().unwrap();
    assert!(
        html.contains("src=\"http://parvis.test/embed/map?unit=region:04&#38;theme=food#map=9/-21/55.5\""),
        "{html}"
    );
    assert!(html.contains(" title=\"") && html.contains("loading=\"lazy\"") && !html.contains("</script>"));
    let unit = of("https://parvis.test/admin-units/municipality:97411").await.json();
    assert_eq!(unit["title"], "Saint-Denis");
    assert!(unit["html"].as_str().unwrap().contains("/embed/map?unit=municipality:97411"));
    let actor = of("http://parvis.test/collections/actors/items/actor:examples:a0003").await.json();
    assert!(actor["html"].as_str().unwrap().contains("sel=actor:examples:a0003"));
    for bad in [
        "http://evil.test/",
        "http://parvis.test.evil.test/",
        "http://parvis.test@evil.test/",
        "javascript:alert(1)",
        "http://parvis.test/admin-units/region:99",
        "http://parvis.test/metrics",
        "http://parvis.test/?a=\"onload=",
        "//parvis.test/",
    ] {
        of(bad).await.problem(404);
    }
    let small = get("/oembed?url=http://parvis.test/&maxwidth=320&maxheight=9999").await.json();
    assert_eq!((&small["width"], &small["height"]), (&320.into(), &500.into()));
    for bad in ["/oembed", "/oembed?url=http://parvis.test/&maxwidth=x", "/oembed?url=http://parvis.test/&maxheight=5"]
    {
        get(bad).await.problem(400);
    }
    get("/oembed?url=http://parvis.test/&format=xml").await.problem(501);
}

#[tokio::test]
async fn search_engines_find_the_pages_that_tell_of_something_real() {
    assert!(get("/robots.txt").await.text().contains("Sitemap: http://parvis.test/sitemap.xml"));
    let index = get("/sitemap.xml").await;
    assert!(index.text().contains("<loc>http://parvis.test/sitemap/actors-1.xml</loc>"));
    for part in index.text().split("<loc>http://parvis.test").skip(1).map(|rest| rest.split('<').next().unwrap()) {
        let list = get(part).await;
        assert!(list.header("content-type").starts_with("application/xml"), "{part}");
        for page in
            list.text().split("<loc>http://parvis.test").skip(1).take(3).map(|rest| rest.split('<').next().unwrap())
        {
            assert_eq!(get_with(page, BROWSER).await.status, 200, "{page}");
        }
    }
    let actors = get("/sitemap/actors-1.xml").await;
    assert!(actors.text().contains("a0001") && !actors.text().contains("a0002"), "no examples");
    for bad in ["actors-0.xml", "actors-2.xml", "actors.xml", "x-1.xml", "actors-1", "actors--1.xml"] {
        get(&format!("/sitemap/{bad}")).await.problem(404);
    }
}

#[tokio::test]
async fn under_a_base_path_the_pages_stay_below_it() {
    let options = ServeOptions::new("/carto", None).unwrap();
    let router = router(AppState::open(DataDir::open(shared().folder.path()).unwrap(), options).unwrap());
    for path in [
        "/carto/?f=html",
        "/carto/admin-units/municipality:97411?f=html",
        "/carto/accessibility",
        "/carto/search?f=html&q=a",
    ] {
        let page = send(&router, Method::GET, path, &[]).await;
        assert_eq!(page.status, 200, "{path}");
        for attribute in [" href=\"/", " src=\"/", " action=\"/"] {
            for url in page.text().split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                assert!(url.starts_with("carto/"), "{path}: /{url}");
            }
        }
    }
    let css = send(&router, Method::GET, "/carto/accessibility", &[]).await;
    let css = css.text().split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let sheet = send(&router, Method::GET, &css, &[("accept-encoding", "gzip")]).await;
    assert!(
        sheet.header("cache-control").contains("immutable") && sheet.header("content-type").starts_with("text/css")
    );
}

#[tokio::test]
async fn styles_find_their_sprites_glyphs_and_ground() {
    for name in ["parvis-light", "parvis-dark", "boundaries"] {
        let style = get(&format!("/styles/{name}.json")).await.json();
        let sprite = style["sprite"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap().to_owned();
        for suffix in [".json", ".png", "@2x.json", "@2x.png"] {
            assert_eq!(get(&format!("{sprite}{suffix}")).await.status, 200);
        }
        let glyphs = style["glyphs"].as_str().unwrap().strip_prefix("http://parvis.test").unwrap();
        let glyphs = glyphs.replace("{fontstack}", "Noto%20Sans%20Regular").replace("{range}", "0-255");
        assert_eq!(get(&glyphs).await.header("content-type"), "application/x-protobuf");
    }
    let ground = get("/styles/ground.geojson").await;
    assert_eq!(ground.header("cache-control"), "no-cache");
    let ground = ground.json();
    let french = ground["features"].as_array().unwrap().iter().filter(|f| f["properties"]["country"] == "FR");
    let corners: Vec<&Value> = french.map(|f| &f["geometry"]["coordinates"][0][0]).collect();
    // The edition holds 1000 square kilometres of France: too little to stand for La Réunion, let alone the rest.
    assert!(corners.len() > 3 && corners.iter().any(|corner| corner[0].as_f64().unwrap() > 54.0), "{corners:?}");
    let pinned = get(&format!("/styles/ground.geojson?edition={}", shared().edition)).await;
    assert!(pinned.header("cache-control").contains("immutable"));
    assert!(get("/fonts/Noto%20Sans%20Bold/1024-1279.pbf").await.body.is_empty(), "other letters cost no label");
    get("/fonts/Arial/0-255.pbf").await.problem(404);
    get("/sprites/other.png").await.problem(404);
}

#[tokio::test]
async fn styles_draw_only_what_the_tiles_hold() {
    for name in ["parvis-light", "parvis-dark", "boundaries"] {
        let style = get(&format!("/styles/{name}.json")).await.json();
        for layer in style["layers"].as_array().unwrap() {
            let Some(of) = layer["source-layer"].as_str() else { continue };
            let source = layer["source"].as_str().unwrap();
            let described = get(&format!("/tiles/{source}")).await.json();
            let held = described["vector_layers"].as_array().unwrap().iter().find(|l| l["id"] == of);
            let held = held.unwrap_or_else(|| panic!("{name}: {} draws {of}, which {source} lacks", layer["id"]));
            let mut fields = Vec::new();
            fields_of(layer, &mut fields);
            for field in fields {
                assert!(held["fields"][&field].is_string(), "{name}: {} reads {field} of {of}", layer["id"]);
            }
        }
    }
}

/// Every field that an expression gets.
fn fields_of(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            if let [Value::String(get), Value::String(field)] = items.as_slice()
                && get == "get"
            {
                out.push(field.clone());
            }
            for item in items {
                fields_of(item, out);
            }
        }
        Value::Object(members) => members.values().for_each(|member| fields_of(member, out)),
        _ => {}
    }
}
