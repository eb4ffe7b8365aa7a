//! NDJSON: one object a line; its members stay as they are, those of the units follow.

use std::fmt;
use std::str::FromStr;

use parvis_model::LonLat;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Axes, Columns, LEVELS, Piece, found, number};
use crate::index::UnitTable;

/// A table of NDJSON.
#[derive(Debug, Clone)]
pub struct NdJsonTable {
    lon: Option<String>,
    lat: Option<String>,
    axes: Axes,
}

/// The members of an object, in their order, their values as text.
struct Members<'l>(Vec<(String, &'l RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(8);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl NdJsonTable {
    pub(super) fn new(columns: &Columns) -> Self {
        Self { lon: columns.lon.clone(), lat: columns.lat.clone(), axes: Axes(columns.crs.clone()) }
    }

    pub(super) fn append(&self, units: &UnitTable, piece: &Piece) -> Vec<u8> {
        let bytes = match piece {
            Piece::Records(bytes) => bytes,
            Piece::Bad(_, why) => return failed(&Members(Vec::new()), why),
        };
        let mut out = Vec::with_capacity(bytes.len() * 4);
        for line in bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
            let line = line.strip_prefix(b"\x1E").unwrap_or(line);
            match serde_json::from_slice::<Members<'_>>(line) {
                Ok(members) => match self.place_of(&members) {
                    Ok(at) => push(&mut out, &members, |out| {
                        for (level, unit) in LEVELS.iter().zip(found(units, &units.levels(at))) {
                            member(out, &format!("{level}_id"), unit.map(|(id, _)| id));
                            member(out, &format!("{level}_name"), unit.map(|(_, name)| name));
                        }
                    }),
                    Err(why) => out.extend(failed(&members, &why)),
                },
                Err(e) => out.extend(failed(&Members(Vec::new()), &format!("the line is no JSON object: {e}"))),
            }
        }
        out
    }

    fn place_of(&self, members: &Members<'_>) -> Result<LonLat, String> {
        let of = |given: &Option<String>, known: &[&str], what: &str| {
            let named = |name: &str| members.0.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.get());
            let value = match given {
                Some(name) => named(name),
                None => known.iter().find_map(|name| named(name)),
            };
            let value = value.filter(|v| *v != "null").ok_or_else(|| format!("{what} is missing"))?;
            match f64::from_str(value) {
                Ok(number) => Ok(number),
                Err(_) => number(value.trim_matches('"'), what),
            }
        };
        let ([east, north], said) = (self.axes.names(), self.axes.said());
        self.axes.place(of(&self.lon, east, said[0])?, of(&self.lat, north, said[1])?)
    }
}

fn failed(members: &Members<'_>, why: &str) -> Vec<u8> {
    let mut out = Vec::new();
    push(&mut out, members, |out| member(out, "error", Some(why)));
    out
}

/// An object with its own members, but for those that are written here, and others.
fn push(out: &mut Vec<u8>, members: &Members<'_>, others: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'{');
    for (name, value) in members.0.iter().filter(|(name, _)| !is_ours(name)) {
        begin_member(out, name);
        out.extend_from_slice(value.get().as_bytes());
    }
    others(out);
    out.extend_from_slice(b"}\n");
}

fn is_ours(name: &str) -> bool {
    let level = name.strip_suffix("_id").or_else(|| name.strip_suffix("_name"));
    name == "error" || level.is_some_and(|level| LEVELS.contains(&level))
}

fn begin_member(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    text(out, name);
    out.push(b':');
}

fn member(out: &mut Vec<u8>, name: &str, value: Option<&str>) {
    begin_member(out, name);
    match value {
        Some(value) => text(out, value),
        None => out.extend_from_slice(b"null"),
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("writing text to memory cannot fail");
}
