//! The admin units of an edition, numbered so that a subtree is a range.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use parvis_model::{AdminLevel, Bbox, Collection, LonLat, UnitId, UnitStatus};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::PreparedPolygon;
use super::cells::Cells;

/// One unit, without its boundary.
#[derive(Debug, Clone)]
pub struct UnitRecord {
    /// `municipality:97411`.
    pub id: UnitId,
    /// Its place in the table: depth first.
    pub number: u32,
    /// One beyond the last number of its subtree.
    pub subtree_end: u32,
    /// Its level.
    pub level: AdminLevel,
    /// Its kind, where the level has several.
    pub subtype: Option<Box<str>>,
    /// Official code; empty when it has none.
    pub code: Box<str>,
    /// Name on the spot.
    pub name: Box<str>,
    /// French.
    pub name_fr: Option<Box<str>>,
    /// English.
    pub name_en: Option<Box<str>>,
    /// The unit directly above, as a number.
    pub parent: Option<u32>,
    /// By level the unit above, itself at its own; [`crate::NO_UNIT`] where there is none.
    pub above: [u32; 6],
    /// The row in its collection's files.
    pub row: u32,
    /// Box of the boundary.
    pub bbox: Option<Bbox>,
    /// A place inside it.
    pub label: Option<LonLat>,
    /// Inhabitants.
    pub population: Option<u64>,
    /// Square kilometres.
    pub area_km2: Option<f64>,
    /// How far the boundary can be trusted.
    pub status: UnitStatus,
    /// The unit of another level with the same territory.
    pub same_territory_as: Option<UnitId>,
    /// Postal codes.
    pub postcodes: Vec<Box<str>>,
}

impl UnitRecord {
    /// The name in a language: `fr`, `en`, else the name on the spot.
    pub fn name_in(&self, lang: &str) -> &str {
        let name = match lang {
            "fr" => self.name_fr.as_deref(),
            "en" => self.name_en.as_deref(),
            _ => None,
        };
        name.unwrap_or(&self.name)
    }

    /// The numbers of the unit and everything below it.
    pub fn subtree(&self) -> Range<u32> {
        self.number..self.subtree_end
    }
}

pub(crate) type UnitBox = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// All units of an edition with their prepared boundaries.
#[derive(Debug, Default)]
pub struct UnitTable {
    pub(crate) records: Vec<UnitRecord>,
    pub(crate) polygons: Vec<Option<PreparedPolygon>>,
    pub(crate) numbers: HashMap<UnitId, u32>,
    pub(crate) by_row: [Vec<u32>; 6],
    pub(crate) boxes: RTree<UnitBox>,
    pub(crate) cells: Cells,
}

impl UnitTable {
    /// All units, by number.
    pub fn records(&self) -> &[UnitRecord] {
        &self.records
    }

    /// A unit by number; `None` beyond the last and for [`crate::NO_UNIT`].
    pub fn get(&self, number: u32) -> Option<&UnitRecord> {
        self.records.get(number as usize)
    }

    /// A unit by id.
    pub fn by_id(&self, id: &UnitId) -> Option<&UnitRecord> {
        self.get(*self.numbers.get(id)?)
    }

    /// A unit by collection and row.
    pub fn by_row(&self, collection: Collection, row: u32) -> Option<&UnitRecord> {
        self.get(*self.by_row[collection.level()?.index()].get(row as usize)?)
    }

    /// The prepared boundary.
    pub fn polygon(&self, number: u32) -> Option<&PreparedPolygon> {
        self.polygons.get(number as usize)?.as_ref()
    }

    /// Prepares the large boundaries for lookups, so that none waits for it.
    pub(crate) fn warm(&self) {
        self.polygons.iter().flatten().for_each(PreparedPolygon::warm);
    }

    /// The units directly below; of an intercommunality the municipalities that are its members.
    pub fn children(&self, unit: &UnitRecord) -> Vec<&UnitRecord> {
        if unit.level == AdminLevel::Intercommunality {
            let member = |r: &&UnitRecord| {
                r.level == AdminLevel::Municipality && r.above[AdminLevel::Intercommunality.index()] == unit.number
            };
            return self.records.iter().filter(member).collect();
        }
        let mut children = Vec::new();
        let mut next = unit.number + 1;
        while next < unit.subtree_end {
            let Some(child) = self.get(next) else { break };
            children.push(child);
            next = child.subtree_end;
        }
        children
    }

    /// The units above, strongest first: by level, its intercommunality too, and the neighbourhoods it is part of.
    pub fn ancestors(&self, unit: &UnitRecord) -> Vec<&UnitRecord> {
        let mut found: HashSet<u32> = unit.above.iter().copied().collect();
        let mut next = unit.parent;
        while let Some(parent) = next.and_then(|n| self.get(n)) {
            if !found.insert(parent.number) && parent.parent == next {
                break;
            }
            next = parent.parent;
        }
        found.remove(&unit.number);
        let mut above: Vec<&UnitRecord> = found.into_iter().filter_map(|n| self.get(n)).collect();
        above.sort_by_key(|r| (r.level, r.number));
        above
    }

    /// The units of the same level that share a border with it, by number. O(edges of the candidates).
    pub fn neighbours(&self, unit: &UnitRecord) -> Vec<&UnitRecord> {
        let (Some(own), Some(bbox)) = (self.polygon(unit.number), unit.bbox) else { return Vec::new() };
        let own: HashSet<_> = own.edges().collect();
        let [w, s, e, n] = bbox.to_array();
        let around = AABB::from_corners([w, s], [e, n]);
        let mut found: Vec<&UnitRecord> = self
            .boxes
            .locate_in_envelope_intersecting(around)
            .filter_map(|b| self.get(b.data))
            .filter(|r| r.level == unit.level && r.number != unit.number)
            .filter(|r| self.polygon(r.number).is_some_and(|p| p.edges().any(|e| own.contains(&e))))
            .collect();
        found.sort_by_key(|r| r.number);
        found
    }

    /// The units a place lies in, strongest first, one a level: the smallest where they nest.
    pub fn lookup(&self, at: LonLat) -> Vec<&UnitRecord> {
        let mut found: Vec<&UnitRecord> = self
            .boxes
            .locate_all_at_point([at.lon(), at.lat()])
            .filter(|b| self.polygon(b.data).is_some_and(|p| p.contains(at)))
            .filter_map(|b| self.get(b.data))
            .collect();
        let area = |r: &UnitRecord| r.area_km2.unwrap_or(f64::INFINITY);
        found.sort_by(|a, b| a.level.cmp(&b.level).then(area(a).total_cmp(&area(b))).then(b.number.cmp(&a.number)));
        found.dedup_by_key(|r| r.level);
        found
    }

    /// Whether `number` is the unit `within`, or lies in it.
    pub fn is_within(&self, number: u32, within: &UnitRecord) -> bool {
        self.get(number).is_some_and(|r| within.subtree().contains(&r.above[within.level.index()]))
    }
}
