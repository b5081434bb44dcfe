//! Ranges and hooks: what is about to be committed or pushed, in repositories in which Git itself calls the program.

mod staged;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tickmark");
const CONTROL: &str = "id: CM-01
title: Changes are approved before they land
owner: dana@acme.example
criteria: [CC8.1]
since: 2026-01-01
test: change-approval
with: { branches: [main], approvals: 1 }
";
const APPROVED: &str = "Reviewed-by: Lena Osei <lena@acme.example>";

struct Ran {
    status: i32,
    out: String,
    err: String,
}

fn finish(output: std::process::Output) -> Ran {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn clean(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("COLUMNS", "80").env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "PRE_COMMIT", "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"]
    {
        command.env_remove(name);
    }
    command
}

fn git(folder: &Path, arguments: &[&str]) -> Ran {
    let who = ["-c", "user.name=Dana Roe", "-c", "user.email=dana@acme.example"];
    finish(clean("git", folder).args(who).args(arguments).output().unwrap())
}

fn tickmark(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut command = clean(PROGRAM, folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    finish(child.wait_with_output().unwrap())
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Commits what is staged on the branch that is checked out, without asking any hook; its name.
fn commit(folder: &Path, message: &str) -> String {
    put(folder, "README.md", message);
    git(folder, &["add", "README.md"]);
    assert_eq!(git(folder, &["commit", "--quiet", "--no-verify", "-m", message]).status, 0);
    git(folder, &["rev-parse", "HEAD"]).out.trim().to_owned()
}

/// A repository with one control and one approved change; the commit with the control.
fn repository() -> Option<(TempDir, String)> {
    let folder = tempfile::tempdir().unwrap();
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: there is no git");
        return None;
    }
    git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
    put(folder.path(), "controls/change.yaml", CONTROL);
    put(folder.path(), "tickmark.yaml", "branches: [main]\n");
    git(folder.path(), &["add", "."]);
    let first = commit(folder.path(), &format!("Begin\n\n{APPROVED}"));
    Some((folder, first))
}

fn install(folder: &Path, name: &str, text: &str) {
    let hook = folder.join(".git/hooks").join(name);
    put(folder, &format!(".git/hooks/{name}"), &format!("#!/bin/sh\nexec '{PROGRAM}' {text}\n"));
    #[cfg(unix)]
    fs::set_permissions(hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn the_index_is_checked_and_not_the_working_tree() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    let bad = CONTROL.replace("approvals: 1", "approvals: none");
    put(folder, "controls/change.yaml", &bad);
    let ran = tickmark(folder, &["check", "--staged"], "");
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("range: what is staged, compared with `main` at "), "{}", ran.out);
    assert!(ran.out.contains("0 files changed"), "{}", ran.out);
    git(folder, &["add", "."]);
    put(folder, "controls/change.yaml", CONTROL);
    let ran = tickmark(folder, &["check", "--staged"], "");
    assert_eq!(ran.status, 1, "{}", ran.out);
    assert!(ran.out.contains("documents/wrong-type") && ran.out.contains("controls/change.yaml"), "{}", ran.out);
}

#[test]
fn a_fault_in_a_file_that_did_not_change_is_not_told() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    put(folder, "controls/old.yaml", &CONTROL.replace("CM-01", "CM-02").replace("CC8.1", "CC99.9"));
    git(folder, &["add", "."]);
    commit(folder, "Old");
    put(folder, "controls/new.yaml", &CONTROL.replace("CM-01", "CM-03"));
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.status == 0 && !ran.out.contains("old.yaml"), "{}", ran.out);
    // A control of the same name is told where it is new.
    put(folder, "controls/new.yaml", CONTROL);
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.status == 1 && ran.out.contains("documents/duplicate-id"), "{}", ran.out);
}

#[test]
fn a_configuration_that_cannot_be_used_is_told_whatever_changes() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    put(folder, "tickmark.yaml", "branches: 3\n");
    git(folder, &["add", "."]);
    commit(folder, "Break");
    put(folder, "notes.md", "Something else\n");
    git(folder, &["add", "."]);
    let ran = tickmark(folder, &["hook", "pre-commit"], "");
    assert!(ran.status == 2 && ran.out.contains("tickmark.yaml"), "{} {}", ran.status, ran.out);
}

