//! What of the findings is told, what is known, and what fails the run: selection, thresholds and baselines.

use crate::cases;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tickmark::cli::Settling;
use tickmark::engine::Checked;
use tickmark::error::Exit;
use tickmark::findings::finding::Verdict;
use tickmark::findings::standing::Standing;
use tickmark::reports::json;
use tickmark::text::SourceText;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tickmark");
const AS_OF: &str = "2026-07-15";

/// The demo, and nothing of it that cannot be read.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    tickmark::demo::write(folder.path()).unwrap();
    let path = folder.path().join("controls/payment-review.yaml");
    let text = fs::read_to_string(&path).unwrap().replace("critera", "criteria");
    fs::write(path, text).unwrap();
    folder
}

/// Exit status, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).env("COLUMNS", "80").args(["check", "--as-of", AS_OF]).args(arguments);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn results(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let (status, out, _) = run(folder, &[arguments, &["--format", "json"]].concat());
    (status, serde_json::from_str(&out).unwrap())
}

fn rules(document: &Value) -> BTreeSet<String> {
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

fn left_out(document: &Value) -> u64 {
    document["left_out"].as_object().into_iter().flatten().map(|(_, count)| count.as_u64().unwrap()).sum()
}

#[test]
fn rules_tests_and_areas_are_selected_and_what_is_left_out_is_said() {
    let shop = shop();
    let folder = shop.path();
    let (_, all) = results(folder, &[]);
    let count = |document: &Value| document["findings"].as_array().unwrap().len() as u64;
    for (arguments, kept) in [
        (vec!["--select", "vendor"], "vendor/"),
        (vec!["--select", "change/self-approved"], "change/self-approved"),
        (vec!["--select", "leavers,access-review", "--select", "movers"], "access/"),
        (vec!["--select", "change,vendor", "--ignore", "change"], "vendor/"),
    ] {
        let (status, some) = results(folder, &arguments);
        assert_eq!(status, 1, "{arguments:?}");
        assert!(!rules(&some).is_empty() && rules(&some).iter().all(|rule| rule.starts_with(kept)), "{arguments:?}");
        assert_eq!(count(&some) + left_out(&some), count(&all), "{arguments:?}");
        assert_eq!(some["tests"], all["tests"], "k of n stays");
        let (_, out, _) = run(folder, &arguments);
        assert!(out.contains(&format!("left out: {} findings of ", left_out(&some))), "{out}");
        let (_, _, err) = run(folder, &[&arguments[..], &["--format", "gitlab"]].concat());
        assert!(err.contains("left out: "), "{err}");
    }
    let areas = rules(&all).into_iter().map(|rule| rule.split_once('/').unwrap().0.to_owned());
    let areas = areas.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",");
    assert_eq!(run(folder, &["--ignore", &areas]).0, 0);
}

#[test]
fn a_name_of_nothing_is_a_usage_error_with_the_nearest_one() {
    let shop = shop();
    for (name, near) in [("chnge", "change"), ("change/self-aproved", "change/self-approved"), ("levers", "leavers")] {
        let (status, out, err) = run(shop.path(), &["--ignore", name]);
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(err.contains(&format!("did you mean {near}?")), "{err}");
    }
}

#[test]
fn severities_and_thresholds_decide_what_fails_and_weaken_nothing_that_was_not_read() {
    let shop = shop();
    let folder = shop.path();
    assert_eq!(run(folder, &["--fail-on", "never"]).0, 0);
    assert_eq!(run(folder, &["--select", "vendor/never-assessed"]).0, 1);
    let configuration = fs::read_to_string(folder.join("tickmark.yaml")).unwrap();
    let say =
        |lines: &str| fs::write(folder.join("tickmark.yaml"), format!("{configuration}severities:\n{lines}")).unwrap();
    say("  vendor/never-assessed: warning\n");
    assert_eq!(run(folder, &["--select", "vendor/never-assessed"]).0, 0);
    assert_eq!(run(folder, &["--select", "vendor/never-assessed", "--fail-on", "warning"]).0, 1);
    for wrong in ["  vendor/never-asessed: note\n", "  evidence/history-incomplete: note\n", "  vendor: note\n"] {
        say(wrong);
        assert_eq!(run(folder, &["--fail-on", "never", "--ignore", "documents"]).0, 2, "{wrong}");
    }
    fs::write(folder.join("tickmark.yaml"), &configuration).unwrap();
    fs::write(folder.join(".git/shallow"), head(folder)).unwrap();
    let (status, out, _) =
        run(folder, &["--fail-on", "never", "--exit-zero", "--select", "vendor", "--ignore", "evidence"]);
    assert!(status == 3 && out.contains("evidence/history-incomplete"), "{status}: {out}");
}

