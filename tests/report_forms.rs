//! Every form of the report of a period is written from its document, and tells what stands in it and nothing else.

use crate::cases;
use crate::merge::runs;
use std::path::Path;

use serde_json::{Value, json};
use tickmark::demo;
use tickmark::engine::{self};
use tickmark::reports::html;
use tickmark::reports::period::control::TestReport;
use tickmark::reports::period::standing::Standing;
use tickmark::reports::period::text::fields;
use tickmark::reports::period::{PeriodReport, csv, markdown};
use tickmark::text::safe;

mod page;

fn report(folder: &Path, period: &str) -> PeriodReport {
    report_as_of(folder, period, "2026-06-30")
}

fn report_as_of(folder: &Path, period: &str, as_of: &str) -> PeriodReport {
    let request = cases::request(folder, Some(as_of), Some(period));
    engine::report(&request, None).unwrap().document()
}

fn acme() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    demo::write(&shop).unwrap();
    (folder, shop)
}

/// The demo over several periods: with what recurs, whole, without any item, and in a clone that is not whole.
fn reports() -> Vec<PeriodReport> {
    let (_folder, shop) = acme();
    let periods = [
        "2026-04-01..2026-06-30",
        "2026-01-01..2026-06-30",
        "2026-06-10..2026-06-30",
        "2027-01-01..2027-06-30",
        "2026-04-01..",
    ];
    let mut reports: Vec<PeriodReport> = periods.iter().map(|period| report(&shop, period)).collect();
    let first = git2::Repository::open(&shop).unwrap().revparse_single("HEAD~20").unwrap().id();
    std::fs::write(shop.join(".git/shallow"), format!("{first}\n")).unwrap();
    reports.push(report(&shop, "2026-01-01..2026-06-30"));
    reports.extend(merged());
    reports
}

/// Reports of several repositories: of one period, of periods without a day in common, and beside results of a check.
fn merged() -> [PeriodReport; 3] {
    let (shop, check) = runs::demo();
    let (api, web) = (runs::of_another(&shop, "shop", '1'), runs::of_another(&check, "web", '2'));
    let later = runs::over(&api, "2026-07-01", "2026-12-31");
    [
        runs::joined(&[("shop.json", &shop), ("api.json", &api)]),
        runs::joined(&[("shop.json", &shop), ("api.json", &later)]),
        runs::joined(&[("shop.json", &shop), ("web.json", &web)]),
    ]
}

fn document(report: &PeriodReport) -> Value {
    serde_json::to_value(report).unwrap()
}

/// Writes a page where somebody wants to look at it: `TICKMARK_PAGES=folder cargo test --test all report_forms::`.
fn kept(name: &str, page: &str) {
    if let Some(folder) = std::env::var_os("TICKMARK_PAGES") {
        std::fs::write(Path::new(&folder).join(name).with_extension("html"), page).unwrap();
    }
}

/// Reads the page of a report and holds it against the document.
fn held(report: &PeriodReport) -> (String, page::Seen) {
    let text = html::page(report);
    let seen = page::read(&text, &document(report));
    assert!(seen.wrong.is_empty(), "{:#?}", &seen.wrong[..seen.wrong.len().min(12)]);
    (text, seen)
}

#[test]
fn every_number_of_the_page_stands_in_the_document() {
    for report in reports() {
        let (_, seen) = held(&report);
        let has = |pointer: String| assert!(seen.pointers.contains(&pointer), "{pointer} is not on the page");
        for name in
            ["controls", "tests", "items", "exceptions", "unevidenced", "untestable", "pending", "excluded", "findings"]
        {
            has(format!("/summary/{name}"));
        }
        for (at, control) in report.controls.iter().enumerate() {
            has(format!("/controls/{at}/title"));
            for (place, test) in control.tests.iter().enumerate() {
                let of = format!("/controls/{at}/tests/{place}");
                ["result", "applied", "population/size"].iter().for_each(|name| has(format!("{of}/{name}")));
                // The results of a check do not know it.
                if !test.digest.is_empty() {
                    has(format!("{of}/digest"));
                }
                if test.entry.population.size > 0 {
                    has(format!("{of}/exceptions"));
                }
            }
        }
        for at in 0..report.findings.len() {
            ["message", "fingerprint", "item"].iter().for_each(|name| has(format!("/findings/{at}/{name}")));
        }
        (0..report.criteria.len()).for_each(|at| has(format!("/criteria/{at}/id")));
        (0..report.limits.len()).for_each(|at| has(format!("/limits/{at}")));
        (0..report.remarks.len()).for_each(|at| has(format!("/remarks/{at}")));
    }
}

