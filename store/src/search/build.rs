//! Building the search index of an edition.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use parvis_model::fold;
use rayon::prelude::*;

use super::index::SearchIndex;
use super::words::Words;
use super::{HitKind, Target};
use crate::index::{PointIndex, UnitRecord, UnitTable};

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
        Self::from_names(&names)
    }

    /// Indexes folded names, which come kind by kind and in the order of importance.
    pub(super) fn from_names(names: &[(Target, String)]) -> Self {
        let mut index = Self::default();
        let mut dictionary = Dictionary::default();
        for (target, name) in names.iter().filter(|(_, name)| !name.is_empty()) {
            let entry = index.targets.len() as u32;
            index.targets.push(*target);
            index.text.push_str(name);
            index.ends.push(index.text.len() as u32);
            dictionary.add(name, entry);
            let range = &mut index.kinds[kind_number(target.kind())];
            if range.start == range.end {
                *range = entry..entry;
            }
            range.end = entry + 1;
        }
        let key = |&entry: &u32| {
            let name = index.name(entry).as_bytes();
            let mut first = [0; 16];
            let length = name.len().min(first.len());
            first[..length].copy_from_slice(&name[..length]);
            (u128::from_be_bytes(first), entry)
        };
        let entries: Vec<u32> = (0..index.targets.len() as u32).collect();
        let mut keyed: Vec<(u128, u32)> = entries.par_iter().map(key).collect();
        keyed.par_sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| index.name(a.1).cmp(index.name(b.1))).then(a.1.cmp(&b.1))
        });
        index.by_name = keyed.into_iter().map(|(_, entry)| entry).collect();
        index.words = dictionary.finish();
        index
    }
}

/// The place of a kind among those an index tells apart.
pub(super) fn kind_number(kind: HitKind) -> usize {
    match kind {
        HitKind::Unit => 0,
        HitKind::Postcode => 1,
        HitKind::Actor => 2,
        HitKind::Event => 3,
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

/// The words met so far, numbered as they came, and where each was met.
#[derive(Default)]
struct Dictionary<'n> {
    numbers: HashMap<&'n str, u32>,
    met: Vec<(u32, u32)>,
}

impl<'n> Dictionary<'n> {
    fn add(&mut self, name: &'n str, entry: u32) {
        for word in name.split(' ').filter(|word| !word.is_empty()) {
            let next = self.numbers.len() as u32;
            let number = *self.numbers.entry(word).or_insert(next);
            // A name that has a word twice is met once.
            if self.met.last() != Some(&(number, entry)) {
                self.met.push((number, entry));
            }
        }
    }

    /// Words in their order; the entries of each in the order of importance.
    fn finish(self) -> Words {
        let mut sorted: Vec<(&str, u32)> = self.numbers.into_iter().collect();
        sorted.par_sort_unstable();
        let mut place = vec![0u32; sorted.len()];
        for (at, (_, number)) in sorted.iter().enumerate() {
            place[*number as usize] = at as u32;
        }
        let mut starts = vec![0u32; sorted.len() + 1];
        for (number, _) in &self.met {
            starts[place[*number as usize] as usize + 1] += 1;
        }
        for at in 0..sorted.len() {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut entries = vec![0u32; self.met.len()];
        for (number, entry) in &self.met {
            let next = &mut next[place[*number as usize] as usize];
            entries[*next as usize] = *entry;
            *next += 1;
        }
        Words::new(sorted.iter().map(|(word, _)| *word), starts, entries)
    }
}
