//! What a mapping needs of a file and does not get, told once for the file and not for each of its records.

use std::sync::Arc;

use super::places::{in_configuration, whole_file};
use super::taking::Taking;
use crate::error::Fault;
use crate::facts::register::definition::Definition;
use crate::facts::register::mapping::Mapping;
use crate::facts::register::value::{Shape, Type};
use crate::text::{SourceText, Span, safe, shown};

/// Columns that the mapping needs and the table does not have. `own` says whether the user wrote the columns.
pub(super) fn columns(
    shape: &Shape,
    source: &Arc<SourceText>,
    mapping: &Mapping,
    own: bool,
    columns: &[(Arc<str>, Span)],
) -> Vec<Fault> {
    let Some((_, place)) = columns.first() else { return Vec::new() };
    let is = |column: &str, name: &str| column.trim().eq_ignore_ascii_case(name);
    let has = |name: &&str| {
        // A number behind a name is one of several columns of that name.
        let name =
            name.rsplit_once('.').filter(|(_, end)| end.parse::<usize>().is_ok()).map_or(*name, |(name, _)| name);
        columns.iter().any(|(column, _)| is(column, name))
    };
    let required = |field: &str| shape.field(field).is_some_and(|field| field.required);
    let needed = |field: &str| (own || required(field)) && !mapping.set.contains_key(field);
    let missing = mapping.columns().filter(|(field, names)| needed(field) && !names.iter().any(has));
    let listed: Vec<&str> = columns.iter().map(|(name, _)| &**name).collect();
    let fault = |(field, names): (&str, Vec<&str>)| Fault {
        rule: "documents/missing-column",
        message: format!("{field} comes from the column {}, and this table has none", shown(&names.join(" or "))),
        label: "the header begins here".to_owned(),
        help: Some(format!("the columns are: {}", safe(&listed.join(", ")))),
        source: Arc::clone(source),
        span: *place,
        other: None,
    };
    missing.map(fault).collect()
}

/// Columns of one name, of which a field without a list can hold only one.
pub(super) fn single(
    shape: &Shape,
    source: &Arc<SourceText>,
    mapping: &Mapping,
    repeated: &[(Arc<str>, Span)],
) -> Vec<Fault> {
    // A mapping tells columns of one name apart.
    if !mapping.columns.is_empty() {
        return Vec::new();
    }
    let is_single = |name: &str| shape.field(name).is_some_and(|field| !matches!(field.kind, Type::List(_)));
    let fault = |(name, place): &(Arc<str>, Span)| Fault {
        rule: "documents/duplicate-key",
        message: format!("two columns are called {}", shown(name)),
        label: "another column has this name".to_owned(),
        help: Some("take one of them out, or give it another name; until then no row of this table is read".to_owned()),
        source: Arc::clone(source),
        span: *place,
        other: None,
    };
    repeated.iter().filter(|(name, _)| is_single(name)).map(fault).collect()
}

/// Fields that a record must have and that none of this file has, and those that only its name could tell. In a `table`
/// a column that is there and holds nothing is a fault of each row.
pub(super) fn fields(
    definition: &Definition,
    source: &Arc<SourceText>,
    mapping: &Mapping,
    table: bool,
    taking: &Taking<'_>,
) -> Vec<Fault> {
    if mapping.columns.is_empty() || !taking.any {
        return Vec::new();
    }
    let of = |message: String, help: String| {
        let fault = whole_file(source, "documents/missing-key", message);
        Fault { help: Some(help), label: "in all of this file".to_owned(), ..fault }
    };
    let say = |field: &str, example: &str| {
        format!("say it for the whole file in tickmark.yaml: set: {{ {field}: {example} }}")
    };
    let given = |name: &str| taking.given(name);
    let undated = mapping.dated_by_file().filter(|field| !given(field)).map(|field| {
        let message = format!("{field} is the date in the name of the file, and this name has none");
        of(message, format!("put the day into the name, as in export-2026-06-30.csv, or {}", say(field, "2026-06-30")))
    });
    let unsaid = definition.fields.iter().filter(|field| field.required && !given(&field.name)).filter_map(|field| {
        let name = field.name.as_str();
        let message = match mapping.columns().find(|(of, _)| *of == name) {
            Some(_) if table => return None,
            Some((_, names)) => format!("{name} comes from {}, and no record here has it", shown(&names.join(" or "))),
            None => format!("a record of {} must have {name}, which this export does not say", definition.register),
        };
        // What tells records apart is not the same for all of them.
        let help = if definition.key.last().is_some_and(|key| key == name) {
            format!("say in tickmark.yaml where it stands: columns: {{ {name}: … }}")
        } else {
            say(name, "…")
        };
        Some(of(message, help))
    });
    undated.chain(unsaid).collect()
}

/// Fields under `columns` and `set` of the configuration that the register does not have.
pub(super) fn unknown(definition: &Definition, mapping: &Mapping, configuration: &Arc<SourceText>) -> Vec<Fault> {
    let known: Vec<&str> = definition.fields.iter().map(|field| field.name.as_str()).collect();
    let names = mapping.columns.keys().chain(mapping.set.keys()).filter(|name| !known.contains(&name.as_str()));
    let fault = |name: &String| {
        let message = format!("{} has no field {}", definition.register, shown(name));
        let fault = in_configuration(configuration, name, message);
        Fault { rule: "documents/unknown-key", help: Some(format!("the fields are: {}", known.join(", "))), ..fault }
    };
    names.map(fault).collect()
}
