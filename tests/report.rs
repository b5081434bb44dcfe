//! The report of a period: what recurs is told from the repository alone, and all numbers agree.

use crate::cases;
use std::collections::BTreeSet;
use std::path::Path;

use tickmark::demo;
use tickmark::engine::{self};
use tickmark::error::Exit;
use tickmark::findings::finding::Verdict;
use tickmark::reports::json;
use tickmark::reports::period::PeriodReport;
use tickmark::reports::period::control::RuleReport;
use tickmark::reports::period::recurrence::{Remedied, Status};
use tickmark::reports::period::timeline::{Tallied, Timeline};

/// The two quarters of the demo, each as of its own end.
const SECOND: (&str, &str) = ("2026-04-01..2026-06-30", "2026-06-30");
const FIRST: (&str, &str) = ("2026-01-01..2026-03-31", "2026-03-31");

fn report(folder: &Path, (period, as_of): (&str, &str), earlier: Option<u8>) -> (PeriodReport, Exit) {
    let request = cases::request(folder, Some(as_of), Some(period));
    let reported = engine::report(&request, earlier).unwrap();
    (reported.document(), reported.checked.ledger.exit())
}

fn acme() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    demo::write(&folder.path().join("shop")).unwrap();
    folder
}

fn rule<'r>(report: &'r PeriodReport, control: &str, rule: &str) -> Option<&'r RuleReport> {
    let control = report.controls.iter().find(|one| one.id == control)?;
    control.tests.iter().flat_map(|test| &test.rules).find(|one| one.rule == rule)
}

fn gone<'r>(report: &'r PeriodReport, rule: &str) -> Option<&'r Remedied> {
    report.remedied.iter().find(|one| one.rule == rule)
}

#[test]
fn two_periods_tell_what_recurs_what_is_new_and_what_was_put_right() {
    let folder = acme();
    let shop = folder.path().join("shop");
    let (second, exit) = report(&shop, SECOND, None);
    assert_eq!(exit, Exit::Exceptions);
    let recurs = rule(&second, "CM-01", "change/unapproved").unwrap();
    assert_eq!((recurs.recurrence.status, recurs.recurrence.in_a_row, recurs.items), (Status::Recurring, 2, 2));
    let before = &recurs.recurrence.earlier[0];
    assert_eq!((before.items, before.of, before.unread), (1, 14, false));
    let new = rule(&second, "CM-01", "change/robot-approved").unwrap();
    assert_eq!((new.recurrence.status, new.recurrence.in_a_row), (Status::New, 1));
    let put_right = gone(&second, "change/self-approved").unwrap();
    assert_eq!((put_right.before.items, put_right.before.of, put_right.now, put_right.shown), (2, 14, 14, true));
    assert!(rule(&second, "CM-01", "change/self-approved").is_none());
    // No review was due since, so that nothing shows that reviews are whole now.
    let not_shown = gone(&second, "access/review-incomplete").unwrap();
    assert_eq!((not_shown.now, not_shown.shown), (0, false));
    let shown = second.remedied.iter().filter(|one| one.shown).count();
    assert_eq!((second.summary.remedied, second.remedied.len()), (shown, shown + 1));

    // The very same finding was there a quarter before: the vendor has not been assessed since.
    let lapsed = second.findings.iter().find(|found| found.entry.rule == "vendor/assessment-lapsed").unwrap();
    assert_eq!(lapsed.also_in.len(), 1);
    let unapproved = second.findings.iter().find(|found| found.entry.rule == "change/unapproved").unwrap();
    assert!(unapproved.also_in.is_empty(), "another change of the same kind is not the same finding");

    // What the first quarter says of itself is what the second says of it.
    let (first, _) = report(&shop, FIRST, None);
    let then = rule(&first, "CM-01", "change/unapproved").unwrap();
    assert_eq!(then.items, before.items);
    assert_eq!(then.recurrence.status, Status::First, "the controls were not in force before");
    // Nothing was kept: the same question has the same answer, and the repository has no new file.
    let (again, _) = report(&shop, SECOND, None);
    assert_eq!(json::pretty(&again).unwrap(), json::pretty(&second).unwrap());
    let status = git2::Repository::open(&shop).unwrap().statuses(None).unwrap().len();
    assert_eq!(status, 0);
}

