//! What became of a change that is an exception: which deployment carried it, which one took it out, and how long that was.

use crate::cases;
use std::path::Path;

use tickmark::engine::{self};
use tickmark::sources::script;
use tickmark::text::SourceText;

const START: &str = r#"
people:
  dana: Dana Roe <dana@acme.example>
  mira: Mira Sand <mira@acme.example>
steps:
  - commit:
      on: main
      by: dana
      at: 2025-12-01T09:00:00+01:00
      message: Start the shop
      files:
        tickmark.yaml: |
          branches: [main]
          timezone: Europe/Berlin
          deployments: { tags: "v*" }
        registers/people.yaml: |
          - { id: P-01, name: Dana Roe, emails: [dana@acme.example] }
          - { id: P-02, name: Mira Sand, emails: [mira@acme.example] }
        controls/change-approval.yaml: |
          id: CM-01
          title: Changes are approved by others
          owner: mira@acme.example
          criteria: [CC8.1]
          since: 2025-11-01
          test: change-approval
          with: { branches: [main], approvals: 1 }
  - tag: { name: v1, on: main, by: dana, at: 2026-01-05T09:00:00+01:00, message: One }
  - commit:
      name: cups
      on: main
      by: dana
      at: 2026-02-02T09:00:00+01:00
      message: Count cups
      files: { cups.txt: three }
"#;

/// Words, first day, last day, and how many days that are.
type Told = (String, Option<String>, Option<String>, Option<i32>);

/// What is told of the change that counts cups, over the first half of 2026.
fn told(more: &str) -> Vec<Told> {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{START}{more}");
    let script = script::parse(&SourceText::new("history.yaml", text)).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    impact(folder.path(), "Count cups")
}

fn impact(folder: &Path, item: &str) -> Vec<Told> {
    let request = cases::request(folder, Some("2026-06-30"), Some("2026-01-01..2026-06-30"));
    let report = engine::report(&request, Some(0)).unwrap().document();
    let found = report.findings.iter().find(|found| found.entry.item.ends_with(item)).unwrap();
    let day = |day: Option<tickmark::facts::calendar::Day>| day.map(|day| day.to_string());
    found.impact.iter().map(|one| (one.text.clone(), day(one.from), day(one.to), one.days)).collect()
}

fn tag(name: &str, at: &str) -> String {
    format!("  - tag: {{ name: {name}, on: main, by: mira, at: {at}, message: A version }}\n")
}

const REVERT: &str = r#"
  - commit:
      name: back
      on: main
      by: mira
      at: 2026-03-12T10:00:00+01:00
      message: |
        Revert "Count cups"

        This reverts commit ${cups}.

        Reviewed-by: Dana Roe <dana@acme.example>
      remove: [cups.txt]
"#;

const AGAIN: &str = r#"
  - commit:
      on: main
      by: mira
      at: 2026-03-20T10:00:00+01:00
      message: |
        Reapply "Count cups"

        This reverts commit ${back}.

        Reviewed-by: Dana Roe <dana@acme.example>
      files: { cups.txt: three }
"#;

#[test]
fn from_the_first_deployment_that_carried_it_to_the_one_that_took_it_out() {
    let (second, third) = (tag("v2", "2026-03-01T09:00:00+01:00"), tag("v3", "2026-03-15T09:00:00+01:00"));
    let carried = told(&second);
    assert_eq!(carried, [("v2 carried it to production".to_owned(), Some("2026-03-01".to_owned()), None, Some(121))]);
    let all = told(&format!("{second}{REVERT}{third}"));
    let [(text, from, to, days)] = all.as_slice() else { panic!("{all:?}") };
    assert!(text.starts_with("v2 carried it to production, and v3 took it out, with "), "{text}");
    assert_eq!((from.as_deref(), to.as_deref(), *days), (Some("2026-03-01"), Some("2026-03-15"), Some(14)));
    let waiting = told(&format!("{second}{REVERT}"));
    assert!(waiting[0].0.ends_with("takes it back, which no deployment has yet"), "{waiting:?}");
    assert_eq!((&waiting[0].2, waiting[0].3), (&None, Some(121)));
}

#[test]
fn what_no_deployment_carried_was_exposed_to_nobody() {
    assert_eq!(told("")[0].0, "no deployment has carried it");
    assert_eq!((&told("")[0].1, told("")[0].3), (&None, None));
    let back = &told(REVERT)[0].0;
    assert!(back.starts_with("no deployment has carried it, and ") && back.ends_with(" takes it back"), "{back}");
    let together = told(&format!("{REVERT}{}", tag("v2", "2026-03-15T09:00:00+01:00")));
    assert!(together[0].0.starts_with("v2 carried it to production together with "), "{together:?}");
    assert_eq!(together[0].3, None);
    // After the day that is asked about nothing has happened yet.
    assert_eq!(told(&tag("v2", "2026-07-01T09:00:00+02:00"))[0].0, "no deployment has carried it");
}

#[test]
fn what_was_brought_in_again_is_there() {
    let (second, third) = (tag("v2", "2026-03-01T09:00:00+01:00"), tag("v3", "2026-04-01T09:00:00+02:00"));
    let again = told(&format!("{second}{REVERT}{AGAIN}{third}"));
    assert_eq!((again[0].0.as_str(), &again[0].2), ("v2 carried it to production", &None));
}

#[test]
fn a_deployment_without_a_day_gives_none() {
    let folder = tempfile::tempdir().unwrap();
    let script = script::parse(&SourceText::new("history.yaml", START)).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    let repo = git2::Repository::open(folder.path()).unwrap();
    let tip = repo.revparse_single("main").unwrap();
    repo.tag_lightweight("v2", &tip, false).unwrap();
    let told = impact(folder.path(), "Count cups");
    let text = "v2 carried it to production, on a day that nothing tells";
    assert_eq!(told, [(text.to_owned(), None, None, None)]);
}

#[test]
fn where_nothing_says_what_a_deployment_is_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{START}{}", tag("v2", "2026-03-01T09:00:00+01:00"));
    let script =
        script::parse(&SourceText::new("history.yaml", text.replace("deployments: { tags: \"v*\" }", ""))).unwrap();
    script::write(&script, folder.path(), false).unwrap();
    assert_eq!(impact(folder.path(), "Count cups"), []);
}
