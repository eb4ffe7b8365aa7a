use proptest::prelude::*;

use super::*;
use parvis_model::Crs;
use std::sync::LazyLock;

use crate::testing::{Zed, at};

static ZED: LazyLock<Zed> = LazyLock::new(crate::testing::zed);

/// Runs a text through splitter and table as a server does, `step` bytes at a time.
fn run(records: Records, text: &[u8], columns: &Columns, step: usize) -> Result<String, TableError> {
    let first = if records == Records::Csv { first_record(text).unwrap_or(text.len()) } else { 0 };
    let (table, mut out) = Table::new(records, &text[..first], columns)?;
    let rows = if columns.no_header { text } else { &text[first..] };
    let mut splitter = Splitter::new(&table);
    let mut pieces = Vec::new();
    for bytes in rows.chunks(step) {
        splitter.push(bytes, 100, &mut pieces);
    }
    splitter.finish(&mut pieces);
    for piece in &pieces {
        out.extend(table.append(ZED.snapshot.units(), piece));
    }
    Ok(String::from_utf8(out).unwrap())
}

fn csv(text: &str) -> String {
    let whole = run(Records::Csv, text.as_bytes(), &Columns::default(), usize::MAX).unwrap();
    for step in [1, 7, 64] {
        assert_eq!(run(Records::Csv, text.as_bytes(), &Columns::default(), step).unwrap(), whole, "{step} at a time");
    }
    whole
}

const HEAD: &str = "country_id,country_name,region_id,region_name,department_id,department_name,intercommunality_id,\
                    intercommunality_name,municipality_id,municipality_name,neighbourhood_id,neighbourhood_name,error";

#[test]
fn every_row_keeps_its_cells_and_its_place() {
    let out = csv("name,Lon,LAT\r\n\"a, \"\"b\"\"\",0.1,0.1\r\n\r\nfar,50,50\r\nempty,,1\r\nbad,x,1\r\nshort\r\n\
                   long,1,1,1\r\nwild,200,1\r\nend,3.5,3.5");
    let lines: Vec<&str> = out.split("\r\n").collect();
    assert_eq!(lines[0], format!("name,Lon,LAT,{HEAD}"));
    assert!(
        lines[1].starts_with(
            "\"a, \"\"b\"\"\",0.1,0.1,country:ZZ,Zedland,region:r0,Région 0,department:d0,Département 0,,,"
        ),
        "{}",
        lines[1]
    );
    assert!(lines[1].contains(",municipality:c00,") && lines[1].contains(",neighbourhood:q2,"), "{}", lines[1]);
    assert!(lines[1].ends_with(','), "no error");
    assert_eq!(lines[2], format!("far,50,50{}", ",".repeat(13)), "a blank line is no row, nowhere is no error");
    let error = |line: &str, cells: &str| line.strip_prefix(cells).unwrap().trim_start_matches(',').to_owned();
    assert_eq!(error(lines[3], "empty,,1"), "the longitude is missing");
    assert_eq!(error(lines[4], "bad,x,1"), "the longitude is no number: x");
    assert_eq!(error(lines[5], "short,,"), "the longitude is missing");
    assert_eq!(error(lines[6], "long,1,1"), "\"the row has 4 cells, the first line 3\"");
    assert!(error(lines[7], "wild,200,1").contains("degrees of WGS 84?"));
    assert!(lines[8].starts_with("end,3.5,3.5,country:ZZ"));
    assert_eq!((lines.len(), lines[9]), (10, ""));
    let width = 3 + 13;
    let mut reader = ::csv::ReaderBuilder::new().from_reader(out.as_bytes());
    assert!(reader.records().all(|row| row.unwrap().len() == width));
}

#[test]
fn other_delimiters_names_marks_and_numbers_are_understood() {
    let out = csv("\u{feff}x;y;nom\n0,1;0,1;a\n");
    assert!(out.starts_with("\u{feff}x;y;nom;country_id;"), "{out}");
    assert!(out.contains("0,1;0,1;a;country:ZZ;Zedland;"), "{out}");
    assert!(csv("longitude\tlatitude\n0.1\t0.1\n").contains("\tcountry:ZZ\t"));
    let named = Columns { lon: Some("E".into()), lat: Some("n".into()), ..Columns::default() };
    assert!(run(Records::Csv, b"e,n,lon\n0.1,0.1,9\n", &named, 3).unwrap().contains("country:ZZ"));
    let numbered = Columns { lon: Some("2".into()), lat: Some("3".into()), no_header: true, ..Columns::default() };
    let out = run(Records::Csv, b"a,0.1,0.1\nb,3.5,3.5\n", &numbered, 5).unwrap();
    assert_eq!(out.lines().count(), 2);
    assert!(out.starts_with("a,0.1,0.1,country:ZZ"), "{out}");
}

