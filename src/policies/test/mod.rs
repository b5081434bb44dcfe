//! A test of a policy pack: a population, parameters taken from the control, and the rules asked of every item.

mod items;
mod parameter;
mod rule;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use items::{Called, Exclude, Items, Step};
pub use parameter::{LeftOut, Parameter, ParameterType, Weaker};
pub use rule::{Ask, Documented, Happened, Impact, Overrun, Rule};

use crate::facts::document::control::Control;
use crate::facts::register::value::{Record, Shape};
use crate::policies::expression::Context;
use crate::sources::embedded::File;
use crate::sources::yaml::YamlDocument;

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
    /// Where the items come from, if they are records.
    #[serde(default)]
    pub items: Option<Items>,
    /// What is asked of every item.
    pub rules: Vec<Rule>,
    /// Where it was read from.
    #[serde(skip)]
    #[schemars(skip)]
    pub origin: Origin,
}

/// Where a test was read from.
#[derive(Clone, Debug, Default)]
pub enum Origin {
    /// Nowhere: it was made by a test of this program.
    #[default]
    Nowhere,
    /// A file that comes with the program. Its places are looked up only where they are asked for.
    Program(&'static File),
    /// A file of a repository.
    Repository(Arc<YamlDocument>),
}

impl Origin {
    /// The document, with the place of everything in it.
    #[must_use]
    pub fn document(&self) -> Option<Arc<YamlDocument>> {
        match self {
            Self::Nowhere => None,
            Self::Program(file) => file.document().ok().map(Arc::new),
            Self::Repository(document) => Some(Arc::clone(document)),
        }
    }
}

/// What one item of a test is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PopulationKind {
    /// First-parent commits of protected branches.
    Changes,
    /// What reached production: tags, moves of a branch, or records of the register `deployments`.
    Deployments,
    /// Files that describe the organisation: controls, policies, configuration.
    Documents,
    /// The repository itself.
    Repository,
    /// Records of registers, put together by `items`.
    Records,
    /// Records of registers, as the history of their files has kept them.
    KeptRecords,
}

impl PopulationKind {
    /// Whether a control names a test of it. The other tests are asked of every repository.
    #[must_use]
    pub const fn is_of_a_control(self) -> bool {
        matches!(self, Self::Changes | Self::Deployments | Self::Records | Self::KeptRecords)
    }
}

impl Test {
    /// JSON Schema (draft 7) of what a control of this test states under `with`.
    #[must_use]
    pub fn with_schema(&self) -> Value {
        let mut schema = parameter::schema(&self.parameters);
        schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        schema["title"] = json!(format!("with of {}", self.test));
        schema
    }

    /// The shape that a control's parameters have in expressions.
    #[must_use]
    pub fn shape(&self) -> Arc<Shape> {
        parameter::shape("control", &self.parameters)
    }
}

/// What a control states, as a record whose fields stand where the control states them.
#[must_use]
pub fn stated(shape: &Arc<Shape>, control: &Control, context: &Context<'_>) -> Record {
    parameter::record(shape, control, context)
}
