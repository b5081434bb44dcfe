//! Git notes: texts kept beside commits under `refs/notes/`.

use rustc_hash::FxHashMap;

use super::oid::Oid;
use super::repo::{Repo, Unreadable};
use super::tree_walk;

/// Blobs of the notes in a notes tree, by the object that each belongs to.
///
/// # Errors
/// A tree of the notes cannot be read: no note may then be taken for absent.
pub fn list(repo: &Repo, tree: Oid) -> Result<FxHashMap<Oid, Oid>, (Oid, Unreadable)> {
    let mut found = FxHashMap::default();
    // Folders are named by the next digits of the object, two each, so that none holds too many files.
    let fans_out = |path: &str| path.len() < 58 && path.rsplit('/').next().is_some_and(|name| name.len() == 2);
    tree_walk::files(repo, tree, fans_out, |path, blob| {
        if let Some(noted) = Oid::parse(path.replace('/', "").as_bytes()) {
            found.insert(noted, blob);
        }
        Ok(())
    })?;
    Ok(found)
}
