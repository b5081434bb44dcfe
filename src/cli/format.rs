//! The forms in which a report is printed.

use clap::ValueEnum;

use crate::error::{Error, Kind, Result};
use crate::reports::entry::Report;
use crate::reports::people::Detail;
use crate::reports::period::PeriodReport;
use crate::reports::{
    checkstyle, findings_csv, gemara, github, gitlab, html, json, json_lines, junit, markdown, oscal, people, period,
    sarif,
};

/// Form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs: one of the documents in schemas/.
    Json,
    /// The same, one test or finding a line; of a report, flat lines for tables.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of a GitHub workflow.
    Github,
    /// Markdown for the summary of a step on GitHub, which is limited in length.
    GithubSummary,
    /// Code Quality of GitLab.
    Gitlab,
    /// JUnit, for test reports.
    Junit,
    /// Checkstyle, for build servers.
    Checkstyle,
    /// Markdown.
    Markdown,
    /// One page for a browser that needs nothing else; of a report.
    Html,
    /// A table for spreadsheets.
    Csv,
    /// Assessment results of OSCAL 1.1, in JSON; of a report.
    Oscal,
    /// A plan of action and milestones of OSCAL 1.1, in JSON; of a report.
    OscalPoam,
    /// An evaluation log of Gemara 1, in YAML; of a report.
    Gemara,
}

impl Format {
    /// Whether only the report of a period is printed in this form.
    #[must_use]
    pub const fn is_of_a_report(self) -> bool {
        matches!(self, Self::Html | Self::Oscal | Self::OscalPoam | Self::Gemara)
    }

    /// The report of a period in this form.
    ///
    /// # Errors
    /// The form has no report without a control; or it cannot be written, which memory excludes.
    pub fn of_period(self, report: &PeriodReport) -> Result<Vec<u8>> {
        match self {
            Self::Json => json::pretty(report),
            Self::JsonLines => period::json_lines::lines(report),
            Self::Html => Ok(html::page(report).into_bytes()),
            Self::Markdown => Ok(period::markdown::page(report).into_bytes()),
            Self::Csv => period::csv::table(report),
            Self::Oscal => oscal::assessment_results::document(report),
            Self::OscalPoam => oscal::poam::document(report),
            Self::Gemara => gemara::log(report),
            _ => Ok(period::text::summary(report).into_bytes()),
        }
    }

    /// A check in this form; in some detail, where it is for people.
    ///
    /// # Errors
    /// It cannot be written, which memory excludes.
    pub fn of(self, report: &Report<'_>, style: people::Style, detail: Detail) -> Result<Vec<u8>> {
        match self {
            Self::Text => Ok(people::ledger_in(report.ledger, style, detail).into_bytes()),
            Self::Json => json::pretty(&report.results()),
            Self::JsonLines => json_lines::lines(report),
            Self::Sarif => sarif::document(report),
            Self::Github => Ok(github::annotations(report).into_bytes()),
            Self::GithubSummary => Ok(markdown::page(report, markdown::SUMMARY).into_bytes()),
            Self::Gitlab => gitlab::report(report),
            Self::Junit => junit::document(report),
            Self::Checkstyle => checkstyle::document(report),
            Self::Markdown => Ok(markdown::page(report, usize::MAX).into_bytes()),
            Self::Csv => findings_csv::table(report),
            Self::Html => Err(Error::new(Kind::Usage, "a check is not printed as HTML: tickmark report is")),
            Self::Oscal | Self::OscalPoam | Self::Gemara => {
                Err(Error::new(Kind::Usage, "a check is not printed in this form: tickmark report is"))
            }
        }
    }
}
