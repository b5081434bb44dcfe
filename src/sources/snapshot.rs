//! The files of a commit or of the index, written out to a folder, so that they are read as those of a working tree are;
//! and which of them changed.

use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use git2::{ErrorCode, Index, IndexEntryExtendedFlag, ObjectType, TreeWalkMode, TreeWalkResult};
use rustc_hash::{FxHashMap, FxHashSet};

use super::cache_tree;
use super::index_diff::{Comparison, Indexed};
use super::oid::Oid;
use super::related::{self, Checkout, Entry, Stamp, Texts, Wanted};
use super::repo::{Repo, blob_name, own};
use super::tree::MAX_REGISTER_BYTES;
use super::tree_diff;
use crate::error::{Error, Kind, Result};
use crate::text::shown;

/// Endings of files in which documents and records are kept; a file without an ending may be one as well.
const ENDINGS: [&str; 15] = [
    "yaml", "yml", "md", "markdown", "mdx", "csv", "tsv", "json", "jsonl", "ndjson", "txt", "html", "sarif", "toml",
    "ics",
];
/// File modes of Git: a link, and another repository.
const LINK: u32 = 0o120_000;
const REPOSITORY: u32 = 0o160_000;

/// A file of a snapshot.
struct File {
    path: PathBuf,
    mode: u32,
    id: Oid,
    /// What the index remembers of the file of the working tree.
    stamp: Option<Stamp>,
}

impl File {
    fn indexed(&self) -> Option<Indexed<'_>> {
        Some(Indexed { path: self.path.to_str()?, mode: self.mode, id: self.id })
    }
}

/// The documents and records of a commit or of the index, and what changed.
pub struct Snapshot {
    files: Vec<File>,
    /// When the index was written, if it is one.
    written: Option<(u64, u32)>,
    /// What the files that changed were before, where they were there.
    before: FxHashMap<String, Oid>,
    /// Paths that differ from what they are compared with, with `/` between their parts; those of files that are gone too.
    pub changed: Vec<String>,
}

impl Snapshot {
    /// What the next commit will hold, compared with the commit that is checked out. `index` is the index that Git names
    /// to its hooks; the repository's own if there is none.
    ///
    /// # Errors
    /// The index cannot be read, or holds a merge that is not settled.
    pub fn staged(repo: &Repo, index: Option<&Path>) -> Result<Self> {
        let failed = |error: git2::Error| {
            Error::new(Kind::Unreadable, format!("the index cannot be read: {}", error.message())).hint("git status")
        };
        let index = match index {
            Some(path) => Index::open(path),
            None => repo.inner().index(),
        };
        let index = index.map_err(failed)?;
        if index.has_conflicts() {
            return Err(Error::new(Kind::Unreadable, "the index holds a merge with conflicts that are not settled")
                .hint("settle them, then: git add FILE"));
        }
        let head = match repo.inner().head() {
            Ok(head) => Some(own(head.peel_to_tree().map_err(failed)?.id())),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => None,
            Err(error) => return Err(failed(error)),
        };
        let intended = IndexEntryExtendedFlag::INTENT_TO_ADD.bits();
        let entries = index.iter().filter(|entry| entry.flags_extended & intended == 0);
        let stamp = |entry: &git2::IndexEntry| Stamp {
            written: (entry.mtime.seconds(), entry.mtime.nanoseconds()),
            size: entry.file_size,
        };
        let files: Vec<File> = entries
            .filter_map(|entry| Some(File { stamp: Some(stamp(&entry)), ..file(&entry.path, entry.mode, entry.id)? }))
            .collect();
        let written = index.path().and_then(|path| path.metadata().ok()?.modified().ok());
        let written = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let written = written.map(|at| (at.as_secs(), at.subsec_nanos()));
        let trees = index.path().map(cache_tree::read).unwrap_or_default();
        let comparison = Comparison { repo, trees: &trees, is_file: |path, mode| is_plain(Path::new(path), mode) };
        let indexed: Vec<Indexed<'_>> = files.iter().filter_map(File::indexed).collect();
        let mut found = Vec::new();
        comparison.below("", head, &indexed, &mut found).map_err(|(id, _)| {
            Error::new(Kind::Unreadable, format!("the commit that is checked out lacks {}", id.short()))
                .hint("fetch what is missing, or see what is damaged: git fsck --full")
        })?;
        let before = found.iter().filter_map(|one| Some((one.path.clone(), one.before?))).collect();
        let mut changed: Vec<String> = found.into_iter().map(|one| one.path).collect();
        changed.sort();
        Ok(Self { files, written, before, changed })
    }

