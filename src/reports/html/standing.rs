//! What came of a test, as a sign and a word, so that nothing is told by a colour alone; and by which filters it is kept.

use maud::{Markup, html};

use crate::findings::finding::Verdict;
use crate::reports::period::control::{ControlReport, RuleReport};
use crate::reports::period::finding::ReportedFinding;
use crate::reports::period::recurrence::Status;
use crate::reports::period::standing::Standing;

/// A sign with its words.
pub(super) fn told(standing: Standing) -> Markup {
    let (class, sign) = match standing {
        Standing::Exceptions => ("exception", "✗"),
        Standing::Unevidenced => ("unevidenced", "?"),
        Standing::Untestable => ("untestable", "!"),
        Standing::Nothing => ("nothing", "–"),
        Standing::Passed => ("passed", "✓"),
    };
    html! { span class={ "standing " (class) } { span.sign aria-hidden="true" { (sign) } " " (standing.words()) } }
}

/// What a finding says, as a sign and a word.
pub(super) fn verdict(verdict: Verdict) -> Markup {
    let (class, sign, word) = match verdict {
        Verdict::Exception => ("exception", "✗", "exception"),
        Verdict::Unevidenced => ("unevidenced", "?", "no evidence either way"),
        Verdict::Untestable => ("untestable", "!", "could not be read"),
    };
    html! { span class={ "standing " (class) } { span.sign aria-hidden="true" { (sign) } " " (word) } }
}

/// The filters that keep a rule of a test.
pub(super) fn of_rule<'f>(rule: &RuleReport, findings: impl Iterator<Item = &'f ReportedFinding>) -> Vec<&'static str> {
    let mut kept = match rule.recurrence.status {
        Status::New if rule.items > 0 => vec!["new"],
        Status::Recurring => vec!["recurring"],
        _ => Vec::new(),
    };
    for finding in findings {
        match finding.entry.verdict {
            Verdict::Exception => kept.push("exceptions"),
            Verdict::Untestable => kept.push("untestable"),
            Verdict::Unevidenced => {}
        }
        if finding.entry.response.is_none() && finding.entry.verdict == Verdict::Exception {
            kept.push("unanswered");
        }
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// The filters that keep a control, beside those of its rules.
pub(super) fn of_control(control: &ControlReport) -> Vec<&'static str> {
    let holds = |standing| control.tests.iter().any(|test| Standing::of(test).contains(&standing));
    let all = [(Standing::Exceptions, "exceptions"), (Standing::Untestable, "untestable")];
    all.into_iter().filter(|(standing, _)| holds(*standing)).map(|(_, class)| class).collect()
}
