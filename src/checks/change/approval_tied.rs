//! Asks that it can be told what an approval was given for.

use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::approval::found::Discount;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::Untied {
        return None;
    }
    let of = |standing: &Standing| matches!(standing, Standing::Discounted(Discount::Untied(_)));
    let why = tally.approvals.iter().find_map(|(approval, _)| match &approval.discount {
        Some(Discount::Untied(why)) => Some(*why),
        _ => None,
    })?;
    let words = vec![("names", tally.names(of)), ("why", why.to_owned())];
    Some(Exhibit { words, ..Exhibit::default() })
}
