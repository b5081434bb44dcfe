//! The first-parent line of a branch, and the versions that files and folders have had along it.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::commit::RawCommit;
use super::history::Repos;
use super::oid::Oid;
use super::repo::{ObjectKind, Repo, Unreadable};
use super::tree_object::{Entry, EntryRef, entries};

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

/// An object that could not be read, and why.
type Missing = (Oid, Unreadable);

fn read(repos: &Repos, line: &Line, paths: &[&str]) -> Result<Vec<Vec<Version>>, Missing> {
    let paths = Paths::new(paths);
    let runs: Vec<Vec<Vec<Version>>> = line
        .steps
        .par_chunks(RUN)
        .enumerate()
        .map(|(run, steps)| run_of(&repos.mine(), steps, run * RUN, &paths))
        .collect::<Result<_, _>>()?;
    let mut joined: Vec<Vec<Version>> = vec![Vec::new(); paths.count];
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
fn run_of(repo: &Repo, steps: &[Step], start: usize, paths: &Paths<'_>) -> Result<Vec<Vec<Version>>, Missing> {
    let mut versions: Vec<Vec<Version>> = vec![Vec::new(); paths.count];
    let mut search = Search { repo, paths, known: FxHashMap::default() };
    let mut before: Option<Oid> = None;
    for (at, step) in steps.iter().enumerate() {
        let at = start + at;
        if before == Some(step.tree) {
            versions.iter_mut().filter_map(|versions| versions.last_mut()).for_each(|version| version.oldest = at);
            continue;
        }
        before = Some(step.tree);
        let mut now: Vec<Option<Entry>> = vec![None; paths.count];
        let whole = Entry { mode: 0o040_000, name: Vec::new(), id: step.tree };
        for (path, entry) in search.at(&whole, ROOT)? {
            now[path] = Some(entry);
        }
        for (versions, entry) in versions.iter_mut().zip(now) {
            add(versions, Version { newest: at, oldest: at, entry });
        }
    }
    Ok(versions)
}

/// Adds an older version, or lengthens the one before if it is the same.
fn add(versions: &mut Vec<Version>, older: Version) {
    match versions.last_mut() {
        Some(last) if last.entry == older.entry => last.oldest = older.oldest,
        _ => versions.push(older),
    }
}

/// Paths, as the folders that lead to them: a folder is read once for all of them.
struct Paths<'p> {
    folders: Vec<Folder<'p>>,
    /// Number of the paths.
    count: usize,
}

/// The folder that all paths begin in.
const ROOT: usize = 0;

/// A file or folder on the way to a path.
#[derive(Default)]
struct Folder<'p> {
    /// Positions of the paths that end here.
    ends: Vec<usize>,
    /// What lies below it, by name, with its position among all folders; in order of the names.
    below: Vec<(&'p str, usize)>,
}

impl<'p> Paths<'p> {
    fn new(paths: &[&'p str]) -> Self {
        let mut folders = vec![Folder::default()];
        for (at, path) in paths.iter().enumerate() {
            let mut folder = ROOT;
            for name in path.split('/').filter(|name| !name.is_empty()) {
                let place = folders[folder].below.binary_search_by(|(known, _)| known.cmp(&name));
                folder = match place {
                    Ok(place) => folders[folder].below[place].1,
                    Err(place) => {
                        let new = folders.len();
                        folders[folder].below.insert(place, (name, new));
                        folders.push(Folder::default());
                        new
                    }
                };
            }
            folders[folder].ends.push(at);
        }
        Self { folders, count: paths.len() }
    }
}

/// What the paths lead to, each folder below the first looked up once.
struct Search<'r, 'p> {
    repo: &'r Repo,
    paths: &'r Paths<'p>,
    known: FxHashMap<(Oid, usize), Vec<(usize, Entry)>>,
}

impl Search<'_, '_> {
    /// The paths that end at or below an entry which lies where a folder of the paths does, with what they lead to.
    fn at(&mut self, entry: &Entry, folder: usize) -> Result<Vec<(usize, Entry)>, Missing> {
        let Folder { ends, below } = &self.paths.folders[folder];
        let mut found: Vec<(usize, Entry)> = ends.iter().map(|path| (*path, entry.clone())).collect();
        if below.is_empty() || !entry.is_tree() {
            return Ok(found);
        }
        let known = self.known.get(&(entry.id, folder)).filter(|_| folder != ROOT);
        if let Some(known) = known {
            found.extend_from_slice(known);
            return Ok(found);
        }
        let read = self.repo.read(entry.id, ObjectKind::Tree, |bytes| {
            let of = |entry: EntryRef<'_>| {
                let place = below.binary_search_by(|(name, _)| name.as_bytes().cmp(entry.name)).ok()?;
                Some((entry.to_entry(), below[place].1))
            };
            entries(bytes).filter_map(of).collect::<Vec<_>>()
        });
        let mut inside = Vec::new();
        for (entry, folder) in read.map_err(|why| (entry.id, why))? {
            inside.extend(self.at(&entry, folder)?);
        }
        found.extend_from_slice(&inside);
        // The first folder differs from step to step.
        if folder != ROOT {
            self.known.insert((entry.id, folder), inside);
        }
        Ok(found)
    }
}
