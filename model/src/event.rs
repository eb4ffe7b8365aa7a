//! Events: one occurrence each.

use serde::{Deserialize, Serialize};

use crate::{ActorId, Ancestors, EventId, Instant, LonLat, Precision, ThemeSet};

macro_rules! kinds {
    ($($variant:ident $name:literal $doc:literal),* $(,)?) => {
        /// What an event is: the sixteen types of the platform.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum EventKind {
            $(#[doc = $doc] #[serde(rename = $name)] $variant),*
        }

        impl EventKind {
            /// All kinds.
            pub const ALL: [Self; 16] = [$(Self::$variant),*];

            /// The name in files and URLs.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

kinds! {
    Competition "competition" "Competition.",
    Concert "concert" "Concert.",
    Contest "contest" "Contest.",
    Exhibition "exhibition" "Exhibition.",
    Festival "festival" "Festival.",
    GetTogether "getTogether" "Getting together.",
    Market "market" "Market.",
    Meeting "meeting" "Meeting.",
    Course "course" "Course.",
    Workshop "workshop" "Workshop.",
    Conference "conference" "Conference.",
    Debate "debate" "Debate.",
    Film "film" "Film.",
    Stand "stand" "Stand.",
    Crowdfunding "crowdfunding" "Crowdfunding.",
    Others "others" "Anything else.",
}

impl EventKind {
    /// The kind of a name; takes the platform's older spellings `concours`, `exposition`, `nacelle` too.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "concours" => Some(Self::Contest),
            "exposition" => Some(Self::Exhibition),
            "nacelle" => Some(Self::Others),
            _ => Self::ALL.into_iter().find(|k| k.name().eq_ignore_ascii_case(name)),
        }
    }
}

/// Whether an event takes place (iCalendar STATUS, RFC 5545 section 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// It does.
    Confirmed,
    /// It may.
    Tentative,
    /// It does not.
    Cancelled,
}

impl EventStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Tentative, Self::Cancelled];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Tentative => "tentative",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One occurrence. Columns: [`crate::field::EVENT`].
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `event:<source>:<key>@<start UTC>`.
    pub id: EventId,
    /// What it is.
    pub kind: EventKind,
    /// Its title.
    pub name: String,
    /// A few sentences.
    pub description: Option<String>,
    /// Themes, the first leads.
    pub themes: ThemeSet,
    /// Free tags, as written.
    pub tags: Vec<String>,
    /// Web address, http or https.
    pub url: Option<String>,
    /// Where, in words.
    pub address: Option<String>,
    /// Postal code.
    pub postcode: Option<String>,
    /// The municipality's official code as the source says it.
    pub municipality_code: Option<String>,
    /// How exactly it is placed.
    pub precision: Precision,
    /// Where.
    pub location: Option<LonLat>,
    /// The units it lies in.
    pub ancestors: Ancestors,
    /// The same for all occurrences of one series.
    pub series_id: Option<String>,
    /// Begins.
    pub start: Instant,
    /// Ends (exclusive); equals `start` for an event without duration.
    pub end: Instant,
    /// IANA time zone of the place, `Indian/Reunion`.
    pub timezone: String,
    /// From local midnight to local midnight.
    pub all_day: bool,
    /// Whether it takes place.
    pub status: EventStatus,
    /// Who organises it.
    pub organizer_id: Option<ActorId>,
    /// Made up for demonstration.
    pub example: bool,
    /// The id of the source.
    pub source: String,
    /// SPDX identifier.
    pub licence: String,
    /// When the record last changed.
    pub updated: Option<Instant>,
}