    /// What a commit holds, compared with another one; all of it is new where there is no other.
    ///
    /// # Errors
    /// A tree is missing or damaged.
    pub fn of_commit(repo: &Repo, base: Option<Oid>, tip: Oid) -> Result<Self> {
        let damaged = |what: &str| {
            Error::new(Kind::Unreadable, format!("the files of {} cannot be read: {what}", tip.short()))
                .hint("fetch what is missing, or see what is damaged: git fsck --full")
        };
        let failed = |error: git2::Error| damaged(error.message());
        let tree = |id: Oid| -> std::result::Result<git2::Tree<'_>, git2::Error> {
            repo.inner().find_commit(git2::Oid::from_bytes(&id.0)?)?.tree()
        };
        let new = tree(tip).map_err(failed)?;
        let old = base.map(tree).transpose().map_err(failed)?.map(|tree| own(tree.id()));
        let mut files = Vec::new();
        new.walk(TreeWalkMode::PreOrder, |folder, entry| {
            if entry.kind() != Some(ObjectType::Tree) {
                let path = [folder.as_bytes(), entry.name_bytes()].concat();
                files.extend(file(&path, entry.filemode().unsigned_abs(), entry.id()));
            }
            TreeWalkResult::Ok
        })
        .map_err(failed)?;
        let changed = tree_diff::touched(repo, old, own(new.id()))
            .map_err(|(id, _)| damaged(&format!("{} is missing or damaged", id.short())))?;
        Ok(Self { files, written: None, before: FxHashMap::default(), changed })
    }

    /// Keeps only some files, by their paths.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.files.retain(|file| file.path.to_str().is_some_and(&wanted));
    }

    /// Keeps only what has to do with what changed, see [`related`]; whether anything was left out.
    pub fn keep_related(&mut self, repo: &Repo, wanted: &Wanted<'_>) -> bool {
        let names: Vec<String> = self.files.iter().map(|file| file.path.to_string_lossy().replace('\\', "/")).collect();
        let checkout = repo.work_dir().zip(self.written);
        let checkout = checkout.map(|(top, written)| Checkout { top: top.to_path_buf(), written });
        let entries = self.files.iter().zip(&names).map(|(file, path)| Entry { path, stamp: file.stamp });
        let entries: Vec<Entry<'_>> = entries.collect();
        let text = |file: &File| content(repo, file).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let now = |at: usize| text(&self.files[at]);
        let before =
            |path: &str| text(&File { path: PathBuf::new(), mode: 0, id: *self.before.get(path)?, stamp: None });
        let texts = Texts { now: &now, before: &before, checkout: checkout.as_ref() };
        let Some(kept) = related::related(&entries, &self.changed, wanted, &texts) else { return false };
        let kept: FxHashSet<usize> = kept.into_iter().collect();
        let mut at = 0..;
        self.files.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
        kept.len() < names.len()
    }

    /// Writes the documents and records into an empty folder: every file with an ending of theirs or with none, and
    /// those with an ending that `also` holds, such as a configuration that names files.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn write(&self, repo: &Repo, folder: &Path, also: &str) -> Result<()> {
        let wanted = |path: &Path| match path.extension().and_then(|ending| ending.to_str()) {
            None => true,
            Some(ending) => {
                ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) || also.contains(&format!(".{ending}"))
            }
        };
        let mut last = PathBuf::new();
        for file in self.files.iter().filter(|file| wanted(&file.path)) {
            let parent = file.path.parent().unwrap_or(Path::new(""));
            let failed = |error: std::io::Error| {
                let path = file.path.to_string_lossy();
                Error::new(Kind::Source, format!("{} cannot be written out: {error}", shown(&path)))
                    .hint("see whether the temporary folder is full: df")
            };
            if parent != last {
                std::fs::create_dir_all(folder.join(parent)).map_err(failed)?;
                last = parent.to_path_buf();
            }
            let content = content(repo, file)?;
            put(&folder.join(&file.path), file.mode, &content).map_err(failed)?;
        }
        Ok(())
    }

    /// The content of the first of some files that is there, as text; empty if none is.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn text(&self, repo: &Repo, names: &[&str]) -> Result<String> {
        let found = self.files.iter().find(|file| names.iter().any(|name| file.path == Path::new(name)));
        let bytes = found.map(|file| content(repo, file)).transpose()?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A file, unless it is another repository or has a path that leads out of the folder, which Git writes to no disk.
fn file(path: &[u8], mode: u32, id: git2::Oid) -> Option<File> {
    let path = PathBuf::from(std::str::from_utf8(path).ok()?);
    is_plain(&path, mode).then(|| File { path, mode, id: own(id), stamp: None })
}

fn is_plain(path: &Path, mode: u32) -> bool {
    let is_git = |part: &std::ffi::OsStr| part.eq_ignore_ascii_case(".git");
    let plain = path.components().all(|part| matches!(part, Component::Normal(part) if !is_git(part)));
    plain && mode & 0o170_000 != REPOSITORY
}

fn content(repo: &Repo, file: &File) -> Result<Vec<u8>> {
    let unreadable = |why: &str| {
        let path = file.path.to_string_lossy();
        Error::new(Kind::Unreadable, format!("{} cannot be read from Git: {why}", shown(&path)))
            .hint("fetch what is missing, or see what is damaged: git fsck --full")
    };
    match repo.size(file.id) {
        Ok(size) if size as u64 > MAX_REGISTER_BYTES => return Err(unreadable("it is too large")),
        Ok(_) => {}
        Err(_) => return Err(unreadable("it is missing or damaged")),
    }
    let id = git2::Oid::from_bytes(&file.id.0).map_err(|error| unreadable(error.message()))?;
    let blob = repo.inner().find_blob(id).map_err(|error| unreadable(error.message()))?;
    if blob_name(blob.content()) != file.id {
        return Err(unreadable("its content does not have its name"));
    }
    Ok(blob.content().to_vec())
}

/// Writes one file. A link stays a link, which no reader follows.
fn put(path: &Path, mode: u32, content: &[u8]) -> std::io::Result<()> {
    #[cfg(unix)]
    if mode & 0o170_000 == LINK {
        use std::os::unix::ffi::OsStrExt;
        return std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(content), path);
    }
    #[cfg(not(unix))]
    let _ = (mode, LINK);
    // A path is written once, and never through a link that the snapshot itself holds.
    std::fs::OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut out| {
        use std::io::Write;
        out.write_all(content)
    })
}
