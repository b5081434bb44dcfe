//! The cases of tests: each is run as a control is, over the registers that it describes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Request;
use super::records::Records;
use crate::checks::documents::fault;
use crate::error::{Error, Kind, Result};
use crate::facts::document::in_force::InForce;
use crate::facts::register::store::Registers;
use crate::findings::ledger::Ledger;
use crate::findings::trial::{Trial, Tried};
use crate::policies::cases::{self, Answer, Case, Expect};
use crate::policies::custom;
use crate::policies::definitions;
use crate::policies::pack::Pack;
use crate::policies::records::RecordTest;
use crate::sources::repo::Repo;
use crate::text::shown;

/// Keys of items that a difference names; of others only the number is.
const NAMED: usize = 10;

/// What the command line asks for.
#[derive(Default)]
struct Chosen {
    /// Files and folders of cases, below the root.
    places: Vec<PathBuf>,
    /// Tests, by name.
    tests: Vec<String>,
}

/// Runs the cases of tests: all of them, or those in some files and folders, or those of some files of tests.
///
/// # Errors
/// There is no repository, its configuration cannot be used, or there is no case to run.
pub fn test(request: &Request<'_>, paths: &[PathBuf]) -> Result<Trial> {
    let repo = Repo::open(&request.directory)?;
    let configured = super::configuration(request, &repo)?;
    if !configured.faults.is_empty() {
        let faults = configured.faults;
        return Err(Error { faults, ..Error::new(Kind::Configuration, "the configuration cannot be used") });
    }
    let root = &configured.root;
    let calendar = super::calendar(request, &configured)?;
    let (definitions, register_faults) = definitions::read(root)?;
    let mut custom = custom::read(root, Pack::builtin()?);
    let compiled = custom.compile(&Registers::empty(&definitions));
    let pack = custom.pack;
    let chosen = Chosen::new(&request.directory, root, paths)?;
    let (files, folder_faults) = cases::files(root);
    let mut faults = custom.faults;
    faults.extend(register_faults.into_iter().chain(folder_faults));
    let (mut run, mut trial) = (Vec::new(), Trial::default());
    let mut seen = BTreeSet::new();
    for path in &files {
        let whole = chosen.all() || chosen.places.iter().any(|place| path.starts_with(place));
        if !whole && chosen.tests.is_empty() {
            continue;
        }
        seen.extend(chosen.places.iter().filter(|place| path.starts_with(place)));
        for case in cases::read(root, path, &pack, &definitions, &calendar) {
            match case {
                Ok(case) if whole || chosen.tests.contains(&case.text.test) => run.push((path, case)),
                Ok(_) => {}
                Err(found) => faults.extend(found),
            }
        }
    }
    chosen.found(&seen, &run)?;
    if run.is_empty() && faults.is_empty() {
        return Err(none(&pack));
    }
    for (path, case) in &run {
        trial.cases.push(tried(path, case, (root, &pack), &compiled)?);
    }
    trial.faults = faults.iter().filter_map(|found| fault::finding(&pack, found)).collect();
    if chosen.all() {
        trial.notes = notes(&pack, &run);
    }
    Ok(trial)
}

fn none(pack: &Pack) -> Error {
    let own: Vec<&str> = pack.own().iter().map(|test| test.test.as_str()).collect();
    let message = match own.as_slice() {
        [] => "there is no case to run, and no test of this repository's own".to_owned(),
        names => format!("there is no case to run: nothing shows that {} works", names.join(", ")),
    };
    Error::new(Kind::Usage, message)
        .hint(format!("write cases into {}/; see what one holds: tickmark schema case", cases::FOLDER))
}

impl Chosen {
    fn new(directory: &Path, root: &Path, paths: &[PathBuf]) -> Result<Self> {
        let mut chosen = Self::default();
        let whole = |path: &Path| {
            let failed = |error: std::io::Error| {
                let message = format!("{} cannot be read: {error}", shown(&path.to_string_lossy()));
                Error::new(Kind::Usage, message).hint("name a file or folder of cases, or the file of a test")
            };
            path.canonicalize().map_err(failed)
        };
        for path in paths {
            let below = whole(&directory.join(path))?.strip_prefix(whole(root)?).map(Path::to_path_buf);
            let Ok(below) = below else {
                let message = format!("{} lies outside the repository", shown(&path.to_string_lossy()));
                return Err(Error::new(Kind::Usage, message).hint("name a file below its folder"));
            };
            let of_tests = below.parent() == Some(Path::new(custom::FOLDER)) && root.join(&below).is_file();
            match below.file_stem() {
                Some(name) if of_tests => chosen.tests.push(name.to_string_lossy().into_owned()),
                _ => chosen.places.push(below),
            }
        }
        Ok(chosen)
    }

    fn all(&self) -> bool {
        self.places.is_empty() && self.tests.is_empty()
    }

    /// That something was found for everything that was asked for.
    fn found(&self, seen: &BTreeSet<&PathBuf>, run: &[(&PathBuf, Case)]) -> Result<()> {
        let place = self.places.iter().find(|place| !seen.contains(place)).map(|place| place.display().to_string());
        let test = self.tests.iter().find(|test| !run.iter().any(|(_, case)| case.text.test == **test));
        let Some(missing) = place.or_else(|| test.cloned()) else { return Ok(()) };
        Err(Error::new(Kind::Usage, format!("there is no case of {}", shown(&missing)))
            .hint(format!("cases stand in {}/", cases::FOLDER)))
    }
}

