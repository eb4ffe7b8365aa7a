//! The one way two texts are compared: search, tags and filters all fold with it.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds case, accents, hyphens, apostrophes and spaces: `"Tiers-Lieux"` and `"tiers lieux"` both
/// give `"tiers lieux"`, `"L'Œuvre"` gives `"l oeuvre"`.
///
/// Every run of characters that are neither letters nor digits becomes one space; the ends are trimmed.
pub fn fold(text: &str) -> String {
    let mut folded = Folded { out: String::with_capacity(text.len()), gap: false };
    if text.is_ascii() {
        // Most text: nothing to take apart.
        text.bytes().for_each(|b| folded.push(char::from(b)));
    } else {
        text.nfkd().filter(|c| !is_combining_mark(*c)).for_each(|c| folded.push(c));
    }
    folded.out
}

struct Folded {
    out: String,
    /// Whether something was left out since the last letter.
    gap: bool,
}

impl Folded {
    fn push(&mut self, c: char) {
        if !c.is_alphanumeric() {
            self.gap = true;
            return;
        }
        if self.gap && !self.out.is_empty() {
            self.out.push(' ');
        }
        self.gap = false;
        match c {
            'œ' | 'Œ' => self.out.push_str("oe"),
            'æ' | 'Æ' => self.out.push_str("ae"),
            'ß' => self.out.push_str("ss"),
            'ø' | 'Ø' => self.out.push('o'),
            'ł' | 'Ł' => self.out.push('l'),
            _ if c.is_ascii() => self.out.push(c.to_ascii_lowercase()),
            _ => self.out.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_hyphens_and_ligatures_fold() {
        for (text, folded) in [
            ("Médiathèque", "mediatheque"),
            ("Tiers-Lieux", "tiers lieux"),
            ("  L'Œuvre   d’Æsir ", "l oeuvre d aesir"),
            ("SAINT-DENIS (974)", "saint denis 974"),
            ("İstanbul", "istanbul"),
            ("---", ""),
        ] {
            assert_eq!(fold(text), folded);
            assert_eq!(fold(&fold(text)), folded, "folding twice changes nothing");
        }
    }
}
