//! The tests of a repository's own: `policies/<test>.yaml`, in the form of those that come with the program.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::pack::Pack;
use super::records::RecordTest;
use super::test::{Origin, Parameter, ParameterType, PopulationKind, Rule, Test};
use crate::error::Fault;
use crate::facts::register::store::Registers;
use crate::sources::tree;
use crate::sources::yaml::{self, YamlDocument};
use crate::text::{SourceText, shown};

/// Folder of a repository's own tests, beside its written policies.
pub const FOLDER: &str = "policies";
/// Keys by which a file is known for a test. A file of this folder that has none of them is something else, such as a
/// policy of another tool, and is left alone.
const KEYS: [&str; 4] = ["test", "items", "population", "rules"];

/// The tests that come with the program and those of a repository, with what is wrong with the latter.
pub struct Custom {
    /// All tests that can be used.
    pub pack: Pack,
    /// Every fault of every file.
    pub faults: Vec<Fault>,
    /// Number of files that were read as tests.
    pub files: usize,
}

/// Reads the tests of a repository. A test with a fault is left out, all its faults are kept, and the others are read
/// all the same. Expressions are not looked at before [`Custom::compile`].
#[must_use]
pub fn read(root: &Path, builtin: Pack) -> Custom {
    let mut ids = Ids::default();
    builtin.tests.iter().for_each(|test| ids.add(test, " of the program"));
    let mut custom = Custom { pack: builtin, faults: Vec::new(), files: 0 };
    for end in ["yaml", "yml"] {
        let found = tree::find(root, &format!("{FOLDER}/*.{end}"));
        custom.faults.extend(found.faults);
        for path in found.files {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let read = match tree::read_inside(root, &path) {
                Ok(source) => test(&source, &name),
                Err(fault) => Some(Err(vec![fault])),
            };
            let Some(read) = read else { continue };
            custom.files += 1;
            match read.and_then(|test| ids.alone(&test).map(|()| test)) {
                Ok(test) => {
                    ids.add(&test, "");
                    custom.pack.tests.push(test);
                }
                Err(faults) => custom.unusable(&name, faults),
            }
        }
    }
    custom
}

impl Custom {
    /// Compiles the repository's tests. One with a fault is taken out and its faults are kept.
    pub fn compile(&mut self, registers: &Registers) -> FxHashMap<String, Arc<RecordTest>> {
        let mut compiled = FxHashMap::default();
        let mut wrong = Vec::new();
        for test in self.pack.own() {
            let Some(items) = &test.items else { continue };
            match RecordTest::compile(test, items, registers) {
                Ok(ready) => drop(compiled.insert(test.test.clone(), Arc::new(ready))),
                Err(faults) => wrong.push((test.test.clone(), faults)),
            }
        }
        for (name, faults) in wrong {
            self.pack.tests.retain(|test| test.test != name);
            self.unusable(&name, faults);
        }
        compiled
    }

    fn unusable(&mut self, name: &str, mut faults: Vec<Fault>) {
        faults.sort_by_key(|fault| fault.span);
        if let Some(first) = faults.first() {
            self.pack.unusable.entry(name.to_owned()).or_insert_with(|| first.clone());
        }
        self.faults.extend(faults);
    }
}

/// The places of all names of tests and ids of rules so far.
#[derive(Default)]
struct Ids(FxHashMap<String, NamedAt>);

/// Where a name stands, and whose it is. Its line is looked up only for whoever is told of it.
struct NamedAt {
    origin: Origin,
    pointer: String,
    whose: &'static str,
}

impl NamedAt {
    fn place(&self) -> String {
        let place = self.origin.document().map(|document| {
            let start = document.entry_span(&self.pointer).unwrap_or_default().start;
            format!("{}:{}", document.source.name(), document.source.position(start).line)
        });
        place.unwrap_or_default() + self.whose
    }
}

impl Ids {
    fn add(&mut self, test: &Test, whose: &'static str) {
        let at = |pointer| NamedAt { origin: test.origin.clone(), pointer, whose };
        let names = names(test).into_iter().map(|(name, pointer, _)| (name, at(pointer)));
        self.0.extend(names);
    }

