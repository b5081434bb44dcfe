//! Commits whose words would steer a terminal or a workflow runner, if they were printed as they are.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tickmark::text::is_unsafe_to_show;

use super::{repository, run_in};

/// Clears the screen, sets the window's title, writes backwards, and commands a runner.
const WORDS: &str = "x\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{2066}##[stop-commands]x\u{7f}";

const CONTROL: &str = "id: CM-01\ntitle: Changes are approved\nowner: dana@acme.example\ncriteria: [CC8.1]\n\
                       test: change-approval\nwith:\n  branches: [main]\n  approvals: 2\n";

fn hostile() -> TempDir {
    let commit = |at: u8, message: String, files: Value| {
        let at = format!("2026-03-{at:02}T10:00:00Z");
        json!({ "commit": { "on": "main", "by": "dana", "at": at, "message": message, "files": files } })
    };
    let start = json!({ "controls/one.yaml": CONTROL, "tickmark.yaml": "branches: [main]\n" });
    repository(&json!([
        commit(1, "Start".into(), start),
        commit(2, format!("::error::{WORDS}"), json!({})),
        commit(3, format!("##[stop-commands]x {WORDS}\n\n::error::{WORDS}\n"), json!({})),
        commit(4, format!("Fix\n\nReviewed-by: Dana {WORDS} <dana@acme.example>\n"), json!({})),
        commit(5, format!("Mend\n\nReviewed-by: ::error::{WORDS} <lena@acme.example>\n"), json!({})),
        commit(6, format!("Land (#7)\n\nApproved-by: {WORDS}\nReviewed-by: {WORDS}\n::warning::x"), json!({})),
    ]))
}

fn is_harmless(text: &str, what: &str) {
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        assert!(!line.contains(is_unsafe_to_show), "{what}:{number}: {line:?}");
        assert!(!line.contains("##["), "{what}:{number}: {line}");
        assert!(!line.trim_start().starts_with("::"), "{what}:{number}: {line}");
    }
}

fn everything(folder: &Path, name: &str) {
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["trail", "--all"],
        &["trail", "--all", "--format", "json"],
        &["trail", "main~2"],
    ] {
        let ran = run_in(folder, arguments);
        assert!(ran.status == 1 || ran.status == 0, "{arguments:?}: {} {}", ran.status, ran.err);
        assert!(ran.out.lines().count() > 0 && ran.err.is_empty(), "{arguments:?}: {}", ran.err);
        is_harmless(&ran.out, &format!("{name} {arguments:?}"));
    }
}

#[test]
fn nothing_in_a_message_steers_a_terminal_or_a_runner() {
    let folder = hostile();
    everything(folder.path(), "messages");
    let json = run_in(folder.path(), &["trail", "--all", "--format", "json"]).out;
    let document: Value = serde_json::from_str(&json).unwrap();
    let subjects: Vec<&str> =
        document["changes"].as_array().unwrap().iter().map(|change| change["subject"].as_str().unwrap()).collect();
    assert!(subjects.contains(&format!("::error::{WORDS}").as_str()), "JSON keeps the words: {subjects:?}");
}

#[test]
fn nothing_that_a_user_names_does_either() {
    let folder = hostile();
    for arguments in
        [&["trail", WORDS][..], &["explain", WORDS], &["check", "--period", WORDS], &["check", "--as-of", WORDS]]
    {
        let ran = run_in(folder.path(), arguments);
        assert_eq!(ran.status, 2);
        is_harmless(&ran.err, &format!("{arguments:?}"));
    }
}

/// The control's own text is drawn as the place of a finding, and as the fault of a file.
#[test]
fn nothing_in_a_document_does_either() {
    let folder = hostile();
    let control = CONTROL
        .replace("approved\n", "\"approved \\e[2J ##[error]x ::error::\"\n")
        .replace("title: Changes are ", "title: ");
    std::fs::write(folder.path().join("controls/one.yaml"), control + "  # ##[error]x\n").unwrap();
    std::fs::write(folder.path().join("controls/two.yaml"), "::error::x: ##[error]y\nid: \"\\e]0;x\\a\"\n").unwrap();
    everything(folder.path(), "documents");
}
