//! Asks that approvals are as trustworthy as the control asks.

use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::approval::trail::Assurance;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    // What is wrong with a signature is said by a rule of its own.
    let flawed =
        tally.approvals.iter().any(|(_, standing)| matches!(standing, Standing::Unproved(flaw) if !flaw.is_untold()));
    if tally.outcome != Outcome::Weak || flawed {
        return None;
    }
    let required = match tally.asked.assurance {
        Assurance::Claimed => "claimed",
        Assurance::Witnessed => "witnessed",
        Assurance::Signed => "signed",
    };
    Some(Exhibit {
        words: vec![("required", required.to_owned())],
        parameter: Some(("assurance", format!("asks for approvals that are {required}"))),
        ..Exhibit::default()
    })
}
