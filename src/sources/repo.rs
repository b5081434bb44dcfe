//! A Git repository, opened for reading: objects by name, references, and what is missing from the clone.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use git2::{ErrorCode, ObjectType, Repository};
use sha1::{Digest, Sha1};

use super::loose::{LooseObjects, object_folders};
use super::oid::Oid;
use super::opening::{discover, explain_open};
use super::packs::{Inflater, Packs};
use super::tree_object::{Entry, entries};
use crate::error::{Error, Kind, Result};

/// Blobs beyond this size are refused unread; no note, mailmap or attestation is near it.
const MAX_BLOB: usize = 16 << 20;

/// The kinds of object that are read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A commit.
    Commit,
    /// A tree.
    Tree,
    /// A file's content.
    Blob,
    /// A tag with a message.
    Tag,
}

/// Why an object could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not in this clone.
    Missing,
    /// It is there, but damaged, of another kind, or too large; the text says which.
    Damaged(String),
}

/// What this clone lacks by its own account.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    /// Commits at which a shallow clone ends.
    pub shallow: Vec<Oid>,
    /// Commits whose parents `info/grafts` replaces.
    pub grafts: Vec<Oid>,
    /// A remote from which this partial clone would fetch missing objects when Git needs them.
    pub promisor: Option<String>,
    /// Number of references under `refs/replace`, which Git honours and this program ignores.
    pub replaced: usize,
}

/// A repository. One for each thread: libgit2 holds a lock while it inflates an object.
pub struct Repo {
    pub(super) inner: Repository,
    loose: Arc<LooseObjects>,
    packs: Arc<Packs>,
    inflater: RefCell<Inflater>,
}

impl Repo {
    /// The repository as libgit2 has it, for what only libgit2 can do.
    pub(super) const fn inner(&self) -> &Repository {
        &self.inner
    }

    /// The folders in which objects lie: the repository's own, and those that it borrows from.
    #[must_use]
    pub fn object_folders(&self) -> Vec<PathBuf> {
        object_folders(self.inner.commondir().join("objects"))
    }

    /// Opens the repository at a folder, or the one that the folder lies in.
    ///
    /// # Errors
    /// No repository there, or one of a format that libgit2 does not read; each with the command that mends it.
    pub fn open(folder: &Path) -> Result<Self> {
        let inner = match Repository::open(folder) {
            Ok(found) => found,
            Err(error) if error.code() == ErrorCode::NotFound => discover(folder)?,
            Err(error) => return Err(explain_open(folder, &error)),
        };
        git2::opts::enable_caching(false);
        // Every object is held against its name here instead, at a tenth of the cost; see `name_of`.
        git2::opts::strict_hash_verification(false);
        let folders = object_folders(inner.commondir().join("objects"));
        let (loose, packs) = (Arc::new(LooseObjects::of(folders.clone())), Arc::new(Packs::of(folders)));
        Ok(Self { inner, loose, packs, inflater: RefCell::new(Inflater::new()) })
    }

    /// Opens the repository of a folder itself, and none of a folder above it.
    ///
    /// # Errors
    /// The folder is none, or holds no repository.
    pub fn open_exactly(folder: &Path) -> Result<Self> {
        Repository::open(folder).map_err(|error| explain_open(folder, &error))?;
        Self::open(folder)
    }

    /// The same repository once more, for another thread.
    ///
    /// # Errors
    /// The repository has gone since it was opened.
    pub fn another(&self) -> Result<Self> {
        let path = self.inner.path();
        let inner = Repository::open(path).map_err(|error| explain_open(path, &error))?;
        let (loose, packs) = (Arc::clone(&self.loose), Arc::clone(&self.packs));
        Ok(Self { inner, loose, packs, inflater: RefCell::new(Inflater::new()) })
    }

    /// The repository as libgit2 has it.
    pub(super) const fn git(&self) -> &Repository {
        &self.inner
    }

