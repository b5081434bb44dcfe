//! The program as it is called: exit statuses, options, what goes to which stream, and that nothing out of a repository
//! steers a terminal or a workflow runner. `BLESS=1` writes `tests/cli/help.txt`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tickmark::sources::script::{self, Script};

mod deployed;
mod hostile;
mod terminal;

/// What a run ended with.
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.args(arguments).stdin(Stdio::null()).env("COLUMNS", "80");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "FORCE_COLOR", "GIT_DIR", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    command
}

fn finish(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("everything printed is UTF-8");
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the program.
pub fn run(arguments: &[&str]) -> Ran {
    finish(program(arguments))
}

/// Runs the program in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    run(&[&["-C", folder.to_str().unwrap()], arguments].concat())
}

/// The repository of some steps.
pub fn repository(steps: &Value) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let people = json!({ "dana": "Dana Roe <dana@acme.example>", "lena": "Lena Osei <lena@acme.example>" });
    let script: Script = serde_json::from_value(json!({ "people": people, "steps": steps })).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    folder
}

pub fn commit(message: &str, day: u8) -> Value {
    json!({ "commit": { "on": "main", "by": "dana", "at": format!("2026-03-{day:02}T10:00:00Z"), "message": message } })
}

fn demo() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    folder
}

const AS_OF: [&str; 2] = ["--as-of", tickmark::demo::AS_OF];

fn check(folder: &Path, more: &[&str]) -> Ran {
    run_in(folder, &[&["check"], &AS_OF[..], more].concat())
}

#[test]
fn statuses_mean_the_same_for_every_command() {
    let good = repository(&json!([commit("Add prices\n\nReviewed-by: Lena Osei <lena@acme.example>", 2)]));
    let bad = repository(&json!([commit("Add prices", 2)]));
    assert_eq!(run_in(good.path(), &["trail", "--all"]).status, 0);
    assert_eq!(run_in(bad.path(), &["trail", "--all"]).status, 1);
    assert_eq!(run_in(bad.path(), &["trail", "--all", "--exit-zero"]).status, 0);
    assert_eq!(run_in(bad.path(), &["trail", "--all", "--format", "json"]).status, 1, "a format changes no status");
    assert_eq!(run(&["demo"]).status, 1);
    assert_eq!(run(&["frobnicate"]).status, 2);
    assert_eq!(run(&["--help"]).status, 0);
    let shop = demo();
    assert_eq!(check(shop.path(), &[]).status, 1);
    assert_eq!(check(shop.path(), &["--exit-zero"]).status, 0);
    let trail = run_in(shop.path(), &["trail", "--format", "json"]).out;
    let trail: Value = serde_json::from_str(&trail).unwrap();
    fs::write(shop.path().join(".git/shallow"), format!("{}\n", trail["base"].as_str().unwrap())).unwrap();
    assert_eq!(run_in(shop.path(), &["trail", "--all"]).status, 3);
    assert_eq!(check(shop.path(), &["--exit-zero"]).status, 3, "what could not be read is never excused");
}

#[test]
fn a_folder_that_is_no_repository_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["check", "trail", "test"] {
        let ran = run_in(folder.path(), &[command]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{command}");
        assert!(ran.err.contains("help:"), "{}", ran.err);
    }
    assert_eq!(run_in(&folder.path().join("nowhere"), &["check"]).status, 2);
}

