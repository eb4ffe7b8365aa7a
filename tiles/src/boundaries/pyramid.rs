//! One zoom cut into tiles by halves, from the whole world down, on all cores.

use std::sync::Mutex;

use parvis_model::{AdminLevel, TileCoord, TilePoint};

use super::features::Features;
use super::zoom::{Batch, Cell, shown};
use crate::clip::{self, HalfPlane};
use crate::encode::{LayerBuilder, RingKind, TileBuilder};
use crate::{BUFFER, TilesError, archive, gzip};

/// How far lines reach over the edge of a tile, in its units: half the width of the broadest line anyone draws, eight
/// pixels of a tile of 512.
const LINE_BUFFER: i32 = 32;

/// A tile of the zoom at work.
pub(super) struct Finished {
    pub(super) coord: TileCoord,
    /// MVT in gzip.
    pub(super) bytes: Vec<u8>,
}

/// What every tile of a zoom is made with.
pub(super) struct Cutter<'a> {
    pub(super) z: u8,
    pub(super) features: &'a Features,
    pub(super) finished: Mutex<Vec<Result<Finished, TilesError>>>,
}

/// What lies in a square and its buffer.
struct Content {
    polygons: Batch,
    lines: Batch,
}

impl Cutter<'_> {
    /// Cuts the whole zoom; tiles come in the order of the archive.
    pub(super) fn run(self, polygons: Batch, lines: Batch) -> Result<Vec<Finished>, TilesError> {
        self.square(TileCoord::ROOT, Content { polygons, lines });
        let tiles = self.finished.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut tiles = tiles.into_iter().collect::<Result<Vec<_>, _>>()?;
        tiles.sort_unstable_by_key(|t| archive::tile_id(t.coord));
        Ok(tiles)
    }

    fn square(&self, square: TileCoord, content: Content) {
        let labels = self.features.labels_in(square);
        if content.polygons.is_empty() && content.lines.is_empty() && !labels.iter().any(|l| shown(l.level, self.z)) {
            return;
        }
        let Some([nw, ne, sw, se]) = square.children().filter(|_| square.z() < self.z) else {
            let tile = self.encode(square, &content).transpose();
            if let (Some(tile), Ok(mut finished)) = (tile, self.finished.lock()) {
                finished.push(tile);
            }
            return;
        };
        let middle = self.origin(se);
        let (left, right) =
            content.split(|buffer| (HalfPlane::Left(middle.x + buffer), HalfPlane::Right(middle.x - buffer)));
        let half = |content: Content, north: TileCoord, south: TileCoord| {
            let (above, below) =
                content.split(|buffer| (HalfPlane::Above(middle.y + buffer), HalfPlane::Below(middle.y - buffer)));
            rayon::join(|| self.square(north, above), || self.square(south, below));
        };
        rayon::join(|| half(left, nw, sw), || half(right, ne, se));
    }

    /// The north-west corner of a square in the grid of the zoom.
    fn origin(&self, square: TileCoord) -> Cell {
        let shift = 12 + u32::from(self.z - square.z());
        Cell { x: (square.x() << shift) as i32, y: (square.y() << shift) as i32 }
    }

    fn encode(&self, coord: TileCoord, content: &Content) -> Result<Option<Finished>, TilesError> {
        let origin = self.origin(coord);
        let mut tile = TileBuilder::default();
        self.add_polygons(&mut tile, origin, &content.polygons)?;
        self.add_lines(&mut tile, origin, &content.lines)?;
        self.add_labels(&mut tile, coord)?;
        let bytes = tile.into_bytes()?;
        Ok((!bytes.is_empty()).then(|| Finished { coord, bytes: gzip::compress_stored(&bytes) }))
    }

    fn add_polygons(&self, tile: &mut TileBuilder, origin: Cell, batch: &Batch) -> Result<(), TilesError> {
        let mut layer: Option<(AdminLevel, LayerBuilder)> = None;
        for (feature, points, parts) in by_feature(batch, origin) {
            let unit = self.features.unit(feature);
            if layer.as_ref().is_none_or(|(level, _)| *level != unit.level) {
                let next = (unit.level, LayerBuilder::new(unit.level.collection().name()));
                if let Some((_, full)) = layer.replace(next) {
                    tile.add(full)?;
                }
            }
            if let Some((_, layer)) = &mut layer {
                layer.polygons(unit.id, rings(&points, &parts), &unit.properties)?;
            }
        }
        if let Some((_, last)) = layer {
            tile.add(last)?;
        }
        Ok(())
    }

    fn add_lines(&self, tile: &mut TileBuilder, origin: Cell, batch: &Batch) -> Result<(), TilesError> {
        let mut layer = LayerBuilder::new("boundary_lines");
        for (feature, points, parts) in by_feature(batch, origin) {
            let line = self.features.line(feature);
            layer.lines(line.id, rings(&points, &parts).map(|(_, points)| points), &line.properties)?;
        }
        tile.add(layer)?;
        Ok(())
    }

    fn add_labels(&self, tile: &mut TileBuilder, coord: TileCoord) -> Result<(), TilesError> {
        let corner = coord.origin();
        let mut labels: Vec<_> = self.features.labels_in(coord).iter().filter(|l| shown(l.level, self.z)).collect();
        // In the order of the polygons, whose fields they repeat: compressed, that is smaller. `rank` says the order
        // in which they are placed.
        labels.sort_unstable_by_key(|l| l.feature);
        let mut layer = LayerBuilder::new("admin_labels");
        let shift = 20 - u32::from(self.z);
        for label in labels {
            // Rounded down: in this tile and in no other.
            let at = TilePoint {
                x: ((label.at.x - corner.x) >> shift) as i32,
                y: ((label.at.y - corner.y) >> shift) as i32,
            };
            let (id, properties) = self.features.label(label);
            layer.point(id, at, &properties)?;
        }
        tile.add(layer)?;
        Ok(())
    }
}

