//! Plain words for the ways in which a document does not fit its schema.

use std::borrow::Cow;
use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use serde_json::Value;

use super::tree::escape;
use super::view::View;
use super::{MAX_FAULTS, YamlDocument, short, shown};
use crate::error::Fault;

/// A fault, and what is needed to see that two of them are one mistake.
pub(super) struct Found {
    pub(super) fault: Fault,
    /// The mapping or value that it is about.
    pub(super) pointer: String,
    /// The key that is missing there.
    pub(super) missing: Option<String>,
    /// The key that a misspelt one seems to mean.
    pub(super) meant: Option<String>,
}

impl Found {
    pub(super) fn new(fault: Fault, pointer: &str) -> Self {
        Self { fault, pointer: pointer.to_owned(), missing: None, meant: None }
    }
}

/// A fault at the value that a pointer leads to.
pub(super) fn fault(document: &YamlDocument, rule: &'static str, pointer: &str, message: String) -> Fault {
    let span = document.value_span(pointer);
    Fault { rule, message, label: String::new(), help: None, source: Arc::clone(&document.source), span, other: None }
}

/// Puts one violation into words.
pub(super) fn explain(view: View<'_>, error: &ValidationError<'_>, found: &mut Vec<Found>) {
    let at = error.instance_path().as_str();
    let instance: &Value = error.instance();
    let schema = containing(view, error);
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let known = schema.and_then(|schema| schema.get("properties")?.as_object());
            let known: Vec<&str> = known.into_iter().flat_map(|all| all.keys().map(String::as_str)).collect();
            found.extend(unexpected.iter().take(MAX_FAULTS).map(|key| unknown_key(view, at, key, &known, instance)));
        }
        Kind::Required { property } => {
            found.push(missing_key(view, at, property.as_str().unwrap_or_default(), schema));
        }
        Kind::Type { kind } => {
            let expected = schema.filter(|schema| schema.get("format").is_some()).map(|schema| expected(view, schema));
            let expected = expected.unwrap_or_else(|| Cow::Owned(types(kind)));
            let mut one = wrong_type(view, at, instance, &expected);
            one.fault.help = one.fault.help.or_else(|| described(schema?));
            found.push(one);
        }
        Kind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            found.push(unknown_value(view, at, instance, options));
        }
        Kind::Constant { expected_value } => {
            found.push(unknown_value(view, at, instance, std::slice::from_ref(expected_value.as_ref())));
        }
        Kind::Format { format } if format == "date" => found.push(bad_date(view, at, instance)),
        kind => {
            let (message, label) = limit(view, at, kind, instance, schema);
            let mut fault = fault(view.document, "documents/bad-value", at, message);
            fault.label = label;
            fault.help = schema.and_then(described);
            found.push(Found::new(fault, at));
        }
    }
}

/// The schema that holds the violated keyword.
fn containing<'a>(view: View<'a>, error: &ValidationError<'_>) -> Option<&'a Value> {
    let (parent, _) = error.schema_path().as_str().rsplit_once('/')?;
    view.root.pointer(parent)
}

pub(super) fn unknown_key(view: View<'_>, at: &str, key: &str, known: &[&str], instance: &Value) -> Found {
    let free: Vec<&str> = known.iter().copied().filter(|name| instance.get(*name).is_none()).collect();
    let meant = nearest(key, &free).map(str::to_owned);
    let place = inside(at);
    let mut fault = fault(view.document, "documents/unknown-key", at, format!("unknown key {}{place}", shown(key)));
    let pointer = format!("{at}/{}", escape(key));
    fault.span = view.document.key_span(&pointer).unwrap_or(fault.span);
    fault.label = meant.as_ref().map_or_else(|| "not known here".into(), |word| format!("did you mean `{word}`?"));
    let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    fault.help = Some(match names.as_slice() {
        [] => "no key is known here".to_owned(),
        _ => format!("known here: {}", names.join(", ")),
    });
    Found { meant, ..Found::new(fault, at) }
}

