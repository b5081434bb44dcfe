//! What a configuration says of the report of a period.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many earlier periods are looked at where nothing else is said: with two, a third time in a row is told.
const EARLIER: u8 = 2;

/// How many may be looked at: each costs a run.
pub const MOST: u8 = 12;

/// How the report of a period is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReportText {
    /// Number of earlier periods, each as long as this one, that are looked at for what recurs.
    #[schemars(range(max = MOST))]
    pub earlier: u8,
    /// Headings of the sections.
    pub labels: Labels,
}

impl Default for ReportText {
    fn default() -> Self {
        Self { earlier: EARLIER, labels: Labels::default() }
    }
}

/// Headings of the sections of a report. Firms number and name them differently.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Labels {
    /// Of the whole report.
    pub title: String,
    /// Of the numbers at its head.
    pub summary: String,
    /// Of the part with the controls.
    pub controls: String,
    /// Of what a control says.
    pub control: String,
    /// Of what was asked of it.
    pub test: String,
    /// Of what came of it.
    pub result: String,
    /// Of what management says to an exception.
    pub response: String,
    /// Of what is wrong with documents.
    pub documents: String,
    /// Of what is not found again.
    pub remedied: String,
    /// Of the table of criteria.
    pub criteria: String,
    /// Of the statement of populations and completeness.
    pub completeness: String,
    /// Of what a report does not establish.
    pub limits: String,
}

impl Default for Labels {
    fn default() -> Self {
        let [title, summary, controls, control] =
            ["Report of the period", "Summary", "Controls, tests and results", "Control"].map(str::to_owned);
        let [test, result, response, documents] =
            ["Test applied", "Result", "Management's response", "Documents"].map(str::to_owned);
        let [remedied, criteria, completeness, limits] =
            ["Not found again", "Criteria and controls", "Populations and completeness", "Limits"].map(str::to_owned);
        Self {
            title,
            summary,
            controls,
            control,
            test,
            result,
            response,
            documents,
            remedied,
            criteria,
            completeness,
            limits,
        }
    }
}
