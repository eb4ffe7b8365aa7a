//! What was wrong with the input, counted; and the account of every row read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::UnitId;

macro_rules! codes {
    ($($variant:ident $name:literal $doc:literal),* $(,)?) => {
        /// What can be wrong with a record. The names are stable: reports and scripts rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum IssueCode {
            $(#[doc = $doc] $variant),*
        }

        impl IssueCode {
            /// The name in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// A sentence for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $doc),* }
            }
        }
    };
}

codes! {
    // Rows of any reader.
    BadRow "bad-row" "The row cannot be read: wrong number of columns, bad quoting or encoding.",
    MissingName "missing-name" "The record has no name.",
    MissingKey "missing-key" "The record has no key; a hash of the row serves instead.",
    DuplicateId "duplicate-id" "Another record already has this id.",
    DuplicateActor "duplicate-actor" "An actor of the same name, kind and tag stands within fifty metres.",
    UnknownKind "unknown-kind" "The kind is not one of ours.",
    UnknownTheme "unknown-theme" "A theme is not one of the twelve and folds into none.",
    BadUrl "bad-url" "The web address is not http or https and was left out.",
    BadContact "bad-contact" "The e-mail address or telephone number cannot be read and was left out.",
    Private "private" "The record is not open data and was left out.",
    // Places.
    BadCoordinates "bad-coordinates" "The coordinates are not numbers, out of range or not in the stated CRS.",
    NotLocated "not-located" "Neither coordinates nor a known municipality: kept and listed, not drawn.",
    OutsideTerritory "outside-territory" "The point lies in no unit of the territory.",
    MunicipalityDisagrees "municipality-disagrees" "The point lies in another municipality than the row says.",
    UnknownMunicipality "unknown-municipality" "The municipality's code is not known.",
    // Events.
    BadDate "bad-date" "A start, end or recurrence rule cannot be read.",
    UnknownTimezone "unknown-timezone" "The time zone is not known; the municipality's serves instead.",
    EndBeforeStart "end-before-start" "The event ends before it starts.",
    UnboundedRecurrence "unbounded-recurrence" "The recurrence has no end and was cut at the territory's window.",
    OutsideWindow "outside-window" "No occurrence falls into the territory's window.",
    // Links.
    UnknownRelation "unknown-relation" "The relation is not one of ours.",
    DanglingLink "dangling-link" "One end of the link is not in the edition.",
    // Boundaries.
    UnmappedLevel "unmapped-level" "The country's rules give this osm_admin_level no level.",
    ForeignUnit "foreign-unit" "The relation belongs to a country that the territory does not list.",
    MissingWay "missing-way" "A way of the relation is not in the file.",
    MissingNode "missing-node" "A node of a way is not in the file.",
    OpenRing "open-ring" "A ring does not close.",
    NoGeometry "no-geometry" "The relation has no way, or its rings enclose nothing.",
    CrossingWays "crossing-ways" "Boundary ways cross without a common node.",
    TouchingWays "touching-ways" "Boundary ways touch without a common node, which they have now.",
    SamePlace "same-place" "Nodes with different ids at one place were taken as one.",
    SliverMended "sliver-mended" "Neighbours' borders differed by less than a hectare: one line serves both now.",
    DerivedUnit "derived-unit" "The boundary was dissolved from those of the unit's members.",
    NotDerived "not-derived" "The unit's members are known and complete, but their borders do not add up.",
    HoleBetweenMembers "hole-between-members" "A hole between the unit's members that is no sliver stays a hole.",
    BadRole "bad-role" "A member's role disagrees with the geometry, or is unknown; the geometry wins.",
    DuplicateWay "duplicate-way" "A way is listed twice; pairs cancel.",
    DuplicateCode "duplicate-code" "Another unit already has this code.",
    NoCode "no-code" "The relation has no official code; its number serves instead.",
    NoParent "no-parent" "The unit lies in no unit of the level above.",
    MissingBoundary "missing-boundary" "The nomenclature names the unit, no source has its boundary.",
    NotInNomenclature "not-in-nomenclature" "The boundary's code is not in the nomenclature.",
    CodeDisagrees "code-disagrees" "The nomenclature and the boundaries place the unit differently.",
    UnexpectedCount "unexpected-count" "A level has another number of units than the country's rules expect.",
    // Files.
    SkippedData "skipped-data" "A part of the file holds nothing that this reader takes.",
}

