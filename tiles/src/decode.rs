//! A strict reader of vector tiles for tests, written from the specification and not from the encoder.
//! [`read`] refuses whatever breaks a rule of MVT 2.1; [`tile`] panics on it, and on what we promise beyond.

mod wire;

use std::collections::{BTreeMap, HashSet};

use crate::PropertyValue;
use wire::{Field, fields, packed, zigzag};

pub(crate) type Point = (i32, i32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Unknown,
    Point,
    Line,
    Polygon,
}

#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) id: Option<u64>,
    pub(crate) kind: Kind,
    /// Points; or lines; or rings without the repeated point, each exterior before its holes. None of a kind unknown.
    pub(crate) parts: Vec<Vec<Point>>,
    pub(crate) properties: BTreeMap<String, PropertyValue>,
}

#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) version: u64,
    pub(crate) extent: u64,
    pub(crate) features: Vec<Feature>,
    /// A key is there twice: allowed, and wasteful.
    pub(crate) repeats_keys: bool,
}

impl Feature {
    pub(crate) fn text(&self, key: &str) -> &str {
        match self.properties.get(key) {
            Some(PropertyValue::Text(text)) => text,
            other => panic!("{key} is {other:?}"),
        }
    }

    pub(crate) fn integer(&self, key: &str) -> i64 {
        match self.properties.get(key) {
            Some(PropertyValue::Integer(number)) => *number,
            other => panic!("{key} is {other:?}"),
        }
    }

    /// Twice the area, holes taken off.
    pub(crate) fn doubled_area(&self) -> i64 {
        self.parts.iter().map(|ring| doubled_area(ring)).sum()
    }
}

pub(crate) fn doubled_area(ring: &[Point]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)).sum()
}

/// Reads a tile of ours that is not compressed: version 2, extent 4096, no empty layer, ids told apart, nothing outside
/// the buffer.
pub(crate) fn tile(bytes: &[u8]) -> Vec<Layer> {
    let layers = read(bytes).unwrap_or_else(|why| panic!("{why}"));
    for layer in &layers {
        assert_eq!((layer.version, layer.extent), (2, 4096));
        assert!(!layer.repeats_keys, "a key twice");
        assert!(!layer.features.is_empty(), "a layer without features");
        let mut ids = HashSet::new();
        assert!(layer.features.iter().filter_map(|f| f.id).all(|id| ids.insert(id)), "a feature id twice");
        for feature in &layer.features {
            assert_ne!(feature.kind, Kind::Unknown);
            let reach = if feature.kind == Kind::Point { 0..=4095 } else { -80..=4176 };
            for (x, y) in feature.parts.iter().flatten() {
                assert!(reach.contains(x) && reach.contains(y), "{x}, {y} lies outside");
            }
        }
    }
    layers
}

/// The layer of a name, of a tile that may lack it.
pub(crate) fn named<'a>(layers: &'a [Layer], name: &str) -> &'a [Feature] {
    layers.iter().find(|l| l.name == name).map_or(&[], |l| &l.features)
}

/// Gives up with a reason unless a rule holds.
macro_rules! must {
    ($rule:expr, $($why:tt)+) => {
        if !$rule {
            return Err(format!($($why)+));
        }
    };
}

/// Reads a tile that is not compressed, of version 1 or 2.
///
/// # Errors
/// The rule that it breaks.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Layer>, String> {
    let mut names = HashSet::new();
    let mut layers = Vec::new();
    for (number, value) in fields(bytes)? {
        must!(number == 3, "field {number} in a tile");
        let layer = layer(value.bytes()?)?;
        must!(names.insert(layer.name.clone()), "two layers are called {}", layer.name);
        layers.push(layer);
    }
    Ok(layers)
}

