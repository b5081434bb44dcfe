//! The cases of tests: small registers, and what the rules of a test say of them. They stand in
//! `policies/tests/*.yaml`, and show that a test finds what it is for, and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::controls::{unknown_test, with_parameters};
use super::pack::Pack;
use super::registers;
use super::test::{PopulationKind, Test};
use crate::error::Fault;
use crate::facts::calendar::{Calendar, DateReader, Period};
use crate::facts::document::control::{Control, ControlText};
use crate::facts::register::definition::Definition;
use crate::facts::register::people::People;
use crate::facts::register::store::{Register, Registers};
use crate::facts::register::typed::Typing;
use crate::findings::finding::Verdict;
use crate::sources::yaml::{self, YamlDocument};
use crate::sources::{records, tree};
use crate::text::shown;

/// Folder of the cases.
pub const FOLDER: &str = "policies/tests";
/// The name that the control of every case has in what is found.
pub const CONTROL: &str = "the case";
/// What a rule begins with that is asked of the evidence, whatever the test.
const EVIDENCE: &str = "evidence/";

/// One case, as a document of a YAML file describes it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "tickmark case")]
pub struct CaseText {
    /// What the case shows, in one sentence.
    #[schemars(length(min = 1))]
    pub about: String,
    /// The test.
    pub test: String,
    /// What a control states for the test.
    #[serde(default)]
    pub with: Value,
    /// The day or the instant at which the question is asked.
    pub as_of: String,
    /// The observation period, FROM..TO; without limits if left out.
    #[serde(default)]
    pub period: Option<String>,
    /// The records of each register, by its name. A register that is not named here is missing.
    #[serde(default)]
    pub registers: BTreeMap<String, Vec<BTreeMap<String, Value>>>,
    /// What each rule says. A rule that is not named here must be silent.
    pub expect: BTreeMap<String, Expect>,
}

/// What a rule says in a case.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Expect {
    /// The same of at least one item; or silence.
    Word(Answer),
    /// The keys of all items of which it says so. Nothing else is said of any other item.
    #[schemars(title = "the keys of items")]
    Items(BTreeMap<Answer, Vec<String>>),
}

/// What a rule says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It is an exception.
    Caught,
    /// Nothing shows it either way.
    Unevidenced,
    /// The evidence cannot be read.
    Untestable,
    /// It is not due yet.
    Pending,
    /// Nothing is found.
    Silent,
}

impl From<Verdict> for Answer {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Exception => Self::Caught,
            Verdict::Unevidenced => Self::Unevidenced,
            Verdict::Untestable => Self::Untestable,
        }
    }
}

/// A case that can be run.
pub struct Case {
    /// What it says.
    pub text: CaseText,
    /// The control that its test is run for; it stands in the case.
    pub control: Arc<Control>,
    /// The registers that it describes.
    pub registers: Registers,
    /// The calendar on which it is asked.
    pub calendar: Calendar,
    /// Line at which it begins, from 1.
    pub line: usize,
}

/// The paths of all files of cases, with what is wrong with their folder.
#[must_use]
pub fn files(root: &Path) -> (Vec<PathBuf>, Vec<Fault>) {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for end in ["yaml", "yml"] {
        let found = tree::find(root, &format!("{FOLDER}/**/*.{end}"));
        files.extend(found.files);
        faults.extend(found.faults);
    }
    files.sort();
    (files, faults)
}

/// Reads the cases of a file: each document is one, or everything that is wrong with it. `calendar` is that of the
/// repository, `definitions` say which registers there are.
#[must_use]
pub fn read(
    root: &Path,
    path: &Path,
    pack: &Pack,
    definitions: &[Definition],
    calendar: &Calendar,
) -> Vec<Result<Case, Vec<Fault>>> {
    let documents =
        match tree::read_inside(root, path).map_err(|fault| vec![fault]).and_then(|source| yaml::parse(&source)) {
            Ok(documents) => documents,
            Err(faults) => return vec![Err(faults)],
        };
    documents.into_iter().map(|document| case(document, pack, definitions, calendar)).collect()
}

