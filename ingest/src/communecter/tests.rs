#![expect(clippy::needless_pass_by_value, reason = "what json! makes is handed over without ceremony")]

use super::*;
use crate::config::{ReaderOptions, Territory, tests::territory};
use parvis_model::{ActorKind, EventKind, Instant, Precision, Silent};
use serde_json::{Value, json};

const SOURCE: &str = "[[source]]\nid='c'\nreader='communecter'\npath='c'\nproducer='P'\nlicence='L'\n";

/// Reads a file of a name with options as the configuration has them.
pub(super) fn read_file(name: &str, text: &str, options: &str) -> Result<Export, CommunecterError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    let territory = Territory::parse(&territory(&format!("{SOURCE}{options}")), Path::new("t.toml")).unwrap();
    let config = &territory.sources[0];
    let ReaderOptions::Communecter(options) = &config.options else { panic!("{config:?}") };
    let reading = Reading {
        config,
        options,
        window: Window { from: territory.from, to: territory.to },
        country: "FR",
        timezone_of: &|at, code| {
            let on_the_island = at.is_some_and(|p| p.lat() < 0.0) || code.is_some_and(|c| c.starts_with("974"));
            if on_the_island { "Indian/Reunion" } else { "Europe/Paris" }.to_owned()
        },
        municipality_of: &|postcode, name| (postcode == "97400" && name == "Saint-Denis").then(|| "97411".to_owned()),
    };
    read(&path, &reading, &Silent)
}

pub(super) fn read_all(collection: &str, records: &Value) -> Export {
    read_file("x.json", &records.to_string(), &format!("collection = '{collection}'\n")).unwrap()
}

/// An open element with further members.
pub(super) fn open(members: Value) -> Value {
    let mut element = json!({
        "_id": {"$oid": "5a0000000000000000000001"}, "name": "Jardin", "type": "NGO",
        "preferences": {"isOpenData": true},
    });
    element.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    element
}

fn actor(members: Value) -> (Actor, Vec<&'static str>) {
    let mut export = read_all("organizations", &json!([open(members)]));
    let codes = export.issues.iter().map(|i| i.code.name()).collect();
    match export.elements.remove(0).record.record {
        Record::Actor(actor) => (*actor, codes),
        Record::Event(event) => panic!("{event:?}"),
    }
}

fn event(members: Value) -> (Event, Vec<&'static str>) {
    let mut export = read_all("events", &json!([open(members)]));
    let codes = export.issues.iter().map(|i| i.code.name()).collect();
    match export.elements.remove(0).record.record {
        Record::Event(event) => (*event, codes),
        Record::Actor(actor) => panic!("{actor:?}"),
    }
}

/// The codes with which records are refused, in order, and that nothing else is in the report.
fn refused(collection: &str, records: &[Value]) -> Vec<&'static str> {
    let export = read_all(collection, &json!(records));
    assert_eq!(export.report.read, export.report.accepted + export.report.rejected_total());
    assert_eq!((export.report.accepted, export.elements.len()), (0, 0));
    export.issues.iter().map(|i| i.code.name()).collect()
}

#[test]
fn an_organisation_as_mongo_exports_it_becomes_an_actor() {
    let (actor, issues) = actor(json!({
        "type": "LocalBusiness", "slug": "jardin", "shortDescription": "Légumes\u{7}", "description": "Long",
        "tags": ["Agriculture", "AMAP", "amap", "", 7], "url": "www.jardin.re",
        "email": "contact@jardin.re", "telephone": {"fixe": ["0262 40 04 00"], "fax": ["0262000000"]},
        "geo": {"@type": "GeoCoordinates", "latitude": "-20.88", "longitude": "55.45"},
        "geoPosition": {"type": "Point", "float": true, "coordinates": [55.45, -20.88]},
        "address": {"@type": "PostalAddress", "streetAddress": "1 rue", "postalCode": "97400", "codeInsee": "97411",
                    "addressLocality": "Saint-Denis", "addressCountry": "RE", "level1": "x", "level1Name": "Réunion"},
        "updated": {"$numberLong": "1777631400"}, "creator": "5b", "links": {"members": {"5b": {"type": "citoyens"}}},
        "preferences": {"isOpenData": "true", "publicFields": ["locality", "email", "phone"], "privateFields": []},
    }));
    assert_eq!(issues, [] as [&str; 0]);
    assert_eq!((actor.id.as_str(), actor.kind), ("actor:c:5a0000000000000000000001", ActorKind::Business));
    assert_eq!((actor.name.as_str(), actor.description.as_deref()), ("Jardin", Some("Légumes")));
    assert_eq!(
        (actor.themes.codes(), &actor.tags[..]),
        (vec!["food".to_owned()], &["Agriculture", "AMAP", "7"].map(String::from)[..])
    );
    assert_eq!(actor.url.as_deref(), Some("https://www.jardin.re"));
    assert_eq!(
        (actor.email.as_deref(), actor.telephone.as_deref()),
        (Some("contact@jardin.re"), Some("+262262400400"))
    );
    assert_eq!((actor.address.as_deref(), actor.postcode.as_deref()), (Some("1 rue"), Some("97400")));
    assert_eq!((actor.municipality_code.as_deref(), actor.precision), (Some("97411"), Precision::Point));
    assert_eq!(actor.location.map(|p| (p.lon(), p.lat())), Some((55.45, -20.88)));
    assert_eq!(actor.updated, Instant::parse("2026-05-01T10:30:00Z"));
}

