//! The report of a period as JSON lines for tables: each line has the same columns, in the same order, and a column has one
//! type. What a line has nothing to say of is `null`, so that a sum over a column adds up each thing once.

use std::collections::HashMap;

use serde::Serialize;

use super::PeriodReport;
use super::control::{ControlReport, RuleReport, TestReport};
use super::finding::ReportedFinding;
use super::recurrence::Status;
use super::statement::RepositoryRead;
use super::text::answered;
use crate::error::Result;
use crate::facts::calendar::Day;
use crate::findings::finding::{Nature, Severity, Verdict};
use crate::reports::json;

/// What a line is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// A repository.
    #[default]
    Repository,
    /// A sentence that a reader has to know.
    Remark,
    /// A control.
    Control,
    /// A test of a control. Only these lines have counts of items.
    Test,
    /// A rule of a test that found something.
    Rule,
    /// A finding.
    Finding,
}

/// A line. The columns are those that `policies/README.md` tells.
#[derive(Debug, Default, Serialize)]
struct Line<'r> {
    kind: Kind,
    source: Option<&'r str>,
    period_from: Option<Day>,
    period_to: Option<Day>,
    as_of: Option<&'r str>,
    commit: Option<String>,
    complete: Option<bool>,
    control: Option<&'r str>,
    title: Option<&'r str>,
    owner: Option<&'r str>,
    criteria: Option<String>,
    file: Option<&'r str>,
    test: Option<&'r str>,
    repository: Option<&'r str>,
    tested: Option<usize>,
    exceptions: Option<usize>,
    unevidenced: Option<usize>,
    untestable: Option<usize>,
    pending: Option<usize>,
    excluded: Option<usize>,
    digest: Option<&'r str>,
    rule: Option<&'r str>,
    verdict: Option<Verdict>,
    nature: Option<Nature>,
    rule_items: Option<usize>,
    rule_findings: Option<usize>,
    first: Option<Day>,
    last: Option<Day>,
    recurrence: Option<Status>,
    periods_in_a_row: Option<usize>,
    severity: Option<Severity>,
    fails: Option<bool>,
    item: Option<&'r str>,
    day: Option<Day>,
    fingerprint: Option<&'r str>,
    response: Option<String>,
    text: Option<&'r str>,
}

/// The lines: the repositories, the remarks, each control with its tests and their rules, and the findings.
///
/// # Errors
/// As for [`json::line`].
pub fn lines(report: &PeriodReport) -> Result<Vec<u8>> {
    let runs: HashMap<&str, &RepositoryRead> = report.repositories.iter().map(|one| (one.name.as_str(), one)).collect();
    let mut out = Vec::new();
    let mut write = |line: &Line<'_>| json::line(line).map(|line| out.extend(line));
    for one in &report.repositories {
        let commit = one.commit.map(|commit| commit.to_string());
        write(&Line {
            commit,
            complete: Some(one.complete && one.configured),
            ..of(&runs, Kind::Repository, &one.name)
        })?;
    }
    for remark in &report.remarks {
        write(&Line { kind: Kind::Remark, text: Some(remark), ..Line::default() })?;
    }
    for control in &report.controls {
        write(&of_control(&runs, control))?;
        for test in &control.tests {
            write(&of_test(&runs, control, test))?;
            for rule in &test.rules {
                write(&of_rule(&runs, control, test, rule))?;
            }
        }
    }
    report.findings.iter().try_for_each(|finding| write(&of_finding(&runs, finding)))?;
    Ok(out)
}

/// A line of a run, with the question that it was asked.
fn of<'r>(runs: &HashMap<&str, &'r RepositoryRead>, kind: Kind, source: &'r str) -> Line<'r> {
    let run = runs.get(source);
    Line {
        kind,
        source: Some(source),
        period_from: run.and_then(|run| run.period.from),
        period_to: run.and_then(|run| run.period.to),
        as_of: run.map(|run| run.as_of.as_str()),
        ..Line::default()
    }
}

fn of_control<'r>(runs: &HashMap<&str, &'r RepositoryRead>, control: &'r ControlReport) -> Line<'r> {
    Line {
        control: Some(&control.id),
        title: Some(&control.title),
        owner: Some(&control.owner),
        criteria: Some(control.criteria.join("; ")),
        file: control.file.as_deref(),
        text: control.statement.as_deref(),
        ..of(runs, Kind::Control, &control.source)
    }
}

fn of_test<'r>(runs: &HashMap<&str, &'r RepositoryRead>, control: &'r ControlReport, test: &'r TestReport) -> Line<'r> {
    let (entry, population) = (&test.entry, &test.entry.population);
    Line {
        control: Some(&control.id),
        test: Some(&entry.test),
        repository: entry.repository.as_deref(),
        tested: Some(population.size),
        exceptions: Some(entry.exceptions),
        unevidenced: Some(entry.unevidenced),
        untestable: Some(entry.untestable),
        pending: Some(population.pending),
        excluded: Some(population.excluded.iter().map(|one| one.count).sum()),
        digest: Some(test.digest.as_str()).filter(|digest| !digest.is_empty()),
        text: Some(&test.result),
        ..of(runs, Kind::Test, &control.source)
    }
}

fn of_rule<'r>(
    runs: &HashMap<&str, &'r RepositoryRead>,
    control: &'r ControlReport,
    test: &'r TestReport,
    rule: &'r RuleReport,
) -> Line<'r> {
    Line {
        control: Some(&control.id),
        test: Some(&test.entry.test),
        repository: test.entry.repository.as_deref(),
        rule: Some(&rule.rule),
        verdict: Some(rule.verdict),
        nature: Some(rule.nature),
        rule_items: Some(rule.items),
        rule_findings: Some(rule.findings.len()),
        first: rule.first,
        last: rule.last,
        recurrence: Some(rule.recurrence.status),
        periods_in_a_row: Some(rule.recurrence.in_a_row),
        text: Some(rule.asks.as_str()).filter(|asks| !asks.is_empty()),
        ..of(runs, Kind::Rule, &control.source)
    }
}

fn of_finding<'r>(runs: &HashMap<&str, &'r RepositoryRead>, finding: &'r ReportedFinding) -> Line<'r> {
    let entry = &finding.entry;
    Line {
        control: entry.control.as_deref(),
        test: finding.test.as_deref(),
        repository: entry.repository.as_deref(),
        rule: Some(&entry.rule),
        verdict: Some(entry.verdict),
        nature: Some(entry.nature),
        severity: Some(entry.severity),
        fails: Some(finding.fails),
        item: Some(&entry.item),
        day: entry.on,
        fingerprint: Some(&entry.fingerprint),
        response: answered(entry.response.as_ref()),
        text: Some(&entry.message),
        ..of(runs, Kind::Finding, &finding.source)
    }
}
