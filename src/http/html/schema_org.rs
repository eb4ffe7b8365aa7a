//! What a page is about, as schema.org JSON-LD.

use parvis_model::{AdminLevel, Collection};
use parvis_store::UnitRecord;
use serde_json::{Map, Value, json};

use super::Page;
use super::safe::web_link;
use super::when::When;

/// Of an actor or event. `feature`: its GeoJSON; `locality`: the name of its municipality.
pub(crate) fn item(page: &Page, collection: Collection, feature: &Value, when: Option<&When>, locality: &str) -> Value {
    let properties = &feature["properties"];
    let text = |name: &str| properties[name].as_str().filter(|text| !text.is_empty());
    let mut out = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() {
            out.insert(name.to_owned(), value);
        }
    };
    set("@context", json!("https://schema.org"));
    set("@type", json!(kind(collection, text("kind").unwrap_or_default())));
    set("@id", json!(page.canonical));
    set("identifier", json!(feature["id"]));
    set("name", json!(text("name")));
    set("description", json!(text("description")));
    set("url", json!(text("url").and_then(web_link).unwrap_or(&page.canonical)));
    let place = place(properties, locality);
    if collection == Collection::Events {
        set("startDate", json!(when.map(|w| &w.start)));
        set("endDate", json!(when.map(|w| &w.end)));
        let state = match text("status") {
            Some("cancelled") => "https://schema.org/EventCancelled",
            _ => "https://schema.org/EventScheduled",
        };
        set("eventStatus", json!(state));
        set("location", json!(place));
    } else {
        set("email", json!(text("email")));
        set("telephone", json!(text("telephone")));
        if let Some(place) = place {
            set("address", place["address"].clone());
            // An organisation has no coordinates of its own; the place where it is has.
            set("location", place);
        }
    }
    Value::Object(out)
}

/// Of an admin unit.
pub(crate) fn unit(page: &Page, unit: &UnitRecord, parent: Option<&UnitRecord>) -> Value {
    let kind = match unit.level {
        AdminLevel::Country => "Country",
        _ => "AdministrativeArea",
    };
    let mut out = json!({
        "@context": "https://schema.org",
        "@type": kind,
        "@id": page.canonical,
        "identifier": unit.id,
        "name": unit.name_in(page.lang.code()),
        "url": page.canonical,
    });
    if let Some(parent) = parent {
        out["containedInPlace"] = json!({
            "@type": "AdministrativeArea",
            "@id": format!("{}/admin-units/{}", page.base, crate::http::params::encode(parent.id.as_str())),
            "name": parent.name_in(page.lang.code()),
        });
    }
    if let Some(at) = unit.label {
        out["geo"] = json!({ "@type": "GeoCoordinates", "latitude": at.lat(), "longitude": at.lon() });
    }
    out
}

const fn kind(collection: Collection, kind: &str) -> &'static str {
    match (collection, kind.as_bytes()) {
        (Collection::Events, b"festival") => "Festival",
        (Collection::Events, b"exhibition") => "ExhibitionEvent",
        (Collection::Events, b"concert") => "MusicEvent",
        (Collection::Events, b"course" | b"workshop") => "EducationEvent",
        (Collection::Events, b"film") => "ScreeningEvent",
        (Collection::Events, _) => "Event",
        (_, b"business") => "LocalBusiness",
        (_, b"public_body") => "GovernmentOrganization",
        (_, b"place") => "Place",
        _ => "Organization",
    }
}

fn place(properties: &Value, locality: &str) -> Option<Value> {
    let text = |name: &str| properties[name].as_str().filter(|text| !text.is_empty());
    let point = properties["lon"].as_f64().zip(properties["lat"].as_f64());
    if point.is_none() && locality.is_empty() {
        return None;
    }
    let mut address = json!({ "@type": "PostalAddress", "addressLocality": locality });
    let country = text("country_id").and_then(|id| id.strip_prefix("country:"));
    for (name, value) in
        [("streetAddress", text("address")), ("postalCode", text("postcode")), ("addressCountry", country)]
    {
        if let Some(value) = value {
            address[name] = value.into();
        }
    }
    let mut place = json!({ "@type": "Place", "address": address });
    // The centre of a municipality is not where something is.
    if let Some((lon, lat)) = point.filter(|_| matches!(text("precision"), Some("point" | "address"))) {
        place["geo"] = json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon });
    }
    Some(place)
}
