//! A finding: what is wrong, both places, what to do, and what followed.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::marked::{self, code, counted, day, days, number, period, sentence, words};
use super::{Findings, standing};
use crate::findings::finding::Nature;
use crate::reports::period::PeriodReport;
use crate::reports::period::finding::{ImpactEntry, ReportedFinding};
use crate::reports::results_json::{LabelEntry, StandingEntry};

/// A finding, by its position.
pub(super) fn finding(report: &PeriodReport, at: usize, of: &Findings<'_>) -> Markup {
    let Some(finding) = report.findings.get(at) else { return html! {} };
    let entry = &finding.entry;
    html! {
        details.finding id={ "finding-" (at) } data-of={ "/findings/" (at) } open[of.few] {
            summary {
                span.message { (words("message", &entry.message)) }
                span.marks { @if let Some(on) = entry.on { (day("on", on)) } (mark(entry.standing.as_ref())) }
            }
            div.places {
                @for (at, label) in entry.labels.iter().enumerate() { (place(at, label)) }
            }
            @if !entry.help.is_empty() { p.help { b { "What to do: " } (words("help", &entry.help)) } }
            @for (at, impact) in finding.impact.iter().enumerate() { p.impact { b { "What followed: " } (followed(at, impact)) } }
            @if !finding.also_in.is_empty() {
                p.also { b { "The very same was found in: " }
                    @for (at, one) in finding.also_in.iter().enumerate() {
                        @if at > 0 { "; " }
                        (period(&format!("also_in/{at}"), *one))
                    }
                }
            }
            (aside(entry.standing.as_ref()))
            dl.facts {
                div { dt { "Item" } dd { (words("item", &entry.item)) } }
                div { dt { "Why" } dd { (why(entry.nature)) } }
                @if let Some(name) = &entry.repository { div { dt { "Repository" } dd { (words("repository", name)) } } }
                div { dt { "Fingerprint" } dd { (code("fingerprint", &entry.fingerprint)) } }
            }
        }
    }
}

/// What is about documents alone, or about no test that is told.
pub(super) fn of_documents(report: &PeriodReport, of: &Findings<'_>) -> Markup {
    let told: BTreeSet<usize> = report
        .controls
        .iter()
        .flat_map(|control| {
            control.tests.iter().flat_map(move |test| test.rules.iter().map(move |rule| (control, rule)))
        })
        .flat_map(|(control, rule)| of.named(&control.source, &rule.findings))
        .collect();
    let others: Vec<usize> = (0..report.findings.len()).filter(|at| !told.contains(at)).collect();
    html! {
        section id="documents" aria-labelledby="of-documents" {
            h2 id="of-documents" { (sentence("/labels/documents", &report.labels.documents)) }
            @if others.is_empty() { p { "Nothing was found in the documents themselves." } }
            @for at in others { (with_rule(report, at, of)) }
        }
    }
}

fn with_rule(report: &PeriodReport, at: usize, of: &Findings<'_>) -> Markup {
    let Some(ReportedFinding { entry, source, .. }) = report.findings.get(at) else { return html! {} };
    html! {
        div.alone {
            p.facts data-of={ "/findings/" (at) } { (code("rule", &entry.rule)) " · " (standing::verdict(entry.verdict))
                @if report.repositories.len() > 1 { " · " (words("source", source)) }
            }
            (finding(report, at, of))
        }
    }
}

fn place(at: usize, label: &LabelEntry) -> Markup {
    let of = |name: &str| format!("labels/{at}/{name}");
    html! {
        div.place {
            p.what { (if label.primary { "Documented" } else { "Happened" }) }
            p { @if !label.text.is_empty() { (words(&of("text"), &label.text)) } }
            p.where {
                (marked::place(&of("source"), &label.source))
                ", line " (number(&of("line"), label.line))
            }
        }
    }
}

fn followed(at: usize, impact: &ImpactEntry) -> Markup {
    let of = |name: &str| format!("impact/{at}/{name}");
    let passed = impact.days.and_then(|days| usize::try_from(days).ok());
    html! {
        (sentence(&of("text"), &impact.text))
        @if let Some(known) = days((&of("from"), &of("to")), (impact.from, impact.to)) { ", " (known) }
        @else if let Some(from) = impact.from { ", from " (day(&of("from"), from)) " on" }
        @if let Some(passed) = passed {
            ", " (counted(&of("days"), passed, ("day", "days"))) @if impact.to.is_none() { " up to the day that is asked about" }
        }
        "."
    }
}

/// A word for a finding that is set aside.
fn mark(standing: Option<&StandingEntry>) -> Markup {
    let word = match standing {
        None => return html! {},
        Some(StandingEntry::Known) => "known before",
        Some(StandingEntry::Suppressed { .. }) => "accepted for a time",
    };
    html! { " " span.aside { (word) } }
}

fn aside(standing: Option<&StandingEntry>) -> Markup {
    let Some(StandingEntry::Suppressed { reason, until, approved_by }) = standing else { return html! {} };
    html! {
        p.also {
            b { "Accepted until " (day("standing/until", *until)) } ": " (words("standing/reason", reason))
            @if let Some(name) = approved_by { " (approved by " (words("standing/approved_by", name)) ")" }
        }
    }
}

/// Why something is an exception, in words.
const fn why(nature: Nature) -> &'static str {
    match nature {
        Nature::NotPerformed => "it was not done",
        Nature::Late => "it was done outside the required time",
        Nature::WrongPerson => "it was done by somebody who may not do it",
        Nature::Inconsistent => "it was done otherwise than documented",
        Nature::Evidence => "the evidence cannot be relied on",
        Nature::Design => "the control or its documents have a gap",
    }
}
