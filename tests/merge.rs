//! Reports of many repositories become one: the sums are those of all, and what cannot be joined is told at its file.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tickmark::cli::Format;
use tickmark::error::Exit;
use tickmark::reports::period::PeriodReport;
use tickmark::reports::period::merged::join;
use tickmark::text::is_unsafe_to_show;

#[path = "../benches/merge/documents.rs"]
mod documents;
pub(crate) mod runs;

use runs::{attempt, demo, joined, named, of_another, over, read};

const FORMS: [Format; 6] = [Format::Text, Format::Json, Format::JsonLines, Format::Html, Format::Markdown, Format::Csv];

fn value(report: &PeriodReport) -> Value {
    serde_json::to_value(report).unwrap()
}

/// The numbers of a summary.
fn numbers(document: &Value) -> Vec<(String, u64)> {
    let summary = document["summary"].as_object().unwrap();
    summary.iter().map(|(name, number)| (name.clone(), number.as_u64().unwrap())).collect()
}

fn remark(report: &PeriodReport, start: &str) -> String {
    let found = report.remarks.iter().find(|remark| remark.starts_with(start));
    found.unwrap_or_else(|| panic!("no remark begins with {start}: {:#?}", report.remarks)).clone()
}

#[test]
fn every_sum_is_that_of_all_runs_and_the_document_is_one_of_a_report() {
    let (shop, _) = demo();
    let (api, web) = (of_another(&shop, "api", '1'), of_another(&shop, "web", '2'));
    let all = joined(&[("shop.json", &shop), ("api.json", &api), ("web.json", &web)]);
    for ((name, one), (_, three)) in numbers(&shop).into_iter().zip(numbers(&value(&all))) {
        assert_eq!(one * 3, three, "{name}");
    }
    let names: Vec<&str> = all.repositories.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["api", "shop", "web"]);
    let ids: Vec<(&str, &str)> = all.controls.iter().map(|one| (one.id.as_str(), one.source.as_str())).collect();
    assert!(ids.is_sorted());
    let lines = all.findings.iter().map(|one| one.test.is_some());
    assert!(lines.is_sorted(), "what is about documents comes first");
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let wrong: Vec<String> = schema.iter_errors(&value(&all)).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new());
    // What was joined is a document like any other, and is joined again.
    let two = value(&joined(&[("shop.json", &shop), ("api.json", &api)]));
    let again = joined(&[("two.json", &two), ("web.json", &web)]);
    assert_eq!(again.summary, all.summary);
    assert_eq!(again.criteria, all.criteria);
    assert_eq!(again.repositories[0].tool.as_ref(), Some(&all.tool));
}

#[test]
fn a_control_that_several_repositories_have_is_one_for_its_criterion() {
    let (shop, _) = demo();
    let both = joined(&[("shop.json", &shop), ("api.json", &of_another(&shop, "api", '1'))]);
    let of = |report: &PeriodReport, id: &str| report.criteria.iter().find(|one| one.id == id).unwrap().clone();
    let access = of(&both, "CC6.2");
    assert_eq!(access.controls, ["AC-01", "AC-02"]);
    assert_eq!((access.tests, access.controls_with_exceptions), (4, 2));
    let words = "every control that serves it has exceptions, in 2 of 2 repositories";
    assert_eq!(access.remark.as_deref(), Some(words));
    assert!(remark(&both, "several repositories").contains("(api, shop)"));
    // A repository in which the same control has none.
    let clean = documents::report(0, 2);
    let fails = documents::report(2, 2);
    let mixed = joined(&[("clean.json", &value(&clean)), ("fails.json", &value(&fails))]);
    let words = "the only control that serves it has exceptions, in 1 of 2 repositories";
    assert_eq!(of(&mixed, "CC6.1").remark.as_deref(), Some(words));
    assert_eq!(of(&mixed, "CC6.1").controls_with_exceptions, 1);
    assert_eq!((mixed.summary.controls, mixed.summary.controls_with_exceptions), (4, 2));
}

