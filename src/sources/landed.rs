//! Which commits a range brings.

use rustc_hash::FxHashSet;

use super::oid::Oid;
use super::repo::{Repo, own};
use crate::error::{Error, Kind, Result};

/// What a range brings to the branch that its newest commit is on.
#[derive(Debug, Default)]
pub struct Landed {
    /// The commits of the first-parent line that were not there before, newest first, with the seconds at which they were
    /// made.
    pub line: Vec<(Oid, i64)>,
    /// Where the line goes on behind them; `None` if they reach back to the beginning.
    pub fork: Option<Oid>,
    /// Every commit that was not there before, also those that merges bring.
    pub all: Vec<Oid>,
}

/// What leads to `tip` and to none of `known`.
///
/// # Errors
/// A commit on the way is missing or damaged.
pub fn landed(repo: &Repo, known: &[Oid], tip: Oid) -> Result<Landed> {
    let failed = |error: git2::Error| {
        Error::new(Kind::Unreadable, format!("the range cannot be read: {}", error.message()))
            .hint("fetch the whole history: git fetch --unshallow origin; or see what is damaged: git fsck --full")
    };
    let git_id = |id: Oid| git2::Oid::from_bytes(&id.0);
    let walk = || -> std::result::Result<Landed, git2::Error> {
        let mut walk = repo.inner().revwalk()?;
        walk.push(git_id(tip)?)?;
        for id in known {
            walk.hide(git_id(*id)?)?;
        }
        let all = walk.map(|id| id.map(own)).collect::<std::result::Result<Vec<Oid>, _>>()?;
        let new: FxHashSet<Oid> = all.iter().copied().collect();
        let (mut line, mut at) = (Vec::new(), Some(tip));
        while let Some(id) = at.filter(|id| new.contains(id)) {
            let commit = repo.inner().find_commit(git_id(id)?)?;
            line.push((id, commit.time().seconds()));
            at = commit.parent_ids().next().map(own);
        }
        Ok(Landed { line, fork: at, all })
    };
    walk().map_err(failed)
}

/// Whether a commit leads back to another one, or is it.
#[must_use]
pub fn leads_to(repo: &Repo, tip: Oid, base: Oid) -> bool {
    let ids = git2::Oid::from_bytes(&tip.0).and_then(|tip| Ok((tip, git2::Oid::from_bytes(&base.0)?)));
    tip == base || ids.and_then(|(tip, base)| repo.inner().graph_descendant_of(tip, base)).unwrap_or(false)
}
