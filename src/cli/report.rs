//! The report of an ingest as tables for people.

use comfy_table::{Cell, CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use parvis_model::{Collection, IssueCode, Report, SourceReport, UnitStatus};

/// Every source with what was read, kept and refused; units by status; issues by code.
pub(super) fn tables(report: &Report) -> String {
    let mut out = vec![sources(report)];
    if !report.units.is_empty() {
        out.push(units(report));
    }
    if !report.counts.is_empty() {
        out.push(issues(report));
    }
    out.join("\n\n")
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(header.iter().map(Cell::new));
    table
}

fn number(n: u64) -> Cell {
    let text = if n == 0 { String::from("–") } else { indicatif::HumanCount(n).to_string() };
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn sources(report: &Report) -> String {
    let mut t = table(&["source", "reader", "read", "accepted", "rejected"]);
    for s in &report.sources {
        let SourceReport { source, reader, read, accepted, rejected, not_selected } = s;
        let mut why: Vec<String> = rejected.iter().map(|(code, n)| format!("{n} {code}")).collect();
        if *not_selected > 0 {
            why.push(format!("({} not selected)", indicatif::HumanCount(*not_selected)));
        }
        if why.is_empty() {
            why.push("–".into());
        }
        t.add_row([Cell::new(source), Cell::new(reader), number(*read), number(*accepted), Cell::new(why.join(", "))]);
    }
    t.to_string()
}

fn units(report: &Report) -> String {
    let mut header = vec!["units", "total"];
    header.extend(UnitStatus::ALL.iter().map(|s| s.name()));
    let mut t = table(&header);
    for collection in Collection::ALL {
        let Some(by_status) = report.units.get(collection.name()) else { continue };
        let mut row = vec![Cell::new(collection.name()), number(by_status.values().sum())];
        row.extend(UnitStatus::ALL.iter().map(|s| number(by_status.get(s.name()).copied().unwrap_or(0))));
        t.add_row(row);
    }
    t.to_string()
}

fn issues(report: &Report) -> String {
    let mut t = table(&["issue", "times", "meaning", "for example"]);
    t.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    for (code, times) in &report.counts {
        let first = report.issues.iter().find(|i| i.code.name() == code);
        let meaning = first.map_or("", |i| IssueCode::meaning(i.code));
        let example = first.map_or(String::new(), |i| format!("{} {}: {}", i.source, i.place, i.detail));
        t.add_row([Cell::new(code), number(*times), Cell::new(meaning), Cell::new(example)]);
    }
    t.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use parvis_model::Issue;

    #[test]
    fn every_source_and_issue_is_shown() {
        let mut report = Report::default();
        let mut source = SourceReport { source: "actors".into(), reader: "table".into(), ..SourceReport::default() };
        source.accept();
        source.reject(IssueCode::BadRow);
        report.sources.push(source);
        report.add(Issue {
            code: IssueCode::BadRow,
            source: "actors".into(),
            place: "row 7".into(),
            detail: "3 columns".into(),
        });
        let text = tables(&report);
        for part in ["actors", "1 bad-row", "row 7", "3 columns"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