/// Whatever management says to an exception stands in every form, field by field, beside what it says it of.
#[test]
fn every_response_is_told_in_full_in_every_form() {
    let (_folder, shop) = acme();
    let report = report_as_of(&shop, "2026-01-01..2026-06-30", demo::AS_OF);
    let (_, seen) = held(&report);
    let (text, table) = (markdown::page(&report), String::from_utf8(csv::table(&report).unwrap()).unwrap());
    let text = text.replace(['\u{200b}', '\\'], "");
    let mut kinds = std::collections::BTreeSet::new();
    for (at, finding) in report.findings.iter().enumerate() {
        let Some(answer) = &finding.entry.response else { continue };
        kinds.insert(format!("{:?}", answer.kind));
        for (name, value) in fields(Some(answer)).unwrap() {
            let value = safe(&value);
            assert!(seen.pointers.contains(&format!("/findings/{at}/response/{name}")), "{name}");
            assert!(text.contains(&value) && table.contains(&value), "{name}: {value}");
        }
    }
    let all: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(all, ["Accepted", "Disputed", "Remedied"]);
    assert_eq!(report.summary.responded, 4);
}

#[test]
fn nothing_on_the_page_says_how_grave_it_is() {
    for report in reports() {
        let pages = [html::page(&report), markdown::page(&report)];
        for page in pages.map(|page| page.to_lowercase()) {
            for word in ["minor", "major", "material", "severe", "compliant", "qualified"] {
                assert!(!page.contains(word), "{word}");
            }
        }
    }
}

#[test]
fn what_was_not_tested_is_not_told_as_passed() {
    let reports = reports();
    let (empty, shallow) = (&reports[3], &reports[5]);
    let page = html::page(empty);
    assert!(page.contains("no occurrence") && page.contains("operation not tested"));
    let tests = || empty.controls.iter().flat_map(|control| &control.tests);
    let nothing = |test: &&TestReport| test.entry.population.size == 0;
    assert!(tests().filter(nothing).count() > 3);
    assert!(tests().filter(nothing).all(|test| !Standing::of(test).contains(&Standing::Passed)));
    let page = html::page(shallow);
    kept("shallow", &page);
    assert!(page.contains("not all testable") && page.contains("not everything that the tests need could be read"));
}

/// A document in which whatever comes out of a repository is hostile.
fn hostile() -> PeriodReport {
    let (_folder, shop) = acme();
    let mut document = document(&report(&shop, "2026-04-01..2026-06-30"));
    let words = [
        "</script><script>alert(1)</script>".to_owned(),
        "\"onload=alert(1) x='\" <img src=x onerror=alert(2)> &amp; &lt; ]]> --> <!--".to_owned(),
        "\u{1b}[31m\u{202e}evil\u{200b}\u{0}\r\n\t::error::x".to_owned(),
        "https://evil.example/[x](javascript:alert(1)) | `a` | @all #1 ~~~ ``` ".to_owned(),
        "=cmd|' /C calc'!A0".to_owned(),
        "W".repeat(10_000),
        "مرحبا بالعالم 123".to_owned(),
    ];
    let mut next = 0;
    spoil(&mut document, "", &mut |text| {
        next += 1;
        text.clone_from(&words[next % words.len()]);
    });
    document["organization"] = json!("</title></style><script>alert(3)</script>");
    serde_json::from_value(document).unwrap()
}

/// Replaces every text of a document that is not of a fixed form.
fn spoil(value: &mut Value, key: &str, with: &mut dyn FnMut(&mut String)) {
    const FREE: [&str; 21] = [
        "title",
        "owner",
        "statement",
        "policy",
        "file",
        "name",
        "value",
        "items",
        "applied",
        "result",
        "establishes",
        "does_not_establish",
        "sources",
        "asks",
        "message",
        "item",
        "help",
        "text",
        "why",
        "remarks",
        "label",
    ];
    match value {
        Value::String(text) if FREE.contains(&key) => with(text),
        Value::Array(list) => list.iter_mut().for_each(|one| spoil(one, key, with)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, one)| {
            let kept = ["repositories", "items"].contains(&key.as_str()) && !one.is_string() && !one.is_array();
            if !kept {
                spoil(one, key, with);
            }
        }),
        _ => {}
    }
}

#[test]
fn hostile_words_are_words() {
    let report = hostile();
    let (page, _) = held(&report);
    kept("hostile", &page);
    assert!(
        !page.contains("<script") && !page.contains("<img") && !page.contains('\u{1b}') && !page.contains('\u{202e}')
    );
    assert!(page.contains("&lt;/script&gt;"));
    let text = markdown::page(&report);
    assert!(
        !text.contains("<script")
            && !text.contains('\u{1b}')
            && !text.contains("](javascript")
            && !text.contains("@all")
    );
    let table = String::from_utf8(csv::table(&report).unwrap()).unwrap();
    let mut reader = ::csv::Reader::from_reader(table.as_bytes());
    for row in reader.records() {
        assert!(row.unwrap().iter().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])));
    }
}

