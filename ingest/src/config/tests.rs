use super::*;

/// A configuration with these sources.
pub(crate) fn territory(sources: &str) -> String {
    format!(
        "id = \"t\"\ntitle = {{ fr = \"T\", en = \"T\" }}\ncountries = [\"FR\"]\n\
         window = {{ from = \"2026-01-01\", to = \"2028-01-01\" }}\nstart = {{ lon = 2.5, lat = 46.6, zoom = 5 }}\n{sources}"
    )
}

const TABLE: &str =
    "[[source]]\nid = \"halls\"\nreader = \"table\"\npath = \"h.csv\"\nproducer = \"P\"\nlicence = \"L\"\n";
const NAMED: &str = "[source.columns]\nname = \"n\"\nx = \"lon\"\ny = \"lat\"\n[source.constants]\nkind = \"place\"\n";

fn error(text: &str) -> String {
    Territory::parse(text, Path::new("t.toml")).unwrap_err().to_string()
}

fn assert_says(error: &str, words: &[&str]) {
    for word in words {
        assert!(error.contains(word), "{word:?} is not in {error}");
    }
}

#[test]
fn the_demo_configurations_are_read() {
    for (name, bytes) in [
        ("france", include_str!("../../../data/demo/france.toml")),
        ("reunion", include_str!("../../../data/demo/reunion.toml")),
    ] {
        let territory = Territory::parse(bytes, Path::new(name)).unwrap();
        assert_eq!(territory.id, name);
        let readers: Vec<_> = territory.sources.iter().map(|s| s.source.reader.as_str()).collect();
        assert_eq!(readers, ["osm-pbf", "nomenclature", "table", "table", "ical", "links"]);
        assert!(territory.sources.iter().all(|s| s.source.licence == "etalab-2.0"));
        let examples = territory.sources.iter().filter(|s| s.source.example).count();
        assert_eq!(examples, 3);
    }
}

#[test]
fn options_arrive_where_they_belong() {
    let text = format!("{TABLE}crs = \"epsg:2154\"\ndelimiter = \";\"\nwithin = [\"974\"]\n{NAMED}");
    let territory = Territory::parse(&territory(&text), Path::new("t.toml")).unwrap();
    let config = territory.source("halls").unwrap();
    let ReaderOptions::Table(options) = &config.options else { panic!("{config:?}") };
    assert_eq!((options.crs.as_str(), options.delimiter, options.header), ("EPSG:2154", Some(b';'), true));
    assert_eq!(options.columns[&TableField::X], "lon");
    assert_eq!(options.constants[&TableField::Kind], "place");
    assert!(config.selects("97411") && !config.selects("75056"));
    assert_eq!(territory.to.to_string(), "2028-01-01T00:00:00Z");
    let platform = format!("{}collection = \"poi\"\n", TABLE.replace("\"table\"", "\"communecter\""));
    let read = |text: &str| Territory::parse(&super::tests::territory(text), Path::new("t.toml")).unwrap();
    let ReaderOptions::Communecter(options) = read(&platform).sources[0].options else { panic!("{platform}") };
    assert_eq!((options.collection, options.open_by_default), (Some(PlatformCollection::Poi), false));
}

#[test]
fn the_languages_of_tiles_are_english_unless_the_file_says_others() {
    let read = |line: &str| Territory::parse(&format!("{line}\n{}", territory("")), Path::new("t.toml"));
    assert_eq!(read("").unwrap().tile_names, ["en"]);
    assert_eq!(read("tile_names = [\"br\", \"zh-Hant\"]").unwrap().tile_names, ["br", "zh-Hant"]);
    assert!(read("tile_names = []").unwrap().tile_names.is_empty());
    assert_says(&read("tile_names = [\"a b\"]").unwrap_err().to_string(), &["t.toml:1", "tile_names", "br or zh-Hant"]);
}

