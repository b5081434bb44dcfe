//! What merging trees gives, worked out in memory, and held against the tree that landed.
//!
//! Four trees are walked at once, and folders that explain themselves are not entered, so that a merge costs what it
//! changed and not what the repository holds. Nothing is written and no work tree is needed. Renames are not followed
//! here: what does not fit is put to [`git`] or to [`memory`], which do.

pub mod ancestry;
pub mod git;
pub mod memory;
pub mod text;

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable, blob_name};
use super::tree_object::{Entry, entries};

/// Folders nested deeper than this are none that Git could check out.
const MAX_DEPTH: usize = 256;
/// Entries that are looked at for one merge; trees that hold each other's content again and again have more.
const MAX_ENTRIES: usize = 2_000_000;

/// An object that could not be read.
pub type Missing = (Oid, Unreadable);

/// The trees of a merge, and the one that landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trees {
    /// Where both sides came from; `None` where they have nothing in common.
    pub ancestor: Option<Oid>,
    /// The side that is merged into.
    pub ours: Oid,
    /// The side that is merged.
    pub theirs: Oid,
    /// What landed.
    pub landed: Oid,
}

/// A file as a tree has it: its mode, such as `0o100644`, and its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Mode.
    pub mode: u32,
    /// Content; the commit of a submodule.
    pub id: Oid,
}

impl Side {
    /// Whether it is a file with content, and neither a link, a folder nor a submodule.
    #[must_use]
    pub const fn is_file(self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    /// Whether it is the commit of a submodule.
    #[must_use]
    pub const fn is_submodule(self) -> bool {
        self.mode & 0o170_000 == 0o160_000
    }

    const fn is_tree(self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }

    /// The entry of a tree. Old commits write a plain file's mode with the group's write bit.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self { mode: if entry.mode == 0o100_664 { 0o100_644 } else { entry.mode }, id: entry.id }
    }
}

/// What merging gives at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// No file.
    Nothing,
    /// The file of one side, or what a tree holds that was merged elsewhere.
    File(Side),
    /// Both sides changed the file, and the changes fit together: this mode and this content.
    Merged(u32, Vec<u8>),
    /// Both sides changed the file, and the changes do not fit together. The content with marked conflicts, as
    /// [`text::merge`] gives it; `None` where it is no text, or one side took the file away.
    Conflict(Option<Vec<u8>>),
}

/// A path at which something else landed than merging gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// The path. Bytes that are not UTF-8 are replaced: it is for showing, never for opening.
    pub path: String,
    /// What merging gives.
    pub given: Given,
    /// What the side that is merged into has there.
    pub ours: Option<Side>,
    /// What the side that is merged has there.
    pub theirs: Option<Side>,
    /// What landed.
    pub landed: Option<Side>,
}

/// A merge that was made by Git or by libgit2, which follow renames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The tree; of a file that conflicts it holds something that says so, or the file of one side.
    pub tree: Oid,
    /// Files that conflict, with what the ancestor and both sides have there.
    pub conflicts: Vec<(String, [Option<Side>; 3])>,
}

/// Ancestor, ours, theirs and landed at one place.
type Four<T> = [Option<T>; 4];

/// The paths at which something else landed than merging gives, in the order of their folders; none if the merge is
/// explained.
///
/// # Errors
/// A tree or a file cannot be read, or there are more entries than are looked at.
pub fn unexplained(repo: &Repo, trees: &Trees) -> Result<Vec<Unexplained>, Missing> {
    let folder = |id| Some(Side { mode: 0o040_000, id });
    let top = [trees.ancestor.and_then(folder), folder(trees.ours), folder(trees.theirs), folder(trees.landed)];
    let mut walk = Walk { repo, found: Vec::new(), left: MAX_ENTRIES };
    if !settled(&top) {
        walk.folder(top.map(|side| side.map(|side| side.id)), "", 0)?;
    }
    Ok(walk.found)
}

/// The paths at which something else landed than a merge that was made gives. `repo` holds the merge, too; `ours` and
/// `theirs` are the trees that were merged.
///
/// # Errors
/// As for [`unexplained`].
pub fn unmade(repo: &Repo, made: &Made, (ours, theirs): (Oid, Oid), landed: Oid) -> Result<Vec<Unexplained>, Missing> {
    let given = made.tree;
    let mut found = unexplained(repo, &Trees { ancestor: Some(given), ours: given, theirs: given, landed })?;
    for one in &mut found {
        (one.ours, one.theirs) = (file_at(repo, ours, &one.path)?, file_at(repo, theirs, &one.path)?);
        let Some((_, sides)) = made.conflicts.iter().find(|(path, _)| *path == one.path) else { continue };
        let files = sides.iter().flatten().all(|side| side.is_file());
        one.given = match sides {
            [before, Some(ours), Some(theirs)] if files => {
                let mode = if before.is_some_and(|before| before.mode == ours.mode) { theirs.mode } else { ours.mode };
                match merged(repo, before.map(|before| before.id), (ours.id, theirs.id), mode)? {
                    // The contents fit together, and something else about the file does not.
                    Given::Merged(..) => Given::Conflict(None),
                    given => given,
                }
            }
            _ => Given::Conflict(None),
        };
    }
    Ok(found)
}

/// The paths at which two trees differ, the first being what was given.
///
/// # Errors
/// As for [`unexplained`].
pub fn between(repo: &Repo, given: Oid, landed: Oid) -> Result<Vec<Unexplained>, Missing> {
    unexplained(repo, &Trees { ancestor: Some(given), ours: given, theirs: given, landed })
}

