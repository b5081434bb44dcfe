//! Asks that somebody else than the authors approved a change.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let commit = tally.change.commit.short();
    let help = format!(
        "ask somebody else to review it now (git show {commit}), and record that review as a management response; if \
         approver and author are two persons, correct .mailmap"
    );
    (tally.outcome == Outcome::OwnOnly).then(|| Exhibit { help: Some(help), ..Exhibit::default() })
}
