//! What reached production: as tags, as moves of a deployment branch, or as records of the register of deployments.

mod carried;
mod found;
mod reach;
mod version;

use std::sync::Arc;

use glob::Pattern;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

pub use carried::first;
pub use found::{Lost, Recorded, of_branch, of_records, of_tags};
pub use reach::{Reach, ranks, reach};
pub use version::looks_like_version;

use super::calendar::When;
use super::person::Person;
use super::register::value::{PersonRef, Record, Value};
use crate::error::{Error, Kind};
use crate::sources::oid::Oid;
use crate::text::{SourceText, Span, shown};

/// The register of deployments.
pub const REGISTER: &str = "deployments";

/// Where the deployments of a repository are found. It has exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// Globs of tags: each tag is a deployment.
    #[serde(default, deserialize_with = "one_or_several")]
    #[schemars(schema_with = "one_or_several_schema")]
    pub tags: Vec<String>,
    /// A branch of which each move is a deployment: its first-parent line.
    #[serde(default)]
    pub branch: Option<String>,
    /// Environments of the register `deployments`, whose records are the deployments.
    #[serde(default)]
    pub environments: Vec<String>,
}

impl Where {
    /// In how many ways it says where.
    #[must_use]
    pub fn ways(&self) -> usize {
        usize::from(!self.tags.is_empty())
            + usize::from(self.branch.is_some())
            + usize::from(!self.environments.is_empty())
    }
}

fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        One(String),
        Several(Vec<String>),
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::One(one) => vec![one],
        Written::Several(several) => several,
    })
}

fn one_or_several_schema(_: &mut SchemaGenerator) -> Schema {
    let several = json_schema!({ "type": "array", "items": { "type": "string" } });
    json_schema!({ "anyOf": [{ "type": "string" }, several] })
}

/// Globs of tags or of branches, compiled; `of` says of which.
///
/// # Errors
/// The first that is none.
pub fn patterns(globs: &[String], of: &str) -> Result<Vec<Pattern>, Error> {
    let compile = |glob: &String| {
        Pattern::new(glob).map_err(|error| {
            Error::new(Kind::Configuration, format!("{} is no glob of {of}: {error}", shown(glob)))
                .hint("* stands for anything: v*")
        })
    };
    globs.iter().map(compile).collect()
}

/// Whether a record is of one of some environments; of any, if there are none.
#[must_use]
pub fn is_of(record: &Record, environments: &[String]) -> bool {
    let environment = match record.get("environment") {
        Value::Text(text) => text.to_lowercase(),
        _ => String::new(),
    };
    environments.is_empty() || environments.iter().any(|wanted| wanted.to_lowercase() == environment)
}

/// Whether what a record tells of stayed where it was brought.
#[must_use]
pub fn is_kept(record: &Record) -> bool {
    !matches!(record.get("status"), Value::Text(status) if matches!(&**status, "failed" | "rolled-back"))
}

/// One deployment.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// How people call it: `v1.2`, `D-7`, `production at 4c088e3`.
    pub name: String,
    /// What names it for good.
    pub key: String,
    /// The commit that was deployed.
    pub commit: Oid,
    /// When.
    pub at: When,
    /// Whether `at` is when it was deployed. Otherwise nothing tells, and `at` is the commit's own date.
    pub timed: bool,
    /// Who deployed it, where something tells.
    pub by: Option<By>,
    /// Where that stands; nothing of a tag that is only a name.
    pub shown: Option<(Arc<SourceText>, Span)>,
    /// Its record, where it has one.
    pub record: Option<Arc<Record>>,
    /// The environment and the system of its record: what was deployed there before is measured from.
    pub lane: String,
}

/// Who deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A name that Git has.
    Person(Person),
    /// A name that stands in a record.
    Named(Arc<PersonRef>),
}

impl By {
    /// The name.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Person(person) => person.label(),
            Self::Named(name) => &name.written,
        }
    }
}

impl Deployment {
    /// What a field of its record holds as a text; nothing where there is no record or it says nothing.
    #[must_use]
    pub fn said(&self, field: &str) -> Option<&str> {
        match self.record.as_ref()?.get(field) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it stayed: a deployment that failed or was taken back left in production what had been there before.
    #[must_use]
    pub fn stayed(&self) -> bool {
        self.record.as_ref().is_none_or(|record| is_kept(record))
    }

    /// The day, as people read it.
    #[must_use]
    pub fn day(&self) -> String {
        self.at.day.to_string()
    }
}
