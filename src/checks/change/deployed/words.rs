//! Why a change should not have been deployed, in words that follow its name.

use super::Outside;
use crate::checks::change::standing::Standing;
use crate::checks::change::tally::{Outcome, Tally};
use crate::checks::compose::count;

/// Why a change does not count as one of the protected branch.
pub(super) fn outside(outside: Outside, branch: &str) -> String {
    match outside {
        Outside::Differs(from) => {
            format!("which is not the patch of {} that it says it was picked from", from.short())
        }
        Outside::Later(landed) => format!("which landed on {branch} only by {}, later than that", landed.short()),
        Outside::Alone => format!("which is not on {branch}"),
    }
}

/// Why a change is not approved; nothing where it is, or where the repository does not tell.
pub(super) fn unapproved(tally: &Tally<'_>) -> Option<String> {
    let names = |standing: fn(&Standing) -> bool| tally.names(standing);
    Some(match tally.outcome {
        Outcome::Enough
        | Outcome::Unreadable
        | Outcome::Unreplayed
        | Outcome::RequestOnly
        | Outcome::Untied
        | Outcome::Unresolved
        | Outcome::Unverified => return None,
        Outcome::Nothing | Outcome::Refused => "which nobody approved".to_owned(),
        Outcome::OwnOnly => "which nobody but its own author approved".to_owned(),
        Outcome::NoPerson => {
            format!("which only {} approved, which is no person", names(|one| matches!(one, Standing::Discounted(_))))
        }
        Outcome::NotAllowed => {
            format!("which only {} approved, whom the control does not name", names(|one| *one == Standing::NotAllowed))
        }
        Outcome::Stale => "which got commits after it was approved".to_owned(),
        Outcome::Pending | Outcome::Unconfirmed => "which nobody approved yet".to_owned(),
        Outcome::Late | Outcome::TooLate | Outcome::DayOnly => "which was approved only after it had landed".to_owned(),
        Outcome::ByDeployer => "which only those approved who deployed it".to_owned(),
        Outcome::Edited => "which is not what was approved".to_owned(),
        Outcome::Weak => "whose approvals are less sure than the control asks for".to_owned(),
        Outcome::TooFew => {
            format!("which has {} of {}", count(tally.found, "approval", "approvals"), tally.asked.approvals)
        }
    })
}
