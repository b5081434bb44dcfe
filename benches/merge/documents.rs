//! Reports of invented repositories, as `tickmark report --format json` writes them, with sums that agree.
#![allow(unreachable_pub)]

use serde_json::{Value, json};
use tickmark::reports::period::summary::Summary;
use tickmark::reports::period::{PeriodReport, criteria};

const CRITERIA: [&str; 4] = ["CC6.1", "CC6.2", "CC7.1", "CC8.1"];

/// The report of the repository of a number, with some controls; one in three of their tests has two exceptions.
pub fn report(number: usize, controls: usize) -> PeriodReport {
    let source = format!("repository-{number}");
    let failing = |at: usize| (at + number).is_multiple_of(3);
    let document = json!({
        "schema": "tickmark.report/1",
        "tool": { "name": "tickmark", "version": "0.1.0", "rules": "0".repeat(64) },
        "organization": "Acme Ltd",
        "period": period(),
        "as_of": "2026-06-30T21:59:59Z",
        "timezone": "Europe/Berlin",
        "labels": {},
        "summary": Summary::default(),
        "repositories": [{
            "name": source, "commit": format!("{:040x}", number + 1), "period": period(), "as_of": "2026-06-30T21:59:59Z",
            "complete": true, "configured": true, "controls": controls, "files": 3, "branches": [], "registers": [],
        }],
        "controls": (0..controls).map(|at| control(&source, (number, at), failing(at))).collect::<Vec<_>>(),
        "findings": (0..controls).filter(|at| failing(*at)).flat_map(|at| findings(&source, (number, at))).collect::<Vec<_>>(),
        "criteria": [],
        "earlier": [],
        "remedied": [],
        "remarks": ["no earlier period was looked at, so that nothing is said of what recurs"],
        "limits": [],
    });
    let mut report: PeriodReport = serde_json::from_value(document).unwrap_or_else(|why| unreachable!("{why}"));
    report.summary = Summary::of(&report.repositories, &report.controls, &report.findings, &report.remedied);
    report.criteria = criteria::of(&report.controls, &[]);
    report
}

fn period() -> Value {
    json!({ "from": "2026-01-01", "to": "2026-06-30" })
}

fn id(at: usize) -> String {
    format!("C-{at:03}")
}

fn fingerprint((number, at): (usize, usize), item: usize) -> String {
    format!("{number:06x}{at:06x}{item:04x}")
}

fn control(source: &str, (number, at): (usize, usize), fails: bool) -> Value {
    let (size, exceptions) = (40 + at, if fails { 2 } else { 0 });
    let stretches: Vec<Value> = (1..=6)
        .map(|month| {
            let (from, to) = (format!("2026-{month:02}-01"), format!("2026-{month:02}-28"));
            json!({ "from": from, "to": to, "passed": 6, "exceptions": 0, "unevidenced": 0, "untestable": 0, "pending": 0 })
        })
        .collect();
    let none = json!({ "passed": 0, "exceptions": 0, "unevidenced": 0, "untestable": 0, "pending": 0 });
    let rule = json!({
        "rule": "change/unapproved", "asks": "Every change was approved.", "verdict": "exception", "nature": "not-performed",
        "items": 2, "first": "2026-02-03", "last": "2026-03-04",
        "recurrence": { "status": "unknown", "in_a_row": 1, "earlier": [] },
        "findings": [fingerprint((number, at), 0), fingerprint((number, at), 1)],
    });
    let mut test = json!({
        "control": id(at), "test": "change-approval", "population": { "size": size, "pending": 1, "excluded": [{ "why": "by robots", "count": 3 }] },
        "exceptions": exceptions, "unevidenced": 0, "untestable": 0,
        "title": "Changes are approved by someone else before they land", "items": "changes",
        "applied": "Inspected all changes of the period.", "result": format!("Exceptions noted: {exceptions} of {size} changes."),
        "establishes": [], "does_not_establish": [], "sources": ["branch main"], "digest": format!("{:064x}", number * 1_000 + at),
        "rules": if fails { json!([rule]) } else { json!([]) }, "earlier": [],
        "timeline": { "unit": "month", "stretches": stretches, "before": none, "after": none, "undated": none },
    });
    if fails {
        test["frequency"] = json!({ "items": 2, "of": size, "dated": 2, "first": "2026-02-03", "last": "2026-03-04", "within": 30, "clustered": false, "sample": 25, "chance": 0.5 });
    }
    json!({
        "source": source, "id": id(at), "title": "Changes are approved by another", "owner": "dana@acme.example",
        "criteria": [CRITERIA[at % CRITERIA.len()]], "file": format!("controls/{}.yaml", id(at)),
        "parameters": [{ "name": "approvals", "value": "2" }], "tests": [test],
    })
}

fn findings(source: &str, (number, at): (usize, usize)) -> Vec<Value> {
    let finding = |item: usize| {
        json!({
            "rule": "change/unapproved", "severity": "error", "verdict": "exception", "control": id(at), "item": format!("change {item}"),
            "message": format!("change {item} was approved by nobody"), "fingerprint": fingerprint((number, at), item),
            "nature": "not-performed", "help": "ask somebody to review it now", "on": "2026-02-03", "response": null,
            "labels": [{ "source": format!("controls/{}.yaml", id(at)), "line": 3, "column": 1, "length": 9, "text": "two people", "primary": true }],
            "source": source, "test": "change-approval", "fails": true,
        })
    };
    vec![finding(0), finding(1)]
}
