//! What is said of wrong expressions.

use std::path::Path;

use tickmark::error::Fault;
use tickmark::findings::finding::{Finding, Label, Nature, Place, Severity, Verdict};
use tickmark::findings::standing::Standing;
use tickmark::policies::expression::{Expression, Template};
use tickmark::reports::people::{Style, diagnostic};
use tickmark::sources::yaml::{self, YamlDocument};
use tickmark::text::SourceText;

use super::world::World;

/// The fault of a document: a condition, a value or a sentence that stands in it.
fn fault_of(document: &YamlDocument) -> Option<Fault> {
    let scope = World::new().scope;
    let source = &document.source;
    let mapping = document.value().as_mapping()?;
    let (key, text) = mapping.iter().next().map(|(key, value)| (key.as_str().unwrap(), value.as_str().unwrap()))?;
    let place = document.span(&format!("/{key}"))?;
    match key {
        "condition" => Expression::compile_condition(text, source, place, &scope).err(),
        "value" => Expression::compile(text, source, place, &scope).err(),
        "sentence" => Template::compile(text, source, place, &scope).err(),
        other => panic!("{other}"),
    }
}

fn drawn(fault: &Fault) -> String {
    let place = Place::Text(fault.source.clone(), fault.span);
    let finding = Finding {
        rule: fault.rule.to_owned(),
        severity: Severity::Error,
        verdict: Verdict::Exception,
        control: None,
        item: String::new(),
        counted: false,
        key: String::new(),
        part: String::new(),
        message: fault.message.clone(),
        nature: Nature::Design,
        labels: vec![Label { place, text: fault.label.clone(), primary: true }],
        help: fault.help.clone().unwrap_or_default(),
        repository: None,
        on: None,
        impact: Vec::new(),
        response: None,
        standing: Standing::Open,
    };
    let at = fault.source.slice(fault.span);
    format!("at {at:?}\n{}", diagnostic(&finding, Style { width: 80, color: false }))
}

#[test]
fn every_wrong_expression_has_the_fault_that_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        count += 1;
        let source = SourceText::new("test.yaml", std::fs::read_to_string(&path).unwrap());
        let documents = yaml::parse(&source).unwrap_or_else(|faults| panic!("{}: {faults:?}", path.display()));
        let found = fault_of(&documents[0]).map(|fault| drawn(&fault)).unwrap_or_default();
        let beside = path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&beside, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if found != expected || found.is_empty() {
            wrong.push(format!("{}\nfound:\n{found}expected:\n{expected}", path.display()));
        }
    }
    assert!(count >= 25, "only {count} expressions in {}", folder.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
