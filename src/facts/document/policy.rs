//! A written policy: what its front matter says.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::{Cadence, Day};

/// The front matter of a written policy. Other keys are for other tools, and are left alone.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[schemars(title = "tickmark policy (front matter)")]
pub struct PolicyText {
    /// Name of the policy, as other documents quote it.
    #[serde(default)]
    pub id: Option<String>,
    /// What the policy is about, in a few words.
    #[serde(default)]
    pub title: Option<String>,
    /// Address of the person who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Address of the person who approved it; left out until somebody has.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// Day on which it was approved.
    #[serde(default)]
    pub approved_on: Option<Day>,
    /// How often it is reviewed.
    #[serde(default)]
    pub review: Option<Cadence>,
    /// Day on which it was last reviewed, where that was later than its approval.
    #[serde(default)]
    pub last_reviewed: Option<String>,
    /// Day by which it has to be reviewed next, where that does not follow from how often it is.
    #[serde(default)]
    pub next_review: Option<String>,
    /// How far it has come, such as `draft` or `approved`. What is a draft binds nobody.
    #[serde(default)]
    pub status: Option<String>,
    /// Criteria that it serves, by the name of their catalogue, such as TSC.
    #[serde(default)]
    pub satisfies: BTreeMap<String, Vec<String>>,
}
