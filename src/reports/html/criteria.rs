//! What is not found again, and the criteria with what covers them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::marked::{Row, code, number, sentence, table, words};
use crate::reports::period::PeriodReport;
use crate::reports::period::criteria::Criterion;

/// What was found in the period before and is not found in this one.
pub(super) fn remedied(report: &PeriodReport) -> Markup {
    if report.remedied.is_empty() {
        return html! {};
    }
    let rows = report.remedied.iter().enumerate().map(|(at, one)| {
        let shown = if one.shown { "✓ shown by this period" } else { "– not shown" };
        let control = html! {
            (words("control", &one.control))
            @if report.repositories.len() > 1 { " " span.which { "in " (words("source", &one.source)) } }
        };
        let cells = vec![control, code("rule", &one.rule), words("text", &one.text), html! { (shown) }];
        Row { of: Some(format!("/remedied/{at}")), cells }
    });
    let rows: Vec<Row> = rows.collect();
    let caption = html! { "Found in the period before, and not in this one" };
    html! {
        section id="remedied" aria-labelledby="of-remedied" {
            h2 id="of-remedied" { (sentence("/labels/remedied", &report.labels.remedied)) }
            (table(&caption, &["Control", "Rule", "Before and now", "Put right?"], &rows))
        }
    }
}

/// The criteria in scope with what covers them.
pub(super) fn criteria(report: &PeriodReport) -> Markup {
    let at: BTreeMap<&str, usize> =
        report.controls.iter().enumerate().map(|(at, control)| (control.id.as_str(), at)).collect();
    let rows: Vec<Row> = report.criteria.iter().enumerate().map(|(place, one)| row(place, one, &at)).collect();
    let heads = ["Criterion", "Controls", "Tests", "Items", "Exceptions", "What stands out"];
    let caption = html! { "Criteria in scope, and the controls that serve them" };
    html! {
        section id="criteria" aria-labelledby="of-criteria" {
            h2 id="of-criteria" { (sentence("/labels/criteria", &report.labels.criteria)) }
            p { "Whether a criterion is met is for an independent accountant to judge. The labels are short names of our own." }
            (table(&caption, &heads, &rows))
        }
    }
}

fn row(place: usize, one: &Criterion, at: &BTreeMap<&str, usize>) -> Row {
    let controls = html! {
        @if one.controls.is_empty() { "none" }
        @for (place, id) in one.controls.iter().enumerate() {
            @if place > 0 { ", " }
            @let name = words(&format!("controls/{place}"), id);
            @match at.get(id.as_str()) {
                Some(at) => { a href={ "#control-" (at) } { (name) } }
                None => { (name) }
            }
        }
    };
    let tests = html! {
        (number("tests", one.tests))
        @if one.without_items > 0 { ", " (number("without_items", one.without_items)) " without an occurrence" }
    };
    let nothing = |at: &str, value: usize| {
        if one.tests == 0 {
            html! { "–" }
        } else {
            number(at, value)
        }
    };
    let cells = vec![
        html! { (words("id", &one.id)) " " span.title { (words("label", &one.label)) } },
        controls,
        if one.tests == 0 {
            html! { "–" }
        } else {
            tests
        },
        nothing("items", one.items),
        nothing("exceptions", one.exceptions),
        html! { @if let Some(remark) = &one.remark { (sentence("remark", remark)) } },
    ];
    Row { of: Some(format!("/criteria/{place}")), cells }
}
