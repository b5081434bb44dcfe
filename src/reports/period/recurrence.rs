//! The same tests over earlier periods, each as of its own end. Nothing is kept between runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Period;

/// An earlier period that was looked at.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct Earlier {
    /// The repository that was looked at: `name` of one of `repositories`.
    pub source: String,
    /// Its days.
    pub period: Period,
    /// The instant at which the question was asked (RFC 3339): the end of the period.
    pub as_of: String,
    /// Whether everything that a test needed could be read.
    pub complete: bool,
}

/// What a test counted in an earlier period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Counted {
    /// The period.
    pub period: Period,
    /// Items with an exception; of a rule, items of which it found something.
    pub items: usize,
    /// Items that were tested.
    pub of: usize,
    /// Whether something that the test needed could not be read.
    pub unread: bool,
}

/// What a rule found in earlier periods.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Recurrence {
    /// In a word.
    pub status: Status,
    /// Number of periods in a row in which the rule found something, this one included.
    pub in_a_row: usize,
    /// What it found, newest first.
    pub earlier: Vec<Counted>,
}

/// How what is found now stands to the periods before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The period before had items, and nothing was found in it or before it.
    New,
    /// It was found in the period before, too.
    Recurring,
    /// It was not found in the period before, which had items, and in an older one it was.
    Returned,
    /// The period before had no item that was tested, so that there is nothing to compare with.
    First,
    /// The period before could not be read, or none was looked at.
    Unknown,
}

/// What was found in the period before, and is not found in this one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Remedied {
    /// The repository of the control: `name` of one of `repositories`.
    pub source: String,
    /// The control.
    pub control: String,
    /// The test.
    pub test: String,
    /// The other repository that the items come from; left out for the control's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The rule.
    pub rule: String,
    /// What it found then.
    pub before: Counted,
    /// Items that were tested in this period. Where there are none, it is not shown that anything was put right.
    pub now: usize,
    /// In a sentence.
    pub text: String,
}
