//! What a rule tests, why, and how to mend what it finds, and what dialects and mappings are; all from their own YAML.

use std::fmt::Write;

use super::json;
use crate::error::Result;
use crate::facts::approval::dialect::Dialect;
use crate::policies::mappings::Ready;
use crate::policies::pack::Pack;
use crate::policies::test::{Rule, Test};
use crate::text::safe;

/// The explanation of a rule.
#[must_use]
pub fn rule(test: &Test, rule: &Rule, width: usize) -> String {
    let mut out = format!("{}\n", rule.id);
    let _ = writeln!(
        out,
        "{} of the test {} ({}), since {}\n",
        word(rule.severity),
        test.test,
        safe(&test.criteria.join(", ")),
        safe(&rule.since)
    );
    let sections = [
        ("It says", &rule.message),
        ("Why auditors ask", &rule.why),
        ("How to mend it", &rule.fix),
        ("Nothing found establishes", &rule.establishes),
        ("It does not establish", &rule.does_not_establish),
    ];
    for (title, text) in sections {
        section(&mut out, title, text, width);
    }
    let kind = format!("{} ({})", word(rule.verdict), word(rule.nature));
    section(&mut out, "A finding is", &kind, width);
    out
}

/// The explanation of a dialect.
#[must_use]
pub fn dialect(dialect: &Dialect, width: usize) -> String {
    let mut out = format!("{}\n{}\n\n", dialect.dialect, dialect.title);
    section(&mut out, "What it shows", &dialect.about, width);
    if let Some(reference) = &dialect.reference {
        section(
            &mut out,
            "Where it stands",
            &format!("{reference}; fetch it: git fetch origin '+{reference}:{reference}'"),
            width,
        );
    }
    out
}

/// The explanation of a ready mapping.
#[must_use]
pub fn mapping(mapping: &Ready, width: usize) -> String {
    let mut out = format!("{}\n{}\n\n", mapping.mapping, mapping.title);
    section(&mut out, "How to export, and what it does not say", &mapping.about, width);
    let fields: Vec<&str> = mapping.read.columns.keys().map(String::as_str).collect();
    let _ = writeln!(out, "How to take it in tickmark.yaml");
    let _ = writeln!(out, "  registers:\n    {}:\n      file: the file, or a glob", mapping.register);
    let _ = writeln!(out, "      tool: {}\n", mapping.mapping);
    section(&mut out, "Fields that it fills", &fields.join(", "), width);
    if let Some(source) = &mapping.source {
        section(&mut out, "What the tool says of its fields", source, width);
    }
    out
}

/// Every rule in a line, by test; then every dialect, and every ready mapping.
#[must_use]
pub fn list<'a>(
    rules: impl Iterator<Item = (&'a Test, &'a Rule)>,
    dialects: impl Iterator<Item = &'a Dialect>,
    mappings: impl Iterator<Item = &'a Ready>,
) -> String {
    let mut out = String::new();
    let mut last = "";
    for (test, rule) in rules {
        if last != test.test {
            last = &test.test;
            let _ = writeln!(out, "{}{}: {}", if out.is_empty() { "" } else { "\n" }, test.test, safe(&test.title));
        }
        let _ = writeln!(out, "  {}", rule.id);
    }
    let _ = writeln!(out, "\ndialects: how approvals are written into Git");
    for dialect in dialects {
        let _ = writeln!(out, "  {:<20} {}", dialect.dialect, dialect.title);
    }
    let _ = writeln!(out, "\nmappings: how exports of tools become records");
    for mapping in mappings {
        let _ = writeln!(out, "  {:<26} {}", mapping.mapping, mapping.title);
    }
    out
}

/// A rule for programs: its test with this rule alone, in the form of `schemas/test.schema.json`.
///
/// # Errors
/// As for [`json::line`].
pub fn rule_json(test: &Test, rule: &Rule) -> Result<Vec<u8>> {
    json::pretty(&Test { rules: vec![rule.clone()], ..test.clone() })
}

/// Every test, every dialect and every ready mapping for programs, each in the form of its schema.
///
/// # Errors
/// As for [`json::line`].
pub fn list_json(pack: &Pack, dialects: &[Dialect], mappings: &[Ready]) -> Result<Vec<u8>> {
    json::pretty(&serde_json::json!({ "tests": pack.tests, "dialects": dialects, "mappings": mappings }))
}

fn section(out: &mut String, title: &str, text: &str, width: usize) {
    let _ = writeln!(out, "{title}");
    let (mut line, limit) = (String::from(" "), width.max(30));
    // The rules of a repository are its own words.
    for word in safe(text).split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > limit && line.len() > 2 {
            let _ = writeln!(out, "{line}");
            line = String::from(" ");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}\n");
}

/// The word that a value has in YAML, which is the word that people read.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
