//! Tiles over a million invented points, cold: `cargo bench -p parvis-tiles`. Prints the times of each zoom; asserts none.
//!
//! The points lie around 30,000 invented places of France, whose sizes follow a power law, by a fixed seed. Tiles are
//! those that hold a randomly chosen point, so that the dense ones come most often.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and stops when something is wrong")]

use std::time::{Duration, Instant};

use parvis_model::h3::FINEST;
use parvis_model::{H3Cell, LonLat, Marks, TileCoord, World};
use parvis_tiles::points::{self, Frame, Layer};
use parvis_tiles::{Columns, MAX_TILE_BYTES, gzip, heat};

const POINTS: usize = 1_000_000;
const PLACES: usize = 30_000;
const TILES: usize = 60;

/// splitmix64: good enough to scatter points, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

struct Index {
    x: Vec<u32>,
    y: Vec<u32>,
    themes: Vec<u16>,
    rank: Vec<u32>,
    h3: Vec<u64>,
}

impl Index {
    fn new() -> Self {
        let mut dice = Dice(20_261_125);
        let places: Vec<(f64, f64)> =
            (0..PLACES).map(|_| (dice.unit() * 10.0 - 3.0, dice.unit() * 7.5 + 43.0)).collect();
        let mut points: Vec<(u64, u16, u32, u64)> = (0..POINTS)
            .map(|_| {
                // The k-th place is chosen with a weight of about 1 / k.
                let k = ((PLACES as f64).powf(dice.unit()) as usize).min(PLACES - 1);
                let (spread, turn) =
                    (0.02 * -dice.unit().ln() / (1.0 + k as f64).powf(0.2), dice.unit() * std::f64::consts::TAU);
                let place = LonLat::new(places[k].0 + spread * turn.cos(), places[k].1 + spread * turn.sin()).unwrap();
                let themes = 1 << (dice.next() % 12) | u16::from(dice.next().is_multiple_of(3)) << (dice.next() % 12);
                let cell = H3Cell::containing(place, FINEST).bits();
                (place.to_world().morton(), themes, dice.next() as u32, cell)
            })
            .collect();
        points.sort_unstable();
        Self {
            x: points.iter().map(|p| World::from_morton(p.0).x).collect(),
            y: points.iter().map(|p| World::from_morton(p.0).y).collect(),
            themes: points.iter().map(|p| p.1).collect(),
            rank: points.iter().map(|p| p.2).collect(),
            h3: points.iter().map(|p| p.3).collect(),
        }
    }

    fn columns<'a>(&'a self, taken: Option<&'a Marks>) -> Columns<'a> {
        Columns { x: &self.x, y: &self.y, themes: &self.themes, rank: &self.rank, taken }
    }
}

fn main() {
    let index = Index::new();
    let mut dice = Dice(3857);
    let mut food = Marks::none(POINTS);
    (0..POINTS).filter(|&at| index.themes[at] & 1 == 1).for_each(|at| food.insert(at));
    println!("{POINTS} points, {} of the theme; milliseconds a tile, gzip included", food.count(0..POINTS));
    println!("{:>4} {:>24} {:>24} {:>24} {:>24}", "zoom", "theme p50 p99", "all p50 p99", "heat theme", "heat all");
    for z in 0..=14 {
        let tiles: Vec<TileCoord> = (0..TILES)
            .map(|_| TileCoord::containing(index.columns(None).world(dice.next() as usize % POINTS), z))
            .collect();
        print!("{z:>4}");
        for taken in [Some(&food), None] {
            times(&tiles, |coord| {
                let frame = Frame { coord, layer: Layer::ACTORS, deepest: 14, room: MAX_TILE_BYTES };
                let describe = |at: usize| vec![("kind", "place".into()), ("name", format!("Actor {at}").into())];
                let id_of = |at: usize| format!("actor:bench:{at}");
                points::tile(frame, &index.columns(taken), &describe, &id_of).unwrap().bytes
            });
        }
        for taken in [Some(&food), None] {
            times(&tiles, |coord| {
                let cells = heat::count(coord, &[(index.columns(taken), &index.h3)]);
                heat::tile(coord, &cells, &["actors"], MAX_TILE_BYTES).unwrap()
            });
        }
        println!();
    }
}

/// Makes each tile once and prints the median, the 99th percentile and the largest size.
fn times(tiles: &[TileCoord], make: impl Fn(TileCoord) -> Vec<u8>) {
    let mut largest = 0;
    let mut took: Vec<Duration> = tiles
        .iter()
        .map(|coord| {
            let start = Instant::now();
            largest = largest.max(gzip::compress(&make(*coord)).len());
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    let ms = |at: usize| took[at].as_secs_f64() * 1e3;
    print!("{:>8.2} {:>7.2} {:>5} kB", ms(took.len() / 2), ms(took.len() * 99 / 100), largest / 1000);
}