#[test]
fn the_same_run_is_counted_once_whatever_it_is_called() {
    let (shop, check) = demo();
    let others = [
        ("a copy", shop.clone()),
        ("another folder", named(&shop, "store")),
        ("its check", check.clone()),
        ("its check in another folder", named(&check, "store")),
    ];
    for (what, other) in others {
        for files in [["a.json", "b.json"], ["b.json", "a.json"]] {
            let api = of_another(&shop, "api", '1');
            let some = attempt(&[(files[0], &shop), (files[1], &other), ("api.json", &api)]);
            assert_eq!(some.exit, Exit::CouldNotRun, "{what}");
            let [refused] = some.refused.as_slice() else { panic!("{what}: {:?}", some.refused) };
            assert!(refused.to_string().contains("/repositories/0: this is the run of"), "{refused}");
            let told = other["schema"] == shop["schema"];
            assert_eq!(refused.file, if told { "b.json" } else { files[1] }, "{what}: the report says more");
            assert_eq!(some.report.unwrap().summary.repositories, 2, "{what}");
        }
    }
    let two = attempt(&[("a.json", &check), ("b.json", &named(&check, "store"))]);
    assert_eq!(two.refused.len(), 1);
    // What is at the same commit and was tested otherwise is another run, such as that of another configuration.
    let mut folder = shop.clone();
    folder["controls"].as_array_mut().unwrap().iter_mut().for_each(|control| {
        let tests = control["tests"].as_array_mut().unwrap();
        tests.iter_mut().for_each(|test| test["digest"] = json!("1".repeat(64)));
    });
    let both = joined(&[("a.json", &shop), ("b.json", &folder)]);
    assert_eq!(both.repositories[1].name, "shop-2");
    assert_eq!(remark(&both, "shop-2"), "shop-2 is the repository shop of b.json");
    let of = |name: &str| both.findings.iter().filter(|one| one.source == name).count();
    assert_eq!((of("shop"), both.summary.findings), (of("shop-2"), 2 * of("shop")));
}

