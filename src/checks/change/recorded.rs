//! Asks that a change has a record in the register of changes.

use super::tally::Tally;
use crate::checks::compose::Exhibit;
use crate::findings::finding::{Label, Place};

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let due = tally.unrecorded?;
    let within = tally.asked.recorded_within.as_deref().unwrap_or_default();
    let parameter = Some(("recorded_within", format!("recorded within {within}: by {due}")));
    let change = tally.change;
    let text = format!("landed by {}", change.landed_by.label());
    let labels = vec![Label { place: Place::Commit(change.commit, None), text, primary: false }];
    Some(Exhibit { words: vec![("landed", change.landed_at.readable())], parameter, labels, ..Exhibit::default() })
}
