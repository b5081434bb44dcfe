//! One attribute asked of an item.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::items::Step;
use crate::findings::finding::{Nature, Severity, Verdict};

/// One attribute asked of an item.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `area/slug`; names the rule and its exceptions.
    #[schemars(regex(pattern = "^[a-z-]+/[a-z0-9-]+$"))]
    pub id: String,
    /// Short name under which lists and working papers quote it.
    #[serde(default)]
    pub code: Option<String>,
    /// First version that has the rule.
    pub since: String,
    /// The check that asks it.
    pub check: String,
    /// What the check is told, if it asks records.
    #[serde(default)]
    pub ask: Option<Ask>,
    /// Parameters without which the rule is not asked.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Steps from the item to what the rule is asked of: each line of a review. Whatever fails, the item counts once.
    #[serde(default)]
    pub of: Vec<Step>,
    /// What a finding says about its item.
    #[serde(default = "exception")]
    pub verdict: Verdict,
    /// Why a finding is an exception.
    pub nature: Nature,
    /// How much a finding weighs.
    pub severity: Severity,
    /// The finding in one sentence; words in braces are filled in by the check.
    pub message: String,
    /// What a finding shows as documented.
    #[serde(default)]
    pub documented: Option<Documented>,
    /// What a finding shows as having happened.
    #[serde(default)]
    pub happened: Vec<Happened>,
    /// What followed from what a finding tells, as far as the records show it; reports tell it.
    #[serde(default)]
    pub impact: Vec<Impact>,
    /// What has to be done before it is due; expressions stand in braces. `tickmark due` shows it.
    #[serde(default)]
    pub todo: Option<String>,
    /// Why auditors ask.
    pub why: String,
    /// What to do about a finding.
    pub fix: String,
    /// What it shows when nothing is found.
    pub establishes: String,
    /// What it does not show even then.
    pub does_not_establish: String,
}

const fn exception() -> Verdict {
    Verdict::Exception
}

/// What a general check is told. Each text is an expression over what the steps named.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The rule is asked only where this condition holds.
    #[serde(default, rename = "where")]
    pub only: Option<String>,
    /// Of `each`: what must hold.
    #[serde(default)]
    pub require: Option<String>,
    /// Of `within`: when it was due.
    #[serde(default)]
    pub due: Option<String>,
    /// Of `within`: when it was done, if it was.
    #[serde(default)]
    pub done: Option<String>,
    /// Of `within`: until when the records show what was done, such as the time of their export. What was due later and is
    /// not recorded is without evidence.
    #[serde(default)]
    pub shown_until: Option<String>,
    /// Of `within`: what the rule finds; both if left out.
    #[serde(default)]
    pub finds: Option<Overrun>,
    /// Of `covered`: days on which what covers begins.
    #[serde(default)]
    pub starts: Option<String>,
    /// Of `covered`: days on which it ends, in the order of `starts`; with `lasts`, left out.
    #[serde(default)]
    pub ends: Option<String>,
    /// Of `covered`: how long what begins on one of `starts` lasts.
    #[serde(default)]
    pub lasts: Option<String>,
    /// Of `covered`: first day that must be covered; the first day of the period if it gives nothing.
    #[serde(default)]
    pub from: Option<String>,
    /// Of `covered`: last day that must be covered; the last day of the period, or as-of, if it gives nothing.
    #[serde(default)]
    pub to: Option<String>,
}

/// What is found of something that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Overrun {
    /// It was done after it was due.
    Late,
    /// It was not done, and it is after the time at which it was due.
    Overdue,
}

/// What a finding shows as documented.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Documented {
    /// The parameter of the control that asks for it; the name of its test if not given.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The words; expressions stand in braces.
    pub text: String,
}

/// Something that followed from what a finding tells.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Steps from what the rule is asked of to what it is told of. A register that only they read may be missing: the
    /// test does not wait for it.
    #[serde(default)]
    pub of: Vec<Step>,
    /// It is told only where this condition holds.
    #[serde(default, rename = "where")]
    pub only: Option<String>,
    /// The words, a sentence without its end; expressions stand in braces.
    pub text: String,
    /// The first day of it, as an expression.
    #[serde(default)]
    pub from: Option<String>,
    /// The last day of it, as an expression that gives nothing where it goes on.
    #[serde(default)]
    pub to: Option<String>,
}

/// A place that a finding shows.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    /// Name of a record, or `name.field`. Nothing is shown where there is no such record.
    pub at: String,
    /// The words; expressions stand in braces.
    pub text: String,
}
