//! Replays merges: cheaply first, and by Git itself before anybody is told that something else landed.

use std::sync::OnceLock;

use super::residual::Residual;
use crate::sources::history::Repos;
use crate::sources::oid::Oid;
use crate::sources::replay::git::Git;
use crate::sources::replay::memory::Memory;
use crate::sources::replay::{self, Made, Missing, Trees, Unexplained, ancestry};
use crate::sources::repo::{Repo, Unreadable};

/// Commits that both sides come from and that are tried one by one.
const MOST_BASES: usize = 8;

/// What can replay the merges of one repository.
pub struct Replayer<'r> {
    repos: &'r Repos,
    /// Git, and the store in which it merges; looked for once it is needed.
    git: OnceLock<Option<(Git, Repos)>>,
    /// The newest of the commits that are looked at.
    newest: OnceLock<Oid>,
}

/// What landed: the commit, and its tree.
pub(super) type Landed = (Oid, Oid);

impl<'r> Replayer<'r> {
    /// What replays merges of this repository.
    #[must_use]
    pub const fn new(repos: &'r Repos) -> Self {
        Self { repos, git: OnceLock::new(), newest: OnceLock::new() }
    }

    /// Tells which commit is the newest of those that are looked at, so that the history is read once and for all of them.
    pub(super) fn up_to(&self, newest: Oid) {
        self.newest.get_or_init(|| newest);
    }

    /// Reads something with the calling thread's repository.
    pub(super) fn read<T>(&self, with: impl FnOnce(&Repo) -> Result<T, Missing>) -> Result<T, Missing> {
        with(&self.repos.mine())
    }

    /// The newest commits that two have in common; none if there is none, or if it cannot be told.
    #[must_use]
    pub fn common(&self, one: Oid, other: Oid) -> Vec<Oid> {
        ancestry::merge_bases(&self.repos.mine(), one, other)
    }

    /// Whether merging `theirs` into `ours`, both commits with these in common, gives a tree, as far as that can be told
    /// without following renames.
    ///
    /// # Errors
    /// What one of them holds cannot be read.
    pub fn gives(&self, common: &[Oid], sides: (Oid, Oid), landed: Oid) -> Result<bool, Missing> {
        Ok(self.plain(common, sides, landed)?.1.is_empty())
    }

    /// What landed beyond what merging `theirs` into `ours` gives; `None` if nothing did.
    pub(super) fn replay(
        &self,
        common: &[Oid],
        sides: (Oid, Oid),
        landed: Landed,
    ) -> Result<Option<Residual>, Missing> {
        let (trees, plain) = self.plain(common, sides, landed.1)?;
        if plain.is_empty() {
            return Ok(None);
        }
        // Where several commits were tried, most of them stand before others of them; Git would walk the whole history.
        let several = common.len() > 1;
        let newest =
            if several { ancestry::merge_bases(&self.repos.mine(), sides.0, sides.1) } else { common.to_vec() };
        let base = if let [one] = newest.as_slice() { Some(*one) } else { None };
        let newest = self.newest.get().copied().unwrap_or(sides.0);
        let by_git = self.git().and_then(|(git, repos)| Some((git.merge(base, sides, newest)?, repos)));
        if let Some((made, repos)) = by_git {
            return left(&repos.mine(), &made, &trees, landed, true);
        }
        let repo = self.repos.mine();
        if let Some(memory) = Memory::of(&repo)
            && let Some(made) = memory.merge(&trees)
        {
            return left(memory.repo(), &made, &trees, landed, false);
        }
        Residual::of(&repo, plain, landed.0, false).map(Some)
    }

    /// What landed beyond what merging several commits one after the other gives.
    pub(super) fn octopus(&self, parents: &[Oid], landed: Landed) -> Result<Option<Residual>, Missing> {
        let repo = self.repos.mine();
        let tree = |id: Oid| ancestry::commit(&repo, id).map(|(tree, _)| tree);
        let damaged = || (landed.0, Unreadable::Damaged("its parents cannot be merged one by one".to_owned()));
        let (first, others) = parents.split_first().ok_or_else(damaged)?;
        let memory = Memory::of(&repo).ok_or_else(damaged)?;
        let mut made = Made { tree: tree(*first)?, conflicts: Vec::new() };
        for theirs in others.iter().take(64) {
            let ancestor = ancestry::merge_bases(&repo, *first, *theirs).first().map(|base| tree(*base)).transpose()?;
            let trees = Trees { ancestor, ours: made.tree, theirs: tree(*theirs)?, landed: landed.1 };
            made = memory.merge(&trees).ok_or_else(damaged)?;
        }
        let sides = Trees { ancestor: None, ours: tree(*first)?, theirs: made.tree, landed: landed.1 };
        left(memory.repo(), &made, &sides, landed, false)
    }

    /// How a tree differs from the one that landed.
    pub(super) fn compare(&self, given: Oid, landed: Landed) -> Result<Residual, Missing> {
        let repo = self.repos.mine();
        let found = replay::between(&repo, given, landed.1)?;
        Residual::of(&repo, found, landed.0, true)
    }

    /// The trees of a merge, and what they do not explain by any of the commits in common.
    fn plain(
        &self,
        common: &[Oid],
        (ours, theirs): (Oid, Oid),
        landed: Oid,
    ) -> Result<(Trees, Vec<Unexplained>), Missing> {
        let repo = self.repos.mine();
        let tree = |id: Oid| ancestry::commit(&repo, id).map(|(tree, _)| tree);
        let mut trees = Trees { ancestor: None, ours: tree(ours)?, theirs: tree(theirs)?, landed };
        let mut best: Option<(Trees, Vec<Unexplained>)> = None;
        for base in common.iter().take(MOST_BASES) {
            trees.ancestor = Some(tree(*base)?);
            let found = replay::unexplained(&repo, &trees)?;
            let done = found.is_empty();
            if best.as_ref().is_none_or(|(_, least)| found.len() < least.len()) {
                best = Some((trees, found));
            }
            if done {
                break;
            }
        }
        match best {
            Some(best) => Ok(best),
            None => Ok((trees, replay::unexplained(&repo, &trees)?)),
        }
    }

    fn git(&self) -> Option<&(Git, Repos)> {
        let find = || {
            let git = Git::find(&self.repos.mine())?;
            let repos = Repos::open(&Repo::open(git.folder()).ok()?).ok()?;
            Some((git, repos))
        };
        self.git.get_or_init(find).as_ref()
    }
}

/// What landed beyond a merge that was made.
fn left(repo: &Repo, made: &Made, trees: &Trees, landed: Landed, confirmed: bool) -> Result<Option<Residual>, Missing> {
    let found = replay::unmade(repo, made, (trees.ours, trees.theirs), landed.1)?;
    if found.is_empty() {
        return Ok(None);
    }
    Residual::of(repo, found, landed.0, confirmed).map(Some)
}
