//! `/collections` and `/collections/{collection}`.

use axum::response::Response;
use parvis_model::source::{licence_name, licence_url};
use parvis_model::{Collection, Crs};
use serde_json::{Value, json};

use super::{GEOJSON, GEOJSONSEQ, JSON, SCHEMA, collection, collection_tiles, ogc};
use crate::http::answer::Asked;
use crate::http::bundle::Bundle;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::html::Lang;
use crate::http::router::Segments;

/// `GET /collections`.
pub(crate) async fn list(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f", "lang"])?;
    let form = Form::of(&asked, &params)?;
    let scope = asked.scope(&params).await?;
    let lang = form.spoken.lang;
    let described: Vec<Value> =
        Collection::ALL.into_iter().filter_map(|c| describe(&asked, &scope.bundle, c, lang)).collect();
    let body = json!({
        "links": [
            asked.link("self", JSON, "/collections", "The collections"),
            asked.link("alternate", "text/html", "/collections?f=html", "The collections, for people"),
        ],
        "numberMatched": described.len(),
        "numberReturned": described.len(),
        "collections": described,
    });
    form.send(asked, &params, &scope, (JSON, lang.text().data), move || Ok(body)).await
}

/// `GET /collections/{collection}`.
pub(crate) async fn one(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let params = asked.params(&["edition", "f", "lang"])?;
    let form = Form::of(&asked, &params)?;
    let collection = collection(&name)?;
    let scope = asked.scope(&params).await?;
    let lang = form.spoken.lang;
    let body = describe(&asked, &scope.bundle, collection, lang)
        .ok_or_else(|| ApiError::NotFound(format!("this edition has no {collection}")))?;
    form.send(asked, &params, &scope, (JSON, collection.title(lang.is_fr())), move || Ok(body)).await
}

/// A collection as OGC API Features describes it; `None` when the edition lacks it.
fn describe(asked: &Asked, bundle: &Bundle, collection: Collection, lang: Lang) -> Option<Value> {
    let entry = bundle.manifest().collection(collection)?;
    let name = collection.name();
    let path = format!("/collections/{name}");
    let mut links = vec![
        asked.link("self", JSON, &path, "This collection"),
        asked.link("alternate", "text/html", &format!("{path}?f=html"), "This collection, for people"),
        asked.link("items", GEOJSON, &format!("{path}/items?f=json"), "Its features, GeoJSON"),
        asked.link(collection_tiles::TILESETS, JSON, &format!("{path}/tiles"), "Its vector tiles"),
        asked.link("items", "text/csv", &format!("{path}/items?f=csv"), "Its features, CSV"),
        asked.link(
            "items",
            GEOJSONSEQ,
            &format!("{path}/items?f=geojsonseq"),
            "Its features, a GeoJSON Feature a line",
        ),
        asked.link(&ogc("queryables"), SCHEMA, &format!("{path}/queryables"), "What a filter can name"),
        asked.link(&ogc("schema"), SCHEMA, &format!("{path}/schema"), "What its features hold"),
        asked.link(&ogc("sortables"), SCHEMA, &format!("{path}/sortables"), "What its features can be sorted by"),
    ];
    for part in bundle.snapshot().edition().downloads().filter(|p| p.name == name) {
        let href = format!("/downloads/{name}.{}", part.ext);
        let mut link = asked.link("enclosure", &part.media_type, &href, &format!("All of it, {}", part.ext));
        link["length"] = part.bytes.into();
        links.push(link);
    }
    for licence in &entry.licences {
        if let Some(url) = licence_url(licence) {
            links.push(json!({"rel": "license", "href": url, "title": licence_name(licence)}));
        }
    }
    let bbox = entry.bbox.map_or_else(|| json!([[-180, -90, 180, 90]]), |b| json!([b.to_array()]));
    let mut extent = json!({ "spatial": { "bbox": bbox, "crs": Crs::CRS84_URI } });
    if let Some([from, to]) = entry.interval {
        let interval = json!([[from.to_string(), to.to_string()]]);
        let trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
        extent["temporal"] = json!({ "interval": interval, "trs": trs });
    }
    Some(json!({
        "id": name,
        "title": collection.title(lang.is_fr()),
        "description": if lang.is_fr() { description_fr(collection) } else { description(collection) },
        "attribution": entry.attribution,
        "license": entry.licences.join(" AND "),
        "extent": extent,
        "itemType": "feature",
        "crs": asked.state.crs().uris().collect::<Vec<_>>(),
        "storageCrs": Crs::CRS84_URI,
        "itemCount": entry.rows,
        "links": links,
    }))
}

const fn description(collection: Collection) -> &'static str {
    match collection {
        Collection::Countries => "Level 1: countries, and overseas collectivities with a code of their own.",
        Collection::Regions => "Level 2: regions.",
        Collection::Departments => "Level 3: departments.",
        Collection::Intercommunalities => "Level 4: intercommunalities (EPCI).",
        Collection::Municipalities => "Level 5: municipalities.",
        Collection::Neighbourhoods => "Level 6: arrondissements and delegated or associated communes, neighbourhoods.",
        Collection::Actors => "Organisations and places of civic life. Rows with `example` are made up.",
        Collection::Events => "Occurrences of events; a series gives several. Rows with `example` are made up.",
    }
}

const fn description_fr(collection: Collection) -> &'static str {
    match collection {
        Collection::Countries => "Niveau 1 : pays, et collectivités d’outre-mer qui ont leur propre code.",
        Collection::Regions => "Niveau 2 : régions.",
        Collection::Departments => "Niveau 3 : départements.",
        Collection::Intercommunalities => "Niveau 4 : intercommunalités (EPCI).",
        Collection::Municipalities => "Niveau 5 : communes.",
        Collection::Neighbourhoods => "Niveau 6 : arrondissements, communes déléguées ou associées, quartiers.",
        Collection::Actors => "Organismes et lieux de la vie civique. Les lignes marquées `example` sont inventées.",
        Collection::Events => {
            "Dates d’événements ; une série en donne plusieurs. Les lignes marquées `example` sont inventées."
        }
    }
}
