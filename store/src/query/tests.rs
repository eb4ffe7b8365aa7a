//! Filters held against a plain look at every row of the files, by other means: cells, `geo`'s DE-9IM, distances.

use geo::{BoundingRect, Distance, Geodesic};
use parvis_model::{Bbox, Collection, LonLat, fold};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::any_condition::{Plain, conditions, places};
use crate::testing::{Zed, at, rows, zed};
use crate::{Cql, Filter, FilterError, Near};

/// The rows of a collection as they were written, by their number in the files.
fn plain_rows(zed: &Zed, collection: Collection) -> Vec<Plain> {
    let mut all: Vec<(u32, Plain)> = rows(collection)
        .into_iter()
        .map(|row| {
            let number = zed.snapshot.row_of(collection, row.text(collection, "id").unwrap()).unwrap();
            (number, Plain { collection, row })
        })
        .collect();
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, plain)| plain).collect()
}

fn found(zed: &Zed, collection: Collection, filter: &Filter) -> Vec<u32> {
    zed.snapshot.select(collection, filter).unwrap_or_else(|e| panic!("{filter:?}: {e}")).rows().collect()
}

fn wanted(plain: &[Plain], takes: impl Fn(&Plain) -> bool) -> Vec<u32> {
    (0u32..).zip(plain).filter(|(_, r)| takes(r)).map(|(n, _)| n).collect()
}

fn cql(text: &str) -> Filter {
    Filter { cql: Some(text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))), ..Filter::default() }
}

#[test]
fn a_thousand_conditions_take_what_a_plain_look_takes() {
    let zed = zed();
    for (collection, cases) in [(Collection::Actors, 700), (Collection::Events, 300)] {
        let plain = plain_rows(&zed, collection);
        let mut runner = TestRunner::new(ProptestConfig::with_cases(cases));
        let run = runner.run(&conditions(collection), |condition| {
            let found = found(&zed, collection, &cql(&condition.text));
            prop_assert_eq!(found, wanted(&plain, |r| (condition.oracle)(r) == Some(true)), "{}", condition.text);
            Ok(())
        });
        run.unwrap();
    }
}

#[test]
fn places_words_and_boxes_across_the_antimeridian() {
    let zed = zed();
    let plain = plain_rows(&zed, Collection::Actors);
    let place = |r: &Plain| LonLat::new(r.number("lon")?, r.number("lat")?);
    for (lon, lat, radius) in
        [(1.0, 1.0, 30_000.0), (2.5, 3.9, 111_000.0), (4.3, -0.2, 1_000_000.0), (0.0, 0.0, 1.0), (179.9, 0.0, 9e5)]
    {
        let near = Near::new(at(lon, lat), radius).unwrap();
        let inside = |r: &Plain| place(r).is_some_and(|p| Geodesic.distance(p.point(), near.at.point()) <= radius);
        let filter = Filter { near: Some(near), ..Filter::default() };
        assert_eq!(found(&zed, Collection::Actors, &filter), wanted(&plain, inside), "{near:?}");
    }
    for bbox in ["3,-10,1,10", "-180,-90,180,90", "170,-5,-170,5", "0.5,0.5,0.5,0.5"] {
        let bbox = Bbox::parse(bbox).unwrap();
        let inside = |r: &Plain| place(r).is_some_and(|p| bbox.contains(p));
        let by_parameter = Filter { bbox: Some(bbox), ..Filter::default() };
        assert_eq!(found(&zed, Collection::Actors, &by_parameter), wanted(&plain, inside), "{bbox:?}");
        let [w, s, e, n] = bbox.to_array();
        let by_cql = cql(&format!("S_INTERSECTS(geometry, BBOX({w}, {s}, {e}, {n}))"));
        assert_eq!(found(&zed, Collection::Actors, &by_cql), wanted(&plain, inside), "{bbox:?}");
    }
    for (q, begins) in [
        ("MAIRIE", vec!["mairie"]),
        ("deux ici", vec!["deux", "ici"]),
        ("tiers lieux", vec!["tiers", "lieux"]),
        ("bio dite", vec!["bio", "dite"]),
        ("airie", vec!["airie"]),
    ] {
        let takes = |r: &Plain| {
            let mut text =
                format!("{} {}", r.text("name").unwrap_or_default(), r.text("description").unwrap_or_default());
            text = format!("{text} {}", r.list("tags").unwrap_or_default().join(" "));
            begins.iter().all(|b| fold(&text).split(' ').any(|word| word.starts_with(b)))
        };
        let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
        assert_eq!(found(&zed, Collection::Actors, &filter), wanted(&plain, takes), "{q}");
    }
}

