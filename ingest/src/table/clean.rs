//! Hygiene of cells: text, lists, addresses of the web, mail and telephone.

use parvis_model::theme::theme_of_word;
use parvis_model::{ThemeSet, fold};

/// One line of text: control characters and runs of blanks become one space. `None` when nothing is left.
pub(crate) fn line(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    (!out.is_empty()).then_some(out)
}

/// Several lines: control characters other than the line break are dropped.
pub(crate) fn paragraph(text: &str) -> Option<String> {
    let kept: String =
        text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// A list in one cell: split at `separator`, else at `;`, else at `,`. Words that fold alike are listed once.
pub(crate) fn list(text: &str, separator: Option<char>) -> Vec<String> {
    let separator = separator.unwrap_or(if text.contains(';') { ';' } else { ',' });
    let mut out: Vec<String> = Vec::new();
    let mut seen = Vec::new();
    for word in text.split(separator).filter_map(line) {
        let folded = fold(&word);
        if !seen.contains(&folded) {
            seen.push(folded);
            out.push(word);
        }
    }
    out
}

/// The themes that words mean, in their order, and the words that mean none.
pub(crate) fn themes(words: &[String]) -> (ThemeSet, Vec<String>) {
    let mut set = ThemeSet::default();
    let mut unknown = Vec::new();
    for word in words {
        match theme_of_word(word) {
            Some(theme) => set.insert(theme),
            None => unknown.push(word.clone()),
        }
    }
    (set, unknown)
}

/// A web address: http or https, with a host and without user name. `www.` alone gets `https://`.
pub(crate) fn url(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
        None if text.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("www.")) => ("https", text),
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let bad = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
    let named = host.contains('.') && !host.starts_with('.') && !host.contains("..") && host.chars().all(plain);
    let fits = text.len() <= 2_000 && named && !rest.contains(bad);
    fits.then(|| format!("{scheme}://{rest}"))
}

/// An e-mail address: one `@`, a local part, a domain with a dot; `mailto:` is taken off.
pub(crate) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let (local, domain) = text.split_once('@')?;
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let domain_fits = domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(|l| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
    (local_fits && domain_fits).then(|| text.to_owned())
}

/// A telephone number in international form, `+33474240308`; short national numbers (`3949`) stay.
///
/// A number without country code is taken as one of `country`; only France's numbering is known.
pub(crate) fn telephone(text: &str, country: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let text = text.replace("(0)", "");
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => digits.push(c),
            ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '/' | '(' | ')' => {}
            _ => return None,
        }
    }
    if let Some(rest) = digits.strip_prefix("00") {
        digits = format!("+{rest}");
    }
    if let Some(rest) = digits.strip_prefix('+') {
        return ((7..=15).contains(&rest.len()) && !rest.starts_with('0')).then_some(digits);
    }
    match (digits.len(), country) {
        (10, "FR") if digits.starts_with('0') => Some(format!("{}{}", french_prefix(&digits), &digits[1..])),
        (3..=4, _) => Some(digits),
        _ => None,
    }
}

/// The country code behind a French national number: overseas territories have their own.
/// Source: ARCEP, plan national de numérotation.
fn french_prefix(national: &str) -> &'static str {
    match &national[..4] {
        "0590" | "0690" | "0691" => "+590",
        "0594" | "0694" => "+594",
        "0596" | "0696" | "0697" => "+596",
        "0262" | "0263" | "0269" | "0639" | "0692" | "0693" => "+262",
        "0508" => "+508",
        _ => "+33",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_http_with_a_host_and_without_a_user() {
        for (text, kept) in [
            ("https://abergement-de-varey.fr/", Some("https://abergement-de-varey.fr/")),
            (" HTTP://Example.org/é?a=1#b ", Some("http://Example.org/é?a=1#b")),
            ("www.example.org", Some("https://www.example.org")),
            ("http://example.org:8080/x", Some("http://example.org:8080/x")),
            ("javascript:alert(1)", None),
            ("ftp://example.org", None),
            ("http://user:pass@example.org", None),
            ("http://exa mple.org", None),
            ("http://", None),
            ("https://localhost", None),
            ("voir la page", None),
            ("https://example.org/\"><script>", None),
        ] {
            assert_eq!(url(text).as_deref(), kept, "{text}");
        }
    }

    #[test]
    fn telephones_become_international() {
        for (text, kept) in [
            ("04 74 24 03 08", Some("+33474240308")),
            ("+33 (0)4 74 24 03 08", Some("+33474240308")),
            ("0033474240308", Some("+33474240308")),
            ("0262 40 04 00", Some("+262262400400")),
            ("0590.90.19.04", Some("+590590901904")),
            ("39 49", Some("3949")),
            ("12345", None),
            ("04 74 24 03 08 ou 09", None),
            ("+0", None),
        ] {
            assert_eq!(telephone(text, "FR").as_deref(), kept, "{text}");
        }
        assert_eq!(telephone("0474240308", "LU"), None);
    }

    #[test]
    fn emails_have_a_local_part_and_a_domain() {
        assert_eq!(email("mailto:mairie@saint-denis.re").as_deref(), Some("mairie@saint-denis.re"));
        for bad in ["mairie", "@x.fr", "a@b", "a b@c.fr", "a@b..fr", "a@b@c.fr"] {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn lists_split_and_fold_their_doubles() {
        assert_eq!(list("compost; Compost ;réemploi;;", None), ["compost", "réemploi"]);
        assert_eq!(list("a, b", None), ["a", "b"]);
        assert_eq!(list("a, b; c", None), ["a, b", "c"]);
        assert_eq!(list("a|b;c", Some('|')), ["a", "b;c"]);
        let (set, unknown) = themes(&list("Agriculture;blurb;food;Énergie", None));
        assert_eq!(set.codes(), ["food", "energy"]);
        assert_eq!(unknown, ["blurb"]);
    }

    #[test]
    fn text_loses_its_control_characters() {
        assert_eq!(line(" a\u{0}\tb \n").as_deref(), Some("a b"));
        assert_eq!(line(" \u{a0} "), None);
        assert_eq!(paragraph("a\r\nb\u{7}").as_deref(), Some("a\nb"));
    }
}
