//! What management says to exceptions: set apart, and marked as what nobody tested.

use maud::{Markup, html};

use super::Findings;
use super::marked::words;
use crate::findings::finding::Verdict;
use crate::reports::period::PeriodReport;
use crate::reports::period::control::{ControlReport, TestReport};
use crate::reports::period::text::{fields, heading};

/// The responses to what a test found.
pub(super) fn of_test(report: &PeriodReport, control: &ControlReport, test: &TestReport, of: &Findings<'_>) -> Markup {
    let named = test.rules.iter().flat_map(|rule| of.named(&control.source, &rule.findings));
    let mut answered = Vec::new();
    let mut waiting = Vec::new();
    for at in named {
        let Some(finding) = report.findings.get(at) else { continue };
        match fields(finding.entry.response.as_ref()) {
            Some(fields) => answered.push((at, finding, fields)),
            None if finding.entry.verdict == Verdict::Exception => waiting.push((at, finding)),
            None => {}
        }
    }
    html! {
        p.unaudited { "Unaudited: these are management's own words, and no part of the test." }
        @for (at, finding, fields) in &answered {
            div.answer data-of={ "/findings/" (at) } {
                p.to { "To " a href={ "#finding-" (at) } { (words("message", &finding.entry.message)) } }
                dl.facts { @for (name, value) in fields {
                    div { dt { (heading(name)) } dd { (words(&format!("response/{name}"), value)) } }
                } }
            }
        }
        @if answered.is_empty() && waiting.is_empty() { p { "There is no exception to respond to." } }
        @else if answered.is_empty() { p { "No response is recorded." } }
        @else if !waiting.is_empty() {
            p { "No response is recorded to these:" }
            ul { @for (at, finding) in &waiting {
                li data-of={ "/findings/" (at) } { a href={ "#finding-" (at) } { (words("message", &finding.entry.message)) } }
            } }
        }
    }
}