#[test]
fn the_table_has_a_row_for_each_rule_and_the_numbers_of_the_document() {
    for report in reports() {
        let table = csv::table(&report).unwrap();
        let mut reader = ::csv::Reader::from_reader(table.as_slice());
        let heads = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let mut at = 0;
        for control in &report.controls {
            for test in &control.tests {
                for rule in 0..test.rules.len().max(1) {
                    let row = &rows[at];
                    at += 1;
                    let cell = |name: &str| row.get(heads.iter().position(|head| head == name).unwrap()).unwrap();
                    let rule = test.rules.get(rule);
                    let number = |value: usize| value.to_string();
                    assert_eq!(cell("control"), control.id);
                    assert_eq!(cell("test"), test.entry.test);
                    assert_eq!(cell("result"), safe(&test.result));
                    assert_eq!(cell("exceptions"), number(test.entry.exceptions));
                    assert_eq!(cell("tested"), number(test.entry.population.size));
                    assert_eq!(cell("not_yet_due"), number(test.entry.population.pending));
                    assert_eq!(cell("rule"), rule.map_or("", |rule| &rule.rule));
                    assert_eq!(cell("rule_items"), rule.map_or(String::new(), |rule| number(rule.items)));
                    assert_eq!(cell("findings"), rule.map_or(String::new(), |rule| number(rule.findings.len())));
                }
            }
            at += usize::from(control.tests.is_empty());
        }
        assert_eq!(at, rows.len());
    }
}

#[test]
fn markdown_has_the_numbers_of_the_document() {
    for report in reports() {
        let text = markdown::page(&report).replace(['\u{200b}', '\\'], "");
        let tests = || report.controls.iter().flat_map(|control| control.tests.iter().map(move |test| (control, test)));
        let rows: Vec<Vec<&str>> = text
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
            .map(|line| line.split(" | ").collect())
            .collect();
        for (control, test) in tests() {
            let (exceptions, size) = (test.entry.exceptions.to_string(), test.entry.population.size.to_string());
            let is = |row: &&Vec<&str>| {
                row.len() == 6
                    && row[0] == control.id
                    && row[2] == test.entry.test
                    && row[4] == exceptions
                    && row[5] == size
            };
            assert!(rows.iter().any(|row| is(&row)), "{} {}", control.id, test.entry.test);
            assert!(text.contains(&format!("**{}**", safe(&test.result).trim())), "{}", test.result);
            assert!(text.contains(&test.digest));
        }
        for criterion in &report.criteria {
            let numbers = [criterion.tests, criterion.items, criterion.exceptions].map(|number| number.to_string());
            assert!(
                rows.iter().any(|row| row.len() >= 6 && row[0] == criterion.id && row[3..6] == numbers),
                "{}",
                criterion.id
            );
        }
        for finding in &report.findings {
            assert!(text.contains(&finding.entry.fingerprint));
        }
        let summary = report.summary;
        assert!(text.contains(&format!(
            "controls: {}, with exceptions: {}",
            summary.controls, summary.controls_with_exceptions
        )));
        assert!(text.contains(&format!("items tested: {}, with exceptions: {}", summary.items, summary.exceptions)));
    }
}

#[test]
fn two_hundred_controls_with_ten_thousand_findings_make_a_page() {
    let (_folder, shop) = acme();
    let mut large = report(&shop, "2026-04-01..2026-06-30");
    let control = large.controls.iter().find(|control| control.id == "CM-01").unwrap().clone();
    let finding = large.findings.iter().find(|one| one.test.as_deref() == Some("change-approval")).unwrap().clone();
    large.controls.clear();
    large.findings.clear();
    for at in 0..200 {
        let mut control = control.clone();
        control.id = format!("CM-{at}");
        control.tests.truncate(1);
        let rule = &mut control.tests[0].rules[0];
        rule.findings = (0..50).map(|place| format!("{:016x}", at * 50 + place)).collect();
        for name in &rule.findings {
            let mut finding = finding.clone();
            finding.entry.fingerprint.clone_from(name);
            large.findings.push(finding);
        }
        control.tests[0].rules.truncate(1);
        large.controls.push(control);
    }
    let page = html::page(&large);
    kept("large", &page);
    assert_eq!(page.matches("<details class=\"finding\"").count(), 10_000);
    assert!(!page.contains("<details class=\"finding\" open"), "so many are not all opened");
}
