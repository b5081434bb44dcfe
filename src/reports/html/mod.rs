//! The report of a period as one page that needs nothing else: no script, no request, readable on paper and on a phone.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::period::{APART, PeriodReport};
use crate::text::safe;

mod completeness;
mod control;
mod criteria;
mod filter;
mod finding;
mod lifetimes;
mod marked;
mod response;
mod standing;
mod summary;
mod test;
mod timeline;

use marked::{instant, number, period, sentence, words};

const STYLE: &str = include_str!("report.css");

/// Nothing is loaded from anywhere, and no script is run, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The page.
#[must_use]
pub fn page(report: &PeriodReport) -> String {
    let labels = &report.labels;
    let of = Findings::of(report);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title {
                    (safe(&labels.title))
                    @if let Some(name) = &report.organization { ": " (safe(name)) }
                }
                style { (PreEscaped(STYLE)) (PreEscaped(filter::style(report))) }
            }
            body class=[(!of.few).then_some("many")] {
                a.skip href="#main" { "Skip to the report" }
                (timeline::patterns())
                (head(report))
                main id="main" {
                    (summary::summary(report))
                    (controls(report, &of))
                    (finding::of_documents(report, &of))
                    (criteria::remedied(report))
                    (criteria::criteria(report))
                    (completeness::statement(report))
                    section id="limits" aria-labelledby="of-limits" {
                        h2 id="of-limits" { (sentence("/labels/limits", &labels.limits)) }
                        ul { @for (at, limit) in report.limits.iter().enumerate() {
                            li { (sentence(&format!("/limits/{at}"), limit)) }
                        } }
                    }
                }
                footer {
                    p {
                        "Written by " (words("/tool/name", &report.tool.name)) " " (words("/tool/version", &report.tool.version))
                        " out of a document of the form " (marked::code("/schema", &report.schema))
                        ". Every number of this page stands in that document."
                    }
                }
            }
        }
    }
    .into_string()
}

fn head(report: &PeriodReport) -> Markup {
    html! {
        header.page {
            @if let Some(name) = &report.organization { p.organization { (words("/organization", name)) } }
            h1 { (sentence("/labels/title", &report.labels.title)) }
            dl.asked {
                div { dt { "Period" } dd { @if report.is_apart() { (APART) } @else { (period("/period", report.period)) } } }
                div { dt { "As of" } dd { (instant("/as_of", &report.as_of)) } }
                div { dt { "Days begin and end in" } dd { (words("/timezone", &report.timezone)) } }
                div {
                    dt { "Repositories" }
                    dd {
                        @for (at, one) in report.repositories.iter().enumerate() {
                            @if at > 0 { ", " }
                            (words(&format!("/repositories/{at}/name"), &one.name))
                        }
                    }
                }
            }
            @if !report.remarks.is_empty() {
                ul.remarks {
                    @for (at, remark) in report.remarks.iter().enumerate() {
                        li { (sentence(&format!("/remarks/{at}"), remark)) }
                    }
                }
            }
            nav aria-label="Parts of the report" {
                ul {
                    @for (id, at, label) in parts(report) {
                        li { a href={ "#" (id) } { (sentence(at, label)) } }
                    }
                }
            }
        }
    }
}

/// The parts of the page: id, where the heading stands in the document, and the heading.
fn parts(report: &PeriodReport) -> Vec<(&'static str, &'static str, &str)> {
    let labels = &report.labels;
    let mut parts = vec![
        ("summary", "/labels/summary", labels.summary.as_str()),
        ("controls", "/labels/controls", &labels.controls),
        ("documents", "/labels/documents", &labels.documents),
        ("remedied", "/labels/remedied", &labels.remedied),
        ("criteria", "/labels/criteria", &labels.criteria),
        ("completeness", "/labels/completeness", &labels.completeness),
        ("limits", "/labels/limits", &labels.limits),
    ];
    parts.retain(|(id, ..)| *id != "remedied" || !report.remedied.is_empty());
    parts
}

fn controls(report: &PeriodReport, of: &Findings<'_>) -> Markup {
    html! {
        section id="controls" aria-labelledby="of-controls" {
            h2 id="of-controls" { (sentence("/labels/controls", &report.labels.controls)) }
            @if report.controls.is_empty() { p { "No control was found." } }
            @else { (filter::filters(report)) }
            @for at in 0..report.controls.len() { (control::control(report, at, of)) }
        }
    }
}

/// The findings by the names under which tests list them.
pub(super) struct Findings<'r> {
    by_name: BTreeMap<(&'r str, &'r str), usize>,
    /// Whether there are so few that each is shown opened.
    few: bool,
}

impl<'r> Findings<'r> {
    /// More findings than this are not read in one go: they are shown closed.
    const FEW: usize = 40;

    pub(super) fn of(report: &'r PeriodReport) -> Self {
        let by_name = report.findings.iter().enumerate();
        let by_name = by_name.map(|(at, one)| ((one.source.as_str(), one.entry.fingerprint.as_str()), at)).collect();
        Self { by_name, few: report.findings.len() <= Self::FEW }
    }

    /// The positions of findings of a repository, by their fingerprints.
    pub(super) fn named(&self, source: &str, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.by_name.get(&(source, name.as_str())).copied()).collect()
    }
}

/// How many of something, where the number stands in the summary.
fn of_summary(name: &str, value: usize) -> Markup {
    number(&format!("/summary/{name}"), value)
}
