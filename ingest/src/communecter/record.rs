//! One element of the platform to one actor or event.

use chrono_tz::Tz;
use parvis_model::id::hex;
use parvis_model::{
    Actor, ActorId, ActorKind, Ancestors, Event, EventId, EventStatus, IssueCode, LonLat, Precision, fold,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::collection::PlatformCollection;
use super::dates::{self, When};
use super::links::Ties;
use super::members;
use super::place::{self, Place};
use super::value::{Object, items, text, to_id};
use super::visibility::{self, Visibility};
use super::{Reading, Record};
use crate::table::clean;

/// Notes of what was wrong but kept: code and detail. No value of the element is ever in a detail: what is written
/// in a wrong place may be anybody's.
pub(super) type Notes = Vec<(IssueCode, String)>;

/// An element that is published.
pub(super) struct Published {
    /// The platform's id.
    pub(super) key: String,
    pub(super) collection: PlatformCollection,
    pub(super) record: Record,
    /// Further places of an actor.
    pub(super) secondary: Vec<Actor>,
    pub(super) ties: Ties,
    /// Whether its links are public.
    pub(super) directory: bool,
    pub(super) notes: Notes,
}

/// Why an element is refused.
pub(super) struct Refused {
    pub(super) code: IssueCode,
    pub(super) detail: String,
    /// The platform's id of what is private, so that no link names it.
    pub(super) hidden: Option<String>,
}

impl Refused {
    fn new(code: IssueCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), hidden: None }
    }
}

/// Reads an element. `key`: its id, where it stands beside it; `stated`: the collection of its file.
///
/// # Errors
/// [`Refused`], in words that tell nothing of the element.
pub(super) fn read(
    value: &Value,
    key: Option<String>,
    stated: Option<PlatformCollection>,
    reading: &Reading<'_>,
) -> Result<Published, Refused> {
    let Some(element) = value.as_object() else {
        return Err(Refused::new(IssueCode::BadRow, "the record is no JSON object"));
    };
    let key = ["_id", "id"].iter().find_map(|name| to_id(element.get(*name)?)).or(key);
    let private = |detail: &str| Refused { hidden: key.clone(), ..Refused::new(IssueCode::Private, detail) };
    let collection = match PlatformCollection::of(element, stated) {
        Some(PlatformCollection::Citoyens) => return Err(private("persons are never features")),
        Some(PlatformCollection::Unread) => {
            let detail = format!("records of this collection are not read; those of {} are", PlatformCollection::READ);
            return Err(Refused::new(IssueCode::UnknownKind, detail));
        }
        None => {
            let detail = format!(
                "neither record nor source says the collection; set collection to one of {}",
                PlatformCollection::READ
            );
            return Err(Refused::new(IssueCode::UnknownKind, detail));
        }
        Some(collection) => collection,
    };
    let visible = visibility::read(element, reading.options.open_by_default).map_err(private)?;
    let Some(name) = text(element, "name").and_then(|t| clean::line(&t)) else {
        return Err(Refused::new(IssueCode::MissingName, "the name is empty"));
    };
    Reader { reading, element, visible, collection, name, notes: Notes::new() }.publish(key)
}

struct Reader<'a> {
    reading: &'a Reading<'a>,
    element: &'a Object,
    visible: Visibility,
    collection: PlatformCollection,
    name: String,
    notes: Notes,
}

impl<'a> Reader<'a> {
    fn publish(mut self, key: Option<String>) -> Result<Published, Refused> {
        let key = key.or_else(|| text(self.element, "slug")).unwrap_or_else(|| self.hash());
        let element = self.element;
        let place = if self.visible.locality { self.place(element) } else { Place::default() };
        let ties = if self.visible.directory { Ties::read(element) } else { Ties::default() };
        let (record, secondary) = if self.collection == PlatformCollection::Events {
            self.note_secondary();
            (Record::Event(Box::new(self.event(&key, place)?)), Vec::new())
        } else {
            let actor = self.actor(&key, place)?;
            let secondary = self.secondary(&key, &actor);
            (Record::Actor(Box::new(actor)), secondary)
        };
        let Self { visible: Visibility { directory, .. }, collection, notes, .. } = self;
        Ok(Published { key, collection, record, secondary, ties, directory, notes })
    }

    fn note(&mut self, code: IssueCode, detail: &str) {
        self.notes.push((code, detail.to_owned()));
    }

    /// A key for an element without one: of what is public of it only.
    fn hash(&mut self) -> String {
        self.note(IssueCode::MissingKey, "the id is made of a hash of collection and name, and changes with them");
        let text = format!("{:?}\n{}", self.collection, self.name);
        hex(&Sha256::digest(text.as_bytes())[..8])
    }

    /// A place, with the municipality that postal code and locality mean together where nothing better is said.
    fn place(&mut self, holder: &Object) -> Place {
        let mut place = place::read(holder, &mut self.notes);
        if place.location.is_none()
            && place.municipality_code.is_none()
            && let (Some(postcode), Some(locality)) = (&place.postcode, &place.locality)
        {
            place.municipality_code = (self.reading.municipality_of)(postcode, locality);
        }
        place
    }

