//! What of the file is needed, in the order that reads least (DESIGN 6.1).
//!
//! ```text
//! sorted file    nodes ........ | ways ..... | relations      bisect to the last two borders by first elements,
//!                    ▲ only ids      ▲ only ids     │         read all relations, then the ways they name, then
//!                    └───────────────┴──────────────┘         only the node blobs whose id range is needed
//! otherwise      three passes: which kinds are in which blob and the relations, the ways, the nodes
//! ```
//!
//! Memory: the boundary relations with their tags, 8 bytes for each node reference of a needed way, 16 for each
//! needed node, and one inflated block per thread. Never a map of everything.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use osmpbf::Element;
use parvis_model::{CountryRules, Progress};
use rayon::prelude::*;

use super::relation::{Relation, relation};
use crate::osm_pbf::{Kind, PbfFile, Plan, ReadError, each, seek, sort_unique};

/// A way that a boundary names; nodes as ids, later as indices into [`Nodes`].
#[derive(Debug, Clone)]
pub(super) struct Way<N> {
    pub(super) id: i64,
    pub(super) nodes: Box<[N]>,
    pub(super) maritime: bool,
    pub(super) disputed: bool,
}

/// A place in ten-millionths of a degree, as OSM has it: comparisons are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) lon: i32,
    pub(super) lat: i32,
}

/// The needed nodes, by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    pub(super) ids: Vec<i64>,
    /// `None`: not in the file.
    pub(super) places: Vec<Option<Place>>,
}

/// Everything the boundaries need.
#[derive(Debug)]
pub(super) struct Selected {
    /// In the order of their ids.
    pub(super) relations: Vec<Relation>,
    /// Those in the file, in the order of their ids; nodes are indices into `nodes`.
    pub(super) ways: Vec<Way<u32>>,
    pub(super) nodes: Nodes,
}

/// Reads what is needed; ways and nodes that the file lacks from `other`, if there is one.
pub(super) fn select(
    pbf: &PbfFile,
    other: Option<&PbfFile>,
    rules: &[CountryRules],
    progress: &dyn Progress,
) -> Result<Selected, ReadError> {
    let plan = Plan::new(pbf)?;
    let other = other.map(|other| Plan::new(other).map(|plan| (other, plan))).transpose()?;
    let mut relations = relations(pbf, &plan, rules, progress)?;
    // Here and below room is counted first: a list that grows would take twice as much.
    let mut needed = Vec::with_capacity(relations.iter().map(|r| r.ways.len()).sum());
    needed.extend(relations.iter().flat_map(|r| r.ways.iter().map(|w| w.0)));
    sort_unique(&mut needed);
    let mut found = ways(pbf, &plan, &needed, progress)?;
    if let Some((other, plan)) = &other {
        needed.retain(|id| found.binary_search_by_key(id, |way| way.id).is_err());
        found.extend(ways(other, plan, &needed, progress)?);
        found.sort_by_key(|way| way.id);
    }
    let ways = found;
    let mut ids = Vec::with_capacity(ways.iter().map(|w| w.nodes.len()).sum());
    ids.extend(ways.iter().flat_map(|w| w.nodes.iter().copied()));
    sort_unique(&mut ids);
    let mut labels: Vec<i64> = relations.iter().flat_map(|r| r.label_nodes.iter().copied()).collect();
    sort_unique(&mut labels);
    let [mut nodes, mut labels] = nodes(pbf, &plan, [ids, labels], progress)?;
    if let Some((other, plan)) = &other {
        complete([&mut nodes, &mut labels], other, plan, progress)?;
    }
    relations.par_iter_mut().for_each(|relation| {
        relation.labels = relation.label_nodes.iter().filter_map(|id| labels.place(*id)).collect();
    });
    let numbered = |w: Way<i64>| {
        let mut last = 0;
        Way {
            id: w.id,
            nodes: w.nodes.iter().map(|id| nodes.number(*id, &mut last)).collect(),
            maritime: w.maritime,
            disputed: w.disputed,
        }
    };
    let ways = ways.into_par_iter().map(numbered).collect();
    Ok(Selected { relations, ways, nodes })
}

impl Nodes {
    fn place(&self, id: i64) -> Option<Place> {
        self.places[self.ids.binary_search(&id).ok()?]
    }

    /// The number of a node that is there. Neighbours along a way were mostly drawn one after the other, so the one
    /// after `last` is looked at first, and the one before.
    fn number(&self, id: i64, last: &mut usize) -> u32 {
        let (next, before) = (*last + 1, last.wrapping_sub(1));
        if self.ids.get(next) == Some(&id) {
            *last = next;
        } else if self.ids.get(before) == Some(&id) {
            *last = before;
        } else if let Ok(found) = self.ids.binary_search(&id) {
            *last = found;
        } else {
            return u32::MAX;
        }
        *last as u32
    }

    /// The ids of those that are not there.
    fn absent(&self) -> Vec<i64> {
        let absent = self.ids.iter().zip(&self.places).filter(|(_, place)| place.is_none());
        absent.map(|(id, _)| *id).collect()
    }
}

