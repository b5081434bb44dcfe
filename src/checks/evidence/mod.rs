//! Whether the evidence itself can be relied on.

use super::compose::{Exhibit, finding};
use crate::facts::document::control::Control;
use crate::facts::gap::Gap;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;

/// What could not be read of the history that a control's population comes from.
#[must_use]
pub fn history_whole(pack: &Pack, control: &Control, gap: &Gap) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/history-incomplete")?;
    let words = vec![("gap", gap.what.clone()), ("mend", gap.mend.clone())];
    let labels = vec![at_id(control, "needs every change of the period")];
    Some(finding(rule, Some(&control.text.id), "history", &gap.what, Exhibit { words, labels, ..Exhibit::default() }))
}

/// A branch that a control covers and that is not in this clone.
#[must_use]
pub fn branch_present(pack: &Pack, control: &Control, branch: &str, mend: Option<&str>) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/branch-missing")?;
    let words = vec![("branch", branch.to_owned()), ("control", control.text.id.clone())];
    let place = Place::Text(control.source().clone(), control.parameter("branches"));
    let labels = vec![Label { place, text: format!("{branch} cannot be read"), primary: true }];
    let help = mend.map(str::to_owned);
    Some(finding(rule, Some(&control.text.id), branch, branch, Exhibit { words, labels, help, ..Exhibit::default() }))
}

/// A population without a single item.
#[must_use]
pub fn population_not_empty(pack: &Pack, control: &Control) -> Option<Finding> {
    let (_, rule) = pack.rule("evidence/no-occurrences")?;
    let words = vec![("control", control.text.id.clone())];
    let labels = vec![at_id(control, "nothing to test it on")];
    Some(finding(rule, Some(&control.text.id), "population", "population", Exhibit { words, labels, ..Exhibit::default() }))
}

fn at_id(control: &Control, text: &str) -> Label {
    Label { place: Place::Text(control.source().clone(), control.id_span()), text: text.to_owned(), primary: true }
}
