//! The columns of every collection, once for all formats (DESIGN 2).

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// UTF-8 text; codes are text too.
    Text,
    /// Signed 64-bit integer.
    Integer,
    /// 64-bit float.
    Float,
    /// True or false.
    Boolean,
    /// A moment in UTC.
    Timestamp,
    /// A list of texts; joined by `;` where a format has no lists.
    TextList,
    /// A JSON object; as text where a format has no objects.
    Json,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// snake_case name.
    pub name: &'static str,
    /// Its type.
    pub kind: FieldType,
    /// What it holds, in English.
    pub description: &'static str,
}

const fn f(name: &'static str, kind: FieldType, description: &'static str) -> Field {
    Field { name, kind, description }
}

use FieldType::{Boolean, Float, Integer, Json, Text, TextList, Timestamp};

const ID: Field = f("id", Text, "Stable identifier");
const COUNTRY: Field = f("country_id", Text, "Country");
const REGION: Field = f("region_id", Text, "Region");
const DEPARTMENT: Field = f("department_id", Text, "Department");
const INTERCOMMUNALITY: Field = f("intercommunality_id", Text, "Intercommunality");
const MUNICIPALITY: Field = f("municipality_id", Text, "Municipality");
const NEIGHBOURHOOD: Field = f("neighbourhood_id", Text, "Smallest neighbourhood");
const LON: Field = f("lon", Float, "Longitude, degrees of WGS 84 (for a unit: of a place inside it)");
const LAT: Field = f("lat", Float, "Latitude, degrees of WGS 84 (for a unit: of a place inside it)");
const SOURCE: Field = f("source", Text, "Source of the row");
const LICENCE: Field = f("licence", Text, "SPDX licence identifier of the row");
const NAME: Field = f("name", Text, "Name");
const DESCRIPTION: Field = f("description", Text, "A few sentences");
const THEME: Field = f("theme", Text, "Leading theme");
const THEMES: Field = f("themes", TextList, "All themes");
const TAGS: Field = f("tags", TextList, "Free tags");
const URL: Field = f("url", Text, "Web address");
const ADDRESS: Field = f("address", Text, "Address");
const POSTCODE: Field = f("postcode", Text, "Postal code");
const PRECISION: Field = f("precision", Text, "point, address, municipality or none");
const EXAMPLE: Field = f("example", Boolean, "Made up for demonstration");
const UPDATED: Field = f("updated", Timestamp, "Last change of the record");

/// Columns of the six collections of units.
pub const UNIT: &[Field] = &[
    ID,
    f("level", Integer, "Rank, 1 (country) to 6 (neighbourhood)"),
    f("subtype", Text, "Kind of unit, where the level has several"),
    f("code", Text, "Official code"),
    NAME,
    f("name_fr", Text, "Name in French"),
    f("name_en", Text, "Name in English"),
    f("names", Json, "Names in other languages, by language"),
    COUNTRY,
    REGION,
    DEPARTMENT,
    INTERCOMMUNALITY,
    MUNICIPALITY,
    f("parent_id", Text, "Unit directly above"),
    f("same_territory_as", Text, "Unit of another level with the same territory"),
    f("postcodes", TextList, "Postal codes"),
    f("population", Integer, "Inhabitants"),
    f("area_km2", Float, "Area on the ellipsoid, square kilometres"),
    f("siren", Text, "SIREN number of the governing body"),
    f("wikidata", Text, "Wikidata item"),
    f("osm_id", Text, "OpenStreetMap relation, r<number>"),
    f("status", Text, "complete, repaired, derived, incomplete, invalid or missing"),
    f("valid_at", Text, "Day the boundary describes"),
    LON,
    LAT,
    SOURCE,
    LICENCE,
];

/// Columns of `actors`.
pub const ACTOR: &[Field] = &[
    ID,
    f("kind", Text, "association, business, group, public_body, project or place"),
    NAME,
    DESCRIPTION,
    THEME,
    THEMES,
    TAGS,
    URL,
    f("email", Text, "E-mail of the organisation"),
    f("telephone", Text, "Telephone of the organisation"),
    ADDRESS,
    POSTCODE,
    PRECISION,
    LON,
    LAT,
    COUNTRY,
    REGION,
    DEPARTMENT,
    INTERCOMMUNALITY,
    MUNICIPALITY,
    NEIGHBOURHOOD,
    EXAMPLE,
    SOURCE,
    LICENCE,
    UPDATED,
];

/// Columns of `events`.
pub const EVENT: &[Field] = &[
    ID,
    f("kind", Text, "One of the sixteen event types"),
    NAME,
    DESCRIPTION,
    THEME,
    THEMES,
    TAGS,
    URL,
    f("series_id", Text, "The same for all occurrences of a series"),
    f("start", Timestamp, "Begins, UTC"),
    f("end", Timestamp, "Ends, UTC, exclusive"),
    f("timezone", Text, "IANA time zone of the place"),
    f("all_day", Boolean, "From local midnight to local midnight"),
    f("status", Text, "confirmed, tentative or cancelled"),
    f("organizer_id", Text, "Actor who organises it"),
    ADDRESS,
    POSTCODE,
    PRECISION,
    LON,
    LAT,
    COUNTRY,
    REGION,
    DEPARTMENT,
    INTERCOMMUNALITY,
    MUNICIPALITY,
    NEIGHBOURHOOD,
    EXAMPLE,
    SOURCE,
    LICENCE,
    UPDATED,
];
