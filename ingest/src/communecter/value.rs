//! What Mongo and PHP write in several ways: texts, numbers, flags, lists.

use serde_json::{Map, Value};

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// A member of nested objects; `None` when a step is missing, null or no object.
pub(super) fn at<'v>(object: &'v Object, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    let mut value = object.get(*first)?;
    for name in rest {
        value = value.as_object()?.get(*name)?;
    }
    (!value.is_null()).then_some(value)
}

/// A member as text: a string that is not blank, or a number.
pub(super) fn text(object: &Object, name: &str) -> Option<String> {
    to_text(object.get(name)?)
}

/// A value as text, as [`text`].
pub(super) fn to_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) => wrapped(value).and_then(to_text),
        _ => None,
    }
}

/// An id: a string, or Mongo's `{"$oid": …}`.
pub(super) fn to_id(value: &Value) -> Option<String> {
    let id = value.as_str().or_else(|| value.as_object()?.get("$oid")?.as_str())?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

/// A number: JSON's, a string (with a decimal comma too), or extended JSON's `{"$numberDouble": "55.4"}`.
pub(super) fn to_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().replace(',', ".").parse().ok()?,
        Value::Object(_) => to_number(wrapped(value)?)?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// What extended JSON (version 2) wraps to keep its type.
fn wrapped(value: &Value) -> Option<&Value> {
    let object = value.as_object()?;
    let inner = ["$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"].iter().find_map(|n| object.get(*n))?;
    (!inner.is_object()).then_some(inner)
}

/// A yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Missing,
    Yes,
    No,
    /// There is a value, and it says neither.
    Unreadable,
}

impl Flag {
    /// Reads a flag: `true`, `"true"`, `1`, `"1"` and their opposites; null is missing, `""` is no.
    pub(super) fn of(value: Option<&Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::Missing,
            Some(Value::Bool(yes)) => Self::from(*yes),
            Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Self::Yes,
                "false" | "0" | "" => Self::No,
                _ => Self::Unreadable,
            },
            Some(value) => match to_number(value) {
                Some(0.0) => Self::No,
                Some(1.0) => Self::Yes,
                _ => Self::Unreadable,
            },
        }
    }

    /// Whether it says yes, or something that may mean yes.
    pub(super) fn may_be_yes(self) -> bool {
        matches!(self, Self::Yes | Self::Unreadable)
    }
}

impl From<bool> for Flag {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// The items of a list: a JSON array, or an object, which is how PHP writes an array with gaps. `None` for
/// anything else.
pub(super) fn items(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(items) => Some(items.values().collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_in_every_spelling() {
        for value in [json!(55.5), json!("55.5"), json!(" 55,5 "), json!({"$numberDouble": "55.5"})] {
            assert_eq!(to_number(&value), Some(55.5), "{value}");
        }
        assert_eq!(to_number(&json!({"$numberLong": 3})), Some(3.0));
        assert_eq!(to_number(&json!(0)), Some(0.0));
        for value in [json!("NaN"), json!("inf"), json!("1e999"), json!(""), json!([1]), json!({"$numberLong": {}})] {
            assert_eq!(to_number(&value), None, "{value}");
        }
    }

    #[test]
    fn flags_are_booleans_strings_and_numbers() {
        for value in [json!(true), json!("true"), json!(" TRUE "), json!(1), json!("1"), json!({"$numberInt": "1"})] {
            assert_eq!(Flag::of(Some(&value)), Flag::Yes, "{value}");
        }
        for value in [json!(false), json!("false"), json!(0), json!("")] {
            assert_eq!(Flag::of(Some(&value)), Flag::No, "{value}");
        }
        for value in [json!("oui"), json!([]), json!({}), json!(2)] {
            assert_eq!(Flag::of(Some(&value)), Flag::Unreadable, "{value}");
        }
        assert_eq!((Flag::of(None), Flag::of(Some(&Value::Null))), (Flag::Missing, Flag::Missing));
    }

    #[test]
    fn members_lists_and_texts_of_the_wrong_type_are_none() {
        let object = json!({"a": {"b": 1, "n": null}, "s": "x", "blank": " "});
        let object = object.as_object().unwrap();
        assert_eq!(at(object, &["a", "b"]), Some(&json!(1)));
        for path in [&["a", "c"][..], &["s", "b"], &["a", "n"], &["z"], &[]] {
            assert_eq!(at(object, path), None, "{path:?}");
        }
        assert_eq!((text(object, "blank"), text(object, "a")), (None, None));
        assert_eq!(items(&json!({"0": "a", "2": "b"})).unwrap(), [&json!("a"), &json!("b")]);
        assert_eq!(items(&json!("a")), None);
    }
}
