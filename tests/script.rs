//! History scripts: the same script makes the same objects on every machine, and nothing that Git would object to.

use std::path::Path;
use std::process::Command;

use tickmark::error::{Error, Fault, Kind};
use tickmark::sources::commit::RawCommit;
use tickmark::sources::notes;
use tickmark::sources::oid::Oid;
use tickmark::sources::repo::{ObjectKind, Repo};
use tickmark::sources::script::{self, Script, Written};
use tickmark::text::SourceText;

const SCRIPT: &str = r#"
people:
  dana: Dana Roe <dana@acme.example>
  sam: Sam Özil <sam@acme.example>
steps:
  - commit:
      on: main
      by: dana
      at: 2026-03-04T18:22:00+01:00
      message: First
      files: { README.md: "Shop\n", src/cart.py: "cart = 1\n", src/old.py: "old = 1\n" }
      name: first
  - branch: { name: topic, from: main }
  - commit:
      on: topic
      by: sam
      committer: dana
      at: 2026-03-05T09:00:00-03:30
      message: "Cart\n\nBuilt on ${first}.\n"
      files: { src/cart.py: "cart = 2\n" }
      remove: [src/old.py]
  - commit: { on: main, by: dana, at: 2026-03-05T10:00:00Z, message: Readme, files: { README.md: "The shop\n" } }
  - merge:
      into: main
      from: [topic]
      by: dana
      committer: sam
      at: 2026-03-06T10:00:00+01:00
      message: Merge branch 'topic' into 'main'
      files: { NEWS.md: { from: news.md } }
      delete_branches: true
      name: merged
  - tag: { name: v1.0, on: merged, by: dana, at: 2026-03-06T11:00:00+01:00, message: Version 1.0 }
  - tag: { name: light, on: first }
  - note: { ref: refs/notes/review, on: merged, by: sam, at: 2026-03-06T12:00:00+01:00, text: "Approved ${merged}" }
  - ref: { name: refs/heads/release, to: v1.0 }
"#;

fn read(text: &str) -> Result<Script, Vec<Fault>> {
    script::parse(&SourceText::new("history.yaml", text))
}

fn write(text: &str, folder: &Path, bare: bool) -> Result<Written, Error> {
    script::write_with(&read(text).unwrap(), folder, bare, &|path| (path == "news.md").then(|| b"News\n".to_vec()))
}

/// A script of one commit, with more steps behind it.
fn with_steps(steps: &str) -> String {
    let first = "  - commit: { on: main, by: dana, at: 2026-01-01T00:00:00Z, message: First, files: { a/b: x } }\n";
    format!("people: {{ dana: Dana Roe <dana@acme.example> }}\nsteps:\n{first}{steps}\n")
}

fn refused(steps: &str) -> Error {
    let folder = tempfile::tempdir().unwrap();
    write(&with_steps(steps), folder.path(), true).unwrap_err()
}

fn parents(repo: &Repo, commit: Oid) -> Vec<Oid> {
    repo.read(commit, ObjectKind::Commit, |bytes| RawCommit::parse(bytes).unwrap().parents).unwrap()
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let out = Command::new("git")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output();
    match out {
        Ok(out) => {
            let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
            assert!(out.status.success(), "git {arguments:?}: {text}");
            Some(text)
        }
        Err(_) => {
            eprintln!("skipped: there is no git here");
            None
        }
    }
}

#[test]
fn the_same_script_makes_the_same_objects_everywhere() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = write(SCRIPT, one.path(), false).unwrap();
    let second = write(SCRIPT, other.path(), true).unwrap();
    assert_eq!(first, second);
    assert_eq!(first.head, Some(first.names["merged"]));
    assert_eq!(first.names["first"].to_string(), "6572db2d08841eae77abf97330e762a3d771b60c");
    assert_eq!(first.names["merged"].to_string(), "7ede15471ee58e00b312085e75124b87f19e6e01");
}

#[test]
fn merges_have_their_parents_and_the_files_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(SCRIPT, folder.path(), false).unwrap();
    let repo = Repo::open(folder.path()).unwrap();
    let both = parents(&repo, written.names["merged"]);
    assert_eq!(both.len(), 2);
    assert_eq!(parents(&repo, both[0]), [written.names["first"]]);
    assert_eq!(parents(&repo, both[1]), [written.names["first"]]);
    let message = repo.read(both[1], ObjectKind::Commit, |bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap();
    assert!(message.contains("author Sam Özil <sam@acme.example> 1772713800 -0330\n"), "{message}");
    assert!(message.contains("committer Dana Roe <dana@acme.example>"), "{message}");
    assert!(message.ends_with(&format!("\n\nCart\n\nBuilt on {}.\n", written.names["first"])), "{message}");

    let content = |path: &str| std::fs::read_to_string(folder.path().join(path)).ok();
    assert_eq!(content("README.md").as_deref(), Some("The shop\n"));
    assert_eq!(content("src/cart.py").as_deref(), Some("cart = 2\n"));
    assert_eq!(content("NEWS.md").as_deref(), Some("News\n"));
    assert_eq!(content("src/old.py"), None);
}

