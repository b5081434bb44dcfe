//! A control with its tests, in the four parts that a report has: what it says, what was asked, what came of it, and,
//! with the findings, what management says.

use std::collections::BTreeMap;
use std::fmt::Write;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::frequency::Frequency;
use super::recurrence::{self, Counted, Past, Recurrence, Remedied, days};
use super::run::{Found, Run, length};
use super::statement::is_complete;
use super::timeline::{Lifetimes, Timeline};
use crate::checks::change::asked;
use crate::checks::records;
use crate::facts::calendar::Day;
use crate::facts::document::control::Control;
use crate::findings::finding::{Finding, Nature, Severity, Verdict};
use crate::findings::fingerprint::fingerprint;
use crate::findings::ledger::{Source, TestResult};
use crate::policies::test::{Rule, Test};
use crate::reports::results_json::TestEntry;
use crate::text::safe;

/// A control, and what its tests came to.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
pub struct ControlReport {
    /// The repository whose documents have the control: `name` of one of `repositories`.
    pub source: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who answers for it, as it says.
    pub owner: String,
    /// The criteria that it serves, by id.
    pub criteria: Vec<String>,
    /// The control in full, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The written policy that it carries out, as it names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The first day on which it was in force, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// Its file, from the folder of the documents; nothing of one that has been taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What it states for its test, a parameter each, by path, such as `emergency.approve_within`.
    pub parameters: Vec<Parameter>,
    /// What its tests came to; nothing where none could be asked.
    pub tests: Vec<TestReport>,
}

/// What a control states for its test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Parameter {
    /// Its path.
    pub name: String,
    /// What is stated, as the file writes it.
    pub value: String,
}

/// What came of one test of one control.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct TestReport {
    /// The numbers, as `tickmark.results/1` has them.
    #[serde(flatten)]
    pub entry: TestEntry,
    /// What the test establishes, in a few words.
    pub title: String,
    /// What its items are called: `changes`.
    pub items: String,
    /// The test as it was applied, in a sentence.
    pub applied: String,
    /// What came of it, in a sentence.
    pub result: String,
    /// What holds of the items of which nothing was found, a sentence each.
    pub establishes: Vec<String>,
    /// What is not shown even then, a sentence each.
    pub does_not_establish: Vec<String>,
    /// What the items were read from: `branch main at <name>`, `register people`.
    pub sources: Vec<String>,
    /// SHA-256 over the keys of all items, sorted, each with a line feed behind it, in hexadecimal digits.
    pub digest: String,
    /// How often something was found, and how it lies in time; nothing where nothing was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// What was found, by rule.
    pub rules: Vec<RuleReport>,
    /// The same test over the earlier periods, newest first.
    pub earlier: Vec<Counted>,
    /// The items over time; nothing where they have no days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// How long items took, or have been open; nothing where the test does not tell when an item is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetimes: Option<Lifetimes>,
}

/// What one rule of a test found.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct RuleReport {
    /// The rule.
    pub rule: String,
    /// What it asks, in a sentence: what holds where it finds nothing.
    pub asks: String,
    /// What its findings say about their items.
    pub verdict: Verdict,
    /// Why they are exceptions.
    pub nature: Nature,
    /// Number of items of which it found something. An item of which several rules did counts once in k of n.
    pub items: usize,
    /// The first day of such an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Day>,
    /// The last day of such an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Day>,
    /// What it found in earlier periods.
    pub recurrence: Recurrence,
    /// The findings, by fingerprint.
    pub findings: Vec<String>,
}

/// What the reports of tests are made with.
pub(super) struct Telling<'r> {
    pub(super) run: &'r Run<'r>,
    pub(super) past: &'r [Past<'r>],
    /// The controls by their ids.
    pub(super) by_id: FxHashMap<&'r str, &'r Control>,
}

