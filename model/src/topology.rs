//! Boundaries as shared arcs: what the mesh gives and the tiler takes.
//!
//! ```text
//!        ┌────arc 0────┐           A = arc 0 forward, arc 1 forward
//!        │  A  │       │           B = arc 2 forward, arc 1 reversed
//!        │   arc 1  B  │           the border between A and B is arc 1, once:
//!        │     │       │           whatever is done to an arc, A and B cannot tear
//!        └────arc 2────┘
//! ```

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::{AdminLevel, LonLat, UnitId};

/// A run of border between two junctions (or closed, without junction), with the same units on each
/// side all along.
#[derive(Debug, Clone, PartialEq)]
pub struct Arc {
    /// At least two places; first equals last only when the arc is closed.
    pub vertices: Vec<LonLat>,
    /// `maritime=yes` on the way.
    pub maritime: bool,
    /// `disputed=yes` or `boundary=disputed` on the way.
    pub disputed: bool,
}

/// A ring: arcs end to end, each with whether it is walked backwards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ring(pub Vec<(u32, bool)>);

/// The territory of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Whose.
    pub unit: UnitId,
    /// Its level.
    pub level: AdminLevel,
    /// Polygons; of each the exterior ring (counter-clockwise in degrees), then its holes (clockwise).
    pub polygons: Vec<Vec<Ring>>,
}

/// A border line to draw: an arc and what it separates.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Index into [`Topology::arcs`].
    pub arc: u32,
    /// The strongest level that it bounds.
    pub level: AdminLevel,
    /// The unit of that level to the left of the arc's direction.
    pub left: Option<UnitId>,
    /// The unit of that level to the right.
    pub right: Option<UnitId>,
}

/// All boundaries of an edition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topology {
    /// The arcs, each once.
    pub arcs: Vec<Arc>,
    /// The units with a boundary, as rings of arcs.
    pub shapes: Vec<Shape>,
    /// One line per arc that bounds a unit.
    pub lines: Vec<Line>,
}

impl Topology {
    /// The closed coordinates of a ring, in degrees. An arc index out of range is passed over.
    pub fn ring(&self, ring: &Ring) -> LineString<f64> {
        let arcs = || ring.0.iter().filter_map(|&(arc, reversed)| Some((self.arcs.get(arc as usize)?, reversed)));
        let mut coords: Vec<Coord<f64>> = Vec::with_capacity(arcs().map(|(arc, _)| arc.vertices.len()).sum());
        for (arc, reversed) in arcs() {
            let skip = usize::from(!coords.is_empty());
            let places = arc.vertices.iter();
            if reversed {
                coords.extend(places.rev().skip(skip).map(|p| p.coord()));
            } else {
                coords.extend(places.skip(skip).map(|p| p.coord()));
            }
        }
        LineString(coords)
    }

    /// A shape as a multipolygon in degrees.
    pub fn multi_polygon(&self, shape: &Shape) -> MultiPolygon<f64> {
        let polygon = |rings: &Vec<Ring>| {
            let mut rings = rings.iter().map(|r| self.ring(r));
            let exterior = rings.next()?;
            Some(Polygon::new(exterior, rings.collect()))
        };
        MultiPolygon(shape.polygons.iter().filter_map(polygon).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_units_share_one_arc_in_opposite_directions() {
        let arc = |places: &[(f64, f64)]| Arc {
            vertices: places.iter().map(|&(x, y)| LonLat::new(x, y).unwrap()).collect(),
            maritime: false,
            disputed: false,
        };
        let topology = Topology {
            arcs: vec![
                arc(&[(1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (1.0, 0.0)]),
                arc(&[(1.0, 0.0), (1.0, 1.0)]),
                arc(&[(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0)]),
            ],
            ..Topology::default()
        };
        let a = topology.ring(&Ring(vec![(0, false), (1, false)]));
        let b = topology.ring(&Ring(vec![(2, false), (1, true)]));
        assert!(a.is_closed() && b.is_closed());
        assert_eq!((a.0.len(), b.0.len()), (5, 5));
    }
}
