//! Where records come from.

use serde::{Deserialize, Serialize};

/// A source: who made the data, under which licence, as of when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Short name, `[a-z0-9-]+`: part of the ids of its records.
    pub id: String,
    /// The reader: `osm-pbf`, `nomenclature`, `table`, `ical`, `communecter`, `links`.
    pub reader: String,
    /// Who publishes it, as it must be named: `IGN, INSEE`.
    pub producer: String,
    /// SPDX identifier of the licence: `etalab-2.0`, `ODbL-1.0`.
    pub licence: String,
    /// Where it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was taken or made, ISO date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The day the data describes, ISO date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_at: Option<String>,
    /// Whether its records are made up for demonstration.
    #[serde(default)]
    pub example: bool,
}

impl Source {
    /// The line that maps and files carry: `IGN, INSEE, 2024-01-01, etalab-2.0`.
    pub fn attribution(&self) -> String {
        let date = self.valid_at.as_deref().or(self.date.as_deref());
        [Some(self.producer.as_str()), date, Some(licence_name(&self.licence))]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The name people know a licence by.
pub fn licence_name(spdx: &str) -> &str {
    match spdx {
        "etalab-2.0" => "Licence Ouverte 2.0",
        "ODbL-1.0" => "ODbL 1.0",
        "CC0-1.0" => "CC0 1.0",
        "CC-BY-4.0" => "CC BY 4.0",
        other => other,
    }
}

/// The address of a licence's text; `None` for one we do not know.
pub fn licence_url(spdx: &str) -> Option<&'static str> {
    match spdx {
        "etalab-2.0" => Some("https://www.etalab.gouv.fr/licence-ouverte-open-licence/"),
        "ODbL-1.0" => Some("https://opendatacommons.org/licenses/odbl/1-0/"),
        "CC0-1.0" => Some("https://creativecommons.org/publicdomain/zero/1.0/"),
        "CC-BY-4.0" => Some("https://creativecommons.org/licenses/by/4.0/"),
        _ => None,
    }
}
