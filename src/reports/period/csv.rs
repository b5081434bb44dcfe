//! The report of a period as a table for spreadsheets and working papers: a row for each rule that found something, and
//! one for each test that found nothing.

use std::collections::HashMap;

use super::PeriodReport;
use super::control::{ControlReport, RuleReport, TestReport};
use super::finding::ReportedFinding;
use super::recurrence::Counted;
use super::text::{answered, words};
use crate::error::Result;
use crate::facts::calendar::Day;
use crate::reports::entry::word;
use crate::reports::findings_csv::written;
use crate::text::safe;

/// The columns.
const COLUMNS: [&str; 28] = [
    "criteria",
    "control",
    "control_activity",
    "owner",
    "source",
    "test",
    "repository",
    "test_applied",
    "result",
    "exceptions",
    "tested",
    "unevidenced",
    "untestable",
    "not_yet_due",
    "left_out",
    "rule",
    "rule_asks",
    "rule_verdict",
    "rule_items",
    "first",
    "last",
    "recurrence",
    "periods_in_a_row",
    "items_before",
    "tested_before",
    "findings",
    "response",
    "population_digest",
];

/// The table, with its heads.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub fn table(report: &PeriodReport) -> Result<Vec<u8>> {
    let findings: HashMap<(&str, &str), &ReportedFinding> =
        report.findings.iter().map(|one| ((one.source.as_str(), one.entry.fingerprint.as_str()), one)).collect();
    let rows = report.controls.iter().flat_map(|control| {
        if control.tests.is_empty() {
            return vec![row(control, None, None, String::new())];
        }
        control.tests.iter().flat_map(|test| of_test(control, test, &findings)).collect()
    });
    written(&COLUMNS, rows)
}

fn of_test(
    control: &ControlReport,
    test: &TestReport,
    findings: &HashMap<(&str, &str), &ReportedFinding>,
) -> Vec<[String; 28]> {
    if test.rules.is_empty() {
        return vec![row(control, Some(test), None, String::new())];
    }
    let of_rule = |rule: &RuleReport| {
        let found = rule.findings.iter().filter_map(|name| findings.get(&(control.source.as_str(), name.as_str())));
        let mut answers: Vec<String> = found.filter_map(|finding| answered(finding.entry.response.as_ref())).collect();
        answers.dedup();
        row(control, Some(test), Some(rule), answers.join("; "))
    };
    test.rules.iter().map(of_rule).collect()
}

fn row(
    control: &ControlReport,
    test: Option<&TestReport>,
    rule: Option<&RuleReport>,
    response: String,
) -> [String; 28] {
    let entry = test.map(|test| &test.entry);
    let number = |value: Option<usize>| value.map_or_else(String::new, |value| value.to_string());
    let clean = |value: Option<&str>| value.map(safe).unwrap_or_default();
    let day = |value: Option<Day>| value.map_or_else(String::new, |value| value.to_string());
    let before: Option<&Counted> = rule.and_then(|rule| rule.recurrence.earlier.first());
    let criteria: Vec<String> = control.criteria.iter().map(|id| safe(id)).collect();
    [
        criteria.join("; "),
        safe(&control.id),
        safe(control.statement.as_deref().unwrap_or(&control.title)),
        safe(&control.owner),
        safe(&control.source),
        clean(entry.map(|entry| entry.test.as_str())),
        clean(entry.and_then(|entry| entry.repository.as_deref())),
        test.map_or_else(|| "no test was applied".to_owned(), |test| safe(&test.applied)),
        clean(test.map(|test| test.result.as_str())),
        number(entry.map(|entry| entry.exceptions)),
        number(entry.map(|entry| entry.population.size)),
        number(entry.map(|entry| entry.unevidenced)),
        number(entry.map(|entry| entry.untestable)),
        number(entry.map(|entry| entry.population.pending)),
        number(entry.map(|entry| entry.population.excluded.iter().map(|one| one.count).sum())),
        clean(rule.map(|rule| rule.rule.as_str())),
        clean(rule.map(|rule| rule.asks.as_str())),
        rule.map(|rule| word(rule.verdict)).unwrap_or_default(),
        number(rule.map(|rule| rule.items)),
        day(rule.and_then(|rule| rule.first)),
        day(rule.and_then(|rule| rule.last)),
        rule.and_then(|rule| words(&rule.recurrence)).unwrap_or_default(),
        number(rule.map(|rule| rule.recurrence.in_a_row)),
        number(before.map(|before| before.items)),
        number(before.map(|before| before.of)),
        number(rule.map(|rule| rule.findings.len())),
        safe(&response),
        clean(test.map(|test| test.digest.as_str())),
    ]
}
