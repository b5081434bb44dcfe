//! The versions of `.mailmap` that a branch has had, each read once.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::sources::history::Repos;
use crate::sources::mailmap::Mailmap;
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Unreadable};
use crate::text::decode_keeping_offsets;

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

    /// The `.mailmap` in a tree; an empty one if the tree has none.
    ///
    /// # Errors
    /// The tree or the file cannot be read, with the object that is missing: who is who is then not known.
    pub fn in_tree(&self, tree: Oid) -> Result<Arc<Mailmap>, (Oid, Unreadable)> {
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
