//! What followed from what records show: what is told of it needs records of its own, and a test waits for none of them.

use tickmark::findings::finding::Verdict;
use tickmark::findings::ledger::Ledger;

use crate::cases;

const OVERDUE: &str = "vulnerability/overdue/open";
const LEFT: &str = "access/never-removed/still-enabled";

/// Runs a case with another register, which is committed with the rest.
fn check(case: &str, register: &str) -> Ledger {
    let folder = cases::written(case, register);
    let (as_of, period) = (Some("2026-07-04"), Some("2026-01-01..2026-07-04"));
    cases::check(folder.path(), as_of, period).unwrap().ledger
}

/// What is told to have followed from everything that a rule finds.
fn told(ledger: &Ledger, rule: &str) -> Vec<String> {
    let found: Vec<_> = ledger.findings.iter().filter(|finding| finding.rule == rule).collect();
    assert!(!found.is_empty(), "{rule} finds nothing");
    found.iter().flat_map(|finding| finding.impact.iter().map(|one| one.text.clone())).collect()
}

fn is_whole(ledger: &Ledger) -> bool {
    ledger.findings.iter().all(|finding| finding.verdict == Verdict::Exception)
}

#[test]
fn data_of_customers_on_what_is_open_is_told() {
    let asset = |says: &str| {
        check(
            OVERDUE,
            &format!("        registers/assets.yaml: |\n          - {{ id: shop, asset_group: web{says} }}\n"),
        )
    };
    let holds = asset(", customer_data: true");
    assert_eq!(told(&holds, "vulnerability/overdue"), ["shop has been open to it", "shop holds data of customers"]);
    for none in [asset(", customer_data: false"), asset(""), check(OVERDUE, "")] {
        assert_eq!(told(&none, "vulnerability/overdue"), ["shop has been open to it"]);
        assert!(is_whole(&none), "no test waits for a register that only tells what followed");
    }
}

#[test]
fn the_data_of_a_system_is_told_with_the_account_of_somebody_who_left() {
    let system = "          - { id: shop, name: Shop, in_scope_from: 2025-01-01, data_class: personal }\n";
    let systems = format!("        registers/systems.yaml: |\n{system}");
    let holds = told(&check(LEFT, &systems), "access/never-removed");
    assert!(holds.contains(&"shop holds data of the class personal".to_owned()), "{holds:?}");
    let none = check(LEFT, "");
    assert!(told(&none, "access/never-removed").iter().all(|text| !text.contains("class")));
    assert!(is_whole(&none), "no test waits for a register that only tells what followed");
}

#[test]
fn what_two_records_say_alike_is_told_once() {
    let asset = "          - { id: shop, asset_group: GROUP, customer_data: true }\n";
    let two = asset.replace("GROUP", "web") + &asset.replace("GROUP", "data");
    let ledger = check(OVERDUE, &format!("        registers/assets.yaml: |\n{two}"));
    let told = told(&ledger, "vulnerability/overdue");
    assert_eq!(told.iter().filter(|text| text.contains("customers")).count(), 1, "{told:?}");
}
