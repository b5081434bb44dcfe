//! The statement of populations and completeness: what was read, by which names it can be found again, and what was not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Run, Tool};
use crate::facts::calendar::Period;
use crate::facts::register::files::path;
use crate::facts::register::store::Register;
use crate::findings::finding::Finding;
use crate::findings::ledger::{Ledger, Source};
use crate::sources::content::sha256;
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
    /// Whether only the results of a check are known of it. Then numbers of files, branches, registers, and controls that
    /// were not tested are not told here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_check: bool,
    /// What made its run; told in a merged report alone, and left out where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<Tool>,
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

impl RepositoryRead {
    /// What a run read. The branches are those of its tests.
    #[must_use]
    pub fn of(run: &Run<'_>) -> Self {
        let Run { report, registers, .. } = run;
        let ledger = report.ledger;
        let mut branches: Vec<BranchRead> = Vec::new();
        for test in &ledger.tests {
            for source in &test.sources {
                let Source::Branch { name, tip, changes } = source else { continue };
                let (repository, name) = (test.repository.clone(), name.clone());
                branches.push(BranchRead { repository, name, tip: *tip, changes: *changes });
            }
        }
        branches.sort();
        branches.dedup();
        Self {
            name: report.repository.to_owned(),
            commit: report.commit,
            period: report.calendar.period,
            as_of: report.calendar.as_of.to_string(),
            complete: is_complete(ledger),
            configured: !ledger.misconfigured,
            controls: run.read.0,
            files: run.read.1,
            branches,
            registers: registers.by_name.values().flat_map(files).collect(),
            of_check: false,
            tool: None,
        }
    }
}

/// Whether a run could read everything that its tests needed.
#[must_use]
pub fn is_complete(ledger: &Ledger) -> bool {
    !ledger.misconfigured && !ledger.findings.iter().any(Finding::is_untestable)
}

fn files(register: &Register) -> impl Iterator<Item = RegisterRead> {
    register.files.iter().map(|file| RegisterRead {
        register: register.definition.register.clone(),
        file: file.name().to_owned(),
        rows: register.rows.get(&path(file.name())).copied().unwrap_or_default(),
        digest: sha256(file.text().as_bytes()),
    })
}
