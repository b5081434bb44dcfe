//! Whether a version of a control asks for less than the one before.

use serde_json::{Map, Value};

use super::pack::Pack;
use super::test::{LeftOut, Parameter, ParameterType, Weaker};
use crate::facts::calendar::{Cadence, Length};
use crate::facts::document::control::Control;

/// Something for which a version asks less than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// The key under `with`, or another key of the control: `since`, `test`.
    pub key: String,
    /// What stood there, in the words of the file; nothing if it was left out.
    pub was: Option<String>,
    /// What stands there now.
    pub is: Option<String>,
}

/// Everything for which a version of a control asks less than the one before. Where two values cannot be compared,
/// nothing is said.
#[must_use]
pub fn loosened(pack: &Pack, was: &Control, is: &Control) -> Vec<Loosened> {
    let one = |key: &str, was: &str, is: &str| {
        vec![Loosened { key: key.to_owned(), was: Some(was.to_owned()), is: Some(is.to_owned()) }]
    };
    if was.text.test != is.text.test {
        return one("test", &was.text.test, &is.text.test);
    }
    let mut found = Vec::new();
    match (was.text.since, is.text.since) {
        (Some(before), Some(after)) if after > before => {
            found.extend(one("since", &before.to_string(), &after.to_string()))
        }
        (None, Some(after)) => {
            found.push(Loosened { key: "since".to_owned(), was: None, is: Some(after.to_string()) });
        }
        _ => {}
    }
    let parameters = pack.test(&was.text.test).map(|test| test.parameters.as_slice()).unwrap_or_default();
    for parameter in parameters {
        let stated =
            |control: &Control| control.text.with.get(&parameter.name).filter(|value| !value.is_null()).cloned();
        let (before, after) = (stated(was), stated(is));
        if is_weaker(parameter, before.as_ref(), after.as_ref()) {
            let words = |value: Option<Value>| value.as_ref().map(words);
            found.push(Loosened { key: parameter.name.clone(), was: words(before), is: words(after) });
        }
    }
    found
}

/// Whether one value of a parameter asks for less than the one before.
fn is_weaker(parameter: &Parameter, was: Option<&Value>, is: Option<&Value>) -> bool {
    let Some(weaker) = parameter.weaker else { return false };
    match (was, is) {
        (None, None) => false,
        (Some(_), None) => parameter.left_out == LeftOut::Weaker,
        (None, Some(_)) => parameter.left_out == LeftOut::Stricter,
        (Some(was), Some(is)) => asks_less(parameter, weaker, was, is),
    }
}

fn asks_less(parameter: &Parameter, weaker: Weaker, was: &Value, is: &Value) -> bool {
    match (was, is, weaker) {
        // A record: each field by what is said of it.
        (Value::Object(was), Value::Object(is), _) if parameter.kind == ParameterType::Record => {
            let of =
                |record: &Map<String, Value>, name: &str| record.get(name).filter(|value| !value.is_null()).cloned();
            let weaker =
                |field: &Parameter| is_weaker(field, of(was, &field.name).as_ref(), of(is, &field.name).as_ref());
            parameter.fields.iter().any(weaker)
        }
        // Values by name: each for itself, and a name that is gone is asked nothing any more.
        (Value::Object(was), Value::Object(is), _) => {
            let lost =
                was.iter().any(|(name, was)| is.get(name).is_none_or(|is| asks_less(parameter, weaker, was, is)));
            lost || (weaker == Weaker::More && is.keys().any(|name| !was.contains_key(name)))
        }
        (Value::Array(was), Value::Array(is), Weaker::Fewer) => was.iter().any(|one| !is.contains(one)),
        (Value::Array(was), Value::Array(is), Weaker::More) => is.iter().any(|one| !was.contains(one)),
        (_, _, Weaker::Smaller) => exceeds(parameter, was, is),
        (_, _, Weaker::Larger) => exceeds(parameter, is, was),
        _ => false,
    }
}

/// Whether one value is larger than another, longer, rarer, or a later one of a choice.
fn exceeds(parameter: &Parameter, one: &Value, other: &Value) -> bool {
    let pair = |(one, other): (&Value, &Value)| Some((one.as_str()?.to_owned(), other.as_str()?.to_owned()));
    let texts = pair((one, other));
    match parameter.kind {
        ParameterType::Integer => one.as_i64() > other.as_i64(),
        ParameterType::Flag => one.as_bool() > other.as_bool(),
        ParameterType::Choice => texts.is_some_and(|(one, other)| {
            let at = |text: &str| parameter.values.iter().position(|value| value == text);
            at(&one) > at(&other)
        }),
        ParameterType::Cadence => texts.is_some_and(|(one, other)| {
            let pair = one.parse::<Cadence>().ok().zip(other.parse::<Cadence>().ok());
            pair.is_some_and(|(one, other)| one > other)
        }),
        ParameterType::Length | ParameterType::Lengths => texts.is_some_and(|(one, other)| {
            let pair = one.parse::<Length>().ok().zip(other.parse::<Length>().ok());
            pair.is_some_and(|(one, other)| one.is_surely_longer(other))
        }),
        _ => false,
    }
}

/// A value as people write it into a control, in one line.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            entries.iter().map(|(name, value)| format!("{name}: {}", words(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
