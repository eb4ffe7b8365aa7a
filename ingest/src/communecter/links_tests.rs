use super::*;
use serde_json::json;

fn ties(element: &Value) -> Ties {
    Ties::read(element.as_object().unwrap())
}

/// Elements `(collection, key, record)` of one source, tied.
fn tied(elements: &[(PlatformCollection, &str, Value)]) -> Tied {
    let mut network = Network::default();
    for (collection, key, element) in elements {
        let kind = if *collection == PlatformCollection::Events { "event" } else { "actor" };
        let directory = element.get("hidden").is_none();
        let kept = Kept { id: format!("{kind}:s:{key}"), collection: *collection, source: "s".into(), directory };
        network.keep((*key).to_owned(), kept, if directory { ties(element).ties } else { Vec::new() });
    }
    network.silence(["secret".to_owned()]);
    network.tie()
}

fn shown(tied: &Tied) -> Vec<String> {
    tied.links.iter().map(|l| format!("{} {} {}", l.from_id, l.relation.name(), l.to_id)).collect()
}

#[test]
fn both_sides_of_a_link_give_one() {
    use PlatformCollection::{Organizations, Projects};
    let both = tied(&[
        (Organizations, "a", json!({"links": {"members": {"b": {"type": "organizations", "isAdmin": true}}}})),
        (
            Organizations,
            "b",
            json!({"links": {"memberOf": {"a": {"type": "organizations"}},
                                              "projects": {"p": {"type": "projects"}}}}),
        ),
        (
            Projects,
            "p",
            json!({"links": {"contributors": {"b": {"type": "organizations"}},
                                         "projects": {"q": {"type": "projects"}}}}),
        ),
        (
            Projects,
            "q",
            json!({"links": {"projects": {"p": {"type": "projects"}}}, "parentId": "a", "parentType": "organizations"}),
        ),
    ]);
    assert_eq!(
        shown(&both),
        [
            "actor:s:a parent_of actor:s:q",
            "actor:s:b member_of actor:s:a",
            "actor:s:b contributes_to actor:s:p",
            "actor:s:p contributes_to actor:s:q",
        ]
    );
    assert!(both.issues.is_empty() && both.organizers.is_empty());
}

#[test]
fn an_event_has_the_organiser_that_it_names_and_the_others_are_links() {
    use PlatformCollection::{Events, Organizations};
    let all = tied(&[
        (Organizations, "a", json!({"links": {"events": {"e": {"type": "events"}, "f": {"type": "events"}}}})),
        (Organizations, "b", json!({})),
        (
            Events,
            "e",
            json!({"organizerId": "b", "organizerType": "organizations",
                             "links": {"subEvents": {"f": {"type": "events"}}, "attendees": {"b": {"type": "organizations"}}}}),
        ),
        (
            Events,
            "f",
            json!({"organizerId": "dontKnow", "organizerType": "dontKnow",
                             "parent": {"e": {"type": "events", "name": "x"}}}),
        ),
    ]);
    assert_eq!(shown(&all), ["actor:s:a organizes event:s:e", "event:s:e parent_of event:s:f"]);
    assert_eq!(all.organizers["event:s:e"].as_str(), "actor:s:b");
    assert_eq!(all.organizers["event:s:f"].as_str(), "actor:s:a");
    assert!(all.issues.is_empty(), "dontKnow is nobody: {:?}", all.issues);
}

#[test]
fn pending_links_and_links_to_persons_are_left_out() {
    let read = ties(&json!({"links": {
        "members": {
            "1": {"type": "organizations", "toBeValidated": true},
            "2": {"type": "organizations", "isInviting": "true"},
            "3": {"type": "organizations", "isAdminPending": 1},
            "4": {"type": "organizations", "isInviting": "perhaps"},
            "5": {"type": "organizations", "isInviting": false, "isAdmin": true},
            "6": {"type": "citoyens"},
            "7": "organizations",
        },
        "followers": {"8": {"type": "organizations"}},
        "memberOf": [],
    }, "parentId": "9", "parentType": "citoyens", "organizerId": {"$oid": "x"}, "organizerType": "citoyens"}));
    let others: Vec<_> = read.ties.iter().map(|t| t.other.as_str()).collect();
    assert_eq!((others, read.pending), (vec!["5"], 4));
    for odd in [json!({"links": "x"}), json!({"links": [{}]}), json!({"links": {"members": {"a": null}}, "parent": []})]
    {
        assert_eq!(ties(&odd), Ties::default());
    }
}

#[test]
fn what_is_private_or_unknown_is_never_named() {
    use PlatformCollection::Organizations;
    let members = json!({"links": {"members": {
        "secret": {"type": "organizations"}, "gone": {"type": "organizations"}, "elsewhere": {"type": "organizations"},
        "someone": {}, "masked": {"type": "organizations"},
    }}});
    let all = tied(&[
        (Organizations, "a", members),
        (Organizations, "b", json!({"links": {"memberOf": {"gone": {"type": "organizations"}}}})),
        (Organizations, "masked", json!({"hidden": true})),
    ]);
    assert!(all.links.is_empty(), "{:?}", shown(&all));
    let [issue] = &all.issues[..] else { panic!("{:?}", all.issues) };
    assert_eq!((issue.code, issue.place.as_str()), (IssueCode::DanglingLink, "links"));
    assert_eq!(issue.detail, "links lead to 2 elements that no source has; they were left out");
}

#[test]
fn a_link_to_a_person_in_another_guise_leads_nowhere() {
    use PlatformCollection::{Events, Organizations};
    let all = tied(&[
        (
            Organizations,
            "a",
            json!({"links": {"members": {"e": {"type": "organizations"}, "a": {"type": "organizations"}}}}),
        ),
        (Events, "e", json!({"links": {"organizer": {"e": {"type": "events"}}}})),
    ]);
    assert!(all.links.is_empty() && all.issues.is_empty(), "an event is no member, and nobody is his own");
}