    /// The Git folder.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        self.inner.path()
    }

    /// The folder of the files, if the repository is not bare.
    #[must_use]
    pub fn work_dir(&self) -> Option<&Path> {
        self.inner.workdir()
    }

    /// Name of the repository: its folder's name.
    #[must_use]
    pub fn name(&self) -> String {
        let git_dir = self.inner.path();
        let folder = self.inner.workdir().map_or_else(|| git_dir.to_path_buf(), Path::to_path_buf);
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.strip_suffix(".git").map_or_else(|| name.clone(), str::to_owned)
    }

    /// Reads an object and hands its bytes to `with`.
    ///
    /// # Errors
    /// The object is missing, damaged, too large, or not of the kind asked for.
    pub fn read<T>(
        &self,
        id: Oid,
        kind: ObjectKind,
        with: impl FnOnce(&[u8]) -> T,
    ) -> std::result::Result<T, Unreadable> {
        if let Some(fault) = self.loose.fault(id) {
            return Err(Unreadable::Damaged(fault));
        }
        if kind == ObjectKind::Commit {
            let mut inflater = self.inflater.borrow_mut();
            let has_its_name = |bytes: &[u8]| name_of(ObjectType::Commit, bytes) == id;
            if let Some(bytes) = self.packs.commit(id, &mut inflater, has_its_name) {
                return Ok(with(bytes));
            }
        }
        let git_id = git2::Oid::from_bytes(&id.0).map_err(|error| unreadable(&error))?;
        let odb = self.inner.odb().map_err(|error| unreadable(&error))?;
        if kind == ObjectKind::Blob {
            let (size, _) = odb.read_header(git_id).map_err(|error| unreadable(&error))?;
            if size > MAX_BLOB {
                let why = format!("it has {size} bytes, more than the {MAX_BLOB} that are read");
                return Err(Unreadable::Damaged(why));
            }
        }
        let object = odb.read(git_id).map_err(|error| unreadable(&error))?;
        if name_of(object.kind(), object.data()) != id {
            return Err(Unreadable::Damaged("its content does not have its name".to_owned()));
        }
        let wanted = match kind {
            ObjectKind::Commit => ObjectType::Commit,
            ObjectKind::Tree => ObjectType::Tree,
            ObjectKind::Blob => ObjectType::Blob,
            ObjectKind::Tag => ObjectType::Tag,
        };
        if object.kind() != wanted {
            return Err(Unreadable::Damaged(format!("it is a {}, not a {}", object.kind(), wanted)));
        }
        Ok(with(object.data()))
    }

    /// Number of bytes of an object, as its header declares it.
    ///
    /// # Errors
    /// The object is missing or damaged.
    pub fn size(&self, id: Oid) -> std::result::Result<usize, Unreadable> {
        if let Some(fault) = self.loose.fault(id) {
            return Err(Unreadable::Damaged(fault));
        }
        let header = |id| self.inner.odb().and_then(|odb| odb.read_header(id)).map(|(size, _)| size);
        git2::Oid::from_bytes(&id.0).and_then(header).map_err(|error| unreadable(&error))
    }

    /// The entry of a tree at a path such as `metadata/targets.json`; `None` if there is none.
    ///
    /// # Errors
    /// A tree on the way cannot be read.
    pub fn entry_at(&self, tree: Oid, path: &str) -> std::result::Result<Option<Entry>, Unreadable> {
        let mut here = tree;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let found = self.read(here, ObjectKind::Tree, |bytes| {
                entries(bytes).find(|entry| entry.name == part.as_bytes()).map(|entry| entry.to_entry())
            })?;
            match found {
                Some(entry) if parts.peek().is_none() => return Ok(Some(entry)),
                Some(entry) if entry.is_tree() => here = entry.id,
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The commit that a reference's full name points at, if the reference exists.
    ///
    /// # Errors
    /// The reference exists, but does not lead to a commit.
    pub fn reference(&self, name: &str) -> Result<Option<Oid>> {
        match self.inner.find_reference(name) {
            Ok(found) => {
                let commit = found.peel_to_commit().map_err(|error| {
                    Error::new(Kind::Unreadable, format!("{name} does not lead to a commit: {}", error.message()))
                        .hint(format!("fetch it again: git fetch origin '+{name}:{name}'"))
                })?;
                Ok(Some(own(commit.id())))
            }
            Err(_) => Ok(None),
        }
    }

    /// The first parent of a commit; `None` for the first commit of all, or where it cannot be read.
    #[must_use]
    pub fn first_parent(&self, id: Oid) -> Option<Oid> {
        self.read(id, ObjectKind::Commit, super::commit::parents).ok()??.first().copied()
    }

    /// Names of all references that match a pattern such as `refs/notes/*`, sorted.
    #[must_use]
    pub fn references(&self, pattern: &str) -> Vec<String> {
        let Ok(found) = self.inner.references_glob(pattern) else { return Vec::new() };
        let mut names: Vec<String> =
            found.flatten().filter_map(|reference| reference.name().ok().map(str::to_owned)).collect();
        names.sort();
        names
    }

    /// What kind an object is of; `None` where it is of none that is read here.
    ///
    /// # Errors
    /// The object is missing or damaged.
    pub fn kind(&self, id: Oid) -> std::result::Result<Option<ObjectKind>, Unreadable> {
        let git_id = git2::Oid::from_bytes(&id.0).map_err(|error| unreadable(&error))?;
        let odb = self.inner.odb().map_err(|error| unreadable(&error))?;
        let (_, kind) = odb.read_header(git_id).map_err(|error| unreadable(&error))?;
        Ok(match kind {
            ObjectType::Commit => Some(ObjectKind::Commit),
            ObjectType::Tree => Some(ObjectKind::Tree),
            ObjectType::Blob => Some(ObjectKind::Blob),
            ObjectType::Tag => Some(ObjectKind::Tag),
            ObjectType::Any => None,
        })
    }

    /// The object that a reference's full name leads to, whatever it is; `None` if there is no such reference.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<Oid> {
        self.inner.refname_to_id(name).ok().map(own)
    }

    /// The branch that is checked out, and the commit it stands at.
    ///
    /// # Errors
    /// The branch has no commit yet, or cannot be read.
    pub fn head(&self) -> Result<(String, Oid)> {
        let branch = self
            .inner
            .find_reference("HEAD")
            .ok()
            .and_then(|head| head.symbolic_target().ok().flatten().map(str::to_owned))
            .map_or_else(|| "HEAD".to_owned(), |name| name.trim_start_matches("refs/heads/").to_owned());
        match self.inner.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok((branch, own(commit.id()))),
            Err(_) if self.inner.refname_to_id("HEAD").is_ok() => {
                let what = format!("the newest commit of {branch} is not in this clone, or is damaged");
                Err(Error::new(Kind::Unreadable, what).hint("git fetch --refetch origin, or clone again"))
            }
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Err(Error::new(
                Kind::Unreadable,
                format!("no commits yet: the branch {branch} of this repository has none"),
            )
            .hint("name a branch that has commits, or make the first commit")),
            Err(error) => {
                Err(Error::new(Kind::Unreadable, format!("HEAD leads to no readable commit: {}", error.message()))
                    .hint("see what is damaged: git fsck --full"))
            }
        }
    }

    /// The commit that a revision names: a branch, a tag, an object name, with `~n` and `^n` behind it.
    ///
    /// # Errors
    /// Nothing of that name, or a search expression, which is refused because it reads messages of others.
    pub fn resolve(&self, revision: &str) -> Result<Oid> {
        if revision.contains([':', '{', '*', '?', '[', '\\']) || revision.contains(char::is_whitespace) {
            return Err(Error::new(Kind::Usage, format!("`{revision}` is not a branch, a tag or a commit"))
                .hint("name it directly, for example: tickmark trail v1.2..main"));
        }
        let object = self.inner.revparse_single(revision).map_err(|error| {
            let what = format!("`{revision}` is not in this clone");
            if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) {
                let hint =
                    format!("see what there is: git branch --all; git tag; or fetch it: git fetch origin {revision}");
                Error::new(Kind::Unreadable, what).hint(hint)
            } else {
                Error::new(Kind::Unreadable, format!("`{revision}` cannot be read: {}", error.message()))
                    .hint("see what is damaged: git fsck --full")
            }
        })?;
        object.peel(ObjectType::Commit).map(|commit| own(commit.id())).map_err(|error| {
            Error::new(Kind::Unreadable, format!("`{revision}` does not lead to a commit: {}", error.message()))
                .hint("see what is damaged: git fsck --full")
        })
    }

    /// What the clone lacks by its own account.
    #[must_use]
    pub fn gaps(&self) -> Gaps {
        let ids = |file: PathBuf| -> Vec<Oid> {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let first_words = text.lines().filter_map(|line| line.split_whitespace().next());
            first_words.filter_map(|word| Oid::parse(word.as_bytes())).collect()
        };
        let common = self.inner.commondir();
        Gaps {
            shallow: ids(common.join("shallow")),
            grafts: ids(common.join("info/grafts")),
            promisor: self.promisor(),
            replaced: self.references("refs/replace/*").len(),
        }
    }

    fn promisor(&self) -> Option<String> {
        let config = self.inner.config().ok()?;
        let mut entries = config.entries(Some("remote\\..*\\.promisor")).ok()?;
        while let Some(Ok(entry)) = entries.next() {
            if entry.value().is_ok_and(|value| value == "true") {
                let name = entry.name().ok()?;
                return Some(name.trim_start_matches("remote.").trim_end_matches(".promisor").to_owned());
            }
        }
        None
    }
}

/// The name that a file's content gives it.
#[must_use]
pub fn blob_name(content: &[u8]) -> Oid {
    name_of(ObjectType::Blob, content)
}

/// The name that an object's content gives it. libgit2 would compute it with a search for known attacks on SHA-1,
/// which Git has made already when the object came in, and which costs as much as inflating the object.
fn name_of(kind: ObjectType, data: &[u8]) -> Oid {
    let mut hash = Sha1::new();
    hash.update(kind.str());
    hash.update(b" ");
    hash.update(data.len().to_string());
    hash.update(b"\0");
    hash.update(data);
    Oid(hash.finalize().into())
}

pub(super) fn own(id: git2::Oid) -> Oid {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&id.as_bytes()[..20]);
    Oid(bytes)
}

fn unreadable(error: &git2::Error) -> Unreadable {
    if error.code() == ErrorCode::NotFound {
        Unreadable::Missing
    } else {
        Unreadable::Damaged(error.message().to_owned())
    }
}
