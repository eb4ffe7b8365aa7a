//! The elements that are actors, and the ways and nodes that place them.
//!
//! ```text
//! relations   all: those that are actors
//! ways        all: those that are actors, and the members of those relations
//! nodes       all: those that are actors, and the nodes of those ways
//! ```
//!
//! Any node may be an actor, so every blob is decoded once, in parallel; in a file that is not sorted a blob of several
//! kinds is decoded once for each. Memory: the actors with the tags that are used, 8 bytes for each node reference of
//! a way that is kept, 24 for each such node, and one inflated block per thread. Of the metadata only the time of the
//! last change is looked at, never user, uid or changeset.

use osmpbf::RelMemberType;
use parvis_model::{Instant, LonLat, Progress};

use super::rules::{Matched, Rules};
use crate::osm_pbf::{Kind, PbfFile, Plan, ReadError, each, seek, sort_unique};

/// The tags that an actor is made of.
pub(super) const USED: &[&str] = &[
    "addr:housenumber",
    "addr:place",
    "addr:postcode",
    "addr:street",
    "brand",
    "contact:email",
    "contact:housenumber",
    "contact:phone",
    "contact:postcode",
    "contact:street",
    "contact:website",
    "description",
    "description:fr",
    "email",
    "name",
    "phone",
    "url",
    "website",
];

/// An element that a rule makes an actor.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) id: i64,
    /// When it was last changed, if the file says so.
    pub(super) updated: Option<Instant>,
    /// Those of [`USED`].
    tags: Vec<(String, String)>,
    pub(super) matched: Matched,
    pub(super) shape: Shape,
}

/// What places an element.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A node; `None` off the globe.
    Point(Option<LonLat>),
    /// A way: its nodes.
    Line(Box<[i64]>),
    /// A relation that is an area: its ways, in the order of their members.
    Area(Vec<i64>),
    /// A relation of another type.
    Other,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Nodes, ways, relations, each by id.
    pub(super) found: Vec<Found>,
    /// The members of relations, by id.
    pub(super) ways: Vec<(i64, Box<[i64]>)>,
    /// Ids of the nodes of all ways, sorted, and where each is.
    pub(super) nodes: Vec<i64>,
    pub(super) places: Vec<Option<LonLat>>,
}

impl Found {
    /// `n123`, `w123`, `r123`.
    pub(super) fn place(&self) -> String {
        let letter = match self.kind {
            Kind::Node => 'n',
            Kind::Way => 'w',
            Kind::Relation => 'r',
        };
        format!("{letter}{}", self.id)
    }

    /// A tag of [`USED`].
    pub(super) fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// The element if it has a name and is an actor.
    fn of(
        (kind, id): (Kind, i64),
        tags: &[(&str, &str)],
        milliseconds: Option<i64>,
        shape: impl FnOnce() -> Shape,
    ) -> Option<Self> {
        if !tags.iter().any(|(key, value)| *key == "name" && !value.trim().is_empty()) {
            return None;
        }
        let matched = Rules::builtin().matching(tags)?;
        let used = tags.iter().filter(|(key, _)| USED.contains(key));
        Some(Self {
            kind,
            id,
            // Files without metadata say 0, or nothing.
            updated: milliseconds.filter(|&ms| ms > 0).map(|ms| Instant::from_unix(ms / 1_000)),
            tags: used.map(|&(key, value)| (key.to_owned(), value.to_owned())).collect(),
            matched,
            shape: shape(),
        })
    }
}

/// Reads all actors of a file.
pub(super) fn read(pbf: &PbfFile, progress: &dyn Progress) -> Result<Read, ReadError> {
    let plan = Plan::new(pbf)?;
    let relations = relations(pbf, &plan, progress)?;
    let mut members: Vec<i64> = relations.iter().flat_map(Found::members).copied().collect();
    sort_unique(&mut members);
    let (mut found, ways) = ways(pbf, &plan, &members, progress)?;
    let lines = found.iter().flat_map(Found::line).chain(ways.iter().flat_map(|(_, line)| line.iter()));
    let mut ids: Vec<i64> = lines.copied().collect();
    sort_unique(&mut ids);
    let (points, places) = nodes(pbf, &plan, &ids, progress)?;
    found.extend(relations);
    found.extend(points);
    found.sort_by_key(|f| (f.kind, f.id));
    Ok(Read { found, ways, nodes: ids, places })
}

impl Found {
    fn members(&self) -> &[i64] {
        if let Shape::Area(ways) = &self.shape { ways } else { &[] }
    }

    fn line(&self) -> &[i64] {
        if let Shape::Line(nodes) = &self.shape { nodes } else { &[] }
    }
}

