//! The starter: it is whole, it fits its schemas and its own sentences, `tickmark init` writes it without touching what
//! is there, and `tickmark check` on it is clean and says that nothing was tested.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustc_hash::FxHashSet;
use serde_json::Value;
use tempfile::TempDir;
use tickmark::checks::documents::linked as check;
use tickmark::facts::register::builtin;
use tickmark::policies::pack::Pack;
use tickmark::policies::{controls, statements, written};
use tickmark::reports::schemas;
use tickmark::sources::{markdown, yaml};
use tickmark::starter::FILES;
use tickmark::text::SourceText;

/// Tests that no control of the starter names, each with the reason. Whoever adds a test either gives the starter a
/// control, its policy and its registers, or adds a line here; nothing fails without one.
const LEFT_OUT: &[(&str, &str)] = &[
    ("change-log", "the starter keeps no register of changes: the history has them"),
    ("change-records", "the starter keeps no register of changes: the history has them"),
    ("change-reviews", "whether changes are looked through afterwards only the organisation knows"),
    ("deployments", "how a deployment shows, by a tag, a branch or a record, only the organisation knows"),
    ("control-performance", "which controls have a rhythm and no register of their own only the organisation knows"),
    ("control-self-assessment", "whoever begins has first to know what the controls are"),
    ("evidence-manifest", "the starter keeps no files of evidence"),
    ("prior-findings", "there is no earlier report"),
    ("register-exports", "the registers of the starter are kept by hand; which of them a tool writes is not known"),
];

/// A day in the middle of a month; the period then begins with the next one.
const TODAY: &str = "2026-03-16T12:00:00Z";

struct Ran {
    status: i32,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tickmark"));
    command.current_dir(folder).args(arguments).args(["--as-of", TODAY]).stdin(Stdio::null()).env("COLUMNS", "80");
    for name in ["NO_COLOR", "CLICOLOR_FORCE", "GIT_DIR", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder into which the starter was written.
fn started() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["init"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
    folder
}

/// Puts everything in a folder into one commit, as `git init`, `git add -A` and `git commit` would.
fn commit_all(folder: &Path) {
    let repo = git2::Repository::init(folder).unwrap();
    let mut index = repo.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repo.find_tree(index.write_tree().unwrap()).unwrap();
    let at = git2::Time::new(TODAY.parse::<jiff::Timestamp>().unwrap().as_second() - 60, 0);
    let dana = git2::Signature::new("Dana Roe", "dana@acme.example", &at).unwrap();
    repo.commit(Some("HEAD"), &dana, &dana, "Say what we do", &tree, &[]).unwrap();
}

/// Every file below a folder but Git's own, by its path.
fn files(folder: &Path) -> BTreeSet<String> {
    let walk = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| !entry.file_type().is_dir()).map(walkdir::DirEntry::into_path);
    let inside = files.map(|path| path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
    inside.filter(|path| !path.starts_with(".git/")).collect()
}

#[test]
fn the_program_carries_every_file_of_the_starter() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("starter");
    assert_eq!(FILES.iter().map(|(path, _)| (*path).to_owned()).collect::<BTreeSet<_>>(), files(&root));
    for (path, text) in FILES {
        assert_eq!(fs::read_to_string(root.join(path)).unwrap(), *text, "{path}");
        assert!(text.lines().all(|line| line.chars().count() <= 120 || path.ends_with(".csv")), "{path}: long lines");
    }
}

#[test]
fn check_on_the_fresh_starter_is_clean_and_says_that_nothing_was_tested() {
    let folder = started();
    commit_all(folder.path());
    let ran = run(folder.path(), &["check"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{}", ran.out);
    let ran = run(folder.path(), &["check", "--format", "json"]);
    let results: Value = serde_json::from_str(&ran.out).unwrap();
    let tests = results["tests"].as_array().unwrap();
    assert!(tests.len() >= 9);
    for test in tests {
        assert_eq!((test["population"]["size"].as_u64(), test["untestable"].as_u64()), (Some(0), Some(0)), "{test}");
    }
    let found = results["findings"].as_array().unwrap();
    let empty = found.iter().filter(|finding| finding["rule"] == "evidence/no-occurrences");
    let empty: BTreeSet<&str> = empty.map(|finding| finding["control"].as_str().unwrap()).collect();
    let tested: BTreeSet<&str> = tests.iter().map(|test| test["control"].as_str().unwrap()).collect();
    assert_eq!((empty, found.len()), (tested, tests.len()), "nothing else is found");
    let words = |items: &str| found.iter().any(|finding| finding["message"].as_str().unwrap().contains(items));
    for items in ["no changes,", "no leavers,", "no accounts,", "no vendors,", "no incidents,", "no vulnerabilities,"] {
        assert!(words(items), "{items} {found:#?}");
    }
}

#[test]
fn a_change_that_nobody_approved_is_found_once_the_period_has_begun() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["init", "--period", "2026-03-01..2026-08-31"]).status, 0);
    let configuration = fs::read_to_string(folder.path().join("tickmark.yaml")).unwrap();
    assert!(configuration.contains("\nperiod: { from: 2026-03-01, to: 2026-08-31 }\n"), "{configuration}");
    commit_all(folder.path());
    let ran = run(folder.path(), &["check"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("change/unapproved"), "{}", ran.out);
}

#[test]
fn the_period_begins_with_the_next_month() {
    let folder = started();
    let configuration = fs::read_to_string(folder.path().join("tickmark.yaml")).unwrap();
    assert!(configuration.contains("\nperiod: { from: 2026-04-01 }\n"), "{configuration}");
    assert_eq!(run(folder.path(), &["init", "--period", "soon"]).status, 2);
}

#[test]
fn what_is_written_and_what_comes_next_is_said_in_80_columns() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["init", "acme"]);
    let there = files(&folder.path().join("acme"));
    let told = ran.out.lines().filter_map(|line| line.strip_prefix("wrote  ")).map(str::to_owned).collect();
    assert_eq!(there, told, "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{}", ran.out);
    let commands = ["cd acme", "git init -b main", "git add .github controls", "git commit", "tickmark check"];
    let mut rest = ran.out.as_str();
    for command in commands {
        rest = rest.split_once(&format!("\n  {command}")).unwrap_or_else(|| panic!("{command}: {}", ran.out)).1;
    }
}

