//! Usage errors, help, export and inspect.

use super::{Small, parvis, stderr, stdout};

#[test]
fn wrong_usage_exits_2_and_help_0() {
    for wrong in [
        &["dance"][..],
        &["ingest"],
        &["serve", "--bind", "nowhere"],
        &["export", "cities", "--format", "csv", "-o", "x"],
    ] {
        assert_eq!(parvis(wrong).status.code(), Some(2), "{wrong:?}");
    }
    for help in [&["--help"][..], &["ingest", "--help"], &["editions", "--help"]] {
        let run = parvis(help);
        assert!(run.status.success() && stdout(&run).contains("Usage"), "{help:?}");
    }
}

#[test]
fn a_folder_without_edition_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = dir.path().join("none");
    let run = parvis(["serve", "--data", nowhere.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("none"), "{}", stderr(&run));
}

#[test]
fn every_format_is_exported_and_inspected() {
    let small = Small::new(Small::ROWS);
    assert!(small.ingest().status.success());
    let data = small.data();
    for format in ["geojson", "geojsonseq", "csv", "fgb", "parquet"] {
        let out = small.dir.path().join(format!("out.{format}"));
        let run = parvis([
            "export",
            "actors",
            "--format",
            format,
            "-o",
            out.to_str().unwrap(),
            "--data",
            data.to_str().unwrap(),
        ]);
        assert!(run.status.success(), "{format}: {}", stderr(&run));
        let text = std::fs::read(&out).unwrap();
        assert!(text.windows(6).any(|w| w == b"Jardin") || format == "parquet", "{format}");
        if matches!(format, "fgb" | "parquet") {
            let run = parvis(["inspect", out.to_str().unwrap()]);
            assert!(run.status.success() && stdout(&run).contains('2'), "{format}: {}{}", stdout(&run), stderr(&run));
        }
    }
    let run = parvis(["inspect", small.config().to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("small.toml"), "{}", stderr(&run));
}

#[test]
fn an_export_takes_a_filter_and_refuses_a_wrong_one() {
    let small = Small::new(Small::ROWS);
    assert!(small.ingest().status.success());
    let data = small.data();
    let export = |filter: &str| {
        let data = data.to_str().unwrap();
        parvis(["export", "actors", "--format", "csv", "--filter", filter, "-o", "-", "--data", data])
    };
    let some = export("name LIKE 'Jardin%'");
    assert!(some.status.success(), "{}", stderr(&some));
    assert_eq!(stdout(&some).lines().count(), 2, "the header and one row: {}", stdout(&some));
    let wrong = export("name LIKE");
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
}

#[test]
fn options_are_read_from_the_environment() {
    let small = Small::new(Small::ROWS);
    let run = super::command().arg("ingest").arg(small.config()).env("PARVIS_DATA", small.data()).output().unwrap();
    assert!(run.status.success(), "{}", stderr(&run));
    assert!(small.data().join("CURRENT").exists());
}
