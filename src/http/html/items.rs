//! A page of items as a table.

use askama::Template;
use parvis_model::Collection;
use serde_json::Value;

use super::{Lang, Page, Text, labels};
use crate::http::params::encode;

/// What a column shows and what it is called.
type Column = (&'static str, fn(&Text) -> &'static str);

/// The columns, by property; those that a collection lacks are left out.
const COLUMNS: [Column; 8] = [
    ("kind", |t| t.kind),
    ("subtype", |t| t.kind),
    ("code", |t| t.code),
    ("themes", |t| t.themes),
    ("start", |t| t.begins),
    ("address", |t| t.address),
    ("postcode", |t| t.postcode),
    ("population", |t| t.population),
];

/// One item of the table.
#[derive(Debug)]
pub(crate) struct Line {
    href: String,
    name: String,
    example: bool,
    cells: Vec<String>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "items.html")]
pub(crate) struct Items {
    page: Page,
    heads: Vec<&'static str>,
    lines: Vec<Line>,
    counted: String,
    next: Option<String>,
}

impl Items {
    /// `features`: stored GeoJSON Features; `links`: those of the page, as OGC wants them.
    pub(crate) fn new(page: Page, collection: Collection, features: &[Vec<u8>], matched: u64, links: &Value) -> Self {
        let fields = collection.fields();
        let columns: Vec<Column> =
            COLUMNS.into_iter().filter(|(name, _)| fields.iter().any(|f| f.name == *name)).collect();
        let line = |feature: &Vec<u8>| {
            let feature: Value = serde_json::from_slice(feature).unwrap_or_default();
            let properties = &feature["properties"];
            let id = encode(feature["id"].as_str().unwrap_or_default());
            Line {
                href: page.to(&format!("/collections/{collection}/items/{id}")),
                name: cell("name", &properties["name"], page.lang),
                example: properties["example"] == true,
                cells: columns.iter().map(|(name, _)| cell(name, &properties[*name], page.lang)).collect(),
            }
        };
        let lines: Vec<Line> = features.iter().map(line).collect();
        let counted =
            format!("{} {} {}", page.lang.number(lines.len() as u64), page.t.of_matched, page.lang.number(matched));
        let all = links.as_array().map(Vec::as_slice).unwrap_or_default();
        let next = all.iter().find(|l| l["rel"] == "next").and_then(|l| l["href"].as_str()).map(str::to_owned);
        let heads = columns.iter().map(|(_, title)| title(page.t)).collect();
        Self { page, heads, lines, counted, next }
    }
}

fn cell(name: &str, value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(code) if name == "themes" => {
            labels::theme_of(code).map_or(code.as_str(), |theme| labels::theme(theme, lang)).to_owned()
        }
        Value::String(code) if name == "kind" || name == "subtype" => labels::kind(code, lang).to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(|v| cell(name, v, lang)).collect::<Vec<_>>().join(", "),
        Value::Number(n) if n.is_u64() => lang.number(n.as_u64().unwrap_or_default()),
        other => other.to_string(),
    }
}
