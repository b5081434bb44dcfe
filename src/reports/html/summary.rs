//! The numbers at the head of the page, and every test on one line.

use maud::{Markup, html};

use super::completeness::source;
use super::marked::{number, sentence, words};
use super::of_summary;
use super::standing;
use crate::reports::period::PeriodReport;
use crate::reports::period::control::{ControlReport, TestReport};
use crate::reports::period::recurrence::Status;
use crate::reports::period::standing::Standing;

/// The numbers, and the table of tests.
pub(super) fn summary(report: &PeriodReport) -> Markup {
    html! {
        section id="summary" aria-labelledby="of-summary" {
            h2 id="of-summary" { (sentence("/labels/summary", &report.labels.summary)) }
            (figures(report))
            @if !report.controls.is_empty() { (glance(report)) }
        }
    }
}

/// A heading number, what it counts, and what it is made of: name in the summary, number, words.
type Figure<'w> = ((&'w str, usize, &'w str), Vec<(&'w str, usize, &'w str)>);

fn figures(report: &PeriodReport) -> Markup {
    let of = &report.summary;
    let all: [Figure<'_>; 5] = [
        (
            ("controls", of.controls, "controls"),
            vec![("controls_with_exceptions", of.controls_with_exceptions, "with exceptions")],
        ),
        (
            ("tests", of.tests, "tests applied"),
            vec![
                ("tests_with_exceptions", of.tests_with_exceptions, "with exceptions"),
                ("tests_without_items", of.tests_without_items, "without an occurrence: operation not tested"),
                ("tests_untestable", of.tests_untestable, "of which not all could be read"),
            ],
        ),
        (
            ("items", of.items, "items tested"),
            vec![
                ("exceptions", of.exceptions, "with exceptions"),
                ("unevidenced", of.unevidenced, "without evidence either way"),
                ("untestable", of.untestable, "could not be read"),
                ("pending", of.pending, "more are not yet due"),
                ("excluded", of.excluded, "more were left out, with the reason"),
            ],
        ),
        (
            ("findings", of.findings, "findings"),
            vec![
                ("of_documents", of.of_documents, "about documents"),
                ("responded", of.responded, "with a response of management"),
            ],
        ),
        (
            ("recurring", of.recurring, "rules find what they found before"),
            vec![
                ("new", of.new, "found nothing in the period before"),
                ("returned", of.returned, "find it again after a period without"),
                ("remedied", of.remedied, "find nothing any more: put right"),
            ],
        ),
    ];
    html! {
        div.figures {
            @for ((name, value, what), parts) in &all {
                @if *name != "recurring" || !report.earlier.is_empty() {
                    div.figure {
                        p.head { strong { (of_summary(name, *value)) } " " (what) }
                        ul {
                            @for (name, value, what) in parts {
                                li class=[(*value == 0).then_some("none")] { (of_summary(name, *value)) " " (what) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Every test on one line.
fn glance(report: &PeriodReport) -> Markup {
    html! {
        table.glance {
            caption { "Every test of the period" }
            thead { tr {
                th scope="col" { "Control" }
                th scope="col" { "Result" }
                th scope="col" { "Exceptions" }
                th scope="col" { "Periods before" }
            } }
            tbody {
                @for (at, control) in report.controls.iter().enumerate() {
                    @for row in rows(report, at, control) { (row) }
                }
            }
        }
    }
}

fn rows(report: &PeriodReport, at: usize, control: &ControlReport) -> Vec<Markup> {
    let name = html! {
        a href={ "#control-" (at) } { (words("id", &control.id)) " " span.title { (words("title", &control.title)) } }
        (source(report, at, control))
    };
    if control.tests.is_empty() {
        return vec![html! {
            tr data-of={ "/controls/" (at) } {
                th scope="row" { (name) }
                td data-label="Result" {
                    span.standing.nothing { span.sign aria-hidden="true" { "–" } " no test was applied" }
                }
                td data-label="Exceptions" {}
                td data-label="Periods before" {}
            }
        }];
    }
    let several = control.tests.len() > 1;
    let row = |(place, test): (usize, &TestReport)| {
        let of = |name: &str| format!("tests/{place}/{name}");
        let entry = &test.entry;
        html! {
            tr data-of={ "/controls/" (at) } {
                th scope="row" {
                    (name)
                    @if several { " " span.which { (words(&of("title"), &test.title)) } }
                    @if let Some(name) = &entry.repository { " " span.which { "in " (words(&of("repository"), name)) } }
                }
                td data-label="Result" { div { @for one in Standing::of(test) { (standing::told(one)) " " } } }
                td.count data-label="Exceptions" { div {
                    @if entry.population.size > 0 {
                        strong { (number(&of("exceptions"), entry.exceptions)) } " of "
                        (number(&of("population/size"), entry.population.size)) " " (words(&of("items"), &test.items))
                    } @else { "–" }
                } }
                td data-label="Periods before" { div { (before(test)) } }
            }
        }
    };
    control.tests.iter().enumerate().map(row).collect()
}

/// What the rules of a test that find something found before, in words.
fn before(test: &TestReport) -> Markup {
    let has = |status| test.rules.iter().any(|rule| rule.recurrence.status == status && rule.items > 0);
    let words = [
        (Status::Recurring, "recurring"),
        (Status::Returned, "returned"),
        (Status::New, "new"),
        (Status::First, "no comparison"),
    ];
    let words: Vec<&str> = words.into_iter().filter(|(status, _)| has(*status)).map(|(_, word)| word).collect();
    html! { (if words.is_empty() { "–".to_owned() } else { words.join(", ") }) }
}
