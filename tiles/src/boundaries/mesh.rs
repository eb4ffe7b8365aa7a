//! The topology in world cells: arcs, oriented outlines, islands.

use std::collections::HashMap;

use parvis_model::topology::Line;
use parvis_model::{AdminLevel, LonLat, Ring, Topology, UnitId, World};
use rayon::prelude::*;

use super::simplify;
use crate::TilesError;
use crate::tilejson::MAX_BOUNDARY_ZOOM;

/// An arc and whether it is walked backwards.
pub(super) type Step = (u32, bool);

/// All arcs as world cells, and the outlines that refer to them.
pub(super) struct Mesh {
    vertices: Vec<World>,
    /// Where each arc's vertices start, and the end of the last.
    starts: Vec<u32>,
    /// The strongest level that an arc bounds; `None` when nothing uses it.
    pub(super) strongest: Vec<Option<AdminLevel>>,
    /// The first zoom at which the island of an arc is drawn; 0 for the arcs of no outline.
    pub(super) first_zoom: Vec<u8>,
    /// The units' outlines.
    pub(super) outlines: Vec<Outline>,
}

/// The outline of one unit.
pub(super) struct Outline {
    /// Position in the list of features.
    pub(super) feature: u32,
    pub(super) level: AdminLevel,
    pub(super) polygons: Vec<Polygon>,
    /// The largest polygon, which is always drawn.
    pub(super) main: usize,
}

/// A polygon: its exterior clockwise on the screen, then its holes the other way.
pub(super) struct Polygon {
    pub(super) rings: Vec<Vec<Step>>,
    /// Square cells, by the exterior.
    area: f64,
}

impl Mesh {
    /// Takes the topology into world cells. `feature_of` numbers the units.
    pub(super) fn new(topology: &Topology, feature_of: &HashMap<&UnitId, u32>) -> Result<Self, TilesError> {
        let mut starts = Vec::with_capacity(topology.arcs.len() + 1);
        let mut count = 0u32;
        starts.push(0);
        for arc in &topology.arcs {
            count += arc.vertices.len() as u32;
            starts.push(count);
        }
        let places: Vec<LonLat> = topology.arcs.iter().flat_map(|a| a.vertices.iter().copied()).collect();
        let vertices = places.par_iter().map(|p| p.to_world()).collect();
        let arcs = topology.arcs.len();
        let mut mesh =
            Self { vertices, starts, strongest: vec![None; arcs], first_zoom: vec![0; arcs], outlines: Vec::new() };
        for shape in &topology.shapes {
            let place = || shape.unit.to_string();
            let feature = *feature_of.get(&shape.unit).ok_or_else(|| TilesError::UnknownUnit(shape.unit.clone()))?;
            let polygons = shape.polygons.iter().map(|rings| mesh.polygon(rings, shape.level, &place));
            let polygons = polygons.collect::<Result<Vec<_>, _>>()?;
            let main =
                (0..polygons.len()).max_by(|&a, &b| polygons[a].area.total_cmp(&polygons[b].area).then(b.cmp(&a)));
            let Some(main) = main else { continue };
            mesh.outlines.push(Outline { feature, level: shape.level, polygons, main });
        }
        for (i, line) in topology.lines.iter().enumerate() {
            mesh.check(line.arc, &|| format!("line {i}"))?;
            mesh.mark(line.arc, line.level);
        }
        mesh.find_islands();
        Ok(mesh)
    }

    /// How many arcs there are.
    pub(super) fn len(&self) -> usize {
        self.strongest.len()
    }

    /// Where the vertices of an arc stand in lists that have one entry a vertex.
    pub(super) fn range(&self, arc: u32) -> std::ops::Range<usize> {
        self.starts[arc as usize] as usize..self.starts[arc as usize + 1] as usize
    }

    /// The vertices of an arc.
    pub(super) fn arc(&self, arc: u32) -> &[World] {
        &self.vertices[self.range(arc)]
    }

    /// All vertices, arc after arc.
    pub(super) fn vertices(&self) -> &[World] {
        &self.vertices
    }

    fn mark(&mut self, arc: u32, level: AdminLevel) {
        let strongest = &mut self.strongest[arc as usize];
        *strongest = Some(strongest.map_or(level, |l| l.min(level)));
    }

    fn check(&self, arc: u32, place: &dyn Fn() -> String) -> Result<(), TilesError> {
        if (arc as usize) < self.len() {
            return Ok(());
        }
        Err(TilesError::UnknownArc { place: place(), arc, arcs: self.len() })
    }

