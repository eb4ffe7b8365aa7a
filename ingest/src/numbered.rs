//! Records with their place in the source.

/// A record and where it stands, as issues name it: `line 12`, `UID ex-1@example.org`.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbered<T> {
    /// The place.
    pub place: String,
    /// The record.
    pub record: T,
}
