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
struct Styles;

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

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ext)| ext) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
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
    fn the_build_leaves_smaller_codings_of_what_is_text() {
        let scripts: Vec<Asset> = Web::iter().filter(|p| p.ends_with(".js")).filter_map(|p| web(&p)).collect();
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
