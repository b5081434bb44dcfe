//! `tickmark.report/1`: the report of a period. Every form of the report is written from this document and from nothing
//! else, so that no number in one of them differs from that in another, and runs of several repositories can be joined.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Period;

pub mod control;
pub mod criteria;
pub mod finding;
pub mod frequency;
pub mod recurrence;
pub mod statement;
pub mod summary;
pub mod timeline;

use control::ControlReport;
use criteria::Criterion;
use finding::ReportedFinding;
use recurrence::{Earlier, Remedied};
use statement::RepositoryRead;
use summary::Summary;

/// The name of the form.
pub const SCHEMA: &str = "tickmark.report/1";

/// What `tickmark report --format json` prints.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "tickmark report")]
pub struct PeriodReport {
    /// `tickmark.report/1`.
    #[schemars(extend("const" = "tickmark.report/1"))]
    pub schema: String,
    /// What made the report.
    pub tool: Tool,
    /// Name of the organisation; left out where the configuration does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The period that the report is of. Of a merged report, the days that all of its runs have in common.
    pub period: Period,
    /// The instant at which the question was asked (RFC 3339); the earliest one of a merged report.
    pub as_of: String,
    /// The time zone in which days begin and end.
    pub timezone: String,
    /// Headings of the sections.
    pub labels: Labels,
    /// The numbers of the whole report.
    pub summary: Summary,
    /// What was read of each repository: the statement of populations and completeness.
    pub repositories: Vec<RepositoryRead>,
    /// The controls with their tests, in the order of their ids.
    pub controls: Vec<ControlReport>,
    /// Everything that was found, in the order of the controls; what is about documents alone comes first.
    pub findings: Vec<ReportedFinding>,
    /// The criteria in scope, and what covers them.
    pub criteria: Vec<Criterion>,
    /// The earlier periods that were looked at, newest first.
    pub earlier: Vec<Earlier>,
    /// What was found in the period before, and is not found again.
    pub remedied: Vec<Remedied>,
    /// What a reader has to know beside the findings, a sentence each.
    pub remarks: Vec<String>,
    /// What a report of this kind does not establish, a sentence each.
    pub limits: Vec<String>,
}

/// What made a report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Tool {
    /// `tickmark`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over the tests and rules that were asked, those of the repository among them, in hexadecimal digits.
    pub rules: String,
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
