//! OSCAL and Gemara tell what stands in the document of a report and nothing else, and call nothing a pass that is none.

use crate::cases;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tickmark::demo;
use tickmark::engine::{self};
use tickmark::findings::finding::{Severity, Verdict};
use tickmark::reports::gemara;
use tickmark::reports::oscal::{assessment_results, poam};
use tickmark::reports::period::PeriodReport;
use tickmark::reports::period::control::TestReport;
use tickmark::reports::period::finding::ReportedFinding;
use tickmark::text::{is_unsafe_to_show, safe};

mod words;

use words::{held, spoil};

fn report(folder: &Path, period: &str) -> PeriodReport {
    let request = cases::request(folder, Some("2026-07-15"), Some(period));
    engine::report(&request, None).unwrap().document()
}

const HALF: &str = "2026-01-01..2026-06-30";

/// The demo: whole, with few items, without any, and in a clone that is not whole.
fn reports() -> Vec<PeriodReport> {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    let mut reports = [HALF, "2026-06-10..2026-06-30", "2027-01-01..2027-06-30"].map(|of| report(&shop, of)).to_vec();
    let first = git2::Repository::open(&shop).unwrap().revparse_single("HEAD~20").unwrap().id();
    std::fs::write(shop.join(".git/shallow"), format!("{first}\n")).unwrap();
    reports.push(report(&shop, HALF));
    let mut untested = reports[0].clone();
    untested.controls[0].tests.clear();
    reports.push(untested);
    reports
}

fn results(report: &PeriodReport) -> Value {
    let bytes = assessment_results::document(report).unwrap();
    serde_json::from_slice::<Value>(&bytes).unwrap()["assessment-results"].take()
}

fn plan(report: &PeriodReport) -> Value {
    let bytes = poam::document(report).unwrap();
    serde_json::from_slice::<Value>(&bytes).unwrap()["plan-of-action-and-milestones"].take()
}

fn log(report: &PeriodReport) -> Value {
    serde_yaml::from_slice(&gemara::log(report).unwrap()).unwrap()
}

/// The entries of a list; a list that is left out has none.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn prop<'v>(of: &'v Value, name: &str) -> &'v str {
    let named = list(&of["props"]).iter().find(|one| one["name"] == name);
    named.map_or("", |one| one["value"].as_str().unwrap())
}

fn weighs(finding: &ReportedFinding) -> bool {
    finding.entry.severity > Severity::Note || finding.entry.verdict == Verdict::Untestable
}

/// Whether nothing at all speaks against a test.
fn passed(report: &PeriodReport, source: &str, test: &TestReport) -> bool {
    let names: BTreeSet<&String> = test.rules.iter().flat_map(|rule| &rule.findings).collect();
    let mut found = report.findings.iter().filter(|one| one.source == source && names.contains(&one.entry.fingerprint));
    let entry = &test.entry;
    entry.population.size > 0 && entry.exceptions + entry.unevidenced + entry.untestable == 0 && !found.any(weighs)
}

