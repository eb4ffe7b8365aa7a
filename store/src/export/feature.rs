//! Stored Features and records, told in another way: another CRS, some properties, without geometry, names in a
//! language.

use std::collections::HashMap;

use parvis_model::{Collection, Transform};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::csv::memory_writer;
use super::number::push_degrees;

/// How rows are told. The default tells them as they are stored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Telling {
    /// The CRS of the geometry; `None` for CRS84, as stored.
    pub crs: Option<Transform>,
    /// Only these properties, in the order of the schema; `None` for all.
    pub properties: Option<Vec<&'static str>>,
    /// `geometry` is null.
    pub skip_geometry: bool,
    /// `name` is the name in this language (`fr`, `en`) where the row has one.
    pub lang: Option<&'static str>,
}

/// A stored Feature, split and not parsed.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    geometry: &'a RawValue,
    #[serde(borrow)]
    properties: HashMap<&'a str, &'a RawValue>,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Point([f64; 2]),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

impl Telling {
    /// Whether rows are told as they are stored.
    pub fn is_stored(&self) -> bool {
        self.properties.is_none()
            && !self.skip_geometry
            && self.lang.is_none()
            && self.crs.as_ref().is_none_or(Transform::is_stored)
    }

    /// Appends a stored Feature, told so. A geometry that the CRS has no place for becomes null.
    ///
    /// # Errors
    /// When the stored Feature is none of ours.
    pub fn feature(&self, collection: Collection, stored: &[u8], out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        if self.is_stored() {
            out.extend_from_slice(stored);
            return Ok(());
        }
        let feature: Stored<'_> = serde_json::from_slice(stored)?;
        out.extend_from_slice(b"{\"type\":\"Feature\",\"id\":");
        out.extend_from_slice(feature.id.get().as_bytes());
        out.extend_from_slice(b",\"geometry\":");
        self.geometry(feature.geometry.get(), out)?;
        out.extend_from_slice(b",\"properties\":{");
        let mut first = true;
        for field in collection.fields() {
            if self.properties.as_ref().is_some_and(|kept| !kept.contains(&field.name)) {
                continue;
            }
            let Some(value) = self.value(field.name, &feature.properties) else { continue };
            if !first {
                out.push(b',');
            }
            first = false;
            out.push(b'"');
            out.extend_from_slice(field.name.as_bytes());
            out.extend_from_slice(b"\":");
            out.extend_from_slice(value.get().as_bytes());
        }
        out.extend_from_slice(b"}}");
        Ok(())
    }

    /// The value of a property, `name` in the language that is wanted.
    fn value<'a>(&self, name: &str, properties: &HashMap<&'a str, &'a RawValue>) -> Option<&'a RawValue> {
        let translated = self.lang.filter(|_| name == "name").and_then(|lang| {
            let value = properties.get(if lang == "fr" { "name_fr" } else { "name_en" })?;
            (value.get() != "null").then_some(*value)
        });
        translated.or_else(|| properties.get(name).copied())
    }

    fn geometry(&self, stored: &str, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        let transform = match &self.crs {
            _ if self.skip_geometry || stored == "null" => {
                out.extend_from_slice(b"null");
                return Ok(());
            }
            Some(transform) if !transform.is_stored() => transform,
            _ => {
                out.extend_from_slice(stored.as_bytes());
                return Ok(());
            }
        };
        let begin = out.len();
        let written = match serde_json::from_str(stored)? {
            Geometry::Point(place) => {
                out.extend_from_slice(b"{\"type\":\"Point\",\"coordinates\":");
                push_place(transform, place, out)
            }
            Geometry::MultiPolygon(polygons) => {
                out.extend_from_slice(b"{\"type\":\"MultiPolygon\",\"coordinates\":");
                push_list(out, &polygons, |polygon, out| {
                    push_list(out, polygon, |ring, out| {
                        push_list(out, ring, |place, out| push_place(transform, *place, out))
                    })
                })
            }
        };
        if written.is_some() {
            out.push(b'}');
        } else {
            out.truncate(begin);
            out.extend_from_slice(b"null");
        }
        Ok(())
    }

    /// The CSV header, told so.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn header(&self, collection: Collection, stored: &[u8]) -> Result<Vec<u8>, csv::Error> {
        let plain = Self { lang: None, ..self.clone() };
        let mut out = Vec::new();
        plain.record(collection, stored, &mut out)?;
        Ok(out)
    }

    /// Appends a stored CSV record, told so; CRS and geometry leave it as it is: it has `lon` and `lat`.
    ///
    /// # Errors
    /// When the stored record is none of ours.
    pub fn record(&self, collection: Collection, stored: &[u8], out: &mut Vec<u8>) -> Result<(), csv::Error> {
        if self.properties.is_none() && self.lang.is_none() {
            out.extend_from_slice(stored);
            return Ok(());
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(stored);
        let mut record = csv::ByteRecord::new();
        reader.read_byte_record(&mut record)?;
        let cell = |name: &str| {
            let at = collection.fields().iter().position(|f| f.name == name)?;
            record.get(at)
        };
        let mut writer = memory_writer();
        for field in collection.fields() {
            if self.properties.as_ref().is_some_and(|kept| !kept.contains(&field.name)) {
                continue;
            }
            let translated = self.lang.filter(|_| field.name == "name").and_then(|lang| {
                cell(if lang == "fr" { "name_fr" } else { "name_en" }).filter(|text| !text.is_empty())
            });
            writer.write_field(translated.or_else(|| cell(field.name)).unwrap_or_default())?;
        }
        writer.write_record(None::<&[u8]>)?;
        out.extend_from_slice(&writer.into_inner().unwrap_or_default());
        Ok(())
    }
}

