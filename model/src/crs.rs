//! Coordinate reference systems: names, URIs and axis order. The only place that knows that
//! EPSG:4326 is written latitude first.

use std::fmt;

/// A coordinate reference system by the name PROJ knows it by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Crs(String);

impl Crs {
    /// The URI of CRS84 (degrees, longitude first), in which everything is stored.
    pub const CRS84_URI: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    /// CRS84.
    pub fn crs84() -> Self {
        Self("OGC:CRS84".to_owned())
    }

    /// Takes `EPSG:2154`, `epsg:2154`, `2154`, `OGC:CRS84`, `CRS84`, or an OGC URI or URN of one of these.
    /// `None` for anything else; whether PROJ knows the code is not asked here.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        if upper.ends_with("CRS84") {
            return Some(Self::crs84());
        }
        let digits = upper
            .strip_prefix("EPSG:")
            .or_else(|| upper.strip_prefix("HTTP://WWW.OPENGIS.NET/DEF/CRS/EPSG/0/"))
            .or_else(|| upper.strip_prefix("URN:OGC:DEF:CRS:EPSG::"))
            .unwrap_or(&upper);
        let code: u32 = digits.parse().ok()?;
        (1024..=99_999_999).contains(&code).then(|| Self(format!("EPSG:{code}")))
    }

    /// The name PROJ takes: `EPSG:2154`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URI that OGC APIs use.
    pub fn uri(&self) -> String {
        match self.0.strip_prefix("EPSG:") {
            Some(code) => format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
            None => Self::CRS84_URI.to_owned(),
        }
    }

    /// Whether coordinates already are longitude and latitude in degrees of WGS 84.
    /// Tables that say EPSG:4326 name their columns, so the order of the axes does not matter there.
    pub fn is_lonlat(&self) -> bool {
        matches!(self.0.as_str(), "OGC:CRS84" | "EPSG:4326")
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_lambert_93_is_one_crs() {
        for text in [
            "EPSG:2154",
            "epsg:2154",
            " 2154",
            "http://www.opengis.net/def/crs/EPSG/0/2154",
            "urn:ogc:def:crs:EPSG::2154",
        ] {
            assert_eq!(Crs::parse(text).unwrap().as_str(), "EPSG:2154", "{text}");
        }
        assert_eq!(Crs::parse(Crs::CRS84_URI), Some(Crs::crs84()));
        assert_eq!(Crs::parse("EPSG:2154").unwrap().uri(), "http://www.opengis.net/def/crs/EPSG/0/2154");
        for bad in ["", "EPSG:", "Lambert", "EPSG:12", "EPSG:-2154"] {
            assert_eq!(Crs::parse(bad), None, "{bad}");
        }
    }
}
