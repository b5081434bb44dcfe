//! The tests that come with the program, and beside them those of a repository.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::expression::nearest;
use super::test::{Origin, Rule, Test};
use crate::error::{Fault, Result};
use crate::findings::finding::Verdict;
use crate::sources::embedded::{self, File, embedded};

/// Every test's file, embedded. A test of this list holds it against the folder.
pub const FILES: &[File] = embedded! { "policies/", ".yaml":
    "access/access-grants"
    "access/access-review"
    "access/account-owners"
    "access/contractors"
    "access/leavers"
    "access/movers"
    "access/new-accounts"
    "change/change-approval"
    "change/change-log"
    "change/change-records"
    "change/change-reviews"
    "change/deployments"
    "configuration/accounts"
    "configuration/settings"
    "documents/code-owners"
    "documents/control-changes"
    "documents/files"
    "documents/responses"
    "documents/set-aside"
    "documents/statements"
    "documents/written-documents"
    "evidence/control-performance"
    "evidence/control-self-assessment"
    "evidence/evidence-manifest"
    "evidence/exception-register"
    "evidence/history"
    "evidence/prior-findings"
    "evidence/record-keeping"
    "evidence/register-exports"
    "evidence/registers"
    "evidence/tests"
    "incident/alert-fatigue"
    "incident/alert-handling"
    "incident/incident-log"
    "incident/incident-response"
    "incident/response-exercises"
    "incident/response-plans"
    "training/security-training"
    "vendor/vendor-assessment"
    "vendor/vendor-list"
    "vendor/vendor-offboarding"
    "vendor/vendor-reports"
    "vulnerability/penetration-tests"
    "vulnerability/remediation"
    "vulnerability/scan-intervals"
    "vulnerability/scanned-assets"
    "vulnerability/scans"
};

/// The tests of a pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The tests, in order of their files; those of a repository behind those that come with the program.
    pub tests: Vec<Test>,
    /// Number of tests that come with the program.
    pub builtin: usize,
    /// Tests of a repository that cannot be used, by name, each with the first of its faults. A control that names one
    /// is tested by nothing.
    pub unusable: BTreeMap<String, Fault>,
}

impl Pack {
    /// The pack that comes with the program.
    ///
    /// # Errors
    /// A file of the program itself is wrong; the tests make sure that none is.
    pub fn builtin() -> Result<Self> {
        // Whoever checks many repositories in one run, as the tests do, reads them once.
        static READ: OnceLock<Pack> = OnceLock::new();
        if let Some(pack) = READ.get() {
            return Ok(pack.clone());
        }
        let mut tests: Vec<Test> = embedded::read(FILES)?;
        tests.iter_mut().zip(FILES).for_each(|(test, file)| test.origin = Origin::Program(file));
        Ok(READ.get_or_init(|| Self { builtin: tests.len(), tests, unusable: BTreeMap::new() }).clone())
    }

    /// The tests of the repository.
    #[must_use]
    pub fn own(&self) -> &[Test] {
        self.tests.get(self.builtin..).unwrap_or_default()
    }

    /// The test of a name.
    #[must_use]
    pub fn test(&self, name: &str) -> Option<&Test> {
        self.tests.iter().find(|test| test.test == name)
    }

    /// The rule of an id, with its test.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<(&Test, &Rule)> {
        self.rules().find(|(_, rule)| rule.id == id)
    }

    /// The ids of the rules that a name stands for: one rule, all of a test, or all of an area.
    ///
    /// # Errors
    /// Nothing has this name; the nearest one that something has, if there is one.
    pub fn rules_of(&self, name: &str) -> std::result::Result<BTreeSet<&str>, Option<String>> {
        let area = |rule: &Rule| rule.id.split_once('/').is_some_and(|(area, _)| area == name);
        let wanted = self.rules().filter(|(test, rule)| rule.id == name || test.test == name || area(rule));
        let found: BTreeSet<&str> = wanted.map(|(_, rule)| rule.id.as_str()).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let areas = self.rules().filter_map(|(_, rule)| Some(rule.id.split_once('/')?.0));
        let ids = self.rules().flat_map(|(test, rule)| [test.test.as_str(), rule.id.as_str()]);
        Err(nearest(name, areas.chain(ids)).map(str::to_owned))
    }

    /// Whether a rule says that something could not be read, so that nothing may leave it out, accept it or weigh it less.
    #[must_use]
    pub fn is_about_reading(&self, id: &str) -> bool {
        let of_files = |test: &Test| test.test == "files" || id == "documents/invalid-code-owners";
        self.rule(id).is_some_and(|(test, rule)| rule.verdict == Verdict::Untestable || of_files(test))
    }

    /// Whether a rule says what is wrong with a suppression, a baseline or a response, none of which is answered by another.
    #[must_use]
    pub fn is_about_answers(&self, id: &str) -> bool {
        self.rule(id).is_some_and(|(test, _)| matches!(test.test.as_str(), "set-aside" | "responses"))
    }

    /// Every rule with its test.
    pub fn rules(&self) -> impl Iterator<Item = (&Test, &Rule)> {
        self.tests.iter().flat_map(|test| test.rules.iter().map(move |rule| (test, rule)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_at_a_start_is_what_people_wrote() -> Result<()> {
        embedded::hold::<Test>(FILES)
    }
}
