//! Every version that a register has had along the protected branch, each file read once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::facts::register::provenance::Touched;
use crate::facts::register::value::Record;
use crate::policies::registers::Old;
use crate::sources::history::Repos;
use crate::sources::line::{self, Line, Version};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Unreadable};
use crate::sources::tree_walk;
use crate::text::{SourceText, decode_keeping_offsets};

/// The object that could not be read, and why.
type Missing = (Oid, Unreadable);

/// The files of a register in one version: content by path.
type Files = BTreeMap<String, Oid>;

/// The records of every version of every file.
type Contents = FxHashMap<(String, Oid), Arc<[Arc<Record>]>>;

/// A register in every version.
pub(super) struct RegisterVersions {
    /// The position from which each version stood, with its files, oldest first.
    states: Vec<(usize, Files)>,
    contents: Contents,
}

impl RegisterVersions {
    /// Reads the versions of a register along a line. `below` is where the root lies in the repository, with a slash
    /// behind it, or empty.
    ///
    /// # Errors
    /// A tree or a file cannot be read, with the object that it is.
    pub(super) fn read(repos: &Repos, line: &Line, below: &str, old: &Old<'_>) -> Result<Self, Missing> {
        let places: Vec<String> = old.places().iter().map(|place| format!("{below}{place}")).collect();
        let watched: Vec<&str> = places.iter().map(|place| place.trim_end_matches('/')).collect();
        let versions = line::versions(repos, line, &watched)?;
        let all: Vec<(usize, Version)> = versions
            .into_iter()
            .enumerate()
            .flat_map(|(place, versions)| versions.into_iter().map(move |version| (place, version)))
            .collect();
        let listed: Vec<(usize, usize, Files)> = all
            .into_par_iter()
            .map(|(place, version)| Ok((version.oldest, place, list(repos, &version, watched[place], below, old)?)))
            .collect::<Result<_, Missing>>()?;
        // Each step at which one of the places changed.
        let mut changed: BTreeMap<Reverse<usize>, Vec<(usize, Files)>> = BTreeMap::new();
        for (at, place, files) in listed {
            changed.entry(Reverse(at)).or_default().push((place, files));
        }
        let mut now: Vec<Files> = vec![Files::new(); watched.len()];
        let mut states: Vec<(usize, Files)> = Vec::new();
        for (Reverse(at), places) in changed {
            for (place, files) in places {
                now[place] = files;
            }
            let files: Files = now.iter().flatten().map(|(path, id)| (path.clone(), *id)).collect();
            if states.last().is_none_or(|(_, before)| *before != files) {
                states.push((at, files));
            }
        }
        let contents = contents(repos, &states, line, old)?;
        Ok(Self { states, contents })
    }

    /// Each position at which something of the register changed, with the files that did, oldest first.
    pub(super) fn touched(&self) -> impl Iterator<Item = (usize, Vec<Touched>)> + '_ {
        let nothing = Files::new();
        let before = std::iter::once(None).chain(self.states.iter().map(Some));
        self.states.iter().zip(before).map(move |((at, files), before)| {
            let before = before.map_or(&nothing, |(_, files)| files);
            let paths: BTreeSet<&String> = before.keys().chain(files.keys()).collect();
            let changed = paths.into_iter().filter(|path| before.get(*path) != files.get(*path));
            let touched =
                changed.map(|path| (self.records(path, before.get(path)), self.records(path, files.get(path))));
            (*at, touched.collect())
        })
    }

    /// All records of each version, with the position from which it stood, oldest first.
    pub(super) fn whole(&self) -> impl Iterator<Item = (usize, Vec<Arc<Record>>)> + '_ {
        self.states.iter().map(|(at, files)| {
            let records = files.iter().flat_map(|(path, id)| self.records(path, Some(id)).to_vec());
            (*at, records.collect())
        })
    }

    fn records(&self, path: &str, id: Option<&Oid>) -> Arc<[Arc<Record>]> {
        let found = id.and_then(|id| self.contents.get(&(path.to_owned(), *id)));
        found.map_or_else(|| Arc::from([]), Arc::clone)
    }
}

/// The files of a register in one version of a place.
fn list(repos: &Repos, version: &Version, place: &str, below: &str, old: &Old<'_>) -> Result<Files, Missing> {
    let mut files = Files::new();
    let Some(entry) = &version.entry else { return Ok(files) };
    let place = place.strip_prefix(below).unwrap_or(place);
    if entry.is_tree() {
        tree_walk::files(
            &repos.mine(),
            entry.id,
            |_| true,
            |path, id| {
                let path = if place.is_empty() { path.to_owned() } else { format!("{place}/{path}") };
                if old.takes(&path) {
                    files.insert(path, id);
                }
                Ok(())
            },
        )?;
    } else if old.takes(place) {
        files.insert(place.to_owned(), entry.id);
    }
    Ok(files)
}

/// The records of every version of every file.
fn contents(repos: &Repos, states: &[(usize, Files)], line: &Line, old: &Old<'_>) -> Result<Contents, Missing> {
    let mut brought: BTreeMap<(&String, Oid), usize> = BTreeMap::new();
    for (at, files) in states {
        for (path, id) in files {
            brought.entry((path, *id)).or_insert(*at);
        }
    }
    let read = |((path, id), at): ((&String, Oid), usize)| {
        let text = repos.mine().read(id, ObjectKind::Blob, decode_keeping_offsets).map_err(|why| (id, why))?;
        let commit = line.steps.get(at).map(|step| step.id).unwrap_or_default();
        let title = format!("{path} at {}", commit.short());
        let source = SourceText::titled(format!("{commit}:{path}"), title, text);
        Ok(((path.clone(), id), old.records(path, &source)))
    };
    brought.into_par_iter().map(read).collect()
}
