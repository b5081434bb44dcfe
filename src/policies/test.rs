//! A test of a policy pack: a population, parameters taken from the control, and the rules asked of every item.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::findings::finding::{Nature, Severity, Verdict};

/// One test, as its YAML file describes it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark test")]
pub struct Test {
    /// Name of the test; also the name of its file.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"))]
    pub test: String,
    /// What the test establishes, in a few words.
    pub title: String,
    /// Trust services criteria that the test serves, by id.
    pub criteria: Vec<String>,
    /// What one item of it is.
    pub population: PopulationKind,
    /// What a control states under `with`.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// What is asked of every item.
    pub rules: Vec<Rule>,
}

/// What one item of a test is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PopulationKind {
    /// First-parent commits of protected branches.
    Changes,
    /// Files that describe the organisation: controls, policies, configuration.
    Documents,
    /// The repository itself.
    Repository,
}

/// One thing that a control states for a test.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its key under `with`.
    pub name: String,
    /// What it means.
    pub about: String,
    /// What it may be.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// Whether a control must state it.
    #[serde(default)]
    pub required: bool,
    /// What it is counted in.
    #[serde(default)]
    pub unit: Option<String>,
    /// Least value of an integer.
    #[serde(default)]
    pub minimum: Option<i64>,
    /// The values of a choice.
    #[serde(default)]
    pub values: Vec<String>,
    /// The fields of a record, or of each record of a list.
    #[serde(default)]
    pub fields: Vec<Parameter>,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterType {
    /// A whole number.
    Integer,
    /// A text.
    Text,
    /// One of `values`.
    Choice,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// A list of records with `fields`.
    Records,
}

/// One attribute asked of an item.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `area/slug`; names the rule and its exceptions.
    #[schemars(regex(pattern = "^[a-z-]+/[a-z0-9-]+$"))]
    pub id: String,
    /// First version that has the rule.
    pub since: String,
    /// The check that asks it.
    pub check: String,
    /// What a finding says about its item.
    #[serde(default = "exception")]
    pub verdict: Verdict,
    /// Why a finding is an exception.
    pub nature: Nature,
    /// How much a finding weighs.
    pub severity: Severity,
    /// The finding in one sentence; words in braces are filled in by the check.
    pub message: String,
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

impl Test {
    /// JSON Schema (draft 7) of what a control of this test states under `with`.
    #[must_use]
    pub fn with_schema(&self) -> Value {
        let mut schema = record(&self.parameters);
        schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        schema["title"] = json!(format!("with of {}", self.test));
        schema
    }
}

fn record(parameters: &[Parameter]) -> Value {
    let properties: serde_json::Map<String, Value> =
        parameters.iter().map(|parameter| (parameter.name.clone(), parameter.schema())).collect();
    let required: Vec<&str> =
        parameters.iter().filter(|parameter| parameter.required).map(|parameter| parameter.name.as_str()).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

impl Parameter {
    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            ParameterType::Integer => json!({ "type": "integer" }),
            ParameterType::Text => json!({ "type": "string" }),
            ParameterType::Choice => json!({ "type": "string", "enum": self.values }),
            ParameterType::Flag => json!({ "type": "boolean" }),
            ParameterType::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            ParameterType::Records => json!({ "type": "array", "items": record(&self.fields) }),
        };
        schema["description"] = json!(self.about);
        if let Some(minimum) = self.minimum {
            schema["minimum"] = json!(minimum);
        }
        schema
    }
}
