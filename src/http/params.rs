//! The query string, strictly: a parameter that a URL does not know is an error. Pages for people pass over it, for their
//! links go through services that hang names of their own on them.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::error::ApiError;

/// The longest query string, in bytes.
pub const MAX_QUERY: usize = 8192;

/// The most values that one parameter takes: what stands between its commas, empty or not.
pub const MAX_VALUES: usize = 200;

/// Texts, in which a comma parts nothing.
const TEXTS: [&str; 3] = ["q", "filter", "url"];

/// The parameters of one request, decoded, each at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Decodes a query string (`application/x-www-form-urlencoded`). `known`: the names that the URL takes.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for an unknown or repeated name, for more than [`MAX_VALUES`] values, and for text that is
    /// not UTF-8 or holds control characters.
    pub fn parse(query: Option<&str>, known: &[&str]) -> Result<Self, ApiError> {
        let mut found = Self::default();
        for pair in pairs(query) {
            let (name, value) = (decode(pair.0)?, decode(pair.1)?);
            if !known.contains(&name.as_str()) {
                let list = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(ApiError::BadRequest(format!("unknown parameter `{}`; known: {list}", cut(&name))));
            }
            found.add(name, value)?;
        }
        Ok(found)
    }

    /// As [`Params::parse`], for a page that people pass on: what others hang on a link (`utm_source`, `fbclid`) is passed
    /// over.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for a known name that is repeated, has too many values or whose value is no text.
    pub fn parse_page(query: Option<&str>, known: &[&str]) -> Result<Self, ApiError> {
        let mut found = Self::default();
        for (name, value) in pairs(query) {
            match decode(name) {
                Ok(name) if known.contains(&name.as_str()) => found.add(name, decode(value)?)?,
                _ => {}
            }
        }
        Ok(found)
    }

    /// As [`Params::parse_page`], for the map, which opens whatever its link has become: a value that is no text is passed
    /// over too, and so is what is given again.
    pub fn parse_link(query: Option<&str>, known: &[&str]) -> Self {
        let mut found = Self::default();
        for (name, value) in pairs(query) {
            let (Ok(name), Ok(value)) = (decode(name), decode(value)) else { continue };
            if known.contains(&name.as_str()) && found.given(&name).is_none() {
                found.0.push((name, value));
            }
        }
        found
    }

    fn add(&mut self, name: String, value: String) -> Result<(), ApiError> {
        if self.given(&name).is_some() {
            return Err(ApiError::BadRequest(format!(
                "`{name}` is given twice; several values go in one, with commas"
            )));
        }
        if !TEXTS.contains(&name.as_str()) && value.split(',').nth(MAX_VALUES).is_some() {
            return Err(ApiError::BadRequest(format!("`{name}` takes {MAX_VALUES} values at most")));
        }
        self.0.push((name, value));
        Ok(())
    }

    /// The value of a parameter, as a form sends it: an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|v| !v.is_empty())
    }

    /// The value of a parameter, empty or not.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The values of a parameter, parted by commas and trimmed; empty ones are left out.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).unwrap_or_default().split(',').map(str::trim).filter(|v| !v.is_empty())
    }

    /// All parameters but some, encoded again: for links.
    pub fn without(&self, names: &[&str]) -> String {
        let kept = self.0.iter().filter(|(n, v)| !names.contains(&n.as_str()) && !v.is_empty());
        kept.map(|(n, v)| format!("{n}={}", encode(v))).collect::<Vec<_>>().join("&")
    }

    /// A finite number.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] when it is something else.
    pub fn number(&self, name: &str) -> Result<Option<f64>, ApiError> {
        let Some(text) = self.given(name) else { return Ok(None) };
        match text.trim().parse::<f64>() {
            Ok(n) if n.is_finite() => Ok(Some(n)),
            _ => Err(ApiError::BadRequest(format!("`{name}` must be a number, not `{}`", cut(text)))),
        }
    }

    /// How many: `default` when absent, never more than `max`.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for 0 and for what is not a whole number.
    pub fn limit(&self, default: usize, max: usize) -> Result<usize, ApiError> {
        let Some(text) = self.given("limit") else { return Ok(default) };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // A number too large for u64 is still a number: it is clamped as every other.
        let n = if digits { text.parse::<u64>().unwrap_or(u64::MAX) } else { 0 };
        if n == 0 {
            return Err(ApiError::BadRequest(format!(
                "`limit` must be a whole number of 1 or more, not `{}`",
                cut(text)
            )));
        }
        Ok(usize::try_from(n).unwrap_or(usize::MAX).min(max))
    }

    /// The index in `formats` of the format asked by `f`; `None` when it is not given.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for a format that the URL does not have.
    pub fn format(&self, formats: &[&str]) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.given("f") else { return Ok(None) };
        let at = formats.iter().position(|f| *f == text);
        at.map(Some).ok_or_else(|| ApiError::BadRequest(format!("`f` must be one of {}", formats.join(", "))))
    }
}

