//! Records of a tool's export, put into the fields of a register.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::mapping::{Among, Column, Each, Field, Mapping, Names, Otherwise, Rule};
use super::path::{find, texts_of};
use super::words::{holds_one, meaning};
use crate::error::Fault;
use crate::sources::records::{Raw, RawField, RawValue};
use crate::text::{SourceText, Span, shown};

/// Stands for the word as it is.
const KEEP: &str = "KEEP";

/// A mapping, ready to be applied to the records of one file.
pub struct Mapper<'a> {
    mapping: &'a Mapping,
    source: &'a Arc<SourceText>,
    nulls: Vec<String>,
}

/// A value that is wrong has had its fault.
struct Faulty;

impl<'a> Mapper<'a> {
    /// A mapping for one file.
    #[must_use]
    pub fn new(mapping: &'a Mapping, source: &'a Arc<SourceText>) -> Self {
        let nulls = mapping.nulls.iter().map(|word| word.trim().to_lowercase()).collect();
        Self { mapping, source, nulls }
    }

    /// The record with the fields of the register; `None` where the mapping leaves it out, or where a fault was found.
    pub fn map(&self, raw: Raw, faults: &mut Vec<Fault>) -> Option<Raw> {
        if !self.kept(&raw.fields) {
            return None;
        }
        let mut whole = true;
        let mut fields = Vec::with_capacity(self.mapping.columns.len() + self.mapping.set.len());
        if self.mapping.columns.is_empty() {
            let rest = raw.fields.into_iter().filter(|field| !self.mapping.set.contains_key(&*field.name));
            fields.extend(rest.map(|field| RawField { value: self.without_nulls(field.value), ..field }));
        } else {
            for (name, column) in &self.mapping.columns {
                match self.column(column, &raw, faults) {
                    Ok(value) => fields.push(named(name, value)),
                    Err(Faulty) => whole = false,
                }
            }
        }
        for (name, text) in &self.mapping.set {
            fields.push(named(name, constant(text, raw.place)));
        }
        whole.then_some(Raw { place: raw.place, fields })
    }

    /// What tells a record from the others of its file, where the mapping says so. Of several records with one identity
    /// only the first is one.
    #[must_use]
    pub fn identity(&self, raw: &Raw) -> Option<Vec<String>> {
        let texts =
            |name: &String| find(&raw.fields, name).map(|value| texts_of(&value).join("\n")).unwrap_or_default();
        let parts: Vec<String> = self.mapping.once.iter().map(texts).collect();
        parts.iter().any(|part| !part.is_empty()).then_some(parts)
    }

    fn kept(&self, fields: &[RawField]) -> bool {
        let is_one = |(column, words): (&String, &Vec<String>)| holds_one(fields, column, words);
        self.mapping.keep.iter().all(is_one) && !self.mapping.drop.iter().any(is_one)
    }

    fn column(&self, column: &Column, raw: &Raw, faults: &mut Vec<Fault>) -> Result<RawValue, Faulty> {
        match column {
            Column::Name(name) => Ok(self.first(std::slice::from_ref(name), raw.place, &raw.fields)),
            Column::First(names) => Ok(self.first(names, raw.place, &raw.fields)),
            Column::Rule(rule) => self.rule(rule, raw.place, &raw.fields, faults),
            Column::Records(records) => {
                let mut list = Vec::new();
                for record in records {
                    list.extend(self.record(record, raw.place, &raw.fields, faults)?);
                }
                Ok(RawValue::List(raw.place, list))
            }
            Column::Each(each) => self.each(each, raw, faults),
        }
    }

    fn each(&self, each: &Each, raw: &Raw, faults: &mut Vec<Fault>) -> Result<RawValue, Faulty> {
        let Some(RawValue::List(place, items)) = find(&raw.fields, &each.each).map(std::borrow::Cow::into_owned) else {
            return Ok(RawValue::Null(raw.place));
        };
        let mut list = Vec::new();
        for item in items {
            if let RawValue::Map(place, fields) = item {
                list.extend(self.record(&each.fields, place, &fields, faults)?);
            }
        }
        Ok(RawValue::List(place, list))
    }