#[test]
fn only_what_a_control_asks_is_established() {
    let folder = acme();
    let shop = folder.path().join("shop");
    let (report, _) = report(&shop, ("2026-01-01..2026-06-30", demo::AS_OF), Some(0));
    let changes = report.controls.iter().find(|control| control.id == "CM-01").unwrap();
    let approval = changes.tests.iter().find(|test| test.entry.test == "change-approval").unwrap();
    let says = |words: &str| approval.establishes.iter().any(|text| text.contains(words));
    assert!(says("given before the change landed"), "{:?}", approval.establishes);
    assert!(!says("signature") && !says("emergency") && !says("owner"), "{:?}", approval.establishes);
    assert!(!says("as many different approvers"), "of some changes it was found that there were fewer");
}

#[test]
fn what_followed_is_told_with_its_days() {
    let folder = acme();
    let (report, _) = report(&folder.path().join("shop"), (SECOND.0, "2026-07-15"), Some(0));
    let of = |rule: &str| report.findings.iter().find(|found| found.entry.rule == rule).unwrap().impact.clone();
    let open = of("access/never-removed");
    assert_eq!(open[0].text, "the account omar of shop has been open to somebody who left");
    let days = |impact: &tickmark::reports::period::finding::ImpactEntry| {
        (impact.from.map(|day| day.to_string()), impact.to.is_some(), impact.days)
    };
    assert_eq!(days(&open[0]), (Some("2026-05-15".to_owned()), false, Some(61)), "until the day that is asked about");
    let overdue = of("vulnerability/overdue");
    assert_eq!(days(&overdue[0]), (Some("2026-05-11".to_owned()), false, Some(65)));
}

#[test]
fn without_an_earlier_period_nothing_is_said_of_it() {
    let folder = acme();
    let shop = folder.path().join("shop");
    let (alone, _) = report(&shop, SECOND, Some(0));
    let (open, _) = report(&shop, ("2026-04-01..", "2026-06-30"), None);
    for report in [&alone, &open] {
        assert_eq!(rule(report, "CM-01", "change/unapproved").unwrap().recurrence.status, Status::Unknown);
        assert!(report.earlier.is_empty() && report.remedied.is_empty());
        assert_eq!((report.summary.new, report.summary.recurring), (0, 0));
    }
}

#[test]
fn what_could_not_be_read_before_is_neither_new_nor_put_right() {
    let folder = acme();
    let shop = folder.path().join("shop");
    // Snapshots of accounts that are younger than the first quarter tell nothing of it.
    std::fs::remove_file(shop.join("registers/accounts/2026-03-25.csv")).unwrap();
    let (second, _) = report(&shop, (SECOND.0, demo::AS_OF), None);
    let off = rule(&second, "LA-01", "configuration/mfa-off").unwrap();
    assert_eq!(off.recurrence.status, Status::Unknown);
    assert!(off.recurrence.earlier[0].unread);
    assert!(gone(&second, "configuration/dormant").is_none());
    assert!(second.earlier.iter().any(|before| !before.complete));
}

#[test]
fn what_cannot_be_read_is_no_result_and_does_not_recur() {
    let folder = acme();
    let shop = folder.path().join("shop");
    let first = git2::Repository::open(&shop).unwrap().revparse_single("HEAD~20").unwrap().id();
    std::fs::write(shop.join(".git/shallow"), format!("{first}\n")).unwrap();
    let (report, exit) = report(&shop, ("2026-01-01..2026-06-30", demo::AS_OF), None);
    assert_eq!(exit, Exit::Incomplete);
    assert!(!report.repositories[0].complete);
    assert!(report.remarks.iter().any(|remark| remark.contains("not everything")), "{:?}", report.remarks);
    let tests = || report.controls.iter().flat_map(|control| &control.tests);
    let unread = |rule: &&RuleReport| rule.verdict == Verdict::Untestable;
    assert!(tests().flat_map(|test| &test.rules).filter(unread).count() > 1);
    assert!(tests().flat_map(|test| &test.rules).filter(unread).all(|rule| rule.recurrence.status == Status::Unknown));
    for test in tests().filter(|test| test.rules.iter().any(|rule| rule.verdict == Verdict::Untestable)) {
        assert!(test.result.contains("could not be") || test.result.contains("could be read"), "{}", test.result);
        assert!(!test.result.starts_with("No exceptions noted"), "{}", test.result);
        assert!(test.applied.contains("that could be read"), "{}", test.applied);
        assert!(test.establishes.is_empty(), "what is not whole establishes nothing: {:?}", test.establishes);
    }
}

