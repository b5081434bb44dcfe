//! Lists of controls, tests and rules: a line for each, or the same as JSON.

use std::sync::Arc;

use serde_json::{Value, json};

use super::json;
use super::trail_table::cut;
use crate::error::Result;
use crate::facts::document::control::Control;
use crate::policies::test::{Rule, Test};
use crate::text::safe;
use unicode_width::UnicodeWidthStr;

/// What is listed.
#[derive(Debug)]
pub enum Listed<'a> {
    /// Controls of the repository.
    Controls(Vec<&'a Arc<Control>>),
    /// Tests, each with the controls that name it.
    Tests(Vec<(&'a Test, Vec<&'a str>)>),
    /// Rules, each with its test.
    Rules(Vec<(&'a Test, &'a Rule)>),
}

impl Listed<'_> {
    /// One line for each, at most `width` columns wide: its name, what it belongs to, and what it is about.
    #[must_use]
    pub fn lines(&self, width: usize) -> String {
        let rows: Vec<[String; 3]> = match self {
            Self::Controls(controls) => {
                let row = |control: &&Arc<Control>| {
                    let text = &control.text;
                    [safe(&text.id), safe(&text.test), safe(&text.title)]
                };
                controls.iter().map(row).collect()
            }
            Self::Tests(tests) => {
                let row = |(test, controls): &(&Test, Vec<&str>)| {
                    [safe(&test.test), safe(&controls.join(", ")), safe(&test.title)]
                };
                tests.iter().map(row).collect()
            }
            Self::Rules(rules) => {
                let row = |(test, rule): &(&Test, &Rule)| [safe(&rule.id), safe(&test.test), word(rule.severity)];
                rules.iter().map(row).collect()
            }
        };
        // No column takes more than two fifths, so that the last one has room.
        let widest = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        let (first, second) = (widest(0).min(width * 2 / 5), widest(1).min(width * 2 / 5));
        let line = |[one, two, three]: &[String; 3]| {
            let pad = |text: &str, columns: usize| {
                let text = cut(text, columns);
                let gap = " ".repeat(columns.saturating_sub(text.width()));
                text + &gap + "  "
            };
            // The name is what people type, so it is never cut.
            let gap = " ".repeat(first.saturating_sub(one.width()));
            let left = format!("{one}{gap}  {}", if second > 0 { pad(two, second) } else { String::new() });
            let right = cut(three, width.saturating_sub(left.width()).max(10));
            format!("{left}{right}").trim_end().to_owned() + "\n"
        };
        rows.iter().map(line).collect()
    }

    /// The same for programs, with all that there is to filter by.
    ///
    /// # Errors
    /// As for [`json::pretty`].
    pub fn json(&self) -> Result<Vec<u8>> {
        json::pretty(&match self {
            Self::Controls(controls) => {
                let one = |control: &&Arc<Control>| {
                    let (text, source) = (&control.text, control.source());
                    let line = source.position(control.id_span().start).line;
                    json!({
                        "id": text.id, "title": text.title, "owner": text.owner, "criteria": text.criteria,
                        "test": text.test, "since": text.since, "policy": text.policy,
                        "file": source.name(), "line": line,
                    })
                };
                json!({ "controls": controls.iter().map(one).collect::<Vec<Value>>() })
            }
            Self::Tests(tests) => {
                let one = |(test, controls): &(&Test, Vec<&str>)| {
                    let rules: Vec<&str> = test.rules.iter().map(|rule| rule.id.as_str()).collect();
                    json!({
                        "test": test.test, "title": test.title, "criteria": test.criteria,
                        "population": test.population, "rules": rules, "controls": controls,
                    })
                };
                json!({ "tests": tests.iter().map(one).collect::<Vec<Value>>() })
            }
            Self::Rules(rules) => {
                let one = |(test, rule): &(&Test, &Rule)| {
                    json!({
                        "id": rule.id, "test": test.test, "severity": rule.severity, "verdict": rule.verdict,
                        "nature": rule.nature, "since": rule.since, "message": rule.message,
                    })
                };
                json!({ "rules": rules.iter().map(one).collect::<Vec<Value>>() })
            }
        })
    }
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
