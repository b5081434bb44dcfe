//! Fingerprints last: they outlive another layout, another order and other names of files, and only another matter
//! changes them.

use crate::cases;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use tickmark::engine::Request;
use tickmark::facts::calendar::{Day, Period};
use tickmark::findings::fingerprint::fingerprint;
use tickmark::sources::yaml;
use tickmark::text::SourceText;
use tickmark::{demo, engine, starter};

/// What is found, by its fingerprint: the rule, and what is said.
type Names = BTreeMap<String, String>;

fn names_by(folder: &Path, config: Option<&str>, as_of: &str) -> Names {
    let request = Request { config: config.map(|name| folder.join(name)), ..cases::request(folder, Some(as_of), None) };
    let checked = engine::check(&request).unwrap();
    assert!(!checked.ledger.misconfigured, "{:#?}", checked.ledger.findings);
    let all = checked.ledger.findings.iter();
    let names: Names = all.map(|one| (fingerprint(one), format!("{} {}", one.rule, one.message))).collect();
    assert_eq!(names.len(), checked.ledger.findings.len(), "two findings have one fingerprint");
    names
}

fn names(folder: &Path) -> Names {
    names_by(folder, None, demo::AS_OF)
}

/// What is in one and not in the other, for people.
fn difference(one: &Names, other: &Names) -> Vec<String> {
    let only = |one: &Names, other: &Names, mark: &str| {
        let new = one.iter().filter(|(name, _)| !other.contains_key(*name));
        new.map(|(_, what)| format!("{mark} {what}")).collect::<Vec<_>>()
    };
    [only(one, other, "-"), only(other, one, "+")].concat()
}

#[track_caller]
fn same(before: &Names, folder: &Path) {
    let after = names(folder);
    assert!(before.len() > 5 && difference(before, &after).is_empty(), "{:#?}", difference(before, &after));
}

fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    demo::write(folder.path()).unwrap();
    let path = folder.path();
    // Faults of many kinds, beside what the demo shows.
    append(path, "policies/change-management.md", "\nAccess is reviewed bi-annually, and TBD bi-annually.\n");
    append(path, "controls/vendors.yaml", "unknown_key: 1\n");
    append(path, "registers/training.csv", "P-05,security-basics,2025-13-45,passed,88\nP-06,x,2025-13-45,passed,8\n");
    append(path, "registers/vendors.yaml", "- { id: odd, name: Odd, shoe_size: 4 }\n");
    folder
}

/// The starter in a repository of its own, with some faults.
fn beginner() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let day = |text: &str| Day(text.parse().unwrap());
    let period = Period { from: Some(day("2026-01-01")), to: Some(day("2026-06-30")) };
    starter::plan(folder.path(), period).unwrap().write().unwrap();
    commit(folder.path());
    let path = folder.path();
    append(path, "policies/access-control.md", "\nIt must be done bi-weekly, promptly, and TBD. Again bi-weekly.\n");
    append(path, "policies/vendor-management.md", "\nVendors shall be looked at regularly.\n");
    for file in ["controls/leavers.yaml", "controls/vendors.yaml"] {
        append(path, file, "colour: red\n");
    }
    folder
}

fn commit(folder: &Path) {
    let repository = git2::Repository::init(folder).unwrap();
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let who = git2::Signature::new("Dana Roe", "dana@acme.example", &git2::Time::new(1_767_600_000, 60)).unwrap();
    repository.commit(Some("HEAD"), &who, &who, "Begin", &tree, &[]).unwrap();
}

fn append(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    fs::write(&path, fs::read_to_string(&path).unwrap() + text).unwrap();
}

fn change(folder: &Path, file: &str, was: &str, is: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(was), "{file} has no {was}");
    fs::write(path, text.replace(was, is)).unwrap();
}

/// The files below some folders with an ending.
fn files(folder: &Path, below: &[&str], ending: &str) -> Vec<PathBuf> {
    let all = below.iter().flat_map(|below| walkdir::WalkDir::new(folder.join(below)).sort_by_file_name());
    let all = all.map(|entry| entry.unwrap().into_path());
    all.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

/// A document of YAML in another layout: keys in another order, everything in blocks, and comments in front.
fn again(path: &Path, turn: bool) {
    let text = fs::read_to_string(path).unwrap();
    let documents = yaml::parse(&SourceText::new("file", text.as_str())).unwrap();
    let mut written = String::from("# A comment.\n\n\n");
    for document in documents {
        let mut value = document.json();
        if let Some(records) = value.as_array_mut().filter(|_| turn) {
            records.reverse();
        }
        written += "---\n";
        lay_out(&value, 0, &mut written);
    }
    fs::write(path, written).unwrap();
}

/// A value in flow style over several lines, with its keys backwards.
fn lay_out(value: &Value, depth: usize, out: &mut String) {
    let margin = " ".repeat(3 * depth);
    match value {
        Value::Object(entries) => {
            *out += "{\n";
            for (key, value) in entries.iter().rev() {
                *out += &format!("{margin}   \"{key}\": ");
                lay_out(value, depth + 1, out);
                *out += ",\n";
            }
            *out += &format!("{margin}}}");
        }
        Value::Array(items) => {
            *out += "[\n";
            for item in items {
                *out += &format!("{margin}   ");
                lay_out(item, depth + 1, out);
                *out += ",\n";
            }
            *out += &format!("{margin}]");
        }
        other => *out += &other.to_string(),
    }
    if depth == 0 {
        out.push('\n');
    }
}

#[test]
fn they_outlive_another_layout_and_another_order() {
    for world in [shop(), beginner()] {
        let folder = world.path();
        let before = names(folder);
        assert_eq!(before, names(folder), "run again");
        for path in files(folder, &["controls"], "yaml") {
            again(&path, false);
        }
        same(&before, folder);
        for path in files(folder, &["registers"], "yaml") {
            again(&path, true);
        }
        same(&before, folder);
        for path in files(folder, &["registers"], "csv") {
            let text = fs::read_to_string(&path).unwrap();
            let mut lines: Vec<&str> = text.lines().collect();
            lines[1..].reverse();
            fs::write(&path, lines.join("\r\n") + "\r\n").unwrap();
        }
        same(&before, folder);
        for path in files(folder, &["policies"], "md") {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, text.replace("\n# ", "\n\n\nThis line is new.\n\n# ")).unwrap();
        }
        same(&before, folder);
    }
}

