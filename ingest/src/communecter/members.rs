//! The members of an element that say what it is: kind, words, contacts. What cannot be used is noted, never repeated.

use std::collections::HashSet;

use parvis_model::{ActorKind, EventKind, Instant, IssueCode, ThemeSet, fold};
use serde_json::Value;

use super::collection::PlatformCollection;
use super::dates;
use super::record::Notes;
use super::value::{Object, at, items, text, to_text};
use crate::table::clean;

/// The kind of an actor: by its collection, of organisations by their type. `None` when the type is not known.
pub(super) fn actor_kind(element: &Object, collection: PlatformCollection) -> Option<ActorKind> {
    match collection {
        PlatformCollection::Projects => Some(ActorKind::Project),
        PlatformCollection::Poi | PlatformCollection::Places => Some(ActorKind::Place),
        _ => match text(element, "type")?.to_ascii_lowercase().as_str() {
            "ngo" => Some(ActorKind::Association),
            "localbusiness" => Some(ActorKind::Business),
            "group" => Some(ActorKind::Group),
            "governmentorganization" => Some(ActorKind::PublicBody),
            _ => None,
        },
    }
}

/// The kind of an event: `type`, else `typeEvent`, where searches put it; others when neither is one.
pub(super) fn event_kind(element: &Object, notes: &mut Notes) -> EventKind {
    let words: Vec<String> = ["type", "typeEvent"].iter().filter_map(|name| text(element, name)).collect();
    let kind = words.iter().find_map(|word| EventKind::from_name(&word.to_lowercase()));
    if kind.is_none() && !words.is_empty() {
        note(notes, IssueCode::UnknownKind, "the type is none of the sixteen; others serves");
    }
    kind.unwrap_or(EventKind::Others)
}

/// `shortDescription`, else `description`.
pub(super) fn description(element: &Object) -> Option<String> {
    let paragraph = |name: &str| text(element, name).and_then(|t| clean::paragraph(&t));
    paragraph("shortDescription").or_else(|| paragraph("description"))
}

/// The tags, those that fold alike once, and the themes that they mean.
pub(super) fn themes(element: &Object) -> (ThemeSet, Vec<String>) {
    let words: Vec<String> = match element.get("tags") {
        Some(Value::String(text)) => clean::list(text, None),
        Some(list) => items(list).unwrap_or_default().into_iter().filter_map(to_text).collect(),
        None => Vec::new(),
    };
    let mut seen = HashSet::new();
    let lines = words.iter().filter_map(|word| clean::line(word));
    let tags: Vec<String> = lines.filter(|tag| seen.insert(fold(tag))).collect();
    (clean::themes(&tags).0, tags)
}

/// The element's own page: `url`, or `url.website` as the API has it.
pub(super) fn url(element: &Object, notes: &mut Notes) -> Option<String> {
    let stated = at(element, &["url", "website"]).or_else(|| element.get("url"))?;
    let written = stated.as_str().filter(|t| !t.trim().is_empty())?;
    let url = clean::url(written);
    if url.is_none() {
        note(notes, IssueCode::BadUrl, "url");
    }
    url
}

/// The e-mail address; for the caller to ask whether it is public.
pub(super) fn email(element: &Object, notes: &mut Notes) -> Option<String> {
    let email = clean::email(&text(element, "email")?);
    if email.is_none() {
        note(notes, IssueCode::BadContact, "email");
    }
    email
}

/// The first number that can be read of `telephone.fixe`, then `telephone.mobile`; never a fax. For the caller to
/// ask whether it is public. `country`: ISO 3166-1 alpha-2, of national numbers.
pub(super) fn telephone(element: &Object, country: &str, notes: &mut Notes) -> Option<String> {
    let lists = match element.get("telephone")? {
        Value::Object(lists) => vec![lists.get("fixe"), lists.get("mobile")],
        other => vec![Some(other)],
    };
    let each = lists.into_iter().flatten().flat_map(|list| items(list).unwrap_or_else(|| vec![list]));
    let numbers: Vec<String> = each.filter_map(to_text).collect();
    let read = numbers.iter().find_map(|number| clean::telephone(number, country));
    if read.is_none() && !numbers.is_empty() {
        note(notes, IssueCode::BadContact, "telephone");
    }
    read
}

/// When it last changed: `updated`, else `modified`.
pub(super) fn updated(element: &Object, notes: &mut Notes) -> Option<Instant> {
    let stated = ["updated", "modified"].iter().find_map(|name| element.get(*name).filter(|v| !v.is_null()))?;
    let read = dates::moment(stated).map(|moment| moment.at);
    if read.is_none() {
        note(notes, IssueCode::BadDate, "updated");
    }
    read
}

fn note(notes: &mut Notes, code: IssueCode, detail: &str) {
    notes.push((code, detail.to_owned()));
}
