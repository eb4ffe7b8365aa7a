use super::*;
use crate::config::{Territory, tests::territory};
use parvis_model::{EventKind, EventStatus, Instant, Silent};
use proptest::prelude::*;

fn config() -> SourceConfig {
    let source = "[[source]]\nid='s'\nreader='ical'\npath='e.ics'\nproducer='P'\nlicence='L'\n";
    Territory::parse(&territory(source), Path::new("t.toml")).unwrap().sources.remove(0)
}

fn read_bytes(bytes: &[u8], max_occurrences: usize) -> Result<Calendar, IcalError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("e.ics");
    std::fs::write(&path, bytes).unwrap();
    let config = config();
    let window = Window { from: Instant::parse("2026-01-01").unwrap(), to: Instant::parse("2028-01-01").unwrap() };
    // East of 40 degrees is La Réunion, the rest is Paris.
    let timezone_of = |at: Option<LonLat>| {
        if at.is_some_and(|p| p.lon() > 40.0) { "Indian/Reunion".to_owned() } else { "Europe/Paris".to_owned() }
    };
    let reading = Reading { config: &config, window, max_occurrences, timezone_of: &timezone_of };
    read(&path, &reading, &Silent)
}

/// A calendar of these VEVENT bodies, each with a SUMMARY.
fn events<const N: usize>(bodies: [&str; N]) -> Calendar {
    let body = bodies.map(|b| format!("BEGIN:VEVENT\nSUMMARY:Fête\n{}\nEND:VEVENT\n", b.trim())).concat();
    let calendar = read_bytes(format!("BEGIN:VCALENDAR\n{body}END:VCALENDAR\n").as_bytes(), 1_000).unwrap();
    assert_eq!(calendar.report.read, calendar.report.accepted + calendar.report.rejected_total());
    calendar
}

fn starts(calendar: &Calendar) -> Vec<String> {
    calendar.events.iter().map(|e| e.record.start.to_string()).collect()
}

fn codes(calendar: &Calendar) -> Vec<&str> {
    calendar.issues.iter().map(|i| i.code.name()).collect()
}

#[test]
fn a_weekly_event_keeps_its_hour_when_the_clocks_change() {
    let calendar = events([
        "UID:w\nDTSTART;TZID=Europe/Paris:20261011T180000\nDTEND;TZID=Europe/Paris:20261011T190000\nRRULE:FREQ=WEEKLY;COUNT=4",
    ]);
    assert_eq!(
        starts(&calendar),
        ["2026-10-11T16:00:00Z", "2026-10-18T16:00:00Z", "2026-10-25T17:00:00Z", "2026-11-01T17:00:00Z"]
    );
    let event = &calendar.events[3].record;
    assert_eq!(event.end.to_string(), "2026-11-01T18:00:00Z");
    assert_eq!((event.timezone.as_str(), event.all_day), ("Europe/Paris", false));
    assert_eq!(event.series_id.as_deref(), Some("event:s:w"));
    assert_eq!(event.id.as_str(), "event:s:w@20261101T170000Z");
    assert_eq!(calendar.report.accepted, 1, "one VEVENT, four occurrences");
}

#[test]
fn until_in_utc_is_told_by_the_clock_of_the_series() {
    // 18:00 in Paris is 16:00 UTC in summer: the last day is included, as RFC 5545 has it.
    let calendar =
        events(["UID:u\nDTSTART;TZID=Europe/Paris:20260601T180000\nRRULE:FREQ=DAILY;UNTIL=20260603T160000Z"]);
    assert_eq!(calendar.events.len(), 3);
    // A bare date means all of that day.
    let calendar = events(["UID:u\nDTSTART;TZID=Europe/Paris:20260601T180000\nRRULE:FREQ=DAILY;UNTIL=20260603"]);
    assert_eq!(calendar.events.len(), 3);
}