#[test]
fn nothing_is_tested_by_a_configuration_that_cannot_be_used() {
    let folder = acme();
    let shop = folder.path().join("shop");
    let path = shop.join("tickmark.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}report: {{ earlier: 20 }}\n")).unwrap();
    let (report, exit) = report(&shop, SECOND, None);
    assert_eq!(exit, Exit::CouldNotRun);
    assert!(report.findings.iter().any(|found| found.entry.message.contains("expected 12 or less")));
    assert!(report.remarks.iter().any(|remark| remark.contains("nothing was tested")));
    assert!(report.controls.iter().all(|control| control.tests.is_empty()));
}

fn all(timeline: &Timeline) -> Vec<Tallied> {
    let stretches = timeline.stretches.iter().map(|stretch| stretch.tallied);
    stretches.chain([timeline.before, timeline.after, timeline.undated]).collect()
}

#[test]
fn every_number_agrees_with_those_that_it_is_made_of() {
    let folder = acme();
    let (report, _) = report(&folder.path().join("shop"), ("2026-01-01..2026-06-30", demo::AS_OF), None);
    let tests: Vec<_> = report.controls.iter().flat_map(|control| &control.tests).collect();
    let summary = report.summary;
    assert_eq!(summary.tests, tests.len());
    assert_eq!(summary.exceptions, tests.iter().map(|test| test.entry.exceptions).sum::<usize>());
    assert_eq!(summary.items, tests.iter().map(|test| test.entry.population.size).sum::<usize>());
    assert_eq!(summary.findings, report.findings.len());
    let known: BTreeSet<&str> = report.findings.iter().map(|found| found.entry.fingerprint.as_str()).collect();
    assert_eq!(known.len(), report.findings.len(), "each finding has a name of its own");
    let mut drawn = 0;
    for test in tests {
        let of = format!("{} {}", test.entry.control, test.entry.test);
        assert!(test.rules.iter().flat_map(|rule| &rule.findings).all(|name| known.contains(name.as_str())), "{of}");
        assert_eq!(test.frequency.as_ref().map_or(0, |found| found.items), test.entry.exceptions, "{of}");
        assert_eq!(test.digest.len(), 64);
        if let Some(timeline) = &test.timeline {
            drawn += 1;
            let tallied = all(timeline);
            let sum = |of: fn(&Tallied) -> usize| tallied.iter().map(of).sum::<usize>();
            assert_eq!(sum(|one| one.exceptions), test.entry.exceptions, "{of}");
            assert_eq!(sum(|one| one.unevidenced), test.entry.unevidenced, "{of}");
            assert_eq!(sum(|one| one.untestable), test.entry.untestable, "{of}");
            assert_eq!(sum(|one| one.pending), test.entry.population.pending, "{of}");
            let tested = sum(|one| one.passed + one.exceptions + one.unevidenced + one.untestable);
            assert_eq!(tested, test.entry.population.size, "{of}");
        }
    }
    assert!(drawn > 3);
    assert!(report.controls.iter().any(|control| control.tests.iter().any(|test| test.lifetimes.is_some())));
    let changes = report.criteria.iter().find(|one| one.id == "CC8.1").unwrap();
    assert_eq!(changes.remark.as_deref(), Some("the only control that serves it has exceptions"));
    let without = report.criteria.iter().find(|one| one.controls.is_empty()).unwrap();
    assert_eq!(without.remark.as_deref(), Some("no control serves it"));
}

#[test]
fn before_a_period_starts_the_criteria_tell_what_is_ready() {
    let folder = acme();
    let (report, _) = report(&folder.path().join("shop"), ("2027-01-01..2027-06-30", demo::AS_OF), None);
    let changes = report.criteria.iter().find(|one| one.id == "CC8.1").unwrap();
    assert_eq!((changes.controls.len(), changes.with_items, changes.exceptions), (1, 0, 0));
    assert_eq!(changes.remark.as_deref(), Some("nothing to test occurred in the period"));
}

#[test]
fn the_document_reads_back_as_it_was_written() {
    let folder = acme();
    let (report, _) = report(&folder.path().join("shop"), SECOND, None);
    let text = json::pretty(&report).unwrap();
    let back: PeriodReport = serde_json::from_slice(&text).unwrap();
    assert_eq!(json::pretty(&back).unwrap(), text);
}
