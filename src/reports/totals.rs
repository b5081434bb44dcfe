//! What became of each test, for people: k of n, what is open, and what was left out.

use std::fmt::Write;

use super::trail_table::wrapped;
use crate::findings::finding::Severity;
use crate::findings::ledger::{Judged, Ledger, TestResult};
use crate::text::safe;

/// For each test its k of n, in lines of some columns. With `all`, the test is named, and what is not yet due is listed.
pub(super) fn table(ledger: &Ledger, width: usize, all: bool) -> String {
    let mut out = String::new();
    for test in &ledger.tests {
        let of = test.repository.as_ref().map_or_else(String::new, |name| format!(" ({})", safe(name)));
        out.push_str(&wrapped(&format!("{} {}{of}", safe(&test.control), safe(&test.title)), " ", width));
        let named = Some(format!("tested by {}", safe(&test.test))).filter(|_| all);
        let due = ledger.pending.iter().filter(|pending| all && pending.control == test.control);
        let due = due.map(|pending| format!("by {}: {}", pending.due.day, safe(&pending.todo)));
        for line in named.into_iter().chain(lines(test)).chain(due.map(|line| format!("  {line}"))) {
            out.push_str(&wrapped(&format!("  {line}"), " ", width));
        }
    }
    let documents = ledger.findings.iter().filter(|finding| finding.control.is_none());
    let (open, aside): (Vec<_>, Vec<_>) = documents.partition(|finding| finding.standing.is_open());
    let (notes, faults): (Vec<_>, Vec<_>) = open.into_iter().partition(|finding| finding.severity == Severity::Note);
    let counted = [(faults.len(), "fault"), (notes.len(), "note"), (aside.len(), "known or suppressed finding")];
    let counted: Vec<String> = counted
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if !counted.is_empty() {
        let _ = writeln!(out, "documents\n  {}", counted.join(", "));
    }
    out
}

fn lines(test: &TestResult) -> Vec<String> {
    let mut lines = Vec::new();
    let population = &test.population;
    if population.size == 0 && test.untestable == 0 {
        lines.push("no occurrences in the period: nothing was tested".to_owned());
    } else {
        let (of, items) = (population.size, safe(&test.items));
        lines.push(format!(
            "{} of {of} {items} with an exception, {} unevidenced, {} untestable",
            test.exceptions, test.unevidenced, test.untestable
        ));
    }
    if let [_, _, ..] = test.versions.as_slice() {
        lines.push(format!("judged by {} versions of the control:", test.versions.len()));
        lines.extend(test.versions.iter().map(|version| format!("  {}", judged(version, &test.items))));
    }
    lines.extend(population.of_which.iter().map(|of| format!("{} of them {}", of.count, safe(&of.kind))));
    if population.pending > 0 {
        lines.push(format!("{} not yet due", population.pending));
    }
    let excluded = population.excluded.iter();
    lines.extend(excluded.map(|exclusion| format!("{} left out: {}", exclusion.count, safe(&exclusion.why))));
    lines
}

/// How many items a version of a control judged.
fn judged(version: &Judged, items: &str) -> String {
    let at = version.commit.map_or_else(|| "in no commit".to_owned(), |commit| format!("at {}", commit.short()));
    let until = version.until.map_or_else(String::new, |day| format!(", in force until {day}"));
    format!("{} {} by the one {at}{until}", version.items, safe(items))
}
