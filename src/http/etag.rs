//! Entity tags and the conditions on them (RFC 9110, sections 8.8.3 and 13.1).

use http::{HeaderMap, HeaderValue, header};

use super::negotiate::Encoding;

/// The validator of one answer, before its coding: each coding adds its own suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    opaque: String,
    weak: bool,
}

impl Tag {
    /// A strong validator. `opaque` must be of letters, digits, `.` and `-`.
    pub const fn strong(opaque: String) -> Self {
        Self { opaque, weak: false }
    }

    /// The weak form, for answers that carry the time they were made.
    #[must_use]
    pub fn weakened(self) -> Self {
        Self { weak: true, ..self }
    }

    /// The validator of one of several forms at one URL. `variant` must be of letters, digits, `.` and `-`.
    #[must_use]
    pub fn in_variant(self, variant: &str) -> Self {
        Self { opaque: format!("{}-{variant}", self.opaque), ..self }
    }

    /// The header value for a coding.
    pub fn header(&self, encoding: Encoding) -> HeaderValue {
        let prefix = if self.weak { "W/" } else { "" };
        let text = format!("{prefix}\"{}{}\"", self.opaque, encoding.suffix());
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("W/\"unknown\""))
    }

    /// Whether `If-None-Match` names this answer in any coding, by weak comparison, in a list or by `*`;
    /// gives the tag to answer 304 with: the one the client holds.
    pub fn none_match(&self, headers: &HeaderMap, chosen: Encoding) -> Option<HeaderValue> {
        headers.get_all(header::IF_NONE_MATCH).iter().find_map(|value| {
            let text = value.to_str().ok()?;
            if text.trim() == "*" {
                return Some(self.header(chosen));
            }
            members(text).find_map(|held| {
                let encoding = Encoding::ALL
                    .into_iter()
                    .find(|e| held.strip_prefix(self.opaque.as_str()).is_some_and(|rest| rest == e.suffix()))?;
                Some(self.header(encoding))
            })
        })
    }
}

/// The opaque tags of a list, weak or strong, without their quotes.
fn members(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter_map(|member| {
        let member = member.trim();
        member.strip_prefix("W/").unwrap_or(member).strip_prefix('"')?.strip_suffix('"')
    })
}

/// Whether a header value holds exactly this strong tag, as `If-Range` needs (a date never matches).
pub fn if_range_matches(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(header::IF_RANGE).is_none_or(|value| value.as_bytes() == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none_match(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn any_coding_weak_or_in_a_list_matches() {
        let tag = Tag::strong("abc-1".into());
        for value in ["\"abc-1-g\"", "W/\"abc-1-g\"", "\"x\", \"abc-1-z\"", "\"x\",W/\"abc-1-i\"", "*"] {
            assert!(tag.none_match(&none_match(value), Encoding::Gzip).is_some(), "{value}");
        }
        for value in ["\"abc-1\"", "abc-1-g", "\"abc-1-gg\"", "\"abc-12-g\"", "\"\"", ""] {
            assert!(tag.none_match(&none_match(value), Encoding::Gzip).is_none(), "{value}");
        }
    }

    #[test]
    fn the_client_is_told_the_tag_that_it_holds() {
        let tag = Tag::strong("a".into());
        assert_eq!(tag.none_match(&none_match("\"a-z\""), Encoding::Gzip).unwrap(), "\"a-z\"");
        assert_eq!(tag.none_match(&none_match("*"), Encoding::Gzip).unwrap(), "\"a-g\"");
        assert_eq!(Tag::strong("a".into()).weakened().header(Encoding::Identity), "W/\"a-i\"");
    }

    #[test]
    fn if_range_is_exact() {
        let with = |v: &'static str| HeaderMap::from_iter([(header::IF_RANGE, HeaderValue::from_static(v))]);
        assert!(if_range_matches(&HeaderMap::new(), "\"a\""));
        assert!(if_range_matches(&with("\"a\""), "\"a\""));
        assert!(!if_range_matches(&with("W/\"a\""), "\"a\""));
        assert!(!if_range_matches(&with("Wed, 21 Oct 2015 07:28:00 GMT"), "\"a\""));
    }
}
