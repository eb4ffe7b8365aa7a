//! Any JSON document of the service as a page: what has no page of its own making is still read without a program.

use serde_json::{Map, Value};

use super::sheet::{Cell, Sheet};
use super::{Lang, Link, Page, format_name};
use crate::http::params::encode;

/// Members that the page tells elsewhere, or that only programs need.
const UNTOLD: [&str; 7] =
    ["title", "description", "links", "$schema", "numberReturned", "timeStamp", "additionalProperties"];

/// Members that name a row, the best first.
const NAMES: [&str; 4] = ["title", "name", "label", "id"];

/// More values than these are a list of their own.
const IN_A_LINE: usize = 4;

/// The page of a document. Its `title` and `description` become heading and lead; members become facts, lists and
/// tables, in their order; `links` come last.
pub(crate) fn document(mut page: Page, body: &Value) -> Sheet {
    let lang = page.lang;
    if let Some(title) = body["title"].as_str() {
        title.clone_into(&mut page.title);
    }
    let root = page.base.clone();
    let mut sheet = Sheet::new(page, body["description"].as_str().unwrap_or_default());
    let none = Map::new();
    let members = body.as_object().unwrap_or(&none);
    let told = members.iter().filter(|(name, _)| !UNTOLD.contains(&name.as_str()));
    let (lines, blocks): (Vec<_>, Vec<_>) = told.partition(|(_, value)| fits_a_line(value));
    if !lines.is_empty() {
        sheet =
            sheet.facts("", lines.into_iter().map(|(name, value)| (label(name, lang), cell(value, lang))).collect());
    }
    for (name, value) in blocks {
        sheet = block(sheet, label(name, lang), value, (lang, &root));
    }
    let more = if lang.is_fr() { "Voir aussi" } else { "See also" };
    sheet.links(more, links(&body["links"], &root))
}

fn fits_a_line(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.len() <= IN_A_LINE && values.iter().all(|v| !v.is_object() && !v.is_array()),
        Value::Object(_) => false,
        _ => true,
    }
}

fn block(sheet: Sheet, title: &str, value: &Value, (lang, root): (Lang, &str)) -> Sheet {
    match value {
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            let rows: Vec<(Option<&str>, &Value)> = rows.iter().map(|row| (None, row)).collect();
            table(sheet, title, &rows, (lang, root))
        }
        Value::Array(values) => {
            let line = |v: &Value| vec![cell(v, lang)];
            sheet.table(title, &[title], values.iter().map(line).collect())
        }
        Value::Object(members) if !members.is_empty() && members.values().all(Value::is_object) => {
            let rows: Vec<(Option<&str>, &Value)> =
                members.iter().map(|(name, row)| (Some(name.as_str()), row)).collect();
            table(sheet, title, &rows, (lang, root))
        }
        Value::Object(members) => {
            sheet.facts(title, members.iter().map(|(name, value)| (label(name, lang), cell(value, lang))).collect())
        }
        other => sheet.facts("", vec![(title, cell(other, lang))]),
    }
}

/// Objects as rows. `rows`: the name of each, where they are members of an object.
fn table(sheet: Sheet, title: &str, rows: &[(Option<&str>, &Value)], (lang, root): (Lang, &str)) -> Sheet {
    let mut columns: Vec<&str> = Vec::new();
    for (_, row) in rows {
        for name in row.as_object().into_iter().flat_map(Map::keys) {
            let known =
                columns.contains(&name.as_str()) || matches!(name.as_str(), "links" | "href" | "extent" | "crs");
            if !known {
                columns.push(name);
            }
        }
    }
    let named = rows.iter().any(|(name, _)| name.is_some());
    if let Some(best) = NAMES.iter().find_map(|n| columns.iter().position(|c| c == n)).filter(|_| !named) {
        let first = columns.remove(best);
        columns.insert(0, first);
    }
    let mut heads: Vec<&str> = columns.iter().map(|c| label(c, lang)).collect();
    if named {
        heads.insert(0, label("name", lang));
    }
    let row = |(name, row): &(Option<&str>, &Value)| {
        let mut cells: Vec<Cell> = columns.iter().map(|c| cell(&row[*c], lang)).collect();
        if let Some(name) = name {
            cells.insert(0, Cell::code(*name));
        }
        if let (Some(href), Some(first)) = (own(row, root), cells.first_mut()) {
            *first = Cell::link(href, first.shown());
        }
        cells
    };
    sheet.table(title, &heads, rows.iter().map(row).collect())
}

