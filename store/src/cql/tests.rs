use std::path::Path;

use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Result<Cql, CqlError> {
    Cql::parse(text, FilterLang::Text)
}

fn json(text: &str) -> Result<Cql, CqlError> {
    Cql::parse(text, FilterLang::Json)
}

fn canonical(filter: &str) -> String {
    text(filter).unwrap_or_else(|e| panic!("{filter}: {e}")).canonical().to_owned()
}

#[test]
fn the_examples_of_the_standard_parse_and_pairs_give_one_form() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/cql2/examples"));
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    let (mut texts, mut pairs) = (0, 0);
    for entry in std::fs::read_dir(folder.join("text")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let from_text = text(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        texts += 1;
        let again = text(from_text.canonical()).unwrap_or_else(|e| panic!("{name}: {e}: {}", from_text.canonical()));
        assert_eq!(again.canonical(), from_text.canonical(), "{name}: read again it is the same");
        // `example36-alt01.txt` is another spelling of `example36.json`.
        let partner = folder.join("json").join(name.split("-alt").next().unwrap()).with_extension("json");
        if let Ok(source) = std::fs::read_to_string(partner) {
            let from_json = json(&source).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(from_json.canonical(), from_text.canonical(), "{name}");
            pairs += 1;
        }
    }
    let files = std::fs::read_dir(folder.join("json")).unwrap().map(|entry| entry.unwrap().path());
    let jsons = files.filter(|path| path.extension().is_some_and(|e| e == "json")).map(|path| {
        json(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    });
    assert!(texts >= 110 && pairs >= 100 && jsons.count() >= 100, "{texts} texts, {pairs} pairs");
}

#[test]
fn what_means_the_same_has_one_form() {
    for same in [
        &["a = 1 AND b = 2", "b=2 and 1 = a", "(b = 2 AND (a = 1 AND a = 1))", "NOT (a <> 1 OR NOT b = 2)"][..],
        &["a IN (1, 2)", "a = 2 OR a = 1", "a IN (2, 1, 2)", "2 = a OR a IN (1)"],
        &["a BETWEEN 1 AND 2", "a >= 1 AND a <= 2", "2 >= a AND NOT a < 1"],
        &["a NOT LIKE 'x%'", "NOT a LIKE 'x%'"],
        &["CASEI(a) = CASEI('FOO')", "'foo' = casei(CASEI(a))"],
        &["CASEI(ACCENTI(a)) = 'e'", "ACCENTI(CASEI(a)) = ACCENTI('é')"],
        &["S_CONTAINS(BBOX(0,0,1,1), geometry)", "S_WITHIN(geometry, bbox(0.0, 0, 1, 1))"],
        &["S_DISJOINT(geometry, POINT(1 2))", "NOT s_intersects(POINT( 1.0  2 ), geometry)"],
        &["T_AFTER(a, DATE('2020-01-01'))", "t_before(DATE('2020-01-01'), a)"],
        &["A_CONTAINS(a, ('x','y'))", "A_CONTAINEDBY(('y', 'x', 'y'), a)"],
        &["a > 3", "a > 1 + 2", "3 < a"],
        &["b", "b = TRUE", "TRUE = b", "b <> FALSE", "NOT NOT b"],
        &["a = 1", "a = 1 AND TRUE", "a = 1 OR FALSE", "a IN (1)"],
        &["TRUE", "a = 1 OR TRUE", "NULL IS NULL", "2 > 1"],
        &["a = TIMESTAMP('2020-01-01T01:00:00.000Z')", "a = TIMESTAMP('2020-01-01T02:00:00+01:00')"],
    ] {
        for other in same {
            assert_eq!(canonical(other), canonical(same[0]), "{other}");
        }
    }
    assert_ne!(canonical("a - b > 0"), canonical("b - a > 0"));
    assert_ne!(canonical("T_DURING(a, b)"), canonical("T_DURING(b, a)"));
    assert_ne!(canonical("a = 'x'' OR ''y'"), canonical("a = 'x' OR a = 'y'"));
}

#[test]
fn a_mistake_is_told_with_its_place_and_remedy() {
    for (filter, words) in [
        ("name =", &["character 7", "missing"][..]),
        ("name = 'a' AND", &["character", "missing"]),
        ("name == 'a'", &["character 7", "`= 'a'`"]),
        ("name = 'a", &["character 8", "quote"]),
        ("(a = 1", &["character 1", "not closed"]),
        ("a = 1)", &["character 6", "not opened"]),
        ("a = \u{0}1", &["character 5", "control"]),
        ("", &["empty"]),
        ("a IN ()", &["character"]),
        ("updated > TIMESTAMP('yesterday')", &["yesterday", "2026-11-21T10:00:00Z"]),
        ("updated > DATE('2026-13-01')", &["2026-13-01"]),
        ("T_DURING(a, INTERVAL('2021-01-01','2020-01-01'))", &["before it begins"]),
        ("S_INTERSECTS(geometry, BBOX(0,5,1,4))", &["south"]),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", &["geometry"]),
        ("S_WITHIN(geometry, POLYGON((0 0, 0.1 0.1, 0.3 0.3, 0 0)))", &["not all on one line"]),
    ] {
        let error = text(filter).expect_err(filter).to_string();
        for word in words {
            assert!(error.contains(word), "{filter}: {error}");
        }
    }
    for (filter, words) in [
        (
            "{\"op\":\"and\",\"args\":[{\"op\":\"=\",\"args\":[{\"propert\":\"a\"},1]}]}",
            &["/args/0/args/0", "property"][..],
        ),
        ("{\"op\":\"=\"}", &["the filter", "args"]),
        ("{\"op\":", &["character 1", "not closed"]),
        ("{\"op\" 1}", &["line 1", "column 7"]),
        ("{\"op\":\"=\",\"args\":1}", &["/args"]),
        ("{\"op\":\"=\",\"args\":[1]}", &["1 operands"]),
    ] {
        let error = json(filter).expect_err(filter).to_string();
        for word in words {
            assert!(error.contains(word), "{filter}: {error}");
        }
    }
}

#[test]
fn hostile_texts_end_in_an_error_soon() {
    let too_much = |filter: &str| assert!(matches!(text(filter), Err(CqlError::TooMuch { .. })), "{}", cut(filter));
    too_much(&format!("a = '{}'", "x".repeat(MAX_BYTES)));
    too_much(&format!("{}a{}", "(".repeat(33), ")".repeat(33)));
    too_much(&format!("{}1", "-(".repeat(33)));
    let vertices = "0 0,".repeat(1400);
    let lines = format!(
        "S_CROSSES(geometry, MULTIPOINT({vertices}0 0)) OR S_TOUCHES(geometry, MULTIPOINT({}0 0))",
        "1 1,".repeat(601)
    );
    too_much(&lines);
    // Any of these may be an error or a filter, but neither ends the process nor takes long.
    for filter in [
        format!("a = {}1", "-".repeat(8000)),
        format!("{} a", "NOT ".repeat(2000)),
        format!("a{}", "=a".repeat(4000)),
        format!("a{}", "+a".repeat(4000)),
        format!("a{}", " OR a".repeat(1600)),
        format!("{}a{}", "(".repeat(32), ",1)".repeat(32)),
        format!("{}a b{}", "(".repeat(32), ")".repeat(32)),
        format!("{}a{}", "f(".repeat(32), ",1)".repeat(32)),
        format!("S_INTERSECTS(geometry, {}POINT(1 1){})", "GEOMETRYCOLLECTION(".repeat(30), ")".repeat(30)),
        "S_INTERSECTS(geometry, POINT(1e999 2))".to_owned(),
        "\"\" = 1".to_owned(),
    ] {
        let _ = text(&filter);
    }
    for filter in [
        format!("{}1{}", "[".repeat(32), "]".repeat(32)),
        format!("{{\"op\":\"not\",\"args\":[{}]}}", "1,".repeat(3000) + "1"),
        "{\"op\":\"s_intersects\",\"args\":[{\"property\":\"geometry\"},{\"type\":\"Polygon\",\"coordinates\":[]}]}"
            .to_owned(),
        "{\"op\":\"s_intersects\",\"args\":[{\"property\":\"geometry\"},{\"type\":\"Point\",\"coordinates\":[1]}]}"
            .to_owned(),
        "{\"bbox\":[1,2]}".to_owned(),
        "{\"interval\":[]}".to_owned(),
    ] {
        let _ = json(&filter);
    }
}

#[test]
fn coordinates_of_another_crs_become_degrees() {
    let swap = |[lat, lon]: [f64; 2]| LonLat::new(lon, lat);
    let read = |filter: &str| Cql::parse_with(filter, FilterLang::Text, &swap);
    let swapped = read("S_INTERSECTS(geometry, POINT(48 2))").unwrap();
    assert_eq!(swapped.canonical(), "S_INTERSECTS(geometry, POINT(2 48))");
    let bbox = read("S_INTERSECTS(geometry, BBOX(48, 2, 49, 3))").unwrap();
    let vertices = bbox.canonical().split(',').count();
    assert!(bbox.canonical().contains(" 3 48.05, 3 48, 2.95 48,") && vertices == 82, "{}", bbox.canonical());
    let line = read("S_INTERSECTS(geometry, BBOX(48, 2, 48, 3))").unwrap();
    assert!(line.canonical().contains("LINESTRING(2 48,"), "{}", line.canonical());
    let error = read("S_INTERSECTS(geometry, POINT(148 2))").unwrap_err().to_string();
    assert!(error.contains("148 2") && error.contains("filter-crs"), "{error}");
}

/// Texts of the language and near it.
fn near_cql() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "name",
        "\"x y\"",
        "'t''x'",
        "1",
        "-2.5",
        "TRUE",
        "NULL",
        "AND",
        "OR",
        "NOT",
        "=",
        "<>",
        "<",
        ">=",
        "LIKE",
        "IN",
        "BETWEEN",
        "IS NULL",
        "CASEI(",
        "ACCENTI(",
        "(",
        ")",
        ",",
        "+",
        "*",
        "div",
        "^",
        "DATE('2020-01-01')",
        "INTERVAL('..', a)",
        "T_DURING(",
        "A_EQUALS(",
        "S_WITHIN(geometry,",
        "BBOX(0,0,1,1)",
        "POINT(1 2)",
        "é",
        "\\",
    ]);
    prop::collection::vec(word, 0..14).prop_map(|words| words.join(" "))
}

