//! Asks that somebody approved a request of which every review is known.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let request = tally.change.records.first().filter(|_| tally.outcome == Outcome::Refused)?;
    let commit = tally.change.commit.short();
    let help = format!(
        "ask somebody who may approve to review it now (git show {commit}), and record that review as a management \
         response; let the forge require an approval before it merges"
    );
    let words = vec![("request", super::called(&request.called))];
    Some(Exhibit { words, help: Some(help), ..Exhibit::default() })
}
