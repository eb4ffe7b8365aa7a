//! From the query string to a filter: the same parameters mean the same on items and tiles.

use parvis_model::{Bbox, LonLat, Transform, UnitId, fold, theme::theme_of_word, themes};
use parvis_store::{Cql, Filter, FilterError, FilterLang, Interval, Near};

use super::crs::CrsList;
use super::error::ApiError;
use super::params::{Params, cut};

/// The parameters that filter: those of every collection, then the properties of all collections that no other
/// parameter has the name of (OGC API Features part 3, `queryables-query-parameters`).
pub const FILTER: &[&str] = &[
    "bbox",
    "bbox-crs",
    "datetime",
    "within",
    "near",
    "radius",
    "theme",
    "kind",
    "postcode",
    "q",
    "example",
    "filter",
    "filter-lang",
    "filter-crs",
    "address",
    "all_day",
    "area_km2",
    "code",
    "country_id",
    "department_id",
    "description",
    "email",
    "end",
    "id",
    "intercommunality_id",
    "lat",
    "level",
    "licence",
    "lon",
    "municipality_id",
    "name",
    "name_en",
    "name_fr",
    "neighbourhood_id",
    "organizer_id",
    "osm_id",
    "parent_id",
    "population",
    "postcodes",
    "precision",
    "region_id",
    "same_territory_as",
    "series_id",
    "siren",
    "source",
    "start",
    "status",
    "subtype",
    "tags",
    "telephone",
    "themes",
    "timezone",
    "updated",
    "url",
    "valid_at",
    "wikidata",
];

/// How many of [`FILTER`] have a meaning of their own; the rest are properties.
const OWN: usize = 14;

/// The longest `q`, in bytes.
const MOST_WORDS: usize = 200;

/// Reads the filter of a request. `crs`: those that coordinates may be in.
///
/// # Errors
/// [`ApiError::BadRequest`] with the parameter's name.
pub fn read(params: &Params, crs: &CrsList) -> Result<Filter, ApiError> {
    let datetime = params.given("datetime").map(|text| {
        Interval::parse(text).ok_or_else(|| {
            let what = "must be an RFC 3339 instant or day, or an interval such as 2026-01-01/.. or ../2026-01-01";
            bad(format!("`datetime` {what}, not `{}`", cut(text)))
        })
    });
    let example = match params.get("example") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(text) => return Err(bad(format!("`example` must be true or false, not `{}`", cut(text)))),
    };
    let (bbox, area) = bbox(params, crs)?;
    let cql = match (cql(params, crs)?, area) {
        (Some(cql), Some(area)) => Some(cql.and(&area)),
        (cql, area) => cql.or(area),
    };
    let properties = FILTER[OWN..].iter().filter_map(|name| {
        let values: Vec<String> = params.list(name).map(str::to_owned).collect();
        (!values.is_empty()).then(|| ((*name).to_owned(), values))
    });
    Ok(Filter {
        bbox,
        within: params.list("within").map(unit).collect::<Result<_, _>>()?,
        theme: params.list("theme").map(theme).collect::<Result<_, _>>()?,
        kind: params.list("kind").map(str::to_owned).collect(),
        postcode: params.list("postcode").map(str::to_owned).collect(),
        datetime: datetime.transpose()?,
        example,
        near: near(params)?,
        q: words(params)?,
        cql,
        properties: properties.collect(),
    })
}

/// `filter`, in the language of `filter-lang` or the one it looks like.
fn cql(params: &Params, crs: &CrsList) -> Result<Option<Cql>, ApiError> {
    let lang = match params.get("filter-lang") {
        None => None,
        Some(name) => Some(
            FilterLang::from_name(name)
                .ok_or_else(|| bad(format!("`filter-lang` must be cql2-text or cql2-json, not `{}`", cut(name))))?,
        ),
    };
    let transform = crs.read(params, "filter-crs")?.filter(|t| !t.is_stored());
    let Some(text) = params.get("filter") else { return Ok(None) };
    let lang = lang.unwrap_or_else(|| FilterLang::guess(text));
    let cql = match transform {
        None => Cql::parse(text, lang),
        Some(transform) => Cql::parse_with(text, lang, &move |place| transform.to_degrees(place)),
    };
    cql.map(Some).map_err(|e| bad(format!("`filter` ({}): {e}", lang.name())))
}