fn case(
    document: YamlDocument,
    pack: &Pack,
    definitions: &[Definition],
    calendar: &Calendar,
) -> Result<Case, Vec<Fault>> {
    let text: CaseText = yaml::read(&document)?;
    let mut faults = Vec::new();
    match pack.test(&text.test) {
        _ if pack.unusable.contains_key(&text.test) => {}
        Some(test) if test.population == PopulationKind::Records => faults.extend(stated(test, pack, &text, &document)),
        Some(_) => {
            let message = format!("{} is no test of records, and a case holds nothing but records", shown(&text.test));
            faults.push(document.fault("/test", "documents/unknown-value", message));
        }
        None => faults.push(unknown_test(&document, &text.test, pack)),
    }
    let period = text.period.as_deref().map_or(Some(Period::default()), Period::parse).unwrap_or_else(|| {
        let help = Some("write the first and the last day: 2026-01-01..2026-06-30".to_owned());
        let message = "this is no period".to_owned();
        faults.push(Fault { help, ..document.fault("/period", "documents/bad-date", message) });
        Period::default()
    });
    let as_of = Calendar::instant(&text.as_of, &calendar.zone).unwrap_or_else(|| {
        let message = "this is no day and no instant".to_owned();
        faults.push(document.fault("/as_of", "documents/bad-date", message));
        calendar.as_of
    });
    let calendar = Calendar { period, as_of, ..calendar.clone() };
    let registers = described(&document, &text, definitions, &calendar, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let start = document.key_span("/about").or_else(|| document.key_span("/test")).unwrap_or_default().start;
    let line = document.source.position(start).line;
    let control = ControlText {
        id: CONTROL.to_owned(),
        title: text.about.clone(),
        owner: "the owner of the control".to_owned(),
        criteria: Vec::new(),
        statement: None,
        policy: None,
        since: None,
        test: text.test.clone(),
        with: text.with.clone(),
    };
    Ok(Case { control: Arc::new(Control::new(control, document)), registers, calendar, line, text })
}

/// What is wrong with what a case states for its test, and with the rules that it names.
fn stated(test: &Test, pack: &Pack, text: &CaseText, document: &YamlDocument) -> Vec<Fault> {
    let schema = with_parameters(yaml::schema_text::<CaseText>(), test);
    let mut faults = schema.map(|schema| schema.faults(document)).unwrap_or_default();
    for (id, expect) in &text.expect {
        let of_evidence = id.starts_with(EVIDENCE) && pack.rule(id).is_some();
        let known = of_evidence || test.rules.iter().any(|rule| rule.id == *id);
        let pointer = format!("/expect/{}", yaml::escape(id));
        if !known {
            let ids: Vec<&str> = test.rules.iter().map(|rule| rule.id.as_str()).collect();
            let message = format!("the test {} has no rule {}", test.test, shown(id));
            let help = Some(format!("its rules are: {}", ids.join(", ")));
            faults.push(Fault { help, ..document.fault(&pointer, "documents/unknown-value", message) });
        }
        if let Expect::Items(items) = expect
            && (items.is_empty() || items.contains_key(&Answer::Silent))
        {
            let message = "silence has no items: write `silent` alone".to_owned();
            faults.push(document.fault(&pointer, "documents/bad-value", message));
        }
    }
    faults
}

/// The registers that a case describes.
fn described(
    document: &YamlDocument,
    text: &CaseText,
    definitions: &[Definition],
    calendar: &Calendar,
    faults: &mut Vec<Fault>,
) -> Registers {
    for name in text.registers.keys().filter(|name| !definitions.iter().any(|one| one.register == **name)) {
        let names: Vec<&str> = definitions.iter().map(|one| one.register.as_str()).collect();
        let message = format!("there is no register called {}", shown(name));
        let help = Some(format!("the registers are: {}", names.join(", ")));
        let span = document.key_span(&format!("/registers/{name}")).unwrap_or_default();
        faults.push(Fault { help, span, ..document.fault("/registers", "documents/unknown-key", message) });
    }
    let mut described = Registers::default();
    let read = |definition: &Definition, people: &People, faults: &mut Vec<Fault>| {
        let shape = definition.shape();
        let dates = DateReader { zone: calendar.zone.clone(), formats: Vec::new() };
        let dates = |text: &str| dates.read(text).map_err(|why| why.to_string());
        let typing = Typing { source: &document.source, table: false, dates: &dates, people, strict: true };
        let mut found = Vec::new();
        let is_there = text.registers.contains_key(&definition.register);
        if is_there {
            let mut take = |raw| found.push(Arc::new(typing.record(&shape, raw, faults)));
            let read = records::read_within(document, &format!("registers.{}", definition.register), &mut take);
            faults.extend(read.faults);
            faults.extend(registers::duplicates(definition, &found));
        }
        let files = if is_there { vec![Arc::clone(&document.source)] } else { Vec::new() };
        Register::new(definition.clone(), shape, found, files, 0)
    };
    let of_people = |definition: &&Definition| definition.register == registers::PEOPLE;
    if let Some(people) = definitions.iter().find(of_people) {
        // Managers are people of the same register. What is wrong with it is told once.
        let known = People::new(read(people, &People::default(), &mut Vec::new()).records);
        described.people = People::new(read(people, &known, &mut Vec::new()).records);
    }
    for definition in definitions {
        let register = read(definition, &described.people, faults);
        described.by_name.insert(definition.register.clone(), register);
    }
    described
}