pub(super) fn missing_key(view: View<'_>, at: &str, key: &str, schema: Option<&Value>) -> Found {
    let message = format!("the key `{key}` is missing{}", inside(at));
    let mut fault = fault(view.document, "documents/missing-key", at, message);
    fault.label = format!("`{key}` is missing");
    let property = schema.and_then(|schema| schema.get("properties")?.get(key));
    fault.help = property.and_then(|schema| described(schema).or_else(|| described(view.resolve(schema))));
    Found { missing: Some(key.to_owned()), ..Found::new(fault, at) }
}

pub(super) fn wrong_type(view: View<'_>, at: &str, instance: &Value, expected: &str) -> Found {
    let message = format!("expected {expected}, found {}", actual(view, at, instance));
    let mut fault = fault(view.document, "documents/wrong-type", at, message);
    fault.label = format!("expected {expected}");
    fault.help = remedy(view, at, instance, expected);
    Found::new(fault, at)
}

pub(super) fn unknown_value(view: View<'_>, at: &str, instance: &Value, options: &[Value]) -> Found {
    let words: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
    let meant = instance.as_str().and_then(|word| nearest(word, &words));
    let place = at.rsplit('/').next().filter(|key| !key.is_empty() && key.parse::<usize>().is_err());
    let place = place.map(|key| format!(" for `{key}`")).unwrap_or_default();
    let value = match instance {
        Value::String(text) => quoted(text),
        _ => view.document.written(at).map_or_else(|| actual(view, at, instance), |(text, _)| shown(text)),
    };
    let message = format!("unknown value {value}{place}");
    let mut fault = fault(view.document, "documents/unknown-value", at, message);
    fault.label = meant.map_or_else(|| "not a known value".into(), |word| format!("did you mean `{word}`?"));
    fault.help = Some(format!("it is {}", one_of(options)));
    Found::new(fault, at)
}

fn bad_date(view: View<'_>, at: &str, instance: &Value) -> Found {
    let text = instance.as_str().unwrap_or_default();
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let message = if shaped {
        format!("{} is not a day of the calendar", shown(text))
    } else {
        format!("expected a date as YYYY-MM-DD, found the text {}", quoted(text))
    };
    let mut fault = fault(view.document, "documents/bad-date", at, message);
    fault.label = if shaped { "no such day".into() } else { "expected YYYY-MM-DD".into() };
    fault.help = Some(match padded(text) {
        Some(date) if !shaped => format!("write `{date}`"),
        _ => "write the year with four digits, the month and the day with two: `2026-03-31`".to_owned(),
    });
    Found::new(fault, at)
}

