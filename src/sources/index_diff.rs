//! Files of an index that differ from those of a tree, by names and object ids alone.

use rustc_hash::FxHashMap;

use super::cache_tree::Trees;
use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_diff::MAX_DEPTH;
use super::tree_object::{Entry, entries};

/// A file of an index.
pub(super) struct Indexed<'a> {
    /// Its path, with `/` between its parts.
    pub(super) path: &'a str,
    /// Its mode.
    pub(super) mode: u32,
    /// Its content.
    pub(super) id: Oid,
}

/// A file that differs.
pub(super) struct Differing {
    /// Its path.
    pub(super) path: String,
    /// Its content in the tree, if it is a file there.
    pub(super) before: Option<Oid>,
}

/// What tree and index are compared with.
pub(super) struct Comparison<'a> {
    /// The repository.
    pub(super) repo: &'a Repo,
    /// The trees that the index knows.
    pub(super) trees: &'a Trees,
    /// Whether an entry of a tree is a file that the index could have as well.
    pub(super) is_file: fn(&str, u32) -> bool,
}

impl Comparison<'_> {
    /// The files that differ, out of those of the index below a folder, which are sorted by their paths, and those of the
    /// tree that the folder has in a commit; all of them are new where there is no tree.
    ///
    /// # Errors
    /// A tree cannot be read.
    pub(super) fn below(
        &self,
        folder: &str,
        tree: Option<Oid>,
        files: &[Indexed<'_>],
        found: &mut Vec<Differing>,
    ) -> Result<(), (Oid, Unreadable)> {
        let known = self.trees.get(folder.as_bytes());
        if known.is_some() && known.copied() == tree && !files.is_empty() {
            return Ok(());
        }
        if folder.matches('/').count() > MAX_DEPTH {
            let why = Unreadable::Damaged("folders nest too deep".to_owned());
            return Err((tree.unwrap_or_default(), why));
        }
        let mut before: FxHashMap<String, Entry> = FxHashMap::default();
        if let Some(tree) = tree {
            let read = |bytes: &[u8]| entries(bytes).map(|entry| entry.to_entry()).collect::<Vec<_>>();
            let read = self.repo.read(tree, ObjectKind::Tree, read).map_err(|why| (tree, why))?;
            let named = |entry: Entry| Some((std::str::from_utf8(&entry.name).ok()?.to_owned(), entry));
            before.extend(read.into_iter().filter_map(named));
        }
        let mut rest = files;
        while let Some(file) = rest.first() {
            let tail = file.path.get(folder.len()..).unwrap_or_default();
            let Some((name, _)) = tail.split_once('/') else {
                rest = &rest[1..];
                let old = take(&mut before, tail, false);
                if !old.as_ref().is_some_and(|old| old.id == file.id && old.mode == file.mode) {
                    found.push(Differing { path: file.path.to_owned(), before: old.map(|old| old.id) });
                }
                continue;
            };
            let path = format!("{folder}{name}/");
            let (inside, behind) = rest.split_at(rest.partition_point(|file| file.path.starts_with(&path)));
            rest = behind;
            let old = take(&mut before, name, true);
            self.below(&path, old.map(|old| old.id), inside, found)?;
        }
        // What is left stands in the tree alone, or is a folder there and a file in the index.
        for (name, entry) in before {
            let path = format!("{folder}{name}");
            if entry.is_tree() {
                self.below(&format!("{path}/"), Some(entry.id), &[], found)?;
            } else if (self.is_file)(&path, entry.mode) {
                found.push(Differing { path, before: Some(entry.id) });
            }
        }
        Ok(())
    }
}

/// Takes out the entry of a name, if it is of the kind that is asked for.
fn take(entries: &mut FxHashMap<String, Entry>, name: &str, folder: bool) -> Option<Entry> {
    entries.get(name).filter(|entry| entry.is_tree() == folder)?;
    entries.remove(name)
}
