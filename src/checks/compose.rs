//! A finding, put together from a rule and what a check saw.

use crate::findings::finding::{Finding, Label};
use crate::findings::standing::Standing;
use crate::policies::test::Rule;
use crate::text::safe;

/// What a check saw, apart from the rule's own words.
#[derive(Clone, Debug, Default)]
pub struct Exhibit {
    /// What stands in the rule's message in place of each word in braces.
    pub words: Vec<(&'static str, String)>,
    /// The parameter of the control that was not met, and what it asks for; the test's main one if not given.
    pub parameter: Option<(&'static str, String)>,
    /// The places.
    pub labels: Vec<Label>,
    /// What to do, where the check knows it better than the rule.
    pub help: Option<String>,
}

/// The finding of a rule about an item.
#[must_use]
pub fn finding(rule: &Rule, control: Option<&str>, item: &str, key: &str, exhibit: Exhibit) -> Finding {
    Finding {
        rule: rule.id.clone(),
        severity: rule.severity,
        verdict: rule.verdict,
        control: control.map(str::to_owned),
        item: item.to_owned(),
        counted: false,
        key: key.to_owned(),
        part: String::new(),
        message: fill(&rule.message, &exhibit.words),
        nature: rule.nature,
        help: exhibit.help.unwrap_or_else(|| fill(rule.fix.trim(), &exhibit.words)),
        labels: exhibit.labels,
        repository: None,
        on: None,
        impact: Vec::new(),
        response: None,
        standing: Standing::Open,
    }
}

fn fill(template: &str, words: &[(&'static str, String)]) -> String {
    words.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &safe(value)))
}

/// At most `most` characters of a text; an ellipsis stands for the rest.
#[must_use]
pub fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// A number as people write it in a sentence, with the thing it counts.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let what = if number == 1 { one } else { many };
    WORDS.get(number).map_or_else(|| format!("{number} {what}"), |word| format!("{word} {what}"))
}
