//! Rows made ready to write: checked, wound as RFC 7946 wants, sorted along the Hilbert curve.

use std::collections::HashMap;

use geo::{BoundingRect, CoordsIter};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};
use parvis_model::{Bbox, Collection, Instant, Row, Value, mvt_id};
use rayon::prelude::*;

use crate::StoreError;
use crate::table::columns;
use crate::writer::union_all;

/// A row and the box of its geometry.
#[derive(Debug)]
pub(crate) struct PreparedRow {
    /// Cells and geometry.
    pub row: Row,
    /// Its box; `None` without geometry.
    pub rect: Option<Rect<f64>>,
}

/// The rows of a collection in the order of its files.
#[derive(Debug)]
pub(crate) struct Prepared {
    collection: Collection,
    rows: Vec<PreparedRow>,
    located: usize,
}

impl Prepared {
    /// The collection.
    pub(crate) fn collection(&self) -> Collection {
        self.collection
    }

    /// The rows in file order: those with a geometry first.
    pub(crate) fn rows(&self) -> &[PreparedRow] {
        &self.rows
    }

    /// How many have a geometry.
    pub(crate) fn located(&self) -> usize {
        self.located
    }

    /// The box of all geometries.
    pub(crate) fn bbox(&self) -> Option<Bbox> {
        union_all(self.rows.iter().filter_map(|r| Bbox::from_rect(r.rect?)))
    }

    /// From the first start to the last end; `None` where rows have no time.
    pub(crate) fn interval(&self) -> Option<[Instant; 2]> {
        let at = |name: &str| self.collection.fields().iter().position(|f| f.name == name);
        let (start, end) = (at("start")?, at("end")?);
        let times = |field: usize| {
            self.rows.iter().filter_map(move |r| match r.row.values.get(field) {
                Some(Value::Timestamp(t)) => Some(*t),
                _ => None,
            })
        };
        Some([times(start).min()?, times(end).max()?])
    }
}

/// Checks and sorts. The result depends on the rows alone, not on their order.
///
/// # Errors
/// [`StoreError::BadRow`], [`StoreError::DuplicateId`], [`StoreError::FeatureIdCollision`].
pub(crate) fn prepare(collection: Collection, rows: Vec<Row>) -> Result<Prepared, StoreError> {
    let mut keyed: Vec<(u64, u64, PreparedRow)> =
        rows.into_par_iter().map(|row| prepare_row(collection, row)).collect::<Result<_, _>>()?;
    check_ids(collection, &keyed)?;
    keyed.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(&a.2.row).cmp(id(&b.2.row))));
    let rows: Vec<PreparedRow> = keyed.into_iter().map(|(_, _, row)| row).collect();
    let located = rows.iter().filter(|r| r.rect.is_some()).count();
    Ok(Prepared { collection, rows, located })
}

fn id(row: &Row) -> &str {
    match row.values.first() {
        Some(Value::Text(id)) => id,
        _ => "",
    }
}

fn prepare_row(collection: Collection, mut row: Row) -> Result<(u64, u64, PreparedRow), StoreError> {
    let bad =
        |row: &Row, detail: &str| StoreError::BadRow { collection, id: id(row).to_owned(), detail: detail.to_owned() };
    if row.values.len() != collection.fields().len() {
        return Err(bad(&row, "it has not one cell for every field"));
    }
    let misfit = collection.fields().iter().zip(&row.values).find(|(field, value)| !columns::fits(field.kind, value));
    if let Some((field, _)) = misfit {
        return Err(bad(&row, &format!("{} has another type than its field", field.name)));
    }
    if id(&row).is_empty() {
        return Err(bad(&row, "it has no id"));
    }
    let fits = matches!(
        (&row.geometry, collection.level()),
        (None, _)
            | (Some(Geometry::Point(_)), None)
            | (Some(Geometry::MultiPolygon(_) | Geometry::Polygon(_)), Some(_))
    );
    if !fits {
        return Err(bad(&row, "units have multipolygons, actors and events have points"));
    }
    let finite = |g: &Geometry<f64>| g.coords_iter().all(|c| c.x.is_finite() && c.y.is_finite());
    if row.geometry.as_ref().is_some_and(|g| !finite(g)) {
        return Err(bad(&row, "a coordinate is not finite"));
    }
    row.geometry = match row.geometry.take() {
        Some(Geometry::Polygon(p)) => wind(MultiPolygon(vec![p])),
        Some(Geometry::MultiPolygon(m)) => wind(m),
        other => other,
    };
    let rect = row.geometry.as_ref().and_then(BoundingRect::bounding_rect);
    let place = rect.map_or(u64::MAX, hilbert);
    let feature = mvt_id(id(&row));
    Ok((place, feature, PreparedRow { row, rect }))
}

/// The place of a box's centre on the Hilbert curve over the world, below `u64::MAX`.
fn hilbert(rect: Rect<f64>) -> u64 {
    let centre = rect.center();
    let scale = |v: f64, half: f64| ((v + half) / (2.0 * half) * f64::from(1u32 << 31)) as u32;
    fast_hilbert::xy2h(scale(centre.x, 180.0), scale(centre.y, 90.0), 32)
}

/// Exterior rings counter-clockwise, holes clockwise (RFC 7946 section 3.1.6); `None` when nothing is left.
fn wind(mut shape: MultiPolygon<f64>) -> Option<Geometry<f64>> {
    shape.0.retain(|p| p.exterior().0.len() >= 4);
    for polygon in &mut shape.0 {
        polygon.exterior_mut(|ring| turn(ring, true));
        polygon.interiors_mut(|rings| rings.iter_mut().for_each(|ring| turn(ring, false)));
    }
    (!shape.0.is_empty()).then_some(Geometry::MultiPolygon(shape))
}

fn turn(ring: &mut LineString<f64>, counter_clockwise: bool) {
    let Some(&Coord { x, y }) = ring.0.first() else { return };
    // Relative to the first place: small rings far from the origin keep their sign.
    let doubled: f64 = ring.lines().map(|l| (l.start.x - x) * (l.end.y - y) - (l.end.x - x) * (l.start.y - y)).sum();
    if (doubled > 0.0) != counter_clockwise && doubled != 0.0 {
        ring.0.reverse();
    }
}

fn check_ids(collection: Collection, rows: &[(u64, u64, PreparedRow)]) -> Result<(), StoreError> {
    let mut seen: HashMap<u64, &str> = HashMap::with_capacity(rows.len());
    for (_, feature, prepared) in rows {
        let id = id(&prepared.row);
        if let Some(first) = seen.insert(*feature, id) {
            return Err(if first == id {
                StoreError::DuplicateId { collection, id: id.to_owned() }
            } else {
                StoreError::FeatureIdCollision { collection, first: first.to_owned(), second: id.to_owned() }
            });
        }
    }
    Ok(())
}

/// The parts of a geometry that every unit format writes.
pub(crate) fn polygons(geometry: &Geometry<f64>) -> &[Polygon<f64>] {
    match geometry {
        Geometry::MultiPolygon(m) => &m.0,
        Geometry::Polygon(p) => std::slice::from_ref(p),
        _ => &[],
    }
}
