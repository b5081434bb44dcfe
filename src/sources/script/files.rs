//! The files of a commit, by path, and the tree that Git makes of them.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use git2::{Index, IndexEntry, IndexTime, Oid, Repository};

/// Path of every file with the name of its content. All are ordinary files.
pub(super) type Files = BTreeMap<String, Oid>;

const ORDINARY: u32 = 0o100_644;

/// Why a path cannot be written, if so.
pub(super) fn path_fault(path: &str) -> Option<String> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let odd = |part: &str| part.is_empty() || part == "." || part == ".." || part.eq_ignore_ascii_case(".git");
    let outside = !plain || path.contains(['\\', '\0', ':']) || path.split('/').any(odd);
    outside.then(|| format!("`{path}` is no path inside the repository"))
}

/// A path that is a file and also the folder of another.
pub(super) fn file_and_folder(files: &Files) -> Option<&str> {
    files.keys().map(String::as_str).find(|path| {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        folders.into_iter().any(|folder| files.contains_key(folder))
    })
}

/// Writes the tree of these files.
pub(super) fn tree(repo: &Repository, files: &Files) -> Result<Oid, git2::Error> {
    let mut index = Index::new()?;
    for (path, &id) in files {
        let never = IndexTime::new(0, 0);
        index.add(&IndexEntry {
            ctime: never,
            mtime: never,
            dev: 0,
            ino: 0,
            mode: ORDINARY,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: 0,
            flags_extended: 0,
            path: path.as_bytes().to_vec(),
        })?;
    }
    index.write_tree_to(repo)
}

/// Puts what `theirs` changed since `base` into `ours`.
pub(super) fn merge(ours: &mut Files, theirs: &Files, base: &Files) {
    for (path, id) in theirs {
        if base.get(path) != Some(id) {
            ours.insert(path.clone(), *id);
        }
    }
    for path in base.keys().filter(|path| !theirs.contains_key(*path)) {
        ours.remove(path);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn paths_that_leave_the_repository_are_refused() {
        for path in ["", "/a", "../a", "a/../b", "a//b", "./a", "a/.", ".git/hooks/x", "a\\b", "c:/x", "a/"] {
            assert!(path_fault(path).is_some(), "{path}");
        }
        for path in [".mailmap", "a", "a/b.md", ".github/x.yml"] {
            assert!(path_fault(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_merge_takes_what_the_other_side_changed_and_removed() {
        let id = |digit: &str| Oid::from_str(&digit.repeat(40)).unwrap();
        let files = |list: &[(&str, &str)]| list.iter().map(|(path, digit)| ((*path).to_owned(), id(digit))).collect();
        let base: Files = files(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let theirs: Files = files(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let mut ours: Files = files(&[("a", "3"), ("b", "3"), ("c", "1")]);
        merge(&mut ours, &theirs, &base);
        assert_eq!(ours, files(&[("a", "3"), ("b", "2"), ("d", "1")]));
    }

    #[test]
    fn a_file_cannot_also_be_a_folder() {
        let id = Oid::from_str(&"1".repeat(40)).unwrap();
        let files: Files = [("a".to_owned(), id), ("a/b".to_owned(), id)].into();
        assert_eq!(file_and_folder(&files), Some("a/b"));
    }
}
