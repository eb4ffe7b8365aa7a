//! Which elements are actors: `data/osm-actors.toml`, parsed and checked.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use parvis_model::{ActorKind, ThemeSet, themes};
use serde::Deserialize;

use super::person::Names;
use crate::table::clean;

/// The rules of one file, ready to match.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<Rule>,
    keys: HashMap<String, OfKey>,
}

/// What a rule gives, in the order of the file.
#[derive(Debug, Clone)]
struct Rule {
    kind: Option<ActorKind>,
    themes: Vec<usize>,
    names: Option<Names>,
}

/// The rules of one key, by their place in the file.
#[derive(Debug, Clone, Default)]
struct OfKey {
    values: HashMap<String, usize>,
    /// The rule of all other values but some.
    any: Option<(usize, HashSet<String>)>,
}

/// What the rules make of an element.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// Of the first rule that has one.
    pub kind: ActorKind,
    /// Of all rules that match; the first rule's first theme leads.
    pub themes: ThemeSet,
    /// `key=value` of every match.
    pub tags: Vec<String>,
    /// How strictly its name is looked at; the strictest of all rules that match.
    pub names: Option<Names>,
}

/// Why a file of rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// Not TOML, or a field that does not exist.
    #[error("osm-actors.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A rule that has no meaning.
    #[error("osm-actors.toml: rule {number}, {key}: {message}")]
    Rule {
        /// Which one, from 1.
        number: usize,
        /// Its key.
        key: String,
        /// What is wrong.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    key: String,
    values: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    kind: Option<ActorKind>,
    themes: Vec<String>,
    names: Option<Names>,
}

impl Rules {
    /// The rules that come with the program.
    ///
    /// # Panics
    /// Never: the file is compiled in, and a test parses it.
    pub fn builtin() -> &'static Self {
        static RULES: OnceLock<Rules> = OnceLock::new();
        RULES.get_or_init(|| {
            Self::parse(include_str!("../../../data/osm-actors.toml"))
                .expect("data/osm-actors.toml is part of the program and a test reads it")
        })
    }

    /// Parses and checks a file.
    ///
    /// # Errors
    /// [`RulesError`], with the rule's number and key.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let raw: RawFile = toml::from_str(text)?;
        let mut out = Self { rules: Vec::with_capacity(raw.rule.len()), keys: HashMap::new() };
        for (at, rule) in raw.rule.into_iter().enumerate() {
            let key = rule.key.clone();
            out.add(rule).map_err(|message| RulesError::Rule { number: at + 1, key, message })?;
        }
        Ok(out)
    }

    fn add(&mut self, raw: RawRule) -> Result<(), String> {
        let (at, any) = (self.rules.len(), raw.values == ["*"]);
        for list in [&raw.values, &raw.except] {
            if let Some([before, after]) = list.array_windows().find(|[before, after]| before >= after) {
                return Err(format!("{after:?} comes after {before:?}: values stand once, in alphabetical order"));
            }
        }
        if raw.values.is_empty() || (!any && raw.values.iter().any(|v| v == "*")) || (!any && !raw.except.is_empty()) {
            return Err("values is a list of values, or [\"*\"], which alone may have except".to_owned());
        }
        let position = |code: &String| {
            themes().iter().position(|t| t.code == *code).ok_or_else(|| format!("{code:?} is the code of no theme"))
        };
        let rule_themes = raw.themes.iter().map(position).collect::<Result<Vec<_>, _>>()?;
        let key = self.keys.entry(raw.key).or_default();
        if any {
            if key.any.replace((at, raw.except.into_iter().collect())).is_some() {
                return Err("another rule has * too".to_owned());
            }
        } else {
            for value in raw.values {
                if key.values.insert(value.clone(), at).is_some() {
                    return Err(format!("another rule has {value:?} too"));
                }
            }
        }
        self.rules.push(Rule { kind: raw.kind, themes: rule_themes, names: raw.names });
        Ok(())
    }

    /// What an element with these tags is; `None` where it is no actor, or one that is no more.
    pub fn matching(&self, tags: &[(&str, &str)]) -> Option<Matched> {
        let mut hits: Vec<(usize, String)> = Vec::new();
        for (key, values) in tags {
            let Some(rules) = self.keys.get(*key) else { continue };
            for value in values.split(';').map(str::trim).filter(|v| !v.is_empty()) {
                let any = || rules.any.as_ref().filter(|(_, except)| !except.contains(value)).map(|(at, _)| *at);
                if let Some(at) = rules.values.get(value).copied().or_else(any) {
                    hits.push((at, clean::line(&format!("{key}={value}")).unwrap_or_default()));
                }
            }
        }
        hits.sort_by_key(|(at, _)| *at);
        let kind = hits.iter().find_map(|(at, _)| self.rules[*at].kind)?;
        let gone = |key: &str, value: &str| matches!(key, "disused" | "abandoned") && value == "yes";
        if tags.iter().any(|(key, value)| gone(key, value)) {
            return None;
        }
        let mut matched = Matched { kind, themes: ThemeSet::default(), tags: Vec::new(), names: None };
        for (at, tag) in hits {
            let rule = &self.rules[at];
            rule.themes.iter().for_each(|&theme| matched.themes.insert(theme));
            matched.names = matched.names.max(rule.names);
            if !matched.tags.contains(&tag) {
                matched.tags.push(tag);
            }
        }
        Some(matched)
    }
}

#[cfg(test)]
mod tests;
