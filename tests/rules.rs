//! Every rule on small repositories: what it finds, how that is shown, and where it keeps silent.
//!
//! A case is a folder `tests/rules/<area>/<rule>/<case>/` with `case.yaml`, `history.yaml`, the files that the history
//! takes from `files/`, and, unless it is silent, `expected.txt` and `expected.json`. `BLESS=1` writes the last two.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cases::{self, Case, Expect};
use serde_json::Value;
use tickmark::engine::Checked;
use tickmark::findings::finding::{Finding, Severity, Verdict};
use tickmark::findings::fingerprint::fingerprint;
use tickmark::findings::ledger::Ledger;
use tickmark::reports::people::{Style, diagnostic};
use tickmark::reports::results_json::ResultsDocument;

const STYLE: Style = Style { width: 80, color: false };

#[test]
fn every_case_finds_what_it_says() {
    let failures: Vec<String> = cases::each(&cases::all(), failures).concat();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn a_second_run_finds_the_same_in_the_same_order() {
    cases::each(&cases::all(), |case| {
        let world = case.world();
        let (first, second) = (case.check(&world).unwrap(), case.check(&world).unwrap());
        assert_eq!(entries(&first, &case.text.rule), entries(&second, &case.text.rule), "{}", case.name);
    });
}

fn failures(case: &Case) -> Vec<String> {
    let checked = match case.check(&case.world()) {
        Ok(checked) => checked,
        Err(error) => return vec![format!("{}: {error:?}", case.name)],
    };
    let ledger = &checked.ledger;
    let mut wrong = Vec::new();
    if ledger.exit() != case.text.exit() {
        wrong.push(format!("it ends with {:?}, not {:?}", ledger.exit(), case.text.exit()));
    }
    wrong.extend(verdicts(case, ledger));
    wrong.extend(populations(case, ledger));
    wrong.extend(members(ledger));
    wrong.extend(names(ledger));
    if case.text.expect != Expect::Silent {
        let findings = ledger.findings.iter().filter(|finding| finding.rule == case.text.rule);
        let drawn: String = findings.map(|finding| diagnostic(finding, STYLE)).collect();
        let entries = serde_json::to_string_pretty(&entries(&checked, &case.text.rule)).unwrap() + "\n";
        wrong.extend(compare(&case.folder.join("expected.txt"), &drawn));
        wrong.extend(compare(&case.folder.join("expected.json"), &entries));
    }
    let show = |text: String| format!("{}: {text}\n{}", case.name, all_drawn(ledger));
    wrong.into_iter().map(show).collect()
}

fn all_drawn(ledger: &Ledger) -> String {
    ledger.findings.iter().map(|finding| format!("    {}: {}\n", finding.rule, finding.message)).collect()
}

/// A case that is caught has a finding of its verdict; a silent one has none of any rule.
fn verdicts(case: &Case, ledger: &Ledger) -> Option<String> {
    let text = &case.text;
    let verdict = match text.expect {
        Expect::Silent => {
            let other = ledger.findings.iter().find(|finding| !text.notes.contains(&finding.rule));
            return other.map(|finding| format!("{} is found in a silent case", finding.rule));
        }
        Expect::Caught => Verdict::Exception,
        Expect::Untestable => Verdict::Untestable,
        Expect::Unevidenced => Verdict::Unevidenced,
    };
    let found: Vec<Verdict> =
        ledger.findings.iter().filter(|finding| finding.rule == text.rule).map(|finding| finding.verdict).collect();
    let holds = !found.is_empty() && found.iter().all(|found| *found == verdict);
    (!holds).then(|| format!("{} is found with {found:?}, not {verdict:?}", text.rule))
}

/// Silence means something only where something was tested.
fn populations(case: &Case, ledger: &Ledger) -> Vec<String> {
    let sizes: Vec<usize> = ledger.tests.iter().map(|test| test.population.size).collect();
    let excluded: Vec<_> = ledger.tests.iter().flat_map(|test| test.population.excluded.clone()).collect();
    let mut wrong = Vec::new();
    match &case.text.population {
        Some(expected) if *expected != sizes => wrong.push(format!("the populations are {sizes:?}, not {expected:?}")),
        None if case.text.expect == Expect::Silent
            && case.text.notes.is_empty()
            && sizes.iter().sum::<usize>() == 0 =>
        {
            wrong.push("nothing was tested".to_owned());
        }
        _ => {}
    }
    if excluded != case.text.excluded {
        wrong.push(format!("left out: {excluded:?}, not {:?}", case.text.excluded));
    }
    wrong
}

/// What is wrong with the fingerprints: no two are one, and what the order of findings alone tells apart is a fault that
/// stands several times in one file.
fn names(ledger: &Ledger) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let told = |finding: &&Finding| {
        !seen.insert(fingerprint(finding)) || (finding.part.contains('\0') && !finding.rule.starts_with("documents/"))
    };
    let wrong = ledger.findings.iter().filter(told);
    wrong.map(|finding| format!("{} of {} is not known by what it is about", finding.rule, finding.item)).collect()
}

/// What is wrong with the items of the populations: they are as many as is said, no two are one, and whatever is found of
/// an item is found of one of them.
fn members(ledger: &Ledger) -> Vec<String> {
    let mut wrong = Vec::new();
    for test in &ledger.tests {
        let (of, all) = (format!("{} {}", test.control, test.test), &test.population.members);
        let pending = all.iter().filter(|member| member.pending).count();
        if (all.len() - pending, pending) != (test.population.size, test.population.pending) {
            wrong.push(format!("{of}: {} items, of which {pending} wait, are not those that are counted", all.len()));
        }
        let keys: BTreeSet<&str> = all.iter().map(|member| member.key.as_str()).collect();
        if keys.len() != all.len() {
            wrong.push(format!("{of}: two items have one key"));
        }
        let of_test = ledger.findings.iter().filter(|found| found.counted && found.severity > Severity::Note);
        let of_test: BTreeSet<&str> = of_test
            .filter(|found| found.control.as_ref() == Some(&test.control) && found.repository == test.repository)
            .map(|found| found.key.as_str())
            .collect();
        // What makes a whole test untestable is about none of its items.
        let counted = test.exceptions + test.unevidenced;
        if of_test.intersection(&keys).count() < counted {
            wrong.push(format!("{of}: {counted} items are found wrong, and not all of them are of the population"));
        }
    }
    wrong
}

/// The findings of a rule, as programs read them.
fn entries(checked: &Checked, rule: &str) -> Vec<Value> {
    let document = ResultsDocument::new(&checked.ledger, "acme".to_owned(), checked.commit, &checked.calendar);
    let findings = document.findings.iter().filter(|finding| finding.rule == rule);
    findings.map(|finding| serde_json::to_value(finding).unwrap()).collect()
}

/// Holds a text against a file, or writes it there with `BLESS=1`.
fn compare(path: &Path, actual: &str) -> Option<String> {
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path, actual).unwrap();
        return None;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    (expected != actual).then(|| format!("{} differs; BLESS=1 rewrites it. Now:\n{actual}", path.display()))
}
