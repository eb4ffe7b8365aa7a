//! A strict reader of vector tiles for tests, written from the specification and not from the encoder.
//! Whatever breaks a rule of MVT 2.1 panics.

use std::collections::{BTreeMap, HashSet};

use crate::PropertyValue;

pub(crate) type Point = (i32, i32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Point,
    Line,
    Polygon,
}

#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) id: Option<u64>,
    pub(crate) kind: Kind,
    /// Points; or lines; or rings without the repeated point, each exterior before its holes.
    pub(crate) parts: Vec<Vec<Point>>,
    pub(crate) properties: BTreeMap<String, PropertyValue>,
}

#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) name: String,
    pub(crate) features: Vec<Feature>,
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

/// Reads a tile that is not compressed.
pub(crate) fn tile(bytes: &[u8]) -> Vec<Layer> {
    let mut names = HashSet::new();
    let layers: Vec<Layer> = fields(bytes)
        .into_iter()
        .map(|(number, value)| {
            assert_eq!(number, 3, "a tile holds layers");
            layer(value.bytes())
        })
        .collect();
    assert!(layers.iter().all(|l| names.insert(l.name.clone())), "two layers of one name");
    layers
}

/// The layer of a name, of a tile that may lack it.
pub(crate) fn named<'a>(layers: &'a [Layer], name: &str) -> &'a [Feature] {
    layers.iter().find(|l| l.name == name).map_or(&[], |l| &l.features)
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Double(f64),
    Float(f32),
}

impl<'a> Field<'a> {
    fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => panic!("not a length-delimited field"),
        }
    }

    fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            _ => panic!("not a varint"),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.bytes().to_vec()).expect("UTF-8")
    }
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let value = match tag & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => Field::Double(f64::from_le_bytes(take(&mut bytes, 8).try_into().unwrap())),
            2 => {
                let length = varint(&mut bytes) as usize;
                Field::Bytes(take(&mut bytes, length))
            }
            5 => Field::Float(f32::from_le_bytes(take(&mut bytes, 4).try_into().unwrap())),
            wire => panic!("wire type {wire}"),
        };
        found.push((tag >> 3, value));
    }
    found
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(length);
    *bytes = rest;
    taken
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..70).step_by(7) {
        let byte = take(bytes, 1)[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return value;
        }
    }
    panic!("a varint of more than ten bytes")
}

fn packed(mut bytes: &[u8]) -> Vec<u32> {
    let mut numbers = Vec::new();
    while !bytes.is_empty() {
        numbers.push(u32::try_from(varint(&mut bytes)).expect("32 bits"));
    }
    numbers
}

fn zigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

fn layer(bytes: &[u8]) -> Layer {
    let (mut name, mut version, mut extent) = (None, None, None);
    let (mut keys, mut values, mut raw) = (Vec::new(), Vec::new(), Vec::new());
    for (number, field) in fields(bytes) {
        match number {
            1 => name = Some(field.text()),
            2 => raw.push(field.bytes()),
            3 => keys.push(field.text()),
            4 => values.push(value(field.bytes())),
            5 => extent = Some(field.number()),
            15 => version = Some(field.number()),
            other => panic!("field {other} in a layer"),
        }
    }
    assert_eq!((version, extent), (Some(2), Some(4096)));
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "a key twice");
    assert!(!raw.is_empty(), "a layer without features");
    let features: Vec<Feature> = raw.into_iter().map(|f| feature(f, &keys, &values)).collect();
    let mut ids = HashSet::new();
    assert!(features.iter().filter_map(|f| f.id).all(|id| ids.insert(id)), "a feature id twice");
    Layer { name: name.expect("a name"), features }
}

fn value(bytes: &[u8]) -> PropertyValue {
    let fields = fields(bytes);
    assert_eq!(fields.len(), 1, "exactly one value");
    match &fields[0] {
        (1, field) => PropertyValue::Text(field.text()),
        (2, Field::Float(number)) => PropertyValue::Float(f64::from(*number)),
        (3, Field::Double(number)) => PropertyValue::Float(*number),
        (4 | 5, field) => PropertyValue::Integer(field.number() as i64),
        (6, field) => PropertyValue::Integer(zigzag(field.number())),
        (7, field) => PropertyValue::Boolean(field.number() != 0),
        (other, _) => panic!("value of type {other}"),
    }
}

fn feature(bytes: &[u8], keys: &[String], values: &[PropertyValue]) -> Feature {
    let (mut id, mut tags, mut kind, mut geometry) = (None, Vec::new(), None, Vec::new());
    for (number, field) in fields(bytes) {
        match number {
            1 => id = Some(field.number()),
            2 => tags = packed(field.bytes()),
            3 => kind = Some(field.number()),
            4 => geometry = packed(field.bytes()),
            other => panic!("field {other} in a feature"),
        }
    }
    assert_eq!(tags.len() % 2, 0);
    let mut properties = BTreeMap::new();
    for pair in tags.chunks(2) {
        let (key, value) = (&keys[pair[0] as usize], &values[pair[1] as usize]);
        assert!(properties.insert(key.clone(), value.clone()).is_none(), "{key} twice in a feature");
    }
    let kind = match kind {
        Some(1) => Kind::Point,
        Some(2) => Kind::Line,
        Some(3) => Kind::Polygon,
        other => panic!("geometry type {other:?}"),
    };
    Feature { id, kind, parts: parts(kind, &geometry), properties }
}

fn parts(kind: Kind, geometry: &[u32]) -> Vec<Vec<Point>> {
    let (mut at, mut parts, mut cursor) = (0, Vec::new(), (0, 0));
    let mut next = |wanted: u32| {
        let (command, count) = (geometry[at] & 7, geometry[at] >> 3);
        assert_eq!(command, wanted, "command {command} at {at}");
        assert!(count > 0, "a command of nothing");
        at += 1;
        let mut points = Vec::new();
        if wanted != 7 {
            for _ in 0..count {
                let step = [geometry[at], geometry[at + 1]].map(|n| zigzag(u64::from(n)) as i32);
                assert!(wanted == 1 || step != [0, 0], "LineTo(0, 0)");
                cursor = (cursor.0 + step[0], cursor.1 + step[1]);
                points.push(cursor);
                at += 2;
            }
        }
        (points, count, at)
    };
    let mut read = 0;
    while read < geometry.len() {
        let (mut points, count, _) = next(1);
        if kind == Kind::Point {
            read = geometry.len();
        } else {
            assert_eq!(count, 1, "a part begins with one MoveTo");
            let (more, count, end) = next(2);
            points.extend(more);
            read = end;
            if kind == Kind::Polygon {
                assert!(count > 1, "a ring of two points");
                let (_, count, end) = next(7);
                assert_eq!(count, 1);
                read = end;
                check_ring(&points, parts.is_empty());
            }
        }
        for (x, y) in &points {
            let reach = if kind == Kind::Point { 0..=4095 } else { -80..=4176 };
            assert!(reach.contains(x) && reach.contains(y), "{x}, {y} lies outside");
        }
        parts.push(points);
    }
    assert!(!parts.is_empty(), "a feature without geometry");
    parts
}

fn check_ring(ring: &[Point], first: bool) {
    assert_ne!(ring.first(), ring.last(), "ClosePath closes, the first point is not repeated");
    let area = doubled_area(ring);
    assert_ne!(area, 0, "a ring without area");
    assert!(area > 0 || !first, "a hole before any exterior");
}