#[test]
fn a_repository_without_commits_says_so() {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init(folder.path()).unwrap();
    let ran = run_in(folder.path(), &["trail"]);
    assert_eq!((ran.status, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("no commits yet"), "{}", ran.err);
}

#[test]
fn the_folder_is_where_it_is_run_or_what_is_named() {
    let shop = demo();
    let named = check(shop.path(), &[]);
    let mut there = program(&[&["check"], &AS_OF[..]].concat());
    there.current_dir(shop.path().join("src"));
    let there = finish(there);
    assert_eq!((there.status, &there.out), (named.status, &named.out), "also from a folder below");
    assert_eq!(
        run(&["check", "-C", shop.path().to_str().unwrap(), AS_OF[0], AS_OF[1]]).out,
        named.out,
        "{}",
        named.err
    );
}

#[test]
fn json_is_one_document_and_nothing_else() {
    let shop = demo();
    let results = check(shop.path(), &["--format", "json"]);
    let document: Value = serde_json::from_str(&results.out).unwrap();
    assert_eq!((document["schema"].as_str(), results.err.as_str()), (Some("tickmark.results/1"), ""));
    let trail = run_in(shop.path(), &["trail", "--format=json"]);
    let document: Value = serde_json::from_str(&trail.out).unwrap();
    assert_eq!((document["schema"].as_str(), trail.err.as_str()), (Some("tickmark.trail/1"), ""));
    let list: Value = serde_json::from_str(&run(&["explain", "--format", "json"]).out).unwrap();
    assert!(list["tests"].is_array() && list["dialects"].is_array() && list["mappings"].is_array());
    let rule: Value = serde_json::from_str(&run(&["explain", "change/unapproved", "--format", "json"]).out).unwrap();
    assert_eq!(rule["rules"][0]["id"], "change/unapproved");
    let dialect: Value = serde_json::from_str(&run(&["explain", "gitea", "--format", "json"]).out).unwrap();
    assert_eq!(dialect["dialect"], "gitea");
    let mapping: Value = serde_json::from_str(&run(&["explain", "trivy", "--format", "json"]).out).unwrap();
    assert_eq!((&mapping["mapping"], &mapping["read"]["pick"]), (&"trivy".into(), &"Results.Vulnerabilities".into()));
    let faulty = run_in(Path::new("/nonexistent"), &["check", "--format", "json"]);
    assert_eq!((faulty.status, faulty.out.as_str()), (2, ""));
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let (shop, reports) = (demo(), tempfile::tempdir().unwrap());
    let file = reports.path().join("report.json");
    let name = file.to_str().unwrap();
    let printed = check(shop.path(), &["--format", "json"]).out;
    let ran = check(shop.path(), &["--format", "json", "--output", name]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), printed);
    assert_eq!(check(shop.path(), &["--period", "soon", "--output", name]).status, 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), printed, "a run that fails leaves the last report as it was");
    assert_eq!(run(&["explain", "git", "-o", name]).status, 0);
    assert!(fs::read_to_string(&file).unwrap().starts_with("git\n"), "a file that is there is replaced");
    let there: Vec<_> = fs::read_dir(reports.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there, ["report.json"], "nothing else is left behind");
    let folder = reports.path().to_str().unwrap();
    assert_eq!(run(&["explain", "-o", folder]).status, 2);
    assert_eq!(run(&["explain", "-o", &format!("{folder}/no/such/file")]).status, 2);
}

#[cfg(unix)]
#[test]
fn a_file_is_readable_as_others_are_and_a_link_is_not_written_through() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let reports = tempfile::tempdir().unwrap();
    let (target, link) = (reports.path().join("target"), reports.path().join("link"));
    fs::write(&target, "kept").unwrap();
    symlink(&target, &link).unwrap();
    let ran = run(&["explain", "--output", link.to_str().unwrap()]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("help:"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
    let report = reports.path().join("report");
    assert_eq!(run(&["explain", "--output", report.to_str().unwrap()]).status, 0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&report), mode(&target));
}

#[cfg(unix)]
#[test]
fn policies_behind_a_link_are_told_and_not_read() {
    use std::os::unix::fs::symlink;
    let (shop, elsewhere) = (demo(), tempfile::tempdir().unwrap());
    fs::write(elsewhere.path().join("secret.md"), "# Secret\n\nTODO: hide this\n").unwrap();
    fs::remove_dir_all(shop.path().join("policies")).unwrap();
    symlink(elsewhere.path(), shop.path().join("policies")).unwrap();
    let ran = check(shop.path(), &[]);
    assert!(ran.out.contains("documents/unreadable-file"), "{}", ran.out);
    assert!(ran.out.contains("links are not") && !ran.out.contains("hide this"), "{}", ran.out);
    assert_eq!(ran.status, 3);
}

/// Who is new stands in the same change as what they own, and a hook asks before it is committed.
#[test]
fn owners_of_files_are_held_against_the_register_of_the_working_tree() {
    let shop = demo();
    let (control, people) =
        (shop.path().join("controls/change-approval.yaml"), shop.path().join("registers/people.yaml"));
    let text = fs::read_to_string(&control).unwrap();
    fs::write(&control, text.trim_end().to_owned() + "\n  code_owners: true\n").unwrap();
    fs::create_dir_all(shop.path().join(".github")).unwrap();
    fs::write(shop.path().join(".github/CODEOWNERS"), "* nia@acme.example\n").unwrap();
    let ran = check(shop.path(), &[]);
    assert!(ran.out.contains("documents/code-owner-unknown"), "{}", ran.out);
    let nia = "- id: nia\n  name: Nia Hart\n  emails: [nia@acme.example]\n  type: employee\n  role: engineer\n  \
               episodes: [{ start: 2026-06-01 }]\n";
    fs::write(&people, fs::read_to_string(&people).unwrap() + nia).unwrap();
    let ran = check(shop.path(), &[]);
    assert!(!ran.out.contains("documents/code-owner"), "{}", ran.out);
}