impl<'r> Telling<'r> {
    pub(super) fn new(run: &'r Run<'r>, past: &'r [Past<'r>]) -> Self {
        let by_id = run.controls.iter().map(|control| (control.text.id.as_str(), &**control)).collect();
        Self { run, past, by_id }
    }

    /// The controls with their tests, in the order of their ids; those that have been taken out and were tested as well.
    pub(super) fn controls(&self, tests: &[Found<'_>]) -> Vec<ControlReport> {
        let mut of: BTreeMap<&str, Vec<&Found<'_>>> = BTreeMap::new();
        for control in self.run.controls {
            of.entry(&control.text.id).or_default();
        }
        for found in tests {
            of.entry(&found.result.control).or_default().push(found);
        }
        of.into_iter().map(|(id, tests)| self.control(id, &tests)).collect()
    }

    /// What a reader has to know beside the findings.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = self.run.report.remarks();
        if self.run.report.ledger.misconfigured {
            remarks.push("the configuration cannot be used, so that nothing was tested".to_owned());
        } else if !is_complete(self.run.report.ledger) {
            remarks.push("not everything that the tests need could be read".to_owned());
        }
        let earlier = self.run.earlier.iter().filter(|before| !is_complete(before.ledger));
        remarks.extend(earlier.map(|before| {
            format!("of {} not everything that the tests need could be read", days(before.calendar.period))
        }));
        if self.run.earlier.is_empty() && !self.run.report.ledger.misconfigured {
            remarks.push("no earlier period was looked at, so that nothing is said of what recurs".to_owned());
        }
        remarks
    }

    /// What was found in the period before and is not found in this one.
    pub(super) fn remedied(&self, tests: &[Found<'_>]) -> Vec<Remedied> {
        let asks = |result: &TestResult, rule: &str| {
            let test = self.run.report.pack.test(&result.test);
            let at = test.and_then(|test| Some((test, test.rules.iter().position(|one| one.id == rule)?)));
            let control = self.by_id.get(result.control.as_str());
            at.zip(control).is_none_or(|((test, at), control)| is_asked(test, control, at))
        };
        recurrence::remedied(self.past, tests, self.run.report.repository, &asks)
    }

    fn control(&self, id: &str, tests: &[&Found<'_>]) -> ControlReport {
        let control = self.by_id.get(id).copied();
        let source = self.run.report.repository.to_owned();
        let title = tests.first().map(|found| found.result.title.clone()).unwrap_or_default();
        let tests: Vec<TestReport> = tests.iter().map(|found| self.test(found, control)).collect();
        let Some(control) = control else {
            return ControlReport { id: id.to_owned(), source, title, tests, ..ControlReport::default() };
        };
        let text = &control.text;
        ControlReport {
            source,
            id: text.id.clone(),
            title: text.title.clone(),
            owner: text.owner.clone(),
            criteria: text.criteria.clone(),
            statement: text.statement.clone(),
            policy: text.policy.clone(),
            since: text.since,
            file: Some(control.source().name().to_owned()),
            parameters: parameters(&text.with),
            tests,
        }
    }

    fn test(&self, found: &Found<'_>, control: Option<&Control>) -> TestReport {
        let Run { report, .. } = self.run;
        let result = found.result;
        let test = report.pack.test(&result.test);
        let asked = test.into_iter().flat_map(|test| {
            let rules = test.rules.iter().enumerate();
            // Of a control that has been taken out it is not known here what it asked.
            rules.filter(move |(at, _)| control.is_some_and(|control| is_asked(test, control, *at)))
        });
        let silent = |(_, rule): &(usize, &Rule)| !found.findings.iter().any(|finding| finding.rule == rule.id);
        // Where something could not be read, or nothing was tested, a rule that finds nothing shows nothing.
        let shows = result.population.size > 0 && found.is_complete();
        let silent: Vec<&Rule> = asked.filter(silent).map(|(_, rule)| rule).filter(|_| shows).collect();
        let mut does_not: Vec<String> = silent.iter().map(|rule| rule.does_not_establish.trim().to_owned()).collect();
        let mut known = FxHashSet::default();
        does_not.retain(|text| known.insert(text.clone()));
        let period = report.calendar.period;
        let members = &result.population.members;
        let dated = found.findings.iter().filter(|finding| is_exception(finding));
        let days: FxHashMap<&str, Day> = dated.filter_map(|one| Some((one.key.as_str(), one.on?))).collect();
        let today = report.calendar.today();
        let entry = TestEntry::new(result);
        let unread = found.findings.iter().find(|finding| finding.is_untestable());
        TestReport {
            title: test.map_or_else(|| result.test.clone(), |test| test.title.clone()),
            items: result.items.clone(),
            applied: self.applied(found),
            result: outcome(&result.items, &entry, unread.map(|finding| finding.message.as_str())),
            entry,
            establishes: silent.iter().map(|rule| rule.establishes.trim().to_owned()).collect(),
            does_not_establish: does_not,
            sources: result.sources.iter().map(source).collect(),
            digest: result.population.digest(),
            frequency: Frequency::of(
                (result.exceptions, result.population.size),
                days.into_values().collect(),
                length(period),
            ),
            rules: found.rules().into_iter().filter_map(|rule| self.rule(found, rule)).collect(),
            earlier: self.past.iter().map(|past| past.counted(result)).collect(),
            timeline: Timeline::of(members, period, found.standings()),
            lifetimes: Lifetimes::of(members, today, found.standings()),
        }
    }

    /// The test as it was applied, in a sentence.
    fn applied(&self, found: &Found<'_>) -> String {
        let (calendar, result) = (self.run.report.calendar, found.result);
        let all = if found.is_complete() { "" } else { " that could be read" };
        let mut text = format!(
            "Inspected all {}{all} of {} ({}), as known on {}, and held each against what {} says",
            safe(&result.items),
            days(calendar.period),
            result.population.size,
            calendar.today(),
            safe(&result.control),
        );
        if !result.versions.is_empty() {
            text.push_str(", in the version that was in force when it happened");
        }
        text.push('.');
        text
    }

    fn rule(&self, found: &Found<'_>, id: &str) -> Option<RuleReport> {
        let of_rule: Vec<&&Finding> = found.findings.iter().filter(|finding| finding.rule == id).collect();
        let gravest = of_rule.iter().min_by_key(|finding| finding.verdict)?;
        let counted = of_rule.iter().filter(|finding| finding.counted);
        let items: FxHashSet<&str> = counted.map(|finding| finding.key.as_str()).collect();
        let days = || of_rule.iter().filter_map(|finding| finding.on);
        let known = self.run.report.pack.rule(id).map(|(_, rule)| rule);
        Some(RuleReport {
            rule: id.to_owned(),
            asks: known.map_or_else(String::new, |rule| rule.establishes.trim().to_owned()),
            verdict: gravest.verdict,
            nature: gravest.nature,
            items: items.len(),
            first: days().min(),
            last: days().max(),
            // What could not be read is a matter of this clone, and of no period.
            recurrence: match gravest.verdict {
                Verdict::Untestable => recurrence::of_rule(&[], found.result, id),
                _ => recurrence::of_rule(self.past, found.result, id),
            },
            findings: of_rule.iter().map(|finding| fingerprint(finding)).collect(),
        })
    }
}

/// Whether a control asks a rule of its test, by the rule's position.
#[must_use]
pub fn is_asked(test: &Test, control: &Control, at: usize) -> bool {
    let with = &control.text.with;
    let of_changes = |rule: &Rule| test.test != "change-approval" || asked::is_asked(&rule.check, with);
    records::is_asked(test, control, at) && test.rules.get(at).is_some_and(of_changes)
}

/// Whether a finding counts in k of n.
fn is_exception(finding: &Finding) -> bool {
    finding.counted && finding.verdict == Verdict::Exception && finding.severity > Severity::Note
}

/// What came of a test, in a sentence. `items` is what its items are called, `unread` says what could not be read.
#[must_use]
pub fn outcome(items: &str, entry: &TestEntry, unread: Option<&str>) -> String {
    let (items, size) = (safe(items), entry.population.size);
    let mut text = match (entry.exceptions, size) {
        (0, 0) => match unread {
            Some(unread) => format!("Not testable: {}.", safe(unread)),
            None => format!("No {items} occurred in the period; operation not tested."),
        },
        // Where something is missing, that nothing was found is no result.
        (0, _) if unread.is_some() => format!("0 exceptions noted among {size} {items}, of what could be read."),
        (0, _) => format!("No exceptions noted (0 of {size} {items})."),
        (count, _) => format!("Exceptions noted: {count} of {size} {items}."),
    };
    let more = [
        ("Without evidence either way", entry.unevidenced),
        ("Not testable", if size == 0 { 0 } else { entry.untestable }),
        ("Not yet due", entry.population.pending),
    ];
    for (what, count) in more.into_iter().filter(|(_, count)| *count > 0) {
        // Writing to a string cannot fail.
        let _ = write!(text, " {what}: {count}.");
    }
    if size > 0 && unread.is_some() {
        text.push_str(" Not everything that the test needs could be read.");
    }
    text
}

fn source(source: &Source) -> String {
    match source {
        Source::Branch { name, tip, .. } => format!("branch {name} at {tip}"),
        Source::Register(name) => format!("register {name}"),
    }
}

/// What a control states, a parameter each, by path.
fn parameters(with: &Value) -> Vec<Parameter> {
    fn walk(path: &str, value: &Value, out: &mut Vec<Parameter>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    walk(&if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value, out);
                }
            }
            Value::Null => {}
            Value::String(text) => out.push(Parameter { name: path.to_owned(), value: text.clone() }),
            Value::Array(list) if list.iter().all(|one| !one.is_object() && !one.is_array()) => {
                let list: Vec<String> = list.iter().map(plain).collect();
                out.push(Parameter { name: path.to_owned(), value: list.join(", ") });
            }
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    walk(&format!("{path}.{at}"), value, out);
                }
            }
            other => out.push(Parameter { name: path.to_owned(), value: other.to_string() }),
        }
    }
    let mut out = Vec::new();
    walk("", with, &mut out);
    out
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
