//! Mapbox Vector Tiles 2.1: the only module that names the crate `mvt`.
//!
//! The crate writes what it is given. What the specification demands is guaranteed here, whatever
//! comes in: exterior rings wound positive (in tile coordinates, y down), their holes negative and
//! directly after them, by the area of the *integer* coordinates; rings closed, without zero area;
//! no `LineTo(0, 0)`; lines and polygons clipped to the buffer; points inside the tile; every key
//! once a feature; every layer name once a tile. The same calls give the same bytes.
//!
//! Spec: <https://github.com/mapbox/vector-tile-spec/tree/master/2.1>

use mvt::{Feature, GeomData, GeomEncoder, GeomType, Layer, Tile};
use parvis_model::TilePoint;

use crate::clip::{self, Window};

/// Tile coordinates along a side.
pub const EXTENT: u32 = 4096;

/// How far lines and polygons reach beyond the tile, in tile coordinates (5 pixels of 256).
pub const BUFFER: i32 = 80;

/// A property of a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum PropertyValue {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Boolean(bool),
}

impl From<&str> for PropertyValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for PropertyValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for PropertyValue {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for PropertyValue {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

/// Properties in the order they are written; of a repeated key the first counts.
pub type Properties<K = &'static str> = [(K, PropertyValue)];

/// Why a tile could not be encoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The encoder refuses.
    #[error("cannot encode a feature of layer {layer}: {source}")]
    Feature {
        /// The layer.
        layer: String,
        /// Why.
        source: mvt::Error,
    },
    /// The tile already has a layer of this name.
    #[error("the tile already has a layer {0}")]
    DuplicateLayer(String),
    /// The tile cannot be written.
    #[error("cannot encode the tile: {0}")]
    Tile(#[source] mvt::Error),
}

/// A ring of a polygon: exterior, or a hole of the exterior before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingKind {
    /// Begins a polygon.
    Exterior,
    /// A hole in the polygon begun last.
    Hole,
}

/// A tile under construction.
pub struct TileBuilder {
    tile: Tile,
    names: Vec<String>,
}

impl Default for TileBuilder {
    fn default() -> Self {
        Self { tile: Tile::new(EXTENT), names: Vec::new() }
    }
}

impl TileBuilder {
    /// Adds a layer; one without features is left out.
    ///
    /// # Errors
    /// [`EncodeError::DuplicateLayer`] when the tile has a layer of that name.
    pub fn add(&mut self, layer: LayerBuilder) -> Result<(), EncodeError> {
        if layer.is_empty() {
            return Ok(());
        }
        if self.names.contains(&layer.name) {
            return Err(EncodeError::DuplicateLayer(layer.name));
        }
        self.names.push(layer.name);
        self.tile.add_layer(layer.layer).map_err(EncodeError::Tile)
    }

    /// The tile as protobuf, not compressed; empty when it has no layer.
    ///
    /// # Errors
    /// [`EncodeError::Tile`] when the encoder refuses.
    pub fn into_bytes(self) -> Result<Vec<u8>, EncodeError> {
        self.tile.to_bytes().map_err(EncodeError::Tile)
    }
}

/// A layer under construction.
pub struct LayerBuilder {
    name: String,
    layer: Layer,
    scratch: Vec<TilePoint>,
}

impl LayerBuilder {
    /// An empty layer.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), layer: Tile::new(EXTENT).create_layer(name), scratch: Vec::new() }
    }

    /// Whether no feature was added.
    pub fn is_empty(&self) -> bool {
        self.layer.num_features() == 0
    }

    /// Adds a point; `false`, and nothing is added, when it lies outside the tile (half-open).
    ///
    /// # Errors
    /// [`EncodeError::Feature`] when the encoder refuses.
    pub fn point<K: AsRef<str>>(
        &mut self,
        id: Option<u64>,
        at: TilePoint,
        properties: &Properties<K>,
    ) -> Result<bool, EncodeError> {
        let inside = 0..EXTENT as i32;
        if !inside.contains(&at.x) || !inside.contains(&at.y) {
            return Ok(false);
        }
        let data = GeomEncoder::new(GeomType::Point).point(at.x, at.y).and_then(GeomEncoder::encode);
        self.push(id, data, properties)?;
        Ok(true)
    }

