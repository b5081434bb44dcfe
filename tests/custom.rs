//! Tests and registers of a repository's own, and the cases of its tests: what a small company writes, what is wrong
//! with what it writes, and that nothing that it writes keeps a run from ending.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tickmark::sources::script::{self, Script};

mod bounds;
mod faults;

pub const REGISTER: &str = "\
register: laptops
title: Laptops
about: The laptops that people work on, as the device management exports them.
key: [serial]
fields:
  - { name: serial, type: text, required: true, about: Its serial number. }
  - { name: person, type: person, about: Whose it is. }
  - { name: encrypted, type: flag, about: Whether its disk is encrypted. }
  - { name: issued_on, type: when, about: When it was handed out. }
  - { name: enrolled_on, type: when, about: When the device management took it over. }
";

pub const TEST: &str = "\
test: laptops
title: Laptops are encrypted and managed
criteria: [CC6.7]
population: records
parameters:
  - { name: enrol_within, type: length, required: true, about: How soon a laptop must be managed. }
items:
  called: { one: laptop, many: laptops }
  steps:
    - { each: laptops, as: laptop }
  name: 'laptop {laptop.serial}'
  key: '{laptop.serial}'
  owner: laptop.person
rules:
  - id: devices/unencrypted
    since: 1.0.0
    check: each
    ask: { require: laptop.encrypted }
    nature: inconsistent
    severity: error
    message: the disk of {laptop.serial} is not encrypted
    happened: [{ at: laptop.encrypted, text: 'encrypted: {laptop.encrypted}' }]
    why: A stolen laptop is a breach unless its disk is encrypted.
    fix: Encrypt {laptop.serial}, and export again.
    establishes: Every laptop of the register is encrypted.
    does_not_establish: That every laptop is in the register.
  - id: devices/enrolled-late
    since: 1.0.0
    check: within
    ask: { due: laptop.issued_on + control.enrol_within, done: laptop.enrolled_on }
    nature: late
    severity: error
    message: '{laptop.serial} was due on {due}'
    todo: Enrol {laptop.serial}
    documented: { parameter: enrol_within, text: this soon }
    why: What is not managed is not known to be encrypted.
    fix: Enrol {laptop.serial}.
    establishes: Every laptop was managed in time.
    does_not_establish: That it still is.
";

const CONTROL: &str = "\
id: LT-01
title: Laptops are encrypted
owner: dana@acme.example
criteria: [CC6.7]
test: laptops
with: { enrol_within: 7d }
";

const LAPTOPS: &str = "\
serial,person,encrypted,issued_on,enrolled_on
L-1,dana@acme.example,yes,2026-01-05,2026-01-06
L-2,dana@acme.example,no,2026-01-05,2026-02-06
L-3,dana@acme.example,,2026-02-05,2026-02-06
L-4,dana@acme.example,yes,2026-06-28,
";

const PEOPLE: &str = "\
- { id: dana, name: Dana Roe, emails: [dana@acme.example], type: employee, episodes: [{ start: 2024-01-08 }] }
";

const CASES: &str = "\
about: A laptop without encryption is found, the one beside it is not.
test: laptops
with: { enrol_within: 7d }
as_of: 2026-06-30
registers:
  laptops:
    - { serial: L-1, encrypted: true, issued_on: 2026-01-05, enrolled_on: 2026-01-06 }
    - { serial: L-2, encrypted: false, issued_on: 2026-06-29 }
expect:
  devices/unencrypted: { caught: [L-2] }
  devices/enrolled-late: { pending: [L-2] }
---
about: A laptop is managed too late; another export does not say whether it is encrypted.
test: laptops
with: { enrol_within: 7d }
as_of: 2026-06-30
registers:
  laptops:
    - { serial: L-1, encrypted: true, issued_on: 2026-01-05, enrolled_on: 2026-01-16 }
    - { serial: L-2, issued_on: 2026-01-05, enrolled_on: 2026-01-05 }
