//! What of the content that landed its approvals cover.
//!
//! An approval that names a commit or a tree covers what landed if that is the same tree, or what merging, squashing or
//! rebasing the approved commit onto the branch gives. Whatever else landed is a residual: file by file, line by line.

pub mod carried;
mod replayer;
pub mod residual;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::approval::trail::{Bound, Change};
use super::gap::{self, Gap};
pub use replayer::Replayer;
use residual::Residual;

use crate::sources::oid::Oid;
use crate::sources::replay::{Missing, ancestry};
use crate::sources::repo::{Gaps, Repo, Unreadable};

/// Commits that are looked at behind an approved one, or of a rebased proposal.
const MOST_COMMITS: usize = 100;

/// What of a change's content is covered.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// What the landing commit holds beyond what merging its parents gives.
    pub merge: Merge,
    /// What each approval covers, in the order of the change.
    pub approvals: Vec<Covers>,
}

/// A landing commit, held against its parents.
#[derive(Clone, Debug)]
pub enum Merge {
    /// It is no merge, or it is what merging its parents gives.
    AsGiven,
    /// It is something else.
    Beyond(Residual),
    /// It could not be replayed.
    Unknown(Gap),
}

/// What one approval covers.
#[derive(Clone, Debug)]
pub enum Covers {
    /// Nothing says what it was given for.
    Unbound,
    /// All that landed.
    All,
    /// All but what somebody settled by hand where the approved content conflicted with the branch.
    Settled(Residual),
    /// Less than what landed.
    Less(Shortfall),
    /// It could not be told.
    Unknown(Gap),
}

impl Covers {
    /// What could not be read, where that leaves open what is covered.
    #[must_use]
    pub const fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Unknown(gap) => Some(gap),
            _ => None,
        }
    }
}

/// What landed beyond what was approved.
#[derive(Clone, Debug)]
pub struct Shortfall {
    /// What was approved: a commit, or else a tree.
    pub approved: Oid,
    /// The last commit of what was proposed, where that is known and another one than the approved.
    pub head: Option<Oid>,
    /// Commits that nobody approved, oldest first, as far as they are known.
    pub later: Vec<Oid>,
    /// The files and lines; nothing where commits were approved one by one.
    pub residual: Option<Residual>,
}

/// What of the content of each change is covered, in their order.
#[must_use]
pub fn of_changes(replayer: &Replayer<'_>, clone: &Gaps, changes: &[&Change]) -> Vec<Coverage> {
    if let Some(newest) = changes.iter().max_by_key(|change| change.landed_at.seconds) {
        replayer.up_to(newest.commit);
    }
    changes.par_iter().map(|change| Of { replayer, clone, change }.coverage()).collect()
}

struct Of<'a> {
    replayer: &'a Replayer<'a>,
    clone: &'a Gaps,
    change: &'a Change,
}

