//! The mappings that come with the program: how the exports of known tools become records.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::facts::register::mapping::Mapping;
use crate::sources::embedded::{self, File, embedded};

/// Every mapping's file, embedded. A test holds the list against the folder.
pub const FILES: &[File] = embedded! { "policies/mappings/", ".yaml":
    "aws-credential-report"
    "bamboohr-people"
    "dependabot-alerts"
    "entra-registration-details"
    "github-members"
    "github-pull-requests"
    "google-workspace-users"
    "incident-io"
    "jira-csv"
    "jira-vulnerabilities"
    "knowbe4-enrollments"
    "okta-users"
    "pagerduty-incidents"
    "sarif"
    "snyk"
    "trivy"
};

/// How the export of one tool is read, as `policies/mappings/<name>.yaml` describes it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark ready mapping")]
pub struct Ready {
    /// Name under which `tickmark.yaml` takes it; also the name of its file.
    #[schemars(regex(pattern = "^[a-z0-9-]+$"))]
    pub mapping: String,
    /// What it is an export of.
    pub title: String,
    /// How to make the export, and what it does not say.
    pub about: String,
    /// The register that it fills.
    pub register: String,
    /// Where the tool's fields are described.
    #[serde(default)]
    pub source: Option<String>,
    /// How it is read.
    pub read: Mapping,
}

/// The ready mappings.
pub struct Mappings {
    /// In order of their names.
    pub ready: Vec<Ready>,
}

impl Mappings {
    /// The mappings that come with the program.
    ///
    /// # Errors
    /// One of the files is wrong, which the tests exclude.
    pub fn builtin() -> Result<Self> {
        Ok(Self { ready: embedded::read(FILES)? })
    }

    /// What a source of a register is read with, and whether its columns are the user's own.
    ///
    /// # Errors
    /// No ready mapping of this register has the name that it takes; in words.
    pub fn resolve(&self, source: &Mapping, register: &str) -> std::result::Result<(Mapping, bool), String> {
        let Some(tool) = &source.tool else { return Ok((source.clone(), !source.columns.is_empty())) };
        let fitting = self.ready.iter().filter(|ready| ready.register == register);
        match fitting.clone().find(|ready| ready.mapping == *tool) {
            Some(ready) => Ok((ready.read.clone().with(source.clone()), false)),
            None => {
                let names: Vec<&str> = fitting.map(|ready| ready.mapping.as_str()).collect();
                Err(if names.is_empty() {
                    format!("there is no ready mapping for the register {register}")
                } else {
                    format!("the ready mappings for {register} are: {}", names.join(", "))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_at_a_start_is_what_people_wrote() -> Result<()> {
        embedded::hold::<Ready>(FILES)
    }
}
