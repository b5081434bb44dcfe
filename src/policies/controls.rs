//! The controls of a repository, each held against the test that it names.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde_json::Value;

use super::pack::Pack;
use super::test::Test;
use crate::error::{Fault, OtherPlace};
use crate::facts::document::control::{Control, ControlText};
use crate::sources::tree;
use crate::sources::yaml::{self, Schema, YamlDocument};
use crate::text::{SourceText, shown};

/// Folder that holds the controls.
pub const FOLDER: &str = "controls";

/// The documents of a repository, and everything that is wrong with them.
#[derive(Default)]
pub struct Documents {
    /// Controls without a fault, in order of their files.
    pub controls: Vec<Arc<Control>>,
    /// Number of files that were read.
    pub files: usize,
    /// Every fault of every file.
    pub faults: Vec<Fault>,
    /// The ids of documents with a fault, by their file, each with the place at which its document begins.
    named: FxHashMap<String, Vec<(usize, String)>>,
    /// Whether every file is one of another tool, which has a folder of the same name.
    pub of_others: bool,
}

/// Reads every control below a folder. A control with a fault is left out and its faults are kept; the other
/// controls are read all the same.
#[must_use]
pub fn read(root: &Path, pack: &Pack) -> Documents {
    let schemas = Schemas::new(pack);
    let files = tree::read_all(root, FOLDER, &["*.yaml", "*.yml"]);
    let of_others =
        !files.is_empty() && files.iter().all(|file| file.as_ref().is_ok_and(|source| is_of_others(source)));
    let mut documents = Documents { files: files.len(), of_others, ..Documents::default() };
    let read: Vec<Read> = files
        .into_par_iter()
        .map(|file| match file {
            Ok(source) => parse(&source, pack, &schemas),
            Err(fault) => Read { faults: vec![fault], ..Read::default() },
        })
        .collect();
    for file in read {
        documents.controls.extend(file.controls);
        documents.faults.extend(file.faults);
        documents.name(file.named);
    }
    let doubled = duplicates(&documents.controls);
    documents.name(doubled.iter().map(|(id, fault)| (Arc::clone(&fault.source), fault.span.start, id.clone())));
    documents.faults.extend(doubled.into_iter().map(|(_, fault)| fault));
    documents
}

/// What one file says.
#[derive(Default)]
pub(super) struct Read {
    /// Its controls without a fault.
    pub(super) controls: Vec<Arc<Control>>,
    /// What is wrong with the others.
    pub(super) faults: Vec<Fault>,
    /// The ids of those, where they say one, with their places.
    pub(super) named: Vec<(Arc<SourceText>, usize, String)>,
}

/// Whether a file has a key by which formats of other tools are known, and none that only a control of ours has.
fn is_of_others(source: &SourceText) -> bool {
    const THEIRS: [&str; 7] =
        ["metadata:", "controls:", "schema_version:", "satisfies:", "apiVersion:", "catalog:", "urn:"];
    let has = |key: &str| source.text().lines().any(|line| line.starts_with(key));
    THEIRS.into_iter().any(has) && !["test:", "criteria:"].into_iter().any(has)
}

/// The schema of a control of each test: what every control has, and under `with` what the test takes. Each is prepared
/// when the first control asks for it.
pub(super) struct Schemas<'a> {
    pack: &'a Pack,
    of: FxHashMap<&'a str, OnceLock<Result<Schema, String>>>,
}

impl Documents {
    /// The id of the control that has a fault; nothing where it has none, or cannot be read at all.
    #[must_use]
    pub fn holder(&self, fault: &Fault) -> Option<String> {
        let of_file = self.named.get(fault.source.name())?;
        let before = of_file.iter().filter(|(start, _)| *start <= fault.span.start);
        before.max_by_key(|(start, _)| *start).map(|(_, id)| format!("control {id}"))
    }

    fn name(&mut self, ids: impl IntoIterator<Item = (Arc<SourceText>, usize, String)>) {
        for (source, start, id) in ids {
            self.named.entry(source.name().to_owned()).or_default().push((start, id));
        }
    }
}

impl<'a> Schemas<'a> {
    pub(super) fn new(pack: &'a Pack) -> Self {
        Self { pack, of: pack.tests.iter().map(|test| (test.test.as_str(), OnceLock::new())).collect() }
    }

