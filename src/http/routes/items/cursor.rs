//! Where a page begins. Opaque to clients.

use crate::http::answer::fingerprint;
use crate::http::error::ApiError;

/// An edition, a place in an order of its rows, and what tells that order from others.
///
/// `2026-11-21T10-00-00Z-abcd1234.300` for the order of the files, `….300-1f2e3d4c5b6a7988` for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor<'a> {
    pub(super) edition: &'a str,
    /// The place of the first row, counting from 0.
    pub(super) at: u32,
    order: Option<&'a str>,
}

impl<'a> Cursor<'a> {
    /// # Errors
    /// [`ApiError::BadRequest`] for a text that is none of ours.
    pub(super) fn parse(text: &'a str) -> Result<Self, ApiError> {
        let parse = || {
            let (edition, place) = text.rsplit_once('.')?;
            let (at, order) = place.split_once('-').map_or((place, None), |(at, order)| (at, Some(order)));
            let digits = !at.is_empty() && at.bytes().all(|b| b.is_ascii_digit());
            Some(Self { edition, at: at.parse().ok().filter(|_| digits)?, order })
        };
        parse()
            .ok_or_else(|| ApiError::BadRequest("`cursor` is not one of ours: take it from a `next` link".to_owned()))
    }

    /// Checks that it was made for this order; `None` is that of the files.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] when it was made for another.
    pub(super) fn check(&self, order: Option<&str>) -> Result<(), ApiError> {
        if self.order == order.map(fingerprint_of).as_deref() {
            return Ok(());
        }
        Err(ApiError::BadRequest("`cursor` belongs to another `sortby`: take it from a `next` link".to_owned()))
    }
}

/// The text of a cursor.
pub(super) fn text(edition: &str, at: u32, order: Option<&str>) -> String {
    match order {
        None => format!("{edition}.{at}"),
        Some(order) => format!("{edition}.{at}-{}", fingerprint_of(order)),
    }
}

fn fingerprint_of(order: &str) -> String {
    fingerprint(&[order])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_an_edition_and_a_place() {
        let cursor = Cursor::parse("2026-11-21T10-00-00Z-abcd1234.7").unwrap();
        assert_eq!((cursor.edition, cursor.at), ("2026-11-21T10-00-00Z-abcd1234", 7));
        for bad in ["", ".", "x", "x.", "x.-1", "x.99999999999", "x.1e3", "x.+1", "x.-", "x.a-1"] {
            assert!(Cursor::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cursor_keeps_to_its_order() {
        let sorted = text("e", 3, Some("-name"));
        let cursor = Cursor::parse(&sorted).unwrap();
        assert_eq!(cursor.at, 3);
        assert!(cursor.check(Some("-name")).is_ok());
        assert!(cursor.check(Some("name")).is_err() && cursor.check(None).is_err());
        assert!(Cursor::parse("e.3").unwrap().check(None).is_ok());
        assert!(Cursor::parse("e.3").unwrap().check(Some("name")).is_err());
    }
}