#[test]
fn the_clock_of_la_reunion_never_changes() {
    let calendar =
        events(["UID:r\nDTSTART;TZID=Indian/Reunion:20260328T090000\nDURATION:PT1H30M\nRRULE:FREQ=DAILY;COUNT=2"]);
    assert_eq!(starts(&calendar), ["2026-03-28T05:00:00Z", "2026-03-29T05:00:00Z"]);
    assert_eq!(calendar.events[0].record.end.to_string(), "2026-03-28T06:30:00Z");
}

#[test]
fn whole_days_are_those_of_the_place() {
    let calendar = events([
        "UID:a\nDTSTART;VALUE=DATE:20260620\nDTEND;VALUE=DATE:20260622\nGEO:-20.88;55.45",
        "UID:b\nDTSTART;VALUE=DATE:20260329",
        "UID:c\nDTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260401",
    ]);
    let spans: Vec<_> = calendar
        .events
        .iter()
        .map(|e| (e.record.start.to_string(), e.record.end.to_string(), e.record.timezone.clone(), e.record.all_day))
        .collect();
    assert_eq!(spans[0], ("2026-06-19T20:00:00Z".into(), "2026-06-21T20:00:00Z".into(), "Indian/Reunion".into(), true));
    let short = ("2026-03-28T23:00:00Z".into(), "2026-03-29T22:00:00Z".into(), "Europe/Paris".into(), true);
    assert_eq!(spans[1], short, "the day of the change has 23 hours");
    assert_eq!(spans[2].1, "2026-04-01T22:00:00Z", "an end on the day of the start means that day");
}

#[test]
fn floating_times_take_the_clock_of_the_place_and_utc_its_name() {
    let calendar = events([
        "UID:f\nDTSTART:20260620T100000\nGEO:-20.88;55.45",
        "UID:z\nDTSTART:20260620T100000Z\nGEO:-20.88;55.45",
        "UID:x\nDTSTART;TZID=Mars/Olympus:20260620T100000",
    ]);
    assert_eq!(starts(&calendar), ["2026-06-20T06:00:00Z", "2026-06-20T10:00:00Z", "2026-06-20T08:00:00Z"]);
    assert!(calendar.events[..2].iter().all(|e| e.record.timezone == "Indian/Reunion"));
    assert_eq!(codes(&calendar), ["unknown-timezone"]);
    let event = &calendar.events[0].record;
    assert_eq!(event.location.map(|p| (p.lon(), p.lat())), Some((55.45, -20.88)), "GEO is latitude first");
    assert_eq!((event.end, event.series_id.as_deref()), (event.start, None), "no end, no series");
}

#[test]
fn exceptions_additions_and_overrides_change_the_series() {
    let calendar = events([
        "UID:o\nDTSTART;TZID=Europe/Paris:20260601T180000\nDTEND;TZID=Europe/Paris:20260601T190000\nRRULE:FREQ=DAILY;COUNT=5\n\
         EXDATE;TZID=Europe/Paris:20260602T180000\nEXDATE:20260603T160000Z\nRDATE;TZID=Europe/Paris:20260610T120000",
        "UID:o\nRECURRENCE-ID;TZID=Europe/Paris:20260604T180000\nDTSTART;TZID=Europe/Paris:20260604T200000\nSTATUS:CANCELLED",
    ]);
    assert_eq!(
        starts(&calendar),
        ["2026-06-01T16:00:00Z", "2026-06-04T18:00:00Z", "2026-06-05T16:00:00Z", "2026-06-10T10:00:00Z"]
    );
    let status: Vec<_> = calendar.events.iter().map(|e| e.record.status).collect();
    assert_eq!(status[1], EventStatus::Cancelled);
    assert_eq!(status.iter().filter(|s| **s == EventStatus::Confirmed).count(), 3);
    assert_eq!(calendar.report.accepted, 2);
    assert!(calendar.events.iter().all(|e| e.record.series_id.as_deref() == Some("event:s:o")));
}