/// The start of a text, for a message: what a client sent is never echoed at length.
pub fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(80) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

/// The pairs of a query, as sent.
fn pairs(query: Option<&str>) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn decode(text: &str) -> Result<String, ApiError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|e| ApiError::BadRequest(format!("the query is not UTF-8: {e}")))?;
    if decoded.chars().any(char::is_control) {
        return Err(ApiError::BadRequest("the query holds control characters".to_owned()));
    }
    Ok(decoded.into_owned())
}

/// Encodes a value for a query or a path segment; `:`, `,`, `@` and `/` of ids and lists stay readable.
pub fn encode(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b',').remove(b'@');
    utf8_percent_encode(text, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["limit", "q", "f", "lon"];

    fn parse(query: &str) -> Result<Params, ApiError> {
        Params::parse(Some(query), KNOWN)
    }

    #[test]
    fn values_are_decoded_and_empty_ones_are_absent() {
        let params = parse("q=Saint-Andr%C3%A9+de&lon=&f=json").unwrap();
        assert_eq!(params.get("q"), Some("Saint-André de"));
        assert_eq!(params.get("lon"), None);
        assert_eq!(params.without(&["f"]), "q=Saint-Andr%C3%A9%20de");
        assert_eq!(Params::parse(None, KNOWN).unwrap(), Params::default());
        assert_eq!(parse("q=a,,b , c").unwrap().list("q").collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_unknown_repeated_or_not_text_is_refused() {
        for bad in ["x=1", "q=1&q=2", "q=%ff", "q=%00", "q=a%0d%0ab", "Limit=1", "%71%00=1"] {
            assert!(matches!(parse(bad), Err(ApiError::BadRequest(_))), "{bad}");
        }
    }

    #[test]
    fn values_are_counted_empty_or_not_but_texts_are_one() {
        let commas = |name: &str, count: usize| format!("{name}={}", ",".repeat(count));
        assert!(parse(&commas("f", MAX_VALUES - 1)).is_ok());
        assert!(matches!(parse(&commas("f", MAX_VALUES)), Err(ApiError::BadRequest(_))));
        assert!(parse(&commas("q", MAX_VALUES)).is_ok());
    }

    #[test]
    fn the_link_of_a_map_is_read_as_far_as_it_can_be() {
        let link = "q=%00&&lon=%ff&%00=1&f=html&utm_source=x&f=json&limit=5";
        assert_eq!(Params::parse_link(Some(link), KNOWN), parse("f=html&limit=5").unwrap());
    }

    #[test]
    fn a_page_passes_over_what_it_does_not_know_and_nothing_else() {
        let params = Params::parse_page(Some("fbclid=%ff&limit=5&utm_source=a&utm_source=b&%ff=1"), KNOWN).unwrap();
        assert_eq!(params, parse("limit=5").unwrap());
        for bad in ["q=1&q=2", "q=%ff", "q=%00"] {
            assert!(Params::parse_page(Some(bad), KNOWN).is_err(), "{bad}");
        }
    }

    #[test]
    fn limits_are_clamped_and_checked() {
        for (query, expected) in
            [("", 100), ("limit=5", 5), ("limit=99999999", 50_000), ("limit=99999999999999999999999", 50_000)]
        {
            assert_eq!(parse(query).unwrap().limit(100, 50_000).unwrap(), expected, "{query}");
        }
        for bad in ["limit=0", "limit=", "limit", "limit=-1", "limit=ten", "limit=1.5", "limit=+1"] {
            assert!(parse(bad).unwrap().limit(100, 50_000).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_finite() {
        assert_eq!(parse("lon=-2.5e1").unwrap().number("lon").unwrap(), Some(-25.0));
        for bad in ["lon=NaN", "lon=", "lon=inf", "lon=1e999", "lon=x"] {
            assert!(parse(bad).unwrap().number("lon").is_err(), "{bad}");
        }
    }
}
