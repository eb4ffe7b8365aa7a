//! French or English: by `lang`, else by `Accept-Language` (RFC 9110, section 12.5.4), else French.

use http::HeaderMap;

use super::text::{EN, FR, Text};
use crate::http::error::ApiError;
use crate::http::negotiate::language_quality;
use crate::http::params::{Params, cut};

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// French, the default.
    Fr,
    /// English.
    En,
}

/// The language of an answer and who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spoken {
    /// It.
    pub(crate) lang: Lang,
    /// Whether the URL names it; else the header chose, and caches have to know.
    pub(crate) named: bool,
}

impl Lang {
    /// Both, the default first.
    pub(crate) const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// `fr`, `en`: of `<html lang>`, of `?lang=`.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// `fr_FR`, `en_GB`: of `og:locale`.
    pub(crate) const fn locale(self) -> &'static str {
        match self {
            Self::Fr => "fr_FR",
            Self::En => "en_GB",
        }
    }

    /// Its name in itself.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
        }
    }

    /// Whether it is French.
    pub(crate) const fn is_fr(self) -> bool {
        matches!(self, Self::Fr)
    }

    /// Its messages.
    pub(crate) const fn text(self) -> &'static Text {
        match self {
            Self::Fr => &FR,
            Self::En => &EN,
        }
    }

    /// The language of a code.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// A whole number with its thousands apart: by a narrow space that does not break, or by a comma.
    pub(crate) fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let apart = if self.is_fr() { '\u{202f}' } else { ',' };
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(apart);
            }
            out.push(digit);
        }
        out
    }

    /// `1 acteur`, `2 acteurs`: in French 0 is singular, in English plural (CLDR).
    pub(crate) fn count(self, n: u64, one: &str, many: &str) -> String {
        let singular = if self.is_fr() { n < 2 } else { n == 1 };
        format!("{}\u{a0}{}", self.number(n), if singular { one } else { many })
    }

    /// A size of a thing in square kilometres: whole above 100, else with one decimal.
    pub(crate) fn area(self, km2: f64) -> String {
        let whole = km2.abs().trunc() as u64;
        if whole >= 100 {
            return format!("{}\u{a0}km²", self.number(km2.round() as u64));
        }
        let text = format!("{km2:.1}\u{a0}km²");
        if self.is_fr() { text.replace('.', ",") } else { text }
    }
}

impl Spoken {
    /// By the parameter, else by the header.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] for a language that no page has.
    pub(crate) fn of(headers: &HeaderMap, params: &Params) -> Result<Self, ApiError> {
        match params.get("lang") {
            Some(code) => {
                let lang = Lang::from_code(code);
                let wrong = || ApiError::BadRequest(format!("`lang` must be fr or en, not `{}`", cut(code)));
                Ok(Self { lang: lang.ok_or_else(wrong)?, named: true })
            }
            None => Ok(Self::by_header(headers)),
        }
    }

    /// As [`Self::of`], but what is no language counts as absent: of addresses that people keep for years.
    pub(crate) fn leniently(headers: &HeaderMap, params: &Params) -> Self {
        Self::of(headers, params).unwrap_or_else(|_| Self::by_header(headers))
    }

    fn by_header(headers: &HeaderMap) -> Self {
        let [fr, en] = Lang::ALL.map(|lang| language_quality(headers, lang.code()).unwrap_or(0));
        Self { lang: if en > fr { Lang::En } else { Lang::Fr }, named: false }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header};

    use super::*;

    fn spoken(query: &str, accepted: &str) -> Result<Spoken, ApiError> {
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_str(accepted).unwrap())]);
        Spoken::of(&headers, &Params::parse(Some(query), &["lang"]).unwrap())
    }

    #[test]
    fn the_parameter_wins_then_the_header_then_french() {
        for (query, accepted, lang, named) in [
            ("lang=en", "fr", Lang::En, true),
            ("", "en-GB, fr;q=0.8", Lang::En, false),
            ("", "fr-CA,en;q=0.9", Lang::Fr, false),
            ("", "de, en;q=0.5", Lang::En, false),
            ("", "de", Lang::Fr, false),
            ("", "*", Lang::Fr, false),
            ("", "fr;q=0, *;q=0.1", Lang::En, false),
            ("", "english", Lang::Fr, false),
            ("", "", Lang::Fr, false),
        ] {
            let found = spoken(query, accepted).unwrap();
            assert_eq!((found.lang, found.named), (lang, named), "{query} {accepted}");
        }
        assert!(spoken("lang=de", "fr").is_err());
    }

    #[test]
    fn numbers_and_plurals_are_those_of_the_language() {
        assert_eq!(Lang::Fr.number(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(Lang::En.number(123_456), "123,456");
        assert_eq!((Lang::Fr.number(0), Lang::En.number(999)), ("0".into(), "999".into()));
        assert_eq!(Lang::Fr.count(0, "acteur", "acteurs"), "0\u{a0}acteur");
        assert_eq!(Lang::En.count(0, "actor", "actors"), "0\u{a0}actors");
        assert_eq!(Lang::Fr.area(3.25), "3,2\u{a0}km²");
        assert_eq!(Lang::En.area(1234.4), "1,234\u{a0}km²");
    }
}
