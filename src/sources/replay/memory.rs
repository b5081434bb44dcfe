//! libgit2's merge, where there is no Git: it follows renames too, but not always the same ones.

use git2::{MergeOptions, ObjectType};

use super::{Made, Side, Trees};
use crate::sources::oid::Oid;
use crate::sources::repo::{Repo, own};

/// Writes of a store that is asked before all others stay in memory.
const FIRST: i32 = 1000;

/// A repository in which libgit2 can merge; whatever it writes is kept in memory, and forgotten with this.
pub struct Memory {
    repo: Repo,
}

impl Memory {
    /// Opens a repository once more, with a store in memory before its own.
    #[must_use]
    pub fn of(repo: &Repo) -> Option<Self> {
        let repo = repo.another().ok()?;
        repo.inner().odb().ok()?.add_new_mempack_backend(FIRST).ok()?;
        Some(Self { repo })
    }

    /// The repository, which holds what was merged, too.
    #[must_use]
    pub const fn repo(&self) -> &Repo {
        &self.repo
    }

    /// Merges two trees that come from a third; `None` if libgit2 cannot do it.
    #[must_use]
    pub fn merge(&self, trees: &Trees) -> Option<Made> {
        let repo = self.repo.inner();
        let tree = |id: Oid| repo.find_tree(git2::Oid::from_bytes(&id.0).ok()?).ok();
        let mut options = MergeOptions::new();
        options.find_renames(true).skip_reuc(true);
        let (ancestor, ours, theirs) = (tree(trees.ancestor?)?, tree(trees.ours)?, tree(trees.theirs)?);
        let mut index = repo.merge_trees(&ancestor, &ours, &theirs, Some(&options)).ok()?;
        let mut conflicts = Vec::new();
        let found: Vec<git2::IndexConflict> = index.conflicts().ok()?.flatten().collect();
        for conflict in found {
            let sides = [&conflict.ancestor, &conflict.our, &conflict.their];
            let path = sides.iter().rev().find_map(|side| side.as_ref().map(|entry| entry.path.clone()))?;
            let side = |entry: &Option<git2::IndexEntry>| {
                entry.as_ref().map(|entry| Side { mode: entry.mode, id: own(entry.id) })
            };
            conflicts.push((String::from_utf8_lossy(&path).into_owned(), sides.map(side)));
            for entry in sides.into_iter().flatten() {
                index.conflict_remove(std::path::Path::new(std::str::from_utf8(&entry.path).ok()?)).ok();
            }
        }
        let tree = index.write_tree_to(repo).ok()?;
        repo.find_object(tree, Some(ObjectType::Tree)).ok()?;
        Some(Made { tree: own(tree), conflicts })
    }
}