fn head(folder: &Path) -> String {
    format!("{}\n", git2::Repository::open(folder).unwrap().head().unwrap().target().unwrap())
}

#[test]
fn a_baseline_lets_only_what_is_new_fail_and_tells_what_is_stale() {
    let shop = shop();
    let folder = shop.path();
    let (status, out, _) = run(folder, &["--write-baseline", "known.json"]);
    assert!(status == 0 && out.contains("known: "), "{status}: {out}");
    let (status, document) = results(folder, &["--baseline", "known.json"]);
    assert_eq!(status, 0);
    let findings = document["findings"].as_array().unwrap();
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding["standing"]["kind"] == "known"));
    // Another layout and other lines are the same matter.
    let control = folder.join("controls/vendors.yaml");
    let text = fs::read_to_string(&control).unwrap();
    fs::write(&control, format!("# Vendors\n\n{text}")).unwrap();
    assert_eq!(run(folder, &["--baseline", "known.json"]).0, 0);
    let vendors = folder.join("registers/vendors.yaml");
    let text =
        fs::read_to_string(&vendors).unwrap().replace("Parrot Chat", "Raven Chat").replace("id: chat", "id: raven");
    fs::write(vendors, text).unwrap();
    let (status, document) = results(folder, &["--baseline", "known.json"]);
    let of = |rule: &str| document["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == rule).count();
    assert_eq!((status, of("documents/baseline-stale")), (1, 1));
    let (_, out, _) = run(folder, &["--baseline", "known.json", "--period", "2026-02-01..2026-02-28"]);
    assert!(!out.contains("documents/baseline-stale"), "another period shows nothing of this one: {out}");
}

