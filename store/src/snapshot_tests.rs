use super::*;
use crate::testing::{actor, day_of_september, event, midnight, rows, uid, zed};
use crate::{Edge, ExportError, Format, Interval, export};
use parvis_model::{Bbox, Instant, Row, TileCoord, Value, themes};
use proptest::prelude::*;

/// Whether an event takes place in an interval, whose midnights are first made instants of the event's zone.
fn meets(when: Interval, zone: &str, start: Instant, end: Instant) -> bool {
    let instant = |edge: Edge| match edge {
        Edge::At(at) => at,
        Edge::Midnight(day) => midnight(zone, day),
    };
    let (from, to) = (when.start.map(instant), when.end.map(instant));
    if from == to && from == Some(start) {
        return true;
    }
    let ends_after = |from: Instant| if start == end { start >= from } else { end > from };
    to.is_none_or(|to| start < to) && from.is_none_or(ends_after)
}

/// Whether a row of a file matches, by its cells alone.
fn matches(collection: Collection, row: &Row, filter: &Filter, nested: &dyn Fn(&str, &str) -> bool) -> bool {
    let text = |field: &str| row.text(collection, field).unwrap_or_default().to_owned();
    let cell = |field: &str| &row.values[collection.fields().iter().position(|f| f.name == field).unwrap()];
    let theme = |t: &usize| matches!(cell("themes"), Value::TextList(all) if all.contains(&themes()[*t].code));
    let when = |d: Interval| match (collection, cell("id")) {
        (Collection::Events, _) => match (cell("start"), cell("end")) {
            (Value::Timestamp(start), Value::Timestamp(end)) => meets(d, &text("timezone"), *start, *end),
            _ => false,
        },
        _ => true,
    };
    let inside = |b: Bbox| match (cell("lon"), cell("lat")) {
        (Value::Float(lon), Value::Float(lat)) => b.contains(LonLat::new(*lon, *lat).unwrap()),
        _ => false,
    };
    let within = |w: &UnitId| nested(&text(w.level().id_field()), w.as_str());
    (filter.theme.is_empty() || filter.theme.iter().any(theme))
        && (filter.kind.is_empty() || filter.kind.contains(&text("kind")))
        && (filter.postcode.is_empty() || filter.postcode.contains(&text("postcode")))
        && filter.example.is_none_or(|e| *cell("example") == Value::Boolean(e))
        && filter.datetime.is_none_or(when)
        && filter.bbox.is_none_or(inside)
        && (filter.within.is_empty() || filter.within.iter().any(within))
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let units = prop::sample::select(vec![
        "country:ZZ",
        "region:r1",
        "department:d0",
        "intercommunality:200",
        "municipality:c00",
        "municipality:c99",
        "neighbourhood:q1",
        "neighbourhood:q2",
    ]);
    let kinds = prop::sample::select(vec!["association", "place", "public_body"]);
    let bbox = (-10i32..50, -10i32..50, 0i32..40, 0i32..40).prop_map(|(w, s, dx, dy)| {
        let tenth = |v: i32| f64::from(v) / 10.0;
        Bbox::new(tenth(w), tenth(s), tenth(w + dx), tenth(s + dy)).unwrap()
    });
    let instants = (0i64..100, 0i64..50).prop_map(|(from, hours)| {
        let start = 1_790_000_000 + from * 7_200;
        let edge = |unix| Some(Edge::At(Instant::from_unix(unix)));
        Interval { start: edge(start), end: edge(start + hours * 3_600) }
    });
    let edge = || {
        let days = prop::sample::select((20..=30).chain(52..=62).collect::<Vec<u64>>());
        (days, 0u32..24, 0u8..4).prop_map(|(day, hour, kind)| match kind {
            0 => "..".to_owned(),
            1 => format!("{}T{hour:02}:00:00Z", day_of_september(day)),
            _ => day_of_september(day),
        })
    };
    let written =
        (edge(), edge()).prop_filter_map("no interval", |(from, to)| Interval::parse(&format!("{from}/{to}")));
    let interval = prop_oneof![instants, written, edge().prop_filter_map("open", |day| Interval::parse(&day))];
    (
        prop::option::of(bbox),
        prop::collection::vec(units, 0..3),
        prop::collection::vec(0usize..12, 0..3),
        prop::collection::vec(kinds, 0..2),
        prop::collection::vec("0000[0-9]", 0..2),
        prop::option::of(interval),
        prop::option::of(any::<bool>()),
    )
        .prop_map(|(bbox, within, theme, kind, postcode, datetime, example)| Filter {
            bbox,
            within: within.into_iter().map(uid).collect(),
            theme,
            kind: kind.into_iter().map(str::to_owned).collect(),
            postcode,
            datetime,
            example,
            ..Filter::default()
        })
}

