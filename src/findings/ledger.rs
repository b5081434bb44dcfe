//! Every test's result and every finding of a run. Reports read it and decide nothing.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding::{Finding, Severity, Verdict};
use super::pending::Pending;
use super::population::Population;
use super::response::Responded;
use crate::error::Exit;
use crate::facts::calendar::Day;
use crate::facts::document::control::Control;
use crate::sources::oid::Oid;

/// What became of one test of one control.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// The control.
    pub control: String,
    /// Its title.
    pub title: String,
    /// The test.
    pub test: String,
    /// The other repository that the items come from, by its name in the configuration; `None` for this one.
    pub repository: Option<String>,
    /// What one item is called, in the plural: `changes`.
    pub items: String,
    /// What it was applied to.
    pub population: Population,
    /// Number of items with an exception.
    pub exceptions: usize,
    /// Number of items that nothing shows either way.
    pub unevidenced: usize,
    /// Number of items whose evidence could not be read.
    pub untestable: usize,
    /// The versions of the control by which items were judged, newest first, where it has several.
    pub versions: Vec<Judged>,
    /// What the items were read from.
    pub sources: Vec<Source>,
}

/// What items were read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The first-parent line of a branch.
    Branch {
        /// Its name.
        name: String,
        /// Its newest commit.
        tip: Oid,
        /// Number of changes on it, of all times.
        changes: usize,
    },
    /// The register of this name.
    Register(String),
}

/// A version of a control, and how many items it judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The oldest commit known to have the version; `None` for one that stands in no commit.
    pub commit: Option<Oid>,
    /// The day on which it was replaced or taken out; `None` if it stands.
    pub until: Option<Day>,
    /// Number of items that it judged.
    pub items: usize,
}

impl TestResult {
    /// The result of a control's test before anything was tested.
    #[must_use]
    pub fn of(control: &Control, items: &str) -> Self {
        Self {
            control: control.text.id.clone(),
            title: control.text.title.clone(),
            test: control.text.test.clone(),
            repository: None,
            items: items.to_owned(),
            population: Population::default(),
            exceptions: 0,
            unevidenced: 0,
            untestable: 0,
            versions: Vec::new(),
            sources: Vec::new(),
        }
    }
}

/// All that a run found.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Results of the tests, in the order of the controls.
    pub tests: Vec<TestResult>,
    /// Findings, in the order in which they are shown.
    pub findings: Vec<Finding>,
    /// What is not due yet, in the order of the tests.
    pub pending: Vec<Pending>,
    /// Whether a configuration file is unusable, so that not everything could run.
    pub misconfigured: bool,
    /// From which severity on a finding fails the run.
    pub fail_on: FailOn,
    /// What responses do to the run.
    pub responded: Responded,
    /// How many findings of each rule were left out because the rule was not asked for.
    pub left_out: BTreeMap<String, usize>,
}

/// From which severity on a finding fails the run. What could not be read fails it as an error does, whatever this says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Every finding.
    Note,
    /// Warnings and errors.
    Warning,
    /// Errors: a warning asks for a look, and a gate that it closes is soon taken away.
    #[default]
    Error,
    /// None.
    Never,
}

impl FailOn {
    /// Whether a severity fails the run.
    #[must_use]
    pub const fn reaches(self, severity: Severity) -> bool {
        match self {
            Self::Note => true,
            Self::Warning => !matches!(severity, Severity::Note),
            Self::Error => matches!(severity, Severity::Error),
            Self::Never => false,
        }
    }
}

impl Ledger {
    /// Enters the findings of one test, counting each item once by its gravest verdict.
    pub fn enter(&mut self, mut result: TestResult, mut findings: Vec<Finding>) {
        result.versions.retain(|version| version.items > 0);
        if result.versions.len() < 2 {
            result.versions.clear();
        }
        date(&result.population, &mut findings);
        let keys = |verdict: Verdict| -> FxHashSet<&str> {
            let of_items = findings
                .iter()
                .filter(|finding| finding.counted && finding.verdict == verdict && finding.severity > Severity::Note);
            of_items.map(|finding| finding.key.as_str()).collect()
        };
        let (exceptions, unevidenced, untestable) =
            (keys(Verdict::Exception), keys(Verdict::Unevidenced), keys(Verdict::Untestable));
        result.exceptions = exceptions.len();
        result.unevidenced = unevidenced.difference(&exceptions).count();
        result.untestable =
            untestable.iter().filter(|key| !exceptions.contains(*key) && !unevidenced.contains(*key)).count();
        self.tests.push(result);
        self.findings.extend(findings);
    }

    /// Whether a finding fails the run. What could not be read is neither known nor accepted.
    #[must_use]
    pub fn fails(&self, finding: &Finding) -> bool {
        match finding.verdict {
            Verdict::Untestable => finding.severity == Severity::Error || self.fail_on.reaches(finding.severity),
            Verdict::Exception | Verdict::Unevidenced => self.counts(finding) && self.fail_on.reaches(finding.severity),
        }
    }

    /// Whether a finding counts against the run: it is neither known nor suppressed, nor has it a response for which the
    /// configuration lets it pass.
    #[must_use]
    pub fn counts(&self, finding: &Finding) -> bool {
        let passes = finding.response.as_ref().is_some_and(|answer| self.responded.passes(answer.kind));
        finding.standing.is_open() && !passes
    }

    /// The exit status that this run ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let failing = self.findings.iter().filter(|finding| self.fails(finding)).map(|finding| finding.verdict);
        exit(self.misconfigured, failing)
    }
}

/// The exit status of runs, of whose findings these verdicts fail them.
#[must_use]
pub fn exit(misconfigured: bool, failing: impl Iterator<Item = Verdict>) -> Exit {
    let (mut any, mut untestable) = (false, false);
    for verdict in failing {
        any = true;
        untestable |= verdict == Verdict::Untestable;
    }
    match (misconfigured, untestable, any) {
        (true, ..) => Exit::CouldNotRun,
        (_, true, _) => Exit::Incomplete,
        (_, _, true) => Exit::Exceptions,
        _ => Exit::Clean,
    }
}

/// Gives findings the days of their items.
fn date(population: &Population, findings: &mut [Finding]) {
    if findings.is_empty() {
        return;
    }
    let days: FxHashMap<&str, Day> =
        population.members.iter().filter_map(|member| Some((member.key.as_str(), member.on?))).collect();
    for finding in findings.iter_mut().filter(|finding| finding.counted) {
        finding.on = days.get(finding.key.as_str()).copied();
    }
}
