//! Search by prefix over units, postal codes, actors and events.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use parvis_model::{AdminLevel, Bbox, fold};
use rayon::prelude::*;
use serde::Serialize;

use crate::index::{PointIndex, UnitRecord, UnitTable};

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

/// Names, folded, and every place in them where a word begins, sorted by what follows: a prefix, of a
/// name or of any word in it, is one range.
#[derive(Debug, Default)]
pub(crate) struct SearchIndex {
    /// Folded names, each ended by a zero byte, which sorts before everything.
    text: String,
    /// Where names begin in `text`.
    begins: Vec<u32>,
    /// What each name stands for; in the order of importance.
    targets: Vec<Target>,
    /// Word starts: place in `text`, name.
    words: Vec<(u32, u32)>,
}

/// Words looked at when several must match; beyond that a query is too vague to be ranked further.
const MAX_CANDIDATES: usize = 200_000;

impl SearchIndex {
    /// Indexes everything that has a name.
    pub(crate) fn build(
        units: &UnitTable,
        actors: &PointIndex,
        events: &PointIndex,
        postcodes: &BTreeMap<Box<str>, Vec<u32>>,
    ) -> Self {
        let mut order: Vec<&UnitRecord> = units.records().iter().collect();
        order.sort_by_key(|u| (u.level, Reverse(u.population), u.number));
        let mut names: Vec<(Target, String)> = order.par_iter().flat_map_iter(|u| unit_names(u)).collect();
        names.extend((0u32..).zip(postcodes.keys()).map(|(at, code)| (Target::Postcode(at), fold(code))));
        let points = |points: &PointIndex, target: fn(u32) -> Target| -> Vec<(Target, String)> {
            let mut order: Vec<u32> = (0..points.len() as u32).collect();
            order.sort_unstable_by_key(|&at| (points.rank(at as usize), at));
            order.par_iter().map(|&at| (target(at), fold(points.name(at as usize)))).collect()
        };
        names.extend(points(actors, Target::Actor));
        names.extend(points(events, Target::Event));
        Self::from_names(names)
    }

    fn from_names(names: Vec<(Target, String)>) -> Self {
        let mut index = Self::default();
        for (target, name) in names.into_iter().filter(|(_, n)| !n.is_empty()) {
            let (begin, entry) = (index.text.len() as u32, index.targets.len() as u32);
            index.begins.push(begin);
            index.targets.push(target);
            index.words.push((begin, entry));
            let spaces = name.bytes().enumerate().filter(|(_, b)| *b == b' ');
            index.words.extend(spaces.map(|(at, _)| (begin + at as u32 + 1, entry)));
            index.text.push_str(&name);
            index.text.push('\0');
        }
        index.sort_words();
        index
    }

    /// Sorts the word starts by what follows. Its first bytes, compared as one number, decide for most.
    fn sort_words(&mut self) {
        let text = self.text.as_bytes();
        let rest = |begin: u32| {
            let rest = &text[begin as usize..];
            &rest[..rest.iter().position(|b| *b == 0).unwrap_or(rest.len())]
        };
        let key = |begin: u32| {
            let rest = rest(begin);
            let mut first = [0; 16];
            let len = rest.len().min(first.len());
            first[..len].copy_from_slice(&rest[..len]);
            u128::from_be_bytes(first)
        };
        let mut keyed: Vec<(u128, (u32, u32))> = self.words.par_iter().map(|&w| (key(w.0), w)).collect();
        keyed.par_sort_unstable_by(|(key_a, a), (key_b, b)| {
            key_a.cmp(key_b).then_with(|| rest(a.0).cmp(rest(b.0))).then(a.1.cmp(&b.1))
        });
        self.words = keyed.into_iter().map(|(_, word)| word).collect();
    }