#[test]
fn this_and_future_moves_the_rest() {
    let calendar = events([
        "UID:m\nDTSTART:20260601T100000Z\nRRULE:FREQ=DAILY;COUNT=4",
        "UID:m\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260603T100000Z\nDTSTART:20260603T120000Z",
    ]);
    assert_eq!(
        starts(&calendar),
        ["2026-06-01T10:00:00Z", "2026-06-02T10:00:00Z", "2026-06-03T12:00:00Z", "2026-06-04T12:00:00Z"]
    );
}

#[test]
fn an_endless_series_is_cut_at_the_window_and_at_the_cap() {
    let calendar = events(["UID:e\nDTSTART;TZID=Europe/Paris:19990101T120000\nRRULE:FREQ=MONTHLY"]);
    assert_eq!(calendar.events.len(), 24);
    assert_eq!(calendar.events[0].record.start.to_string(), "2026-01-01T11:00:00Z");
    assert_eq!(codes(&calendar), ["unbounded-recurrence"]);
    let daily = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nUID:e\nDTSTART:20260101T120000Z\nRRULE:FREQ=DAILY;COUNT=500\nEND:VEVENT\nEND:VCALENDAR";
    let capped = read_bytes(daily.as_bytes(), 10).unwrap();
    assert_eq!(capped.events.len(), 10);
    assert!(capped.issues[0].detail.contains("490 occurrences"), "{:?}", capped.issues);
}

#[test]
fn words_places_and_organisers_are_read() {
    let calendar = events([
        "UID:ex 1\nDTSTART:20260601T100000Z\nDTEND:20260601T090000Z\nCATEGORIES:concert,Agriculture\nCATEGORIES:énergie,bal\n\
         DESCRIPTION:Une ligne\\, deux\\nlignes\nLOCATION:Préau de l'école\\, 31150 Lespinasse\nURL:javascript:x\n\
         ORGANIZER;CN=\"A\":urn:parvis:actor:exampl\n es:ex-1",
        "UID:2\nDTSTART:20260601T100000Z\nORGANIZER:mailto:someone@example.org\nATTENDEE:mailto:someone@example.org",
        "UID:3\nDTSTART:20260601T100000Z\nCLASS:PRIVATE",
    ]);
    let event = &calendar.events[0].record;
    assert_eq!(
        (event.kind, event.themes.codes(), &event.tags[..]),
        (EventKind::Concert, vec!["food".to_owned(), "energy".into()], &["bal".to_owned()][..])
    );
    assert_eq!(event.description.as_deref(), Some("Une ligne, deux\nlignes"));
    assert_eq!(event.address.as_deref(), Some("Préau de l'école, 31150 Lespinasse"));
    assert_eq!(event.organizer_id.as_ref().unwrap().as_str(), "actor:examples:ex-1");
    assert_eq!((event.url.as_deref(), event.end), (None, event.start));
    assert!(
        event.id.as_str().starts_with("event:s:")
            && event.id.as_str().contains('@')
            && !event.id.as_str().contains(' ')
    );
    let other = &calendar.events[1].record;
    assert_eq!((other.kind, &other.organizer_id), (EventKind::Others, &None), "a mail address is a person's");
    assert_eq!(calendar.report.rejected["private"], 1);
    assert!(codes(&calendar).contains(&"end-before-start") && codes(&calendar).contains(&"bad-url"));
}

