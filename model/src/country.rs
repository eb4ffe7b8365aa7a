//! How a country's OSM tags become levels and codes: one small TOML each in `data/countries/`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{AdminLevel, Subtype, UnitId};

/// The rules of one country (or of every other one: `default.toml`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryRules {
    /// ISO 3166-1 alpha-2; `*` for the default.
    pub iso: String,
    /// Name in English.
    pub name: String,
    /// IANA time zone of floating times; by code prefix of the municipality where the country has several.
    pub timezone: String,
    /// Other time zones, by prefix of municipality codes: `974 = "Indian/Reunion"`.
    #[serde(default)]
    pub timezones: BTreeMap<String, String>,
    /// Which relations are units, in the order they are tried.
    #[serde(default, rename = "unit")]
    pub units: Vec<UnitRule>,
    /// `osm_admin_level`s that are known and left out on purpose (arrondissements, cantons).
    #[serde(default)]
    pub ignored_levels: Vec<String>,
    /// How many units a whole country has, by collection.
    #[serde(default)]
    pub expected: BTreeMap<String, u64>,
    /// Codes that are other names of a unit: `RE = "region:04"` at level 1.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// Level-1 units inside the state that are no part of its regions: code and names.
    #[serde(default)]
    pub dependencies: BTreeMap<String, Dependency>,
    /// Department codes that are one department here: `69M = "69"`.
    #[serde(default)]
    pub merged_codes: BTreeMap<String, String>,
}

/// A collectivity with its own country code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// Its code in the nomenclature (`988`).
    pub code: String,
    /// Name on the spot.
    pub name: String,
    /// Name in English.
    pub name_en: String,
}

/// One kind of relation that is a unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitRule {
    /// The level it makes.
    pub level: AdminLevel,
    /// Tags it must have, each with one of the values.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Tags that hold the code, the first present wins; empty: the relation's number.
    #[serde(default)]
    pub code: Vec<String>,
    /// Tag that holds the subtype, with its values in our words; a value not listed stays as it is, lower case, `_` for spaces.
    #[serde(default)]
    pub subtype: Option<SubtypeRule>,
}

/// Where a unit's subtype comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubtypeRule {
    /// The tag.
    pub tag: String,
    /// Its values in our words.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What stands when the tag is absent.
    #[serde(default)]
    pub default: Option<String>,
}

/// What the rules make of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// A unit.
    Unit {
        /// Level.
        level: AdminLevel,
        /// Official code; `None`: the relation's number serves.
        code: Option<String>,
        /// Kind.
        subtype: Option<Subtype>,
    },
    /// An administrative boundary of a level that the rules do not know.
    Unmapped(String),
    /// Not an administrative boundary, or one that is left out on purpose.
    Other,
}

impl CountryRules {
    /// Parses one file.
    ///
    /// # Errors
    /// The TOML parser's, with line and column.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The rules that come with the program, by upper-case ISO code; the default's where there are none.
    ///
    /// # Panics
    /// Never: every file is compiled in, and a test parses each.
    pub fn builtin(iso: &str) -> Self {
        let text = match iso.to_ascii_uppercase().as_str() {
            "AD" => include_str!("../../data/countries/ad.toml"),
            "BE" => include_str!("../../data/countries/be.toml"),
            "CH" => include_str!("../../data/countries/ch.toml"),
            "CI" => include_str!("../../data/countries/ci.toml"),
            "DE" => include_str!("../../data/countries/de.toml"),
            "ES" => include_str!("../../data/countries/es.toml"),
            "FR" => include_str!("../../data/countries/fr.toml"),
            "IT" => include_str!("../../data/countries/it.toml"),
            "LI" => include_str!("../../data/countries/li.toml"),
            "LU" => include_str!("../../data/countries/lu.toml"),
            "MC" => include_str!("../../data/countries/mc.toml"),
            "ST" => include_str!("../../data/countries/st.toml"),
            _ => include_str!("../../data/countries/default.toml"),
        };
        let mut rules = Self::parse(text).expect("data/countries is part of the program and a test reads every file");
        if rules.iso == "*" {
            rules.iso = iso.to_ascii_uppercase();
        }
        rules
    }

