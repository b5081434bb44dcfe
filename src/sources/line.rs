//! The first-parent line of a branch, and the versions that files and folders have had along it.

use std::collections::hash_map::Entry as Slot;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::commit::RawCommit;
use super::history::Repos;
use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_object::{Entry, entries};

/// Steps whose trees one thread reads in a row: neighbours mostly have the same folders.
const RUN: usize = 512;

/// One commit of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The commit.
    pub id: Oid,
    /// Its tree.
    pub tree: Oid,
    /// When it was made, by the committer's clock: seconds since 1970 in UTC.
    pub seconds: i64,
    /// Offset from UTC of that clock, in minutes.
    pub offset: i16,
}

/// The first-parent commits from the tip of a branch to its beginning.
#[derive(Debug, Default)]
pub struct Line {
    /// The commits, newest first.
    pub steps: Vec<Step>,
    /// The commit that could not be read, and why, where the line ends before its beginning.
    pub gap: Option<(Oid, Unreadable)>,
    /// The versions of each path that was asked for, so that no tree is read again for it.
    known: Mutex<FxHashMap<String, Vec<Version>>>,
}

/// Neighbouring steps that have the same file or folder at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Position of the newest step that has it.
    pub newest: usize,
    /// Position of the oldest step that has it: the one that brought it.
    pub oldest: usize,
    /// The file or folder; `None` where there is none.
    pub entry: Option<Entry>,
}

impl Line {
    /// A line of these commits, newest first.
    #[must_use]
    pub fn new(steps: Vec<Step>) -> Self {
        Self { steps, ..Self::default() }
    }

    /// The newest commits of the line, as many as these.
    #[must_use]
    pub fn newest(mut self, steps: usize) -> Self {
        self.steps.truncate(steps);
        Self { known: Mutex::default(), ..self }
    }

    /// Follows the first parents of a commit.
    #[must_use]
    pub fn read(repo: &Repo, tip: Oid) -> Self {
        let mut line = Self::default();
        let mut next = Some(tip);
        while let Some(id) = next {
            let read = repo.read(id, ObjectKind::Commit, |bytes| {
                let commit = RawCommit::parse(bytes)?;
                let (seconds, offset) = (commit.committer.seconds, commit.committer.offset);
                Some((Step { id, tree: commit.tree, seconds, offset }, commit.parents.first().copied()))
            });
            let damaged = || Unreadable::Damaged("its header cannot be read".to_owned());
            match read.and_then(|read| read.ok_or_else(damaged)) {
                Ok((step, parent)) => {
                    line.steps.push(step);
                    next = parent;
                }
                Err(why) => {
                    line.gap = Some((id, why));
                    next = None;
                }
            }
        }
        line
    }

    /// Position of a commit on the line.
    #[must_use]
    pub fn position(&self, commit: Oid) -> Option<usize> {
        self.steps.iter().position(|step| step.id == commit)
    }
}

/// The versions that each of some paths has had along a line, newest first. A path that is a link is an entry of its
/// own; nothing is followed. The trees are read once for all paths that were not asked for before.
///
/// # Errors
/// A tree on the way cannot be read: which version a step had is then not known.
pub fn versions(repos: &Repos, line: &Line, paths: &[&str]) -> Result<Vec<Vec<Version>>, (Oid, Unreadable)> {
    let mut known = line.known.lock().unwrap_or_else(PoisonError::into_inner);
    let new: Vec<&str> = paths.iter().copied().filter(|path| !known.contains_key(*path)).collect();
    if !new.is_empty() {
        let read = read(repos, line, &new)?;
        known.extend(new.into_iter().map(str::to_owned).zip(read));
    }
    Ok(paths.iter().map(|path| known.get(*path).cloned().unwrap_or_default()).collect())
}

fn read(repos: &Repos, line: &Line, paths: &[&str]) -> Result<Vec<Vec<Version>>, (Oid, Unreadable)> {
    let runs: Vec<Vec<Vec<Version>>> = line
        .steps
        .par_chunks(RUN)
        .enumerate()
        .map(|(run, steps)| run_of(&repos.mine(), steps, run * RUN, paths))
        .collect::<Result<_, _>>()?;
    let mut joined: Vec<Vec<Version>> = vec![Vec::new(); paths.len()];
    for run in runs {
        for (all, part) in joined.iter_mut().zip(run) {
            for version in part {
                add(all, version);
            }
        }
    }
    Ok(joined)
}

/// The versions of a few steps, of which the first stands at `start`.
fn run_of(repo: &Repo, steps: &[Step], start: usize, paths: &[&str]) -> Result<Vec<Vec<Version>>, (Oid, Unreadable)> {
    let mut found: Vec<Vec<Version>> = vec![Vec::new(); paths.len()];
    let mut known = Folders { repo, below: FxHashMap::default() };
    let mut before: Option<Oid> = None;
    for (at, step) in steps.iter().enumerate() {
        let at = start + at;
        if before == Some(step.tree) {
            found.iter_mut().filter_map(|versions| versions.last_mut()).for_each(|version| version.oldest = at);
            continue;
        }
        before = Some(step.tree);
        let names: Vec<&str> = paths.iter().map(|path| path.split('/').next().unwrap_or(path)).collect();
        let tops = repo
            .read(step.tree, ObjectKind::Tree, |bytes| {
                let mut tops: Vec<Option<Entry>> = vec![None; names.len()];
                for entry in entries(bytes) {
                    for (top, _) in tops.iter_mut().zip(&names).filter(|(_, name)| name.as_bytes() == entry.name) {
                        *top = Some(entry.to_entry());
                    }
                }
                tops
            })
            .map_err(|why| (step.tree, why))?;
        for ((path, top), versions) in paths.iter().zip(tops).zip(&mut found) {
            let entry = match (path.split_once('/'), top) {
                (None, _) if path.is_empty() => Some(Entry { mode: 0o040_000, name: Vec::new(), id: step.tree }),
                (None, top) => top,
                (Some((_, rest)), Some(folder)) if folder.is_tree() => known.at(folder.id, rest)?,
                (Some(_), _) => None,
            };
            add(versions, Version { newest: at, oldest: at, entry });
        }
    }
    Ok(found)
}

/// Adds an older version, or lengthens the one before if it is the same.
fn add(versions: &mut Vec<Version>, older: Version) {
    match versions.last_mut() {
        Some(last) if last.entry == older.entry => last.oldest = older.oldest,
        _ => versions.push(older),
    }
}

/// What folders have below them, each looked up once.
struct Folders<'r, 'p> {
    repo: &'r Repo,
    below: FxHashMap<(Oid, &'p str), Option<Entry>>,
}

impl<'p> Folders<'_, 'p> {
    fn at(&mut self, folder: Oid, path: &'p str) -> Result<Option<Entry>, (Oid, Unreadable)> {
        match self.below.entry((folder, path)) {
            Slot::Occupied(known) => Ok(known.get().clone()),
            Slot::Vacant(slot) => {
                let entry = self.repo.entry_at(folder, path).map_err(|why| (folder, why))?;
                Ok(slot.insert(entry).clone())
            }
        }
    }
}