impl Of<'_> {
    fn coverage(&self) -> Coverage {
        // One commit is often approved by several.
        let mut known: FxHashMap<&Bound, Covers> = FxHashMap::default();
        let mut approvals = Vec::with_capacity(self.change.approvals.len());
        for approval in &self.change.approvals {
            approvals.push(match &approval.bound {
                None => Covers::Unbound,
                Some(bound) => known.entry(bound).or_insert_with(|| self.covers(bound)).clone(),
            });
        }
        Coverage { merge: self.merge(), approvals }
    }

    /// What a merge holds beyond what merging its parents gives. A merge that leaves the branch as it was brings nothing.
    fn merge(&self) -> Merge {
        let change = self.change;
        let Some((ours, others)) = change.parents.split_first().filter(|(_, others)| !others.is_empty()) else {
            return Merge::AsGiven;
        };
        if change.trees.1 == Some(change.trees.0) {
            return Merge::AsGiven;
        }
        let replayed = match others {
            [theirs] => self.replayer.replay(&change.forks, (*ours, *theirs), (change.commit, change.trees.0)),
            _ => self.replayer.octopus(&change.parents, (change.commit, change.trees.0)),
        };
        match replayed {
            Ok(None) => Merge::AsGiven,
            Ok(Some(residual)) if others.len() == 1 => Merge::Beyond(residual),
            Ok(Some(_)) => Merge::Unknown(Gap {
                what: format!(
                    "it merges {} commits at once, and merging them one by one gives something else",
                    others.len()
                ),
                mend: format!("look at what it adds: git show {}", change.commit.short()),
            }),
            Err((id, why)) => Merge::Unknown(gap::object(self.clone, id, &why, "what the merge adds cannot be told")),
        }
    }

    fn covers(&self, bound: &Bound) -> Covers {
        let change = self.change;
        if bound.commit == Some(change.commit) || bound.tree == Some(change.trees.0) {
            return Covers::All;
        }
        if let Some(text) = &bound.unknown {
            return Covers::Unknown(Gap {
                what: format!("an approval was given for {text}, which leads to no commit of the change"),
                mend: "give the approval for a commit by its whole name".to_owned(),
            });
        }
        if bound.alone {
            return self.one_by_one();
        }
        let covers = match (bound.commit, bound.tree) {
            (Some(commit), _) => self.commit_covers(commit),
            (None, Some(tree)) => self.tree_covers(tree),
            (None, None) => Ok(Covers::Unbound),
        };
        covers.unwrap_or_else(|(id, why)| {
            let gap = gap::object(self.clone, id, &why, "the approved commit cannot be read");
            let proposal = why == Unreadable::Missing && bound.commit == Some(id);
            let fetch = "fetch what was proposed: git fetch origin '+refs/pull/*/head:refs/remotes/pull/*'".to_owned();
            Covers::Unknown(if proposal { Gap { mend: fetch, ..gap } } else { gap })
        })
    }

    /// Approvals of single commits cover a merge if every commit that it brings has one.
    fn one_by_one(&self) -> Covers {
        let approvals = self.change.approvals.iter().filter(|approval| approval.independent);
        let bound = approvals.filter_map(|approval| approval.bound.as_ref());
        let approved: FxHashSet<Oid> = bound.filter(|bound| bound.alone).filter_map(|bound| bound.commit).collect();
        let later: Vec<Oid> = self.change.brought.iter().filter(|id| !approved.contains(id)).copied().collect();
        let Some(first) = self.change.brought.iter().find(|id| approved.contains(id)) else { return Covers::All };
        if later.is_empty() {
            return Covers::All;
        }
        Covers::Less(Shortfall { approved: *first, head: None, later, residual: None })
    }

    fn tree_covers(&self, tree: Oid) -> Result<Covers, Missing> {
        let residual = self.replayer.compare(tree, (self.change.commit, self.change.trees.0))?;
        let all = residual.files.is_empty();
        let shortfall = Shortfall { approved: tree, head: None, later: Vec::new(), residual: Some(residual) };
        Ok(if all { Covers::All } else { Covers::Less(shortfall) })
    }

    fn commit_covers(&self, approved: Oid) -> Result<Covers, Missing> {
        let change = self.change;
        let landed = (change.commit, change.trees.0);
        if change.parents.get(1) == Some(&approved) {
            return Ok(Covers::All);
        }
        let (tree, _) = self.replayer.read(|repo| ancestry::commit(repo, approved))?;
        let bases = |other: Oid| self.replayer.read(|repo| Ok(ancestry::merge_bases(repo, other, approved)));
        // Whoever approved a later commit of the same line saw this one, too.
        let seen = |id: Oid| bases(id).map(|bases| bases.contains(&id));
        let merged = change.parents.get(1).filter(|_| change.parents.len() == 2);
        if tree == landed.1 || seen(change.commit)? || merged.is_some_and(|head| seen(*head).unwrap_or_default()) {
            return Ok(Covers::All);
        }
        let Some(base) = change.base else { return self.tree_covers(tree) };
        let common = bases(base)?;
        if self.replayer.gives(&common, (base, approved), landed.1)? || self.was_rebased(&common, approved)? {
            return Ok(Covers::All);
        }
        let Some(residual) = self.replayer.replay(&common, (base, approved), landed)? else { return Ok(Covers::All) };
        if !residual.goes_beyond() {
            return Ok(Covers::Settled(residual));
        }
        let head = change.head.filter(|head| *head != approved);
        let later = match head {
            Some(head) => self.replayer.read(|repo| {
                let known = [approved, base];
                Ok(ancestry::beyond(repo, head, &known, MOST_COMMITS).into_iter().rev().collect())
            })?,
            None => Vec::new(),
        };
        Ok(Covers::Less(Shortfall { approved, head, later, residual: Some(residual) }))
    }

    /// Whether the change is one of the commits that an approved proposal became when it was put onto the branch commit by
    /// commit.
    fn was_rebased(&self, common: &[Oid], approved: Oid) -> Result<bool, Missing> {
        let (Some(mut base), [fork]) = (self.change.base, common) else { return Ok(false) };
        if self.change.merge {
            return Ok(false);
        }
        let proposed = self.replayer.read(|repo| first_parents(repo, approved, *fork))?;
        // The first one stands on the branch as the proposal found it, the second one on the first one, and so on.
        for commit in proposed.iter().rev() {
            if self.replayer.gives(&[*fork], (base, *commit), self.change.trees.0)? {
                return Ok(true);
            }
            let (_, parents) = self.replayer.read(|repo| ancestry::commit(repo, base))?;
            let Some(parent) = parents.first() else { break };
            base = *parent;
        }
        Ok(false)
    }
}

/// The first-parent commits from one back to another, newest first; none if there are too many of them.
fn first_parents(repo: &Repo, from: Oid, to: Oid) -> Result<Vec<Oid>, Missing> {
    let (mut found, mut next) = (Vec::new(), from);
    while next != to {
        if found.len() >= MOST_COMMITS {
            return Ok(Vec::new());
        }
        found.push(next);
        let (_, parents) = ancestry::commit(repo, next)?;
        let Some(parent) = parents.first() else { break };
        next = *parent;
    }
    Ok(found)
}
