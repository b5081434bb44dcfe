//! The statement of populations and completeness: what was read, by which names it can be found again, and what was not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::facts::calendar::Period;
use crate::sources::oid::Oid;

/// What was read of one repository.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
pub struct RepositoryRead {
    /// Name of its folder; numbered in a merged report where two have the same.
    pub name: String,
    /// The commit that is checked out; `null` where there is none.
    pub commit: Option<Oid>,
    /// The period that its run was of.
    pub period: Period,
    /// The instant at which the question was asked of it (RFC 3339).
    pub as_of: String,
    /// Whether everything that a test needed could be read.
    pub complete: bool,
    /// Whether its configuration could be used. Otherwise nothing was tested.
    pub configured: bool,
    /// Number of controls.
    pub controls: usize,
    /// Number of other files that were read.
    pub files: usize,
    /// The branches whose history was read.
    pub branches: Vec<BranchRead>,
    /// The files of registers that were read.
    pub registers: Vec<RegisterRead>,
}

/// A branch whose history was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
pub struct BranchRead {
    /// The other repository that has it, by its name in the configuration; left out for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Its name.
    pub name: String,
    /// Its newest commit.
    pub tip: Oid,
    /// Number of changes on its first-parent line, of all times.
    pub changes: usize,
}

/// A file of a register.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct RegisterRead {
    /// The register.
    pub register: String,
    /// The file, from the folder of the documents.
    pub file: String,
    /// Number of rows that could be read.
    pub rows: usize,
    /// SHA-256 of its text, in hexadecimal digits.
    pub digest: String,
}
