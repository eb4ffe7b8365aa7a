//! The links of elements: read one by one, tied once all elements of all sources are known.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use parvis_model::{ActorId, Issue, IssueCode, Link, Relation};
use serde_json::Value;

use super::collection::PlatformCollection;
use super::value::{Flag, Object, text, to_id};

/// A role in `links`, or what flat members say of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Members,
    MemberOf,
    Projects,
    Contributors,
    Events,
    Organizer,
    SubEvents,
    Parent,
}

/// The roles of `links` that are relations of ours; followers, attendees and the like are not.
const ROLES: [(&str, Role); 8] = [
    ("members", Role::Members),
    ("memberOf", Role::MemberOf),
    ("projects", Role::Projects),
    ("contributors", Role::Contributors),
    ("events", Role::Events),
    ("organizer", Role::Organizer),
    ("subEvents", Role::SubEvents),
    ("subEvent", Role::SubEvents),
];

/// A tie as one side states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tie {
    role: Role,
    /// The platform's id of the other side.
    other: String,
    /// The collection that the other side is said to be in; persons are never kept.
    collection: Option<PlatformCollection>,
}

/// The ties of one element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ties {
    pub(super) ties: Vec<Tie>,
    /// Invitations, and what waits for approval: left out.
    pub(super) pending: u64,
}

impl Ties {
    /// Reads `links`, `parent`, `organizer` and their flat forms. Links to persons are passed over.
    pub(super) fn read(element: &Object) -> Self {
        let mut out = Self::default();
        if let Some(links) = element.get("links").and_then(Value::as_object) {
            for (name, role) in ROLES {
                out.group(role, links.get(name));
            }
        }
        // One id each in older records, ids as keys in newer ones.
        for (name, role) in [("organizer", Role::Organizer), ("parent", Role::Parent)] {
            out.group(role, element.get(name));
            if let Some(id) = element.get(&format!("{name}Id")).and_then(to_id) {
                let collection = text(element, &format!("{name}Type")).and_then(|t| PlatformCollection::from_word(&t));
                out.tie(role, id, collection);
            }
        }
        out
    }

    fn group(&mut self, role: Role, entries: Option<&Value>) {
        for (id, entry) in entries.and_then(Value::as_object).into_iter().flatten() {
            let Some(entry) = entry.as_object() else { continue };
            let waits = ["toBeValidated", "isAdminPending", "isInviting"];
            if waits.iter().any(|name| Flag::of(entry.get(*name)).may_be_yes()) {
                self.pending += 1;
                continue;
            }
            let collection = text(entry, "type").and_then(|t| PlatformCollection::from_word(&t));
            self.tie(role, id.clone(), collection);
        }
    }

    fn tie(&mut self, role: Role, other: String, collection: Option<PlatformCollection>) {
        if !matches!(collection, Some(PlatformCollection::Citoyens | PlatformCollection::Unread)) {
            self.ties.push(Tie { role, other, collection });
        }
    }
}

/// Which side of a relation states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    From,
    To,
    /// Both write the same: the platform does not tell them apart.
    Either,
}

/// What a role between two collections means; `None` when it is no relation of ours.
fn relation(own: PlatformCollection, role: Role, other: PlatformCollection) -> Option<(Relation, Side)> {
    use PlatformCollection::{Citoyens, Events, Organizations, Projects, Unread};
    Some(match (own, role, other) {
        (_, _, Citoyens | Unread) => return None,
        (Organizations, Role::Members, Organizations) => (Relation::MemberOf, Side::To),
        (Organizations, Role::MemberOf, Organizations) => (Relation::MemberOf, Side::From),
        (Organizations, Role::Projects, Projects) => (Relation::ContributesTo, Side::From),
        (Projects, Role::Contributors, Organizations | Projects) => (Relation::ContributesTo, Side::To),
        (Projects, Role::Projects, Projects) => (Relation::ContributesTo, Side::Either),
        (Organizations | Projects, Role::Events, Events) => (Relation::Organizes, Side::From),
        (Events, Role::Organizer, other) if other != Events => (Relation::Organizes, Side::To),
        (Events, Role::SubEvents, Events) => (Relation::ParentOf, Side::From),
        (_, Role::Parent, _) => (Relation::ParentOf, Side::To),
        _ => return None,
    })
}

