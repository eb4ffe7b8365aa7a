use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::columns::Columns;
use crate::decode::{self, Feature};
use parvis_model::{LonLat, Marks, World};

/// Points as an index has them.
struct Index {
    x: Vec<u32>,
    y: Vec<u32>,
    themes: Vec<u16>,
    rank: Vec<u32>,
    h3: Vec<u64>,
}

impl Index {
    fn new(places: &[(f64, f64)]) -> Self {
        let mut sorted: Vec<(u64, LonLat, usize)> = places
            .iter()
            .enumerate()
            .map(|(i, &(lon, lat))| (LonLat::new(lon, lat).unwrap(), i))
            .map(|(place, i)| (place.to_world().morton(), place, i))
            .collect();
        sorted.sort_by_key(|(morton, _, i)| (*morton, *i));
        let world = |m: &u64| World::from_morton(*m);
        Self {
            x: sorted.iter().map(|(m, ..)| world(m).x).collect(),
            y: sorted.iter().map(|(m, ..)| world(m).y).collect(),
            themes: sorted.iter().map(|(.., i)| 1 << (i % 12)).collect(),
            rank: vec![0; sorted.len()],
            h3: sorted.iter().map(|(_, place, _)| H3Cell::containing(*place, FINEST).bits()).collect(),
        }
    }

    fn columns<'a>(&'a self, taken: Option<&'a Marks>) -> Columns<'a> {
        Columns { x: &self.x, y: &self.y, themes: &self.themes, rank: &self.rank, taken }
    }

    /// What each cell of a zoom counts, by the plainest way there is.
    fn expected(&self, z: u8, taken: Option<&Marks>) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for (at, bits) in self.h3.iter().enumerate() {
            if taken.is_none_or(|t| t.contains(at)) {
                let cell = H3Cell::from_bits(H3Cell::ancestor_bits(*bits, resolution(z))).unwrap();
                *counts.entry(cell.to_string()).or_default() += 1;
            }
        }
        counts
    }

    fn tile(&self, coord: TileCoord, taken: Option<&Marks>) -> Vec<Feature> {
        let cells = count(coord, &[(self.columns(taken), &self.h3)]);
        let bytes = tile(coord, &cells, &["actors"], crate::MAX_TILE_BYTES).unwrap();
        let mut layers = decode::tile(&bytes);
        assert!(layers.len() <= 1 && layers.iter().all(|l| l.name == LAYER));
        layers.pop().map_or(Vec::new(), |l| l.features)
    }

    /// The tiles of a zoom that hold a point or lie beside one that does.
    fn tiles(&self, z: u8) -> Vec<TileCoord> {
        let n = 1i64 << z;
        let mut tiles: Vec<TileCoord> = (0..self.x.len())
            .map(|at| TileCoord::containing(self.columns(None).world(at), z))
            .flat_map(|t| {
                let near = move |d: i64, at: u32| i64::from(at) + d;
                (-1..=1).flat_map(move |dx| {
                    (-1..=1).filter_map(move |dy| {
                        let (x, y) = (near(dx, t.x()).rem_euclid(n), near(dy, t.y()));
                        TileCoord::new(z, x as u32, u32::try_from(y).ok()?).ok()
                    })
                })
            })
            .collect();
        tiles.sort_unstable();
        tiles.dedup();
        tiles
    }
}

/// Every cell has one count and one id in all its tiles, and together they count everything.
fn check(index: &Index, z: u8, taken: Option<&Marks>) {
    let mut found: BTreeMap<String, (i64, Option<u64>)> = BTreeMap::new();
    for coord in index.tiles(z) {
        for cell in index.tile(coord, taken) {
            let (count, id) = (cell.integer("count"), cell.id);
            assert_eq!(cell.integer("actors"), count);
            let before = found.insert(cell.text("id").to_owned(), (count, id));
            assert!(before.is_none_or(|b| b == (count, id)), "a cell says the same in all its tiles");
        }
    }
    let counts: BTreeMap<String, i64> = found.into_iter().map(|(id, (count, _))| (id, count)).collect();
    assert_eq!(counts, index.expected(z, taken), "zoom {z}");
}

#[test]
fn resolutions_follow_the_zoom_and_end_at_the_finest() {
    assert!((1..=14).all(|z| (resolution(z - 1)..=resolution(z - 1) + 1).contains(&resolution(z))));
    assert_eq!(resolution(crate::points::MAX_POINT_ZOOM), FINEST);
    // At 47 degrees north, 512 pixels a tile: a cell is 1.73 edges across.
    for z in 0..=14 {
        let km_per_pixel = 40_075.0 * 47f64.to_radians().cos() / 512.0 / f64::from(1u32 << z);
        let pixels = 1.732 * parvis_model::h3::mean_edge_km(resolution(z)) / km_per_pixel;
        assert!((20.0..64.0).contains(&pixels), "zoom {z}: {pixels}");
    }
}

