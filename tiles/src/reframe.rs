//! A part of a tile: some of its layers, some of their features, copied as they lie.
//!
//! A tile is a protobuf message of layers, a layer one of features, keys and values: what is left out is skipped by
//! its length, nothing is decoded or encoded anew. Keys and values that nobody uses any more stay.

/// Why a tile cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a vector tile: damaged at byte {0}")]
pub struct DamagedTile(pub usize);

/// Field numbers of `vector_tile.proto`.
const TILE_LAYER: u64 = 3;
const LAYER_NAME: u64 = 1;
const LAYER_FEATURE: u64 = 2;
const FEATURE_ID: u64 = 1;

/// The layers of which `layer` takes the name, with the features of which `feature` takes the id (0 when there is
/// none), and how many these are. Layers without any are left out.
///
/// # Errors
/// [`DamagedTile`] when `tile` is no message, as when it is still compressed.
pub fn part(
    tile: &[u8],
    layer: impl Fn(&str) -> bool,
    feature: impl Fn(u64) -> bool,
) -> Result<(Vec<u8>, u64), DamagedTile> {
    let (mut out, mut kept) = (Vec::new(), 0);
    for field in Fields::of(tile) {
        let Field { number, value, .. } = field?;
        if number != TILE_LAYER {
            continue;
        }
        let Value::Bytes(message) = value else { return Err(DamagedTile(0)) };
        if !layer(name(message)?) {
            continue;
        }
        let (body, features) = features(message, &feature)?;
        if features > 0 {
            kept += features;
            put_varint(&mut out, TILE_LAYER << 3 | 2);
            put_varint(&mut out, body.len() as u64);
            out.extend_from_slice(&body);
        }
    }
    Ok((out, kept))
}

fn name(layer: &[u8]) -> Result<&str, DamagedTile> {
    for field in Fields::of(layer) {
        if let Field { number: LAYER_NAME, value: Value::Bytes(name), .. } = field? {
            return std::str::from_utf8(name).map_err(|_utf8| DamagedTile(0));
        }
    }
    Err(DamagedTile(0))
}

/// A layer's fields without the features that are not taken.
fn features(layer: &[u8], takes: impl Fn(u64) -> bool) -> Result<(Vec<u8>, u64), DamagedTile> {
    let (mut out, mut kept) = (Vec::with_capacity(layer.len()), 0);
    for field in Fields::of(layer) {
        let Field { number, value, raw } = field?;
        if let (LAYER_FEATURE, Value::Bytes(message)) = (number, &value) {
            if !takes(id(message)?) {
                continue;
            }
            kept += 1;
        }
        out.extend_from_slice(raw);
    }
    Ok((out, kept))
}

fn id(feature: &[u8]) -> Result<u64, DamagedTile> {
    for field in Fields::of(feature) {
        if let Field { number: FEATURE_ID, value: Value::Number(id), .. } = field? {
            return Ok(id);
        }
    }
    Ok(0)
}

/// A field of a message.
struct Field<'a> {
    number: u64,
    value: Value<'a>,
    /// All of it, tag included.
    raw: &'a [u8],
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// The fields of a message, one after the other; after an error nothing.
struct Fields<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    const fn of(message: &'a [u8]) -> Self {
        Self { message, at: 0 }
    }

    fn field(&mut self) -> Option<Field<'a>> {
        let from = self.at;
        let tag = self.varint()?;
        let value = match tag & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.skip(8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Value::Bytes(self.skip(length)?)
            }
            5 => self.skip(4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        Some(Field { number: tag >> 3, value, raw: &self.message[from..self.at] })
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = *self.message.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn skip(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let bytes = self.message.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, DamagedTile>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.message.len() {
            return None;
        }
        let at = self.at;
        let field = self.field();
        if field.is_none() {
            self.at = self.message.len();
        }
        Some(field.ok_or(DamagedTile(at)))
    }
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use parvis_model::TilePoint;

    use super::*;
    use crate::decode;
    use crate::encode::{LayerBuilder, TileBuilder};

    fn tile() -> Vec<u8> {
        let mut tile = TileBuilder::default();
        for (name, ids) in [("regions", 1..4), ("departments", 10..300)] {
            let mut layer = LayerBuilder::new(name);
            for id in ids {
                let at = TilePoint { x: id as i32, y: 7 };
                layer.point(Some(id), at, &[("id", format!("{name}:{id}").into())]).unwrap();
            }
            tile.add(layer).unwrap();
        }
        tile.into_bytes().unwrap()
    }

    #[test]
    fn a_part_is_a_tile_of_its_own() {
        let whole = tile();
        let (all, count) = part(&whole, |_| true, |_| true).unwrap();
        assert_eq!((all, count), (whole.clone(), 293));
        let (some, count) = part(&whole, |name| name == "departments", |id| id.is_multiple_of(100)).unwrap();
        let layers = decode::tile(&some);
        assert_eq!((layers.len(), layers[0].name.as_str(), count), (1, "departments", 2));
        let ids: Vec<&str> = layers[0].features.iter().map(|f| f.text("id")).collect();
        assert_eq!(ids, ["departments:100", "departments:200"]);
        assert_eq!(part(&whole, |_| true, |_| false).unwrap(), (Vec::new(), 0), "layers without features go");
        assert_eq!(part(&[], |_| true, |_| true).unwrap(), (Vec::new(), 0));
    }

    #[test]
    fn what_is_cut_short_is_damaged() {
        let whole = tile();
        for length in 1..whole.len() {
            let kept = part(&whole[..length], |_| true, |_| true);
            assert!(kept.is_err() || whole.starts_with(&kept.unwrap().0), "{length}");
        }
        assert!(part(&crate::gzip::compress(&whole), |_| true, |_| true).is_err());
    }
}