fn tried(
    path: &Path,
    case: &Case,
    (root, pack): (&Path, &Pack),
    compiled: &FxHashMap<String, Arc<RecordTest>>,
) -> Result<Tried> {
    let mut tried = Tried {
        file: path.to_string_lossy().replace('\\', "/"),
        line: case.line,
        about: case.text.about.clone(),
        test: case.text.test.clone(),
        differences: Vec::new(),
        findings: Vec::new(),
    };
    if pack.test(&case.text.test).is_none_or(|test| pack.unusable.contains_key(&test.test)) {
        tried.differences.push(format!("the test {} has a fault, so nothing was asked", case.text.test));
        return Ok(tried);
    }
    let mut ledger = Ledger::default();
    let controls = std::slice::from_ref(&case.control);
    let in_force = InForce::today(controls);
    let mut records = Records::new((root, pack), &case.registers, &case.calendar, controls, compiled.clone()).watched();
    for governed in &in_force.controls {
        records.control(governed, &in_force, &mut ledger)?;
    }
    records.finish(&mut ledger);
    tried.differences = differences(case, &ledger, &records.waiting);
    if !tried.differences.is_empty() {
        tried.findings = ledger.findings;
    }
    Ok(tried)
}

/// What a rule says of items, by what it says.
type Said<'a> = BTreeMap<Answer, BTreeSet<&'a str>>;

fn differences(case: &Case, ledger: &Ledger, waiting: &[(String, String)]) -> Vec<String> {
    let mut said: BTreeMap<&str, Said<'_>> = BTreeMap::new();
    let found = ledger.findings.iter().map(|finding| (&finding.rule, finding.verdict.into(), &finding.key));
    for (rule, answer, key) in found.chain(waiting.iter().map(|(rule, key)| (rule, Answer::Pending, key))) {
        said.entry(rule).or_default().entry(answer).or_default().insert(key);
    }
    let nothing = Said::new();
    let mut differences = Vec::new();
    for (rule, expect) in &case.text.expect {
        let said = said.get(rule.as_str()).unwrap_or(&nothing);
        if !fits(expect, said) {
            differences.push(format!("{rule}: expected {}, and it says {}", expected(expect), answered(said)));
        }
    }
    for (rule, said) in said.iter().filter(|(rule, _)| !case.text.expect.contains_key(**rule)) {
        if said.keys().any(|answer| *answer != Answer::Pending) {
            differences.push(format!("{rule}: nothing was expected, and it says {}", answered(said)));
        }
    }
    differences
}

/// Whether a rule says what was expected. What is not due is no finding, and is compared only where it is expected.
fn fits(expect: &Expect, said: &Said<'_>) -> bool {
    let counts = |answer: Answer, wanted: bool| answer != Answer::Pending || wanted;
    match expect {
        Expect::Word(Answer::Silent) => said.keys().all(|answer| *answer == Answer::Pending),
        Expect::Word(word) => {
            said.contains_key(word) && said.keys().all(|answer| answer == word || !counts(*answer, false))
        }
        Expect::Items(items) => {
            let same = items.iter().all(|(answer, keys)| {
                let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
                said.get(answer).cloned().unwrap_or_default() == keys
            });
            same && said.keys().all(|answer| items.contains_key(answer) || !counts(*answer, false))
        }
    }
}

fn expected(expect: &Expect) -> String {
    match expect {
        Expect::Word(word) => word_of(*word).to_owned(),
        Expect::Items(items) => {
            let items = items.iter().map(|(answer, keys)| (*answer, keys.iter().map(String::as_str).collect()));
            answered(&items.collect())
        }
    }
}

fn answered(said: &Said<'_>) -> String {
    let one = |(answer, keys): (&Answer, &BTreeSet<&str>)| {
        let mut named: Vec<String> = keys.iter().take(NAMED).map(|key| shown(key)).collect();
        if keys.len() > NAMED {
            named.push(format!("{} more", keys.len() - NAMED));
        }
        let items = if named.is_empty() { "nothing".to_owned() } else { named.join(", ") };
        format!("{} {items}", word_of(*answer))
    };
    if said.is_empty() {
        word_of(Answer::Silent).to_owned()
    } else {
        said.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

const fn word_of(answer: Answer) -> &'static str {
    match answer {
        Answer::Caught => "caught",
        Answer::Unevidenced => "unevidenced",
        Answer::Untestable => "untestable",
        Answer::Pending => "pending",
        Answer::Silent => "silent",
    }
}

/// The repository's rules that no case shows finding something, or none keeping silent.
fn notes(pack: &Pack, run: &[(&PathBuf, Case)]) -> Vec<String> {
    let mut notes = Vec::new();
    for (test, rule) in pack.own().iter().flat_map(|test| test.rules.iter().map(move |rule| (test, rule))) {
        let of_test = run.iter().filter(|(_, case)| case.text.test == test.test);
        let answers: Vec<&Expect> = of_test.filter_map(|(_, case)| case.text.expect.get(&rule.id)).collect();
        let wanted = Answer::from(rule.verdict);
        let finds = answers.iter().any(|expect| match expect {
            Expect::Word(word) => *word == wanted,
            Expect::Items(items) => items.get(&wanted).is_some_and(|keys| !keys.is_empty()),
        });
        let silent = answers.iter().any(|expect| matches!(expect, Expect::Word(Answer::Silent)));
        let lacks = match (finds, silent) {
            (true, true) => continue,
            (false, true) => "in which it finds something",
            (true, false) => "in which it is silent",
            (false, false) => "in which it finds something, and none in which it is silent",
        };
        notes.push(format!("{} has no case {lacks}", rule.id));
    }
    notes
}