fn relations(pbf: &PbfFile, plan: &Plan, progress: &dyn Progress) -> Result<Vec<Found>, ReadError> {
    let blobs = plan.blobs(pbf, Kind::Relation, None)?;
    let found = each(pbf, &blobs, "reading actor relations", progress, |block| {
        let relations = block.groups().flat_map(|g| g.relations());
        relations.filter_map(|r| relation(&r)).collect::<Vec<_>>()
    })?;
    Ok(found.into_iter().flatten().collect())
}

fn relation(relation: &osmpbf::Relation<'_>) -> Option<Found> {
    let tags: Vec<(&str, &str)> = relation.tags().collect();
    let shape = || {
        if !tags.iter().any(|t| matches!(t, ("type", "multipolygon" | "boundary"))) {
            return Shape::Other;
        }
        let ways = relation.members().filter(|m| m.member_type == RelMemberType::Way);
        Shape::Area(ways.map(|m| m.member_id).collect())
    };
    Found::of((Kind::Relation, relation.id()), &tags, relation.info().milli_timestamp(), shape)
}

/// Ways that are actors, and those that relations name, sorted.
type Ways = (Vec<Found>, Vec<(i64, Box<[i64]>)>);

fn ways(pbf: &PbfFile, plan: &Plan, members: &[i64], progress: &dyn Progress) -> Result<Ways, ReadError> {
    let blobs = plan.blobs(pbf, Kind::Way, None)?;
    let read = each(pbf, &blobs, "reading actor ways", progress, |block| {
        let (mut found, mut lines, mut tags) = (Vec::new(), Vec::new(), Vec::new());
        for way in block.groups().flat_map(|g| g.ways()) {
            tags.clear();
            tags.extend(way.tags());
            let line = || Shape::Line(way.refs().collect());
            found.extend(Found::of((Kind::Way, way.id()), &tags, way.info().milli_timestamp(), line));
            if members.binary_search(&way.id()).is_ok() {
                lines.push((way.id(), way.refs().collect::<Box<[i64]>>()));
            }
        }
        (found, lines)
    })?;
    let (found, lines): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let mut lines: Vec<_> = lines.into_iter().flatten().collect();
    lines.sort_by_key(|(id, _)| *id);
    Ok((found.into_iter().flatten().collect(), lines))
}

/// Nodes that are actors, and where the nodes of ways are.
type Nodes = (Vec<Found>, Vec<Option<LonLat>>);

fn nodes(pbf: &PbfFile, plan: &Plan, ids: &[i64], progress: &dyn Progress) -> Result<Nodes, ReadError> {
    let blobs = plan.blobs(pbf, Kind::Node, None)?;
    let read = each(pbf, &blobs, "reading actor nodes", progress, |block| {
        let mut nodes = NodesOfBlock { ids, cursor: 0, found: Vec::new(), places: Vec::new() };
        let mut tags: Vec<(&str, &str)> = Vec::new();
        for group in block.groups() {
            for n in group.dense_nodes() {
                tags.clear();
                tags.extend(n.tags());
                let changed = n.info().map(osmpbf::DenseNodeInfo::milli_timestamp);
                nodes.take(n.id(), (n.nano_lon(), n.nano_lat()), changed, &tags);
            }
            for n in group.nodes() {
                tags.clear();
                tags.extend(n.tags());
                nodes.take(n.id(), (n.nano_lon(), n.nano_lat()), n.info().milli_timestamp(), &tags);
            }
        }
        (nodes.found, nodes.places)
    })?;
    let mut all = vec![None; ids.len()];
    let mut found = Vec::new();
    for (of_block, places) in read {
        found.extend(of_block);
        for (index, at) in places {
            all[index] = at;
        }
    }
    Ok((found, all))
}

/// What one blob has of nodes.
struct NodesOfBlock<'i> {
    /// Those of ways, sorted.
    ids: &'i [i64],
    cursor: usize,
    found: Vec<Found>,
    /// Indices into `ids`, and where each is.
    places: Vec<(usize, Option<LonLat>)>,
}

impl NodesOfBlock<'_> {
    /// Takes a node; the place is in billionths of a degree.
    fn take(&mut self, id: i64, (lon, lat): (i64, i64), changed: Option<i64>, tags: &[(&str, &str)]) {
        let at = || LonLat::new(lon as f64 / 1e9, lat as f64 / 1e9);
        self.found.extend(Found::of((Kind::Node, id), tags, changed, || Shape::Point(at())));
        if let Some(index) = seek(self.ids, &mut self.cursor, id) {
            self.places.push((index, at()));
        }
    }
}