/// The features of a batch: number, points in tile coordinates, parts as kind and end.
fn by_feature(batch: &Batch, origin: Cell) -> impl Iterator<Item = (u32, Vec<TilePoint>, Vec<(RingKind, usize)>)> {
    let mut parts = batch.iter().peekable();
    std::iter::from_fn(move || {
        let feature = parts.peek()?.0.feature;
        let (mut points, mut ends) = (Vec::new(), Vec::new());
        while let Some((part, cells)) = parts.next_if(|(p, _)| p.feature == feature) {
            points.extend(cells.iter().map(|c| TilePoint { x: c.x - origin.x, y: c.y - origin.y }));
            ends.push((part.kind, points.len()));
        }
        Some((feature, points, ends))
    })
}

fn rings<'a>(
    points: &'a [TilePoint],
    ends: &'a [(RingKind, usize)],
) -> impl Iterator<Item = (RingKind, &'a [TilePoint])> {
    let mut from = 0;
    ends.iter().map(move |&(kind, end)| {
        let ring = &points[from..end];
        from = end;
        (kind, ring)
    })
}

impl Content {
    /// What lies on either side of what `sides` makes of a buffer; the two overlap by twice the buffer.
    fn split(self, sides: impl Fn(i32) -> (HalfPlane, HalfPlane)) -> (Self, Self) {
        let (p1, p2) = split(&self.polygons, sides(BUFFER), |batch, part, points, side| {
            clip::ring_half(points, side, &mut batch.points);
            batch.end_part(part.feature, part.kind, 3);
        });
        let mut piece = Vec::new();
        let (l1, l2) = split(&self.lines, sides(LINE_BUFFER), |batch, part, points, side| {
            clip::path_half(points, side, &mut piece, |piece| {
                batch.points.extend_from_slice(piece);
                batch.end_part(part.feature, part.kind, 2);
            });
        });
        (Self { polygons: p1, lines: l1 }, Self { polygons: p2, lines: l2 })
    }
}

fn split(
    batch: &Batch,
    (first, second): (HalfPlane, HalfPlane),
    mut cut: impl FnMut(&mut Batch, super::zoom::Part, &[Cell], HalfPlane),
) -> (Batch, Batch) {
    let mut halves = (Batch::default(), Batch::default());
    for (part, points) in batch.iter() {
        for (half, side) in [(&mut halves.0, first), (&mut halves.1, second)] {
            let inside = points.iter().filter(|p| side.holds(**p)).count();
            if inside == points.len() {
                half.points.extend_from_slice(points);
                half.end_part(part.feature, part.kind, 2);
            } else if inside > 0 {
                cut(half, part, points, side);
            }
        }
    }
    halves
}
