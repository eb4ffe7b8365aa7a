//! Boundary relations: their tags, their members by role, and the level that the rules give them.

use osmpbf::RelMemberType;
use parvis_model::{CountryRules, Mapped};

use super::select::Place;

/// A boundary relation and what the rules make of it.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) id: i64,
    /// Those that a unit is made of.
    pub(super) tags: Tags,
    /// Way members in order, with their roles.
    pub(super) ways: Box<[(i64, Role)]>,
    /// The node members that say where its name belongs, the best first: `label`, then `admin_centre`.
    pub(super) label_nodes: Vec<i64>,
    /// Where those nodes are that the file has.
    pub(super) labels: Vec<Place>,
    pub(super) mapped: Mapped,
}

impl Relation {
    /// A relation of ways alone, for tests.
    #[cfg(test)]
    pub(super) fn sample(id: i64, tags: &[(&str, &str)], ways: Vec<(i64, Role)>) -> Self {
        Self {
            id,
            tags: Tags::new(tags),
            ways: ways.into(),
            label_nodes: Vec::new(),
            labels: Vec::new(),
            mapped: Mapped::Other,
        }
    }

    pub(super) fn tag(&self, key: &str) -> Option<&str> {
        self.tags.iter().find(|(k, _)| *k == key).map(|(_, v)| v)
    }
}

/// Keys and values in one text: tens of thousands of relations with a dozen short texts each would be as many
/// allocations.
#[derive(Debug, Clone, Default)]
pub(super) struct Tags {
    text: Box<str>,
    /// Where each key and each value ends.
    ends: Box<[[u32; 2]]>,
}

impl Tags {
    fn new(tags: &[(&str, &str)]) -> Self {
        let mut text = String::with_capacity(tags.iter().map(|(key, value)| key.len() + value.len()).sum());
        let mut end = |part: &str| {
            text.push_str(part);
            text.len() as u32
        };
        let ends = tags.iter().map(|(key, value)| [end(key), end(value)]).collect();
        Self { text: text.into(), ends }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|[_, value]| *value as usize));
        let text = |from: usize, to: u32| &self.text[from..to as usize];
        starts.zip(&self.ends).map(move |(start, &[key, value])| (text(start, key), text(key as usize, value)))
    }
}

/// The rank of a node member as a place for the name, 0 the best; `None` for members that say nothing of it.
fn label_rank(role: &str) -> Option<u8> {
    match role {
        "label" => Some(0),
        "admin_centre" | "admin_center" => Some(1),
        _ => None,
    }
}

/// What a way member claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Outer,
    Inner,
    None,
    Unknown(Box<str>),
}

impl Role {
    fn parse(text: &str) -> Self {
        match text {
            "outer" | "exclave" => Self::Outer,
            "inner" | "enclave" => Self::Inner,
            "" => Self::None,
            other => Self::Unknown(other.into()),
        }
    }
}

/// A relation as the rules of a country map it; `None` for one that is no boundary of theirs.
pub(super) fn relation(relation: &osmpbf::Relation<'_>, rules: &[CountryRules]) -> Option<Relation> {
    let mut tags: Vec<(&str, &str)> = relation.tags().collect();
    let tag = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
    // Lines of borders (type=multilinestring) and routes carry the same tags without being areas.
    if !matches!(tag("type"), None | Some("boundary" | "multipolygon")) {
        return None;
    }
    let mapped = rules.iter().map(|r| r.map(tag)).min_by_key(|mapped| match mapped {
        Mapped::Unit { code: Some(_), .. } => 0,
        Mapped::Unit { code: None, .. } => 1,
        Mapped::Unmapped(_) => 2,
        Mapped::Other => 3,
    })?;
    if mapped == Mapped::Other {
        return None;
    }
    tags.retain(|(key, _)| is_read(key));
    let ways = relation.members().filter(|m| m.member_type == RelMemberType::Way);
    let nodes = relation.members().filter(|m| m.member_type == RelMemberType::Node);
    let mut labels: Vec<(u8, i64)> = nodes.filter_map(|m| Some((label_rank(m.role().ok()?)?, m.member_id))).collect();
    labels.sort_by_key(|(rank, _)| *rank);
    Some(Relation {
        id: relation.id(),
        tags: Tags::new(&tags),
        ways: ways.map(|m| (m.member_id, Role::parse(m.role().unwrap_or_default()))).collect(),
        label_nodes: labels.into_iter().map(|(_, id)| id).collect(),
        labels: Vec::new(),
        mapped,
    })
}

/// Whether a unit takes something from a tag besides what the rules of its country do.
fn is_read(key: &str) -> bool {
    key.starts_with("name")
        || matches!(key, "population" | "ref:FR:SIREN" | "wikidata" | "addr:postcode" | "postal_code")
}
