//! A page of items as a table, for people.

use std::fmt::Write;

use parvis_model::Collection;
use serde_json::Value;

use super::page::{escape, page};
use crate::http::params::encode;

/// The columns, by property; those that a collection lacks are left out.
const COLUMNS: [(&str, &str); 8] = [
    ("kind", "Kind"),
    ("subtype", "Kind"),
    ("code", "Code"),
    ("themes", "Themes"),
    ("start", "Begins (UTC)"),
    ("address", "Address"),
    ("postcode", "Postal code"),
    ("population", "Inhabitants"),
];

/// The page. `features`: stored GeoJSON Features; `links`: those of the page.
pub(crate) fn table(collection: Collection, features: &[Vec<u8>], matched: u64, links: &Value) -> String {
    let fields = collection.fields();
    let columns: Vec<_> = COLUMNS.iter().filter(|(name, _)| fields.iter().any(|f| f.name == *name)).collect();
    let heads: Vec<String> = columns.iter().map(|(_, title)| format!("<th>{title}</th>")).collect();
    let mut body = format!(
        "<p>{} of {matched}{}</p>\n<table>\n<tr><th>Name</th>{}</tr>\n",
        features.len(),
        anchors(links),
        heads.concat()
    );
    for feature in features {
        let feature: Value = serde_json::from_slice(feature).unwrap_or_default();
        let properties = &feature["properties"];
        let href = format!("{}/{}?f=json", own(links, collection), encode(feature["id"].as_str().unwrap_or_default()));
        let example = if properties["example"] == true { " <small>(example)</small>" } else { "" };
        let cells: Vec<String> =
            columns.iter().map(|(name, _)| format!("<td>{}</td>", cell(&properties[*name]))).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            body,
            "<tr><td><a href=\"{}\">{}</a>{example}</td>{}</tr>",
            escape(&href),
            cell(&properties["name"]),
            cells.concat()
        );
    }
    body.push_str("</table>");
    page(collection.title(false), &body)
}

/// The other formats and the next page.
fn anchors(links: &Value) -> String {
    let all = links.as_array().map(Vec::as_slice).unwrap_or_default();
    let wanted = all.iter().filter(|l| matches!(l["rel"].as_str(), Some("alternate" | "next")));
    let anchor = |l: &Value| {
        let text = |name: &str| escape(l[name].as_str().unwrap_or_default());
        format!(" · <a href=\"{}\">{}</a>", text("href"), text("title"))
    };
    wanted.map(anchor).collect::<Vec<_>>().concat()
}

/// The address of the items, from the page's own.
fn own(links: &Value, collection: Collection) -> String {
    let href = links[0]["href"].as_str().unwrap_or_default();
    let path = href.split('?').next().unwrap_or_default();
    if path.is_empty() { format!("/collections/{collection}/items") } else { path.to_owned() }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escape(text),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => escape(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_from_data_are_text() {
        let feature = json!({
            "id": "actor:x:1",
            "properties": { "name": "<img src=x onerror=alert(1)>", "kind": "place", "themes": ["food"], "example": true },
        })
        .to_string();
        let links = json!([{ "rel": "self", "href": "http://h/carto/collections/actors/items?f=html" }]);
        let html = table(Collection::Actors, &[feature.into_bytes()], 1, &links);
        assert!(!html.contains("<img"));
        assert!(html.contains("href=\"http://h/carto/collections/actors/items/actor:x:1?f=json\""));
        assert!(html.contains("(example)") && html.contains("<td>food</td>"));
    }
}
