//! What people call the codes of our fields.

use std::borrow::Borrow;

use parvis_model::{AdminLevel, Relation, Theme, themes};

use super::Lang;
use crate::http::look::luminance;

/// A code, in French, in English.
type Labels = [(&'static str, &'static str, &'static str)];

const KINDS: &Labels = &[
    ("association", "Association", "Association"),
    ("business", "Entreprise", "Business"),
    ("group", "Groupe", "Group"),
    ("public_body", "Service public", "Public body"),
    ("project", "Projet", "Project"),
    ("place", "Lieu", "Place"),
    ("competition", "Compétition", "Competition"),
    ("concert", "Concert", "Concert"),
    ("contest", "Concours", "Contest"),
    ("exhibition", "Exposition", "Exhibition"),
    ("festival", "Festival", "Festival"),
    ("getTogether", "Rencontre", "Get-together"),
    ("market", "Marché", "Market"),
    ("meeting", "Réunion", "Meeting"),
    ("course", "Cours", "Course"),
    ("workshop", "Atelier", "Workshop"),
    ("conference", "Conférence", "Conference"),
    ("debate", "Débat", "Debate"),
    ("film", "Film", "Film"),
    ("stand", "Stand", "Stand"),
    ("crowdfunding", "Financement participatif", "Crowdfunding"),
    ("others", "Autre", "Other"),
    ("arrondissement_municipal", "Arrondissement municipal", "Municipal district"),
    ("commune_deleguee", "Commune déléguée", "Delegated municipality"),
    ("commune_associee", "Commune associée", "Associated municipality"),
    ("quartier", "Quartier", "Neighbourhood"),
    ("CC", "Communauté de communes", "Community of municipalities"),
    ("CA", "Communauté d’agglomération", "Agglomeration community"),
    ("CU", "Communauté urbaine", "Urban community"),
    ("metropole", "Métropole", "Metropolis"),
];

const PRECISIONS: &Labels = &[
    ("point", "Position exacte", "Exact position"),
    ("address", "À l’adresse", "At the address"),
    (
        "municipality",
        "Au centre de la commune : la position exacte n’est pas connue",
        "At the centre of the municipality: the exact position is not known",
    ),
    ("none", "Position inconnue", "Position unknown"),
];

const STATUSES: &Labels = &[
    ("complete", "Contour complet", "Complete boundary"),
    ("repaired", "Contour réparé", "Repaired boundary"),
    ("derived", "Contour déduit des unités qui la composent", "Boundary derived from the units it is made of"),
    ("incomplete", "Contour incomplet", "Incomplete boundary"),
    ("invalid", "Contour invalide", "Invalid boundary"),
    ("missing", "Sans contour", "Without a boundary"),
    ("confirmed", "Confirmé", "Confirmed"),
    ("tentative", "À confirmer", "Tentative"),
    ("cancelled", "Annulé", "Cancelled"),
];

/// Seen from where the link begins, and from where it leads.
const RELATIONS: [(Relation, [&str; 2], [&str; 2]); 6] = [
    (Relation::MemberOf, ["Membre de", "Member of"], ["Membres", "Members"]),
    (Relation::Organizes, ["Organise", "Organises"], ["Organisé par", "Organised by"]),
    (Relation::ContributesTo, ["Contribue à", "Contributes to"], ["Contributions de", "Contributions from"]),
    (Relation::ParentOf, ["Regroupe", "Comprises"], ["Fait partie de", "Part of"]),
    (Relation::LocatedIn, ["Situé dans", "Located in"], ["Sur place", "Located here"]),
    (Relation::SameAs, ["Identique à", "Same as"], ["Identique à", "Same as"]),
];

fn of(labels: &Labels, code: &str, lang: Lang) -> Option<&'static str> {
    let (_, fr, en) = labels.iter().find(|(c, _, _)| *c == code)?;
    Some(if lang.is_fr() { fr } else { en })
}

/// Of a kind of actor or event, or a subtype of unit; the code itself where it has no label.
pub(crate) fn kind(code: &str, lang: Lang) -> &str {
    of(KINDS, code, lang).unwrap_or(code)
}

/// How exactly a place is known.
pub(crate) fn precision(code: &str, lang: Lang) -> &str {
    of(PRECISIONS, code, lang).unwrap_or(code)
}

/// How far a boundary can be trusted; whether an event takes place.
pub(crate) fn status(code: &str, lang: Lang) -> &str {
    of(STATUSES, code, lang).unwrap_or(code)
}

/// A relation, seen from the end that `forwards` says.
pub(crate) fn relation(relation: Relation, forwards: bool, lang: Lang) -> &'static str {
    let found = RELATIONS.iter().find(|(r, _, _)| *r == relation);
    let [fr, en] = found.map_or(["", ""], |(_, from, to)| if forwards { *from } else { *to });
    if lang.is_fr() { fr } else { en }
}

