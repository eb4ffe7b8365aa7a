//! Where actors and events lie: the units around a point, else the municipality that the row names.

use std::collections::HashMap;

use geo::BoundingRect;
use parvis_model::{
    AdminLevel, AdminUnit, Ancestors, CountryRules, Issue, IssueCode, LonLat, Postcode, Precision, UnitId, fold,
};

use crate::hierarchy::UnitIndex;
use crate::nomenclature::Nomenclature;

/// How far outside the box of its municipality a point is still believed, degrees: about ten kilometres.
const BELIEVED_DEGREES: f64 = 0.1;

/// Places records in units.
pub struct Locator<'a> {
    index: &'a UnitIndex,
    units: &'a [AdminUnit],
    municipalities: HashMap<&'a str, usize>,
    by_postcode: HashMap<(&'a str, String), usize>,
    nomenclature: Option<&'a Nomenclature>,
    rules: &'a [CountryRules],
}

/// Where a record lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The point; `None` when nothing is known.
    pub location: Option<LonLat>,
    /// How exactly.
    pub precision: Precision,
    /// The units around it.
    pub ancestors: Ancestors,
    /// What was wrong.
    pub issue: Option<(IssueCode, String)>,
}

impl Placed {
    fn new(location: Option<LonLat>, precision: Precision, ancestors: Ancestors) -> Self {
        Self { location, precision, ancestors, issue: None }
    }

    fn because(mut self, code: IssueCode, detail: String) -> Self {
        self.issue = Some((code, detail));
        self
    }

    /// The issue as one of a source.
    pub fn issue_of(&self, source: &str, place: &str) -> Option<Issue> {
        let (code, detail) = self.issue.clone()?;
        Some(Issue { code, source: source.to_owned(), place: place.to_owned(), detail })
    }

    /// The code of the municipality it lies in.
    pub fn municipality_code(&self) -> Option<&str> {
        self.ancestors.get(AdminLevel::Municipality).map(UnitId::code)
    }
}

impl<'a> Locator<'a> {
    /// `index` and `units` are of the same units; `postcodes` of their municipalities.
    pub fn new(
        index: &'a UnitIndex,
        units: &'a [AdminUnit],
        postcodes: &'a [Postcode],
        nomenclature: Option<&'a Nomenclature>,
        rules: &'a [CountryRules],
    ) -> Self {
        let municipal = |(_, u): &(usize, &AdminUnit)| u.level == AdminLevel::Municipality && !u.code.is_empty();
        let municipalities: HashMap<&str, usize> =
            units.iter().enumerate().filter(municipal).map(|(at, u)| (u.code.as_str(), at)).collect();
        let by_postcode = postcodes
            .iter()
            .filter_map(|p| {
                let at = *municipalities.get(p.municipality_id.code())?;
                Some(((p.postcode.as_str(), fold(&units[at].name)), at))
            })
            .collect();
        Self { index, units, municipalities, by_postcode, nomenclature, rules }
    }

    /// Whether any unit has a boundary, so that a point can lie in one.
    pub fn has_boundaries(&self) -> bool {
        self.units.iter().any(|u| u.geometry.is_some())
    }

    /// Places a record by its point, else by the municipality code of its row.
    ///
    /// The point wins over the code. A point in no unit at all is believed when it is near the municipality that
    /// the row names, or when that has no boundary; otherwise the municipality's label point serves.
    pub fn place(&self, at: Option<LonLat>, code: Option<&str>) -> Placed {
        let named = code.and_then(|c| self.municipality(c));
        let Some(at) = at else { return Self::place_by_code(code, named) };
        let around = self.index.locate(at);
        match (around.get(AdminLevel::Municipality), named) {
            (Some(found), Some(named)) if *found != named.id => {
                let detail = format!("{at} lies in {found}, the row says {}", named.id, at = show(at));
                Placed::new(Some(at), Precision::Point, around.clone())
                    .because(IssueCode::MunicipalityDisagrees, detail)
            }
            (Some(_), _) => {
                let placed = Placed::new(Some(at), Precision::Point, around);
                unknown_code(placed, code, named)
            }
            (None, Some(named)) => Self::place_near(at, named, &around),
            (None, None) if around.iter().next().is_some() => Placed::new(Some(at), Precision::Point, around),
            (None, None) => Placed::new(Some(at), Precision::Point, around)
                .because(IssueCode::OutsideTerritory, format!("{} lies in no unit", show(at))),
        }
    }