#[test]
fn a_pbf_gives_boundaries_unless_told_otherwise() {
    let pbf = TABLE.replace("\"table\"", "\"osm-pbf\"");
    for (options, boundaries, actors) in [
        ("", true, false),
        ("actors = true\n", true, true),
        ("actors = true\nboundaries = false\n", false, true),
        ("boundaries = true\nactors = false\n", true, false),
    ] {
        let territory = Territory::parse(&territory(&format!("{pbf}{options}")), Path::new("t.toml")).unwrap();
        assert_eq!(territory.sources[0].options, ReaderOptions::OsmPbf { boundaries, actors }, "{options}");
    }
}

#[test]
fn errors_name_the_file_the_line_and_the_key() {
    assert_says(&error(&territory("[[source]]\nid = \"a\"\ncolour = 1\n")), &["t.toml:8:1", "colour"]);
    assert_says(&error("id = \"t\"\n"), &["t.toml:1", "title"]);
    assert_says(&error("id = \n"), &["t.toml:1:"]);
    let with = |options: &str| error(&territory(&format!("{TABLE}{options}")));
    assert_says(&with(&format!("crs = \"Lambert\"\n{NAMED}")), &["t.toml:12", "source halls: crs", "EPSG:2154"]);
    assert_says(&with(&format!("delimiter = \"ab\"\n{NAMED}")), &["t.toml:12", "delimiter"]);
    assert_says(&with(&format!("collection = \"events\"\n{NAMED}")), &["t.toml:12", "collection"]);
    assert_says(&with("[source.columns]\nnom = \"n\"\n"), &["t.toml:13", "columns.nom", "municipality_code"]);
    assert_says(&with("[source.columns]\nname = \"n\"\n"), &["t.toml:8", "kind"]);
    assert_says(&with("[source.columns]\nname = \"n\"\nkind = \"k\"\nx = \"x\"\n"), &["x and y"]);
    assert_says(&with("[source.columns]\nname = \"n\"\n[source.constants]\nkey = \"k\"\n"), &["constants.key"]);
    let pbf = TABLE.replace("\"table\"", "\"osm-pbf\"");
    assert_says(&error(&territory(&format!("{pbf}within = [\"974\"]\n"))), &["t.toml:12", "within", "osm-pbf"]);
    assert_says(
        &error(&territory(&format!("{pbf}boundaries = false\n"))),
        &["t.toml:12", "boundaries", "actors = true"],
    );
    assert_says(&with(&format!("actors = true\n{NAMED}")), &["t.toml:12", "actors", "no option", "table"]);
    let reader = TABLE.replace("\"table\"", "\"shapefile\"");
    assert_says(&error(&territory(&reader)), &["t.toml:8", "source halls: reader", "ical"]);
    let ical = TABLE.replace("\"table\"", "\"ical\"");
    assert_says(
        &error(&territory(&format!("{ical}crs = \"EPSG:4326\"\n"))),
        &["t.toml:12", "crs", "no option", "ical"],
    );
    assert_says(
        &error(&territory(&format!("{TABLE}open_by_default = true\n{NAMED}"))),
        &["t.toml:12", "open_by_default"],
    );
    let platform = TABLE.replace("\"table\"", "\"communecter\"");
    let with = |options: &str| error(&territory(&format!("{platform}{options}")));
    assert_says(&with("collection = \"persons\"\n"), &["t.toml:12", "collection", "organizations, projects"]);
    assert_says(&with("collection = \"poi\"\ncrs = \"EPSG:4326\"\n"), &["t.toml:13", "crs", "communecter"]);
    let twice = format!("{TABLE}{NAMED}{TABLE}{NAMED}");
    assert_says(&error(&territory(&twice)), &["t.toml:19", "halls"]);
    assert_says(&error(&territory("").replace("2028", "2025")), &["t.toml:4", "window.to"]);
    assert_says(&error(&territory("").replace("\"FR\"", "\"France\"")), &["t.toml:3", "countries"]);
    assert_says(&error(&territory("").replace("46.6", "460")), &["t.toml:5", "start"]);
    assert_says(&error(&territory("").replace("\"t\"", "\"T T\"")), &["t.toml:1", "id"]);
    let missing = Territory::read(Path::new("no/such.toml")).unwrap_err().to_string();
    assert_says(&missing, &["no/such.toml"]);
}