/// Something wrong with one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// What.
    pub code: IssueCode,
    /// The id of the source.
    pub source: String,
    /// Where in it: `row 12`, `r1403916`, `municipality:15031`, a UID.
    pub place: String,
    /// The value that is wrong and what to do.
    pub detail: String,
}

/// Something that was wrong, or mended, with the boundary or the place of one unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitIssue {
    /// The unit.
    pub unit: UnitId,
    /// What: the name of an [`IssueCode`].
    pub code: String,
    /// The members, gaps and metres that it is about.
    pub detail: String,
    /// The id of the source.
    pub source: String,
}

/// The account of one source: `read = accepted + rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReport {
    /// The id of the source.
    pub source: String,
    /// The reader.
    pub reader: String,
    /// Records read.
    pub read: u64,
    /// Records kept.
    pub accepted: u64,
    /// Records refused, by code.
    pub rejected: BTreeMap<String, u64>,
    /// Records that the configuration does not ask for (`within`); not among those read.
    #[serde(default)]
    pub not_selected: u64,
}

impl SourceReport {
    /// Counts one refused record.
    pub fn reject(&mut self, code: IssueCode) {
        self.read += 1;
        *self.rejected.entry(code.name().to_owned()).or_default() += 1;
    }

    /// Counts one kept record.
    pub fn accept(&mut self) {
        self.read += 1;
        self.accepted += 1;
    }

    /// All refused records.
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }
}

/// The report of one ingest: every row accounted for, every issue counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// By source, in the order of the configuration.
    pub sources: Vec<SourceReport>,
    /// All issues by code, rejections and warnings alike.
    pub counts: BTreeMap<String, u64>,
    /// The issues themselves; of each code the first [`Report::KEPT_PER_CODE`].
    pub issues: Vec<Issue>,
    /// Units by collection and status.
    pub units: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Report {
    /// How many issues of one code the report lists; the counts are always whole.
    pub const KEPT_PER_CODE: u64 = 10_000;

    /// Counts an issue, and keeps it while its code has room.
    pub fn add(&mut self, issue: Issue) {
        let count = self.counts.entry(issue.code.name().to_owned()).or_default();
        *count += 1;
        if *count <= Self::KEPT_PER_CODE {
            self.issues.push(issue);
        }
    }

    /// Adds what a reader found.
    pub fn extend(&mut self, issues: impl IntoIterator<Item = Issue>) {
        for issue in issues {
            self.add(issue);
        }
    }

    /// The share of refused records, 0 to 1.
    pub fn rejected_share(&self) -> f64 {
        let read: u64 = self.sources.iter().map(|s| s.read).sum();
        let rejected: u64 = self.sources.iter().map(SourceReport::rejected_total).sum();
        if read == 0 { 0.0 } else { rejected as f64 / read as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_and_the_list_is_bounded() {
        let mut report = Report::default();
        let issue = Issue { code: IssueCode::BadRow, source: "s".into(), place: "row 1".into(), detail: String::new() };
        report.extend(std::iter::repeat_n(issue, 10_005));
        assert_eq!(report.counts["bad-row"], 10_005);
        assert_eq!(report.issues.len(), 10_000);
    }

    #[test]
    fn names_are_what_serde_writes() {
        let json = serde_json::to_string(&IssueCode::EndBeforeStart).unwrap();
        assert_eq!(json, format!("\"{}\"", IssueCode::EndBeforeStart.name()));
    }
}
