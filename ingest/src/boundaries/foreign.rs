//! Which relations belong to a country that the territory does not list.

use parvis_model::{AdminLevel, CountryRules};

use super::mesh::Mesh;
use super::nest::polygons_hold;
use super::outline::Outline;

/// The countries of the territory as far as the file has them whole.
pub(super) struct Home<'a> {
    rules: &'a [CountryRules],
    countries: Vec<&'a Outline>,
}

impl<'a> Home<'a> {
    /// From all units of the file: level, code, outline.
    pub(super) fn new(
        rules: &'a [CountryRules],
        units: impl Iterator<Item = (AdminLevel, Option<&'a str>, &'a Outline)>,
    ) -> Self {
        let listed = |code: Option<&str>| code.is_some_and(|c| lists(rules, c));
        let whole = units
            .filter(|(level, code, outline)| *level == AdminLevel::Country && listed(*code) && outline.is_complete());
        Self { rules, countries: whole.map(|(_, _, outline)| outline).collect() }
    }

    /// Whether a unit is another country, or an incomplete unit that shows no arc inside ours. While none of our
    /// countries is whole nothing can be told apart, and incomplete units stay.
    pub(super) fn is_foreign(&self, mesh: &Mesh, level: AdminLevel, code: Option<&str>, outline: &Outline) -> bool {
        match code {
            Some(code) if level == AdminLevel::Country => !lists(self.rules, code),
            _ => outline.is_incomplete() && !self.countries.is_empty() && !self.touches(mesh, outline),
        }
    }

    /// An arc is on the country's border, wholly inside or wholly outside.
    fn touches(&self, mesh: &Mesh, outline: &Outline) -> bool {
        self.countries.iter().any(|country| {
            let inner = outline.arcs.iter().filter(|a| country.arcs.binary_search(a).is_err());
            inner.copied().any(|arc| polygons_hold(mesh, &country.polygons, middle(mesh, arc)))
        })
    }
}

/// Whether a country code is one of the territory's, its dependencies' included.
fn lists(rules: &[CountryRules], code: &str) -> bool {
    rules.iter().any(|r| r.iso.eq_ignore_ascii_case(code) || r.dependencies.contains_key(code))
}

/// The middle of the first segment of an arc, in doubled units.
fn middle(mesh: &Mesh, arc: u32) -> (i64, i64) {
    let nodes = mesh.arc(arc);
    let (a, b) = (mesh.place(nodes[0]), mesh.place(nodes[1]));
    (i64::from(a.lon) + i64::from(b.lon), i64::from(a.lat) + i64::from(b.lat))
}
