//! Offices that are named as a person: they are left out, for persons are never features (DESIGN 11).
//!
//! A name is taken apart into words, each of which is a title, a profession, a given name, an initial, a word that
//! organisations use, a particle, any other word with a capital (it may be a surname), or one without (it is none). The lists
//! are `data/osm-persons.toml`. Which shapes of words are a person's depends on what the office is: see [`Names`].
//! An element with a `brand` is a chain's and is not asked.
//!
//! | name | company | office | practice |
//! | --- | --- | --- | --- |
//! | Dr. Anna Rossi; Maître Rey | person | person | person |
//! | Anna Rossi; Rossi Anna; A. Rossi | person | person | person |
//! | Menuiserie Jean Rossi; Cabinet J. Rossi | | person | person |
//! | Rossi Durand; Rossi & Durand; Notaire Rossi | | person | person |
//! | Rossi | | | person |
//! | Cabinet Rossi; Rossi & Associés; Clinique Saint-Jean | | | |

use std::collections::HashMap;
use std::sync::OnceLock;

use parvis_model::fold;
use serde::Deserialize;

/// How strictly a name is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// A firm, or a shop that one person keeps: left out where the name is nothing but a person's.
    Company,
    /// A professional office or a craft: also where a person is named among other words, or no word is known.
    Office,
    /// A profession that people exercise in their own name: also where the name is one unknown word.
    Practice,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Title,
    /// `Notaire`, `Dentist`: what one person is.
    Profession,
    /// `Saint`, `Prince`, `Rue`: the given name that follows is not that of who works there.
    Honour,
    Given,
    Initial,
    Particle,
    /// Of an organisation, a trade, a place; a number; an acronym.
    Organisation,
    /// Unknown, with a capital.
    Capital,
    /// Unknown, without.
    Small,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    titles: Vec<String>,
    honours: Vec<String>,
    professions: Vec<String>,
    particles: Vec<String>,
    given: Vec<String>,
    organisation: Vec<String>,
}

/// Whether an office of this name may be a person.
pub(super) fn reads_as_person(name: &str, names: Names) -> bool {
    let words = words(name);
    let is = |class: Word| words.contains(&class);
    let bare = !is(Word::Organisation) && !is(Word::Honour) && !is(Word::Small);
    let parts = words.iter().filter(|&&w| of_person(w)).count();
    let titled = words.windows(2).any(|w| w[0] == Word::Title && of_person(w[1]));
    let whole = bare && parts >= 2 && (is(Word::Given) || is(Word::Initial));
    let several = bare && parts >= if is(Word::Profession) { 1 } else { 2 };
    match names {
        Names::Company => titled || whole,
        Names::Office => is(Word::Title) || several || names_somebody(&words),
        Names::Practice => is(Word::Title) || names_somebody(&words) || (bare && parts >= 1),
    }
}

/// What a person's name consists of.
fn of_person(word: Word) -> bool {
    matches!(word, Word::Given | Word::Initial | Word::Capital)
}

/// A given name or an initial beside a word that may be a surname, anywhere: `Menuiserie Jean Rossi`.
fn names_somebody(words: &[Word]) -> bool {
    let words: Vec<Word> = words.iter().copied().filter(|&w| w != Word::Particle).collect();
    let honoured = |at: usize| {
        let run = words[..at].iter().rev().take_while(|&&w| matches!(w, Word::Given | Word::Capital)).count();
        at > run && words[at - run - 1] == Word::Honour
    };
    words.windows(2).enumerate().any(|(at, pair)| {
        let pair_names = matches!(
            pair,
            [Word::Given | Word::Initial, Word::Capital | Word::Given]
                | [Word::Capital, Word::Given | Word::Initial]
                | [Word::Given, Word::Honour]
        );
        pair_names && !honoured(at)
    })
}

/// The classes of the words of a name. Hyphened words are one: `Jean-Paul` is given, `Saint-Jean` an honour.
fn words(name: &str) -> Vec<Word> {
    let separates = |c: char| c.is_whitespace() || ",;/|()+&–—:\"«»“”".contains(c);
    let texts: Vec<&str> = name.split(separates).filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    // In a name all in capitals nothing tells an acronym.
    let shouted = !name.chars().any(char::is_lowercase);
    texts.into_iter().map(|text| word(text, shouted)).collect()
}

fn word(text: &str, shouted: bool) -> Word {
    let without_dots: String = text.chars().filter(|&c| c != '.').collect();
    let folded = fold(&without_dots);
    let parts: Vec<Word> = folded.split(' ').filter_map(listed).collect();
    let letters = without_dots.chars().filter(|c| c.is_alphabetic()).count();
    let capital = without_dots.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let acronym = (2..=4).contains(&letters) && !shouted && without_dots.chars().all(char::is_uppercase);
    if folded.chars().any(|c| c.is_ascii_digit()) {
        Word::Organisation
    } else if letters == 1 && capital {
        Word::Initial
    } else if let Some(class) =
        [Word::Honour, Word::Organisation, Word::Title, Word::Profession].into_iter().find(|c| parts.contains(c))
    {
        class
    } else if parts.contains(&Word::Given) && capital {
        Word::Given
    } else if !parts.is_empty()
        && parts.iter().all(|&p| p == Word::Particle)
        && folded.split(' ').count() == parts.len()
    {
        Word::Particle
    } else if acronym {
        Word::Organisation
    } else if capital || apostrophed(&without_dots) {
        Word::Capital
    } else {
        Word::Small
    }
}

/// `d'Andorra`: a particle and a word with a capital.
fn apostrophed(text: &str) -> bool {
    let after = text.split(['\'', '’']).nth(1);
    after.and_then(|t| t.chars().next()).is_some_and(char::is_uppercase)
}

/// What the lists say of a folded word.
fn listed(folded: &str) -> Option<Word> {
    static WORDS: OnceLock<HashMap<String, Word>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let lists = lists();
        let of = |words: Vec<String>, class: Word| words.into_iter().map(move |w| (w, class));
        of(lists.given, Word::Given)
            .chain(of(lists.particles, Word::Particle))
            .chain(of(lists.honours, Word::Honour))
            .chain(of(lists.professions, Word::Profession))
            .chain(of(lists.organisation, Word::Organisation))
            .chain(of(lists.titles, Word::Title))
            .collect()
    });
    words.get(folded).copied()
}

/// Whether a folded word is a given name.
pub(super) fn is_given_name(folded: &str) -> bool {
    listed(folded) == Some(Word::Given)
}

fn lists() -> Lists {
    toml::from_str(include_str!("../../../data/osm-persons.toml"))
        .expect("data/osm-persons.toml is part of the program and a test reads it")
}

#[cfg(test)]
mod tests;
