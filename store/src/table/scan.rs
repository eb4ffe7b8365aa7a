//! Reading columns of a table by row group, in parallel: what a server does when it starts.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, BinaryArray, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Fields, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use rayon::prelude::*;

use crate::StoreError;

/// Rows that are decoded at a time.
const BATCH: usize = 2048;

/// Reads columns, in the order of `names`, and gives what `read` makes of each batch, in file order.
/// `read` is told the row that its batch begins with.
///
/// # Errors
/// [`StoreError::Io`], [`StoreError::Parquet`]; [`StoreError::DamagedPart`] when a column is not there.
pub(crate) fn scan<T: Send>(
    path: &Path,
    names: &[&str],
    read: impl Fn(&Columns<'_>, usize) -> Result<Vec<T>, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    scan_coded(path, names, &[], read)
}

/// The same, with the texts of some columns as the file has them: each once, and its number in every row
/// ([`Columns::coded`], [`Columns::coded_lists`]). Their texts are neither copied nor compared.
pub(crate) fn scan_coded<T: Send>(
    path: &Path,
    names: &[&str],
    coded: &[&str],
    read: impl Fn(&Columns<'_>, usize) -> Result<Vec<T>, StoreError> + Sync,
) -> Result<Vec<T>, StoreError> {
    let failed = |source: ParquetError| StoreError::Parquet { path: path.to_owned(), source };
    let open = || File::open(path).map_err(|e| StoreError::io(path, "open", e));
    let metadata = ArrowReaderMetadata::load(&open()?, ArrowReaderOptions::default()).map_err(failed)?;
    let options = ArrowReaderOptions::new().with_schema(with_codes(metadata.schema(), coded));
    let metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), options).map_err(failed)?;
    let projection = Projection::new(&metadata, names).map_err(|name| StoreError::DamagedPart {
        path: path.to_owned(),
        detail: format!("it has no column {name}"),
    })?;
    let mut first = 0;
    let groups: Vec<(usize, usize)> = (0..)
        .zip(metadata.metadata().row_groups())
        .map(|(group, rows)| {
            let begin = first;
            first += usize::try_from(rows.num_rows()).unwrap_or_default();
            (group, begin)
        })
        .collect();
    let read_group = |(group, mut first): (usize, usize)| {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(open()?, metadata.clone());
        let builder = builder.with_row_groups(vec![group]).with_projection(projection.mask.clone());
        let mut taken = Vec::new();
        for batch in builder.with_batch_size(BATCH).build().map_err(failed)? {
            let batch = batch.and_then(|b| b.project(&projection.order)).map_err(|e| failed(e.into()))?;
            taken.extend(read(&Columns { batch: &batch, path }, first)?);
            first += batch.num_rows();
        }
        Ok(taken)
    };
    let taken: Vec<Vec<T>> = groups.into_par_iter().map(read_group).collect::<Result<_, StoreError>>()?;
    let mut all = Vec::with_capacity(taken.iter().map(Vec::len).sum());
    for mut group in taken {
        all.append(&mut group);
    }
    Ok(all)
}

/// The schema of a file, with those of some columns that are texts, or lists of texts, as dictionaries.
pub(super) fn with_codes(schema: &Schema, coded: &[&str]) -> Arc<Schema> {
    let dictionary = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let of_type = |field: &Field, of: DataType| Arc::new(field.clone().with_data_type(of));
    let field = |field: &Arc<Field>| match field.data_type() {
        _ if !coded.contains(&field.name().as_str()) => Arc::clone(field),
        DataType::Utf8 => of_type(field, dictionary()),
        DataType::List(item) if *item.data_type() == DataType::Utf8 => {
            of_type(field, DataType::List(of_type(item, dictionary())))
        }
        _ => Arc::clone(field),
    };
    Arc::new(Schema::new_with_metadata(
        schema.fields().iter().map(field).collect::<Fields>(),
        schema.metadata().clone(),
    ))
}

/// Some columns of a file.
struct Projection {
    mask: ProjectionMask,
    /// Where each is among the columns read, which come in the order of the file.
    order: Vec<usize>,
}