#[test]
fn what_cannot_be_read_is_told_at_its_place_and_the_rest_is_reported() {
    let (shop, check) = demo();
    let text = shop.to_string();
    let pack = tickmark::policies::pack::Pack::builtin().unwrap();
    let with = |pointer: &str, new: Value| {
        let mut document = shop.clone();
        *document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = new;
        document.to_string()
    };
    let mut late = check.clone();
    late["tests"][0]["exceptions"] = json!(10_000);
    let deep = format!("{{\"schema\": \"tickmark.report/1\", \"tool\": {}", "[".repeat(100_000));
    let hidden = text.replacen('{', &format!("{{\"new\": {}{},", "[".repeat(50_000), "]".repeat(50_000)), 1);
    let cases = [
        (String::new(), "f.json, line 1, column 0: this is no JSON that can be read: EOF"),
        ("\u{fffd}PNG".to_owned(), "f.json, line 1, column 1: this is no JSON"),
        (text[..text.len() / 2].to_owned(), ": this is no JSON that can be read: EOF while parsing"),
        ("7".to_owned(), "f.json, line 1, column 1: invalid type"),
        ("{}".to_owned(), "f.json: this is no document of tickmark"),
        (with("/schema", json!("tickmark.trail/1")), "f.json, /schema: the form `tickmark.trail/1` holds no results"),
        (with("/schema", json!("tickmark.report/2")), "f.json, /schema: the form `tickmark.report/2` is newer"),
        (with("/schema", json!("tickmark.results/1")), "missing field `repository`"),
        (with("/period", json!("2026")), "f.json, line 1, column"),
        (with("/as_of", json!("\u{1b}[2Jyesterday")), "f.json, /as_of: `\\u{1b}[2Jyesterday` is no instant"),
        (
            with("/summary/exceptions", json!(1)),
            "f.json, /summary/exceptions: the summary says 1, and what is told adds",
        ),
        (with("/summary/findings", json!(9)), "f.json, /summary/findings: the summary says 9"),
        (with("/controls/0/tests/0/exceptions", json!(900)), "f.json, /controls/0/tests/0/exceptions: 900 of 3 items"),
        (with("/controls/0/tests/0/control", json!("X")), "f.json, /controls/0/tests/0/control: the test of `X`"),
        (with("/controls/0/source", json!("X")), "f.json, /controls/0/source: `X` is no repository"),
        (with("/controls/0/tests/0/frequency/of", json!(1)), "f.json, /controls/0/tests/0/frequency: 2 of 1"),
        (with("/controls/0/tests/0/frequency/chance", json!(7.5)), "frequency: this is no frequency"),
        (
            with("/controls/0/tests/0/rules/0/findings/0", json!("0")),
            "rules/0/findings: a finding `0` is named and not",
        ),
        (with("/criteria/0/tests", json!(77)), "f.json, /criteria/0: what covers"),
        (with("/repositories", json!([])), "f.json, /repositories: it is the report of no repository"),
        (with("/summary/items", json!(1e30)), "f.json, line 1, column"),
        (
            with("/summary/items", json!(u64::MAX)),
            "`18446744073709551615` is more than anything of a run is counted to",
        ),
        (with("/period/to", json!("1999-01-01")), "f.json, /period: the period ends before it begins"),
        (late.to_string(), "f.json, /tests/0/exceptions: 10000 of 3 items have exceptions"),
        (deep, "this is no JSON that can be read"),
    ];
    for (text, start) in cases {
        let refused = tickmark::reports::period::merged::reading::read("f.json", &text, &pack).unwrap_err();
        let words = refused.to_string();
        assert!(words.starts_with("f.json") && words.contains(start), "{start}: {words}");
        assert!(!words.contains(is_unsafe_to_show) && words.len() < 400, "{words}");
        let some = join(vec![read("shop.json", &shop).unwrap()], vec![refused]);
        assert_eq!(some.exit, Exit::Incomplete);
        assert_eq!(numbers(&value(some.report.as_ref().unwrap())), numbers(&shop));
        remark(&some.report.unwrap(), "f.json was named and could not be read whole");
    }
    // Fields that are not known are those of a later version of the same form.
    assert!(tickmark::reports::period::merged::reading::read("f.json", &hidden, &pack).is_ok());
}

#[test]
fn what_differs_between_runs_is_told_and_no_period_is_made_up() {
    let (shop, _) = demo();
    let mut api = over(&of_another(&shop, "api", '1'), "2026-04-01", "2026-09-30");
    api["timezone"] = json!("UTC");
    api["organization"] = json!("Other Ltd");
    api["tool"]["rules"] = json!("f".repeat(64));
    api["tool"]["version"] = json!("0.0.9");
    api["labels"]["title"] = json!("Another title");
    let both = joined(&[("shop.json", &shop), ("api.json", &api)]);
    assert_eq!(both.days(), "2026-04-01 to 2026-06-30");
    let periods = remark(&both, "the periods of the runs differ");
    assert!(
        periods.ends_with("api: 2026-04-01 to 2026-09-30); in common they have 2026-04-01 to 2026-06-30"),
        "{periods}"
    );
    assert_eq!((both.timezone.as_str(), both.organization.as_deref()), ("Europe/Berlin, UTC", None));
    assert_eq!(both.labels.title, "Report of the period");
    for start in
        ["days begin and end in", "the runs are of different org", "the reports have different", "the tests and rules"]
    {
        remark(&both, start);
    }
    assert!(remark(&both, "the runs were made by different versions").contains("api: 0.0.9"));
    let later = over(&of_another(&shop, "web", '2'), "2026-07-01", "2026-12-31");
    let apart = joined(&[("shop.json", &shop), ("web.json", &later)]);
    assert!(apart.period.from.is_none() && apart.period.to.is_none());
    for form in [Format::Text, Format::Markdown, Format::Html] {
        let text = String::from_utf8(form.of_period(&apart).unwrap()).unwrap();
        assert!(text.contains("no day that all runs have in common") && !text.contains("all of the time"), "{form:?}");
    }
    assert_eq!(joined(&[("shop.json", &shop), ("two.json", &value(&apart_again(&apart)))]).summary.repositories, 3);
}