#[test]
fn a_bad_control_blocks_the_commit_however_it_is_committed() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    install(folder, "pre-commit", "hook pre-commit");
    let bad = CONTROL.replace("approvals: 1", "approvals: none");
    for arguments in [&["commit", "-am", "Bad"][..], &["commit", "-m", "Bad", "--", "controls/change.yaml"]] {
        put(folder, "controls/change.yaml", &bad);
        let ran = git(folder, arguments);
        assert!(ran.status != 0 && (ran.out + &ran.err).contains("documents/wrong-type"), "{arguments:?}");
        assert_eq!(git(folder, &["rev-parse", "HEAD"]).out.trim(), first);
    }
    // What is not committed does not count.
    put(folder, "README.md", "Shop\n");
    git(folder, &["add", "README.md"]);
    let ran = git(folder, &["commit", "-m", "Good", "--", "README.md"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn only_what_landed_in_a_range_is_judged() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    let old = commit(folder, "Old, and approved by nobody");
    let good = commit(folder, &format!("Good\n\n{APPROVED}"));
    let bad = commit(folder, "Bad");
    let ran = tickmark(folder, &["check", &format!("{old}..{good}")], "");
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains(&format!("range: {}..{}: 1 change with 1 commit", &old[..7], &good[..7])), "{}", ran.out);
    assert!(ran.out.contains("not judged: records, deployments and documents that did not change"), "{}", ran.out);
    let ran = tickmark(folder, &["check", "--from", &good], "");
    assert_eq!(ran.status, 1, "{}", ran.out);
    assert!(ran.out.contains("\"Bad\"") && !ran.out.contains("Old, and"), "{}", ran.out);
    assert!(ran.out.contains("1 of 1 changes with an exception"), "{}", ran.out);
    // A range before the period of the configuration is judged all the same.
    put(folder, "tickmark.yaml", "branches: [main]\nperiod: { from: 2030-01-01 }\n");
    git(folder, &["add", "."]);
    let last = commit(folder, &format!("Another period\n\n{APPROVED}"));
    assert_eq!(tickmark(folder, &["check", &format!("{good}..{last}")], "").status, 1);
    let json = tickmark(folder, &["check", &format!("{good}..{bad}"), "--format", "json"], "");
    assert!(json.out.contains("\"range\": \""), "{}", json.out);
}

#[test]
fn a_range_that_is_none_or_lacks_an_end_is_no_pass() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    for (range, status) in [("main", 2), ("main...HEAD", 2), ("nowhere..main", 3)] {
        assert_eq!(tickmark(folder, &["check", range], "").status, status, "{range}");
    }
    let missing = format!("refs/heads/main {first} refs/heads/main {}\n", "1".repeat(40));
    assert_eq!(tickmark(folder, &["hook", "pre-push", "origin"], &missing).status, 3);
}

#[test]
fn every_branch_of_a_push_is_judged() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    let bad = commit(folder, "Bad");
    let none = "0".repeat(40);
    let line = |local: &str, name: &str, before: &str| format!("refs/heads/x {local} {name} {before}\n");
    let push = |lines: &str| tickmark(folder, &["hook", "pre-push", "origin", "https://acme.example/shop.git"], lines);
    let ran = push(&line(&bad, "refs/heads/main", &first));
    assert!(ran.status == 1 && ran.out.contains("for `main`: 1 change"), "{}", ran.out);
    // The bad branch may come second, behind one that is deleted and a tag.
    let lines = [
        line(&none, "refs/heads/gone", &first),
        line(&first, "refs/tags/v1", &none),
        line(&first, "refs/heads/topic", &none),
        line(&bad, "refs/heads/main", &first),
    ];
    let ran = push(&lines.concat());
    assert_eq!(ran.status, 1, "{}", ran.out);
    assert!(
        ran.err.contains("`refs/heads/gone` is deleted") && ran.err.contains("`refs/tags/v1` is no branch"),
        "{}",
        ran.err
    );
    // On a branch that no control covers nothing lands.
    let ran = push(&line(&bad, "refs/heads/topic", &first));
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("not judged: the changes of `topic`: no control covers them"), "{}", ran.out);
    assert_eq!(push("what is this").status, 2);
    assert!(push("").err.contains("nothing is pushed"));
}

