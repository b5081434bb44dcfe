//! The trail as a table for spreadsheets: one change a row.

use super::entry::word;
use super::findings_csv::written;
use super::trail_json::{ApprovalEntry, ChangeEntry, PersonEntry, TrailDocument};
use crate::error::Result;
use crate::text::safe;

/// The columns.
const COLUMNS: [&str; 11] = [
    "verdict",
    "commit",
    "landed_at",
    "kind",
    "subject",
    "landed_by",
    "authors",
    "request",
    "approvals",
    "independent_approvers",
    "unreadable",
];

/// The table, with its heads. What the history lacks is a row of its own, untestable and without a commit: a table that
/// ended early would look whole.
///
/// # Errors
/// It cannot be written, which memory excludes.
pub fn table(document: &TrailDocument<'_>) -> Result<Vec<u8>> {
    let gap = |what: &str| {
        let mut cells: [String; 11] = Default::default();
        (cells[0], cells[10]) = ("untestable".to_owned(), safe(what));
        cells
    };
    let gaps = document.gaps.iter().map(|one| gap(one.what));
    written(&COLUMNS, document.changes.iter().map(change).chain(gaps))
}

fn change(change: &ChangeEntry<'_>) -> [String; 11] {
    let all = |people: &[PersonEntry<'_>]| people.iter().map(person).collect::<Vec<_>>().join("; ");
    [
        word(change.verdict),
        change.commit.to_string(),
        change.landed_at.clone(),
        word(change.kind),
        safe(change.subject),
        person(&change.landed_by),
        all(&change.authors),
        change.request.as_ref().map_or_else(String::new, |request| safe(request.id)),
        change.approvals.iter().map(approval).collect::<Vec<_>>().join("; "),
        change.independent_approvers.to_string(),
        change.unreadable.as_ref().map_or_else(String::new, |gap| safe(gap.what)),
    ]
}

fn person(person: &PersonEntry<'_>) -> String {
    let address = person.email.map(|email| format!("<{email}>"));
    let login = person.login.map(|login| format!("({login})"));
    let parts = [person.name.map(str::to_owned), address, login];
    safe(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// Who approved, and why it does not count where it does not.
fn approval(approval: &ApprovalEntry<'_>) -> String {
    let who = person(&approval.by);
    let why = match (&approval.discounted, approval.independent) {
        (Some(why), _) => format!(", does not count: {}", safe(why)),
        (None, false) => ", does not count: an author".to_owned(),
        (None, true) => String::new(),
    };
    format!("{who} [{}{why}]", word(approval.assurance))
}
