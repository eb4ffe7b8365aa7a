//! One element to one actor.

use parvis_model::{Actor, ActorId, Ancestors, IssueCode, LonLat, Precision, fold};

use super::person::is_given_name;
use super::read::Found;
use crate::config::SourceConfig;
use crate::table::clean;

/// Where anybody has an address: one there is an organisation's only if it says so.
const PUBLIC_MAIL: &[&str] = &[
    "andorra",
    "aol",
    "bbox",
    "free",
    "gmail",
    "gmx",
    "googlemail",
    "hotmail",
    "icloud",
    "laposte",
    "libello",
    "libero",
    "live",
    "mac",
    "me",
    "msn",
    "neuf",
    "numericable",
    "orange",
    "outlook",
    "proton",
    "protonmail",
    "pt",
    "sfr",
    "tiscali",
    "virgilio",
    "wanadoo",
    "web",
    "yahoo",
    "ymail",
];

/// Makes actors of elements.
pub(super) struct Maker<'a> {
    pub(super) config: &'a SourceConfig,
    /// The country of national telephone numbers.
    pub(super) country: &'a str,
}

/// A cell that was left out: why, without its content where that may be somebody's.
pub(super) type LeftOut = (IssueCode, String);

impl Maker<'_> {
    /// The actor of an element, and what of it was left out. `None` when nothing is left of its name.
    pub(super) fn actor(&self, element: &Found, at: LonLat) -> Option<(Actor, Vec<LeftOut>)> {
        let name = element.tag("name").and_then(clean::line)?;
        let mut left_out = Vec::new();
        let source = &self.config.source;
        let actor = Actor {
            id: ActorId::new(&source.id, &element.place()),
            kind: element.matched.kind,
            description: element.first(&["description", "description:fr"]).and_then(clean::paragraph),
            themes: element.matched.themes,
            tags: element.matched.tags.clone(),
            url: url(element, &mut left_out),
            email: email(element, &name, &mut left_out),
            telephone: self.telephone(element, &mut left_out),
            address: address(element),
            postcode: element.first(&["addr:postcode", "contact:postcode"]).and_then(clean::line),
            municipality_code: None,
            precision: Precision::Point,
            location: Some(at),
            ancestors: Ancestors::default(),
            example: source.example,
            source: source.id.clone(),
            licence: source.licence.clone(),
            updated: element.updated,
            name,
        };
        Some((actor, left_out))
    }

    /// The first number; several are written with semicolons.
    fn telephone(&self, element: &Found, left_out: &mut Vec<LeftOut>) -> Option<String> {
        let text = element.first(&["phone", "contact:phone"])?;
        let number = text.split(';').find_map(|t| clean::telephone(t, self.country));
        if number.is_none() {
            left_out.push((IssueCode::BadContact, "phone".to_owned()));
        }
        number
    }
}

impl Found {
    /// The first of these tags that is there.
    fn first(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.tag(key)).map(str::trim).filter(|text| !text.is_empty())
    }
}

fn url(element: &Found, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let text = element.first(&["website", "contact:website", "url"])?;
    let url = text.split(';').find_map(clean::url);
    if url.is_none() {
        left_out.push((IssueCode::BadUrl, format!("{text:?}")));
    }
    url
}

fn email(element: &Found, name: &str, left_out: &mut Vec<LeftOut>) -> Option<String> {
    let text = element.first(&["email", "contact:email"])?;
    let email = text.split(';').find_map(clean::email);
    let kept = email.filter(|email| is_of_organisation(email, name));
    if kept.is_none() {
        left_out.push((IssueCode::BadContact, "email: unreadable, or maybe a person's".to_owned()));
    }
    kept
}

/// Whether an address is an organisation's: no given name in it, and on a public domain a word of the actor's name.
fn is_of_organisation(email: &str, name: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let (local, name, domain) = (fold(local), fold(name), domain.to_lowercase());
    let joined = local.replace(' ', "");
    let of_name = name.split(' ').any(|word| word.len() >= 4 && joined.contains(word));
    let of_person = local.contains(' ') && local.split(' ').any(is_given_name);
    // orange.fr, yahoo.co.uk
    let public = domain.split('.').rev().skip(1).find(|label| label.len() > 2 || PUBLIC_MAIL.contains(label));
    of_name || !(of_person || public.is_some_and(|label| PUBLIC_MAIL.contains(&label)))
}

/// House number and street, as France writes them; the place where there is no street.
fn address(element: &Found) -> Option<String> {
    let street = element.first(&["addr:street", "contact:street", "addr:place"])?;
    let number = element.first(&["addr:housenumber", "contact:housenumber"]);
    clean::line(&number.map_or_else(|| street.to_owned(), |number| format!("{number} {street}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_on_a_public_domain_must_name_the_actor() {
        for (email, name, kept) in [
            ("contact@jardin.example.org", "Jardin des Sens", true),
            ("jardindessens@gmail.com", "Jardin des Sens", true),
            ("asso.jardin@orange.fr", "Jardin des Sens", true),
            ("anna.rossi@gmail.com", "Jardin des Sens", false),
            ("arossi83@wanadoo.fr", "Jardin des Sens", false),
            ("contact@gmail.com", "Jardin des Sens", false),
            ("anna.rossi@jardin.example.org", "Jardin des Sens", false),
            ("anna@jardin.example.org", "Jardin des Sens", true),
            ("info@yahoo.co.uk", "Jardin", false),
        ] {
            assert_eq!(is_of_organisation(email, name), kept, "{email}");
        }
    }
}
