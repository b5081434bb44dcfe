//! The runs of several documents: none of them twice, and each repository under a name of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::super::PeriodReport;
use super::super::control::{ControlReport, TestReport};
use super::super::statement::RepositoryRead;
use super::reading::{Refused, Told};
use crate::sources::content::sha256;
use crate::text::{safe, shown};

/// The runs of several documents.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// The documents, without runs that another one tells already, in the order of their files, reports
    /// first.
    pub(super) told: Vec<Told>,
    /// The repositories that were given another name: the new one, the old one, and the file.
    pub(super) renamed: Vec<(String, String, String)>,
    /// The runs that are told twice, each at the file that tells it again.
    pub(super) twice: Vec<Refused>,
}

/// Takes the runs of documents apart.
pub(super) fn distinct(mut told: Vec<Told>) -> Runs {
    // Of a run that is told twice, the report says more than the results of its check.
    told.sort_by(|one, other| (one.of_check, &one.file).cmp(&(other.of_check, &other.file)));
    let mut runs = Runs::default();
    // By what a run is known again: the file that tells it, and its repository.
    let mut known: HashMap<String, (String, String)> = HashMap::new();
    let mut kept: Vec<(Told, Vec<bool>)> = Vec::new();
    for one in told {
        let names = names(&one);
        let mut keep = Vec::new();
        for (at, (repository, names)) in one.report.repositories.iter().zip(names).enumerate() {
            let before = names.sought.iter().find_map(|name| known.get(name));
            keep.push(before.is_none());
            match before {
                Some((file, name)) => runs.twice.push(again((&one.file, at), repository, (file, name))),
                None => {
                    let this = || (one.file.clone(), repository.name.clone());
                    names.own.into_iter().for_each(|name| drop(known.insert(name, this())));
                }
            }
        }
        if keep.contains(&true) {
            kept.push((one, keep));
        }
    }
    let mut taken: BTreeSet<String> = kept
        .iter()
        .flat_map(|(one, keep)| one.report.repositories.iter().zip(keep))
        .filter(|(_, keep)| **keep)
        .map(|(repository, _)| repository.name.clone())
        .collect();
    let mut used: HashMap<String, usize> = HashMap::new();
    for (mut one, keep) in kept {
        let mut new: BTreeMap<String, String> = BTreeMap::new();
        for (repository, _) in one.report.repositories.iter().zip(keep).filter(|(_, keep)| *keep) {
            let name = free(&repository.name, &mut used, &mut taken);
            if name != repository.name {
                runs.renamed.push((name.clone(), repository.name.clone(), one.file.clone()));
            }
            new.insert(repository.name.clone(), name);
        }
        rename(&mut one.report, &new);
        runs.told.push(one);
    }
    runs
}

fn again((file, at): (&str, usize), run: &RepositoryRead, (first, name): (&str, &str)) -> Refused {
    let commit = run.commit.map_or_else(String::new, |commit| format!(", commit {}", commit.short()));
    let what = format!(
        "this is the run of {}{commit}, which {} tells already (as {}); it is counted once",
        shown(&run.name),
        safe(first),
        shown(name),
    );
    let help = "name each run once; if these are two runs, join their reports and not the results of their checks, which hold no digests";
    Refused {
        place: Some(format!("/repositories/{at}")),
        ..Refused { unread: false, ..Refused::unread(file, None, what, help) }
    }
}

/// What a run is known again by, whatever its file and its repository's folder are called.
struct Names {
    /// Under which it is remembered.
    own: Vec<String>,
    /// Under which it is looked for.
    sought: Vec<String>,
}

fn names(told: &Told) -> Vec<Names> {
    let report = &told.report;
    let mut controls: HashMap<&str, Vec<&ControlReport>> = HashMap::new();
    report.controls.iter().for_each(|control| controls.entry(&control.source).or_default().push(control));
    let mut findings: HashMap<&str, Vec<&str>> = HashMap::new();
    report.findings.iter().for_each(|one| findings.entry(&one.source).or_default().push(&one.entry.fingerprint));
    let of = |run: &RepositoryRead| {
        let name = run.name.as_str();
        let controls = controls.get(name).map_or(&[][..], Vec::as_slice);
        let counts = counts(controls);
        let key = |kind: &str, more: Value| {
            sha256(json!([kind, run.commit, run.period, counts, more]).to_string().as_bytes())
        };
        // Without a commit, only the findings can tell two repositories of one name apart.
        let found = if run.commit.is_none() { findings.get(name) } else { None };
        let called = |kind: &str| key(kind, json!([name, found]));
        let asked = |kind: &str| key(kind, json!(run.as_of));
        let mut names = Names { own: Vec::new(), sought: Vec::new() };
        let own = if told.of_check { ["check called", "check asked"] } else { ["report called", "report asked"] };
        names.own.push(called(own[0]));
        // Of two reports, digests say whether they are of the same run; of results of checks, only the numbers do.
        names.sought.push(called("check called"));
        if run.commit.is_some() {
            names.own.push(asked(own[1]));
            names.sought.push(asked("check asked"));
        }
        if told.of_check {
            names.sought.push(called("report called"));
            names.sought.push(asked("report asked"));
        } else {
            let digests: Vec<&str> = tests(controls).map(|test| test.digest.as_str()).collect();
            let read = json!([run.branches, run.registers, digests, run.commit.is_none().then_some((name, found))]);
            let whole = key("whole", read);
            names.own.push(whole.clone());
            names.sought.push(whole);
        }
        names
    };
    report.repositories.iter().map(of).collect()
}

fn tests<'r>(controls: &[&'r ControlReport]) -> impl Iterator<Item = &'r TestReport> {
    controls.iter().flat_map(|control| &control.tests)
}

/// The numbers of tests, in an order of their own.
fn counts(controls: &[&ControlReport]) -> Value {
    let of = |test: &TestReport| {
        let entry = &test.entry;
        let numbers =
            [entry.population.size, entry.population.pending, entry.exceptions, entry.unevidenced, entry.untestable];
        json!([entry.control, entry.test, entry.repository, numbers])
    };
    let mut all: Vec<String> = tests(controls).map(|test| of(test).to_string()).collect();
    // A check tells them in the order of files.
    all.sort_unstable();
    json!(all)
}

/// The name itself, or the first number behind it that nobody has.
fn free(name: &str, used: &mut HashMap<String, usize>, taken: &mut BTreeSet<String>) -> String {
    let count = used.entry(name.to_owned()).or_insert(0);
    *count += 1;
    if *count == 1 {
        return name.to_owned();
    }
    loop {
        let numbered = format!("{name}-{count}");
        if taken.insert(numbered.clone()) {
            return numbered;
        }
        *count += 1;
    }
}

/// Gives the repositories of a document their new names, and takes those out that have none.
fn rename(report: &mut PeriodReport, new: &BTreeMap<String, String>) {
    let known = |name: &mut String| match new.get(name.as_str()) {
        Some(new) => {
            name.clone_from(new);
            true
        }
        None => false,
    };
    report.repositories.retain_mut(|one| known(&mut one.name));
    report.controls.retain_mut(|one| known(&mut one.source));
    report.findings.retain_mut(|one| known(&mut one.source));
    report.earlier.retain_mut(|one| known(&mut one.source));
    report.remedied.retain_mut(|one| known(&mut one.source));
}
