//! Types in plain words, and what to write where two of them do not fit.

use crate::facts::register::value::Type;
use crate::text::shown;

/// The rule of every fault of an expression.
pub(super) const RULE: &str = "documents/bad-expression";

/// Names that a help lists; the others are only counted.
const LISTED: usize = 40;

/// A type as people say it.
pub(super) fn of_type(kind: &Type) -> String {
    match kind {
        Type::Null => "nothing".to_owned(),
        Type::Bool => "a condition".to_owned(),
        Type::Integer => "a whole number".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::Text | Type::Choice(_) => "a text".to_owned(),
        Type::Person => "a person".to_owned(),
        Type::When => "a day or an instant".to_owned(),
        Type::Length => "a length of time".to_owned(),
        Type::File => "a file".to_owned(),
        Type::List(of) => match &**of {
            Type::Null => "a list".to_owned(),
            of => format!("a list of {}", several(of)),
        },
        Type::Record(shape) => format!("a record of {}", shape.name),
        Type::Map(of) => format!("{} by name", several(of)),
    }
}

/// Several values of a type.
fn several(kind: &Type) -> String {
    match kind {
        Type::Null => "values".to_owned(),
        Type::Bool => "conditions".to_owned(),
        Type::Integer => "whole numbers".to_owned(),
        Type::Number => "numbers".to_owned(),
        Type::Text | Type::Choice(_) => "texts".to_owned(),
        Type::Person => "persons".to_owned(),
        Type::When => "days or instants".to_owned(),
        Type::Length => "lengths of time".to_owned(),
        Type::File => "files".to_owned(),
        Type::List(_) => "lists".to_owned(),
        Type::Record(shape) => format!("records of {}", shape.name),
        Type::Map(_) => "values by name".to_owned(),
    }
}

/// What to write instead of a comparison of two types, where that is known.
pub(super) fn instead(one: &Type, two: &Type) -> Option<&'static str> {
    use Type::{Bool, Choice, File, Integer, Length, List, Map, Null, Number, Person, Record, Text, When};
    Some(match (one, two) {
        (Person, Text | Choice(_)) | (Text | Choice(_), Person) => {
            "compare two persons, or a field of one: person.role == \"…\""
        }
        (File, Text | Choice(_)) | (Text | Choice(_), File) => "compare its path: file.name == \"…\"",
        (Person, Record(_)) | (Record(_), Person) => "compare the person with a field of the record",
        (When, Text | Choice(_)) | (Text | Choice(_), When) => {
            "compare it with as_of or another time, or count the days between two: days(a, b) > 30"
        }
        (When, Length) | (Length, When) => "add the length to the time before: a + length(\"30d\") < b",
        (Length, Text | Choice(_)) | (Text | Choice(_), Length) => "write the length as length(\"30d\")",
        (When | Length, Integer | Number) | (Integer | Number, When | Length) => {
            "count the days between two times: days(a, b) > 30"
        }
        (Integer | Number, Text | Choice(_)) | (Text | Choice(_), Integer | Number) => {
            "a number stands without quotes, a text with them"
        }
        (Bool, Text | Choice(_)) | (Text | Choice(_), Bool) => "write true or false without quotes",
        (List(_), List(_) | Null) | (Null, List(_)) => return None,
        (List(_), _) => "ask whether it is in the list: x in list",
        (_, List(_)) => "ask whether it is in the list: x in list",
        (Map(_), _) | (_, Map(_)) => "take one of the values: values[name]",
        _ => return None,
    })
}

/// The name that is most like one that does not exist, if one is like it.
pub(in crate::policies) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let asked = plain(wrong);
    let rated = names.map(|name| (strsim::jaro_winkler(&plain(name), &asked), name));
    rated.filter(|(likeness, _)| *likeness > 0.85).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

/// A label that offers the nearest name, or says what is wrong.
pub(super) fn did_you_mean<'n>(wrong: &str, names: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    nearest(wrong, names).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {}?", shown(near)))
}

/// Names in a row, of many only the first.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let first = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    if names.len() > LISTED { format!("{first} and {} more", names.len() - LISTED) } else { first }
}