#[test]
fn a_reader_that_goes_away_changes_no_status() {
    let shop = demo();
    for (arguments, status) in
        [(vec!["check", AS_OF[0], AS_OF[1]], 1), (vec!["trail", "--all", "--format", "json"], 1), (vec!["explain"], 0)]
    {
        let mut command = program(&arguments);
        command.current_dir(shop.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn colour_is_as_it_was_asked_for() {
    let shop = demo();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = program(&[&["check"], &AS_OF[..], arguments].concat());
        command.current_dir(shop.path()).envs(variables.iter().copied());
        finish(command).out.contains('\u{1b}')
    };
    assert!(!coloured(&[], &[]), "a pipe is no terminal");
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]), "an option stands above the environment");
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "always", "--format", "json"], &[]));
}

#[test]
fn days_that_do_not_exist_are_refused_with_a_hint() {
    let shop = demo();
    for wrong in [
        &["check", "--period", "2026"][..],
        &["check", "--period", "2026-06-30..2026-01-01"],
        &["check", "--period", "2026-02-30.."],
        &["check", "--as-of", "yesterday"],
        &["check", "--as-of", "2026-13-01"],
        &["trail", "--as-of", "2026-03-01"],
        &["trail", "--period", "2026-01-01..2026-03-01"],
    ] {
        let ran = run_in(shop.path(), wrong);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{wrong:?}");
        assert!(ran.err.contains("help:"), "{wrong:?}: {}", ran.err);
    }
    assert_eq!(check(shop.path(), &["--period", "..2026-06-30"]).status, 1);
}

#[test]
fn a_range_a_tag_and_a_name_that_is_none() {
    let shop = demo();
    let changes = |revision: &str| {
        let ran = run_in(shop.path(), &["trail", revision, "--format", "json"]);
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        (ran.status, document["changes"].as_array().unwrap().len())
    };
    assert_eq!(changes("v1.0..v1.1"), (1, 15));
    assert_eq!(changes("v1.1.."), (1, 8));
    assert_eq!(changes("v1.1..main"), (1, 8));
    assert_eq!(changes("v1.1"), (0, 1));
    assert_eq!(changes("main..main"), (0, 0));
    let dots = run_in(shop.path(), &["trail", "v1.0...main"]);
    assert_eq!((dots.status, dots.out.as_str()), (2, ""));
    assert!(dots.err.contains("tickmark trail v1.0..main"), "{}", dots.err);
    for unknown in ["v9.9", "v9.9..main", "main..v9.9"] {
        let ran = run_in(shop.path(), &["trail", unknown]);
        assert_eq!((ran.status, ran.out.as_str()), (3, ""), "{unknown}: a clone may lack it: {}", ran.err);
    }
}

#[test]
fn every_rule_dialect_and_mapping_can_be_explained() {
    let list = run(&["explain"]).out;
    let names: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("  ")).filter_map(|line| line.split(' ').next()).collect();
    assert!(names.len() > 50, "{list}");
    for name in names {
        let ran = run(&["explain", name]);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{name}");
        assert_eq!(ran.out.lines().next(), Some(name));
        for line in ran.out.lines().filter(|line| line.chars().count() > 80) {
            assert_eq!(line.split_whitespace().count(), 1, "{name}: {line}");
        }
    }
    assert!(list.lines().all(|line| line.chars().count() <= 80));
    let unknown = run(&["explain", "change/unheard-of"]);
    assert_eq!((unknown.status, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("tickmark explain"), "{}", unknown.err);
}

#[test]
fn help_is_as_it_was() {
    let mut text = String::new();
    for command in
        ["", "check", "test", "trail", "due", "explain", "list", "schema", "init", "demo", "completions", "man"]
    {
        let words: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let ran = run(&words);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""));
        let lines: Vec<&str> = ran.out.lines().map(str::trim_end).collect();
        text += &format!("$ tickmark {}\n{}\n\n", words.join(" "), lines.join("\n").trim_end());
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/help.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "tests/cli/help.txt is out of date: BLESS=1 cargo test --test all cli::\n{text}");
}
