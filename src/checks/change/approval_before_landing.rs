//! Asks that approvals were given before the change landed.

use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::approval::found::Discount;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::Late {
        return None;
    }
    let of = |standing: &Standing| matches!(standing, Standing::Discounted(Discount::Late(_)));
    let words = vec![("names", tally.names(of)), ("landed", tally.change.landed_at.readable())];
    Some(Exhibit { words, ..Exhibit::default() })
}
