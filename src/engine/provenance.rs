//! How the records of registers came to be: every version of their files along the protected branch, each read once.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::judging::Judging;
use crate::checks::documents::fault;
use crate::checks::evidence;
use crate::checks::evidence::keeping::{Keeping, Parameters};
use crate::error::{Error, Fault, Kind, Result};
use crate::facts::approval::trail::Change;
use crate::facts::document::control::Control;
use crate::facts::gap;
use crate::facts::register::provenance::{Provenance, Touched};
use crate::facts::register::store::Registers;
use crate::facts::register::value::Record;
use crate::findings::ledger::{Ledger, TestResult};
use crate::findings::population::Population;
use crate::policies::registers::Old;
use crate::sources::history::Repos;
use crate::sources::line::{self, Line, Version};
use crate::sources::oid::Oid;
use crate::sources::repo::{ObjectKind, Unreadable};
use crate::sources::tree_walk;
use crate::text::{SourceText, decode_keeping_offsets, shown};

/// The object that could not be read, and why.
type Missing = (Oid, Unreadable);

/// The files of a register in one version: content by path.
type Files = BTreeMap<String, Oid>;

/// What the controls that ask for it are held against.
pub(super) struct Kept<'a> {
    pub(super) judging: &'a Judging<'a>,
    pub(super) line: &'a Line,
    pub(super) changes: &'a [Change],
    /// Where the root lies in the repository, with a slash behind it, or empty.
    pub(super) below: &'a str,
}

impl Kept<'_> {
    /// Runs a test of kept records for one control, and enters what it finds.
    pub(super) fn control(&self, control: &Control, ledger: &mut Ledger) -> Result<()> {
        let Judging { repo, configured, pack, calendar, registers, .. } = *self.judging;
        let asked: Parameters = serde_json::from_value(control.text.with.clone())
            .map_err(|error| Error::new(Kind::Internal, format!("{}: {error}", control.text.id)))?;
        let (mut population, mut findings) = (Population::default(), Vec::new());
        let gaps = gap::of_history(&repo.gaps(), &[]);
        findings.extend(gaps.iter().filter_map(|gap| evidence::history_whole(pack, control, gap)));
        let begins = (!gaps.is_empty()).then(|| self.line.steps.len().saturating_sub(1));
        let repos = Repos::open(repo)?;
        for name in &asked.registers {
            let Some(register) = registers.get(&name.replace('-', "_")) else {
                findings.extend(fault::finding(pack, &unknown(control, name, registers)));
                continue;
            };
            if !register.is_there() {
                findings.extend(evidence::register_present(pack, control, &register.definition));
                continue;
            }
            let people = &registers.people;
            let places = (configured.root.as_path(), &configured.zone);
            let old = Old::new(places, &register.definition, &configured.config.registers, people)?;
            match follow(&repos, self.line, self.below, &old) {
                Ok(steps) => {
                    let mut provenance = Provenance::default();
                    for (at, touched) in steps {
                        provenance.follow(&register.definition, at, &touched);
                    }
                    let provenance = &provenance.ended(&register.definition);
                    let (asked, changes) = (&asked, self.changes);
                    let keeping =
                        Keeping { pack, control, asked, register, provenance, changes, begins, calendar, people };
                    let part = keeping.part();
                    population.add(part.population);
                    findings.extend(part.findings);
                }
                Err((id, why)) => {
                    let gap = gap::object(&repo.gaps(), id, &why, &format!("the history of {name} cannot be read"));
                    findings.extend(evidence::history_whole(pack, control, &gap));
                }
            }
        }
        if population.size == 0 && findings.is_empty() {
            let sources = "what happened in the period, in the registers that it names";
            findings.extend(evidence::population_not_empty(pack, control, "records", sources));
        }
        ledger.enter(TestResult { population, ..TestResult::of(control, "records") }, findings);
        Ok(())
    }
}

/// The fault of a register that a control names and that does not exist.
fn unknown(control: &Control, name: &str, registers: &Registers) -> Fault {
    let known: Vec<&str> = registers.by_name.keys().map(String::as_str).collect();
    Fault {
        rule: "documents/unknown-value",
        message: format!("there is no register called {}", shown(name)),
        label: "named here".to_owned(),
        help: Some(format!("the registers are: {}", known.join(", "))),
        source: Arc::clone(control.source()),
        span: control.parameter("registers"),
    }
}

/// What each step touched, oldest first.
fn follow(
    repos: &Repos,
    line: &Line,
    below: &str,
    old: &Old<'_>,
) -> std::result::Result<Vec<(usize, Vec<Touched>)>, Missing> {
    let places: Vec<String> = old.places().iter().map(|place| format!("{below}{place}")).collect();
    let watched: Vec<&str> = places.iter().map(|place| place.trim_end_matches('/')).collect();
    let versions = line::versions(repos, line, &watched)?;
    // Each step at which one of the places changed, with the files of the register from then on.
    let mut files: BTreeMap<std::cmp::Reverse<usize>, Vec<(usize, Files)>> = BTreeMap::new();
    let all: Vec<(usize, Version)> = versions
        .into_iter()
        .enumerate()
        .flat_map(|(place, versions)| versions.into_iter().map(move |version| (place, version)))
        .collect();
    let listed: Vec<(usize, usize, Files)> = all
        .into_par_iter()
        .map(|(place, version)| Ok((version.oldest, place, list(repos, &version, watched[place], below, old)?)))
        .collect::<std::result::Result<_, Missing>>()?;
    for (at, place, of) in listed {
        files.entry(std::cmp::Reverse(at)).or_default().push((place, of));
    }
    let read = contents(repos, &files, line, old)?;
    let nothing: Arc<[Arc<Record>]> = Arc::from([]);
    let records = |path: &String, id: Option<&Oid>| {
        id.and_then(|id| read.get(&(path.clone(), *id))).map_or_else(|| Arc::clone(&nothing), Arc::clone)
    };
    let mut now: Vec<Files> = vec![Files::new(); watched.len()];
    let mut steps = Vec::new();
    for (at, places) in files {
        let mut touched = Vec::new();
        for (place, next) in places {
            let paths = now[place].keys().chain(next.keys()).collect::<std::collections::BTreeSet<_>>();
            for path in paths.into_iter().filter(|path| now[place].get(*path) != next.get(*path)) {
                touched.push((records(path, now[place].get(path)), records(path, next.get(path))));
            }
            now[place] = next;
        }
        steps.push((at.0, touched));
    }
    Ok(steps)
}

/// The files of a register in one version of a place.
fn list(
    repos: &Repos,
    version: &Version,
    place: &str,
    below: &str,
    old: &Old<'_>,
) -> std::result::Result<Files, Missing> {
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
fn contents(
    repos: &Repos,
    files: &BTreeMap<std::cmp::Reverse<usize>, Vec<(usize, Files)>>,
    line: &Line,
    old: &Old<'_>,
) -> std::result::Result<FxHashMap<(String, Oid), Arc<[Arc<Record>]>>, Missing> {
    let mut brought: BTreeMap<(&String, Oid), usize> = BTreeMap::new();
    for (at, places) in files {
        for (path, id) in places.iter().flat_map(|(_, files)| files) {
            brought.entry((path, *id)).or_insert(at.0);
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
