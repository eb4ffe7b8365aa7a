//! Rows by what only the table has: asked of DuckDB, or read through, once for each question.

use std::sync::Arc;

use duckdb::arrow::array::{Array, BooleanArray, Int64Array};
use duckdb::params_from_iter;
use moka::sync::Cache;
use parvis_model::Collection;
use roaring::RoaringBitmap;

use super::compile::Pred;
use super::sql;
use crate::{Edition, FilterError, StoreError, duck};

/// The bytes that answers may take together.
const CACHE_BYTES: u64 = 32 << 20;

/// The rows of which something is true, and of which it is neither true nor false.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) yes: RoaringBitmap,
    pub(crate) unknown: RoaringBitmap,
}

/// Answers of one edition, by what was asked.
#[derive(Debug)]
pub(crate) struct RowCache(Cache<(Collection, Box<str>), Arc<Answer>>);

impl Default for RowCache {
    fn default() -> Self {
        let weigh = |(_, key): &(Collection, Box<str>), answer: &Arc<Answer>| {
            (key.len() + answer.yes.serialized_size() + answer.unknown.serialized_size() + 256) as u32
        };
        Self(Cache::builder().max_capacity(CACHE_BYTES).weigher(weigh).build())
    }
}

/// The table of a collection, to be asked.
pub(crate) struct TableRows<'t> {
    edition: &'t Edition,
    collection: Collection,
    rows: u32,
    cache: &'t RowCache,
}

impl<'t> TableRows<'t> {
    pub(crate) const fn new(edition: &'t Edition, collection: Collection, rows: u32, cache: &'t RowCache) -> Self {
        Self { edition, collection, rows, cache }
    }

    pub(super) const fn collection(&self) -> Collection {
        self.collection
    }

    pub(super) const fn rows(&self) -> u32 {
        self.rows
    }

    pub(super) const fn edition(&self) -> &Edition {
        self.edition
    }

    /// The answer to a question, found once however many ask at the same time.
    pub(super) fn asked(
        &self,
        key: &str,
        find: impl FnOnce() -> Result<Answer, StoreError>,
    ) -> Result<Arc<Answer>, FilterError> {
        let answer = self.cache.0.try_get_with((self.collection, key.into()), || find().map(Arc::new));
        answer.map_err(|e| FilterError::Unreadable(e.to_string()))
    }

    /// The rows of a predicate, by DuckDB.
    pub(super) fn predicate(&self, pred: &Pred, unknown: bool) -> Result<Arc<Answer>, FilterError> {
        let sql = sql::predicate(pred, self.collection);
        let key = format!("{unknown} {} {:?}", sql.text, sql.values);
        self.asked(&key, || self.query(&sql, unknown))
    }

    fn query(&self, sql: &sql::Sql, unknown: bool) -> Result<Answer, StoreError> {
        let part = self.edition.require(self.collection, "parquet")?;
        let failed = |e| StoreError::duck(&part.path)(e);
        let wanted = if unknown { "truth IS DISTINCT FROM FALSE" } else { "truth" };
        let text = format!(
            "SELECT number, truth FROM (SELECT file_row_number AS number, {} AS truth \
             FROM read_parquet(${}, file_row_number = true)) WHERE {wanted}",
            sql.text,
            sql.values.len() + 1
        );
        let path = duckdb::types::Value::Text(part.path.to_string_lossy().into_owned());
        let values = sql.values.iter().cloned().chain([path]);
        let connection = duck::connect(self.edition.spill_dir())?;
        let mut statement = connection.prepare(&text).map_err(failed)?;
        let damaged = || StoreError::DamagedPart {
            path: part.path.clone(),
            detail: "DuckDB gives other columns than it was asked for".to_owned(),
        };
        let (mut yes, mut neither) = (Vec::new(), Vec::new());
        for batch in statement.query_arrow(params_from_iter(values)).map_err(failed)? {
            let numbers = batch.column(0).as_any().downcast_ref::<Int64Array>().ok_or_else(damaged)?;
            let truths = batch.column(1).as_any().downcast_ref::<BooleanArray>().ok_or_else(damaged)?;
            for at in 0..batch.num_rows() {
                let list = if truths.is_valid(at) { &mut yes } else { &mut neither };
                list.push(numbers.value(at) as u32);
            }
        }
        let set = |mut rows: Vec<u32>| {
            rows.sort_unstable();
            rows.into_iter().collect()
        };
        Ok(Answer { yes: set(yes), unknown: set(neither) })
    }
}
