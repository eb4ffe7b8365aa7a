//! Rows in another order than that of the files: `sortby` (OGC API Features part 8), as a permutation that is
//! made once for an edition and paged by position.

use std::fmt;

use parvis_model::{Collection, Field, FieldType};
use rayon::prelude::*;

use crate::{Edition, Near, Snapshot, StoreError, duck};

/// The most fields that an order may name.
pub const MAX_KEYS: usize = 5;

/// One field to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    field: &'static Field,
    descending: bool,
}

/// Why rows cannot be sorted so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SortError {
    /// The collection has no such field, or one that has no order.
    #[error("`{name}` is no field of {collection} to sort by; there are {}", names(*collection))]
    NotSortable {
        /// What was asked.
        name: String,
        /// The collection.
        collection: Collection,
    },
    /// A field is named twice.
    #[error("`{0}` is named twice")]
    Twice(String),
    /// The distance is not from anywhere.
    #[error("`{DISTANCE}` goes with `near` and `radius`, from which it is measured")]
    FromNowhere,
    /// The distance is not the first.
    #[error("`{DISTANCE}` comes first: other fields part what is equally far")]
    DistanceFirst,
    /// More fields than [`MAX_KEYS`], or none.
    #[error("from 1 to {MAX_KEYS} fields can be sorted by, not {0}")]
    HowMany(usize),
}

/// What rows near a place can be sorted by besides their fields.
pub const DISTANCE: &str = "distance";

/// How rows are sorted: by their distance from a place, if any, then by fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// From where; whether the farthest come first.
    distance: Option<(Near, bool)>,
    keys: Vec<SortKey>,
}

impl Order {
    /// Parses names parted by commas, the first the most important, each with `-` before it for descending. `near`:
    /// where the rows are near to, all of them.
    ///
    /// # Errors
    /// [`SortError`].
    pub fn parse<'a>(
        collection: Collection,
        texts: impl Iterator<Item = &'a str>,
        near: Option<Near>,
    ) -> Result<Self, SortError> {
        let texts: Vec<&str> = texts.collect();
        let is_distance = |text: &&str| text.strip_prefix(['-', '+']).unwrap_or(text) == DISTANCE;
        let by_distance = texts.first().filter(|t| is_distance(t)).map(|t| t.starts_with('-'));
        let fields = &texts[usize::from(by_distance.is_some())..];
        if texts.is_empty() || texts.len() > MAX_KEYS {
            return Err(SortError::HowMany(texts.len()));
        }
        if fields.iter().any(is_distance) {
            return Err(if by_distance.is_some() {
                SortError::Twice(DISTANCE.to_owned())
            } else {
                SortError::DistanceFirst
            });
        }
        let from = |farthest| near.map(|near| (near, farthest)).ok_or(SortError::FromNowhere);
        let distance = by_distance.map(from).transpose()?;
        Ok(Self { distance, keys: SortKey::parse_list(collection, fields)? })
    }

    /// The rows in this order, each once; by distance only those that are near. What is equal stays in the order of
    /// the files.
    ///
    /// # Errors
    /// As `order`.
    pub fn rows(&self, snapshot: &Snapshot, collection: Collection) -> Result<Vec<u32>, StoreError> {
        let rows = match &self.keys[..] {
            [] => (0..snapshot.rows(collection)).collect(),
            keys => order(snapshot.edition(), collection, keys)?,
        };
        let Some((near, farthest)) = self.distance else { return Ok(rows) };
        let mut metres = vec![f64::NAN; rows.len()];
        for (row, distance) in snapshot.near(collection, near) {
            metres[row as usize] = if farthest { -distance } else { distance };
        }
        let mut rows: Vec<(f64, u32)> = rows.into_iter().map(|row| (metres[row as usize], row)).collect();
        rows.retain(|(metres, _)| !metres.is_nan());
        rows.par_sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }
}