fn layer(bytes: &[u8]) -> Result<Layer, String> {
    let (mut name, mut version, mut extent) = (None, None, None);
    let (mut keys, mut values, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for (number, field) in fields(bytes)? {
        match number {
            1 => name = Some(field.text()?),
            2 => raw.push(field.bytes()?),
            3 => keys.push(field.text()?),
            4 => values.push(value(field.bytes()?)?),
            5 => extent = Some(field.number()?),
            15 => version = Some(field.number()?),
            other => return Err(format!("field {other} in a layer")),
        }
    }
    let version = version.ok_or("a layer without a version")?;
    must!(version == 1 || version == 2, "version {version}");
    let features = raw.into_iter().map(|f| feature(f, version, &keys, &values)).collect::<Result<_, _>>()?;
    let name = name.filter(|n| !n.is_empty()).ok_or("a layer without a name")?;
    let repeats_keys = keys.iter().collect::<HashSet<_>>().len() < keys.len();
    Ok(Layer { name, version, extent: extent.unwrap_or(4096), features, repeats_keys })
}

fn value(bytes: &[u8]) -> Result<PropertyValue, String> {
    let fields = fields(bytes)?;
    let [field] = &fields[..] else { return Err(format!("{} values in one", fields.len())) };
    Ok(match field {
        (1, field) => PropertyValue::Text(field.text()?),
        (2, Field::Float(number)) => PropertyValue::Float(f64::from(*number)),
        (3, Field::Double(number)) => PropertyValue::Float(*number),
        (4 | 5, field) => PropertyValue::Integer(field.number()? as i64),
        (6, field) => PropertyValue::Integer(zigzag(field.number()?)),
        (7, field) => PropertyValue::Boolean(field.number()? != 0),
        (other, _) => return Err(format!("a value of type {other}")),
    })
}

fn feature(bytes: &[u8], version: u64, keys: &[String], values: &[PropertyValue]) -> Result<Feature, String> {
    let (mut id, mut tags, mut kind, mut geometry) = (None, Vec::new(), None, None);
    for (number, field) in fields(bytes)? {
        match number {
            1 => id = Some(field.number()?),
            2 => tags = packed(field.bytes()?)?,
            3 => kind = Some(field.number()?),
            4 => must!(geometry.replace(packed(field.bytes()?)?).is_none(), "two geometries in a feature"),
            other => return Err(format!("field {other} in a feature")),
        }
    }
    must!(tags.len() % 2 == 0, "a key without its value");
    let mut properties = BTreeMap::new();
    for pair in tags.chunks_exact(2) {
        let key = keys.get(pair[0] as usize).ok_or_else(|| format!("key {} of {}", pair[0], keys.len()))?;
        let value = values.get(pair[1] as usize).ok_or_else(|| format!("value {} of {}", pair[1], values.len()))?;
        must!(properties.insert(key.clone(), value.clone()).is_none(), "{key} twice in a feature");
    }
    let kind = match kind.ok_or("a feature without a type")? {
        0 => Kind::Unknown,
        1 => Kind::Point,
        2 => Kind::Line,
        3 => Kind::Polygon,
        other => return Err(format!("geometry type {other}")),
    };
    let geometry = geometry.filter(|g| !g.is_empty()).ok_or("a feature without geometry")?;
    // What commands mean under a type that is not known is not known either.
    let parts = if kind == Kind::Unknown { Vec::new() } else { Commands::new(&geometry).parts(kind, version)? };
    Ok(Feature { id, kind, parts, properties })
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// The commands of a geometry that are still to be read, and where the cursor stands.
struct Commands<'a> {
    rest: &'a [u32],
    cursor: Point,
}

impl<'a> Commands<'a> {
    fn new(geometry: &'a [u32]) -> Self {
        Self { rest: geometry, cursor: (0, 0) }
    }

    fn parts(&mut self, kind: Kind, version: u64) -> Result<Vec<Vec<Point>>, String> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        while !self.rest.is_empty() {
            must!(kind != Kind::Point || parts.is_empty(), "points by several commands");
            let mut points = self.points(MOVE_TO)?;
            if kind != Kind::Point {
                must!(points.len() == 1, "a part that begins with {} MoveTo", points.len());
                points.extend(self.points(LINE_TO)?);
            }
            if kind == Kind::Polygon {
                must!(self.count(CLOSE_PATH)? == 1, "a ring that closes several times");
                check_ring(&points, parts.is_empty(), version)?;
            }
            parts.push(points);
        }
        Ok(parts)
    }

    /// The count of the next command, which must be `wanted`.
    fn count(&mut self, wanted: u32) -> Result<u32, String> {
        let (&word, rest) = self.rest.split_first().ok_or_else(|| format!("no command {wanted}"))?;
        self.rest = rest;
        must!(word & 7 == wanted, "command {} instead of {wanted}", word & 7);
        must!(word >> 3 > 0, "command {wanted} of nothing");
        Ok(word >> 3)
    }

    fn points(&mut self, wanted: u32) -> Result<Vec<Point>, String> {
        let count = self.count(wanted)? as usize;
        let numbers = count.checked_mul(2).filter(|n| *n <= self.rest.len());
        let numbers = numbers.ok_or_else(|| format!("{count} points promised, {} numbers left", self.rest.len()))?;
        let (now, rest) = self.rest.split_at(numbers);
        self.rest = rest;
        let mut points = Vec::with_capacity(count);
        for pair in now.chunks_exact(2) {
            let step = [pair[0], pair[1]].map(|n| zigzag(u64::from(n)) as i32);
            must!(wanted == MOVE_TO || step != [0, 0], "LineTo(0, 0)");
            // The cursor of a decoder is an int32 and wraps (fixtures 049 and 050).
            self.cursor = (self.cursor.0.wrapping_add(step[0]), self.cursor.1.wrapping_add(step[1]));
            points.push(self.cursor);
        }
        Ok(points)
    }
}

fn check_ring(ring: &[Point], first: bool, version: u64) -> Result<(), String> {
    must!(ring.len() > 2, "a ring of two points");
    if version == 1 {
        return Ok(());
    }
    must!(ring.first() != ring.last(), "ClosePath closes, the first point is not repeated");
    let area = doubled_area(ring);
    must!(area != 0, "a ring without area");
    must!(area > 0 || !first, "a hole before any exterior");
    Ok(())
}

#[cfg(test)]
#[path = "decode/fixtures_tests.rs"]
mod fixtures_tests;
