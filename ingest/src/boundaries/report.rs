//! What is wrong with a relation, in words that name the members.

use parvis_model::{AdminLevel, Issue, IssueCode, Source, UnitId};

use super::derive::Derived;
use super::noding::{Kind, Meeting};
use super::outline::{Gap, Outline};
use super::relation::Relation;
use super::select::Place;

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
        let at = outline.crossing.map(place).unwrap_or_default();
        format!("its ways cross, or overlap, around {at}: which part is meant nobody can tell")
    });
    for (kind, code) in [
        (Kind::Crossing, IssueCode::CrossingWays),
        (Kind::Touching, IssueCode::TouchingWays),
        (Kind::SamePlace, IssueCode::SamePlace),
    ] {
        let met: Vec<&Meeting> = outline.meetings.iter().filter(|m| m.kind == kind).collect();
        add(outline.crossing.is_none() && !met.is_empty(), code, &|| {
            format!("repaired: {}", list(&met, |m| meeting(m)))
        });
    }
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

/// What dissolving units from their members did.
pub(super) fn derived(derived: &Derived, source: &Source) -> Vec<Issue> {
    let mut found: Vec<(IssueCode, &UnitId, String)> = Vec::new();
    for (unit, members) in &derived.units {
        found.push((IssueCode::DerivedUnit, unit, format!("dissolved from its {members} members")));
    }
    for sliver in &derived.slivers {
        let (within, at) = (&sliver.within, place(sliver.place));
        let detail = format!("a sliver of {:.1} m² at {at}, between members of {within}, is no more", sliver.area);
        found.push((IssueCode::SliverMended, &sliver.unit, detail));
    }
    for (unit, area, at) in &derived.holes {
        let detail = format!("{:.2} ha at {} belong to none of its members", area / 1e4, place(*at));
        found.push((IssueCode::HoleBetweenMembers, unit, detail));
    }
    for failure in &derived.failures {
        found.push((IssueCode::NotDerived, &failure.unit, failure.detail.clone()));
    }
    let issue = |(code, unit, detail): (IssueCode, &UnitId, String)| {
        let place = unit.as_str().to_owned();
        Issue { code, source: source.id.clone(), place, detail }
    };
    found.into_iter().map(issue).collect()
}

fn meeting(meeting: &Meeting) -> String {
    let [a, b] = meeting.ways;
    if a == b {
        return format!("way {a} and itself at {}", place(meeting.place));
    }
    format!("ways {a} and {b} at {}", place(meeting.place))
}

/// Longitude and latitude.
pub(super) fn place(place: Place) -> String {
    format!("{:.7},{:.7}", f64::from(place.lon) / 1e7, f64::from(place.lat) / 1e7)
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
