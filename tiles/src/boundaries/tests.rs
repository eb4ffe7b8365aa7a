use std::collections::{BTreeMap, BTreeSet};

use parvis_model::{Ring, Silent, UnitId, mvt_id};
use proptest::prelude::*;

use super::sample::{SIDE, Sample, at};
use super::*;
use crate::archive::Archive;
use crate::decode::{self, Layer, doubled_area, named};
use crate::{PropertyValue, gzip};

fn meta() -> TilesetMeta {
    TilesetMeta {
        name: "Test".to_owned(),
        description: "Made up".to_owned(),
        attribution: "Nobody".to_owned(),
        center: None,
        languages: vec!["en".to_owned(), "br".to_owned()],
    }
}

/// A built archive with all its tiles decoded by the strict reader.
struct Built {
    stats: BuildStats,
    bytes: Vec<u8>,
    archive: Archive,
    tiles: BTreeMap<TileCoord, Vec<Layer>>,
}

fn built(sample: &Sample) -> Built {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("boundaries.pmtiles");
    let stats = build(&sample.topology, &sample.units, &meta(), &path, &Silent).unwrap();
    let archive = Archive::open(&path).unwrap();
    let tiles = archive.iter().map(|(c, t)| (c, decode::tile(&gzip::decompress(t, 1 << 26).unwrap()))).collect();
    Built { stats, bytes: std::fs::read(&path).unwrap(), archive, tiles }
}

impl Built {
    fn zoom(&self, z: u8) -> impl Iterator<Item = (&TileCoord, &Vec<Layer>)> {
        self.tiles.iter().filter(move |(c, _)| c.z() == z)
    }

    /// The ids of a layer at a zoom.
    fn ids(&self, z: u8, layer: &str) -> BTreeSet<String> {
        self.zoom(z).flat_map(|(_, t)| named(t, layer)).map(|f| f.text("id").to_owned()).collect()
    }
}

fn area_of(layers: &[Layer], name: &str) -> i64 {
    named(layers, name).iter().map(decode::Feature::doubled_area).sum()
}

/// In every tile, what the levels cover is the same, to the unit.
fn check_areas(built: &Built, levels: &[AdminLevel]) {
    for (coord, layers) in &built.tiles {
        let whole = area_of(layers, "countries");
        for level in levels.iter().filter(|l| zoom::shown(**l, coord.z())) {
            assert_eq!(area_of(layers, level.collection().name()), whole, "{level:?} in {coord}");
        }
    }
}

const GRID_LEVELS: [AdminLevel; 3] = [AdminLevel::Region, AdminLevel::Department, AdminLevel::Municipality];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    /// Units tear or overlap nowhere, at no zoom, across tile borders, wherever the grid lies.
    #[test]
    fn parts_sum_to_the_whole_in_every_tile(west in -20.0..20.0, south in -40.0..60.0, seed in 0..1000u64) {
        let sample = Sample::grid(west, south, 6, 7, 0.008, seed);
        let built = built(&sample);
        check_areas(&built, &GRID_LEVELS);
        for (z, stats) in built.stats.zooms.iter().enumerate() {
            // At the smallest scales all of it is less than a unit.
            prop_assert!(z < 4 || stats.vanished == 0, "zoom {}: {:?}", z, stats);
        }
    }

    /// Both sides of a border have the same points in opposite order, at every zoom.
    #[test]
    fn every_border_inside_is_walked_once_each_way(west in -20.0..20.0, seed in 0..1000u64) {
        // Bends stay within 39 degrees of their straight line: two borders of one corner never touch.
        let sample = Sample::grid(west, 45.0, 6, 9, 0.008, seed);
        let mesh = Mesh::new(&sample.topology, &features::numbers(&sample.units)).unwrap();
        for z in 7..=12 {
            let mut network = Network::new(&mesh, AdminLevel::Neighbourhood, |_, _| false);
            let arcs = Arcs::new(&mesh, &mut network, &vec![Detail::default(); mesh.len()], z);
            let polygons = zoom::assemble(&mesh, &arcs, z);
            let mut edges: BTreeMap<(bool, zoom::Cell, zoom::Cell), i32> = BTreeMap::new();
            for (part, ring) in polygons.batch.iter() {
                let closed = ring.iter().zip(ring.iter().cycle().skip(1));
                let municipality = part.feature >= 11;
                for (&a, &b) in closed.filter(|(a, b)| a != b) {
                    *edges.entry((municipality, a, b)).or_default() += 1;
                }
            }
            let outline: BTreeSet<_> = {
                let country = polygons.batch.iter().find(|(p, _)| p.feature == 0).unwrap().1;
                country.iter().copied().zip(country.iter().copied().cycle().skip(1)).collect()
            };
            for (&(municipality, a, b), &count) in &edges {
                if municipality {
                    let back = edges.get(&(true, b, a)).copied().unwrap_or(0);
                    prop_assert_eq!(count, 1);
                    prop_assert_eq!(back, i32::from(!outline.contains(&(a, b))), "zoom {} {:?} {:?}", z, a, b);
                }
            }
        }
    }
}

