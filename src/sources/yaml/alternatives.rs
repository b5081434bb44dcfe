//! Violations of `anyOf` and `oneOf`: which of the alternatives was meant, and what is wrong with that one.

use std::borrow::Cow;

use jsonschema::error::{ValidationError, ValidationErrorKind as Kind};
use serde_json::Value;

use super::MAX_FAULTS;
use super::view::View;
use super::wording::{self, Found};

/// One alternative with the violations of it.
struct Branch<'a, 'e> {
    schema: &'a Value,
    errors: &'e [ValidationError<'static>],
}

/// Puts one violation into words; those of several alternatives are narrowed down to the one that was meant.
pub(super) fn explain(view: View<'_>, error: &ValidationError<'_>, found: &mut Vec<Found>) {
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => narrow(view, error, context, found),
        _ => wording::explain(view, error, found),
    }
}

/// Chooses the alternative that fits best and explains what is wrong with it; where none fits, says what is accepted.
fn narrow(
    view: View<'_>,
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    found: &mut Vec<Found>,
) {
    let base = error.instance_path().as_str();
    let mut branches = Vec::new();
    flatten(view, base, error.schema_path().as_str(), context, &mut branches);
    let shaped: Vec<&Branch<'_, '_>> = branches.iter().filter(|branch| !wrong_shape(branch, base)).collect();
    if shaped.is_empty() {
        none_fits(view, error, &branches, found);
        return;
    }
    let chosen = shaped
        .iter()
        .filter(|branch| !other_tag(branch, base) && !other_variant(branch, base))
        .min_by_key(|branch| branch.errors.len());
    if let Some(branch) = chosen {
        branch.errors.iter().take(MAX_FAULTS).for_each(|error| explain(view, error, found));
    } else if shaped.iter().all(|branch| other_tag(branch, base)) {
        unknown_tag(view, base, &shaped, found);
    } else {
        unknown_variant(view, base, &shaped, found);
    }
}

/// Alternatives inside alternatives, as one list.
fn flatten<'a, 'e>(
    view: View<'a>,
    base: &str,
    path: &str,
    context: &'e [Vec<ValidationError<'static>>],
    branches: &mut Vec<Branch<'a, 'e>>,
) {
    for (number, errors) in context.iter().enumerate() {
        if let [only] = errors.as_slice()
            && only.instance_path().as_str() == base
            && let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = only.kind()
        {
            flatten(view, base, only.schema_path().as_str(), context, branches);
        } else if let Some(schema) = view.schema(&format!("{path}/{number}")) {
            branches.push(Branch { schema, errors });
        }
    }
}

fn here(error: &ValidationError<'_>, base: &str) -> bool {
    error.instance_path().as_str() == base
}

/// Whether the value is of another type than the alternative, or another one of the fixed values.
fn wrong_shape(branch: &Branch<'_, '_>, base: &str) -> bool {
    branch.errors.iter().any(|error| {
        here(error, base) && matches!(error.kind(), Kind::Type { .. } | Kind::Enum { .. } | Kind::Constant { .. })
    })
}

/// The key whose fixed value tells this alternative from the others, where it has another value or is missing.
fn tag<'e>(branch: &Branch<'_, 'e>, base: &str) -> Option<(String, bool, &'e ValidationError<'static>)> {
    let fixed = |key: &str| branch.schema.get("properties").and_then(|all| all.get(key)).is_some_and(has_fixed_value);
    branch.errors.iter().find_map(|error| match error.kind() {
        Kind::Constant { .. } | Kind::Enum { .. } => {
            let key = error.instance_path().as_str().strip_prefix(base)?.strip_prefix('/')?;
            (!key.contains('/') && fixed(key)).then(|| (key.to_owned(), false, error))
        }
        Kind::Required { property } if here(error, base) => {
            let key = property.as_str()?;
            fixed(key).then(|| (key.to_owned(), true, error))
        }
        _ => None,
    })
}

