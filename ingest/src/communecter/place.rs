//! Where an element says it is: the geo triple and the postal address.

use parvis_model::{IssueCode, LonLat};
use serde_json::Value;

use super::record::Notes;
use super::value::{Object, at, items, text, to_number};
use crate::table::clean;

/// Degrees by which two coordinates may differ and be the same.
const SAME_DEGREES: f64 = 1e-6;

/// What an element, or one of its secondary addresses, says of its place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Place {
    pub(super) location: Option<LonLat>,
    /// Street and number.
    pub(super) address: Option<String>,
    pub(super) postcode: Option<String>,
    pub(super) municipality_code: Option<String>,
    /// The name of the postal locality.
    pub(super) locality: Option<String>,
}

impl Place {
    /// Whether it says nothing that leads to a municipality.
    pub(super) fn is_nowhere(&self) -> bool {
        self.location.is_none() && self.municipality_code.is_none() && self.postcode.is_none()
    }
}

/// Reads `geoPosition`, `geo` and `address`. What is wrong with them is noted, without its value.
pub(super) fn read(holder: &Object, notes: &mut Notes) -> Place {
    let location = location(holder, notes);
    let nothing = Object::new();
    let address = holder.get("address").and_then(Value::as_object).unwrap_or(&nothing);
    let line = |name: &str| text(address, name).and_then(|t| clean::line(&t));
    Place {
        location,
        address: line("streetAddress"),
        postcode: line("postalCode").or_else(|| line("cp")).map(|code| with_zero(code, address)),
        municipality_code: municipality_code(address, notes),
        locality: line("addressLocality"),
    }
}

/// A French postal code whose first zero a spreadsheet has eaten gets it back.
fn with_zero(code: String, address: &Object) -> String {
    let french = text(address, "addressCountry").is_some_and(|c| c.eq_ignore_ascii_case("FR"));
    if french && code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit()) { format!("0{code}") } else { code }
}

/// The official code; for other countries than France the platform writes `<code>*<country>`.
fn municipality_code(address: &Object, notes: &mut Notes) -> Option<String> {
    let written = text(address, "codeInsee")?;
    let code = written.split('*').next().unwrap_or_default().trim().to_ascii_uppercase();
    if (1..=12).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(code);
    }
    notes.push((IssueCode::UnknownMunicipality, "codeInsee is no municipality's code".to_owned()));
    None
}

/// One spelling of the coordinates.
#[derive(Clone, Copy, PartialEq)]
enum Stated {
    Nothing,
    Unreadable,
    At(LonLat),
}

impl Stated {
    /// From longitude and latitude, where each may be missing.
    fn new(lon: Option<&Value>, lat: Option<&Value>) -> Self {
        let given = |v: &&Value| !v.is_null() && v.as_str().is_none_or(|t| !t.trim().is_empty());
        match (lon.filter(given), lat.filter(given)) {
            (None, None) => Self::Nothing,
            (Some(lon), Some(lat)) => {
                let place = to_number(lon).zip(to_number(lat)).and_then(|(lon, lat)| LonLat::new(lon, lat));
                place.map_or(Self::Unreadable, Self::At)
            }
            _ => Self::Unreadable,
        }
    }
}

/// `geoPosition.coordinates`, [longitude, latitude], wins over `geo`, longitude and latitude by name. When the two
/// have the same numbers the other way round, neither is believed.
fn location(holder: &Object, notes: &mut Notes) -> Option<LonLat> {
    let position = match at(holder, &["geoPosition", "coordinates"]) {
        None => Stated::Nothing,
        Some(list) => match items(list) {
            Some(pair) => Stated::new(pair.first().copied(), pair.get(1).copied()),
            None => Stated::Unreadable,
        },
    };
    let geo = Stated::new(at(holder, &["geo", "longitude"]), at(holder, &["geo", "latitude"]));
    let (found, wrong) = match (position, geo) {
        (Stated::At(position), Stated::At(geo)) if are_swapped(position, geo) => {
            (None, Some("geo and geoPosition have longitude and latitude the other way round"))
        }
        (Stated::At(position), _) => (Some(position), None),
        (Stated::Nothing, Stated::At(geo)) => (Some(geo), None),
        (Stated::Unreadable, Stated::At(geo)) => {
            (Some(geo), Some("geoPosition is no longitude and latitude; geo serves"))
        }
        (Stated::Nothing, Stated::Nothing) => (None, None),
        _ => (None, Some("neither geoPosition nor geo is a longitude and latitude")),
    };
    if let Some(detail) = wrong {
        notes.push((IssueCode::BadCoordinates, detail.to_owned()));
    }
    found
}

