//! The numbers of a whole report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::control::{ControlReport, TestReport};
use super::finding::ReportedFinding;
use super::recurrence::{Remedied, Status};
use super::statement::RepositoryRead;
use crate::reports::results_json::TestEntry;

/// The numbers of a whole report. Sums over tests count an item once for each test that it is an item of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Summary {
    /// Repositories whose runs are told.
    pub repositories: usize,
    /// Controls. One that several repositories of a merged report have is one of each.
    pub controls: usize,
    /// Controls of which some test has an exception.
    pub controls_with_exceptions: usize,
    /// Tests of controls.
    pub tests: usize,
    /// Tests with an exception.
    pub tests_with_exceptions: usize,
    /// Tests that had no item in the period: their operation was not tested.
    pub tests_without_items: usize,
    /// Tests of which something could not be read.
    pub tests_untestable: usize,
    /// Items that were tested.
    pub items: usize,
    /// Items with an exception.
    pub exceptions: usize,
    /// Items that nothing shows either way.
    pub unevidenced: usize,
    /// Items whose evidence could not be read.
    pub untestable: usize,
    /// Items that are not yet due.
    pub pending: usize,
    /// Items that were left out for a reason.
    pub excluded: usize,
    /// Findings, those about documents among them.
    pub findings: usize,
    /// Findings about documents alone.
    pub of_documents: usize,
    /// Findings that fail the run.
    pub failing: usize,
    /// Findings with a response of management.
    pub responded: usize,
    /// Rules of tests that found something, and had not in the period before.
    pub new: usize,
    /// Rules of tests that found something in the period before, too.
    pub recurring: usize,
    /// Rules of tests that found something now and in an older period, but not in the one before.
    pub returned: usize,
    /// Rules of tests that found something in the period before, and of which this one shows that there is nothing.
    pub remedied: usize,
}

impl Summary {
    /// The numbers of a report.
    #[must_use]
    pub fn of(
        repositories: &[RepositoryRead],
        controls: &[ControlReport],
        findings: &[ReportedFinding],
        remedied: &[Remedied],
    ) -> Self {
        let tests: Vec<&TestReport> = controls.iter().flat_map(|control| &control.tests).collect();
        let count = |holds: &dyn Fn(&TestReport) -> bool| tests.iter().filter(|test| holds(test)).count();
        let sum = |of: &dyn Fn(&TestEntry) -> usize| tests.iter().map(|test| of(&test.entry)).sum();
        let rules = || tests.iter().flat_map(|test| &test.rules).filter(|rule| rule.items > 0);
        let of_status = |status| rules().filter(|rule| rule.recurrence.status == status).count();
        let has_exceptions = |test: &TestReport| test.entry.exceptions > 0;
        Self {
            repositories: repositories.len(),
            controls: controls.len(),
            controls_with_exceptions: controls.iter().filter(|of| of.tests.iter().any(has_exceptions)).count(),
            tests: tests.len(),
            tests_with_exceptions: count(&has_exceptions),
            tests_without_items: count(&|test| test.entry.population.size == 0 && test.entry.untestable == 0),
            tests_untestable: count(&|test| test.entry.untestable > 0),
            items: sum(&|test| test.population.size),
            exceptions: sum(&|test| test.exceptions),
            unevidenced: sum(&|test| test.unevidenced),
            untestable: sum(&|test| test.untestable),
            pending: sum(&|test| test.population.pending),
            excluded: sum(&|test| test.population.excluded.iter().map(|exclusion| exclusion.count).sum()),
            findings: findings.len(),
            of_documents: findings.iter().filter(|finding| finding.test.is_none()).count(),
            failing: findings.iter().filter(|finding| finding.fails).count(),
            responded: findings.iter().filter(|finding| finding.entry.response.is_some()).count(),
            new: of_status(Status::New),
            recurring: of_status(Status::Recurring),
            returned: of_status(Status::Returned),
            remedied: remedied.iter().filter(|one| one.shown).count(),
        }
    }
}
