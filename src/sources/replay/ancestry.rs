//! What two commits have in common, and which commits one has beyond others.

use git2::Sort;

use super::Missing;
use crate::sources::commit::RawCommit;
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Repo, Unreadable, own};

fn git(id: Oid) -> Option<git2::Oid> {
    git2::Oid::from_bytes(&id.0).ok()
}

/// The newest commits that two have in common; none if there is none, or if it cannot be told.
#[must_use]
pub fn merge_bases(repo: &Repo, one: Oid, other: Oid) -> Vec<Oid> {
    let found = git(one).zip(git(other)).and_then(|(one, other)| repo.inner().merge_bases(one, other).ok());
    found.map(|bases| bases.iter().map(|id| own(*id)).collect()).unwrap_or_default()
}

/// Commits that `tip` has and none of `known` has, without merges, newest first, at most `most` of them.
#[must_use]
pub fn beyond(repo: &Repo, tip: Oid, known: &[Oid], most: usize) -> Vec<Oid> {
    let walk = || {
        let mut walk = repo.inner().revwalk().ok()?;
        walk.set_sorting(Sort::TOPOLOGICAL).ok()?;
        walk.push(git(tip)?).ok()?;
        for id in known {
            walk.hide(git(*id)?).ok()?;
        }
        let plain = |id: &git2::Oid| repo.inner().find_commit(*id).is_ok_and(|commit| commit.parent_count() < 2);
        Some(walk.flatten().filter(plain).take(most).map(own).collect())
    };
    walk().unwrap_or_default()
}

/// The tree of a commit, and its parents.
///
/// # Errors
/// The commit cannot be read.
pub fn commit(repo: &Repo, id: Oid) -> Result<(Oid, Vec<Oid>), Missing> {
    let read = repo.read(id, ObjectKind::Commit, |bytes| RawCommit::parse(bytes).map(|raw| (raw.tree, raw.parents)));
    let damaged = || (id, Unreadable::Damaged("it has no header that Git would write".to_owned()));
    read.map_err(|why| (id, why))?.ok_or_else(damaged)
}
