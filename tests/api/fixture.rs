//! A small territory: one island in two municipalities, with 320 actors and 40 events.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use axum::Router;
use parvis::http::{AppState, ServeOptions, router};
use parvis_model::topology::{Arc, Line};
use parvis_model::{
    Actor, ActorId, ActorKind, AdminLevel, AdminUnit, Ancestors, Collection, Event, EventId, EventKind, EventStatus,
    Instant, LonLat, Postcode, Precision, Ring, Row, Shape, Silent, Source, ThemeSet, Topology, UnitId, UnitIssue,
    UnitStatus,
};
use parvis_store::{DataDir, EditionId, EditionMeta, EditionWriter, Start, Title};
use parvis_tiles::boundaries::{self, TilesetMeta};
use tempfile::TempDir;

/// Placed actors, and those that are nowhere.
pub(crate) const PLACED: usize = 300;
pub(crate) const NOWHERE: usize = 20;
pub(crate) const ACTORS: usize = PLACED + NOWHERE;
pub(crate) const EVENTS: usize = 40;

/// An edition in a folder, and the service over it.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) state: AppState,
    pub(crate) router: Router,
    pub(crate) edition: EditionId,
}

/// The edition that most tests share.
pub(crate) fn shared() -> &'static Fixture {
    static SHARED: OnceLock<Fixture> = OnceLock::new();
    SHARED.get_or_init(|| Fixture::new(ServeOptions::default()))
}

impl Fixture {
    /// A folder of its own.
    pub(crate) fn new(options: ServeOptions) -> Self {
        Self::of(options, "")
    }

    /// A folder of its own, where names and descriptions mean harm.
    pub(crate) fn hostile() -> Self {
        Self::of(ServeOptions::default(), HOSTILE)
    }

    fn of(options: ServeOptions, marked: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let edition = publish_marked(folder.path(), ACTORS, marked);
        let state = AppState::open(DataDir::open(folder.path()).unwrap(), options).unwrap();
        Self { router: router(state.clone()), state, folder, edition }
    }
}

/// What a name may hold that wants to be more than a text: markup, an end of a script, a turn of direction.
pub(crate) const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\u{202e}'\"&{{7*7}}";

/// Publishes an edition with so many actors.
pub(crate) fn publish(folder: &Path, actors: usize) -> EditionId {
    publish_marked(folder, actors, "")
}

/// As [`publish`]; `mark` goes into names, descriptions and addresses.
fn publish_marked(folder: &Path, actors: usize, mark: &str) -> EditionId {
    let data = DataDir::open_or_create(folder).unwrap();
    let lock = data.lock().unwrap();
    let source = |id: &str, example| Source {
        id: id.into(),
        reader: "table".into(),
        producer: "Prod <b>ucer".into(),
        licence: "etalab-2.0".into(),
        url: None,
        date: None,
        valid_at: Some("2024-01-01".into()),
        example,
    };
    let meta = EditionMeta {
        territory: "island".into(),
        title: Title { fr: "Île </script><b>".into(), en: "Island".into() },
        start: Start { lon: 55.5, lat: -21.0, zoom: 9.0 },
        sources: vec![source("boundaries", false), source("examples", true)],
        ..EditionMeta::default()
    };
    let mut units = units();
    for unit in &mut units {
        unit.name.push_str(mark);
    }
    let mut writer = EditionWriter::new(&lock, meta).unwrap();
    let tiles = lock.scratch("boundaries.pmtiles");
    let about = TilesetMeta {
        name: "Island".into(),
        description: String::new(),
        attribution: String::new(),
        center: None,
        languages: vec!["en".into()],
    };
    boundaries::build(&topology(), &units, &about, &tiles, &Silent).unwrap();
    writer.tileset("boundaries", &tiles).unwrap();
    for level in AdminLevel::ALL {
        let rows = units.iter().filter(|u| u.level == level).cloned().map(Row::from).collect();
        writer.collection(level.collection(), rows, &Silent).unwrap();
    }
    writer
        .collection(Collection::Actors, (0..actors).map(|i| Row::from(marked(actor(i), mark))).collect(), &Silent)
        .unwrap();
    writer.collection(Collection::Events, (0..EVENTS).map(|i| Row::from(event(i))).collect(), &Silent).unwrap();
    writer.links(&[]).unwrap();
    let postcode = |code: &str, municipality: &str| Postcode {
        postcode: code.into(),
        municipality_id: id(municipality),
        source: "boundaries".into(),
    };
    writer.postcodes(&[postcode("97400", "municipality:97411"), postcode("97400", "municipality:97415")]).unwrap();
    writer.retired(&BTreeMap::from([(id("municipality:97498"), id("municipality:97415"))])).unwrap();
    let issue = UnitIssue {
        unit: id("municipality:97411"),
        code: "touching-ways".into(),
        detail: "ways 1 and 2".into(),
        source: "boundaries".into(),
    };
    writer.unit_issues(&[issue]).unwrap();
    writer.publish().unwrap()
}

