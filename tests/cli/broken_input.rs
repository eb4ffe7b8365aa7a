//! Broken input: a message that names the file and the place, the documented exit code, nothing published.

use super::{Small, demo, parvis, stderr, stdout};

fn refuses(small: &Small, code: i32, words: &[&str]) {
    let run = small.ingest();
    let message = stderr(&run);
    assert_eq!(run.status.code(), Some(code), "{message}{}", stdout(&run));
    for word in words {
        assert!(message.contains(word), "{word:?} is not in: {message}");
    }
    assert!(!small.data().join("CURRENT").exists(), "nothing was published");
}

fn with_pbf(bytes: &[u8]) -> Small {
    let small = Small::new(Small::ROWS);
    std::fs::write(small.dir.path().join("borders.osm.pbf"), bytes).unwrap();
    let mut toml = std::fs::read_to_string(small.config()).unwrap();
    toml.push_str(
        "\n[[source]]\nid = \"borders\"\nreader = \"osm-pbf\"\npath = \"borders.osm.pbf\"\nproducer = \"Test\"\nlicence = \"ODbL-1.0\"\n",
    );
    std::fs::write(small.config(), toml).unwrap();
    small
}

#[test]
fn a_truncated_pbf_names_the_file_and_the_offset() {
    let whole = std::fs::read(demo().join("reunion.osm.pbf")).unwrap();
    for cut in [whole.len() - 1, whole.len() / 2, 3] {
        refuses(&with_pbf(&whole[..cut]), 1, &["borders.osm.pbf"]);
    }
}

#[test]
fn an_empty_pbf_is_said_to_be_empty() {
    refuses(&with_pbf(b""), 1, &["borders.osm.pbf", "empty"]);
}

#[test]
fn a_file_that_is_no_pbf_is_named() {
    refuses(&with_pbf(b"<osm version=\"0.6\"></osm>\n"), 1, &["borders.osm.pbf"]);
}

#[test]
fn a_bad_row_is_counted_with_its_number_and_the_rest_goes_on() {
    let small = Small::new("id,name,lon,lat\na,Jardin,55.45,-20.88\nb,Atelier\nc,,55.5,-20.9\nd,Four,x,y\n");
    let report = small.dir.path().join("report.json");
    let run = parvis([
        "ingest".as_ref(),
        small.config().as_os_str(),
        "--data".as_ref(),
        small.data().as_os_str(),
        "--report".as_ref(),
        report.as_os_str(),
    ]);
    assert!(run.status.success(), "{}", stderr(&run));
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let source = &report["sources"][0];
    let rejected: u64 = source["rejected"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(source["read"].as_u64().unwrap(), 4);
    assert_eq!(source["accepted"].as_u64().unwrap() + rejected, 4);
    let issues = report["issues"].as_array().unwrap();
    let of = |code: &str| issues.iter().find(|i| i["code"] == code).unwrap_or_else(|| panic!("{code}: {issues:?}"));
    assert!(of("bad-row")["place"].as_str().unwrap().contains('3'), "{}", of("bad-row"));
    assert!(of("missing-name")["place"].as_str().unwrap().contains('4'), "{}", of("missing-name"));
    of("bad-coordinates");
}

#[test]
fn too_many_rejected_records_publish_nothing_and_exit_3() {
    let small = Small::new("id,name,lon,lat\na,Jardin,55.45,-20.88\nb,Atelier\n");
    let run = parvis([
        "ingest".as_ref(),
        small.config().as_os_str(),
        "--data".as_ref(),
        small.data().as_os_str(),
        "--max-rejected=5%".as_ref(),
    ]);
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    assert!(!small.data().join("CURRENT").exists());
}

#[test]
fn a_crs_that_nobody_knows_is_named_with_its_key() {
    let small = Small::new(Small::ROWS);
    small.replace("EPSG:4326", "EPSG:999999");
    refuses(&small, 1, &["EPSG:999999", "actors"]);
}

#[test]
fn a_table_in_another_crs_than_stated_is_refused_with_the_first_line_and_the_remedy() {
    let small = Small::new("id,name,lon,lat\na,Jardin,770000,6279000\n");
    refuses(&small, 1, &["actors.csv", "EPSG:4326", "line 2", "another CRS"]);
    small.replace("EPSG:4326", "EPSG:2154");
    let run = small.ingest();
    assert!(run.status.success(), "{}", stderr(&run));
}

#[test]
fn a_missing_file_and_an_unknown_key_are_named() {
    let small = Small::new(Small::ROWS);
    std::fs::remove_file(small.dir.path().join("actors.csv")).unwrap();
    refuses(&small, 1, &["actors.csv"]);
    let small = Small::new(Small::ROWS);
    small.replace("countries =", "contries =");
    refuses(&small, 1, &["contries", "small.toml"]);
}

#[test]
fn a_data_folder_of_a_newer_version_is_left_alone() {
    let small = Small::new(Small::ROWS);
    assert!(small.ingest().status.success());
    std::fs::write(small.data().join("FORMAT"), "parvis 999\n").unwrap();
    let run = small.ingest();
    assert_eq!(run.status.code(), Some(1));
    assert!(stderr(&run).contains("999") && stderr(&run).contains("FORMAT"), "{}", stderr(&run));
}