#[test]
fn a_baseline_that_cannot_be_read_is_no_pass() {
    let shop = shop();
    let folder = shop.path();
    for (name, text) in
        [("none.json", None), ("bad.json", Some("{")), ("new.json", Some(r#"{"schema":"tickmark.baseline/9"}"#))]
    {
        if let Some(text) = text {
            fs::write(folder.join(name), text).unwrap();
        }
        let (status, out, err) = run(folder, &["--exit-zero", "--baseline", name]);
        assert_eq!((status, out.as_str()), (3, ""), "{err}");
        assert!(err.contains(name) && err.contains("--write-baseline"), "{err}");
    }
    let (status, _, err) = run(folder, &["--write-baseline", "known.json", "HEAD~1..HEAD"]);
    assert!(status == 2 && !folder.join("known.json").exists(), "{err}");
}

/// Whatever a repository shows: once it is written down, nothing of it is new, and what could not be read is not in it.
#[test]
fn of_what_is_written_nothing_is_new() {
    let cases: Vec<cases::Case> = cases::all().into_iter().step_by(12).collect();
    cases::each(&cases, |case| {
        let world = case.world();
        let check = || case.check(&world).ok().filter(|checked| !checked.ledger.misconfigured);
        let (Some(first), Some(mut second)) = (check(), check()) else { return };
        let before = second.ledger.exit();
        let written = String::from_utf8(json::pretty(&first.baseline().unwrap()).unwrap()).unwrap();
        second.know(&SourceText::new("known.json", written)).unwrap();
        let name = &case.name;
        assert!(new(&second, |verdict| verdict != Verdict::Untestable).is_empty(), "{name}: {:?}", second.ledger);
        let unread = second.ledger.findings.iter().filter(|finding| finding.is_untestable());
        assert!(unread.clone().all(|finding| finding.standing == Standing::Open), "{name}");
        if before == Exit::Incomplete {
            assert_eq!(second.ledger.exit(), before, "{name}");
        }
        Settling::default().settle(world.folder.path(), &mut second).unwrap();
    });
}

/// The repository of a case, with one more change that nobody approved.
fn one_more(case: &str) -> TempDir {
    let more = "  - commit:\n      on: main\n      by: dana\n      at: 2026-03-03T09:00:00+01:00\n      \
                message: Charge in dollars\n      files: { shop.txt: dollars }\n";
    cases::written(case, more)
}

#[test]
fn a_suppression_silences_nothing_of_the_range_that_brings_it() {
    let shop = one_more("documents/suppression-unused/used");
    let folder = shop.path();
    let (status, out, _) = run(folder, &["HEAD~1..HEAD"]);
    assert!(status == 0 && out.contains("suppressed: 1 finding,"), "it was there before: {out}");
    let (status, out, _) = run(folder, &["HEAD~3..HEAD"]);
    assert!(status == 1 && !out.contains("suppressed"), "it came with the range: {out}");
    assert_eq!(run(folder, &[]).0, 0);
    // The same holds of what is staged, and of how much a finding weighs.
    let configuration = fs::read_to_string(folder.join("tickmark.yaml")).unwrap();
    let first = configuration.split("suppressions").next().unwrap();
    let weighed = format!("{first}severities: {{ change/unapproved: note }}\n");
    fs::write(folder.join("tickmark.yaml"), weighed).unwrap();
    assert_eq!(run(folder, &[]).0, 0);
    assert_eq!(run(folder, &["HEAD~3..HEAD"]).0, 1);
}

#[test]
fn a_baseline_lets_nothing_pass_in_the_range_that_brings_it() {
    let shop = one_more("documents/baseline-stale/still-there");
    let folder = shop.path();
    assert_eq!(run(folder, &["--write-baseline", "baseline.json"]).0, 0);
    assert_eq!(run(folder, &["--baseline", "baseline.json"]).0, 0);
    let (status, out, err) = run(folder, &["--baseline", "baseline.json", "HEAD~1..HEAD"]);
    assert!(status == 1 && !out.contains("known: "), "the one of before does not hold it: {out}{err}");
    // One that is not in the repository is the user's own.
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("known.json");
    fs::copy(folder.join("baseline.json"), &path).unwrap();
    let (status, out, _) = run(folder, &["--baseline", path.to_str().unwrap(), "HEAD~1..HEAD"]);
    assert!(status == 0 && out.contains("known: 1 finding"), "{out}");
}

#[test]
fn what_is_suppressed_stays_in_the_report_with_its_reason() {
    let shop = one_more("documents/suppression-approver/another");
    let folder = shop.path();
    let (status, document) = results(folder, &[]);
    assert_eq!((status, document["tests"][0]["exceptions"].as_u64()), (0, Some(2)), "k of n stays");
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    for finding in findings {
        let standing = &finding["standing"];
        assert_eq!((&standing["kind"], &standing["until"]), (&"suppressed".into(), &"2026-12-31".into()));
        assert_eq!((&finding["severity"], &standing["approved_by"]), (&"error".into(), &"Lena Osei".into()));
    }
    let (_, sarif, _) = run(folder, &["--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let suppression = &sarif["runs"][0]["results"][0]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&"external".into(), &"accepted".into()));
    assert!(suppression["justification"].as_str().unwrap().starts_with("OPS-12: the move"), "{suppression}");
    // What was suppressed needs no baseline, and the reason is shown to people.
    let (_, out, _) = run(folder, &["--write-baseline", "known.json"]);
    assert!(out.contains("(suppressed until 2026-12-31)") && out.contains("OPS-12: the move to the new shop"), "{out}");
    assert!(!fs::read_to_string(folder.join("known.json")).unwrap().contains("change/unapproved"));
    let (_, out, _) = run(folder, &["--format", "junit"]);
    assert!(out.contains("skipped=\"2\"") && out.contains("failures=\"0\""), "{out}");
}

/// What fails and is not known, of what a baseline may hold.
fn new(checked: &Checked, of: impl Fn(Verdict) -> bool) -> Vec<&str> {
    let failing = checked.ledger.findings.iter().filter(|finding| checked.ledger.fails(finding) && of(finding.verdict));
    let rules = failing.map(|finding| finding.rule.as_str());
    rules.filter(|rule| !checked.texts.pack.is_about_reading(rule)).collect()
}
