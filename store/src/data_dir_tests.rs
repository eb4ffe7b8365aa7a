use super::*;
use crate::testing::{meta, rows, write, zed};
use crate::{EditionWriter, Snapshot};
use parvis_model::{Collection, Silent};

fn fresh() -> (tempfile::TempDir, DataDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::open_or_create(folder.path().join("new/data")).unwrap();
    (folder, data)
}

fn age(path: &Path) {
    age_by(path, 2);
}

fn age_by(path: &Path, hours: u32) {
    let old = SystemTime::now() - hours * Duration::from_hours(1);
    File::options().append(true).open(path).unwrap().set_modified(old).unwrap();
}

#[test]
fn a_folder_is_made_once_and_opened_afterwards() {
    let (_folder, data) = fresh();
    assert_eq!(data.current().unwrap(), None);
    assert!(data.editions().unwrap().is_empty());
    DataDir::open(data.path()).unwrap();
    DataDir::open_or_create(data.path()).unwrap();
    let none = data.path().join("none");
    assert!(matches!(DataDir::open(none), Err(StoreError::NoDataDir { .. })));
}

#[test]
fn a_newer_or_foreign_folder_is_refused_by_name() {
    let (_folder, data) = fresh();
    fs::write(data.path().join("FORMAT"), "parvis 2\n").unwrap();
    let error = DataDir::open_or_create(data.path()).unwrap_err();
    assert!(matches!(error, StoreError::NewerLayout { found: 2, known: 1, .. }), "{error}");
    assert!(error.to_string().contains("FORMAT"), "{error}");
    for text in ["", "parvis", "parvis 0", "something else", "parvis 1 2"] {
        fs::write(data.path().join("FORMAT"), text).unwrap();
        assert!(matches!(DataDir::open(data.path()), Err(StoreError::BadFormat { .. })), "{text}");
    }
    let foreign = tempfile::tempdir().unwrap();
    fs::write(foreign.path().join("thesis.doc"), "").unwrap();
    assert!(matches!(DataDir::open_or_create(foreign.path()), Err(StoreError::NotADataDir { .. })));
}

#[test]
fn a_second_writer_is_told_who_writes() {
    let (_folder, data) = fresh();
    let lock = data.lock().unwrap();
    match data.lock() {
        Err(StoreError::Locked { pid, .. }) => assert_eq!(pid, Some(std::process::id())),
        other => panic!("{other:?}"),
    }
    drop(lock);
    data.lock().unwrap();
}

#[test]
fn what_an_interrupted_writer_left_is_removed_under_the_lock_only() {
    let (_folder, data) = fresh();
    drop(data.lock().unwrap());
    let stale = [data.path().join("tmp/actors.csv"), data.path().join(".new-1-CURRENT")];
    for path in &stale {
        fs::write(path, "half").unwrap();
    }
    DataDir::open(data.path()).unwrap();
    assert!(stale.iter().all(|p| p.exists()), "a reader removes nothing");
    let lock = data.lock().unwrap();
    assert!(stale.iter().all(|p| !p.exists()));
    drop(lock);
}

/// The states that `kill -9` can leave: after every file step of a second edition the first is whole.
#[test]
fn a_crash_at_any_step_leaves_the_edition_in_force_whole() {
    let zed = zed();
    let (data, first) = (&zed.data, &zed.id);
    let whole = |step: &str| {
        let current = data.current().unwrap().unwrap();
        let snapshot = Snapshot::open(data.edition(&current).unwrap()).unwrap();
        assert_eq!(snapshot.rows(Collection::Actors), 600, "{step}");
        current
    };
    // Killed while writing parts: temporary files, and parts that no manifest names.
    let lock = data.lock().unwrap();
    let mut writer = EditionWriter::new(&lock, meta()).unwrap();
    writer.collection(Collection::Actors, rows(Collection::Actors)[..50].to_vec(), &Silent).unwrap();
    fs::write(lock.scratch("actors.fgb"), "half").unwrap();
    std::mem::forget(writer);
    assert_eq!(&whole("parts"), first);
    // Killed between the manifest and CURRENT.
    let mut manifest = data.manifest(first).unwrap();
    manifest.territory = "other".to_owned();
    manifest.seal(parvis_model::Instant::from_unix(1_800_000_000));
    write_durably(data.path(), &data.manifest_path(&manifest.id), &manifest.to_bytes()).unwrap();
    assert_eq!(&whole("manifest"), first);
    // Killed before the rename of CURRENT.
    fs::write(data.path().join(".new-7-CURRENT"), "2026-").unwrap();
    assert_eq!(&whole("current"), first);
    drop(lock);
    // The next writer goes on, and its edition comes into force.
    let second = write(data, false);
    assert_eq!(whole("after"), second);
    assert!(!data.path().join("tmp/actors.fgb").exists());
}

