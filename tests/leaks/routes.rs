//! Every URL that the service describes, with the parameters that it describes.

use parvis_model::{LonLat, TileCoord};
use serde_json::Value;

/// What requests are made of, found in the service itself.
pub(super) struct Known {
    /// The OpenAPI document.
    pub(super) api: Value,
    pub(super) edition: String,
    /// `name.ext` of every file of the edition.
    pub(super) files: Vec<String>,
    /// Ids of all actors and events, with their collections.
    pub(super) items: Vec<(&'static str, String)>,
    /// Places where something is, or was meant to be.
    pub(super) places: Vec<(f64, f64)>,
}

const UNITS: [&str; 4] = ["region:04", "department:974", "municipality:97411", "municipality:97415"];

const FILTERS: [&str; 9] = [
    "bbox=55,-22,56,-20",
    "bbox=170,-90,-170,90",
    "datetime=2026-05-01/2026-07-01",
    "within=department:974",
    "theme=food,waste",
    "kind=association,group,market,place,municipality",
    "postcode=97400,97490",
    "example=false",
    "cursor=x",
];

const SEARCHES: [&str; 10] =
    ["open", "leak", "leak%20name", "jardin", "refuge", "marche", "97490", "cercle", "contact", "amap"];

impl Known {
    /// The values that the document lists for a parameter.
    fn listed(&self, parameter: &str) -> Vec<String> {
        let schema = &self.api["components"]["parameters"][parameter]["schema"];
        let values = [&schema["enum"], &schema["items"]["enum"]].into_iter().find_map(Value::as_array);
        let values = values.unwrap_or_else(|| panic!("{parameter} lists no values any more"));
        values.iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    }

    /// All paths, each with the requests that ask it.
    ///
    /// Panics on a path that it does not know: a new URL needs its requests here.
    pub(super) fn requests(&self) -> Vec<(String, Vec<String>)> {
        let paths = self.api["paths"].as_object().unwrap();
        paths.keys().map(|path| (path.clone(), self.of_path(path))).collect()
    }

    fn of_path(&self, path: &str) -> Vec<String> {
        let collections = || self.listed("collection");
        let each = |values: &[&str], url: &str| values.iter().map(|v| url.replace("{}", v)).collect();
        let pages = || self.listed("fPage").iter().map(|f| format!("{path}?f={f}")).collect();
        match path {
            "/" | "/api" => pages(),
            "/conformance" | "/collections" | "/tiles" | "/tileMatrixSets" | "/editions" | "/health" | "/ready"
            | "/metrics" | "/embed/map" | "/accessibility" | "/sitemap.xml" | "/robots.txt" | "/favicon.svg"
            | "/favicon.ico" => vec![path.to_owned()],
            "/collections/{collection}" => collections().iter().map(|c| format!("/collections/{c}")).collect(),
            "/collections/{collection}/queryables" => {
                collections().iter().map(|c| format!("/collections/{c}/queryables")).collect()
            }
            "/collections/{collection}/schema" => {
                collections().iter().map(|c| format!("/collections/{c}/schema")).collect()
            }
            "/collections/{collection}/sortables" => collections()
                .iter()
                .map(|c| format!("/collections/{c}/sortables?near=55.45,-20.9&radius=9000"))
                .collect(),
            "/collections/{collection}/items" => self.pages_of_items(),
            "/collections/{collection}/items/{id}" => self.single_items(),
            "/collections/{collection}/facets" => self.counts("facets?limit=50000"),
            "/collections/{collection}/aggregate" => {
                [self.counts("aggregate?f=json"), self.counts("aggregate?f=csv")].concat()
            }
            "/collections/{collection}/export" => self.exports(),
            "/collections/{collection}/tiles" => {
                collections().iter().map(|c| format!("/collections/{c}/tiles")).collect()
            }
            "/collections/{collection}/tiles/{tileMatrixSet}" => {
                collections().iter().map(|c| format!("/collections/{c}/tiles/WebMercatorQuad")).collect()
            }
            "/collections/{collection}/tiles/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}" => {
                self.collection_tiles()
            }
            "/tileMatrixSets/{tileMatrixSet}" => each(&["WebMercatorQuad"], "/tileMatrixSets/{}"),
            "/tiles/{tileset}" => self.listed("tileset").iter().map(|t| format!("/tiles/{t}")).collect(),
            "/tiles/{tileset}/{z}/{x}/{y}" => self.tiles(),
            "/admin-units/{id}" => {
                let include = self.listed("include").join(",");
                let quality = UNITS.map(|u| format!("/admin-units/{u}?include={include}"));
                let pages = UNITS.map(|u| format!("/admin-units/{u}?f=html"));
                quality.into_iter().chain(each(&UNITS, "/admin-units/{}")).chain(pages).collect()
            }
            "/admin-units/{id}/children" => each(&UNITS, "/admin-units/{}/children"),
            "/admin-units/{id}/ancestors" => each(&UNITS, "/admin-units/{}/ancestors"),
            "/admin-units/{id}/neighbours" => each(&UNITS, "/admin-units/{}/neighbours"),
            "/lookup" => self.places.iter().map(|(lon, lat)| format!("/lookup?lon={lon:.2}&lat={lat:.2}")).collect(),
            "/search" => {
                [each(&SEARCHES, "/search?limit=100&q={}"), each(&SEARCHES, "/search?limit=100&f=html&q={}")].concat()
            }
            "/oembed" => UNITS.map(|unit| format!("/oembed?url=http://parvis.test/admin-units/{unit}")).to_vec(),
            "/sitemap/{file}" => collections().iter().map(|c| format!("/sitemap/{c}-1.xml")).collect(),
            "/basemap/{z}/{x}/{y}" => vec!["/basemap/0/0/0".to_owned()],
            "/sprites/{file}" => each(&["parvis.json"], "/sprites/{}"),
            "/postcodes/{code}" => each(&["97400", "97490", "00000"], "/postcodes/{}"),
            "/styles/{style}" => each(&["parvis-light.json"], "/styles/{}"),
            "/fonts/{path}" => each(&["nothing.woff2"], "/fonts/{}"),
            "/assets/{path}" => each(&["nothing.js"], "/assets/{}"),
            "/editions/{edition}" => vec![format!("/editions/{}", self.edition)],
            "/editions/{edition}/{file}" => {
                self.files.iter().map(|f| format!("/editions/{}/{f}", self.edition)).collect()
            }
            "/downloads/{file}" => self.files.iter().map(|f| format!("/downloads/{f}")).collect(),
            other => panic!("the leak test does not know {other}: say in tests/leaks/routes.rs how it is asked"),
        }
    }

