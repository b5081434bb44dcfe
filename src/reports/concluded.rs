//! What came of a test, in one word: for forms that have room for one result, and for programs that act on it. Of several
//! things that hold at once it is the gravest, so that nothing is taken for a pass that is none.

use std::collections::HashMap;

use super::period::PeriodReport;
use super::period::control::{ControlReport, TestReport};
use super::period::finding::ReportedFinding;
use crate::findings::finding::{Severity, Verdict};

/// What came of something that was asked, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Conclusion {
    /// There are exceptions.
    Exceptions,
    /// Not everything could be read.
    Untestable,
    /// Of something nothing shows either way whether it holds.
    Unevidenced,
    /// Nothing to test occurred in the period.
    NoOccurrence,
    /// No test was applied.
    NotTested,
    /// Something was tested, and nothing was found.
    Passed,
}

impl Conclusion {
    /// What came of a test. Findings about its population as a whole count, though they are of none of its items.
    pub(super) fn of(test: &TestReport, findings: &[&ReportedFinding]) -> Self {
        let entry = &test.entry;
        let by_number = [
            (entry.exceptions > 0, Self::Exceptions),
            (entry.untestable > 0, Self::Untestable),
            (entry.unevidenced > 0, Self::Unevidenced),
            (entry.population.size == 0, Self::NoOccurrence),
        ];
        let numbers = by_number.into_iter().find(|(holds, _)| *holds).map(|(_, conclusion)| conclusion);
        Self::of_findings(findings).into_iter().chain(numbers).min().unwrap_or(Self::Passed)
    }

    /// What findings come to; nothing where none of them weighs more than a note.
    pub(super) fn of_findings(findings: &[&ReportedFinding]) -> Option<Self> {
        let weighing = findings.iter().filter(|one| weighs(one));
        weighing
            .map(|one| match one.entry.verdict {
                Verdict::Exception => Self::Exceptions,
                Verdict::Untestable => Self::Untestable,
                Verdict::Unevidenced => Self::Unevidenced,
            })
            .min()
    }

    /// The word for programs.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Exceptions => "exceptions",
            Self::Untestable => "untestable",
            Self::Unevidenced => "unevidenced",
            Self::NoOccurrence => "no-occurrence",
            Self::NotTested => "not-tested",
            Self::Passed => "no-exceptions",
        }
    }
}

/// Whether a finding is more than a note. What could not be read always is.
pub(super) fn weighs(finding: &ReportedFinding) -> bool {
    finding.entry.severity > Severity::Note || finding.entry.verdict == Verdict::Untestable
}

/// The findings of a report by the names under which its tests list them.
pub(super) struct Found<'r> {
    by_name: HashMap<(&'r str, &'r str), &'r ReportedFinding>,
    /// What is about documents alone.
    pub(super) of_documents: Vec<&'r ReportedFinding>,
}

impl<'r> Found<'r> {
    pub(super) fn of(report: &'r PeriodReport) -> Self {
        let name = |one: &'r ReportedFinding| ((one.source.as_str(), one.entry.fingerprint.as_str()), one);
        Self {
            by_name: report.findings.iter().map(name).collect(),
            of_documents: report.findings.iter().filter(|one| one.test.is_none()).collect(),
        }
    }

    /// What a test of a control found.
    pub(super) fn by(&self, control: &ControlReport, test: &TestReport) -> Vec<&'r ReportedFinding> {
        let names = test.rules.iter().flat_map(|rule| &rule.findings);
        names.filter_map(|name| self.by_name.get(&(control.source.as_str(), name.as_str())).copied()).collect()
    }
}
