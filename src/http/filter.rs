//! From the query string to a filter: the same parameters mean the same on items and tiles.

use parvis_model::{Bbox, UnitId, theme::theme_of_word, themes};
use parvis_store::{Filter, FilterError, Interval};

use super::crs::CrsList;
use super::error::ApiError;
use super::params::{Params, cut};

/// The parameters that filter.
pub const FILTER: [&str; 8] = ["bbox", "bbox-crs", "datetime", "within", "theme", "kind", "postcode", "example"];

/// The most values that one parameter takes.
const MOST_VALUES: usize = 200;

/// Reads the filter of a request. `crs`: those that coordinates may be in.
///
/// # Errors
/// [`ApiError::BadRequest`] with the parameter's name.
pub fn read(params: &Params, crs: &CrsList) -> Result<Filter, ApiError> {
    for name in FILTER {
        if params.list(name).nth(MOST_VALUES).is_some() {
            return Err(bad(format!("`{name}` takes {MOST_VALUES} values at most")));
        }
    }
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
    Ok(Filter {
        bbox: bbox(params, crs)?,
        within: params.list("within").map(unit).collect::<Result<_, _>>()?,
        theme: params.list("theme").map(theme).collect::<Result<_, _>>()?,
        kind: params.list("kind").map(str::to_owned).collect(),
        postcode: params.list("postcode").map(str::to_owned).collect(),
        datetime: datetime.transpose()?,
        example,
    })
}

/// The box in degrees; of another CRS (`bbox-crs`) the smallest box of degrees around it.
fn bbox(params: &Params, crs: &CrsList) -> Result<Option<Bbox>, ApiError> {
    let transform = crs.read(params, "bbox-crs")?;
    let Some(text) = params.given("bbox") else { return Ok(None) };
    let refused = |e| bad(format!("`bbox`: {e}"));
    let Some(transform) = transform.filter(|t| !t.is_stored()) else {
        return Bbox::parse(text).map(Some).map_err(refused);
    };
    let corners = Bbox::parse_corners(text).map_err(refused)?;
    let around = transform.box_to_degrees(corners);
    around.map(Some).ok_or_else(|| bad(format!("`bbox`: `{}` is no box of {}", cut(text), transform.crs())))
}

/// What a client is told of a filter that does not fit a collection.
pub fn refused(error: &FilterError) -> ApiError {
    match error {
        FilterError::NoCollection(_) => ApiError::NotFound(error.to_string()),
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
        read(&Params::parse(Some(query), &FILTER).unwrap(), &CrsList::default())
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
    fn a_box_of_another_crs_is_a_box_in_its_axes() {
        let uri = "http://www.opengis.net/def/crs/EPSG/0";
        let of = |query: &str| filter(query).unwrap().bbox.unwrap().to_array();
        assert_eq!(of(&format!("bbox=46,2,47,3&bbox-crs={uri}/4326")), [2.0, 46.0, 3.0, 47.0]);
        let [west, south, east, north] = of(&format!("bbox=699000,6599000,701000,6601000&bbox-crs={uri}/2154"));
        assert!(west < 3.0 && 3.0 < east && south < 46.5 && 46.5 < north && east - west < 0.03);
        assert_eq!(filter(&format!("bbox-crs={uri}/2154")).unwrap().bbox, None, "without a box it says nothing");
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
            &many,
        ] {
            let Err(ApiError::BadRequest(text)) = filter(bad) else { panic!("{bad} was taken") };
            assert!(text.contains(bad.split('=').next().unwrap()), "{bad}: {text}");
        }
    }
}
