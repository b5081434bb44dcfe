//! All files below a tree of Git.

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_object::{Entry, entries};

/// Entries that are looked at below one tree. Trees that hold each other's content again and again would otherwise have
/// more files than anybody can list, in a few kilobytes.
pub const MAX_ENTRIES: usize = 2_000_000;
/// Entries that reading a folder counts for.
const A_FOLDER: usize = 16;

/// Visits every file below a tree, with its path below it. A folder is entered if `enter` says so of its path.
///
/// # Errors
/// A tree cannot be read, or has too many files: none may then be taken for absent. Also what `each` returns.
pub fn files(
    repo: &Repo,
    tree: Oid,
    enter: impl Fn(&str) -> bool,
    mut each: impl FnMut(&str, Oid) -> Result<(), (Oid, Unreadable)>,
) -> Result<(), (Oid, Unreadable)> {
    let mut left = MAX_ENTRIES;
    let mut folders = vec![(String::new(), tree)];
    while let Some((before, tree)) = folders.pop() {
        let listed: Vec<Entry> = repo
            .read(tree, ObjectKind::Tree, |bytes| entries(bytes).map(|entry| entry.to_entry()).collect())
            .map_err(|why| (tree, why))?;
        left = left.checked_sub(listed.len() + A_FOLDER).ok_or_else(|| {
            (tree, Unreadable::Damaged(format!("more than {MAX_ENTRIES} files are in and around it")))
        })?;
        for entry in listed {
            let path = format!("{before}{}", String::from_utf8_lossy(&entry.name));
            if !entry.is_tree() {
                each(&path, entry.id)?;
            } else if enter(&path) {
                folders.push((path + "/", entry.id));
            }
        }
    }
    Ok(())
}