fn are_swapped(one: LonLat, other: LonLat) -> bool {
    let same = |a: f64, b: f64| (a - b).abs() < SAME_DEGREES;
    same(one.lon(), other.lat()) && same(one.lat(), other.lon()) && !same(one.lon(), one.lat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn located(holder: &Value) -> (Option<(f64, f64)>, bool) {
        let mut notes = Notes::new();
        let place = read(holder.as_object().unwrap(), &mut notes);
        let noted = notes.iter().all(|(code, _)| *code == IssueCode::BadCoordinates) && notes.len() == 1;
        (place.location.map(|p| (p.lon(), p.lat())), noted)
    }

    #[test]
    fn coordinates_are_numbers_or_strings_and_zero_is_a_place() {
        let at = (Some((55.45, -20.88)), false);
        for holder in [
            json!({"geoPosition": {"type": "Point", "float": true, "coordinates": [55.45, -20.88]}}),
            json!({"geoPosition": {"coordinates": ["55.45", "-20.88"]}}),
            json!({"geoPosition": {"coordinates": [{"$numberDouble": "55.45"}, {"$numberDouble": "-20.88"}]}}),
            json!({"geo": {"@type": "GeoCoordinates", "latitude": "-20.88", "longitude": "55.45"}}),
            json!({"geo": {"latitude": -20.88, "longitude": "55,45"}}),
            json!({"geo": {"latitude": "1", "longitude": "2"}, "geoPosition": {"coordinates": [55.45, -20.88, 30]}}),
            json!({"geo": {"latitude": "-20.88", "longitude": "55.45"}, "geoPosition": {"coordinates": []}}),
        ] {
            assert_eq!(located(&holder), at, "{holder}");
        }
        assert_eq!(located(&json!({"geo": {"latitude": "0", "longitude": "0"}})), (Some((0.0, 0.0)), false));
        assert_eq!(located(&json!({"geoPosition": {"coordinates": [0, 0.0]}})), (Some((0.0, 0.0)), false));
    }

    #[test]
    fn what_is_no_place_is_an_issue_and_nothing_is_none() {
        for holder in [
            json!({"geoPosition": {"coordinates": [181, 0]}}),
            json!({"geoPosition": {"coordinates": [0, -90.1]}}),
            json!({"geoPosition": {"coordinates": [55.45]}}),
            json!({"geoPosition": {"coordinates": "55.45,-20.88"}}),
            json!({"geoPosition": {"coordinates": [[1], {}]}}),
            json!({"geo": {"latitude": "nord", "longitude": "55"}}),
            json!({"geo": {"longitude": "55"}}),
            json!({"geo": {"latitude": "55.45", "longitude": "-20.88"}, "geoPosition": {"coordinates": [55.45, -20.88]}}),
        ] {
            assert_eq!(located(&holder), (None, true), "{holder}");
        }
        for holder in [
            json!({}),
            json!({"geo": null, "geoPosition": false}),
            json!({"geo": {"latitude": "", "longitude": " "}}),
            json!({"geoPosition": {"coordinates": []}}),
        ] {
            assert_eq!(located(&holder), (None, false), "{holder}");
        }
        let other = json!({"geoPosition": {"coordinates": ["x", 1]}, "geo": {"latitude": 1, "longitude": 2}});
        assert_eq!(located(&other), (Some((2.0, 1.0)), true), "geo serves");
    }

    #[test]
    fn an_address_is_cleaned_and_codes_are_made_whole() {
        let mut notes = Notes::new();
        let place = |address: Value, notes: &mut Notes| read(json!({ "address": address }).as_object().unwrap(), notes);
        let whole = json!({"streetAddress": " 2  rue\u{7} A ", "postalCode": 1000, "addressCountry": "FR",
                           "codeInsee": "2a004", "addressLocality": "Ajaccio"});
        let read = place(whole, &mut notes);
        assert_eq!(read.address.as_deref(), Some("2 rue A"));
        assert_eq!((read.postcode.as_deref(), read.municipality_code.as_deref()), (Some("01000"), Some("2A004")));
        assert_eq!(place(json!({"codeInsee": "261*CH", "cp": "8000"}), &mut notes).municipality_code.unwrap(), "261");
        assert!(notes.is_empty());
        assert!(place(json!({"codeInsee": "someone@example.org"}), &mut notes).is_nowhere());
        assert!(notes[0].0 == IssueCode::UnknownMunicipality && !notes[0].1.contains("someone"));
        for odd in [json!("2 rue A"), json!([1]), json!({"codeInsee": {}, "postalCode": [], "streetAddress": true})] {
            assert_eq!(place(odd, &mut notes), Place::default());
        }
    }
}
