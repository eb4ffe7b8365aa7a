use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::MAX_TILE_BYTES;
use crate::decode::{self, Feature};
use parvis_model::{LonLat, Marks};

/// A point, and what `describe` and `id_of` know it by.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Placed {
    morton: u64,
    themes: u16,
    rank: u32,
    item: u32,
}

fn placed(lon: f64, lat: f64, item: u32) -> Placed {
    let morton = LonLat::new(lon, lat).unwrap().to_world().morton();
    Placed { morton, themes: 1 << (item % 12), rank: item, item }
}

fn sorted(mut points: Vec<Placed>) -> Vec<Placed> {
    points.sort_by_key(|p| p.morton);
    points
}

/// Points as columns, of which some are taken.
struct Index {
    x: Vec<u32>,
    y: Vec<u32>,
    themes: Vec<u16>,
    rank: Vec<u32>,
    taken: Option<Marks>,
}

impl Index {
    fn new(points: &[Placed]) -> Self {
        let world = |p: &Placed| World::from_morton(p.morton);
        Self {
            x: points.iter().map(|p| world(p).x).collect(),
            y: points.iter().map(|p| world(p).y).collect(),
            themes: points.iter().map(|p| p.themes).collect(),
            rank: points.iter().map(|p| p.rank).collect(),
            taken: None,
        }
    }

    fn columns(&self) -> Columns<'_> {
        Columns { x: &self.x, y: &self.y, themes: &self.themes, rank: &self.rank, taken: self.taken.as_ref() }
    }
}

const fn frame(coord: TileCoord) -> Frame {
    Frame { coord, layer: Layer::ACTORS, deepest: MAX_POINT_ZOOM, room: MAX_TILE_BYTES }
}

fn make(coord: TileCoord, points: &[Placed]) -> PointTile {
    tile(
        frame(coord),
        &Index::new(points).columns(),
        &|i| vec![("kind", "place".into()), ("n", i64::from(points[i].item).into())],
        &|i| format!("actor:test:{}", points[i].item),
    )
    .unwrap()
}

fn layers(tile: &PointTile) -> (Vec<Feature>, Vec<Feature>) {
    let mut layers = decode::tile(&tile.bytes);
    let mut of =
        |name: &str| layers.iter_mut().find(|l| l.name == name).map_or(Vec::new(), |l| l.features.split_off(0));
    (of("actors"), of("actor_clusters"))
}

/// All tiles of a zoom that hold a point.
fn tiles_of(points: &[Placed], z: u8) -> BTreeSet<TileCoord> {
    points.iter().map(|p| TileCoord::containing(World::from_morton(p.morton), z)).collect()
}

/// Checks a zoom: what is drawn and counted is everything, each drawn point lies where it is. Gives the drawn ids.
fn check_zoom(points: &[Placed], z: u8) -> BTreeSet<String> {
    let (mut drawn, mut counted, mut themes_drawn) = (BTreeSet::new(), 0, 0);
    for coord in tiles_of(points, z) {
        let tile = make(coord, points);
        let (alone, clusters) = layers(&tile);
        let count: i64 = clusters.iter().map(|c| c.integer("count")).sum();
        assert_eq!((alone.len() as u64, alone.len() as i64 + count), (tile.shown, tile.total as i64));
        for cluster in &clusters {
            assert!(cluster.integer("count") > 1);
            let by_theme: i64 =
                themes().iter().filter_map(|t| cluster.properties.get(&format!("theme_{}", t.code))).map(number).sum();
            assert_eq!(by_theme, cluster.integer("count"), "every point here has one theme");
            let zoom = cluster.properties.get("expansion_zoom").map(number);
            assert!(zoom.is_none_or(|e| e > i64::from(z) && e <= 14));
            themes_drawn += by_theme;
        }
        counted += tile.total;
        for point in alone {
            let placed = points[points.iter().position(|p| i64::from(p.item) == point.integer("n")).unwrap()];
            let at = position(World::from_morton(placed.morton), coord);
            assert_eq!(point.parts, [[(at.x, at.y)]]);
            assert_eq!(point.id, Some(mvt_id(point.text("id"))));
            assert!(drawn.insert(point.text("id").to_owned()), "drawn twice");
        }
    }
    assert_eq!(counted, points.len() as u64);
    assert!(themes_drawn <= points.len() as i64);
    drawn
}