#[test]
fn kinds_follow_the_collection_and_the_type() {
    for (word, kind) in [
        ("NGO", ActorKind::Association),
        ("LocalBusiness", ActorKind::Business),
        ("group", ActorKind::Group),
        ("GovernmentOrganization", ActorKind::PublicBody),
    ] {
        assert_eq!(actor(json!({ "type": word })).0.kind, kind);
    }
    let kind = |collection, element| match &read_all(collection, &json!([element])).elements[0].record.record {
        Record::Actor(actor) => actor.kind,
        Record::Event(event) => panic!("{event:?}"),
    };
    assert_eq!(kind("projects", open(json!({}))), ActorKind::Project);
    assert_eq!(kind("poi", open(json!({"type": "compostPickup"}))), ActorKind::Place);
    assert_eq!(kind("organizations", open(json!({"collection": "places"}))), ActorKind::Place);
    assert_eq!(
        refused("organizations", &[open(json!({"type": "Firm"})), open(json!({"type": null}))]),
        ["unknown-kind"; 2]
    );
}

#[test]
fn persons_and_other_collections_are_no_features() {
    let person = open(json!({"collection": "citoyens"}));
    assert_eq!(refused("organizations", &[person, open(json!({"username": "x"}))]), ["private"; 2]);
    assert_eq!(refused("citoyens", &[open(json!({})), json!({})]), ["private"; 2]);
    assert_eq!(refused("news", &[open(json!({}))]), ["unknown-kind"]);
    assert_eq!(refused("organizations", &[open(json!({"typeSig": "cities"}))]), ["unknown-kind"]);
}

#[test]
fn the_file_says_the_collection_where_records_and_configuration_do_not() {
    let one = json!([open(json!({}))]).to_string();
    let kind = |name: &str| read_file(name, &one, "").unwrap();
    assert_eq!(kind("projects.json").elements.len(), 1);
    assert_eq!(kind("organizations.json.bak").elements.len(), 1);
    assert_eq!(kind("x.json").issues[0].code, IssueCode::UnknownKind);
    assert!(kind("x.json").issues[0].detail.contains("set collection"));
    let persons = read_file("citoyens.json", &one, "collection = 'organizations'\n").unwrap();
    assert_eq!(persons.report.rejected["private"], 1, "a file of persons is one whatever the configuration says");
}

#[test]
fn what_is_refused_leaves_its_number_and_nothing_else() {
    let secret = |members: Value| {
        let mut element = open(json!({"_id": {"$oid": "secret-id"}, "name": "secret-name", "email": "secret@x.fr",
                                      "slug": "secret-slug", "url": "secret-url", "type": "secret-type"}));
        element.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        element
    };
    let records = json!([
        secret(json!({"preferences": {"isOpenData": false}})),
        secret(json!({"preferences": null})),
        secret(json!({"state": "deleted"})),
        secret(json!({"collection": "citoyens"})),
        secret(json!({"collection": "news"})),
        secret(json!({})),
        secret(json!({"name": {"secret": 1}})),
        secret(json!({"typeSig": "events", "startDate": "secret-date"})),
        secret(json!({"typeSig": "events", "startDate": "1999-01-01"})),
        "secret",
    ]);
    let export = read_all("organizations", &records);
    assert!(export.elements.is_empty());
    assert_eq!((export.report.read, export.report.rejected_total()), (10, 10));
    let codes: Vec<_> = export.issues.iter().map(|i| i.code.name()).collect();
    let expected = [
        "private",
        "private",
        "private",
        "private",
        "unknown-kind",
        "unknown-kind",
        "missing-name",
        "bad-date",
        "outside-window",
        "bad-row",
    ];
    assert_eq!(codes, expected);
    for (at, issue) in export.issues.iter().enumerate() {
        assert_eq!(issue.place, format!("record {}", at + 1));
        assert!(!format!("{issue:?}").contains("secret"), "{issue:?}");
    }
    assert_eq!(export.hidden, HashSet::from(["secret-id".to_owned()]));
}

