//! A small picture of a unit: its outline, the units below, what lies in it. SVG, so that it needs no script.

use std::collections::HashSet;
use std::fmt::Write;

use parvis_model::{Collection, LonLat};
use parvis_store::{Snapshot, UnitRecord};

/// The longer side of a picture, in its own units.
const SIDE: f64 = 640.0;
/// Vertices nearer than this to the last are left out, in the picture's units.
const STEP: f64 = 0.7;
/// So many units below are drawn at most: more would be a grey surface.
const MOST_BELOW: usize = 600;
/// Dots nearer than this fall together.
const DOT_STEP: f64 = 3.0;
/// Edges of the grid of zoom 32, the plane that is drawn on.
const WORLD: f64 = 4_294_967_296.0;

/// The picture.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Its size.
    pub(crate) width: u32,
    /// Its size.
    pub(crate) height: u32,
    /// The unit, as the `d` of a path.
    pub(crate) shape: String,
    /// The units below, in one path.
    pub(crate) below: String,
    /// By colour: the dots of it, in one path.
    pub(crate) dots: Vec<(&'static str, String)>,
    /// One place that the picture is about.
    pub(crate) mark: Option<[u32; 2]>,
}

/// A window of the plane, scaled to the picture.
#[derive(Debug, Clone, Copy)]
struct Frame {
    west: f64,
    north: f64,
    scale: f64,
    width: f64,
    height: f64,
}

type Ring = Vec<[f64; 2]>;

impl Outline {
    /// Draws a unit; `None` where it has no boundary. O(vertices of the unit and of those below).
    pub(crate) fn of(snapshot: &Snapshot, unit: &UnitRecord) -> Option<Self> {
        let rings = rings(snapshot, unit)?;
        let frame = Frame::around(&rings)?;
        let shape = frame.path(&rings);
        let children = snapshot.units().children(unit);
        let mut below = String::new();
        if children.len() <= MOST_BELOW {
            for child in children {
                if let Some(rings) = self::rings(snapshot, child) {
                    below.push_str(&frame.path(&rings));
                }
            }
        }
        Some(Self { shape, below, dots: frame.dots(snapshot, unit), ..frame.empty() })
    }

    /// Draws a unit with a mark at one place in it; `None` where it has no boundary or the place is not in the picture.
    pub(crate) fn marked(snapshot: &Snapshot, unit: &UnitRecord, place: LonLat) -> Option<Self> {
        let rings = rings(snapshot, unit)?;
        let frame = Frame::around(&rings)?;
        let mark = Some(frame.at(plane(place))).filter(|p| frame.holds(*p))?;
        let mark = Some(mark.map(|n| n.round() as u32));
        Some(Self { shape: frame.path(&rings), mark, ..frame.empty() })
    }
}

/// The rings of a boundary on the plane.
fn rings(snapshot: &Snapshot, unit: &UnitRecord) -> Option<Vec<Ring>> {
    let polygon = snapshot.units().polygon(unit.number)?;
    let place = |v: &[i32; 2]| LonLat::new(f64::from(v[0]) / 1e7, f64::from(v[1]) / 1e7).map(plane);
    Some(polygon.rings().map(|ring| ring.iter().filter_map(place).collect()).collect())
}

fn plane(at: LonLat) -> [f64; 2] {
    let world = at.to_world();
    [f64::from(world.x), f64::from(world.y)]
}

/// West, north, east, south.
fn bounds(ring: &[[f64; 2]]) -> [f64; 4] {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    ring.iter().fold(start, |b, p| [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])])
}

