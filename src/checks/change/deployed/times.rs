//! When the changes in a deployment were approved: before it, after it, or nobody knows.

use super::{Deployed, Sight, asked_of};
use crate::checks::change::standing::Standing;
use crate::checks::change::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::approval::found::{Discount, Seen};
use crate::facts::approval::trail::{self, Approval, Assurance};
use crate::facts::register::value::Value;

/// Whether a change was approved by enough persons whom the control allows, of whom some did so only after it had landed.
/// It may have been deployed later still.
pub(super) fn is_late(deployed: &Deployed<'_>, tally: &Tally<'_>) -> bool {
    if tally.outcome != Outcome::Late || tally.asked.assurance != Assurance::Claimed || tally.asked.content_covered {
        return false;
    }
    let identity = tally.change.identity();
    let allowed = |approval: &Approval| deployed.approvers.allow(&approval.by, &identity, deployed.day);
    let given = tally.approvals.iter().filter(|(approval, standing)| counts(standing, true) && allowed(approval));
    trail::persons(&identity, given.map(|(approval, _)| &approval.by)) >= tally.asked.approvals
}

fn counts(standing: &Standing, late: bool) -> bool {
    match standing {
        Standing::Counts => true,
        Standing::Discounted(Discount::Late(_)) => late,
        _ => false,
    }
}

/// Approvals of a change that count, split by when they were given: not after the deployment, after it, and nobody knows.
fn times<'t>(deployed: &Deployed<'_>, tally: &'t Tally<'_>) -> [Vec<&'t Approval>; 3] {
    let late = is_late(deployed, tally);
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for (approval, standing) in tally.approvals.iter().filter(|(_, standing)| counts(standing, late)) {
        let at = match approval.at {
            // What stands in a commit of the deployment was there before it; a later commit may not be in it.
            _ if approval.seen != Seen::Beside && !approval.is_late() => 0,
            Some(at) if deployed.deployment.timed => {
                // What the register of people tells of an approver may have made it later.
                let at = match standing {
                    Standing::Discounted(Discount::Late(when)) => when.at,
                    _ => at.timestamp(),
                };
                usize::from(at > deployed.deployment.at.at)
            }
            _ => 2,
        };
        times[at].push(*approval);
    }
    times
}

/// Whether the control asks when the approvals of a change were given.
fn is_timed(deployed: &Deployed<'_>, tally: &Tally<'_>) -> bool {
    let record = deployed.deployment.record.as_ref();
    let emergency = record.is_some_and(|record| matches!(record.get("emergency"), Value::Bool(true)));
    (tally.outcome == Outcome::Enough || is_late(deployed, tally)) && !emergency
}

/// Number of persons who gave some approvals, with the authors who count.
fn persons(tally: &Tally<'_>, of: &[&Approval]) -> usize {
    let identity = tally.change.identity();
    let counted = tally.with(|standing| *standing == Standing::Counts);
    let all = trail::persons(&identity, counted);
    let own = tally.found.saturating_sub(all);
    trail::persons(&identity, of.iter().map(|approval| &approval.by)) + own
}

pub(super) fn approved_before<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let sight = |tally: &'t Tally<'t>| {
        let [before, after, unknown] = times(deployed, tally);
        let known: Vec<&Approval> = before.into_iter().chain(unknown).collect();
        if after.is_empty() || persons(tally, &known) >= tally.asked.approvals {
            return None;
        }
        let last = after.iter().filter_map(|approval| approval.at).max()?;
        let words = vec![("at", last.readable())];
        Some(Sight::of(tally, Exhibit { words, ..Exhibit::default() }))
    };
    asked_of(deployed).filter(|tally| is_timed(deployed, tally)).filter_map(sight).collect()
}

pub(super) fn approval_dated<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let sight = |tally: &'t Tally<'t>| {
        let [before, _, unknown] = times(deployed, tally);
        if unknown.is_empty() || persons(tally, &before) >= tally.asked.approvals {
            return None;
        }
        let reason = if deployed.deployment.timed {
            "nothing says when it was approved"
        } else {
            "nothing says when it was deployed"
        };
        let parameter = Some(("before_deployment", "every approval is older than the deployment".to_owned()));
        let exhibit = Exhibit { words: vec![("reason", reason.to_owned())], parameter, ..Exhibit::default() };
        Some(Sight::of(tally, exhibit))
    };
    let asked = asked_of(deployed).filter(|tally| deployed.asked.before_deployment && is_timed(deployed, tally));
    asked.filter_map(sight).collect()
}
