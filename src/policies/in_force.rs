//! The versions that controls have had along the protected branch, each file read once.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::controls::{self, FOLDER, Read};
use super::pack::Pack;
use crate::facts::document::control::Control;
use crate::facts::document::in_force::{Governed, InForce, Ruling, Unread};
use crate::facts::moment::Moment;
use crate::sources::history::Repos;
use crate::sources::line::{self, Line, Version};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Unreadable};
use crate::sources::tree_walk;
use crate::text::{SourceText, decode_keeping_offsets};

/// A file of a version: its path, and its content.
type File = (String, Oid);

/// The object that could not be read, and why.
type Missing = (Oid, Unreadable);

/// A version of the folder of controls, with its files.
type Listed = (Version, Vec<File>);

/// Reads the controls of every version of the folder of controls along a line. `below` is where that folder lies in the
/// repository, with a slash behind it, or empty. `today` are the controls of the working tree.
///
/// # Errors
/// A tree or a file of the line cannot be read, with the object that it is: what was in force is then not known.
pub fn read(repos: &Repos, line: Line, below: &str, pack: &Pack, today: &[Arc<Control>]) -> Result<InForce, Missing> {
    let folder = format!("{below}{FOLDER}");
    let folders = line::versions(repos, &line, &[&folder])?.pop().unwrap_or_default();
    let listed: Vec<Listed> = folders
        .into_par_iter()
        .map(|version| files(repos, &version).map(|files| (version, files)))
        .collect::<Result<_, _>>()?;
    let read = parse(repos, &listed, &line, pack, today)?;
    let mut unread = Vec::new();
    let mut versions: BTreeMap<String, Vec<Ruling>> = BTreeMap::new();
    for (at, (version, files)) in listed.iter().enumerate() {
        let mut stated: Vec<Arc<Control>> =
            files.iter().filter_map(|file| read.get(file)).flat_map(|file| &file.controls).cloned().collect();
        for file in files {
            let Some(fault) = read.get(file).and_then(|file| file.faults.first()) else { continue };
            let instead = stand_ins(&listed, at, &file.0, &read, &stated);
            if !instead.is_empty() {
                let controls = instead.iter().map(|control| control.text.id.clone()).collect();
                unread.push(Unread { fault: fault.clone(), steps: (version.newest, version.oldest), controls });
            }
            stated.extend(instead);
        }
        let mut seen = FxHashSet::default();
        for control in stated.iter().filter(|control| seen.insert(control.text.id.clone())) {
            enter(versions.entry(control.text.id.clone()).or_default(), control, version);
        }
    }
    Ok(InForce::new(line, governed(versions, today), unread))
}

/// The files of a version of the folder.
fn files(repos: &Repos, version: &Version) -> Result<Vec<File>, Missing> {
    let Some(entry) = version.entry.as_ref().filter(|entry| entry.is_tree()) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    tree_walk::files(
        &repos.mine(),
        entry.id,
        |_| true,
        |path, id| {
            let name = path.rsplit('/').next().unwrap_or(path);
            if !name.starts_with('.') && (name.ends_with(".yaml") || name.ends_with(".yml")) {
                files.push((path.to_owned(), id));
            }
            Ok(())
        },
    )?;
    files.sort();
    Ok(files)
}

/// Reads every file of every version once. A file that is the same in the working tree is the one of the working tree.
fn parse(
    repos: &Repos,
    listed: &[Listed],
    line: &Line,
    pack: &Pack,
    today: &[Arc<Control>],
) -> Result<FxHashMap<File, Read>, Missing> {
    // Listed newest first, so that the commit that brought a file is that of its latest coming.
    let mut brought: FxHashMap<&File, (usize, usize)> = FxHashMap::default();
    for (version, files) in listed {
        for file in files {
            let steps = brought.entry(file).or_insert((version.newest, version.oldest));
            if steps.1 + 1 == version.newest {
                steps.1 = version.oldest;
            }
        }
    }
    let schemas = controls::Schemas::new(pack);
    let read = |(file, steps): (&File, (usize, usize))| {
        let text = repos.mine().read(file.1, ObjectKind::Blob, decode_keeping_offsets).map_err(|why| (file.1, why))?;
        let path = format!("{FOLDER}/{}", file.0);
        let here: Vec<Arc<Control>> =
            today.iter().filter(|control| control.source().name() == path).map(Arc::clone).collect();
        if here.first().is_some_and(|control| control.source().text() == text) {
            return Ok((file.clone(), Read { controls: here, ..Read::default() }));
        }
        let source = SourceText::titled(name(&path, line, steps), title(&path, line, steps), text);
        Ok((file.clone(), controls::parse(&source, pack, &schemas)))
    };
    brought.into_par_iter().map(read).collect()
}

/// What Git calls an old version of a file: `git show` takes it.
fn name(path: &str, line: &Line, (_, oldest): (usize, usize)) -> String {
    line.steps.get(oldest).map_or_else(|| path.to_owned(), |step| format!("{}:{path}", step.id))
}

fn title(path: &str, line: &Line, (newest, oldest): (usize, usize)) -> String {
    let at = line.steps.get(oldest).map_or_else(String::new, |step| format!(" at {}", step.id.short()));
    let replaced = newest.checked_sub(1).and_then(|before| line.steps.get(before));
    let until = replaced.map_or_else(String::new, |step| {
        let day = Moment::from(step).local().date();
        format!(", in force until {day}")
    });
    format!("{path}{at}{until}")
}

/// Controls of a file whose version cannot be read, as they stand in the nearest version that says more: the one before
/// it, or else the one after it.
fn stand_ins(
    listed: &[Listed],
    at: usize,
    path: &str,
    read: &FxHashMap<File, Read>,
    stated: &[Arc<Control>],
) -> Vec<Arc<Control>> {
    let (newer, older) = (listed[..at].iter().rev(), listed[at + 1..].iter());
    let whole = |(_, files): &Listed| {
        let file = files.iter().find(|file| file.0 == path)?;
        read.get(file).filter(|read| read.faults.is_empty()).map(|read| read.controls.clone())
    };
    let found = older.filter_map(whole).next().or_else(|| newer.filter_map(whole).next()).unwrap_or_default();
    let is_new = |control: &Arc<Control>| !stated.iter().any(|known| known.text.id == control.text.id);
    found.into_iter().filter(is_new).collect()
}

/// Adds an older version of a control, or lengthens the one before if it is the same.
fn enter(rulings: &mut Vec<Ruling>, control: &Arc<Control>, version: &Version) {
    match rulings.last_mut() {
        Some(Ruling { control: last, steps: Some((_, oldest)) })
            if *oldest + 1 == version.newest && last.judges_as(control) =>
        {
            *oldest = version.oldest;
        }
        _ => rulings.push(Ruling { control: Arc::clone(control), steps: Some((version.newest, version.oldest)) }),
    }
}

/// Every control of today in its order, then those that have been taken out.
fn governed(mut versions: BTreeMap<String, Vec<Ruling>>, today: &[Arc<Control>]) -> Vec<Governed> {
    let mut all: Vec<Governed> = Vec::with_capacity(today.len());
    for control in today {
        all.push(match versions.remove(&control.text.id) {
            Some(mut versions) => {
                // Where only words differ that judge nothing, the file that people see is the better one to show.
                if let Some(newest) = versions.first_mut().filter(|newest| newest.control.judges_as(control)) {
                    newest.control = Arc::clone(control);
                }
                Governed { today: Some(Arc::clone(control)), versions }
            }
            None => Governed::alone(control),
        });
    }
    all.extend(versions.into_values().map(|versions| Governed { today: None, versions }));
    all
}