#[test]
fn a_cell_across_tiles_has_its_full_count_in_each() {
    // Two points in one cell, on either side of the border between two tiles of zoom 5.
    let index = Index::new(&[(11.24, 47.0), (11.26, 47.0), (2.35, 48.85)]);
    let west = TileCoord::containing(LonLat::new(11.24, 47.0).unwrap().to_world(), 5);
    let east = TileCoord::containing(LonLat::new(11.26, 47.0).unwrap().to_world(), 5);
    assert_ne!(west, east);
    let of = |coord| index.tile(coord, None).into_iter().find(|c| c.integer("count") == 2).unwrap();
    let (a, b) = (of(west), of(east));
    assert_eq!((a.id, a.text("id")), (b.id, b.text("id")));
    assert!(a.parts != b.parts, "each tile has its own part");
    assert_eq!(a.id, Some(H3Cell::from_bits(u64::from_str_radix(a.text("id"), 16).unwrap()).unwrap().feature_id()));
}

#[test]
fn a_cell_across_the_antimeridian_is_on_both_sides() {
    let index = Index::new(&[(179.99, -16.5), (-179.99, -16.5)]);
    for z in 0..=14 {
        check(&index, z, None);
    }
    let world = index.tile(TileCoord::ROOT, None);
    let reach = |f: &Feature| {
        f.parts.iter().flatten().map(|p| p.0).fold((i32::MAX, i32::MIN), |(a, b), x| (a.min(x), b.max(x)))
    };
    let across = world.iter().find(|f| f.parts.len() == 2).expect("one cell in two parts");
    let (west, east) = reach(across);
    assert!(west < 0 && east > 4096, "{west} {east}");
    assert!(across.parts.iter().all(|part| part.iter().all(|p| p.0 < 1024) || part.iter().all(|p| p.0 > 3072)));
}

#[test]
fn cells_at_the_poles_and_beyond_the_projection_are_drawn() {
    let index = Index::new(&[(0.0, 90.0), (77.0, 89.0), (-120.0, 85.2), (10.0, 85.04), (55.0, -90.0), (1.0, -86.0)]);
    for z in 0..=14 {
        // Beyond the edge a cell may be far from its points along it: all the tiles at the two edges.
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        let n = 1u32 << z;
        let near = index.tiles(z);
        let columns: Vec<u32> = if z <= 6 { (0..n).collect() } else { near.iter().map(|t| t.x()).collect() };
        let edges = columns.into_iter().flat_map(|x| [0, n - 1].map(|y| TileCoord::new(z, x, y).unwrap()));
        for coord in near.iter().copied().chain(edges) {
            found.extend(index.tile(coord, None).iter().map(|c| (c.text("id").to_owned(), c.integer("count"))));
        }
        assert_eq!(found, index.expected(z, None), "zoom {z}");
    }
    // The cell around the pole is met at every longitude.
    for x in 0..8 {
        assert!(!index.tile(TileCoord::new(3, x, 0).unwrap(), None).is_empty(), "column {x}");
    }
}

#[test]
fn without_room_a_tile_says_less_of_each_cell_but_keeps_them_all() {
    let places: Vec<(f64, f64)> =
        (0..4000).map(|i| (f64::from(i % 80) / 10.0, 44.0 + f64::from(i / 80) / 10.0)).collect();
    let index = Index::new(&places);
    let coord = TileCoord::containing(LonLat::new(3.0, 46.0).unwrap().to_world(), 6);
    let cells = count(coord, &[(index.columns(None), &index.h3)]);
    let full = decode::tile(&tile(coord, &cells, &["actors"], crate::MAX_TILE_BYTES).unwrap());
    let bare = decode::tile(&tile(coord, &cells, &["actors"], 10).unwrap());
    let counts = |layers: &[decode::Layer]| -> Vec<(Option<u64>, i64)> {
        layers[0].features.iter().map(|f| (f.id, f.integer("count"))).collect()
    };
    assert_eq!(counts(&full), counts(&bare));
    assert!(full[0].features[0].properties.len() > 2 && bare[0].features.iter().all(|f| f.properties.len() == 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn distinct_cells_sum_to_what_is_taken_at_every_zoom(
        centres in prop::collection::vec((-179.0..179.0, -84.0..84.0f64), 1..4),
        offsets in prop::collection::vec((0..4usize, -12..1i32, -1.0..1.0f64, -1.0..1.0f64), 1..50),
        bits in any::<u64>(),
    ) {
        let places: Vec<(f64, f64)> = offsets.iter().map(|&(c, scale, dx, dy)| {
            let (lon, lat) = centres[c % centres.len()];
            let size = 2f64.powi(scale);
            (lon + dx * size, lat + dy * size)
        }).collect();
        let index = Index::new(&places);
        let mut taken = Marks::none(places.len());
        (0..places.len()).filter(|at| bits >> (at % 64) & 1 == 1).for_each(|at| taken.insert(at));
        for z in [0, 1, 3, 4, 6, 9, 11, 14] {
            check(&index, z, None);
            check(&index, z, Some(&taken));
        }
    }
}