#[test]
fn bad_values_of_a_kept_element_are_noted_without_being_repeated() {
    let (actor, issues) = actor(json!({
        "url": "ftp://secret", "email": "secret", "telephone": "secret", "updated": "secret", "tags": {"0": "compost"},
        "geoPosition": {"coordinates": ["secret", 1]}, "address": {"codeInsee": "secret@x.fr"}, "addresses": [{"secret": 1}, "secret"],
        "preferences": {"isOpenData": 1, "publicFields": ["email", "phone", "locality"]},
    }));
    assert_eq!((actor.url, actor.email, actor.telephone, actor.updated), (None, None, None, None));
    assert_eq!(actor.themes.codes(), ["waste"], "PHP writes a list with gaps as an object");
    let mut sorted = issues;
    sorted.sort_unstable();
    let expected = [
        "bad-contact",
        "bad-contact",
        "bad-coordinates",
        "bad-date",
        "bad-url",
        "skipped-data",
        "unknown-municipality",
    ];
    assert_eq!(sorted, expected);
}

#[test]
fn contacts_leave_only_where_they_are_public() {
    let with = |preferences: Value| {
        let contacts = json!({"email": "contact@jardin.re", "telephone": {"mobile": ["0692 00 00 00"]}, "preferences": preferences});
        let (actor, _) = actor(contacts);
        (actor.email.is_some(), actor.telephone.is_some())
    };
    assert_eq!(with(json!({"isOpenData": true})), (false, false));
    assert_eq!(with(json!({"isOpenData": true, "publicFields": ["phone"]})), (false, true));
    assert_eq!(with(json!({"isOpenData": true, "publicFields": ["email"], "privateFields": ["phone"]})), (true, false));
}

#[test]
fn of_a_masked_locality_nothing_leaves() {
    let place = json!({
        "geo": {"latitude": "-20.88", "longitude": "55.45"}, "geoPosition": {"coordinates": [55.45, -20.88]},
        "address": {"streetAddress": "1 rue", "postalCode": "97400", "codeInsee": "97411"},
        "addresses": [{"address": {"codeInsee": "97411"}}],
        "preferences": {"isOpenData": true, "publicFields": ["email"], "privateFields": ["locality"]},
    });
    let (masked, issues) = actor(place.clone());
    assert_eq!((masked.location, masked.address, masked.postcode, masked.municipality_code), (None, None, None, None));
    assert_eq!((masked.precision, issues.len()), (Precision::None, 0));
    assert!(read_all("organizations", &json!([open(place.clone())])).elements[0].secondary.is_empty());
    let mut of_event = place;
    of_event["startDate"] = json!("2026-05-01");
    of_event["type"] = json!("market");
    let (event, issues) = event(of_event);
    assert_eq!((event.location, event.address, event.postcode, event.municipality_code), (None, None, None, None));
    assert_eq!((event.timezone.as_str(), issues.len()), ("Europe/Paris", 0), "the zone of the place would tell");
}

#[test]
fn secondary_addresses_are_places_of_the_element() {
    let export = read_all(
        "organizations",
        &json!([open(json!({
            "tags": ["AMAP"], "description": "Long", "addresses": [
                {"address": {"streetAddress": "2 rue", "addressLocality": "Saint-Paul"}, "geo": {"latitude": -21.0, "longitude": 55.3}},
                {"address": {"streetAddress": "nowhere"}},
                {"address": {"postalCode": "97400", "addressLocality": "Saint-Denis"}},
            ],
        }))]),
    );
    let [first, last] = &export.elements[0].secondary[..] else { panic!("{:?}", export.elements) };
    assert_eq!((first.id.as_str(), first.name.as_str()), ("actor:c:5a0000000000000000000001-1", "Jardin (Saint-Paul)"));
    assert_eq!(
        (first.kind, first.address.as_deref(), first.precision),
        (ActorKind::Place, Some("2 rue"), Precision::Point)
    );
    assert_eq!((first.themes.codes().len(), first.description.as_deref()), (1, None));
    assert_eq!(
        (last.id.as_str(), last.municipality_code.as_deref()),
        ("actor:c:5a0000000000000000000001-3", Some("97411"))
    );
    assert_eq!(export.issues.len(), 1);
    assert_eq!((export.report.read, export.report.accepted), (1, 1), "one record");
}