#[test]
fn every_number_of_a_test_is_that_of_the_document() {
    for report in reports() {
        let (results, log) = (results(&report), log(&report));
        let set = &results["results"][0];
        let mut findings = list(&set["findings"]).iter();
        let objectives = list(&set["observations"]).iter().filter(|one| one["types"][0] == "control-objective");
        let mut objectives = objectives.peekable();
        for (control, evaluation) in report.controls.iter().zip(list(&log["evaluations"])) {
            assert_eq!(evaluation["control"]["entry-id"], control.id);
            for (test, assessed) in control.tests.iter().zip(list(&evaluation["assessment-logs"])) {
                let (entry, of) = (&test.entry, &test.entry.population);
                let numbers = [
                    ("exceptions", entry.exceptions),
                    ("items-tested", of.size),
                    ("unevidenced", entry.unevidenced),
                    ("untestable", entry.untestable),
                    ("pending", of.pending),
                    ("excluded", of.excluded.iter().map(|one| one.count).sum()),
                ];
                let (seen, finding) = (objectives.next().unwrap(), findings.next().unwrap());
                for (name, number) in numbers {
                    assert_eq!(prop(seen, name), number.to_string(), "{} {name}", control.id);
                    assert_eq!(prop(&finding["target"], name), number.to_string(), "{} {name}", control.id);
                    assert_eq!(assessed["evidence"][0]["payload"][name], number.to_string(), "{} {name}", control.id);
                }
                assert_eq!(prop(seen, "population-digest"), test.digest);
                assert_eq!(finding["related-observations"][0]["observation-uuid"], seen["uuid"]);
                let satisfied = finding["target"]["status"]["state"] == "satisfied";
                assert_eq!(satisfied, passed(&report, &control.source, test), "{} {}", control.id, entry.test);
                assert_eq!(assessed["result"] == "Passed", satisfied, "{} {}", control.id, entry.test);
                assert_eq!(assessed["requirement"]["entry-id"], entry.test);
                assert_eq!(assessed["message"], safe(&test.result));
            }
            if control.tests.is_empty() {
                let status = &findings.next().unwrap()["target"]["status"];
                assert_eq!((&status["state"], &status["reason"]), (&json!("not-satisfied"), &json!("other")));
                assert_eq!(evaluation["result"], "Not Run");
            }
        }
        assert!(objectives.next().is_none());
        assert_eq!(prop(set, "items-tested"), report.summary.items.to_string());
        assert_eq!(prop(set, "exceptions"), report.summary.exceptions.to_string());
    }
}

#[test]
fn every_finding_is_an_observation_and_what_weighs_is_planned() {
    for report in reports() {
        let (results, plan, log) = (results(&report), plan(&report), log(&report));
        let set = &results["results"][0];
        let names =
            |of: &[Value]| -> BTreeSet<String> { of.iter().map(|one| prop(one, "fingerprint").to_owned()).collect() };
        let of_findings = |holds: &dyn Fn(&ReportedFinding) -> bool| -> BTreeSet<String> {
            report.findings.iter().filter(|one| holds(one)).map(|one| one.entry.fingerprint.clone()).collect()
        };
        let found: Vec<Value> =
            list(&set["observations"]).iter().filter(|one| one["types"][0] == "finding").cloned().collect();
        assert_eq!(names(&found), of_findings(&|_| true));
        let exception = |one: &ReportedFinding| one.entry.verdict == Verdict::Exception && weighs(one);
        assert_eq!(names(list(&set["risks"])), of_findings(&exception));
        assert_eq!(names(list(&plan["poam-items"])), of_findings(&weighs));
        let evidence = list(&log["evaluations"]).iter().flat_map(|one| list(&one["assessment-logs"]));
        let evidence = evidence.flat_map(|one| list(&one["evidence"])).filter(|one| one["type"] == "Finding");
        let told: BTreeSet<String> = evidence.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        let untested: BTreeSet<&str> =
            report.controls.iter().filter(|one| one.tests.is_empty()).map(|one| one.id.as_str()).collect();
        let reached = |one: &ReportedFinding| {
            one.test.is_none() || !one.entry.control.as_deref().is_some_and(|id| untested.contains(id))
        };
        assert_eq!(told, of_findings(&reached));
    }
}

#[test]
fn nothing_not_run_makes_a_pass() {
    let mut report = reports().swap_remove(0);
    report.findings.clear();
    let test = report.controls[0].tests[0].clone();
    let with = |sizes: &[usize]| {
        let mut report = report.clone();
        report.controls.truncate(1);
        report.controls[0].tests = sizes.iter().map(|size| of_size(&test, *size)).collect();
        log(&report)["result"].as_str().unwrap().to_owned()
    };
    assert_eq!(with(&[3, 1]), "Passed");
    assert_eq!(with(&[3, 0]), "Needs Review");
    assert_eq!(with(&[0, 0]), "Not Run");
    assert_eq!(with(&[]), "Not Run");
}

fn of_size(test: &TestReport, size: usize) -> TestReport {
    let mut test = test.clone();
    test.rules.clear();
    test.entry.population.size = size;
    (test.entry.exceptions, test.entry.unevidenced, test.entry.untestable) = (0, 0, 0);
    test
}

