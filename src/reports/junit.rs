//! JUnit: a suite for each control, in it a case for each finding, and one for each test without any.

use std::io;

use rustc_hash::FxHashMap;

use super::entry::{Entry, Report, word};
use super::xml::{self, Document};
use crate::error::Result;
use crate::findings::finding::Verdict;
use crate::findings::ledger::TestResult;
use crate::text::safe;

/// The document.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub fn document(report: &Report<'_>) -> Result<Vec<u8>> {
    let entries = report.entries();
    let mut suites = Suites::default();
    for test in &report.ledger.tests {
        suites.of(&safe(&test.control)).tests.push(test);
    }
    for entry in &entries {
        suites.of(entry.control.as_deref().unwrap_or("documents")).findings.push(entry);
    }
    // The schema knows neither zones nor parts of a second.
    let at: String = report.calendar.as_of.to_string().chars().take(19).collect();
    xml::document(|writer| {
        xml::around(writer, "testsuites", &[], |writer| {
            suites.all.iter().enumerate().try_for_each(|(id, suite)| suite.write(writer, id, &at))
        })
    })
}

/// What became of a control.
struct Suite<'a> {
    name: String,
    tests: Vec<&'a TestResult>,
    findings: Vec<&'a Entry<'a>>,
}

/// The suites, in the order of the tests.
#[derive(Default)]
struct Suites<'a> {
    all: Vec<Suite<'a>>,
    by_name: FxHashMap<String, usize>,
}

impl<'a> Suites<'a> {
    fn of(&mut self, name: &str) -> &mut Suite<'a> {
        let at = *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.all.push(Suite { name: name.to_owned(), tests: Vec::new(), findings: Vec::new() });
            self.all.len() - 1
        });
        &mut self.all[at]
    }
}

impl Suite<'_> {
    fn write(&self, writer: &mut Document, id: usize, at: &str) -> io::Result<()> {
        let quiet = self.tests.iter().filter(|test| test.exceptions + test.unevidenced + test.untestable == 0);
        let quiet: Vec<&&TestResult> = quiet.collect();
        let kinds: Vec<&str> = self.findings.iter().map(|entry| kind(entry)).collect();
        let count = |kind: &str| kinds.iter().filter(|known| **known == kind).count();
        let untested = quiet.iter().filter(|test| test.population.size == 0).count();
        let (tests, id) = ((quiet.len() + kinds.len()).to_string(), id.to_string());
        let (failures, errors) = (count("failure").to_string(), count("error").to_string());
        let skipped = (count("skipped") + untested).to_string();
        let attributes = [
            ("id", id.as_str()),
            ("name", &self.name),
            ("package", "tickmark"),
            ("timestamp", at),
            ("hostname", "localhost"),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", &errors),
            ("skipped", &skipped),
            ("time", "0"),
        ];
        xml::around(writer, "testsuite", &attributes, |writer| {
            xml::leaf(writer, "properties", &[], "")?;
            quiet.iter().try_for_each(|test| passed(writer, test))?;
            self.findings.iter().try_for_each(|entry| found(writer, entry))?;
            let results: Vec<String> = self.tests.iter().map(|test| counted(test)).collect();
            xml::leaf(writer, "system-out", &[], &results.join("\n"))?;
            xml::leaf(writer, "system-err", &[], "")
        })
    }
}

/// A test that found nothing; one that had nothing to test is no pass.
fn passed(writer: &mut Document, test: &TestResult) -> io::Result<()> {
    let (class, name) = (safe(&test.test), counted(test));
    let attributes = [("classname", class.as_str()), ("name", &name), ("time", "0")];
    if test.population.size > 0 {
        return xml::leaf(writer, "testcase", &attributes, "");
    }
    xml::around(writer, "testcase", &attributes, |writer| {
        xml::leaf(writer, "skipped", &[("message", "no occurrences in the period: nothing was tested")], "")
    })
}

fn found(writer: &mut Document, entry: &Entry<'_>) -> io::Result<()> {
    let name = format!("{} [{}]", entry.item, entry.fingerprint);
    xml::around(writer, "testcase", &[("classname", entry.rule), ("name", &name), ("time", "0")], |writer| {
        let message = entry.with_commit();
        match kind(entry) {
            "skipped" => xml::leaf(writer, "skipped", &[("message", &message)], ""),
            kind => {
                let text = [entry.places.join("\n"), entry.help.clone()].join("\n");
                xml::leaf(writer, kind, &[("message", &message), ("type", &word(entry.verdict))], &text)
            }
        }
    })
}

/// What fails the run fails here; what could not be read is an error; what does not fail it is skipped.
const fn kind(entry: &Entry<'_>) -> &'static str {
    match (entry.fails, entry.verdict) {
        (false, _) => "skipped",
        (true, Verdict::Untestable) => "error",
        (true, Verdict::Exception | Verdict::Unevidenced) => "failure",
    }
}

fn counted(test: &TestResult) -> String {
    let of = test.repository.as_ref().map_or_else(String::new, |name| format!(" ({})", safe(name)));
    format!(
        "{}{of}: {} of {} {} with an exception, {} unevidenced, {} untestable",
        safe(&test.test),
        test.exceptions,
        test.population.size,
        safe(&test.items),
        test.unevidenced,
        test.untestable
    )
}
