//! A small territory for tests: one country of two regions, four departments, sixteen municipalities
//! on a grid of one-degree squares, actors and events in them.

use std::collections::BTreeMap;

use geo_types::{Geometry, MultiPolygon, Polygon, polygon};
use parvis_model::{
    Actor, ActorId, ActorKind, AdminLevel, AdminUnit, Collection, Event, EventId, EventKind, EventStatus, Instant,
    Link, LonLat, Postcode, Precision, Relation, Row, Silent, Source, ThemeSet, UnitId, UnitStatus,
};

use crate::{DataDir, EditionId, EditionMeta, EditionWriter, Snapshot, Title};

pub(crate) fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

pub(crate) fn uid(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn rect(x: f64, y: f64, width: f64, height: f64) -> Polygon<f64> {
    // Clockwise on purpose: the writer turns it.
    polygon![(x: x, y: y), (x: x, y: y + height), (x: x + width, y: y + height), (x: x + width, y: y)]
}

fn unit(level: AdminLevel, code: &str, name: &str, shape: Polygon<f64>, above: &[&str]) -> AdminUnit {
    let centre = geo::BoundingRect::bounding_rect(&shape).unwrap().center();
    let area = geo::Area::unsigned_area(&shape);
    let mut unit = AdminUnit::new(level, code, name);
    unit.geometry = Some(MultiPolygon(vec![shape]));
    unit.label = Some(at(centre.x, centre.y));
    unit.area_km2 = Some(area * 10_000.0);
    unit.status = UnitStatus::Complete;
    unit.source = "boundaries".to_owned();
    unit.licence = "etalab-2.0".to_owned();
    for id in above.iter().map(|id| uid(id)) {
        unit.ancestors.set(id.level(), Some(id));
    }
    unit.parent_id = unit.ancestors.parent_of(level).cloned();
    unit
}

/// Municipality `c<x><y>` is the square at (x, y); departments are 2x2, regions 2x4.
pub(crate) fn units() -> Vec<AdminUnit> {
    let country = "country:ZZ";
    let mut units = vec![unit(AdminLevel::Country, "ZZ", "Zedland", rect(0., 0., 4., 4.), &[])];
    units[0].name_en = Some("Zed".to_owned());
    for r in 0..2 {
        let shape = rect(f64::from(r) * 2.0, 0., 2., 4.);
        units.push(unit(AdminLevel::Region, &format!("r{r}"), &format!("Région {r}"), shape, &[country]));
    }
    for d in 0..4 {
        let (x, y) = (d % 2, d / 2);
        let above = [country.to_owned(), format!("region:r{x}")];
        let shape = rect(f64::from(x) * 2.0, f64::from(y) * 2.0, 2., 2.);
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        units.push(unit(AdminLevel::Department, &format!("d{d}"), &format!("Département {d}"), shape, &above));
    }
    let epci = ["country:ZZ", "region:r0"];
    units.push(unit(AdminLevel::Intercommunality, "200", "Cœur de Zed", rect(0., 1., 2., 2.), &epci));
    for i in 0..16 {
        let (x, y) = (i % 4, i / 4);
        let mut above =
            vec![country.to_owned(), format!("region:r{}", x / 2), format!("department:d{}", x / 2 + y / 2 * 2)];
        if x < 2 && (1..3).contains(&y) {
            above.push("intercommunality:200".to_owned());
        }
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        let shape = rect(f64::from(x), f64::from(y), 1., 1.);
        let mut town = unit(AdminLevel::Municipality, &format!("c{x}{y}"), &format!("Saint-Zed {x}{y}"), shape, &above);
        town.population = Some(1000 - i as u64);
        town.postcodes = vec![format!("0{}000", y), "09999".to_owned()];
        town.names = BTreeMap::from([("br".to_owned(), "\"Sant\", Zed\n".to_owned())]);
        units.push(town);
    }
    let mut lost = AdminUnit::new(AdminLevel::Municipality, "c99", "Perdue, la \"petite\"");
    lost.ancestors.set(AdminLevel::Country, Some(uid(country)));
    lost.parent_id = Some(uid(country));
    lost.source = "nomenclature".to_owned();
    lost.licence = "etalab-2.0".to_owned();
    units.push(lost);
    let above = ["country:ZZ", "region:r0", "department:d0", "municipality:c00"];
    let mut quarter = unit(AdminLevel::Neighbourhood, "q1", "Le Quartier", rect(0., 0., 0.5, 0.5), &above);
    quarter.subtype = Some("quartier".to_owned());
    let mut inner = unit(AdminLevel::Neighbourhood, "q2", "L'Îlot", rect(0., 0., 0.25, 0.25), &above);
    inner.parent_id = Some(quarter.id.clone());
    units.extend([quarter, inner]);
    units
}

fn themes(n: u32) -> ThemeSet {
    let mut set = ThemeSet::default();
    set.insert(n as usize % 12);
    if n.is_multiple_of(3) {
        set.insert((n as usize + 5) % 12);
    }
    set
}

/// Where a thing lies: its municipality and what is above it, by the grid.
fn locate(place: LonLat) -> parvis_model::Ancestors {
    let mut above = parvis_model::Ancestors::default();
    let (x, y) = (place.lon().floor() as i32, place.lat().floor() as i32);
    if (0..4).contains(&x) && (0..4).contains(&y) {
        for id in [
            "country:ZZ".to_owned(),
            format!("region:r{}", x / 2),
            format!("department:d{}", x / 2 + y / 2 * 2),
            format!("municipality:c{x}{y}"),
        ] {
            let id = uid(&id);
            above.set(id.level(), Some(id));
        }
        if x < 2 && (1..3).contains(&y) {
            above.set(AdminLevel::Intercommunality, Some(uid("intercommunality:200")));
        }
        if place.lon() < 0.25 && place.lat() < 0.25 {
            above.set(AdminLevel::Neighbourhood, Some(uid("neighbourhood:q2")));
        } else if place.lon() < 0.5 && place.lat() < 0.5 {
            above.set(AdminLevel::Neighbourhood, Some(uid("neighbourhood:q1")));
        }
    }
    above
}

pub(crate) fn place(n: u32) -> Option<LonLat> {
    // Scattered over and a little around the country; every eleventh nowhere.
    let lon = f64::from(n.wrapping_mul(7919) % 4500) / 1000.0 - 0.2;
    let lat = f64::from(n.wrapping_mul(104_729) % 4500) / 1000.0 - 0.2;
    (!n.is_multiple_of(11)).then(|| at(lon, lat))
}

pub(crate) fn actor(n: u32) -> Actor {
    let location = place(n);
    Actor {
        id: ActorId::new("town-halls", &format!("k{n:05}")),
        kind: ActorKind::ALL[n as usize % 6],
        name: format!("Mairie n° {n}, dite \"la {n}\"; ou pas"),
        description: (n.is_multiple_of(2)).then(|| "Deux lignes\nici".to_owned()),
        themes: themes(n),
        tags: if n.is_multiple_of(4) { vec!["tiers-lieu".to_owned(), "bio".to_owned()] } else { Vec::new() },
        url: Some(format!("https://example.org/{n}")),
        email: None,
        telephone: None,
        address: None,
        postcode: (!n.is_multiple_of(5)).then(|| format!("{:05}", n % 7)),
        municipality_code: None,
        precision: if location.is_some() { Precision::Point } else { Precision::None },
        location,
        ancestors: location.map(locate).unwrap_or_default(),
        example: n % 2 == 1,
        source: if n % 2 == 1 { "examples" } else { "town-halls" }.to_owned(),
        licence: "etalab-2.0".to_owned(),
        updated: Some(Instant::from_unix(1_700_000_000 + i64::from(n))),
    }
}

/// The day `n` days after 31 August 2026.
pub(crate) fn day_of_september(n: u64) -> String {
    (chrono::NaiveDate::from_ymd_opt(2026, 8, 31).unwrap() + chrono::Days::new(n)).to_string()
}

/// When a day begins in a zone; the day as its midnight in UTC.
pub(crate) fn midnight(zone: &str, day: Instant) -> Instant {
    let zone: chrono_tz::Tz = zone.parse().unwrap();
    let clock = chrono::DateTime::from_timestamp(day.unix(), 0).unwrap().naive_utc();
    Instant::from_unix(clock.and_local_timezone(zone).earliest().unwrap().timestamp())
}

/// On both sides of UTC, one with summer time.
pub(crate) const ZONES: [&str; 4] = ["Indian/Reunion", "America/Guadeloupe", "Europe/Paris", "Pacific/Noumea"];

pub(crate) fn event(n: u32) -> Event {
    let location = place(n + 500);
    // The later half a month on, where Europe's clocks are set back (25 October 2026, 01:00 UTC).
    let later = if n < 50 { 0 } else { 2_425_600 };
    let start = Instant::from_unix(1_790_000_000 + i64::from(n) * 7_200 + later);
    Event {
        id: EventId::new("agenda", &format!("e{n}"), start),
        kind: EventKind::ALL[n as usize % 16],
        name: format!("Fête {n}"),
        description: None,
        themes: themes(n + 1),
        tags: Vec::new(),
        url: None,
        address: None,
        postcode: None,
        municipality_code: None,
        precision: Precision::Point,
        location,
        ancestors: location.map(locate).unwrap_or_default(),
        series_id: None,
        start,
        end: Instant::from_unix(start.unix() + i64::from(n % 4) * 3_600),
        timezone: ZONES[n as usize % 4].to_owned(),
        all_day: false,
        status: if n.is_multiple_of(7) { EventStatus::Cancelled } else { EventStatus::Confirmed },
        organizer_id: Some(ActorId::new("town-halls", "k00001")),
        example: true,
        source: "agenda".to_owned(),
        licence: "CC0-1.0".to_owned(),
        updated: None,
    }
}

pub(crate) fn rows(collection: Collection) -> Vec<Row> {
    match collection {
        Collection::Actors => (0..600).map(|n| actor(n).into()).collect(),
        Collection::Events => (0..100).map(|n| event(n).into()).collect(),
        units_of => units().into_iter().filter(|u| u.level.collection() == units_of).map(Row::from).collect(),
    }
}

pub(crate) fn meta() -> EditionMeta {
    let source = |id: &str, licence: &str| Source {
        id: id.to_owned(),
        reader: "table".to_owned(),
        producer: format!("Producteur de {id}"),
        licence: licence.to_owned(),
        url: None,
        date: Some("2026-01-01".to_owned()),
        valid_at: None,
        example: false,
    };
    EditionMeta {
        territory: "zed".to_owned(),
        title: Title { fr: "Zède".to_owned(), en: "Zed".to_owned() },
        sources: vec![
            source("boundaries", "etalab-2.0"),
            source("nomenclature", "etalab-2.0"),
            source("town-halls", "etalab-2.0"),
            source("examples", "etalab-2.0"),
            source("agenda", "CC0-1.0"),
        ],
        ..EditionMeta::default()
    }
}

/// Writes an edition with every collection; rows in their own order, or backwards.
pub(crate) fn write(data: &DataDir, backwards: bool) -> EditionId {
    let lock = data.lock().unwrap();
    let mut writer = EditionWriter::new(&lock, meta()).unwrap();
    for collection in Collection::ALL {
        let mut rows = rows(collection);
        if backwards {
            rows.reverse();
        }
        writer.collection(collection, rows, &Silent).unwrap();
    }
    let mut postcodes: Vec<Postcode> = units()
        .into_iter()
        .flat_map(|u| {
            let id = u.id.clone();
            u.postcodes.into_iter().map(move |postcode| Postcode {
                postcode,
                municipality_id: id.clone(),
                source: "boundaries".to_owned(),
            })
        })
        .collect();
    let mut links: Vec<Link> = (0..20)
        .map(|n| Link {
            from_id: actor(n).id.to_string(),
            to_id: actor(n + 1).id.to_string(),
            relation: Relation::MemberOf,
            source: "links".to_owned(),
        })
        .collect();
    if backwards {
        postcodes.reverse();
        links.reverse();
    }
    writer.postcodes(&postcodes).unwrap();
    writer.links(&links).unwrap();
    let tiles = lock.scratch("made.pmtiles");
    std::fs::write(&tiles, b"PMTiles\x03 made up").unwrap();
    writer.tileset("boundaries", &tiles).unwrap();
    writer.publish().unwrap()
}

pub(crate) struct Zed {
    /// Removed when dropped.
    pub _folder: tempfile::TempDir,
    pub data: DataDir,
    pub id: EditionId,
    pub snapshot: Snapshot,
}

/// A written edition, opened.
pub(crate) fn zed() -> Zed {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::open_or_create(folder.path().join("data")).unwrap();
    let id = write(&data, false);
    let snapshot = Snapshot::open(data.edition(&id).unwrap()).unwrap();
    Zed { _folder: folder, data, id, snapshot }
}

/// The exterior ring of a geometry's first polygon.
pub(crate) fn exterior(geometry: &Geometry<f64>) -> &geo_types::LineString<f64> {
    crate::rows::polygons(geometry)[0].exterior()
}
