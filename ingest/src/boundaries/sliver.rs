//! How small a ring is.

use super::mesh::Mesh;
use super::rings::{Step, cross, difference};

/// Square metres: what is larger is never a sliver.
pub(super) const MOST_SLIVER: f64 = 10_000.0;

/// Metres of a ten-millionth of a degree of latitude.
const STEP_METRES: f64 = 0.011_131_9;

/// Square metres inside a ring, on a sphere unrolled at its first node: for what is small.
pub(super) fn square_metres(mesh: &Mesh, ring: &[Step]) -> f64 {
    let Some(&(first, _)) = ring.first() else { return 0.0 };
    let origin = mesh.place(mesh.ends(first)[0]);
    let mut doubled = 0_i128;
    for &(arc, reversed) in ring {
        for pair in mesh.arc(arc).windows(2) {
            let turn = cross(difference(origin, mesh.place(pair[0])), difference(origin, mesh.place(pair[1])));
            doubled += if reversed { -turn } else { turn };
        }
    }
    let squeeze = (f64::from(origin.lat) / 1e7).to_radians().cos();
    doubled.unsigned_abs() as f64 / 2.0 * STEP_METRES * STEP_METRES * squeeze
}