expect:
  devices/unencrypted: { unevidenced: [L-2] }
  devices/enrolled-late: caught
---
about: Nothing is found of a laptop that is as it should be.
test: laptops
with: { enrol_within: 7d }
as_of: 2026-06-30
registers: { laptops: [{ serial: L-1, encrypted: true, issued_on: 2026-01-05, enrolled_on: 2026-01-06 }] }
expect: { devices/unencrypted: silent, devices/enrolled-late: silent }
---
about: Without the register nothing can be told.
test: laptops
with: { enrol_within: 7d }
as_of: 2026-06-30
expect: { evidence/register-missing: untestable }
";

/// Files by their paths.
pub type Files = BTreeMap<&'static str, String>;

/// A small company that wants its laptops to be encrypted.
pub fn company() -> Files {
    [
        ("controls/laptops.yaml", CONTROL),
        ("policies/laptops.yaml", TEST),
        ("policies/registers/laptops.yaml", REGISTER),
        ("policies/tests/laptops.yaml", CASES),
        ("registers/laptops.csv", LAPTOPS),
        ("registers/people.yaml", PEOPLE),
    ]
    .map(|(path, text)| (path, text.to_owned()))
    .into()
}

/// A repository with one commit that has these files.
pub fn repository(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let commit = json!({ "on": "main", "by": "dana", "at": "2026-06-30T10:00:00Z", "message": "All", "files": files });
    let people = json!({ "dana": "Dana Roe <dana@acme.example>" });
    let script: Script = serde_json::from_value(json!({ "people": people, "steps": [{ "commit": commit }] })).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    folder
}

/// Status, standard output and standard error of a run.
pub fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.args(["-C", folder.to_str().unwrap()]).args(arguments).stdin(Stdio::null()).env("COLUMNS", "80");
    let output = command.env_remove("CLICOLOR_FORCE").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// What `check` finds, as JSON.