/// A date whose month or day lacks its zero, with it.
fn padded(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    (whole && short(month) && short(day) && parts.next().is_none()).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Message and label for the limits and forms that a value can break.
fn limit(view: View<'_>, at: &str, kind: &Kind, instance: &Value, schema: Option<&Value>) -> (String, String) {
    let found = actual(view, at, instance);
    let count =
        |limit: &u64, one: &str, more: &str| if *limit == 1 { format!("1 {one}") } else { format!("{limit} {more}") };
    let expected = match kind {
        Kind::Minimum { limit } => format!("{limit} or more"),
        Kind::Maximum { limit } => format!("{limit} or less"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::MinLength { limit: 1 } => return ("the text must not be empty".into(), "empty".into()),
        Kind::MinLength { limit } => format!("text of at least {}", count(limit, "character", "characters")),
        Kind::MaxLength { limit } => format!("text of at most {}", count(limit, "character", "characters")),
        Kind::MinItems { limit: 1 } => return ("the list must not be empty".into(), "empty".into()),
        Kind::MinItems { limit } => format!("a list of at least {}", count(limit, "item", "items")),
        Kind::MaxItems { limit } => format!("a list of at most {}", count(limit, "item", "items")),
        Kind::AdditionalItems { limit } => format!("a list of at most {limit} items"),
        Kind::MinProperties { limit } => format!("a mapping of at least {}", count(limit, "entry", "entries")),
        Kind::MaxProperties { limit } => format!("a mapping of at most {}", count(limit, "entry", "entries")),
        Kind::UniqueItems => return ("the list holds the same item twice".into(), "not all different".into()),
        Kind::Format { format } => form(format),
        Kind::Pattern { pattern } => {
            let title = schema.and_then(|schema| schema.get("title")?.as_str());
            title.map_or_else(|| format!("text of the form `{pattern}`"), str::to_owned)
        }
        Kind::PropertyNames { error } => {
            let key = error.instance().as_str().unwrap_or_default().to_owned();
            return (format!("{} cannot be a key here", shown(&key)), "a key of it has the wrong form".into());
        }
        Kind::FalseSchema | Kind::Not { .. } => return ("this cannot be used here".into(), "not allowed here".into()),
        Kind::OneOfMultipleValid { .. } => {
            return ("this can be understood in more than one way".into(), "not clear".into());
        }
        _ => return ("this value cannot be used here".into(), "not allowed here".into()),
    };
    (format!("expected {expected}, found {found}"), format!("expected {expected}"))
}

fn form(format: &str) -> String {
    match format {
        "date-time" => "a date with time and offset, such as `2026-03-31T09:30:00Z`".to_owned(),
        "time" => "a time, such as `09:30:00Z`".to_owned(),
        "duration" => "a duration, such as `P30D`".to_owned(),
        "email" | "idn-email" => "a mail address".to_owned(),
        "uri" | "iri" => "a web address".to_owned(),
        "regex" => "a regular expression".to_owned(),
        other => format!("text of the form {other}"),
    }
}

/// What a schema accepts, in words.
pub(super) fn expected<'a>(view: View<'a>, schema: &'a Value) -> Cow<'a, str> {
    let schema = view.resolve(schema);
    if let Some(title) = schema.get("title").and_then(Value::as_str) {
        return title.into();
    }
    let listed = schema.get("enum").and_then(Value::as_array).cloned();
    if let Some(values) = listed.or_else(|| schema.get("const").map(|value| vec![value.clone()])) {
        return one_of(&values).into();
    }
    if schema.get("format").and_then(Value::as_str) == Some("date") {
        return "a date as YYYY-MM-DD".into();
    }
    let names = match schema.get("type") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let required = schema.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if names == ["object"] && !required.is_empty() {
        let keys: Vec<String> = required.iter().filter_map(Value::as_str).map(|key| format!("`{key}`")).collect();
        return format!("a mapping with {}", keys.join(", ")).into();
    }
    match type_list(&names) {
        words if words.is_empty() => {
            schema.get("description").and_then(Value::as_str).unwrap_or("another value").into()
        }
        words => words.into(),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => type_list(&[one.as_str()]),
        TypeKind::Multiple(several) => {
            let names: Vec<String> = several.iter().map(|one| one.to_string()).collect();
            type_list(&names.iter().map(String::as_str).collect::<Vec<_>>())
        }
    }
}

/// Names of JSON types in words. Where something else is accepted too, `null` goes without saying.
fn type_list(names: &[&str]) -> String {
    let worth = |name: &&&str| **name != "null" || names.len() == 1;
    let words = names.iter().filter(worth).map(|name| match *name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a mapping",
        "null" => "nothing",
        other => other,
    });
    words.collect::<Vec<_>>().join(" or ")
}

/// What stands in the document, in words. Numbers are quoted as they are written, not as YAML reads them.
fn actual(view: View<'_>, at: &str, instance: &Value) -> String {
    let written = || view.document.written(at).map_or_else(|| instance.to_string(), |(text, _)| text.to_owned());
    match instance {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) => format!("the truth value {}", shown(&written())),
        Value::Number(_) => format!("the number {}", shown(&written())),
        Value::String(text) => format!("the text {}", quoted(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// What to write instead of a value of the wrong type, where that is clear.
fn remedy(view: View<'_>, at: &str, instance: &Value, expected: &str) -> Option<String> {
    let (written, plain) = view.document.written(at)?;
    let wants = |word: &str| expected.split(" or ").any(|part| part.trim_end_matches(',').ends_with(word));
    match instance {
        Value::Number(_) | Value::Bool(_) if wants("text") && plain => {
            let read = instance.to_string();
            let lost = if read == written { String::new() } else { format!("; without them YAML reads `{read}`") };
            Some(format!("put it in quotes: \"{}\"{lost}", crate::text::safe(written)))
        }
        Value::Number(_) if wants("a date as YYYY-MM-DD") => {
            Some("write the whole date, such as `2026-03-31`".to_owned())
        }
        Value::String(text) if wants("number") && !plain && text.parse::<f64>().is_ok() => {
            Some("remove the quotes".to_owned())
        }
        Value::String(_) if wants("number") && plain && written.to_ascii_lowercase().ends_with(".inf") => {
            Some("only finite numbers are read".to_owned())
        }
        Value::String(text) if wants("`false`") => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "y" | "true" => Some("write `true`, without quotes".to_owned()),
            "no" | "off" | "n" | "false" => Some("write `false`, without quotes".to_owned()),
            _ => None,
        },
        Value::String(_) | Value::Number(_) | Value::Bool(_) if wants("a list") => {
            Some("write it as a list, even with a single item: `[…]`".to_owned())
        }
        _ => None,
    }
}

/// The first paragraph of a schema's description.
fn described(schema: &Value) -> Option<String> {
    let text = schema.get("description")?.as_str()?;
    let first = text.split("\n\n").next().unwrap_or(text);
    Some(first.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `one of …`, or the single value.
pub(super) fn one_of(options: &[Value]) -> String {
    let words: Vec<String> = options
        .iter()
        .filter(|option| !option.is_null())
        .map(|option| option.as_str().map_or_else(|| format!("`{option}`"), |text| format!("`{text}`")))
        .collect();
    match words.as_slice() {
        [one] => one.clone(),
        _ => format!("one of {}", words.join(", ")),
    }
}

/// ` in …`, where the mapping has a key of its own.
fn inside(at: &str) -> String {
    let token = super::tree::tokens(at).last();
    match token {
        None => String::new(),
        Some(number) if number.parse::<usize>().is_ok() => {
            let list = super::tree::tokens(at).filter(|token| token.parse::<usize>().is_err()).last();
            list.map(|name| format!(" in an item of {}", shown(&name))).unwrap_or_default()
        }
        Some(name) => format!(" in {}", shown(&name)),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", short(text))
}

/// The known word that a misspelt one is likely to mean.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    const LONGEST: usize = 64;
    if word.len() > LONGEST {
        return None;
    }
    let fold = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let word = fold(word);
    let distance = |name: &&str| strsim::damerau_levenshtein(&word, &fold(name));
    let best = known.iter().copied().min_by_key(distance)?;
    let near = distance(&best) <= (word.chars().count().max(best.chars().count()) / 3).max(1);
    near.then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("aprovals", &["title", "approvals"]), Some("approvals"));
        assert_eq!(nearest("Since_Date", &["since-date"]), Some("since-date"));
        assert_eq!(nearest("colour", &["title", "approvals"]), None);
        assert_eq!(nearest(&"a".repeat(100_000), &["approvals"]), None);
    }

    #[test]
    fn types_are_plain_words() {
        assert_eq!(type_list(&["string", "null"]), "text");
        assert_eq!(type_list(&["null"]), "nothing");
        assert_eq!(type_list(&["integer", "array"]), "a whole number or a list");
    }

    #[test]
    fn dates_without_their_zeros_are_completed() {
        assert_eq!(padded("2026-1-5").as_deref(), Some("2026-01-05"));
        assert_eq!(padded("5-1-2026"), None);
    }
}
