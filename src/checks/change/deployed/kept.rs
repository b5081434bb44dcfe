//! Whether what was deployed is still there as it was, and whether what went wrong was written down.

use std::sync::Arc;

use super::{Deployed, Sight};
use crate::checks::compose::{Exhibit, finding};
use crate::facts::calendar::Day;
use crate::facts::deployment::{Deployment, Lost};
use crate::facts::document::control::Control;
use crate::facts::moment::Moment;
use crate::facts::register::value::{Record, Value};
use crate::findings::finding::{Finding, Label, Place};
use crate::findings::population::Member;
use crate::policies::test::Test;
use crate::sources::oid::Oid;
use crate::sources::reference_log::Move;
use crate::text::shown;

/// Why the deployment of a record is not where the record says, and the field that says so.
fn reason(lost: &Lost) -> (&'static str, String) {
    match lost {
        Lost::Nowhere => ("id", "it names no commit and no tag".to_owned()),
        Lost::Commit(sha) => ("sha", format!("its commit {} is not in the history any more", short(sha))),
        Lost::Tag(tag) => ("tag", format!("its tag {} is gone", shown(tag))),
        Lost::Moved { tag, was, is } => {
            ("tag", format!("its tag {} leads to {} now, and not to {}", shown(tag), is.short(), was.short()))
        }
    }
}

/// The first seven digits of a commit's name, as people quote it.
fn short(sha: &str) -> String {
    shown(sha.get(..7).filter(|_| sha.len() == 40).unwrap_or(sha)).to_string()
}

/// The place is that of a record, or the commit of a deployment that has none.
fn exhibit(record: Option<&Arc<Record>>, commit: Oid, lost: &Lost) -> Exhibit {
    let (field, reason) = reason(lost);
    let place = match record {
        Some(record) => Place::Text(Arc::clone(&record.source), record.place_of(field)),
        None => Place::Commit(commit, None),
    };
    let labels = vec![Label { place, text: reason.clone(), primary: false }];
    Exhibit { words: vec![("reason", reason)], labels, ..Exhibit::default() }
}

pub(super) fn kept<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let Deployment { record, commit, .. } = deployed.deployment;
    deployed.lost.map(|lost| Sight::whole(exhibit(record.as_ref(), *commit, lost))).into_iter().collect()
}

pub(super) fn failure_recorded<'t>(deployed: &'t Deployed<'t>) -> Vec<Sight<'t>> {
    let deployment = deployed.deployment;
    if deployment.stayed() || deployment.said("incident").is_some() {
        return Vec::new();
    }
    let Some(record) = &deployment.record else { return Vec::new() };
    let status = deployment.said("status").unwrap_or_default();
    let place = Place::Text(Arc::clone(&record.source), record.place_of("status"));
    let labels = vec![Label { place, text: "and no incident is named".to_owned(), primary: false }];
    let what = if status == "failed" { "failed" } else { "was rolled back" };
    let words = vec![("what", what.to_owned())];
    vec![Sight::whole(Exhibit { words, labels, ..Exhibit::default() })]
}

/// The finding of a record whose deployment is nowhere to be found.
#[must_use]
pub fn lost(test: &Test, control: &Control, record: &Arc<Record>, lost: &Lost) -> Option<Finding> {
    let wanted = if *lost == Lost::Nowhere { "deployment-located" } else { "deployment-kept" };
    let rule = test.rules.iter().find(|rule| rule.check == wanted)?;
    let id = id(record);
    let mut exhibit = exhibit(Some(record), Oid::ZERO, lost);
    exhibit.labels.insert(0, super::labels::documented(control, None));
    exhibit.words.push(("deployment", id.clone()));
    let found = finding(rule, Some(&control.text.id), &id, &lost_key(&id), exhibit);
    Some(Finding { counted: true, ..found })
}

/// Such a record as its population keeps it.
#[must_use]
pub fn lost_member(record: &Record) -> Member {
    let day = match record.get("at") {
        Value::When(when) => Some(Day(when.day)),
        _ => None,
    };
    let id = id(record);
    Member::new(lost_key(&id), id, day)
}

fn id(record: &Record) -> String {
    match record.get("id") {
        Value::Text(id) => id.to_string(),
        _ => String::new(),
    }
}

fn lost_key(id: &str) -> String {
    format!("record {id}")
}

/// The finding of a branch that was moved away from a commit that it had.
#[must_use]
pub fn branch_kept(test: &Test, control: &Control, branch: &str, moved: &Move) -> Option<Finding> {
    let rule = test.rules.iter().find(|rule| rule.check == "branch-kept")?;
    let at = Moment { seconds: moved.at.0, offset: moved.at.1 };
    let words = vec![("branch", branch.to_owned()), ("was", moved.old.short()), ("at", at.readable())];
    let text = format!("{branch} was at {} before, which it does not have any more", moved.old.short());
    let place = Place::Text(Arc::clone(&moved.text), moved.line);
    let labels = vec![
        super::labels::documented(control, Some(("branches", format!("{branch} only grows")))),
        Label { place, text, primary: false },
    ];
    let key = format!("{branch} {}", moved.old);
    Some(finding(rule, Some(&control.text.id), branch, &key, Exhibit { words, labels, ..Exhibit::default() }))
}