/// One text for each order, with where a distance is from.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((near, farthest)) = self.distance {
            let sign = if farthest { "-" } else { "" };
            write!(f, "{sign}{DISTANCE}({},{},{})", near.at.lon(), near.at.lat(), near.radius)?;
        }
        for (at, key) in self.keys.iter().enumerate() {
            let between = if at > 0 || self.distance.is_some() { "," } else { "" };
            write!(f, "{between}{key}")?;
        }
        Ok(())
    }
}

fn names(collection: Collection) -> String {
    sortables(collection).map(|f| f.name).collect::<Vec<_>>().join(", ")
}

/// The fields that rows can be sorted by: those with one value.
pub fn sortables(collection: Collection) -> impl Iterator<Item = &'static Field> {
    collection.fields().iter().filter(|f| !matches!(f.kind, FieldType::TextList | FieldType::Json))
}

impl SortKey {
    /// Parses `name`, `+name` or `-name`.
    fn parse(collection: Collection, text: &str) -> Result<Self, SortError> {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        };
        let field = sortables(collection).find(|f| f.name == name);
        let unknown = || SortError::NotSortable { name: name.chars().take(80).collect(), collection };
        Ok(Self { field: field.ok_or_else(unknown)?, descending })
    }

    fn parse_list(collection: Collection, texts: &[&str]) -> Result<Vec<Self>, SortError> {
        let keys: Vec<Self> = texts.iter().map(|text| Self::parse(collection, text)).collect::<Result<_, _>>()?;
        for (at, key) in keys.iter().enumerate() {
            if keys[..at].iter().any(|other| other.field == key.field) {
                return Err(SortError::Twice(key.field.name.to_owned()));
            }
        }
        Ok(keys)
    }

    /// As SQL: texts without regard to case and accents first, then as they are; nulls last either way.
    fn sql(self) -> String {
        let way = if self.descending { "DESC" } else { "ASC" };
        // The name comes from our own schema.
        let name = self.field.name;
        match self.field.kind {
            FieldType::Text => {
                format!("\"{name}\" COLLATE NOCASE.NOACCENT {way} NULLS LAST, \"{name}\" {way} NULLS LAST")
            }
            _ => format!("\"{name}\" {way} NULLS LAST"),
        }
    }
}

impl fmt::Display for SortKey {
    /// As in `sortby`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.field.name)
    }
}

