//! A control with its tests, in the four parts that a report has.

use maud::{Markup, html};

use super::marked::{code, day, sentence, words};
use super::{Findings, filter, standing, test};
use crate::reports::period::PeriodReport;
use crate::reports::period::control::{ControlReport, Parameter};
use crate::reports::period::standing::Standing;

/// More parameters than this are folded.
const FOLDED: usize = 12;

/// One control; on paper each begins a page.
pub(super) fn control(report: &PeriodReport, at: usize, of: &Findings<'_>) -> Markup {
    let Some(control) = report.controls.get(at) else { return html! {} };
    let rules = control.tests.iter().flat_map(|test| &test.rules);
    let found = |name: &[String]| of.named(&control.source, name);
    let mut kept = standing::of_control(control);
    for rule in rules {
        let findings = found(&rule.findings);
        kept.extend(standing::of_rule(rule, findings.iter().filter_map(|at| report.findings.get(*at))));
    }
    kept.sort_unstable();
    kept.dedup();
    let classes = [kept.join(" "), filter::serves(report, control).join(" ")].join(" ");
    let base = format!("/controls/{at}");
    html! {
        section class={ "control " (classes) } id={ "control-" (at) } aria-labelledby={ "of-control-" (at) } {
            header data-of=(base) {
                h3 id={ "of-control-" (at) } { (words("id", &control.id)) " " (words("title", &control.title)) }
                p.standings { @for one in all(control) { (standing::told(one)) " " } }
            }
            div.part.says data-of=(base) {
                h4 { (sentence("/labels/control", &report.labels.control)) }
                (says(report, control))
            }
            @if control.tests.is_empty() {
                div.part {
                    h4 { (sentence("/labels/test", &report.labels.test)) }
                    p { "No test was applied to this control." }
                }
            }
            @for place in 0..control.tests.len() { (test::test(report, (at, place), of)) }
        }
    }
}

/// What came of all tests of a control, each once.
fn all(control: &ControlReport) -> Vec<Standing> {
    let mut all: Vec<Standing> = Vec::new();
    for one in control.tests.iter().flat_map(Standing::of) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    // That one test found nothing is no word about a control of which another found something.
    if all.len() > 1 {
        all.retain(|one| *one != Standing::Passed);
    }
    all
}

fn says(report: &PeriodReport, control: &ControlReport) -> Markup {
    html! {
        @if let Some(statement) = &control.statement { p.statement { (words("statement", statement)) } }
        dl.facts {
            @if !control.owner.is_empty() { div { dt { "Owner" } dd { (words("owner", &control.owner)) } } }
            @if !control.criteria.is_empty() { div { dt { "Criteria" } dd { (filter::named(&control.criteria)) } } }
            @if let Some(policy) = &control.policy { div { dt { "Policy" } dd { (code("policy", policy)) } } }
            @if let Some(since) = control.since { div { dt { "In force since" } dd { (day("since", since)) } } }
            @match &control.file {
                Some(file) => { div { dt { "File" } dd { (code("file", file)) } } }
                None if of_check(report, &control.source) => {}
                None => { div { dt { "File" } dd { "the control has been taken out of the documents" } } }
            }
            @if report.repositories.len() > 1 { div { dt { "Repository" } dd { (words("source", &control.source)) } } }
        }
        @if control.parameters.len() > FOLDED {
            details { summary { "What it states for its test" } (parameters(&control.parameters)) }
        } @else if !control.parameters.is_empty() {
            p.lead { "What it states for its test" }
            (parameters(&control.parameters))
        }
    }
}

/// Whether only the results of a check are known of a repository.
fn of_check(report: &PeriodReport, source: &str) -> bool {
    report.repositories.iter().any(|one| one.of_check && one.name == source)
}

fn parameters(stated: &[Parameter]) -> Markup {
    html! {
        dl.parameters {
            @for (at, one) in stated.iter().enumerate() {
                div {
                    dt { (code(&format!("parameters/{at}/name"), &one.name)) }
                    dd { (words(&format!("parameters/{at}/value"), &one.value)) }
                }
            }
        }
    }
}
