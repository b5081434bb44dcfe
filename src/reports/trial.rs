//! What became of the cases of tests: a line for each for people, and JSON for programs.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::people::{Style, diagnostic};
use super::results_json::FindingEntry;
use crate::findings::trial::{Trial, Tried};
use crate::text::safe;

/// The document that `tickmark test --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "tickmark test results")]
pub struct TrialDocument<'a> {
    /// `tickmark.test-results/1`.
    #[schemars(extend("const" = "tickmark.test-results/1"))]
    pub schema: &'static str,
    /// The cases, in the order of their files.
    pub cases: Vec<CaseEntry<'a>>,
    /// What is wrong with the files of tests and cases.
    pub faults: Vec<FindingEntry>,
    /// Rules that no case shows at work, or none in silence.
    pub notes: &'a [String],
}

/// One case.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CaseEntry<'a> {
    /// The file that holds it.
    pub file: &'a str,
    /// Line at which it begins, from 1.
    pub line: usize,
    /// What it shows.
    pub about: &'a str,
    /// The test.
    pub test: &'a str,
    /// Whether everything came as it was expected.
    pub passed: bool,
    /// What was expected and what came, where the two differ.
    pub differences: &'a [String],
}

impl<'a> TrialDocument<'a> {
    /// The document of a run.
    #[must_use]
    pub fn new(trial: &'a Trial) -> Self {
        let entry = |case: &'a Tried| CaseEntry {
            file: &case.file,
            line: case.line,
            about: &case.about,
            test: &case.test,
            passed: case.differences.is_empty(),
            differences: &case.differences,
        };
        Self {
            schema: "tickmark.test-results/1",
            cases: trial.cases.iter().map(entry).collect(),
            faults: trial.faults.iter().map(FindingEntry::new).collect(),
            notes: &trial.notes,
        }
    }
}

/// A line for each case; below one that does not pass, what differs and what was found.
#[must_use]
pub fn lines(trial: &Trial, style: Style) -> String {
    let mut out: String = trial.faults.iter().map(|finding| diagnostic(finding, style)).collect();
    for case in &trial.cases {
        let sign = if case.differences.is_empty() { '✓' } else { '✗' };
        let _ = writeln!(out, "{sign} {}:{} {}", safe(&case.file), case.line, safe(&case.about));
        for difference in &case.differences {
            let _ = writeln!(out, "    {}", safe(difference));
        }
        for finding in &case.findings {
            out.push_str(&diagnostic(finding, style));
        }
    }
    for note in &trial.notes {
        let _ = writeln!(out, "note: {}", safe(note));
    }
    let (all, failed) = (trial.cases.len(), trial.failed());
    let _ =
        writeln!(out, "{all} {}: {} passed, {failed} failed", if all == 1 { "case" } else { "cases" }, all - failed);
    match trial.faults.len() {
        0 => {}
        1 => out.push_str("1 fault in the files of tests and cases\n"),
        faults => drop(writeln!(out, "{faults} faults in the files of tests and cases")),
    }
    out
}