#[test]
fn an_event_has_its_kind_its_zone_and_its_time() {
    let (read, issues) = event(json!({
        "type": "concours", "startDate": {"$date": "2026-05-01T14:00:00Z"}, "endDate": {"$date": {"$numberLong": "1777651200000"}},
        "geo": {"latitude": "-20.88", "longitude": "55.45"}, "timeZone": "Pacific/Noumea",
    }));
    assert_eq!(
        (read.id.as_str(), read.kind),
        ("event:c:5a0000000000000000000001@20260501T140000Z", EventKind::Contest)
    );
    assert_eq!(
        (read.end.to_string().as_str(), read.timezone.as_str(), read.all_day),
        ("2026-05-01T16:00:00Z", "Pacific/Noumea", false)
    );
    assert!(issues.is_empty());
    let kind = |word: &str| event(json!({"startDate": "2026-05-01 10:00", "type": word})).0.kind;
    assert_eq!(
        (kind("exposition"), kind("getTogether"), kind("nacelle")),
        (EventKind::Exhibition, EventKind::GetTogether, EventKind::Others)
    );
    let (read, issues) =
        event(json!({"startDate": "2026-05-01 10:00", "type": "events", "typeEvent": "market", "timeZone": "Mars",
                                      "address": {"codeInsee": "97411"}}));
    assert_eq!(
        (read.kind, read.timezone.as_str(), &issues[..]),
        (EventKind::Market, "Indian/Reunion", &["unknown-timezone"][..])
    );
    let (day, _) = event(
        json!({"allDay": true, "startDate": "2026-05-01 00:00", "address": {"postalCode": "97400", "addressLocality": "Saint-Denis"}}),
    );
    assert_eq!(
        (day.start.to_string().as_str(), day.end.to_string().as_str()),
        ("2026-04-30T20:00:00Z", "2026-05-01T20:00:00Z")
    );
    let (_, issues) = event(json!({"startDate": "2026-05-01", "addresses": [{"address": {"codeInsee": "97411"}}]}));
    assert_eq!(issues, ["skipped-data", "unknown-kind"]);
    assert_eq!(
        refused("events", &[open(json!({})), open(json!({"startDate": "2031-01-01"}))]),
        ["bad-date", "outside-window"]
    );
}

#[test]
fn ids_come_from_the_record_else_its_key_else_its_slug() {
    let id = |text: &str| read_file("organizations.json", text, "").unwrap().elements[0].record.record.id().to_owned();
    let element = |id: &str| open(json!({"_id": null, "slug": "le-jardin"})).to_string().replace("\"_id\":null,", id);
    assert_eq!(id(&element("\"_id\":\"5b\",")), "actor:c:5b");
    assert_eq!(id(&element("\"id\":{\"$oid\":\"5c\"},")), "actor:c:5c");
    assert_eq!(
        id(&format!(
            "{{\"5d\": {}}}",
            json!({"type": "NGO", "slug": "s", "preferences": {"isOpenData": true}, "title": 1})
        )
        .replace("\"title\":1", "\"name\":\"N\"")),
        "actor:c:5d"
    );
    assert_eq!(id(&element("")), "actor:c:le-jardin");
    let (nameless, issues) = actor(json!({"_id": [], "email": "x@y.fr"}));
    assert_eq!((nameless.id.as_str().len(), issues), ("actor:c:".len() + 16, vec!["missing-key"]));
    assert_eq!(nameless.id, actor(json!({"_id": 1, "email": "z@y.fr"})).0.id, "no hidden member is in the hash");
    let twice = read_all("organizations", &json!([open(json!({})), open(json!({"name": "Autre"}))]));
    assert_eq!((twice.report.accepted, twice.report.rejected["duplicate-id"]), (1, 1));
    assert!(!twice.issues[0].detail.contains("5a"));
}

#[test]
fn an_api_answer_without_preferences_is_closed_unless_the_operator_opens_it() {
    let answer = json!({"meta": {"limit": 1}, "entities": {"5e": {"@type": "Organization", "type": "NGO", "name": "A",
        "url": {"communecter": "https://x.org/#a", "website": "https://a.org"}}}})
    .to_string();
    assert_eq!(read_file("x.json", &answer, "").unwrap().report.rejected["private"], 1);
    let opened = read_file("x.json", &answer, "open_by_default = true\n").unwrap();
    let Record::Actor(actor) = &opened.elements[0].record.record else { panic!() };
    assert_eq!((actor.id.as_str(), actor.url.as_deref()), ("actor:c:5e", Some("https://a.org")));
}

#[test]
fn pending_links_are_counted_once_a_file() {
    let wait = json!({"links": {"members": {"a": {"type": "organizations", "toBeValidated": true}, "b": {"type": "citoyens", "isInviting": true}}}});
    let export = read_all("organizations", &json!([open(wait)]));
    let [issue] = &export.issues[..] else { panic!("{:?}", export.issues) };
    assert_eq!((issue.code, issue.place.as_str()), (IssueCode::SkippedData, "links"));
    assert!(issue.detail.starts_with("2 links"));
    let masked = json!({"links": {"members": {"a": {"type": "organizations"}}},
                        "preferences": {"isOpenData": true, "privateFields": ["directory"]}});
    let element = &read_all("organizations", &json!([open(masked)])).elements[0];
    assert!(element.ties.is_empty() && !element.directory);
}
