//! The page's files and the styles, embedded in the program.

use std::borrow::Cow;

use bytes::Bytes;
use parvis_model::id::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::negotiate::Encoding;

/// What the front-end's build leaves. Empty when the program was built without it: the page then is a plain list.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Web;

#[derive(RustEmbed)]
#[folder = "styles"]
#[include = "*.json"]
#[include = "ground.geojson"]
#[exclude = "*/*"]
struct Styles;

#[derive(RustEmbed)]
#[folder = "styles/icons"]
#[include = "*.svg"]
struct Icons;

#[derive(RustEmbed)]
#[folder = "styles/sprites"]
#[include = "*.json"]
#[include = "*.png"]
struct Sprites;

#[derive(RustEmbed)]
#[folder = "styles/glyphs"]
#[include = "*.pbf"]
struct Glyphs;

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Where it is, under `web/dist`.
    pub path: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// Its media type.
    pub media: &'static str,
    /// 16 hex digits of its SHA-256.
    pub hash: String,
}

impl Asset {
    fn new(path: &str, file: EmbeddedFile) -> Self {
        let hash = hex(&file.metadata.sha256_hash()[..8]);
        Self { path: path.to_owned(), bytes: bytes_of(file.data), media: media_type(path), hash }
    }

    /// The codings that the front-end's build made of it: none of what is small or compressed already.
    pub fn codings(&self) -> Vec<Encoding> {
        CODED.iter().filter(|(_, ext)| Web::get(&format!("{}{ext}", self.path)).is_some()).map(|(e, _)| *e).collect()
    }

    /// The bytes in one of [`Self::codings`]; as they are in any other.
    pub fn coded(&self, encoding: Encoding) -> Bytes {
        let ext = CODED.iter().find(|(e, _)| *e == encoding).map(|(_, ext)| ext);
        let coded = ext.and_then(|ext| Web::get(&format!("{}{ext}", self.path)));
        coded.map_or_else(|| self.bytes.clone(), |file| bytes_of(file.data))
    }
}

/// Codings and the endings of their files beside the plain one; the best first.
const CODED: [(Encoding, &str); 2] = [(Encoding::Brotli, ".br"), (Encoding::Gzip, ".gz")];

fn bytes_of(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

/// A file of the page, by its path under `web/dist`; `None` when there is none of that name.
pub fn web(path: &str) -> Option<Asset> {
    let coded = CODED.iter().any(|(_, ext)| path.ends_with(ext));
    Web::get(path).filter(|_| !coded).map(|file| Asset::new(path, file))
}

/// A style, by its name without ending.
pub fn style(name: &str) -> Option<String> {
    let file = Styles::get(&format!("{name}.json"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// The names of the styles, sorted.
pub fn style_names() -> Vec<String> {
    let mut names: Vec<String> = Styles::iter().filter_map(|p| p.strip_suffix(".json").map(str::to_owned)).collect();
    names.sort_unstable();
    names
}

/// The icons of themes and kinds, by name.
pub fn icons() -> Vec<(String, String)> {
    let icon = |path: Cow<'static, str>| {
        let svg = String::from_utf8(Icons::get(&path)?.data.into_owned()).ok()?;
        Some((path.strip_suffix(".svg")?.to_owned(), svg))
    };
    Icons::iter().filter_map(icon).collect()
}

/// Land and borders of the world, for the ground of the styles.
pub fn ground() -> Option<Asset> {
    Styles::get("ground.geojson").map(|file| Asset::new("ground.geojson", file))
}

/// A file of a sprite: `parvis.json`, `parvis@2x.png`.
pub fn sprite(name: &str) -> Option<Asset> {
    Sprites::get(name).map(|file| Asset::new(name, file))
}

/// The glyphs of a range of 256 characters. `path`: a list of fonts by commas, of which the first that there is
/// counts, and the range: `Noto Sans Regular/0-255.pbf`. A range that the font does not have is empty, so that a
/// name in another script costs its own letters and not the whole label. `None` without such a font or range.
pub fn glyphs(path: &str) -> Option<Asset> {
    let (fonts, file) = path.split_once('/')?;
    let range = file.strip_suffix(".pbf")?.split_once('-')?;
    let (first, last) = (range.0.parse::<u32>().ok()?, range.1.parse::<u32>().ok()?);
    if !first.is_multiple_of(256) || Some(last) != first.checked_add(255) || last > u32::from(char::MAX) {
        return None;
    }
    let font = fonts.split(',').map(str::trim).find(|font| Glyphs::get(&format!("{font}/0-255.pbf")).is_some())?;
    let name = format!("{font}/{first}-{last}.pbf");
    let empty =
        || Asset { path: name.clone(), bytes: Bytes::new(), media: media_type(&name), hash: "empty".to_owned() };
    Some(Glyphs::get(&name).map_or_else(empty, |file| Asset::new(&name, file)))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ext)| ext) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "pbf" => "application/x-protobuf",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_embedded_by_name_alone() {
        assert!(style_names().contains(&"parvis-light".to_owned()));
        assert!(style("parvis-light").unwrap().contains("{base}"));
        for bad in ["", "../Cargo", "README", "nothing"] {
            assert!(style(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn sprites_glyphs_and_ground_are_there_and_nothing_else_is() {
        assert_eq!(style_names(), ["boundaries", "parvis-dark", "parvis-light"]);
        assert!(ground().unwrap().bytes.len() < 500_000);
        for name in ["parvis.json", "parvis.png", "parvis@2x.json", "parvis@2x.png"] {
            assert!(sprite(name).unwrap().bytes.len() < 40_000, "{name}");
        }
        assert!(glyphs("Noto Sans Regular/0-255.pbf").unwrap().bytes.len() > 50_000);
        assert!(glyphs("Arial, Noto Sans Bold/8192-8447.pbf").unwrap().bytes.len() > 1000);
        assert!(glyphs("Noto Sans Bold/1024-1279.pbf").unwrap().bytes.is_empty());
        assert!(glyphs("Noto Sans Bold/128512-128767.pbf").unwrap().bytes.is_empty(), "pictures in names");
        for bad in [
            "Arial/0-255.pbf",
            "Noto Sans Bold/0-254.pbf",
            "Noto Sans Bold/1-256.pbf",
            "Noto Sans Bold/0-255",
            "../icons/0-255.pbf",
            "Noto Sans Bold/1114112-1114367.pbf",
            "Noto Sans Bold/4294967040-4294967295.pbf",
        ] {
            assert!(glyphs(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_build_leaves_smaller_codings_of_what_is_text() {
        // What fits in one packet is left as it is: see `codings` in web/vite.config.ts.
        let scripts = Web::iter().filter(|p| p.ends_with(".js")).filter_map(|p| web(&p));
        let scripts: Vec<Asset> = scripts.filter(|file| file.bytes.len() >= 512).collect();
        assert!(!scripts.is_empty(), "build the page first: make web/dist/index.html");
        for file in scripts {
            assert_eq!(file.codings(), [Encoding::Brotli, Encoding::Gzip], "{}", file.path);
            let mut plain = Vec::new();
            let gzip = file.coded(Encoding::Gzip);
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*gzip), &mut plain).unwrap();
            assert_eq!(plain, file.bytes);
            let (plain, gzip, brotli) = (plain.len(), gzip.len(), file.coded(Encoding::Brotli).len());
            assert!(brotli < gzip && gzip < plain, "{plain} {gzip} {brotli}");
            assert!(web(&format!("{}.br", file.path)).is_none(), "only by its own name");
        }
        assert_eq!(media_type("fonts/x.woff2"), "font/woff2");
    }
}