#[test]
fn boundaries_lie_as_de_9im_says() {
    let zed = zed();
    let plain = plain_rows(&zed, Collection::Municipalities);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    runner
        .run(&places(), |condition| {
            let found = found(&zed, Collection::Municipalities, &cql(&condition.text));
            prop_assert_eq!(found, wanted(&plain, |r| (condition.oracle)(r) == Some(true)), "{}", condition.text);
            Ok(())
        })
        .unwrap();
    for (text, count) in [
        ("population > 990", 10),
        ("postcodes IS NULL", 0),
        ("A_CONTAINS(postcodes, ('03000'))", 4),
        ("status = 'missing' AND geometry IS NULL", 1),
        ("siren IS NULL AND name LIKE 'Saint%'", 16),
        ("parent_id = 'department:d3'", 4),
        ("level = 5 AND area_km2 > 1", 16),
        ("municipality_id IS NULL", 17),
        ("S_TOUCHES(geometry, POLYGON((0 0, 1 0, 1 1, 0 1, 0 0)))", 3),
        ("S_EQUALS(geometry, POLYGON((1 1, 2 1, 2 2, 1 2, 1 1)))", 1),
        ("S_CROSSES(LINESTRING(0.5 0.5, 1.5 0.5), geometry)", 2),
        ("S_OVERLAPS(geometry, BBOX(0.5, 0.5, 2, 1))", 2),
        ("S_INTERSECTS(geometry, geometry)", 16),
        // Boxes without an area: on the border, and across two squares.
        ("S_WITHIN(geometry, BBOX(0, 0, 0, 0.1))", 0),
        ("S_TOUCHES(geometry, BBOX(0, 0, 0, 0.1))", 1),
        ("S_CROSSES(geometry, BBOX(0.5, 0.5, 1.5, 0.5))", 2),
        ("S_CONTAINS(geometry, BBOX(0.5, 0.5, 0.5, 0.5))", 1),
        ("S_TOUCHES(geometry, BBOX(1, 1, 1, 1))", 4),
    ] {
        assert_eq!(found(&zed, Collection::Municipalities, &cql(text)).len(), count, "{text}");
    }
    // 55 km of a degree: the squares around the middle of one, and their corners.
    let near = Filter { near: Near::new(at(1.5, 1.5), 60_000.0), ..Filter::default() };
    assert_eq!(found(&zed, Collection::Municipalities, &near).len(), 5);
    let words = Filter { q: Some("zed 12".into()), ..Filter::default() };
    assert_eq!(found(&zed, Collection::Municipalities, &words).len(), 1);
}

#[test]
fn parameters_of_properties_are_read_by_their_type() {
    let zed = zed();
    let count = |collection, name: &str, values: &[&str]| {
        let properties = [(name.to_owned(), values.iter().map(|v| (*v).to_owned()).collect())].into();
        zed.snapshot.select(collection, &Filter { properties, ..Filter::default() }).map(|s| s.total())
    };
    assert_eq!(count(Collection::Municipalities, "population", &["1000", "999", "5"]).unwrap(), 2);
    assert_eq!(count(Collection::Municipalities, "postcodes", &["03000"]).unwrap(), 4);
    assert_eq!(count(Collection::Actors, "tags", &["bio", "nope"]).unwrap(), 150);
    assert_eq!(count(Collection::Events, "all_day", &["false"]).unwrap(), 100);
    assert!(count(Collection::Events, "start", &["2026-09-22"]).unwrap() > 0, "a day stands for all of it");
    for (collection, name, value) in [
        (Collection::Municipalities, "population", "many"),
        (Collection::Events, "start", "soon"),
        (Collection::Actors, "population", "1"),
    ] {
        assert!(matches!(count(collection, name, &[value]), Err(FilterError::Cql { .. })), "{name}={value}");
    }
}

