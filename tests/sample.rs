//! A sample can be drawn again by anybody, with nothing but SHA-256.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tickmark::demo;

const SEED: &str = "Acme 2026";

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    let output = command.current_dir(folder).args(["--as-of", demo::AS_OF, "sample"]).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn drawn(folder: &Path, size: &str) -> Value {
    let (code, text, _) = run(folder, &["CM-01", "--seed", SEED, "--size", size, "--format", "json"]);
    assert_eq!(code, 0);
    serde_json::from_str(&text).unwrap()
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn keys(sample: &Value) -> Vec<String> {
    sample["drawn"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn whoever_has_the_keys_draws_the_same_sample_and_the_same_digest() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let all = drawn(&shop, "1000");
    let mut every = keys(&all);
    assert_eq!(every.len() as u64, all["population"].as_u64().unwrap());
    assert_eq!(all["pending"], 0);
    every.sort_by_key(|key| sha256(&format!("{SEED}\n{key}")));
    assert_eq!(keys(&drawn(&shop, "10")), every[..10]);
    every.sort_unstable();
    let lines: String = every.iter().map(|key| format!("{key}\n")).collect();
    assert_eq!(all["digest"], sha256(&lines));
    // Each key of a change is its commit: the population can be held against the history.
    let repository = git2::Repository::open(&shop).unwrap();
    assert!(every.iter().all(|key| repository.find_commit(key.parse().unwrap()).is_ok()));
    // What is said of the items adds up to what the check says.
    let exceptions = all["drawn"].as_array().unwrap().iter().filter(|one| one["found"] == "exception").count();
    let mut check = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    let check = check.current_dir(&shop).args(["--as-of", demo::AS_OF, "check", "--format", "json"]).output().unwrap();
    let results: Value = serde_json::from_slice(&check.stdout).unwrap();
    let test = results["tests"].as_array().unwrap().iter().find(|test| test["test"] == "change-approval").unwrap();
    assert_eq!(test["exceptions"], exceptions);
}

#[test]
fn the_forms_tell_the_same_items() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let sample = drawn(&shop, "3");
    let (_, table, _) = run(&shop, &["CM-01", "--seed", SEED, "--size", "3", "--format", "csv"]);
    let (_, text, _) = run(&shop, &["CM-01", "--seed", SEED, "--size", "3"]);
    for one in sample["drawn"].as_array().unwrap() {
        assert!(table.contains(one["rank"].as_str().unwrap()) && table.contains(one["key"].as_str().unwrap()));
        assert!(text.contains(one["item"].as_str().unwrap()), "{text}");
    }
    assert!(text.contains(sample["digest"].as_str().unwrap()));
}

#[test]
fn a_name_that_is_none_is_told_with_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let (code, _, told) = run(&shop, &["CM-99", "--seed", SEED]);
    assert_eq!(code, 2);
    assert!(told.contains("CM-99") && told.contains("AC-01"), "{told}");
    let (code, _, told) = run(&shop, &["CM-01", "--seed", SEED, "--test", "leavers"]);
    assert_eq!(code, 2);
    assert!(told.contains("--test change-approval") && told.contains("--test control-changes"), "{told}");
}

#[test]
fn a_sample_of_a_population_that_is_not_whole_ends_with_three() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let repository = git2::Repository::open(&shop).unwrap();
    let first = repository.revparse_single("HEAD~20").unwrap().id();
    std::fs::write(shop.join(".git/shallow"), format!("{first}\n")).unwrap();
    let (code, text, _) = run(&shop, &["CM-01", "--seed", SEED]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("not everything could be read"), "{text}");
}
