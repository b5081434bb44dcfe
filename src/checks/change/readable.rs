//! Asks that everything which the verdict on a change needs could be read.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::code_owners::Ownership;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let of_owners = match tally.ownership {
        Some(Ownership::Unreadable(gap)) => Some(gap),
        _ => None,
    };
    if tally.outcome != Outcome::Unreadable && of_owners.is_none() {
        return None;
    }
    let gap = tally.change.unreadable.as_ref().or(of_owners);
    let what = gap.map_or("the history around it could not be read whole", |gap| &gap.what);
    let mend = gap.map_or("see evidence/history-incomplete", |gap| &gap.mend);
    let words = vec![("gap", what.to_owned()), ("mend", mend.to_owned())];
    Some(Exhibit { words, help: Some(mend.to_owned()), ..Exhibit::default() })
}