/// All rows of a collection in an order; rows that are equal in it stay in the order of the files.
///
/// Costs a sort of the columns by DuckDB, which spills; four bytes a row to keep.
///
/// # Errors
/// [`StoreError::DuckDb`]; [`StoreError::DamagedPart`] when the table has another number of rows than a `u32` holds.
fn order(edition: &Edition, collection: Collection, keys: &[SortKey]) -> Result<Vec<u32>, StoreError> {
    let part = edition.require(collection, "parquet")?;
    let failed = |e| StoreError::duck(&part.path)(e);
    let keys: Vec<String> = keys.iter().map(|k| k.sql()).chain(["file_row_number".to_owned()]).collect();
    let sql =
        format!("SELECT file_row_number FROM read_parquet(?, file_row_number = true) ORDER BY {}", keys.join(", "));
    let connection = duck::connect(edition.spill_dir())?;
    let mut statement = connection.prepare(&sql).map_err(failed)?;
    let mut found = statement.query([part.path.to_string_lossy()]).map_err(failed)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(failed)? {
        let number: i64 = row.get(0).map_err(failed)?;
        let number = u32::try_from(number).ok().ok_or_else(|| StoreError::DamagedPart {
            path: part.path.clone(),
            detail: format!("row {number} is beyond what is counted"),
        })?;
        rows.push(number);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;
    use crate::testing::{at, zed};

    fn order(collection: Collection, text: &str) -> Result<Order, SortError> {
        Order::parse(collection, text.split(',').filter(|t| !t.is_empty()), None)
    }

    #[test]
    fn only_fields_with_one_value_can_be_sorted_by() {
        let parsed = order(Collection::Municipalities, "-population,+name,code").unwrap();
        assert_eq!(parsed.to_string(), "-population,name,code");
        for bad in ["", "geometry", "postcodes", "names", "--name", "name,-name", "Name", "id;drop", "a,b,c,d,e,f"] {
            assert!(order(Collection::Municipalities, bad).is_err(), "{bad}");
        }
        assert!(order(Collection::Actors, "population").is_err(), "a field of units");
    }

    #[test]
    fn what_is_near_comes_by_its_distance() {
        let zed = zed();
        let snapshot = &zed.snapshot;
        let near = Near::new(at(1.2, 0.9), 250_000.0).unwrap();
        let parse = |of, text: &str, near| Order::parse(of, text.split(','), near);
        for text in ["name,distance", "distance,-distance", "-distance,name,name"] {
            assert!(parse(Collection::Actors, text, Some(near)).is_err(), "{text}");
        }
        assert_eq!(parse(Collection::Actors, "distance", None), Err(SortError::FromNowhere));
        for collection in [Collection::Actors, Collection::Events, Collection::Municipalities] {
            let taken = snapshot.select(collection, &Filter { near: Some(near), ..Filter::default() }).unwrap();
            let metres: std::collections::BTreeMap<u32, f64> = snapshot.near(collection, near).into_iter().collect();
            assert_eq!(metres.keys().copied().collect::<Vec<_>>(), taken.rows().collect::<Vec<_>>(), "{collection}");
            let sorted = |text| parse(collection, text, Some(near)).unwrap().rows(snapshot, collection).unwrap();
            let (nearest, farthest) = (sorted("distance,-name"), sorted("-distance,-name"));
            assert!(nearest.len() > 1 && nearest.len() as u64 == taken.total(), "{collection}");
            assert!(nearest.is_sorted_by(|a, b| metres[a] <= metres[b]));
            assert!(farthest.is_sorted_by(|a, b| metres[a] >= metres[b]));
            let name = |row: &u32| {
                let feature: serde_json::Value = serde_json::from_slice(snapshot.geojson(collection, *row)).unwrap();
                parvis_model::fold(feature["properties"]["name"].as_str().unwrap())
            };
            assert!(nearest.is_sorted_by(|a, b| metres[a] < metres[b] || name(a) >= name(b)), "{collection}");
        }
        let place = |row: u32| snapshot.points(Collection::Actors).and_then(|p| p.place(p.position(row)?)).unwrap();
        for (row, metres) in snapshot.near(Collection::Actors, near) {
            let plain = geo::Distance::distance(&geo::Geodesic, place(row).point(), near.at.point());
            assert!((plain - metres).abs() < 1e-6);
        }
        let inside = snapshot.lookup(near.at).into_iter().find(|u| u.level.collection() == Collection::Municipalities);
        let first = parse(Collection::Municipalities, "distance", Some(near)).unwrap();
        let first = first.rows(snapshot, Collection::Municipalities).unwrap()[0];
        assert_eq!(inside.unwrap().row, first, "a place is 0 metres from where it is");
    }

    #[test]
    fn rows_come_in_the_order_of_their_cells() {
        let zed = zed();
        let snapshot = &zed.snapshot;
        for (collection, by) in [(Collection::Actors, "-name"), (Collection::Events, "start,-id")] {
            let sorted = order(collection, by).unwrap().rows(snapshot, collection).unwrap();
            let mut once = sorted.clone();
            once.sort_unstable();
            assert_eq!(once, (0..snapshot.rows(collection)).collect::<Vec<_>>(), "{collection}: each row once");
            let cells: Vec<serde_json::Value> =
                sorted.iter().map(|&row| serde_json::from_slice(snapshot.geojson(collection, row)).unwrap()).collect();
            for pair in cells.windows(2) {
                let text = |at: usize, name: &str| pair[at]["properties"][name].as_str().unwrap_or_default().to_owned();
                let in_order = if collection == Collection::Actors {
                    parvis_model::fold(&text(0, "name")) >= parvis_model::fold(&text(1, "name"))
                } else {
                    (text(0, "start"), text(1, "id")) <= (text(1, "start"), text(0, "id"))
                };
                assert!(in_order, "{pair:?}");
            }
        }
    }
}