    fn pages_of_items(&self) -> Vec<String> {
        let mut out = Vec::new();
        for collection in self.listed("collection") {
            for f in self.listed("fItems") {
                let url = format!("/collections/{collection}/items?f={f}&limit=50000");
                out.push(url.clone());
                out.extend(FILTERS.map(|filter| format!("{url}&{filter}")));
            }
        }
        out
    }

    /// Whole collections, and selections, which are put together in another way.
    fn exports(&self) -> Vec<String> {
        let mut out = Vec::new();
        for collection in self.listed("collection") {
            for f in self.listed("fExport") {
                let url = format!("/collections/{collection}/export?f={f}");
                out.push(format!("{url}&bbox=-180,-90,180,90"));
                out.push(url);
            }
        }
        out
    }

    fn counts(&self, how: &str) -> Vec<String> {
        let of_units = ["kind", "postcode"];
        let by = |collection: &str, field: &String| {
            matches!(collection, "actors" | "events") || of_units.contains(&field.as_str())
        };
        let fields = self.listed("by");
        let urls = |collection: String| {
            let fields: Vec<String> = fields.iter().filter(|field| by(&collection, field)).cloned().collect();
            fields.into_iter().map(move |field| format!("/collections/{collection}/{how}&by={field}"))
        };
        self.listed("collection").into_iter().flat_map(urls).collect()
    }

    fn single_items(&self) -> Vec<String> {
        let units = UNITS.map(|unit| {
            let collection = if unit.starts_with("region") { "regions" } else { "municipalities" };
            format!("/collections/{collection}/items/{unit}")
        });
        let items = self.items.iter().map(|(collection, id)| format!("/collections/{collection}/items/{id}"));
        items.chain(units).flat_map(|url| [format!("{url}?f=html"), url]).collect()
    }

    /// The tiles around all places, of every tileset at every zoom.
    fn tiles(&self) -> Vec<String> {
        let mut out = Vec::new();
        for tileset in self.listed("tileset") {
            out.extend((0..=14).flat_map(|z| self.tiles_at(z)).map(|t| format!("/tiles/{tileset}/{t}")));
        }
        out
    }

    /// The same of every collection, at some zooms.
    fn collection_tiles(&self) -> Vec<String> {
        let mut out = Vec::new();
        for collection in self.listed("collection") {
            let tile = |t: TileCoord| format!("WebMercatorQuad/{}/{}/{}", t.z(), t.y(), t.x());
            let tiles = [0, 9, 12].into_iter().flat_map(|z| self.tiles_at(z)).map(tile);
            out.extend(tiles.map(|tile| format!("/collections/{collection}/tiles/{tile}")));
        }
        out
    }

    fn tiles_at(&self, z: u8) -> Vec<TileCoord> {
        let at = |(lon, lat): &(f64, f64)| TileCoord::containing(LonLat::new(*lon, *lat).unwrap().to_world(), z);
        let mut tiles: Vec<TileCoord> = self.places.iter().map(at).collect();
        tiles.sort_unstable_by_key(|t| (t.x(), t.y()));
        tiles.dedup();
        tiles
    }
}
