//! Rows in another order than that of the files: `sortby` (OGC API Features part 8), as a permutation that is
//! made once for an edition and paged by position.

use std::fmt;

use parvis_model::{Collection, Field, FieldType};

use crate::{Edition, StoreError, duck};

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
    /// More fields than [`MAX_KEYS`], or none.
    #[error("from 1 to {MAX_KEYS} fields can be sorted by, not {0}")]
    HowMany(usize),
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

    /// Parses fields parted by commas, the first the most important.
    ///
    /// # Errors
    /// [`SortError`].
    pub fn parse_list<'a>(
        collection: Collection,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Self>, SortError> {
        let keys: Vec<Self> = texts.map(|text| Self::parse(collection, text)).collect::<Result<_, _>>()?;
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return Err(SortError::HowMany(keys.len()));
        }
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
pub fn order(edition: &Edition, collection: Collection, keys: &[SortKey]) -> Result<Vec<u32>, StoreError> {
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
    use crate::testing::zed;

    fn keys(collection: Collection, text: &str) -> Result<Vec<SortKey>, SortError> {
        SortKey::parse_list(collection, text.split(',').filter(|t| !t.is_empty()))
    }

    #[test]
    fn only_fields_with_one_value_can_be_sorted_by() {
        let parsed = keys(Collection::Municipalities, "-population,+name,code").unwrap();
        assert_eq!(parsed.iter().map(ToString::to_string).collect::<Vec<_>>(), ["-population", "name", "code"]);
        for bad in ["", "geometry", "postcodes", "names", "--name", "name,-name", "Name", "id;drop", "a,b,c,d,e,f"] {
            assert!(keys(Collection::Municipalities, bad).is_err(), "{bad}");
        }
        assert!(keys(Collection::Actors, "population").is_err(), "a field of units");
    }

    #[test]
    fn rows_come_in_the_order_of_their_cells() {
        let zed = zed();
        let snapshot = &zed.snapshot;
        for (collection, by) in [(Collection::Actors, "-name"), (Collection::Events, "start,-id")] {
            let sorted = order(snapshot.edition(), collection, &keys(collection, by).unwrap()).unwrap();
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