/// `near` with `radius`.
///
/// # Errors
/// [`ApiError::BadRequest`] for one without the other, or what is no place or distance.
pub fn near(params: &Params) -> Result<Option<Near>, ApiError> {
    let radius = params.number("radius")?;
    let Some(text) = params.given("near") else {
        if radius.is_some() {
            return Err(bad("`radius` goes with `near`".to_owned()));
        }
        return Ok(None);
    };
    let numbers: Vec<Option<f64>> = text.split(',').map(|n| n.trim().parse().ok()).collect();
    let at = match numbers[..] {
        [Some(lon), Some(lat)] => LonLat::new(lon, lat),
        _ => None,
    };
    let at = at.ok_or_else(|| bad(format!("`near` must be longitude,latitude in degrees, not `{}`", cut(text))))?;
    let near = radius.and_then(|radius| Near::new(at, radius));
    let wrong = || bad(format!("`near` needs `radius` in metres, above 0 and at most {}", Near::MAX_RADIUS));
    near.map(Some).ok_or_else(wrong)
}

fn words(params: &Params) -> Result<Option<String>, ApiError> {
    let Some(text) = params.get("q") else { return Ok(None) };
    if text.len() > MOST_WORDS {
        return Err(bad(format!("`q` takes {MOST_WORDS} bytes at most")));
    }
    if fold(text).is_empty() {
        return Err(bad("`q` has no letter and no digit to look for".to_owned()));
    }
    Ok(Some(text.to_owned()))
}

/// The box in degrees; of another CRS (`bbox-crs`) the smallest box of degrees around it, and the area itself, whose
/// edges are curves in degrees.
fn bbox(params: &Params, crs: &CrsList) -> Result<(Option<Bbox>, Option<Cql>), ApiError> {
    let transform = crs.read(params, "bbox-crs")?;
    let Some(text) = params.given("bbox") else { return Ok((None, None)) };
    let refused = |e| bad(format!("`bbox`: {e}"));
    let Some(transform) = transform.filter(|t| !t.is_stored()) else {
        return Bbox::parse(text).map(|b| (Some(b), None)).map_err(refused);
    };
    let corners = Bbox::parse_corners(text).map_err(refused)?;
    let nowhere = || bad(format!("`bbox`: `{}` is no box of {}", cut(text), transform.crs()));
    let around = transform.box_to_degrees(corners).ok_or_else(nowhere)?;
    if transform.is_degrees() {
        return Ok((Some(around), None));
    }
    let ring = ring(&transform, corners).ok_or_else(nowhere)?;
    Ok((Some(around), Some(Cql::meets(&ring))))
}

/// The edges of a box of another CRS, each at 20 places.
fn ring(transform: &Transform, [a, b, c, d]: [f64; 4]) -> Option<Vec<LonLat>> {
    const PIECES: u32 = 20;
    let corners = [[a, b], [c, b], [c, d], [a, d], [a, b]];
    let mut ring = Vec::new();
    for pair in corners.windows(2) {
        let ([x, y], [to_x, to_y]) = (pair[0], pair[1]);
        for piece in 0..PIECES {
            let share = f64::from(piece) / f64::from(PIECES);
            ring.push(transform.to_degrees([x + (to_x - x) * share, y + (to_y - y) * share])?);
        }
    }
    Some(ring)
}

/// What a client is told of a filter that does not fit a collection.
pub fn refused(error: &FilterError) -> ApiError {
    match error {
        FilterError::NoCollection(_) => ApiError::NotFound(error.to_string()),
        FilterError::Unreadable(_) => ApiError::internal("reading a table for a filter", error),
        _ => bad(error.to_string()),
    }
}

fn unit(text: &str) -> Result<UnitId, ApiError> {
    UnitId::parse(text).ok_or_else(|| bad(format!("`within`: `{}` is not a unit such as department:974", cut(text))))
}

/// A theme by its code, its label, or one of its words.
fn theme(text: &str) -> Result<usize, ApiError> {
    theme_of_word(text).ok_or_else(|| {
        let codes: Vec<&str> = themes().iter().map(|t| t.code.as_str()).collect();
        bad(format!("`theme`: `{}` is none of {}", cut(text), codes.join(", ")))
    })
}

