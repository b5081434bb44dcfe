//! Git notes: texts kept beside commits under `refs/notes/`.

use rustc_hash::FxHashMap;

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_object::entries;

/// Fan-out folders nest at most this deep: nineteen pairs of digits and a rest.
const MAX_DEPTH: usize = 20;

/// Blobs of the notes in a notes tree, by the object that each belongs to.
///
/// # Errors
/// A tree of the notes cannot be read: no note may then be taken for absent.
pub fn list(repo: &Repo, tree: Oid) -> Result<FxHashMap<Oid, Oid>, (Oid, Unreadable)> {
    let mut found = FxHashMap::default();
    walk(repo, tree, String::new(), 0, &mut found)?;
    Ok(found)
}

fn walk(
    repo: &Repo,
    tree: Oid,
    prefix: String,
    depth: usize,
    found: &mut FxHashMap<Oid, Oid>,
) -> Result<(), (Oid, Unreadable)> {
    let mut folders = Vec::new();
    repo.read(tree, ObjectKind::Tree, |bytes| {
        for entry in entries(bytes) {
            let Ok(name) = std::str::from_utf8(entry.name) else { continue };
            let path = format!("{prefix}{name}");
            if entry.is_tree() {
                folders.push((path, entry.id));
            } else if let Some(noted) = Oid::parse(path.as_bytes()) {
                found.insert(noted, entry.id);
            }
        }
    })
    .map_err(|why| (tree, why))?;
    for (path, id) in folders {
        if depth < MAX_DEPTH && path.len() < 40 {
            walk(repo, id, path, depth + 1, found)?;
        }
    }
    Ok(())
}