    fn polygon(
        &mut self,
        rings: &[Ring],
        level: AdminLevel,
        place: &dyn Fn() -> String,
    ) -> Result<Polygon, TilesError> {
        let mut oriented = Vec::with_capacity(rings.len());
        let mut exterior_area = 0.0;
        for (i, ring) in rings.iter().enumerate() {
            for &(arc, _) in &ring.0 {
                self.check(arc, place)?;
                self.mark(arc, level);
            }
            let mut steps = ring.0.clone();
            let area = self.area(&steps);
            if (area > 0.0) != (i == 0) {
                steps.reverse();
                for (_, backwards) in &mut steps {
                    *backwards = !*backwards;
                }
            }
            if i == 0 {
                exterior_area = area.abs();
            }
            oriented.push(steps);
        }
        Ok(Polygon { rings: oriented, area: exterior_area })
    }

    /// Signed area of a ring in square cells, positive when clockwise on the screen.
    fn area(&self, steps: &[Step]) -> f64 {
        let mut points = steps.iter().flat_map(|&(arc, backwards)| {
            let line = self.arc(arc);
            (0..line.len()).map(move |i| if backwards { line[line.len() - 1 - i] } else { line[i] })
        });
        let Some(origin) = points.next() else { return 0.0 };
        let local = |p: World| (f64::from(p.x) - f64::from(origin.x), f64::from(p.y) - f64::from(origin.y));
        let (mut from, mut sum) = ((0.0, 0.0), 0.0);
        for to in points.map(local) {
            sum += from.0 * to.1 - to.0 * from.1;
            from = to;
        }
        sum / 2.0
    }

    /// Gives every island (arcs tied together by polygons) the first zoom at which it is drawn: where it is
    /// large enough, or where a unit has its largest polygon on it. All levels and all sides of a border decide alike.
    fn find_islands(&mut self) {
        let mut islands = Islands::new(self.len());
        let polygons = || self.outlines.iter().flat_map(|o| o.polygons.iter().enumerate().map(move |(i, p)| (o, i, p)));
        for (_, _, polygon) in polygons() {
            let mut arcs = polygon.rings.iter().flatten().map(|s| s.0);
            if let Some(first) = arcs.next() {
                arcs.for_each(|arc| islands.join(first, arc));
            }
        }
        let mut zooms = vec![MAX_BOUNDARY_ZOOM; self.len()];
        for (outline, i, polygon) in polygons() {
            let Some(&(arc, _)) = polygon.rings.first().and_then(|r| r.first()) else { continue };
            let zoom = &mut zooms[islands.root(arc) as usize];
            *zoom = (*zoom).min(simplify::zoom_of_area(polygon.area));
            if i == outline.main {
                *zoom = (*zoom).min(outline.level.first_zoom());
            }
        }
        let in_polygon: Vec<u32> = polygons().flat_map(|(_, _, p)| p.rings.iter().flatten().map(|s| s.0)).collect();
        for arc in in_polygon {
            self.first_zoom[arc as usize] = zooms[islands.root(arc) as usize];
        }
    }
}

/// Disjoint sets of arcs.
struct Islands(Vec<u32>);

impl Islands {
    fn new(arcs: usize) -> Self {
        Self((0..arcs as u32).collect())
    }

    fn root(&mut self, mut arc: u32) -> u32 {
        while self.0[arc as usize] != arc {
            let above = self.0[self.0[arc as usize] as usize];
            self.0[arc as usize] = above;
            arc = above;
        }
        arc
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

/// What the two sides of a line are called, in one order: the line is drawn with `left` to its left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sides {
    pub(super) level: AdminLevel,
    pub(super) left: Option<UnitId>,
    pub(super) right: Option<UnitId>,
    pub(super) maritime: bool,
    pub(super) disputed: bool,
}

impl Sides {
    /// The sides of a line, and whether its arc has to be walked backwards for them.
    pub(super) fn of(topology: &Topology, line: &Line) -> (Self, bool) {
        let (left, right) = (line.left.clone(), line.right.clone());
        // Of two units the one whose id comes first stands to the left. One alone stands to the right: its line runs
        // as its polygon does, and compression finds the same numbers twice.
        let swap = match (&left, &right) {
            (Some(l), Some(r)) => l > r,
            (Some(_), None) => true,
            _ => false,
        };
        let (left, right) = if swap { (right, left) } else { (left, right) };
        let flags = topology.arcs.get(line.arc as usize).map_or((false, false), |a| (a.maritime, a.disputed));
        (Self { level: line.level, left, right, maritime: flags.0, disputed: flags.1 }, swap)
    }
}