impl Projection {
    /// The columns of these names; the first name that is not there, otherwise.
    fn new(metadata: &ArrowReaderMetadata, names: &[&str]) -> Result<Self, String> {
        let place = |name: &&str| metadata.schema().index_of(name).ok().ok_or_else(|| (*name).to_owned());
        let places = names.iter().map(place).collect::<Result<Vec<usize>, String>>()?;
        let order = places.iter().map(|at| places.iter().filter(|other| *other < at).count()).collect();
        Ok(Self { mask: ProjectionMask::roots(metadata.parquet_schema(), places), order })
    }
}

/// Typed columns of a batch.
pub(crate) struct Columns<'b> {
    batch: &'b RecordBatch,
    path: &'b Path,
}

impl<'b> Columns<'b> {
    /// How many rows the batch has.
    pub(crate) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// What to say of a row that is not what the schema promises.
    pub(crate) fn damaged(&self, row: usize, detail: &str) -> StoreError {
        StoreError::DamagedPart { path: self.path.to_owned(), detail: format!("row {row}: {detail}") }
    }

    /// A column as an array of its type.
    pub(crate) fn typed<T: 'static>(&self, at: usize) -> Result<&'b T, StoreError> {
        self.batch.column(at).as_any().downcast_ref().ok_or_else(|| StoreError::DamagedPart {
            path: self.path.to_owned(),
            detail: format!("column {at} has type {}", self.batch.column(at).data_type()),
        })
    }

    /// A text; `None` where it is null.
    pub(crate) fn text(&self, at: usize, row: usize) -> Result<Option<&'b str>, StoreError> {
        let column: &StringArray = self.typed(at)?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    /// A coded column: the number of each row's text, and the texts by their numbers.
    pub(crate) fn coded(&self, at: usize) -> Result<(&'b Int32Array, &'b StringArray), StoreError> {
        self.codes(self.typed(at)?)
    }

    /// A coded column of lists: where each begins and the last ends, the number of each text in them, and the texts
    /// by their numbers.
    pub(crate) fn coded_lists(&self, at: usize) -> Result<(&'b [i32], &'b Int32Array, &'b StringArray), StoreError> {
        let lists: &ListArray = self.typed(at)?;
        let values = lists.values().as_any().downcast_ref();
        let (codes, texts) =
            self.codes(values.ok_or_else(|| self.damaged(0, "a list holds other things than texts"))?)?;
        Ok((lists.value_offsets(), codes, texts))
    }

    fn codes(&self, column: &'b DictionaryArray<Int32Type>) -> Result<(&'b Int32Array, &'b StringArray), StoreError> {
        let texts = column.values().as_any().downcast_ref();
        Ok((column.keys(), texts.ok_or_else(|| self.damaged(0, "a column holds other things than texts"))?))
    }

    pub(crate) fn integer(&self, at: usize, row: usize) -> Result<Option<i64>, StoreError> {
        let column: &Int64Array = self.typed(at)?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    pub(crate) fn float(&self, at: usize, row: usize) -> Result<Option<f64>, StoreError> {
        let column: &Float64Array = self.typed(at)?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    pub(crate) fn boolean(&self, at: usize, row: usize) -> Result<Option<bool>, StoreError> {
        let column: &BooleanArray = self.typed(at)?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    /// Seconds since 1970.
    pub(crate) fn seconds(&self, at: usize, row: usize) -> Result<Option<i64>, StoreError> {
        let column: &TimestampMillisecondArray = self.typed(at)?;
        Ok(column.is_valid(row).then(|| column.value(row).div_euclid(1000)))
    }

    /// A geometry as WKB.
    pub(crate) fn wkb(&self, at: usize, row: usize) -> Result<Option<&'b [u8]>, StoreError> {
        let column: &BinaryArray = self.typed(at)?;
        Ok(column.is_valid(row).then(|| column.value(row)))
    }

    /// The texts of a list; none where it is null.
    pub(crate) fn texts(&self, at: usize, row: usize) -> Result<Vec<&'b str>, StoreError> {
        let lists: &ListArray = self.typed(at)?;
        if lists.is_null(row) {
            return Ok(Vec::new());
        }
        let values = lists.values().as_any().downcast_ref::<StringArray>();
        let values = values.ok_or_else(|| self.damaged(row, "a list holds other things than texts"))?;
        let offsets = lists.value_offsets();
        let range = offsets[row] as usize..offsets[row + 1] as usize;
        Ok(range.filter(|&at| values.is_valid(at)).map(|at| values.value(at)).collect())
    }
}