/// Where a row leads: what its links say, and a unit to its page.
fn own(row: &Value, root: &str) -> Option<String> {
    let links = row["links"].as_array().map(Vec::as_slice).unwrap_or_default();
    let own = links.iter().find(|l| l["rel"] == "self").and_then(|l| l["href"].as_str());
    if let Some(href) = own.or_else(|| row["href"].as_str()) {
        return Some(href.to_owned());
    }
    let id = row["id"].as_str().filter(|_| row["level"].is_number())?;
    Some(format!("{root}/admin-units/{}", encode(id)))
}

fn links(links: &Value, root: &str) -> Vec<Link> {
    let all = links.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut shown: Vec<Link> = Vec::new();
    for link in all.iter().filter(|l| l["rel"] != "self" && l["rel"] != "alternate") {
        let text = |name: &str| link[name].as_str().unwrap_or_default();
        let (href, media) = (text("href"), text("type"));
        if shown.iter().any(|l| l.href == href) {
            continue;
        }
        let title = if text("title").is_empty() { href } else { text("title") };
        // What people follow is the page, where the service has one; files and foreign pages are as they are.
        let ours = href.starts_with(root);
        let name = if ours && !media.is_empty() && media != "text/html" && media != "application/json" {
            format!("{title} ({})", format_name(media))
        } else {
            title.to_owned()
        };
        shown.push(Link::page(href.to_owned(), name));
    }
    shown
}

fn cell(value: &Value, lang: Lang) -> Cell {
    match value {
        Value::String(text) if text.starts_with("http://") || text.starts_with("https://") => {
            Cell::link(text.as_str(), text.as_str())
        }
        other => Cell::text(text(other, lang)),
    }
}

fn text(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => match (yes, lang.is_fr()) {
            (true, true) => "oui".to_owned(),
            (false, true) => "non".to_owned(),
            (true, false) => "yes".to_owned(),
            (false, false) => "no".to_owned(),
        },
        Value::Number(n) => n.as_u64().map_or_else(|| n.to_string(), |n| lang.number(n)),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().map(|v| text(v, lang)).filter(|t| !t.is_empty()).collect();
            texts.join(if values.iter().any(Value::is_array) { "; " } else { ", " })
        }
        Value::Object(members) => {
            let texts = members.iter().filter(|(name, _)| *name != "links");
            texts.map(|(name, v)| format!("{}: {}", label(name, lang), text(v, lang))).collect::<Vec<_>>().join("; ")
        }
    }
}

/// What people call a member; what has no name keeps its own.
fn label(name: &str, lang: Lang) -> &str {
    let found = LABELS.iter().find(|(member, ..)| *member == name);
    found.map_or(name, |(_, fr, en)| if lang.is_fr() { fr } else { en })
}