    fn get(&self, name: &str) -> Option<&Result<Schema, String>> {
        let (test, schema) = (self.pack.test(name)?, self.of.get(name)?);
        Some(schema.get_or_init(|| with_parameters(yaml::schema_text::<ControlText>(), test)))
    }
}

/// The schema of a document that states under `with` what a test takes.
pub(super) fn with_parameters(mut schema: Value, test: &Test) -> Result<Schema, String> {
    let mut with = test.with_schema();
    if let Some(with) = with.as_object_mut() {
        with.remove("$schema");
    }
    if with["required"].as_array().is_some_and(|required| !required.is_empty())
        && let Some(required) = schema["required"].as_array_mut()
    {
        required.push(Value::from("with"));
    }
    schema["properties"]["with"] = with;
    Schema::new(schema)
}

/// Reads the controls of one file.
pub(super) fn parse(source: &Arc<SourceText>, pack: &Pack, schemas: &Schemas<'_>) -> Read {
    let mut read = Read::default();
    match yaml::parse(source) {
        Ok(documents) => {
            for document in documents {
                let id = document.value().get("id").and_then(|id| id.as_str()).map(str::to_owned);
                let start = document.span("").map_or(0, |all| all.start);
                match control(document, pack, schemas) {
                    Ok(control) => read.controls.push(Arc::new(control)),
                    Err(faults) => {
                        read.named.extend(id.map(|id| (Arc::clone(source), start, id)));
                        read.faults.extend(faults);
                    }
                }
            }
        }
        Err(faults) => read.faults = faults,
    }
    read
}

fn control(document: YamlDocument, pack: &Pack, schemas: &Schemas<'_>) -> Result<Control, Vec<Fault>> {
    let named = document.value().get("test").and_then(|test| test.as_str());
    let mut faults = match named.map(|name| (name, schemas.get(name))) {
        // What is wrong with the test itself is said elsewhere, and what the control states for it cannot be known.
        Some((name, _)) if pack.unusable.contains_key(name) => Vec::new(),
        Some((_, Some(Ok(schema)))) => schema.faults(&document),
        Some((name, None)) => vec![unknown_test(&document, name, pack)],
        _ => Vec::new(),
    };
    match yaml::read::<ControlText>(&document) {
        Ok(text) if faults.is_empty() => Ok(Control::new(text, document)),
        Ok(_) => Err(faults),
        Err(others) => {
            // The schema of the test asks for all that the control's own does.
            let new = |fault: &Fault| !faults.iter().any(|known| known.span == fault.span && known.rule == fault.rule);
            let others: Vec<Fault> = others.into_iter().filter(new).collect();
            faults.extend(others);
            Err(faults)
        }
    }
}

/// The fault of a document that names a test which does not exist.
pub(super) fn unknown_test(document: &YamlDocument, name: &str, pack: &Pack) -> Fault {
    let known: Vec<&str> =
        pack.tests.iter().filter(|test| test.population.is_of_a_control()).map(|test| test.test.as_str()).collect();
    let near = known
        .iter()
        .copied()
        .filter(|test| strsim::jaro_winkler(test, name) > 0.8)
        .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    Fault {
        rule: "documents/unknown-test",
        message: format!("there is no test called {}", shown(name)),
        label: near.map_or_else(|| "no test has this name".to_owned(), |near| format!("did you mean `{near}`?")),
        help: Some(format!("the tests are: {}", known.join(", "))),
        source: Arc::clone(&document.source),
        span: document.span("/test").unwrap_or_default(),
        other: None,
    }
}

/// The faults of controls that have the id of another one, each with the id.
fn duplicates(controls: &[Arc<Control>]) -> Vec<(String, Fault)> {
    let mut first: FxHashMap<&str, &Arc<Control>> = FxHashMap::default();
    let mut faults = Vec::new();
    for control in controls {
        if let Some(other) = first.insert(&control.text.id, control) {
            let fault = Fault {
                rule: "documents/duplicate-id",
                message: format!("two controls are called {}", control.text.id),
                label: "this id is taken".to_owned(),
                help: Some("give one of them another id".to_owned()),
                source: Arc::clone(control.source()),
                span: control.id_span(),
                other: Some(Box::new(OtherPlace {
                    source: Arc::clone(other.source()),
                    span: other.id_span(),
                    label: "by this control".to_owned(),
                })),
            };
            faults.push((control.text.id.clone(), fault));
        }
    }
    faults
}
