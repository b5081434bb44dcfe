//! What of the findings is told: those of the rules that were asked for.

use super::finding::{Finding, Verdict};
use super::ledger::Ledger;

/// Leaves out the findings of rules that are not wanted, and counts them. What could not be read stays, whatever rule
/// tells it, and where the configuration cannot be used everything does: no exit status is without its reason.
/// `is_about_reading` says whether a rule tells of what could not be read. The results of the tests stay as they are.
pub fn leave_out(ledger: &mut Ledger, is_wanted: impl Fn(&str) -> bool, is_about_reading: impl Fn(&str) -> bool) {
    if ledger.misconfigured {
        return;
    }
    let stays = |finding: &Finding| {
        is_wanted(&finding.rule) || finding.verdict == Verdict::Untestable || is_about_reading(&finding.rule)
    };
    let (told, left_out): (Vec<Finding>, Vec<Finding>) =
        std::mem::take(&mut ledger.findings).into_iter().partition(stays);
    ledger.findings = told;
    for finding in left_out {
        *ledger.left_out.entry(finding.rule).or_default() += 1;
    }
}
