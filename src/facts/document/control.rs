//! A control: what the organisation says it does.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Day;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::{SourceText, Span};

/// One control, as its YAML file describes it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark control")]
pub struct ControlText {
    /// Name of the control, as exceptions and reports quote it.
    #[schemars(length(min = 1))]
    pub id: String,
    /// What the control does, in a few words.
    pub title: String,
    /// Address of the person who answers for it.
    pub owner: String,
    /// Trust services criteria that it serves, by id.
    pub criteria: Vec<String>,
    /// The control in full, as the auditor will read it.
    #[serde(default)]
    pub statement: Option<String>,
    /// The written policy that it carries out: a path beside this file, with the heading's anchor.
    #[serde(default)]
    pub policy: Option<String>,
    /// First day on which it was in force.
    #[serde(default)]
    pub since: Option<Day>,
    /// The test that holds it against what happened.
    pub test: String,
    /// What it states for that test.
    #[serde(default)]
    pub with: serde_json::Value,
}

/// A control with the places of what it says.
#[derive(Debug)]
pub struct Control {
    /// What it says.
    pub text: ControlText,
    document: YamlDocument,
}

impl Control {
    /// A control from the document that it was read from.
    #[must_use]
    pub fn new(text: ControlText, document: YamlDocument) -> Self {
        Self { text, document }
    }

    /// Whether another version judges in the same way: by the same test with the same parameters, since the same day.
    #[must_use]
    pub fn judges_as(&self, other: &Self) -> bool {
        let (one, two) = (&self.text, &other.text);
        (&one.test, &one.with, one.since) == (&two.test, &two.with, two.since)
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &Arc<SourceText> {
        &self.document.source
    }

    /// Place of a parameter under `with`, or of a field of one, such as `emergency.approve_within`; of the test's name
    /// where the control leaves it out.
    #[must_use]
    pub fn parameter(&self, path: &str) -> Span {
        let stated = self.stated(path).map(|(_, place)| place);
        stated.or_else(|| self.document.entry_span("/test")).unwrap_or_default()
    }

    /// What the control states at a path below `with`, such as `remediate_within.critical`, and its place. A number in the
    /// path is the place in a list, from 0.
    #[must_use]
    pub fn stated(&self, path: &str) -> Option<(&serde_json::Value, Span)> {
        let pointer: String = path.split('.').map(|part| format!("/{}", yaml::escape(part))).collect();
        let value = self.text.with.pointer(&pointer)?;
        Some((value, self.document.entry_span(&format!("/with{pointer}")).unwrap_or_default()))
    }

    /// Place of a key of the control, or of a parameter under `with`; of the test's name where it has neither.
    #[must_use]
    pub fn entry(&self, key: &str) -> Span {
        self.document.entry_span(&format!("/{key}")).unwrap_or_else(|| self.parameter(key))
    }

    /// Place of some words of what the control says under a key; of the entry where they are not written out there.
    #[must_use]
    pub fn place_of(&self, key: &str, words: &str) -> Span {
        let Some(value) = self.document.span(&format!("/{key}")) else { return self.entry(key) };
        let at = self.source().slice(value).find(words).map(|at| value.start + at);
        at.map_or_else(|| self.entry(key), |at| Span::new(at, at + words.len()))
    }

    /// Place of the policy that the control names.
    #[must_use]
    pub fn policy_span(&self) -> Span {
        self.document.span("/policy").unwrap_or_default()
    }

    /// Place of the control's id.
    #[must_use]
    pub fn id_span(&self) -> Span {
        self.document.entry_span("/id").unwrap_or_default()
    }
}
