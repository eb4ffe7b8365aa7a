//! A file cut into its components before anything is parsed, so that a broken one cannot take others along.

/// One `BEGIN:… END:…` of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block<'t> {
    /// Line of its BEGIN, from 1.
    pub(super) line: usize,
    /// Its lines, BEGIN and END included.
    pub(super) text: &'t str,
    /// Its END is there.
    pub(super) ended: bool,
}

/// The components that matter, and how many of each other kind there are.
#[derive(Debug, Default)]
pub(super) struct Blocks<'t> {
    pub(super) events: Vec<Block<'t>>,
    pub(super) timezones: Vec<Block<'t>>,
    /// `VTODO`, `VJOURNAL`…: kind, line of the first, count.
    pub(super) others: Vec<(String, usize, u64)>,
    /// The file has a BEGIN at all.
    pub(super) is_calendar: bool,
}

/// Cuts a file. A component ends at its END, or where the next one of the calendar begins.
pub(super) fn split(text: &str) -> Blocks<'_> {
    let mut blocks = Blocks::default();
    let mut open: Option<Open> = None;
    let mut offset = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (start, end) = (offset, offset + line.len());
        offset = end;
        let Some((word, name)) = line.trim_start_matches('\u{feff}').trim().split_once(':') else { continue };
        let name = name.trim().to_ascii_uppercase();
        match (word.to_ascii_uppercase().as_str(), open.as_mut()) {
            ("BEGIN", _) if name == "VCALENDAR" => {
                blocks.is_calendar = true;
                close(&mut blocks, text, open.take(), start, false);
            }
            ("BEGIN", Some(o)) if !(o.name == name || is_top(&name)) => o.inner.push(name),
            ("BEGIN", _) => {
                blocks.is_calendar = true;
                close(&mut blocks, text, open.take(), start, false);
                open = Some(Open { name, start, line: number + 1, inner: Vec::new() });
            }
            ("END", Some(o)) if o.inner.last() == Some(&name) => {
                o.inner.pop();
            }
            ("END", Some(o)) if o.name == name => {
                close(&mut blocks, text, open.take(), end, true);
            }
            ("END", Some(_)) if name == "VCALENDAR" => close(&mut blocks, text, open.take(), start, false),
            _ => {}
        }
    }
    close(&mut blocks, text, open, text.len(), false);
    blocks
}

struct Open {
    name: String,
    start: usize,
    line: usize,
    inner: Vec<String>,
}

fn is_top(name: &str) -> bool {
    matches!(name, "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VTIMEZONE" | "VAVAILABILITY")
}

fn close<'t>(blocks: &mut Blocks<'t>, text: &'t str, open: Option<Open>, end: usize, ended: bool) {
    let Some(open) = open else { return };
    let block = Block { line: open.line, text: &text[open.start..end], ended };
    match open.name.as_str() {
        "VEVENT" => blocks.events.push(block),
        "VTIMEZONE" => blocks.timezones.push(block),
        name => match blocks.others.iter_mut().find(|(n, _, _)| n == name) {
            Some((_, _, count)) => *count += 1,
            None => blocks.others.push((name.to_owned(), open.line, 1)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_without_end_stops_at_the_next() {
        let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT\n\
            BEGIN:VEVENT\nUID:2\nBEGIN:VALARM\nbegin:vevent\nUID:3\nEND:VEVENT\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\nBEGIN:VEVENT";
        let blocks = split(text);
        let seen: Vec<_> = blocks.events.iter().map(|b| (b.line, b.ended)).collect();
        assert_eq!(seen, [(2, true), (7, false), (10, true), (16, false)]);
        assert!(blocks.events[1].text.contains("UID:2") && !blocks.events[1].text.contains("UID:3"));
        assert_eq!(blocks.others, [("VTODO".to_owned(), 13, 1)]);
        assert!(blocks.is_calendar && !split("hello: you\n").is_calendar);
    }
}
