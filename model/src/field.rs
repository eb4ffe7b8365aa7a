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
    /// What it holds, in French.
    pub description_fr: &'static str,
}

const fn f(name: &'static str, kind: FieldType, description: &'static str, description_fr: &'static str) -> Field {
    Field { name, kind, description, description_fr }
}

impl Field {
    /// What it holds.
    pub const fn told(&self, lang_fr: bool) -> &'static str {
        if lang_fr { self.description_fr } else { self.description }
    }
}

use FieldType::{Boolean, Float, Integer, Json, Text, TextList, Timestamp};

const ID: Field = f("id", Text, "Stable identifier", "Identifiant stable");
const COUNTRY: Field = f("country_id", Text, "Country", "Pays");
const REGION: Field = f("region_id", Text, "Region", "Région");
const DEPARTMENT: Field = f("department_id", Text, "Department", "Département");
const INTERCOMMUNALITY: Field = f("intercommunality_id", Text, "Intercommunality", "Intercommunalité");
const MUNICIPALITY: Field = f("municipality_id", Text, "Municipality", "Commune");
const NEIGHBOURHOOD: Field = f("neighbourhood_id", Text, "Smallest neighbourhood", "Plus petit quartier");
const LON: Field = f(
    "lon",
    Float,
    "Longitude, degrees of WGS 84 (for a unit: of a place inside it)",
    "Longitude, degrés WGS 84 (d’un territoire : d’un point à l’intérieur)",
);
const LAT: Field = f(
    "lat",
    Float,
    "Latitude, degrees of WGS 84 (for a unit: of a place inside it)",
    "Latitude, degrés WGS 84 (d’un territoire : d’un point à l’intérieur)",
);
const SOURCE: Field = f("source", Text, "Source of the row", "Source de la ligne");
const LICENCE: Field =
    f("licence", Text, "SPDX licence identifier of the row", "Licence de la ligne, identifiant SPDX");
const NAME: Field = f("name", Text, "Name", "Nom");
const DESCRIPTION: Field = f("description", Text, "A few sentences", "Quelques phrases");
const THEME: Field = f("theme", Text, "Leading theme", "Thème principal");
const THEMES: Field = f("themes", TextList, "All themes", "Tous les thèmes");
const TAGS: Field = f("tags", TextList, "Free tags", "Mots-clés");
const URL: Field = f("url", Text, "Web address", "Adresse web");
const ADDRESS: Field = f("address", Text, "Address", "Adresse");
const POSTCODE: Field = f("postcode", Text, "Postal code", "Code postal");
const PRECISION: Field = f(
    "precision",
    Text,
    "point, address, municipality or none",
    "Précision du lieu : point, address (adresse), municipality (commune) ou none (aucune)",
);
const EXAMPLE: Field = f("example", Boolean, "Made up for demonstration", "Inventé pour la démonstration");
const UPDATED: Field = f("updated", Timestamp, "Last change of the record", "Dernière mise à jour de la fiche");

/// Columns of the six collections of units.
pub const UNIT: &[Field] = &[
    ID,
    f("level", Integer, "Rank, 1 (country) to 6 (neighbourhood)", "Rang, de 1 (pays) à 6 (quartier)"),
    f(
        "subtype",
        Text,
        "Kind of unit, where the level has several",
        "Type de territoire, quand le niveau en a plusieurs",
    ),
    f("code", Text, "Official code", "Code officiel"),
    NAME,
    f("name_fr", Text, "Name in French", "Nom en français"),
    f("name_en", Text, "Name in English", "Nom en anglais"),
    f("names", Json, "Names in other languages, by language", "Noms dans d’autres langues, par langue"),
    COUNTRY,
    REGION,
    DEPARTMENT,
    INTERCOMMUNALITY,
    MUNICIPALITY,
    f("parent_id", Text, "Unit directly above", "Territoire juste au-dessus"),
    f(
        "same_territory_as",
        Text,
        "Unit of another level with the same territory",
        "Territoire d’un autre niveau, de même étendue",
    ),
    f("postcodes", TextList, "Postal codes", "Codes postaux"),
    f("population", Integer, "Inhabitants", "Habitants"),
    f("area_km2", Float, "Area on the ellipsoid, square kilometres", "Superficie sur l’ellipsoïde, kilomètres carrés"),
    f("siren", Text, "SIREN number of the governing body", "Numéro SIREN de la collectivité"),
    f("wikidata", Text, "Wikidata item", "Élément Wikidata"),
    f("osm_id", Text, "OpenStreetMap relation, r<number>", "Relation OpenStreetMap, r<numéro>"),
    f(
        "status",
        Text,
        "complete, repaired, derived, incomplete, invalid or missing",
        "Qualité des limites : complete, repaired (réparées), derived (déduites), incomplete, invalid ou missing (absentes)",
    ),
    f("valid_at", Text, "Day the boundary describes", "Jour que décrivent les limites"),
    LON,
    LAT,
    SOURCE,
    LICENCE,
];

/// Columns of `actors`.
pub const ACTOR: &[Field] = &[
    ID,
    f(
        "kind",
        Text,
        "association, business, group, public_body, project or place",
        "association, business (entreprise), group (groupe), public_body (organisme public), project (projet) ou place (lieu)",
    ),
    NAME,
    DESCRIPTION,
    THEME,
    THEMES,
    TAGS,
    URL,
    f("email", Text, "E-mail of the organisation", "Courriel de l’organisme"),
    f("telephone", Text, "Telephone of the organisation", "Téléphone de l’organisme"),
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
    f("kind", Text, "One of the sixteen event types", "L’un des seize types d’événement"),
    NAME,
    DESCRIPTION,
    THEME,
    THEMES,
    TAGS,
    URL,
    f("series_id", Text, "The same for all occurrences of a series", "Commun à toutes les dates d’une série"),
    f("start", Timestamp, "Begins, UTC", "Début, UTC"),
    f("end", Timestamp, "Ends, UTC, exclusive", "Fin, UTC, non comprise"),
    f("timezone", Text, "IANA time zone of the place", "Fuseau horaire IANA du lieu"),
    f("all_day", Boolean, "From local midnight to local midnight", "De minuit à minuit, heure locale"),
    f(
        "status",
        Text,
        "confirmed, tentative or cancelled",
        "confirmed (confirmé), tentative (incertain) ou cancelled (annulé)",
    ),
    f("organizer_id", Text, "Actor who organises it", "Acteur qui l’organise"),
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