    /// A record inside another; `None` where every column that it comes from holds nothing.
    fn record(
        &self,
        of: &BTreeMap<String, Field>,
        place: Span,
        fields: &[RawField],
        faults: &mut Vec<Fault>,
    ) -> Result<Option<RawValue>, Faulty> {
        let mut found = Vec::with_capacity(of.len());
        let mut something = false;
        for (name, field) in of {
            let (value, constant) = match field {
                Field::Name(column) => (self.first(std::slice::from_ref(column), place, fields), false),
                Field::Rule(rule) => (self.rule(rule, place, fields, faults)?, rule.text.is_some()),
            };
            something |= !constant && !matches!(value, RawValue::Null(_));
            found.push(named(name, value));
        }
        Ok(something.then_some(RawValue::Map(place, found)))
    }

    fn rule(&self, rule: &Rule, place: Span, fields: &[RawField], faults: &mut Vec<Fault>) -> Result<RawValue, Faulty> {
        let fits = rule.when.iter().all(|(column, words)| holds_one(fields, column, words));
        let value = if fits { self.said(rule, place, fields, faults)? } else { RawValue::Null(place) };
        match (value, &rule.otherwise) {
            (RawValue::Null(at), Some(Otherwise::Text(text))) => Ok(constant(text, at)),
            (RawValue::Null(_), Some(Otherwise::Rule(other))) => self.rule(other, place, fields, faults),
            (value, _) => Ok(value),
        }
    }

    /// What a rule says, before it is known what stands in its place where that is nothing.
    fn said(&self, rule: &Rule, place: Span, fields: &[RawField], faults: &mut Vec<Fault>) -> Result<RawValue, Faulty> {
        if let Some(text) = &rule.text {
            return Ok(constant(text, place));
        }
        let value = if let Some(among) = &rule.among {
            self.among(among, place, fields)
        } else if rule.join.is_empty() {
            let names = rule.from.as_ref().map(Names::list).unwrap_or_default();
            self.first(names, place, fields)
        } else {
            self.joined(&rule.join, place, fields)
        };
        let value = match (value, rule.file_date) {
            (RawValue::Null(at), true) => {
                file_date(self.source.name()).map_or(RawValue::Null(at), |day| constant(day, at))
            }
            (value, _) => value,
        };
        let value = match &rule.split {
            Some(separator) if !separator.is_empty() => split(value, separator),
            _ => value,
        };
        if rule.values.is_empty() { Ok(value) } else { self.translated(value, rule, faults) }
    }

    fn among(&self, among: &Among, record: Span, fields: &[RawField]) -> RawValue {
        let list = find(fields, &among.list);
        let items = match list.as_deref() {
            Some(RawValue::List(_, items)) => items.as_slice(),
            _ => &[],
        };
        let taken = items.iter().filter_map(|item| match item {
            RawValue::Map(place, inside) if among.when.iter().all(|(path, words)| holds_one(inside, path, words)) => {
                Some(self.first(std::slice::from_ref(&among.take), *place, inside))
            }
            _ => None,
        });
        let mut found: Vec<RawValue> = taken.filter(|value| !matches!(value, RawValue::Null(_))).collect();
        match found.len() {
            0 => RawValue::Null(record),
            1 => found.remove(0),
            _ => RawValue::List(list.map_or(record, |list| list.place()), found),
        }
    }

    fn translated(&self, value: RawValue, rule: &Rule, faults: &mut Vec<Fault>) -> Result<RawValue, Faulty> {
        match value {
            RawValue::Scalar { place, text, plain } => {
                let word = text.trim();
                match meaning(&rule.values, word) {
                    Some(Some(to)) if to == KEEP => Ok(RawValue::Scalar { place, text, plain }),
                    Some(Some(to)) => Ok(RawValue::Scalar { place, text: to.clone(), plain: false }),
                    Some(None) => Ok(RawValue::Null(place)),
                    None => {
                        faults.push(self.unknown_word(place, word, rule));
                        Err(Faulty)
                    }
                }
            }
            RawValue::List(place, items) => {
                let items: Result<Vec<_>, _> =
                    items.into_iter().map(|item| self.translated(item, rule, faults)).collect();
                Ok(RawValue::List(place, items?))
            }
            other => Ok(other),
        }
    }