fn has_fixed_value(schema: &Value) -> bool {
    schema.get("const").is_some() || schema.get("enum").and_then(Value::as_array).is_some_and(|all| all.len() == 1)
}

fn other_tag(branch: &Branch<'_, '_>, base: &str) -> bool {
    tag(branch, base).is_some()
}

/// Whether the alternative is a mapping with one key, and the value has another one.
fn other_variant(branch: &Branch<'_, '_>, base: &str) -> bool {
    let one_key = branch.schema.get("properties").and_then(Value::as_object).is_some_and(|all| all.len() == 1);
    one_key && branch.errors.iter().any(|error| here(error, base) && matches!(error.kind(), Kind::Required { .. }))
}

fn none_fits(view: View<'_>, error: &ValidationError<'_>, branches: &[Branch<'_, '_>], found: &mut Vec<Found>) {
    let base = error.instance_path().as_str();
    let instance: &Value = error.instance();
    let values: Vec<Value> = branches.iter().flat_map(|branch| fixed_values(branch.schema)).collect();
    // Fixed values are listed together, whatever alternative each of them is.
    let mut accepted: Vec<Cow<'_, str>> = Vec::new();
    if !values.is_empty() {
        accepted.push(wording::one_of(&values).into());
    }
    for branch in branches.iter().filter(|branch| fixed_values(branch.schema).is_empty()) {
        let words = wording::expected(view, branch.schema);
        if words != "nothing" && !accepted.contains(&words) {
            accepted.push(words);
        }
    }
    if instance.is_string() && !values.is_empty() {
        let mut one = wording::unknown_value(view, base, instance, &values);
        one.fault.help = Some(format!("it is {}", accepted.join(", or ")));
        found.push(one);
        return;
    }
    found.push(wording::wrong_type(view, base, instance, &accepted.join(", or ")));
}

fn fixed_values(schema: &Value) -> Vec<Value> {
    let listed = schema.get("enum").and_then(Value::as_array).cloned().unwrap_or_default();
    listed.into_iter().chain(schema.get("const").cloned()).filter(|value| !value.is_null()).collect()
}

fn unknown_tag(view: View<'_>, base: &str, branches: &[&Branch<'_, '_>], found: &mut Vec<Found>) {
    let tags: Vec<_> = branches.iter().filter_map(|branch| Some((tag(branch, base)?, branch.schema))).collect();
    let Some(((key, missing, error), _)) = tags.first() else { return };
    let values: Vec<Value> = tags
        .iter()
        .filter_map(|((key, ..), schema)| schema.get("properties")?.get(key))
        .flat_map(fixed_values)
        .collect();
    if *missing {
        let mut one = wording::missing_key(view, base, key, None);
        one.fault.help = Some(format!("`{key}` is {}", wording::one_of(&values)));
        found.push(one);
    } else {
        found.push(wording::unknown_value(view, error.instance_path().as_str(), error.instance(), &values));
    }
}

fn unknown_variant(view: View<'_>, base: &str, branches: &[&Branch<'_, '_>], found: &mut Vec<Found>) {
    let properties = branches.iter().filter_map(|branch| branch.schema.get("properties")?.as_object());
    let known: Vec<&str> = properties.flat_map(|all| all.keys().map(String::as_str)).collect();
    let unexpected = branches.iter().flat_map(|branch| branch.errors).find_map(|error| match error.kind() {
        Kind::AdditionalProperties { unexpected } if here(error, base) => Some((unexpected, error.instance())),
        _ => None,
    });
    match unexpected {
        Some((keys, instance)) => {
            found.extend(keys.iter().map(|key| wording::unknown_key(view, base, key, &known, instance)));
        }
        None => {
            let accepted: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            let message = format!("one of the keys {} is missing", accepted.join(", "));
            found.push(Found::new(wording::fault(view.document, "documents/missing-key", base, message), base));
        }
    }
}
