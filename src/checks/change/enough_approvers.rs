//! Asks that as many persons approved a change as the control says.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::TooFew {
        return None;
    }
    let (found, required) = (tally.found, tally.required());
    let commit = tally.change.commit.short();
    let help = format!(
        "ask {} more to review it now (git show {commit}), record that as a management response, and set the forge to \
         require {required}",
        crate::checks::compose::count(required.saturating_sub(found).max(1), "person", "people")
    );
    let words = vec![("found", found.to_string()), ("required", required.to_string())];
    Some(Exhibit { words, help: Some(help), ..Exhibit::default() })
}