/// Every UUID that a document gives to something, and every one that it refers to something by.
fn uuids(value: &Value, given: &mut Vec<String>, used: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| uuids(one, given, used)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "uuid" => given.push(text.clone()),
                    Value::String(text) if key.ends_with("-uuid") => used.push(text.clone()),
                    Value::Array(all) if key.ends_with("-uuids") => {
                        used.extend(all.iter().map(|one| one.as_str().unwrap().to_owned()));
                    }
                    _ => uuids(value, given, used),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn a_uuid_is_given_once_and_names_something_that_is_there() {
    let mut reports = reports();
    // Another repository with the same controls, as in a report of several.
    let mut merged = reports[0].clone();
    let mut other = merged.clone();
    other.repositories[0].name = "other".to_owned();
    other.controls.iter_mut().for_each(|one| "other".clone_into(&mut one.source));
    other.findings.iter_mut().for_each(|one| "other".clone_into(&mut one.source));
    merged.repositories.append(&mut other.repositories);
    merged.controls.append(&mut other.controls);
    merged.findings.append(&mut other.findings);
    reports.push(merged);
    for report in reports {
        for document in [results(&report), plan(&report)] {
            let (mut given, mut used) = (Vec::new(), Vec::new());
            uuids(&document, &mut given, &mut used);
            let known: BTreeSet<&String> = given.iter().collect();
            assert_eq!(known.len(), given.len());
            assert!(given.iter().all(|one| one.len() == 36 && one.as_bytes()[14] == b'5'), "{given:?}");
            assert!(used.iter().all(|one| known.contains(one)));
            if document["import-ap"].is_object() {
                let plan = document["import-ap"]["href"].as_str().unwrap().trim_start_matches('#').to_owned();
                assert!(known.contains(&plan));
            }
        }
        let names: Vec<&str> = report.repositories.iter().map(|one| one.name.as_str()).collect();
        let log = log(&report);
        let referred = list(&log["metadata"]["mapping-references"]).iter().map(|one| one["id"].as_str().unwrap());
        assert_eq!(referred.collect::<Vec<_>>(), names, "each once");
    }
}

#[test]
fn the_same_report_is_the_same_bytes_and_a_risk_keeps_its_name() {
    let (one, other) = (reports(), reports());
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(assessment_results::document(one).unwrap(), assessment_results::document(other).unwrap());
        assert_eq!(poam::document(one).unwrap(), poam::document(other).unwrap());
        assert_eq!(gemara::log(one).unwrap(), gemara::log(other).unwrap());
    }
    let of = |document: &Value| -> BTreeMap<String, String> {
        let name = |one: &Value| (prop(one, "fingerprint").to_owned(), one["uuid"].as_str().unwrap().to_owned());
        list(&document["risks"]).iter().map(name).collect()
    };
    let (half, part) = (of(&plan(&one[0])), of(&plan(&one[1])));
    assert!(part.iter().any(|(name, _)| half.contains_key(name)));
    assert!(part.iter().all(|(name, uuid)| half.get(name).is_none_or(|known| known == uuid)));
    assert_eq!(half, of(&results(&one[0])["results"][0]));
}

#[test]
fn hostile_words_are_words() {
    let mut document = serde_json::to_value(reports().swap_remove(0)).unwrap();
    spoil(&mut document, "", &mut 0);
    let report: PeriodReport = serde_json::from_value(document).unwrap();
    for bytes in [
        assessment_results::document(&report).unwrap(),
        poam::document(&report).unwrap(),
        gemara::log(&report).unwrap(),
    ] {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.chars().all(|character| character == '\n' || !is_unsafe_to_show(character)));
        assert!(serde_yaml::from_str::<Value>(&text).is_ok(), "JSON is YAML, too");
    }
    for document in [results(&report), plan(&report)] {
        held(&document, "");
    }
}

