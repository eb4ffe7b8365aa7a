//! LIKE of CQL2: `%` is any text, `_` one character, `\` takes the next character as it is.

/// A pattern, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Like {
    pattern: Box<str>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Text(Box<str>),
}

impl Like {
    pub(super) fn new(pattern: &str) -> Self {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            let part = match c {
                '%' => Part::Any,
                '_' => Part::One,
                // At the very end a backslash is itself.
                '\\' => {
                    text.push(chars.next().unwrap_or(c));
                    continue;
                }
                _ => {
                    text.push(c);
                    continue;
                }
            };
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text).into()));
            }
            if part != Part::Any || parts.last() != Some(&Part::Any) {
                parts.push(part);
            }
        }
        if !text.is_empty() {
            parts.push(Part::Text(text.into()));
        }
        Self { pattern: pattern.into(), parts }
    }

    /// As it was written, but for a backslash at the very end, which is doubled: DuckDB refuses it alone.
    pub(super) fn pattern(&self) -> String {
        let backslashes = self.pattern.chars().rev().take_while(|c| *c == '\\').count();
        let mut pattern = self.pattern.to_string();
        if backslashes % 2 == 1 {
            pattern.push('\\');
        }
        pattern
    }

    /// Whether a text is of the pattern. O(text) but for patterns with many `_`; never exponential.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (mut at, mut rest) = (0, text);
        // Behind the last `%`: where to go on when what follows does not fit, one character further each time.
        let mut retry: Option<(usize, &str)> = None;
        loop {
            let taken = match self.parts.get(at) {
                None => rest.is_empty().then_some(rest),
                Some(Part::Any) => {
                    if at + 1 == self.parts.len() {
                        return true;
                    }
                    retry = Some((at + 1, rest));
                    Some(rest)
                }
                Some(Part::One) => rest.chars().next().map(|c| &rest[c.len_utf8()..]),
                Some(Part::Text(part)) => rest.strip_prefix(&**part),
            };
            match (taken, retry) {
                (Some(_), _) if at == self.parts.len() => return true,
                (Some(after), _) => (at, rest) = (at + 1, after),
                (None, Some((again, from))) => {
                    let Some(next) = self.next_try(again, from) else { return false };
                    (at, rest, retry) = (again, next, Some((again, next)));
                }
                (None, None) => return false,
            }
        }
    }

    /// The next place behind the start of `from` where the part at `at` may fit.
    fn next_try<'t>(&self, at: usize, from: &'t str) -> Option<&'t str> {
        let step = from.chars().next()?.len_utf8();
        let next = &from[step..];
        match self.parts.get(at) {
            Some(Part::Text(part)) => next.find(&**part).map(|found| &next[found..]),
            _ => Some(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Like;

    /// By its definition.
    fn plain(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['%', rest @ ..] => (0..=text.len()).any(|n| plain(rest, &text[n..])),
            ['_', rest @ ..] => !text.is_empty() && plain(rest, &text[1..]),
            ['\\', c, rest @ ..] | [c, rest @ ..] => text.first() == Some(c) && plain(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn it_is_what_its_definition_says(pattern in r"[ab%_\\é]{0,9}", text in "[abé%_]{0,10}") {
            let chars = |t: &str| t.chars().collect::<Vec<char>>();
            prop_assert_eq!(Like::new(&pattern).matches(&text), plain(&chars(&pattern), &chars(&text)));
        }
    }

    #[test]
    fn many_wildcards_take_no_time() {
        let text = "a".repeat(5_000);
        assert!(!Like::new(&format!("{}b", "%a".repeat(200))).matches(&text));
        assert!(!Like::new(&format!("{}b", "%_".repeat(200))).matches(&text));
    }
}
