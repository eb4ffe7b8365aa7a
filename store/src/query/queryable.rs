//! What may stand in a filter on a collection.

use parvis_model::{
    ActorKind, AdminLevel, Collection, EventKind, EventStatus, FieldType, Precision, UnitStatus, themes,
};

use super::GEOMETRY;

/// The type of a property in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryableKind {
    /// A column of the collection.
    Field(FieldType),
    /// The geometry: a point of actors and events, a multipolygon of units.
    Geometry,
}

/// A property that filters may name (OGC API Features part 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queryable {
    /// Its name; the same as in the files.
    pub name: &'static str,
    /// Its type.
    pub kind: QueryableKind,
    /// What it holds, in English.
    pub description: &'static str,
    /// All values it may have, where these are few and fixed.
    pub values: Vec<&'static str>,
}

/// The properties that a filter on a collection may name, in the order of its columns, the geometry last.
/// The objects of a JSON column cannot be compared and are left out.
pub fn queryables(collection: Collection) -> Vec<Queryable> {
    let fields = collection.fields().iter().filter(|f| f.kind != FieldType::Json);
    let mut all: Vec<Queryable> = fields
        .map(|f| Queryable {
            name: f.name,
            kind: QueryableKind::Field(f.kind),
            description: f.description,
            values: values(collection, f.name),
        })
        .collect();
    let description = if collection.level().is_some() { "Boundary" } else { "Place" };
    all.push(Queryable { name: GEOMETRY, kind: QueryableKind::Geometry, description, values: Vec::new() });
    all
}

fn values(collection: Collection, name: &str) -> Vec<&'static str> {
    match (name, collection) {
        ("kind", Collection::Actors) => ActorKind::ALL.map(ActorKind::name).to_vec(),
        ("kind", Collection::Events) => EventKind::ALL.map(EventKind::name).to_vec(),
        ("theme" | "themes", _) => themes().iter().map(|t| t.code.as_str()).collect(),
        ("precision", _) => [Precision::Point, Precision::Address, Precision::Municipality, Precision::None]
            .map(Precision::name)
            .to_vec(),
        ("status", Collection::Events) => {
            [EventStatus::Confirmed, EventStatus::Tentative, EventStatus::Cancelled].map(EventStatus::name).to_vec()
        }
        ("status", _) => [
            UnitStatus::Complete,
            UnitStatus::Repaired,
            UnitStatus::Derived,
            UnitStatus::Incomplete,
            UnitStatus::Invalid,
            UnitStatus::Missing,
        ]
        .map(UnitStatus::name)
        .to_vec(),
        _ => Vec::new(),
    }
}

/// The level of a property such as `department_id`; `None` of any other.
pub(super) fn level_of(name: &str) -> Option<AdminLevel> {
    AdminLevel::ALL.into_iter().find(|l| l.id_field() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_that_compares_is_a_queryable() {
        for collection in Collection::ALL {
            let names: Vec<&str> = queryables(collection).iter().map(|q| q.name).collect();
            assert!(names.contains(&"id") && names.ends_with(&[GEOMETRY]) && !names.contains(&"names"), "{names:?}");
        }
        assert_eq!(queryables(Collection::Actors)[1].values.len(), 6);
        assert_eq!(level_of("department_id"), Some(AdminLevel::Department));
        assert_eq!(level_of("organizer_id"), None);
    }
}