#[test]
fn a_selection_is_what_a_plain_scan_finds() {
    let zed = zed();
    let nested = |of: &str, within: &str| of == within || (of == "neighbourhood:q2" && within == "neighbourhood:q1");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(400));
    let all: Vec<(Collection, Vec<(u32, Row)>)> = [Collection::Actors, Collection::Events]
        .map(|c| {
            let row_of = |r: &Row| zed.snapshot.row_of(c, r.text(c, "id").unwrap()).unwrap();
            let mut all: Vec<(u32, Row)> = rows(c).into_iter().map(|r| (row_of(&r), r)).collect();
            all.sort_by_key(|(row, _)| *row);
            (c, all)
        })
        .to_vec();
    runner
        .run(&any_filter(), |filter| {
            for (collection, all) in &all {
                let filter = match collection {
                    Collection::Events => Filter { kind: Vec::new(), ..filter.clone() },
                    _ => filter.clone(),
                };
                let found = zed.snapshot.select(*collection, &filter).unwrap();
                let wanted: Vec<u32> = all
                    .iter()
                    .filter(|(_, r)| filter.is_empty() || matches(*collection, r, &filter, &nested))
                    .map(|(row, _)| *row)
                    .collect();
                prop_assert_eq!(found.rows().collect::<Vec<_>>(), &wanted[..]);
                prop_assert_eq!(found.total(), wanted.len() as u64);
                let located = all.iter().filter(|(n, r)| wanted.contains(n) && r.geometry.is_some()).count();
                prop_assert_eq!(found.located(), located as u64);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_tiles_of_a_zoom_part_the_located_points() {
    let zed = zed();
    for collection in [Collection::Actors, Collection::Events] {
        let points = zed.snapshot.points(collection).unwrap();
        let selection = zed.snapshot.select(collection, &Filter::default()).unwrap();
        assert_eq!(points.located() as u64, selection.located());
        let mut tiles = vec![TileCoord::ROOT];
        for _ in 0..9 {
            let total: usize = tiles.iter().map(|t| points.range(*t).len()).sum();
            assert_eq!(total, points.located());
            let children = tiles.iter().flat_map(|t| t.children().unwrap());
            tiles = children.filter(|t| !points.range(*t).is_empty()).collect();
        }
        for tile in tiles {
            for at in points.range(tile) {
                assert_eq!(TileCoord::containing(points.world(at), tile.z()), tile);
                assert_eq!(points.position(points.row(at)), Some(at));
            }
        }
    }
}

#[test]
fn a_point_has_the_attributes_of_its_row() {
    let zed = zed();
    let points = zed.snapshot.points(Collection::Actors).unwrap();
    for n in [0, 1, 4, 9, 22, 599] {
        let actor = actor(n);
        let row = zed.snapshot.row_of(Collection::Actors, actor.id.as_str()).unwrap();
        let at = points.position(row).unwrap();
        assert_eq!(points.id(at), actor.id.as_str());
        assert_eq!(points.name(at), actor.name);
        assert_eq!(points.kind(at), actor.kind.name());
        assert_eq!(points.themes(at), actor.themes);
        assert_eq!(points.postcode(at), actor.postcode.as_deref());
        assert_eq!(points.example(at), actor.example);
        assert_eq!(points.place(at), actor.location);
        assert_eq!(points.time(at), None);
        for level in AdminLevel::ALL {
            let unit = points.unit(at, level).map(|n| zed.snapshot.units().get(n).unwrap().id.clone());
            assert_eq!(unit.as_ref(), actor.ancestors.get(level), "{n} {level:?}");
        }
    }
    let event = event(3);
    let points = zed.snapshot.points(Collection::Events).unwrap();
    let row = zed.snapshot.row_of(Collection::Events, event.id.as_str()).unwrap();
    assert_eq!(points.time(points.position(row).unwrap()), Some([event.start, event.end]));
}

#[test]
fn units_are_filtered_by_box_place_and_postal_code() {
    let zed = zed();
    let found = |c: Collection, filter: Filter| -> Vec<String> {
        let selection = zed.snapshot.select(c, &filter).unwrap();
        let mut ids: Vec<String> = selection.rows().map(|r| zed.snapshot.id_of(c, r).to_owned()).collect();
        ids.sort_unstable();
        ids
    };
    let within = |id: &str| Filter { within: vec![uid(id)], ..Filter::default() };
    assert_eq!(found(Collection::Municipalities, within("department:d3")).len(), 4);
    assert_eq!(found(Collection::Municipalities, within("country:ZZ")).len(), 17, "the one without geometry too");
    assert_eq!(found(Collection::Municipalities, within("intercommunality:200")).len(), 4);
    assert_eq!(found(Collection::Departments, within("department:d3")), ["department:d3"]);
    assert_eq!(found(Collection::Neighbourhoods, within("neighbourhood:q1")).len(), 2);
    let bbox = Filter { bbox: Some(Bbox::parse("0.2,0.2,1.2,0.8").unwrap()), ..Filter::default() };
    assert_eq!(found(Collection::Municipalities, bbox), ["municipality:c00", "municipality:c10"]);
    let postcode = Filter { postcode: vec!["03000".into()], ..Filter::default() };
    assert_eq!(found(Collection::Municipalities, postcode).len(), 4);
    let kind = Filter { kind: vec!["quartier".into()], ..Filter::default() };
    assert_eq!(found(Collection::Neighbourhoods, kind), ["neighbourhood:q1"]);
}

#[test]
fn a_filter_that_cannot_hold_says_why() {
    let zed = zed();
    let select = |c, filter: Filter| zed.snapshot.select(c, &filter).unwrap_err();
    let unknown = Filter { within: vec![uid("region:zz")], ..Filter::default() };
    assert_eq!(select(Collection::Actors, unknown), FilterError::UnknownUnit(uid("region:zz")));
    let theme = Filter { theme: vec![3], ..Filter::default() };
    assert!(matches!(select(Collection::Regions, theme), FilterError::NotAField { parameter: "theme", .. }));
    let theme = Filter { theme: vec![99], ..Filter::default() };
    assert_eq!(select(Collection::Actors, theme), FilterError::UnknownTheme(99));
    let kind = Filter { kind: vec!["person".into()], ..Filter::default() };
    assert!(matches!(select(Collection::Actors, kind), FilterError::UnknownKind { .. }));
}

#[test]
fn exports_of_a_selection_hold_its_rows_in_every_format() {
    let zed = zed();
    let filter = Filter { within: vec![uid("region:r0")], example: Some(false), ..Filter::default() };
    let selection = zed.snapshot.select(Collection::Actors, &filter).unwrap();
    assert!(selection.total() > 50);
    let duck = crate::duck::connect(zed.snapshot.edition().spill_dir()).unwrap();
    for format in Format::ALL {
        let file = tempfile::Builder::new().suffix(&format!(".{}", format.ext())).tempfile().unwrap();
        export(&zed.snapshot, &selection, format, &mut file.as_file()).unwrap();
        let count = |reader: &str| -> u64 {
            let path = file.path().display().to_string();
            duck.query_row(&format!("SELECT count(*) FROM {reader}(?)"), [path], |r| r.get(0)).unwrap()
        };
        let rows = match format {
            Format::Parquet => count("read_parquet"),
            Format::Csv => count("read_csv"),
            Format::FlatGeobuf => crate::inspect::flatgeobuf(file.path()).unwrap().rows,
            Format::GeoJsonSeq => std::fs::read_to_string(file.path()).unwrap().lines().count() as u64,
            Format::GeoJson => {
                let bytes = std::fs::read(file.path()).unwrap();
                let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                assert_eq!(json["name"], "actors");
                json["features"].as_array().unwrap().len() as u64
            }
        };
        assert_eq!(rows, selection.total(), "{format:?}");
    }
}

#[test]
fn an_export_cut_out_of_the_stored_file_is_what_writing_its_rows_gives() {
    let zed = zed();
    for collection in [Collection::Actors, Collection::Events, Collection::Municipalities] {
        let filter = Filter { within: vec![uid("region:r0")], ..Filter::default() };
        let selection = zed.snapshot.select(collection, &filter).unwrap();
        let about = zed.snapshot.edition().manifest().collection(collection).unwrap();
        assert!(selection.total() > 1 && selection.total() < about.rows);
        let mut cut = Vec::new();
        export(&zed.snapshot, &selection, Format::FlatGeobuf, &mut cut).unwrap();
        let rows = crate::table::read::rows(zed.snapshot.edition(), &selection).unwrap();
        let rows = crate::rows::prepare(collection, rows).unwrap();
        let manifest = zed.snapshot.edition().manifest();
        let about = crate::writer::About {
            name: collection.name(),
            title: format!("{} ({})", collection.title(false), manifest.title.en),
            territory: manifest.territory.clone(),
            licences: about.licences.clone(),
            sources: about.sources.clone(),
            attribution: about.attribution.clone(),
        };
        let mut written = Vec::new();
        crate::export::flatgeobuf::write_to(&mut written, &rows, &about, &mut |_| {}).unwrap();
        assert!(cut == written, "{collection}: {} and {} bytes", cut.len(), written.len());

        let file = tempfile::Builder::new().suffix(".parquet").tempfile().unwrap();
        export(&zed.snapshot, &selection, Format::Parquet, &mut file.as_file()).unwrap();
        let duck = crate::duck::connect(zed.snapshot.edition().spill_dir()).unwrap();
        let path = file.path().display().to_string();
        let table = zed.snapshot.edition().part(collection.name(), "parquet").unwrap().path.display().to_string();
        let all = "SELECT * EXCLUDE geometry, ST_AsWKB(geometry) FROM read_parquet(?)";
        let sql = format!("SELECT count(*) FROM ({all} INTERSECT {all})");
        let same: u64 = duck.query_row(&sql, [&path, &table], |row| row.get(0)).unwrap();
        assert_eq!(same, selection.total(), "{collection}");
        let first: String = duck.query_row("SELECT id FROM read_parquet(?)", [&path], |row| row.get(0)).unwrap();
        assert_eq!(first, zed.snapshot.id_of(collection, selection.rows().next().unwrap()));
        let geo = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'geo'";
        let geo: String = duck.query_row(geo, [&path], |row| row.get(0)).unwrap();
        let geo: serde_json::Value = serde_json::from_str(&geo).unwrap();
        let bbox = geo.pointer("/columns/geometry/bbox").unwrap().as_array().unwrap();
        assert!(bbox[2].as_f64().unwrap() <= 2.0, "the box of the rows, not of the whole: {bbox:?}");
    }
}

#[test]
fn a_snapshot_for_one_collection_exports_it_as_the_whole_one_does() {
    let zed = zed();
    let filter = Filter { within: vec![uid("region:r0")], ..Filter::default() };
    for collection in [Collection::Actors, Collection::Events, Collection::Municipalities] {
        let edition = zed.data.edition(&zed.id).unwrap();
        let alone = Snapshot::open_for(edition, collection).unwrap();
        let text = |snapshot: &Snapshot| {
            let mut out = Vec::new();
            export(snapshot, &snapshot.select(collection, &filter).unwrap(), Format::Csv, &mut out).unwrap();
            out
        };
        assert_eq!(text(&alone), text(&zed.snapshot), "{collection}");
        for other in [Collection::Actors, Collection::Events] {
            assert_eq!(alone.has(other), other == collection);
            assert_eq!(alone.select(other, &filter).is_ok(), other == collection, "{other} of {collection}");
        }
    }
}

#[test]
fn an_export_of_everything_is_the_download_and_a_full_disk_an_error() {
    let zed = zed();
    let all = zed.snapshot.select(Collection::Events, &Filter::default()).unwrap();
    for format in Format::ALL {
        let mut out = Vec::new();
        export(&zed.snapshot, &all, format, &mut out).unwrap();
        let part = zed.snapshot.edition().part("events", format.ext()).unwrap();
        assert_eq!(out, std::fs::read(&part.path).unwrap(), "{format:?}");
    }
    let some = Filter { example: Some(true), ..Filter::default() };
    let some = zed.snapshot.select(Collection::Events, &some).unwrap();
    let mut full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let error = export(&zed.snapshot, &some, Format::GeoJson, &mut full).unwrap_err();
    assert!(matches!(error, ExportError::Output(_)), "{error:?}");
}

#[test]
fn search_finds_units_postal_codes_actors_and_events_by_prefix() {
    let zed = zed();
    let names = |q: &str, types: &[HitKind]| -> Vec<String> {
        zed.snapshot.search(q, 3, types, "").into_iter().map(|h| h.id).collect()
    };
    assert_eq!(names("SAINT ZED 0", &[]), ["municipality:c00", "municipality:c01", "municipality:c02"]);
    assert_eq!(names("c31", &[])[0], "municipality:c31", "by code");
    assert_eq!(names("coeur", &[]), ["intercommunality:200"]);
    assert_eq!(names("03000", &[]), ["03000"]);
    assert_eq!(names("fete 12", &[HitKind::Event]).len(), 1);
    assert_eq!(names("mairie", &[]).len(), 3);
    let hit = &zed.snapshot.search("saint-zed 10", 1, &[], "")[0];
    assert_eq!(hit.detail.as_deref(), Some("Département 0"));
    assert_eq!((hit.level, hit.code.as_deref()), (Some(AdminLevel::Municipality), Some("c10")));
    assert_eq!(hit.bbox.unwrap().to_array(), [1.0, 0.0, 2.0, 1.0]);
    assert_eq!(zed.snapshot.search("zedland", 1, &[], "en")[0].name, "Zed");
}

#[test]
fn a_postal_code_has_all_its_municipalities() {
    let zed = zed();
    assert_eq!(zed.snapshot.postcode("09999").len(), 16);
    assert_eq!(zed.snapshot.postcode("03000").len(), 4);
    assert!(zed.snapshot.postcode("nope").is_empty());
}
