//! Units from tags: names, codes, population, postal codes.

use std::collections::{BTreeMap, HashSet};

use foldhash::fast::RandomState;
use parvis_model::{AdminLevel, AdminUnit, Issue, IssueCode, Source, UnitId, UnitStatus};

use rayon::prelude::*;

use super::outline::Outline;
use super::relation::Relation;

/// The id of each unit, in order. Of two that claim one code the complete one has it, else the lower relation.
pub(super) fn ids(
    units: &[(&Relation, AdminLevel, Option<&str>, &Outline)],
    source: &Source,
    issues: &mut Vec<Issue>,
) -> Vec<UnitId> {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|&i| (!units[i].3.is_complete(), units[i].0.id));
    let plain = |&(_, level, code, _): &(_, AdminLevel, Option<&str>, _)| code.map(|code| UnitId::new(level, code));
    let mut ids: Vec<Option<UnitId>> = units.par_iter().map(plain).collect();
    let mut taken = HashSet::with_capacity_and_hasher(units.len(), RandomState::default());
    for index in order {
        let (relation, level, code, _) = units[index];
        let id = match ids[index].take() {
            Some(id) if taken.insert(id.clone()) => id,
            Some(id) => {
                issues.push(Issue {
                    code: IssueCode::DuplicateCode,
                    source: source.id.clone(),
                    place: format!("r{}", relation.id),
                    detail: format!("another relation already is {id}"),
                });
                UnitId::of_relation(level, code, relation.id)
            }
            None => UnitId::of_relation(level, None, relation.id),
        };
        ids[index] = Some(id);
    }
    ids.into_iter().flatten().collect()
}

/// A unit from its relation: everything but the geometry and what follows from it.
pub(super) fn unit(
    relation: &Relation,
    id: UnitId,
    code: Option<&str>,
    subtype: Option<&str>,
    outline: &Outline,
    source: &Source,
) -> AdminUnit {
    let code = code.unwrap_or_default();
    let mut unit = AdminUnit::new(id.level(), code, &name(relation, code));
    unit.id = id;
    unit.subtype = subtype.map(str::to_owned);
    unit.name_fr = text(relation, "name:fr");
    unit.name_en = text(relation, "name:en");
    unit.names = names(relation);
    unit.postcodes = postcodes(relation);
    unit.population = relation.tag("population").and_then(population);
    unit.siren = relation.tag("ref:FR:SIREN").map(str::trim).filter(|s| is_digits(s, 9)).map(str::to_owned);
    unit.wikidata = relation.tag("wikidata").map(str::trim).filter(|w| is_wikidata(w)).map(str::to_owned);
    unit.osm_id = Some(format!("r{}", relation.id));
    unit.status = status(outline);
    unit.valid_at.clone_from(&source.valid_at);
    unit.source.clone_from(&source.id);
    unit.licence.clone_from(&source.licence);
    unit
}

/// A unit that only its members make.
pub(super) fn of_members(id: UnitId, name: &str, source: &Source) -> AdminUnit {
    let mut unit = AdminUnit::new(id.level(), id.code(), name);
    unit.id = id;
    unit.status = UnitStatus::Derived;
    unit.valid_at.clone_from(&source.valid_at);
    unit.source.clone_from(&source.id);
    unit.licence.clone_from(&source.licence);
    unit
}

pub(super) fn status(outline: &Outline) -> UnitStatus {
    if outline.members > 0 {
        UnitStatus::Derived
    } else if outline.is_complete() && (outline.mended > 0 || !outline.meetings.is_empty()) {
        UnitStatus::Repaired
    } else if outline.is_complete() {
        UnitStatus::Complete
    } else if outline.is_incomplete() {
        UnitStatus::Incomplete
    } else {
        UnitStatus::Invalid
    }
}

