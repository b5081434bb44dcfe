//! A management response: what the organisation says to exceptions that were found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;
use crate::sources::content::sha256;
use crate::sources::yaml::YamlDocument;

/// What a response says of the exceptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ResponseKind {
    /// They were put right; what happened since shows it.
    Remedied,
    /// They are accepted for a time.
    Accepted,
    /// They are none: something was misread. They stay exceptions all the same.
    Disputed,
}

/// One response, as its YAML document describes it. Whoever approves it stands under `approved_by` whatever its kind, as in
/// suppressions, policies and registers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark response")]
pub struct ResponseText {
    /// Fingerprints of the exceptions that it answers: `tickmark check --verbose` shows them.
    #[serde(default)]
    pub exceptions: Vec<String>,
    /// Instead of fingerprints: the rule whose exceptions it answers, such as `change/self-approved`.
    #[serde(default)]
    pub rule: Option<String>,
    /// The control whose exceptions it answers; needed with `rule`.
    #[serde(default)]
    pub control: Option<String>,
    /// With `rule`: a glob for the items, such as `b704ba6*`; every item if left out.
    #[serde(default)]
    pub item: Option<String>,
    /// The period that the exceptions belong to: `2026-H1`, or `2026-01-01..2026-06-30`. A check of another period takes no
    /// notice of the response.
    #[serde(default)]
    pub period: Option<String>,
    /// What it says of them.
    pub kind: ResponseKind,
    /// Why it came to them; needed.
    #[serde(default)]
    pub cause: Option<String>,
    /// What was or will be done; needed where they are remedied.
    #[serde(default)]
    pub corrective_action: Option<String>,
    /// The day since which that is done; needed where they are remedied.
    #[serde(default)]
    pub implemented_on: Option<Day>,
    /// The day by which it will be done, where that is still to come.
    #[serde(default)]
    pub due: Option<Day>,
    /// Who answers for it; needed.
    #[serde(default)]
    pub owner: Option<String>,
    /// What followed from the exceptions, in management's words.
    #[serde(default)]
    pub impact: Option<String>,
    /// Who approved the response: a person of the register of people, neither the owner of the control or of the response,
    /// nor an author of it; needed where they are accepted.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// The last day on which they are accepted; needed where they are.
    #[serde(default)]
    pub accepted_until: Option<Day>,
    /// What shows that they are none; needed where they are disputed.
    #[serde(default)]
    pub evidence: Option<Evidence>,
}

/// What shows that something was misread.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What was misread.
    #[serde(default)]
    pub misread: Option<String>,
    /// The file of this repository that shows it, from the folder that holds `responses`.
    #[serde(default)]
    pub path: Option<String>,
    /// Instead of a file: the commit of this repository that shows it.
    #[serde(default)]
    pub commit: Option<String>,
    /// What it says.
    #[serde(default)]
    pub says: Option<String>,
}

/// A response with the places of what it says.
#[derive(Debug)]
pub struct Response {
    /// What it says.
    pub text: ResponseText,
    /// Where it says so.
    pub document: YamlDocument,
}

impl ResponseText {
    /// What tells it from every response that says something else, however that is laid out.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// What it answers, in a few words: the fingerprints, or the rule and the control.
    #[must_use]
    pub fn subject(&self) -> String {
        match (self.exceptions.as_slice(), &self.rule) {
            ([], None) => "nothing".to_owned(),
            ([], Some(rule)) => match &self.control {
                Some(control) => format!("{rule} of {control}"),
                None => rule.clone(),
            },
            ([one], _) => one.clone(),
            ([first, rest @ ..], _) => format!("{first} and {} more", rest.len()),
        }
    }

    /// The keys that it needs and that hold nothing.
    #[must_use]
    pub fn lacks(&self) -> Vec<&'static str> {
        let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let evidence = self.evidence.as_ref();
        let of_evidence = |said_there: bool| said_there || self.kind != ResponseKind::Disputed;
        let (remedied, accepted) = (self.kind == ResponseKind::Remedied, self.kind == ResponseKind::Accepted);
        let needed = [
            ("exceptions", !self.exceptions.is_empty() || said(&self.rule)),
            ("control", !self.exceptions.is_empty() || !said(&self.rule) || said(&self.control)),
            ("cause", said(&self.cause)),
            ("owner", said(&self.owner)),
            ("corrective_action", !remedied || said(&self.corrective_action)),
            ("implemented_on", !remedied || self.implemented_on.is_some()),
            ("approved_by", !accepted || said(&self.approved_by)),
            ("accepted_until", !accepted || self.accepted_until.is_some()),
            ("evidence/misread", of_evidence(evidence.is_some_and(|one| said(&one.misread)))),
            ("evidence/path", of_evidence(evidence.is_some_and(|one| said(&one.path) || said(&one.commit)))),
            ("evidence/says", of_evidence(evidence.is_some_and(|one| said(&one.says)))),
        ];
        needed.into_iter().filter(|(_, there)| !there).map(|(key, _)| key).collect()
    }
}