    /// The best matches: whole names first, then names that begin so, then names with words that do;
    /// among equals by importance.
    pub(crate) fn find(&self, text: &str, limit: usize, types: &[HitKind]) -> Vec<Target> {
        let wanted = fold(text);
        if wanted.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut ranked: Vec<(u8, u32)> =
            self.range(&wanted).iter().map(|&(at, n)| (self.grade(at, n, &wanted), n)).collect();
        if let Some(rarest) = wanted.split(' ').map(|w| self.range(w)).min_by_key(|r| r.len())
            && wanted.contains(' ')
        {
            let all = |n: u32| wanted.split(' ').all(|w| self.name(n).split(' ').any(|word| word.starts_with(w)));
            ranked.extend(rarest.iter().take(MAX_CANDIDATES).filter(|(_, n)| all(*n)).map(|&(_, n)| (3, n)));
        }
        ranked.retain(|(_, n)| types.is_empty() || types.contains(&self.targets[*n as usize].kind()));
        ranked.sort_unstable();
        let mut seen = HashSet::new();
        let targets = ranked.into_iter().map(|(_, n)| self.targets[n as usize]);
        targets.filter(|t| seen.insert(*t)).take(limit).collect()
    }

    fn grade(&self, at: u32, name: u32, wanted: &str) -> u8 {
        if at == self.begins[name as usize] { u8::from(self.name(name).len() != wanted.len()) } else { 2 }
    }

    fn name(&self, name: u32) -> &str {
        let begin = self.begins[name as usize] as usize;
        let end = self.begins.get(name as usize + 1).map_or(self.text.len(), |&e| e as usize);
        &self.text[begin..end - 1]
    }

    /// The word starts after which `prefix` follows.
    fn range(&self, prefix: &str) -> &[(u32, u32)] {
        let begins_with = |at: u32| {
            let rest = &self.text.as_bytes()[at as usize..];
            &rest[..rest.len().min(prefix.len())]
        };
        let low = self.words.partition_point(|&(at, _)| begins_with(at) < prefix.as_bytes());
        let len = self.words[low..].partition_point(|&(at, _)| begins_with(at) == prefix.as_bytes());
        &self.words[low..low + len]
    }
}

fn unit_names(unit: &UnitRecord) -> Vec<(Target, String)> {
    let mut names: Vec<String> =
        [Some(&*unit.name), unit.name_fr.as_deref(), unit.name_en.as_deref(), Some(&*unit.code)]
            .into_iter()
            .flatten()
            .map(fold)
            .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| (Target::Unit(unit.number), name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(names: &[(Target, &str)]) -> SearchIndex {
        SearchIndex::from_names(names.iter().map(|(t, n)| (*t, fold(n))).collect())
    }

    #[test]
    fn whole_names_come_before_beginnings_and_these_before_words() {
        let index = index(&[
            (Target::Unit(1), "Saint-Denis-d'Anjou"),
            (Target::Unit(2), "Saint-Denis"),
            (Target::Unit(3), "La Plaine Saint-Denis"),
            (Target::Actor(4), "Mairie - Saint-Denis"),
        ]);
        let found = index.find("saint denis", 10, &[]);
        assert_eq!(found, [Target::Unit(2), Target::Unit(1), Target::Unit(3), Target::Actor(4)]);
        assert_eq!(index.find("Saint-Dén", 2, &[]), [Target::Unit(1), Target::Unit(2)]);
        assert_eq!(index.find("saint", 10, &[HitKind::Actor]), [Target::Actor(4)]);
    }

    #[test]
    fn words_in_another_order_and_not_side_by_side_are_found() {
        let index = index(&[(Target::Unit(1), "Sainte-Marie-aux-Mines"), (Target::Unit(2), "Sainte-Marie")]);
        assert_eq!(index.find("mines sainte", 10, &[]), [Target::Unit(1)]);
        assert_eq!(index.find("mines x", 10, &[]), []);
    }

    #[test]
    fn each_is_found_once_and_nothing_for_nothing() {
        let index = index(&[(Target::Unit(1), "Bora-Bora"), (Target::Unit(1), "Bora Bora (fr)")]);
        assert_eq!(index.find("bora", 10, &[]), [Target::Unit(1)]);
        for nothing in ["", "  ", "---", "zzz", "\u{10ffff}"] {
            assert_eq!(index.find(nothing, 10, &[]), [], "{nothing:?}");
        }
        assert_eq!(index.find("bora", 0, &[]), []);
    }
}
