//! Exports of forges: each format becomes records, sealed and each once. `BLESS=1` writes `tests/forges/*.expected`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

mod hostile;

/// What a run ended with.
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

/// Runs the program in a folder.
pub fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).env("COLUMNS", "80").env("NO_COLOR", "1");
    for name in ["CLICOLOR_FORCE", "CLICOLOR", "FORCE_COLOR", "GIT_DIR", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("everything printed is UTF-8");
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// An empty repository.
pub fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init(folder.path()).unwrap();
    folder
}

/// An export of the tests, by its path.
fn export(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forges").join(name);
    path.to_str().unwrap().to_owned()
}

/// Imports files; what follows the forge.
pub fn import(folder: &Path, forge: &str, files: &[&str]) -> Ran {
    run(folder, &[&["import", forge], files].concat())
}

/// Every record file of a repository, with what it holds.
pub fn records(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder.join("registers/changes")) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap()))
        .collect()
}

const FORMATS: [(&str, &str, &[&str]); 8] = [
    ("github-pr-list", "github", &["github-pr-list.json"]),
    ("github-graphql", "github", &["github-graphql.json"]),
    ("github-rest", "github", &["github-rest-pulls.json", "github-rest-reviews.json"]),
    ("gitlab", "gitlab", &["gitlab-merge-requests.json", "gitlab-approvals.json"]),
    ("gerrit-query", "gerrit", &["gerrit-query.json"]),
    ("gerrit-rest", "gerrit", &["gerrit-rest.json"]),
    ("azure-devops", "azure-devops", &["azure-devops.json"]),
    ("bitbucket-cloud", "bitbucket", &["bitbucket-cloud.json"]),
];

#[test]
fn every_format_becomes_records_and_importing_twice_changes_nothing() {
    let mut differences = String::new();
    for (name, forge, files) in FORMATS {
        let folder = repository();
        let files: Vec<String> = files.iter().map(|file| export(file)).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let first = import(folder.path(), forge, &files);
        assert_eq!(first.status, 0, "{name}: {}{}", first.out, first.err);
        let before = records(folder.path());
        assert!(!before.is_empty(), "{name}");
        let mut made = first.out.clone();
        for (path, text) in &before {
            made += &format!("\n== {path}\n{text}");
        }
        let again = import(folder.path(), forge, &files);
        assert_eq!(again.status, 0, "{name}: {}", again.err);
        assert!(again.out.contains("nothing was written"), "{name}: {}", again.out);
        assert_eq!(records(folder.path()), before, "{name}: the second import changed something");
        // What was written is read again without a fault.
        let trail = run(folder.path(), &["check"]);
        assert!(!trail.out.contains("documents/"), "{name}: {}", trail.out);
        let expected = PathBuf::from(export(&format!("{name}.expected")));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &made).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != made {
            differences += &format!("\n{name}:\n{made}");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// An export of gh with one request.
pub fn request(change: impl Fn(&mut Value)) -> Value {
    let mut one = json!({
        "number": 7, "title": "Cap discounts", "url": "https://github.com/acme/shop/pull/7",
        "author": { "login": "mira-s" }, "baseRefName": "main", "mergedAt": "2026-03-04T10:00:00Z",
        "headRefOid": "a".repeat(40), "mergeCommit": { "oid": "b".repeat(40) },
        "reviews": [{
            "author": { "login": "danar" }, "state": "APPROVED", "submittedAt": "2026-03-03T10:00:00Z",
            "commit": { "oid": "a".repeat(40) }
        }],
    });
    change(&mut one);
    one
}

/// Writes an export beside a repository, and imports it.
pub fn import_text(folder: &Path, text: &str) -> Ran {
    let beside = tempfile::tempdir().unwrap();
    let path = beside.path().join("export.json");
    fs::write(&path, text).unwrap();
    import(folder, "github", &[path.to_str().unwrap()])
}

#[test]
fn a_later_export_adds_what_is_new_and_leaves_what_is_there() {
    let folder = repository();
    let first = request(|_| {});
    assert_eq!(import_text(folder.path(), &json!([first]).to_string()).status, 0);
    let before = records(folder.path());
    let second = request(|one| {
        one["number"] = json!(8);
        one["url"] = json!("https://github.com/acme/shop/pull/8");
        one["mergeCommit"]["oid"] = json!("c".repeat(40));
    });
    // A title may be put right, and a review that came after the merge does not change what is sealed.
    let first = request(|one| {
        one["title"] = json!("Cap all discounts");
        let late = json!({ "author": { "login": "lena" }, "state": "APPROVED", "submittedAt": "2026-03-09T10:00:00Z" });
        one["reviews"].as_array_mut().unwrap().push(late);
    });
    let ran = import_text(folder.path(), &json!([second, first]).to_string());
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("2 requests that were merged: 1 new, 1 recorded before"), "{}", ran.out);
    assert!(ran.out.contains("#7: its sealed record has 1 fewer decisions"), "{}", ran.out);
    let after = records(folder.path());
    assert_eq!(after.len(), 2);
    assert!(before.iter().all(|file| after.contains(file)));
}

#[test]
fn an_export_that_contradicts_a_sealed_record_is_refused() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 5] = [
        ("the merge commit", |one| one["mergeCommit"]["oid"] = json!("c".repeat(40))),
        ("the author", |one| one["author"]["login"] = json!("tvega")),
        ("the branch", |one| one["baseRefName"] = json!("release")),
        ("danar approved", |one| one["reviews"] = json!([])),
        ("danar approved", |one| one["reviews"][0]["state"] = json!("DISMISSED")),
    ];
    for (what, change) in changes {
        let folder = repository();
        assert_eq!(import_text(folder.path(), &json!([request(|_| {})]).to_string()).status, 0);
        let before = records(folder.path());
        let ran = import_text(folder.path(), &json!([request(change)]).to_string());
        assert_eq!(ran.status, 1, "{what}: {}", ran.out);
        assert!(ran.err.contains(what), "{what}: {}", ran.err);
        let both =
            ran.err.contains("registers/changes/github-acme-shop-2026-03-04.yaml") && ran.err.contains("export.json");
        assert!(both, "both places are shown:\n{}", ran.err);
        assert!(ran.out.contains("1 at odds with its record"), "{}", ran.out);
        assert_eq!(records(folder.path()), before, "{what}: nothing is written");
    }
}