#[test]
fn a_dry_run_lists_what_would_be_written_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["init", "acme", "--dry-run"]);
    assert_eq!((ran.status, files(folder.path())), (0, BTreeSet::new()));
    let would = ran.out.lines().filter_map(|line| line.strip_prefix("would write  ")).map(str::to_owned).collect();
    assert_eq!(run(folder.path(), &["init", "acme"]).status, 0);
    assert_eq!(files(&folder.path().join("acme")), would);
}

#[test]
fn what_is_there_is_left_alone_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    for (path, text) in [
        ("controls/leavers.yaml", "mine\n"),
        (".tickmark.yaml", "registers: { vendors: { file: buying/vendors.csv } }\n"),
        ("registers/people.csv", "id\n"),
        ("registers/accounts/2026-03-01.csv", "system,account_id,enabled\n"),
    ] {
        fs::create_dir_all(at(path).parent().unwrap()).unwrap();
        fs::write(at(path), text).unwrap();
    }
    let ran = run(folder.path(), &["init"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(fs::read_to_string(at("controls/leavers.yaml")).unwrap(), "mine\n");
    for told in [
        "kept   controls/leavers.yaml",
        "left out  tickmark.yaml: there is .tickmark.yaml",
        "left out  registers/people.yaml: there is registers/people.csv",
        "left out  registers/accounts.csv: there is registers/accounts/2026-03-01.csv",
        "left out  registers/vendors.yaml: the configuration names another file",
    ] {
        assert!(ran.out.lines().any(|line| line == told), "{told}: {}", ran.out);
    }
    for path in ["tickmark.yaml", "registers/people.yaml", "registers/accounts.csv", "registers/vendors.yaml"] {
        assert!(!at(path).exists(), "{path}");
    }
    let before = files(folder.path());
    let again = run(folder.path(), &["init"]);
    assert_eq!((again.status, files(folder.path())), (0, before));
    assert!(again.out.contains("\n0 files written; nothing that was there is changed"), "{}", again.out);
}

#[test]
fn a_folder_in_a_repository_is_told_from_the_repository_itself() {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init(folder.path()).unwrap();
    let below = run(folder.path(), &["init", "compliance"]);
    assert!(below.out.ends_with("\n  tickmark check --config tickmark.yaml\n"), "{}", below.out);
    assert!(!below.out.contains("git init"), "{}", below.out);
    assert!(!below.out.contains(".github"), "no forge looks for workflows there: {}", below.out);
    commit_all(folder.path());
    let ran = run(&folder.path().join("compliance"), &["check", "--config", "tickmark.yaml"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    let root = run(folder.path(), &["init"]);
    assert!(root.out.ends_with("\n  tickmark check\n") && !root.out.contains("git init"), "{}", root.out);
    for of_git in [".git", ".git/hooks", "new/.GIT"] {
        assert_eq!(run(folder.path(), &["init", of_git]).status, 2, "{of_git}");
    }
    let bare = tempfile::tempdir().unwrap();
    git2::Repository::init_bare(bare.path()).unwrap();
    let ran = run(bare.path(), &["init"]);
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert!(!bare.path().join("controls").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(elsewhere.path(), folder.path().join("registers")).unwrap();
    let ran = run(folder.path(), &["init"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("registers is a link") && ran.err.contains("help:"), "{}", ran.err);
    assert_eq!((files(folder.path()).len(), files(elsewhere.path()).len()), (1, 0), "nothing at all is written");
    // A link in the place of a file is kept, whether it leads anywhere or not.
    fs::remove_file(folder.path().join("registers")).unwrap();
    symlink(elsewhere.path().join("new.yaml"), folder.path().join("tickmark.yaml")).unwrap();
    let ran = run(folder.path(), &["init"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("kept   tickmark.yaml"), "{}", ran.out);
    assert!(files(elsewhere.path()).is_empty());
}

#[test]
fn a_file_in_the_place_of_a_folder_ends_the_run_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("schemas"), "mine").unwrap();
    for named in ["schemas", "."] {
        let ran = run(folder.path(), &["init", named]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{named}");
        assert!(ran.err.contains("help:"), "{}", ran.err);
    }
    assert_eq!(files(folder.path()).len(), 1);
    for refused in [&["init", "--format", "json"][..], &["init", "--config", "tickmark.yaml"]] {
        assert_eq!(run(folder.path(), refused).status, 2, "{refused:?}");
    }
}

#[test]
fn every_yaml_file_names_the_schema_that_is_written_beside_it() {
    let folder = started();
    for path in files(folder.path()).iter().filter(|path| path.ends_with(".yaml")) {
        let file = folder.path().join(path);
        let text = fs::read_to_string(&file).unwrap();
        let first = text.lines().next().unwrap();
        let named = first.strip_prefix("# yaml-language-server: $schema=").expect("the first line names the schema");
        let schema = file.parent().unwrap().join(named);
        let name = schema.file_name().unwrap().to_str().unwrap().strip_suffix(".schema.json").unwrap().to_owned();
        let wanted = match path.split_once('/') {
            None => "config",
            Some(("controls", _)) => "control",
            Some((_, register)) => register.strip_suffix(".yaml").unwrap(),
        };
        assert_eq!(name, wanted, "{path}");
        let schema = fs::read_to_string(schema).unwrap();
        assert_eq!(Some(schema.as_str()), schemas::find(&name));
        let schema = yaml::Schema::new(serde_json::from_str(&schema).unwrap()).unwrap();
        let faults: Vec<_> = yaml::parse(&SourceText::new(path, text)).unwrap();
        let faults: Vec<_> = faults.iter().flat_map(|document| schema.faults(document)).collect();
        assert!(faults.is_empty(), "{path}: {faults:#?}");
    }
}

/// Every area and every test of changes or records has a control, and the controls are read without a fault.
#[test]
fn the_controls_are_whole_and_leave_out_only_what_is_listed() {
    let folder = started();
    let pack = Pack::builtin().unwrap();
    let read = controls::read(folder.path(), &pack);
    assert!(read.faults.is_empty(), "{:#?}", read.faults);
    assert!(read.controls.len() >= 10);
    let named: BTreeSet<&str> = read.controls.iter().map(|control| control.text.test.as_str()).collect();
    let areas: BTreeSet<&str> = (read.controls.iter())
        .filter_map(|control| pack.test(&control.text.test))
        .flat_map(|test| test.rules.iter().filter_map(|rule| rule.id.split('/').next()))
        .collect();
    assert_eq!(
        areas.into_iter().collect::<Vec<_>>(),
        ["access", "change", "configuration", "evidence", "incident", "training", "vendor", "vulnerability"]
    );
    let stated = pack.tests.iter().filter(|test| !test.parameters.is_empty()).map(|test| test.test.as_str());
    let without: Vec<&str> = stated.filter(|test| !named.contains(test)).collect();
    for test in &without {
        let reason = LEFT_OUT.iter().find(|(left_out, _)| left_out == test).map(|(_, reason)| *reason);
        println!("the starter has no control for {test}: {}", reason.unwrap_or("no reason is listed in LEFT_OUT"));
    }
    for (left_out, _) in LEFT_OUT {
        assert!(
            without.contains(left_out),
            "the starter has a control for {left_out} by now, or there is no such test"
        );
    }
    for control in &read.controls {
        let (path, anchor) = control.text.policy.as_deref().unwrap().split_once('#').unwrap();
        let policy = folder.path().join("controls").join(path);
        let text = fs::read_to_string(&policy).unwrap_or_else(|error| panic!("{}: {error}", policy.display()));
        let page = markdown::parse(&SourceText::new(path, text)).unwrap();
        assert!(page.headings.iter().any(|heading| heading.anchor == anchor), "{}: {anchor}", control.text.id);
    }
}

/// A link of a policy leads to a file; where it leads to a parameter, its words state the value, each value once.
#[test]
fn the_sentences_of_the_policies_say_what_the_controls_state() {
    let folder = started();
    let pack = Pack::builtin().unwrap();
    let documents = controls::read(folder.path(), &pack);
    let written = written::read(folder.path(), &documents.controls).documents;
    for document in &written {
        assert!(document.page.front_matter.is_some(), "{}", document.source().name());
        for link in &document.page.links {
            let path = link.target.split('#').next().unwrap();
            assert!(folder.path().join("policies").join(path).is_file(), "{}", link.target);
        }
    }
    let linked = statements::read(folder.path(), &written, &documents, &pack);
    assert!(linked.faults.is_empty(), "{:?}", linked.faults);
    let of = |one: &statements::Statement<'_>| (one.parameter.control.text.id.clone(), one.parameter.path.clone());
    let stated: BTreeSet<(String, String)> = linked.found.iter().map(of).collect();
    assert!(linked.found.len() > 20 && stated.len() == linked.found.len(), "each value is stated once");
    let mut wrong = check::agreeing(&pack, &linked.found);
    wrong.extend(check::stated(&pack, &documents.controls, &written, &linked.found, &FxHashSet::default()));
    let wrong: Vec<String> = wrong.into_iter().map(|finding| finding.message).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The columns of the tables are fields; the examples in the comments of the others are records without a fault.
#[test]
fn the_registers_have_headers_and_examples_that_can_be_used() {
    let folder = started();
    let definitions = builtin::definitions().unwrap();
    for (path, text) in FILES.iter().filter(|(path, _)| path.starts_with("registers/")) {
        let name = path.strip_prefix("registers/").unwrap();
        let (name, form) = name.split_once('.').unwrap();
        let definition = definitions.iter().find(|one| one.file() == name).unwrap_or_else(|| panic!("{path}"));
        if form == "csv" {
            assert_eq!(text.lines().count(), 1, "{path}");
            let columns: Vec<&str> = text.trim_end().split(',').collect();
            for column in &columns {
                assert!(definition.fields.iter().any(|field| field.name == *column), "{path}: {column}");
            }
            for field in definition.fields.iter().filter(|field| field.required) {
                assert!(columns.contains(&field.name.as_str()), "{path} lacks {}", field.name);
            }
        } else {
            assert!(text.ends_with("\n[]\n"), "{path}");
            let example: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("#     ")).collect();
            assert!(example.len() > 3, "{path}");
            fs::write(folder.path().join(path), example.join("\n")).unwrap();
        }
    }
    commit_all(folder.path());
    let ran = run(folder.path(), &["check", "--format", "json"]);
    let results: Value = serde_json::from_str(&ran.out).unwrap();
    let rules = results["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap());
    let faults: Vec<&str> = rules.filter(|rule| rule.starts_with("documents/")).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

/// Whatever stands in `starter/` can be found from the README of the project.
#[test]
fn the_readme_and_the_guide_name_it() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    assert!(fs::read_to_string(root.join("README.md")).unwrap().contains("tickmark init"));
    let (_, guide) = FILES.iter().find(|(path, _)| *path == "controls/README.md").unwrap();
    for (path, _) in FILES.iter().filter(|(path, _)| path.starts_with("registers/") || *path == "tickmark.yaml") {
        assert!(guide.contains(&format!("`{path}`")), "the guide does not say when to fill in {path}");
    }
}
