//! Filters without a script: the style sheet hides what the chosen one does not keep. Where a browser cannot do that, the
//! filters are hidden and everything is shown.

use std::fmt::Write;

use maud::{Markup, html};

use super::marked::words;
use crate::facts::document::criteria;
use crate::reports::period::PeriodReport;
use crate::reports::period::control::ControlReport;

/// What can be chosen: the class that is kept, and what it is called.
const KEPT: [(&str, &str); 5] = [
    ("exceptions", "With exceptions"),
    ("recurring", "Recurring"),
    ("new", "New"),
    ("unanswered", "Without a response"),
    ("untestable", "Not testable"),
];

/// The part of the style sheet that hides what is not kept. It looks into the filters alone, so that a browser does not
/// ask again with each control that it reads.
pub(super) fn style(report: &PeriodReport) -> String {
    let mut out = String::new();
    for (class, _) in KEPT {
        for kept in ["", " .rule"] {
            // Writing to a string cannot fail.
            let _ = write!(out, ".filter:has(#keep-{class}:checked)~.control{kept}:not(.{class}){{display:none}}");
        }
    }
    for at in 0..report.criteria.len() {
        let _ = write!(out, ".filter:has(#serves-{at}:checked)~.control:not(.serves-{at}){{display:none}}");
    }
    out
}

/// The filters.
pub(super) fn filters(report: &PeriodReport) -> Markup {
    let served = report.criteria.iter().enumerate().filter(|(_, criterion)| !criterion.controls.is_empty());
    html! {
        div.filter {
            fieldset {
                legend { "Show controls" }
                label { input type="radio" name="keep" id="keep-all" checked; " All" }
                @for (class, name) in KEPT {
                    label { input type="radio" name="keep" id={ "keep-" (class) }; " " (name) }
                }
            }
            label.serving {
                "Serving "
                select name="serves" {
                    option id="serves-all" selected { "any criterion" }
                    @for (at, criterion) in served {
                        option id={ "serves-" (at) } data-at={ "/criteria/" (at) "/id" } { (crate::text::safe(&criterion.id)) }
                    }
                }
            }
            p.filtered role="note" {
                "Only some of the controls and findings are shown: those that the filter keeps. Every number is of the whole."
            }
        }
    }
}

/// The classes of a control for the criteria that it serves.
pub(super) fn serves(report: &PeriodReport, control: &ControlReport) -> Vec<String> {
    let ids: Vec<&str> = control.criteria.iter().map(|id| criteria::named(id).unwrap_or(id)).collect();
    let serving = report.criteria.iter().enumerate().filter(|(_, criterion)| ids.contains(&criterion.id.as_str()));
    serving.map(|(at, _)| format!("serves-{at}")).collect()
}

/// The criteria of a control, as it names them.
pub(super) fn named(ids: &[String]) -> Markup {
    html! {
        @for (at, id) in ids.iter().enumerate() {
            @if at > 0 { ", " }
            (words(&format!("criteria/{at}"), id))
        }
    }
}
