//! The versions of `.mailmap` that a branch has had, each read once.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::sources::history::Repos;
use crate::sources::mailmap::Mailmap;
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Unreadable};
use crate::text::decode_keeping_offsets;

/// A version of `.mailmap`, or the object without which it cannot be told.
pub type Version = Result<Arc<Mailmap>, (Oid, Unreadable)>;

/// Up to so many trees are read each by itself; a year of changes is seldom more.
const EACH: usize = 1000;

/// Versions of `.mailmap`, found by tree.
pub struct Mailmaps<'r> {
    repos: &'r Repos,
    by_blob: Mutex<FxHashMap<Oid, Arc<Mailmap>>>,
    none: Arc<Mailmap>,
}

impl<'r> Mailmaps<'r> {
    /// Nothing is read before it is asked for.
    #[must_use]
    pub fn new(repos: &'r Repos) -> Self {
        Self { repos, by_blob: Mutex::default(), none: Arc::default() }
    }

    /// The `.mailmap` in each of these trees, which are those of one branch in its order; `None` where there is no
    /// tree. In a long history, the trees between two of one version are taken to have that version too: an alias
    /// that came and went between them is no alias any more.
    #[must_use]
    pub fn in_trees(&self, trees: &[Option<Oid>]) -> Vec<Option<Version>> {
        if trees.len() <= EACH {
            return trees.par_iter().map(|tree| tree.map(|tree| self.in_tree(tree))).collect();
        }
        let mut versions = vec![None; trees.len()];
        let (first, last) = (self.version(trees[0]), self.version(trees[trees.len() - 1]));
        self.fill(trees, &mut versions, (&first, &last));
        versions
    }

    fn version(&self, tree: Option<Oid>) -> Option<Version> {
        tree.map(|tree| self.in_tree(tree))
    }

    /// Fills in the versions of trees that lie between two known ones.
    fn fill(
        &self,
        trees: &[Option<Oid>],
        versions: &mut [Option<Version>],
        ends: (&Option<Version>, &Option<Version>),
    ) {
        if let (Some(Ok(first)), Some(Ok(last))) = ends
            && Arc::ptr_eq(first, last)
        {
            versions.fill(ends.0.clone());
        } else if !trees.is_empty() {
            let at = trees.len() / 2;
            let middle = self.version(trees[at]);
            let (before, rest) = versions.split_at_mut(at);
            rest[0].clone_from(&middle);
            rayon::join(
                || self.fill(&trees[..at], before, (ends.0, &middle)),
                || self.fill(&trees[at + 1..], &mut rest[1..], (&middle, ends.1)),
            );
        }
    }

    /// The `.mailmap` in a tree; an empty one if the tree has none.
    ///
    /// # Errors
    /// The tree or the file cannot be read, with the object that is missing: who is who is then not known.
    pub fn in_tree(&self, tree: Oid) -> Version {
        let repo = self.repos.mine();
        let entry = repo.entry_at(tree, ".mailmap").map_err(|why| (tree, why))?;
        let Some(entry) = entry else { return Ok(Arc::clone(&self.none)) };
        if let Some(known) = self.by_blob.lock().unwrap_or_else(PoisonError::into_inner).get(&entry.id) {
            return Ok(Arc::clone(known));
        }
        let parsed = repo
            .read(entry.id, ObjectKind::Blob, |bytes| Mailmap::parse(&decode_keeping_offsets(bytes)))
            .map_err(|why| (entry.id, why))?;
        let parsed = Arc::new(parsed);
        self.by_blob.lock().unwrap_or_else(PoisonError::into_inner).insert(entry.id, Arc::clone(&parsed));
        Ok(parsed)
    }
}
