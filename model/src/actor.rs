//! Actors: organisations and places of civic life. Persons are never features.

use serde::{Deserialize, Serialize};

use crate::{ActorId, Ancestors, Instant, LonLat, ThemeSet};

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A not-for-profit association.
    Association,
    /// A company, shop or cooperative.
    Business,
    /// An informal group.
    Group,
    /// A public body or service.
    PublicBody,
    /// A project.
    Project,
    /// A place: garden, library, third place.
    Place,
}

impl ActorKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Association, Self::Business, Self::Group, Self::PublicBody, Self::Project, Self::Place];

    /// The name in files and URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Association => "association",
            Self::Business => "business",
            Self::Group => "group",
            Self::PublicBody => "public_body",
            Self::Project => "project",
            Self::Place => "place",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// How exactly something is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// The coordinates of the source.
    Point,
    /// Found from an address.
    Address,
    /// At the label point of its municipality.
    Municipality,
    /// Nowhere: kept and listed, never drawn on a random spot.
    None,
}

impl Precision {
    /// All of them, the most exact first.
    pub const ALL: [Self; 4] = [Self::Point, Self::Address, Self::Municipality, Self::None];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Address => "address",
            Self::Municipality => "municipality",
            Self::None => "none",
        }
    }
}

/// One actor. Columns: [`crate::field::ACTOR`].
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// `actor:<source>:<key>`.
    pub id: ActorId,
    /// What it is.
    pub kind: ActorKind,
    /// Its name.
    pub name: String,
    /// A few sentences.
    pub description: Option<String>,
    /// Themes, the first leads.
    pub themes: ThemeSet,
    /// Free tags, as written.
    pub tags: Vec<String>,
    /// Web address, http or https.
    pub url: Option<String>,
    /// The organisation's own, where the source publishes it as such.
    pub email: Option<String>,
    /// The organisation's own, international form.
    pub telephone: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// The municipality's official code as the row says it; compared with where the point lies.
    pub municipality_code: Option<String>,
    /// How exactly it is placed.
    pub precision: Precision,
    /// Where.
    pub location: Option<LonLat>,
    /// The units it lies in.
    pub ancestors: Ancestors,
    /// Made up for demonstration.
    pub example: bool,
    /// The id of the source.
    pub source: String,
    /// SPDX identifier.
    pub licence: String,
    /// When the record last changed.
    pub updated: Option<Instant>,
}
