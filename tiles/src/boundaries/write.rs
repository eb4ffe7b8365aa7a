//! Writing the archive: tiles in order, equal ones once.

use std::fs::File;
use std::path::Path;

use parvis_model::Bbox;
use pmtiles::{Compression, PmTilesWriter, TileType};
use serde_json::json;

use super::TilesetMeta;
use super::pyramid::Finished;
use crate::TilesError;
use crate::tilejson::{MAX_BOUNDARY_ZOOM, Tileset};

/// Takes the next tile. Zooms ascend.
pub(super) type Add<'a> = dyn FnMut(&Finished) -> Result<(), TilesError> + 'a;

/// Writes the tiles that `fill` adds into the file `out`; its size in bytes. On failure the file is removed.
pub(super) fn archive(
    out: &Path,
    meta: &TilesetMeta,
    bounds: Bbox,
    fill: impl FnOnce(&mut Add<'_>) -> Result<(), TilesError>,
) -> Result<u64, TilesError> {
    let result = write(out, meta, bounds, fill);
    if result.is_err() {
        // What was written is of no use; that it cannot be removed would hide the cause.
        let _ = std::fs::remove_file(out);
    }
    result
}

fn write(
    out: &Path,
    meta: &TilesetMeta,
    bounds: Bbox,
    fill: impl FnOnce(&mut Add<'_>) -> Result<(), TilesError>,
) -> Result<u64, TilesError> {
    let io = |source| TilesError::Write { path: out.to_owned(), source };
    let refused = |source| TilesError::Archive { path: out.to_owned(), source };
    let file = File::create(out).map_err(io)?;
    let [west, south, east, north] = bounds.to_array();
    let center = meta.center.map_or([f64::midpoint(west, east), f64::midpoint(south, north), 4.0], |(at, zoom)| {
        [at.lon(), at.lat(), f64::from(zoom.min(MAX_BOUNDARY_ZOOM))]
    });
    let mut writer = PmTilesWriter::new(TileType::Mvt)
        .precompressed(Compression::Gzip)
        .min_zoom(0)
        .max_zoom(MAX_BOUNDARY_ZOOM)
        .bounds(west, south, east, north)
        .center(center[0], center[1])
        .center_zoom(center[2] as u8)
        .metadata(metadata(meta, bounds, center))
        .create(&file)
        .map_err(refused)?;
    fill(&mut |tile| {
        let (z, x, y) = (tile.coord.z(), tile.coord.x(), tile.coord.y());
        let coord = pmtiles::TileCoord::new(z, x, y).map_err(refused)?;
        writer.add_tile(coord, &tile.bytes).map_err(refused)
    })?;
    writer.finalize().map_err(refused)?;
    file.sync_all().map_err(io)?;
    Ok(file.metadata().map_err(io)?.len())
}

fn metadata(meta: &TilesetMeta, bounds: Bbox, center: [f64; 3]) -> String {
    json!({
        "name": meta.name,
        "description": meta.description,
        "attribution": meta.attribution,
        "type": "overlay",
        "format": "pbf",
        "minzoom": 0,
        "maxzoom": MAX_BOUNDARY_ZOOM,
        "bounds": bounds.to_array(),
        "center": center,
        "languages": meta.languages,
        "vector_layers": Tileset::Boundaries.vector_layers(&meta.languages),
    })
    .to_string()
}
