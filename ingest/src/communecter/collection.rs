//! The platform's collections: which of them give actors or events, and how a record says where it belongs.

use serde_json::Value;

use super::value::Object;

/// A collection of the platform, as far as this reader tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlatformCollection {
    /// Associations, businesses, groups, public bodies.
    Organizations,
    /// Projects.
    Projects,
    /// Events.
    Events,
    /// Points of interest.
    Poi,
    /// Third places and their like.
    Places,
    /// Persons, who are never features.
    Citoyens,
    /// One that holds neither actors nor events: news, cities, zones, classifieds.
    Unread,
}

/// What a configuration can name; the names are the platform's.
const NAMES: [(&str, PlatformCollection); 18] = [
    ("organizations", PlatformCollection::Organizations),
    ("projects", PlatformCollection::Projects),
    ("events", PlatformCollection::Events),
    ("poi", PlatformCollection::Poi),
    ("places", PlatformCollection::Places),
    ("citoyens", PlatformCollection::Citoyens),
    ("news", PlatformCollection::Unread),
    ("cities", PlatformCollection::Unread),
    ("zones", PlatformCollection::Unread),
    ("classified", PlatformCollection::Unread),
    ("classifieds", PlatformCollection::Unread),
    ("ressources", PlatformCollection::Unread),
    ("products", PlatformCollection::Unread),
    ("services", PlatformCollection::Unread),
    ("circuits", PlatformCollection::Unread),
    ("needs", PlatformCollection::Unread),
    ("network", PlatformCollection::Unread),
    ("translate", PlatformCollection::Unread),
];

/// Words of records that mean a collection besides its name: `typeSig` of searches, `@type` of the API.
const WORDS: [(&str, PlatformCollection); 10] = [
    ("organization", PlatformCollection::Organizations),
    ("project", PlatformCollection::Projects),
    ("event", PlatformCollection::Events),
    ("place", PlatformCollection::Places),
    ("citoyen", PlatformCollection::Citoyens),
    ("citizen", PlatformCollection::Citoyens),
    ("citizens", PlatformCollection::Citoyens),
    ("person", PlatformCollection::Citoyens),
    ("persons", PlatformCollection::Citoyens),
    ("people", PlatformCollection::Citoyens),
];

/// What only the account of a person has.
const OF_PERSONS: [&str; 3] = ["username", "birthDate", "pwd"];

impl PlatformCollection {
    /// The collections that give records, as error messages list them.
    pub const READ: &str = "organizations, projects, events, poi and places";

    /// The collection of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(n, _)| *n == name).map(|(_, collection)| *collection)
    }

    /// The collection that a word of a record means, in any case.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        let word = word.trim();
        let mut known = NAMES.iter().chain(&WORDS);
        known.find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, collection)| *collection)
    }

    /// The collection of a record: what it says itself, else `stated` for its file; a person by any sign at all.
    pub(super) fn of(record: &Object, stated: Option<Self>) -> Option<Self> {
        let word = |name: &str| record.get(name).and_then(Value::as_str).and_then(Self::from_word);
        let said = ["collection", "typeSig", "@type"].map(word);
        let person = stated == Some(Self::Citoyens)
            || said.contains(&Some(Self::Citoyens))
            || word("type") == Some(Self::Citoyens)
            || OF_PERSONS.iter().any(|name| record.contains_key(*name));
        if person { Some(Self::Citoyens) } else { said.into_iter().flatten().next().or(stated) }
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "what json! makes is handed over without ceremony")]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(record: Value, stated: Option<PlatformCollection>) -> Option<PlatformCollection> {
        PlatformCollection::of(record.as_object().unwrap(), stated)
    }

    #[test]
    fn a_record_says_its_collection_else_its_file_does() {
        use PlatformCollection::{Events, Organizations, Projects, Unread};
        assert_eq!(of(json!({"typeSig": "events"}), Some(Organizations)), Some(Events));
        assert_eq!(of(json!({"@type": "Organization"}), None), Some(Organizations));
        assert_eq!(of(json!({"type": "NGO"}), Some(Organizations)), Some(Organizations));
        assert_eq!(of(json!({"typeSig": "something"}), Some(Projects)), Some(Projects));
        assert_eq!(of(json!({"collection": "news"}), Some(Projects)), Some(Unread));
        assert_eq!(of(json!({"name": "x"}), None), None);
    }

    #[test]
    fn a_person_is_a_person_in_any_file() {
        let in_organizations = |record| of(record, Some(PlatformCollection::Organizations));
        for record in [
            json!({"collection": "citoyens"}),
            json!({"typeSig": "people"}),
            json!({"type": "citoyens", "collection": "organizations"}),
            json!({"@type": "Person", "typeSig": "organizations"}),
            json!({"username": "someone"}),
            json!({"birthDate": null}),
        ] {
            assert_eq!(in_organizations(record.clone()), Some(PlatformCollection::Citoyens), "{record}");
        }
        let stated = of(json!({"collection": "organizations"}), Some(PlatformCollection::Citoyens));
        assert_eq!(stated, Some(PlatformCollection::Citoyens));
    }
}