/// An element that is in the edition.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Our id.
    pub(crate) id: String,
    pub(crate) collection: PlatformCollection,
    pub(crate) source: String,
    /// Whether its links are public; when they are not, none leads to it either.
    pub(crate) directory: bool,
}

/// The elements of all sources by the platform's ids, and what they state of one another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Network {
    kept: HashMap<String, Vec<Kept>>,
    /// Ids of what is private or not selected: that links lead there is nobody's business.
    silent: HashSet<String>,
    stated: Vec<(Kept, Vec<Tie>)>,
}

/// What [`Network::tie`] gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tied {
    pub(crate) links: Vec<Link>,
    /// The organiser of each event that has one, by event; its link is not among `links`.
    pub(crate) organizers: HashMap<String, ActorId>,
    pub(crate) issues: Vec<Issue>,
}

impl Network {
    pub(crate) fn keep(&mut self, key: String, kept: Kept, ties: Vec<Tie>) {
        if !ties.is_empty() {
            self.stated.push((kept.clone(), ties));
        }
        self.kept.entry(key).or_default().push(kept);
    }

    pub(crate) fn silence(&mut self, keys: impl IntoIterator<Item = String>) {
        self.silent.extend(keys);
    }

    /// The element of an id, that of the same source first: two sources may hold one platform.
    fn find(&self, key: &str, source: &str) -> Option<&Kept> {
        let all = self.kept.get(key)?;
        all.iter().find(|k| k.source == source).or(all.first())
    }

    /// Ties what is stated, each relation once, however many sides state it.
    pub(crate) fn tie(self) -> Tied {
        let mut found: BTreeMap<(String, String, Relation), String> = BTreeMap::new();
        let mut organized: Vec<(bool, String, String)> = Vec::new();
        let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (own, ties) in &self.stated {
            for tie in ties {
                let Some(other) = self.find(&tie.other, &own.source) else {
                    let ours = tie.collection.is_some_and(|c| relation(own.collection, tie.role, c).is_some());
                    if ours && !self.silent.contains(&tie.other) {
                        missing.entry(&own.source).or_default().insert(&tie.other);
                    }
                    continue;
                };
                let Some((relation, side)) = relation(own.collection, tie.role, other.collection) else { continue };
                if !other.directory || other.id == own.id {
                    continue;
                }
                let own_first = match side {
                    Side::From => true,
                    Side::To => false,
                    Side::Either => own.id < other.id,
                };
                let (from, to) = if own_first { (own, other) } else { (other, own) };
                if relation == Relation::Organizes {
                    organized.push((side == Side::From, to.id.clone(), from.id.clone()));
                }
                found.entry((from.id.clone(), to.id.clone(), relation)).or_insert_with(|| to.source.clone());
            }
        }
        let issues = missing.into_iter().map(|(source, keys)| dangling(source, keys.len())).collect();
        let organizers = organizers(organized);
        let of_event = |to: &str, from: &str| organizers.get(to).is_some_and(|o| o.as_str() == from);
        let links = found
            .into_iter()
            .filter(|((from, to, relation), _)| *relation != Relation::Organizes || !of_event(to, from))
            .map(|((from_id, to_id, relation), source)| Link { from_id, to_id, relation, source })
            .collect();
        Tied { links, organizers, issues }
    }
}

/// The organiser of each event: of several the first that the event itself names, else the first that says so.
fn organizers(mut organized: Vec<(bool, String, String)>) -> HashMap<String, ActorId> {
    organized.sort_by_key(|(said_by_actor, _, _)| *said_by_actor);
    let mut out = HashMap::new();
    for (_, event, actor) in organized {
        if let Some(actor) = ActorId::parse(&actor) {
            out.entry(event).or_insert(actor);
        }
    }
    out
}

/// How many elements are missing, and nothing more: what was not exported may be private.
fn dangling(source: &str, count: usize) -> Issue {
    let detail = format!("links lead to {count} elements that no source has; they were left out");
    Issue { code: IssueCode::DanglingLink, source: source.to_owned(), place: "links".to_owned(), detail }
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;
