//! Text from data, made fit for where it goes: whatever it holds, it stays text.

use serde_json::Value;

/// A piece of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text.
    Text(String),
    /// An address of the web, as it stands in the text.
    Link(String),
    /// The end of a line.
    Break,
}

/// An address that may be followed: http or https, with a host and nothing that cannot be in a URL.
pub(crate) fn web_link(text: &str) -> Option<&str> {
    let text = text.trim();
    let uri: http::Uri = text.parse().ok()?;
    let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.authority().is_some_and(|a| !a.host().is_empty() && !a.as_str().contains('@'));
    (scheme && host && text.len() <= 2048).then_some(text)
}

/// `mailto:` of an address that is plainly one.
pub(crate) fn mail_link(text: &str) -> Option<String> {
    let (local, host) = text.split_once('@')?;
    let plain =
        |s: &str, extra: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c));
    (plain(local, "._+-") && plain(host, ".-") && text.len() <= 254).then(|| format!("mailto:{text}"))
}

/// `tel:` of what is plainly a number.
pub(crate) fn phone_link(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let plain = text.chars().all(|c| c.is_ascii_digit() || "+ .-()\u{a0}\u{202f}".contains(c));
    (plain && (4..=20).contains(&digits.len())).then(|| format!("tel:{digits}"))
}

/// Where an address of a person or page leads: `mailto:` or the web.
pub(crate) fn mail_or_web(text: &str) -> Option<String> {
    mail_link(text).or_else(|| web_link(text).map(str::to_owned))
}

/// One line for a title or an attribute: no control and no direction characters, at most `most` characters.
pub(crate) fn one_line(text: &str, most: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut kept: String = clean.chars().filter(|&c| !c.is_control() && !turns(c)).take(most + 1).collect();
    if kept.chars().count() > most {
        kept.pop();
        kept.push('…');
    }
    kept
}

/// The paragraphs of a description: parted by empty lines, its addresses of the web apart.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<Piece>> {
    let text = text.replace("\r\n", "\n");
    let blocks = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(paragraph).collect()
}

fn paragraph(block: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let end = |plain: &mut String, pieces: &mut Vec<Piece>| {
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(plain)));
        }
    };
    for (i, line) in block.lines().enumerate() {
        if i > 0 {
            end(&mut plain, &mut pieces);
            pieces.push(Piece::Break);
        }
        for (j, word) in line.split(' ').enumerate() {
            if j > 0 {
                plain.push(' ');
            }
            let (address, rest) = word.split_at(word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).len());
            if let Some(link) = web_link(address).filter(|link| link.len() == address.len()) {
                end(&mut plain, &mut pieces);
                pieces.push(Piece::Link(link.to_owned()));
                plain.push_str(rest);
            } else {
                plain.push_str(word);
            }
        }
    }
    end(&mut plain, &mut pieces);
    pieces
}

/// JSON inside a `<script>`: nothing in it ends the element or begins a comment.
pub(crate) fn script_json(value: &Value) -> String {
    let text = value.to_string();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_web_is_linked() {
        assert_eq!(web_link(" https://example.org/a?b=1 "), Some("https://example.org/a?b=1"));
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "example.org",
            "https://",
            "https://user:pass@example.org",
            "https://example.org/\" onclick=\"x",
            "http://a b",
            "mailto:a@b.c",
            "",
        ] {
            assert_eq!(web_link(bad), None, "{bad}");
        }
        assert!(web_link(&format!("https://example.org/{}", "a".repeat(3000))).is_none());
        assert_eq!(mail_link("contact@example.org").as_deref(), Some("mailto:contact@example.org"));
        assert!(mail_link("a@b?subject=x").is_none() && mail_link("<x>@b").is_none());
        assert_eq!(phone_link("+262 262 12 34 56").as_deref(), Some("tel:+262262123456"));
        assert!(phone_link("12;ext=alert").is_none());
    }

    #[test]
    fn a_title_is_one_line_without_turns() {
        assert_eq!(one_line("a\n\tb\u{202e}c\u{0}", 10), "a bc");
        assert_eq!(one_line(&"é".repeat(10_000), 5), "ééééé…");
    }

    #[test]
    fn a_description_has_paragraphs_lines_and_links() {
        let text = "Voir https://example.org/x.\nOuvert.\r\n\r\n<b>javascript:alert(1)</b>";
        let blocks = paragraphs(text);
        assert_eq!(
            blocks[0],
            [
                Piece::Text("Voir ".into()),
                Piece::Link("https://example.org/x".into()),
                Piece::Text(".".into()),
                Piece::Break,
                Piece::Text("Ouvert.".into())
            ]
        );
        assert_eq!(blocks[1], [Piece::Text("<b>javascript:alert(1)</b>".into())]);
        assert!(paragraphs(" \n\n ").is_empty());
    }

    #[test]
    fn json_cannot_leave_its_script() {
        let out = script_json(&json!({ "name": "</script><!--<script>&\u{2028}" }));
        assert!(!out.contains('<') && !out.contains('>') && !out.contains('&') && !out.contains('\u{2028}'));
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["name"], "</script><!--<script>&\u{2028}");
    }
}
