//! The same tests over earlier periods, each as of its own end. Nothing is kept between runs.

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::run::{Before, Found, by_test};
use crate::facts::calendar::Period;
use crate::findings::finding::{Finding, Severity, Verdict};
use crate::findings::fingerprint::fingerprint;
use crate::findings::ledger::TestResult;
use crate::policies::pack::Pack;
use crate::text::safe;

/// An earlier period that was looked at.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct Earlier {
    /// The repository that was looked at: `name` of one of `repositories`.
    pub source: String,
    /// Its days.
    pub period: Period,
    /// The instant at which the question was asked (RFC 3339): the end of the period.
    pub as_of: String,
    /// Whether everything that a test needed could be read.
    pub complete: bool,
}

/// What a test counted in an earlier period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Counted {
    /// The period.
    pub period: Period,
    /// Items with an exception; of a rule, items of which it found something.
    pub items: usize,
    /// Items that were tested.
    pub of: usize,
    /// Whether something that the test needed could not be read.
    pub unread: bool,
}

/// What a rule found in earlier periods.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Recurrence {
    /// In a word.
    pub status: Status,
    /// Number of periods in a row in which the rule found something, this one included.
    pub in_a_row: usize,
    /// What it found, newest first.
    pub earlier: Vec<Counted>,
}

/// How what is found now stands to the periods before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The period before had items, and nothing was found in it or before it.
    New,
    /// It was found in the period before, too.
    Recurring,
    /// It was not found in the period before, which had items, and in an older one it was.
    Returned,
    /// The period before had no item that was tested, so that there is nothing to compare with.
    First,
    /// The period before could not be read, or none was looked at.
    Unknown,
}

/// What was found in the period before, and is not found in this one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Remedied {
    /// The repository of the control: `name` of one of `repositories`.
    pub source: String,
    /// The control.
    pub control: String,
    /// The test.
    pub test: String,
    /// The other repository that the items come from; left out for the control's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The rule.
    pub rule: String,
    /// What it found then.
    pub before: Counted,
    /// Items that were tested in this period.
    pub now: usize,
    /// Whether this period shows that it was put right: there were items, and everything could be read.
    pub shown: bool,
    /// In a sentence.
    pub text: String,
}

/// The tests of an earlier period with their findings.
pub struct Past<'a> {
    period: Period,
    tests: FxHashMap<(&'a str, &'a str, Option<&'a str>), Found<'a>>,
    fingerprints: FxHashSet<String>,
}

impl<'a> Past<'a> {
    /// What an earlier run found.
    #[must_use]
    pub fn of(before: &Before<'a>, pack: &Pack) -> Self {
        let (tests, _) = by_test(before.ledger, before.of_documents, pack);
        let fingerprints = tests.iter().flat_map(|found| &found.findings).map(|finding| fingerprint(finding)).collect();
        let tests = tests.into_iter().map(|found| (name(found.result), found)).collect();
        Self { period: before.calendar.period, tests, fingerprints }
    }

    /// What a test counted in it.
    #[must_use]
    pub fn counted(&self, test: &TestResult) -> Counted {
        self.count(test, |found| found.result.exceptions)
    }

    /// What a rule of a test found in it.
    #[must_use]
    pub fn of_rule(&self, test: &TestResult, rule: &str) -> Counted {
        self.count(test, |found| found.keys(rule).len())
    }

