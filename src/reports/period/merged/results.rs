//! Results of a check as a report that says less. What they do not say stays empty, and is told as not known; nothing is
//! made up for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::control::{ControlReport, RuleReport, TestReport, outcome};
use super::super::finding::ReportedFinding;
use super::super::frequency::Frequency;
use super::super::recurrence::{Recurrence, Status, days};
use super::super::run::length;
use super::super::statement::RepositoryRead;
use super::super::summary::Summary;
use super::super::{Labels, PeriodReport, SCHEMA, Tool, limits};
use crate::facts::calendar::{Day, Period};
use crate::findings::finding::{Severity, Verdict};
use crate::policies::pack::Pack;
use crate::reports::results_json::{FindingEntry, ResultsDocument, TestEntry};

/// What is said where something is not known.
pub(super) const NOT_KNOWN: &str = "not known";

/// The results of a check as a report.
pub(super) fn converted(document: ResultsDocument, pack: &Pack) -> PeriodReport {
    let ResultsDocument { repository: name, commit, as_of, period, range, tests, findings, left_out, .. } = document;
    let of = tests_of(&tests, &findings, pack);
    let complete = range.is_none() && !findings.iter().any(|finding| finding.verdict == Verdict::Untestable);
    let controls = controls(&name, (&tests, &findings, &of), (period, &as_of));
    let findings = reported(&name, &tests, findings, of);
    let repositories = vec![RepositoryRead {
        name,
        commit,
        period,
        as_of: as_of.clone(),
        complete,
        configured: true,
        controls: controls.len(),
        files: 0,
        branches: Vec::new(),
        registers: Vec::new(),
        of_check: true,
        tool: None,
    }];
    PeriodReport {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "tickmark".to_owned(), version: NOT_KNOWN.to_owned(), rules: NOT_KNOWN.to_owned() },
        organization: None,
        period,
        as_of,
        timezone: NOT_KNOWN.to_owned(),
        labels: Labels::default(),
        summary: Summary::of(&repositories, &controls, &findings, &[]),
        repositories,
        controls,
        findings,
        criteria: Vec::new(),
        earlier: Vec::new(),
        remedied: Vec::new(),
        remarks: remarks(range, left_out),
        limits: limits(),
    }
}

fn remarks(range: Option<String>, left_out: Option<BTreeMap<String, usize>>) -> Vec<String> {
    let mut remarks = Vec::from_iter(range.map(|range| format!("only this was looked at: {range}")));
    let rules: Vec<String> = left_out.into_iter().flatten().map(|(rule, count)| format!("{rule} ({count})")).collect();
    if !rules.is_empty() {
        remarks.push(format!("findings were left out, because their rules were not asked for: {}", rules.join(", ")));
    }
    remarks
}

/// The controls that were tested, in the order of their ids.
fn controls(
    source: &str,
    (tests, findings, of): (&[TestEntry], &[FindingEntry], &[Option<usize>]),
    asked: (Period, &str),
) -> Vec<ControlReport> {
    let mut found: Vec<Vec<&FindingEntry>> = vec![Vec::new(); tests.len()];
    for (finding, at) in findings.iter().zip(of) {
        if let Some(its) = at.and_then(|at| found.get_mut(at)) {
            its.push(finding);
        }
    }
    let mut controls: BTreeMap<&str, ControlReport> = BTreeMap::new();
    for (entry, its) in tests.iter().zip(&found) {
        let control = controls.entry(&entry.control).or_insert_with(|| ControlReport {
            source: source.to_owned(),
            id: entry.control.clone(),
            ..ControlReport::default()
        });
        control.tests.push(test(entry, its, asked));
    }
    controls.into_values().collect()
}

/// The findings; what is about documents alone comes first.
fn reported(
    source: &str,
    tests: &[TestEntry],
    findings: Vec<FindingEntry>,
    of: Vec<Option<usize>>,
) -> Vec<ReportedFinding> {
    let reported = findings.into_iter().zip(of).map(|(entry, of)| ReportedFinding {
        source: source.to_owned(),
        test: of.and_then(|at| tests.get(at)).map(|test| test.test.clone()),
        // Which findings fail it, the configuration says, and that is not known: errors do where it says nothing.
        fails: entry.severity == Severity::Error && (entry.standing.is_none() || entry.verdict == Verdict::Untestable),
        entry,
        also_in: Vec::new(),
        impact: Vec::new(),
    });
    let mut findings: Vec<ReportedFinding> = reported.collect();
    findings.sort_by_key(|finding| finding.test.is_some());
    findings
}