#[test]
fn what_cannot_be_recorded_is_told() {
    let folder = repository();
    let ran = import_text(
        folder.path(),
        &json!([request(|one| {
            one["mergeCommit"] = Value::Null;
            one.as_object_mut().unwrap().remove("headRefOid");
        })])
        .to_string(),
    );
    assert!(ran.out.contains("#7: no merge commit"), "{}", ran.out);
    let ran = import_text(
        folder.path(),
        &json!([request(|one| {
            one.as_object_mut().unwrap().remove("reviews");
        })])
        .to_string(),
    );
    assert!(ran.out.contains("#7: its reviews are not in the export"), "{}", ran.out);
    assert!(records(folder.path()).is_empty());
    let ran = import_text(
        folder.path(),
        &json!([request(|one| {
            let review = one["reviews"][0].clone();
            one["reviews"] = json!(vec![review; 100]);
        })])
        .to_string(),
    );
    assert!(ran.out.contains("#7: only a part of its reviews is in the export"), "{}", ran.out);
    assert!(records(folder.path())[0].1.contains("cut_off: [\"reviews\"]"));
}

#[test]
fn records_are_written_only_into_the_folder_of_the_register() {
    let folder = repository();
    let path = folder.path().join("export.json");
    fs::write(&path, json!([request(|_| {})]).to_string()).unwrap();
    for outside in
        ["records.yaml", "../records.yaml", "registers/changes/../x.yaml", "registers/changes/x.txt", "/tmp/x.yaml"]
    {
        let ran = run(folder.path(), &["import", "github", "export.json", "--output", outside]);
        assert_eq!(ran.status, 2, "{outside}: {}", ran.out);
    }
    let ran = run(folder.path(), &["import", "github", "export.json", "--output", "registers/changes/march.yaml"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(records(folder.path())[0].0, "march.yaml");
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_repository() {
    let (folder, elsewhere) = (repository(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("registers")).unwrap();
    let ran = import_text(folder.path(), &json!([request(|_| {})]).to_string());
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(ran.err.contains("links are not followed"), "{}", ran.err);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn a_configuration_that_keeps_the_register_elsewhere_is_told() {
    let folder = repository();
    fs::create_dir(folder.path().join("exports")).unwrap();
    fs::write(folder.path().join("exports/prs.json"), "[]").unwrap();
    let configuration = "registers:\n  changes: { file: exports/*.json, tool: github-pull-requests }\n";
    fs::write(folder.path().join("tickmark.yaml"), configuration).unwrap();
    let ran = import_text(folder.path(), &json!([request(|_| {})]).to_string());
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(ran.err.contains("lies elsewhere"), "{}", ran.err);
    assert!(records(folder.path()).is_empty());
}
