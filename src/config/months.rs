//! The month in which a fiscal year begins, by its number or its name.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use crate::facts::calendar::MONTHS;

/// Reads a month: its number from 1 to 12, its name, or the first three letters of it.
pub(super) fn month<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(u8),
        Name(String),
    }
    let number = match Written::deserialize(deserializer)? {
        Written::Number(number) => Some(number).filter(|number| (1..=12).contains(number)),
        Written::Name(name) => month_names().find(|(known, _)| *known == name).map(|(_, number)| number),
    };
    number.ok_or_else(|| serde::de::Error::custom("expected a month, such as 4 or april"))
}

/// The names of the months in small letters, whole and their first three letters, with their numbers.
fn month_names() -> impl Iterator<Item = (String, u8)> {
    let whole = || MONTHS.iter().map(|month| month.to_lowercase()).zip(1..);
    let short = whole().filter_map(|(month, number)| Some((month.get(..3)?.to_owned(), number)));
    whole().chain(short.filter(|(short, _)| short != "may"))
}

pub(super) fn month_schema(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<String> = month_names().map(|(name, _)| name).collect();
    json_schema!({ "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 12 }, { "type": "string", "enum": names }] })
}