fn id(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

/// West half: arcs 0 and 1; east half: arcs 2 and 1 backwards; all: 0 and 2.
fn topology() -> Topology {
    let arc = |places: &[(f64, f64)]| Arc {
        vertices: places.iter().map(|&(x, y)| at(x, y)).collect(),
        maritime: false,
        disputed: false,
    };
    let arcs = vec![
        arc(&[(55.5, -20.5), (55.0, -20.5), (55.0, -21.5), (55.5, -21.5)]),
        arc(&[(55.5, -21.5), (55.5, -20.5)]),
        arc(&[(55.5, -21.5), (56.0, -21.5), (56.0, -20.5), (55.5, -20.5)]),
    ];
    let all = vec![(0, false), (2, false)];
    let west = vec![(0, false), (1, false)];
    let east = vec![(2, false), (1, true)];
    let shape = |unit: &str, ring: &[(u32, bool)]| Shape {
        unit: id(unit),
        level: id(unit).level(),
        polygons: vec![vec![Ring(ring.to_vec())]],
    };
    let shapes = vec![
        shape("country:FR", &all),
        shape("region:04", &all),
        shape("department:974", &all),
        shape("intercommunality:249740119", &west),
        shape("municipality:97411", &west),
        shape("municipality:97415", &east),
        shape("neighbourhood:97499", &west),
    ];
    let line = |arc, level, left: &str| Line { arc, level, left: Some(id(left)), right: None };
    let lines = vec![
        line(0, AdminLevel::Country, "country:FR"),
        line(1, AdminLevel::Municipality, "municipality:97411"),
        line(2, AdminLevel::Country, "country:FR"),
    ];
    Topology { arcs, shapes, lines }
}

fn units() -> Vec<AdminUnit> {
    use AdminLevel::{Country, Department, Intercommunality, Municipality, Neighbourhood, Region};

    let topology = topology();
    let unit = |level, code: &str, name: &str, above: &[&str]| {
        let mut unit = AdminUnit::new(level, code, name);
        let ids: Vec<UnitId> = above.iter().map(|a| id(a)).collect();
        for ancestor in &ids {
            unit.ancestors.set(ancestor.level(), Some(ancestor.clone()));
        }
        unit.parent_id = ids.into_iter().rev().find(|a| a.level().is_rung());
        unit.status = UnitStatus::Complete;
        unit.source = "boundaries".into();
        unit.licence = "etalab-2.0".into();
        unit.label = Some(at(55.2, -21.0));
        unit.area_km2 = Some(1000.0);
        unit.geometry = topology.shapes.iter().find(|s| s.unit == unit.id).map(|s| topology.multi_polygon(s));
        unit
    };
    let rungs = ["country:FR", "region:04", "department:974"];
    let in_epci = [&rungs[..], &["intercommunality:249740119"]].concat();
    let mut missing = unit(Municipality, "97424", "Cilaos", &rungs);
    missing.status = UnitStatus::Missing;
    missing.label = None;
    missing.area_km2 = None;
    vec![
        unit(Country, "FR", "France", &[]),
        unit(Region, "04", "La Réunion", &rungs[..1]),
        unit(Department, "974", "La Réunion", &rungs[..2]),
        unit(Intercommunality, "249740119", "CINOR", &rungs),
        unit(Municipality, "97411", "Saint-Denis", &in_epci),
        unit(Municipality, "97415", "Saint-Paul", &rungs),
        missing,
        unit(Neighbourhood, "97499", "Le Brûlé", &[&in_epci[..], &["municipality:97411"]].concat()),
    ]
}

fn ancestors(lon: f64) -> Ancestors {
    let municipality = if lon < 55.5 { "municipality:97411" } else { "municipality:97415" };
    let mut ancestors = Ancestors::default();
    for unit in ["country:FR", "region:04", "department:974", municipality] {
        ancestors.set(id(unit).level(), Some(id(unit)));
    }
    ancestors
}

/// Every place is another; those from [`PLACED`] on are nowhere.
fn place(i: usize) -> Option<LonLat> {
    let lon = 55.05 + 0.9 * (i * 37 % 101) as f64 / 101.0;
    let lat = -21.45 + 0.9 * (i * 53 % 103) as f64 / 103.0;
    (i % ACTORS < PLACED).then(|| at(lon, lat))
}

fn actor(i: usize) -> Actor {
    let location = place(i);
    let mut themes = ThemeSet::default();
    themes.insert(i % 12);
    themes.insert((i + 3) % 12);
    Actor {
        id: ActorId::new("examples", &format!("a{i:04}")),
        kind: ActorKind::ALL[i % 6],
        name: format!("Jardin partagé {i}"),
        // Long, so that a page of all of them is written as a stream.
        description: Some("mot ".repeat(5000)),
        themes,
        tags: vec![],
        url: None,
        email: None,
        telephone: None,
        address: None,
        postcode: Some("97400".into()),
        municipality_code: None,
        precision: if location.is_some() { Precision::Point } else { Precision::None },
        location,
        ancestors: location.map(|p| ancestors(p.lon())).unwrap_or_default(),
        example: i.is_multiple_of(2),
        source: "examples".into(),
        licence: "etalab-2.0".into(),
        updated: None,
    }
}

/// The first of all has ten thousand letters more.
fn marked(mut actor: Actor, mark: &str) -> Actor {
    if !mark.is_empty() {
        let long = if actor.id.as_str().ends_with("a0000") { "w".repeat(10_000) } else { String::new() };
        actor.name = format!("{mark}{long}");
        actor.description = Some(format!("{mark}\n\njavascript:alert(1) https://example.org/{mark}"));
        actor.url = Some("JaVaScRiPt:alert(1)".into());
        actor.address = Some(mark.into());
        actor.tags = vec![mark.into()];
    }
    actor
}

/// One a day from 2026-03-01, 10:00 to 12:00 UTC.
fn event(i: usize) -> Event {
    let start = Instant::from_unix(Instant::parse("2026-03-01T10:00:00Z").unwrap().unix() + 86_400 * i as i64);
    let location = place(i);
    Event {
        id: EventId::new("examples", &format!("e{i}"), start),
        kind: EventKind::ALL[i % 16],
        name: format!("Fête {i}"),
        description: None,
        themes: ThemeSet::default(),
        tags: vec![],
        url: None,
        address: None,
        postcode: None,
        municipality_code: None,
        precision: Precision::Point,
        location,
        ancestors: location.map(|p| ancestors(p.lon())).unwrap_or_default(),
        series_id: None,
        start,
        end: Instant::from_unix(start.unix() + 7200),
        timezone: "Indian/Reunion".into(),
        all_day: false,
        status: EventStatus::Confirmed,
        organizer_id: None,
        example: true,
        source: "examples".into(),
        licence: "etalab-2.0".into(),
        updated: None,
    }
}
