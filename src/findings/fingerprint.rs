//! A name for a finding that outlives reformatting and re-running.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::finding::Finding;

/// Sixteen hexadecimal digits over the rule, the control and what identifies the item: not over lines, wording or
/// file names, so that only a change of the matter changes it.
#[must_use]
pub fn fingerprint(finding: &Finding) -> String {
    let mut hash = Sha256::new();
    let part = Some(finding.part.as_str()).filter(|part| !part.is_empty());
    let of_item = [finding.rule.as_str(), finding.control.as_deref().unwrap_or_default(), &finding.key];
    for part in of_item.into_iter().chain(part) {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).fold(String::with_capacity(16), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
