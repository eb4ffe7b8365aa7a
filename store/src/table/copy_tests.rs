//! Rows of a table with row groups of a hundred, copied.

use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array, Int32Array, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parvis_model::Collection;

use super::*;

const ROWS: u32 = 1_000;

fn about() -> About {
    let text = String::new;
    About { name: "actors", title: text(), territory: text(), licences: vec![], sources: vec![], attribution: text() }
}

/// Numbers, a text in every third row, and a box that is (row, -row); the last hundred rows have none.
fn table(path: &Path) {
    let edge = |of: fn(f64) -> f64| -> ArrayRef {
        Arc::new((0..ROWS).map(|row| (row < ROWS - 100).then(|| of(f64::from(row)))).collect::<Float64Array>())
    };
    let edges =
        [("xmin", edge(|row| row)), ("ymin", edge(|row| -row)), ("xmax", edge(|row| row)), ("ymax", edge(|row| -row))];
    let boxes: Vec<(Arc<Field>, ArrayRef)> =
        edges.into_iter().map(|(name, values)| (Arc::new(Field::new(name, DataType::Float64, true)), values)).collect();
    let boxes = StructArray::from(boxes);
    let numbers: Int32Array = (0..ROWS as i32).collect();
    let texts: StringArray = (0..ROWS).map(|row| (row % 3 == 0).then(|| format!("text {}", row % 7))).collect();
    let schema = Arc::new(Schema::new(vec![
        Field::new("number", DataType::Int32, false),
        Field::new("text", DataType::Utf8, true),
        Field::new(COVERING, boxes.data_type().clone(), false),
    ]));
    let batch =
        RecordBatch::try_new(schema.clone(), vec![Arc::new(numbers), Arc::new(texts), Arc::new(boxes)]).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(100)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    let geo = json!({"columns": {GEOMETRY: {"encoding": "WKB", "bbox": [0, 0, 0, 0]}}}).to_string();
    writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo));
    writer.close().unwrap();
}

/// Every row of a file as text, its row groups' sizes, and the box it claims.
fn contents(path: &Path) -> (Vec<String>, Vec<i64>, Value) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let mut rows = Vec::new();
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let numbers = batch.column(0).as_primitive::<arrow_array::types::Int32Type>();
        let texts = batch.column(1).as_string::<i32>();
        let west = batch.column(2).as_struct().column(0).as_primitive::<Float64Type>();
        for at in 0..batch.num_rows() {
            let text = texts.is_valid(at).then(|| texts.value(at));
            let west = west.is_valid(at).then(|| west.value(at));
            rows.push(format!("{} {text:?} {west:?}", numbers.value(at)));
        }
    }
    let file = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let sizes = file.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect();
    let pairs = file.metadata().file_metadata().key_value_metadata().unwrap();
    let geo = pairs.iter().find(|pair| pair.key == "geo").unwrap().value.clone().unwrap();
    let geo: Value = serde_json::from_str(&geo).unwrap();
    (rows, sizes, geo.pointer("/columns/geometry/bbox").cloned().unwrap_or_default())
}

#[test]
fn row_groups_wanted_whole_are_copied_among_rows_that_are_encoded() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from.parquet"), folder.path().join("to.parquet"));
    table(&from);
    let (all, _, _) = contents(&from);
    let cases: [(Vec<u32>, &[i64], Value); 4] = [
        ((0..ROWS).collect(), &[100; 10], json!([0.0, -899.0, 899.0, 0.0])),
        ((150..420).chain(500..600).collect(), &[50, 100, 100, 20, 100], json!([150.0, -599.0, 599.0, -150.0])),
        ((0..ROWS).filter(|row| row % 2 == 1).collect(), &[500], json!([1.0, -899.0, 899.0, -1.0])),
        ((900..ROWS).collect(), &[100], Value::Null),
    ];
    for (wanted, sizes, bbox) in cases {
        let selection = Selection::of(Collection::Actors, ROWS, ROWS - 100, wanted.iter().copied().collect());
        copy(&from, &selection, &about(), &mut File::create(&to).unwrap()).unwrap();
        let (rows, groups, claimed) = contents(&to);
        let expected: Vec<&String> = wanted.iter().map(|&row| &all[row as usize]).collect();
        assert_eq!(rows.iter().collect::<Vec<_>>(), expected);
        assert_eq!(groups, sizes);
        assert_eq!(claimed, bbox);
    }
    let beyond = Selection::of(Collection::Actors, ROWS + 1, ROWS, [3, ROWS].into_iter().collect());
    let error = copy(&from, &beyond, &about(), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("beyond the last"), "{error}");
}
