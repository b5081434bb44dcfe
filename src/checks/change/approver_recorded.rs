//! Asks that a change which came through a request names who approved it.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let request = tally.change.request.as_ref().filter(|_| tally.outcome == Outcome::RequestOnly)?;
    let words = super::called(&request.id);
    let help = "bring the forge's record of it into the repository (tickmark import), or let the forge write approvers \
                into the merge commit (GitLab: a merge commit template with %{approved_by})";
    Some(Exhibit { words: vec![("request", words)], help: Some(help.to_owned()), ..Exhibit::default() })
}
