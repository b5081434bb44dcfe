//! Files that differ between two trees, by names and object ids alone.

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_object::{Entry, entries};

/// Folders nested deeper than this are none that Git could check out.
const MAX_DEPTH: usize = 256;

/// Paths of the files that differ between two trees; every file of `new` where there is no `old`. Bytes that are not
/// UTF-8 are replaced: the paths are for matching and showing, never for opening.
///
/// # Errors
/// A tree cannot be read.
pub fn touched(repo: &Repo, old: Option<Oid>, new: Oid) -> Result<Vec<String>, (Oid, Unreadable)> {
    let mut found = Vec::new();
    compare(repo, old, Some(new), String::new(), 0, &mut found)?;
    Ok(found)
}

fn compare(
    repo: &Repo,
    old: Option<Oid>,
    new: Option<Oid>,
    prefix: String,
    depth: usize,
    found: &mut Vec<String>,
) -> Result<(), (Oid, Unreadable)> {
    if old == new {
        return Ok(());
    }
    if depth > MAX_DEPTH {
        return Err((new.or(old).unwrap_or_default(), Unreadable::Damaged("folders nest too deep".to_owned())));
    }
    let (before, after) = (list(repo, old)?, list(repo, new)?);
    let mut names: Vec<&[u8]> = before.iter().chain(&after).map(|entry| entry.name.as_slice()).collect();
    names.sort_unstable();
    names.dedup();
    let of = |entries: &[Entry], name: &[u8]| entries.iter().position(|entry| entry.name == name);
    for name in names {
        let (was, is) = (of(&before, name).map(|at| &before[at]), of(&after, name).map(|at| &after[at]));
        if was.map(same) == is.map(same) {
            continue;
        }
        let path = format!("{prefix}{}", String::from_utf8_lossy(name));
        let tree = |entry: Option<&Entry>| entry.filter(|entry| entry.is_tree()).map(|entry| entry.id);
        if was.is_some_and(|entry| !entry.is_tree()) || is.is_some_and(|entry| !entry.is_tree()) {
            found.push(path.clone());
        }
        if tree(was).is_some() || tree(is).is_some() {
            compare(repo, tree(was), tree(is), format!("{path}/"), depth + 1, found)?;
        }
    }
    Ok(())
}

/// What makes an entry the same. Old commits write a plain file's mode with the group's write bit.
fn same(entry: &Entry) -> (Oid, u32) {
    (entry.id, if entry.mode == 0o100_664 { 0o100_644 } else { entry.mode })
}

fn list(repo: &Repo, tree: Option<Oid>) -> Result<Vec<Entry>, (Oid, Unreadable)> {
    let Some(tree) = tree else { return Ok(Vec::new()) };
    repo.read(tree, ObjectKind::Tree, |bytes| entries(bytes).map(|entry| entry.to_entry()).collect())
        .map_err(|why| (tree, why))
}
