//! Changes that carry over what was approved elsewhere: pure reverts, and commits that were picked as they are.

use super::Replayer;
use crate::facts::approval::trail::Change;
use crate::sources::oid::Oid;
use crate::sources::replay::{Missing, ancestry};
use crate::sources::repo::ObjectKind;
use crate::text::decode_keeping_offsets;

/// What a change says that it carries over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It takes this commit back.
    Revert(Oid),
    /// It brings this commit to another branch.
    Pick(Oid),
}

impl Carried {
    /// The commit that it names.
    #[must_use]
    pub const fn commit(self) -> Oid {
        match self {
            Self::Revert(id) | Self::Pick(id) => id,
        }
    }
}

/// What a change says that it carries over, by the words of `git revert` and of `git cherry-pick -x`: in its own message,
/// or, where it is a merge of one commit, in that one's. `None` where it names none or several.
///
/// # Errors
/// A commit cannot be read.
pub fn named(replayer: &Replayer<'_>, change: &Change) -> Result<Option<Carried>, Missing> {
    let commit = match change.brought.as_slice() {
        [one] => *one,
        [] => change.commit,
        _ => return Ok(None),
    };
    let read = |repo: &crate::sources::repo::Repo| {
        repo.read(commit, ObjectKind::Commit, decode_keeping_offsets).map_err(|why| (commit, why))
    };
    Ok(in_message(&replayer.read(read)?))
}

fn in_message(text: &str) -> Option<Carried> {
    let id = |behind: &str| Oid::parse(behind.get(..40)?.as_bytes());
    let reverted = text.match_indices("This reverts commit ").map(|(at, words)| &text[at + words.len()..]);
    let picked = text.match_indices("(cherry picked from commit ").map(|(at, words)| &text[at + words.len()..]);
    let reverted = reverted.filter_map(id).map(Carried::Revert);
    let mut all = reverted.chain(picked.filter_map(id).map(Carried::Pick));
    all.next().filter(|_| all.next().is_none())
}

/// Whether a change is nothing but the commit taken back, or nothing but the commit itself, on its own base.
///
/// # Errors
/// A commit, a tree or a file cannot be read.
pub fn is_pure(replayer: &Replayer<'_>, change: &Change, carried: Carried) -> Result<bool, Missing> {
    let Some(base) = change.base else { return Ok(false) };
    let commit = carried.commit();
    let (_, parents) = replayer.read(|repo| ancestry::commit(repo, commit))?;
    let Some(before) = parents.first().copied() else { return Ok(false) };
    let (common, theirs) = match carried {
        Carried::Revert(_) => (commit, before),
        Carried::Pick(_) => (before, commit),
    };
    let landed = (change.commit, change.trees.0);
    Ok(replayer.replay(&[common], (base, theirs), landed)?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_commit_must_be_named_by_its_whole_name() {
        let (one, other) = ("1".repeat(40), "2".repeat(40));
        let revert = format!("Revert \"Count\"\n\nThis reverts commit {one}.\n");
        assert_eq!(in_message(&revert), Some(Carried::Revert(Oid([0x11; 20]))));
        let pick = format!("Count\n\n(cherry picked from commit {one})\n");
        assert_eq!(in_message(&pick), Some(Carried::Pick(Oid([0x11; 20]))));
        assert_eq!(in_message(&format!("{revert}This reverts commit {other}.\n")), None);
        assert_eq!(in_message("This reverts commit 1234567.\n"), None);
    }
}
