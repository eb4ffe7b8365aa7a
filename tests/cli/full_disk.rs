//! A full disk: a message that names it, and the edition in force as it was.

use std::process::Command;

use super::{demo, stderr};

/// Ingests La Réunion (2.8 MB) into file systems that fill up early and late.
#[test]
fn a_full_disk_is_named_and_harms_nothing() {
    for size in ["1m", "2m"] {
        fill(size);
    }
}

/// The file system is made in a mount namespace of its own.
fn fill(size: &str) {
    let dir = tempfile::tempdir().unwrap();
    let disk = dir.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let script = r#"
        mount -t tmpfs -o size=$SIZE tmpfs "$DISK" || exit 99
        "$PARVIS" ingest "$SMALL" --data "$DISK/data" || exit 98
        before=$(cat "$DISK/data/CURRENT")
        "$PARVIS" ingest "$CONFIG" --data "$DISK/data"; code=$?
        [ "$before" = "$(cat "$DISK/data/CURRENT")" ] || exit 97
        "$PARVIS" export actors --format csv -o "$OUT" --data "$DISK/data" || exit 96
        left=$(find "$DISK/data" -name '*tmp*' -type f | wc -l)
        [ "$left" = 0 ] || { find "$DISK/data"; exit 95; }
        exit $code
    "#;
    let small = super::Small::new(super::Small::ROWS);
    let out = dir.path().join("actors.csv");
    let run = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .env("DISK", &disk)
        .env("SIZE", size)
        .env("PARVIS", env!("CARGO_BIN_EXE_parvis"))
        .env("SMALL", small.config())
        .env("CONFIG", demo().join("reunion.toml"))
        .env("OUT", &out)
        .output()
        .unwrap();
    if run.status.code() == Some(99) || (stderr(&run).contains("unshare") && run.status.code() == Some(1)) {
        println!("skipped: this machine lets nobody mount a tmpfs: {}", stderr(&run));
        return;
    }
    let message = stderr(&run);
    assert_eq!(run.status.code(), Some(1), "{message}");
    assert!(message.contains("No space left") || message.contains("disk is full"), "{message}");
    assert!(message.contains(disk.to_str().unwrap()), "the message names the folder: {message}");
    assert_eq!(std::fs::read_to_string(out).unwrap().lines().count(), 3, "header and two rows of the edition in force");
}
