//! The pack that comes with the program: its files, its rules, their checks and parameters, and a case for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::cases::{self, Expect, root};
use regex::Regex;
use serde_json::{Value, json};
use tickmark::checks::change::approvers::Parameters;
use tickmark::checks::change::{CHECKS, deployed};
use tickmark::checks::records;
use tickmark::policies::pack::{FILES, Pack};
use tickmark::policies::records::RecordTest;
use tickmark::policies::registers;
use tickmark::policies::test::{Parameter, ParameterType};
use tickmark::sources::embedded::File;

/// Checks that no table names: faults of documents, and what is asked of the history.
const OTHERS: [&str; 54] = [
    "fault",
    "baseline-used",
    "suppression-valid",
    "suppression-current",
    "suppression-approved",
    "suppression-used",
    "response-complete",
    "response-approved",
    "response-current",
    "response-matched",
    "response-shown",
    "remedy-shown",
    "response-single",
    "controls-present",
    "statements-agree",
    "parameters-stated",
    "documents-agree",
    "statements-linked",
    "criterion-exists",
    "approved-as-it-stands",
    "criteria-covered",
    "criteria-in-scope",
    "owner-named",
    "no-placeholder",
    "unambiguous",
    "testable-words",
    "reviewed-in-time",
    "approved-by-another-person",
    "approval-recorded",
    "owner-known",
    "owner-active",
    "in-force-all-period",
    "tested",
    "recorded-in-time",
    "kept-as-made",
    "recorded-by-another",
    "weakened",
    "version-readable",
    "history-whole",
    "clock-forwards",
    "branch-present",
    "repository-present",
    "record-on-branch",
    "code-owners-present",
    "population-not-empty",
    "register-present",
    "register-whole",
    "person-resolved",
    "item-decided",
    "test-usable",
    "recurring",
    "emergencies-rare",
    "deployment-located",
    "branch-kept",
];

#[test]
fn every_rule_has_a_case_that_finds_and_one_that_is_silent() {
    let mut found: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    for case in cases::all() {
        let parts: Vec<&str> = case.name.split('/').collect();
        assert_eq!(parts.len(), 3, "{} is no area/rule/case", case.name);
        assert_eq!(case.text.rule, parts[..2].join("/"), "{} lies in the folder of another rule", case.name);
        found.entry(case.text.rule).or_default().insert(case.text.expect == Expect::Silent);
    }
    let pack = Pack::builtin().unwrap();
    let rules: BTreeSet<&str> = pack.rules().map(|(_, rule)| rule.id.as_str()).collect();
    let both = BTreeSet::from([false, true]);
    let without: Vec<&str> = rules.iter().copied().filter(|rule| found.get(*rule) != Some(&both)).collect();
    assert!(without.is_empty(), "rules without cases: {without:?}");
    let unknown: Vec<&String> = found.keys().filter(|rule| !rules.contains(rule.as_str())).collect();
    assert!(unknown.is_empty(), "cases of no rule: {unknown:?}");
}

#[test]
fn every_check_exists_and_is_asked() {
    let pack = Pack::builtin().unwrap();
    let asked: BTreeSet<&str> = pack.rules().map(|(_, rule)| rule.check.as_str()).collect();
    let of_deployments = deployed::CHECKS.iter().map(|(name, _)| *name);
    let known = CHECKS.iter().map(|(name, _)| *name).chain(of_deployments).chain(OTHERS).chain(records::CHECKS);
    let known: BTreeSet<&str> = known.collect();
    assert_eq!(asked, known);
    // How frequent emergencies are is asked of all changes together.
    let of_each = |check: &str| check != "emergencies-rare";
    for (test, rule) in pack.rules().filter(|(test, rule)| test.test == "change-approval" && of_each(&rule.check)) {
        assert!(CHECKS.iter().any(|(name, _)| *name == rule.check), "{} of {}", rule.check, test.test);
    }
}

#[test]
fn ids_are_unique_and_begin_with_their_folder() {
    let mut seen = BTreeSet::new();
    let pack = Pack::builtin().unwrap();
    assert_eq!(pack.tests.len(), FILES.len(), "one test in each file");
    for (test, File { path, .. }) in pack.tests.iter().zip(FILES) {
        let (area, name) = path.strip_prefix("policies/").unwrap().split_once('/').unwrap();
        assert_eq!(name, format!("{}.yaml", test.test));
        for rule in &test.rules {
            assert_eq!(rule.id.split('/').next(), Some(area), "{}", rule.id);
            assert!(seen.insert(rule.id.clone()), "{} stands twice", rule.id);
        }
    }
}

