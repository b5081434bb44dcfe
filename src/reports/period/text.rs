//! The report of a period in short, for a terminal: every control with what came of its tests, and what recurs.

use std::fmt::Write;

use serde_json::Value;

use super::PeriodReport;
use super::control::{RuleReport, TestReport};
use super::frequency::Frequency;
use super::recurrence::{Recurrence, Status};
use crate::findings::response::Answer;
use crate::text::safe;

/// The report, a few lines a test.
#[must_use]
pub fn summary(report: &PeriodReport) -> String {
    let of = report.organization.as_ref().map_or_else(String::new, |name| format!(" of {}", safe(name)));
    let mut out = format!("{}{of}: {}, as of {}\n", safe(&report.labels.title), report.days(), safe(&report.as_of));
    report.remarks.iter().for_each(|remark| {
        let _ = writeln!(out, "{}", safe(remark));
    });
    for control in &report.controls {
        let title = format!("{}  {}", safe(&control.id), safe(&control.title));
        let _ = writeln!(out, "\n{}{}", title.trim_end(), within(report, &control.source));
        if control.tests.is_empty() {
            out.push_str("  no test was applied\n");
        }
        control.tests.iter().for_each(|test| out.push_str(&tested(test)));
    }
    if !report.remedied.is_empty() {
        let _ = writeln!(out, "\n{}", safe(&report.labels.remedied));
        for one in &report.remedied {
            let of = within(report, &one.source);
            let _ = writeln!(out, "  {}  {}{of}: {}", safe(&one.control), safe(&one.rule), safe(&one.text));
        }
    }
    let marked: Vec<_> =
        report.criteria.iter().filter(|one| one.remark.is_some() && !one.controls.is_empty()).collect();
    if !marked.is_empty() {
        let _ = writeln!(out, "\n{}", safe(&report.labels.criteria));
        for one in marked {
            let remark = safe(one.remark.as_deref().unwrap_or_default());
            let _ = writeln!(out, "  {} ({}): {remark}", safe(&one.id), safe(&one.label));
        }
    }
    out
}

/// The repository of something, where the report is of several. Clean.
#[must_use]
pub fn within(report: &PeriodReport, source: &str) -> String {
    if report.repositories.len() > 1 { format!(" [{}]", safe(source)) } else { String::new() }
}

fn tested(test: &TestReport) -> String {
    let of = test.entry.repository.as_ref().map_or_else(String::new, |name| format!(" in {}", safe(name)));
    let mut out = format!("  {}{of}: {}\n", safe(&test.entry.test), safe(&test.result));
    test.rules.iter().for_each(|rule| out.push_str(&found(rule)));
    out
}

fn found(rule: &RuleReport) -> String {
    let days = match (rule.first, rule.last) {
        (Some(first), Some(last)) if first == last => format!(", {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    let again = words(&rule.recurrence).map_or_else(String::new, |words| format!("; {words}"));
    // A finding about the population as a whole is of none of its items.
    let items = if rule.items == 0 { String::new() } else { format!(" {}", rule.items) };
    format!("    {}{items}{days}{again}\n", safe(&rule.rule))
}

/// How what is found stands to the periods before, in words; nothing where nothing can be compared.
#[must_use]
pub fn words(recurrence: &Recurrence) -> Option<String> {
    match recurrence.status {
        Status::New => Some("not found in the period before".to_owned()),
        Status::Recurring => Some(format!("{} period in a row", ordinal(recurrence.in_a_row))),
        Status::Returned => Some("found again after a period without it".to_owned()),
        Status::First | Status::Unknown => None,
    }
}

fn ordinal(number: usize) -> String {
    const WORDS: [&str; 10] =
        ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    WORDS.get(number).map_or_else(|| format!("{number}th"), |word| (*word).to_owned())
}

/// The chance that a sample meets something, in percent with one digit behind the point. What is neither impossible nor
/// certain is not rounded to either.
#[must_use]
pub fn percent(found: &Frequency) -> String {
    let certain = found.of.saturating_sub(found.items) < found.sample;
    match found.chance {
        _ if certain => "100 %".to_owned(),
        chance if chance > 0.999 => "more than 99.9 %".to_owned(),
        chance if chance < 0.001 => "less than 0.1 %".to_owned(),
        chance => format!("{:.1} %", chance * 100.0),
    }
}

/// What a response says, field by field, each with its path in the response; nothing where there is none.
#[must_use]
pub fn fields(response: Option<&Answer>) -> Option<Vec<(String, String)>> {
    fn walk(path: &str, value: Value, out: &mut Vec<(String, String)>) {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        match value {
            Value::Object(fields) => fields.into_iter().for_each(|(name, value)| walk(&below(&name), value, out)),
            Value::Array(list) => {
                list.into_iter().enumerate().for_each(|(at, value)| walk(&below(&at.to_string()), value, out));
            }
            Value::String(text) => out.push((path.to_owned(), text)),
            Value::Number(number) => out.push((path.to_owned(), number.to_string())),
            Value::Bool(_) | Value::Null => {}
        }
    }
    let value = serde_json::to_value(response?).ok()?;
    let mut out = Vec::new();
    walk("", value, &mut out);
    Some(out)
}

/// A response in one line; nothing where there is none.
#[must_use]
pub fn answered(response: Option<&Answer>) -> Option<String> {
    let fields = fields(response)?;
    let told = fields.iter().map(|(name, value)| format!("{}: {value}", heading(name)));
    Some(told.collect::<Vec<_>>().join(", "))
}

/// The name of a field as a heading.
#[must_use]
pub fn heading(name: &str) -> String {
    let parts = name.split('/').filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
    let words = parts.collect::<Vec<_>>().join(", ").replace('_', " ");
    let mut rest = words.chars();
    rest.next().into_iter().flat_map(char::to_uppercase).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_chance_is_rounded_to_certainty_only_where_it_is_certain() {
        let of = |items, of| Frequency::of((items, of), Vec::new(), None).map(|found| percent(&found));
        assert_eq!(of(1, 200).as_deref(), Some("12.5 %"));
        assert_eq!(of(9, 28).as_deref(), Some("100 %"));
        assert_eq!(of(900, 1000).as_deref(), Some("more than 99.9 %"));
        assert_eq!(of(1, 1_000_000).as_deref(), Some("less than 0.1 %"));
    }

    #[test]
    fn a_response_is_told_field_by_field() {
        let response = json!({
            "kind": "disputed", "cause": "It was read from the wrong file.", "owner": "dana@acme.example",
            "evidence": {"path": "a.md"}, "source": "responses/a.yaml", "line": 3,
        });
        let response: Answer = serde_json::from_value(response).unwrap_or_else(|error| unreachable!("{error}"));
        let all = answered(Some(&response)).unwrap_or_default();
        for part in ["Kind: disputed", "Cause: It was read from the wrong file.", "Evidence, path: a.md", "Line: 3"] {
            assert!(all.contains(part), "{all}");
        }
        assert_eq!(answered(None), None);
    }
}
