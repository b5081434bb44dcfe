//! What a terminal and a shell get: colours, widths, lists, completions and manual pages.

use std::fs;

use serde_json::Value;

use super::{AS_OF, check, demo, finish, program, run, run_in};

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_where_they_are_wanted() {
    let shop = demo();
    let colours = |set: &[(&str, &str)], more: &[&str]| {
        let mut command = program(&[&["-C", shop.path().to_str().unwrap(), "check"], &AS_OF[..], more].concat());
        command.envs(set.iter().copied());
        finish(command).out.contains(ESCAPE)
    };
    assert!(!colours(&[], &[]), "no terminal");
    assert!(colours(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colours(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(colours(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(!colours(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
    assert!(!colours(&[("CLICOLOR_FORCE", "1")], &["--format", "json"]), "programs get none");
}

#[test]
fn quiet_prints_what_was_found_and_verbose_more_and_both_end_alike() {
    let shop = demo();
    let (quiet, usual, verbose) = (check(shop.path(), &["-q"]), check(shop.path(), &[]), check(shop.path(), &["-v"]));
    assert_eq!((quiet.status, usual.status, verbose.status), (1, 1, 1));
    assert!(usual.out.starts_with(&quiet.out) && usual.out.len() > quiet.out.len());
    assert!(!quiet.out.contains("with an exception, "), "{}", quiet.out);
    let json: Value = serde_json::from_str(&check(shop.path(), &["--format", "json"]).out).unwrap();
    for finding in json["findings"].as_array().unwrap() {
        let fingerprint = finding["fingerprint"].as_str().unwrap();
        assert!(verbose.out.contains(&format!("  fingerprint: {fingerprint}\n")), "{fingerprint}");
    }
    assert!(verbose.out.contains("  tested by leavers\n") && verbose.out.contains("Train Ines Falk again"));
    assert_eq!(check(shop.path(), &["-q", "-v"]).status, 2);
}

#[test]
fn every_control_has_its_k_of_n_in_the_columns_that_there_are() {
    let shop = demo();
    let mut narrow = program(&[&["-C", shop.path().to_str().unwrap(), "check"], &AS_OF[..]].concat());
    let narrow = finish({
        narrow.env("COLUMNS", "40");
        narrow
    });
    let totals = narrow.out.split_once("\nAC-01 ").unwrap().1.rsplit_once("8 controls in ").unwrap().0;
    assert!(totals.lines().all(|line| line.chars().count() <= 40), "{totals}");
    let json: Value = serde_json::from_str(&check(shop.path(), &["--format", "json"]).out).unwrap();
    let usual = check(shop.path(), &[]).out;
    let shown: Vec<&str> = usual.lines().filter(|line| line.contains(" with an exception, ")).collect();
    let tests = json["tests"].as_array().unwrap();
    assert_eq!(shown.len(), tests.len(), "{usual}");
    for (line, test) in shown.iter().zip(tests) {
        let counted = format!("  {} of {} ", test["exceptions"], test["population"]["size"]);
        assert!(line.starts_with(&counted), "{line}: {counted}");
    }
}

#[test]
fn lists_have_what_is_asked_for() {
    let shop = demo();
    let list = |more: &[&str]| run_in(shop.path(), &[&["list"], more].concat());
    let lines = |more: &[&str]| list(more).out.lines().map(str::to_owned).collect::<Vec<_>>();
    let controls = list(&[]);
    assert_eq!(controls.status, 2, "one control of the demo cannot be read, and that is told");
    assert!(controls.err.contains("documents/unknown-key"), "{}", controls.err);
    assert_eq!(lines(&[]).len(), 8);
    assert_eq!(lines(&["--area", "access", "--test", "leavers"]).len(), 1);
    let json: Value = serde_json::from_str(&list(&["--format", "json", "--owner", "LENA@acme.example"]).out).unwrap();
    let owners = json["controls"].as_array().unwrap().iter().map(|control| &control["owner"]);
    assert!(owners.clone().count() > 0 && owners.clone().all(|owner| owner == "lena@acme.example"));
    for what in ["controls", "tests", "rules"] {
        assert!(lines(&[what]).iter().all(|line| line.chars().count() <= 80), "{what}");
    }
    let all: Value = serde_json::from_str(&run(&["list", "rules", "--format", "json"]).out).unwrap();
    let some: Value =
        serde_json::from_str(&run(&["list", "rules", "--severity", "warning", "--format", "json"]).out).unwrap();
    let (all, some) = (all["rules"].as_array().unwrap(), some["rules"].as_array().unwrap());
    assert_eq!(some.len(), all.iter().filter(|rule| rule["severity"] == "warning").count());
    for wrong in [["--area", "acces"], ["--test", "leaver"], ["--criterion", "CC99.9"]] {
        let ran = list(&[&["tests"], &wrong[..]].concat());
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{wrong:?}: an empty list would look like an answer");
        assert!(ran.err.contains("help:"), "{}", ran.err);
    }
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(run_in(nowhere.path(), &["list"]).status, 2);
    assert_eq!(run_in(nowhere.path(), &["list", "tests"]).status, 0);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(&["man", folder.path().to_str().unwrap()]);
    assert_eq!((told.status, told.err.as_str()), (0, ""));
    let help = run(&["--help"]).out;
    let commands = help.split_once("Commands:\n").unwrap().1.lines();
    let commands = commands.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    // A line that goes on with what stands above it begins with more blanks.
    let commands = commands.filter_map(|line| line.split(' ').next()).filter(|command| !command.is_empty());
    for command in commands.filter(|command| *command != "help") {
        let page = fs::read_to_string(folder.path().join(format!("tickmark-{command}.1"))).unwrap();
        assert!(page.contains(".SH OPTIONS") && page.contains("Examples:"), "{command}");
        for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
            assert!(run(&["completions", shell]).out.contains(command), "{shell} {command}");
        }
    }
    assert_eq!(run(&["completions", "tcsh"]).status, 2);
}
