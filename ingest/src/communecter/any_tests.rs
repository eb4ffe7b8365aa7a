//! JSON of any shape is accounted for.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{open, read_all, read_file};

/// JSON of any shape, with the members that the reader looks for.
fn any_json() -> impl Strategy<Value = Value> {
    let texts =
        ["true", "", "NGO", "events", "2026-05-01 10:00", "55.4", "97411", "\u{0}é'\"", "locality", "9999999999999999"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
    ];
    let names = "_id $oid $date $numberLong name type collection preferences isOpenData publicFields privateFields private geo \
                 latitude longitude geoPosition coordinates address addresses codeInsee postalCode tags url telephone startDate \
                 endDate allDay timeZone links members parent organizerId updated roles entities sec";
    let name = proptest::sample::select(names.split_whitespace().collect::<Vec<_>>());
    leaf.prop_recursive(4, 60, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..8)
                .prop_map(|members| members.into_iter().map(|(n, v)| (n.to_owned(), v)).collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_accounted_for(records in proptest::collection::vec(any_json(), 0..12), base in any::<bool>()) {
        let records: Vec<Value> = records.into_iter().map(|r| if base && r.is_object() { open(r) } else { r }).collect();
        for collection in ["organizations", "events"] {
            let export = read_all(collection, &json!(records));
            prop_assert_eq!(export.report.read, records.len() as u64);
            prop_assert_eq!(export.report.read, export.report.accepted + export.report.rejected_total());
            prop_assert_eq!(export.report.accepted as usize, export.elements.len());
        }
        let lines = records.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        if let Ok(export) = read_file("organizations.json", &lines, "open_by_default = true\n") {
            prop_assert_eq!(export.report.read, export.report.accepted + export.report.rejected_total());
        }
    }

    #[test]
    fn any_bytes_are_read_or_an_error(body in "[\\[\\]{}\",:a0 \n\\\\]{0,200}") {
        for text in [body.clone(), format!("[{body}"), format!("{{\"name\": 1}}\n{body}")] {
            if let Ok(export) = read_file("organizations.json", &text, "") {
                prop_assert_eq!(export.report.read, export.report.accepted + export.report.rejected_total());
            }
        }
    }
}
