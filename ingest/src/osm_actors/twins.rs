//! The same actor mapped twice, as a node and as the building it is in.
//!
//! Two elements are one actor when they have the same folded name, the same kind, a tag in common and are no more
//! than [`NEAR_METRES`] apart. The first stays: nodes before ways before relations, then the lower id. A chain with
//! two doors in one street loses one of them; two departments of one body in one house, which have other names, do not.

use std::collections::{BTreeSet, HashMap};

use geo::{Distance, Haversine};
use parvis_model::{Actor, ActorKind, LonLat, fold};

/// How far apart two elements may be.
pub(super) const NEAR_METRES: f64 = 50.0;
/// More than that in degrees of latitude.
const NEAR_DEGREES: f64 = 0.000_46;

/// What has been seen.
#[derive(Debug, Default)]
pub(super) struct Twins {
    /// By kind and name: latitudes in steps of [`NEAR_DEGREES`], and indices into `kept`.
    by_name: HashMap<(ActorKind, String), BTreeSet<(i64, usize)>>,
    kept: Vec<(LonLat, Vec<String>, String)>,
}

impl Twins {
    /// The place (`n12`) of the element that this actor is the twin of, else remembers it.
    pub(super) fn of(&mut self, actor: &Actor, place: &str) -> Option<String> {
        let at = actor.location?;
        let band = (at.lat() / NEAR_DEGREES).floor() as i64;
        let same_name = self.by_name.entry((actor.kind, fold(&actor.name))).or_default();
        let near = same_name.range((band - 1, 0)..(band + 2, 0));
        let twin = near.map(|(_, index)| &self.kept[*index]).find(|(other, tags, _)| {
            Haversine.distance(at.point(), other.point()) <= NEAR_METRES && actor.tags.iter().any(|t| tags.contains(t))
        });
        if let Some((_, _, first)) = twin {
            return Some(first.clone());
        }
        same_name.insert((band, self.kept.len()));
        self.kept.push((at, actor.tags.clone(), place.to_owned()));
        None
    }
}
