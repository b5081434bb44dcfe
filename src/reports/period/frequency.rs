//! How often something was found: k of n with its days, and the chance that a sample would have met it. Arithmetic, and
//! no opinion.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;

/// Items of the sample whose chance is told: what auditors often draw of a control that operates many times.
pub const SAMPLE: usize = 25;

/// How often something was found, and how it lies in time.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
pub struct Frequency {
    /// Items with an exception: k.
    pub items: usize,
    /// Items that were tested: n.
    pub of: usize,
    /// How many of the k have a day.
    pub dated: usize,
    /// The first of these days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Day>,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Day>,
    /// Days from the first to the last, both included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<i32>,
    /// Whether two or more lie within a tenth of the period; nothing where that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clustered: Option<bool>,
    /// Number of items of a random sample.
    pub sample: usize,
    /// The chance, from 0 to 1 with four decimals, that such a sample meets at least one: 1 - C(n-k, s) / C(n, s).
    pub chance: f64,
}
