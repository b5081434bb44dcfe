//! A finding with what the report adds to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::{Day, Period};
use crate::reports::results_json::FindingEntry;

/// A finding of a report.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct ReportedFinding {
    /// The finding, as `tickmark.results/1` has it.
    #[serde(flatten)]
    pub entry: FindingEntry,
    /// The repository whose run found it: `name` of one of `repositories`.
    pub source: String,
    /// The test that found it; left out of what is about documents alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Whether it fails the run.
    pub fails: bool,
    /// The earlier periods in which the very same was found, newest first, without a gap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<Period>,
    /// What followed from it, as far as the repository shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impact: Vec<ImpactEntry>,
}

/// Something that followed from what was found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct ImpactEntry {
    /// In a sentence.
    pub text: String,
    /// The first day of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day of it; left out where it goes on, or where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Number of days from the one to the other, or to as-of where it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
}