#[test]
fn a_filter_that_does_not_fit_names_what_there_is() {
    let zed = zed();
    for (collection, text, words) in [
        (Collection::Actors, "nom = 'x'", &["nom", "no property of actors", "name", "geometry"][..]),
        (Collection::Actors, "names = 'x'", &["no property"]),
        (Collection::Regions, "themes = 'x'", &["no property of regions"]),
        (Collection::Actors, "themes = 'x'", &["A_CONTAINS"]),
        (Collection::Actors, "lon = 'x'", &["a number", "a text"]),
        (Collection::Actors, "name", &["a text", "true or false"]),
        (Collection::Actors, "S_INTERSECTS(name, POINT(1 2))", &["S_INTERSECTS", "a text"]),
        (Collection::Actors, "geometry = POINT(1 2)", &["S_EQUALS"]),
        (Collection::Actors, "avg(lon) > 1", &["no function `avg`", "CASEI"]),
        (Collection::Actors, "T_AFTER(name, DATE('2020-01-01'))", &["T_BEFORE", "a text"]),
        (Collection::Actors, "updated > 'soon'", &["soon", "DATE('2026-11-21')"]),
        (Collection::Actors, "name LIKE id", &["single quotes"]),
        (Collection::Actors, "name + 1 > 2", &["numbers"]),
    ] {
        let error = zed.snapshot.select(collection, &cql(text)).expect_err(text).to_string();
        for word in words {
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}

#[test]
fn letters_fold_alike_in_process_and_in_the_table() {
    let duck = crate::duck::connect(&std::env::temp_dir()).unwrap();
    let letters: Vec<char> = ('\u{20}'..'\u{2FFF}').filter(|c| c.is_alphanumeric()).collect();
    // Two letters are newer (Unicode 16) than the tables in DuckDB.
    let newer = ['\u{897}', '\u{1C89}'];
    let fold_all = "SELECT replace(replace(lower(replace(replace(t, 'İ', 'i'), 'ẞ', 'ß')), 'ß', 'ss'), 'ς', 'σ'), strip_accents(t) \
                    FROM (SELECT CAST(? AS VARCHAR) AS t)";
    let mut statement = duck.prepare(fold_all).unwrap();
    let mut differ = String::new();
    for c in letters {
        let (lower, plain): (String, String) =
            statement.query_row([c.to_string()], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        let ours = (parvis_model::fold::casei(&c.to_string()), parvis_model::fold::accenti(&c.to_string()));
        if (lower, plain) != ours && !newer.contains(&c) {
            differ.push(c);
        }
    }
    assert_eq!(differ, "", "these letters would be found by one and not by the other");
}

#[test]
fn an_answer_of_the_table_is_kept() {
    let zed = zed();
    let filter = cql("description LIKE 'Deux%'");
    let first = found(&zed, Collection::Actors, &filter);
    // The table is gone; what was asked before is still known, anything else is an error that is not the asker's.
    let part = zed.snapshot.edition().require(Collection::Actors, "parquet").unwrap();
    std::fs::remove_file(&part.path).unwrap();
    assert_eq!(found(&zed, Collection::Actors, &filter), first);
    let error = zed.snapshot.select(Collection::Actors, &cql("description LIKE 'Trois%'")).unwrap_err();
    assert!(matches!(error, FilterError::Unreadable(_)), "{error:?}");
}

#[test]
fn canonical_filters_take_the_same_rows() {
    let zed = zed();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(100));
    runner
        .run(&conditions(Collection::Actors), |condition| {
            let filter = cql(&condition.text);
            let canonical: Cql = filter.cql.as_ref().map(Cql::canonical).unwrap_or_default().parse().unwrap();
            prop_assert_eq!(&canonical, filter.cql.as_ref().unwrap());
            let again = Filter { cql: Some(canonical), ..Filter::default() };
            prop_assert_eq!(found(&zed, Collection::Actors, &again), found(&zed, Collection::Actors, &filter));
            Ok(())
        })
        .unwrap();
    let bounds = rows(Collection::Actors).iter().filter_map(|r| r.geometry.as_ref()?.bounding_rect()).count();
    assert!(bounds > 500, "most rows have a place");
}
