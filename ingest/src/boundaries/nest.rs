//! Which rings are shells and which are holes: by how many others each one lies in.

use super::mesh::Mesh;
use super::rings::{Step, difference, meets_ray};
use super::select::Place;

/// A polygon: the shell counter-clockwise, then its holes clockwise.
pub(super) type Polygon = Vec<Vec<Step>>;

/// A ring with what nesting needs to know of it.
struct Closed {
    steps: Vec<Step>,
    places: Vec<Place>,
    /// Twice the signed area in square ten-millionths of a degree; positive counter-clockwise.
    area: i128,
    min: Place,
    max: Place,
}

/// Sorts simple rings that do not cross into polygons, largest first; rings that enclose nothing fall away.
pub(super) fn nest(mesh: &Mesh, rings: Vec<Vec<Step>>) -> Vec<Polygon> {
    let mut rings: Vec<Closed> = rings.into_iter().filter_map(|steps| Closed::new(mesh, steps)).collect();
    rings.sort_by_key(|r| std::cmp::Reverse(r.area.unsigned_abs()));
    let mut polygons: Vec<Polygon> = Vec::new();
    // Of each ring: its polygon, and whether it is a shell.
    let mut homes: Vec<(usize, bool)> = Vec::with_capacity(rings.len());
    for i in 0..rings.len() {
        // Areas fall, so the last one before it that holds it is the smallest around it.
        let around = (0..i).rev().find(|&j| rings[j].holds(&rings[i])).map(|j| homes[j]);
        let hole_of = around.and_then(|(polygon, shell)| shell.then_some(polygon));
        let steps = rings[i].turned(hole_of.is_none());
        if let Some(polygon) = hole_of {
            polygons[polygon].push(steps);
            homes.push((polygon, false));
        } else {
            homes.push((polygons.len(), true));
            polygons.push(vec![steps]);
        }
    }
    polygons
}

impl Closed {
    fn new(mesh: &Mesh, steps: Vec<Step>) -> Option<Self> {
        let mut places = Vec::with_capacity(steps.iter().map(|step| mesh.arc(step.0).len() - 1).sum());
        for &(arc, reversed) in &steps {
            let nodes = mesh.arc(arc);
            let run = nodes.len() - 1;
            if reversed {
                places.extend(nodes.iter().rev().take(run).map(|&n| mesh.place(n)));
            } else {
                places.extend(nodes.iter().take(run).map(|&n| mesh.place(n)));
            }
        }
        let origin = *places.first()?;
        let (mut area, mut min, mut max) = (0, origin, origin);
        let mut last = (0, 0);
        for &place in &places {
            // Triangles with the first place: those of the last and the first segment have no area.
            let here = difference(origin, place);
            area += super::rings::cross(last, here);
            last = here;
            min = Place { lon: min.lon.min(place.lon), lat: min.lat.min(place.lat) };
            max = Place { lon: max.lon.max(place.lon), lat: max.lat.max(place.lat) };
        }
        (area != 0).then_some(Self { steps, places, area, min, max })
    }

    /// Whether another ring, which may touch this one but not cross it, lies inside.
    fn holds(&self, other: &Self) -> bool {
        let fits = self.min.lon <= other.min.lon
            && self.min.lat <= other.min.lat
            && self.max.lon >= other.max.lon
            && self.max.lat >= other.max.lat;
        // The middle of a segment: no arc is in two rings of a unit, so it is on no other ring.
        fits && other.places.len() > 1 && {
            let (a, b) = (other.places[0], other.places[1]);
            self.contains((i64::from(a.lon) + i64::from(b.lon), i64::from(a.lat) + i64::from(b.lat)))
        }
    }

    fn contains(&self, doubled: (i64, i64)) -> bool {
        let ends = self.places.iter().cycle().skip(1);
        self.places.iter().zip(ends).filter(|&(&a, &b)| meets_ray(a, b, doubled)).count() % 2 == 1
    }

    fn turned(&self, counter_clockwise: bool) -> Vec<Step> {
        if (self.area > 0) == counter_clockwise {
            return self.steps.clone();
        }
        self.steps.iter().rev().map(|&(arc, reversed)| (arc, !reversed)).collect()
    }
}

/// Whether polygons hold a point given in doubled units.
pub(super) fn polygons_hold(mesh: &Mesh, polygons: &[Polygon], doubled: (i64, i64)) -> bool {
    let arcs = polygons.iter().flatten().flatten();
    let segments = arcs.flat_map(|&(arc, _)| mesh.arc(arc).windows(2));
    segments.filter(|w| meets_ray(mesh.place(w[0]), mesh.place(w[1]), doubled)).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::super::mesh::tests::mesh;
    use super::super::rings::assemble;
    use super::*;

    /// Concentric squares of the given half-widths, each a closed way.
    fn squares(halves: &[f64]) -> Vec<usize> {
        let places: Vec<_> = halves.iter().flat_map(|&h| [(-h, -h), (h, -h), (h, h), (-h, h)]).collect();
        let ways: Vec<Vec<u32>> =
            (0..halves.len() as u32).map(|i| [0, 3, 2, 1, 0].map(|k| 4 * i + k).to_vec()).collect();
        let mesh = mesh(&places, &ways.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let arcs: Vec<u32> = (0..mesh.len() as u32).collect();
        let polygons = nest(&mesh, assemble(&mesh, &arcs).unwrap());
        for polygon in &polygons {
            for (i, ring) in polygon.iter().enumerate() {
                let closed = Closed::new(&mesh, ring.clone()).unwrap();
                assert_eq!(closed.area > 0, i == 0, "shells counter-clockwise, holes clockwise");
            }
        }
        polygons.iter().map(Vec::len).collect()
    }

    #[test]
    fn depth_decides_not_roles() {
        assert_eq!(squares(&[1.0]), [1]);
        assert_eq!(squares(&[1.0, 3.0]), [2], "a hole");
        assert_eq!(squares(&[1.0, 3.0, 2.0]), [2, 1], "an island in the hole");
        assert_eq!(squares(&[4.0, 1.0, 3.0, 2.0]), [2, 2], "a hole in the island in the hole");
    }
}