/// Looks in another file for the nodes that are not there.
fn complete(needed: [&mut Nodes; 2], other: &PbfFile, plan: &Plan, progress: &dyn Progress) -> Result<(), ReadError> {
    let absent = [needed[0].absent(), needed[1].absent()];
    if absent.iter().all(Vec::is_empty) {
        return Ok(());
    }
    let found = nodes(other, plan, absent, progress)?;
    for (needed, found) in needed.into_iter().zip(found) {
        let absent = needed.places.iter_mut().filter(|place| place.is_none());
        absent.zip(found.places).for_each(|(place, found)| *place = found);
    }
    Ok(())
}

fn relations(
    pbf: &PbfFile,
    plan: &Plan,
    rules: &[CountryRules],
    progress: &dyn Progress,
) -> Result<Vec<Relation>, ReadError> {
    let blobs = plan.blobs(pbf, Kind::Relation, None)?;
    let found = each(pbf, &blobs, "reading boundary relations", progress, |block| {
        // In parallel too: there may be fewer blobs than threads.
        let relations: Vec<_> = block.groups().flat_map(|g| g.relations()).collect();
        relations.par_iter().with_min_len(256).filter_map(|r| relation(r, rules)).collect::<Vec<_>>()
    })?;
    let mut relations = joined(found);
    relations.sort_by_key(|r| r.id);
    relations.dedup_by_key(|r| r.id);
    if relations.is_empty() {
        let countries = rules.iter().map(|r| r.iso.as_str()).collect::<Vec<_>>().join(", ");
        return Err(ReadError::NoBoundaries { path: pbf.path().to_owned(), countries, blobs: pbf.blobs() });
    }
    Ok(relations)
}

/// Lists one after the other.
fn joined<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(lists.iter().map(Vec::len).sum());
    for list in lists {
        all.extend(list);
    }
    all
}

fn ways(pbf: &PbfFile, plan: &Plan, needed: &[i64], progress: &dyn Progress) -> Result<Vec<Way<i64>>, ReadError> {
    let blobs = plan.blobs(pbf, Kind::Way, Some(needed))?;
    let found = each(pbf, &blobs, "reading boundary ways", progress, |block| {
        let ways = block.groups().flat_map(|g| g.ways()).filter(|w| needed.binary_search(&w.id()).is_ok());
        ways.map(|w| way(&w)).collect::<Vec<_>>()
    })?;
    let mut ways = joined(found);
    ways.sort_by_key(|w| w.id);
    ways.dedup_by_key(|w| w.id);
    Ok(ways)
}

fn way(way: &osmpbf::Way<'_>) -> Way<i64> {
    let (mut maritime, mut disputed) = (false, false);
    for tag in way.tags() {
        maritime |= matches!(tag, ("maritime", "yes") | ("boundary", "maritime"));
        disputed |= matches!(tag, ("disputed", "yes") | ("boundary", "disputed"));
    }
    Way { id: way.id(), nodes: way.refs().collect(), maritime, disputed }
}

/// Two lists of nodes, each sorted by id, in one pass over the file.
fn nodes(pbf: &PbfFile, plan: &Plan, ids: [Vec<i64>; 2], progress: &dyn Progress) -> Result<[Nodes; 2], ReadError> {
    let mut blobs = Vec::new();
    for ids in &ids {
        blobs.extend(plan.blobs(pbf, Kind::Node, Some(ids))?);
    }
    blobs.sort_unstable();
    blobs.dedup();
    let places = ids.each_ref().map(|ids| ids.iter().map(|_| AtomicU64::new(Place::NOWHERE)).collect::<Vec<_>>());
    each(pbf, &blobs, "reading boundary nodes", progress, |block| {
        let mut cursors = [0, 0];
        block.for_each_element(|element| {
            let (id, lon, lat) = match &element {
                Element::DenseNode(n) => (n.id(), n.nano_lon(), n.nano_lat()),
                Element::Node(n) => (n.id(), n.nano_lon(), n.nano_lat()),
                _ => return,
            };
            for list in 0..ids.len() {
                if let Some(index) = seek(&ids[list], &mut cursors[list], id)
                    && let Some(place) = Place::from_nano(lon, lat)
                {
                    // An id that a broken file has twice gives one place whichever thread comes first.
                    let greater = |old| (old == Place::NOWHERE || old < place.key()).then_some(place.key());
                    let _ = places[list][index].fetch_update(Relaxed, Relaxed, greater);
                }
            }
        });
    })?;
    let mut places = places.into_iter();
    Ok(ids.map(|ids| {
        let places = places.next().unwrap_or_default().into_par_iter().map(|key| Place::of_key(key.into_inner()));
        Nodes { ids, places: places.collect() }
    }))
}

impl Place {
    /// A number of its own: both coordinates side by side.
    pub(super) fn key(self) -> u64 {
        u64::from(self.lon.cast_unsigned()) << 32 | u64::from(self.lat.cast_unsigned())
    }

