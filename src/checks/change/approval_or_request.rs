//! Asks that a change names an approval or at least a request.

use super::tally::{Outcome, Tally};
use crate::checks::compose::Exhibit;

pub(super) fn check(tally: &Tally<'_>) -> Option<Exhibit> {
    let commit = tally.change.commit.short();
    let help = format!(
        "ask somebody who may approve to review it now (git show {commit}), and record that review as a management \
         response; protect the branch against direct pushes"
    );
    (tally.outcome == Outcome::Nothing).then(|| Exhibit { help: Some(help), ..Exhibit::default() })
}
