//! kill -9 at any moment, and two writers at once.

use std::process::Stdio;
use std::time::Duration;

use super::{Small, assert_whole, command, current, demo, parvis, stderr, stdout};

/// Kills an ingest of La Réunion at moments spread over its whole run; after each the edition in force is whole.
#[test]
fn an_ingest_killed_at_any_moment_leaves_the_edition_in_force_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (data, config) = (dir.path().join("data"), demo().join("reunion.toml"));
    let args = ["ingest".as_ref(), config.as_os_str(), "--data".as_ref(), data.as_os_str()];
    let small = Small::new(Small::ROWS);
    let first = parvis(["ingest".as_ref(), small.config().as_os_str(), "--data".as_ref(), data.as_os_str()]);
    assert!(first.status.success(), "{}", stderr(&first));
    let before = current(&data);

    let began = std::time::Instant::now();
    let probe = tempfile::tempdir().unwrap();
    let whole = parvis(["ingest".as_ref(), config.as_os_str(), "--data".as_ref(), probe.path().as_os_str()]);
    assert!(whole.status.success(), "{}", stderr(&whole));
    let run = began.elapsed();

    let mut killed = 0;
    for step in 0..16u32 {
        let mut child = command().args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(run * step / 16);
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap(); // SIGKILL
            killed += 1;
        }
        child.wait().unwrap();
        assert_whole(&data);
        if current(&data) != before {
            break; // it was faster this time and had published
        }
    }
    assert!(killed > 4, "the run was killed {killed} times in {run:?}");

    let last = parvis(args);
    assert!(last.status.success(), "a stale lock or left-over part stops nobody: {}", stderr(&last));
    assert_whole(&data);
    assert_ne!(current(&data), before);
    let rubbish: Vec<_> = std::fs::read_dir(data.join("parts"))
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("tmp"))
        .collect();
    assert_eq!(rubbish, [""; 0], "temporary files of the killed runs are swept");
}

#[test]
fn a_second_writer_fails_and_names_the_first() {
    let small = Small::new(Small::ROWS);
    assert!(small.ingest().status.success());
    let data = parvis_store::DataDir::open(small.data()).unwrap();
    let lock = data.lock().unwrap();
    let second = small.ingest();
    assert_eq!(second.status.code(), Some(1));
    let message = stderr(&second);
    assert!(message.contains(&std::process::id().to_string()), "{message}");
    drop(lock);
    assert!(small.ingest().status.success());
}

#[test]
fn an_older_edition_comes_back_and_the_same_input_makes_the_same_edition() {
    let small = Small::new(Small::ROWS);
    assert!(small.ingest().status.success());
    let first = current(&small.data());
    std::thread::sleep(Duration::from_millis(1100));
    assert!(small.ingest().status.success());
    let again = current(&small.data());
    assert_ne!(first, again);
    assert_eq!(parts(&small.data(), &first), parts(&small.data(), &again), "same input, same bytes");
    small.titled("Other");
    assert!(small.ingest().status.success());
    let other = current(&small.data());
    assert_ne!(parts(&small.data(), &first), parts(&small.data(), &other));

    let data = small.data();
    let used = parvis(["editions", "use", &first, "--data", data.to_str().unwrap()]);
    assert!(used.status.success(), "{}", stderr(&used));
    assert_eq!(current(&data), first);
    let list = parvis(["editions", "list", "--data", data.to_str().unwrap()]);
    assert!(stdout(&list).contains(&other) && stdout(&list).contains(&first), "{}", stdout(&list));
    let unknown = parvis(["editions", "use", "2020-01-01T00-00-00Z-00000000", "--data", data.to_str().unwrap()]);
    assert_eq!(unknown.status.code(), Some(1));
}

fn parts(data: &std::path::Path, id: &str) -> Vec<String> {
    let data = parvis_store::DataDir::open(data).unwrap();
    let edition = data.edition(&parvis_store::EditionId::parse(id).unwrap()).unwrap();
    edition.files().iter().map(|f| f.sha256.clone()).collect()
}
