//! One exception, or one thing that could not be shown or read.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::impact::Impact;
use super::response::Answer;
use super::standing::Standing;
use crate::facts::calendar::Day;
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span};

/// What a finding says about its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The evidence shows that the rule does not hold.
    Exception,
    /// Nothing in the repository shows it either way.
    Unevidenced,
    /// The evidence needed could not be read.
    Untestable,
}

/// How much a finding weighs for the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Shown, never failing: an observation.
    Note,
    /// Shown; fails the run only where the configuration says so.
    Warning,
    /// Fails the run.
    Error,
}

/// Why an item is an exception, in the words that auditors sort exceptions by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// It was not done.
    NotPerformed,
    /// It was done outside the required time.
    Late,
    /// It was done by somebody who may not do it.
    WrongPerson,
    /// It was done otherwise than documented.
    Inconsistent,
    /// The evidence or the population cannot be relied on.
    Evidence,
    /// The control or its documents have a gap.
    Design,
}

/// Where a label points.
#[derive(Clone, Debug)]
pub enum Place {
    /// A span of a text that was read.
    Text(Arc<SourceText>, Span),
    /// A span of a commit's message; its subject if there is no span. Becomes a text before it is shown.
    Commit(Oid, Option<Span>),
}

/// A place with the words that belong to it.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there.
    pub text: String,
    /// Whether this is what was documented; the others are what happened.
    pub primary: bool,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What it says about its item.
    pub verdict: Verdict,
    /// The control whose test found it, if a control did.
    pub control: Option<String>,
    /// The item, as people name it.
    pub item: String,
    /// Whether the item is one of a test's population, so that it counts in k of n.
    pub counted: bool,
    /// What identifies the item for good, such as a commit's full name.
    pub key: String,
    /// What tells apart several findings of one rule about the item; empty where there can be only one.
    pub part: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Why it is an exception.
    pub nature: Nature,
    /// What is documented and what happened.
    pub labels: Vec<Label>,
    /// What to do, as something that can be typed where possible.
    pub help: String,
    /// The day on which its item happened or began, where the item is one of a population and has a day.
    pub on: Option<Day>,
    /// What followed from it, as far as the repository shows it.
    pub impact: Vec<Impact>,
    /// The other repository that it is about, by its name in the configuration; `None` for this one.
    pub repository: Option<String>,
    /// What the organisation answers to it; nothing where nobody did, or where the answer has a fault.
    pub response: Option<Arc<Answer>>,
    /// Whether it counts against the run.
    pub standing: Standing,
}

impl Finding {
    /// Whether it says that something could not be read.
    #[must_use]
    pub fn is_untestable(&self) -> bool {
        self.verdict == Verdict::Untestable
    }

    /// What reports say beside it in a few words: what it was answered, and why it does not count. Clean.
    #[must_use]
    pub fn beside(&self) -> Option<String> {
        let words: Vec<String> =
            self.response.iter().map(|answer| answer.words()).chain(self.standing.word()).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}
