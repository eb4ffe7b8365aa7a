use super::*;
use crate::config::TableField;
use parvis_model::{Crs, Precision, Silent, Source};
use proptest::prelude::*;

fn config(within: &[&str]) -> SourceConfig {
    SourceConfig {
        source: Source {
            id: "s".into(),
            reader: "table".into(),
            producer: "P".into(),
            licence: "etalab-2.0".into(),
            url: None,
            date: None,
            valid_at: None,
            example: false,
        },
        paths: vec![],
        within: within.iter().map(|&w| w.into()).collect(),
        options: crate::config::ReaderOptions::Links,
    }
}

fn options(crs: &str, columns: &[(TableField, &str)]) -> TableOptions {
    TableOptions {
        crs: Crs::parse(crs).unwrap(),
        delimiter: None,
        list_separator: None,
        header: true,
        columns: columns.iter().map(|&(f, c)| (f, c.into())).collect(),
        constants: [(TableField::Kind, "place".into())].into(),
    }
}

const USUAL: &[(TableField, &str)] = &[
    (TableField::Key, "key"),
    (TableField::Name, "name"),
    (TableField::X, "x"),
    (TableField::Y, "y"),
    (TableField::MunicipalityCode, "insee"),
];

fn read_with(bytes: &[u8], config: &SourceConfig, options: &TableOptions) -> Result<Table, TableError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.csv");
    std::fs::write(&path, bytes).unwrap();
    read(&path, config, options, "FR", &Silent)
}

fn read_usual(text: &str) -> Table {
    read_with(text.as_bytes(), &config(&[]), &options("EPSG:4326", USUAL)).unwrap()
}

fn places(table: &Table) -> Vec<(&str, &str)> {
    table.issues.iter().map(|i| (i.code.name(), i.place.as_str())).collect()
}

#[test]
fn a_bad_row_keeps_the_rest_and_names_its_line() {
    let table = read_usual(
        "key,name,x,y,insee\n1,A,2,48,75056\n\n2,B,2\n3,\"C\nof two lines\",2,48,75056\n4,,2,48,\n5,E,2,48,75056\n1,F,3,48,\n",
    );
    let names: Vec<_> = table.actors.iter().map(|a| a.record.name.as_str()).collect();
    assert_eq!(names, ["A", "C of two lines", "E"]);
    assert_eq!(places(&table), [("bad-row", "line 4"), ("missing-name", "line 7"), ("duplicate-id", "line 9")]);
    assert_eq!(table.actors[1].place, "line 5");
    assert_eq!((table.report.read, table.report.accepted), (6, 3));
    assert_eq!(table.report.rejected_total(), 3);
}

#[test]
fn lines_are_counted_with_windows_line_ends_and_blank_lines_too() {
    let table = read_usual("key,name,x,y,insee\r\n1,A,2,48,\r\n\r\n\r\n2,B\r\n\"3\",\"C\r\nD\",2,48,\r\n\r\n4,E");
    assert_eq!(places(&table), [("bad-row", "line 5"), ("bad-row", "line 9")]);
    let lines: Vec<_> = table.actors.iter().map(|a| a.place.as_str()).collect();
    assert_eq!(lines, ["line 2", "line 6"]);
}

#[test]
fn a_byte_order_mark_semicolons_and_decimal_commas_are_read() {
    let table = read_usual("\u{feff}key;name;x;y;insee\n1;Café;2,5;48,1;75056\n");
    let actor = &table.actors[0].record;
    assert_eq!((actor.id.as_str(), actor.name.as_str()), ("actor:s:1", "Café"));
    assert_eq!(actor.location.map(|p| (p.lon(), p.lat())), Some((2.5, 48.1)));
    assert_eq!(actor.precision, Precision::Point);
}

#[test]
fn bytes_that_are_not_utf_8_cost_their_row_only() {
    let bytes = b"key,name,x,y,insee\n1,Caf\xe9,2,48,\n2,B,2,48,\n";
    let table = read_with(bytes, &config(&[]), &options("EPSG:4326", USUAL)).unwrap();
    assert_eq!(table.actors.len(), 1);
    assert_eq!(places(&table), [("bad-row", "line 2")]);
    assert!(table.issues[0].detail.contains("cell 2") && table.issues[0].detail.contains("0xe9"));
    let header = read_with(b"cl\xe9,name\n", &config(&[]), &options("EPSG:4326", USUAL));
    assert!(matches!(header, Err(TableError::HeaderEncoding { .. })));
}

#[test]
fn lambert_93_rows_land_in_montpellier() {
    let text = "key,name,x,y,insee\n\
        302,Rue Bernard Blier,769588.622599996626377,6276876.751200001686811,34172\n\
        303,Plus loin,769642.445600003004074,6276854.425599999726303,34172\n\
        304,En degrés,3.8614,43.5875,34172\n";
    let table = read_with(text.as_bytes(), &config(&[]), &options("EPSG:2154", USUAL)).unwrap();
    for (actor, (lon, lat)) in table.actors.iter().zip([(3.861_404_5, 43.587_532_6), (3.862_067_7, 43.587_326_5)]) {
        let at = actor.record.location.unwrap();
        assert!((at.lon() - lon).abs() < 2e-6 && (at.lat() - lat).abs() < 2e-6, "{at:?}");
    }
    assert_eq!(table.actors.len(), 3, "a row in degrees is kept, without a place");
    assert_eq!(table.actors[2].record.precision, Precision::None);
    assert_eq!(places(&table), [("bad-coordinates", "line 4")]);
}

