//! JSON lines: what `tickmark.results/1` says, one thing a line, for programs that read as they go.

use serde_json::json;

use super::entry::Report;
use super::json;
use super::results_json::FindingEntry;
use crate::error::Result;

/// The lines: the run, then each test, then each finding.
///
/// # Errors
/// As for [`json::line`].
pub fn lines(report: &Report<'_>) -> Result<Vec<u8>> {
    let document = report.results();
    let mut run = json!({
        "schema": document.schema,
        "repository": document.repository,
        "commit": document.commit,
        "as_of": document.as_of,
        "period": document.period,
        "tests": document.tests.len(),
        "findings": document.findings.len(),
    });
    if let Some(range) = document.range {
        run["range"] = range.into();
    }
    let left_out: usize = report.ledger.left_out.values().sum();
    if left_out > 0 {
        run["left_out"] = left_out.into();
    }
    let mut out = json::line(&json!({ "run": run }))?;
    for test in &document.tests {
        out.extend(json::line(&json!({ "test": test }))?);
    }
    for finding in &report.ledger.findings {
        out.extend(json::line(&json!({ "finding": FindingEntry::new(finding) }))?);
    }
    Ok(out)
}