    fn actor(&mut self, key: &str, place: Place) -> Result<Actor, Refused> {
        let (source, country) = (&self.reading.config.source, self.reading.country);
        let element = self.element;
        let Some(kind) = members::actor_kind(element, self.collection) else {
            let detail = "the type is none of NGO, LocalBusiness, Group, GovernmentOrganization";
            return Err(Refused::new(IssueCode::UnknownKind, detail));
        };
        let (themes, tags) = members::themes(element);
        Ok(Actor {
            id: ActorId::new(&source.id, key),
            kind,
            name: self.name.clone(),
            description: members::description(element),
            themes,
            tags,
            url: members::url(element, &mut self.notes),
            email: if self.visible.email { members::email(element, &mut self.notes) } else { None },
            telephone: if self.visible.phone { members::telephone(element, country, &mut self.notes) } else { None },
            address: place.address,
            postcode: place.postcode,
            municipality_code: place.municipality_code,
            precision: precision(place.location),
            location: place.location,
            ancestors: Ancestors::default(),
            example: source.example,
            source: source.id.clone(),
            licence: source.licence.clone(),
            updated: members::updated(element, &mut self.notes),
        })
    }

    fn event(&mut self, key: &str, place: Place) -> Result<Event, Refused> {
        let (source, element) = (&self.reading.config.source, self.element);
        let zone = self.zone(&place);
        let When { start, end, all_day } =
            dates::when(element, zone, &mut self.notes).map_err(|why| Refused::new(IssueCode::BadDate, why))?;
        let window = self.reading.window;
        if !window.holds(start, end) {
            let detail = format!("nothing from {} to {}", window.from, window.to);
            return Err(Refused::new(IssueCode::OutsideWindow, detail));
        }
        let (themes, tags) = members::themes(element);
        Ok(Event {
            id: EventId::new(&source.id, key, start),
            kind: members::event_kind(element, &mut self.notes),
            name: self.name.clone(),
            description: members::description(element),
            themes,
            tags,
            url: members::url(element, &mut self.notes),
            address: place.address,
            postcode: place.postcode,
            municipality_code: place.municipality_code,
            precision: precision(place.location),
            location: place.location,
            ancestors: Ancestors::default(),
            series_id: None,
            start,
            end,
            timezone: zone.name().to_owned(),
            all_day,
            status: EventStatus::Confirmed,
            organizer_id: None,
            example: source.example,
            source: source.id.clone(),
            licence: source.licence.clone(),
            updated: members::updated(element, &mut self.notes),
        })
    }

    /// `timeZone`, where it is a name of the IANA database, else the zone of the place.
    fn zone(&mut self, place: &Place) -> Tz {
        if let Some(stated) = text(self.element, "timeZone") {
            if let Ok(zone) = stated.parse() {
                return zone;
            }
            self.note(IssueCode::UnknownTimezone, "timeZone");
        }
        (self.reading.timezone_of)(place.location, place.municipality_code.as_deref()).parse().unwrap_or(Tz::UTC)
    }

    /// The secondary addresses of an actor: a place each, of the same themes, numbered as they stand from 1.
    fn secondary(&mut self, key: &str, of: &Actor) -> Vec<Actor> {
        let mut out = Vec::new();
        for (at, holder) in self.addresses().into_iter().enumerate() {
            let place = self.place(holder);
            if place.is_nowhere() {
                self.note(IssueCode::SkippedData, "a secondary address leads nowhere and was left out");
                continue;
            }
            let locality = place.locality.filter(|l| fold(l) != fold(&of.name));
            let name = locality.map_or_else(|| of.name.clone(), |locality| format!("{} ({locality})", of.name));
            out.push(Actor {
                id: ActorId::new(&of.source, &format!("{key}-{}", at + 1)),
                kind: ActorKind::Place,
                name,
                description: None,
                tags: Vec::new(),
                email: None,
                telephone: None,
                address: place.address,
                postcode: place.postcode,
                municipality_code: place.municipality_code,
                precision: precision(place.location),
                location: place.location,
                ..of.clone()
            });
        }
        out
    }

    /// An event lasts too short to leave places behind: its secondary addresses are counted, not read.
    fn note_secondary(&mut self) {
        for _ in self.addresses() {
            self.note(IssueCode::SkippedData, "a secondary address of an event was left out");
        }
    }

    /// The secondary addresses; none when the locality is masked.
    fn addresses(&self) -> Vec<&'a Object> {
        let element = self.element;
        let list = element.get("addresses").filter(|_| self.visible.locality).and_then(items);
        list.unwrap_or_default().into_iter().filter_map(Value::as_object).collect()
    }
}

fn precision(location: Option<LonLat>) -> Precision {
    if location.is_some() { Precision::Point } else { Precision::None }
}
