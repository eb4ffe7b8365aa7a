//! The links of an edition, found by either end.

use parvis_model::{Collection, Link, Relation, UnitId};

use super::table::scan::scan;
use crate::{Edition, Snapshot, StoreError};

/// All links, sorted by where they come from.
#[derive(Debug, Default)]
pub struct LinkIndex {
    links: Vec<Link>,
    /// Positions in `links`, sorted by where they lead.
    by_end: Vec<u32>,
}

impl LinkIndex {
    /// Reads the table; an edition without one has no links.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Parquet`], [`StoreError::DamagedPart`].
    pub(crate) fn read(edition: &Edition) -> Result<Self, StoreError> {
        let Some(part) = edition.part("links", "parquet") else { return Ok(Self::default()) };
        let links = scan(&part.path, &["from_id", "to_id", "relation", "source"], |columns, _| {
            let mut links = Vec::with_capacity(columns.rows());
            for at in 0..columns.rows() {
                let text = |column| columns.text(column, at).map(|text| text.unwrap_or_default().to_owned());
                if let Some(relation) = Relation::from_name(&text(2)?) {
                    links.push(Link { from_id: text(0)?, to_id: text(1)?, relation, source: text(3)? });
                }
            }
            Ok(links)
        })?;
        Ok(Self::new(links))
    }

    fn new(mut links: Vec<Link>) -> Self {
        links.sort_unstable();
        let mut by_end: Vec<u32> = (0..links.len() as u32).collect();
        by_end.sort_by(|&a, &b| links[a as usize].to_id.cmp(&links[b as usize].to_id).then(a.cmp(&b)));
        Self { links, by_end }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// Those that begin at an id, by their other end. O(log n).
    pub fn from(&self, id: &str) -> &[Link] {
        let begin = self.links.partition_point(|l| l.from_id.as_str() < id);
        let count = self.links[begin..].partition_point(|l| l.from_id == id);
        &self.links[begin..begin + count]
    }

    /// Those that lead to an id, by their other end. O(log n).
    pub fn to(&self, id: &str) -> impl Iterator<Item = &Link> {
        let link = |at: u32| &self.links[at as usize];
        let begin = self.by_end.partition_point(|&at| link(at).to_id.as_str() < id);
        let count = self.by_end[begin..].partition_point(|&at| link(at).to_id == id);
        self.by_end[begin..begin + count].iter().map(move |&at| link(at))
    }
}

impl Snapshot {
    /// The collection and the name of what has an id; `None` when the edition holds nothing of that id.
    pub fn named(&self, id: &str) -> Option<(Collection, &str)> {
        let collection = match id.split(':').next()? {
            "actor" => Collection::Actors,
            "event" => Collection::Events,
            _ => {
                let unit = self.units().by_id(&UnitId::parse(id)?)?;
                return Some((unit.level.collection(), &unit.name));
            }
        };
        let points = self.points(collection)?;
        let at = points.position(points.row_of(id)?)?;
        Some((collection, points.name(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(from: &str, to: &str, relation: Relation) -> Link {
        Link { from_id: from.into(), to_id: to.into(), relation, source: "s".into() }
    }

    #[test]
    fn a_link_is_found_by_both_ends() {
        let index = LinkIndex::new(vec![
            link("b", "c", Relation::MemberOf),
            link("a", "c", Relation::ParentOf),
            link("a", "b", Relation::Organizes),
        ]);
        let ends: Vec<&str> = index.from("a").iter().map(|l| l.to_id.as_str()).collect();
        assert_eq!(ends, ["b", "c"]);
        let starts: Vec<&str> = index.to("c").map(|l| l.from_id.as_str()).collect();
        assert_eq!(starts, ["a", "b"]);
        assert!(index.from("c").is_empty() && index.to("a").next().is_none() && index.from("").is_empty());
        assert_eq!((index.len(), index.is_empty()), (3, false));
    }
}