#[test]
fn odd_ids_stay_apart_and_can_be_found_again() {
    let ids = ["CM-01", "CM_01", "CM 01", "cm-01", "1.10", "No", "12:30", "CM-01_obj.leavers", "§4", "a\u{1b}b"];
    let mut report = reports().swap_remove(0);
    let control = report.controls[0].clone();
    let with_id =
        |id: &&str| tickmark::reports::period::control::ControlReport { id: (*id).to_owned(), ..control.clone() };
    report.controls = ids.iter().map(with_id).collect();
    let results = results(&report);
    held(&results, "");
    let set = &results["results"][0];
    let selection = &set["reviewed-controls"]["control-selections"][0];
    assert_eq!(list(&selection["include-controls"]).len(), ids.len());
    let told: BTreeSet<&str> = list(&selection["props"]).iter().map(|one| one["value"].as_str().unwrap()).collect();
    assert!(ids.iter().all(|id| told.contains(safe(id).as_str())), "{told:?}");
    let targets: BTreeSet<&str> =
        list(&set["findings"]).iter().map(|one| one["target"]["target-id"].as_str().unwrap()).collect();
    assert_eq!(targets.len(), list(&set["findings"]).len());
    let log = log(&report);
    let evaluated = list(&log["evaluations"]).iter().map(|one| one["control"]["entry-id"].as_str().unwrap().to_owned());
    assert_eq!(evaluated.take(ids.len()).collect::<Vec<_>>(), ids.map(safe));
}

#[test]
fn a_risk_is_accepted_only_by_the_word_of_somebody_and_only_for_that_time() {
    let report = reports().swap_remove(0);
    let document = serde_json::to_value(&report).unwrap();
    let at = report.findings.iter().position(|one| one.entry.verdict == Verdict::Exception && weighs(one)).unwrap();
    let risk = |response: Value| {
        let mut document = document.clone();
        document["findings"][at]["response"] = response;
        let results = results(&serde_json::from_value(document).unwrap());
        let name = report.findings[at].entry.fingerprint.as_str();
        list(&results["results"][0]["risks"]).iter().find(|one| prop(one, "fingerprint") == name).unwrap().clone()
    };
    let said = |more: Value| {
        let mut response = json!({"kind": "accepted", "source": "responses/a.yaml", "line": 1});
        response.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        risk(response)
    };
    assert_eq!(risk(Value::Null)["status"], "open");
    let accepted = said(json!({"approved_by": "ines@acme.example", "accepted_until": "2026-12-31"}));
    assert_eq!(
        (&accepted["status"], &accepted["deadline"]),
        (&json!("deviation-approved"), &json!("2026-12-31T22:59:59Z"))
    );
    assert_eq!(said(json!({"accepted_until": "2026-12-31"}))["status"], "deviation-requested");
    assert_eq!(said(json!({"approved_by": " ", "accepted_until": "2026-12-31"}))["status"], "deviation-requested");
    assert_eq!(said(json!({"approved_by": "ines@acme.example", "accepted_until": "2026-07-14"}))["status"], "open");
    assert_eq!(said(json!({"approved_by": "ines@acme.example"}))["status"], "open");
    assert_eq!(said(json!({"kind": "disputed"}))["status"], "deviation-requested");
    let remedied = said(
        json!({"kind": "remedied", "corrective_action": "Done.", "implemented_on": "2026-07-01", "due": "2026-09-30", "owner": "lena@acme.example"}),
    );
    assert_eq!(
        (&remedied["status"], &remedied["remediations"][0]["lifecycle"]),
        (&json!("remediating"), &json!("completed"))
    );
    assert_eq!(remedied["deadline"], "2026-09-30T21:59:59Z");
    assert_eq!(list(&remedied["remediations"][0]["tasks"]).len(), 2);
    let later = said(json!({"kind": "remedied", "corrective_action": "Done.", "implemented_on": "2026-08-01"}));
    assert_eq!(later["remediations"][0]["lifecycle"], "planned");
}

#[test]
fn where_a_form_has_no_word_for_nothing_that_is_said() {
    let mut report = reports().swap_remove(0);
    report.findings.clear();
    let plan = plan(&report);
    assert_eq!((list(&plan["poam-items"]).len(), prop(&plan["poam-items"][0], "verdict")), (1, "none"));
    report.controls.clear();
    assert!(assessment_results::document(&report).is_err() && gemara::log(&report).is_err());
    for format in ["oscal", "oscal-poam", "gemara"] {
        let mut check = Command::new(env!("CARGO_BIN_EXE_tickmark"));
        let output = check.args(["check", "--format", format]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{format}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains("this command does not print that format: report does"), "{told}");
    }
}
