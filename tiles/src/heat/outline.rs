//! The outline of a cell in a tile: the places where H3 is no flat grid are the poles and the antimeridian.

use parvis_model::{H3Cell, LonLat, TileCoord, TilePoint};

use crate::{BUFFER, EXTENT};

/// How high a cell is drawn at the edge of the projection at least, in tile coordinates: what lies beyond the
/// edge altogether would vanish, and its points with it.
const LEAST_HEIGHT: f64 = 8.0;

/// A corner on the plane of the tile's coordinates, not rounded.
#[derive(Clone, Copy)]
struct Corner {
    x: f64,
    y: f64,
}

/// The rings of a cell in the coordinates of a tile; none when it does not reach the tile with its buffer. A cell across
/// the antimeridian has one ring for each side of the world that the tile shows.
pub(super) fn in_tile(cell: H3Cell, coord: TileCoord) -> Vec<Vec<TilePoint>> {
    // So many tile coordinates make the world.
    let span = f64::from(EXTENT) * f64::from(1u32 << coord.z());
    let ring = unrolled(cell, span);
    let origin = (f64::from(coord.x()) * f64::from(EXTENT), f64::from(coord.y()) * f64::from(EXTENT));
    let shifts = [-span, 0.0, span].into_iter();
    shifts.filter_map(|shift| placed(&ring, (origin.0 - shift, origin.1))).collect()
}

/// The ring with the corner `origin` of the tile taken off, rounded, when it reaches the tile.
fn placed(ring: &[Corner], origin: (f64, f64)) -> Option<Vec<TilePoint>> {
    let (low, high) = (-f64::from(BUFFER), f64::from(EXTENT) + f64::from(BUFFER));
    let reaches =
        |axis: &dyn Fn(&Corner) -> f64| ring.iter().any(|c| axis(c) >= low) && ring.iter().any(|c| axis(c) <= high);
    let reached = reaches(&|c| c.x - origin.0) && reaches(&|c| c.y - origin.1);
    let rounded = |c: &Corner| TilePoint { x: (c.x - origin.0).round() as i32, y: (c.y - origin.1).round() as i32 };
    reached.then(|| ring.iter().map(rounded).collect())
}

/// The corners on the plane of a world `span` wide: each next to the one before, so that a cell across the
/// antimeridian is in one piece, beyond the world's edge. A cell around a pole is closed along the edge of the
/// projection.
fn unrolled(cell: H3Cell, span: f64) -> Vec<Corner> {
    let mut ring: Vec<Corner> = Vec::with_capacity(12);
    let mut first = 0.0;
    for corner in cell.corners() {
        let Corner { mut x, y } = project(corner, span);
        match ring.last() {
            None => first = x,
            Some(before) => x = beside(x, before.x, span),
        }
        ring.push(Corner { x, y });
    }
    let Some(last) = ring.last().copied() else { return ring };
    let home = beside(first, last.x, span);
    if (home - first).abs() > span / 2.0 {
        close_around_pole(&mut ring, home, span);
    }
    raise(&mut ring, span);
    ring
}

/// `x`, a world's width farther or nearer, so that it is at most half of one from `near`.
fn beside(x: f64, near: f64, span: f64) -> f64 {
    x - ((x - near) / span).round() * span
}

/// The outline goes once around the world: from its end along the edge of the projection back to its start.
fn close_around_pole(ring: &mut Vec<Corner>, home: f64, span: f64) {
    let (start, mean) = (ring[0], ring.iter().map(|c| c.y).sum::<f64>() / ring.len() as f64);
    let edge = if mean < span / 2.0 { 0.0 } else { span };
    ring.push(Corner { x: home, y: start.y });
    ring.push(Corner { x: home, y: edge });
    ring.push(Corner { x: start.x, y: edge });
}

/// What lies flat on the northern or southern edge is given some height, as a box.
fn raise(ring: &mut Vec<Corner>, span: f64) {
    let (top, bottom) = ring.iter().fold((span, 0.0_f64), |(t, b), c| (t.min(c.y), b.max(c.y)));
    let (edge, inner) = if top <= 0.0 { (0.0, LEAST_HEIGHT) } else { (span, span - LEAST_HEIGHT) };
    if bottom - top >= LEAST_HEIGHT || (top > 0.0 && bottom < span) {
        return;
    }
    let (west, east) = ring.iter().fold((f64::MAX, f64::MIN), |(w, e), c| (w.min(c.x), e.max(c.x)));
    let corners = [(west, edge), (east, edge), (east, inner), (west, inner)];
    *ring = corners.map(|(x, y)| Corner { x, y }).to_vec();
}

/// On a plane `span` wide; what lies beyond the projection's edge is on it.
fn project(at: LonLat, span: f64) -> Corner {
    let sin = at.lat().to_radians().sin();
    let y = 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * std::f64::consts::PI);
    Corner { x: (at.lon() + 180.0) / 360.0 * span, y: y.clamp(0.0, 1.0) * span }
}
