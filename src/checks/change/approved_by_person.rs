//! Asks that a person approved a change, not a robot, a group or a word.

use super::standing::Standing;
use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let names = || tally.names(|standing| matches!(standing, Standing::Discounted(_)));
    (tally.outcome == Outcome::NoPerson).then(|| Exhibit { words: vec![("names", names())], ..Exhibit::default() })
}