#[test]
fn notes_tags_and_references_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(SCRIPT, folder.path(), true).unwrap();
    let repo = Repo::open(folder.path()).unwrap();
    let notes_commit = repo.resolve("refs/notes/review").unwrap();
    let tree = repo.read(notes_commit, ObjectKind::Commit, |bytes| RawCommit::parse(bytes).unwrap().tree).unwrap();
    let found = notes::list(&repo, tree).unwrap();
    let note = found[&written.names["merged"]];
    let text = repo.read(note, ObjectKind::Blob, |bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap();
    assert_eq!(text, format!("Approved {}\n", written.names["merged"]));
    assert_eq!(repo.resolve("v1.0").unwrap(), written.names["merged"]);
    assert_eq!(repo.resolve("light").unwrap(), written.names["first"]);
    assert_eq!(repo.resolve("refs/heads/release").unwrap(), written.names["merged"]);
    assert!(repo.resolve("refs/heads/topic").is_err());
}

#[test]
fn git_itself_finds_nothing_wrong() {
    let folder = tempfile::tempdir().unwrap();
    write(SCRIPT, folder.path(), false).unwrap();
    let Some(words) = git(folder.path(), &["fsck", "--full", "--strict", "--no-dangling", "--no-progress"]) else {
        return;
    };
    assert_eq!(words, "");
    assert_eq!(git(folder.path(), &["status", "--porcelain"]).unwrap(), "");
    assert_eq!(git(folder.path(), &["branch", "--show-current"]).unwrap(), "main\n");
    assert_eq!(git(folder.path(), &["reflog", "show", "main"]).unwrap(), "");
}

#[test]
fn a_folder_that_holds_something_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    let error = write(SCRIPT, folder.path(), false).unwrap_err();
    assert_eq!(error.kind, Kind::Usage);
    assert!(error.hint.is_some());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(write(SCRIPT, &folder.path().join("mine.txt"), false).unwrap_err().kind, Kind::Usage);
    write(SCRIPT, &folder.path().join("new/deeper"), false).unwrap();
}

#[test]
fn what_a_step_does_not_find_is_said_with_the_step() {
    let at = "at: 2026-01-02T00:00:00Z";
    let cases = [
        (format!("  - commit: {{ on: main, by: dna, {at}, message: x }}"), "step 2 (commit on main): nobody under"),
        ("  - branch: { name: topic, from: mian }".to_owned(), "step 2 (branch topic): no commit, branch or tag"),
        (format!("  - merge: {{ into: old, from: [main], by: dana, {at}, message: x }}"), "there is no branch `old`"),
        (
            format!("  - commit: {{ on: main, by: dana, {at}, message: \"${{x}}\" }}"),
            "no step before this one is named `x`",
        ),
        (format!("  - commit: {{ on: main, by: dana, {at}, message: x, remove: [b] }}"), "no file `b` to remove"),
        (format!("  - commit: {{ on: main, by: dana, {at}, message: x, files: {{ ../b: x }} }}"), "`../b` is no path"),
        (format!("  - commit: {{ on: main, by: dana, {at}, message: x, files: {{ /b: x }} }}"), "`/b` is no path"),
        (
            format!("  - commit: {{ on: main, by: dana, {at}, message: x, files: {{ a: x }} }}"),
            "a folder that is also a file",
        ),
        (
            format!("  - commit: {{ on: main, by: dana, {at}, message: x, files: {{ b: {{ from: c }} }} }}"),
            "no file `c` beside",
        ),
        ("  - tag: { name: v1, on: main, message: x }".to_owned(), "needs `by` and `at`"),
        ("  - branch: { name: main, from: main }".to_owned(), "there is a branch `main` already"),
        ("  - ref: { name: refs/heads/.., to: main }".to_owned(), "step 2 (ref refs/heads/..): Git cannot do this"),
    ];
    for (steps, words) in cases {
        let message = refused(&steps).message;
        assert!(message.starts_with("step 2 (") && message.contains(words), "{steps}\n{message}");
    }
    assert_eq!(refused("  - branch: { name: topic, from: mian }").hint, None);
    assert_eq!(
        refused("  - note: { ref: refs/notes/x, on: main, by: dan, at: 2026-01-01T00:00:00Z, text: x }")
            .hint
            .as_deref(),
        Some("`dana` is")
    );
}

#[test]
fn faults_of_a_script_stand_at_their_places() {
    let faults = |text: &str| -> Vec<String> {
        let found = read(text).unwrap_err();
        found
            .iter()
            .map(|fault| format!("{} {}: {}", fault.rule, fault.source.slice(fault.span), fault.message))
            .collect()
    };
    let unknown = faults("steps:\n  - comit: { on: main }\n");
    assert!(unknown.iter().any(|fault| fault.starts_with("documents/unknown-key comit")), "{unknown:?}");
    let twice = faults("steps:\n  - branch: { name: a, from: b }\n    ref: { name: a, to: b }\n");
    assert!(twice.len() == 1, "{twice:?}");
    let date = faults("steps:\n  - commit: { on: main, by: a, at: 2026-01-01, message: x }\n");
    assert!(date.len() == 1 && date[0].contains("2026-01-01"), "{date:?}");
    assert!(!faults("steps: []\n---\nsteps: []\n").is_empty());
}
