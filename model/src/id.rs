//! Identifiers that say what they name and where it comes from.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{AdminLevel, Instant};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // Equality, order and hash are those of the text.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// The id of an administrative unit: `municipality:97411`.
    UnitId
}
text_id! {
    /// The id of an actor: `actor:<source>:<key>`.
    ActorId
}
text_id! {
    /// The id of an event: `event:<source>:<key>@<start UTC>`.
    EventId
}

impl UnitId {
    /// The id of a unit by its official code.
    pub fn new(level: AdminLevel, code: &str) -> Self {
        Self(format!("{}:{code}", level.prefix()).into())
    }

    /// The id of a unit without a code, or whose code another unit already has:
    /// `neighbourhood:osm-r<relation>`, `municipality:01001:osm-r<relation>`.
    pub fn of_relation(level: AdminLevel, code: Option<&str>, relation: i64) -> Self {
        match code {
            Some(code) => Self(format!("{}:{code}:osm-r{relation}", level.prefix()).into()),
            None => Self(format!("{}:osm-r{relation}", level.prefix()).into()),
        }
    }

    /// Parses `prefix:code`; `None` when the prefix is no level or the code is empty or holds
    /// anything but letters, digits, `-`, `_`, `.` and `:`.
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, code) = text.split_once(':')?;
        AdminLevel::from_prefix(prefix)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        (!code.is_empty() && code.len() <= 80 && code.chars().all(plain)).then(|| Self(text.into()))
    }

    /// The level, from the prefix.
    pub fn level(&self) -> AdminLevel {
        let prefix = self.0.split(':').next().unwrap_or_default();
        AdminLevel::from_prefix(prefix).unwrap_or(AdminLevel::Country)
    }

    /// The code after the prefix.
    pub fn code(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, code)| code)
    }
}

impl ActorId {
    /// The id of a source's record; a key that is not plain is replaced by its hash, see [`key`].
    pub fn new(source: &str, record_key: &str) -> Self {
        Self(format!("actor:{source}:{}", key(record_key)).into())
    }

    /// Takes a full id (`actor:source:key`) as it stands in a file; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (source, record_key) = text.strip_prefix("actor:")?.split_once(':')?;
        (!source.is_empty() && is_plain_key(source) && is_plain_key(record_key)).then(|| Self(text.into()))
    }
}

impl EventId {
    /// The id of one occurrence: `event:<source>:<key>@20261121T190000Z`.
    pub fn new(source: &str, record_key: &str, start: Instant) -> Self {
        Self(format!("event:{source}:{}@{}", key(record_key), start.compact()).into())
    }
}

/// A record key fit for an id: itself when it matches `[A-Za-z0-9._-]{1,80}`, else 16 hex digits
/// of the SHA-256 of the text.
pub fn key(text: &str) -> String {
    if is_plain_key(text) { text.to_owned() } else { hex(&Sha256::digest(text.as_bytes())[..8]) }
}

fn is_plain_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=80).contains(&text.len()) && text.chars().all(plain)
}

/// The feature id in vector tiles: the first 53 bits of SHA-256(id), which a JavaScript number
/// holds exactly. Collisions are checked when an edition is built.
pub fn mvt_id(id: &str) -> u64 {
    let digest = Sha256::digest(id.as_bytes());
    let mut first = [0u8; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first) >> 11
}

/// Lower-case hexadecimal digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_ids_are_checked() {
        assert_eq!(UnitId::parse("municipality:97411").unwrap().code(), "97411");
        assert_eq!(UnitId::parse("country:989").unwrap().level(), AdminLevel::Country);
        for bad in ["", "municipality:", "city:1", "97411", "municipality:../x", "region:0 4"] {
            assert_eq!(UnitId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_key_that_is_not_plain_becomes_its_hash() {
        assert_eq!(key("ex-000001"), "ex-000001");
        assert_eq!(key("a b").len(), 16);
        assert_eq!(key(&"x".repeat(81)).len(), 16);
    }

    #[test]
    fn feature_ids_fit_in_53_bits() {
        assert!(mvt_id("municipality:97411") < 1 << 53);
        assert_ne!(mvt_id("region:04"), mvt_id("department:974"));
    }
}