#[test]
fn they_outlive_other_names_of_files() {
    for world in [shop(), beginner()] {
        let folder = world.path();
        let before = names(folder);
        // Every document lies elsewhere, and so do the links between them.
        fs::create_dir_all(folder.join("controls/all")).unwrap();
        for path in files(folder, &["controls"], "yaml") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = fs::read_to_string(&path).unwrap().replace("policy: ../policies/", "policy: ../../policies/x-");
            fs::write(folder.join("controls/all").join(format!("x-{name}")), text).unwrap();
            fs::remove_file(&path).unwrap();
        }
        for path in files(folder, &["policies"], "md") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = fs::read_to_string(&path).unwrap().replace("(../controls/", "(../controls/all/x-");
            fs::write(path.with_file_name(format!("x-{name}")), text).unwrap();
            fs::remove_file(&path).unwrap();
        }
        same(&before, folder);
        // Registers may lie where the configuration says.
        let mut registers = String::from("registers:\n");
        for path in files(folder, &["registers"], "csv").into_iter().chain(files(folder, &["registers"], "yaml")) {
            let name = path.strip_prefix(folder.join("registers")).unwrap().to_str().unwrap().replace('/', "-");
            fs::create_dir_all(folder.join("lists")).unwrap();
            fs::rename(&path, folder.join("lists").join(&name)).unwrap();
            // Whoever moves a file says so where it is named as evidence.
            let responses = folder.join("responses");
            let there = if responses.exists() { files(folder, &["responses"], "yaml") } else { Vec::new() };
            for response in there {
                let text = fs::read_to_string(&response).unwrap();
                fs::write(&response, text.replace(&format!("registers/{name}"), &format!("lists/{name}"))).unwrap();
            }
        }
        let stems = files(folder, &["lists"], "csv").into_iter().chain(files(folder, &["lists"], "yaml"));
        let stems = stems.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
        let definitions = fs::read_dir(cases::root().join("policies/registers")).unwrap();
        let kinds: BTreeSet<String> =
            definitions.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        let stems: Vec<String> = stems.collect();
        for kind in kinds.iter().filter(|kind| stems.iter().any(|stem| stem.starts_with(kind.as_str()))) {
            let files = stems.iter().filter(|stem| {
                let longest = kinds.iter().filter(|kind| stem.starts_with(kind.as_str())).max_by_key(|kind| kind.len());
                longest == Some(kind)
            });
            let files: Vec<String> = files.map(|stem| format!("{{ file: \"lists/{stem}.*\" }}")).collect();
            if !files.is_empty() {
                registers += &format!("  {}: [{}]\n", kind.replace('-', "_"), files.join(", "));
            }
        }
        append(folder, "tickmark.yaml", &format!("\n{registers}"));
        same(&before, folder);
        fs::rename(folder.join("tickmark.yaml"), folder.join("other.yaml")).unwrap();
        let after = names_by(folder, Some("other.yaml"), demo::AS_OF);
        assert!(difference(&before, &after).is_empty(), "{:#?}", difference(&before, &after));
    }
}

/// What a change of the matter does: these fingerprints are gone, and others are there.
#[track_caller]
fn other(rule: &str, file: &str, was: &str, is: &str) {
    let world = shop();
    let of = |names: Names| -> BTreeSet<String> {
        names.into_iter().filter(|(_, what)| what.starts_with(&format!("{rule} "))).map(|(name, _)| name).collect()
    };
    let before = of(names(world.path()));
    change(world.path(), file, was, is);
    let after = of(names(world.path()));
    assert!(!before.is_empty() && !after.is_empty(), "{rule} finds nothing");
    assert_ne!(before, after, "{rule}: {was} became {is}");
}

#[test]
fn another_matter_has_another_fingerprint() {
    other("vendor/never-assessed", "registers/vendors.yaml", "id: chat", "id: raven");
    other("vulnerability/overdue", "registers/vulnerabilities.csv", "V-103", "V-203");
    other("documents/unknown-key", "controls/vendors.yaml", "unknown_key", "unheard_key");
    other("documents/ambiguous", "policies/change-management.md", "bi-annually, and TBD", "bi-weekly, and TBD");
    other("documents/ambiguous", "policies/change-management.md", "id: POL-CM", "id: POL-CHANGE");
    other("documents/bad-date", "registers/training.csv", "2025-13-45,passed,88", "2025-14-45,passed,88");
    // Another control of the same kind.
    other("change/self-approved", "controls/change-approval.yaml", "id: CM-01", "id: CM-09");
}