/// One unit of a level.
pub(crate) const fn level(level: AdminLevel, lang: Lang) -> &'static str {
    match (level, lang) {
        (AdminLevel::Country, Lang::Fr) => "Pays",
        (AdminLevel::Country, Lang::En) => "Country",
        (AdminLevel::Region, Lang::Fr) => "Région",
        (AdminLevel::Region, Lang::En) => "Region",
        (AdminLevel::Department, Lang::Fr) => "Département",
        (AdminLevel::Department, Lang::En) => "Department",
        (AdminLevel::Intercommunality, Lang::Fr) => "Intercommunalité",
        (AdminLevel::Intercommunality, Lang::En) => "Intercommunality",
        (AdminLevel::Municipality, Lang::Fr) => "Commune",
        (AdminLevel::Municipality, Lang::En) => "Municipality",
        (AdminLevel::Neighbourhood, Lang::Fr) => "Quartier",
        (AdminLevel::Neighbourhood, Lang::En) => "Neighbourhood",
    }
}

/// A theme by its code.
pub(crate) fn theme_of(code: &str) -> Option<&'static Theme> {
    themes().iter().find(|theme| theme.code == code)
}

/// A theme's name. The language by value or by reference, as templates hold it.
pub(crate) fn theme(theme: &Theme, lang: impl Borrow<Lang>) -> &str {
    if lang.borrow().is_fr() { &theme.fr } else { &theme.en }
}

/// What is legible on a colour `#rrggbb`: white where its WCAG contrast is at least 4, else near black.
pub(crate) fn ink_on(colour: &str) -> &'static str {
    let luminance = luminance(colour).unwrap_or(0.0);
    if 1.05 / (luminance + 0.05) >= 4.0 { "#ffffff" } else { "#111111" }
}

#[cfg(test)]
mod tests {
    use parvis_model::{ActorKind, EventKind, EventStatus, Precision, UnitStatus};

    use super::*;

    #[test]
    fn every_code_has_a_label() {
        let kinds = ActorKind::ALL.map(ActorKind::name).into_iter().chain(EventKind::ALL.map(EventKind::name));
        for code in kinds {
            assert!(of(KINDS, code, Lang::Fr).is_some(), "{code}");
        }
        for code in [Precision::Point, Precision::Address, Precision::Municipality, Precision::None] {
            assert!(of(PRECISIONS, code.name(), Lang::En).is_some(), "{}", code.name());
        }
        for code in [EventStatus::Confirmed, EventStatus::Tentative, EventStatus::Cancelled] {
            assert!(of(STATUSES, code.name(), Lang::En).is_some());
        }
        for code in [UnitStatus::Complete, UnitStatus::Repaired, UnitStatus::Derived, UnitStatus::Incomplete] {
            assert!(of(STATUSES, code.name(), Lang::Fr).is_some());
        }
        for r in Relation::ALL {
            assert!(!relation(r, true, Lang::Fr).is_empty() && !relation(r, false, Lang::En).is_empty());
        }
        assert_eq!((ink_on("#0000F2"), ink_on("#F2609B"), ink_on("?")), ("#ffffff", "#111111", "#ffffff"));
        assert_eq!(kind("unheard of", Lang::Fr), "unheard of");
    }
}
