//! What is staged: which of the documents have to do with it, and what differs from the commit.

use std::fs;
use std::path::Path;

use super::{CONTROL, commit, git, put, repository, tickmark};

#[test]
fn what_has_to_do_with_what_is_staged_is_read_and_nothing_else() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    let policy = "---\ntitle: Changes\n---\n# Changes\n\nEach change has [one approval](../controls/change.yaml#with.approvals).\n";
    put(folder, "policies/changes.md", policy);
    put(folder, "policies/other.md", "# Other\n\nSee [nothing](../controls/nothing.yaml).\n");
    put(folder, "registers/people.csv", "id,name,email\nd,Dana Roe,dana@acme.example\n");
    let other = CONTROL.replace("CM-01", "CM-02");
    put(folder, "controls/a.yaml", &other);
    git(folder, &["add", "."]);
    commit(folder, "More");
    // A policy that links to the parameter is held against it, though only the control changes.
    put(folder, "controls/change.yaml", &CONTROL.replace("approvals: 1", "approvals: 2"));
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.out.contains("documents/statement-differs"), "{}", ran.out);
    assert!(!ran.out.contains("other.md"), "{}", ran.out);
    // The id that is taken stands in a file that comes before, and does not change.
    put(folder, "controls/change.yaml", &other);
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.status == 1 && ran.out.contains("documents/duplicate-id"), "{}", ran.out);
    assert!(ran.out.contains("controls/a.yaml") && ran.out.contains("controls/change.yaml"), "{}", ran.out);
    // And in one that comes after.
    git(folder, &["checkout", "--quiet", "HEAD", "--", "controls"]);
    put(folder, "controls/0.yaml", &other);
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.status == 1 && ran.out.contains("documents/duplicate-id"), "{}", ran.out);
    // A policy that changes is held against the control that it links to, which does not.
    git(folder, &["rm", "--quiet", "--force", "controls/0.yaml"]);
    put(folder, "policies/changes.md", &policy.replace("one approval", "three approvals"));
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.out.contains("documents/statement-differs"), "{}", ran.out);
}

#[test]
fn what_differs_from_the_commit_is_what_git_says() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    for (at, place) in ["a.txt", "a/b.txt", "a/c/d.txt", "a-b/e.txt", "a/é.txt", "z/y/x/w.txt"].iter().enumerate() {
        put(folder, place, &format!("{at}\n"));
    }
    git(folder, &["add", "."]);
    commit(folder, "Many");
    let agrees = |what: &str| {
        let ran = tickmark(folder, &["check", "--staged"], "");
        let listed = git(folder, &["diff", "--cached", "--name-only", "--no-renames"]).out.lines().count();
        let files = if listed == 1 { "file" } else { "files" };
        assert!(ran.out.contains(&format!(": {listed} {files} changed")), "{what}: {listed}\n{}", ran.out);
    };
    for version in ["2", "4"] {
        git(folder, &["update-index", "--index-version", version]);
        git(folder, &["reset", "--quiet", "--hard"]);
        agrees("nothing");
        put(folder, "a/c/d.txt", "changed\n");
        put(folder, "new/in/here.txt", "new\n");
        put(folder, "b.txt", "intended\n");
        git(folder, &["add", "a", "new"]);
        git(folder, &["add", "--intent-to-add", "b.txt"]);
        agrees("changed and new");
        git(folder, &["rm", "--quiet", "-r", "--cached", "z", "a.txt"]);
        agrees("deleted");
        // A file stands where a folder was, and a folder where a file was.
        git(folder, &["rm", "--quiet", "-rf", "a-b", "a/b.txt"]);
        put(folder, "a-b", "a file\n");
        put(folder, "a/b.txt/c.txt", "in a folder\n");
        git(folder, &["add", "a-b", "a/b.txt"]);
        agrees("exchanged");
        #[cfg(unix)]
        {
            git(folder, &["update-index", "--chmod=+x", "a/é.txt"]);
            agrees("a mode");
        }
        git(folder, &["write-tree"]);
        agrees("the trees are known");
    }
}

/// Rules and messages of what is found in the documents, at some file.
fn found_in(folder: &Path, arguments: &[&str], file: &str) -> Vec<String> {
    let ran = tickmark(folder, &[arguments, &["--as-of", "2026-07-15", "--format", "json"]].concat(), "");
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let is_there = |finding: &&serde_json::Value| {
        let labels = finding["labels"].as_array().unwrap();
        let of_documents = finding["rule"].as_str().is_some_and(|rule| rule.starts_with("documents/"));
        of_documents && labels.iter().any(|label| label["source"] == file)
    };
    let findings = report["findings"].as_array().unwrap().iter().filter(is_there);
    let mut found: Vec<String> = findings.map(|one| format!("{} {}", one["rule"], one["message"])).collect();
    found.sort();
    found
}

#[test]
fn a_hook_finds_in_what_changes_what_a_check_finds_there() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if git(folder, &["init", "--quiet", "--initial-branch=main"]).status != 0 {
        return;
    }
    tickmark(folder, &["init", "."], "");
    git(folder, &["add", "."]);
    commit(folder, "Begin");
    let all = git(folder, &["ls-files", "controls", "policies"]).out;
    let mut findings = 0;
    for (at, file) in all.lines().enumerate().filter(|(_, file)| file.ends_with(".yaml") || file.ends_with(".md")) {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        // Each kind of document loses what another one of its kind says of it, or gets what no other agrees with.
        let changed = match (file.ends_with(".md"), at % 2) {
            (true, _) => {
                text.replace("four", "five").replace("two", "three") + "\nSee [it](../controls/nothing.yaml#with.x).\n"
            }
            (false, 0) => text.replace("owner:", "ownr:"),
            (false, _) => text.replace("30d", "31d").replace(": 1\n", ": 2\n").replace("CC6", "CC99"),
        };
        put(folder, file, &changed);
        git(folder, &["add", file]);
        let (staged, whole) = (found_in(folder, &["check", "--staged"], file), found_in(folder, &["check"], file));
        assert_eq!(staged, whole, "{file}");
        findings += whole.len();
        git(folder, &["reset", "--quiet", "--hard"]);
    }
    assert!(findings > 10, "only {findings} findings to compare");
}