#[test]
fn when_no_row_fits_the_crs_the_error_says_so() {
    let degrees = "key,name,x,y,insee\n1,A,3.86,43.58,\n2,B,3.87,43.59,\n3,C,,,\n";
    let error = read_with(degrees.as_bytes(), &config(&[]), &options("EPSG:2154", USUAL)).unwrap_err().to_string();
    for word in ["t.csv", "source s: crs", "none of the 2 rows", "EPSG:2154", "line 2"] {
        assert!(error.contains(word), "{word:?} is not in {error}");
    }
    let metres = "key,name,x,y,insee\n1,A,769588,6276876,\n";
    assert!(matches!(
        read_with(metres.as_bytes(), &config(&[]), &options("EPSG:4326", USUAL)),
        Err(TableError::WrongCrs { rows: 1, .. })
    ));
    let unknown = read_with(metres.as_bytes(), &config(&[]), &options("EPSG:99999", USUAL)).unwrap_err().to_string();
    assert!(unknown.contains("t.csv") && unknown.contains("crs") && unknown.contains("EPSG:99999"), "{unknown}");
}

#[test]
fn a_header_alone_is_no_row_and_an_empty_file_is_an_error() {
    assert_eq!(read_usual("key,name,x,y,insee\n").report.read, 0);
    let empty = read_with(b"", &config(&[]), &options("EPSG:4326", USUAL)).unwrap_err().to_string();
    assert!(empty.contains("t.csv") && empty.contains("empty"), "{empty}");
    let missing = read_with(b"key,nom\n1,A\n", &config(&[]), &options("EPSG:4326", USUAL)).unwrap_err().to_string();
    assert!(missing.contains("columns.name") && missing.contains("key, nom"), "{missing}");
    let twice = read_with(b"key,name,name,x,y,insee\n", &config(&[]), &options("EPSG:4326", USUAL)).unwrap_err();
    assert!(matches!(twice, TableError::AmbiguousColumn { count: 2, .. }));
}

#[test]
fn kinds_themes_and_addresses_are_checked() {
    let columns = [
        (TableField::Name, "name"),
        (TableField::Kind, "kind"),
        (TableField::Themes, "themes"),
        (TableField::Tags, "tags"),
        (TableField::Url, "url"),
        (TableField::Email, "mail"),
    ];
    let text = "name,kind,themes,tags,url,mail\n\
        A,Public body,Agriculture;blurb,AMAP,www.a.fr,m@a.fr\n\
        B,person,,,,\n\
        C,,,compost;inconnu,ftp://x,nobody\n";
    let table = read_with(text.as_bytes(), &config(&[]), &options("EPSG:4326", &columns)).unwrap();
    let (a, c) = (&table.actors[0].record, &table.actors[1].record);
    assert_eq!(
        (a.kind.name(), a.themes.codes(), &a.tags[..]),
        ("public_body", vec!["food".into()], &["AMAP".into(), "blurb".into()][..])
    );
    assert_eq!((a.url.as_deref(), a.email.as_deref()), (Some("https://www.a.fr"), Some("m@a.fr")));
    assert_eq!(
        (c.kind.name(), c.themes.codes()),
        ("place", vec!["waste".into()]),
        "the constant, and the theme of a tag"
    );
    assert_eq!((c.url.as_deref(), c.email.as_deref()), (None, None));
    assert_eq!(table.report.rejected["unknown-kind"], 1);
    assert_eq!(a.id.as_str().len(), "actor:s:".len() + 16, "without a key column the row's hash serves");
}

#[test]
fn within_selects_rows_and_counts_the_others_apart() {
    let text = "key,name,x,y,insee\n1,A,55,-21,97411\n2,B,2,48,75056\n";
    let table = read_with(text.as_bytes(), &config(&["974"]), &options("EPSG:4326", USUAL)).unwrap();
    assert_eq!((table.report.read, table.report.not_selected), (1, 1));
    assert_eq!(table.not_selected, ["actor:s:2"]);
}

#[test]
fn a_table_without_header_counts_its_columns() {
    let mut options = options("EPSG:4326", &[(TableField::Name, "2"), (TableField::X, "3"), (TableField::Y, "4")]);
    options.header = false;
    let table = read_with(b"1;A;2;48\n2;B;3;49\n", &config(&[]), &options).unwrap();
    assert_eq!(table.actors.len(), 2);
    assert_eq!(table.actors[1].place, "line 2");
}

proptest! {
    #[test]
    fn any_bytes_are_accounted_for(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"key,name,x,y,insee\n1,A,2,48,\n".as_slice(), &body].concat();
        let table = read_with(&bytes, &config(&["75", ""]), &options("EPSG:4326", USUAL)).unwrap();
        prop_assert_eq!(table.report.read, table.report.accepted + table.report.rejected_total());
        prop_assert_eq!(table.report.accepted as usize, table.actors.len());
    }

    #[test]
    fn any_cells_are_accounted_for(rows in proptest::collection::vec("[a-z0-9,;\" .\n-]{0,40}", 0..20)) {
        let text = format!("key,name,x,y,insee\n0,A,2,48,\n{}", rows.join("\n"));
        let table = read_with(text.as_bytes(), &config(&[]), &options("EPSG:4326", USUAL)).unwrap();
        prop_assert_eq!(table.report.read, table.report.accepted + table.report.rejected_total());
    }
}
