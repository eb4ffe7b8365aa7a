//! What others show beside a link to a page of ours: `og:image` of Open Graph, a PNG or JPEG.

use std::sync::OnceLock;

use bytes::Bytes;
use imagesize::{ImageType, blob_size, image_type};
use parvis_model::id::hex;
use sha2::{Digest, Sha256};

/// Made by `styles/builder/picture.mjs`.
const OURS: &[u8] = include_bytes!("../../styles/picture.png");
/// In pixels: what is smaller is shown as a stamp beside the title, and not above it.
const WIDE: [u32; 2] = [600, 315];

/// A picture, and where it is served.
#[derive(Debug, Clone)]
pub struct Picture {
    bytes: Bytes,
    media: &'static str,
    size: [u32; 2],
    path: String,
    ours: bool,
}

impl Picture {
    /// Ours: of no territory, and so for every one.
    pub fn ours() -> &'static Self {
        static PICTURE: OnceLock<Picture> = OnceLock::new();
        PICTURE.get_or_init(|| {
            let bytes = Bytes::from_static(OURS);
            // The file is part of the program, and a test reads its head.
            Self { ours: true, ..Self::new(bytes, "image/png", [1200, 630]) }
        })
    }

    /// An operator's; `None` for what is no PNG or JPEG.
    pub fn read(bytes: Bytes) -> Option<Self> {
        let media = match image_type(&bytes).ok()? {
            ImageType::Png => "image/png",
            ImageType::Jpeg => "image/jpeg",
            _ => return None,
        };
        let size = blob_size(&bytes).ok()?;
        let size = [u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?];
        Some(Self::new(bytes, media, size))
    }

    fn new(bytes: Bytes, media: &'static str, size: [u32; 2]) -> Self {
        let ending = if media == "image/png" { "png" } else { "jpg" };
        let path = format!("/assets/picture-{}.{ending}", hex(&Sha256::digest(&bytes)[..6]));
        Self { bytes, media, size, path, ours: false }
    }

    /// Its bytes.
    pub const fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Its media type.
    pub const fn media(&self) -> &'static str {
        self.media
    }

    /// Width and height, in pixels.
    pub const fn size(&self) -> [u32; 2] {
        self.size
    }

    /// Its path, named by its hash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether no operator gave it.
    pub const fn is_ours(&self) -> bool {
        self.ours
    }

    /// Whether it is large enough to stand above a title.
    pub const fn is_wide(&self) -> bool {
        self.size[0] >= WIDE[0] && self.size[1] >= WIDE[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_is_what_it_says() {
        let read = Picture::read(Bytes::from_static(OURS)).unwrap();
        let ours = Picture::ours();
        assert_eq!((read.media(), read.size(), read.path()), (ours.media(), ours.size(), ours.path()));
        assert!(ours.is_ours() && ours.is_wide() && !read.is_ours());
        assert!(OURS.len() < 200_000);
    }

    #[test]
    fn only_png_and_jpeg_are_pictures() {
        // A JPEG of three by two: start, a frame header, no more.
        let jpeg: &[u8] = b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00";
        let read = Picture::read(Bytes::from_static(jpeg)).unwrap();
        assert_eq!((read.media(), read.size(), read.is_wide()), ("image/jpeg", [3, 2], false));
        assert_eq!(read.path().rsplit_once('.').map(|(_, ending)| ending), Some("jpg"));
        for bad in [&b""[..], b"GIF89a\x01\x00\x01\x00", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n"] {
            assert!(Picture::read(Bytes::from_static(bad)).is_none(), "{bad:?}");
        }
    }
}
