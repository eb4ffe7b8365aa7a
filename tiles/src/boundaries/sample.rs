//! Made-up territories for tests: a grid of municipalities with crooked borders, and what is added to it.

use std::collections::HashMap;

use parvis_model::topology::{Arc, Line};
use parvis_model::{AdminLevel, AdminUnit, LonLat, Ring, Shape, Topology, UnitId, UnitStatus};

/// Degrees along the side of a municipality.
pub(super) const SIDE: f64 = 0.1;

pub(super) struct Sample {
    pub(super) topology: Topology,
    pub(super) units: Vec<AdminUnit>,
}

/// A number between -1 and 1 that looks random.
fn noise(seed: u64, n: u64) -> f64 {
    let mut v = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ n.wrapping_mul(0xD1B5_4A32_D192_ED03);
    v = (v ^ (v >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((v >> 40) as f64) / f64::from(1 << 23) - 1.0
}

pub(super) fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

impl Sample {
    /// `cells` by `cells` municipalities from a south-west corner; departments of two by two, one region, one country.
    /// Every border between two corners has `bends` vertices, up to `amplitude` degrees off the straight line.
    pub(super) fn grid(west: f64, south: f64, cells: usize, bends: usize, amplitude: f64, seed: u64) -> Self {
        let mut sample = Self { topology: Topology::default(), units: Vec::new() };
        let corner = |x: usize, y: usize| (west + x as f64 * SIDE, south + y as f64 * SIDE);
        let mut arc_between = HashMap::new();
        for y in 0..=cells {
            for x in 0..=cells {
                for (dx, dy) in [(1, 0), (0, 1)] {
                    if x + dx <= cells && y + dy <= cells {
                        let key = sample.topology.arcs.len() as u64;
                        let (a, b) = (corner(x, y), corner(x + dx, y + dy));
                        let vertices = (0..=bends + 1).map(|i| {
                            let t = i as f64 / (bends + 1) as f64;
                            let off = if i == 0 || i > bends { 0.0 } else { amplitude * noise(seed + key, i as u64) };
                            let (off_x, off_y) = (off * dy as f64, off * dx as f64);
                            at(a.0 + (b.0 - a.0) * t + off_x, a.1 + (b.1 - a.1) * t + off_y)
                        });
                        sample.topology.arcs.push(Arc {
                            vertices: vertices.collect(),
                            maritime: false,
                            disputed: false,
                        });
                        arc_between.insert(((x, y), (x + dx, y + dy)), key as u32);
                    }
                }
            }
        }
        let step = |from, to| match arc_between.get(&(from, to)) {
            Some(&arc) => (arc, false),
            None => (arc_between[&(to, from)], true),
        };
        let square = |x: usize, y: usize, side: usize| {
            let mut steps = Vec::new();
            steps.extend((0..side).map(|i| step((x + i, y), (x + i + 1, y))));
            steps.extend((0..side).map(|i| step((x + side, y + i), (x + side, y + i + 1))));
            steps.extend((0..side).map(|i| step((x + side - i, y + side), (x + side - i - 1, y + side))));
            steps.extend((0..side).map(|i| step((x, y + side - i), (x, y + side - i - 1))));
            Ring(steps)
        };
        let middle = |x: usize, y: usize, side: usize| {
            let half = side as f64 / 2.0 * SIDE;
            at(corner(x, y).0 + half, corner(x, y).1 + half)
        };
        for level in [AdminLevel::Country, AdminLevel::Region, AdminLevel::Department, AdminLevel::Municipality] {
            let side = match level {
                AdminLevel::Municipality => 1,
                AdminLevel::Department => 2,
                _ => cells,
            };
            for y in (0..cells).step_by(side) {
                for x in (0..cells).step_by(side) {
                    let code = if side == cells { "XX".to_owned() } else { format!("{x:02}{y:02}") };
                    sample.add(level, &code, vec![vec![square(x, y, side)]], Some(middle(x, y, side)));
                }
            }
        }
        sample.find_lines();
        sample
    }

    /// Adds a unit with its shape.
    pub(super) fn add(&mut self, level: AdminLevel, code: &str, polygons: Vec<Vec<Ring>>, label: Option<LonLat>) {
        let mut unit = AdminUnit::new(level, code, &format!("Name of {code}"));
        unit.status = UnitStatus::Complete;
        unit.label = label;
        unit.population = Some(self.units.len() as u64);
        self.topology.shapes.push(Shape { unit: unit.id.clone(), level, polygons });
        self.units.push(unit);
    }

    /// Adds a closed arc: a regular polygon of so many degrees.
    pub(super) fn circle(&mut self, lon: f64, lat: f64, radius: f64, corners: usize) -> u32 {
        let mut vertices: Vec<LonLat> = (0..corners)
            .map(|i| i as f64 / corners as f64 * std::f64::consts::TAU)
            .map(|angle| at(lon + radius * angle.cos(), lat + radius * angle.sin()))
            .collect();
        vertices.push(vertices[0]);
        self.arc(vertices)
    }

    /// Adds an arc.
    pub(super) fn arc(&mut self, vertices: Vec<LonLat>) -> u32 {
        self.topology.arcs.push(Arc { vertices, maritime: false, disputed: false });
        self.topology.arcs.len() as u32 - 1
    }

    /// The shape of a unit.
    pub(super) fn shape(&mut self, level: AdminLevel, code: &str) -> &mut Shape {
        let id = UnitId::new(level, code);
        self.topology.shapes.iter_mut().find(|s| s.unit == id).unwrap()
    }

    /// Draws every arc that has units as a line of its strongest level.
    pub(super) fn find_lines(&mut self) {
        let mut sides: HashMap<(u32, AdminLevel), [Option<UnitId>; 2]> = HashMap::new();
        for shape in &self.topology.shapes {
            // Exteriors run counter-clockwise in degrees, holes clockwise: the unit is always to the left.
            for &(arc, backwards) in shape.polygons.iter().flatten().flat_map(|r| &r.0) {
                sides.entry((arc, shape.level)).or_default()[usize::from(backwards)] = Some(shape.unit.clone());
            }
        }
        let lines = (0..self.topology.arcs.len() as u32).filter_map(|arc| {
            let level = AdminLevel::ALL.into_iter().find(|l| sides.contains_key(&(arc, *l)))?;
            let [left, right] = sides[&(arc, level)].clone();
            Some(Line { arc, level, left, right })
        });
        self.topology.lines = lines.collect();
    }
}