impl Frame {
    /// Around the largest part of a unit and what lies near it: of France the Hexagone and Corsica, not the
    /// whole globe.
    fn around(rings: &[Ring]) -> Option<Self> {
        let boxes: Vec<[f64; 4]> = rings.iter().filter(|r| r.len() > 3).map(|ring| bounds(ring)).collect();
        let area = |b: &[f64; 4]| (b[2] - b[0]) * (b[3] - b[1]);
        let mut all = *boxes.iter().max_by(|a, b| area(a).total_cmp(&area(b)))?;
        for _ in 0..2 {
            let reach = (all[2] - all[0]).max(all[3] - all[1]) * 0.35;
            let near = |b: &&[f64; 4]| {
                b[0] < all[2] + reach && b[2] > all[0] - reach && b[1] < all[3] + reach && b[3] > all[1] - reach
            };
            all = boxes
                .iter()
                .filter(near)
                .fold(all, |a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        }
        let size = (all[2] - all[0]).max(all[3] - all[1]);
        if size <= 0.0 || size > WORLD {
            return None;
        }
        let scale = (SIDE - 16.0) / size;
        let margin = 8.0 / scale;
        Some(Self {
            west: all[0] - margin,
            north: all[1] - margin,
            scale,
            width: (all[2] - all[0]) * scale + 16.0,
            height: (all[3] - all[1]) * scale + 16.0,
        })
    }

    fn empty(&self) -> Outline {
        Outline { width: self.width.ceil() as u32, height: self.height.ceil() as u32, ..Outline::default() }
    }

    fn at(&self, p: [f64; 2]) -> [f64; 2] {
        [(p[0] - self.west) * self.scale, (p[1] - self.north) * self.scale]
    }

    fn holds(&self, p: [f64; 2]) -> bool {
        (0.0..=self.width).contains(&p[0]) && (0.0..=self.height).contains(&p[1])
    }

    /// Rings as a path, in tenths; those outside the frame or smaller than a step are left out.
    fn path(&self, rings: &[Ring]) -> String {
        let mut out = String::new();
        for ring in rings {
            let mut kept: Vec<[i32; 2]> = Vec::new();
            let mut last = [f64::NAN; 2];
            for p in ring.iter().map(|p| self.at(*p)) {
                if last[0].is_nan() || (p[0] - last[0]).abs() >= STEP || (p[1] - last[1]).abs() >= STEP {
                    kept.push([(p[0] * 10.0).round() as i32, (p[1] * 10.0).round() as i32]);
                    last = p;
                }
            }
            let inside = ring.iter().any(|p| self.holds(self.at(*p)));
            if kept.len() > 2 && inside {
                write_ring(&mut out, &kept);
            }
        }
        out
    }

    /// Actors and events of a unit: one dot for those that would cover one another.
    fn dots(&self, snapshot: &Snapshot, unit: &UnitRecord) -> Vec<(&'static str, String)> {
        const NO_THEME: &str = "#33475B";
        let mut seen = HashSet::new();
        let mut dots: Vec<(&'static str, String)> = Vec::new();
        for collection in [Collection::Actors, Collection::Events] {
            let Some(points) = snapshot.points(collection) else { continue };
            for at in 0..points.located() {
                let within = points.unit(at, unit.level).is_some_and(|n| unit.subtree().contains(&n));
                let Some(p) = points.place(at).filter(|_| within).map(plane) else { continue };
                let p = self.at(p);
                let cell = [(p[0] / DOT_STEP) as i32, (p[1] / DOT_STEP) as i32];
                if !self.holds(p) || !seen.insert(cell) {
                    continue;
                }
                let colour = points.themes(at).first().map_or(NO_THEME, |theme| theme.colour.as_str());
                let of = dots.iter().position(|(c, _)| *c == colour).unwrap_or(dots.len());
                if of == dots.len() {
                    dots.push((colour, String::new()));
                }
                // Writing to a String cannot fail.
                let _ = write!(dots[of].1, "M{:.0} {:.0}h0", p[0], p[1]);
            }
        }
        dots.sort_unstable();
        dots
    }
}

/// One ring, in tenths, each vertex from the one before.
fn write_ring(out: &mut String, ring: &[[i32; 2]]) {
    let tenths = |n: i32| {
        let sign = if n < 0 { "-" } else { "" };
        let n = n.unsigned_abs();
        if n.is_multiple_of(10) { format!("{sign}{}", n / 10) } else { format!("{sign}{}.{}", n / 10, n % 10) }
    };
    for (i, v) in ring.iter().enumerate() {
        let (letter, from) = if i == 0 { ("M", [0, 0]) } else { ("l", ring[i - 1]) };
        // Writing to a String cannot fail.
        let _ = write!(out, "{letter}{} {}", tenths(v[0] - from[0]), tenths(v[1] - from[1]));
    }
    out.push('z');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Ring {
        vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    }

    #[test]
    fn what_is_far_away_does_not_make_the_picture_small() {
        let frame = Frame::around(&[square(0.0, 0.0, 1000.0), square(1100.0, 0.0, 100.0), square(1e6, 0.0, 10.0)]);
        let frame = frame.unwrap();
        assert!((frame.width - SIDE).abs() < 1e-6 && frame.height < SIDE);
        assert!(!frame.holds(frame.at([1e6, 0.0])));
        let path = frame.path(&[square(1e6, 0.0, 500.0)]);
        assert!(path.is_empty(), "{path}");
        assert!(Frame::around(&[]).is_none());
    }

    #[test]
    fn a_ring_is_written_from_vertex_to_vertex() {
        let frame = Frame { west: 0.0, north: 0.0, scale: 1.0, width: 640.0, height: 640.0 };
        let path = frame.path(&[square(10.0, 20.0, 5.5)]);
        assert_eq!(path, "M10 20l5.5 0l0 5.5l-5.5 0l0 -5.5z");
        assert!(frame.path(&[square(10.0, 20.0, 0.2)]).is_empty(), "too small to be seen");
    }
}