fn number(value: &PropertyValue) -> i64 {
    match value {
        PropertyValue::Integer(number) => *number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_cluster_says_how_many_where_and_when_it_parts() {
    // Two neighbours in Saint-Denis, 150 m apart, and one in Paris.
    let points = sorted(vec![placed(55.4504, -20.8789, 0), placed(55.4519, -20.8789, 1), placed(2.35, 48.85, 2)]);
    let (alone, clusters) = layers(&make(TileCoord::ROOT, &points));
    assert_eq!((alone.len(), clusters.len()), (1, 1));
    assert_eq!(alone[0].text("id"), "actor:test:2");
    let cluster = &clusters[0];
    assert_eq!((cluster.integer("count"), cluster.text("sample_id")), (2, "actor:test:0"));
    assert_eq!(cluster.integer(&format!("theme_{}", themes()[0].code)), 1);
    assert!(!cluster.properties.contains_key(&format!("theme_{}", themes()[2].code)), "zero is left out");
    let zoom = cluster.integer("expansion_zoom") as u8;
    let at = |z| make(TileCoord::containing(World::from_morton(points[1].morton), z), &points);
    assert_eq!(at(zoom - 1).shown, 0, "together one zoom before");
    let parted: u64 = tiles_of(&points, zoom).into_iter().map(|c| make(c, &points).shown).sum();
    assert_eq!(parted, 3, "apart at it");
}

#[test]
fn only_one_position_stays_together_at_the_deepest_zoom() {
    let same = placed(55.45, -20.87, 0);
    let points = vec![same, Placed { item: 1, rank: 0, ..same }, Placed { item: 2, rank: 9, ..same }];
    for z in 0..=14 {
        let tile = make(TileCoord::containing(World::from_morton(same.morton), z), &points);
        let (alone, clusters) = layers(&tile);
        assert_eq!((alone.len(), tile.shown, tile.total), (0, 0, 3));
        assert!(!clusters[0].properties.contains_key("expansion_zoom"), "they never part");
        assert_eq!(clusters[0].text("sample_id"), "actor:test:0", "the smallest rank, then the smallest item");
    }
    // A metre apart is apart at 14, and so says the cluster at 13.
    let mut points = sorted(vec![placed(55.45, -20.87, 0), placed(55.450_02, -20.87, 1)]);
    let coord = |z| TileCoord::containing(World::from_morton(points[0].morton), z);
    assert_eq!(make(coord(14), &points).shown, 2);
    assert_eq!(layers(&make(coord(13), &points)).1[0].integer("expansion_zoom"), 14);
    points.clear();
    assert_eq!(make(TileCoord::ROOT, &points), PointTile { bytes: Vec::new(), shown: 0, total: 0 });
}

#[test]
fn points_of_other_tiles_are_passed_over() {
    let points = sorted((0..40).map(|i| placed(f64::from(i) * 4.0 - 80.0, 10.0, i)).collect());
    let east = TileCoord::new(1, 1, 0).unwrap();
    let tile = make(east, &points);
    assert_eq!(tile.total, 20, "longitude 0 lies in the eastern half");
}

#[test]
fn a_tile_too_large_is_made_coarser_and_still_counts_everything() {
    // 160 by 160 different positions in one tile of zoom 14, each with a long text that does not compress.
    let coord = TileCoord::new(14, 8298, 5636).unwrap();
    let base = coord.origin();
    let grid = (0..160u32).flat_map(|x| (0..160u32).map(move |y| (x, y)));
    let points = sorted(
        grid.map(|(x, y)| World { x: base.x + x * 64 * 16, y: base.y + y * 64 * 16 })
            .zip(0..)
            .map(|(at, item)| Placed { morton: at.morton(), themes: 0, rank: item, item })
            .collect(),
    );
    let noise = |i: usize| (0..4).map(|k| mvt_id(&format!("{i}{k}")).to_string()).collect::<String>();
    let describe = |i| vec![("name", noise(i).into())];
    let index = Index::new(&points);
    for room in [MAX_TILE_BYTES, 50_000, 1000] {
        let frame = Frame { layer: Layer::EVENTS, room, ..frame(coord) };
        let tile = tile(frame, &index.columns(), &describe, &|i| format!("event:test:{i}")).unwrap();
        assert!(gzip::compress(&tile.bytes).len() <= room, "{room}");
        assert!(tile.shown < tile.total && tile.total == 160 * 160);
        let layers = decode::tile(&tile.bytes);
        let clusters = decode::named(&layers, "event_clusters");
        let counted: i64 = clusters.iter().map(|c| c.integer("count")).sum();
        assert_eq!(tile.shown as i64 + counted, 160 * 160);
        assert!(clusters.iter().all(|c| !c.properties.contains_key("expansion_zoom")), "nothing lies deeper");
    }
}

#[test]
fn many_points_give_the_same_tile_on_one_thread_and_on_many() {
    let many: Vec<_> =
        (0..70_000u32).map(|i| placed(f64::from(i % 700) / 2.0 - 175.0, f64::from(i / 700) - 50.0, i)).collect();
    let many = sorted(many);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let tile = make(TileCoord::ROOT, &many);
    assert_eq!(one.install(|| make(TileCoord::ROOT, &many)), tile);
    assert_eq!(tile.total, 70_000);
}

#[test]
fn a_filter_leaves_exactly_the_points_that_it_takes() {
    let points = sorted((0..500).map(|i| placed(f64::from(i % 20) * 0.3, f64::from(i / 20) * 0.2 + 40.0, i)).collect());
    let mut index = Index::new(&points);
    let mut taken = Marks::none(points.len());
    let some: Vec<Placed> = points.iter().copied().filter(|p| p.item % 7 == 3).collect();
    points.iter().enumerate().filter(|(_, p)| p.item % 7 == 3).for_each(|(at, _)| taken.insert(at));
    index.taken = Some(taken);
    for z in 0..=14 {
        for coord in tiles_of(&points, z) {
            let item = |of: &[Placed], i: usize| i64::from(of[i].item);
            let describe = |i: usize| vec![("kind", "place".into()), ("n", item(&points, i).into())];
            let id_of = |i: usize| format!("actor:test:{}", points[i].item);
            let filtered = tile(frame(coord), &index.columns(), &describe, &id_of).unwrap();
            assert_eq!(filtered, make(coord, &some), "{coord}");
        }
    }
}

#[test]
fn the_deepest_zoom_of_a_tileset_parts_whatever_lies_apart() {
    // Two points fifty metres apart: the last zoom of a tileset that ends at 12 draws both, so that clients can overzoom.
    let points = sorted(vec![placed(55.45, -20.87, 0), placed(55.4505, -20.87, 1)]);
    let coord = |z| TileCoord::containing(World::from_morton(points[0].morton), z);
    let index = Index::new(&points);
    let at = |z| {
        let frame = Frame { deepest: 12, ..frame(coord(z)) };
        let id_of = |i: usize| format!("actor:test:{i}");
        tile(frame, &index.columns(), &|_| Vec::new(), &id_of).unwrap()
    };
    assert_eq!((at(12).shown, at(11).shown), (2, 0));
    assert_eq!(layers(&at(11)).1[0].integer("expansion_zoom"), 12);
}

#[test]
fn themes_are_found_between_bars() {
    let mut set = ThemeSet::default();
    assert_eq!(themes_property(set), "");
    set.insert(1);
    set.insert(0);
    assert_eq!(themes_property(set), format!("|{}|{}|", themes()[1].code, themes()[0].code));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn every_zoom_sums_to_the_total_and_nobody_is_lost_going_deeper(
        centres in prop::collection::vec((-179.0..179.0, -84.0..84.0f64), 1..4),
        offsets in prop::collection::vec((0..4usize, -12..0i32, -1.0..1.0f64, -1.0..1.0f64), 1..60),
    ) {
        // Clouds of every size around a few places: near, far, and on one spot.
        let points: Vec<_> = offsets.iter().zip(0..).map(|(&(c, scale, dx, dy), item)| {
            let (lon, lat) = centres[c % centres.len()];
            let size = 2f64.powi(scale);
            let (dx, dy) = if scale == -12 { (0.0, 0.0) } else { (dx * size, dy * size) };
            placed(lon + dx, lat + dy, item)
        }).collect();
        let points = sorted(points);
        let mut before = BTreeSet::new();
        for z in [0, 3, 6, 7, 10, 12, 13, 14] {
            let drawn = check_zoom(&points, z);
            prop_assert!(before.is_subset(&drawn), "a point drawn at one zoom is drawn at the next");
            before = drawn;
        }
    }
}
