//! The numbers of a whole report.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The numbers of a whole report. Sums over tests count an item once for each test that it is an item of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Summary {
    /// Repositories whose runs are told.
    pub repositories: usize,
    /// Controls.
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
    /// Rules of tests that found something in the period before, and nothing in this one.
    pub remedied: usize,
}
