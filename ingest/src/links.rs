//! Links between records, from CSV: `from_id,to_id,relation`.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use parvis_model::{Issue, IssueCode, Link, Relation, SourceReport};

use crate::config::SourceConfig;
use crate::input::{self, InputError, LineCounter};

/// Links and what was wrong with others.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// The links, both ends of which are there.
    pub links: Vec<Link>,
    /// Every row accounted for.
    pub report: SourceReport,
    /// What was wrong with rows.
    pub issues: Vec<Issue>,
}

/// Why a file of links cannot be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinksError {
    /// The file cannot be opened or read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A column is missing.
    #[error("{}:1: no column {column:?}; links have from_id, to_id and relation", path.display())]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
    },
}

/// What is in the edition, and what was left out of it on purpose.
#[derive(Debug, Default)]
pub struct Known<'a> {
    /// Ids of all units, actors and events.
    pub ids: HashSet<&'a str>,
    /// Ids that no source was asked for: links to them are not selected either.
    pub not_selected: HashSet<&'a str>,
}

impl Known<'_> {
    /// Whether a link's end is another territory's.
    fn is_foreign(&self, config: &SourceConfig, id: &str) -> bool {
        if config.within.is_empty() || self.ids.contains(id) {
            return false;
        }
        let foreign_unit = id.strip_prefix("municipality:").is_some_and(|code| !config.selects(code));
        foreign_unit || self.not_selected.contains(id)
    }
}

/// Reads a file of links.
///
/// # Errors
/// [`LinksError`]: the file cannot be read or lacks a column. What is wrong with one row is an issue.
pub fn read(path: &Path, config: &SourceConfig, known: &Known<'_>) -> Result<Links, LinksError> {
    let io = |e: csv::Error| InputError::new(path, e.into());
    let (text, lines) = LineCounter::new(input::open(path)?);
    let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text);
    let header = csv.byte_headers().map_err(io)?.clone();
    let column = |name: &'static str| {
        let at = header.iter().position(|h| h == name.as_bytes());
        at.ok_or_else(|| LinksError::NoColumn { path: path.into(), column: name })
    };
    let (from, to, relation) = (column("from_id")?, column("to_id")?, column("relation")?);
    let mut out = Links::default();
    out.report.source.clone_from(&config.source.id);
    out.report.reader.clone_from(&config.source.reader);
    let mut seen = BTreeSet::new();
    let mut record = csv::ByteRecord::new();
    loop {
        let byte = csv.position().byte();
        if !csv.read_byte_record(&mut record).map_err(io)? {
            break;
        }
        let line = lines.line_at(byte);
        let cell = |at: usize| record.get(at).and_then(|c| std::str::from_utf8(c).ok()).filter(|c| !c.is_empty());
        let refused = match (cell(from), cell(to), cell(relation)) {
            (Some(from), Some(to), Some(relation)) => {
                if known.is_foreign(config, from) || known.is_foreign(config, to) {
                    out.report.not_selected += 1;
                    continue;
                }
                link(from, to, relation, config, known).and_then(|link| {
                    let twice = || (IssueCode::DuplicateId, format!("{from} {relation} {to} is there already"));
                    if seen.insert(link.clone()) { Ok(link) } else { Err(twice()) }
                })
            }
            _ => Err((IssueCode::BadRow, "a cell is missing, empty or not UTF-8".to_owned())),
        };
        match refused {
            Ok(link) => {
                out.report.accept();
                out.links.push(link);
            }
            Err((code, detail)) => {
                out.report.reject(code);
                let (source, place) = (config.source.id.clone(), format!("line {line}"));
                out.issues.push(Issue { code, source, place, detail });
            }
        }
    }
    Ok(out)
}

fn link(
    from: &str,
    to: &str,
    relation: &str,
    config: &SourceConfig,
    known: &Known<'_>,
) -> Result<Link, (IssueCode, String)> {
    let relation = Relation::from_name(relation).ok_or_else(|| {
        let names: Vec<_> = Relation::ALL.iter().map(|r| r.name()).collect();
        (IssueCode::UnknownRelation, format!("{relation:?}; there are {}", names.join(", ")))
    })?;
    for end in [from, to] {
        if !known.ids.contains(end) {
            return Err((IssueCode::DanglingLink, format!("{end:?} is not in the edition")));
        }
    }
    Ok(Link { from_id: from.to_owned(), to_id: to.to_owned(), relation, source: config.source.id.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Territory, tests::territory};
    use proptest::prelude::*;

    fn read_text(text: &str, within: &str) -> Result<Links, LinksError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("links.csv");
        std::fs::write(&path, text).unwrap();
        let sources = format!("[[source]]\nid='l'\nreader='links'\npath='l'\nproducer='P'\nlicence='L'\n{within}");
        let territory = Territory::parse(&territory(&sources), Path::new("t.toml")).unwrap();
        let known =
            Known { ids: ["actor:s:1", "actor:s:2", "municipality:97411"].into(), not_selected: ["actor:s:9"].into() };
        read(&path, &territory.sources[0], &known)
    }

    #[test]
    fn dangling_unknown_and_doubled_links_are_refused_by_line() {
        let text = "from_id,to_id,relation\nactor:s:1,actor:s:2,member_of\nactor:s:1,actor:s:3,member_of\n\
            actor:s:1,actor:s:2,loves\nactor:s:1,actor:s:2,member_of\nactor:s:1\nactor:s:2,municipality:97411,located_in\n";
        let links = read_text(text, "").unwrap();
        assert_eq!(links.links.len(), 2);
        let places: Vec<_> = links.issues.iter().map(|i| (i.code.name(), i.place.as_str())).collect();
        assert_eq!(
            places,
            [
                ("dangling-link", "line 3"),
                ("unknown-relation", "line 4"),
                ("duplicate-id", "line 5"),
                ("bad-row", "line 6")
            ]
        );
        assert!(matches!(read_text("a,b\n", ""), Err(LinksError::NoColumn { column: "from_id", .. })));
    }

    #[test]
    fn links_of_other_territories_are_not_selected() {
        let text = "from_id,to_id,relation\nactor:s:1,actor:s:9,member_of\nactor:s:1,municipality:75056,located_in\n\
            actor:s:1,actor:s:8,member_of\n";
        let links = read_text(text, "within=['974']").unwrap();
        assert_eq!((links.report.not_selected, links.report.read), (2, 1));
        assert_eq!(links.report.rejected["dangling-link"], 1);
    }

    proptest! {
        #[test]
        fn any_rows_are_accounted_for(rows in proptest::collection::vec("[a-z:0-9,\"é ]{0,40}", 0..20)) {
            let links = read_text(&format!("from_id,to_id,relation\n{}", rows.join("\n")), "").unwrap();
            prop_assert_eq!(links.report.read, links.report.accepted + links.report.rejected_total());
        }
    }
}
