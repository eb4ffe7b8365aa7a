//! Search over the names of units, postal codes, actors and events: beginnings of words, small typing errors.

mod build;
mod index;
mod words;

pub(crate) use index::SearchIndex;

use parvis_model::{AdminLevel, Bbox};
use serde::Serialize;

use index::Score;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// An admin unit.
    Unit,
    /// A postal code.
    Postcode,
    /// An actor.
    Actor,
    /// An event.
    Event,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: HitKind,
    /// Its id; of a postal code the code.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What tells it from others of the name: the department of a municipality, the municipality of an actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The level of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<AdminLevel>,
    /// The code of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Where, degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Where, degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Box of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bbox: Option<Bbox>,
}

impl Hit {
    pub(crate) fn new(kind: HitKind, id: &str, name: &str) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            name: name.to_owned(),
            detail: None,
            level: None,
            code: None,
            lon: None,
            lat: None,
            bbox: None,
        }
    }
}

/// What a search gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchResults {
    /// The best of all types.
    pub best: Vec<Hit>,
    /// The best of each type, the type of the best first.
    pub groups: Vec<(HitKind, Vec<Hit>)>,
}

/// What an entry of the index stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    /// The number of a unit.
    Unit(u32),
    /// The place of a postal code in their order.
    Postcode(u32),
    /// The position of an actor.
    Actor(u32),
    /// The position of an event.
    Event(u32),
}

impl Target {
    fn kind(self) -> HitKind {
        match self {
            Self::Unit(_) => HitKind::Unit,
            Self::Postcode(_) => HitKind::Postcode,
            Self::Actor(_) => HitKind::Actor,
            Self::Event(_) => HitKind::Event,
        }
    }
}

/// Things found, the best first, at most so many of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found(Vec<(Score, Target)>);

impl Found {
    /// The best of all kinds.
    pub(crate) fn best(&self, limit: usize) -> impl Iterator<Item = Target> + '_ {
        self.0.iter().map(|(_, target)| *target).take(limit)
    }

    /// The best of every kind, the kind of the best thing first.
    pub(crate) fn by_kind(&self) -> Vec<(HitKind, Vec<Target>)> {
        let mut groups: Vec<(HitKind, Vec<Target>)> = Vec::new();
        for (_, target) in &self.0 {
            match groups.iter_mut().find(|(kind, _)| *kind == target.kind()) {
                Some((_, group)) => group.push(*target),
                None => groups.push((target.kind(), vec![*target])),
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests;