#[rustfmt::skip]
const LABELS: &[(&str, &str, &str)] = &[
    ("$id", "Adresse", "Address"),
    ("attribution", "Mention des sources", "Attribution"),
    ("bbox", "Emprise (ouest, sud, est, nord)", "Box (west, south, east, north)"),
    ("bytes", "Octets", "Bytes"),
    ("code", "Code", "Code"),
    ("collections", "Collections", "Collections"),
    ("conformsTo", "Classes de conformité", "Conformance classes"),
    ("count", "Nombre", "Count"),
    ("created", "Créée le", "Created"),
    ("crs", "Systèmes de coordonnées", "Coordinate reference systems"),
    ("current", "En vigueur", "In force"),
    ("description", "Description", "Description"),
    ("detail", "Détail", "Detail"),
    ("downloads", "Fichiers", "Files"),
    ("edition", "Édition", "Edition"),
    ("editions", "Éditions", "Editions"),
    ("enum", "Valeurs", "Values"),
    ("ext", "Format", "Format"),
    ("extent", "Étendue", "Extent"),
    ("format", "Format", "Format"),
    ("id", "Identifiant", "Identifier"),
    ("interval", "Période", "Interval"),
    ("itemCount", "Nombre d’éléments", "Number of items"),
    ("itemType", "Nature", "Kind of items"),
    ("items", "Éléments", "Items"),
    ("label", "Libellé", "Label"),
    ("layers", "Couches", "Layers"),
    ("level", "Niveau", "Level"),
    ("licence", "Licence", "Licence"),
    ("license", "Licence", "Licence"),
    ("maximum", "Au plus", "At most"),
    ("maxzoom", "Zoom le plus grand", "Greatest zoom"),
    ("media_type", "Type de fichier", "Media type"),
    ("minimum", "Au moins", "At least"),
    ("minzoom", "Zoom le plus petit", "Least zoom"),
    ("missing", "Sans valeur", "Without a value"),
    ("name", "Nom", "Name"),
    ("numberMatched", "Nombre", "Number"),
    ("parent", "Édition précédente", "Edition before"),
    ("properties", "Propriétés", "Properties"),
    ("rows", "Lignes", "Rows"),
    ("sha256", "SHA-256", "SHA-256"),
    ("software", "Programme", "Software"),
    ("sources", "Sources", "Sources"),
    ("spatial", "Emprise", "Box"),
    ("storageCrs", "Système de coordonnées du stockage", "Storage CRS"),
    ("subtype", "Type", "Kind"),
    ("temporal", "Période", "Interval"),
    ("territory", "Territoire", "Territory"),
    ("tilesets", "Jeux de tuiles", "Tilesets"),
    ("title", "Titre", "Title"),
    ("type", "Type", "Type"),
    ("units", "Territoires", "Units"),
    ("value", "Valeur", "Value"),
    ("values", "Valeurs", "Values"),
    ("version", "Version", "Version"),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_are_in_order_and_once() {
        assert!(LABELS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn rows_lead_to_themselves_and_values_are_said() {
        let row = json!({ "id": "a", "links": [{ "rel": "self", "href": "http://h/a" }] });
        assert_eq!(own(&row, "").as_deref(), Some("http://h/a"));
        assert_eq!(own(&json!({ "href": "http://h/b" }), "").as_deref(), Some("http://h/b"));
        let unit = json!({ "id": "region:04", "level": 2 });
        assert_eq!(own(&unit, "http://h/carto").as_deref(), Some("http://h/carto/admin-units/region:04"));
        assert_eq!(text(&json!([1, null, "x"]), Lang::En), "1, x");
        assert_eq!(text(&json!([[1, 2], [3, 4]]), Lang::En), "1, 2; 3, 4");
        assert_eq!(text(&json!(true), Lang::Fr), "oui");
        assert_eq!(text(&json!(12345), Lang::En), "12,345");
        assert_eq!(label("nothing", Lang::Fr), "nothing");
    }

    #[test]
    fn links_are_shown_once_and_name_their_format() {
        let all = json!([
            { "rel": "self", "href": "http://h/x" },
            { "rel": "items", "href": "http://h/i?f=csv", "type": "text/csv", "title": "Items" },
            { "rel": "data", "href": "http://h/c", "type": "application/json", "title": "Collections" },
            { "rel": "http://www.opengis.net/def/rel/ogc/1.0/data", "href": "http://h/c", "type": "application/json", "title": "Collections" },
        ]);
        let shown: Vec<String> = links(&all, "http://h").into_iter().map(|l| l.text).collect();
        assert_eq!(shown, ["Items (CSV)", "Collections"]);
    }
}