/// The same runs at other commits.
fn apart_again(report: &PeriodReport) -> PeriodReport {
    let mut other = report.clone();
    other.repositories.iter_mut().for_each(|one| {
        one.commit = one.commit.map(|mut commit| {
            commit.0[0] ^= 1;
            commit
        })
    });
    other
}

#[test]
fn results_of_a_check_stand_beside_reports_and_say_what_is_not_known() {
    let (shop, check) = demo();
    let mut web = of_another(&check, "web", '3');
    let both = joined(&[("shop.json", &shop), ("web.json", &web)]);
    let told = numbers(&value(&both));
    for (name, number) in numbers(&shop) {
        let twice = ["items", "exceptions", "unevidenced", "pending", "tests", "findings", "failing", "of_documents"];
        let both = told.iter().find(|(known, _)| *known == name).unwrap().1;
        if twice.contains(&name.as_str()) {
            assert_eq!(number * 2, both, "{name}");
        }
    }
    let words = remark(&both, "only the results of a check are known of web");
    assert!(words.contains("titles, owners, criteria"), "{words}");
    let (one, other): (Vec<_>, Vec<_>) = both.controls.iter().partition(|control| control.source == "shop");
    for (one, other) in one.iter().zip(other) {
        assert_eq!((&one.id, other.title.as_str(), other.criteria.len()), (&other.id, "", 0));
        for (one, other) in one.tests.iter().zip(&other.tests) {
            let rules = |test: &tickmark::reports::period::control::TestReport| {
                test.rules.iter().map(|rule| (rule.rule.clone(), rule.items, rule.findings.clone())).collect::<Vec<_>>()
            };
            assert_eq!(rules(one), rules(other));
            assert_eq!(one.frequency, other.frequency);
        }
    }
    let criteria: Vec<_> = value(&both)["criteria"].as_array().unwrap().clone();
    assert_eq!(&criteria, shop["criteria"].as_array().unwrap(), "of its controls it is not known what they serve");
    web["range"] = json!("1234567..89abcde");
    let ranged = joined(&[("web.json", &web)]);
    remark(&ranged, "web: only this was looked at: 1234567..89abcde");
    assert!(!ranged.repositories[0].complete);
}

#[test]
fn the_order_of_the_files_changes_no_byte() {
    let (shop, check) = demo();
    let (api, web) = (of_another(&shop, "shop", '1'), of_another(&check, "web", '2'));
    let files = [("a.json", &shop), ("b.json", &api), ("c.json", &web), ("d.json", &shop)];
    let bytes = |order: [usize; 4]| {
        let report = attempt(&order.map(|at| files[at])).report.unwrap();
        FORMS.map(|form| form.of_period(&report).unwrap())
    };
    let first = bytes([0, 1, 2, 3]);
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        assert!(first == bytes(order), "{order:?}");
    }
}

#[test]
fn hostile_words_of_a_document_reach_no_form() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}</script><script>alert(1)</script>\r\n::error::x ##[add-mask] =1+1";
    let (shop, check) = demo();
    let mut api = of_another(&runs::second_quarter(), evil, '1');
    for pointer in ["/organization", "/timezone", "/tool/version", "/tool/rules", "/labels/title", "/remedied/0/rule"] {
        *api.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = json!(evil);
    }
    api["remarks"] = json!([evil]);
    api["limits"] = json!([evil]);
    let mut web = of_another(&check, evil, '2');
    web["tests"][0]["control"] = json!(evil);
    web["findings"][0]["rule"] = json!(evil);
    let all = joined(&[("shop.json", &shop), ("a\u{1b}[31m.json", &api), ("b\u{1b}[31m.json", &web)]);
    for form in FORMS {
        let text = String::from_utf8(form.of_period(&all).unwrap()).unwrap();
        let kept = |one: char| form == Format::Markdown && one == '\u{200b}';
        let steers = text.chars().find(|one| is_unsafe_to_show(*one) && !kept(*one));
        assert_eq!(steers, None, "{form:?}");
        assert!(!text.contains("##[") && !text.lines().any(|line| line.starts_with("::")), "{form:?}");
        let scripts = matches!(form, Format::Html | Format::Markdown) && text.contains("<script");
        assert!(!scripts, "{form:?}");
    }
}

