//! Content negotiation: `Accept-Encoding` and `Accept` (RFC 9110, sections 12.4 and 12.5).

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Part of the `User-Agent` of those that fetch a page to show what a link leads to, as their makers document it.
const LINK_PREVIEWERS: [&str; 14] = [
    "bluesky",
    "discordbot",
    "facebookexternalhit",
    "iframely",
    "linkedinbot",
    "mastodon/",
    "meta-externalfetcher",
    "pinterestbot",
    "redditbot",
    "skypeuripreview",
    "slackbot",
    "synapse",
    "twitterbot",
    "whatsapp/",
];

/// How a body is coded on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
    /// Brotli.
    Brotli,
}

impl Encoding {
    /// All, so that a validator can be compared with each.
    pub const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Zstd, Self::Brotli];

    /// The token of `Content-Encoding`; `None` for identity, which is never written.
    pub const fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
            Self::Brotli => Some("br"),
        }
    }

    /// The header value of [`Self::token`].
    pub fn header(self) -> Option<HeaderValue> {
        self.token().map(HeaderValue::from_static)
    }

    /// What an entity tag ends with, so that each coding has its own.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Identity => "-i",
            Self::Gzip => "-g",
            Self::Zstd => "-z",
            Self::Brotli => "-b",
        }
    }
}

/// Whether the client takes gzip: the quick question of the tile path, without lists or sorting.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    best_encoding(headers, &[Encoding::Gzip]) == Encoding::Gzip
}

/// The coding to use, out of those `available` (best first for us); identity when the client takes none
/// of them or likes it better. Without the header nothing is compressed.
pub fn best_encoding(headers: &HeaderMap, available: &[Encoding]) -> Encoding {
    let mut best = (Encoding::Identity, 0);
    let quality = |name: &str| quality_of(headers, &header::ACCEPT_ENCODING, |token| token.eq_ignore_ascii_case(name));
    for &encoding in available {
        let Some(token) = encoding.token() else { continue };
        let q = quality(token).or_else(|| quality("*")).unwrap_or(0);
        if q > best.1 {
            best = (encoding, q);
        }
    }
    // Identity is always acceptable, but only wins where the client asks for it by a higher weight.
    if quality("identity").is_some_and(|q| q > best.1) { Encoding::Identity } else { best.0 }
}

/// What the client would rather have: the index of the best of `offers` (each a list of media types
/// that mean it), the first where it has no preference or takes none.
pub fn best_media(headers: &HeaderMap, offers: &[&[&str]]) -> usize {
    let mut best = (0, 0);
    for (i, types) in offers.iter().enumerate() {
        let q = types.iter().filter_map(|media| media_quality(headers, media)).max().unwrap_or(0);
        if q > best.1 {
            best = (i, q);
        }
    }
    best.0
}

/// Whether the client leaves the media type to us: no `Accept`, or any.
pub fn takes_any_media(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok());
    let mut ranges = lines.flat_map(|line| line.split(',')).filter_map(|range| range.split(';').next());
    ranges.all(|range| matches!(range.trim(), "" | "*/*"))
}

/// Whether the client makes the preview of a link that somebody sent. Most of them take any media and read HTML alone,
/// where clients of OGC APIs that take any mean JSON; so they are known by what they call themselves.
pub fn previews_links(headers: &HeaderMap) -> bool {
    let agent = headers.get(header::USER_AGENT).map(HeaderValue::as_bytes).unwrap_or_default();
    let named = |name: &&str| agent.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()));
    takes_any_media(headers) && LINK_PREVIEWERS.iter().any(named)
}

/// The weight of one media type, by the most specific range that matches it.
fn media_quality(headers: &HeaderMap, media: &str) -> Option<u16> {
    let main = media.split('/').next().unwrap_or_default();
    let exactly = quality_of(headers, &header::ACCEPT, |range| range.eq_ignore_ascii_case(media));
    exactly
        .or_else(|| {
            quality_of(headers, &header::ACCEPT, |range| {
                range.strip_suffix("/*").is_some_and(|m| m != "*" && m.eq_ignore_ascii_case(main))
            })
        })
        .or_else(|| quality_of(headers, &header::ACCEPT, |range| range == "*/*"))
}

/// The weight of a language (`fr`), by the ranges that name it or a region of it (`fr-CA`), else by `*`.
pub fn language_quality(headers: &HeaderMap, code: &str) -> Option<u16> {
    let of = |range: &str| range.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case(code));
    quality_of(headers, &header::ACCEPT_LANGUAGE, of)
        .or_else(|| quality_of(headers, &header::ACCEPT_LANGUAGE, |range| range == "*"))
}

/// The weight (0 to 1000) of the list members for which `is` holds, the highest; `None` when there is none.
fn quality_of(headers: &HeaderMap, name: &HeaderName, is: impl Fn(&str) -> bool) -> Option<u16> {
    let lines = headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
    let members = lines.flat_map(|line| line.split(','));
    members
        .filter_map(|member| {
            let mut parts = member.split(';').map(str::trim);
            let token = parts.next()?;
            is(token).then(|| parts.find_map(weight).unwrap_or(1000))
        })
        .max()
}

/// `q=0.5` as 500; `None` for another parameter. What is not a number weighs nothing.
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let q: f32 = value.trim().parse().unwrap_or(0.0);
    Some((q.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn the_coding_follows_the_weights() {
        use Encoding::{Brotli, Gzip, Identity, Zstd};
        for (value, expected) in [
            ("gzip", Gzip),
            ("GZIP", Gzip),
            ("gzip, deflate, br, zstd", Zstd),
            ("gzip;q=1, zstd;q=0.5", Gzip),
            ("gzip;q=0", Identity),
            ("*", Zstd),
            ("*;q=0.1, zstd;q=0", Gzip),
            ("identity, gzip;q=0.2", Identity),
            ("gzip;q=abc", Identity),
            ("deflate", Identity),
            ("", Identity),
        ] {
            assert_eq!(best_encoding(&with(header::ACCEPT_ENCODING, value), &[Zstd, Gzip]), expected, "{value}");
        }
        assert_eq!(best_encoding(&HeaderMap::new(), &[Zstd, Gzip]), Identity, "no header, no coding");
        assert_eq!(best_encoding(&with(header::ACCEPT_ENCODING, "br, gzip"), &[Brotli, Gzip]), Brotli);
        assert!(accepts_gzip(&with(header::ACCEPT_ENCODING, "br, gzip;q=0.8")));
        assert!(!accepts_gzip(&with(header::ACCEPT_ENCODING, "zstd")));
    }

    #[test]
    fn the_media_type_follows_the_most_specific_range() {
        const JSON: &[&str] = &["application/geo+json", "application/json"];
        const OFFERS: &[&[&str]] = &[JSON, &["text/csv"]];
        for (value, expected) in [
            ("text/csv", 1),
            ("*/*", 0),
            ("application/xml", 0),
            ("text/*;q=0.9, application/json;q=0.1", 1),
            ("text/html,application/xhtml+xml,*/*;q=0.8", 0),
            ("text/csv;q=0, */*", 0),
        ] {
            assert_eq!(best_media(&with(header::ACCEPT, value), OFFERS), expected, "{value}");
        }
        assert_eq!(best_media(&HeaderMap::new(), OFFERS), 0);
    }
}