fn bad(text: String) -> ApiError {
    ApiError::BadRequest(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(query: &str) -> Result<Filter, ApiError> {
        read(&Params::parse(Some(query), FILTER)?, &CrsList::default())
    }

    #[test]
    fn every_parameter_is_read() {
        let query = "bbox=1,2,3,4&within=region:04,department:974&theme=food,energy&kind=place&postcode=97400\
                     &datetime=2026-01-01/..&example=false";
        let filter = filter(query).unwrap();
        assert_eq!(filter.bbox.unwrap().to_array(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(filter.within.len(), 2);
        assert_eq!(filter.theme.len(), 2);
        assert_eq!(
            (filter.kind.as_slice(), filter.postcode.as_slice()),
            (&["place".to_owned()][..], &["97400".to_owned()][..])
        );
        assert!(filter.datetime.unwrap().end.is_none());
        assert_eq!(filter.example, Some(false));
        assert!(self::filter("theme=&within=").unwrap().is_empty(), "an empty list asks for nothing");
    }

    #[test]
    fn places_words_and_cql2_are_read() {
        let filter =
            filter("near=55.45,-20.88&radius=1500&q=Tiers-Lieu&filter=name+LIKE+'A%25'&department_id=department:974")
                .unwrap();
        assert_eq!((filter.near.unwrap().at.lat(), filter.near.unwrap().radius), (-20.88, 1500.0));
        assert_eq!(filter.q.as_deref(), Some("Tiers-Lieu"));
        assert_eq!(filter.cql.as_ref().map(Cql::canonical), Some("name LIKE 'A%'"));
        assert_eq!(filter.properties["department_id"], ["department:974"]);
        let json = "filter=%7B%22op%22:%22like%22,%22args%22:%5B%7B%22property%22:%22name%22%7D,%22A%25%22%5D%7D";
        assert_eq!(self::filter(json).unwrap().cql, filter.cql, "the language is seen from the text");
        let canonical = |query: &str| self::filter(query).unwrap().canonical();
        assert_eq!(canonical("q=lieu+tiers"), canonical("q=Tiers%20LIEU"));
        assert_eq!(
            canonical("filter=example=true+AND+lon<5"),
            canonical("filter=5>lon+AND+example&filter-lang=cql2-text")
        );
        assert_ne!(canonical("near=1,2&radius=3"), canonical("near=1,2&radius=4"));
    }

    #[test]
    fn every_property_of_a_collection_is_a_parameter() {
        for name in parvis_model::Collection::ALL.into_iter().flat_map(parvis_store::queryables).map(|q| q.name) {
            assert!(name == "geometry" || name == "theme" || FILTER.contains(&name), "{name}");
        }
        let queryable = |name: &&str| {
            parvis_model::Collection::ALL.into_iter().flat_map(parvis_store::queryables).any(|q| q.name == *name)
        };
        assert!(FILTER[OWN..].iter().all(queryable), "and nothing else is");
    }

    #[test]
    fn a_box_of_another_crs_is_a_box_in_its_axes() {
        let uri = "http://www.opengis.net/def/crs/EPSG/0";
        let of = |query: &str| filter(query).unwrap().bbox.unwrap().to_array();
        assert_eq!(of(&format!("bbox=46,2,47,3&bbox-crs={uri}/4326")), [2.0, 46.0, 3.0, 47.0]);
        let [west, south, east, north] = of(&format!("bbox=699000,6599000,701000,6601000&bbox-crs={uri}/2154"));
        assert!(west < 3.0 && 3.0 < east && south < 46.5 && 46.5 < north && east - west < 0.03);
        assert_eq!(filter(&format!("bbox-crs={uri}/2154")).unwrap().bbox, None, "without a box it says nothing");
    }

    #[test]
    fn coordinates_of_a_filter_are_in_its_crs() {
        let uri = "http://www.opengis.net/def/crs/EPSG/0";
        let of = |query: &str| filter(query).unwrap().cql.unwrap().canonical().to_owned();
        let latitude_first = of(&format!("filter=S_INTERSECTS(geometry,POINT(46+2))&filter-crs={uri}/4326"));
        assert_eq!(latitude_first, "S_INTERSECTS(geometry, POINT(2 46))");
        let lambert = of(&format!("filter=S_INTERSECTS(geometry,POINT(700000+6600000))&filter-crs={uri}/2154"));
        assert!(lambert.starts_with("S_INTERSECTS(geometry, POINT(3"), "{lambert}");
        let area = of(&format!("bbox=699000,6599000,701000,6601000&bbox-crs={uri}/2154"));
        assert!(area.starts_with("S_INTERSECTS(geometry, POLYGON(("), "{area}");
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_name() {
        let many = format!("postcode={}", ["1"; 201].join(","));
        for bad in [
            "bbox=",
            "bbox=1,2,3",
            "bbox=1,5,3,4",
            "bbox=1,2,3,NaN",
            "bbox=200,0,201,1",
            "bbox-crs=EPSG:2154",
            "bbox=1,2,3,4,5&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154",
            "bbox=700000,6700000,800000,6600000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2154",
            "datetime=soon",
            "datetime=",
            "datetime=2026-02-01/2026-01-01",
            "within=974",
            "theme=blurb",
            "example=yes",
            "near=1,2",
            "near=1,2&radius=0",
            "near=1,2&radius=1000001",
            "near=200,2&radius=5",
            "near=1&radius=5",
            "radius=5",
            "q=---",
            "filter=name%3D",
            "filter=name%3D'a'&filter-lang=sql",
            "filter=%7B%7D",
            &many,
        ] {
            let Err(ApiError::BadRequest(text)) = filter(bad) else { panic!("{bad} was taken") };
            assert!(text.contains(bad.split('=').next().unwrap()), "{bad}: {text}");
        }
    }
}