/// The position of the test that each finding is of; nothing for what is about documents.
fn tests_of(tests: &[TestEntry], findings: &[FindingEntry], pack: &Pack) -> Vec<Option<usize>> {
    let mut of: HashMap<(&str, Option<&str>), Vec<usize>> = HashMap::new();
    for (at, test) in tests.iter().enumerate() {
        of.entry((&test.control, test.repository.as_deref())).or_default().push(at);
    }
    let position = |finding: &FindingEntry| {
        let among = of.get(&(finding.control.as_deref()?, finding.repository.as_deref()))?;
        let asked = pack.rule(&finding.rule).map(|(test, _)| test.test.as_str());
        let its = among.iter().find(|at| tests.get(**at).is_some_and(|test| Some(test.test.as_str()) == asked));
        // What makes a test untestable has a rule of no test in particular, and so have rules of a repository's own.
        let of_documents = finding.rule.starts_with("documents/") && finding.verdict != Verdict::Untestable;
        its.or_else(|| among.first().filter(|_| !of_documents)).copied()
    };
    findings.iter().map(position).collect()
}

fn test(entry: &TestEntry, findings: &[&FindingEntry], (period, as_of): (Period, &str)) -> TestReport {
    let unread = findings.iter().find(|finding| finding.verdict == Verdict::Untestable);
    let exceptions = findings.iter().filter(|one| one.verdict == Verdict::Exception && one.severity > Severity::Note);
    let dated: HashMap<&str, Day> = exceptions.filter_map(|one| Some((one.item.as_str(), one.on?))).collect();
    // Two items can have the same name; then it is not known which days are whose.
    let dated = if dated.len() > entry.exceptions { Vec::new() } else { dated.into_values().collect() };
    let mut rules: Vec<&str> = Vec::new();
    let mut known = HashSet::new();
    rules.extend(findings.iter().map(|one| one.rule.as_str()).filter(|rule| known.insert(*rule)));
    TestReport {
        title: entry.test.clone(),
        items: "items".to_owned(),
        applied: format!(
            "Inspected all items of {} ({}), as known on {as_of}; what they were held against, the results of a check do not say.",
            days(period),
            entry.population.size,
        ),
        result: outcome("items", entry, unread.map(|finding| finding.message.as_str())),
        establishes: Vec::new(),
        does_not_establish: Vec::new(),
        sources: Vec::new(),
        digest: String::new(),
        frequency: Frequency::of((entry.exceptions, entry.population.size), dated, length(period)),
        rules: by_rule(entry, &rules, findings),
        earlier: Vec::new(),
        timeline: None,
        lifetimes: None,
        entry: entry.clone(),
    }
}

fn by_rule(entry: &TestEntry, rules: &[&str], findings: &[&FindingEntry]) -> Vec<RuleReport> {
    let mut of: HashMap<&str, Vec<&FindingEntry>> = HashMap::new();
    findings.iter().for_each(|finding| of.entry(&finding.rule).or_default().push(finding));
    let report = |rule: &&str| {
        let found = of.get(*rule)?;
        let gravest = found.iter().min_by_key(|finding| finding.verdict)?;
        let items: HashSet<&str> = found.iter().map(|finding| finding.item.as_str()).collect();
        // A finding about the population as a whole is of none of its items, and is not told apart here.
        let most = match gravest.verdict {
            Verdict::Exception => entry.exceptions,
            Verdict::Unevidenced => entry.unevidenced,
            Verdict::Untestable => entry.untestable,
        };
        let days = || found.iter().filter_map(|finding| finding.on);
        Some(RuleReport {
            rule: (*rule).to_owned(),
            asks: String::new(),
            verdict: gravest.verdict,
            nature: gravest.nature,
            items: items.len().min(most),
            first: days().min(),
            last: days().max(),
            recurrence: Recurrence { status: Status::Unknown, in_a_row: 1, earlier: Vec::new() },
            findings: found.iter().map(|finding| finding.fingerprint.clone()).collect(),
        })
    };
    rules.iter().filter_map(report).collect()
}