#[test]
fn two_hundred_reports_of_fifty_controls_add_up() {
    let reports: Vec<Value> = (0..200).map(|at| value(&documents::report(at, 50))).collect();
    let names: Vec<String> = (0..200).map(|at| format!("{at}.json")).collect();
    let files: Vec<(&str, &Value)> = names.iter().map(String::as_str).zip(&reports).collect();
    let all = joined(&files);
    let sum = |name: &str| reports.iter().map(|one| one["summary"][name].as_u64().unwrap()).sum::<u64>();
    for (name, number) in numbers(&value(&all)) {
        assert_eq!(number, sum(&name), "{name}");
    }
    assert_eq!((all.summary.repositories, all.summary.controls), (200, 10_000));
    assert_eq!(all.controls.len(), 10_000);
    assert_eq!(all.criteria.iter().map(|one| one.tests).sum::<usize>(), 10_000);
}

fn tickmark(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tickmark")).current_dir(folder).args(words).output().unwrap()
}

#[test]
fn the_command_needs_no_repository_and_ends_with_the_status_of_the_runs() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let run = |words: &[&str]| {
        let ran = tickmark(folder.path(), &[&["report"], words].concat());
        let said = String::from_utf8(ran.stderr).unwrap();
        (ran.status.code().unwrap(), String::from_utf8(ran.stdout).unwrap(), said)
    };
    let clean = documents::report(1, 1);
    assert_eq!(clean.summary.exceptions, 0);
    write("clean.json", &value(&clean).to_string());
    write("fails.json", &value(&documents::report(3, 1)).to_string());
    write("broken.json", "{\"schema\": \"\u{9b}31m\u{202e}\"}");
    assert_eq!(run(&["--merge", "clean.json"]).0, 0);
    assert_eq!(run(&["--merge", "clean.json", "fails.json"]).0, 1);
    assert_eq!(run(&["--merge", "clean.json", "fails.json", "--exit-zero"]).0, 0);
    let (status, out, said) = run(&["--merge", "clean.json", "broken.json", "missing.json", "--exit-zero"]);
    assert_eq!(status, 3, "{said}");
    assert!(out.contains("repository-1") || out.contains("C-000"), "{out}");
    assert!(said.contains("broken.json, /schema") && said.contains("missing.json: "), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{said}");
    let (status, out, said) = run(&["--merge", "broken.json"]);
    assert_eq!((status, out.as_str()), (3, ""), "{said}");
    assert_eq!(run(&["--merge", "clean.json", "clean.json"]).0, 2);
    assert_eq!(run(&["--merge", "clean.json", "--period", "2026-01-01..2026-06-30"]).0, 2);
    fs::create_dir(folder.path().join("folder.json")).unwrap();
    assert_eq!(run(&["--merge", "folder.json", "clean.json"]).0, 3);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("clean.json", folder.path().join("link.json")).unwrap();
        let (status, _, said) = run(&["--merge", "link.json", "fails.json"]);
        assert!(status == 3 && said.contains("link.json: this is a link"), "{said}");
    }
    let (_, lines, _) = run(&["--merge", "clean.json", "fails.json", "--format", "json-lines"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let columns = |line: &Value| line.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(lines.iter().all(|line| columns(line) == columns(&lines[0])));
    let told = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/README.md")).unwrap();
    let tables = told.split("### The report in tables").nth(1).unwrap();
    columns(&lines[0]).iter().for_each(|name| assert!(tables.contains(&format!("`{name}`")), "{name} is not told"));
    assert_eq!(lines.iter().filter_map(|line| line["exceptions"].as_u64()).sum::<u64>(), 2);
    assert_eq!(lines.iter().filter(|line| line["kind"] == "finding").count(), 2);
}
