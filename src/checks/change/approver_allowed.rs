//! Asks that those who approved a change are those who may.

use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::NotAllowed {
        return None;
    }
    let asked = tally.asked;
    let parameter = match (&asked.approvers_seen_in, asked.approvers.is_empty()) {
        (_, false) => "approvers",
        (Some(_), true) => "approvers_seen_in",
        (None, true) => "approver_roles",
    };
    let names = tally.names(|standing| *standing == Standing::NotAllowed);
    Some(Exhibit {
        words: vec![("names", names)],
        parameter: Some((parameter, "these may approve".to_owned())),
        ..Exhibit::default()
    })
}
