//! `/tileMatrixSets`: the one grid of all tiles.
//!
//! Spec: OGC 17-083r4 (Two Dimensional Tile Matrix Set 2.0), annex D.1.

use std::f64::consts::PI;

use axum::response::Response;
use parvis_model::MAX_ZOOM;
use parvis_model::space::{EARTH_RADIUS_M, MERCATOR_HALF_M};
use serde_json::{Value, json};

use super::JSON;
use crate::http::answer::Asked;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::params::cut;
use crate::http::router::Segments;

/// The grid's name.
pub(crate) const NAME: &str = "WebMercatorQuad";
/// Where it is registered.
pub(crate) const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
/// Its coordinate reference system.
pub(crate) const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
/// The relation of a link to a grid.
pub(crate) const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
/// The relation of a link to all grids.
pub(crate) const TILING_SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";

/// A standard pixel, in metres (17-083r4, 6.1.1).
const PIXEL_M: f64 = 0.28e-3;
/// Pixels of a tile along a side.
const TILE: f64 = 256.0;

/// `GET /tileMatrixSets`.
pub(crate) async fn list(asked: Asked) -> Result<Response, ApiError> {
    let params = asked.params(&Form::PARAMETERS)?;
    let form = Form::of(&asked, &params)?;
    let item = json!({
        "id": NAME,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": CRS,
        "links": [asked.link("self", JSON, &format!("/tileMatrixSets/{NAME}"), "The grid")],
    });
    let links = [asked.link("self", JSON, "/tileMatrixSets", "The grids of tiles")];
    let body = json!({ "tileMatrixSets": [item], "links": links });
    form.send_fixed(asked, &params, "tile matrix sets", (JSON, "TileMatrixSets"), move || Ok(body)).await
}

/// `GET /tileMatrixSets/{tileMatrixSet}`.
pub(crate) async fn one(asked: Asked, Segments(name): Segments<String>) -> Result<Response, ApiError> {
    let params = asked.params(&Form::PARAMETERS)?;
    let form = Form::of(&asked, &params)?;
    known(&name)?;
    let links = [asked.link("self", JSON, &format!("/tileMatrixSets/{NAME}"), "This grid")];
    let body = json!({
        "id": NAME,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=MAX_ZOOM).map(matrix).collect::<Vec<Value>>(),
        "links": links,
    });
    form.send_fixed(asked, &params, "tile matrix set", (JSON, NAME), move || Ok(body)).await
}

/// The 404 of every name but the one.
pub(super) fn known(name: &str) -> Result<(), ApiError> {
    if name == NAME {
        return Ok(());
    }
    Err(ApiError::NotFound(format!("there is no tile matrix set `{}`, only {NAME}", cut(name))))
}

/// One zoom: rows from the north, columns from the west.
fn matrix(z: u8) -> Value {
    let tiles = 1u64 << z;
    let cell = 2.0 * PI * EARTH_RADIUS_M / TILE / tiles as f64;
    json!({
        "id": z.to_string(),
        "scaleDenominator": cell / PIXEL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-MERCATOR_HALF_M, MERCATOR_HALF_M],
        "tileWidth": TILE as u32,
        "tileHeight": TILE as u32,
        "matrixWidth": tiles,
        "matrixHeight": tiles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_those_of_the_standard() {
        let first = matrix(0);
        assert!((first["scaleDenominator"].as_f64().unwrap() - 559_082_264.028_717).abs() < 1e-3);
        assert!((first["cellSize"].as_f64().unwrap() - 156_543.033_928_041).abs() < 1e-6);
        assert!((first["pointOfOrigin"][1].as_f64().unwrap() - 20_037_508.342_789_2).abs() < 1e-6);
        assert_eq!(matrix(24)["matrixWidth"], 16_777_216);
    }
}
