//! The protected branches beside which deployments are held.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Result;
use crate::facts::approval::trail::Change;
use crate::facts::deployment::{Reach, patterns};
use crate::facts::landing::{History, Landing};
use crate::sources::oid::Oid;
use crate::sources::reference_log::{self, Move};
use crate::sources::replay::ancestry;
use crate::sources::repo::Repo;

/// The changes of the first protected branch by their commits, and the lines of the others.
pub(super) struct Lines {
    /// The change that brought each commit, as its place among the changes of the branch.
    landed: Vec<Option<u32>>,
    /// The change whose own commit it is.
    change: FxHashMap<u32, u32>,
    /// Commits of the first-parent lines of the other protected branches.
    others: FxHashSet<u32>,
}

impl Lines {
    /// The tips of branches, of which some are named by globs such as `release/*`.
    ///
    /// # Errors
    /// A glob is none, or a branch cannot be read.
    pub(super) fn tips(repo: &Repo, names: &[String]) -> Result<Vec<Oid>> {
        let mut tips = Vec::new();
        for pattern in patterns(names, "branches")? {
            for place in ["refs/heads/", "refs/remotes/origin/"] {
                for full in repo.references(&format!("{place}*")) {
                    if full.strip_prefix(place).is_some_and(|short| pattern.matches(short)) {
                        tips.extend(repo.reference(&full)?);
                    }
                }
            }
        }
        Ok(tips)
    }

    /// The lines through a history, of which `changes` are those of the first branch, which ends in `tip`.
    pub(super) fn new(history: &History, (tip, others): (Oid, &[Oid])) -> Self {
        let mut landed = vec![None; history.commits.len()];
        let mut change = FxHashMap::default();
        for (at, landing) in (0..).zip(history.landings(tip, &[])) {
            change.insert(landing.tip, at);
            for commit in std::iter::once(&landing.tip).chain(&landing.landed) {
                landed[*commit as usize] = Some(at);
            }
        }
        let mut line = FxHashSet::default();
        for tip in others {
            let mut next = history.find(*tip);
            while let Some(at) = next.filter(|at| !change.contains_key(at) && line.insert(*at)) {
                next = history.get(at).parents.first().and_then(|parent| history.find(*parent));
            }
        }
        Self { landed, change, others: line }
    }

    /// Whether a commit is a change of the first branch.
    pub(super) fn is_change(&self, commit: u32) -> bool {
        self.change.contains_key(&commit)
    }

    /// Whether a commit is a change of another protected branch.
    pub(super) fn is_protected(&self, history: &History, commit: Oid) -> bool {
        history.find(commit).is_some_and(|at| self.others.contains(&at))
    }

    /// The changes of the first branch that a deployment brought, newest first.
    pub(super) fn within<'c>(&self, changes: &'c [Change], reach: &Reach) -> impl Iterator<Item = &'c Change> {
        let mut places: Vec<u32> = reach.commits.iter().filter_map(|at| self.change.get(at).copied()).collect();
        places.sort_unstable();
        places.into_iter().filter_map(|place| changes.get(place as usize))
    }

    /// What a deployment brought that is no change of the first branch: the line down from its commit.
    pub(super) fn beside(&self, repo: &Repo, history: &History, commit: Oid, reach: &Reach) -> Vec<Landing> {
        let brought: FxHashSet<u32> = reach.commits.iter().filter_map(|at| self.change.get(at).copied()).collect();
        let is_brought = |at: &u32| self.landed[*at as usize].is_some_and(|place| brought.contains(&place));
        let rest: FxHashSet<u32> = reach.commits.iter().copied().filter(|at| !is_brought(at)).collect();
        let Some(from) = history.find(commit).filter(|_| !rest.is_empty()) else { return Vec::new() };
        let mut landings = history.landings_within(from, &rest);
        for landing in &mut landings {
            if let [ours, theirs] = history.get(landing.tip).parents.as_slice() {
                let bases = ancestry::merge_bases(repo, *ours, *theirs);
                landing.forks = bases.into_iter().filter_map(|base| history.find(base)).collect();
            }
        }
        landings
    }

    /// The change of the first branch that brought a commit.
    pub(super) fn landed<'c>(&self, history: &History, changes: &'c [Change], commit: Oid) -> Option<&'c Change> {
        let place = self.landed.get(history.find(commit)? as usize).copied().flatten()?;
        changes.get(place as usize)
    }

    /// The reference by which this clone knows what others share of a branch. A clone's own branch is moved about while its
    /// owner works; only what the remote had, and the branch of a bare repository, was shared.
    pub(super) fn shared(repo: &Repo, branch: &str) -> String {
        let place = if repo.work_dir().is_none() { "refs/heads" } else { "refs/remotes/origin" };
        format!("{place}/{branch}")
    }

    /// Moves of a branch, in the log of what this clone saw of it, away from a commit that it does not have any more.
    pub(super) fn moved(repo: &Repo, branch: &str, history: &History) -> Result<Vec<Move>> {
        let name = Self::shared(repo, branch);
        let mut moves = reference_log::moves(repo, &name);
        moves.retain(|moved| moved.old != Oid::ZERO);
        let Some(tip) = repo.reference(&name)?.filter(|_| !moves.is_empty()) else { return Ok(Vec::new()) };
        let mut has = vec![false; history.commits.len()];
        let mut stack: Vec<u32> = history.find(tip).into_iter().collect();
        while let Some(at) = stack.pop() {
            if !std::mem::replace(&mut has[at as usize], true) {
                stack.extend(history.get(at).parents.iter().filter_map(|parent| history.find(*parent)));
            }
        }
        moves.retain(|moved| history.find(moved.old).is_none_or(|at| !has[at as usize]));
        Ok(moves)
    }
}
