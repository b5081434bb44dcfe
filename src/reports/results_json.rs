//! `tickmark.results/1`: the results of a check, for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::{Calendar, Day, Period};
use crate::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use crate::findings::fingerprint::fingerprint;
use crate::findings::ledger::{Judged, Ledger, TestResult};
use crate::findings::population::Population;
use crate::findings::response::Answer;
use crate::findings::standing::Standing;
use crate::sources::oid::Oid;
use crate::text::Span;

/// The document that `tickmark check --format json` prints.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "tickmark results")]
pub struct ResultsDocument {
    /// `tickmark.results/1`.
    #[schemars(extend("const" = "tickmark.results/1"))]
    pub schema: String,
    /// Name of the repository's folder.
    pub repository: String,
    /// The commit that is checked out; `null` where there is none.
    pub commit: Option<Oid>,
    /// The instant at which the question was asked (RFC 3339).
    pub as_of: String,
    /// The observation period.
    pub period: Period,
    /// What was looked at, in words, where that is not everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
    /// Results of the tests, in the order of the controls.
    pub tests: Vec<TestEntry>,
    /// What was found.
    pub findings: Vec<FindingEntry>,
    /// How many findings of each rule were left out because the rule was not asked for, by rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<BTreeMap<String, usize>>,
}

/// What became of one test of one control.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct TestEntry {
    /// The control.
    pub control: String,
    /// The test.
    pub test: String,
    /// The other repository that the items come from, by its name in the configuration; left out for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// What it was applied to.
    pub population: Population,
    /// Number of items with an exception.
    pub exceptions: usize,
    /// Number of items that nothing shows either way.
    pub unevidenced: usize,
    /// Number of items whose evidence could not be read.
    pub untestable: usize,
    /// The versions of the control by which items were judged, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<VersionEntry>,
}

/// A version of a control, and how many items it judged.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct VersionEntry {
    /// The oldest commit known to have the version; `null` for one that stands in no commit.
    pub commit: Option<Oid>,
    /// The day on which it was replaced or taken out; `null` if it stands.
    pub until: Option<Day>,
    /// Number of items that it judged.
    pub items: usize,
}

/// One finding.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct FindingEntry {
    /// The rule.
    pub rule: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What it says about its item.
    pub verdict: Verdict,
    /// The control whose test found it.
    pub control: Option<String>,
    /// The item.
    pub item: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// A name of the finding that outlives reformatting and re-running.
    pub fingerprint: String,
    /// Why it is an exception.
    pub nature: Nature,
    /// What is documented and what happened.
    pub labels: Vec<LabelEntry>,
    /// What to do.
    pub help: String,
    /// The day on which its item happened or began, by the organisation's clock; left out where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Management's response; `null` where there is none, or where it has a fault.
    pub response: Option<Answer>,
    /// The other repository that it is about, by its name in the configuration; left out for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Why it does not fail the run, whatever it weighs; left out where it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<StandingEntry>,
}

/// Why a finding does not fail the run.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum StandingEntry {
    /// It stands in the baseline.
    Known,
    /// It was accepted for a time.
    Suppressed {
        /// Why.
        reason: String,
        /// The last day on which that holds.
        until: Day,
        /// Who approved it, as the configuration names the person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approved_by: Option<String>,
    },
}

impl StandingEntry {
    fn new(standing: &Standing) -> Option<Self> {
        match standing {
            Standing::Open => None,
            Standing::Known => Some(Self::Known),
            Standing::Suppressed(accepted) => Some(Self::Suppressed {
                reason: accepted.reason.clone(),
                until: accepted.until,
                approved_by: accepted.approved_by.clone(),
            }),
        }
    }
}

/// A place with the words that belong to it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct LabelEntry {
    /// A path in the repository, or `commit` and the object's name.
    pub source: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Number of characters.
    pub length: usize,
    /// What is to be seen there.
    pub text: String,
    /// Whether this is what was documented.
    pub primary: bool,
}

impl ResultsDocument {
    /// The document of a ledger.
    #[must_use]
    pub fn new(ledger: &Ledger, repository: String, commit: Option<Oid>, calendar: &Calendar) -> Self {
        Self {
            schema: "tickmark.results/1".to_owned(),
            repository,
            commit,
            as_of: calendar.as_of.to_string(),
            period: calendar.period,
            range: None,
            tests: ledger.tests.iter().map(TestEntry::new).collect(),
            findings: ledger.findings.iter().map(FindingEntry::new).collect(),
            left_out: Some(ledger.left_out.clone()).filter(|rules| !rules.is_empty()),
        }
    }

    /// The same with what was looked at, in words, where that is not everything.
    #[must_use]
    pub fn within(self, range: Option<&str>) -> Self {
        Self { range: range.map(str::to_owned), ..self }
    }
}

impl TestEntry {
    /// The entry of a result.
    pub(super) fn new(result: &TestResult) -> Self {
        Self {
            control: result.control.clone(),
            test: result.test.clone(),
            repository: result.repository.clone(),
            population: result.population.counts(),
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

impl FindingEntry {
    /// The entry of a finding.
    pub(super) fn new(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            severity: finding.severity,
            verdict: finding.verdict,
            control: finding.control.clone(),
            item: finding.item.clone(),
            message: finding.message.clone(),
            fingerprint: fingerprint(finding),
            nature: finding.nature,
            labels: finding.labels.iter().filter_map(LabelEntry::new).collect(),
            help: finding.help.clone(),
            on: finding.on,
            response: finding.response.as_deref().cloned(),
            repository: finding.repository.clone(),
            standing: StandingEntry::new(&finding.standing),
        }
    }
}

impl LabelEntry {
    fn new(label: &Label) -> Option<Self> {
        let Place::Text(source, span) = &label.place else { return None };
        let span: Span = source.clamp(*span);
        let position = source.position(span.start);
        Some(Self {
            source: source.name().to_owned(),
            line: position.line,
            column: position.column,
            length: source.slice(span).chars().count(),
            text: label.text.clone(),
            primary: label.primary,
        })
    }
}