/// `[a,b,…]`; `None` as soon as one of them cannot be written.
fn push_list<T>(out: &mut Vec<u8>, items: &[T], mut push: impl FnMut(&T, &mut Vec<u8>) -> Option<()>) -> Option<()> {
    out.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        push(item, out)?;
    }
    out.push(b']');
    Some(())
}

fn push_place(transform: &Transform, [lon, lat]: [f64; 2], out: &mut Vec<u8>) -> Option<()> {
    let place = transform.coordinates(lon, lat)?;
    push_list(out, &place, |v, out| {
        if transform.is_degrees() {
            push_degrees(out, *v);
        } else {
            push_metres(out, *v);
        }
        Some(())
    })
}

/// Metres to a millimetre, without trailing zeros.
fn push_metres(out: &mut Vec<u8>, v: f64) {
    let text = format!("{v:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    out.extend_from_slice(if text == "-0" { b"0" } else { text.as_bytes() });
}

#[cfg(test)]
mod tests {
    use parvis_model::Crs;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::zed;

    fn in_crs(text: &str) -> Telling {
        let crs = Transform::new(&Crs::parse(text).unwrap()).unwrap();
        Telling { crs: Some(crs), ..Telling::default() }
    }

    fn told(telling: &Telling, collection: Collection, stored: &[u8]) -> Value {
        let mut out = Vec::new();
        telling.feature(collection, stored, &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    const ACTOR: &[u8] = br#"{"type":"Feature","id":"actor:x:1","geometry":{"type":"Point","coordinates":[3,46.5]},"properties":{"id":"actor:x:1","kind":"place","name":"Le \u00e9","themes":["food"]}}"#;

    #[test]
    fn nothing_asked_is_the_stored_text() {
        let mut out = Vec::new();
        Telling::default().feature(Collection::Actors, ACTOR, &mut out).unwrap();
        in_crs("CRS84").feature(Collection::Actors, ACTOR, &mut out).unwrap();
        assert_eq!(out, [ACTOR, ACTOR].concat());
    }

    #[test]
    fn a_point_moves_to_the_axes_of_the_crs() {
        let at = |crs: &str| told(&in_crs(crs), Collection::Actors, ACTOR)["geometry"]["coordinates"].clone();
        assert_eq!(at("EPSG:4326"), json!([46.5, 3]));
        assert_eq!(at("EPSG:2154"), json!([700_000, 6_600_000]));
        let [northing, easting] = [0, 1].map(|i| at("EPSG:3035")[i].as_f64().unwrap());
        assert!((2.4e6..2.7e6).contains(&northing) && (3.7e6..3.9e6).contains(&easting), "{northing} {easting}");
    }

    #[test]
    fn polygons_keep_their_rings_and_places() {
        let zed = zed();
        let snapshot = &zed.snapshot;
        let stored = snapshot.geojson(Collection::Municipalities, 0);
        let before: Value = serde_json::from_slice(stored).unwrap();
        let after = told(&in_crs("EPSG:4326"), Collection::Municipalities, stored);
        let ring = |v: &Value| v["geometry"]["coordinates"][0][0].as_array().unwrap().clone();
        let swapped: Vec<Value> = ring(&before).iter().map(|p| json!([p[1], p[0]])).collect();
        assert_eq!(ring(&after), swapped);
        assert_eq!(after["properties"], before["properties"]);
        assert_eq!(after["id"], before["id"]);
    }

    #[test]
    fn some_properties_in_the_order_of_the_schema_and_no_geometry() {
        let telling = Telling { properties: Some(vec!["themes", "name"]), skip_geometry: true, ..Telling::default() };
        let mut out = Vec::new();
        telling.feature(Collection::Actors, ACTOR, &mut out).unwrap();
        assert_eq!(
            std::str::from_utf8(&out).unwrap(),
            r#"{"type":"Feature","id":"actor:x:1","geometry":null,"properties":{"name":"Le \u00e9","themes":["food"]}}"#
        );
        let none = Telling { properties: Some(vec![]), ..Telling::default() };
        assert_eq!(told(&none, Collection::Actors, ACTOR)["properties"], json!({}));
    }

    #[test]
    fn records_keep_their_quotes_and_lose_their_columns() {
        let zed = zed();
        let snapshot = &zed.snapshot;
        let telling = Telling { properties: Some(vec!["name", "code"]), lang: Some("en"), ..Telling::default() };
        let header = telling.header(Collection::Countries, snapshot.csv_header(Collection::Countries)).unwrap();
        assert_eq!(header, b"code,name\r\n");
        let mut out = Vec::new();
        telling.record(Collection::Countries, snapshot.csv(Collection::Countries, 0), &mut out).unwrap();
        assert_eq!(out, b"ZZ,Zed\r\n", "the English name");
        assert_eq!(
            told(&telling, Collection::Countries, snapshot.geojson(Collection::Countries, 0))["properties"],
            json!({"code": "ZZ", "name": "Zed"})
        );
    }

    #[test]
    fn what_a_crs_has_no_place_for_is_null() {
        let far = br#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[200,1]},"properties":{}}"#;
        assert_eq!(told(&in_crs("EPSG:3857"), Collection::Actors, far)["geometry"], Value::Null);
    }

    #[test]
    fn metres_have_no_trailing_zeros() {
        for (v, text) in [(700_000.0, "700000"), (0.5, "0.5"), (-0.000_1, "0"), (12.345_6, "12.346")] {
            let mut out = Vec::new();
            push_metres(&mut out, v);
            assert_eq!(out, text.as_bytes());
        }
    }
}
