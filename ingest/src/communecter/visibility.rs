//! What of an element may leave: the platform's preferences, read on the safe side.

use serde_json::Value;

use super::value::{Flag, Object, at, items};

/// States in which an element is not published.
const HIDDEN_STATES: [&str; 3] = ["uncomplete", "deleted", "deletepending"];

/// Which parts of an element that may be published at all are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each field that the preferences govern")]
pub(super) struct Visibility {
    /// Address, postal code, municipality and coordinates, secondary ones too: the platform masks them together.
    pub(super) locality: bool,
    /// Its links.
    pub(super) directory: bool,
    pub(super) email: bool,
    pub(super) phone: bool,
}

/// Reads the visibility of an element that is no person.
///
/// `open_by_default`: whether what the preferences leave unsaid counts as open. Nothing else opens an element:
/// a value that cannot be read closes it.
///
/// # Errors
/// Why the element does not leave, in words that tell nothing of it.
pub(super) fn read(element: &Object, open_by_default: bool) -> Result<Visibility, &'static str> {
    let nothing = Object::new();
    let preferences = match element.get("preferences") {
        None | Some(Value::Null) => &nothing,
        // PHP writes an empty object as an empty array.
        Some(Value::Array(items)) if items.is_empty() => &nothing,
        Some(Value::Object(preferences)) => preferences,
        Some(_) => return Err("preferences cannot be read"),
    };
    if is_hidden(element) {
        return Err("it is disabled, deleted or not complete");
    }
    let private = [preferences.get("private"), element.get("private")].map(Flag::of);
    if private.into_iter().any(Flag::may_be_yes) || matches!(Flag::of(element.get("public")), Flag::No) {
        return Err("it is private");
    }
    match Flag::of(preferences.get("isOpenData")) {
        Flag::Yes => {}
        Flag::Missing if open_by_default => {}
        Flag::Missing => return Err("preferences.isOpenData is not there, and open_by_default is not set"),
        Flag::No | Flag::Unreadable => return Err("preferences.isOpenData is not true"),
    }
    let fields = Fields::read(preferences);
    Ok(Visibility {
        locality: fields.is_public("locality", open_by_default),
        directory: fields.is_public("directory", open_by_default),
        email: fields.is_named_public("email"),
        phone: fields.is_named_public("phone"),
    })
}

fn is_hidden(element: &Object) -> bool {
    let state = |name: &str| match element.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::String(state)) => HIDDEN_STATES.contains(&state.trim().to_ascii_lowercase().as_str()),
        Some(_) => name == "state",
    };
    state("state")
        || state("status")
        || Flag::of(element.get("disabled")).may_be_yes()
        || Flag::of(at(element, &["roles", "tobeactivated"])).may_be_yes()
}

/// The two lists of field names; `None` where one is not there.
struct Fields {
    public: Option<Vec<String>>,
    private: Option<Vec<String>>,
    /// The private list is there and is none.
    unreadable: bool,
}

impl Fields {
    fn read(preferences: &Object) -> Self {
        let list = |name: &str| preferences.get(name).filter(|v| !v.is_null());
        let names = |value: &Value| -> Vec<String> {
            let names = items(value).unwrap_or_default();
            names.into_iter().filter_map(Value::as_str).map(|n| n.trim().to_owned()).collect()
        };
        let private = list("privateFields");
        Self {
            public: list("publicFields").map(names),
            private: private.map(names),
            unreadable: private.is_some_and(|v| items(v).is_none()),
        }
    }