/// Filters that are sound, of every class of operator.
pub(crate) fn sound() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a = 1",
        "b <> 'x''y'",
        "c LIKE 'a\\%_%'",
        "d IN ('u', 'v')",
        "e IS NULL",
        "f BETWEEN 2 AND 3",
        "g",
        "a + 2 * b < c - 1",
        "CASEI(b) = CASEI('É')",
        "ACCENTI(CASEI(b)) LIKE 'e%'",
        "A_OVERLAPS(t, ('x', 'y'))",
        "a > -5",
        "T_DURING(INTERVAL(s, e), INTERVAL('2020-01-01T00:00:00Z', '..'))",
        "s > DATE('2020-02-29')",
        "S_WITHIN(geometry, POLYGON((0 0, 2.5 0, 1 1, 0 0), (0.5 0.1, 1 0.1, 0.9 0.2, 0.5 0.1)))",
        "S_TOUCHES(geometry, MULTILINESTRING((0 0, 1 1), (2 2, 3 -3)))",
        "S_INTERSECTS(geometry, BBOX(170, -5, -170, 5))",
        "\"un nom\" = 'é'",
        "x ^ 2 % 3 = y div 4",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a}) OR ({b}) OR ({c})")),
            inner.clone().prop_map(|a| format!("NOT ({a})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) = ({b})")),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_form_is_read_as_itself(filter in sound()) {
        let once = canonical(&filter);
        prop_assert_eq!(canonical(&once), once, "{}", filter);
    }

    #[test]
    fn whatever_comes_in_nothing_breaks(filter in near_cql(), noise in "\\PC{0,60}") {
        for text in [filter, noise] {
            if let Ok(cql) = text.parse::<Cql>() {
                // A function may have the name of something else; what stands alone may not.
                let _ = cql.canonical().parse::<Cql>();
            }
            let _ = Cql::parse(&text, FilterLang::Json);
        }
    }
}
