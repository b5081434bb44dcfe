//! `tickmark.report/1`: the report of a period. Every form of the report is written from this document and from nothing
//! else, so that no number in one of them differs from that in another, and runs of several repositories can be joined.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::config::report::Labels;
use crate::facts::calendar::Period;
use crate::policies::pack::Pack;
use crate::sources::content::sha256;

pub mod control;
pub mod criteria;
pub mod csv;
pub mod finding;
pub mod frequency;
pub mod json_lines;
pub mod markdown;
pub mod merged;
pub mod recurrence;
pub mod run;
pub mod standing;
pub mod statement;
pub mod summary;
pub mod text;
pub mod timeline;

use control::{ControlReport, Telling};
use criteria::Criterion;
use finding::ReportedFinding;
use recurrence::{Earlier, Past, Remedied, days};
use run::{Run, by_test};
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
    /// The period that the report is of. Of a merged report, the days that all of its runs have in common; where they have
    /// none in common, it has neither a beginning nor an end, and only `repositories` tell of which days each run is.
    pub period: Period,
    /// The instant at which the question was asked (RFC 3339); the earliest one of a merged report.
    pub as_of: String,
    /// The time zone in which days begin and end. Of a merged report, those of all runs where they differ, and `not known`
    /// where none of them says it.
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

/// What no report establishes.
const LIMITS: [&str; 4] = [
    "It tests what the repository holds, and not the systems that this tells of.",
    "That nothing was found says that the evidence agrees with what is documented, and not that the evidence is true or whole.",
    "It is no attestation: whether criteria are met is for an independent accountant to judge.",
    "It tells how often and for how long, and not how grave that is.",
];

impl PeriodReport {
    /// The report of a run.
    #[must_use]
    pub fn of(run: &Run<'_>) -> Self {
        let report = &run.report;
        let (ledger, calendar) = (report.ledger, report.calendar);
        let source = report.repository;
        let past: Vec<Past<'_>> = run.earlier.iter().map(|before| Past::of(before, report.pack)).collect();
        let (tests, others) = by_test(ledger, run.of_documents, report.pack);
        let telling = Telling::new(run, &past);
        let controls = telling.controls(&tests);
        let around = (ledger, past.as_slice(), calendar.today());
        let of_documents = others.iter().map(|finding| ReportedFinding::of((finding, None), around, source));
        let of_tests = tests.iter().flat_map(|found| {
            let test = Some(found.result.test.as_str());
            found.findings.iter().map(move |finding| ReportedFinding::of((finding, test), around, source))
        });
        let findings: Vec<ReportedFinding> = of_documents.chain(of_tests).collect();
        let remedied = telling.remedied(&tests);
        let repositories = vec![RepositoryRead::of(run)];
        let earlier = run.earlier.iter().map(|before| Earlier {
            source: source.to_owned(),
            period: before.calendar.period,
            as_of: before.calendar.as_of.to_string(),
            complete: statement::is_complete(before.ledger),
        });
        Self {
            schema: SCHEMA.to_owned(),
            tool: Tool::of(report.pack),
            organization: run.organization.map(str::to_owned),
            period: calendar.period,
            as_of: calendar.as_of.to_string(),
            timezone: calendar.zone.iana_name().unwrap_or("UTC").to_owned(),
            labels: run.labels.clone(),
            summary: Summary::of(&repositories, &controls, &findings, &remedied),
            repositories,
            criteria: criteria::of(&controls, run.categories),
            controls,
            findings,
            earlier: earlier.collect(),
            remedied,
            remarks: telling.remarks(),
            limits: limits(),
        }
    }

    /// The period in words.
    #[must_use]
    pub fn days(&self) -> String {
        if self.is_apart() { APART.to_owned() } else { days(self.period) }
    }

    /// Whether its runs have no day in common.
    #[must_use]
    pub fn is_apart(&self) -> bool {
        self.period == Period::default() && self.repositories.iter().any(|one| one.period != Period::default())
    }
}

/// Where a period would stand, if the runs of a merged report have no day in common.
pub const APART: &str = "no day that all runs have in common";

/// The days that periods have in common; nothing where there are none.
#[must_use]
pub fn common(periods: impl IntoIterator<Item = Period>) -> Option<Period> {
    let both = |one: Period, other: Period| Period {
        from: one.from.max(other.from),
        to: match (one.to, other.to) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        },
    };
    periods.into_iter().reduce(both).filter(|period| !period.is_inverted())
}

fn limits() -> Vec<String> {
    LIMITS.map(str::to_owned).to_vec()
}

impl Tool {
    /// This program with these tests.
    #[must_use]
    pub fn of(pack: &Pack) -> Self {
        let mut tests: Vec<_> = pack.tests.iter().collect();
        tests.sort_by(|one, other| one.test.cmp(&other.test));
        let rules = serde_json::to_vec(&tests).unwrap_or_default();
        Self { name: "tickmark".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), rules: sha256(&rules) }
    }
}

/// What made a report. Of a merged report, the program that joined it; where the rules of its runs differ, `rules` is the
/// SHA-256 over their digests, sorted, each with a line feed behind it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Tool {
    /// `tickmark`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 over the tests and rules that were asked, those of the repository among them, in hexadecimal digits.
    pub rules: String,
}
