//! What a request wants of items, besides which: format, order, CRS, properties, language.

use parvis_model::Collection;
use parvis_store::{Near, Order, SortError, Telling};

use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::negotiate::best_media;
use crate::http::params::{Params, cut};
use crate::http::routes::{CSV, GEOJSON, GEOJSONSEQ, HTML};

/// How many items without `limit`, and at most.
const DEFAULT: usize = 100;
const MOST: usize = 50_000;
const MOST_HTML: usize = 1000;

/// How items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Csv,
    GeoJsonSeq,
    Html,
}

impl Format {
    /// All, in the order of preference.
    pub(super) const ALL: [Self; 4] = [Self::Json, Self::Csv, Self::GeoJsonSeq, Self::Html];

    /// By `f`, else by `Accept`; says whether `Accept` chose.
    pub(super) fn of(asked: &Asked, params: &Params) -> Result<(Self, bool), ApiError> {
        const OFFERS: [&[&str]; 4] = [
            &["application/geo+json", "application/json"],
            &["text/csv"],
            &["application/geo+json-seq"],
            &["text/html"],
        ];
        let given = params.format(&Self::ALL.map(Self::name))?;
        let at = given.unwrap_or_else(|| best_media(&asked.headers, &OFFERS));
        Ok((Self::ALL.get(at).copied().unwrap_or(Self::Json), given.is_none()))
    }

    /// Its name in `f`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::GeoJsonSeq => "geojsonseq",
            Self::Html => "html",
        }
    }

    pub(super) const fn media(self) -> &'static str {
        match self {
            Self::Json => GEOJSON,
            Self::Csv => CSV,
            Self::GeoJsonSeq => GEOJSONSEQ,
            Self::Html => HTML,
        }
    }

    /// The most items of a page: people read fewer.
    const fn most(self) -> usize {
        if matches!(self, Self::Html) { MOST_HTML } else { MOST }
    }
}

/// What a page of items is to be.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) format: Format,
    /// Whether `Accept` chose it.
    pub(super) by_accept: bool,
    pub(super) limit: usize,
    pub(super) telling: Telling,
    /// The order; `None` is that of the files.
    pub(super) sort: Option<Order>,
}

impl Wanted {
    /// The parameters that it reads.
    pub(super) const PARAMETERS: [&str; 7] = ["f", "limit", "crs", "properties", "skipGeometry", "sortby", "lang"];

    /// `near`: where the filter wants items to be near to.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] with the parameter's name.
    pub(super) fn of(
        asked: &Asked,
        collection: Collection,
        params: &Params,
        near: Option<Near>,
    ) -> Result<Self, ApiError> {
        let (format, by_accept) = Format::of(asked, params)?;
        let mut telling = telling(asked, collection, params)?;
        if format == Format::Csv && telling.crs.as_ref().is_some_and(|crs| !crs.is_stored()) {
            let text = "`crs` does not apply to csv, whose `lon` and `lat` are degrees of WGS 84: leave it out";
            return Err(ApiError::BadRequest(text.to_owned()));
        }
        telling.skip_geometry = match params.get("skipGeometry") {
            None | Some("false") => false,
            Some("true") => true,
            Some(text) => {
                return Err(ApiError::BadRequest(format!("`skipGeometry` must be true or false, not `{}`", cut(text))));
            }
        };
        let refused = |e: SortError| ApiError::BadRequest(format!("`sortby`: {e}"));
        let sort = params.get("sortby").map(|_| Order::parse(collection, params.list("sortby"), near));
        let sort = sort.transpose().map_err(refused)?;
        Ok(Self { format, by_accept, limit: params.limit(DEFAULT, format.most())?, telling, sort })
    }
}

/// `crs`, `properties` and `lang`, which single features take too.
pub(super) fn telling(asked: &Asked, collection: Collection, params: &Params) -> Result<Telling, ApiError> {
    let crs = asked.state.crs().read(params, "crs")?;
    let properties = params.get("properties").map(|_| {
        let named = |name: &str| {
            let field = collection.fields().iter().find(|f| f.name == name);
            field.map(|f| f.name).ok_or_else(|| {
                let names: Vec<&str> = collection.fields().iter().map(|f| f.name).collect();
                ApiError::BadRequest(format!("`properties`: `{}` is none of {}", cut(name), names.join(", ")))
            })
        };
        params.list("properties").map(named).collect::<Result<Vec<_>, _>>()
    });
    let lang = match params.get("lang") {
        None => None,
        Some("fr") => Some("fr"),
        Some("en") => Some("en"),
        Some(text) => return Err(ApiError::BadRequest(format!("`lang` must be fr or en, not `{}`", cut(text)))),
    };
    // Only units have names in languages: the others stay as they are stored.
    let lang = lang.filter(|_| collection.level().is_some());
    Ok(Telling { crs, properties: properties.transpose()?, skip_geometry: false, lang })
}
