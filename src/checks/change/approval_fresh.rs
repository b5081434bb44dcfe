//! Asks that what was approved is what landed.

use super::tally::{Outcome, Standing, Tally};
use crate::checks::compose::Exhibit;
use crate::facts::approval::found::Discount;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    if tally.outcome != Outcome::Stale {
        return None;
    }
    let of = |standing: &Standing| matches!(standing, Standing::Discounted(Discount::Stale(..)));
    let (seen, landed) = tally.approvals.iter().find_map(|(approval, _)| match &approval.discount {
        Some(Discount::Stale(seen, landed)) => Some((seen.as_ref(), landed.as_ref())),
        _ => None,
    })?;
    let commit = tally.change.commit.short();
    let help = format!(
        "see what came after the approval (git diff {} {}), ask for a review of what landed (git show {commit}), and record \
         that as a management response; let the forge dismiss approvals when commits are pushed",
        short(seen),
        short(landed)
    );
    let words =
        vec![("names", tally.names(of)), ("seen", short(seen).to_owned()), ("landed", short(landed).to_owned())];
    Some(Exhibit { words, help: Some(help), ..Exhibit::default() })
}

/// The first seven digits of a name, as people quote it.
fn short(name: &str) -> &str {
    name.get(..7).unwrap_or(name)
}