#[test]
fn a_national_address_table_has_its_degrees_beside_its_metres() {
    let out =
        csv("\u{feff}cle_interop;voie_nom;x;y;long;lat;source\nA_1;Rue du Verdon;1049409.0;6838286.4;0.1;0.1;Ville\n");
    assert!(out.contains(";0.1;0.1;Ville;country:ZZ;Zedland;"), "{out}");
    let out = csv("voie_nom;x_l93;y_l93;long_wgs84;lat_wgs84\nRue;1049409.0;6838286.4;0.1;0.1\n");
    assert!(out.contains(";0.1;0.1;country:ZZ;"), "{out}");
    let metres = csv("X,Y,ADR\n769588.622599996626377,6276876.751200001686811,\"118, Rue\"\n");
    assert!(metres.contains("degrees of WGS 84?"), "{metres}");
}

#[test]
fn a_table_of_another_crs_is_read_in_it() {
    let crs = |code: &str| Some(Transform::new(&Crs::parse(code).unwrap()).unwrap());
    let mercator = Columns { crs: crs("EPSG:3857"), ..Columns::default() };
    // 11,131.949 m are a tenth of a degree at the equator.
    let sirene = b"siret;coordonneeLambertAbscisseEtablissement;coordonneeLambertOrdonneeEtablissement;lon\n\
                   1;11131,949;11131,949;9\n2;[ND];[ND];9\n3;1e30;5;9\n";
    let out = run(Records::Csv, sirene, &mercator, 11).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[1].starts_with("1;11131,949;11131,949;9;country:ZZ;Zedland;"), "{out}");
    assert!(lines[2].ends_with("the easting is no number: [ND]"), "{out}");
    assert!(lines[3].ends_with("is no place in EPSG:3857"), "{out}");
    let json = run(Records::NdJson, b"{\"x\":11131.949,\"y\":11131.949}\n{\"x\":1}\n", &mercator, 5).unwrap();
    assert!(json.contains("\"country_id\":\"country:ZZ\"") && json.contains("the northing is missing"), "{json}");
    // Columns have names: that RGF93 counts latitudes first does not matter.
    let degrees = Columns { crs: crs("EPSG:4171"), ..Columns::default() };
    let out = run(Records::Csv, b"lat,lon\n0.1,0.3\n", &degrees, 3).unwrap();
    assert_eq!(out, run(Records::Csv, b"lat,lon\n0.1,0.3\n", &Columns::default(), 3).unwrap());
}

#[test]
fn what_a_spreadsheet_saved_in_windows_1252_comes_back_in_utf_8() {
    let table = b"libell\xe9;lat;lon\r\nH\xf4tel de ville;0,1;0,1\r\n\x8cuvre \x96 5 \x80;;1\r\n\xc9cole;1;1;9\r\n";
    for step in [1, 7, usize::MAX] {
        let out = run(Records::Csv, table, &Columns::default(), step).unwrap();
        let lines: Vec<&str> = out.split("\r\n").collect();
        assert!(lines[0].starts_with("libellé;lat;lon;country_id;"), "{out}");
        assert!(lines[1].starts_with("Hôtel de ville;0,1;0,1;country:ZZ;Zedland;"), "{out}");
        assert!(lines[2].starts_with("Œuvre – 5 €;;1;") && lines[2].ends_with(";the latitude is missing"), "{out}");
        assert!(lines[3].starts_with("École;1;1;") && lines[3].ends_with("cells, the first line 3"), "{out}");
    }
}

