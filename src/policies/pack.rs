//! The tests that come with the program, and beside them those of a repository.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::test::{Rule, Test};
use crate::error::{Error, Fault, Kind, Result};
use crate::sources::yaml;
use crate::text::SourceText;

/// Every test's file, embedded. A test of this list holds it against the folder.
pub const FILES: &[(&str, &str)] = &[
    ("policies/access/access-grants.yaml", include_str!("../../policies/access/access-grants.yaml")),
    ("policies/access/access-review.yaml", include_str!("../../policies/access/access-review.yaml")),
    ("policies/access/account-owners.yaml", include_str!("../../policies/access/account-owners.yaml")),
    ("policies/access/contractors.yaml", include_str!("../../policies/access/contractors.yaml")),
    ("policies/access/leavers.yaml", include_str!("../../policies/access/leavers.yaml")),
    ("policies/access/movers.yaml", include_str!("../../policies/access/movers.yaml")),
    ("policies/access/new-accounts.yaml", include_str!("../../policies/access/new-accounts.yaml")),
    ("policies/change/change-approval.yaml", include_str!("../../policies/change/change-approval.yaml")),
    ("policies/configuration/accounts.yaml", include_str!("../../policies/configuration/accounts.yaml")),
    ("policies/configuration/settings.yaml", include_str!("../../policies/configuration/settings.yaml")),
    ("policies/documents/files.yaml", include_str!("../../policies/documents/files.yaml")),
    ("policies/evidence/history.yaml", include_str!("../../policies/evidence/history.yaml")),
    ("policies/evidence/registers.yaml", include_str!("../../policies/evidence/registers.yaml")),
    ("policies/evidence/tests.yaml", include_str!("../../policies/evidence/tests.yaml")),
    ("policies/incident/alert-fatigue.yaml", include_str!("../../policies/incident/alert-fatigue.yaml")),
    ("policies/incident/alert-handling.yaml", include_str!("../../policies/incident/alert-handling.yaml")),
    ("policies/incident/incident-log.yaml", include_str!("../../policies/incident/incident-log.yaml")),
    ("policies/incident/incident-response.yaml", include_str!("../../policies/incident/incident-response.yaml")),
    ("policies/incident/response-exercises.yaml", include_str!("../../policies/incident/response-exercises.yaml")),
    ("policies/incident/response-plans.yaml", include_str!("../../policies/incident/response-plans.yaml")),
    ("policies/training/security-training.yaml", include_str!("../../policies/training/security-training.yaml")),
    ("policies/vendor/vendor-assessment.yaml", include_str!("../../policies/vendor/vendor-assessment.yaml")),
    ("policies/vendor/vendor-list.yaml", include_str!("../../policies/vendor/vendor-list.yaml")),
    ("policies/vendor/vendor-offboarding.yaml", include_str!("../../policies/vendor/vendor-offboarding.yaml")),
    ("policies/vendor/vendor-reports.yaml", include_str!("../../policies/vendor/vendor-reports.yaml")),
    (
        "policies/vulnerability/penetration-tests.yaml",
        include_str!("../../policies/vulnerability/penetration-tests.yaml"),
    ),
    ("policies/vulnerability/remediation.yaml", include_str!("../../policies/vulnerability/remediation.yaml")),
    ("policies/vulnerability/scan-intervals.yaml", include_str!("../../policies/vulnerability/scan-intervals.yaml")),
    ("policies/vulnerability/scanned-assets.yaml", include_str!("../../policies/vulnerability/scanned-assets.yaml")),
    ("policies/vulnerability/scans.yaml", include_str!("../../policies/vulnerability/scans.yaml")),
];

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
        let mut tests = Vec::new();
        for (path, text) in FILES {
            let source = SourceText::new(*path, *text);
            let wrong = |faults: Vec<Fault>| Error {
                faults,
                ..Error::new(Kind::Internal, format!("{path}, which comes with the program, is wrong"))
            };
            for document in yaml::parse(&source).map_err(wrong)? {
                let test = yaml::read::<Test>(&document).map_err(wrong)?;
                tests.push(Test { document: Some(Arc::new(document)), ..test });
            }
        }
        Ok(Self { builtin: tests.len(), tests, unusable: BTreeMap::new() })
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

    /// Every rule with its test.
    pub fn rules(&self) -> impl Iterator<Item = (&Test, &Rule)> {
        self.tests.iter().flat_map(|test| test.rules.iter().map(move |rule| (test, rule)))
    }
}
