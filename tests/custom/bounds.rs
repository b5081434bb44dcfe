//! Nothing that a test or a register holds keeps a run from ending, and no run that was cut short passes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use tickmark::checks::records::{Kept, Part, Run};
use tickmark::facts::calendar::{Calendar, Period};
use tickmark::facts::document::control::{Control, ControlText};
use tickmark::facts::register::files::Files as NamedFiles;
use tickmark::facts::register::value::Value;
use tickmark::findings::finding::Verdict;
use tickmark::policies::custom;
use tickmark::policies::expression::{Budget, Context};
use tickmark::policies::pack::Pack;
use tickmark::policies::records::RecordTest;
use tickmark::policies::registers;
use tickmark::sources::yaml;
use tickmark::text::SourceText;

use super::{Files, TEST, check, company, found, repository};

/// No run of these takes nearly as long, also without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// So many laptops, all well.
fn many(count: usize) -> String {
    let mut text = "serial,encrypted,issued_on,enrolled_on\n".to_owned();
    for at in 0..count {
        let _ = writeln!(text, "L-{at},yes,2026-01-05,2026-01-06");
    }
    text
}

/// The company with ten thousand laptops, and other steps and another condition.
fn large(steps: &str, require: &str) -> Files {
    let mut files = company();
    files.insert("registers/laptops.csv", many(10_000));
    let asked = format!("require: '{}'", require.replace('\'', "''"));
    let text = TEST.replace("- { each: laptops, as: laptop }", steps).replace("require: laptop.encrypted", &asked);
    let end = text.find("  - id: devices/enrolled-late").unwrap();
    files.insert("policies/laptops.yaml", text[..end].to_owned());
    files
}

const NESTED: &str = "!all.exists(a, all.exists(b, a.serial == b.serial + \"x\"))";
const COLLECTED: &str = "- { all: laptops, as: all }\n    - { be: all.first(), as: laptop }";

#[test]
fn a_condition_over_every_pair_ends_and_is_untestable() {
    let folder = repository(&large(COLLECTED, NESTED));
    let begun = Instant::now();
    let (status, results) = check(folder.path());
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(status, 3);
    let it = &results["findings"][0];
    assert_eq!((&it["rule"], &it["verdict"]), (&"devices/unencrypted".into(), &"untestable".into()));
    assert!(it["message"].as_str().unwrap().contains("it takes more than 20000000 steps"), "{it}");
}

#[test]
fn a_text_that_doubles_ends_and_is_untestable() {
    let mut text = "laptop.serial".to_owned();
    for _ in 0..24 {
        text = format!("[{text}].map(x, x + x).first()");
    }
    let folder = repository(&large(
        "- { each: laptops, as: laptop, where: 'laptop.serial == \"L-7\"' }",
        &format!("{text} == \"\""),
    ));
    let begun = Instant::now();
    let (status, results) = check(folder.path());
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(status, 3, "{:#?}", found(&results));
    // An expression that is as deep as the limit allows is a fault at its place instead, which is as well.
    let rules: Vec<String> = found(&results).into_iter().map(|(rule, _)| rule).collect();
    assert!(
        rules.contains(&"devices/unencrypted".to_owned()) || rules.contains(&"documents/bad-expression".to_owned())
    );
}

/// Runs the company's test with so many steps.
fn with_budget(root: &Path, steps: u64) -> Part {
    let zone = TimeZone::UTC;
    let (registers, faults) = registers::read(root, &zone, &BTreeMap::new(), None).unwrap();
    assert!(faults.is_empty(), "{faults:#?}");
    let custom = custom::read(root, Pack::builtin().unwrap());
    let test = custom.pack.test("laptops").unwrap();
    let compiled = RecordTest::compile(test, test.items.as_ref().unwrap(), &registers).unwrap();
    let text = std::fs::read_to_string(root.join("controls/laptops.yaml")).unwrap();
    let document = yaml::parse(&SourceText::new("controls/laptops.yaml", text)).unwrap().remove(0);
    let control = Control::new(yaml::read::<ControlText>(&document).unwrap(), document);
    let calendar = Calendar::new(zone, Period::default(), "2026-06-30T12:00:00Z".parse().unwrap());
    let budget = Budget::new(steps);
    let none = || Value::List([].into());
    let (files, kept) = (NamedFiles::default(), Kept { controls: none(), exports: none(), newest: None });
    let context = Context { calendar: &calendar, people: &registers.people, files: &files, budget: &budget };
    Run::new(test, &compiled, &control, &registers, context, kept).part()
}

#[test]
fn a_test_that_takes_too_many_steps_is_untestable_as_a_whole() {
    let begun = Instant::now();
    let pairs = "- { each: laptops, as: laptop }\n    - { each: laptops, as: other }";
    let nested = format!("{COLLECTED}\n    - {{ each: all, as: one }}");
    for (steps, require, budget) in [
        (pairs, "laptop.serial != other.serial", 1_000_000),
        (pairs, "false", 1_000_000),
        ("- { each: laptops, as: laptop }\n    - { all: laptops, as: all }", NESTED, 1_000_000),
        (nested.as_str(), "all.exists(a, a.serial == one.serial)", 1_000_000),
        ("- { each: laptops, as: laptop }", "!laptop.encrypted", 1_000_000),
    ] {
        let folder = repository(&large(steps, require));
        let part = with_budget(folder.path(), budget);
        assert_eq!(part.findings.len(), 1, "{steps}: {require}");
        let it = &part.findings[0];
        assert_eq!((it.rule.as_str(), it.verdict), ("evidence/item-undecided", Verdict::Untestable));
        assert_eq!(
            it.message,
            "Laptops are encrypted and managed cannot be tested for LT-01: the test takes more than 1000000 steps"
        );
        assert!(part.pending.is_empty() && part.population.size == 0);
        assert!(begun.elapsed() < PATIENCE);
    }
}

#[test]
fn whether_the_steps_suffice_is_the_same_in_every_run() {
    let same = "- { each: laptops, as: laptop }\n    - { all: laptops, as: others, of: { serial: laptop.serial } }";
    let mut files = large(same, "others.all(x, x.encrypted)");
    files.insert("registers/laptops.csv", many(300));
    let folder = repository(&files);
    let suffices = |steps: u64| with_budget(folder.path(), steps).findings.is_empty();
    let (mut few, mut enough) = (0, 1_000_000);
    assert!(!suffices(few) && suffices(enough));
    while enough - few > 1 {
        let half = few + (enough - few) / 2;
        if suffices(half) { enough = half } else { few = half }
    }
    for _ in 0..3 {
        assert!(suffices(enough) && !suffices(few), "{few}");
    }
}

#[test]
fn a_large_register_stays_far_below_the_limit() {
    let folder = repository(&large(
        "- { each: laptops, as: laptop }\n    - { all: laptops, as: others, of: { serial: laptop.serial } }",
        "size(others) == 1",
    ));
    let part = with_budget(folder.path(), tickmark::policies::expression::MAX_TEST_STEPS / 1_000);
    assert_eq!((part.findings.len(), part.population.size), (0, 10_000));
    drop(Arc::new(part));
}
