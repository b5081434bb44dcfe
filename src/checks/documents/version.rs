//! Versions of controls that were in force and cannot be read.

use crate::checks::compose::{self, Exhibit};
use crate::facts::document::in_force::{InForce, Unread};
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;

/// The finding of a version with a fault for which others stand in; nothing if it still stands, where its fault is told.
#[must_use]
pub fn unreadable(pack: &Pack, in_force: &InForce, unread: &Unread) -> Option<Finding> {
    let (_, rule) = pack.rule("documents/version-unreadable")?;
    let (newest, oldest) = unread.steps;
    let until = in_force.day(newest.checked_sub(1)?)?;
    let from = in_force.day(oldest)?;
    let time = if from == until { format!("for a part of {from}") } else { format!("from {from} to {until}") };
    let file = unread.fault.source.name();
    let controls = unread.controls.join(", ");
    let (commit, path) = file.split_once(':').unwrap_or(("HEAD", file));
    let shown = format!("{}:{path}", commit.get(..7).unwrap_or(commit));
    let words = vec![("controls", controls), ("time", time), ("file", shown)];
    let place = Place::Text(unread.fault.source.clone(), unread.fault.span);
    let labels = vec![Label { place, text: unread.fault.message.clone(), primary: true }];
    Some(compose::finding(rule, None, file, file, Exhibit { words, labels, ..Exhibit::default() }))
}
