//! The criteria in scope, and what covers them. Before a period starts, the table is an assessment of readiness.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A criterion, and what covers it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Criterion {
    /// Its id, such as `CC8.1`.
    pub id: String,
    /// A short label of our own.
    pub label: String,
    /// Controls that serve it, by id, each once.
    pub controls: Vec<String>,
    /// Tests of these controls.
    pub tests: usize,
    /// Tests with at least one item in the period.
    pub with_items: usize,
    /// Tests without any item in the period: their operation was not tested.
    pub without_items: usize,
    /// Items that were tested.
    pub items: usize,
    /// Items with an exception.
    pub exceptions: usize,
    /// Controls of which some test has an exception.
    pub controls_with_exceptions: usize,
    /// What stands out, in a sentence: no control, no test with an item, or exceptions in every control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}
