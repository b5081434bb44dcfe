//! The content that an approval was given for, as its record says.

use super::found::{Found, GivenFor, Seen};
use super::trail::Bound;
use crate::facts::landing::CommitFacts;
use crate::sources::oid::Oid;

/// Digits of an object name that are too few to tell a commit from others.
const FEWEST_DIGITS: usize = 6;

/// What an approval that stands in or beside `commit` was given for; `members` are the commits of the change, of which the
/// first is the one that landed. `None` where nothing says so: a trailer outlives whatever becomes of its commit.
pub(super) fn of(commit: &CommitFacts, found: &Found, members: &[&CommitFacts]) -> Option<Bound> {
    match &found.given_for {
        Some(GivenFor::Commit(id)) => Some(Bound { commit: Some(*id), ..Bound::default() }),
        Some(GivenFor::ThisAlone) => Some(Bound { commit: Some(commit.id), alone: true, ..Bound::default() }),
        Some(GivenFor::Tree(id)) => Some(Bound { tree: Some(*id), ..Bound::default() }),
        Some(GivenFor::Named(text)) => Some(named(text, members)),
        // Whoever merges writes into the merge who approved the commits that it merges.
        None if found.seen != Seen::Beside && members.first().is_some_and(|tip| tip.id == commit.id) => {
            let head = commit.parents.get(1).filter(|_| commit.parents.len() == 2)?;
            Some(Bound { commit: Some(*head), ..Bound::default() })
        }
        None => None,
    }
}

/// The commit that the beginning of an object name leads to.
fn named(text: &str, members: &[&CommitFacts]) -> Bound {
    if let Some(id) = Oid::parse(text.as_bytes()) {
        return Bound { commit: Some(id), ..Bound::default() };
    }
    let text = text.to_ascii_lowercase();
    let ids = members.iter().flat_map(|commit| std::iter::once(&commit.id).chain(&commit.parents));
    let mut fitting: Vec<Oid> = ids.filter(|id| id.to_string().starts_with(&text)).copied().collect();
    fitting.sort_unstable();
    fitting.dedup();
    match fitting.as_slice() {
        [one] if text.len() >= FEWEST_DIGITS => Bound { commit: Some(*one), ..Bound::default() },
        _ => Bound { unknown: Some(text.into()), ..Bound::default() },
    }
}
