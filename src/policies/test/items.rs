//! Where the items of a test of records come from: steps through registers, from the first record to the whole item.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The items of a test, put together step by step. Whatever a step names, later steps and the rules may use.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// What they are called.
    pub called: Called,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The event that places an item in the period, as an expression. An item without it, such as a finding that is
    /// open, is tested whenever it began; nothing that began after the period or the as-of instant is.
    #[serde(default)]
    pub at: Option<String>,
    /// When an item happened, as an expression: it is judged by the control as it stood then. `at` if not given; an item
    /// without either is judged by the control of today.
    #[serde(default)]
    pub judged_at: Option<String>,
    /// The day under which reports show an item, as an expression; that of `judged_at`, or of `at`, if not given.
    #[serde(default)]
    pub dated: Option<String>,
    /// When an item was done, as an expression that gives nothing where it was not: reports show how long it took.
    #[serde(default)]
    pub done: Option<String>,
    /// How people name an item; expressions stand in braces.
    pub name: String,
    /// What identifies an item for good; expressions stand in braces.
    pub key: String,
    /// Who has to act next, as an expression; the control's owner if not given.
    #[serde(default)]
    pub owner: Option<String>,
    /// What is left out of the population, each with its reason.
    #[serde(default)]
    pub exclude: Vec<Exclude>,
}

/// What items are called in sentences.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// One of them: `leaver`.
    pub one: String,
    /// Several: `leavers`.
    pub many: String,
}

/// Items that are left out.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclude {
    /// Which, as a condition.
    pub when: String,
    /// Why.
    pub why: String,
}

/// One step. It has exactly one of `each`, `all`, `cycles` and `be`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Goes on once for every record of this register, or for every element of this list.
    #[serde(default)]
    pub each: Option<String>,
    /// Collects the records of this register in a list.
    #[serde(default)]
    pub all: Option<String>,
    /// Goes on once for every cycle of this cadence that has begun, between `from` and `to`.
    #[serde(default)]
    pub cycles: Option<String>,
    /// Names the value of an expression.
    #[serde(default, rename = "be")]
    pub be: Option<String>,
    /// The name.
    #[serde(rename = "as")]
    pub name: String,
    /// Of `each` with a register: goes on once for every group of records that hold the same in these fields, with the
    /// list of them. A record that holds nothing in one of them is in no group.
    #[serde(default)]
    pub by: Vec<String>,
    /// Only records whose field is equal to the value of an expression; a field that is a list has to hold it.
    #[serde(default)]
    pub of: BTreeMap<String, String>,
    /// Of a register of snapshots, only the latest one (`latest`), or the latest one at the time that an expression
    /// gives. All of them if left out.
    #[serde(default)]
    pub snapshot: Option<String>,
    /// Only records for which this condition holds.
    #[serde(default, rename = "where")]
    pub only: Option<String>,
    /// First day of the cycles, as an expression; the first day of the period if it gives nothing.
    #[serde(default)]
    pub from: Option<String>,
    /// Last day of the cycles, as an expression.
    #[serde(default)]
    pub to: Option<String>,
    /// Whether the register may be missing, because an organisation need not have one.
    #[serde(default)]
    pub optional: bool,
}
