//! The items of a test over time, for a drawing: how many of each verdict in each stretch of the period, and how long
//! items took.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;

/// The items of a test over time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Timeline {
    /// How long a stretch is.
    pub unit: Unit,
    /// The stretches of the period, oldest first, also those without an item.
    pub stretches: Vec<Stretch>,
    /// Items of days before the period.
    pub before: Tallied,
    /// Items of days after the period.
    pub after: Tallied,
    /// Items without a day.
    pub undated: Tallied,
}

/// How long a stretch of a timeline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A month of the calendar.
    Month,
}

/// A stretch of the period.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Stretch {
    /// Its first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Its items.
    #[serde(flatten)]
    pub tallied: Tallied,
}

/// Items by what is said of them. An item of several counts once, under the gravest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Tallied {
    /// Of which nothing was found.
    pub passed: usize,
    /// With an exception.
    pub exceptions: usize,
    /// That nothing shows either way.
    pub unevidenced: usize,
    /// Whose evidence could not be read.
    pub untestable: usize,
    /// Not yet due.
    pub pending: usize,
}

/// How long items took, or have been open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Lifetimes {
    /// Those of the items that are told, in the order of their first days.
    pub items: Vec<Lifetime>,
    /// Number of items with a day that are not told, because there are too many.
    pub left_out: usize,
}

/// How long an item took, or has been open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Lifetime {
    /// How people name it.
    pub item: String,
    /// The day on which it happened or began.
    pub from: Day,
    /// The day on which it was done; left out where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Days from the one to the other, or to as-of where it is not done.
    pub days: i32,
    /// What is said of it.
    pub standing: ItemStanding,
}

/// What is said of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemStanding {
    /// Nothing was found.
    Passed,
    /// It is an exception.
    Exception,
    /// Nothing shows it either way.
    Unevidenced,
    /// Its evidence could not be read.
    Untestable,
    /// It is not yet due.
    Pending,
}