    /// Whether a field is named public, and not private as well.
    fn is_named_public(&self, field: &str) -> bool {
        let names = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|l| l.iter().any(|name| name == field));
        names(&self.public) && !names(&self.private) && !self.unreadable
    }

    /// Whether a field is public: named so, or no list is there. Lists that do not name it mask it, for all but
    /// the element itself, unless `open_by_default`.
    fn is_public(&self, field: &str, open_by_default: bool) -> bool {
        let named_private =
            self.unreadable || self.private.as_ref().is_some_and(|l| l.iter().any(|name| name == field));
        let unsaid = self.public.is_none() && self.private.is_none();
        !named_private && (self.is_named_public(field) || unsaid || open_by_default)
    }
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "what json! makes is handed over without ceremony")]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(element: &Value, open_by_default: bool) -> Result<Visibility, &'static str> {
        read(element.as_object().unwrap(), open_by_default)
    }

    fn with(preferences: Value) -> Value {
        let mut all = json!({"isOpenData": true});
        all.as_object_mut().unwrap().extend(preferences.as_object().unwrap().clone());
        json!({ "preferences": all })
    }

    #[test]
    fn only_what_is_open_leaves() {
        for open in [json!(true), json!("true"), json!(1)] {
            assert!(of(&json!({"preferences": {"isOpenData": open}}), false).is_ok(), "{open}");
        }
        for closed in [json!(false), json!("false"), json!(0), json!(""), json!("oui"), json!({}), json!([true])] {
            for by_default in [true, false] {
                assert!(of(&json!({"preferences": {"isOpenData": closed}}), by_default).is_err(), "{closed}");
            }
        }
    }

    #[test]
    fn what_says_nothing_is_closed_unless_the_operator_opens_it() {
        for unsaid in [
            json!({}),
            json!({"preferences": null}),
            json!({"preferences": []}),
            json!({"preferences": {}}),
            json!({"preferences": {"isOpenData": null, "isOpenEdition": true}}),
        ] {
            assert!(of(&unsaid, false).is_err(), "{unsaid}");
            assert!(of(&unsaid, true).is_ok(), "{unsaid}");
        }
        for unreadable in [json!("x"), json!([{}]), json!(true)] {
            assert!(of(&json!({"preferences": unreadable}), true).is_err(), "{unreadable}");
        }
    }

    #[test]
    fn private_disabled_deleted_and_unfinished_elements_stay() {
        let open = json!({"isOpenData": true});
        for (name, value) in [
            ("state", json!("uncomplete")),
            ("state", json!("Deleted")),
            ("state", json!(["deleted"])),
            ("status", json!("deletePending")),
            ("disabled", json!(true)),
            ("disabled", json!("true")),
            ("disabled", json!({"by": "x"})),
            ("roles", json!({"tobeactivated": true})),
            ("roles", json!({"tobeactivated": "1"})),
            ("private", json!("true")),
            ("public", json!(false)),
            ("preferences", json!({"isOpenData": true, "private": true})),
            ("preferences", json!({"isOpenData": true, "private": "true"})),
            ("preferences", json!({"isOpenData": true, "private": "yes"})),
        ] {
            let mut element = json!({"preferences": open});
            element[name] = value;
            assert!(of(&element, true).is_err(), "{element}");
        }
        for (name, value) in [
            ("state", json!("active")),
            ("disabled", json!(false)),
            ("disabled", json!("false")),
            ("roles", json!({"tobeactivated": false})),
            ("roles", json!([])),
            ("preferences", json!({"isOpenData": true, "private": "false"})),
        ] {
            let mut element = json!({"preferences": open});
            element[name] = value;
            assert!(of(&element, false).is_ok(), "{element}");
        }
    }

    #[test]
    fn a_locality_is_masked_by_lists_that_do_not_make_it_public() {
        let locality = |preferences: Value, by_default| of(&with(preferences), by_default).unwrap().locality;
        assert!(locality(json!({}), false), "no lists: nothing is masked");
        assert!(locality(json!({"publicFields": ["locality"]}), false));
        assert!(locality(json!({"publicFields": {"0": "email", "2": "locality"}}), false), "PHP's array with gaps");
        for masked in [
            json!({"privateFields": ["locality"]}),
            json!({"publicFields": ["locality"], "privateFields": ["locality"]}),
            json!({"publicFields": ["locality"], "privateFields": "locality"}),
        ] {
            assert!(!locality(masked.clone(), true), "{masked}");
        }
        for unnamed in [json!({"publicFields": []}), json!({"privateFields": ["email"]}), json!({"publicFields": 1})] {
            assert!(!locality(unnamed.clone(), false), "{unnamed}");
            assert!(locality(unnamed.clone(), true), "{unnamed}");
        }
    }

    #[test]
    fn contacts_leave_only_when_named_public() {
        let contacts = |preferences: Value| {
            let seen = of(&with(preferences), true).unwrap();
            (seen.email, seen.phone)
        };
        assert_eq!(contacts(json!({})), (false, false));
        assert_eq!(contacts(json!({"publicFields": ["email"]})), (true, false));
        assert_eq!(contacts(json!({"publicFields": ["email", "phone"], "privateFields": ["email"]})), (false, true));
        assert_eq!(contacts(json!({"privateFields": ["phone"]})), (false, false));
        assert_eq!(contacts(json!({"publicFields": "email"})), (false, false));
    }
}
