use super::*;
use crate::testing::{exterior, meta, rows, write, zed};
use crate::{DataDir, Edition, Snapshot};
use flatgeobuf::{FallibleStreamingIterator, FeatureProperties, FgbReader, GeometryType};
use geo::Winding;
use parvis_model::{Silent, Value};
use std::collections::HashSet;
use std::fs;

fn duck(edition: &Edition) -> duckdb::Connection {
    crate::duck::connect(edition.spill_dir()).unwrap()
}

fn count(edition: &Edition, reader: &str, collection: Collection, ext: &str) -> u64 {
    let path = edition.part(collection.name(), ext).unwrap().path.display().to_string();
    let sql = format!("SELECT count(*) FROM {reader}(?)");
    duck(edition).query_row(&sql, [path], |r| r.get(0)).unwrap()
}

fn features(edition: &Edition, collection: Collection) -> Vec<serde_json::Value> {
    let bytes = fs::read(&edition.part(collection.name(), "geojson").unwrap().path).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    file["features"].as_array().unwrap().clone()
}

#[test]
fn every_format_holds_every_row_in_the_same_order() {
    let zed = zed();
    let edition = zed.snapshot.edition();
    for collection in Collection::ALL {
        let rows = rows(collection).len() as u64;
        assert_eq!(edition.manifest().collection(collection).unwrap().rows, rows, "{collection}");
        assert_eq!(count(edition, "read_parquet", collection, "parquet"), rows, "{collection}");
        assert_eq!(count(edition, "read_csv", collection, "csv"), rows, "{collection}");
        let ids: Vec<String> = (0..rows as u32).map(|r| zed.snapshot.id_of(collection, r).to_owned()).collect();
        let features = features(edition, collection);
        let in_geojson: Vec<&str> = features.iter().map(|f| f["id"].as_str().unwrap()).collect();
        assert_eq!(in_geojson, ids, "{collection}");
        let file = fs::File::open(&edition.part(collection.name(), "fgb").unwrap().path).unwrap();
        let mut reader = FgbReader::open(std::io::BufReader::new(file)).unwrap().select_all().unwrap();
        let mut in_fgb = Vec::new();
        while let Some(feature) = reader.next().unwrap() {
            in_fgb.push(feature.property::<String>("id").unwrap());
        }
        assert_eq!(in_fgb, ids, "{collection}");
        for (row, id) in (0..).zip(&ids) {
            let feature: serde_json::Value = serde_json::from_slice(zed.snapshot.geojson(collection, row)).unwrap();
            assert_eq!(feature, features[row as usize]);
            let record = zed.snapshot.csv(collection, row);
            assert!(record.starts_with(id.as_bytes()) && record.ends_with(b"\r\n"), "{id}");
            assert_eq!(zed.snapshot.row_of(collection, id), Some(row));
        }
    }
}

#[test]
fn every_cell_comes_back_from_the_table() {
    let zed = zed();
    for collection in [Collection::Municipalities, Collection::Actors, Collection::Events] {
        let all = crate::Selection::all(collection, zed.snapshot.rows(collection), 0);
        let mut back = table::read::rows(zed.snapshot.edition(), &all).unwrap();
        let mut written: Vec<Row> =
            prepare(collection, rows(collection)).unwrap().rows().iter().map(|r| r.row.clone()).collect();
        let key = |r: &Row| r.text(collection, "id").unwrap().to_owned();
        assert_eq!(back.iter().map(key).collect::<Vec<_>>(), written.iter().map(key).collect::<Vec<_>>());
        back.sort_by_key(key);
        written.sort_by_key(key);
        assert_eq!(back, written, "{collection}");
    }
}

#[test]
fn csv_is_rfc_4180_with_quotes_lines_and_lists() {
    let zed = zed();
    let path = &zed.snapshot.edition().part("actors", "csv").unwrap().path;
    let mut reader = ::csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(names, Collection::Actors.fields().iter().map(|f| f.name).collect::<Vec<_>>());
    let records: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let four = records.iter().find(|r| &r[0] == "actor:town-halls:k00004").unwrap();
    assert_eq!(&four[2], "Mairie n° 4, dite \"la 4\"; ou pas");
    assert_eq!(&four[3], "Deux lignes\nici");
    assert_eq!(&four[6], "tiers-lieu;bio");
    let text = fs::read_to_string(path).unwrap();
    assert!(text.starts_with("id,kind,name,") && text.ends_with("\r\n"));
}

