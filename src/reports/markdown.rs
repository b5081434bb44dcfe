//! Markdown, for the summary of a step on GitHub, for comments and for wikis.

use std::fmt::Write;

use super::entry::{self, Entry, Report, word};
use crate::findings::ledger::TestResult;
use crate::text::safe;

/// Bytes that the summary of a step may have. A longer one is not shown at all, and other steps write there too.
pub const SUMMARY: usize = 900 * 1024;

/// The page, of at most so many bytes: the tests with their counts, then every finding that fits, gravest first. What
/// is left out is said.
#[must_use]
pub fn page(report: &Report<'_>, most: usize) -> String {
    let ledger = report.ledger;
    let mut out = format!("# tickmark: {}\n\n", escaped(&safe(report.repository)));
    let _ = writeln!(out, "As of {}.\n", report.calendar.as_of);
    let _ = writeln!(out, "{}\n", entry::counted(ledger));
    for line in report.remarks() {
        let _ = writeln!(out, "{}\n", escaped(&line));
    }
    if !ledger.tests.is_empty() {
        out.push_str("| control | test | tested | exceptions | unevidenced | untestable | not yet due | left out |\n");
        out.push_str("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
        ledger.tests.iter().for_each(|test| out.push_str(&tested(test)));
        out.push('\n');
    }
    let mut entries = report.entries();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.level()));
    if !entries.is_empty() {
        out.push_str("| level | rule | control | where | finding | what to do |\n");
        out.push_str("| --- | --- | --- | --- | --- | --- |\n");
    }
    for (at, entry) in entries.iter().enumerate() {
        let row = row(entry);
        if out.len() + row.len() > most {
            let more = entries.len() - at;
            let _ = writeln!(out, "\n{more} more left out here: the page would be too long. See all: `tickmark check`");
            break;
        }
        out.push_str(&row);
    }
    out
}

fn tested(test: &TestResult) -> String {
    let of = test.repository.as_ref().map_or_else(String::new, |name| format!(" ({})", safe(name)));
    let population = &test.population;
    let size = match population.size {
        0 => "no occurrences".to_owned(),
        size => format!("{size} {}", safe(&test.items)),
    };
    let left_out: usize = population.excluded.iter().map(|exclusion| exclusion.count).sum();
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {left_out} |\n",
        escaped(&safe(&test.control)),
        escaped(&(safe(&test.test) + &of)),
        escaped(&size),
        test.exceptions,
        test.unevidenced,
        test.untestable,
        population.pending
    )
}

fn row(entry: &Entry<'_>) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        word(entry.level()),
        escaped(entry.rule),
        escaped(entry.control.as_deref().unwrap_or_default()),
        escaped(&format!("{}:{}", entry.path(), entry.spot.line)),
        escaped(&entry.with_commit()),
        escaped(&entry.help)
    )
}

/// Clean words as nothing but words: no markup, no HTML, no link, and nobody is called by `@name`.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Forges make mentions, references and links of these; a character without width keeps them apart. There is
            // none in clean words, so that taking it out again gives these.
            '@' | '#' | ':' | '!' => out.extend(['\\', character, '\u{200b}']),
            '.' => out.extend([character, '\u{200b}']),
            // What means nothing to Markdown is left alone, so that the text can be read as it is.
            ',' | '/' | '\'' | '"' | ';' | '%' | '?' => out.push(character),
            '-' if out.ends_with(char::is_alphanumeric) && rest.peek().is_some_and(|next| next.is_alphanumeric()) => {
                out.push(character);
            }
            _ if character.is_ascii_punctuation() => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}