#[test]
fn every_file_of_the_folder_is_embedded_as_it_is() {
    let mut there = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root().join("policies")).min_depth(2).into_iter().map(Result::unwrap) {
        let path = entry.path().strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let beside = ["dialects", "mappings", "registers"];
        let of_a_test = !beside.iter().any(|folder| path.starts_with(&format!("policies/{folder}/")));
        if path.ends_with(".yaml") && of_a_test {
            there.insert(path);
        }
    }
    let embedded: BTreeSet<String> = FILES.iter().map(|file| file.path.to_owned()).collect();
    assert_eq!(there, embedded);
    for File { path, text, .. } in FILES {
        assert_eq!(std::fs::read_to_string(root().join(path)).unwrap(), *text, "{path}");
    }
}

/// An example value of a parameter: one that its type has and that is not the default.
fn example(parameter: &Parameter) -> Value {
    match parameter.kind {
        ParameterType::Integer => json!(7),
        ParameterType::Text => json!("Acked-by"),
        ParameterType::Choice => json!(parameter.values.last().unwrap()),
        ParameterType::Flag => json!(true),
        ParameterType::Texts | ParameterType::Persons | ParameterType::Registers => json!(["example"]),
        ParameterType::Day => json!("2026-06-30"),
        ParameterType::Length => json!("30d"),
        ParameterType::Lengths => json!({ "high": "30d" }),
        ParameterType::Cadence => json!("quarterly"),
        ParameterType::TextsByName => json!({ "high": ["example"] }),
        ParameterType::Record => {
            Value::Object(parameter.fields.iter().map(|field| (field.name.clone(), example(field))).collect())
        }
        ParameterType::Records => {
            let fields = parameter.fields.iter().map(|field| (field.name.clone(), example(field)));
            json!([Value::Object(fields.collect())])
        }
    }
}

#[test]
fn the_parameters_of_the_test_are_those_that_the_check_reads() {
    let pack = Pack::builtin().unwrap();
    let test = pack.test("change-approval").unwrap();
    let stated = Value::Object(test.parameters.iter().map(|one| (one.name.clone(), example(one))).collect());
    let read: Parameters = serde_json::from_value(stated.clone()).unwrap();
    // `Debug` writes a field's name with a colon, and every value of the example once it was read.
    let (shown, default) = (format!("{read:#?}"), format!("{:#?}", Parameters::default()));
    let field = Regex::new(r"(?m)^    ([a-z_]+):").unwrap();
    let fields: BTreeSet<&str> = field.captures_iter(&shown).map(|found| found.get(1).unwrap().as_str()).collect();
    let names: BTreeSet<&str> = test.parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(fields, names);
    for parameter in &test.parameters {
        let mut without = stated.clone();
        without.as_object_mut().unwrap().remove(&parameter.name);
        let less: Parameters = serde_json::from_value(without).unwrap();
        assert_ne!(format!("{less:#?}"), shown, "{} is not read", parameter.name);
        assert_ne!(default, shown);
    }
}

#[test]
fn every_value_of_a_choice_is_one_that_the_check_reads() {
    let pack = Pack::builtin().unwrap();
    for parameter in pack.test("change-approval").unwrap().parameters.iter().filter(|one| !one.values.is_empty()) {
        for value in &parameter.values {
            let stated = json!({ parameter.name.clone(): value });
            assert!(serde_json::from_value::<Parameters>(stated).is_ok(), "{}: {value}", parameter.name);
        }
    }
}

#[test]
fn no_braces_are_left_in_what_is_shown() {
    let left = Regex::new(r"\{[a-z_]+\}").unwrap();
    cases::each(&cases::all(), |case| {
        let checked = case.check(&case.world()).unwrap();
        for finding in &checked.ledger.findings {
            let labels = finding.labels.iter().map(|label| label.text.as_str());
            for text in labels.chain([finding.message.as_str(), finding.help.as_str()]) {
                // `%{approved_by}` is a word of GitLab's own templates.
                assert!(!left.is_match(&text.replace("%{approved_by}", "")), "{}: {text}", case.name);
            }
        }
    });
}

#[test]
fn every_expression_of_the_pack_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let none = BTreeMap::new();
    let (registers, faults) = registers::read(folder.path(), &jiff::tz::TimeZone::UTC, &none, None).unwrap();
    assert!(faults.is_empty(), "{faults:#?}");
    let pack = Pack::builtin().unwrap();
    let mut wrong = String::new();
    for (test, items) in pack.tests.iter().filter_map(|test| Some((test, test.items.as_ref()?))) {
        for found in RecordTest::compile(test, items, &registers).err().into_iter().flatten() {
            let at = found.source.position(found.span.start);
            let words = found.source.slice(found.span);
            wrong += &format!("{}:{}: {} [{words}] {:?}\n", found.source.name(), at.line, found.message, found.help);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
