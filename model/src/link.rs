//! Typed relations between units, actors and events.

use serde::{Deserialize, Serialize};

/// What ties two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// An actor is a member of another.
    MemberOf,
    /// An actor organises an event.
    Organizes,
    /// An actor contributes to a project.
    ContributesTo,
    /// An actor or event is above another.
    ParentOf,
    /// Something lies in a unit or place.
    LocatedIn,
    /// Two records are about the same thing.
    SameAs,
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 6] =
        [Self::MemberOf, Self::Organizes, Self::ContributesTo, Self::ParentOf, Self::LocatedIn, Self::SameAs];

    /// The name in files and URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MemberOf => "member_of",
            Self::Organizes => "organizes",
            Self::ContributesTo => "contributes_to",
            Self::ParentOf => "parent_of",
            Self::LocatedIn => "located_in",
            Self::SameAs => "same_as",
        }
    }

    /// The relation of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// A relation from one id to another, as a source states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// Who or what.
    pub from_id: String,
    /// To whom or what.
    pub to_id: String,
    /// How.
    pub relation: Relation,
    /// The id of the source.
    pub source: String,
}
