//! Rows: what writers and exporters see of a unit, an actor or an event.

use geo_types::{Geometry, Point};

use crate::{Actor, ActorId, AdminLevel, AdminUnit, Ancestors, Collection, Event, Instant, LonLat, UnitId};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Text.
    Text(String),
    /// Integer.
    Integer(i64),
    /// Float.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A moment.
    Timestamp(Instant),
    /// Several texts.
    TextList(Vec<String>),
    /// An object, serialised.
    Json(String),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! value_from {
    ($($type:ty => $variant:ident),*) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

value_from!(String => Text, &str => Text, i64 => Integer, u8 => Integer, f64 => Float, bool => Boolean,
            Instant => Timestamp, Vec<String> => TextList);

/// A row of a collection: one [`Value`] per [`Collection::fields`], in their order, and the geometry in CRS84.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Cells, as many as the collection has fields.
    pub values: Vec<Value>,
    /// Point of an actor or event, multipolygon of a unit; `None` when not located or without boundary.
    pub geometry: Option<Geometry<f64>>,
}

impl Row {
    /// The text of a field; `None` when the field is unknown, empty or not text.
    pub fn text(&self, collection: Collection, field: &str) -> Option<&str> {
        let at = collection.fields().iter().position(|f| f.name == field)?;
        match self.values.get(at)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn above(ancestors: &Ancestors, level: AdminLevel) -> Value {
    ancestors.get(level).map(UnitId::as_str).into()
}

fn lon(at: Option<LonLat>) -> Value {
    at.map(LonLat::lon).into()
}

fn lat(at: Option<LonLat>) -> Value {
    at.map(LonLat::lat).into()
}

fn point(at: Option<LonLat>) -> Option<Geometry<f64>> {
    at.map(|p| Geometry::Point(Point::new(p.lon(), p.lat())))
}

// Each conversion takes its struct apart by name, so that a new field does not compile until it has
// a column (or is left out on purpose with `_`).
impl From<AdminUnit> for Row {
    fn from(unit: AdminUnit) -> Self {
        let AdminUnit {
            id,
            level,
            subtype,
            code,
            name,
            name_fr,
            name_en,
            names,
            ancestors,
            parent_id,
            same_territory_as,
            postcodes,
            population,
            area_km2,
            siren,
            wikidata,
            osm_id,
            status,
            valid_at,
            source,
            licence,
            label,
            geometry,
        } = unit;
        let names = (!names.is_empty()).then(|| serde_json::to_string(&names).unwrap_or_default());
        let values = vec![
            id.as_str().into(),
            level.rank().into(),
            subtype.into(),
            Some(code).filter(|c| !c.is_empty()).into(),
            name.into(),
            name_fr.into(),
            name_en.into(),
            names.map_or(Value::Null, Value::Json),
            above(&ancestors, AdminLevel::Country),
            above(&ancestors, AdminLevel::Region),
            above(&ancestors, AdminLevel::Department),
            above(&ancestors, AdminLevel::Intercommunality),
            above(&ancestors, AdminLevel::Municipality),
            parent_id.as_ref().map(UnitId::as_str).into(),
            same_territory_as.as_ref().map(UnitId::as_str).into(),
            postcodes.into(),
            population.map(|p| p as i64).into(),
            area_km2.into(),
            siren.into(),
            wikidata.into(),
            osm_id.into(),
            status.name().into(),
            valid_at.into(),
            lon(label),
            lat(label),
            source.into(),
            licence.into(),
        ];
        Self { values, geometry: geometry.map(Geometry::MultiPolygon) }
    }
}

impl From<Actor> for Row {
    fn from(actor: Actor) -> Self {
        let Actor {
            id,
            kind,
            name,
            description,
            themes,
            tags,
            url,
            email,
            telephone,
            address,
            postcode,
            municipality_code: _,
            precision,
            location,
            ancestors,
            example,
            source,
            licence,
            updated,
        } = actor;
        let values = vec![
            id.as_str().into(),
            kind.name().into(),
            name.into(),
            description.into(),
            themes.first().map(|t| t.code.as_str()).into(),
            themes.codes().into(),
            tags.into(),
            url.into(),
            email.into(),
            telephone.into(),
            address.into(),
            postcode.into(),
            precision.name().into(),
            lon(location),
            lat(location),
            above(&ancestors, AdminLevel::Country),
            above(&ancestors, AdminLevel::Region),
            above(&ancestors, AdminLevel::Department),
            above(&ancestors, AdminLevel::Intercommunality),
            above(&ancestors, AdminLevel::Municipality),
            above(&ancestors, AdminLevel::Neighbourhood),
            example.into(),
            source.into(),
            licence.into(),
            updated.into(),
        ];
        Self { values, geometry: point(location) }
    }
}

impl From<Event> for Row {
    fn from(event: Event) -> Self {
        let Event {
            id,
            kind,
            name,
            description,
            themes,
            tags,
            url,
            address,
            postcode,
            municipality_code: _,
            precision,
            location,
            ancestors,
            series_id,
            start,
            end,
            timezone,
            all_day,
            status,
            organizer_id,
            example,
            source,
            licence,
            updated,
        } = event;
        let values = vec![
            id.as_str().into(),
            kind.name().into(),
            name.into(),
            description.into(),
            themes.first().map(|t| t.code.as_str()).into(),
            themes.codes().into(),
            tags.into(),
            url.into(),
            series_id.into(),
            start.into(),
            end.into(),
            timezone.into(),
            all_day.into(),
            status.name().into(),
            organizer_id.as_ref().map(ActorId::as_str).into(),
            address.into(),
            postcode.into(),
            precision.name().into(),
            lon(location),
            lat(location),
            above(&ancestors, AdminLevel::Country),
            above(&ancestors, AdminLevel::Region),
            above(&ancestors, AdminLevel::Department),
            above(&ancestors, AdminLevel::Intercommunality),
            above(&ancestors, AdminLevel::Municipality),
            above(&ancestors, AdminLevel::Neighbourhood),
            example.into(),
            source.into(),
            licence.into(),
            updated.into(),
        ];
        Self { values, geometry: point(location) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_cell_for_every_field() {
        let row = Row::from(AdminUnit::new(AdminLevel::Municipality, "97411", "Saint-Denis"));
        assert_eq!(row.values.len(), Collection::Municipalities.fields().len());
        assert_eq!(row.text(Collection::Municipalities, "code"), Some("97411"));
        assert_eq!(row.text(Collection::Municipalities, "status"), Some("missing"));
        assert_eq!(row.text(Collection::Municipalities, "nothing"), None);
    }
}