    /// Adds lines as one feature; `false`, and nothing is added, when none has two different
    /// points inside the buffer.
    ///
    /// # Errors
    /// [`EncodeError::Feature`] when the encoder refuses.
    pub fn lines<'a, K: AsRef<str>>(
        &mut self,
        id: Option<u64>,
        paths: impl IntoIterator<Item = &'a [TilePoint]>,
        properties: &Properties<K>,
    ) -> Result<bool, EncodeError> {
        let mut writer = GeometryWriter::new(GeomType::Linestring);
        let window = Window::tile();
        for path in paths {
            if window.holds(path) {
                writer.path(path).map_err(|source| self.refused(source))?;
            } else {
                for part in clip::path(path, window) {
                    writer.path(&part).map_err(|source| self.refused(source))?;
                }
            }
        }
        self.push_written(id, writer, properties)
    }

    /// Adds polygons as one feature: each exterior directly followed by its holes, wound either way,
    /// with or without the repeated last point. `false`, and nothing is added, when no exterior keeps
    /// an area inside the buffer.
    ///
    /// # Errors
    /// [`EncodeError::Feature`] when the encoder refuses.
    pub fn polygons<'a, K: AsRef<str>>(
        &mut self,
        id: Option<u64>,
        rings: impl IntoIterator<Item = (RingKind, &'a [TilePoint])>,
        properties: &Properties<K>,
    ) -> Result<bool, EncodeError> {
        let mut writer = GeometryWriter::new(GeomType::Polygon);
        let mut ring = std::mem::take(&mut self.scratch);
        let window = Window::tile();
        let mut has_exterior = false;
        for (kind, points) in rings {
            if kind == RingKind::Hole && !has_exterior {
                continue;
            }
            if window.holds(points) {
                tidy_ring(points, &mut ring);
            } else {
                tidy_ring(&clip::ring(points, window), &mut ring);
            }
            let area = doubled_area(&ring);
            if kind == RingKind::Exterior {
                has_exterior = area != 0;
            }
            if area != 0 {
                if (area > 0) != (kind == RingKind::Exterior) {
                    ring.reverse();
                }
                writer.ring(&mut ring).map_err(|source| self.refused(source))?;
            }
        }
        self.scratch = ring;
        self.push_written(id, writer, properties)
    }

    fn push_written<K: AsRef<str>>(
        &mut self,
        id: Option<u64>,
        writer: GeometryWriter,
        properties: &Properties<K>,
    ) -> Result<bool, EncodeError> {
        if writer.cursor.is_none() {
            return Ok(false);
        }
        self.push(id, writer.encoder.encode(), properties)?;
        Ok(true)
    }

    fn push<K: AsRef<str>>(
        &mut self,
        id: Option<u64>,
        data: Result<GeomData, mvt::Error>,
        properties: &Properties<K>,
    ) -> Result<(), EncodeError> {
        let data = data.map_err(|source| self.refused(source))?;
        let mut feature = std::mem::take(&mut self.layer).into_feature(data);
        if let Some(id) = id {
            feature.set_id(id);
        }
        for (i, (key, value)) in properties.iter().enumerate() {
            let key = key.as_ref();
            if !properties[..i].iter().any(|(k, _)| k.as_ref() == key) {
                add_tag(&mut feature, key, value);
            }
        }
        self.layer = feature.into_layer();
        Ok(())
    }

    fn refused(&self, source: mvt::Error) -> EncodeError {
        EncodeError::Feature { layer: self.name.clone(), source }
    }
}