pub fn check(folder: &Path) -> (i32, Value) {
    let (status, out, err) = run(folder, &["check", "--as-of", "2026-06-30", "--format", "json"]);
    (status, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{status}: {out}{err}")))
}

/// The rule and the message of each finding.
pub fn found(results: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = results["findings"].as_array().unwrap().iter();
    findings.map(|finding| (text(&finding["rule"]), text(&finding["message"]))).collect()
}

#[test]
fn a_small_company_has_a_register_a_test_and_a_control_of_its_own() {
    let folder = repository(&company());
    let (status, results) = check(folder.path());
    assert_eq!(status, 1, "{results:#}");
    let rules: Vec<(String, String)> = found(&results);
    let rules: Vec<&str> = rules.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(rules, ["devices/unencrypted", "devices/enrolled-late", "devices/unencrypted"]);
    let population = json!({ "size": 3, "pending": 1, "excluded": [] });
    let test = json!({ "control": "LT-01", "test": "laptops", "population": population, "exceptions": 1,
        "unevidenced": 1, "untestable": 0 });
    assert_eq!(results["tests"], json!([test]));
    let label = &results["findings"][0]["labels"][1];
    assert_eq!(
        (&label["source"], &label["line"], &label["text"]),
        (&json!("registers/laptops.csv"), &json!(3), &json!("encrypted: no"))
    );
    assert_eq!(results["findings"][2]["verdict"], "unevidenced");

    let (status, due, _) = run(folder.path(), &["due", "--as-of", "2026-06-30", "--within", "30d"]);
    assert_eq!((status, due.as_str()), (0, "2026-07-05  Dana Roe  Enrol L-4\n"));
    let (status, text, _) = run(folder.path(), &["explain", "devices/unencrypted"]);
    assert_eq!(status, 0);
    assert!(text.contains("error of the test laptops (CC6.7), since 1.0.0"), "{text}");
    assert!(
        run(folder.path(), &["explain"])
            .1
            .contains("laptops: Laptops are encrypted and managed\n  devices/unencrypted\n")
    );
    let elsewhere = tempfile::tempdir().unwrap();
    assert_eq!(run(elsewhere.path(), &["explain", "devices/unencrypted"]).0, 2);
    assert_eq!(run(elsewhere.path(), &["explain", "change/unapproved"]).0, 0);
    let (status, trial, err) = run(folder.path(), &["test"]);
    assert_eq!((status, err.as_str()), (0, ""), "{trial}");
    assert!(trial.ends_with("4 cases: 4 passed, 0 failed\n") && !trial.contains("note:"), "{trial}");
}

#[test]
fn a_test_of_a_known_register_needs_no_register_of_its_own() {
    let mut files = company();
    files.remove("policies/registers/laptops.yaml");
    files.remove("policies/tests/laptops.yaml");
    files.remove("registers/laptops.csv");
    let text = TEST.replace("each: laptops,", "each: accounts,").replace("laptop.serial", "laptop.account_id");
    let text = text.replace("laptop.encrypted", "laptop.mfa_enabled").replace("laptop.issued_on", "laptop.created_at");
    files.insert("policies/laptops.yaml", text.replace("laptop.enrolled_on", "laptop.last_login_at"));
    files.insert("registers/accounts.yaml", "[{ system: crm, account_id: dana, enabled: true, mfa_enabled: false, created_at: 2026-01-05, last_login_at: 2026-01-06 }]".to_owned());
    let folder = repository(&files);
    let (status, results) = check(folder.path());
    assert_eq!(status, 1, "{results:#}");
    assert_eq!(found(&results), [("devices/unencrypted".to_owned(), "the disk of dana is not encrypted".to_owned())]);
}

#[test]
fn a_case_that_does_not_pass_tells_what_was_expected_and_what_came() {
    let mut files = company();
    files.insert("policies/tests/laptops.yaml", CASES.replace("{ caught: [L-2] }", "{ caught: [L-1] }"));
    let folder = repository(&files);
    let (status, out, _) = run(folder.path(), &["test"]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains("✗ policies/tests/laptops.yaml:1 A laptop without encryption is found"), "{out}");
    assert!(out.contains("    devices/unencrypted: expected caught `L-1`, and it says caught `L-2`\n"), "{out}");
    assert!(out.contains("× devices/unencrypted: the disk of L-2 is not encrypted"), "{out}");
    assert!(out.ends_with("4 cases: 3 passed, 1 failed\n"), "{out}");
    assert_eq!(run(folder.path(), &["test", "--exit-zero"]).0, 0);
    for (word, said) in [("silent", "caught `L-2`"), ("pending", "caught `L-2`"), ("untestable", "caught `L-2`")] {
        files.insert("policies/tests/laptops.yaml", CASES.replace("{ caught: [L-2] }", word));
        let (status, out, _) = run(repository(&files).path(), &["test"]);
        assert_eq!(status, 1, "{word}: {out}");
        assert!(out.contains(&format!("expected {word}, and it says {said}")), "{out}");
    }
    // What no case expects must not be found, whatever rule finds it.
    files.insert("policies/tests/laptops.yaml", CASES.replace("  devices/unencrypted: { caught: [L-2] }\n", ""));
    let (status, out, _) = run(repository(&files).path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("devices/unencrypted: nothing was expected, and it says caught `L-2`"), "{out}");
    // Nothing that was tested is no silence.
    let none =
        "about: None.\ntest: laptops\nwith: { enrol_within: 7d }\nas_of: 2026-06-30\nregisters: { laptops: [] }\n";
    files.insert("policies/tests/laptops.yaml", format!("{none}expect: {{ devices/unencrypted: silent }}\n"));
    let (status, out, _) = run(repository(&files).path(), &["test"]);
    assert_eq!(status, 1);
    assert!(out.contains("evidence/no-occurrences: nothing was expected"), "{out}");
}

#[test]
fn without_a_case_nothing_passes_and_a_rule_without_one_is_named() {
    let mut files = company();
    files.insert("policies/tests/laptops.yaml", CASES.split("---\n").next().unwrap().to_owned());
    let (status, out, _) = run(repository(&files).path(), &["test"]);
    assert_eq!(status, 0);
    assert!(out.contains("note: devices/unencrypted has no case in which it is silent\n"), "{out}");
    assert!(
        out.contains("note: devices/enrolled-late has no case in which it finds something, and none in which"),
        "{out}"
    );
    files.remove("policies/tests/laptops.yaml");
    for format in ["text", "json"] {
        let (status, out, err) = run(repository(&files).path(), &["test", "--format", format]);
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(
            err.contains("nothing shows that laptops works") && err.contains("see what one holds: tickmark schema"),
            "{err}"
        );
    }
    files.remove("policies/laptops.yaml");
    let (status, _, err) = run(repository(&files).path(), &["test"]);
    assert_eq!(status, 2);
    assert!(err.contains("no test of this repository's own"), "{err}");
}

#[test]
fn only_the_cases_that_are_named_are_run() {
    let mut files = company();
    let other = CASES.split("---\n").nth(2).unwrap().replace("about: Nothing", "about: Again nothing");
    files.insert("policies/tests/more/again.yaml", other);
    let folder = repository(&files);
    let last = |arguments: &[&str]| {
        let (status, out, err) = run(folder.path(), &[&["test"], arguments].concat());
        (status, out.lines().last().unwrap_or(&err).to_owned())
    };
    assert_eq!(last(&[]), (0, "5 cases: 5 passed, 0 failed".to_owned()));
    assert_eq!(last(&["policies/tests/more"]), (0, "1 case: 1 passed, 0 failed".to_owned()));
    assert_eq!(last(&["policies/tests/laptops.yaml"]), (0, "4 cases: 4 passed, 0 failed".to_owned()));
    assert_eq!(last(&["policies/laptops.yaml"]), (0, "5 cases: 5 passed, 0 failed".to_owned()));
    for wrong in ["registers", "policies/nowhere.yaml", "/"] {
        let (status, out, err) = run(folder.path(), &["test", "policies/tests", wrong]);
        assert_eq!((status, out.as_str()), (2, ""), "{wrong}");
        assert!(err.contains("help:"), "{err}");
    }
}

#[test]
fn the_results_of_cases_fit_their_schema() {
    let mut files = company();
    files.insert("policies/tests/laptops.yaml", CASES.replace("{ caught: [L-2] }", "{ caught: [L-1] }"));
    files.insert("policies/broken.yaml", "test: broken\n".to_owned());
    let (status, out, _) = run(repository(&files).path(), &["test", "--format", "json"]);
    assert_eq!(status, 2);
    let document: Value = serde_json::from_str(&out).unwrap();
    let schema: Value = serde_json::from_str(tickmark::reports::schemas::find("test-results").unwrap()).unwrap();
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft7).build(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(document["schema"], "tickmark.test-results/1");
    let passed: Vec<&Value> = document["cases"].as_array().unwrap().iter().map(|case| &case["passed"]).collect();
    assert_eq!(passed, [false, true, true, true]);
    assert!(!document["faults"].as_array().unwrap().is_empty());
    // The case that the documentation shows is one that runs.
    let documentation =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/README.md")).unwrap();
    let shown =
        documentation.split("```yaml\n# policies/tests/laptops.yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let mut documented = company();
    documented.insert("policies/tests/laptops.yaml", shown.to_owned());
    let (status, out, _) = run(repository(&documented).path(), &["test"]);
    assert_eq!(status, 0, "{out}");
    let case: Value = serde_json::from_str(tickmark::reports::schemas::find("case").unwrap()).unwrap();
    let validator = jsonschema::options().with_draft(jsonschema::Draft::Draft7).build(&case).unwrap();
    for text in CASES.split("---\n") {
        let source = tickmark::text::SourceText::new("case.yaml", text);
        assert!(validator.is_valid(&tickmark::sources::yaml::parse(&source).unwrap()[0].json()), "{text}");
    }
}
