//! The CRSs that coordinates are given and taken in, by URI (OGC API Features part 2).

use std::sync::{Arc, OnceLock};

use parvis_model::{Crs, Transform, TransformError};

use super::error::ApiError;
use super::params::{Params, cut};

/// EPSG codes that every service has: WGS 84, Web Mercator, RGF93 and its projections, Europe, and the
/// French territories overseas (La Réunion, Antilles, Guyane, Mayotte, Saint-Pierre-et-Miquelon, Nouvelle-Calédonie).
const STANDARD: [u32; 20] = [
    4326, 3857, 4171, 2154, 3942, 3943, 3944, 3945, 3946, 3947, 3948, 3949, 3950, 3035, 2975, 5490, 2972, 4471, 4467,
    3163,
];

/// The CRSs of a service, CRS84 first; cheap to clone. PROJ is asked about one when it is first used.
#[derive(Debug, Clone)]
pub struct CrsList(Arc<Vec<Served>>);

#[derive(Debug)]
struct Served {
    crs: Crs,
    uri: String,
    transform: OnceLock<Transform>,
}

impl Default for CrsList {
    fn default() -> Self {
        let standard = STANDARD.iter().filter_map(|code| Crs::parse(&code.to_string()));
        Self(Arc::new(std::iter::once(Crs::crs84()).chain(standard).map(Served::new).collect()))
    }
}

impl Served {
    fn new(crs: Crs) -> Self {
        Self { uri: crs.uri(), crs, transform: OnceLock::new() }
    }
}

impl CrsList {
    /// The standard ones and some more, which PROJ is asked about at once.
    ///
    /// # Errors
    /// [`TransformError`] for one that cannot be served.
    pub fn with(more: &[Crs]) -> Result<Self, TransformError> {
        let mut list: Vec<Served> = Self::default().0.iter().map(|s| Served::new(s.crs.clone())).collect();
        for crs in more {
            Transform::new(crs)?;
            if list.iter().all(|s| s.crs != *crs) {
                list.push(Served::new(crs.clone()));
            }
        }
        Ok(Self(Arc::new(list)))
    }

    /// Their URIs, CRS84 first.
    pub fn uris(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|s| s.uri.as_str())
    }

    /// The CRS that a parameter names; `None` when it is not given.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for a URI that is not listed (Features part 2, `/req/crs/fc-crs-valid-value`).
    pub fn read(&self, params: &Params, name: &str) -> Result<Option<Transform>, ApiError> {
        let Some(uri) = params.given(name) else { return Ok(None) };
        let served = self.0.iter().find(|s| s.uri == uri).ok_or_else(|| {
            ApiError::BadRequest(format!(
                "`{name}` must be the URI of a CRS that the collection lists, such as \
                 http://www.opengis.net/def/crs/EPSG/0/2154, not `{}`",
                cut(uri)
            ))
        })?;
        if let Some(transform) = served.transform.get() {
            return Ok(Some(transform.clone()));
        }
        let transform = Transform::new(&served.crs).map_err(|e| ApiError::internal("asking PROJ", e))?;
        Ok(Some(served.transform.get_or_init(|| transform).clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &CrsList, uri: &str) -> Result<Option<Transform>, ApiError> {
        let query = format!("crs={uri}");
        list.read(&Params::parse(Some(&query), &["crs"]).unwrap(), "crs")
    }

    #[test]
    fn every_listed_crs_can_be_had_and_no_other() {
        let list = CrsList::default();
        assert_eq!(list.uris().next(), Some(Crs::CRS84_URI));
        for uri in list.uris() {
            assert_eq!(read(&list, uri).unwrap().unwrap().crs().uri(), uri);
        }
        for bad in ["", "EPSG:2154", "http://www.opengis.net/def/crs/EPSG/0/32740", "http://example.org/crs"] {
            assert!(matches!(read(&list, bad), Err(ApiError::BadRequest(_))), "{bad}");
        }
    }

    #[test]
    fn a_configured_crs_is_served_too() {
        let utm = Crs::parse("EPSG:32740").unwrap();
        let list = CrsList::with(&[utm.clone(), Crs::parse("EPSG:2154").unwrap()]).unwrap();
        assert!(read(&list, &utm.uri()).unwrap().is_some());
        assert_eq!(list.uris().count(), CrsList::default().uris().count() + 1);
        assert!(CrsList::with(&[Crs::parse("EPSG:99999").unwrap()]).is_err());
    }
}
