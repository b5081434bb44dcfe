//! A control with its tests, in the four parts that a report has: what it says, what was asked, what came of it, and,
//! with the findings, what management says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frequency::Frequency;
use super::recurrence::{Counted, Recurrence};
use super::timeline::{Lifetimes, Timeline};
use crate::facts::calendar::Day;
use crate::findings::finding::{Nature, Verdict};
use crate::reports::results_json::TestEntry;

/// A control, and what its tests came to.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct ControlReport {
    /// The repository whose documents have the control: `name` of one of `repositories`.
    pub source: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who answers for it, as it says.
    pub owner: String,
    /// The criteria that it serves, by id.
    pub criteria: Vec<String>,
    /// The control in full, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The written policy that it carries out, as it names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The first day on which it was in force, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// Its file, from the folder of the documents; nothing of one that has been taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What it states for its test, a parameter each, by path, such as `emergency.approve_within`.
    pub parameters: Vec<Parameter>,
    /// What its tests came to; nothing where none could be asked.
    pub tests: Vec<TestReport>,
}

/// What a control states for its test.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Parameter {
    /// Its path.
    pub name: String,
    /// What is stated, as the file writes it.
    pub value: String,
}

/// What came of one test of one control.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct TestReport {
    /// The numbers, as `tickmark.results/1` has them.
    #[serde(flatten)]
    pub entry: TestEntry,
    /// What the test establishes, in a few words.
    pub title: String,
    /// What its items are called: `changes`.
    pub items: String,
    /// The test as it was applied, in a sentence.
    pub applied: String,
    /// What came of it, in a sentence.
    pub result: String,
    /// What holds of the items of which nothing was found, a sentence each.
    pub establishes: Vec<String>,
    /// What is not shown even then, a sentence each.
    pub does_not_establish: Vec<String>,
    /// What the items were read from: `branch main at <name>`, `register people`.
    pub sources: Vec<String>,
    /// SHA-256 over the keys of all items, sorted, each with a line feed behind it, in hexadecimal digits.
    pub digest: String,
    /// How often something was found, and how it lies in time; nothing where nothing was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// What was found, by rule.
    pub rules: Vec<RuleReport>,
    /// The same test over the earlier periods, newest first.
    pub earlier: Vec<Counted>,
    /// The items over time; nothing where they have no days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// How long items took, or have been open; nothing where the test does not tell when an item is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetimes: Option<Lifetimes>,
}

/// What one rule of a test found.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct RuleReport {
    /// The rule.
    pub rule: String,
    /// What it asks, in a sentence: what holds where it finds nothing.
    pub asks: String,
    /// What its findings say about their items.
    pub verdict: Verdict,
    /// Why they are exceptions.
    pub nature: Nature,
    /// Number of items of which it found something. An item of which several rules did counts once in k of n.
    pub items: usize,
    /// The first day of such an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Day>,
    /// The last day of such an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Day>,
    /// What it found in earlier periods.
    pub recurrence: Recurrence,
    /// The findings, by fingerprint.
    pub findings: Vec<String>,
}