/// Twice the signed area of a triangle.
fn turn(a: zoom::Cell, b: zoom::Cell, c: zoom::Cell) -> i64 {
    let d = |a: i32, b: i32| i64::from(b) - i64::from(a);
    d(a.x, b.x) * d(a.y, c.y) - d(a.y, b.y) * d(a.x, c.x)
}

/// Pairs of pieces of border that cross each other, whatever their arcs.
fn crossings(arcs: &Arcs, count: usize) -> Vec<[zoom::Cell; 4]> {
    let lines: Vec<[zoom::Cell; 2]> =
        (0..count as u32).flat_map(|arc| arcs.arc(arc).windows(2).map(|w| [w[0], w[1]]).collect::<Vec<_>>()).collect();
    let mut found = Vec::new();
    for (i, &[a, b]) in lines.iter().enumerate() {
        for &[c, d] in &lines[i + 1..] {
            let apart = |a, b, c, d| turn(a, b, c).signum() * turn(a, b, d).signum() >= 0;
            if !apart(a, b, c, d) && !apart(c, d, a, b) {
                found.push([a, b, c, d]);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// However coarse the zoom and however crooked the borders, none crosses another.
    #[test]
    fn simplified_borders_never_cross(west in -20.0..20.0, south in -40.0..60.0, bends in 1usize..16, seed in 0..1000u64) {
        // As crooked as bends can be without crossing from the start: 39 degrees off the straight line.
        let sample = Sample::grid(west, south, 4, bends, 0.08 / (bends + 1) as f64, seed);
        let mesh = Mesh::new(&sample.topology, &features::numbers(&sample.units)).unwrap();
        for weakest in [AdminLevel::Department, AdminLevel::Municipality] {
            let mut network = Network::new(&mesh, weakest, |_, _| false);
            for z in 0..=12 {
                let arcs = Arcs::new(&mesh, &mut network, &vec![Detail::default(); mesh.len()], z);
                prop_assert_eq!(crossings(&arcs, mesh.len()), Vec::<[zoom::Cell; 4]>::new(), "zoom {}", z);
            }
        }
    }
}

#[test]
fn two_borders_that_wind_beside_each_other_stay_apart() {
    // A road between two parallel zigzags: each alone could lose every bend at zoom 6.
    let mut sample = Sample { topology: Topology::default(), units: Vec::new() };
    let zigzag = |offset: f64| -> Vec<LonLat> {
        (0..=40).map(|i| at(1.0 + f64::from(i) * 0.01, 45.0 + offset + if i % 2 == 0 { 0.0 } else { 0.02 })).collect()
    };
    let north = sample.arc(zigzag(0.001));
    let south = sample.arc(zigzag(-0.001));
    sample.add(AdminLevel::Country, "N", vec![vec![Ring(vec![(north, false)])]], None);
    sample.add(AdminLevel::Country, "S", vec![vec![Ring(vec![(south, false)])]], None);
    let mesh = Mesh::new(&sample.topology, &features::numbers(&sample.units)).unwrap();
    let mut network = Network::new(&mesh, AdminLevel::Country, |_, _| true);
    for z in 0..=12 {
        let arcs = Arcs::new(&mesh, &mut network, &vec![Detail::default(); mesh.len()], z);
        assert_eq!(crossings(&arcs, mesh.len()), Vec::<[zoom::Cell; 4]>::new(), "zoom {z}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    let sample = Sample::grid(2.0, 46.0, 4, 5, 0.01, 1);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let first = built(&sample);
    assert_eq!(first.bytes, built(&sample).bytes);
    assert_eq!(first.bytes, one.install(|| built(&sample).bytes));
    assert_eq!(first.stats.bytes, first.bytes.len() as u64);
    assert!(first.archive.header().clustered);
    assert!(first.archive.metadata()["vector_layers"].as_array().unwrap().len() == 8);
    let [west, south, east, north] = first.archive.bounds();
    assert!((west - 2.0).abs() < 0.02 && (south - 46.0).abs() < 0.02 && (east - 2.4).abs() < 0.02 && north > 46.39);
}

#[test]
fn every_unit_is_there_from_its_first_zoom_on_and_its_label_once() {
    let sample = Sample::grid(-0.2, 47.0, 4, 5, 0.01, 3);
    let built = built(&sample);
    for z in 0..=12 {
        let mut labels = Vec::new();
        for (coord, layers) in built.zoom(z) {
            for label in named(layers, "admin_labels") {
                labels.push(label.text("id").to_owned());
                let unit = sample.units.iter().find(|u| u.id.as_str() == label.text("id")).unwrap();
                assert_eq!(TileCoord::containing(unit.label.unwrap().to_world(), z), *coord);
                assert_eq!(label.id, Some(mvt_id(unit.id.as_str())));
            }
        }
        let shown = sample.units.iter().filter(|u| zoom::shown(u.level, z));
        let expected: BTreeSet<_> = shown.map(|u| u.id.to_string()).collect();
        assert_eq!(labels.len(), expected.len(), "zoom {z}: each once");
        assert_eq!(labels.into_iter().collect::<BTreeSet<_>>(), expected);
        for level in [AdminLevel::Department, AdminLevel::Municipality] {
            let wanted: BTreeSet<_> = sample
                .units
                .iter()
                .filter(|u| u.level == level && zoom::shown(level, z))
                .map(|u| u.id.to_string())
                .collect();
            assert_eq!(built.ids(z, level.collection().name()), wanted, "zoom {z}");
        }
    }
}

#[test]
fn labels_rank_by_level_then_population() {
    let sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    let built = built(&sample);
    let mut ranks = BTreeMap::new();
    for (_, layers) in built.zoom(12) {
        for label in named(layers, "admin_labels") {
            ranks.insert(label.integer("rank"), label.text("id").to_owned());
        }
    }
    let by_rank: Vec<_> = ranks.values().map(String::as_str).collect();
    assert_eq!(by_rank[..3], ["country:XX", "region:XX", "department:XX"]);
    assert_eq!(by_rank[3], "municipality:0101", "the last added has most inhabitants");
    assert_eq!(ranks.keys().copied().collect::<Vec<_>>(), (1..=7).collect::<Vec<_>>());
}

#[test]
fn properties_are_those_of_the_unit() {
    let mut sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    let unit = sample.units.last_mut().unwrap();
    unit.name_en = Some("English".to_owned());
    unit.names = [("br", "Brezhoneg"), ("oc", "Occitan")].map(|(l, n)| (l.to_owned(), n.to_owned())).into();
    unit.ancestors.set(AdminLevel::Department, Some(UnitId::new(AdminLevel::Department, "XX")));
    sample.units[0].name_en = Some("Name of XX".to_owned());
    sample.units[0].population = None;
    let built = built(&sample);
    let find = |layer: &str, id: &str| {
        let features = built.zoom(12).flat_map(|(_, t)| named(t, layer));
        features.into_iter().find(|f| f.text("id") == id).unwrap()
    };
    let municipality = find("municipalities", "municipality:0101");
    assert_eq!(municipality.id, Some(mvt_id("municipality:0101")));
    assert_eq!(municipality.text("code"), "0101");
    assert_eq!((municipality.text("name_en"), municipality.text("name_br")), ("English", "Brezhoneg"));
    assert!(!municipality.properties.contains_key("name_oc"), "not asked for");
    let layers = &built.archive.metadata()["vector_layers"];
    let fields = layers[4]["fields"].as_object().unwrap();
    assert!(fields.contains_key("name_br") && fields.contains_key("name_en") && !fields.contains_key("name_oc"));
    assert_eq!(built.archive.languages(), ["en", "br"]);
    assert_eq!(municipality.text("department_id"), "department:XX");
    assert_eq!((municipality.integer("level"), municipality.integer("population")), (5, 6));
    let country = find("countries", "country:XX");
    assert!(!country.properties.contains_key("name_en"), "the same name is not repeated");
    assert!(!country.properties.contains_key("population"));
}

#[test]
fn an_enclave_is_a_hole_and_fills_it() {
    let mut sample = Sample::grid(1.03, 44.0, 2, 3, 0.005, 9);
    let (lon, lat) = (1.03 + SIDE / 2.0, 44.0 + SIDE / 2.0);
    let circle = sample.circle(lon, lat, 0.02, 24);
    sample.shape(AdminLevel::Municipality, "0000").polygons[0].push(Ring(vec![(circle, true)]));
    sample.add(AdminLevel::Municipality, "9999", vec![vec![Ring(vec![(circle, false)])]], Some(at(lon, lat)));
    sample.find_lines();
    let built = built(&sample);
    check_areas(&built, &GRID_LEVELS);
    for z in 7..=12 {
        assert!(built.ids(z, "municipalities").contains("municipality:9999"));
    }
    let holes = built.zoom(9).flat_map(|(_, t)| named(t, "municipalities")).flat_map(|f| &f.parts);
    assert!(holes.filter(|r| doubled_area(r) < 0).count() > 0);
}

#[test]
fn an_islet_appears_when_it_is_large_enough_and_with_all_its_levels_at_once() {
    let mut sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    // About a kilometre across, off the coast; it belongs to a municipality that lies elsewhere.
    let islet = sample.circle(-0.5, 0.5, 0.005, 16);
    // An island that is a municipality of its own, as small.
    let island = sample.circle(0.5, 0.5, 0.005, 16);
    for (level, code) in [
        (AdminLevel::Municipality, "0000"),
        (AdminLevel::Department, "XX"),
        (AdminLevel::Region, "XX"),
        (AdminLevel::Country, "XX"),
    ] {
        sample.shape(level, code).polygons.push(vec![Ring(vec![(islet, false)])]);
        if level != AdminLevel::Municipality {
            sample.shape(level, code).polygons.push(vec![Ring(vec![(island, false)])]);
        }
    }
    sample.add(AdminLevel::Municipality, "8888", vec![vec![Ring(vec![(island, false)])]], Some(at(0.5, 0.5)));
    sample.find_lines();
    let built = built(&sample);
    check_areas(&built, &GRID_LEVELS);
    let parts = |z: u8, layer: &str, id: &str| {
        let features = built.zoom(z).flat_map(|(_, t)| named(t, layer));
        features.into_iter().filter(|f| f.text("id") == id).map(|f| f.parts.len()).max().unwrap_or(0)
    };
    // Closed lines as small as the islands, in all tiles.
    let small_coasts = |z: u8| {
        let lines = built.zoom(z).flat_map(|(_, tile)| named(tile, "boundary_lines")).flat_map(|f| &f.parts);
        let small = |line: &[decode::Point]| line.iter().all(|p| (p.0 - line[0].0).abs() < 34);
        lines.filter(|l| l.first() == l.last() && small(l)).count()
    };
    // A kilometre is 1.6 units at zoom 4 and 12.8 at zoom 7.
    assert_eq!(parts(4, "departments", "department:XX"), 1, "both too small");
    assert_eq!(parts(7, "municipalities", "municipality:8888"), 1);
    assert!(parts(8, "municipalities", "municipality:0000") >= 2, "large enough");
    assert_eq!((small_coasts(4), small_coasts(8)), (0, 2), "the line of an island goes all the way around");
}

#[test]
fn a_unit_between_two_nearly_straight_borders_is_not_simplified_away() {
    // A sliver along the border of two departments: two arcs, each flat enough to lose every vertex.
    let mut sample = Sample { topology: Topology::default(), units: Vec::new() };
    let ends = [at(1.0, 45.0), at(1.02, 45.0)];
    let north = sample.arc(vec![ends[0], at(1.01, 45.0005), ends[1]]);
    let south = sample.arc(vec![ends[0], at(1.01, 44.9995), ends[1]]);
    let above = sample.arc(vec![ends[1], at(1.02, 45.02), at(1.0, 45.02), ends[0]]);
    let below = sample.arc(vec![ends[0], at(1.0, 44.98), at(1.02, 44.98), ends[1]]);
    let ring = |steps: &[(u32, bool)]| vec![vec![Ring(steps.to_vec())]];
    let level = AdminLevel::Municipality;
    sample.add(level, "1", ring(&[(north, false), (above, false)]), None);
    sample.add(level, "2", ring(&[(south, false), (north, true)]), None);
    sample.add(level, "3", ring(&[(below, false), (south, true)]), None);
    sample.add(AdminLevel::Country, "XX", ring(&[(below, false), (above, false)]), None);
    sample.find_lines();
    let built = built(&sample);
    check_areas(&built, &[level]);
    for z in 7..=12 {
        assert!(built.ids(z, "municipalities").contains("municipality:2"), "zoom {z}");
        assert_eq!(built.stats.zooms[usize::from(z)].vanished, 0);
    }
    assert!(built.stats.zooms[7].full_arcs > 0, "it took the vertices back");
}

#[test]
fn a_unit_of_no_area_on_the_grid_is_counted() {
    let mut sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    let speck = sample.circle(0.5, 0.5, 0.000_02, 8);
    sample.add(AdminLevel::Municipality, "7777", vec![vec![Ring(vec![(speck, false)])]], Some(at(0.5, 0.5)));
    let built = built(&sample);
    assert_eq!(built.stats.zooms[7].vanished, 1);
    assert!(!built.ids(7, "municipalities").contains("municipality:7777"));
    assert!(built.ids(7, "admin_labels").contains("municipality:7777"), "its name stays");
    assert_eq!(built.stats.zooms[12].vanished, 0);
    assert!(built.ids(12, "municipalities").contains("municipality:7777"));
}

#[test]
fn a_line_says_its_strongest_level_and_its_sides_along_its_direction() {
    let sample = Sample::grid(10.0, 10.0, 4, 3, 0.01, 5);
    let built = built(&sample);
    let lines = |z| built.zoom(z).flat_map(|(_, t)| named(t, "boundary_lines")).collect::<Vec<_>>();
    let levels = |z| lines(z).iter().map(|l| l.integer("level")).collect::<BTreeSet<_>>();
    assert_eq!(levels(3), [1].into());
    assert_eq!(levels(5), [1, 3].into());
    assert_eq!(levels(7), [1, 3].into(), "lines of municipalities begin one zoom after their polygons");
    assert_eq!(levels(9), [1, 3, 5].into());
    for line in lines(9) {
        assert_eq!(line.properties["maritime"], PropertyValue::Boolean(false));
        assert_eq!(line.text("right_id").split(':').count(), 2, "one alone stands to the right");
        assert_eq!(line.properties.contains_key("left_id"), line.integer("level") > 1);
    }
    // Between departments 0000 (west) and 0200 (east): the first to the left, so the line runs north.
    let border = lines(9).into_iter().find(|l| {
        l.text("right_id") == "department:0200" && l.properties.get("left_id") == Some(&"department:0000".into())
    });
    let path = &border.unwrap().parts[0];
    assert!(path[0].1 > path[path.len() - 1].1, "y falls northwards");
}

#[test]
fn at_small_scales_junctions_of_weaker_levels_do_not_bind() {
    // The country's outline is straight: between its corners no vertex is left where no other border shows.
    let sample = Sample::grid(3.0, 3.0, 20, 0, 0.0, 0);
    let built = built(&sample);
    for (_, layers) in built.zoom(3) {
        let rings = named(layers, "countries").iter().flat_map(|f| &f.parts);
        assert!(rings.into_iter().all(|ring| ring.len() <= 6), "a square is four corners");
    }
}

#[test]
fn a_tile_too_large_is_simplified_more_and_nothing_tears() {
    // Some 300,000 bends in one or two tiles of zoom 7.
    let sample = Sample::grid(0.2, 0.2, 22, 300, 0.03, 2);
    let built = built(&sample);
    let seven = built.stats.zooms[7];
    assert!(seven.largest <= MAX_BOUNDARY_BYTES as u64, "{seven:?}");
    assert!(seven.coarser_arcs > 0 && seven.oversize == 0);
    assert_eq!(built.ids(7, "municipalities").len(), 22 * 22);
    assert_eq!(built.ids(7, "admin_labels").len(), 22 * 22 + 11 * 11 + 2);
}

#[test]
fn a_topology_that_names_what_is_not_there_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.pmtiles");
    let try_build = |sample: &Sample| build(&sample.topology, &sample.units, &meta(), &path, &Silent).unwrap_err();
    let mut sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    sample.shape(AdminLevel::Region, "XX").polygons[0][0].0.push((999, false));
    assert!(matches!(try_build(&sample), TilesError::UnknownArc { arc: 999, arcs: 12, .. }));
    let mut sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    sample.topology.lines[3].arc = 999;
    assert!(try_build(&sample).to_string().contains("line 3"));
    sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    sample.units.pop();
    assert!(matches!(try_build(&sample), TilesError::UnknownUnit(id) if id.code() == "0101"));
    assert!(!path.exists(), "nothing is left behind");
    let sample = Sample::grid(0.0, 0.0, 2, 0, 0.0, 0);
    let error = build(&sample.topology, &sample.units, &meta(), dir.path(), &Silent).unwrap_err();
    assert!(matches!(error, TilesError::Write { .. }));
}

#[test]
fn nothing_makes_an_empty_archive() {
    let built = built(&Sample { topology: Topology::default(), units: Vec::new() });
    assert!(built.tiles.is_empty());
}
