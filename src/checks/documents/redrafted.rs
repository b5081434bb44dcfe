//! A written document whose text changed after it was approved: who agreed to the text that stands there now?

use crate::checks::compose::{self, Exhibit};
use crate::facts::approval::trail::{Change, Verdict};
use crate::facts::calendar::Day;
use crate::facts::document::written::Written;
use crate::findings::finding::{Finding, Label, Place};
use crate::policies::pack::Pack;
use crate::text::shown;

/// A change of the text of a document that says it was approved before.
pub struct Redraft<'a> {
    /// The document as it stands today.
    pub document: &'a Written,
    /// The change that brought other words.
    pub change: &'a Change,
    /// The day on which it landed.
    pub day: Day,
}

/// What is wrong with a change of a text; nothing if somebody other than its authors approved it.
#[must_use]
pub fn finding(pack: &Pack, redraft: &Redraft<'_>) -> Option<Finding> {
    let (change, about) = (redraft.change, &redraft.document.about);
    let (rule, text) = match change.verdict {
        Verdict::Approved => return None,
        Verdict::SelfApproved | Verdict::Unapproved => {
            ("documents/changed-after-approval", "its text changed here, and nobody else approved that")
        }
        Verdict::Unevidenced => ("documents/redraft-unevidenced", "its text changed here, and no approver is named"),
        Verdict::Untestable => ("evidence/history-incomplete", "who approved it cannot be read"),
    };
    let (_, rule) = pack.rule(rule)?;
    let (approved, approver) = (about.approved.as_ref()?, about.approvers.first()?);
    let source = redraft.document.source();
    let by: Vec<&str> = change.authors.iter().map(|author| author.label()).collect();
    let gap = change.unreadable.as_ref();
    let words = vec![
        ("item", source.name().to_owned()),
        ("control", source.name().to_owned()),
        ("approved", approved.value.to_string()),
        ("by", by.join(" and ")),
        ("day", redraft.day.to_string()),
        ("commit", change.commit.short()),
        ("gap", gap.map_or_else(String::new, |gap| gap.what.clone())),
        ("mend", gap.map_or_else(String::new, |gap| gap.mend.clone())),
    ];
    let said = format!("{} approved it then", shown(&approver.value));
    let labels = vec![
        Label { place: Place::Text(source.clone(), approved.span), text: said, primary: true },
        Label { place: Place::Commit(change.commit, None), text: text.to_owned(), primary: false },
    ];
    let key = format!("{}\0{}", redraft.document.key, change.commit);
    Some(compose::finding(rule, None, source.name(), &key, Exhibit { words, labels, ..Exhibit::default() }))
}