#[test]
fn git_calls_the_hook_before_a_push() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    let remote = tempfile::tempdir().unwrap();
    git(remote.path(), &["init", "--quiet", "--bare"]);
    git(folder, &["remote", "add", "origin", remote.path().to_str().unwrap()]);
    install(folder, "pre-push", "hook pre-push \"$@\"");
    let ran = git(folder, &["push", "--quiet", "origin", "main"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    commit(folder, "Bad");
    let ran = git(folder, &["push", "--quiet", "origin", "main"]);
    assert!(ran.status != 0 && (ran.out + &ran.err).contains("change/unapproved"));
    assert_eq!(git(remote.path(), &["rev-parse", "main"]).out.trim(), first);
}

#[test]
fn pre_commit_tells_a_range_in_the_environment() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    commit(folder, "Bad");
    let mut command = clean(PROGRAM, folder);
    command.args(["hook", "pre-push"]).stdin(Stdio::null()).env("PRE_COMMIT", "1");
    command
        .env("PRE_COMMIT_FROM_REF", &first)
        .env("PRE_COMMIT_TO_REF", "HEAD")
        .env("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/main");
    let ran = finish(command.output().unwrap());
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("pre-commit tells of the first branch only"), "{}", ran.err);
}

#[test]
fn a_message_without_the_trailer_is_refused() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    put(folder, "controls/change.yaml", &CONTROL.replace("approvals: 1", "approvals: 1, trailers: [Ticket]"));
    git(folder, &["add", "."]);
    let base = commit(folder, &format!("Ask for tickets\n\n{APPROVED}"));
    install(folder, "commit-msg", "hook commit-msg \"$@\"");
    put(folder, "cart.txt", "one\n");
    git(folder, &["add", "."]);
    for message in ["Cart", "Cart\n\nTicket:", "Cart\n\nTicket: ACME-1\n\nMore."] {
        let ran = git(folder, &["commit", "-m", message]);
        assert!(ran.status != 0 && (ran.out + &ran.err).contains("change/trailer-missing"), "{message}");
    }
    let ran = git(folder, &["commit", "-m", &format!("Cart\n\nticket: ACME-1\n{APPROVED}")]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    assert_eq!(tickmark(folder, &["check", &format!("{base}..HEAD")], "").status, 0);
    assert_eq!(git(folder, &["commit", "--amend", "--no-verify", "-m", &format!("Cart\n\n{APPROVED}")]).status, 0);
    let ran = tickmark(folder, &["check", &format!("{base}..HEAD")], "");
    assert!(ran.status == 1 && ran.out.contains("change/trailer-missing"), "{}", ran.out);
    assert_ne!(base, first);
    // What a control asks that cannot be read is not known, and that is said.
    put(folder, "controls/other.yaml", "id: [\n");
    put(folder, "message", "Cart\n\nTicket: ACME-1\n");
    let ran = tickmark(folder, &["hook", "commit-msg", "message"], "");
    assert!(ran.status == 0 && ran.err.contains("is not known (1)"), "{}", ran.err);
}

#[test]
fn a_range_is_judged_by_what_was_there_before_it() {
    let Some((folder, first)) = repository() else { return };
    let folder = folder.path();
    // The first commit asks for less and moves the branch that is looked at, the second is approved by nobody.
    put(folder, "controls/change.yaml", &CONTROL.replace("approvals: 1", "approvals: 0"));
    put(folder, "tickmark.yaml", "branches: [release]\ntrails: [gerrit-trailers]\n");
    git(folder, &["add", "."]);
    commit(folder, &format!("Ask for less\n\n{APPROVED}"));
    let bad = commit(folder, "Bad");
    let none = "0".repeat(40);
    let lines = format!("refs/heads/main {bad} refs/heads/main {first}\n");
    let ran = tickmark(folder, &["hook", "pre-push", "origin"], &lines);
    assert_eq!(ran.status, 1, "{}", ran.out);
    assert!(ran.out.contains("change/unapproved") && ran.out.contains("\"Bad\""), "{}", ran.out);
    assert!(ran.out.contains("1 of 2 changes with an exception"), "{}", ran.out);
    // Where nothing was there before, what comes is judged by itself.
    let lines = format!("refs/heads/main {bad} refs/heads/main {none}\n");
    assert!(tickmark(folder, &["hook", "pre-push", "origin"], &lines).out.contains("range: the first commit.."));
}

#[test]
fn a_configuration_with_a_fault_before_the_range_can_be_mended() {
    let Some((folder, _)) = repository() else { return };
    let folder = folder.path();
    put(folder, "tickmark.yaml", "branches: 3\n");
    git(folder, &["add", "."]);
    let broken = commit(folder, &format!("Break\n\n{APPROVED}"));
    put(folder, "tickmark.yaml", "branches: [main]\n");
    git(folder, &["add", "."]);
    commit(folder, &format!("Mend\n\n{APPROVED}"));
    let ran = tickmark(folder, &["check", "--from", &broken], "");
    assert_eq!(ran.status, 0, "{}", ran.out);
    assert!(ran.out.contains("not judged: by the configuration before the range, which has a fault"), "{}", ran.out);
}