    /// What a relation with these tags is.
    pub fn map<'t>(&self, tag: impl Fn(&str) -> Option<&'t str>) -> Mapped {
        let matches = |rule: &&UnitRule| {
            rule.tags.iter().all(|(key, values)| tag(key).is_some_and(|v| values.iter().any(|w| w == v)))
        };
        if let Some(rule) = self.units.iter().find(matches) {
            let code = rule.code.iter().find_map(|key| tag(key)).map(str::trim).filter(|c| is_code(c));
            let code = code.map(|c| self.merged_codes.get(c).map_or(c, String::as_str).to_owned());
            return Mapped::Unit {
                level: rule.level,
                code,
                subtype: rule.subtype.as_ref().and_then(|s| s.value(&tag)),
            };
        }
        match (tag("boundary"), tag("admin_level")) {
            (Some("administrative"), Some(level)) if !self.ignored_levels.iter().any(|l| l == level) => {
                Mapped::Unmapped(level.to_owned())
            }
            _ => Mapped::Other,
        }
    }

    /// The time zone of a municipality code; the country's own when no prefix fits.
    pub fn timezone_of(&self, municipality_code: &str) -> &str {
        let by_prefix = self.timezones.iter().find(|(prefix, _)| municipality_code.starts_with(prefix.as_str()));
        by_prefix.map_or(&self.timezone, |(_, zone)| zone)
    }

    /// The unit that an alias of a country code means.
    pub fn alias(&self, code: &str) -> Option<UnitId> {
        UnitId::parse(self.aliases.get(code)?)
    }
}

impl SubtypeRule {
    fn value<'t>(&self, tag: impl Fn(&str) -> Option<&'t str>) -> Option<String> {
        match tag(&self.tag) {
            Some(v) => Some(self.values.get(v).cloned().unwrap_or_else(|| v.trim().to_lowercase().replace(' ', "_"))),
            None => self.default.clone(),
        }
    }
}

fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(iso: &str, tags: &[(&str, &'static str)]) -> Mapped {
        CountryRules::builtin(iso).map(|key| tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v))
    }

    fn unit(level: AdminLevel, code: &str, subtype: Option<&str>) -> Mapped {
        Mapped::Unit { level, code: Some(code.into()), subtype: subtype.map(Into::into) }
    }

    #[test]
    fn every_file_parses() {
        for iso in ["AD", "BE", "CH", "CI", "DE", "ES", "FR", "IT", "LI", "LU", "MC", "ST"] {
            let rules = CountryRules::builtin(iso);
            assert_eq!(rules.iso, iso);
            assert!(!rules.units.is_empty() && !rules.timezone.is_empty(), "{iso}");
            for name in rules.expected.keys() {
                assert!(crate::Collection::from_name(name).is_some(), "{iso}: {name}");
            }
            for target in rules.aliases.values() {
                assert!(UnitId::parse(target).is_some(), "{iso}: {target}");
            }
        }
        assert_eq!(CountryRules::builtin("zz").iso, "ZZ");
    }

    #[test]
    fn france_maps_its_levels() {
        let admin = |level, rest: &[(&'static str, &'static str)]| {
            map("FR", &[&[("boundary", "administrative"), ("admin_level", level)], rest].concat())
        };
        assert_eq!(admin("2", &[("ISO3166-1:alpha2", "FR")]), unit(AdminLevel::Country, "FR", None));
        assert_eq!(admin("4", &[("ref:INSEE", "04")]), unit(AdminLevel::Region, "04", None));
        assert_eq!(admin("6", &[("ref:INSEE", "2A")]), unit(AdminLevel::Department, "2A", None));
        assert_eq!(admin("8", &[("ref:INSEE", "97411")]), unit(AdminLevel::Municipality, "97411", None));
        assert_eq!(
            admin("9", &[("ref:INSEE", "13201"), ("admin_type:FR", "arrondissement municipal")]),
            unit(AdminLevel::Neighbourhood, "13201", Some("arrondissement_municipal"))
        );
        assert_eq!(
            admin("9", &[("ref:INSEE", "01015"), ("admin_type:FR", "commune déléguée")]),
            unit(AdminLevel::Neighbourhood, "01015", Some("commune_deleguee"))
        );
        assert_eq!(admin("7", &[]), Mapped::Other, "arrondissements are an overlay");
        assert_eq!(admin("3", &[]), Mapped::Other);
        assert_eq!(admin("12", &[]), Mapped::Unmapped("12".into()));
    }

    #[test]
    fn the_metropole_of_lyon_is_an_intercommunality_though_it_says_level_6() {
        let lyon = map(
            "FR",
            &[
                ("boundary", "administrative"),
                ("admin_level", "6"),
                ("local_authority:FR", "metropole"),
                ("ref:FR:SIREN", "200046977"),
                ("ref:INSEE", "69M"),
            ],
        );
        assert_eq!(lyon, unit(AdminLevel::Intercommunality, "200046977", Some("metropole")));
        let rhone = map("FR", &[("boundary", "administrative"), ("admin_level", "6"), ("ref:INSEE", "69D")]);
        assert_eq!(rhone, unit(AdminLevel::Department, "69", None));
    }

    #[test]
    fn overseas_codes_are_aliases_and_have_their_time() {
        let fr = CountryRules::builtin("FR");
        assert_eq!(fr.alias("RE").unwrap().as_str(), "region:04");
        assert_eq!(fr.timezone_of("97411"), "Indian/Reunion");
        assert_eq!(fr.timezone_of("75056"), "Europe/Paris");
    }
}
