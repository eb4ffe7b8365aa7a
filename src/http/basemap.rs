//! The operator's own ground under the map: a PMTiles file of theirs, or a style of another server.
//!
//! A file is served by us and drawn by our styles, so that nothing is asked of anybody else. A style elsewhere widens the
//! policy of the map to that host and no further; the page falls back to our own ground where it does not answer.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parvis_model::{TileCoord, id::hex};
use parvis_tiles::archive::{Archive, ArchiveError};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Why a basemap cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BasemapError {
    /// The file is no archive that can be served.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Not the address of a style.
    #[error("the basemap `{0}` is neither a .pmtiles file nor an https address of a style")]
    Address(String),
}

/// A ground.
#[derive(Clone)]
pub enum Basemap {
    /// Tiles of our own, with the layers of Protomaps (version 4 of its schema).
    Tiles(Arc<Archive>, String),
    /// The address of a style.
    Style {
        /// The whole address.
        url: String,
        /// Scheme, host and port.
        origin: String,
    },
}

impl fmt::Debug for Basemap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tiles(_, tag) => f.debug_tuple("Tiles").field(tag).finish(),
            Self::Style { url, .. } => f.debug_tuple("Style").field(url).finish(),
        }
    }
}

/// A tile inside the mapped archive, which it keeps open.
struct Held(Arc<Archive>, TileCoord);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.0.get(self.1).unwrap_or_default()
    }
}

impl Basemap {
    /// Opens a file, or takes an address: `https://…`; `http://` only of this machine.
    ///
    /// # Errors
    /// [`BasemapError`].
    pub fn of(text: &str) -> Result<Self, BasemapError> {
        if !text.contains("://") {
            let archive = Archive::open(Path::new(text))?;
            let header = archive.header();
            let about = format!("{header:?} {}", archive.metadata());
            return Ok(Self::Tiles(Arc::new(archive), hex(&Sha256::digest(about)[..6])));
        }
        let wrong = || BasemapError::Address(text.to_owned());
        let uri: http::Uri = text.parse().ok().ok_or_else(wrong)?;
        let host = uri.authority().filter(|a| super::url::is_host(a.as_str())).ok_or_else(wrong)?;
        let local = matches!(host.host(), "localhost" | "127.0.0.1");
        match uri.scheme_str() {
            Some(scheme @ "https") => Ok(Self::Style { url: text.to_owned(), origin: format!("{scheme}://{host}") }),
            Some(scheme @ "http") if local => {
                Ok(Self::Style { url: text.to_owned(), origin: format!("{scheme}://{host}") })
            }
            _ => Err(wrong()),
        }
    }

    /// What tells two of them apart.
    pub fn tag(&self) -> &str {
        match self {
            Self::Tiles(_, tag) => tag,
            Self::Style { url, .. } => url,
        }
    }

    /// The stored gzip of a tile, without a copy; empty where there is none.
    pub fn tile(&self, at: TileCoord) -> Bytes {
        match self {
            Self::Tiles(archive, _) => Bytes::from_owner(Held(Arc::clone(archive), at)),
            Self::Style { .. } => Bytes::new(),
        }
    }

    /// The deepest zoom that has tiles.
    pub fn max_zoom(&self) -> u8 {
        match self {
            Self::Tiles(archive, _) => archive.zooms().1,
            Self::Style { .. } => 0,
        }
    }

    /// The source of a style: TileJSON in place.
    fn source(&self, base: &str) -> Option<Value> {
        let Self::Tiles(archive, tag) = self else { return None };
        let (minzoom, maxzoom) = archive.zooms();
        // OpenStreetMap and Protomaps where the file names nobody: it holds their work all the same.
        let attribution = archive.metadata()["attribution"].as_str().unwrap_or("© OpenStreetMap");
        Some(json!({
            "type": "vector",
            "tiles": [format!("{base}/basemap/{{z}}/{{x}}/{{y}}?v={tag}")],
            "minzoom": minzoom,
            "maxzoom": maxzoom,
            "bounds": archive.bounds(),
            "attribution": super::html::escape(attribution),
        }))
    }

    /// Puts the ground into a style of ours: above the plain colours of the land, below the borders.
    pub fn lay_under(&self, style: &mut Value, base: &str) {
        let Some(source) = self.source(base) else { return };
        let dark = style["name"].as_str().is_some_and(|name| name.contains("dark"));
        let Some(layers) = style["layers"].as_array_mut() else { return };
        let Some(at) = layers.iter().position(|l| l["type"] == "line" && l["source"] == "boundaries") else { return };
        if layers[0]["type"] != "background" {
            return; // a style to lay over another map has no ground
        }
        layers.splice(at..at, ground(dark));
        style["sources"]["basemap"] = source;
    }
}

/// Woods, water, buildings and roads, thin under what the map is about.
fn ground(dark: bool) -> Vec<Value> {
    let [green, water, house, road, casing] = if dark {
        ["#1F2D28", "#0F151B", "#2A333D", "#3A444F", "#1A2128"]
    } else {
        ["#E3EAD9", "#CBDDE6", "#E6E0D6", "#FFFFFF", "#D9D3C7"]
    };
    let kinds = |kinds: &[&str]| json!(["in", ["get", "kind"], ["literal", kinds]]);
    let fill = |id: &str, layer: &str, minzoom: u8, colour: &str| {
        json!({ "id": id, "type": "fill", "source": "basemap", "source-layer": layer, "minzoom": minzoom,
                "filter": ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]], "paint": { "fill-color": colour } })
    };
    let line = |id: &str, minzoom: u8, kind: &[&str], colour: &str, width: Value| {
        json!({ "id": id, "type": "line", "source": "basemap", "source-layer": "roads", "minzoom": minzoom,
                "filter": kinds(kind), "layout": { "line-cap": "round", "line-join": "round" },
                "paint": { "line-color": colour, "line-width": width } })
    };
    let width = |stops: &[f64]| {
        let mut expression = vec![json!("interpolate"), json!(["exponential", 1.5]), json!(["zoom"])];
        expression.extend(stops.iter().map(|stop| json!(stop)));
        Value::Array(expression)
    };
    let mut landuse = fill("basemap-green", "landuse", 7, green);
    landuse["filter"] = json!([
        "all",
        landuse["filter"],
        kinds(&["park", "forest", "wood", "nature_reserve", "national_park", "grassland"])
    ]);
    vec![
        landuse,
        fill("basemap-water", "water", 0, water),
        fill("basemap-buildings", "buildings", 14, house),
        line("basemap-minor-casing", 13, &["minor_road"], casing, width(&[13.0, 1.5, 18.0, 16.0])),
        line("basemap-minor", 13, &["minor_road", "path"], road, width(&[13.0, 0.7, 18.0, 13.0])),
        line("basemap-major-casing", 9, &["highway", "major_road"], casing, width(&[9.0, 1.2, 14.0, 4.5, 18.0, 22.0])),
        line("basemap-major", 9, &["highway", "major_road"], road, width(&[9.0, 0.6, 14.0, 3.0, 18.0, 18.0])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_or_a_safe_address_is_a_basemap() {
        let style = Basemap::of("https://tiles.example.org/style.json?key=1").unwrap();
        assert!(matches!(style, Basemap::Style { origin, .. } if origin == "https://tiles.example.org"));
        assert!(Basemap::of("http://localhost:8000/style.json").is_ok());
        for bad in
            ["http://tiles.example.org/s.json", "ftp://x/s", "https://user@x/s", "https://x y/", "nothing.pmtiles", ""]
        {
            assert!(Basemap::of(bad).is_err(), "{bad}");
        }
    }
}