fn add_tag(feature: &mut Feature, key: &str, value: &PropertyValue) {
    match value {
        PropertyValue::Text(text) => feature.add_tag_string(key, text),
        PropertyValue::Integer(number) => match u64::try_from(*number) {
            Ok(natural) => feature.add_tag_uint(key, natural),
            Err(_) => feature.add_tag_sint(key, *number),
        },
        PropertyValue::Float(number) => feature.add_tag_double(key, *number),
        PropertyValue::Boolean(truth) => feature.add_tag_bool(key, *truth),
    }
}

/// Writes parts of one geometry and knows where the pen stands. The encoder leaves `MoveTo` out when
/// a part begins where the last one ended, which is what this works around.
struct GeometryWriter {
    encoder: GeomEncoder<i32>,
    cursor: Option<TilePoint>,
    open: bool,
}

impl GeometryWriter {
    fn new(kind: GeomType) -> Self {
        Self { encoder: GeomEncoder::new(kind), cursor: None, open: false }
    }

    /// A tidy ring of at least three points.
    fn ring(&mut self, ring: &mut [TilePoint]) -> Result<(), mvt::Error> {
        if self.cursor.is_some_and(|at| at == ring[0]) {
            ring.rotate_left(1);
        }
        for p in ring.iter() {
            self.encoder.add_point(p.x, p.y)?;
        }
        self.encoder.complete_geom()?;
        self.cursor = ring.last().copied();
        Ok(())
    }

    /// A line; one that begins where the last ended continues it.
    fn path(&mut self, path: &[TilePoint]) -> Result<(), mvt::Error> {
        let Some(&first) = path.first() else { return Ok(()) };
        if path.iter().all(|p| *p == first) {
            return Ok(());
        }
        let mut at = first;
        if self.cursor != Some(first) {
            if self.open {
                self.encoder.complete_geom()?;
            }
            self.encoder.add_point(first.x, first.y)?;
        }
        for p in path {
            if *p != at {
                self.encoder.add_point(p.x, p.y)?;
                at = *p;
            }
        }
        self.cursor = Some(at);
        self.open = true;
        Ok(())
    }
}

/// The ring without its repeated last point, without repeated points, and without spikes (there and
/// straight back to the same point), which enclose nothing.
fn tidy_ring(points: &[TilePoint], ring: &mut Vec<TilePoint>) {
    ring.clear();
    for &p in points {
        push_tidy(ring, p);
    }
    // The seam between the last and the first point is a corner like any other.
    let mut start = 0;
    while ring.len() - start >= 2 {
        let (first, last) = (ring[start], ring[ring.len() - 1]);
        if first == last || ring[ring.len() - 2] == first {
            ring.pop();
        } else if ring[start + 1] == last {
            start += 1;
        } else {
            break;
        }
    }
    ring.drain(..start);
}

fn push_tidy(ring: &mut Vec<TilePoint>, p: TilePoint) {
    match ring[..] {
        [.., last] if last == p => {}
        [.., before, _] if before == p => {
            ring.pop();
        }
        _ => ring.push(p),
    }
}

/// Twice the signed area by the surveyor's formula: positive when clockwise on the screen (y down).
fn doubled_area(ring: &[TilePoint]) -> i64 {
    let Some(last) = ring.last() else { return 0 };
    let mut from = last;
    let mut sum = 0;
    for to in ring {
        sum += i64::from(from.x) * i64::from(to.y) - i64::from(to.x) * i64::from(from.y);
        from = to;
    }
    sum
}

/// Several tiles in one: the layers of the first, then those of the next. The tiles must not be
/// compressed, and no two may have a layer of the same name.
pub fn concat<T: AsRef<[u8]>>(tiles: impl IntoIterator<Item = T>) -> Vec<u8> {
    // A tile is a protobuf message of nothing but repeated layers: joined messages are a message.
    let mut joined = Vec::new();
    for tile in tiles {
        joined.extend_from_slice(tile.as_ref());
    }
    joined
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
