use super::*;
use serde_json::json;
use std::io::Write;

fn read_bytes(bytes: &[u8]) -> Result<Vec<Item>, CommunecterError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("elements.json");
    std::fs::write(&path, bytes).unwrap();
    let mut items = Vec::new();
    each(&path, &mut |item| items.push(item))?;
    Ok(items)
}

/// Place, key, name of each record; `!` for one that cannot be read.
fn shown(text: &str) -> Vec<String> {
    let show = |item: Item| {
        let name = item.value.map_or("!".to_owned(), |v| v["name"].to_string());
        format!("{} {} {name}", item.place, item.key.unwrap_or_default())
    };
    read_bytes(text.as_bytes()).unwrap().into_iter().map(show).collect()
}

#[test]
fn an_array_is_read_element_by_element() {
    let two = ["record 1  \"a\"", "record 2  \"b\""];
    assert_eq!(shown(r#"[{"name": "a"}, {"name": "b"}]"#), two);
    assert_eq!(shown("\u{feff}\n  [\n{\"name\": \"a\"},\n{\"name\": \"b\"}\n]\n"), two);
    assert_eq!(shown("[]"), [] as [&str; 0]);
    assert_eq!(shown("[1, null]"), ["record 1  null", "record 2  null"]);
}

#[test]
fn one_object_a_line_is_read_line_by_line_and_a_bad_line_costs_no_other() {
    let lines = "{\"name\": \"a\"}\r\n\n{\"name\": \n{\"name\": \"b\"}\nnothing\n{\"name\": \"c\"}";
    assert_eq!(shown(lines), ["line 1  \"a\"", "line 3  !", "line 4  \"b\"", "line 5  !", "line 6  \"c\""]);
    assert_eq!(shown("\n{\"name\": nul}\n{\"name\": \"b\"}\n"), ["line 2  !", "line 3  \"b\""]);
    let not_utf_8 = read_bytes(b"{\"name\": \"a\"}\n{\"name\": \"\xe9\"}\n").unwrap();
    let Err(why) = &not_utf_8[1].value else { panic!("{:?}", not_utf_8[1]) };
    assert!(why.contains("column"), "{why}");
}

#[test]
fn objects_over_several_lines_are_read_too() {
    assert_eq!(shown("{\n\"name\": \"a\"\n}\n{\n\"name\": \"b\"\n}\n"), ["record 1  \"a\"", "record 2  \"b\""]);
}

#[test]
fn elements_keyed_by_id_are_read_bare_and_as_the_api_wraps_them() {
    let keyed = json!({"58a": {"name": "a"}, "58b": {"name": "b"}});
    let of_line = ["line 1, record 1 58a \"a\"", "line 1, record 2 58b \"b\""];
    assert_eq!(shown(&keyed.to_string()), of_line);
    assert_eq!(shown(&json!({"meta": {"limit": 50}, "entities": keyed}).to_string()), of_line);
    let pretty = serde_json::to_string_pretty(&json!({ "results": keyed })).unwrap();
    assert_eq!(shown(&pretty), ["record 1 58a \"a\"", "record 2 58b \"b\""]);
    assert_eq!(shown(&json!({"meta": {}, "entities": []}).to_string()), [] as [&str; 0]);
    assert_eq!(shown("{}"), ["line 1  null"], "a record that says nothing");
}

#[test]
fn what_is_not_json_is_an_error_with_its_place_and_the_remedy() {
    for (text, place) in [
        ("name;lon\na;1\n", ":1:1: "),
        ("\n  <html>", ":2:3: "),
        ("[{\"name\": \"a\"},\n {\"name\": }]", ":2:11: "),
        ("[{\"name\": \"a\"}", ":1:14: "),
        ("[{\"name\": \"a\"}] more", ":1:17: "),
        ("{\n\"name\": \"a\",\n}", ":3:1: "),
    ] {
        let error = read_bytes(text.as_bytes()).unwrap_err().to_string();
        for word in ["elements.json", place, "mongoexport"] {
            assert!(error.contains(word), "{word:?} is not in {error}");
        }
        assert!(!error.contains(" at line "), "{error}");
    }
    for empty in ["", " \n\t", "\u{feff}"] {
        let error = read_bytes(empty.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("elements.json") && error.contains("empty"), "{error}");
    }
    let deep = "[".repeat(10_000);
    assert!(matches!(read_bytes(deep.as_bytes()), Err(CommunecterError::NotJson { .. })));
}

#[test]
fn a_gzipped_file_is_inflated() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("organizations.json.gz");
    let mut gz = flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), flate2::Compression::fast());
    gz.write_all(b"[{\"name\": \"a\"}]").unwrap();
    gz.finish().unwrap();
    let mut places = Vec::new();
    each(&path, &mut |item| places.push(item.place)).unwrap();
    assert_eq!(places, ["record 1"]);
}
