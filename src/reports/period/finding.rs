//! A finding with what the report adds to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::recurrence::{Past, also_in};
use crate::facts::calendar::{Day, Period};
use crate::findings::finding::Finding;
use crate::findings::impact::Impact;
use crate::findings::ledger::Ledger;
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

impl ReportedFinding {
    /// A finding of a run over a repository. `test` is the test that found it, `today` the day of as-of.
    #[must_use]
    pub fn of(
        (finding, test): (&Finding, Option<&str>),
        (ledger, past, today): (&Ledger, &[Past<'_>], Day),
        source: &str,
    ) -> Self {
        Self {
            entry: FindingEntry::new(finding),
            source: source.to_owned(),
            test: test.map(str::to_owned),
            fails: ledger.fails(finding),
            also_in: if test.is_some() { also_in(past, finding) } else { Vec::new() },
            impact: finding.impact.iter().map(|impact| ImpactEntry::of(impact, today)).collect(),
        }
    }
}

impl ImpactEntry {
    fn of(impact: &Impact, today: Day) -> Self {
        let days = impact.from.map(|from| from.days_until(impact.to.unwrap_or(today)).max(0));
        let days = days.and_then(|days| i32::try_from(days).ok());
        Self { text: impact.text.clone(), from: impact.from, to: impact.to, days }
    }
}
