//! Controls of a policy repository over other repositories, by clones that stand beside it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use tickmark::sources::script::{self, Script};

const CONTROL: &str = "id: CM-01\ntitle: Changes are approved\nowner: dana@acme.example\ncriteria: [CC8.1]\n\
                       since: 2026-01-01\ntest: change-approval\nwith: { repositories: [payments], approvals: 1 }\n";
const DEPLOYED: &str = "id: CM-02\ntitle: What is deployed was approved\nowner: dana@acme.example\ncriteria: [CC8.1]\n\
                        since: 2026-01-01\ntest: deployments\nwith: { repositories: [payments], approvals: 1 }\n";
const CONFIG: &str =
    "repositories: { payments: { path: ../payments, branches: [live], deployments: { tags: [\"v*\"] } } }\n";
const PEOPLE: &str = "- { id: P-01, name: Dana Roe, emails: [dana@acme.example] }\n\
                      - { id: P-02, name: Mira Sand, emails: [mira@acme.example, mira@home.example] }\n";

fn commit(on: &str, by: &str, at: &str, message: &str, files: &Value) -> Value {
    json!({ "commit": { "on": on, "by": by, "at": at, "message": message, "files": files } })
}

fn write(folder: &Path, steps: &[Value]) {
    fs::create_dir_all(folder).unwrap();
    let people = json!({
        "dana": "Dana Roe <dana@acme.example>", "mira": "Mira Sand <mira@acme.example>",
        "home": "Mira Sand <mira@home.example>",
    });
    let script: Script = serde_json::from_value(json!({ "people": people, "steps": steps })).unwrap();
    script::write(&script, folder, false).unwrap();
}

/// A policy repository, and beside it a clone of payments with four changes: one approved, one by nobody, one by its author
/// under another address, and one on a branch that is not protected.
fn organisation(covered: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = json!({
        "tickmark.yaml": CONFIG, "controls/change-approval.yaml": CONTROL.replace("[payments]", covered), "controls/deployments.yaml": DEPLOYED,
        "registers/people.yaml": PEOPLE,
    });
    write(&folder.path().join("policy"), &[commit("main", "dana", "2025-12-01T09:00:00Z", "Start", &files)]);
    let change = |by: &str, at: &str, message: &str, name: &str| {
        commit("live", by, at, message, &json!({ format!("{name}.txt"): "one\n" }))
    };
    let mut steps = vec![
        change("dana", "2025-12-02T10:00:00Z", "Start", "start"),
        change("mira", "2026-02-01T10:00:00Z", "Add tax\n\nReviewed-by: Dana Roe <dana@acme.example>", "tax"),
        change("mira", "2026-02-02T10:00:00Z", "Add refunds", "refunds"),
        change("mira", "2026-02-03T10:00:00Z", "Add tips\n\nReviewed-by: Mira Sand <mira@home.example>", "tips"),
    ];
    steps.push(json!({ "tag": { "name": "v1", "on": "live" } }));
    steps.push(json!({ "branch": { "name": "topic", "from": "live" } }));
    steps.push(commit("topic", "mira", "2026-02-04T10:00:00Z", "Try", &json!({ "try.txt": "one\n" })));
    write(&folder.path().join("payments"), &steps);
    folder
}

fn check(folder: &Path, more: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.current_dir(folder).args(["check", "--as-of", "2026-06-30"]).args(more).env("COLUMNS", "80");
    let output = command.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_control_covers_the_branch_of_another_repository() {
    let folder = organisation("[payments]");
    let policy = folder.path().join("policy");
    let (status, text) = check(&policy, &["--format", "json"]);
    assert_eq!(status, 1, "{text}");
    let results: Value = serde_json::from_str(&text).unwrap();
    let tests = results["tests"].as_array().unwrap();
    let of = |control: &str| tests.iter().find(|test| test["control"] == control).unwrap();
    assert_eq!(of("CM-01")["repository"], "payments");
    assert_eq!((&of("CM-01")["population"]["size"], &of("CM-01")["exceptions"]), (&json!(3), &json!(2)), "{text}");
    assert_eq!(
        (&of("CM-02")["repository"], &of("CM-02")["population"]["size"]),
        (&json!("payments"), &json!(1)),
        "{text}"
    );
    let findings = results["findings"].as_array().unwrap();
    let rules: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["control"] == "CM-01")
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    // That the two addresses of Mira are one person is what the register of the policy repository says.
    assert_eq!(rules, ["change/unapproved", "change/self-approved"], "{text}");
    let source = findings[0]["labels"][1]["source"].as_str().unwrap();
    assert!(source.starts_with("commit ") && source.ends_with(" of payments"), "{source}");
    let (_, text) = check(&policy, &[]);
    assert!(text.contains("CM-01 Changes are approved (payments)\n  2 of 3 changes with an exception"), "{text}");
}

#[test]
fn a_clone_that_is_not_there_is_untestable() {
    let folder = organisation("[payments]");
    fs::rename(folder.path().join("payments"), folder.path().join("elsewhere")).unwrap();
    let (status, text) = check(&folder.path().join("policy"), &[]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("evidence/repository-missing"), "{text}");
    assert!(text.contains("CM-01 Changes are approved (payments)\n  0 of 0 changes"), "{text}");
    // A folder without a repository of its own is not taken for one above it.
    fs::create_dir(folder.path().join("payments")).unwrap();
    git2::Repository::init(folder.path()).unwrap();
    assert_eq!(check(&folder.path().join("policy"), &[]).0, 3);
}

#[test]
fn what_is_found_of_a_repository_as_a_whole_names_it() {
    let folder = organisation("[payments]");
    let config = CONFIG.replace("[live]", "[gone]");
    fs::write(folder.path().join("policy/tickmark.yaml"), config).unwrap();
    let (status, text) = check(&folder.path().join("policy"), &[]);
    assert_eq!(status, 3, "{text}");
    let words = text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(words.contains("the branch gone that CM-01 covers is not in this clone (in payments)"), "{text}");
}

#[test]
fn this_repository_is_covered_only_where_it_is_named() {
    let folder = organisation("[payments, \".\"]");
    let (_, text) = check(&folder.path().join("policy"), &["--format", "json"]);
    let results: Value = serde_json::from_str(&text).unwrap();
    let of_control = |test: &&Value| test["control"] == "CM-01";
    let all: Vec<&Value> = results["tests"].as_array().unwrap().iter().filter(of_control).collect();
    let names: Vec<&Value> = all.iter().map(|test| &test["repository"]).collect();
    assert_eq!(names, [&Value::Null, &json!("payments")], "{text}");
}