#[test]
fn geojson_says_its_licence_winds_rings_and_rounds_to_seven_decimals() {
    let zed = zed();
    let bytes = fs::read(&zed.snapshot.edition().part("municipalities", "geojson").unwrap().path).unwrap();
    let file: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(file["type"], "FeatureCollection");
    assert_eq!(file["name"], "municipalities");
    assert_eq!(file["licence"], "etalab-2.0");
    assert!(file["attribution"].as_str().unwrap().contains("Producteur de boundaries"));
    for row in prepare(Collection::Municipalities, rows(Collection::Municipalities)).unwrap().rows() {
        let Some(geometry) = &row.row.geometry else { continue };
        assert!(exterior(geometry).is_ccw());
    }
    let lost = file["features"].as_array().unwrap().last().unwrap();
    assert!(lost["geometry"].is_null(), "rows without geometry come last");
    assert_eq!(lost["properties"]["name"], "Perdue, la \"petite\"");
    assert_eq!(lost["properties"]["population"], serde_json::Value::Null);
    let first = &file["features"][0];
    assert_eq!(first["properties"]["names"]["br"], "\"Sant\", Zed\n", "names are an object, not text");
}

#[test]
fn flatgeobuf_is_indexed_and_finds_by_box() {
    let zed = zed();
    let open = || {
        let file = fs::File::open(&zed.snapshot.edition().part("municipalities", "fgb").unwrap().path).unwrap();
        FgbReader::open(std::io::BufReader::new(file)).unwrap()
    };
    let reader = open();
    let header = reader.header();
    assert_eq!(header.geometry_type(), GeometryType::MultiPolygon);
    assert_eq!(header.features_count(), 17);
    assert!(header.index_node_size() > 0);
    assert!(header.metadata().unwrap().contains("Licence Ouverte 2.0"));
    let mut found = open().select_bbox(0.2, 0.2, 0.8, 0.8).unwrap();
    assert_eq!(found.features_count(), Some(1));
    let feature = found.next().unwrap().unwrap();
    assert_eq!(feature.property::<String>("code").unwrap(), "c00");
    assert_eq!(feature.property::<i64>("population").unwrap(), 1000);
}

#[test]
fn the_table_is_geoparquet_1_1_with_its_covering() {
    let zed = zed();
    for collection in Collection::ALL {
        let found = crate::inspect::parquet(&zed.snapshot.edition().part(collection.name(), "parquet").unwrap().path);
        let found = found.unwrap();
        assert_eq!(found.format, "GeoParquet");
        let value = |key: &str| found.metadata.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()).unwrap();
        let geo: serde_json::Value = serde_json::from_str(&value("geo")).unwrap();
        assert_eq!(geo["version"], "1.1.0");
        let column = &geo["columns"]["geometry"];
        assert_eq!(column["encoding"], "WKB");
        assert_eq!(column["covering"]["bbox"]["xmin"], serde_json::json!(["bbox", "xmin"]));
        assert_eq!(column["bbox"].as_array().unwrap().len(), 4, "{collection}");
        if collection.level().is_some() {
            assert_eq!(column["geometry_types"], serde_json::json!(["MultiPolygon"]));
            assert_eq!(column["orientation"], "counterclockwise");
        }
        assert!(!value("attribution").is_empty() && !value("licence").is_empty());
    }
}

#[test]
fn the_same_rows_in_another_order_are_the_same_bytes() {
    let hashes = |backwards: bool| -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open_or_create(folder.path().join("data")).unwrap();
        let id = write(&data, backwards);
        let edition = data.edition(&id).unwrap();
        edition.files().iter().map(|f| (format!("{}.{}", f.name, f.ext), f.sha256.clone())).collect()
    };
    let forwards = hashes(false);
    assert_eq!(forwards.len(), 8 * 7 + 4);
    assert_eq!(forwards, hashes(true));
}

#[test]
fn a_new_edition_shares_the_parts_that_did_not_change() {
    let zed = zed();
    let parts = || fs::read_dir(zed.data.path().join("parts")).unwrap().count();
    let before = parts();
    let second = write(&zed.data, true);
    assert_eq!(parts(), before);
    let first: HashSet<String> = zed.snapshot.edition().files().iter().map(|f| f.sha256.clone()).collect();
    assert!(zed.data.edition(&second).unwrap().files().iter().all(|f| first.contains(&f.sha256)));
}

#[test]
fn part_names_are_their_hashes() {
    use sha2::{Digest, Sha256};
    let zed = zed();
    for file in zed.snapshot.edition().files() {
        let bytes = fs::read(&file.path).unwrap();
        assert_eq!(parvis_model::id::hex(&Sha256::digest(&bytes)), file.sha256, "{}.{}", file.name, file.ext);
        assert_eq!(bytes.len() as u64, file.bytes);
    }
}

