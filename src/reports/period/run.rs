//! What the report of a period is made of: a run, and the runs over the periods before.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::timeline::ItemStanding;
use crate::config::report::Labels;
use crate::facts::calendar::{Calendar, Period};
use crate::facts::document::control::Control;
use crate::facts::document::criteria::Category;
use crate::facts::register::store::Registers;
use crate::findings::finding::{Finding, Severity, Verdict};
use crate::findings::ledger::{Ledger, TestResult};
use crate::findings::population::Member;
use crate::policies::pack::Pack;
use crate::reports::entry::Report;

/// A run, and the runs over the periods before.
#[derive(Clone)]
pub struct Run<'a> {
    /// Results and findings, and what they were found in.
    pub report: Report<'a>,
    /// Name of the organisation.
    pub organization: Option<&'a str>,
    /// Headings of the sections.
    pub labels: &'a Labels,
    /// Categories in scope; every report has security in its scope.
    pub categories: &'a [Category],
    /// The controls.
    pub controls: &'a [Arc<Control>],
    /// The registers.
    pub registers: &'a Registers,
    /// Number of controls and of other files that were read.
    pub read: (usize, usize),
    /// How many of the findings, from the first, are about documents alone.
    pub of_documents: usize,
    /// The periods before, newest first.
    pub earlier: Vec<Before<'a>>,
}

/// A run over an earlier period.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// Its results and findings.
    pub ledger: &'a Ledger,
    /// Its period and as-of.
    pub calendar: &'a Calendar,
    /// How many of its findings, from the first, are about documents alone.
    pub of_documents: usize,
}

/// What one test of one control found.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The result.
    pub result: &'a TestResult,
    /// What it found, in the order of the ledger.
    pub findings: Vec<&'a Finding>,
}

/// Every test of a run with its findings, in the order of the ledger, and the findings that are of no test.
#[must_use]
pub fn by_test<'a>(ledger: &'a Ledger, of_documents: usize, pack: &Pack) -> (Vec<Found<'a>>, Vec<&'a Finding>) {
    let mut tests: Vec<Found<'a>> = ledger.tests.iter().map(|result| Found { result, findings: Vec::new() }).collect();
    let mut of: FxHashMap<(&str, Option<&str>), Vec<usize>> = FxHashMap::default();
    for (at, result) in ledger.tests.iter().enumerate() {
        of.entry((&result.control, result.repository.as_deref())).or_default().push(at);
    }
    let mut others = Vec::new();
    for (at, finding) in ledger.findings.iter().enumerate() {
        let control = finding.control.as_deref().filter(|_| at >= of_documents);
        let among = control.and_then(|control| of.get(&(control, finding.repository.as_deref())));
        let asked = pack.rule(&finding.rule).map(|(test, _)| test.test.as_str());
        let its = |at: &&usize| tests.get(**at).is_some_and(|found| Some(found.result.test.as_str()) == asked);
        // What makes a test untestable has a rule of no test in particular: it belongs to the control's own, its first.
        let at = among.and_then(|among| among.iter().find(its).or_else(|| among.first())).copied();
        match at.and_then(|at| tests.get_mut(at)) {
            Some(found) => found.findings.push(finding),
            None => others.push(finding),
        }
    }
    (tests, others)
}

impl<'a> Found<'a> {
    /// Keys of the items of which a rule found something; of a finding about the whole population, what names that.
    #[must_use]
    pub fn keys(&self, rule: &str) -> FxHashSet<&'a str> {
        let of_rule = || self.findings.iter().filter(|finding| finding.rule == rule);
        let counted: FxHashSet<&str> =
            of_rule().filter(|finding| finding.counted).map(|finding| finding.key.as_str()).collect();
        if counted.is_empty() { of_rule().map(|finding| finding.key.as_str()).collect() } else { counted }
    }

    /// The rules that found something, in the order of their first findings.
    #[must_use]
    pub fn rules(&self) -> Vec<&'a str> {
        let mut known = FxHashSet::default();
        self.findings.iter().map(|finding| finding.rule.as_str()).filter(|rule| known.insert(*rule)).collect()
    }

    /// Whether everything that the test needed could be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.result.untestable == 0 && !self.findings.iter().any(|finding| finding.is_untestable())
    }

    /// What is said of every item that something was found of; the gravest.
    pub fn standings(&self) -> impl Fn(&Member) -> ItemStanding + use<'a> {
        let mut standings: FxHashMap<&'a str, Verdict> = FxHashMap::default();
        for finding in self.findings.iter().filter(|finding| finding.counted && finding.severity > Severity::Note) {
            let known = standings.entry(&finding.key).or_insert(finding.verdict);
            // Verdicts stand in the order of their gravity.
            *known = (*known).min(finding.verdict);
        }
        move |member| match standings.get(member.key.as_str()) {
            Some(Verdict::Exception) => ItemStanding::Exception,
            Some(Verdict::Unevidenced) => ItemStanding::Unevidenced,
            Some(Verdict::Untestable) => ItemStanding::Untestable,
            None if member.pending => ItemStanding::Pending,
            None => ItemStanding::Passed,
        }
    }
}

/// Number of days of a period that has a beginning and an end.
#[must_use]
pub fn length(period: Period) -> Option<i64> {
    period.from.zip(period.to).map(|(from, to)| from.days_until(to) + 1)
}
