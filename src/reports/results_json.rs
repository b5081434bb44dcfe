//! `tickmark.results/1`: the results of a check, for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::facts::calendar::{Calendar, Day, Period};
use crate::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use crate::findings::fingerprint::fingerprint;
use crate::findings::ledger::{Judged, Ledger, TestResult};
use crate::findings::population::Population;
use crate::findings::standing::Standing;
use crate::sources::oid::Oid;
use crate::text::Span;

/// The document that `tickmark check --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "tickmark results")]
pub struct ResultsDocument<'a> {
    /// `tickmark.results/1`.
    #[schemars(extend("const" = "tickmark.results/1"))]
    pub schema: &'static str,
    /// Name of the repository's folder.
    pub repository: String,
    /// The commit that is checked out; `null` where there is none.
    pub commit: Option<Oid>,
    /// The instant at which the question was asked (RFC 3339).
    pub as_of: String,
    /// The observation period.
    pub period: Period,
    /// What was looked at, in words, where that is not everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub range: Option<&'a str>,
    /// Results of the tests, in the order of the controls.
    pub tests: Vec<TestEntry<'a>>,
    /// What was found.
    pub findings: Vec<FindingEntry<'a>>,
    /// How many findings of each rule were left out because the rule was not asked for, by rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub left_out: Option<&'a BTreeMap<String, usize>>,
}

/// What became of one test of one control.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TestEntry<'a> {
    /// The control.
    pub control: &'a str,
    /// The test.
    pub test: &'a str,
    /// The other repository that the items come from, by its name in the configuration; left out for this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub repository: Option<&'a str>,
    /// What it was applied to.
    pub population: &'a Population,
    /// Number of items with an exception.
    pub exceptions: usize,
    /// Number of items that nothing shows either way.
    pub unevidenced: usize,
    /// Number of items whose evidence could not be read.
    pub untestable: usize,
    /// The versions of the control by which items were judged, newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub versions: Vec<VersionEntry>,
}

/// A version of a control, and how many items it judged.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VersionEntry {
    /// The oldest commit known to have the version; `null` for one that stands in no commit.
    pub commit: Option<Oid>,
    /// The day on which it was replaced or taken out; `null` if it stands.
    pub until: Option<Day>,
    /// Number of items that it judged.
    pub items: usize,
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingEntry<'a> {
    /// The rule.
    pub rule: &'a str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it says about its item.
    pub verdict: Verdict,
    /// The control whose test found it.
    pub control: Option<&'a str>,
    /// The item.
    pub item: &'a str,
    /// What is wrong, in one sentence.
    pub message: &'a str,
    /// A name of the finding that outlives reformatting and re-running.
    pub fingerprint: String,
    /// Why it is an exception.
    pub nature: Nature,
    /// What is documented and what happened.
    pub labels: Vec<LabelEntry<'a>>,
    /// What to do.
    pub help: &'a str,
    /// Management's response.
    pub response: Option<()>,
    /// The other repository that it is about, by its name in the configuration; left out for this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub repository: Option<&'a str>,
    /// Why it does not fail the run, whatever it weighs; left out where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub standing: Option<StandingEntry<'a>>,
}

/// Why a finding does not fail the run.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum StandingEntry<'a> {
    /// It stands in the baseline.
    Known,
    /// It was accepted for a time.
    Suppressed {
        /// Why.
        reason: &'a str,
        /// The last day on which that holds.
        until: Day,
        /// Who approved it, as the configuration names the person.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(default)]
        approved_by: Option<&'a str>,
    },
}

impl<'a> StandingEntry<'a> {
    fn new(standing: &'a Standing) -> Option<Self> {
        match standing {
            Standing::Open => None,
            Standing::Known => Some(Self::Known),
            Standing::Suppressed(accepted) => Some(Self::Suppressed {
                reason: &accepted.reason,
                until: accepted.until,
                approved_by: accepted.approved_by.as_deref(),
            }),
        }
    }
}

/// A place with the words that belong to it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LabelEntry<'a> {
    /// A path in the repository, or `commit` and the object's name.
    pub source: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Number of characters.
    pub length: usize,
    /// What is to be seen there.
    pub text: &'a str,
    /// Whether this is what was documented.
    pub primary: bool,
}

impl<'a> ResultsDocument<'a> {
    /// The document of a ledger.
    #[must_use]
    pub fn new(ledger: &'a Ledger, repository: String, commit: Option<Oid>, calendar: &Calendar) -> Self {
        Self {
            schema: "tickmark.results/1",
            repository,
            commit,
            as_of: calendar.as_of.to_string(),
            period: calendar.period,
            range: None,
            tests: ledger.tests.iter().map(TestEntry::new).collect(),
            findings: ledger.findings.iter().map(FindingEntry::new).collect(),
            left_out: Some(&ledger.left_out).filter(|rules| !rules.is_empty()),
        }
    }

    /// The same with what was looked at, in words, where that is not everything.
    #[must_use]
    pub fn within(self, range: Option<&'a str>) -> Self {
        Self { range, ..self }
    }
}

impl<'a> TestEntry<'a> {
    fn new(result: &'a TestResult) -> Self {
        Self {
            control: &result.control,
            test: &result.test,
            repository: result.repository.as_deref(),
            population: &result.population,
            exceptions: result.exceptions,
            unevidenced: result.unevidenced,
            untestable: result.untestable,
            versions: result.versions.iter().map(VersionEntry::new).collect(),
        }
    }
}

impl VersionEntry {
    fn new(version: &Judged) -> Self {
        Self { commit: version.commit, until: version.until, items: version.items }
    }
}

impl<'a> FindingEntry<'a> {
    /// The entry of a finding.
    pub(super) fn new(finding: &'a Finding) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity,
            verdict: finding.verdict,
            control: finding.control.as_deref(),
            item: &finding.item,
            message: &finding.message,
            fingerprint: fingerprint(finding),
            nature: finding.nature,
            labels: finding.labels.iter().filter_map(LabelEntry::new).collect(),
            help: &finding.help,
            response: None,
            repository: finding.repository.as_deref(),
            standing: StandingEntry::new(&finding.standing),
        }
    }
}

impl<'a> LabelEntry<'a> {
    fn new(label: &'a Label) -> Option<Self> {
        let Place::Text(source, span) = &label.place else { return None };
        let span: Span = source.clamp(*span);
        let position = source.position(span.start);
        Some(Self {
            source: source.name(),
            line: position.line,
            column: position.column,
            length: source.slice(span).chars().count(),
            text: &label.text,
            primary: label.primary,
        })
    }
}