/// What a merge of unchanged pieces gives; `None` where both sides changed it differently.
fn expected<T: PartialEq + Copy>([ancestor, ours, theirs, _]: &Four<T>) -> Option<Option<T>> {
    if ours == theirs || ancestor == theirs {
        Some(*ours)
    } else if ancestor == ours {
        Some(*theirs)
    } else {
        None
    }
}

fn settled<T: PartialEq + Copy>(four: &Four<T>) -> bool {
    expected(four) == Some(four[3])
}

struct Walk<'a> {
    repo: &'a Repo,
    found: Vec<Unexplained>,
    left: usize,
}

impl Walk<'_> {
    fn folder(&mut self, trees: Four<Oid>, prefix: &str, depth: usize) -> Result<(), Missing> {
        if depth > MAX_DEPTH {
            let id = trees.into_iter().flatten().next().unwrap_or_default();
            return Err((id, Unreadable::Damaged("folders nest too deep".to_owned())));
        }
        let lists = [self.list(trees[0])?, self.list(trees[1])?, self.list(trees[2])?, self.list(trees[3])?];
        let mut each = lists.each_ref().map(|list| list.iter().peekable());
        loop {
            let Some(name) = each.iter_mut().filter_map(|list| list.peek().map(|entry| &entry.name)).min() else {
                return Ok(());
            };
            let here = each.each_mut().map(|list| list.next_if(|entry| entry.name == *name).map(Side::of));
            if settled(&here) {
                continue;
            }
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            let folders = here.map(|side| side.filter(|side| side.is_tree()).map(|side| side.id));
            if folders.iter().any(Option::is_some) {
                self.folder(folders, &format!("{path}/"), depth + 1)?;
            }
            let files = here.map(|side| side.filter(|side| !side.is_tree()));
            if !settled(&files) {
                self.file(&files, path)?;
            }
        }
    }

    fn file(&mut self, files: &Four<Side>, path: String) -> Result<(), Missing> {
        let [ancestor, ours, theirs, landed] = *files;
        let given = match (expected(files), ours, theirs) {
            (Some(given), ..) => given.map_or(Given::Nothing, Given::File),
            (None, Some(ours), Some(theirs)) => self.merge(ancestor, ours, theirs)?,
            (None, ..) => Given::Conflict(None),
        };
        let is_landed = |mode: u32, content: &[u8]| landed == Some(Side { mode, id: blob_name(content) });
        if !matches!(&given, Given::Merged(mode, content) if is_landed(*mode, content)) {
            self.found.push(Unexplained { path, given, ours, theirs, landed });
        }
        Ok(())
    }

    fn merge(&self, ancestor: Option<Side>, ours: Side, theirs: Side) -> Result<Given, Missing> {
        let all_files = [ancestor, Some(ours), Some(theirs)].into_iter().flatten().all(Side::is_file);
        if !all_files {
            return Ok(Given::Conflict(None));
        }
        // A mode that only one side changed is that side's.
        let mode = if ancestor.is_some_and(|ancestor| ancestor.mode == ours.mode) { theirs.mode } else { ours.mode };
        merged(self.repo, ancestor.map(|side| side.id), (ours.id, theirs.id), mode)
    }

    /// The entries of a tree by name.
    fn list(&mut self, tree: Option<Oid>) -> Result<Vec<Entry>, Missing> {
        let Some(tree) = tree else { return Ok(Vec::new()) };
        let read = |bytes: &[u8]| entries(bytes).map(|entry| entry.to_entry()).collect();
        let mut listed: Vec<Entry> = self.repo.read(tree, ObjectKind::Tree, read).map_err(|why| (tree, why))?;
        self.left = self.left.checked_sub(listed.len() + 1).ok_or_else(|| {
            (tree, Unreadable::Damaged(format!("more than {MAX_ENTRIES} files are in and around it")))
        })?;
        // Git orders a folder as if a slash stood behind its name.
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        if listed.windows(2).any(|pair| pair[0].name == pair[1].name) {
            return Err((tree, Unreadable::Damaged("it holds a name twice".to_owned())));
        }
        Ok(listed)
    }
}

/// What merging three contents gives.
fn merged(repo: &Repo, ancestor: Option<Oid>, (ours, theirs): (Oid, Oid), mode: u32) -> Result<Given, Missing> {
    for id in [ancestor, Some(ours), Some(theirs)].into_iter().flatten() {
        if repo.size(id).map_err(|why| (id, why))? > text::MAX_TEXT {
            return Ok(Given::Conflict(None));
        }
    }
    let read = |id: Oid| repo.read(id, ObjectKind::Blob, <[u8]>::to_vec).map_err(|why| (id, why));
    let before = ancestor.map(read).transpose()?.unwrap_or_default();
    Ok(match text::merge(&before, &read(ours)?, &read(theirs)?) {
        Some((content, true)) => Given::Merged(mode, content),
        Some((marked, false)) => Given::Conflict(Some(marked)),
        None => Given::Conflict(None),
    })
}

/// The file at a path of a tree, if there is one.
///
/// # Errors
/// A tree on the way cannot be read.
pub fn file_at(repo: &Repo, tree: Oid, path: &str) -> Result<Option<Side>, Missing> {
    let entry = repo.entry_at(tree, path).map_err(|why| (tree, why))?;
    Ok(entry.filter(|entry| !entry.is_tree()).map(|entry| Side::of(&entry)))
}