    fn count(&self, test: &TestResult, items: impl Fn(&Found<'_>) -> usize) -> Counted {
        let found = self.tests.get(&name(test));
        Counted {
            period: self.period,
            items: found.map_or(0, items),
            of: found.map_or(0, |found| found.result.population.size),
            unread: found.is_some_and(|found| !found.is_complete()),
        }
    }
}

fn name(result: &TestResult) -> (&str, &str, Option<&str>) {
    (&result.control, &result.test, result.repository.as_deref())
}

/// What a rule that finds something now found before.
#[must_use]
pub fn of_rule(past: &[Past<'_>], test: &TestResult, rule: &str) -> Recurrence {
    let earlier: Vec<Counted> = past.iter().map(|past| past.of_rule(test, rule)).collect();
    let in_a_row = 1 + earlier.iter().take_while(|counted| counted.items > 0).count();
    let status = match earlier.split_first() {
        None => Status::Unknown,
        Some((before, _)) if before.items > 0 => Status::Recurring,
        Some((before, _)) if before.unread => Status::Unknown,
        Some((before, _)) if before.of == 0 => Status::First,
        Some((_, older)) if older.iter().any(|counted| counted.items > 0) => Status::Returned,
        Some(_) => Status::New,
    };
    Recurrence { status, in_a_row, earlier }
}

/// The earlier periods in which the very same was found, newest first, without a gap.
#[must_use]
pub fn also_in(past: &[Past<'_>], finding: &Finding) -> Vec<Period> {
    let name = fingerprint(finding);
    past.iter().take_while(|past| past.fingerprints.contains(&name)).map(|past| past.period).collect()
}

/// What was found in the period before and is not found in this one. `asks` says whether a rule is asked now.
#[must_use]
pub fn remedied(
    past: &[Past<'_>],
    now: &[Found<'_>],
    source: &str,
    asks: &dyn Fn(&TestResult, &str) -> bool,
) -> Vec<Remedied> {
    let Some(before) = past.first() else { return Vec::new() };
    let mut gone = Vec::new();
    let by_name: FxHashMap<_, &Found<'_>> = now.iter().map(|found| (name(found.result), found)).collect();
    for (of, then) in &before.tests {
        let rules = then.rules().into_iter().filter(|rule| {
            let counts = |finding: &&&Finding| {
                finding.rule == *rule && finding.verdict == Verdict::Exception && finding.severity > Severity::Note
            };
            then.findings.iter().any(|finding| counts(&finding) && finding.counted)
        });
        for rule in rules {
            let now = by_name.get(of);
            let found = now.is_some_and(|now| now.findings.iter().any(|finding| finding.rule == rule));
            if found {
                continue;
            }
            let counted = before.of_rule(then.result, rule);
            let size = now.map_or(0, |now| now.result.population.size);
            let asked = asks(then.result, rule);
            gone.push(Remedied {
                source: source.to_owned(),
                control: of.0.to_owned(),
                test: of.1.to_owned(),
                repository: of.2.map(str::to_owned),
                rule: rule.to_owned(),
                text: sentence(&counted, then, (now.copied(), asked)),
                before: counted,
                now: size,
                shown: asked && now.is_some_and(|now| shows(now)),
            });
        }
    }
    gone.sort_by(|one, other| (&one.control, &one.test, &one.rule).cmp(&(&other.control, &other.test, &other.rule)));
    gone
}

/// Whether a test shows that what is not found is not there.
fn shows(now: &Found<'_>) -> bool {
    now.result.population.size > 0 && now.is_complete()
}

fn sentence(before: &Counted, then: &Found<'_>, (now, asked): (Option<&Found<'_>>, bool)) -> String {
    let items = safe(&then.result.items);
    let was = format!("{} of {} {items} in {}", before.items, before.of, days(before.period));
    match now.map(|now| (now.result.population.size, shows(now))) {
        None => format!("{was}; the control is not tested any more"),
        Some(_) if !asked => format!("{was}; the control does not ask it any more"),
        Some((size, true)) => format!("{was}, none of {size} in this period"),
        Some((0, false)) => format!("{was}; there were no {items} since, so that nothing shows that it was put right"),
        Some(_) => format!("{was}; whether it was put right cannot be told, because not everything could be read"),
    }
}

/// A period in words.
#[must_use]
pub fn days(period: Period) -> String {
    match (period.from, period.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("{from} and after"),
        (None, Some(to)) => format!("{to} and before"),
        (None, None) => "all of the time".to_owned(),
    }
}