    fn unknown_word(&self, span: Span, word: &str, rule: &Rule) -> Fault {
        let known: Vec<&str> = rule.values.keys().map(String::as_str).collect();
        Fault {
            rule: "documents/unknown-value",
            message: format!("{} is no word that the mapping knows", shown(word)),
            label: "what it means here is not said".to_owned(),
            help: Some(format!("add it to `values` of this field in the mapping, which knows: {}", known.join(", "))),
            source: Arc::clone(self.source),
            span,
            other: None,
        }
    }

    /// The first of some columns that holds something; nothing, at the place of the last one that is there.
    fn first(&self, names: &[String], record: Span, fields: &[RawField]) -> RawValue {
        let mut nothing = RawValue::Null(record);
        for name in names {
            let Some(value) = find(fields, name) else { continue };
            match self.without_nulls(value.into_owned()) {
                RawValue::Null(place) => nothing = RawValue::Null(place),
                value => return value,
            }
        }
        nothing
    }

    fn joined(&self, names: &[String], record: Span, fields: &[RawField]) -> RawValue {
        let parts: Vec<RawValue> =
            names.iter().map(|name| self.first(std::slice::from_ref(name), record, fields)).collect();
        let texts: Vec<&str> = parts.iter().flat_map(texts_of).collect();
        match parts.iter().find(|part| !texts_of(part).is_empty()) {
            Some(part) => RawValue::Scalar { place: part.place(), text: texts.join(" "), plain: false },
            None => RawValue::Null(record),
        }
    }

    fn without_nulls(&self, value: RawValue) -> RawValue {
        match value {
            RawValue::Scalar { place, text, .. } if self.stands_for_nothing(&text) => {
                RawValue::Null(Span::new(place.start, place.start))
            }
            RawValue::List(place, items) => {
                let rest = items.into_iter().map(|item| self.without_nulls(item));
                RawValue::List(place, rest.filter(|item| !matches!(item, RawValue::Null(_))).collect())
            }
            value => value,
        }
    }

    fn stands_for_nothing(&self, text: &str) -> bool {
        let text = text.trim();
        text.is_empty() || self.nulls.iter().any(|word| text.eq_ignore_ascii_case(word))
    }
}

fn named(name: &str, value: RawValue) -> RawField {
    RawField { name: name.into(), name_place: value.place(), value }
}

fn constant(text: &str, place: Span) -> RawValue {
    RawValue::Scalar { place, text: text.to_owned(), plain: false }
}

fn split(value: RawValue, separator: &str) -> RawValue {
    let RawValue::Scalar { place, text, plain } = value else { return value };
    let parts = text.split(separator).map(str::trim).filter(|part| !part.is_empty());
    RawValue::List(place, parts.map(|part| RawValue::Scalar { place, text: part.to_owned(), plain }).collect())
}

