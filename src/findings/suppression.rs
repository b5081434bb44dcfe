//! What the configuration accepts for a time: findings of one rule, for a reason, until a day.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::standing::{Accepted, Standing};
use crate::facts::calendar::Day;
use crate::sources::tree::Glob;

/// Findings that are accepted for a time. Without a rule, a reason and a last day it silences nothing, and is a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// The rule whose findings are accepted, such as `change/unapproved`; one rule, and needed.
    #[serde(default)]
    pub rule: Option<String>,
    /// Why they are accepted; needed.
    #[serde(default)]
    pub reason: Option<String>,
    /// The last day on which they are; needed.
    #[serde(default)]
    pub until: Option<Day>,
    /// The control whose findings are accepted; those of every control if left out.
    #[serde(default)]
    pub control: Option<String>,
    /// A glob for the items whose findings are accepted, such as `b704ba6*`; every item if left out.
    #[serde(default)]
    pub item: Option<String>,
    /// Who approved it: a person of the register of people, neither the owner of the control nor an author of this entry.
    #[serde(default)]
    pub approved_by: Option<String>,
}

/// A suppression that has everything it needs.
#[derive(Clone, Debug)]
pub struct Effect {
    rule: String,
    control: Option<String>,
    item: Option<Glob>,
    accepted: Arc<Accepted>,
}

/// What a suppression lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// These keys, or what stands behind them.
    Keys(Vec<&'static str>),
    /// Its item is no glob; why.
    Glob(String),
}

impl Suppression {
    /// What it does.
    ///
    /// # Errors
    /// It lacks something.
    pub fn effect(&self) -> Result<Effect, Lack> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let (rule, reason) = (given(&self.rule), given(&self.reason));
        let (Some(rule), Some(reason), Some(until)) = (rule.clone(), reason.clone(), self.until) else {
            let keys = [("rule", rule.is_some()), ("reason", reason.is_some()), ("until", self.until.is_some())];
            return Err(Lack::Keys(keys.into_iter().filter(|(_, there)| !there).map(|(key, _)| key).collect()));
        };
        let item = self.item.as_deref().map(Glob::new).transpose().map_err(|error| Lack::Glob(error.msg.to_owned()))?;
        let accepted = Accepted { reason: reason.trim().to_owned(), until, approved_by: self.approved_by.clone() };
        Ok(Effect { rule, control: self.control.clone(), item, accepted: Arc::new(accepted) })
    }
}

impl Effect {
    /// The rule whose findings it covers.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Whether it covers a finding; never one of what could not be read.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        finding.rule == self.rule
            && !finding.is_untestable()
            && (self.control.is_none() || self.control == finding.control)
            && self.item.as_ref().is_none_or(|glob| glob.matches(&finding.item))
    }

    /// Marks what it covers; how many findings that are.
    pub fn apply(&self, findings: &mut [Finding]) -> usize {
        let covered = findings.iter_mut().filter(|finding| self.covers(finding));
        covered.map(|finding| finding.standing = Standing::Suppressed(Arc::clone(&self.accepted))).count()
    }
}
