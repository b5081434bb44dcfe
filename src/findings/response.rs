//! What the organisation answers to a finding, and what that does to the run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;
use crate::facts::document::response::{Evidence, Response, ResponseKind};

/// The management response to a finding, as reports show it. The finding stays in k of n.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Answer {
    /// What it says of the finding.
    pub kind: ResponseKind,
    /// Why it came to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What was or will be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrective_action: Option<String>,
    /// The day since which that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implemented_on: Option<Day>,
    /// The day by which it will be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What followed from the finding, in management's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Who approved the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// The last day on which the finding is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_until: Option<Day>,
    /// What shows that something was misread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// The file of the response.
    pub source: String,
    /// The line at which it begins, from 1.
    pub line: usize,
}

impl Answer {
    /// What a response answers.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        let (text, source) = (response.text.clone(), &response.document.source);
        let start = response.document.span("").map_or(0, |all| all.start);
        Self {
            kind: text.kind,
            cause: text.cause,
            corrective_action: text.corrective_action,
            implemented_on: text.implemented_on,
            due: text.due,
            owner: text.owner,
            impact: text.impact,
            approved_by: text.approved_by,
            accepted_until: text.accepted_until,
            evidence: text.evidence,
            source: source.name().to_owned(),
            line: source.position(start).line,
        }
    }

    /// What reports say of it in a few words. Clean.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.kind, self.implemented_on, self.accepted_until) {
            (ResponseKind::Remedied, Some(day), _) => format!("remedied on {day}"),
            (ResponseKind::Remedied, None, _) => "remedied".to_owned(),
            (ResponseKind::Accepted, _, Some(day)) => format!("accepted until {day}"),
            (ResponseKind::Accepted, _, None) => "accepted".to_owned(),
            (ResponseKind::Disputed, ..) => "disputed".to_owned(),
        }
    }
}

/// What a response of each kind does to the run. A finding that passes is reported and counted as any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Responded {
    /// Of what is remedied.
    #[serde(default)]
    pub remedied: Outcome,
    /// Of what is accepted for a time.
    #[serde(default)]
    pub accepted: Outcome,
    /// Of what is disputed.
    #[serde(default)]
    pub disputed: Outcome,
}

/// Whether what has a response fails the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It does, as what has none.
    #[default]
    Fail,
    /// It does not.
    Pass,
}

impl Responded {
    /// Whether a finding with this response fails nothing.
    #[must_use]
    pub const fn passes(self, kind: ResponseKind) -> bool {
        let outcome = match kind {
            ResponseKind::Remedied => self.remedied,
            ResponseKind::Accepted => self.accepted,
            ResponseKind::Disputed => self.disputed,
        };
        matches!(outcome, Outcome::Pass)
    }
}