/// The first date such as `2026-06-30` in the name of a file.
fn file_date(name: &str) -> Option<&str> {
    let shape = |part: &[u8]| {
        part.iter().enumerate().all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
    };
    let at = name.as_bytes().windows(10).position(shape)?;
    name.get(at..at + 10)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::path::text_of;
    use super::*;

    fn raw(cells: &[(&str, &str)]) -> Raw {
        let field = |(name, text): &(&str, &str)| named(name, constant(text, Span::new(0, 1)));
        Raw { place: Span::new(0, 1), fields: cells.iter().map(field).collect() }
    }

    fn map(mapping: serde_json::Value, cells: &[(&str, &str)]) -> (Option<Vec<(String, String)>>, usize) {
        let mapping: Mapping = serde_json::from_value(mapping).unwrap();
        let source = SourceText::new("exports/2026-06-30.csv", "x");
        let mut faults = Vec::new();
        let mapped = Mapper::new(&mapping, &source).map(raw(cells), &mut faults);
        let shown = |field: RawField| {
            let text = match &field.value {
                RawValue::List(_, items) => items.iter().filter_map(text_of).collect::<Vec<_>>().join("|"),
                value => text_of(value).unwrap_or("-").to_owned(),
            };
            (field.name.to_string(), text)
        };
        (mapped.map(|raw| raw.fields.into_iter().map(shown).collect()), faults.len())
    }

    fn pairs(list: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(list.iter().map(|(one, two)| ((*one).to_owned(), (*two).to_owned())).collect())
    }

    #[test]
    fn columns_words_and_nothing() {
        let mapping = serde_json::json!({
            "columns": {
                "account_id": "user", "created_at": ["made", "created"],
                "kind": { "from": "user", "values": { "<root_account>": "root", "*": "human" } },
                "name": { "join": ["first", "last"] }, "roles": { "from": "groups", "split": "," },
                "exported_at": { "file_date": true }, "enabled": { "from": "state", "otherwise": "true" },
            },
            "set": { "system": "aws" }, "nulls": ["N/A"], "drop": { "type": ["robot"] },
        });
        let cells = [
            ("user", "<root_account>"),
            ("made", "n/a"),
            ("created", "2026-01-01"),
            ("first", "Ada"),
            ("last", "Okafor"),
            ("groups", "a, b"),
            ("type", "person"),
        ];
        let expected = [
            ("account_id", "<root_account>"),
            ("created_at", "2026-01-01"),
            ("enabled", "true"),
            ("exported_at", "2026-06-30"),
            ("kind", "root"),
            ("name", "Ada Okafor"),
            ("roles", "a|b"),
            ("system", "aws"),
        ];
        assert_eq!(map(mapping.clone(), &cells), (pairs(&expected), 0));
        assert_eq!(map(mapping, &[("type", "Robot")]), (None, 0));
    }

    #[test]
    fn a_word_that_is_not_listed_is_a_fault() {
        let mapping = serde_json::json!({ "columns": { "status": { "from": "State", "values": { "open": "open" } } } });
        assert_eq!(map(mapping.clone(), &[("State", "Open")]), (pairs(&[("status", "open")]), 0));
        assert_eq!(map(mapping, &[("State", "parked")]), (None, 1));
        let keep = serde_json::json!({
            "columns": { "status": { "from": "State", "values": { "open": null, "*": "KEEP" } } }
        });
        assert_eq!(map(keep.clone(), &[("State", "parked")]), (pairs(&[("status", "parked")]), 0));
        assert_eq!(map(keep, &[("State", "open")]), (pairs(&[("status", "-")]), 0));
    }

    #[test]
    fn a_rule_counts_only_when_another_column_says_so_and_another_rule_stands_in() {
        let mapping = serde_json::json!({ "columns": {
            "disabled_at": { "from": "changed", "when": { "status": ["SUSPENDED", "DEPROVISIONED"] } },
            "status": {
                "text": "dismissed", "when": { "ignored": ["true"] },
                "otherwise": {
                    "from": "resolution", "values": { "Done": "fixed", "Unresolved": null }, "otherwise": "open",
                },
            },
            "last_seen_at": { "from": "seen", "file_date": true },
        } });
        let cells = |status, ignored, resolution, seen| {
            let cells = [
                ("changed", "2026-01-02"),
                ("status", status),
                ("ignored", ignored),
                ("resolution", resolution),
                ("seen", seen),
            ];
            map(mapping.clone(), &cells)
        };
        let expected = |disabled, seen, status| {
            (pairs(&[("disabled_at", disabled), ("last_seen_at", seen), ("status", status)]), 0)
        };
        assert_eq!(cells("suspended", "false", "Done", "2026-05-01"), expected("2026-01-02", "2026-05-01", "fixed"));
        assert_eq!(cells("ACTIVE", "true", "Done", ""), expected("-", "2026-06-30", "dismissed"));
        assert_eq!(cells("", "false", "Unresolved", ""), expected("-", "2026-06-30", "open"));
        assert_eq!(cells("", "false", "Parked", "").1, 1);
    }
}