#[test]
fn broken_components_never_stop_the_rest() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:no\nEND:VTODO\n\
        BEGIN:VEVENT\nUID:1\nSUMMARY:no start\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:2\nSUMMARY:bad start\nDTSTART:20261345T990000\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:3\nDTSTART:20260601T100000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:4\nSUMMARY:no end\nDTSTART:20260601T100000Z\n\
        BEGIN:VEVENT\nUID:5\nSUMMARY:old\nDTSTART:20200601T100000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:6\nSUMMARY:bad rule\nDTSTART:20260601T100000Z\nRRULE:FREQ=SOMETIMES\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:6\nSUMMARY:twice\nDTSTART:20260601T100000Z\nEND:VEVENT\n\
        garbage\nBEGIN:VEVENT\nSUMMARY:no uid\nDTSTART:20260602T100000Z\nEND:VEVENT\n";
    let calendar = read_bytes(text.as_bytes(), 100).unwrap();
    let names: Vec<_> = calendar.events.iter().map(|e| e.record.name.as_str()).collect();
    assert_eq!(names, ["bad rule", "no uid"]);
    let rejected: Vec<_> = calendar.report.rejected.iter().map(|(c, n)| (c.as_str(), *n)).collect();
    assert_eq!(
        rejected,
        [("bad-date", 2), ("bad-row", 1), ("duplicate-id", 1), ("missing-name", 1), ("outside-window", 1)]
    );
    assert_eq!(calendar.report.read, 8);
    assert!(calendar.issues.iter().any(|i| i.code == IssueCode::SkippedData && i.place == "line 2"));
    assert!(calendar.issues.iter().any(|i| i.code == IssueCode::BadRow && i.place == "line 18"));
    for (bytes, word) in [(b"".as_slice(), "BEGIN:VCALENDAR"), (b"<html>", "e.ics:1")] {
        assert!(read_bytes(bytes, 1).unwrap_err().to_string().contains(word));
    }
}

#[test]
fn the_corpus_of_good_and_bad_calendars_is_accounted_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/icalendar");
    let Ok(list) = std::fs::read_dir(&folder) else {
        println!("skipped: {} is not here", folder.display());
        return;
    };
    let (mut files, mut read, mut kept) = (0, 0, 0);
    for path in list.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "ics")) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(calendar) = read_bytes(&bytes, 1_000) else { continue };
        let report = &calendar.report;
        assert_eq!(report.read, report.accepted + report.rejected_total(), "{}", path.display());
        assert!(calendar.events.iter().all(|e| e.record.start <= e.record.end), "{}", path.display());
        files += 1;
        read += report.read;
        kept += report.accepted;
    }
    println!("{files} files, {read} events read, {kept} in the window");
    assert!(files > 100 && read > 100, "{files} files, {read} events");
}

const LINES: &[&str] = &[
    "DTSTART:20260601T100000Z",
    "DTSTART;VALUE=DATE:20260601",
    "DTSTART;TZID=Europe/Paris:20260329T023000",
    "DTSTART:00000000T000000",
    "DTSTART:99991231T235959Z",
    "DTEND:20260601T120000Z",
    "DTEND;VALUE=DATE:20990101",
    "DTEND:00010101T000000Z",
    "DURATION:-P1D",
    "DURATION:P4294967295W",
    "DURATION:PT",
    "RRULE:FREQ=DAILY",
    "RRULE:FREQ=SECONDLY;COUNT=4294967295",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=WEEKLY;INTERVAL=0",
    "RRULE:FREQ=MONTHLY;BYSETPOS=-366;BYDAY=-53SU",
    "RRULE:FREQ=HOURLY;UNTIL=00010101",
    "RRULE:COUNT=0",
    "RRULE:",
    "EXDATE:20260601T100000Z",
    "RDATE;VALUE=PERIOD:20260601T100000Z/PT1H",
    "RDATE:x",
    "RECURRENCE-ID:20260601T100000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260603T100000Z",
    "UID:a",
    "UID:b",
    "SUMMARY:s",
    "SEQUENCE:9",
    "GEO:1;2",
    "GEO:x",
    "END:VEVENT",
    "BEGIN:VEVENT",
    "END:VEVENT\nBEGIN:VEVENT",
    "BEGIN:VALARM",
    "END:VCALENDAR",
    ";;;:::",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_mixture_of_lines_is_accounted_for(picks in proptest::collection::vec(0..LINES.len(), 0..40)) {
        let body: Vec<&str> = picks.iter().map(|&i| LINES[i]).collect();
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}\nEND:VEVENT\nEND:VCALENDAR\n", body.join("\n"));
        let calendar = read_bytes(text.as_bytes(), 50).unwrap();
        prop_assert_eq!(calendar.report.read, calendar.report.accepted + calendar.report.rejected_total());
        prop_assert!(calendar.events.iter().all(|e| e.record.start <= e.record.end));
    }
}
