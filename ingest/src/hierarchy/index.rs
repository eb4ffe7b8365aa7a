//! The index over units with a boundary.

use std::collections::HashMap;

use parvis_model::{AdminLevel, AdminUnit, Ancestors, LonLat, UnitId};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::polygon::Prepared;

type Boxed = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Finds the units of a place. Built once from all units, used from any thread.
///
/// Memory: 16 bytes for each vertex of every unit, half as much again for the bins of large ones.
#[derive(Debug)]
pub struct UnitIndex {
    entries: Vec<Entry>,
    /// By level, the boxes of its units.
    trees: [RTree<Boxed>; 6],
    labels: HashMap<String, (UnitId, LonLat)>,
}

/// One unit with a boundary.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: UnitId,
    pub(super) area: f64,
    ancestors: Ancestors,
    polygons: Prepared,
}

impl UnitIndex {
    /// Indexes the units that have a geometry. Units whose ancestors are known (see [`super::assign`]) are found
    /// faster: a place then needs one municipality and takes its ancestors.
    pub fn new(units: &[AdminUnit]) -> Self {
        let municipalities = units.iter().filter(|u| u.level == AdminLevel::Municipality && !u.code.is_empty());
        let labels = municipalities.filter_map(|u| Some((u.code.clone(), (u.id.clone(), u.label?)))).collect();
        Self { labels, ..Self::of(units, |_| true) }
    }

    /// Indexes some of the units that have a geometry, for what they contain; official codes are not known then.
    pub(super) fn of(units: &[AdminUnit], wanted: impl Fn(&AdminUnit) -> bool + Sync) -> Self {
        let prepared: Vec<(AdminLevel, Entry)> = units.par_iter().filter(|u| wanted(u)).filter_map(entry).collect();
        let mut boxes: [Vec<Boxed>; 6] = Default::default();
        let mut entries = Vec::with_capacity(prepared.len());
        for (level, entry) in prepared {
            let (min, max) = entry.polygons.corners();
            boxes[level.index()].push(GeomWithData::new(Rectangle::from_corners(min, max), entries.len() as u32));
            entries.push(entry);
        }
        let mut trees: [RTree<Boxed>; 6] = Default::default();
        trees.par_iter_mut().zip(boxes).for_each(|(tree, boxes)| *tree = RTree::bulk_load(boxes));
        Self { entries, trees, labels: HashMap::new() }
    }

    /// The unit of every level that contains a place; of several of one level the smallest, so for nested
    /// neighbourhoods the innermost.
    pub fn locate(&self, at: LonLat) -> Ancestors {
        let mut found = Ancestors::default();
        if let Some(municipality) = self.smallest(AdminLevel::Municipality, at) {
            found = municipality.ancestors.clone();
            found.set(AdminLevel::Municipality, Some(municipality.id.clone()));
        }
        for level in AdminLevel::ALL {
            if found.get(level).is_none() {
                found.set(level, self.smallest(level, at).map(|entry| entry.id.clone()));
            }
        }
        found
    }

    /// The municipality of an official code, with a place inside it; `None` when no unit with a boundary has it.
    pub fn municipality_label(&self, code: &str) -> Option<(UnitId, LonLat)> {
        self.labels.get(code).cloned()
    }

    /// The smallest unit of a level that contains a place.
    pub(super) fn smallest(&self, level: AdminLevel, at: LonLat) -> Option<&Entry> {
        self.containing(level, at).min_by(|a, b| a.area.total_cmp(&b.area).then_with(|| a.id.cmp(&b.id)))
    }

    /// All units of a level that contain a place.
    pub(super) fn containing(&self, level: AdminLevel, at: LonLat) -> impl Iterator<Item = &Entry> {
        let point = AABB::from_point([at.lon(), at.lat()]);
        let near = self.trees[level.index()].locate_in_envelope_intersecting(point);
        near.map(|found| &self.entries[found.data as usize]).filter(move |e| e.polygons.contains(at.coord()))
    }
}

fn entry(unit: &AdminUnit) -> Option<(AdminLevel, Entry)> {
    let polygons = Prepared::new(unit.geometry.as_ref()?)?;
    let area = unit.area_km2.unwrap_or(f64::INFINITY);
    Some((unit.level, Entry { id: unit.id.clone(), area, ancestors: unit.ancestors.clone(), polygons }))
}