    /// A point that lies in no municipality, of a row that names one.
    fn place_near(at: LonLat, named: &AdminUnit, around: &Ancestors) -> Placed {
        let believed = Placed::new(Some(at), Precision::Point, with_itself(named));
        let Some(bounds) = named.geometry.as_ref().and_then(BoundingRect::bounding_rect) else {
            return believed;
        };
        let near = at.lon() >= bounds.min().x - BELIEVED_DEGREES
            && at.lon() <= bounds.max().x + BELIEVED_DEGREES
            && at.lat() >= bounds.min().y - BELIEVED_DEGREES
            && at.lat() <= bounds.max().y + BELIEVED_DEGREES;
        let nowhere = around.iter().next().is_none();
        if near {
            let detail = format!("{} lies in no municipality; taken as in {}, which the row names", show(at), named.id);
            return if nowhere { believed.because(IssueCode::OutsideTerritory, detail) } else { believed };
        }
        let detail = format!("{} lies far from {}, which the row names and which serves instead", show(at), named.id);
        Placed::new(named.label, Precision::Municipality, with_itself(named))
            .because(IssueCode::OutsideTerritory, detail)
    }

    fn place_by_code(code: Option<&str>, named: Option<&AdminUnit>) -> Placed {
        let Some(unit) = named else {
            let placed = Placed::new(None, Precision::None, Ancestors::default());
            let detail = "no coordinates, and no municipality that is known".to_owned();
            return unknown_code(placed.because(IssueCode::NotLocated, detail), code, named);
        };
        match unit.label {
            Some(label) => Placed::new(Some(label), Precision::Municipality, with_itself(unit)),
            None => Placed::new(None, Precision::None, with_itself(unit)).because(
                IssueCode::NotLocated,
                format!("no coordinates, and {} has no boundary to place it in", unit.id),
            ),
        }
    }

    /// The municipality of a code, a retired one included; a zero that a spreadsheet has eaten is put back.
    fn municipality(&self, code: &str) -> Option<&AdminUnit> {
        let code = code.trim();
        let padded = (code.len() == 4).then(|| format!("0{code}"));
        std::iter::once(code).chain(padded.as_deref()).find_map(|code| {
            let code = self.nomenclature.and_then(|n| n.municipality_of(code)).unwrap_or(code);
            self.municipalities.get(code).map(|&at| &self.units[at])
        })
    }

    /// The municipality that a postal code and a name mean together: its code.
    pub fn municipality_of_postcode(&self, postcode: &str, name: &str) -> Option<&str> {
        let at = self.by_postcode.get(&(postcode, fold(name)))?;
        Some(&self.units[*at].code)
    }

    /// The IANA time zone of a place; of the first country where the place is not known.
    pub fn timezone(&self, at: Option<LonLat>, code: Option<&str>) -> String {
        let ancestors = self.place(at, code).ancestors;
        let country = ancestors.get(AdminLevel::Country).map(UnitId::code);
        let of_country = |r: &&CountryRules| {
            country.is_some_and(|c| r.iso == c || r.dependencies.contains_key(c) || r.aliases.contains_key(c))
        };
        let Some(rules) = self.rules.iter().find(of_country).or(self.rules.first()) else {
            return "Etc/UTC".to_owned();
        };
        let code = [AdminLevel::Municipality, AdminLevel::Department].iter().find_map(|&l| ancestors.get(l));
        let dependency = country.and_then(|c| rules.dependencies.get(c)).map(|d| d.code.as_str());
        rules.timezone_of(code.map(UnitId::code).or(dependency).unwrap_or_default()).to_owned()
    }
}

/// A row whose point is in a municipality, but whose code means none.
fn unknown_code(placed: Placed, code: Option<&str>, named: Option<&AdminUnit>) -> Placed {
    match (code, named) {
        (Some(code), None) => {
            placed.because(IssueCode::UnknownMunicipality, format!("{code:?} is no municipality's code"))
        }
        _ => placed,
    }
}

/// The ancestors of what lies in a unit: the unit's, and the unit.
fn with_itself(unit: &AdminUnit) -> Ancestors {
    let mut ancestors = unit.ancestors.clone();
    ancestors.set(unit.level, Some(unit.id.clone()));
    ancestors
}

fn show(at: LonLat) -> String {
    format!("{:.5}, {:.5}", at.lon(), at.lat())
}

/// Takes the postal code and the municipality's name off the end of an address, as France writes them:
/// `Préau de l'école, 31150 Lespinasse` gives the rest, `31150`, `Lespinasse`.
pub fn split_address(address: &str) -> Option<(Option<String>, &str, &str)> {
    let (rest, last) = address.rsplit_once(',').map_or((None, address), |(rest, last)| (Some(rest.trim()), last));
    let (postcode, name) = last.trim().split_once(' ')?;
    let is_postcode = postcode.len() == 5 && postcode.bytes().all(|b| b.is_ascii_digit());
    let rest = rest.filter(|r| !r.is_empty()).map(str::to_owned);
    (is_postcode && !name.trim().is_empty()).then(|| (rest, postcode, name.trim()))
}

#[cfg(test)]
#[path = "locate/tests.rs"]
mod tests;
