//! Code Quality of GitLab: what its merge requests show beside the lines of a file.

use serde_json::{Value, json};

use super::entry::{Entry, Report};
use super::json;
use crate::error::Result;
use crate::findings::finding::Severity;

/// The report.
///
/// # Errors
/// As for [`json::line`].
pub fn report(report: &Report<'_>) -> Result<Vec<u8>> {
    json::pretty(&report.entries().iter().map(issue).collect::<Vec<_>>())
}

fn issue(entry: &Entry<'_>) -> Value {
    json!({
        // The widget shows no name of a check, so that the description begins with it.
        "description": format!("{}: {}", entry.rule, entry.with_commit()),
        "check_name": entry.rule,
        "fingerprint": entry.fingerprint,
        "severity": match entry.level() {
            Severity::Note => "info",
            Severity::Warning => "minor",
            Severity::Error => "major",
        },
        "location": { "path": entry.spot.path, "lines": { "begin": entry.spot.line } },
    })
}