#[test]
fn a_missing_or_cut_part_is_named_before_anything_is_served() {
    let zed = zed();
    let part = zed.snapshot.edition().part("actors", "csv").unwrap().path.clone();
    let bytes = fs::read(&part).unwrap();
    fs::write(&part, &bytes[..bytes.len() - 1]).unwrap();
    let error = zed.data.use_edition(&zed.id).unwrap_err().to_string();
    assert!(error.contains(&part.display().to_string()), "{error}");
    fs::remove_file(&part).unwrap();
    assert!(matches!(zed.data.edition(&zed.id), Err(StoreError::DamagedPart { .. })));
}

#[test]
fn rolling_back_is_naming_an_older_edition() {
    let zed = zed();
    let lock = zed.data.lock().unwrap();
    let mut writer = EditionWriter::new(&lock, meta()).unwrap();
    writer.collection(Collection::Actors, rows(Collection::Actors)[..5].to_vec(), &Silent).unwrap();
    let second = writer.publish().unwrap();
    assert_eq!(zed.data.current().unwrap().as_ref(), Some(&second));
    assert_eq!(zed.data.manifest(&second).unwrap().parent.as_ref(), Some(&zed.id));
    zed.data.use_edition(&zed.id).unwrap();
    assert_eq!(zed.data.current().unwrap(), Some(zed.id.clone()));
    let unknown = EditionId::parse("2001-01-01T00-00-00Z-00000000").unwrap();
    assert!(matches!(zed.data.use_edition(&unknown), Err(StoreError::UnknownEdition(_))));
}

#[test]
fn collection_keeps_what_is_young_pinned_in_force_or_among_the_last() {
    let zed = zed();
    let lock = zed.data.lock().unwrap();
    let mut made = vec![zed.id.clone()];
    for n in 1..4 {
        let mut writer = EditionWriter::new(&lock, meta()).unwrap();
        writer.collection(Collection::Actors, rows(Collection::Actors)[..n].to_vec(), &Silent).unwrap();
        made.push(writer.publish().unwrap());
    }
    zed.data.use_edition(&made[0]).unwrap();
    assert_eq!(zed.data.gc(&lock, 0, &[]).unwrap(), GcReport::default(), "all are young");
    for folder in ["editions", "parts"] {
        for name in list(&zed.data.path().join(folder)).unwrap() {
            age(&zed.data.path().join(folder).join(name));
        }
    }
    zed.data.pin(&made[3]).unwrap();
    assert!(zed.data.is_pinned(&made[3]) && !zed.data.is_pinned(&made[1]));
    let report = zed.data.gc(&lock, 0, &[made[2].clone()]).unwrap();
    assert_eq!(report.editions, [made[1].clone()]);
    // Its reader has not come back for a day.
    age_by(&zed.data.path().join("editions").join(format!("{}.pinned", made[3])), 25);
    assert!(!zed.data.is_pinned(&made[3]));
    let report = zed.data.gc(&lock, 0, &[made[2].clone()]).unwrap();
    assert_eq!(report.editions, [made[3].clone()]);
    assert!(matches!(zed.data.pin(&made[3]), Err(StoreError::Collected(_))));
    assert!(report.parts > 0 && report.bytes > 0);
    Snapshot::open(zed.data.edition(&made[0]).unwrap()).unwrap();
    Snapshot::open(zed.data.edition(&made[2]).unwrap()).unwrap();
    assert!(matches!(zed.data.edition(&made[1]), Err(StoreError::Collected(_))));
    assert_eq!(zed.data.editions().unwrap().len(), 2);
}
