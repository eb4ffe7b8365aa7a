//! Administrative units.

use std::collections::BTreeMap;

use geo_types::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::{AdminLevel, LonLat, UnitId};

/// How far a unit's boundary can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitStatus {
    /// Every member is there and every ring closes by node id.
    Complete,
    /// Closed after a repair that the report names.
    Repaired,
    /// Dissolved from its members.
    Derived,
    /// Ways, nodes or ring ends are missing; has no geometry in tiles.
    Incomplete,
    /// The geometry cannot be a boundary; has none in tiles.
    Invalid,
    /// Named by the nomenclature, without any boundary.
    Missing,
}

impl UnitStatus {
    /// All, best first.
    pub const ALL: [Self; 6] =
        [Self::Complete, Self::Repaired, Self::Derived, Self::Incomplete, Self::Invalid, Self::Missing];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Repaired => "repaired",
            Self::Derived => "derived",
            Self::Incomplete => "incomplete",
            Self::Invalid => "invalid",
            Self::Missing => "missing",
        }
    }

    /// Whether units of this status have a geometry that is served.
    pub const fn has_boundary(self) -> bool {
        matches!(self, Self::Complete | Self::Repaired | Self::Derived)
    }
}

/// What kind of unit it is, where a level has several: free text from the country's rules,
/// such as `arrondissement_municipal`, `commune_deleguee`, `commune_associee`, `quartier`, `CC`, `metropole`.
pub type Subtype = String;

/// The ids of the units above one, by level; its own level is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ancestors([Option<UnitId>; 6]);

impl Ancestors {
    /// The ancestor of a level.
    pub fn get(&self, level: AdminLevel) -> Option<&UnitId> {
        self.0[level.index()].as_ref()
    }

    /// Sets or clears the ancestor of a level.
    pub fn set(&mut self, level: AdminLevel, id: Option<UnitId>) {
        self.0[level.index()] = id;
    }

    /// All ancestors, strongest first.
    pub fn iter(&self) -> impl Iterator<Item = &UnitId> {
        self.0.iter().flatten()
    }

    /// The nearest ancestor that is a rung (never an intercommunality) above `level`.
    pub fn parent_of(&self, level: AdminLevel) -> Option<&UnitId> {
        AdminLevel::ALL[..level.index()].iter().rev().filter(|l| l.is_rung()).find_map(|l| self.get(*l))
    }
}

/// One administrative unit. Column names: DESIGN 2; see [`crate::field::UNIT`].
#[derive(Debug, Clone, PartialEq)]
pub struct AdminUnit {
    /// `municipality:97411`.
    pub id: UnitId,
    /// Its rank.
    pub level: AdminLevel,
    /// Its kind, where the level has several.
    pub subtype: Option<Subtype>,
    /// The official code, `97411`; empty when the unit has none.
    pub code: String,
    /// The name on the spot.
    pub name: String,
    /// In French, where it differs or is known.
    pub name_fr: Option<String>,
    /// In English, where it differs or is known.
    pub name_en: Option<String>,
    /// Other languages, by the suffix of `name:<lang>`.
    pub names: BTreeMap<String, String>,
    /// The units above.
    pub ancestors: Ancestors,
    /// The unit directly above; for a nested neighbourhood another neighbourhood.
    pub parent_id: Option<UnitId>,
    /// The unit of another level with the same territory (`region:04` and `department:974`).
    pub same_territory_as: Option<UnitId>,
    /// Postal codes, sorted.
    pub postcodes: Vec<String>,
    /// Inhabitants.
    pub population: Option<u64>,
    /// Area on the ellipsoid, square kilometres.
    pub area_km2: Option<f64>,
    /// SIREN number of the body that governs it.
    pub siren: Option<String>,
    /// Wikidata item, `Q47045`.
    pub wikidata: Option<String>,
    /// `r<relation>`.
    pub osm_id: Option<String>,
    /// How far the boundary can be trusted.
    pub status: UnitStatus,
    /// The day the boundary describes, ISO date.
    pub valid_at: Option<String>,
    /// The id of the source.
    pub source: String,
    /// SPDX identifier.
    pub licence: String,
    /// A place inside the largest part, for labels and search.
    pub label: Option<LonLat>,
    /// The boundary in CRS84, outer rings counter-clockwise; only when [`UnitStatus::has_boundary`].
    pub geometry: Option<MultiPolygon<f64>>,
}

impl AdminUnit {
    /// The name in a language (`fr`, `en`, `br`, `zh-Hant`) that the source gives.
    pub fn name_in(&self, language: &str) -> Option<&str> {
        match language {
            "fr" => self.name_fr.as_deref(),
            "en" => self.name_en.as_deref(),
            other => self.names.get(other).map(String::as_str),
        }
    }

    /// A unit with nothing but its names: the rest is filled by whoever knows it.
    pub fn new(level: AdminLevel, code: &str, name: &str) -> Self {
        Self {
            id: UnitId::new(level, code),
            level,
            subtype: None,
            code: code.to_owned(),
            name: name.to_owned(),
            name_fr: None,
            name_en: None,
            names: BTreeMap::new(),
            ancestors: Ancestors::default(),
            parent_id: None,
            same_territory_as: None,
            postcodes: Vec::new(),
            population: None,
            area_km2: None,
            siren: None,
            wikidata: None,
            osm_id: None,
            status: UnitStatus::Missing,
            valid_at: None,
            source: String::new(),
            licence: String::new(),
            label: None,
            geometry: None,
        }
    }
}
