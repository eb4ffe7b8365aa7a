//! What is wrong with a relation, in words that name the members.

use parvis_model::{AdminLevel, Issue, IssueCode, Source};

use super::outline::{Gap, Outline};
use super::select::Relation;

/// How many members one issue names; it always says how many there are.
const NAMED: usize = 20;

/// The issues of one unit's relation.
pub(super) fn issues(
    relation: &Relation,
    level: AdminLevel,
    code: Option<&str>,
    outline: &Outline,
    source: &Source,
) -> Vec<Issue> {
    let mut found: Vec<(IssueCode, String)> = Vec::new();
    let mut add = |wrong: bool, code: IssueCode, detail: &dyn Fn() -> String| {
        if wrong {
            found.push((code, detail()));
        }
    };
    let all = relation.ways.len();
    add(relation.tag("name").is_none_or(|n| n.trim().is_empty()), IssueCode::MissingName, &|| {
        "the relation has no name; its code or number serves instead".to_owned()
    });
    // Neighbourhoods have no official codes in most countries.
    add(code.is_none() && level != AdminLevel::Neighbourhood, IssueCode::NoCode, &|| {
        format!("a {} without code; the relation's number serves instead", level.prefix())
    });
    add(!outline.missing_ways.is_empty(), IssueCode::MissingWay, &|| {
        let missing = &outline.missing_ways;
        format!("{} of {all} ways are not in the file: {}", missing.len(), list(missing, i64::to_string))
    });
    add(!outline.missing_nodes.is_empty(), IssueCode::MissingNode, &|| {
        list(&outline.missing_nodes, |(way, nodes)| format!("way {way}: nodes {}", list(nodes, i64::to_string)))
    });
    add(!outline.open.is_empty(), IssueCode::OpenRing, &|| {
        format!("{} gaps: {}", outline.open.len(), list(&outline.open, gap))
    });
    add(outline.crossing.is_some(), IssueCode::CrossingWays, &|| {
        format!("inside and outside do not alternate around node {}", outline.crossing.unwrap_or_default())
    });
    let empty = !outline.is_complete() && !outline.is_incomplete() && outline.crossing.is_none();
    add(empty, IssueCode::NoGeometry, &|| {
        if outline.has_ways { "its ways enclose nothing".to_owned() } else { "it has no way".to_owned() }
    });
    add(!outline.duplicate_ways.is_empty(), IssueCode::DuplicateWay, &|| {
        format!("listed twice: {}", list(&outline.duplicate_ways, i64::to_string))
    });
    add(!outline.bad_roles.is_empty(), IssueCode::BadRole, &|| {
        list(&outline.bad_roles, |(way, role)| format!("way {way} as `{role}`"))
    });
    let issue = |(code, detail)| Issue { code, source: source.id.clone(), place: format!("r{}", relation.id), detail };
    found.into_iter().map(issue).collect()
}

fn gap(gap: &Gap) -> String {
    match gap.to {
        Some((to, metres)) => format!("node {} to node {to}, {metres:.1} m", gap.from),
        None => format!("node {}", gap.from),
    }
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    let named = items.iter().take(NAMED).map(show).collect::<Vec<_>>().join(", ");
    if items.len() > NAMED { format!("{named} and {} more", items.len() - NAMED) } else { named }
}
