//! The page's files and the styles, embedded in the program.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use bytes::Bytes;
use parvis_model::id::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::code::{code_best, worth_coding};
use super::error::ApiError;
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
        let bytes = match file.data {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let hash = hex(&file.metadata.sha256_hash()[..8]);
        Self { path: path.to_owned(), bytes, media: media_type(path), hash }
    }

    /// The codings that are worth it: none for what is compressed already.
    pub fn codings(&self) -> &'static [Encoding] {
        let text = self.media.starts_with("text/") || self.media.contains("json") || self.media.contains("svg");
        if text && worth_coding(self.bytes.len()) { &[Encoding::Brotli, Encoding::Gzip] } else { &[] }
    }

    /// The bytes in a coding: made once, then kept for as long as the program runs.
    ///
    /// # Errors
    /// As [`code_best`].
    pub fn coded(&self, encoding: Encoding) -> Result<Bytes, ApiError> {
        type Kept = RwLock<HashMap<(String, Encoding), Bytes>>;
        static KEPT: OnceLock<Kept> = OnceLock::new();
        if encoding == Encoding::Identity {
            return Ok(self.bytes.clone());
        }
        let kept = KEPT.get_or_init(Kept::default);
        let key = (self.path.clone(), encoding);
        if let Some(bytes) = kept.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(bytes.clone());
        }
        let bytes = Bytes::from(code_best(encoding, &self.bytes)?);
        kept.write().unwrap_or_else(PoisonError::into_inner).insert(key, bytes.clone());
        Ok(bytes)
    }
}

/// A file of the page, by its path under `web/dist`; `None` when there is none of that name.
pub fn web(path: &str) -> Option<Asset> {
    Web::get(path).map(|file| Asset::new(path, file))
}

/// Codes every file of the page, so that the first visitor does not wait for it.
pub fn warm() {
    for path in Web::iter() {
        let Some(asset) = web(&path) else { continue };
        for &encoding in asset.codings() {
            // A coder that fails here fails again for the request, which reports it.
            let _ = asset.coded(encoding);
        }
    }
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
    fn a_coded_asset_is_smaller_and_the_same_again() {
        let file = Asset {
            path: "test-only.css".to_owned(),
            bytes: Bytes::from("a { color: red }\n".repeat(100)),
            media: media_type("x.css"),
            hash: String::new(),
        };
        assert_eq!(file.codings(), [Encoding::Brotli, Encoding::Gzip]);
        let coded = file.coded(Encoding::Brotli).unwrap();
        assert!(coded.len() < file.bytes.len());
        assert_eq!(file.coded(Encoding::Brotli).unwrap(), coded);
        assert_eq!(media_type("fonts/x.woff2"), "font/woff2");
    }
}
