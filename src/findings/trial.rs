//! What became of the cases of a repository's tests.

use super::finding::Finding;
use crate::error::Exit;

/// One case that was run.
#[derive(Debug)]
pub struct Tried {
    /// The file that holds it.
    pub file: String,
    /// Line at which it begins, from 1.
    pub line: usize,
    /// What it shows.
    pub about: String,
    /// The test.
    pub test: String,
    /// What was expected and what came, where the two differ; empty if the case passes.
    pub differences: Vec<String>,
    /// What was found, if the case does not pass.
    pub findings: Vec<Finding>,
}

/// All cases of a run.
#[derive(Debug, Default)]
pub struct Trial {
    /// The cases, in the order of their files.
    pub cases: Vec<Tried>,
    /// What is wrong with the files of tests and cases.
    pub faults: Vec<Finding>,
    /// Rules that no case shows at work, or none in silence.
    pub notes: Vec<String>,
}

impl Trial {
    /// Number of cases that do not pass.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.cases.iter().filter(|case| !case.differences.is_empty()).count()
    }

    /// The exit status that this run ends with.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match (self.faults.is_empty(), self.failed()) {
            (false, _) => Exit::CouldNotRun,
            (true, 0) => Exit::Clean,
            (true, _) => Exit::Exceptions,
        }
    }
}
