//! The JSON schemas of `schemas/`, taken into the program, so that an editor gets them where only the program is.

macro_rules! schemas {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/", $name, ".schema.json")))),*]
    };
}

/// Every schema by its name, in the order of the files. A test holds the list against the folder.
pub const SCHEMAS: &[(&str, &str)] = schemas! {
    "access-requests"
    "access-reviews"
    "accounts"
    "alerts"
    "approval"
    "assets"
    "baseline"
    "case"
    "change-reviews"
    "changes"
    "config-snapshots"
    "config"
    "control"
    "deployments"
    "dialect"
    "due"
    "duties"
    "evidence"
    "exceptions"
    "exercises"
    "history"
    "incident-mentions"
    "incidents"
    "mapping"
    "offboarding"
    "penetration-tests"
    "people"
    "performances"
    "plans"
    "policy"
    "prior-findings"
    "register"
    "report"
    "response"
    "results"
    "risk-acceptances"
    "robots"
    "sample"
    "scans"
    "self-assessments"
    "systems"
    "test-results"
    "test"
    "trail"
    "training"
    "vendor-mentions"
    "vendor-reports"
    "vendors"
    "vulnerabilities"
};

/// The schema of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static str> {
    SCHEMAS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