fn text(relation: &Relation, key: &str) -> Option<String> {
    relation.tag(key).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The name on the spot; without one the code, without either the relation's number.
fn name(relation: &Relation, code: &str) -> String {
    let fallback = || if code.is_empty() { format!("r{}", relation.id) } else { code.to_owned() };
    text(relation, "name").unwrap_or_else(fallback)
}

/// Names in other languages than French and English: `name:br`, `name:zh-Hant`, never `name:etymology`.
fn names(relation: &Relation) -> BTreeMap<String, String> {
    let is_language = |lang: &str| {
        let (base, rest) = lang.split_once(['-', '_']).unwrap_or((lang, "x"));
        (2..=3).contains(&base.len())
            && base.chars().all(|c| c.is_ascii_lowercase())
            && rest.len() <= 12
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let named = relation.tags.iter().filter_map(|(k, v)| Some((k.strip_prefix("name:")?, v.trim())));
    let others = named.filter(|(lang, v)| is_language(lang) && !matches!(*lang, "fr" | "en") && !v.is_empty());
    others.map(|(lang, v)| (lang.to_owned(), v.to_owned())).collect()
}

/// Both tags in use, split, sorted.
fn postcodes(relation: &Relation) -> Vec<String> {
    let values = ["addr:postcode", "postal_code"].into_iter().filter_map(|key| relation.tag(key));
    let codes = values.flat_map(|v| v.split([';', ','])).map(str::trim).filter(|c| (1..=12).contains(&c.len()));
    let mut codes: Vec<String> = codes.map(str::to_owned).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// Digits, with or without spaces between the thousands.
fn population(text: &str) -> Option<u64> {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().parse().ok()
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_wikidata(text: &str) -> bool {
    text.strip_prefix('Q').is_some_and(|n| (1..=12).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(pairs: &[(&str, &str)]) -> Relation {
        Relation::sample(7, pairs, Vec::new())
    }

    #[test]
    fn tags_become_fields() {
        let relation = relation(&[
            ("name", "Saint-Denis"),
            ("name:fr", "Saint-Denis"),
            ("name:rcf", "Sin-Dni"),
            ("name:etymology:wikidata", "Q1"),
            ("name:zh-Hant", "聖但尼"),
            ("population", "153 001"),
            ("addr:postcode", "97490;97400"),
            ("postal_code", "97400"),
            ("ref:FR:SIREN", "219740115"),
            ("wikidata", "Q47045"),
        ]);
        let source = Source {
            id: "boundaries".into(),
            reader: "osm-pbf".into(),
            producer: "OSM".into(),
            licence: "ODbL-1.0".into(),
            url: None,
            date: None,
            valid_at: Some("2025-01-01".into()),
            example: false,
        };
        let id = UnitId::new(AdminLevel::Municipality, "97411");
        let unit = unit(&relation, id, Some("97411"), None, &Outline::default(), &source);
        assert_eq!(unit.names.keys().collect::<Vec<_>>(), ["rcf", "zh-Hant"]);
        assert_eq!(unit.postcodes, ["97400", "97490"]);
        assert_eq!((unit.population, unit.siren.as_deref()), (Some(153_001), Some("219740115")));
        assert_eq!((unit.wikidata.as_deref(), unit.osm_id.as_deref()), (Some("Q47045"), Some("r7")));
        assert_eq!((unit.valid_at.as_deref(), unit.licence.as_str()), (Some("2025-01-01"), "ODbL-1.0"));
        assert_eq!((unit.status, unit.level), (UnitStatus::Invalid, AdminLevel::Municipality));
    }

    #[test]
    fn a_unit_without_name_or_with_nonsense_keeps_going() {
        let bad = relation(&[("population", "many"), ("wikidata", "http://x"), ("ref:FR:SIREN", "12")]);
        assert_eq!((name(&bad, ""), name(&bad, "01")), ("r7".to_owned(), "01".to_owned()));
        assert_eq!(population("many"), None);
        assert!(!is_wikidata("http://x") && !is_digits("12", 9));
    }
}
