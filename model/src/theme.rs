//! The twelve thematics, and sets of them.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::fold;

/// One of the twelve thematics of `data/themes.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Short name: `food`.
    pub code: String,
    /// French label.
    pub fr: String,
    /// English label.
    pub en: String,
    /// `#rrggbb`, at least 3:1 on white.
    pub colour: String,
    /// Name of the icon.
    pub icon: String,
    /// Words that mean the theme; compared folded.
    pub tags: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    theme: Vec<Theme>,
}

/// The twelve themes, in order: the position is the bit in a [`ThemeSet`].
///
/// # Panics
/// Never: the file is compiled in, and a test parses it.
pub fn themes() -> &'static [Theme] {
    static THEMES: OnceLock<Vec<Theme>> = OnceLock::new();
    THEMES.get_or_init(|| {
        toml::from_str::<File>(include_str!("../../data/themes.toml"))
            .expect("data/themes.toml is part of the program and a test reads it")
            .theme
    })
}

/// The theme that a word means: its code, its labels, or one of its tags, folded. `None` when it means none.
pub fn theme_of_word(word: &str) -> Option<usize> {
    static WORDS: OnceLock<HashMap<String, usize>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut words = HashMap::new();
        for (i, theme) in themes().iter().enumerate() {
            for word in [&theme.code, &theme.fr, &theme.en].into_iter().chain(&theme.tags) {
                words.entry(fold(word)).or_insert(i);
            }
        }
        words
    });
    words.get(&fold(word)).copied()
}

/// Some of the twelve themes, one of which leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ThemeSet {
    bits: u16,
    first: u8,
}

impl ThemeSet {
    /// Adds a theme by its position in [`themes`]; the first added leads. Positions beyond 15 are passed over.
    pub fn insert(&mut self, theme: usize) {
        if theme > 15 {
            return;
        }
        if self.bits == 0 {
            self.first = theme as u8;
        }
        self.bits |= 1 << theme;
    }

    /// The set as bits, theme 0 in the lowest.
    pub const fn bits(self) -> u16 {
        self.bits
    }

    /// A set from its bits and its leading theme.
    pub const fn from_bits(bits: u16, first: u8) -> Self {
        Self { bits, first }
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The leading theme.
    pub fn first(self) -> Option<&'static Theme> {
        if self.bits == 0 { None } else { themes().get(usize::from(self.first)) }
    }

    /// Positions in [`themes`]: the leading one, then the others in order.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        let first = usize::from(self.first);
        let lead = (self.bits != 0).then_some(first);
        lead.into_iter().chain((0..16).filter(move |&i| i != first && self.bits & (1 << i) != 0))
    }

    /// The codes, leading one first.
    pub fn codes(self) -> Vec<String> {
        self.positions().filter_map(|i| themes().get(i)).map(|t| t.code.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twelve_with_their_own_code_and_colour() {
        let all = themes();
        assert_eq!(all.len(), 12);
        for (i, theme) in all.iter().enumerate() {
            assert!(theme.colour.len() == 7 && theme.colour.starts_with('#'));
            assert!(!theme.icon.is_empty() && !theme.fr.is_empty() && !theme.en.is_empty());
            assert!(all[..i].iter().all(|t| t.code != theme.code && t.colour != theme.colour));
        }
    }

    #[test]
    fn the_platforms_words_fold_into_a_theme() {
        for (word, code) in [
            ("Agriculture", "food"),
            ("Petite-enfance", "education"),
            ("Économie Sociale et Solidaire", "economy"),
            ("aménagement", "transport"),
            ("environnement", "environment"),
            ("citoyenneté", "citizen"),
            ("communs", "numeric"),
            ("tourisme", "culture"),
            ("social", "citizen"),
            ("emploi", "economy"),
            ("logement", "transport"),
        ] {
            let theme = theme_of_word(word).unwrap_or_else(|| panic!("{word} means nothing"));
            assert_eq!(themes()[theme].code, code, "{word}");
        }
        assert_eq!(theme_of_word("blurb"), None);
    }

    #[test]
    fn a_set_remembers_which_leads() {
        let mut set = ThemeSet::default();
        assert!(set.is_empty() && set.first().is_none() && set.codes().is_empty());
        set.insert(5);
        set.insert(1);
        assert_eq!(set.codes(), [themes()[5].code.clone(), themes()[1].code.clone()]);
        assert_eq!(ThemeSet::from_bits(set.bits(), 5), set);
    }
}
