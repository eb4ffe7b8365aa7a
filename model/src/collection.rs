//! The eight collections, as in OGC API.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AdminLevel, Field, field};

/// A collection: the units of one level, the actors, or the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collection {
    /// Level 1.
    Countries,
    /// Level 2.
    Regions,
    /// Level 3.
    Departments,
    /// Level 4.
    Intercommunalities,
    /// Level 5.
    Municipalities,
    /// Level 6.
    Neighbourhoods,
    /// Organisations and places of civic life.
    Actors,
    /// Occurrences: one row each, a recurring series gives several.
    Events,
}

impl Collection {
    /// All collections, in the order they are listed.
    pub const ALL: [Self; 8] = [
        Self::Countries,
        Self::Regions,
        Self::Departments,
        Self::Intercommunalities,
        Self::Municipalities,
        Self::Neighbourhoods,
        Self::Actors,
        Self::Events,
    ];

    /// The name in URLs, files and tile layers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Countries => "countries",
            Self::Regions => "regions",
            Self::Departments => "departments",
            Self::Intercommunalities => "intercommunalities",
            Self::Municipalities => "municipalities",
            Self::Neighbourhoods => "neighbourhoods",
            Self::Actors => "actors",
            Self::Events => "events",
        }
    }

    /// The collection of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }

    /// The level, for the six collections of units.
    pub fn level(self) -> Option<AdminLevel> {
        AdminLevel::ALL.get(self as usize).copied()
    }

    /// The columns, in order; the same in Parquet, GeoJSON, CSV and FlatGeobuf.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Actors => field::ACTOR,
            Self::Events => field::EVENT,
            _ => field::UNIT,
        }
    }

    /// The French and English title.
    pub const fn title(self, lang_fr: bool) -> &'static str {
        match (self, lang_fr) {
            (Self::Countries, true) => "Pays",
            (Self::Countries, false) => "Countries",
            (Self::Regions, true) => "Régions",
            (Self::Regions, false) => "Regions",
            (Self::Departments, true) => "Départements",
            (Self::Departments, false) => "Departments",
            (Self::Intercommunalities, true) => "Intercommunalités",
            (Self::Intercommunalities, false) => "Intercommunalities",
            (Self::Municipalities, true) => "Communes",
            (Self::Municipalities, false) => "Municipalities",
            (Self::Neighbourhoods, true) => "Quartiers",
            (Self::Neighbourhoods, false) => "Neighbourhoods",
            (Self::Actors, true) => "Acteurs",
            (Self::Actors, false) => "Actors",
            (Self::Events, true) => "Événements",
            (Self::Events, false) => "Events",
        }
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
