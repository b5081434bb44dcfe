//! The demo: the repository of an invented company, Acme Ltd, with half a year of changes, most of them approved as its
//! policy asks, and one for each way in which a change may fail. It lies under `demo/`, and the program carries it.

use std::path::Path;

use crate::error::{Error, Kind, Result};
use crate::sources::script::{self, Script, Written};
use crate::text::SourceText;

/// The day on which the demo is checked: the period is over, and everything of it is known.
pub const AS_OF: &str = "2026-07-15";

const HISTORY: &str = include_str!("../demo/history.yaml");

/// Files that the history names, by their paths beside it.
const FILES: &[(&str, &str)] = &[
    ("files/.mailmap", include_str!("../demo/files/.mailmap")),
    ("files/controls/access-removal.yaml", include_str!("../demo/files/controls/access-removal.yaml")),
    ("files/controls/access-review.yaml", include_str!("../demo/files/controls/access-review.yaml")),
    ("files/controls/account-settings.yaml", include_str!("../demo/files/controls/account-settings.yaml")),
    ("files/controls/change-approval.yaml", include_str!("../demo/files/controls/change-approval.yaml")),
    (
        "files/controls/change-approval-since-june.yaml",
        include_str!("../demo/files/controls/change-approval-since-june.yaml"),
    ),
    ("files/controls/incidents.yaml", include_str!("../demo/files/controls/incidents.yaml")),
    ("files/controls/payment-review.yaml", include_str!("../demo/files/controls/payment-review.yaml")),
    ("files/controls/security-training.yaml", include_str!("../demo/files/controls/security-training.yaml")),
    ("files/controls/vendors.yaml", include_str!("../demo/files/controls/vendors.yaml")),
    ("files/controls/vulnerabilities.yaml", include_str!("../demo/files/controls/vulnerabilities.yaml")),
    ("files/policies/change-management.md", include_str!("../demo/files/policies/change-management.md")),
    (
        "files/registers/access-reviews/2026-Q1.yaml",
        include_str!("../demo/files/registers/access-reviews/2026-Q1.yaml"),
    ),
    ("files/registers/accounts/2026-03-25.csv", include_str!("../demo/files/registers/accounts/2026-03-25.csv")),
    ("files/registers/accounts/2026-07-01.csv", include_str!("../demo/files/registers/accounts/2026-07-01.csv")),
    ("files/registers/incidents.yaml", include_str!("../demo/files/registers/incidents.yaml")),
    ("files/registers/people.yaml", include_str!("../demo/files/registers/people.yaml")),
    (
        "files/registers/people/joined-and-left.yaml",
        include_str!("../demo/files/registers/people/joined-and-left.yaml"),
    ),
    ("files/registers/risk-acceptances.yaml", include_str!("../demo/files/registers/risk-acceptances.yaml")),
    ("files/registers/systems.yaml", include_str!("../demo/files/registers/systems.yaml")),
    ("files/registers/training.csv", include_str!("../demo/files/registers/training.csv")),
    ("files/registers/vendor-reports.yaml", include_str!("../demo/files/registers/vendor-reports.yaml")),
    ("files/registers/vendors.yaml", include_str!("../demo/files/registers/vendors.yaml")),
    ("files/registers/vulnerabilities.csv", include_str!("../demo/files/registers/vulnerabilities.csv")),
    ("files/responses/2026-H1.yaml", include_str!("../demo/files/responses/2026-H1.yaml")),
    ("files/tickmark-since-july.yaml", include_str!("../demo/files/tickmark-since-july.yaml")),
    ("files/tickmark.yaml", include_str!("../demo/files/tickmark.yaml")),
];

/// The history, as a script.
///
/// # Errors
/// The script that the program carries is broken, which a test excludes.
pub fn history() -> Result<Script> {
    script::parse(&SourceText::new("demo/history.yaml", HISTORY)).map_err(|faults| {
        let mut error = Error::new(Kind::Internal, "the history of the demo cannot be read");
        error.faults = faults;
        error
    })
}

/// Writes the repository into a new or empty folder, with its files checked out.
///
/// # Errors
/// The folder holds something already, or cannot be written.
pub fn write(folder: &Path) -> Result<Written> {
    let carried = |path: &str| FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_bytes().to_vec());
    script::write_with(&history()?, folder, false, &carried)
}
