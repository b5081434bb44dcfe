//! The places of a deployment's finding.

use std::sync::Arc;

use super::Deployed;
use crate::checks::change::tally::Tally;
use crate::facts::document::control::Control;
use crate::findings::finding::{Label, Place};

/// What the control asks for.
pub(super) fn documented(control: &Control, parameter: Option<(&'static str, String)>) -> Label {
    let (name, text) =
        parameter.unwrap_or_else(|| ("test", format!("{} is asked of every deployment", control.text.id)));
    Label { place: Place::Text(Arc::clone(control.source()), control.parameter(name)), text, primary: true }
}

/// The deployment, and from where it is measured.
pub(super) fn deployment(deployed: &Deployed<'_>) -> Label {
    let deployment = deployed.deployment;
    let since = match (deployed.since.as_slice(), deployed.from) {
        ([one], _) => format!("after {one}"),
        ([one, others @ ..], _) => format!("after {one} and {} more", others.len()),
        ([], Some(day)) => format!("the first, with all since {day}"),
        ([], None) => "the first, with all before it".to_owned(),
    };
    let when = if deployment.timed { "deployed" } else { "not dated, made" };
    let by = deployment.by.as_ref().map_or_else(String::new, |by| format!(" by {}", by.label()));
    let text = format!("{when} {}{by}, {since}", deployment.day());
    let place = match &deployment.shown {
        Some((source, span)) => Place::Text(Arc::clone(source), *span),
        None => Place::Commit(deployment.commit, None),
    };
    Label { place, text, primary: false }
}

/// What is said of a change that a deployment brought.
pub(super) fn change(tally: &Tally<'_>, text: String) -> Label {
    Label { place: Place::Commit(tally.change.commit, None), text, primary: false }
}
