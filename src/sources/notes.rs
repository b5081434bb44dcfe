//! Git notes: texts kept beside commits under `refs/notes/`.

use std::time::Duration;

use git2::build::TreeUpdateBuilder;
use git2::{ErrorCode, FileMode, ObjectType, Repository, Signature, Time};
use rustc_hash::FxHashMap;

use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_walk;
use crate::error::{Error, Kind, Result};

/// A note that has more bytes is not added to.
const MOST_BYTES: usize = 1 << 20;
/// Notes beside each other; more are spread over folders, so that a new one does not write all of their names again.
const MOST_IN_A_FOLDER: usize = 256;
/// How often it is tried to write where others write at the same time, and how long is waited in between.
const MOST_TRIES: usize = 200;
const BETWEEN_TRIES: Duration = Duration::from_millis(25);
/// The message of the commits that add lines.
const MESSAGE: &str = "Notes added by 'tickmark approve'\n";

/// Blobs of the notes in a notes tree, by the object that each belongs to.
///
/// # Errors
/// A tree of the notes cannot be read: no note may then be taken for absent.
pub fn list(repo: &Repo, tree: Oid) -> std::result::Result<FxHashMap<Oid, Oid>, (Oid, Unreadable)> {
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

/// Who writes a note, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Name in full.
    pub name: &'a str,
    /// Mail address.
    pub email: &'a str,
    /// Seconds since 1970 in UTC.
    pub seconds: i64,
    /// Offset from UTC in minutes.
    pub offset: i16,
}

/// Adds a line to the note on an object, behind those that it has, which stay as they are. A writer who came in between
/// is waited for, and the line is added to what that one wrote.
///
/// # Errors
/// The notes cannot be read, the note is too large, or nothing can be written.
pub fn append(repo: &Repo, reference: &str, noted: Oid, line: &str, by: By<'_>) -> Result<()> {
    let failed = |why: &str| {
        Error::new(Kind::Source, format!("{reference} cannot be written: {why}"))
            .hint(format!("see whether it can be read: git log -1 {reference}"))
    };
    let mut tries = 0;
    loop {
        tries += 1;
        match add(repo, reference, noted, line, by) {
            Ok(()) => return Ok(()),
            Err(NotAdded::Git(error)) if tries < MOST_TRIES && error.code() == ErrorCode::Locked => {
                std::thread::sleep(BETWEEN_TRIES);
            }
            Err(NotAdded::Git(error)) => return Err(failed(error.message())),
            Err(NotAdded::Old(why)) => return Err(failed(&why)),
        }
    }
}

enum NotAdded {
    Git(git2::Error),
    Old(String),
}

impl From<git2::Error> for NotAdded {
    fn from(error: git2::Error) -> Self {
        Self::Git(error)
    }
}

fn add(repo: &Repo, reference: &str, noted: Oid, line: &str, by: By<'_>) -> std::result::Result<(), NotAdded> {
    let git = repo.git();
    // Whoever else writes, Git itself too, finds the reference locked until the line stands there.
    let mut locked = git.transaction()?;
    locked.lock_ref(reference)?;
    let tip = match git.find_reference(reference) {
        Ok(found) => Some(found.peel_to_commit()?),
        Err(error) if error.code() == ErrorCode::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let tree = match &tip {
        Some(tip) => tip.tree()?,
        None => git.find_tree(git.treebuilder(None)?.write()?)?,
    };
    let (path, old) = place(git, &tree, &noted.to_string())?;
    let mut text = Vec::new();
    if let Some(old) = old.and_then(|id| id.as_bytes().try_into().ok()).map(Oid) {
        let read = repo.read(old, ObjectKind::Blob, <[u8]>::to_vec);
        text = read.map_err(|why| NotAdded::Old(format!("the note on {noted} cannot be read: {why:?}")))?;
        if text.len() > MOST_BYTES {
            return Err(NotAdded::Old(format!("the note on {noted} has more than {MOST_BYTES} bytes")));
        }
    }
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(line.as_bytes());
    text.push(b'\n');
    let blob = git.blob(&text)?;
    let tree = TreeUpdateBuilder::new().upsert(path, blob, FileMode::Blob).create_updated(git, &tree)?;
    let signature = Signature::new(by.name, by.email, &Time::new(by.seconds, i32::from(by.offset)))?;
    let parents: Vec<&git2::Commit<'_>> = tip.iter().collect();
    let commit = git.commit(None, &signature, &signature, MESSAGE, &git.find_tree(tree)?, &parents)?;
    locked.set_target(reference, commit, Some(&signature), MESSAGE.trim_end())?;
    Ok(locked.commit()?)
}

/// The path of the note on an object, and the note if there is one. Where the notes are spread over folders, a new one
/// goes into its folder.
fn place(
    git: &Repository,
    notes: &git2::Tree<'_>,
    name: &str,
) -> std::result::Result<(String, Option<git2::Oid>), git2::Error> {
    let (mut tree, mut path, mut rest) = (notes.clone(), String::new(), name);
    loop {
        let is = |entry: &git2::TreeEntry<'_>, kind: ObjectType| entry.kind() == Some(kind);
        if let Some(entry) = tree.get_name(rest).filter(|entry| is(entry, ObjectType::Blob)) {
            return Ok((path + rest, Some(entry.id())));
        }
        let Some((folder, behind)) = rest.split_at_checked(2).filter(|(_, behind)| !behind.is_empty()) else {
            return Ok((path + rest, None));
        };
        let inner = tree.get_name(folder).filter(|entry| is(entry, ObjectType::Tree)).map(|entry| entry.id());
        let Some(inner) = inner else {
            let spread = tree.len() > MOST_IN_A_FOLDER
                || tree.iter().any(|entry| is(&entry, ObjectType::Tree) && entry.name_bytes().len() == 2);
            return Ok((if spread { format!("{path}{folder}/{behind}") } else { path + rest }, None));
        };
        tree = git.find_tree(inner)?;
        path = format!("{path}{folder}/");
        rest = behind;
    }
}