    /// That nothing else has the name of a test, or the id of one of its rules.
    fn alone(&self, test: &Test) -> Result<(), Vec<Fault>> {
        let Some(document) = test.origin.document() else { return Ok(()) };
        let mut faults = Vec::new();
        let mut own: FxHashMap<String, NamedAt> = FxHashMap::default();
        for (name, pointer, message) in names(test) {
            if let Some(other) = self.0.get(&name).or_else(|| own.get(&name)) {
                faults.push(Fault {
                    label: format!("{} has this name already", other.place()),
                    help: Some("give it another name; a name stands for one thing in every report".to_owned()),
                    ..document.fault(&pointer, "documents/duplicate-id", message)
                });
            }
            own.insert(name, NamedAt { origin: test.origin.clone(), pointer, whose: "" });
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// The name of a test and the ids of its rules: each with its pointer, and what is said of a second one. An id has a
/// slash, and a name has none.
fn names(test: &Test) -> Vec<(String, String, String)> {
    let rule = |(at, rule): (usize, &Rule)| {
        (rule.id.clone(), format!("/rules/{at}/id"), format!("two rules are called {}", rule.id))
    };
    let own = (test.test.clone(), "/test".to_owned(), format!("two tests are called {}", test.test));
    std::iter::once(own).chain(test.rules.iter().enumerate().map(rule)).collect()
}

/// The test of a file, or everything that is wrong with it; `None` if the file is something else.
fn test(source: &Arc<SourceText>, name: &str) -> Option<Result<Test, Vec<Fault>>> {
    let documents = match yaml::parse(source) {
        Ok(documents) => documents,
        Err(faults) => {
            let begins =
                |line: &str| KEYS.iter().any(|key| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
            return source.text().lines().any(begins).then_some(Err(faults));
        }
    };
    let is_test = |document: &YamlDocument| KEYS.iter().any(|key| document.value().get(key).is_some());
    if !documents.iter().any(is_test) {
        return None;
    }
    let mut documents = documents.into_iter();
    let (document, second) = (documents.next()?, documents.next());
    if let Some(second) = second {
        let message = "a file holds one test, and this one holds several documents".to_owned();
        return Some(Err(vec![Fault {
            help: Some("put each test into a file of its own".to_owned()),
            ..second.fault("", "documents/bad-value", message)
        }]));
    }
    Some(yaml::read::<Test>(&document).and_then(|test| {
        let faults = shape(&test, &document, name);
        if faults.is_empty() {
            Ok(Test { origin: Origin::Repository(Arc::new(document)), ..test })
        } else {
            Err(faults)
        }
    }))
}

/// What a schema cannot ask of a test.
fn shape(test: &Test, document: &YamlDocument, name: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if test.test != name {
        let message = format!("the test {} stands in the file of {}", shown(&test.test), shown(name));
        let help = Some(format!("a test has the name of its file: test: {name}, or {}.yaml", test.test));
        faults.push(Fault { help, ..document.fault("/test", "documents/bad-value", message) });
    }
    match (test.population, &test.items) {
        (PopulationKind::Records, Some(_)) => {}
        (PopulationKind::Records, None) => {
            let message = "a test of records says under `items` where its items come from".to_owned();
            faults.push(document.fault("/population", "documents/missing-key", message));
        }
        _ => {
            let message = "only records can be the population of a repository's own test".to_owned();
            let help = Some("write population: records".to_owned());
            faults.push(Fault { help, ..document.fault("/population", "documents/unknown-value", message) });
        }
    }
    if test.rules.is_empty() {
        let message = "a test without a rule asks nothing".to_owned();
        faults.push(document.fault("/rules", "documents/bad-value", message));
    }
    parameters(&test.parameters, "/parameters", document, &mut faults);
    faults
}

fn parameters(all: &[Parameter], pointer: &str, document: &YamlDocument, faults: &mut Vec<Fault>) {
    let mut seen = FxHashSet::default();
    for (at, one) in all.iter().enumerate() {
        let pointer = format!("{pointer}/{at}");
        if !seen.insert(&one.name) {
            let message = format!("two parameters are called {}", shown(&one.name));
            faults.push(document.fault(&format!("{pointer}/name"), "documents/duplicate-id", message));
        }
        let lacks = match one.kind {
            ParameterType::Choice if one.values.is_empty() => Some(("a choice", "values")),
            ParameterType::Record if one.fields.is_empty() => Some(("a record", "fields")),
            ParameterType::Records if one.fields.is_empty() => Some(("a list of records", "fields")),
            _ => None,
        };
        if let Some((what, key)) = lacks {
            let message = format!("{what} needs `{key}`");
            faults.push(document.fault(&format!("{pointer}/type"), "documents/missing-key", message));
        }
        parameters(&one.fields, &format!("{pointer}/fields"), document, faults);
    }
}