#[test]
fn a_table_without_coordinates_is_refused_with_what_to_change() {
    let refused = |text: &str, columns: &Columns| run(Records::Csv, text.as_bytes(), columns, 9).unwrap_err();
    let plain = Columns::default();
    assert_eq!(refused("", &plain), TableError::Empty);
    let error = refused("a,b\n1,2\n", &plain);
    assert_eq!(
        error.to_string(),
        "no column is called lon, lng, long, longitude, long_wgs84, x; the columns are a, b. Name yours with `lon=`"
    );
    assert!(matches!(refused("lon,LON,lat\n", &plain), TableError::SeveralColumns { parameter: "lon", .. }));
    assert_eq!(refused("lon,lat\n", &Columns { no_header: true, ..plain }), TableError::NoNumber("lon"));
    let utf_16 = run(Records::Csv, b"\xff\xfel\0o\0n\0", &Columns::default(), 9).unwrap_err();
    assert_eq!(utf_16, TableError::Utf16);
}

#[test]
fn a_row_without_end_costs_one_row_and_no_memory() {
    let long = "x".repeat(3 * MAX_RECORD);
    let out = csv(&format!("lon,lat,note\n0.1,0.1,a\n0.1,0.1,{long}\n0.1,0.1,b\n"));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[2].ends_with(",the row is longer than 65536 bytes") && lines[2].len() < 400, "{}", lines[2]);
    assert!(lines[3].starts_with("0.1,0.1,b,country:ZZ"), "{}", lines[3]);
    // A quotation mark that is never closed would make a row of the whole rest.
    let rest = "0.1,0.1,c\n".repeat(10_000);
    let out = csv(&format!("lon,lat,note\n0.1,0.1,\"open\n{rest}"));
    assert_eq!(out.lines().count(), 10_002);
    assert!(out.lines().nth(1).unwrap().ends_with("a quotation mark is opened and never closed"));
    assert_eq!(out.lines().filter(|l| l.starts_with("0.1,0.1,c,country:ZZ")).count(), 10_000);
    let out = csv("lon,lat,note\n0.1,0.1,\"open\n0.1,0.1,c\n");
    assert_eq!(out.lines().count(), 3, "{out}");
}

#[test]
fn lines_of_json_keep_their_members() {
    let text = "{\"lon\": 0.1, \"lat\": 0.10, \"big\": 12345678901234567890, \"error\": 1}\n\n[1]\n\
                {\"Longitude\":\"3,5\",\"latitude\":3.5}\n{\"lon\":null,\"lat\":1}\n{\"lon\":1";
    let out = run(Records::NdJson, text.as_bytes(), &Columns::default(), 11).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 5, "{out}");
    assert!(
        lines[0].starts_with("{\"lon\":0.1,\"lat\":0.10,\"big\":12345678901234567890,\"country_id\":\"country:ZZ\"")
    );
    assert!(lines[0].contains("\"intercommunality_id\":null") && !lines[0].contains("error"));
    assert!(lines[1].starts_with("{\"error\":\"the line is no JSON object"), "{}", lines[1]);
    assert!(lines[2].contains("\"municipality_id\":\"municipality:c33\""), "{}", lines[2]);
    assert_eq!(lines[3], "{\"lon\":null,\"lat\":1,\"error\":\"the longitude is missing\"}");
    for line in lines {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}

proptest! {
    #[test]
    fn rows_come_back_as_any_reader_reads_them(
        cells in prop::collection::vec(("[a-z\",;\n\r é]{0,12}", -1.0f64..5.0, -1.0f64..5.0), 0..40),
        step in 1usize..50,
    ) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["note", "lon", "lat"]).unwrap();
        for (note, lon, lat) in &cells {
            writer.write_record([note.as_str(), &lon.to_string(), &lat.to_string()]).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let out = run(Records::Csv, &text, &Columns::default(), step).unwrap();
        let mut reader = ::csv::Reader::from_reader(out.as_bytes());
        let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), cells.len());
            for ((note, lon, lat), row) in cells.iter().zip(&rows) {
            prop_assert_eq!(&row[0], note);
            let found = ZED.snapshot.lookup(at(*lon, *lat));
            for (level, column) in parvis_model::AdminLevel::ALL.iter().zip((3..).step_by(2)) {
                let unit = found.iter().find(|u| u.level == *level);
                prop_assert_eq!(&row[column], unit.map_or("", |u| u.id.as_str()));
                prop_assert_eq!(&row[column + 1], unit.map_or("", |u| &*u.name));
            }
            prop_assert_eq!(&row[15], "");
        }
    }
}