#[test]
fn bad_rows_stop_the_edition_and_leave_no_file() {
    let zed = zed();
    let lock = zed.data.lock().unwrap();
    let mut writer = EditionWriter::new(&lock, meta()).unwrap();
    let mut attempt = |change: &dyn Fn(&mut Vec<Row>)| {
        let mut rows = rows(Collection::Actors)[..4].to_vec();
        change(&mut rows);
        let error = writer.collection(Collection::Actors, rows, &Silent).unwrap_err();
        assert_eq!(fs::read_dir(zed.data.path().join("tmp")).unwrap().count(), 0);
        error
    };
    assert!(matches!(attempt(&|r| r.push(r[0].clone())), StoreError::DuplicateId { .. }));
    assert!(matches!(attempt(&|r| r[1].values.truncate(3)), StoreError::BadRow { .. }));
    assert!(matches!(attempt(&|r| r[1].values[2] = Value::Integer(1)), StoreError::BadRow { .. }));
    assert!(matches!(attempt(&|r| r[1].values[0] = Value::Null), StoreError::BadRow { .. }));
    let nan = geo_types::Geometry::Point(geo_types::Point::new(f64::NAN, 0.0));
    assert!(matches!(attempt(&|r| r[1].geometry = Some(nan.clone())), StoreError::BadRow { .. }));
    let line = geo_types::Geometry::LineString(vec![(0.0, 0.0), (1.0, 1.0)].into());
    assert!(matches!(attempt(&|r| r[1].geometry = Some(line.clone())), StoreError::BadRow { .. }));
    drop(writer);
    assert_eq!(zed.data.current().unwrap(), Some(zed.id.clone()));
}

#[test]
fn an_empty_collection_is_written_and_opened() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::open_or_create(folder.path().join("data")).unwrap();
    let lock = data.lock().unwrap();
    let mut writer = EditionWriter::new(&lock, meta()).unwrap();
    for collection in [Collection::Actors, Collection::Regions] {
        writer.collection(collection, Vec::new(), &Silent).unwrap();
    }
    writer.links(&[]).unwrap();
    writer.postcodes(&[]).unwrap();
    let id = writer.publish().unwrap();
    let snapshot = Snapshot::open(data.edition(&id).unwrap()).unwrap();
    assert!(snapshot.has(Collection::Actors) && !snapshot.has(Collection::Events));
    assert_eq!(snapshot.select(Collection::Actors, &crate::Filter::default()).unwrap().total(), 0);
    let geojson = fs::read(&snapshot.edition().part("actors", "geojson").unwrap().path).unwrap();
    let geojson: serde_json::Value = serde_json::from_slice(&geojson).unwrap();
    assert_eq!(geojson["features"].as_array().unwrap().len(), 0);
    assert_eq!(count(snapshot.edition(), "read_parquet", Collection::Actors, "parquet"), 0);
}

#[test]
fn a_full_disk_names_the_file_and_the_remedy() {
    let error = StoreError::io(Path::new("data/tmp/actors.csv"), "write", std::io::ErrorKind::StorageFull.into());
    assert!(matches!(error, StoreError::DiskFull { .. }));
    let text = error.to_string();
    assert!(text.contains("data/tmp/actors.csv") && text.contains("--data") && text.contains("untouched"), "{text}");
}

/// `/dev/full` behaves as a full disk: every write to it fails with ENOSPC.
#[test]
fn a_write_to_a_full_disk_fails_cleanly_in_every_format() {
    let zed = zed();
    let lock = zed.data.lock().unwrap();
    for ext in ["geojson", "geojsonseq", "geojsonseq.offsets", "csv", "csv.offsets", "fgb", "parquet"] {
        let mut writer = EditionWriter::new(&lock, meta()).unwrap();
        let full = lock.scratch(&format!("actors.{ext}"));
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        let mut rows = rows(Collection::Actors);
        rows.truncate(400);
        let error = writer.collection(Collection::Actors, rows, &Silent).unwrap_err();
        assert!(matches!(&error, StoreError::DiskFull { path } if *path == full), "{ext}: {error:?}");
        assert_eq!(fs::read_dir(zed.data.path().join("tmp")).unwrap().count(), 0, "{ext}");
    }
    assert_eq!(zed.data.current().unwrap(), Some(zed.id.clone()));
    Snapshot::open(zed.data.edition(&zed.id).unwrap()).unwrap();
}

#[test]
fn the_report_is_a_part_and_its_counts_are_in_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::open_or_create(folder.path().join("data")).unwrap();
    let lock = data.lock().unwrap();
    let mut meta = meta();
    meta.report.add(parvis_model::Issue {
        code: parvis_model::IssueCode::BadRow,
        source: "town-halls".into(),
        place: "row 3".into(),
        detail: "7 cells, 10 wanted".into(),
    });
    let id = EditionWriter::new(&lock, meta).unwrap().publish().unwrap();
    let edition = data.edition(&id).unwrap();
    assert_eq!(edition.manifest().report.counts["bad-row"], 1);
    assert!(edition.manifest().report.issues.is_empty());
    let whole = fs::read(&edition.part("report", "json").unwrap().path).unwrap();
    let whole: parvis_model::Report = serde_json::from_slice(&whole).unwrap();
    assert_eq!(whole.issues[0].place, "row 3");
}