    /// The key of no place on the globe.
    pub(super) const NOWHERE: u64 = 1 << 63;

    /// The place of a key.
    fn of_key(key: u64) -> Option<Self> {
        let half = |bits: u64| (bits as u32).cast_signed();
        (key != Self::NOWHERE).then_some(Self { lon: half(key >> 32), lat: half(key) })
    }

    /// From billionths of a degree; `None` off the globe.
    fn from_nano(lon: i64, lat: i64) -> Option<Self> {
        let round = |nano: i64| nano.saturating_add(50 * nano.signum()) / 100;
        let (lon, lat) = (round(lon), round(lat));
        let on_globe = (-1_800_000_000..=1_800_000_000).contains(&lon) && (-900_000_000..=900_000_000).contains(&lat);
        on_globe.then_some(Self { lon: lon as i32, lat: lat as i32 })
    }
}

#[cfg(test)]
mod tests {
    use parvis_model::Silent;

    use super::*;
    use crate::osm_pbf::testing::{Osm, Packing};

    /// Forty squares in a row, each its own relation of a level that Luxembourg maps.
    fn row(sorted: bool) -> Osm {
        let mut osm = Osm { sorted, per_block: 4, packing: Packing::Raw, ..Osm::default() };
        for i in 0..40_i64 {
            let x = i as f64 * 0.01;
            for (k, (dx, dy)) in [(0.0, 0.0), (0.005, 0.0), (0.005, 0.005), (0.0, 0.005)].into_iter().enumerate() {
                osm.node(i * 10 + k as i64 + 1, x + dx, dy);
            }
            let n = i * 10 + 1;
            osm.way(i + 1, &[n, n + 1, n + 2, n + 3, n], &[("maritime", "yes")]);
        }
        osm
    }

    fn with_relations(mut osm: Osm, ways: &[i64]) -> Osm {
        for &w in ways {
            osm.relation(w, &[w], &[("type", "boundary"), ("boundary", "administrative"), ("admin_level", "8")]);
        }
        osm
    }

    fn read(osm: &Osm) -> (PbfFile, Selected) {
        let folder = tempfile::tempdir().unwrap();
        let pbf = PbfFile::open(&osm.save(&folder)).unwrap();
        let selected = select(&pbf, None, &[CountryRules::builtin("LU")], &Silent).unwrap();
        (pbf, selected)
    }

    #[test]
    fn a_sorted_file_is_bisected_and_only_needed_blobs_are_read() {
        let (pbf, selected) = read(&with_relations(row(true), &[2, 39]));
        let plan = Plan::new(&pbf).unwrap();
        assert_eq!(plan, Plan::Sorted { ways: 40, relations: 50 });
        assert_eq!(selected.ways.iter().map(|w| w.id).collect::<Vec<_>>(), [2, 39]);
        assert!(selected.ways.iter().all(|w| w.maritime && !w.disputed));
        assert_eq!(selected.nodes.ids, [11, 12, 13, 14, 381, 382, 383, 384]);
        assert!(selected.nodes.places.iter().all(Option::is_some));
        assert_eq!(selected.nodes.places[0], Some(Place { lon: 100_000, lat: 0 }));
        let few = plan.blobs(&pbf, Kind::Node, Some(&selected.nodes.ids)).unwrap();
        assert!(few.len() <= 3 && few.contains(&1) && few.contains(&38), "{few:?}");
    }

    #[test]
    fn an_unsorted_file_gives_the_same() {
        let mut osm = with_relations(row(false), &[2, 39]);
        osm.nodes.reverse();
        osm.ways.reverse();
        let mut frames = osm.frames();
        frames[1..].reverse();
        let folder = tempfile::tempdir().unwrap();
        let path = crate::osm_pbf::testing::save(&folder, &frames.concat());
        let pbf = PbfFile::open(&path).unwrap();
        let selected = select(&pbf, None, &[CountryRules::builtin("LU")], &Silent).unwrap();
        let (_, sorted) = read(&with_relations(row(true), &[2, 39]));
        assert!(matches!(Plan::new(&pbf).unwrap(), Plan::Scanned(_)));
        assert_eq!(selected.nodes.ids, sorted.nodes.ids);
        assert_eq!(selected.nodes.places, sorted.nodes.places);
        assert_eq!(selected.ways.len(), 2);
    }

    #[test]
    fn lines_and_other_relations_are_passed_over() {
        let mut osm = with_relations(row(true), &[1]);
        osm.relation(90, &[2], &[("type", "multilinestring"), ("boundary", "administrative"), ("admin_level", "2")]);
        osm.relation(91, &[3], &[("type", "route"), ("route", "bus")]);
        let (_, selected) = read(&osm);
        assert_eq!(selected.relations.iter().map(|r| r.id).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_file_without_boundaries_is_an_error_that_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let pbf = PbfFile::open(&row(true).save(&folder)).unwrap();
        let error = select(&pbf, None, &[CountryRules::builtin("LU")], &Silent).unwrap_err();
        assert!(error.to_string().contains("no boundary relation of LU"), "{error}");
    }
}
